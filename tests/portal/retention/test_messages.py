"""What goes of a citizen's message, what stays, and when."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from participation.feedback import links
from participation.feedback.actions.citizen import reopen_case
from participation.feedback.actions.moving import Conflict
from participation.feedback.actions.work import add_note, close_case, remove_case
from participation.feedback.models import Case, CaseAttachment, Message, MonthlyFigures, Rating, Referral
from participation.feedback.performance.storing import compute_figures
from participation.feedback.states import UNFINISHED, Ground
from portal.attachments.models import Attachment
from portal.audit.models import AuditEvent
from portal.clocks.models import Clock
from portal.encryption import encrypted_models, reencrypt
from portal.retention.models import DisposalRun
from tests.people import World, open_case, submitted
from tests.portal.retention.past import DAY, EMAIL, PHONE, answered, disposed, sent_all

pytestmark = pytest.mark.django_db
KEPT = (
    "reference", "kind", "topic_id", "governorate", "language", "channel", "state", "priority", "unit_id", "cycle",
    "received_at", "routed_at", "answered_at", "finished_at", "due_at", "jumped_queue", "registered_by_id",
)  # fmt: skip


@pytest.fixture
def uploads(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_the_sender_goes_first_and_the_text_stays(world: World) -> None:
    case = answered(world)
    disposed(days=364)
    case.refresh_from_db()
    assert case.email == EMAIL
    disposed(days=366)
    case.refresh_from_db()
    assert (case.name, case.email, case.phone, case.email_index, case.phone_index, case.fingerprint) == ("",) * 6
    assert case.text
    assert case.messages.count() == 4
    assert case.disposed_at is None


def test_the_rest_goes_later_and_what_is_counted_stays(world: World, uploads: Path) -> None:
    case = answered(world)
    before = {name: getattr(Case.objects.get(pk=case.pk), name) for name in KEPT}
    clocks = list(Clock.objects.about("feedback.case", case.pk).values())
    assert len(files_in(uploads)) == 2

    disposed(days=3 * 365 + 1)

    case.refresh_from_db()
    assert {name: getattr(case, name) for name in KEPT} == before
    assert list(Clock.objects.about("feedback.case", case.pk).values()) == clocks
    assert (case.text, case.secret_hash, case.safety_reason, case.search) == ("", "", "", None)
    assert not Message.objects.exists()
    assert not CaseAttachment.objects.exists()
    assert not Attachment.objects.exists()
    assert not files_in(uploads)
    assert list(Rating.objects.values_list("score", "comment")) == [(4, "")]
    assert AuditEvent.objects.about(case).filter(verb="case.disposed").count() == 1


def test_an_unfinished_message_never_goes(world: World) -> None:
    waiting = [open_case(world), submitted(world).case, submitted(world, kind="inquiry").case]
    disposed(days=40 * 365)
    assert Case.objects.filter(state__in=UNFINISHED, disposed_at=None).exclude(email="").count() == len(waiting)


def test_what_was_reopened_in_time_stays(world: World) -> None:
    case = answered(world)
    reopen_case(case=case, text="It is not solved.")
    disposed(days=40 * 365)
    case.refresh_from_db()
    assert case.email == EMAIL
    assert case.messages.count() == 5


def test_what_was_taken_out_of_view_goes_sooner(world: World) -> None:
    case = open_case(world)
    remove_case(case=case, ground=Ground.SPAM, text="Removed.", by=world.lead)
    disposed(days=179)
    case.refresh_from_db()
    assert case.text
    disposed(days=181)
    case.refresh_from_db()
    assert not case.text
    assert case.ground == Ground.SPAM


def test_a_referral_keeps_its_dates_and_loses_its_words(world: World) -> None:
    from participation.feedback.actions.work import end_referral, refer_case

    case = open_case(world)
    referral = refer_case(case=case, authority=world.authority, text="Please see to Zubaida.", by=world.officer)
    end_referral(referral=referral, text="Done.", by=world.officer)
    disposed(days=3 * 365 + 1)
    kept = Referral.objects.get()
    assert kept.text == ""
    assert kept.sent_at == referral.sent_at
    assert kept.ended_at is not None


def test_figures_are_the_same_before_and_after(world: World) -> None:
    answered(world)
    open_case(world)
    removed = open_case(world, kind="complaint")
    remove_case(case=removed, ground=Ground.SPAM, text="Removed.", by=world.lead)
    later = timezone.now() + 40 * DAY
    figures = [_figures(later)]
    disposed(days=3 * 365 + 1)
    assert Case.objects.filter(disposed_at__isnull=False).count() == 2
    MonthlyFigures.objects.all().delete()
    figures.append(_figures(later))
    assert figures[0] == figures[1]
    assert figures[0]


def _figures(now: Any) -> list[dict[str, Any]]:
    compute_figures(now)
    own = {"id", "changed_at"}
    rows = MonthlyFigures.objects.order_by("month", "unit_id").values()
    return [{name: value for name, value in row.items() if name not in own} for row in rows]


def test_nobody_can_write_to_it_any_more(world: World) -> None:
    case = answered(world)
    stale = Case.objects.get(pk=case.pk)
    disposed(days=3 * 365 + 1)
    for act in (
        lambda: close_case(case=stale, text="x", by=world.officer),
        lambda: add_note(case=stale, text="x", by=world.officer),
        lambda: reopen_case(case=stale, text="x"),
    ):
        with pytest.raises(Conflict), transaction.atomic():
            act()
    assert not Message.objects.exists()


def test_its_page_is_closed_and_nothing_opens_it(world: World, client: Client) -> None:
    sent = submitted(world, email=EMAIL, phone=PHONE)
    from participation.feedback.actions.routing import route_case

    case = route_case(case=sent.case, unit=world.licensing)
    close_case(case=case, text="Done.", by=world.officer)
    token = links.tracking_token(case, links.IN_A_LETTER)
    disposed(days=3 * 365 + 1)
    assert client.get(f"/en/track/{token}/").status_code == 404
    for proof in (sent.secret, EMAIL, PHONE, ""):
        answer = client.post("/en/track/", {"reference": case.reference, "proof": proof})
        assert answer.status_code == 422


def test_staff_read_that_it_is_gone_and_find_no_button(world: World, client: Client) -> None:
    case = answered(world)
    disposed(days=3 * 365 + 1)
    client.force_login(world.lead)
    page = client.get(f"/admin/feedback/case/{case.pk}/change/").content.decode()
    assert "their time was over" in page
    assert 'name="do"' not in page
    assert client.get("/admin/feedback/case/", {"q": case.reference}).status_code == 200


def test_the_database_keeps_nothing_of_the_sender_once_it_is_disposed_of(world: World) -> None:
    case = answered(world)
    disposed(days=3 * 365 + 1)
    for change in ({"text": "back"}, {"email_index": "x"}, {"state": "open"}, {"search": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=open_case(world).pk).update(disposed_at=timezone.now())


def test_keys_can_still_be_rotated(world: World, settings: Any) -> None:
    from cryptography.fernet import Fernet

    answered(world)
    fresh = answered(world, email="other@citizen.example", name="Other")
    Case.objects.filter(pk=fresh.pk).update(finished_at=timezone.now() + 9 * 365 * DAY)
    sent_all()
    disposed(days=3 * 365 + 1)
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_KEYS]
    assert sum(reencrypt(model) for model in encrypted_models()) >= 3
    assert Case.objects.get(pk=fresh.pk).email == "other@citizen.example"


def test_a_second_run_finds_nothing(world: World) -> None:
    answered(world)
    disposed(days=3 * 365 + 1)
    done = DisposalRun.objects.order_by("-pk").values_list("pk", flat=True)[0]
    disposed(days=3 * 365 + 1)
    assert not DisposalRun.objects.filter(pk__gt=done, rows__gt=0).exists()
