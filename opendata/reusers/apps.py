from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class ReusersConfig(AppConfig):
    name = "opendata.reusers"
    label = "reusers"
    verbose_name = _("Open data for reusers")

    def ready(self) -> None:
        from opendata.reusers.checks import check_bucket
        from opendata.reusers.pages_map import SECTION
        from portal import site_map

        site_map.register(SECTION)
        checks.register(check_bucket)
