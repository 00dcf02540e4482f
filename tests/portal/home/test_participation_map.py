"""The map of every tool, and the calendar as a page, as iCal and as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import html5lib
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from participation.feedback.actions.work import reply_to_case
from participation.feedback.models import Case
from participation.outcomes.actions import link, publish_commitment
from participation.outcomes.models import Commitment
from portal import agenda
from portal.agenda import Account, Activity, Latest, Phase, Tool
from tests.people import World, open_case

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0)
DAY = timedelta(days=1)
LONG = "هل تناسبكم ساعات العمل الحالية في مكاتب الخدمة، أم تفضلون فتحها مساءً، يومي الأحد والثلاثاء؟"
ICS, JSON = "/en/participation/calendar.ics", "/en/participation/calendar.json"


def activity(name: str, opens: int, closes: int | None, **fields: Any) -> Activity:
    """An activity that opens and closes so many days from now."""
    return Activity(
        key=f"trial.thing:{name}", tool="trial", title=f"The {name} one", path=f"/polls/{name}/",
        opens_at=NOW + opens * DAY, closes_at=None if closes is None else NOW + closes * DAY, **fields,
    )  # fmt: skip


ACTIVITIES = [
    activity("coming", 3, 9),
    activity("open", -3, 4, summary="Tell us, please; it takes a minute.", held_by="Ministry"),
    activity("standing", -90, None),
    activity("awaiting", -30, -12),
    activity("today", -9, 0),
    activity("answered", -60, -40),
    activity("own", -80, -70, has_outcome=True, updated_at=NOW - 60 * DAY),
]


@pytest.fixture
def agenda_of() -> Iterator[Any]:
    """Puts a tool of these activities alone on the map, and takes it off again."""
    kept, kept_accounts = dict(agenda._tools), list(agenda._account_providers)

    def put(*found: Activity, latest: Latest | None = None) -> None:
        agenda._tools.clear()
        agenda.register(
            Tool("trial", "Trials", "What we try.", "home:home", "Try it", 1, lambda: latest, lambda: found)
        )

    yield put
    agenda._tools.clear()
    agenda._tools.update(kept)
    agenda._account_providers[:] = kept_accounts


def answer(world: World, path: str) -> Commitment:
    """A published commitment about a page."""
    commitment = Commitment.objects.create(
        slug="told", title_ar="ما تحقق", title_en="What came of it all", asked_ar="س", asked_en="A", decided_ar="ج",
        decided_en="B", decision="accepted", status="kept", unit=world.licensing,
    )  # fmt: skip
    link(commitment=commitment, path=path, by=None)
    return publish_commitment(commitment=commitment, by=None)


def read(client: Client, path: str = "/en/participation/") -> str:
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def section(html: str, name: str) -> str:
    """What stands under one heading of the page."""
    found = re.search(rf'<h2 id="{name}">.*?(?=<h2)', html)
    return found[0] if found else ""


def test_the_map_shows_every_registered_tool(client: Client) -> None:
    html = read(client)
    for tool in agenda.tools():
        assert f"<h3>{tool.title}</h3>" in html
    assert {"contact", "outcomes", "feeds"} <= {tool.key for tool in agenda.tools()}


def test_a_tool_shows_its_latest_activity(client: Client, agenda_of: Any) -> None:
    agenda_of(latest=Latest("Results of May", datetime(2026, 5, 31, 12, tzinfo=UTC), "/polls/may/"))
    html = read(client)
    assert '<a href="/en/polls/may/">Results of May</a>' in html
    assert "31 May 2026" in html


def test_contact_us_tells_how_many_were_answered_this_month(client: Client, world: World) -> None:
    assert "answered this month" not in read(client)
    reply_to_case(case=open_case(world), text="تم تجديد الرخصة.", by=world.officer)
    cache.clear()
    assert "1 message answered this month" in read(client)
    Case.objects.update(answered_at=timezone.now() - timedelta(days=40))
    cache.clear()
    assert "answered this month" not in read(client)


def test_the_calendar_is_grouped_by_where_things_stand(client: Client, world: World, agenda_of: Any) -> None:
    agenda_of(*ACTIVITIES)
    answer(world, "/polls/answered/")
    html = read(client)
    groups = {name: re.findall(r"The (\w+) one", section(html, name)) for name in ("open", "upcoming", "awaiting")}
    assert groups == {"open": ["open", "standing"], "upcoming": ["coming"], "awaiting": ["today", "awaiting"]}
    assert re.findall(r"The (\w+) one", section(html, "done")) == ["answered", "own"]
    assert "Closed 12 days ago, outcome not yet published" in html
    assert "Closed today, outcome not yet published" in html
    assert '<a href="/en/outcomes/told/">What came of it all</a>' in section(html, "done")
    assert "Told on its own page" in section(html, "done")
    assert "Open at any time" in section(html, "open")


def test_ten_that_are_done_are_shown_and_all_are_one_link_away(client: Client, agenda_of: Any) -> None:
    agenda_of(*(activity(f"n{number}", -60, -number, has_outcome=True) for number in range(1, 31)))
    html = read(client)
    assert re.findall(r"The (\w+) one", section(html, "done")) == [f"n{number}" for number in range(1, 11)]
    assert '<a href="/en/participation/done/">All 30 that are done</a>' in html
    assert len(re.findall("The n", read(client, "/en/participation/done/"))) == 25
    assert len(re.findall("The n", read(client, "/en/participation/done/?page=2"))) == 5


def test_without_anything_it_says_what_to_do(client: Client, agenda_of: Any) -> None:
    agenda_of()
    html = read(client)
    assert "Nothing is open at the moment" in html
    assert not section(html, "awaiting")
    assert "Nothing is done yet" in read(client, "/en/participation/done/")


def test_the_call_centre_has_its_number_and_hours(client: Client) -> None:
    html = read(client)
    assert '<a href="tel:80000070"><bdi dir="ltr">80000070</bdi></a>' in html
    assert "Sunday to Thursday, 07:30 to 14:30" in html


def test_official_accounts_stand_there_once_somebody_knows_them(client: Client, agenda_of: Any) -> None:
    assert "In social networks" not in read(client)
    agenda.register_accounts(lambda: [Account("X", "@ministry", "https://social.example/ministry")])
    assert 'href="https://social.example/ministry"' in read(client)


@pytest.mark.parametrize("page", ["", "done/"])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_its_html_is_valid_and_sets_no_cookie(
    client: Client, world: World, agenda_of: Any, language: str, page: str
) -> None:
    agenda_of(*ACTIVITIES)
    answer(world, "/polls/answered/")
    response = client.get(f"/{language}/participation/{page}")
    html = response.content.decode()
    html5lib.HTMLParser(strict=True).parse(html)
    assert not response.cookies
    assert not response.wsgi_request.session.accessed
    assert len(re.findall("<h1", html)) == 1


@pytest.mark.parametrize("path", ["/en/participation/", "/en/participation/done/", ICS, JSON])
def test_it_asks_as_often_for_forty_as_for_one(
    client: Client, agenda_of: Any, path: str, django_assert_num_queries: Any
) -> None:
    agenda_of(activity("n0", -60, -1))
    client.get(path)
    with CaptureQueriesContext(connection) as one:
        client.get(path)
    agenda_of(*(activity(f"n{number}", -60, -number) for number in range(1, 41)))
    with django_assert_num_queries(len(one)):
        client.get(path)


def calendar(client: Client, path: str = ICS) -> tuple[bytes, Calendar]:
    response = client.get(path)
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Cache-Control"] == "public, max-age=300"
    return response.content, Calendar.from_ical(response.content)


def test_a_calendar_program_reads_every_activity(client: Client, world: World, agenda_of: Any) -> None:
    agenda_of(*ACTIVITIES)
    answer(world, "/polls/answered/")
    raw, found = calendar(client)
    assert (str(found["VERSION"]), str(found["X-WR-CALNAME"])) == ("2.0", "Musharaka: Calendar of participation")
    events = {str(event["UID"]).partition("@")[0]: event for event in found.walk("VEVENT")}
    assert set(events) == {each.key.replace(":", "-") for each in ACTIVITIES}
    opened = events["trial.thing-open"]
    assert (opened["DTSTART"].dt, opened["DTEND"].dt) == (NOW - 3 * DAY, NOW + 4 * DAY)
    assert f"DTSTART:{(NOW - 3 * DAY).astimezone(UTC):%Y%m%dT%H%M%SZ}".encode() in raw
    assert opened["SUMMARY"] == "The open one"
    assert opened["URL"].endswith("/en/polls/open/")
    assert "Held for Ministry." in opened["DESCRIPTION"]
    assert opened["DESCRIPTION"].startswith("Tell us, please; it takes a minute.")
    standing = events["trial.thing-standing"]
    assert isinstance(standing["DTSTART"].dt, date)
    assert not isinstance(standing["DTSTART"].dt, datetime)
    assert "DTEND" not in standing
    assert "What came of it all" in events["trial.thing-answered"]["DESCRIPTION"]
    assert all(event["DTSTAMP"].dt.tzinfo is not None for event in events.values())


def test_the_calendar_is_written_as_the_standard_wants(client: Client, agenda_of: Any) -> None:
    agenda_of(Activity("trial.thing:1", "trial", LONG, "/polls/x/", NOW, NOW + DAY, summary=f"{LONG}\n{LONG}, \\;"))
    raw, found = calendar(client, ICS.replace("/en/", "/ar/"))
    lines = raw.split(b"\r\n")
    assert lines.pop() == b""
    assert not [line for line in lines if b"\n" in line or b"\r" in line]
    assert max(len(line) for line in lines) <= 75
    for line in lines:
        line.decode()  # no letter is cut in two where a line is folded
    (event,) = found.walk("VEVENT")
    assert event["SUMMARY"] == LONG
    assert event["DESCRIPTION"].startswith(f"{LONG}\n{LONG}, \\;\n")
    assert event["URL"].endswith("/ar/polls/x/")


def test_the_same_activity_keeps_its_name_in_both_languages(client: Client, agenda_of: Any) -> None:
    agenda_of(ACTIVITIES[0])
    names = {
        str(calendar(client, ICS.replace("/en/", f"/{code}/"))[1].walk("VEVENT")[0]["UID"]) for code in ("ar", "en")
    }
    assert len(names) == 1


@pytest.mark.parametrize("path", [ICS, JSON])
def test_what_did_not_change_is_not_sent_again(client: Client, agenda_of: Any, path: str) -> None:
    agenda_of(*ACTIVITIES)
    tag = client.get(path).headers["ETag"]
    again = client.get(path, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    agenda_of(*ACTIVITIES[1:])
    assert client.get(path, headers={"if-none-match": tag}).status_code == 200


def test_machines_read_where_each_stands(client: Client, world: World, agenda_of: Any) -> None:
    agenda_of(*ACTIVITIES)
    commitment = answer(world, "/polls/answered/")
    response = client.get(JSON)
    assert response.headers["Content-Type"] == "application/json"
    found = response.json()
    assert found["language"] == "en"
    by_key = {item["key"]: item for item in found["activities"]}
    phases = {key.partition(":")[2]: item["phase"] for key, item in by_key.items()}
    assert phases == {
        "coming": "upcoming", "open": "open", "standing": "open", "awaiting": "awaiting", "today": "awaiting",
        "answered": "done", "own": "done",
    }  # fmt: skip
    answered = by_key["trial.thing:answered"]
    assert answered["outcome"]["title"] == "What came of it all"
    assert answered["outcome"]["url"].endswith("/en/outcomes/told/")
    assert commitment.published_at is not None
    assert answered["outcome"]["published_at"] == f"{commitment.published_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    assert by_key["trial.thing:own"]["outcome"]["published_at"] is None
    assert by_key["trial.thing:awaiting"]["outcome"] is None
    assert by_key["trial.thing:standing"]["closes_at"] is None
    assert by_key["trial.thing:open"]["closes_at"] == f"{(NOW + 4 * DAY).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def test_json_keeps_arabic_as_it_is(client: Client, agenda_of: Any) -> None:
    agenda_of(Activity("trial.thing:1", "trial", LONG, "/polls/x/", NOW))
    assert LONG in client.get(JSON.replace("/en/", "/ar/")).content.decode()


def test_an_activity_closes_at_its_very_second() -> None:
    item = activity("x", -1, 0)
    assert [item.phase(NOW - timedelta(seconds=1)), item.phase(NOW)] == [Phase.OPEN, Phase.AWAITING]
    assert activity("y", 0, 1).phase(NOW) == Phase.OPEN
    assert activity("y", 0, 1).phase(NOW - timedelta(seconds=1)) == Phase.UPCOMING
    assert activity("z", -1, 0, has_outcome=True).phase(NOW) == Phase.DONE


@pytest.mark.parametrize(("path", "label"), [("participation/", "Take part"), ("contact/", "Contact us")])
def test_the_navigation_says_where_one_is(client: Client, path: str, label: str) -> None:
    html = read(client, f"/en/{path}")
    assert re.findall(r'aria-current="page">([^<]+)<', html) == [label]


def test_below_a_page_its_entry_is_marked(client: Client) -> None:
    html = read(client, "/en/participation/done/")
    assert re.findall(r'aria-current="true">([^<]+)<', html) == ["Take part"]


def test_every_address_of_the_foot_answers(client: Client) -> None:
    html = read(client)
    foot = html[html.index('<footer class="site-footer">') :]
    addresses = re.findall(r'href="(/[^"]+)"', foot)
    assert len(addresses) >= 15
    for address in addresses:
        is_set_up = not address.endswith("/satisfaction/")  # its page says that no survey stands open yet
        assert client.get(address).status_code == (200 if is_set_up else 404), address
