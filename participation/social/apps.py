from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SocialConfig(AppConfig):
    name = "participation.social"
    label = "social"
    verbose_name = _("Social media")

    def ready(self) -> None:
        from participation.social import desk  # noqa: F401 - registers the desk's panel
        from participation.social.keeping import HOLDER
        from participation.social.labels import VERBS
        from participation.social.showing import ACCOUNTS, SECTION, SOURCE, accounts_for_the_map
        from portal import agenda, live_facts, site_map
        from portal.audit import labels
        from portal.retention import registry as retention
        from portal.search import registry as search

        agenda.register_accounts(accounts_for_the_map)
        labels.register(VERBS)
        live_facts.register(ACCOUNTS)
        retention.register(HOLDER)
        search.register(SOURCE)
        site_map.register(SECTION)
