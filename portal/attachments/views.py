"""Giving an uploaded file out, for views that have already decided who may read it."""

import logging

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from portal.attachments.models import Attachment, State

logger = logging.getLogger(__name__)


def serve(attachment: Attachment) -> HttpResponseBase:
    """Return the file as a download that no browser runs or keeps, or 404 with a sentence saying why not.

    Call it only after deciding that the reader may have the file.
    """
    if attachment.state == State.QUARANTINED:
        return _sealed(_not_there(_("This file is waiting for the virus scan. Try again in a few minutes.")))
    if attachment.state == State.REFUSED:
        return _sealed(_not_there(_("This file was refused by the virus scan and has been destroyed.")))
    try:
        content = attachment.stored.open("rb")
    except FileNotFoundError:
        logger.error("the content of attachment %s is missing", attachment.pk)
        return _sealed(_not_there(_("The content of this file is missing. Please tell the administrators.")))
    return _sealed(
        FileResponse(
            content,
            as_attachment=True,
            filename=attachment.original_name,
            content_type=attachment.content_type,
        )
    )


def _not_there(message: str) -> HttpResponse:
    return HttpResponse(message + "\n", status=404, content_type="text/plain; charset=utf-8")


def _sealed(response: HttpResponseBase) -> HttpResponseBase:
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    return response
