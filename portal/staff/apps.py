from django.apps import AppConfig
from django.contrib.admin import autodiscover
from django.contrib.admin.apps import SimpleAdminConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    default = True
    name = "portal.staff"
    label = "staff"
    verbose_name = _("Staff")

    def ready(self) -> None:
        from portal.staff.defaults import ensure_defaults

        # Every app's signal, because a group can only be made once the last app it may act in has its permissions.
        post_migrate.connect(ensure_defaults, dispatch_uid="staff.defaults")


class StaffAdminConfig(SimpleAdminConfig):
    """Django admin with our site in its place; `admin.py` of each app registers with it as usual."""

    default = False
    default_site = "portal.staff.site.StaffSite"

    def ready(self) -> None:
        super().ready()
        autodiscover()
