from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    name = "opendata.catalogue"
    label = "catalogue"
    verbose_name = _("Open data catalogue")

    def ready(self) -> None:
        from opendata.catalogue import desk, retention, reuse_retention, reuses  # noqa: F401 - desk registers panels
        from opendata.catalogue.checks import check_signing_key
        from opendata.catalogue.facts import FACTS
        from opendata.catalogue.feeds import TOOL, TOPIC
        from opendata.catalogue.finding import SOURCE
        from opendata.catalogue.inventory_row import note_edit, unit_for
        from opendata.catalogue.labels import VERBS
        from opendata.catalogue.pages_map import SECTION
        from opendata.inventory.actions import writing
        from portal import agenda, answerable, live_facts, site_map
        from portal.audit import labels
        from portal.feeds import registry as feeds
        from portal.search import registry as search

        labels.register(VERBS)
        labels.register(reuses.VERBS)
        retention.register_all()
        reuse_retention.register_all()
        checks.register(check_signing_key)
        search.register(SOURCE)
        feeds.register(TOPIC)
        agenda.register(TOOL)
        answerable.register(unit_for)
        writing.listen(note_edit)
        site_map.register(SECTION)
        live_facts.register(*FACTS)
