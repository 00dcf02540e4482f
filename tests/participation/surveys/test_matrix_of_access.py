"""Who gets what from every address of a questionnaire, in every phase: the whole table.

Public pages do not ask who is signed in, so the table is the same for a citizen, the officer who built the
questionnaire, staff of another body and an administrator. Results are there for nobody before they are published.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings

from participation.surveys.actions.drafts import draft_token, start_draft
from participation.surveys.kinds import Access, Kind, Phase, State
from participation.surveys.models import Ballot, Draft, Invitation, Questionnaire
from participation.surveys.voters import address_identity, cookie_name, invitation_grant, voter_cookie
from tests.questionnaires import closed, make_poll, make_satisfaction, make_survey, opened, over, question, upcoming

PHASES = ["draft", "upcoming", "open", "counting", "published", "withdrawn"]
# Columns: the phases above. What a GET answers.
OPEN_TO_ALL = {
    "poll": [404, 200, 200, 200, 200, 410],
    "poll ?voted": [404, 200, 200, 200, 200, 410],
    "poll link": [404, 200, 200, 200, 200, 410],
    "poll results": [404, 404, 404, 404, 200, 404],
    "poll download": [404, 404, 404, 404, 200, 404],
    "survey": [404, 200, 200, 200, 200, 410],
    "survey link": [404, 200, 200, 200, 200, 410],
    "survey thanks": [404, 200, 200, 200, 200, 410],
    "survey resume": [404, 200, 303, 200, 200, 410],
    "survey page": [404, 200, 200, 200, 200, 410],
    "survey saved": [404, 200, 200, 200, 200, 410],
    "survey review": [404, 200, 303, 200, 200, 410],
    "survey findings": [404, 404, 404, 404, 200, 404],
    "survey download": [404, 404, 404, 404, 200, 404],
}
# Without the invitation. With it, the columns above hold - but for links by e-mail, which the invited need not.
INVITED_ONLY = {
    name: codes if "results" in name or "findings" in name or "download" in name
    else [404, 403, 403, 403, 200, 410]
    for name, codes in OPEN_TO_ALL.items()
}  # fmt: skip
SATISFACTION = {
    "satisfaction": [404, 200, 200, 200, 200, 410],
    "satisfaction ?voted": [404, 200, 200, 200, 200, 410],
    "satisfaction link": [404, 200, 200, 200, 200, 410],
    "satisfaction results": [404, 404, 404, 404, 404, 404],
    "satisfaction download": [404, 404, 404, 404, 404, 404],
}
# What a POST that would be a good vote answers.
POSTS = {
    "poll": [404, 409, 303, 409, 409, 410],
    "survey": [404, 409, 303, 409, 409, 410],
    "survey page": [404, 409, 303, 409, 409, 410],
    "survey review": [404, 409, 303, 409, 409, 410],
    "satisfaction": [404, 409, 303, 409, 409, 410],
}
ROLES = ["anonymous", "officer", "outsider", "administrator"]
LEAD_AWAY = (301, 302, 303, 307)


def address(name: str, survey: Questionnaire, token: str) -> str:
    """Where a row of the tables is found."""
    answer = f"/en/surveys/q/answer/{token}/"
    return {
        "poll": "/en/polls/q/", "poll ?voted": "/en/polls/q/?voted=1", "poll link": "/en/polls/q/link/",
        "poll results": "/en/polls/q/results/", "poll download": "/en/polls/q/results/data.csv",
        "survey": "/en/surveys/q/", "survey link": "/en/surveys/q/link/", "survey thanks": "/en/surveys/q/thanks/",
        "survey resume": answer, "survey page": f"{answer}1/", "survey saved": f"{answer}saved/",
        "survey review": f"{answer}review/", "survey findings": "/en/surveys/q/findings/",
        "survey download": "/en/surveys/q/findings/data.csv",
        "satisfaction": "/en/satisfaction/", "satisfaction ?voted": "/en/satisfaction/?voted=1",
        "satisfaction link": "/en/satisfaction/link/", "satisfaction results": "/en/satisfaction/results/",
        "satisfaction download": "/en/satisfaction/results/data.csv",
    }[name]  # fmt: skip


def in_phase(questionnaire: Questionnaire, phase: str) -> Questionnaire:
    if questionnaire.kind == Kind.SATISFACTION and phase == "open":
        return questionnaire
    if phase == "draft":
        Questionnaire.objects.filter(pk=questionnaire.pk).update(state=State.DRAFT)
    elif phase == "withdrawn":
        opened(questionnaire, state=State.WITHDRAWN)
    else:
        {"upcoming": upcoming, "open": opened, "counting": over, "published": closed}[phase](questionnaire)
    questionnaire.refresh_from_db()
    assert questionnaire.phase() == Phase(phase)
    return questionnaire


def prepared(world: Any, kind: str, phase: str, access: str = Access.ANYONE) -> tuple[Questionnaire, str]:
    """A questionnaire in a phase, and the token of answers begun while it was open."""
    make = {"poll": make_poll, "survey": make_survey, "satisfaction": make_satisfaction}[kind]
    questionnaire = make(world, slug="q", access=access)
    token = draft_token(start_draft(questionnaire=questionnaire, language="en")) if kind == "survey" else ""
    return in_phase(questionnaire, phase), token


def signed_in(client: Any, world: Any, role: str) -> Any:
    if role != "anonymous":
        client.force_login(getattr(world, role), backend="django.contrib.auth.backends.ModelBackend")
    return client


def kind_of(name: str) -> str:
    return name.partition(" ")[0]


def got(client: Any, table: dict[str, list[int]], kind: str, phase: str, questionnaire: Any, token: str) -> Any:
    """What each address of the table answers, beside what it should; asserts that no page sets a cookie."""
    names = [name for name in table if kind_of(name) == kind]
    found = {}
    for name in names:
        response = client.get(address(name, questionnaire, token))
        found[name] = response.status_code
        assert not response.cookies, name
    return found, {name: table[name][PHASES.index(phase)] for name in names}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("kind", ["poll", "survey", "satisfaction"])
def test_open_to_anyone(client, world, kind, phase, role):
    questionnaire, token = prepared(world, kind, phase)
    found, wanted = got(signed_in(client, world, role), OPEN_TO_ALL | SATISFACTION, kind, phase, questionnaire, token)
    assert found == wanted


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("kind", ["poll", "survey"])
def test_for_the_invited_only(client, world, kind, phase, role):
    questionnaire, token = prepared(world, kind, phase, Access.INVITED)
    found, wanted = got(signed_in(client, world, role), INVITED_ONLY, kind, phase, questionnaire, token)
    assert found == wanted


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("kind", ["poll", "survey"])
def test_with_an_invitation(client, world, kind, phase):
    questionnaire, token = prepared(world, kind, phase, Access.INVITED)
    invitation = Invitation.objects.create(
        questionnaire=questionnaire, email="a@b.example", email_index=address_identity("a@b.example")
    )
    Draft.objects.update(grant=invitation_grant(invitation))
    for name in (name for name in OPEN_TO_ALL if kind_of(name) == kind):
        where = address(name, questionnaire, token)
        response = client.get(f"{where}{'&' if '?' in where else '?'}grant={invitation_grant(invitation)}")
        wanted = OPEN_TO_ALL[name][PHASES.index(phase)]
        assert response.status_code == (404 if name.endswith(" link") and phase == "open" else wanted), name
        assert not response.cookies


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("name", POSTS)
def test_nothing_is_stored_but_while_open(client, world, name, phase):
    questionnaire, token = prepared(world, kind_of(name), phase)
    if name == "survey review" and phase == "open":
        return  # covered in test_survey_drafts.py; here the draft is empty
    drafts = Draft.objects.count()
    client.cookies[cookie_name()] = voter_cookie("somebody")
    asked = question(questionnaire)
    value = 4 if kind_of(name) == "satisfaction" else asked.options.first().pk
    response = client.post(
        address(name, questionnaire, token), {"version": questionnaire.version, f"q{asked.pk}": value}
    )
    assert response.status_code == POSTS[name][PHASES.index(phase)]
    if phase != "open":
        assert not Ballot.objects.exists()
        assert Draft.objects.count() == drafts
        assert not response.cookies


def test_nobody_learns_from_an_address_whether_a_draft_exists(client, world):
    prepared(world, "poll", "draft")
    there, nothing = client.get("/en/polls/q/"), client.get("/en/polls/none/")
    assert there.status_code == nothing.status_code == 404
    assert there.content.replace(b"/q/", b"/none/") == nothing.content


@pytest.mark.parametrize(("path", "kind"), [("/en/polls/q/", "survey"), ("/en/surveys/q/", "poll")])
def test_a_questionnaire_is_found_under_its_own_kind_only(client, world, path, kind):
    prepared(world, kind, "open")
    assert client.get(path).status_code == 404


def test_pages_vary_only_by_their_address(client, world):
    """A browser that voted gets the very page everybody gets, so that pages can be cached whole."""
    prepared(world, "poll", "open")
    for path in ("/en/polls/", "/en/polls/q/", "/en/polls/q/?voted=1", "/en/surveys/"):
        client.cookies.clear()
        first = client.get(path)
        client.cookies[cookie_name()] = voter_cookie("somebody")
        second = client.get(path)
        assert first.content == second.content
        assert not first.wsgi_request.session.accessed
        assert settings.SESSION_COOKIE_NAME not in second.cookies


def test_every_address_is_in_the_table(world):
    from participation.surveys.urls import urlpatterns

    lists = {"polls", "surveys"}
    wanted = {pattern.name for pattern in urlpatterns} - lists
    told = {
        "poll", "poll_link", "poll_results", "download", "survey", "survey_link", "done", "resume", "answer", "saved",
        "review", "findings", "findings_download", "satisfaction", "satisfaction_link", "satisfaction_results",
        "satisfaction_download",
    }  # fmt: skip
    assert wanted == told
    assert len(OPEN_TO_ALL) + len(SATISFACTION) == len(told) + 2  # the thanks of one-page questionnaires
