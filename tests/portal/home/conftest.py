from tests.participation.faq.entries import make_entry  # noqa: F401
