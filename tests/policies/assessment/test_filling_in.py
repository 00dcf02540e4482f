"""The form of an organisation: who opens it, what it keeps, and what two people at once are told."""

from __future__ import annotations

from typing import Any

import html5lib
import pytest

from policies.assessment import actions
from policies.assessment.models import Answer, Assessment
from portal.organisations.models import Role
from portal.staff.models import User
from tests.people import World, staff
from tests.policies.assessment.conftest import (
    FILLING,
    LIST,
    assessment_of,
    fill_in,
    make_set,
    page_of,
    signed_in,
    words,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine(world: World) -> Assessment:
    return assessment_of(make_set(world), world.ministry)


def sent(mine: Assessment, version: int = 1, **values: Any) -> dict[str, Any]:
    """What the form of the area "data" sends; values by code, such as D2="50"."""
    data: dict[str, Any] = {"version": version}
    for one in mine.indicator_set.indicators.filter(area="data"):
        data |= {f"value_{one.pk}": values.get(one.code, ""), f"evidence_{one.pk}": "", f"link_{one.pk}": ""}
    return data


def value(mine: Assessment, code: str) -> str:
    row = mine.answers.filter(indicator__code=code).first()
    return "" if row is None else str(row.value)


def test_it_opens_to_the_own_organisation_only(
    world: World, mine: Assessment, officer: User, stranger: User, reviewer: User
) -> None:
    for user, wanted in ((officer, 200), (world.administrator, 200), (stranger, 404), (reviewer, 404)):
        client = signed_in(user)
        assert client.get(page_of(mine)).status_code == wanted, user
        assert client.get(page_of(mine, "fill", "data")).status_code == wanted
    assert signed_in(world.officer).get(page_of(mine)).status_code == 403
    assert "Ministry" in words(signed_in(officer).get(LIST))
    assert page_of(mine) not in words(signed_in(stranger).get(LIST))


def test_a_colleague_without_the_permission_fills_in_nothing(world: World, mine: Assessment) -> None:
    reader = staff("zaid", world.licensing, Role.OFFICER, "view_assessment")
    assert signed_in(reader).get(page_of(mine)).status_code == 200
    assert signed_in(reader).get(page_of(mine, "fill", "data")).status_code == 403
    assert signed_in(reader).post(page_of(mine, "fill", "data"), sent(mine, D1="1")).status_code == 403
    assert not mine.answers.exists()


def test_part_of_an_area_is_saved_and_shown_again(mine: Assessment, officer: User) -> None:
    client = signed_in(officer)
    page = words(client.get(page_of(mine, "fill", "data")))
    html5lib.HTMLParser(strict=True).parse(page)
    assert "D2 Question D2?" in page
    response = client.post(page_of(mine, "fill", "data"), {**sent(mine, D2="٣٧٫٥"), "then": "next"})
    assert response.headers["Location"] == page_of(mine, "fill", "services")
    assert (value(mine, "D2"), value(mine, "D1")) == ("37.50", "")
    assert 'value="37.5"' in words(client.get(page_of(mine, "fill", "data")))
    overview = words(client.get(page_of(mine)))
    assert "1 of 2 answered" in overview
    html5lib.HTMLParser(strict=True).parse(overview)


@pytest.mark.parametrize("wrong", ["101", "-1", "many", "1,5"])
def test_a_wrong_answer_is_told_and_everything_typed_kept(mine: Assessment, officer: User, wrong: str) -> None:
    data = sent(mine, D1="1", D2=wrong)
    name = next(name for name in data if name.startswith("evidence_"))
    response = signed_in(officer).post(page_of(mine, "fill", "data"), {**data, name: "Written at length"})
    page = words(response)
    assert response.status_code == 422
    assert f'value="{wrong}"' in page
    assert "Written at length" in page
    html5lib.HTMLParser(strict=True).parse(page)


def test_an_unsafe_link_is_refused(mine: Assessment, officer: User) -> None:
    data = sent(mine)
    name = next(name for name in data if name.startswith("link_"))
    page = words(signed_in(officer).post(page_of(mine, "fill", "data"), {**data, name: "http://x.example/"}))
    assert "has to begin with https://" in page


def test_the_second_of_two_people_is_told_what_the_first_saved(mine: Assessment, officer: User, lead: User) -> None:
    signed_in(lead).post(page_of(mine, "fill", "data"), sent(mine, D2="70"))
    response = signed_in(officer).post(page_of(mine, "fill", "data"), sent(mine, D1="0", D2="30"))
    page = words(response)
    assert response.status_code == 409
    for shown in ("Somebody else changed this part", "Bader", ">70<", 'value="30"', 'name="version" value="2"'):
        assert shown in page, shown
    assert value(mine, "D2") == "70.00"
    again = signed_in(officer).post(page_of(mine, "fill", "data"), sent(mine, 2, D1="0", D2="30"))
    assert again.status_code == 302
    assert (value(mine, "D1"), value(mine, "D2")) == ("0.00", "30.00")


def test_two_people_on_different_areas_are_not_in_each_others_way(mine: Assessment, officer: User, lead: User) -> None:
    asked = mine.indicator_set.indicators.get(code="S1")
    data = {"version": 1, f"value_{asked.pk}": "3", f"evidence_{asked.pk}": "", f"link_{asked.pk}": ""}
    assert signed_in(officer).post(page_of(mine, "fill", "data"), sent(mine, D1="1")).status_code == 302
    assert signed_in(lead).post(page_of(mine, "fill", "services"), data).status_code == 302
    assert (value(mine, "D1"), value(mine, "S1")) == ("1.00", "3.00")


def test_what_comes_after_it_was_submitted_is_shown_back(mine: Assessment, officer: User, lead: User) -> None:
    fill_in(mine, lead)
    actions.submit_assessment(assessment=mine, by=lead)
    response = signed_in(officer).post(page_of(mine, "fill", "data"), sent(mine, 2, D2="99"))
    assert response.status_code == 409
    assert "99" in words(response)
    assert value(mine, "D2") == "50.00"
    assert signed_in(officer).get(page_of(mine, "fill", "data")).status_code == 403


def test_only_who_leads_submits(mine: Assessment, officer: User, lead: User) -> None:
    fill_in(mine, officer)
    assert "do/submit" not in words(signed_in(officer).get(page_of(mine)))
    signed_in(officer).post(page_of(mine, "do", "submit"))
    mine.refresh_from_db()
    assert mine.state == "draft"
    client = signed_in(lead)
    assert "do/submit" in words(client.get(page_of(mine)))
    client.get(page_of(mine, "do", "submit"))
    mine.refresh_from_db()
    assert mine.state == "draft"
    client.post(page_of(mine, "do", "submit"), {"version": mine.version})
    mine.refresh_from_db()
    assert (mine.state, mine.submitted_by) == ("submitted", lead)


def test_submitting_names_what_is_missing(mine: Assessment, lead: User) -> None:
    response = signed_in(lead).post(page_of(mine, "do", "submit"), {"version": mine.version})
    assert response.status_code == 422
    assert "Question I2?" in words(response)


def test_the_authority_reads_what_was_submitted_and_decides(
    world: World, mine: Assessment, lead: User, reviewer: User
) -> None:
    fill_in(mine, lead)
    actions.submit_assessment(assessment=mine, by=lead)
    client = signed_in(reviewer)
    assert "القرار 21" in words(client.get(page_of(mine)))
    assert "assessment-reviews" in words(client.get("/admin/"))
    empty = client.post(page_of(mine, "do", "return"), {"reason": ""})
    assert empty.status_code == 422
    client.post(page_of(mine, "do", "return"), {"reason": "Check S1"})
    mine.refresh_from_db()
    assert (mine.state, mine.reason) == ("returned", "Check S1")
    assert "القرار 21" not in words(client.get(page_of(mine)))
    assert "Check S1" in words(signed_in(lead).get(page_of(mine, "fill", "services")))
    actions.submit_assessment(assessment=mine, by=lead)
    assert "do/accept" not in words(signed_in(lead).get(page_of(mine)))
    client.post(page_of(mine, "do", "accept"))
    mine.refresh_from_db()
    assert mine.state == "accepted"


def test_who_filled_it_in_does_not_check_it(world: World, mine: Assessment, lead: User) -> None:
    both = staff("sami", world.licensing, Role.OFFICER, *FILLING, "review_assessment")
    signed_in(both).post(page_of(mine, "fill", "data"), sent(mine, D1="0", D2="30"))
    fill_in(mine, lead)
    actions.submit_assessment(assessment=mine, by=lead)
    page = words(signed_in(both).get(page_of(mine)))
    assert "do/accept" not in page
    assert "do/return" not in page
    for key in ("accept", "return"):
        signed_in(both).post(page_of(mine, "do", key), {"version": mine.version, "reason": "x"})
    mine.refresh_from_db()
    assert mine.state == "submitted"


@pytest.mark.parametrize("key", ["accept", "return"])
def test_a_reviewer_of_older_answers_is_told_and_decides_nothing(
    mine: Assessment, lead: User, reviewer: User, world: World, key: str
) -> None:
    fill_in(mine, lead)
    actions.submit_assessment(assessment=mine, by=lead)
    seen = {"version": mine.version, "reason": "Check S1"}
    actions.return_assessment(assessment=mine, by=world.administrator, reason="Check D1")
    fill_in(mine, lead, D1=0)
    actions.submit_assessment(assessment=mine, by=lead)
    told = words(signed_in(reviewer).post(page_of(mine, "do", key), seen, follow=True))
    assert "Somebody changed answers after you read them" in told
    mine.refresh_from_db()
    assert mine.state == "submitted"


@pytest.mark.parametrize("number", ["9" * 5000, "²", "x"])
def test_a_version_that_is_no_number_of_ours_breaks_nothing(mine: Assessment, lead: User, number: str) -> None:
    fill_in(mine, lead)
    assert signed_in(lead).post(page_of(mine, "do", "submit"), {"version": number}).status_code == 302


def test_who_leads_another_organisation_does_nothing_here(mine: Assessment, stranger: User, lead: User) -> None:
    fill_in(mine, lead)
    for key in ("submit", "accept", "return"):
        assert signed_in(stranger).post(page_of(mine, "do", key), {"reason": "x"}).status_code == 404
    assert Answer.objects.count() == 5


def test_the_desk_says_what_is_to_be_submitted(mine: Assessment, lead: User, reviewer: User) -> None:
    panel = words(signed_in(lead).get("/admin/"))
    assert 'id="panel-assessments"' in panel
    assert "Ministry 2026" in panel
    assert 'id="panel-assessments"' not in words(signed_in(reviewer).get("/admin/"))


def test_the_list_asks_as_often_for_three_as_for_one(
    world: World, officer: User, django_assert_max_num_queries: Any
) -> None:
    client, counts = signed_in(officer), []
    make_set(world, 2024)
    for year in (2025, 2026):
        with django_assert_max_num_queries(20) as queries:
            assert client.get(LIST).status_code == 200
        counts.append(len(queries))
        make_set(world, year)
    assert counts[0] == counts[1]


SET = "/admin/assessment/indicatorset/"
INDICATOR = "/admin/assessment/indicator/"


def test_an_administrator_prepares_and_opens_a_year(world: World) -> None:
    client = signed_in(world.administrator)
    make_set(world, 2025)
    client.post(f"{SET}add/", {"year": 2026, "closes_on": "2099-12-31"})
    begun = assessment_of(make_set(world, 2024), world.ministry).indicator_set.__class__.objects.get(year=2026)
    assert begun.indicators.count() == 5
    new = {"indicator_set": begun.pk, "area": "data", "code": "D9", "position": 5, "kind": "text", "weight": 2,
           "full_at": "", "question_ar": "؟", "question_en": "?", "help_ar": "", "help_en": ""}  # fmt: skip
    assert "write 0" in words(client.post(f"{INDICATOR}add/", new))
    assert client.post(f"{INDICATOR}add/", {**new, "weight": 0}).status_code == 302
    assert client.get(f"{SET}{begun.pk}/open/").status_code == 200
    client.post(f"{SET}{begun.pk}/open/")
    begun.refresh_from_db()
    assert begun.is_open
    frozen = words(client.get(f"{INDICATOR}{begun.indicators.first().pk}/change/"))
    assert 'name="code"' not in frozen
    assert client.get(f"{INDICATOR}{begun.indicators.first().pk}/delete/").status_code == 403
    assert client.get(f"{SET}{begun.pk}/change/").status_code == 200
    assert FILLING
    assert signed_in(world.lead).get(f"{SET}{begun.pk}/open/").status_code == 403
