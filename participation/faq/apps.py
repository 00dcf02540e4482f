from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FaqConfig(AppConfig):
    name = "participation.faq"
    label = "faq"
    verbose_name = _("Frequently asked questions")

    def ready(self) -> None:
        from participation.faq import desk  # noqa: F401 - registers the desk's panel
        from participation.faq.feeds import TOOL, TOPIC
        from participation.faq.labels import VERBS
        from participation.faq.search import suggestions_for
        from portal import agenda
        from portal.audit import labels
        from portal.feeds import registry
        from portal.search import suggestions

        registry.register(TOPIC)
        agenda.register(TOOL)
        labels.register(VERBS)
        suggestions.register(suggestions_for)
