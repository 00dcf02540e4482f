"""Questions and answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from django.utils import timezone
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select

from participation.faq.actions.editing import publish_entry, write_entry
from participation.faq.actions.opinions import explain_vote, vote
from participation.faq.models import Entry
from participation.feedback.actions.work import reply_to_case
from portal.organisations.models import Topic
from tests.accessibility.scenes import Scene, open_details, page, press, sign_in_as, then
from tests.people import World, open_case, staff


def an_entry(world: World, slug: str, **changes: Any) -> Entry:
    values = {
        "question_ar": "كيف أجدد السجل التجاري؟", "question_en": "How do I renew my commercial registration?",
        "answer_ar": "يُجدَّد إلكترونيًا:\n\n- بالبطاقة الشخصية؛\n- بعقد إيجار [ساري المفعول](/ar/contact/).",
        "answer_en": "It is renewed online:\n\n- with your identity card;\n- with a [valid](/en/contact/) lease.",
        "topic": world.topic, "unit": world.licensing,
    }  # fmt: skip
    entry = write_entry(entry=Entry(slug=slug, **values | changes), by=None)
    publish_entry(entry=entry, by=None)
    return entry


def say_no(entry: Entry, count: int = 3) -> None:
    for number in range(count):
        vote(entry=entry, key=f"{entry.pk}-{number}", is_helpful=False, language="ar")
        explain_vote(key=f"{entry.pk}-{number}", reason="unclear", text="أين الرابط؟")


def ask(last: str) -> Callable[[Chrome, str], None]:
    """A question that fits an entry, then the button `last` of the panel; none: the panel itself."""

    def enter(browser: Chrome, base: str) -> None:
        browser.get(f"{base}contact/?kind=inquiry")
        Select(browser.find_element(By.NAME, "topic")).select_by_index(1)
        browser.find_element(By.NAME, "text").send_keys(f"كيف أجدد السجل التجاري؟ {timezone.now().timestamp()}")
        time.sleep(3.1)  # sooner, it looks like a machine and is not asked
        press("main form button[type=submit]")(browser, base)
        if last:
            press(f"button[value={last}]")(browser, base)
        else:
            open_details(browser, base)

    return enter


def faq_scenes(world: World) -> Iterator[Scene]:
    """Questions and answers, and suggestions before sending."""
    yield Scene("faq empty", page("faq/"))
    entry = an_entry(world, "renewal", position=1)
    for number in range(5):
        topic = Topic.objects.create(slug=f"faq-topic-{number}", name_ar=f"موضوع {number}", name_en=f"Topic {number}")
        an_entry(
            world, f"other-{number}", topic=topic, question_ar=f"سؤال {number}؟", question_en=f"Question {number}?"
        )
    Entry.objects.filter(pk=entry.pk).update(asked_count=3)
    yield Scene("faq", page("faq/"))
    yield Scene("faq found", page("faq/?q=السجل"))
    yield Scene("faq not found", page("faq/?q=zzzz"))
    yield Scene("faq close", page("faq/?q=تجديد السجل للورثة"))
    yield Scene("faq entry", page("faq/renewal/"))
    outdated = lambda *_: Entry.objects.filter(pk=entry.pk).update(outdated="en")  # noqa: E731
    yield Scene("faq entry out of date", then(outdated, page("faq/renewal/")))
    yield Scene("faq helpful", then(page("faq/renewal/"), press("button[value=yes]")))
    yield Scene("faq why", then(page("faq/renewal/"), press("button[value=no]")))
    yield Scene("faq why with errors", then(page("faq/renewal/"), press("button[value=no]"), press("main form button")))
    yield Scene("contact with suggestions", ask(""))
    yield Scene("contact answered by a suggestion", ask("answered"))


def faq_desk_scenes(world: World) -> Iterator[Scene]:
    """The same for staff, as the administrator."""
    yield Scene("faq queue empty", then(sign_in_as(world.administrator), page("faq/entry/unhelpful/")))
    entry = an_entry(world, "renewal")
    say_no(entry)
    Entry.objects.filter(pk=entry.pk).update(outdated="en")
    yield Scene("faq list", page("faq/entry/"))
    yield Scene("faq add", page("faq/entry/add/"))
    yield Scene("faq add with errors", then(page("faq/entry/add/"), press("input[name=_publish]")))
    yield Scene("faq change", page(f"faq/entry/{entry.pk}/change/"))
    yield Scene("faq queue", page("faq/entry/unhelpful/"))
    yield Scene("desk with faq panel", page(""))
    draft = write_entry(entry=Entry(slug="draft", topic=world.topic, unit=world.licensing, question_ar="؟"), by=None)
    yield Scene("faq draft to discard", page(f"faq/entry/{draft.pk}/delete/"))
    editor = staff("huda", world.licensing, "officer", "add_entry", "change_entry")
    case = open_case(world)
    reply_to_case(case=case, text="تُجدَّد الرخصة إلكترونيًا.", by=world.officer)
    make = press("form:has(input[value=question]) button")
    yield Scene(
        "faq from a case", then(sign_in_as(editor), page(f"feedback/case/{case.pk}/change/"), make, open_details)
    )
