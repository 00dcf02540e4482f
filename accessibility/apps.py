from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccessibilityConfig(AppConfig):
    name = "accessibility"
    label = "accessibility"
    verbose_name = _("Accessibility")

    def ready(self) -> None:
        from accessibility.defaults import ensure_defaults
        from accessibility.display import COOKIE
        from accessibility.documents import SECTION, SOURCE
        from accessibility.facts import KNOWN_ISSUES, LATEST_AUDIT
        from accessibility.labels import VERBS
        from accessibility.loading import after_migration
        from portal import cookies, live_facts, site_map
        from portal.audit import labels
        from portal.search import registry

        cookies.register(COOKIE)
        labels.register(VERBS)
        live_facts.register(LATEST_AUDIT, KNOWN_ISSUES)
        registry.register(SOURCE)
        site_map.register(SECTION)
        post_migrate.connect(ensure_defaults, sender=self, dispatch_uid="accessibility.defaults")
        post_migrate.connect(after_migration, sender=self, dispatch_uid="accessibility.results")
