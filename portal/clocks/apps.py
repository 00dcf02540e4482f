from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ClocksConfig(AppConfig):
    name = "portal.clocks"
    label = "clocks"
    verbose_name = _("Clocks and promises")

    def ready(self) -> None:
        from portal.audit import labels
        from portal.clocks.defaults import ensure_defaults

        post_migrate.connect(ensure_defaults, sender=self, dispatch_uid="clocks.defaults")
        labels.register(
            {
                "incident.opened": _("Production incident opened"),
                "incident.closed": _("Production incident closed"),
                "policy.changed": _("Service level changed"),
            }
        )
