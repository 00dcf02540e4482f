from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DcatConfig(AppConfig):
    name = "opendata.dcat"
    label = "dcat"
    verbose_name = _("Open data: DCAT")
