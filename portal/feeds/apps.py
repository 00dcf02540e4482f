from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FeedsConfig(AppConfig):
    name = "portal.feeds"
    label = "feeds"
    verbose_name = _("Feeds")

    def ready(self) -> None:
        from portal.audit import labels
        from portal.feeds import retention
        from portal.feeds.labels import VERBS

        labels.register(VERBS)
        retention.register_all()
