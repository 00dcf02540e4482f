"""The staff pages of an assessment: the overview, filling in an area, and the verbs with their confirmation."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policies.assessment import actions
from policies.assessment.access import may_fill_in, may_read_answers, possible, visible_assessment
from policies.assessment.models import Assessment
from policies.assessment.reading import items_of
from policies.assessment.scoring import score
from policies.assessment.staffside.forms import AreaForm, ReturnForm
from policies.assessment.states import Area, Kind
from policies.assessment.words import answer_in_words, per_cent
from portal.audit.models import AuditEvent

FOLDER = "policies/assessment/desk"
VERBS: dict[str, dict[str, Any]] = {
    "submit": {
        "label": gettext_lazy("Submit to the authority"),
        "hint": gettext_lazy("From then on nobody can change the answers, unless the authority returns them."),
        "done": gettext_lazy("It was submitted. The authority checks it now."),
    },
    "accept": {
        "label": gettext_lazy("Accept"),
        "hint": gettext_lazy("Its figures become part of the public report. Evidence is not published."),
        "done": gettext_lazy("It was accepted, and its figures are public."),
    },
    "return": {
        "label": gettext_lazy("Return for correction"),
        "hint": gettext_lazy("The organisation can change its answers again, and submits them anew."),
        "done": gettext_lazy("It was returned to the organisation."),
    },
}


def frame(request: HttpRequest, site: AdminSite, assessment: Assessment, title: Any) -> dict[str, Any]:
    """What every one of these pages needs."""
    return {**site.each_context(request), "assessment": assessment, "opts": Assessment._meta, "title": title}


def overview(request: HttpRequest, site: AdminSite, pk: str) -> HttpResponse:
    """Where it stands, its areas, what can be done, and - for who may read it - every answer."""
    assessment = visible_assessment(request.user, pk)
    is_reader = may_read_answers(request.user, assessment)
    found = items_of(assessment) if is_reader else []
    verbs = possible(request.user, assessment)
    context = frame(request, site, assessment, str(assessment)) | {
        "verbs": [{"key": key, **words} for key, words in VERBS.items() if key in verbs],
        "areas": _areas(assessment, found) if is_reader else [],
        "may_fill_in": may_fill_in(request.user, assessment),
        "score": per_cent(score(item for _one, _answer, item in found).total) if is_reader else "",
        "is_over": assessment.indicator_set.is_over(),
        "events": AuditEvent.objects.about(assessment).select_related("actor"),
    }
    return render(request, f"{FOLDER}/assessment.html", context)


def _areas(assessment: Assessment, found: list[Any]) -> list[dict[str, Any]]:
    """Each area with its answers, how many are there, and who saved it last."""
    sheets = {sheet.area: sheet for sheet in assessment.sheets.select_related("saved_by")}
    areas = []
    for area in Area:
        rows = [_row(one, answer) for one, answer, _item in found if one.area == area]
        if rows:
            done = sum(row["is_answered"] for row in rows)
            areas.append(
                {"key": area.value, "label": area.label, "rows": rows, "done": done, "sheet": sheets.get(area)}
            )
    return areas


def _row(indicator: Any, answer: Any) -> dict[str, Any]:
    is_text = indicator.kind == Kind.TEXT
    return {
        "indicator": indicator,
        "answer": answer,
        "words": answer_in_words(indicator, answer.value if answer else None),
        "is_answered": bool(answer and (answer.evidence if is_text else answer.value is not None)),
    }


def fill_in(request: HttpRequest, site: AdminSite, pk: int, area: str) -> HttpResponse:
    """The form of one area: saved whenever somebody wants, complete or not."""
    assessment = visible_assessment(request.user, pk)
    if area not in Area.values:
        raise Http404
    if not may_fill_in(request.user, assessment):
        is_late = not assessment.is_filled_in and request.user.has_perm("assessment.change_assessment")  # type: ignore[union-attr]
        if request.method == "POST" and is_late and may_read_answers(request.user, assessment):
            return _too_late(request, site, assessment, area)
        raise PermissionDenied
    form = _form(assessment, area, request.POST if request.method == "POST" else None)
    if not form.indicators:
        raise Http404
    if not form.is_valid():
        return _show(request, site, assessment, area, form, status=422 if form.is_bound else 200)
    version = form.cleaned_data["version"]
    try:
        actions.save_answers(
            assessment=assessment, area=area, given=form.given(), version=version, by=request.user
        )  # fmt: skip
    except actions.Conflict:
        return _conflict(request, site, assessment, area)
    messages.success(request, _("Your answers are saved. They can be changed until the assessment is submitted."))
    if request.POST.get("then") == "next" and (following := _next(assessment, area)):
        return redirect("admin:assessment_assessment_fill", pk, following)
    return redirect("admin:assessment_assessment_change", pk)


def _next(assessment: Assessment, area: str) -> str:
    asked = set(assessment.indicator_set.indicators.values_list("area", flat=True))
    left = [one for one in Area.values[Area.values.index(area) + 1 :] if one in asked]
    return left[0] if left else ""


def _form(assessment: Assessment, area: str, data: Any) -> AreaForm:
    indicators = list(assessment.indicator_set.indicators.filter(area=area).order_by("position", "code"))
    answers = {row.indicator_id: row for row in assessment.answers.filter(indicator__area=area)}
    sheet = assessment.sheets.filter(area=area).first()
    return AreaForm(indicators, answers, data, initial={"version": sheet.version if sheet else 1})


def _show(
    request: HttpRequest, site: AdminSite, assessment: Assessment, area: str, form: AreaForm, status: int, **more: Any
) -> HttpResponse:
    context = frame(request, site, assessment, Area(area).label) | {"form": form, "area": area, **more}
    return render(request, f"{FOLDER}/area.html", context | {"has_next": _next(assessment, area)}, status=status)


def _conflict(request: HttpRequest, site: AdminSite, assessment: Assessment, area: str) -> HttpResponse:
    """Somebody was quicker: what was typed stays, beside what is stored now; saving again decides."""
    assessment.refresh_from_db()
    if not assessment.is_filled_in:
        return _too_late(request, site, assessment, area)
    sheet = assessment.sheets.select_related("saved_by").get(area=area)
    data = request.POST.copy()
    data["version"] = str(sheet.version)
    form = _form(assessment, area, data)
    form.is_valid()
    differences = _differences(form)
    return _show(request, site, assessment, area, form, 409, sheet=sheet, differences=differences,
                 conflict=actions.Conflict.message)  # fmt: skip


def _differences(form: AreaForm) -> list[dict[str, Any]]:
    """Fields in which what is stored differs from what was typed, as it is stored."""
    stored = (
        (name, form.fields[name], form.get_initial_for_field(form.fields[name], name)) for name in form.changed_data
    )
    return [
        {"label": field.label, "stored": dict(getattr(field, "choices", [])).get(value, value)}
        for name, field, value in stored
        if name != "version"
    ]


def _too_late(request: HttpRequest, site: AdminSite, assessment: Assessment, area: str) -> HttpResponse:
    """It was submitted meanwhile: nothing is stored, and nothing typed is lost."""
    form = _form(assessment, area, request.POST)
    typed = [
        {"label": field.label, "text": text}
        for name, field in form.fields.items()
        if name != "version" and (text := request.POST.get(name, "").strip())
    ]
    context = frame(request, site, assessment, _("Nothing was saved")) | {"typed": typed}
    return render(request, f"{FOLDER}/too_late.html", context, status=409)


def act(request: HttpRequest, site: AdminSite, pk: int, key: str) -> HttpResponse:
    """Ask before submitting, accepting or returning, then do it."""
    assessment = visible_assessment(request.user, pk)
    if key not in VERBS:
        raise Http404
    if key not in possible(request.user, assessment):
        messages.info(request, _("Nothing was changed: it is so already, or its state no longer allows it."))
        return _back(assessment)
    form = ReturnForm(request.POST if request.method == "POST" else None) if key == "return" else None
    if request.method != "POST" or (form is not None and not form.is_valid()):
        status = 422 if request.method == "POST" else 200
        return _ask(request, site, assessment, key, status=status, form=form)
    try:
        done = _perform(request, assessment, key, form)
    except actions.NotReady as error:
        return _ask(request, site, assessment, key, status=422, missing=error.indicators)
    except actions.OwnWork:
        raise PermissionDenied from None
    except actions.Conflict:
        messages.error(request, _("Somebody changed answers after you read them. Look at them, then decide."))
        return _back(assessment)
    if done:
        messages.success(request, str(VERBS[key]["done"]))
    else:
        messages.info(request, _("Nothing was changed: it is so already, or its state no longer allows it."))
    return _back(assessment)


def _perform(request: HttpRequest, assessment: Assessment, key: str, form: ReturnForm | None) -> bool:
    by: Any = request.user
    seen = request.POST.get("version", "")
    version = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else None
    if key == "submit":
        return actions.submit_assessment(assessment=assessment, by=by, version=version)
    if key == "accept":
        return actions.accept_assessment(assessment=assessment, by=by, version=version)
    assert form is not None
    reason = form.cleaned_data["reason"]
    return actions.return_assessment(assessment=assessment, by=by, reason=reason, version=version)


def _ask(
    request: HttpRequest, site: AdminSite, assessment: Assessment, key: str, status: int, **more: Any
) -> HttpResponse:
    missing = more.pop("missing", None)
    if key == "submit" and missing is None:
        missing = actions.unanswered(assessment)
    context = frame(request, site, assessment, VERBS[key]["label"])
    context |= {"key": key, "verb": VERBS[key], "missing": missing, "has_problem": status == 422, **more}
    return render(request, f"{FOLDER}/act.html", context, status=status)


def _back(assessment: Assessment) -> HttpResponse:
    return redirect("admin:assessment_assessment_change", assessment.pk)
