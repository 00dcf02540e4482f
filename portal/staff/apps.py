from django.apps import AppConfig
from django.contrib.admin import autodiscover
from django.contrib.admin.apps import SimpleAdminConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from portal.cookies import Cookie


def staff_cookies() -> list[Cookie]:
    """The cookies of the staff site; the public pages set none of them."""
    year = _("one year")
    return [
        Cookie("session", _("Keeps a member of staff signed in."), _("When staff sign in."),
               _("nine hours, or until they sign out")),
        Cookie("csrf", _("Makes sure that a form of the staff site was sent from the staff site."),
               _("When staff open the page to sign in."), year),
        Cookie("language", _("Remembers in which language staff read the staff site."),
               _("When staff choose a language."), year),
        Cookie("messages", _("Shows staff the result of what they have just done."),
               _("When staff save or send something."), _("until it is shown")),
    ]  # fmt: skip


class StaffConfig(AppConfig):
    default = True
    name = "portal.staff"
    label = "staff"
    verbose_name = _("Staff")

    def ready(self) -> None:
        from portal import cookies
        from portal.staff import retention
        from portal.staff.defaults import ensure_defaults

        # Every app's signal, because a group can only be made once the last app it may act in has its permissions.
        post_migrate.connect(ensure_defaults, dispatch_uid="staff.defaults")
        retention.register_all()
        cookies.register(*staff_cookies())


class StaffAdminConfig(SimpleAdminConfig):
    """Django admin with our site in its place; `admin.py` of each app registers with it as usual."""

    default = False
    default_site = "portal.staff.site.StaffSite"

    def ready(self) -> None:
        super().ready()
        autodiscover()
