from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsConfig(AppConfig):
    name = "participation.news"
    label = "news"
    verbose_name = _("News")

    def ready(self) -> None:
        from participation.news import desk, retention  # noqa: F401 - desk registers its panel
        from participation.news.documents import SECTION, SOURCE
        from participation.news.feeds import TOOL, TOPIC
        from participation.news.labels import VERBS
        from participation.news.models import Announcement
        from portal import agenda, site_map
        from portal.attachments import claims
        from portal.audit import labels
        from portal.feeds import registry
        from portal.search import registry as search

        claims.register(lambda: Announcement.objects.filter(image__isnull=False).values("image"))
        agenda.register(TOOL)
        registry.register(TOPIC)
        labels.register(VERBS)
        retention.register_all()
        search.register(SOURCE)
        site_map.register(SECTION)
