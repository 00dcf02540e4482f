"""Letters against a real SMTP server: nothing lost, nothing twice, nothing told to the wrong ones."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from django.utils import timezone

from participation.feedback.actions.work import reply_to_case
from portal.audit.labels import verb_label
from portal.audit.models import AuditEvent
from portal.mail.actions import MAX_ATTEMPTS, send_waiting, try_again, write_mail
from portal.mail.models import MailState, OutgoingMail
from tests.at_once import at_once
from tests.people import World, build_world, open_case
from tests.running import ROOT, environment, wait_until


class Post:
    """What an SMTP server does with letters; tests replace `on_recipient` and `on_letter`."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, EmailMessage]] = []
        self.on_recipient: Callable[[str], str] = lambda address: ""
        self.on_letter: Callable[[str], str] = lambda address: ""

    async def handle_RCPT(self, server: Any, session: Any, envelope: Envelope, address: str, options: Any) -> str:
        answer = self.on_recipient(address)
        if not answer:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:
        address = envelope.rcpt_tos[0]
        if answer := self.on_letter(address):
            return answer
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.letters.append((address, message))
        return "250 OK"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def port(settings: Any) -> int:
    """The port the portal sends to; nobody listens there yet."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", free_port(), 10
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    return int(settings.EMAIL_PORT)


@pytest.fixture
def post(port: int) -> Iterator[Post]:
    """A running mail server."""
    handler = Post()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler
    controller.stop()


def letter(number: int = 1, **changes: Any) -> OutgoingMail:
    """A letter that waits to be sent, as the escalation would write it."""
    fields = {
        "to": f"citizen{number}@citizen.example", "language": "ar", "template": "test", "subject": f"موضوع {number}",
        "text": "نص الرسالة\n", "html": "<p>نص الرسالة</p>",
    }  # fmt: skip
    return OutgoingMail.objects.create(**{**fields, **changes})


def make_due() -> None:
    OutgoingMail.objects.filter(state=MailState.WAITING).update(next_attempt_at=timezone.now())


def test_a_letter_arrives_in_both_forms_and_in_its_language(db: None, post: Post) -> None:
    mail = letter()
    assert send_waiting() == 1
    ((address, message),) = post.letters
    assert address == mail.to
    assert message["Subject"] == "موضوع 1"
    assert message["Content-Language"] == "ar"
    assert message["Auto-Submitted"] == "auto-generated"
    assert {part.get_content_type() for part in message.walk()} >= {"text/plain", "text/html"}
    body = message.get_body(("plain",))
    assert body is not None
    assert body.get_content().strip() == "نص الرسالة"
    mail.refresh_from_db()
    assert (mail.state, mail.last_error) == (MailState.SENT, "")
    assert send_waiting() == 0


def test_a_letter_carries_its_own_headers_whole(db: None, post: Post) -> None:
    address = f"<https://musharaka.example/ar/feeds/unsubscribe/{'1234567890' * 12}:x_-Y/>"
    letter(headers={"List-Unsubscribe": address, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"})
    assert send_waiting() == 1
    ((_address, message),) = post.letters
    assert message["List-Unsubscribe"].strip() == address
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Auto-Submitted"] == "auto-generated"


def test_a_header_with_a_line_end_is_not_sent(db: None, post: Post) -> None:
    letter(1, headers={"List-Id": "x\r\nBcc: everybody@citizen.example"})
    letter(2)
    assert send_waiting() == 1
    assert [address for address, _message in post.letters] == ["citizen2@citizen.example"]


def test_while_the_mail_server_is_away_nothing_is_lost_or_used_up(db: None, port: int) -> None:
    mails = [letter(number) for number in range(3)]
    assert send_waiting() == 0
    assert set(OutgoingMail.objects.values_list("state", "attempts")) == {(MailState.WAITING, 0)}
    handler = Post()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        assert send_waiting() == 3
        assert send_waiting() == 0
    finally:
        controller.stop()
    assert sorted(address for address, _message in handler.letters) == sorted(mail.to for mail in mails)


def test_a_passing_refusal_makes_a_letter_wait_longer_each_time(db: None, post: Post) -> None:
    mail = letter()
    post.on_letter = lambda address: "451 try later"
    waits = []
    for _turn in range(3):
        make_due()
        send_waiting()
        mail.refresh_from_db()
        waits.append(round((mail.next_attempt_at - timezone.now()).total_seconds() / 60))
    assert waits == [1, 2, 4]
    assert mail.last_error == "SMTPDataError 451"
    post.on_letter = lambda address: ""
    make_due()
    assert send_waiting() == 1
    assert len(post.letters) == 1


def test_an_address_that_does_not_exist_fails_visibly_and_stops_nobody_else(world: World, post: Post) -> None:
    bad, good = letter(1), letter(2)
    post.on_recipient = lambda address: f"550 no such user {address}" if address == bad.to else ""
    assert send_waiting() == 1
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, good.state) == (MailState.FAILED, MailState.SENT)
    event = AuditEvent.objects.get(verb="mail.failed")
    for told in (bad.last_error, str(event.data)):
        assert "citizen1" not in told
    assert "550" in bad.last_error
    assert verb_label("mail.failed") != "mail.failed"

    post.on_recipient = lambda address: ""
    assert try_again(mails=OutgoingMail.objects.all(), by=world.administrator) == 1
    assert send_waiting() == 1
    assert verb_label("mail.retried") != "mail.retried"


def test_a_letter_nobody_takes_is_given_up_after_the_last_attempt(db: None, post: Post) -> None:
    mail = letter(attempts=MAX_ATTEMPTS - 1)
    post.on_letter = lambda address: "451 try later"
    send_waiting()
    mail.refresh_from_db()
    assert mail.state == MailState.FAILED


def test_a_letter_that_cannot_even_be_built_holds_up_no_other(db: None, post: Post) -> None:
    bad = letter(1, to="not an address\nBcc: everybody@citizen.example")
    letter(2)
    assert send_waiting() == 1
    assert [address for address, _message in post.letters] == ["citizen2@citizen.example"]
    bad.refresh_from_db()
    assert bad.state == MailState.WAITING
    assert "everybody" not in bad.last_error


def test_many_senders_at_once_send_each_letter_once(transactional_db: None, post: Post) -> None:
    for number in range(60):
        letter(number)
    sent = at_once(6, lambda _number: sum(iter(lambda: send_waiting(limit=7), 0)))
    assert sum(sent) == 60
    assert len({address for address, _message in post.letters}) == len(post.letters) == 60


def test_a_letter_whose_sender_was_killed_is_sent_when_its_lease_runs_out(
    transactional_db: None, post: Post, port: int
) -> None:
    mail = letter()
    begun, let_go = threading.Event(), threading.Event()

    def hang(address: str) -> str:
        begun.set()
        let_go.wait(20)
        return "451 gone"

    post.on_letter = hang
    code = "import django; django.setup(); from portal.mail.actions import send_waiting; send_waiting()"
    doomed = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, env=environment() | {"EMAIL_URL": f"smtp://127.0.0.1:{port}"}
    )
    assert begun.wait(30)
    doomed.send_signal(signal.SIGKILL)
    doomed.wait(10)
    let_go.set()
    mail.refresh_from_db()
    assert mail.state == MailState.WAITING
    assert mail.next_attempt_at > timezone.now() + timedelta(minutes=4)
    post.on_letter = lambda address: ""
    assert send_waiting() == 0
    make_due()
    assert send_waiting() == 1
    assert len(post.letters) == 1


def test_a_letter_kept_waiting_behind_slow_ones_is_not_sent_twice(transactional_db: None, post: Post) -> None:
    first, second = letter(1), letter(2)
    OutgoingMail.objects.filter(pk=first.pk).update(next_attempt_at=timezone.now() - timedelta(minutes=1))

    def lose_the_lease(address: str) -> str:
        if address == first.to:
            others = at_once(1, lambda _number: _send_as_another(second))
            assert others == [1]
        return ""

    post.on_recipient = lose_the_lease
    # The sink runs its handlers one at a time, so the other sender goes to a server of its own.
    elsewhere = Post()
    controller = Controller(elsewhere, hostname="127.0.0.1", port=free_port())
    controller.start()

    def _send_as_another(mail: OutgoingMail) -> int:
        OutgoingMail.objects.filter(pk=mail.pk).update(next_attempt_at=timezone.now())
        code = "import django; django.setup(); from portal.mail.actions import send_waiting; print(send_waiting())"
        url = f"smtp://127.0.0.1:{controller.port}"
        return int(
            subprocess.check_output(
                [sys.executable, "-c", code], cwd=ROOT, env=environment() | {"EMAIL_URL": url}, text=True
            )
        )

    try:
        assert send_waiting() == 1
    finally:
        controller.stop()
    assert [address for address, _message in post.letters] == [first.to]
    assert [address for address, _message in elsewhere.letters] == [second.to]


def test_a_dedupe_key_writes_one_letter_however_often_it_is_asked(transactional_db: None) -> None:
    world = build_world()
    case = open_case(world)

    def write(_number: int) -> bool:
        context = {"case": case, "case_url": "http://testserver/x/"}
        mail = write_mail(
            to="a@citizen.example", language="ar", template="feedback/acknowledgement", context=context, dedupe_key="k"
        )
        return mail is not None

    assert sorted(at_once(8, write)) == [False] * 7 + [True]


def test_newlines_in_what_people_typed_add_no_header(world: World, post: Post) -> None:
    world.licensing.name_en = "Licensing\r\nBcc: everybody@citizen.example"
    world.licensing.save()
    case = open_case(world, language="en", name="Eve\r\nBcc: everybody@citizen.example")
    reply_to_case(case=case, text="Done\r\n.\r\nBcc: everybody@citizen.example", by=world.officer)
    assert send_waiting() == 2
    assert {address for address, _message in post.letters} == {case.email}
    assert all(message["Bcc"] is None for _address, message in post.letters)


def test_the_body_of_a_letter_is_readable_and_links_to_the_case_only(world: World, post: Post) -> None:
    case = open_case(world)
    send_waiting()
    ((_address, message),) = post.letters
    html = message.get_body(("html",))
    assert html is not None
    text = html.get_content()
    assert '<html lang="ar" dir="rtl">' in text
    assert not re.search(r"<(img|script|link|table)\b", text)
    assert case.text not in text


def test_a_letter_just_written_is_sent_by_a_worker_at_once(worker: object) -> None:
    open_case(build_world())
    wait_until(lambda: OutgoingMail.objects.filter(state=MailState.SENT).exists(), seconds=40)
