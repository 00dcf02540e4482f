"""How to use the portal: one page, and the search finds each of its parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from portal.bilingual import LANGUAGE_CODES, in_language
from portal.http import public
from portal.search.registry import Document, Source


@dataclass(frozen=True)
class Part:
    """A part of the page. Texts are lazy; links are pairs of words and address without the language prefix."""

    key: str
    """Its anchor."""
    title: object
    paragraphs: tuple[object, ...]
    links: tuple[tuple[object, str], ...] = ()


PARTS = [
    Part(
        "send",
        _("Send a message"),
        (
            _(
                "Choose what you want to send: a comment, a suggestion, a complaint or an inquiry. Write in your own "
                "words, in Arabic or in English, what happened, where and when, and add files if they help. You need "
                "no account, and you may write without giving your name."
            ),
            _(
                "As soon as your message is stored you get a reference and a tracking code. Keep both. The same page "
                "says which unit has your message and by when it answers."
            ),
        ),
        ((_("Contact us"), "/contact/"),),
    ),
    Part(
        "follow",
        _("Follow up your message"),
        (
            _(
                "Give the reference with the tracking code, or with the e-mail address or telephone number you left. "
                "Capitals, spaces and hyphens make no difference, and digits may be Arabic or Western."
            ),
            _(
                "You see where the message is, the answer, and how the promised time was counted. If the answer does "
                "not solve it, say so there: the message goes back to the unit under the same reference."
            ),
        ),
        ((_("Follow up a message"), "/track/"), (_("Service levels kept"), "/performance/")),
    ),
    Part(
        "vote",
        _("Vote, and answer surveys"),
        (
            _(
                "A poll asks one question, and everybody has one vote. Its results are published when it closes, for "
                "everybody at the same time. A survey may have several pages: save it, and go on later with the link "
                "you are given."
            ),
            _(
                "Taking part is up to you and changes nothing about the services you receive. Figures about groups so "
                "small that somebody could be recognised are not published."
            ),
        ),
        ((_("Polls"), "/polls/"), (_("Surveys"), "/surveys/"), (_("Satisfaction survey"), "/satisfaction/")),
    ),
    Part(
        "outcomes",
        _("See what came of it"),
        (
            _(
                "What was decided about what people asked is published with its reason, and every promise with its "
                "date, also when it is late. The calendar shows what is coming, what is open, and what still waits for "
                "its outcome."
            ),
        ),
        ((_("You asked, we did"), "/outcomes/"), (_("Take part"), "/participation/")),
    ),
    Part(
        "find",
        _("Find something"),
        (
            _(
                "The search looks through everything that is published here, in both languages at once. How you write "
                "hamza, ta marbuta, alef maqsura, vowel signs or digits makes no difference, nor does the article. "
                "Narrow many results down by their kind."
            ),
            _(
                "The questions asked most are answered by topic, and the site map shows all pages. If you find no "
                "answer, ask us."
            ),
        ),
        (
            (_("Search"), "/search/"),
            (_("Frequently asked questions"), "/faq/"),
            (_("Site map"), "/sitemap/"),
        ),
    ),
    Part(
        "languages",
        _("Arabic and English"),
        (
            _(
                "Every page is there in Arabic and in English. The link at the top of each page leads to the same page "
                "in the other language. What we send you is written in the language of the page on which you wrote to "
                "us."
            ),
        ),
    ),
    Part(
        "accessibility",
        _("Use the portal in your own way"),
        (
            _(
                "Everything here works with the keyboard alone, with a screen reader, enlarged, on a small screen, "
                "without JavaScript and without cookies that are not needed. You can choose contrast, size of text "
                "and spacing, without an account."
            ),
            _(
                "If something keeps you from reading or using a page, report it. What you need can then be told or "
                "sent to you in another way."
            ),
        ),
        (
            (_("Display preferences"), "/accessibility/display/"),
            (_("Accessibility statement"), "/accessibility/"),
            (_("Report a barrier"), "/accessibility/report/"),
        ),
    ),
    Part(
        "news",
        _("Hear of what is new"),
        (
            _(
                "Follow the topics you choose in a feed reader, or have what is new sent to you by e-mail once a day. "
                "Every letter has a link that ends it with one click."
            ),
        ),
        ((_("News"), "/news/"), (_("Feeds and letters"), "/feeds/")),
    ),
]
WRITTEN = datetime(2026, 11, 1, tzinfo=UTC)
"""Since when the text is as it is; nobody is shown it, but whatever is found has a date."""


@public
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The whole of it, and how to telephone."""
    return render(request, "home/help.html", {"parts": PARTS})


def documents(keys: Iterable[int | str] | None) -> Iterator[Document]:
    """Each part as a page of its own: a link leads right to it."""
    wanted = None if keys is None else {str(key) for key in keys}
    for code in LANGUAGE_CODES:
        with in_language(code):
            found = [_document(part, code) for part in PARTS if wanted is None or part.key in wanted]
        yield from found


def _document(part: Part, code: str) -> Document:
    text = "\n".join(map(str, part.paragraphs))
    return Document(part.key, code, str(part.title), text, f"/help/#{part.key}", WRITTEN)


SOURCE = Source(
    kind="help", label=_("Help"), documents=documents, model="", position=90, page="/help/", is_dated=False
)  # fmt: skip
