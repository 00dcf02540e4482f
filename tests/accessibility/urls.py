"""The portal's addresses, and some for pages a browser cannot be led to: failures and letters."""

from csp.decorators import csp_exempt
from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.template.loader import get_template
from django.test.signals import template_rendered
from django.urls import path
from django.utils import timezone

from participation.surveys.models import Questionnaire
from participation.surveys.views.mailed import ask_for_address
from portal.home import errors
from portal.mail.models import OutgoingMail
from portal.urls import handler403, handler404, handler500
from portal.urls import urlpatterns as portal_urlpatterns

ERRORS = {"403": errors.forbidden, "csrf": errors.csrf_failure, "500": errors.server_error}


def error_page(request, language, code):
    if code in ERRORS:
        return ERRORS[code](request)
    if code == "404":
        raise Http404
    return render(request, f"errors/{code}.html", status=int(code) if code.isdigit() else 429)


@csp_exempt()
def letter(request, language, pk):
    """As a mail program shows it: with the styles in it, which no page of the portal may have."""
    mail = OutgoingMail.objects.get(pk=pk)
    # It was rendered when it was written: say now what from, as the page that is scanned is this one.
    template_rendered.send(sender=None, template=get_template(f"mail/{mail.template}.html").template, context={})
    return HttpResponse(mail.html)


GALLERY = """{% extends "base.html" %}{% load ui %}{% block title %}Components{% endblock %}
{% block breadcrumbs %}{% include "components/breadcrumbs.html" with items=links %}{% endblock %}
{% block main %}<h1>Components</h1>
{% include "components/empty.html" with title="Nothing yet" text="Later" url="/" action="Home" %}
{% include "components/pagination.html" %}
{% include "components/summary_list.html" with rows=rows %}
<form>{{ moment.at.as_field_group }}<button class="button">Send</button></form>
<ol class="timeline">
{% include "components/timeline_item.html" with kind="office" who="Unit" when=now text="A line" %}</ol>
{% endblock %}"""


class Moment(forms.Form):
    at = forms.SplitDateTimeField(label="When", widget=AdminSplitDateTime)


def gallery(request, language):
    """The components that no page of the portal shows yet."""
    links = [{"label": "Home", "url": "/"}]
    rows = [{"label": "Name", "value": "Value", "url": "/", "action": "Change", "hidden": "name"}]
    context = {
        "moment": Moment(),
        "links": links,
        "rows": rows,
        "page": Paginator(range(95), 10).page(5),
        "now": timezone.now(),
    }
    return HttpResponse(engines["django"].from_string(GALLERY).render(context, request))


def no_cookies(request, language, pk):
    """What a browser that refuses cookies is shown: Chromium keeps them."""
    poll = Questionnaire.objects.select_related("unit__organisation", "on_behalf_of").get(pk=pk)
    asked = poll.pages.get().questions.get()
    return ask_for_address(request, poll, typed={f"q{asked.pk}": [str(asked.options.first().pk)], "version": ["1"]})


for view in (error_page, letter, gallery, no_cookies):
    view.audience = "public"

urlpatterns = [
    *(path(f"{code}/_error/<str:code>/", error_page, {"language": code}) for code in ("ar", "en")),
    *(path(f"{code}/_letter/<int:pk>/", letter, {"language": code}) for code in ("ar", "en")),
    *(path(f"{code}/_gallery/", gallery, {"language": code}) for code in ("ar", "en")),
    *(path(f"{code}/_no_cookies/<int:pk>/", no_cookies, {"language": code}) for code in ("ar", "en")),
    *portal_urlpatterns,
]
__all__ = ["handler403", "handler404", "handler500", "urlpatterns"]
