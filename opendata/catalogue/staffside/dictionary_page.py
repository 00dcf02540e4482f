"""The data dictionary of a release, some columns a page, and the columns that name a row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from opendata.catalogue.access import granted, possible, visible_release
from opendata.catalogue.actions.changing import Conflict
from opendata.catalogue.actions.reviewing import describe_columns
from opendata.catalogue.choices import Stage
from opendata.catalogue.dictionaries import TEXTS, possible_types
from opendata.catalogue.models import Release
from opendata.catalogue.staffside.acting import frame
from opendata.catalogue.standing import report_of
from opendata.catalogue.words.problems import TYPES
from opendata.reading.report import Report
from portal.forms import CleanCharField, CleanTextField, PortalForm

A_PAGE = 20
"""Columns on a page: a table may have a thousand, and a form must not."""


class ColumnForm(PortalForm):
    """The words of one column."""

    title_ar = CleanCharField(label=gettext_lazy("Title (Arabic)"), max_length=200, required=False)
    title_en = CleanCharField(label=gettext_lazy("Title (English)"), max_length=200, required=False)
    description_ar = CleanTextField(label=gettext_lazy("Description (Arabic)"), max_length=600, required=False,
                                    widget=forms.Textarea(attrs={"rows": 2}))  # fmt: skip
    description_en = CleanTextField(label=gettext_lazy("Description (English)"), max_length=600, required=False,
                                    widget=forms.Textarea(attrs={"rows": 2}))  # fmt: skip
    type = forms.ChoiceField(label=gettext_lazy("Type"))
    unit = CleanCharField(label=pgettext_lazy("measure", "Unit"), max_length=60, required=False,
                          help_text=gettext_lazy("For example %, OMR, km."))  # fmt: skip
    formula = CleanCharField(
        label=gettext_lazy("Formula, where the figure is worked out"), max_length=300, required=False
    )

    def __init__(self, entry: dict[str, Any], types: list[str], data: Mapping[str, Any] | None, number: int) -> None:
        super().__init__(data, prefix=f"c{number}", initial=entry)
        self.entry, self.number = entry, number
        kinds = [*types, *([entry["type"]] if entry["type"] not in types else [])]
        self.fields["type"].choices = [(kind, TYPES[kind]) for kind in kinds]  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            field.hide_optional = True  # type: ignore[attr-defined]
            if name[-3:] in ("_ar", "_en"):
                code = name[-2:]
                field.widget.attrs |= {"lang": code, "dir": "rtl" if code == "ar" else "ltr"}

    def described(self) -> dict[str, str]:
        """What was written."""
        return {name: (self.cleaned_data[name] or "").strip() for name in (*TEXTS, "type")}


class KeyForm(PortalForm):
    """Which columns together name a row, and the revision its writer saw."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    key = forms.MultipleChoiceField(
        label=gettext_lazy("Columns that together name a row"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Such as year and governorate. With them the next version can be compared row by row; "
                               "without them only whole rows."),
    )  # fmt: skip

    def __init__(self, release: Release, data: Mapping[str, Any] | None) -> None:
        if data is not None and hasattr(data, "copy"):
            data = data.copy()
        super().__init__(data, initial={"revision": release.revision, "key": release.key})
        named = [(entry["name"], _label(entry)) for entry in release.dictionary]
        self.fields["key"].choices = named  # type: ignore[attr-defined]
        self.fields["key"].hide_optional = True  # type: ignore[attr-defined]

    def seen(self, revision: int) -> None:
        """From now on this is the revision its writer has seen: saving again stores what stands in the fields."""
        if self.is_bound:
            self.data["revision"] = str(revision)  # type: ignore[index]


def _label(entry: dict[str, Any]) -> str:
    """The title, with the machine name where that is another: two columns may have the same title."""
    title = entry["title_en"] or entry["title_ar"]
    return f"{title} ({entry['name']})" if title and title != entry["name"] else entry["name"]


