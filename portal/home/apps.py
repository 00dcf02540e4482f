from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "portal.home"
    label = "home"
    verbose_name = _("Portal")

    def ready(self) -> None:
        from portal import agenda, site_map
        from portal.home.help import SOURCE
        from portal.home.site_map import SECTION
        from portal.search import registry as search

        search.register(SOURCE)
        site_map.register(SECTION)
        agenda.register(
            agenda.Tool(
                key="feeds",
                title=_("Feeds and letters"),
                description=_("Be told of what is new, in a feed reader or by e-mail, on the topics you choose."),
                url_name="feeds:list",
                action=_("Choose a feed"),
                position=90,
            )
        )
