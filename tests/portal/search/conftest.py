from tests.portal.search.pages import shelf  # noqa: F401
