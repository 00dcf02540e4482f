from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DataRequestsConfig(AppConfig):
    name = "opendata.data_requests"
    label = "data_requests"
    verbose_name = _("Requests for data")

    def ready(self) -> None:
        from opendata.data_requests import desk, retention  # noqa: F401 - desk registers its panels
        from opendata.data_requests.facts import FACTS
        from opendata.data_requests.feeds import TOPIC
        from opendata.data_requests.finding import SECTION, SOURCE
        from opendata.data_requests.labels import VERBS
        from opendata.data_requests.open_figures import tables
        from opendata.data_requests.promises import RequestPromises
        from opendata.data_requests.supporters import COOKIE
        from portal import cookies, live_facts, site_map
        from portal.audit import labels
        from portal.clocks import registry as clocks
        from portal.feeds import registry as feeds
        from portal.figures import registry as figures
        from portal.search import registry as search

        clocks.register(RequestPromises())
        cookies.register(COOKIE)
        feeds.register(TOPIC)
        figures.register(tables)
        labels.register(VERBS)
        live_facts.register(*FACTS)
        search.register(SOURCE)
        site_map.register(SECTION)
        retention.register_all()
