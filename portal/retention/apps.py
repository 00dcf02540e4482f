from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class RetentionConfig(AppConfig):
    name = "portal.retention"
    label = "retention"
    verbose_name = _("Retention")

    def ready(self) -> None:
        from portal.audit import labels
        from portal.retention import holds, registry, subjects
        from portal.retention.checks import check_periods
        from portal.retention.labels import VERBS

        registry.guard(holds.unheld)
        subjects.register()
        labels.register(VERBS)
        checks.register(check_periods)
