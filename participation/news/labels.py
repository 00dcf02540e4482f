"""Words for what is done to announcements, for staff to read."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

VERBS = {
    "announcement.written": _("Draft written"),
    "announcement.edited": _("Text changed"),
    "announcement.discarded": _("Draft discarded"),
    "announcement.published": pgettext_lazy("announcement", "Published"),
    "announcement.scheduled": pgettext_lazy("announcement", "Scheduled"),
    "announcement.unscheduled": _("Made a draft again"),
    "announcement.pinned": _("Pinned to the top"),
    "announcement.unpinned": _("No longer pinned"),
    "announcement.locked": _("Locked against changes"),
    "announcement.unlocked": _("Unlocked"),
    "announcement.hidden": pgettext_lazy("announcement", "Taken down"),
    "announcement.unhidden": _("Shown again"),
    "announcement.appealed": _("Appeal against taking it down"),
    "announcement.appeal_decided": _("Appeal decided"),
}
