from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class OrganisationsConfig(AppConfig):
    name = "portal.organisations"
    label = "organisations"
    verbose_name = _("Organisations")

    def ready(self) -> None:
        from portal.organisations.defaults import ensure_defaults

        post_migrate.connect(ensure_defaults, sender=self, dispatch_uid="organisations.defaults")
