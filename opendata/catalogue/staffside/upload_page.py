"""The page on which a new release of a dataset begins."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect

from opendata.catalogue.access import may_upload, visible_dataset
from opendata.catalogue.actions.changing import Refused
from opendata.catalogue.actions.uploading import begin_release
from opendata.catalogue.models import Dataset, Release
from opendata.catalogue.staffside.receiving import OVERHEAD, StreamingHandler
from opendata.catalogue.staffside.upload_form import UploadForm, no_room, too_big
from opendata.catalogue.words.failures import refusal_words


def upload(request: HttpRequest, site: AdminSite, pk: int) -> HttpResponseBase:
    """Ask for the file, or receive it. Declare the address csrf_exempt: the token is checked here, once the file is
    given to a handler that streams it; checking earlier would read the whole request first.
    """
    dataset = visible_dataset(request.user, pk)
    if not may_upload(request.user, dataset):
        raise PermissionDenied
    if request.method != "POST":
        if release := _open_release(dataset):
            return _page(request, site, dataset, busy=release)
        return csrf_protect(_page)(request, site, dataset, form=UploadForm(dataset, request.user))
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.DATASET_MAX_BYTES + OVERHEAD:
        form = UploadForm(dataset, request.user)
        return _page(request, site, dataset, form=form, refusal=too_big(), status=413)
    handler = StreamingHandler(request)
    request.upload_handlers = [handler]
    try:
        return csrf_protect(_receive)(request, site, dataset, handler)
    finally:
        handler.discard()


def _receive(request: HttpRequest, site: AdminSite, dataset: Dataset, handler: StreamingHandler) -> HttpResponseBase:
    files = request.FILES  # parses the request, which sets the marks of the handler
    trouble = too_big() if handler.is_too_big else no_room() if handler.has_no_room else ""
    form = UploadForm(dataset, request.user, request.POST, files, trouble=trouble)
    if not form.is_valid() or form.upload is None:
        return _page(request, site, dataset, form=form, status=507 if form.trouble == no_room() else 422)
    try:
        release = begin_release(dataset=dataset, by=request.user, upload=form.upload, **form.notes())
    except Refused as error:
        form.refuse([refusal_words(reason.code, reason.params) for reason in error.reasons])
        return _page(request, site, dataset, form=form, busy=_open_release(dataset), status=409)
    return _begun(request, release)


def _open_release(dataset: Dataset) -> Release | None:
    return Release.objects.open().filter(dataset=dataset).select_related("uploaded_by").first()


def _begun(request: HttpRequest, release: Release) -> HttpResponseBase:
    messages.success(request, _("The file has arrived whole. It is read in the background."))
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return JsonResponse({"location": reverse("admin:catalogue_release_change", args=[release.pk])}, status=201)
    return redirect("admin:catalogue_release_change", release.pk)


def _page(request: HttpRequest, site: AdminSite, dataset: Dataset, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        **site.each_context(request),
        "title": _("New release"),
        "opts": Dataset._meta,
        "dataset": dataset,
        "largest": settings.DATASET_MAX_BYTES,
        **more,
    }
    return render(request, "opendata/catalogue/staff/upload.html", context, status=status)
