"""The form of a new release."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from opendata.catalogue.actions.uploading import Received
from opendata.catalogue.choices import Kind
from opendata.catalogue.models import Dataset
from opendata.catalogue.staffside.receiving import FIELD, NO_ROOM, StreamedFile, adopt, keep, kept
from portal.forms import CleanTextField, PortalForm

ENDINGS = ".csv,.tsv,.txt,.xlsx,.xls,.ods,.json,.geojson"
NOTE_HINT = _("One or two sentences for the readers of the dataset: what is new, or what was wrong.")


class UploadForm(PortalForm):
    """Keeps a file that came whole while something else has to be mended. `trouble`: why it did not come whole."""

    kind = forms.ChoiceField(
        label=_("Why is there a new version?"), choices=Kind.choices, widget=forms.RadioSelect, initial=Kind.NEW
    )
    change_note_ar = CleanTextField(
        label=_("What has changed (Arabic)"), max_length=600, help_text=NOTE_HINT,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "ar", "dir": "rtl"}),
    )  # fmt: skip
    change_note_en = CleanTextField(
        label=_("What has changed (English)"), max_length=600, help_text=NOTE_HINT,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "en", "dir": "ltr"}),
    )  # fmt: skip
    kept_file = forms.CharField(widget=forms.HiddenInput, required=False)
    file = forms.FileField(
        label=_("File"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ENDINGS}),
        error_messages={"empty": _("This file is empty. Choose another one.")},
    )

    def __init__(self, dataset: Dataset, user: Any, *args: Any, trouble: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dataset, self.user, self.trouble = dataset, user, trouble
        self.upload: Received | None = None
        if self.is_bound:
            sent: Any = self.data  # what is shown again differs from what was sent
            self.data = sent.copy()
        if not dataset.versions.exists():
            for name in ("kind", "change_note_ar", "change_note_en"):
                del self.fields[name]
        self.fields[FIELD].help_text = _("CSV, XLSX, XLS, ODS, JSON or GeoJSON, at most %(size)s.") % {
            "size": filesizeformat(settings.DATASET_MAX_BYTES)
        }
        self.fields[FIELD].widget.attrs["data-max"] = settings.DATASET_MAX_BYTES

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        sent = data.get(FIELD)
        if isinstance(sent, StreamedFile):
            self._adopt(sent)
        elif not self.trouble:
            self.upload = kept(data.get("kept_file", ""), self.dataset.pk, self.user.pk)
        if self.trouble:
            self.add_error(FIELD, self.trouble)
        elif self.upload is None and FIELD not in self.errors:
            self.add_error(FIELD, _("Choose the file to upload."))
        return data

    def _adopt(self, sent: StreamedFile) -> None:
        try:
            self.upload = adopt(sent)
        except OSError as error:
            if error.errno not in NO_ROOM:
                raise
            self.trouble = no_room()

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and self.errors:
            self._keep()

    def refuse(self, reasons: list[str]) -> None:
        """Show why the release was not begun; the file that came is kept for another try."""
        for words in reasons:
            self.add_error(FIELD, words)
        self._keep()

    def _keep(self) -> None:
        token = keep(self.upload, self.dataset.pk, self.user.pk) if self.upload else ""
        self.data["kept_file"] = token  # type: ignore[index]
        if self.upload:
            self[FIELD].help_text = _("“%(name)s” has arrived and is kept. Choose another file only to replace it.") % {
                "name": self.upload.name
            }

    def notes(self) -> dict[str, Any]:
        """What the action takes beside the file."""
        return {name: self.cleaned_data[name] for name in ("kind", "change_note_ar", "change_note_en")
                if name in self.cleaned_data}  # fmt: skip


def too_big() -> str:
    """Why a file is refused for its size, and what to do."""
    return str(
        _("This file is larger than %(size)s. Save it as CSV, which is smaller, or publish it in parts.")
        % {"size": filesizeformat(settings.DATASET_MAX_BYTES)}
    )


def no_room() -> str:
    """Why a file could not be received, and what to do."""
    return str(
        _("There is no room left on the portal's disk, so the file was not received and nothing was stored. Tell the "
          "operators of the portal, then try again.")
    )  # fmt: skip
