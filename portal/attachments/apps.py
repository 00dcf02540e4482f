from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AttachmentsConfig(AppConfig):
    name = "portal.attachments"
    label = "attachments"
    verbose_name = _("Attachments")

    def ready(self) -> None:
        from portal.attachments import retention

        retention.register_all()
