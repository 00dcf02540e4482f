"""Importing an inventory: choose a file, read what would become of each row, then take the good rows over."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from opendata.inventory.access import belongs, may_decide, own_upload
from opendata.inventory.actions.changing import Conflict, NotPossible
from opendata.inventory.importing import taking, template
from opendata.inventory.importing.columns import CHOICE, COLUMNS
from opendata.inventory.importing.planning import Fate, Plan
from opendata.inventory.importing.reading import MOST_BYTES, Unreadable
from opendata.inventory.models import Asset, Upload
from portal.figures.export import XLSX_TYPE, as_download, csv_response
from portal.forms import PortalForm
from portal.organisations.access import unit_ids
from portal.organisations.models import Unit

CHOOSE, REPORT = "opendata/inventory/desk/import.html", "opendata/inventory/desk/report.html"
SHOWN = 200
"""Rows of each fate on the page; the file has them all."""


class UploadForm(PortalForm):
    """The file, and whose inventory it is."""

    unit: Any = forms.ModelChoiceField(queryset=Unit.objects.none(), label=gettext_lazy("Unit"), empty_label=None)
    file = forms.FileField(
        label=gettext_lazy("Inventory file"), max_length=200, allow_empty_file=True,
        help_text=gettext_lazy("CSV or XLSX, at most 5,000 rows and 5 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,text/csv"}),
    )  # fmt: skip

    def __init__(self, user: Any, *args: Any) -> None:
        super().__init__(*args)
        units = Unit.objects.active().select_related("organisation")
        mine = units if user.is_superuser else units.filter(pk__in=unit_ids(user))
        field: Any = self.fields["unit"]
        field.queryset = mine
        field.label_from_instance = lambda unit: f"{unit} - {unit.organisation}"

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 5 MB. Split it into parts."))
        return file


def choose(request: HttpRequest, site: AdminSite) -> HttpResponseBase:
    """The form; what cannot be read is refused here, with the reason."""
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(request.user, *posted)
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            upload = taking.keep_upload(
                by=request.user, unit=form.cleaned_data["unit"], name=file.name, content=file.read()
            )
            return redirect("admin:inventory_asset_report", upload.pk)
        except Unreadable as error:
            form.add_error("file", str(error.message))
    context = {
        **_frame(request, site, _("Import an inventory")),
        "form": form,
        "columns": COLUMNS,
        "vocabularies": [(column, column.choices.choices) for column in COLUMNS if column.kind == CHOICE],
    }
    return render(request, CHOOSE, context, status=422 if form.errors else 200)


def report(request: HttpRequest, site: AdminSite, pk: int) -> HttpResponseBase:
    """What would become of each row; with POST, take the good ones over."""
    upload = own_upload(request.user, pk)
    decides = may_decide(request.user, upload.unit_id)
    if upload.stored_at:
        return render(request, REPORT, {**_frame(request, site, _("Inventory file")), "upload": upload})
    status = 200
    try:
        if request.method == "POST":
            wanted = request.POST.get("fingerprint", "")
            counts = taking.take_over(upload=upload, by=request.user, may_decide=decides, fingerprint=wanted)
            messages.success(request, _done(counts))
            return redirect("admin:inventory_asset_report", pk)
    except Conflict:
        messages.error(request, _("The inventory changed since this report was made. Look through it again."))
        status = 409
    except NotPossible as error:
        messages.error(request, str(error))
        return redirect("admin:inventory_asset_import")
    try:
        plan = taking.planned(upload, may_decide=decides)
    except NotPossible as error:
        messages.error(request, str(error))
        return redirect("admin:inventory_asset_import")
    context = {
        **_frame(request, site, _("What would become of each row")),
        "upload": upload,
        "plan": plan,
        "groups": _groups(plan),
    }
    return render(request, REPORT, context, status=status)


def _done(counts: dict[str, int]) -> str:
    stored = counts[Fate.ADDED] + counts[Fate.CHANGED]
    return ngettext("%(count)d row was taken over.", "%(count)d rows were taken over.", stored) % {"count": stored}


def _groups(plan: Plan) -> list[dict[str, Any]]:
    """The rows by fate, those that need somebody first."""
    groups = []
    for fate in (Fate.REFUSED, Fate.CHANGED, Fate.ADDED):
        rows = [row for row in plan.rows if row.fate == fate]
        if rows:
            groups.append({"fate": fate, "rows": rows[:SHOWN], "count": len(rows), "more": len(rows) > SHOWN})
    return groups


def report_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The whole report as CSV."""
    upload = own_upload(request.user, pk)
    try:
        plan = taking.planned(upload, may_decide=may_decide(request.user, upload.unit_id))
    except NotPossible:
        raise Http404 from None
    header = [
        _("Line"),
        pgettext("data asset", "Number"),
        _("Title"),
        _("What becomes of it"),
        _("Why, or what changes"),
    ]
    rows = [(row.line, row.code, row.title, str(row.fate.label), row.words) for row in plan.rows]
    return csv_response("inventory-report.csv", header, rows)


def template_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The file to start from."""
    if kind == "csv":
        return csv_response("inventory-template.csv", template.header(), template.example_rows())
    if kind != "xlsx":
        raise Http404
    response = HttpResponse(template.workbook(), content_type=XLSX_TYPE)
    return as_download(response, "inventory-template.xlsx")


def may_import(user: Any) -> bool:
    """Whoever may enter and change assets somewhere."""
    both = user.has_perm("inventory.add_asset") and user.has_perm("inventory.change_asset")
    return both and (user.is_superuser or any(belongs(user, pk) for pk in unit_ids(user)))


def _frame(request: HttpRequest, site: AdminSite, title: str) -> dict[str, Any]:
    return {**site.each_context(request), "title": title, "opts": Asset._meta, "upload_opts": Upload._meta}
