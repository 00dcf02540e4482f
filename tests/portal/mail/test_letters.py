"""Every letter, in both languages: complete, valid, and with nothing escaped where nothing should be."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import html5lib
import pytest
from django.conf import settings
from django.utils import timezone

from participation.feedback.models import Message, Referral
from participation.feedback.states import State
from portal.mail.actions import compose
from portal.mail.models import OutgoingMail
from tests.people import World, open_case

FOLDER = Path(settings.BASE_DIR) / "templates" / "mail" / "feedback"
NAMES = sorted(path.name.removesuffix(".subject.txt") for path in FOLDER.glob("*.subject.txt"))
ODD = '<b>R&D</b> "quoted" it\'s {{ 7|add:7 }}\n\nsecond paragraph'


def letter(world: World, name: str, language: str, state: str = State.OPEN, **more: Any) -> OutgoingMail:
    case = open_case(world, language=language)
    case.state = state
    if state == State.REMOVED:
        case.ground = "spam"
    now = timezone.now()
    context = {
        "case": case,
        "case_url": "http://testserver/x/",
        "message": Message(case=case, text=ODD),
        "referral": Referral(case=case, authority=world.authority, text=ODD),
        "is_final": True,
        "old_due": now,
        "new_due": now,
    }
    return compose(to=case.email, language=language, template=f"feedback/{name}", context={**context, **more})


def test_all_letters_are_here() -> None:
    assert set(NAMES) >= {"acknowledgement", "reply", "question", "referred", "finished", "due_moved"}


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_a_letter_is_valid_html_in_its_language_and_direction(world: World, name: str, language: str) -> None:
    mail = letter(world, name, language)
    parser = html5lib.HTMLParser(strict=True)
    parser.parse(mail.html)
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in mail.html
    assert mail.html.count("<h1") == 1
    assert settings.ENTITY_NAME[language] in mail.text
    assert mail.subject
    assert "\n" not in mail.subject


@pytest.mark.parametrize("name", ["reply", "question", "referred", "finished"])
def test_what_staff_wrote_is_plain_in_text_and_inert_in_html(world: World, name: str) -> None:
    mail = letter(world, name, "en")
    assert ODD in mail.text
    assert "<b>" not in mail.html
    assert "{{ 7|add:7 }}" in mail.html
    assert not re.search(r"&(amp|lt|quot|#x27);", mail.text + mail.subject)


@pytest.mark.parametrize("state", [State.CLOSED, State.OUT_OF_SCOPE, State.REMOVED])
def test_the_end_of_a_case_says_which_end_it_was(world: World, state: str) -> None:
    others = {letter(world, "finished", "en", other).text for other in State if other != state}
    assert letter(world, "finished", "en", state).text not in others


def test_a_case_whose_time_stands_still_is_acknowledged_without_a_date(world: World) -> None:
    case = open_case(world, language="en")
    case.due_at = None
    mail = letter(world, "acknowledgement", "en", case=case)
    assert "/due/" not in mail.text
    assert "None" not in mail.text


def test_nothing_the_citizen_typed_comes_back_by_mail(world: World) -> None:
    for name in NAMES:
        mail = letter(world, name, "ar")
        assert "مريم" not in mail.text + mail.html
        assert "تأخر" not in mail.text + mail.html
