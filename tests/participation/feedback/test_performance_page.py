"""Everybody can read how the promises are kept, and take the figures away; what is withheld is nowhere."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from participation.feedback import open_figures
from participation.feedback.actions.work import reply_to_case
from participation.feedback.models import MonthlyFigures
from participation.feedback.performance.models import Part
from participation.feedback.performance.months import plus
from portal.clocks.models import Policy
from portal.figures.registry import open_tables
from portal.organisations.models import Unit
from portal.satisfaction import Answered, read_satisfaction_token
from tests.participation.feedback.test_tracking_page import page_of
from tests.people import World, open_case, unit

OCTOBER = date(2026, 10, 1)
PAGE = "/en/performance/"
FILES = ["csv", "xlsx", "json"]


def figures(owner: Unit | None, month: date = OCTOBER, **changes: Any) -> MonthlyFigures:
    """A row of a busy month."""
    values: dict[str, Any] = {
        "cases": 90, "received": 80, "acknowledged": 79, "reopened": 6, "first_replies": 70, "replies_on_time": 60,
        "replies_excused": 3, "reply_median": 300, "reply_p90": 1200, "reply_median_with_pauses": 330,
        "reply_p90_with_pauses": 1500, "resolutions": 50, "resolutions_on_time": 49, "resolution_median": 600,
        "resolution_p90": 2400, "resolution_median_with_pauses": 660, "resolution_p90_with_pauses": 3000, "paused": 9,
        "paused_median": 120, "paused_citizen": 900, "paused_referral": 300, "paused_incident": 60, "backlog": 20,
        "backlog_late": 8, "backlog_paused": 7, "ratings": 30, "rating_sum": 123, "jumps": 5, "safety_first": 5,
        "changed_at": timezone.now(),
    }  # fmt: skip
    return MonthlyFigures.objects.create(unit=owner, month=month, **values | changes)


def text_of(response: Any) -> str:
    """The words of a page, one space between them."""
    main = re.search(r"<main.*</main>", response.content.decode(), re.DOTALL)
    assert main
    return " ".join(re.sub(r"<[^>]+>", " ", main[0]).split())


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_before_the_first_month_is_over_it_says_what_will_be_here(client, world):
    response = client.get(PAGE)
    assert response.status_code == 200
    assert "No month is over yet" in text_of(response)
    assert "How we count" in text_of(response)


def test_the_overall_numbers_stand_on_top(client, world):
    figures(None)
    page = text_of(client.get(PAGE))
    assert "80 messages received" in page
    assert "90% of first replies within promise 3 of them excused" in page
    assert "98% settled within promise" in page
    assert "5.0 median working hours to the first reply, October 2026 5.5 with pauses" in page
    assert "20 open at the end of October 2026 8 of them late" in page
    assert "4.1 satisfaction, of 5 from 30 ratings" in page


def test_pauses_are_shown_beside_what_was_needed_without_them(client, world):
    figures(None)
    page = client.get(PAGE).content.decode()
    hours = re.search(r"<caption>Working hours needed, by month.*?</table>", page, re.DOTALL)
    pauses = re.search(r"<caption>Pauses, by month.*?</table>", page, re.DOTALL)
    assert re.findall(r'<td class="number">([^<]*)', hours[0]) == [
        "5.0", "20.0", "5.5", "25.0", "10.0", "40.0", "11.0", "50.0",
    ]  # fmt: skip
    assert re.findall(r'<td class="number">([^<]*)', pauses[0]) == ["9", "21.0", "2.0", "15.0", "5.0", "1.0"]


def test_units_stand_beside_each_other_and_lead_to_their_own_page(client, world):
    figures(None)
    figures(world.licensing, received=41)
    response = client.get(PAGE)
    assert f'href="{PAGE}licensing/"' in response.content.decode()
    own = client.get(f"{PAGE}licensing/")
    assert "Service levels kept: Licensing" in text_of(own)
    assert "41 messages received" in text_of(own)


def test_a_small_unit_is_withheld_and_says_so_wherever_it_is_shown(client, world):
    small, protecting = {"received": 4, "cases": 4444}, {"received": 7654, "cases": 7777}
    figures(None, received=7658)
    figures(world.licensing, withheld=[Part.ALL], **small)
    figures(world.other_unit, withheld=[Part.ALL], **protecting)
    figures(world.call_centre, received=66)
    for path in (PAGE, f"{PAGE}licensing/", f"{PAGE}elsewhere/"):
        page = text_of(client.get(path))
        assert "withheld" in page
        assert not {"7654", "7,654", "4444"} & set(page.split())
    assert "The figures of these months are withheld" in text_of(client.get(f"{PAGE}licensing/"))
    for kind in FILES:
        content = body(client.get(f"{PAGE}service-levels.{kind}"))
        if kind == "xlsx":
            content = repr(list(load_workbook(io.BytesIO(content)).active.values)).encode()
        assert b"7658" in content
        assert b"7654" not in content
    rows = [dict(zip((c.name for c in t.columns), row, strict=True)) for t in [table()] for row in t.rows()]
    hidden = next(row for row in rows if row["unit"] == "licensing")
    assert hidden["withheld"] == "all"
    kept = {"month", "unit", "unit_name_ar", "unit_name_en", "withheld", "status"}
    assert {name for name, value in hidden.items() if value is not None} == kept


def test_a_sum_over_months_leaves_out_what_is_withheld(client, world):
    for index, hidden in enumerate([[], [Part.REPLIES], [Part.ALL]]):
        figures(None, plus(OCTOBER, -index))
        figures(world.licensing, plus(OCTOBER, -index), received=10 * 7**index, withheld=hidden)
    page = text_of(client.get(f"{PAGE}licensing/"))
    assert "80 messages received" in page
    assert "1 month is withheld whole and left out of the numbers on top." in page
    table = re.search(r"<caption>Pauses.*?</table>", client.get(f"{PAGE}licensing/").content.decode(), re.DOTALL)
    august = re.search(r"August 2026.*?</tr>", table[0], re.DOTALL)
    assert re.findall(r"<td[^>]*>([^<]+)</td>", august[0]) == ["withheld"]


def test_the_last_twelve_months_are_shown_or_a_year(client, world):
    for index in range(15):
        figures(None, plus(OCTOBER, -index), received=100 + index)
    recent = text_of(client.get(PAGE))
    assert "November 2025" in recent
    assert "October 2025" not in recent
    older = text_of(client.get(f"{PAGE}?year=2025"))
    assert "October 2025" in older
    assert "January 2026" not in older
    assert "January 2026" in text_of(client.get(f"{PAGE}?year=1999"))


def test_the_units_of_an_earlier_month_can_be_asked_for(client, world):
    for index in range(2):
        figures(None, plus(OCTOBER, -index))
        figures(world.licensing, plus(OCTOBER, -index))
    page = client.get(PAGE).content.decode()
    assert 'href="/en/performance/?month=2026-09#units"' in page
    assert "Units in October 2026" in text_of(client.get(PAGE))
    assert "Units in September 2026" in text_of(client.get(f"{PAGE}?month=2026-09"))
    assert "Units in October 2026" in text_of(client.get(f"{PAGE}?month=nonsense"))


def test_the_filter_leads_to_the_unit_without_script(client, world):
    figures(None)
    response = client.get(f"{PAGE}?unit=licensing&year=2026")
    assert response.status_code == 302
    assert response.url == f"{PAGE}licensing/?year=2026"
    assert client.get(f"{PAGE}?unit=&year=").status_code == 200
    assert client.get(f"{PAGE}?unit=nobody").status_code == 404
    assert client.get(f"{PAGE}nobody/").status_code == 404


def test_a_unit_without_figures_says_so(client, world):
    figures(None)
    assert "No figures for these months" in text_of(client.get(f"{PAGE}licensing/"))


def test_provisional_months_are_marked(client, world):
    figures(None)
    figures(None, plus(OCTOBER, -1), is_final=True)
    page = re.search(r"<caption>Pauses.*?</table>", client.get(PAGE).content.decode(), re.DOTALL)[0]
    assert re.search(r"October 2026 <span class=\"chip \">provisional", page)
    assert "September 2026</th>" in page


def test_the_promises_are_told_in_words_and_follow_the_policies(client, world):
    page = text_of(client.get(PAGE))
    assert re.search(r"Complaint 1 working hour 21 working hours 70 working hours", page)
    assert re.search(r"Suggestion 1 working hour 35 working hours 140 working hours", page)
    assert re.search(r"– Public safety 1 working hour 4 working hours 14 working hours", page)
    Policy.objects.filter(kind="complaint", metric="first_reply").update(minutes=90)
    assert "Complaint 1 working hour 1 working hour and 30 minutes" in text_of(client.get(PAGE))


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}licensing/"])
def test_it_asks_as_often_for_many_units_and_months_as_for_few(client, world, path, django_assert_max_num_queries):
    counts = []
    for step in range(2):
        for number in range(1 + 2 * step):
            month = plus(OCTOBER, -number - step)
            figures(None, month)
            figures(world.licensing, month)
            figures(unit(world.ministry, f"unit-{step}-{number}"), OCTOBER)
        client.get(path)
        with django_assert_max_num_queries(14) as queries:
            client.get(path)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_it_sets_no_cookie_and_varies_by_its_address_alone(client, world):
    figures(None)
    response = client.get(PAGE)
    assert not response.cookies
    assert not response.wsgi_request.session.accessed


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("kind", FILES)
def test_the_files_may_be_kept_by_caches_and_hold_every_column(client, world, kind, language):
    figures(None)
    figures(world.licensing, withheld=[Part.RATINGS])
    response = client.get(f"/{language}/performance/service-levels.{kind}")
    assert response.headers["Cache-Control"] == "public, max-age=3600"
    assert f"service-levels.{kind}" in response.headers["Content-Disposition"]
    titles = [getattr(column, f"title_{language}") for column in open_figures.columns()]
    content = body(response)
    if kind == "json":
        found = json.loads(content)
        assert [column["name"] for column in found["columns"]] == [column.name for column in open_figures.columns()]
        rows = [list(row.values()) for row in found["rows"]]
    elif kind == "csv":
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        assert rows.pop(0) == titles
    else:
        rows = [list(row) for row in load_workbook(io.BytesIO(content)).active.values]
        assert rows.pop(0) == titles
    assert [row[1] for row in rows] == ["all", "licensing"]
    assert [str(row[-2] or "") for row in rows] == ["", "ratings"]


def test_a_unit_has_files_of_its_own(client, world):
    figures(None)
    figures(world.licensing)
    figures(world.other_unit)
    content = body(client.get(f"{PAGE}licensing/service-levels.csv")).decode("utf-8-sig")
    assert [row[1] for row in csv.reader(io.StringIO(content))][1:] == ["licensing"]
    assert client.get(f"{PAGE}nobody/service-levels.csv").status_code == 404


def test_other_endings_are_not_found(client, world):
    assert client.get(f"{PAGE}service-levels.exe").status_code == 404


def table() -> Any:
    return next(table for table in open_tables() if table.slug == "service-levels")


def test_the_open_table_has_a_row_for_each_unit_and_month(world):
    assert table().updated_at is None
    figures(None)
    row = figures(world.licensing)
    figures(world.licensing, plus(OCTOBER, -1), is_final=True)
    found = table()
    names = [column.name for column in found.columns]
    rows = [dict(zip(names, values, strict=True)) for values in found.rows()]
    assert [(one["month"], one["unit"], one["status"]) for one in rows] == [
        ("2026-09", "licensing", "final"),
        ("2026-10", "licensing", "provisional"),
    ]
    assert rows[1]["reply_median"] == 5.0
    assert rows[1]["paused_total"] == 21.0
    assert rows[1]["satisfaction"] == 4.1
    assert found.updated_at >= row.changed_at
    assert found.title_en == "Service levels kept"
    assert len(set(names)) == len(names)
    assert {column.type for column in found.columns} <= {"text", "integer", "number", "date", "month"}


def test_an_answered_case_leads_to_the_satisfaction_survey(client, world: World):
    case = open_case(world)
    assert "satisfaction/?of=" not in client.get(page_of(case)).content.decode()
    reply_to_case(case=case, text="Done.", by=world.officer)
    link = re.search(r'href="([^"]*satisfaction/\?of=[^"]*)"', client.get(page_of(case)).content.decode())
    assert link
    token = parse_qs(urlsplit(link[1]).query)["of"][0]
    assert read_satisfaction_token(token) == Answered("feedback.case", case.pk, 1, world.licensing.pk)
