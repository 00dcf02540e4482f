from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailConfig(AppConfig):
    name = "portal.mail"
    label = "mail"
    verbose_name = _("Mail")

    def ready(self) -> None:
        from portal.audit import labels
        from portal.mail import retention

        labels.register({"mail.failed": _("Letter failed for good"), "mail.retried": _("Letter sent again")})
        retention.register_all()
