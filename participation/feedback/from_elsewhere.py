"""Messages written on the pages of other areas: they become cases like any other."""

from __future__ import annotations

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from participation.feedback.actions.intake import AlreadySent, Entry, submit_case
from participation.feedback.links import confirmation_url
from participation.feedback.pages import read_page
from participation.feedback.states import Kind
from portal.bilingual import in_language
from portal.intake import Message, Receipt
from portal.organisations.models import Topic

TOPICS = {Kind.BARRIER: ("accessibility", "إمكانية الوصول", "Accessibility")}
"""The topic of a kind whose sender is not asked for one. It is not offered elsewhere until staff take it into use."""


def receive(message: Message) -> Receipt:
    """Store a message as a case; sent twice, it is one. ValueError for a kind that has a form here."""
    entry = Entry(
        kind=message.kind, topic=_topic(message.kind), text=_text(message), language=message.language,
        name=message.name, email=message.email, phone=message.phone, page=read_page(message.page),
    )  # fmt: skip
    try:
        done = submit_case(entry=entry, form_token=message.token, suspicion=message.suspicion)
    except AlreadySent as error:
        query = urlencode({"reference": error.case.reference, "repeated": "yes"})
        return Receipt(error.case.reference, f"{reverse('feedback:track')}?{query}")
    return Receipt(done.case.reference, confirmation_url(done.case, done.secret))


def _topic(kind: str) -> Topic:
    if kind not in TOPICS:
        raise ValueError(f"Messages of the kind {kind!r} are not taken from elsewhere.")
    slug, arabic, english = TOPICS[Kind(kind)]
    names = {"name_ar": arabic, "name_en": english, "is_active": False}
    topic, _is_new = Topic.objects.get_or_create(slug=slug, defaults=names)
    return topic


def _text(message: Message) -> str:
    if not message.page:
        return message.text
    with in_language(message.language):
        about = _("About the page %(page)s:") % {"page": message.page}
    return f"{about}\n\n{message.text}"