class Desk:
    """One page of the dictionary, as it is asked for or sent."""

    def __init__(self, request: HttpRequest, release: Release, report: Report) -> None:
        self.request, self.release, self.report = request, release, report
        self.data = request.POST if request.method == "POST" else None
        self.key = KeyForm(release, self.data)

    @cached_property
    def page(self) -> Page[Any]:
        entries = list(enumerate(self.release.dictionary))
        return Paginator(entries, A_PAGE).get_page(self.request.GET.get("page"))

    @cached_property
    def columns(self) -> list[ColumnForm]:
        return [
            ColumnForm(entry, possible_types(self.report, entry["name"]), self.data, number)
            for number, entry in self.page.object_list
        ]

    def is_valid(self) -> bool:
        valid = [form.is_valid() for form in (self.key, *self.columns)]  # each says what is wrong with it
        return all(valid)

    def save(self) -> bool:
        """Store what was written; raises Conflict."""
        columns = {form.entry["name"]: form.described() for form in self.columns}
        chosen = self.key.cleaned_data["key"] if self.page.number == 1 else None
        key = (
            [entry["name"] for entry in self.release.dictionary if entry["name"] in chosen]
            if chosen is not None
            else None
        )
        revision = self.key.cleaned_data["revision"]
        return describe_columns(release=self.release, by=self.request.user, revision=revision, columns=columns, key=key)


def describe(request: HttpRequest, site: AdminSite, pk: int) -> HttpResponseBase:
    """Show a page of columns, or store it and go on to the next."""
    release = visible_release(request.user, pk)
    if "describe" not in granted(request.user, release):
        raise PermissionDenied
    report = report_of(release)
    if "describe" not in possible(request.user, release) or report is None:
        return _closed(request, site, release)
    desk = Desk(request, release, report)
    if request.method != "POST":
        return _show(request, site, desk)
    if not desk.is_valid():
        return _show(request, site, desk, status=422)
    try:
        desk.save()
    except Conflict as error:
        release.refresh_from_db()
        if release.stage != Stage.REVIEW:
            return _closed(request, site, release)
        desk.key.seen(release.revision)
        return _show(request, site, desk, status=409, conflict=str(error.message), stored=_differing(desk, release))
    return _saved(request, desk, release)


def _saved(request: HttpRequest, desk: Desk, release: Release) -> HttpResponse:
    if release.stage == Stage.UPLOADED:
        messages.info(request, _("Saved. The file is read again, because a type or the key is another now."))
        return redirect("admin:catalogue_release_change", release.pk)
    messages.success(request, _("Saved."))
    if "next" in request.POST and desk.page.has_next():
        place = reverse("admin:catalogue_release_describe", args=[release.pk])
        return redirect(f"{place}?page={desk.page.next_page_number()}")
    return redirect("admin:catalogue_release_change", release.pk)


def _differing(desk: Desk, release: Release) -> list[dict[str, str]]:
    """What is stored by now and differs from what was typed."""
    stored = {entry["name"]: entry for entry in release.dictionary}
    return [
        {"label": f"{form.entry['name']}: {form.fields[name].label}", "stored": str(stored[form.entry["name"]][name])}
        for form in desk.columns
        for name, typed in form.described().items()
        if form.entry["name"] in stored and stored[form.entry["name"]].get(name, "") != typed
        and stored[form.entry["name"]].get(name, "") != form.entry.get(name, "")
    ]  # fmt: skip


def _show(request: HttpRequest, site: AdminSite, desk: Desk, *, status: int = 200, **more: Any) -> HttpResponse:
    found = {column.name: column for column in desk.report.columns}
    context = {
        **frame(request, site, desk.release),
        "title": _("Data dictionary"),
        "page": desk.page,
        "key_form": desk.key,
        "columns": [{"form": form, "found": found.get(form.entry["name"])} for form in desk.columns],
        "errors": [form for form in [desk.key, *desk.columns] if form.errors],
        **more,
    }
    return render(request, "opendata/catalogue/staff/dictionary.html", context, status=status)


def _closed(request: HttpRequest, site: AdminSite, release: Release) -> HttpResponse:
    """It takes no changes now: what was typed is shown, to be copied."""
    typed = [value for name, value in request.POST.items() if name.startswith("c") and name[1:2].isdigit() and value]
    if not typed:
        messages.info(request, _("The data dictionary cannot be changed in this state of the release."))
        return redirect("admin:catalogue_release_change", release.pk)
    context = {**frame(request, site, release), "title": _("Nothing was changed"), "typed": "\n".join(map(str, typed))}
    return render(request, "opendata/catalogue/staff/too_late.html", context, status=409)
