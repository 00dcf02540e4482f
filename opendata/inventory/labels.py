"""Words for what is done in the inventory, for staff to read."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

VERBS = {
    "asset.entered": _("Data asset entered"),
    "asset.edited": _("Text changed"),
    "asset.assessed": pgettext_lazy("asset", "Assessed"),
    "asset.scheduled": _("Release scheduled"),
    "asset.withheld": pgettext_lazy("asset", "Withheld"),
    "asset.reopened": _("Decision reopened"),
    "asset.published": pgettext_lazy("asset", "Data published"),
    "asset.unpublished": pgettext_lazy("asset", "Data taken back"),
    "asset.title_hidden": _("Title hidden from the public"),
    "asset.title_shown": _("Title shown to the public"),
    "asset.reminded": _("Leads reminded"),
    "agency.added": _("Agency added"),
    "agency.described": _("Profile changed"),
    "agency.duties_met": _("Duties met for the first time"),
    "upload.read": _("Inventory file uploaded"),
    "upload.stored": _("Inventory file taken over"),
}
