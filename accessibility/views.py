"""The statement, and the audits it rests on."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, Sum
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accessibility.models import Audit, Outcome, RuleResult
from accessibility.scanner.checks import TITLES
from accessibility.scanner.explained import EXPLAINED
from accessibility.statement import statement as statement_context
from portal.http import public

PER_PAGE = 20
TEMPLATES_PER_PAGE = 60
FINDINGS_SHOWN = 200


@public
@require_safe
def statement(request: HttpRequest) -> HttpResponse:
    """How far the portal can be used by everybody, what cannot, and how that is known."""
    context = statement_context()
    audit = context["audit"]
    return render(
        request,
        "accessibility/statement.html",
        context | {"last_updated": localtime(audit.finished_at) if audit else None},
    )


@public
@require_safe
def audits(request: HttpRequest) -> HttpResponse:
    """Every audit, the last one first."""
    page = Paginator(Audit.objects.newest_first(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "accessibility/audits.html", {"page": page, "breadcrumbs": _crumbs()})


@public
@require_safe
def audit(request: HttpRequest, pk: int) -> HttpResponse:
    """One audit, template by template."""
    found = get_object_or_404(Audit, pk=pk)
    context = {
        "audit": found,
        "day": date_format(localtime(found.finished_at), "DATETIME_FORMAT"),
        "page": Paginator(_templates(found), TEMPLATES_PER_PAGE).get_page(request.GET.get("page")),
        "findings": found.findings.all()[:FINDINGS_SHOWN],
        "checks": [{"title": TITLES.get(name, name), **check} for name, check in sorted(found.checks.items())],
        "explained": [one for one in EXPLAINED if one.rule in _explained_rules(found)],
        "breadcrumbs": [*_crumbs(), {"label": _("Accessibility audits"), "url": reverse("accessibility:audits")}],
    }
    return render(request, "accessibility/audit.html", context)


@public
@require_safe
def latest_json(request: HttpRequest) -> JsonResponse:
    """The last audit for machines; `null` before the first."""
    found = Audit.objects.latest()
    return JsonResponse({"audit": _as_data(found) if found else None}, json_dumps_params={"ensure_ascii": False})


def _crumbs() -> list[dict[str, str]]:
    return [{"label": _("Accessibility statement"), "url": reverse("accessibility:statement")}]


def _templates(found: Audit) -> Any:
    """A row for each template: its name, and how many rules said what on its pages."""
    totals = {
        outcome: Sum("pages", filter=Q(outcome=outcome), default=0) for outcome in Outcome.values if outcome != "pass"
    }
    rows = found.results.exclude(template="").values("template").order_by("template")
    return rows.annotate(passed=Sum("pages", filter=Q(outcome=Outcome.PASS), default=0), **totals)


def _explained_rules(found: Audit) -> set[str]:
    return set(found.results.filter(outcome=Outcome.EXPLAINED).values_list("rule", flat=True))


def _as_data(found: Audit) -> dict[str, Any]:
    names = (
        "started_at", "finished_at", "standard", "engine", "browser", "version", "pages", "scans", "templates",
        "templates_seen", "violations", "incomplete", "findings_beyond", "rules", "checks",
    )  # fmt: skip
    by_template: dict[str, dict[str, dict[str, int]]] = {}
    rows = RuleResult.objects.filter(audit=found).values_list("template", "outcome", "rule", "pages")
    for template, outcome, rule, pages in rows:
        by_template.setdefault(template, {}).setdefault(outcome, {})[rule] = pages
    findings = found.findings.values("template", "scene", "language", "look", "check_name", "outcome", "detail")
    return {
        **{name: getattr(found, name) for name in names},
        "results": by_template,
        "findings": list(findings),
    }
