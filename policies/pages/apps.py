from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PoliciesConfig(AppConfig):
    name = "policies.pages"
    label = "pages"
    verbose_name = _("Policies")

    def ready(self) -> None:
        from policies.pages import desk  # noqa: F401 - registers the desk's panel
        from policies.pages.facts import FACTS
        from policies.pages.feeds import SECTION, TOPIC
        from policies.pages.finding import SOURCE
        from policies.pages.first_texts import ensure_first_texts
        from policies.pages.labels import VERBS
        from portal import live_facts, site_map
        from portal.audit import labels
        from portal.feeds import registry as feeds
        from portal.search import registry as search

        labels.register(VERBS)
        live_facts.register(*FACTS)
        feeds.register(TOPIC)
        search.register(SOURCE)
        site_map.register(SECTION)
        post_migrate.connect(ensure_first_texts, sender=self, dispatch_uid="pages.first_texts")
