"""Words for what is done to subscriptions, for staff to read."""

from django.utils.translation import gettext_lazy as _

VERBS = {
    "subscription.requested": _("Subscription asked for"),
    "subscription.confirmed": _("Subscription confirmed"),
    "subscription.changed": _("Topics of the subscription changed"),
    "subscription.ended": _("Unsubscribed, address deleted"),
}
