"""Why reading or building ended without a result, why something is refused, and what a worker is doing."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

FAILURES = {
    "stopping_problems": gettext_lazy(
        "Something in the file has to be mended before it can be read: see the problems."
    ),
    "worker_lost": gettext_lazy(
        "The work stopped three times without an error, perhaps for lack of memory. Try again; if it "
        "happens once more, tell the operators of the portal."
    ),
    "internal": gettext_lazy(
        "Something of the portal failed three times. It was noted for the operators; try again later."
    ),
    "bad_schema": gettext_lazy(
        "The data dictionary does not fit the table. Return it to review and read the file again."
    ),
    "too_big": gettext_lazy(
        "The table needs more memory than the portal may use. Publish it in parts, one for each year for example."
    ),
    "took_too_long": gettext_lazy("It took longer than allowed. Try again at a quieter time, or publish it in parts."),
    "disk_full": gettext_lazy("There is no room left for the files. Tell the operators of the portal, then try again."),
    "builder_failed": gettext_lazy("Building the files broke off. It was noted for the operators; try again."),
    "store_damaged": gettext_lazy(
        "The stored upload is not what it was. Tell the operators, and upload the file anew."
    ),
    "asset_not_open": gettext_lazy("The inventory no longer says that this data is open. Nothing was published."),
    "dataset_changed": gettext_lazy(
        "Texts, licence, coverage or frequency of the dataset were changed after this was sent for approval. Return "
        "it to review and send it for approval again."
    ),
    "asset_not_assessed": gettext_lazy(
        "The data asset was not assessed yet, or is withheld. Assess it in the inventory first."
    ),
}

PROGRESS = {
    "started": gettext_lazy("Work has begun."),
    "reading": gettext_lazy("The file is being read."),
    "keeping": gettext_lazy("Files are being stored."),
    "comparing": gettext_lazy("It is being compared with the version before."),
    "building": gettext_lazy("The files for download are being made."),
    "signing": gettext_lazy("The version is being described and signed."),
    "publishing": gettext_lazy("The version is being published."),
    "waiting": gettext_lazy("Something failed; it is tried again in a moment."),
}


def failure_words(code: str) -> str:
    """Why it ended, and what to do."""
    return str(FAILURES.get(code, code))


def progress_words(code: str) -> str:
    """What a worker is doing."""
    return str(PROGRESS.get(code, _("It waits for its turn.")))


def refusal_words(code: str, params: dict[str, Any]) -> str:
    """Why something is refused now, and what to do."""
    if counted := _counted(code, params):
        return counted
    shown = {name: _(", ").join(value) if isinstance(value, list) else value for name, value in params.items()}
    return str(_plain().get(code, FAILURES.get(code, code))) % shown


def _plain() -> dict[str, str]:
    return {
        "asset_not_open": _(
            "The inventory does not say that this data is open, so it cannot be published. Have the data "
            "asset assessed again first."
        ),
        "asset_has_dataset": _("This data asset has a dataset already. Open that one and add a new version to it."),
        "slug_taken": _("Another dataset has the address “%(slug)s”. Choose another one."),
        "release_open": _(
            "A release of this dataset is under way already. Finish it or give it up first: there is one at a time."
        ),
        "change_note_missing": _("Say in both languages what has changed since the version before."),
        "not_read": _("The file was not read yet."),
        "stopping_problems": _("Problems that stop the publication have to be mended in the file first."),
        "own_upload": _("You uploaded this file. Somebody else who may approve releases decides about personal data."),
        "own_release": _(
            "You uploaded this release, decided something in it or sent it for approval. Whoever did none of that may "
            "approve it: %(who)s."
        ),
        "own_release_nobody_else": _(
            "You uploaded this release, decided something in it or sent it for approval, and nobody else of the unit "
            "may approve releases. Ask the administrators of the portal to give another member that right."
        ),
        "no_reason_for_original": _("Say in both languages why the original file is not published."),
        "erasure_of_standing": _("Only what a withdrawn version held can be destroyed. Withdraw the version first."),
        "own_erasure": _("You asked for it yourself. Somebody else who may approve releases confirms it."),
        "erasure_held": _("A legal hold keeps this data. Nothing of it may be destroyed until the hold is lifted."),
        "bucket_not_cleared": _(
            "Nothing was destroyed: copies of the files in the object storage could not be deleted. Try again in a few "
            "minutes; if it happens once more, tell the operators of the portal."
        ),
        "needs_a_person": _("A release that a person uploaded is approved by a second person."),
    }


def _counted(code: str, params: dict[str, Any]) -> str:
    count = int(params.get("count", 0))
    words = {
        "asking_problems": lambda: ngettext(
            "%(count)s kind of problem waits for a decision: accept it, or correct it in the file.",
            "%(count)s kinds of problems wait for a decision: accept them, or correct them in the file.", count),
        "personal_data": lambda: ngettext(
            "%(count)s column looks as if it held personal data. Take it out, or have it cleared by somebody who may "
            "approve releases and did not upload the file.",
            "%(count)s columns look as if they held personal data. Take them out, or have them cleared by somebody who "
            "may approve releases and did not upload the file.", count),
        "untitled_columns": lambda: ngettext(
            "%(count)s column has no title in both languages: %(first)s.",
            "%(count)s columns have no title in both languages; the first is %(first)s.", count),
        "key_repeated": lambda: ngettext(
            "%(count)s key stands in several rows. Choose key columns that name each row once, or none.",
            "%(count)s keys stand in several rows. Choose key columns that name each row once, or none.", count),
    }  # fmt: skip
    return words[code]() % params if code in words else ""
