from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "portal.search"
    label = "search"
    verbose_name = _("Search")

    def ready(self) -> None:
        from portal.audit import actions, labels
        from portal.search.indexing import changed
        from portal.search.labels import VERBS

        labels.register(VERBS)
        actions.listen(changed)
