"""The forms behind the buttons of a release and of a version."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from opendata.catalogue.choices import Kind
from opendata.catalogue.models import Release
from opendata.catalogue.staffside.upload_form import NOTE_HINT
from opendata.catalogue.standing import codes_of, report_of
from opendata.catalogue.words.problems import problem_words
from opendata.reading.report import ASKS
from portal.forms import CleanTextField, PortalForm

ARABIC = {"rows": 3, "lang": "ar", "dir": "rtl"}
ENGLISH = {"rows": 3, "lang": "en", "dir": "ltr"}


class VerbForm(PortalForm):
    """A button alone. `revision` is what its reader saw."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, release: Release, *args: Any, seen: int | None = None, **kwargs: Any) -> None:
        self.release = release
        initial = {"revision": release.revision if seen is None else seen, **kwargs.pop("initial", {})}
        super().__init__(*args, initial=initial, **kwargs)


class ReasonForm(VerbForm):
    """What has to be changed."""

    because = CleanTextField(
        label=_("What has to be changed?"), max_length=600, help_text=_("Whoever uploaded the file reads it."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip


class ClearForm(VerbForm):
    """Why it may be published."""

    because = CleanTextField(
        label=_("Why is it no personal data, or why may it be published?"),
        max_length=600,
        help_text=_("Do not repeat any of the values. It is kept with the release."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class AcceptForm(VerbForm):
    """Which of the asking problems stay as they are."""

    codes = forms.MultipleChoiceField(
        label=_("I have looked at these problems, and leave the data as it is"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, release: Release, *args: Any, **kwargs: Any) -> None:
        super().__init__(release, *args, initial={"codes": release.accepted}, **kwargs)
        report = report_of(release)
        first = {problem.code: problem for problem in reversed(report.problems)} if report else {}
        asking = codes_of(report, ASKS) if report else []
        choices = [(code, problem_words(code, first[code].params)) for code in asking]
        self.fields["codes"].choices = choices  # type: ignore[attr-defined]
        self.fields["codes"].hide_optional = True  # type: ignore[attr-defined]


class NoteForm(VerbForm):
    """Why there is a new version, and what has changed."""

    kind = forms.ChoiceField(label=_("Why is there a new version?"), choices=Kind.choices, widget=forms.RadioSelect)
    change_note_ar = CleanTextField(
        label=_("What has changed (Arabic)"), max_length=600, help_text=NOTE_HINT, widget=forms.Textarea(attrs=ARABIC)
    )
    change_note_en = CleanTextField(
        label=_("What has changed (English)"), max_length=600, help_text=NOTE_HINT, widget=forms.Textarea(attrs=ENGLISH)
    )

    def __init__(self, release: Release, *args: Any, **kwargs: Any) -> None:
        names = ("kind", "change_note_ar", "change_note_en")
        super().__init__(release, *args, initial={name: getattr(release, name) for name in names}, **kwargs)


class OriginalForm(VerbForm):
    """Whether the file is published as it was uploaded, and if not, why."""

    leave_out = forms.BooleanField(
        label=_("Leave the original file out of the version"), required=False,
        help_text=_("The public then gets only the files the portal makes of the table. The GeoJSON file is left out "
                    "too, because it is the original."),
    )  # fmt: skip
    because_ar = CleanTextField(
        label=_("Why it is left out (Arabic)"), max_length=600, required=False, widget=forms.Textarea(attrs=ARABIC)
    )
    because_en = CleanTextField(
        label=_("Why it is left out (English)"), max_length=600, required=False, help_text=_("The public reads it."),
        widget=forms.Textarea(attrs=ENGLISH),
    )  # fmt: skip

    def __init__(self, release: Release, *args: Any, **kwargs: Any) -> None:
        stored: Any = release  # modeltranslation's columns are not known to the checker
        initial = {
            "leave_out": stored.without_original,
            "because_ar": stored.no_original_because_ar,
            "because_en": stored.no_original_because_en,
        }
        super().__init__(release, *args, initial=initial, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("because_ar", "because_en"):
            if data.get("leave_out") and name not in self.errors and not data.get(name):
                self.add_error(name, _("Say why the original file is not published."))
        return data


class WithdrawForm(PortalForm):
    """Why a version is withdrawn, in both languages, and a second look."""

    because_ar = CleanTextField(
        label=_("Why it is withdrawn (Arabic)"), max_length=600, widget=forms.Textarea(attrs=ARABIC)
    )
    because_en = CleanTextField(
        label=_("Why it is withdrawn (English)"), max_length=600, widget=forms.Textarea(attrs=ENGLISH)
    )
