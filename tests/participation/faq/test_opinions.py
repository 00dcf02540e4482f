"""What readers say counts once, and how often a question is asked is counted by month."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from participation.faq.actions.opinions import count_match, deal_with, explain_vote, vote
from participation.faq.models import Entry, Match, Vote
from participation.faq.staffside.unhelpful import LEAST, unhelpful, with_reasons
from participation.faq.states import Outcome, Reason
from participation.faq.tasks import suggestions_used
from portal.audit.models import AuditEvent
from tests.at_once import at_once
from tests.participation.faq.entries import MakeEntry, lamp
from tests.people import World

pytestmark = pytest.mark.django_db


def counts(entry: Entry) -> tuple[int, int]:
    entry.refresh_from_db()
    return entry.helpful_count, entry.unhelpful_count


def say(entry: Entry, key: str, is_helpful: bool = False) -> Vote:
    return vote(entry=entry, key=key, is_helpful=is_helpful, language="ar")


def test_one_reading_counts_once_and_may_change_its_mind(make_entry: MakeEntry) -> None:
    entry = make_entry()
    say(entry, "a", True)
    say(entry, "a", True)
    assert counts(entry) == (1, 0)
    say(entry, "a", False)
    assert counts(entry) == (0, 1)
    assert explain_vote(key="a", reason=Reason.TOO_LONG, text="طويل")
    say(entry, "a", True)
    assert counts(entry) == (1, 0)
    assert Vote.objects.get().reason == ""
    assert not explain_vote(key="a", reason=Reason.TOO_LONG, text="")
    assert not explain_vote(key="unknown", reason=Reason.TOO_LONG, text="")


@pytest.mark.django_db(transaction=True)
def test_a_double_click_counts_once(make_entry: MakeEntry) -> None:
    entry = make_entry()
    at_once(8, lambda number: say(entry, "a", False))
    at_once(8, lambda number: say(entry, f"b{number}", True))
    assert counts(entry) == (8, 1)


def test_the_database_refuses_a_reason_for_a_yes(make_entry: MakeEntry) -> None:
    entry = make_entry()
    for wrong in ({"is_helpful": True, "reason": "too_long"}, {"is_helpful": False, "reason": "nonsense"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Vote.objects.create(entry=entry, key=str(wrong), language="ar", **wrong)


def test_the_queue_is_ordered_by_the_share_of_no_with_a_minimum(make_entry: MakeEntry, world: World) -> None:
    worst, middling, rare = make_entry(), make_entry(**lamp()), make_entry(**lamp(slug="rare"))
    for number in range(LEAST):
        say(worst, f"w{number}")
        say(middling, f"m{number}")
        say(middling, f"y{number}", True)
    say(rare, "r")
    rows = with_reasons(unhelpful(world.lead))
    assert [(row.entry, row.share, row.no, row.votes) for row in rows] == [
        (worst, 100, LEAST, LEAST),
        (middling, 50, LEAST, 2 * LEAST),
    ]
    assert unhelpful(world.outsider) == []
    assert len(unhelpful(world.administrator)) == 2


def test_reasons_and_words_stand_in_the_queue(make_entry: MakeEntry, world: World) -> None:
    entry = make_entry()
    for number in range(LEAST):
        say(entry, str(number))
        explain_vote(key=str(number), reason=Reason.UNCLEAR if number else "", text="" if number else "أين الرابط؟")
    (row,) = with_reasons(unhelpful(world.lead))
    assert row.reasons == [(str(Reason.UNCLEAR.label), LEAST - 1)]
    assert [each.text for each in row.texts] == ["أين الرابط؟"]


def test_dealing_with_it_leaves_what_came_later(make_entry: MakeEntry, world: World) -> None:
    entry = make_entry()
    for number in range(LEAST):
        say(entry, str(number))
    (row,) = unhelpful(world.lead)
    say(entry, "later")
    assert deal_with(entry=entry, seen=row.seen, by=world.lead) == LEAST
    assert deal_with(entry=entry, seen=row.seen, by=world.lead) == 0
    assert Vote.objects.open().get().key == "later"
    assert unhelpful(world.lead) == []
    assert counts(entry) == (0, LEAST + 1)
    assert AuditEvent.objects.about(entry).get(verb="faq.dealt_with").data == {"count": LEAST}


def test_the_queue_asks_as_often_for_three_as_for_one(make_entry: MakeEntry, world: World) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            with_reasons(unhelpful(world.administrator))
        return len(queries)

    for number in range(LEAST):
        say(make_entry() if not number else Entry.objects.get(slug="renew-registration"), str(number))
    one = asked()
    for name in ("two", "three"):
        entry = make_entry(**lamp(slug=name))
        for number in range(LEAST):
            say(entry, f"{name}{number}")
    assert asked() == one


def test_a_month_counts_what_messages_asked(make_entry: MakeEntry) -> None:
    entry = make_entry()
    for outcome in (Outcome.SUGGESTED, Outcome.SUGGESTED, Outcome.SENT, Outcome.ANSWERED):
        assert count_match(slugs=["renew-registration", "unknown"], outcome=outcome, month=date(2026, 3, 17)) == 1
    count_match(slugs=["renew-registration"], outcome=Outcome.ASKED, month=date(2026, 4, 1))
    rows = Match.objects.order_by("month").values_list("month", "suggested", "answered", "sent", "asked")
    assert list(rows) == [(date(2026, 3, 1), 2, 1, 1, 0), (date(2026, 4, 1), 0, 0, 0, 1)]
    entry.refresh_from_db()
    assert entry.asked_count == 3


def test_one_form_is_counted_once_for_each_outcome(make_entry: MakeEntry) -> None:
    make_entry()
    paths = ["/ar/faq/renew-registration/", "/en/policies/other/", "nonsense", "/ar/faq/"]
    assert suggestions_used("suggested", paths, "form-1") == 1
    assert suggestions_used("suggested", paths, "form-1") == 0
    assert suggestions_used("sent", paths, "form-1") == 1
    assert suggestions_used("suggested", paths, "form-2") == 1
    assert Match.objects.get().suggested == 2
