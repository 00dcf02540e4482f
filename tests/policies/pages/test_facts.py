"""What the pages say of the portal is what the portal does: change a row, and the page follows."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format

from participation.surveys.voters import COOKIE_AGE
from policies.pages import fact_tables, facts
from policies.pages.fact_tables import working_time
from portal import cookies
from portal.bilingual import LANGUAGE_CODES
from portal.clocks.models import EscalationStep
from portal.clocks.models import Policy as Level
from portal.live_facts import facts as all_facts
from portal.retention import registry
from portal.retention.registry import Rule
from portal.richtext import to_html, to_text
from portal.working_days.models import Calendar, Closure, SpecialHours, WeeklyHours
from tests.policies.pages.conftest import words

pytestmark = pytest.mark.django_db


def page(client, slug: str, code: str = "en") -> str:
    return words(client.get(f"/{code}/policies/{slug}/"))


@pytest.mark.parametrize("code", LANGUAGE_CODES)
@pytest.mark.parametrize("name", [fact.name for fact in all_facts()])
def test_every_fact_has_a_value_in_both_languages(name, code):
    with translation.override(code):
        known = next(fact for fact in all_facts() if fact.name == name)
        value = str(known.value())
        assert value.strip() or name == "social_accounts"
        assert str(known.description)
        assert known.is_block or "\n" not in value.strip()
        assert "<script" not in to_html(value)


def test_a_changed_service_level_changes_the_page(client):
    assert "14 working hours" in page(client, "service-level")
    Level.objects.filter(kind="inquiry", metric="first_reply").update(minutes=5 * 60 + 30)
    assert "5 working hours and 30 minutes" in page(client, "service-level")


def test_the_table_of_levels_follows_the_rule_by_which_cases_get_theirs():
    Level.objects.create(subject_kind="feedback.case", kind="", priority="high", metric="resolution", minutes=120)
    with translation.override("en"):
        rows = to_text(fact_tables.service_levels())
    assert "Kind: Complaint\n  Acknowledgement: 1 working hour\n  First reply: 21 working hours" in rows
    assert "Kind: Comment\n  Acknowledgement: 1 working hour\n  First reply: 35 working hours" in rows
    assert "Kind: Every kind, priority “High”\n" in rows
    safety = rows[rows.index("Kind: Correction of published data, priority “Public safety”") :]
    assert "First reply: 4 working hours" in safety.split("- Kind")[0]
    stored = Level.objects.matching("feedback.case", "data_correction", "safety")
    assert stored["first_reply"].minutes == 4 * 60


def test_a_level_out_of_use_is_promised_nowhere(client):
    Level.objects.update(is_active=False)
    assert "No service level is set at the moment." in page(client, "service-level")


def test_an_announced_closure_is_on_the_page(client):
    day = date(timezone.localdate().year, 7, 23)
    closure = Closure.objects.create(
        calendar=Calendar.objects.default(), name_ar="يوم النهضة", name_en="Renaissance | *Day*", first_day=day,
        last_day=day,
    )  # fmt: skip
    assert "Renaissance | *Day*" in page(client, "service-level")
    assert "Expected, not announced yet" in page(client, "service-level")
    assert "يوم النهضة" in page(client, "service-level", "ar")
    Closure.objects.filter(pk=closure.pk).update(status="confirmed")
    assert "Expected, not announced yet" not in page(client, "service-level")
    Closure.objects.filter(pk=closure.pk).update(status="withdrawn")
    assert "Renaissance" not in page(client, "service-level")


def test_special_hours_are_on_the_page(client):
    day = date(timezone.localdate().year, 3, 1)
    SpecialHours.objects.create(
        calendar=Calendar.objects.default(), name_ar="رمضان", name_en="Ramadan", first_day=day,
        last_day=day.replace(day=29), opens=time(9), closes=time(14),
    )  # fmt: skip
    assert "09:00 to 14:00" in page(client, "service-level")


def test_changed_hours_change_every_policy_that_names_them(client):
    with translation.override("en"):
        assert facts.working_hours() == "Sunday to Thursday, 07:30 to 14:30".replace("-", "\\-")
    WeeklyHours.objects.filter(weekday=3).update(closes=time(12))
    assert "Sunday to Wednesday, 07:30 to 14:30; Thursday, 07:30 to 12:00" in page(client, "service-charter")
    with translation.override("ar"):
        assert "من الأحد إلى الأربعاء" in facts.working_hours()


def test_special_hours_in_force_today_stand_beside_the_usual_ones(client):
    today = timezone.localdate()
    named = {"calendar": Calendar.objects.default(), "name_ar": "رمضان", "name_en": "Ramadan"}
    past = {"first_day": today - timedelta(days=9), "last_day": today - timedelta(days=1)}
    SpecialHours.objects.create(**named, **past, opens=time(10), closes=time(11))
    assert "Ramadan, until" not in page(client, "service-charter")
    now = {"first_day": today - timedelta(days=1), "last_day": today + timedelta(days=3)}
    SpecialHours.objects.create(**named, **now, opens=time(9), closes=time(12))
    SpecialHours.objects.create(**named, **now, opens=time(20), closes=time(22))
    with translation.override("en"):
        until = date_format(now["last_day"])
    usual = "Sunday to Thursday, 07:30 to 14:30"
    told = f"{usual}; Ramadan, until {until}: 09:00 to 12:00 and 20:00 to 22:00"
    assert told in page(client, "service-charter")
    assert "؛ رمضان" in page(client, "service-charter", "ar")


def test_the_steps_of_escalation_follow_their_rows(client):
    EscalationStep.objects.filter(level=3).update(minutes_after_due=9 * 60)
    assert "9 working hours" in page(client, "service-level")


def test_a_changed_period_changes_the_privacy_policy(client, monkeypatch):
    rule = Rule(key="test.rule", model="feedback.case", fields=("text",), title="Your <b>voice</b>",
                purpose="To answer", basis="A decree", days=730, counted_from="the last letter")  # fmt: skip
    monkeypatch.setattr(registry, "_rules", {rule.key: rule})
    shown = page(client, "privacy")
    assert "Your &lt;b&gt;voice&lt;/b&gt;" in shown
    assert "2 years, counted from the last letter" in shown


@pytest.mark.parametrize(("days", "expected"), [(180, "6 months, counted from"), (0, "Not kept any longer")])
def test_a_period_reads_as_it_does_for_staff(client, monkeypatch, days, expected):
    rule = Rule(key="test.rule", model="feedback.case", fields=("text",), title="A title", purpose="To answer",
                basis="A decree", days=days, counted_from="the last letter")  # fmt: skip
    monkeypatch.setattr(registry, "_rules", {rule.key: rule})
    shown = page(client, "privacy")
    assert expected in shown
    assert f"{days} days" not in shown


def test_every_cookie_is_on_the_page_and_lasts_as_long_as_it_says(client):
    shown = page(client, "cookies")
    for cookie in cookies.cookies():
        assert f"<td>{cookie.name}</td>" in shown
    assert settings.SESSION_COOKIE_AGE == 9 * 3600  # "nine hours"
    assert 360 < settings.CSRF_COOKIE_AGE / 86400 < 370  # "one year"
    assert COOKIE_AGE.days == 730  # "two years"


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (45, "45 working minutes"),
        (60, "1 working hour"),
        (61, "1 working hour and 1 minute"),
        (140 * 60, "140 working hours"),
    ],
)
def test_working_time_is_told_to_the_minute(minutes, expected):
    with translation.override("en"):
        assert working_time(minutes) == expected


def test_the_limits_of_attachments_are_those_of_the_settings(settings):
    settings.ATTACHMENT_MAX_COUNT, settings.ATTACHMENT_MAX_BYTES = 3, 2_621_440
    with translation.override("en"):
        assert to_text(facts.attachment_limits()).startswith(
            "at most 3 files, each of up to 2.5 MB, of these kinds: PDF"
        )
