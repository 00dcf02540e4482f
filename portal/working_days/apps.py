from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class WorkingDaysConfig(AppConfig):
    name = "portal.working_days"
    label = "working_days"
    verbose_name = _("Working days")

    def ready(self) -> None:
        from portal.audit.labels import register
        from portal.working_days.actions import VERB_LABELS
        from portal.working_days.defaults import ensure_defaults

        register(VERB_LABELS)
        post_migrate.connect(ensure_defaults, sender=self, dispatch_uid="working_days.defaults")
