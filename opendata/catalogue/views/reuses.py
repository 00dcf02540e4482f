"""Telling what one made of a dataset."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from opendata.catalogue.forms import ReuseForm
from opendata.catalogue.models import Dataset
from opendata.catalogue.reuses import receive_reuse
from opendata.catalogue.showing import crumbs
from portal.http import public, public_form, throttled


@public_form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reuse(request: HttpRequest, slug: str) -> HttpResponse:
    """The form. Sent well, it leads to the confirmation; sent badly, it comes back with everything in it."""
    dataset = _published(slug)
    if request.method != "POST":
        return _show(request, dataset, ReuseForm())
    form = ReuseForm(request.POST)
    valid = form.is_valid()
    if throttled(request, "submit"):
        form.add_error(
            None,
            _("Very many messages come from your network. Nothing you wrote is lost: wait a little and send again."),
        )
        return _show(request, dataset, form, status=429)
    if not valid:
        return _show(request, dataset, form)
    receive_reuse(dataset=dataset, sent=form.sent(), token=form.cleaned_data["token"])
    return redirect(reverse("catalogue:reuse_sent", args=[slug]))


@public
@require_safe
def reuse_sent(request: HttpRequest, slug: str) -> HttpResponse:
    """What happens next."""
    dataset = _published(slug)
    context = {"dataset": dataset, "breadcrumbs": crumbs(dataset)}
    return render(request, "opendata/catalogue/reuse_sent.html", context)


def _published(slug: str) -> Dataset:
    found = Dataset.objects.published().filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def _show(request: HttpRequest, dataset: Dataset, form: ReuseForm, status: int = 422) -> HttpResponse:
    context = {"form": form, "dataset": dataset, "breadcrumbs": crumbs(dataset)}
    return render(request, "opendata/catalogue/reuse.html", context, status=status if form.is_bound else 200)
