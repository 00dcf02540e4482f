"""Words for what is done to datasets, for staff to read."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

VERBS = {
    "dataset.entered": _("Dataset entered"),
    "dataset.edited": _("Texts of a dataset changed"),
    "dataset.published": _("New version of a dataset published"),
    "dataset.corrected": _("Correction of a dataset published"),
    "dataset.version_withdrawn": _("Version of a dataset withdrawn"),
    "version.published": pgettext_lazy("version", "Published"),
    "version.withdrawn": pgettext_lazy("version", "Withdrawn"),
    "version.erasure_asked": _("Asked to destroy the contents of a version"),
    "version.erasure_dropped": _("The contents of a version are kept after all"),
    "version.erased": _("Contents of a version destroyed"),
    "release.begun": _("File uploaded"),
    "release.read": _("File read"),
    "release.unreadable": _("File could not be read"),
    "release.read_again": _("Read again with other choices"),
    "release.described": _("Data dictionary changed"),
    "release.noted": _("Note on what has changed written"),
    "release.accepted": _("Problems looked at and accepted"),
    "release.original_decided": _("Decided whether the original file is published"),
    "release.cleared": _("Personal data cleared"),
    "release.submitted": _("Sent for approval"),
    "release.taken_back": _("Taken back from approval"),
    "release.returned": _("Returned by the approver"),
    "release.approved": pgettext_lazy("release", "Approved"),
    "release.failed": _("Could not be built"),
    "release.tried_again": _("Tried again"),
    "release.given_up": _("Given up"),
    "release.published": pgettext_lazy("release", "Published"),
    "release.problems_downloaded": _("List of problems downloaded"),
    "signing_key.rotated": _("Signing key replaced"),
}
