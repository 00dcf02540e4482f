"""The questions by topic, one question with its answer, and whether it helped."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from participation.faq.actions.opinions import explain_vote, vote
from participation.faq.forms import WhyForm
from participation.faq.models import Entry
from participation.faq.plain import as_text
from participation.faq.search import closest, find
from participation.faq.tokens import new_reading, read_vote, sign_vote, vote_key
from portal.forms import clean_text
from portal.http import public, public_form, throttled, too_many
from portal.richtext import to_html

ASKED_MOST = 6
RELATED = 5
A_PAGE = 20
LONGEST_QUERY = 200


@public
@require_safe
def entries(request: HttpRequest) -> HttpResponse:
    """Every question by topic with those asked most on top; with `?q=` those that fit a search."""
    query = clean_text(request.GET.get("q", ""), lines=False).strip()[:LONGEST_QUERY]
    if query:
        return _searched(request, query)
    rows = list(Entry.objects.published().select_related("topic").defer("search").in_page_order())
    asked = sorted((entry for entry in rows if entry.asked_count), key=lambda entry: -entry.asked_count)
    topics = [(topic, list(group)) for topic, group in groupby(rows, key=lambda entry: entry.topic)]
    return render(
        request, "participation/faq/list.html", {"topics": topics, "asked_most": asked[:ASKED_MOST], "query": ""}
    )


def _searched(request: HttpRequest, query: str) -> HttpResponse:
    found = find(query)
    context = {
        "query": query,
        "page": Paginator(found, A_PAGE).get_page(request.GET.get("page")),
        "close": [] if found else [entry for _share, entry in closest(query, limit=RELATED)],
        "ask_url": f"{reverse('feedback:contact')}?{urlencode({'kind': 'inquiry', 'text': query})}",
    }
    return render(request, "participation/faq/list.html", context)


@public
@require_safe
def entry(request: HttpRequest, slug: str) -> HttpResponse:
    """One question with its answer."""
    return _show(request, _published(slug))


@public
@require_safe
def entry_text(request: HttpRequest, slug: str) -> HttpResponse:
    """The same as plain text."""
    return HttpResponse(as_text(_published(slug)), content_type="text/plain; charset=utf-8")


def _published(slug: str) -> Entry:
    return get_object_or_404(Entry.objects.published().select_related("topic", "unit").defer("search"), slug=slug)


def _show(request: HttpRequest, entry: Entry, *, notice: str = "", status: int = 200) -> HttpResponse:
    context = {
        "entry": entry,
        "answer": to_html(entry.answer),
        "related": _related(entry),
        "reading": new_reading(entry),
        "last_updated": entry.revised_at,
        "notice": notice,
        **_ways(entry),
    }
    return render(request, "participation/faq/entry.html", context, status=status)


def _related(entry: Entry) -> list[Entry]:
    """Other questions of the topic."""
    rows = Entry.objects.published().filter(topic=entry.topic_id).exclude(pk=entry.pk)
    return list(rows.defer("search", "answer_ar", "answer_en").in_page_order()[:RELATED])


def _ways(entry: Entry) -> dict[str, Any]:
    """Where one came from, and where to ask what the answer leaves open."""
    overview = reverse("faq:list")
    return {
        "trail": [
            {"label": _("Frequently asked questions"), "url": overview},
            {"label": entry.topic.name, "url": f"{overview}#topic-{entry.topic.slug}"},
        ],
        "ask_url": f"{reverse('feedback:contact')}?{urlencode({'kind': 'inquiry', 'topic': str(entry.topic.pk)})}",
    }


@public_form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def helpful(request: HttpRequest, slug: str) -> HttpResponse:
    """Did it help? A yes or no counts at once; after a no the page asks why."""
    entry = _published(slug)
    signed = request.POST.get("vote") or request.GET.get("vote", "")
    if request.method == "POST" and throttled(request, "helpful"):
        return too_many(request)
    if request.method == "POST" and not signed:
        return _vote(request, entry)
    if signed:
        return _why(request, entry, signed)
    return render(request, "participation/faq/thanks.html", {"entry": entry, **_ways(entry)})


def _vote(request: HttpRequest, entry: Entry) -> HttpResponse:
    key = vote_key(request, entry, request.POST.get("reading", ""))
    is_helpful = {"yes": True, "no": False}.get(request.POST.get("helpful", ""))
    if key is None or is_helpful is None:
        return _show(request, entry, notice=_("Your answer did not reach us. Please choose again."), status=422)
    vote(entry=entry, key=key, is_helpful=is_helpful, language=get_language() or "ar")
    where = reverse("faq:helpful", args=[entry.slug])
    return redirect(where if is_helpful else f"{where}?{urlencode({'vote': sign_vote(key)})}")


def _why(request: HttpRequest, entry: Entry, signed: str) -> HttpResponse:
    key = read_vote(signed)
    if key is None:
        raise Http404
    form = WhyForm(request.POST or None)
    if form.is_valid():
        explain_vote(key=key, reason=form.cleaned_data["reason"], text=form.cleaned_data["text"])
        return redirect("faq:helpful", slug=entry.slug)
    context = {"entry": entry, "form": form, "vote": signed, **_ways(entry)}
    return render(request, "participation/faq/why.html", context, status=422 if form.is_bound else 200)
