"""Public pages: the directory, one service, and how complete the directory is for each organisation."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from policies.services import listing, open_figures, standing
from policies.services.choices import State
from policies.services.models import Service
from policies.services.reading import PAGE, PLAIN, page_context
from portal.figures.export import csv_response
from portal.http import public


@public
@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    return render(request, "policies/services/list.html", listing.directory(request.GET))


@public
@require_safe
def service(request: HttpRequest, slug: str) -> HttpResponse:
    """The page; of what is no longer offered, that it is not."""
    found = _published(slug)
    if found.state == State.WITHDRAWN:
        response = render(request, "policies/services/withdrawn.html", {"service": found}, status=410)
        response.headers["X-Robots-Tag"] = "noindex"
        return response
    return render(request, PAGE, page_context(found))


@public
@require_safe
def service_text(request: HttpRequest, slug: str) -> HttpResponse:
    """The same as plain text, for those who read with other tools than a browser."""
    found = _published(slug)
    if found.state == State.WITHDRAWN:
        return HttpResponse(
            _("This service is no longer offered"), status=410, content_type="text/plain; charset=utf-8"
        )
    return render(request, PLAIN, page_context(found), content_type="text/plain; charset=utf-8")


@public
@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    """What each organisation lists, counted now."""
    rows = standing.standings()
    context = {"rows": rows, "sums": standing.together(rows), "chart": standing.chart(rows)}
    return render(request, "policies/services/organisations.html", context)


@public
@require_safe
def organisations_file(request: HttpRequest) -> HttpResponseBase:
    """The same figures as a table."""
    title = f"title_{get_language() or 'ar'}"
    header = [getattr(column, title) for column in open_figures.COMPLETENESS]
    return csv_response("services-by-organisation.csv", header, open_figures.completeness_rows(), public=True)


def _published(slug: str) -> Service:
    """What the public has or had at this address; a draft answers like nothing at all."""
    rows = Service.objects.exclude(state=State.DRAFT).select_related("organisation", "unit", "topic")
    found = rows.filter(slug=slug).first()
    if found is None:
        raise Http404
    return found
