from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InventoryConfig(AppConfig):
    name = "opendata.inventory"
    label = "inventory"
    verbose_name = _("Data inventory")

    def ready(self) -> None:
        from opendata.inventory import desk, retention  # noqa: F401 - the desk's panels register themselves
        from opendata.inventory.facts import FACTS
        from opendata.inventory.finding import SECTION, SOURCE
        from opendata.inventory.labels import VERBS
        from opendata.inventory.overview import tables
        from portal import live_facts, site_map
        from portal.audit import labels
        from portal.figures import registry as figures
        from portal.search import registry as search

        labels.register(VERBS)
        search.register(SOURCE)
        site_map.register(SECTION)
        figures.register(tables)
        live_facts.register(*FACTS)
        retention.register_all()
