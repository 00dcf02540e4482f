from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FaqConfig(AppConfig):
    name = "participation.faq"
    label = "faq"
    verbose_name = _("Frequently asked questions")

    def ready(self) -> None:
        from participation.faq import desk, retention  # noqa: F401 - desk registers its panel
        from participation.faq.documents import SECTION, SOURCE
        from participation.faq.feeds import TOOL, TOPIC
        from participation.faq.labels import VERBS
        from participation.faq.search import suggestions_for
        from portal import agenda, site_map
        from portal.audit import labels
        from portal.feeds import registry
        from portal.search import registry as search
        from portal.search import suggestions

        registry.register(TOPIC)
        agenda.register(TOOL)
        labels.register(VERBS)
        retention.register_all()
        suggestions.register(suggestions_for)
        search.register(SOURCE)
        site_map.register(SECTION)
