"""Calendars in the database: what their rows mean, what refuses nonsense, who changed what."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from portal.audit.models import AuditEvent
from portal.working_days import actions, cache
from portal.working_days.hours import due, elapsed, explain
from portal.working_days.models import Calendar, Closure, SpecialHours, Weekday, WeeklyHours
from portal.working_days.public_holidays import missing_holidays
from portal.working_days.words import in_words

pytestmark = pytest.mark.django_db
MUSCAT = ZoneInfo("Asia/Muscat")
EID = {"name_ar": "عيد الفطر", "name_en": "Eid al-Fitr"}
RAMADAN = {"name_ar": "رمضان", "name_en": "Ramadan"}
THURSDAY, SUNDAY, MONDAY = date(2026, 3, 19), date(2026, 3, 22), date(2026, 3, 23)


@pytest.fixture
def calendar():
    return actions.ensure_default_calendar()


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=MUSCAT)


def worked(calendar, day):
    """Minutes of one date."""
    start = datetime.combine(day, time(), MUSCAT)
    return elapsed(calendar.working_hours(), start, start + timedelta(days=1))


def announce(calendar, first=THURSDAY, last=SUNDAY, **more):
    return actions.announce_closure(calendar=calendar, first_day=first, last_day=last, by=None, **EID | more)


def special(calendar, first, last, *pairs, **more):
    intervals = [(time.fromisoformat(a), time.fromisoformat(b)) for a, b in pairs]
    return actions.set_special_hours(
        calendar=calendar, first_day=first, last_day=last, intervals=intervals, by=None, **RAMADAN | more
    )


class TestHours:
    def test_a_new_portal_has_a_default_calendar(self):
        assert Calendar.objects.default().weekly_hours.count() == 5

    def test_the_default_calendar_has_the_official_hours_and_is_made_once(self):
        Calendar.objects.update(is_default=False)
        calendar = actions.ensure_default_calendar()
        assert actions.ensure_default_calendar() == calendar == Calendar.objects.default()
        assert due(calendar.working_hours(), at("2026-11-05T14:00"), 60) == at("2026-11-08T08:00")
        assert [row.weekday for row in calendar.weekly_hours.all()][:2] == [Weekday.SUNDAY, Weekday.MONDAY]

    def test_a_missing_default_calendar_is_an_error_and_not_a_guess(self):
        Calendar.objects.update(is_default=False)
        with pytest.raises(Calendar.DoesNotExist):
            Calendar.objects.default()

    def test_midnight_as_closing_ends_the_day_and_an_earlier_closing_is_next_morning(self, calendar):
        weekly = [(0, time(0), time(0)), (2, time(22), time(6)), (4, time(18), time(0))]
        actions.change_hours(calendar=calendar, weekly=weekly, by=None)
        monday = date(2026, 3, 2)
        assert [worked(calendar, monday + timedelta(days=n)) for n in range(6)] == [1440, 0, 120, 360, 360, 0]

    def test_a_confirmed_closure_closes_and_a_tentative_or_withdrawn_one_does_not(self, calendar):
        closure = announce(calendar, status=Closure.Status.TENTATIVE)
        assert worked(calendar, THURSDAY) == 420
        actions.confirm_closure(closure=closure, by=None, last_day=MONDAY)
        assert [worked(calendar, day) for day in (THURSDAY, SUNDAY, MONDAY)] == [0, 0, 0]
        actions.withdraw_closure(closure=closure, by=None)
        assert worked(calendar, THURSDAY) == 420

    def test_ramadan_shortens_worked_days_only(self, calendar):
        special(calendar, date(2026, 2, 18), MONDAY, ("09:00", "14:00"))
        announce(calendar)
        friday = THURSDAY + timedelta(days=1)
        assert [worked(calendar, d) for d in (THURSDAY, friday, SUNDAY, MONDAY)] == [0, 0, 0, 300]

    def test_a_special_day_is_worked_on_a_closure_and_on_a_weekend_in_all_its_stretches(self, calendar):
        announce(calendar)
        friday = THURSDAY + timedelta(days=1)
        special(calendar, THURSDAY, friday, ("08:00", "10:00"), ("11:00", "12:00"), beats_closures=True)
        assert [worked(calendar, d) for d in (THURSDAY, friday, SUNDAY)] == [180, 180, 0]

    def test_a_special_day_wins_over_ramadan(self, calendar):
        special(calendar, MONDAY, MONDAY, ("09:00", "14:00"))
        special(calendar, MONDAY, MONDAY, ("09:00", "11:00"), beats_closures=True)
        assert worked(calendar, MONDAY) == 120

    def test_removed_special_hours_give_the_ordinary_ones_back(self, calendar):
        (row,) = special(calendar, MONDAY, MONDAY, ("09:00", "14:00"))
        actions.remove_special_hours(special=row, by=None)
        assert worked(calendar, MONDAY) == 420

    def test_an_explanation_names_the_closure_in_the_language_of_the_page(self, calendar):
        announce(calendar)
        line = explain(calendar.working_hours(), at("2026-03-19T00:00"), at("2026-03-19T09:00"))[0]
        with translation.override("en"):
            assert in_words(line) == "Closed: Eid al-Fitr"
        with translation.override("ar"):
            assert "عيد الفطر" in in_words(line)


class TestPreview:
    def test_it_shows_the_hours_with_a_closure_that_is_not_saved(self, calendar):
        draft = Closure(calendar=calendar, first_day=MONDAY, last_day=MONDAY, status="confirmed", **EID)
        start = at("2026-03-23T08:00")
        assert elapsed(calendar.working_hours_if(saved=[draft]), start, start + timedelta(hours=1)) == 0
        assert elapsed(calendar.working_hours(), start, start + timedelta(hours=1)) == 60
        assert not Closure.objects.exists()

    def test_it_shows_the_hours_with_a_row_changed_or_deleted(self, calendar):
        closure = announce(calendar, MONDAY, MONDAY)
        start = at("2026-03-23T08:00")
        without = calendar.working_hours_if(deleted=[closure])
        assert elapsed(without, start, start + timedelta(hours=1)) == 60
        closure.first_day = closure.last_day = SUNDAY
        moved = calendar.working_hours_if(saved=[closure])
        assert elapsed(moved, start, start + timedelta(hours=1)) == 60
        assert elapsed(moved, start - timedelta(days=1), start) == 30


class TestVersion:
    def test_every_change_counts_the_version_up_and_is_audited(self, calendar):
        before = calendar.version
        closure = announce(calendar, status=Closure.Status.TENTATIVE)
        actions.confirm_closure(closure=closure, by=None)
        actions.move_closure(closure=closure, first_day=MONDAY, last_day=MONDAY, by=None)
        actions.withdraw_closure(closure=closure, by=None)
        (row,) = special(calendar, MONDAY, MONDAY, ("09:00", "14:00"))
        actions.remove_special_hours(special=row, by=None)
        calendar.refresh_from_db()
        assert calendar.version == before + 6
        verbs = list(AuditEvent.objects.order_by("id").values_list("verb", flat=True))
        assert verbs[-6:] == [
            "closure.announced",
            "closure.confirmed",
            "closure.moved",
            "closure.withdrawn",
            "special_hours.set",
            "special_hours.removed",
        ]
        moved = AuditEvent.objects.get(verb="closure.moved").data
        assert (moved["before"]["first_day"], moved["first_day"]) == ("2026-03-19", "2026-03-23")
        assert moved["calendar"] == calendar.pk

    def test_a_closure_that_somebody_else_withdrew_is_not_confirmed(self, calendar):
        closure = announce(calendar, status=Closure.Status.TENTATIVE)
        actions.withdraw_closure(closure=Closure.objects.get(), by=None)
        version = Calendar.objects.get().version
        with pytest.raises(actions.ClosureHasMoved) as caught:
            actions.confirm_closure(closure=closure, by=None)
        assert caught.value.closure.status == Closure.Status.WITHDRAWN
        assert Calendar.objects.get().version == version

    def test_a_closure_that_somebody_else_moved_is_not_moved_again_unseen(self, calendar):
        closure = announce(calendar)
        actions.move_closure(closure=Closure.objects.get(), first_day=MONDAY, last_day=MONDAY, by=None)
        with pytest.raises(actions.ClosureHasMoved):
            actions.move_closure(closure=closure, first_day=SUNDAY, last_day=SUNDAY, by=None)
        assert Closure.objects.get().first_day == MONDAY


class TestQueries:
    def queries(self, calendars):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            Calendar.objects.working_hours_by_calendar(calendars)
        return len(captured)

    def test_hours_take_as_many_queries_for_three_calendars_as_for_one(self, calendar):
        others = [Calendar.objects.create(name_ar="أخرى", name_en="Other") for _ in range(3)]
        announce(calendar)
        assert self.queries([calendar.pk]) == 4
        assert self.queries([calendar.pk, *(other.pk for other in others)]) == 4

    def test_known_hours_take_one_query(self):
        known = Calendar.objects.create(name_ar="أ", name_en="A")
        assert self.queries([known.pk]) == 4
        assert self.queries([known.pk]) == 1
        assert known.working_hours() is known.working_hours()


@pytest.mark.django_db(transaction=True)
class TestMemory:
    def test_a_committed_change_is_seen_by_the_next_reader(self, calendar):
        first = calendar.working_hours()
        assert calendar.working_hours() is first
        announce(calendar)
        assert worked(calendar, THURSDAY) == 0

    def test_a_change_that_was_rolled_back_is_forgotten_though_another_process_uses_its_version(self, calendar):
        with transaction.atomic():
            announce(calendar)
            assert worked(calendar, THURSDAY) == 0
            undone = calendar.version
            transaction.set_rollback(True)
        # What another process does, which cannot reach into the memory of this one.
        Closure.objects.create(calendar=calendar, first_day=MONDAY, last_day=MONDAY, status="confirmed", **EID)
        Calendar.objects.update(version=F("version") + 1)
        calendar.refresh_from_db()
        assert calendar.version == undone
        assert [worked(calendar, THURSDAY), worked(calendar, MONDAY)] == [420, 0]

    def test_another_object_of_the_calendar_sees_the_change_before_and_after_the_commit(self, calendar):
        other = Calendar.objects.get()
        other.working_hours()
        with transaction.atomic():
            announce(calendar)
            assert worked(other, THURSDAY) == 0
        assert worked(other, THURSDAY) == 0

    def test_hours_read_between_counting_up_and_writing_are_not_kept(self, calendar):
        with transaction.atomic():
            actions.touch(calendar)
            assert worked(calendar, MONDAY) == 420
            Closure.objects.create(calendar=calendar, first_day=MONDAY, last_day=MONDAY, status="confirmed", **EID)
        assert worked(calendar, MONDAY) == 0
        assert cache.get(calendar.pk, calendar.version) is calendar.working_hours()


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def all_at_once(self, act, times=4):
        def run(_):
            try:
                return act()
            finally:
                connection.close()

        with ThreadPoolExecutor(times) as pool:
            return list(pool.map(run, range(times)))

    def test_four_people_who_propose_the_year_at_once_enter_it_once(self, calendar):
        proposed = self.all_at_once(
            lambda: actions.propose_public_holidays(calendar=Calendar.objects.get(), year=2026, by=None)
        )
        assert sorted(map(len, proposed))[:3] == [0, 0, 0]
        assert Closure.objects.count() == max(map(len, proposed)) > 5

    def test_changes_at_once_each_count_the_version_up(self, calendar):
        self.all_at_once(lambda: announce(Calendar.objects.get()))
        assert Calendar.objects.get().version == calendar.version + 4


class TestPublicHolidays:
    def test_the_year_is_proposed_once_in_both_languages_and_stops_no_clock(self, calendar):
        proposed = actions.propose_public_holidays(calendar=calendar, year=2026, by=None)
        eid = next(c for c in proposed if c.name_en == "Eid al-Fitr")
        assert (eid.first_day, eid.last_day, eid.name_ar) == (THURSDAY, SUNDAY, "عيد الفطر")
        assert {c.status for c in proposed} == {"tentative"}
        assert {c.source for c in proposed} == {"holidays"}
        assert worked(calendar, THURSDAY) == 420
        version = calendar.version
        assert actions.propose_public_holidays(calendar=calendar, year=2026, by=None) == []
        assert calendar.version == version

    def test_what_staff_moved_renamed_or_withdrew_is_not_proposed_again(self, calendar):
        proposed = actions.propose_public_holidays(calendar=calendar, year=2027, by=None)
        for closure in proposed[::2]:
            actions.move_closure(
                closure=closure,
                first_day=closure.first_day + timedelta(days=9),
                last_day=closure.last_day + timedelta(days=9),
                by=None,
            )
        Closure.objects.filter(pk=proposed[1].pk).update(name_en="Renamed")
        actions.withdraw_closure(closure=proposed[1], by=None)
        assert actions.propose_public_holidays(calendar=calendar, year=2027, by=None) == []

    def test_an_occasion_that_comes_twice_in_a_year_is_proposed_twice(self, calendar):
        actions.propose_public_holidays(calendar=calendar, year=2027, by=None)
        days = Closure.objects.filter(name_en="Isra' and Mi'raj").values_list("first_day", flat=True)
        assert [day.month for day in days] == [1, 12]

    def test_days_entered_by_hand_are_not_proposed_unless_withdrawn(self, calendar):
        closure = announce(calendar)
        proposed = actions.propose_public_holidays(calendar=calendar, year=2026, by=None)
        assert "Eid al-Fitr" not in {c.name_en for c in proposed}
        actions.withdraw_closure(closure=closure, by=None)
        (eid,) = actions.propose_public_holidays(calendar=calendar, year=2026, by=None)
        assert eid.name_en == "Eid al-Fitr"

    def test_it_warns_from_october_until_next_years_are_entered(self, calendar):
        assert not missing_holidays(calendar, date(2026, 9, 30))
        assert missing_holidays(calendar, date(2026, 10, 1))
        actions.propose_public_holidays(calendar=calendar, year=2027, by=None)
        assert not missing_holidays(calendar, date(2026, 10, 1))


def broken(**fields):
    return {"first_day": MONDAY, "last_day": MONDAY, **EID, **fields}


class TestTheDatabaseRefuses:
    @pytest.mark.parametrize(
        ("fields", "constraint"),
        [
            (broken(name_en=""), "closure_in_both_languages"),
            (broken(name_ar=None), "closure_in_both_languages"),
            (broken(last_day=SUNDAY), "closure_days_in_order"),
            (broken(last_day=date(2126, 3, 23)), "closure_at_most_a_year"),
            (broken(status="perhaps"), "closure_status_known"),
        ],
    )
    def test_a_nonsensical_closure(self, calendar, fields, constraint):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            Closure.objects.create(calendar=calendar, **fields)

    @pytest.mark.parametrize(
        ("opens", "closes", "constraint"),
        [
            (time(8), time(8), "weekly_hours_have_a_length"),
            (time(8), time(9, 0, 30), "weekly_hours_on_whole_minutes"),
            (time(7, 30), time(9), "weekly_hours_once"),
        ],
    )
    def test_nonsensical_hours(self, calendar, opens, closes, constraint):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            WeeklyHours.objects.create(calendar=calendar, weekday=0, opens=opens, closes=closes)

    def test_special_hours_without_length_or_name(self, calendar):
        for fields in ({"closes": time(9)}, {"closes": time(10), "name_en": ""}):
            with pytest.raises(IntegrityError, match="special_hours_"), transaction.atomic():
                SpecialHours.objects.create(**broken(calendar=calendar, opens=time(9), **fields))

    def test_a_second_default_calendar(self, calendar):
        with pytest.raises(IntegrityError, match="calendar_one_default"), transaction.atomic():
            Calendar.objects.create(name_ar="أخرى", name_en="Other", is_default=True)

    def test_forms_refuse_a_zone_that_does_not_exist(self):
        with pytest.raises(ValidationError) as caught:
            Calendar(name="أخرى", name_ar="أخرى", name_en="Other", timezone="Asia/Nowhere").full_clean()
        assert set(caught.value.message_dict) == {"timezone"}
