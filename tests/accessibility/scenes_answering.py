"""Voting and answering, in every phase and state."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from participation.surveys.actions.drafts import draft_token, save_page, start_draft
from participation.surveys.kinds import Access, State
from participation.surveys.models import Question, Questionnaire
from portal.satisfaction import Answered, satisfaction_token
from tests import questionnaires as asking
from tests.accessibility.scenes import Scene, page, press, then, write
from tests.people import World


def answering_scenes(world: World) -> Iterator[Scene]:
    """Polls, surveys and satisfaction in every phase and state; first without any questionnaire."""
    for name in ("polls", "surveys", "satisfaction"):
        yield Scene(f"{name} empty", page(f"{name}/"))
    asks = {"asks_gender": True, "asks_age_group": True, "asks_governorate": True}
    consent = {"on_behalf_of": world.authority, "consent_ar": "أوافق على تسليم إجاباتي.", "consent_en": "I agree."}
    poll = asking.opened(asking.make_poll(world, ["Morning", "Evening", "Other"], slug="hours", **asks, **consent))
    text = {"title_ar": "أي ساعة؟", "title_en": "Which hour?"}
    titled = asking.opened(asking.make_poll(world, slug="titled", **text))
    Question.objects.filter(page__questionnaire=titled).update(text_ar=text["title_ar"], text_en=text["title_en"])
    survey = asking.opened(asking.make_survey(world, slug="services", **consent))
    asking.make_satisfaction(world)
    asking.upcoming(asking.make_poll(world, slug="coming"))
    asking.upcoming(asking.make_survey(world, slug="coming-survey"))
    asking.over(asking.make_poll(world, slug="counting"))
    asking.closed(asking.make_poll(world, slug="closed"), 3)
    asking.opened(asking.make_poll(world, slug="gone"), state=State.WITHDRAWN)
    asking.opened(asking.make_survey(world, slug="invited", access=Access.INVITED))
    yield from phase_scenes()
    yield from link_scenes()
    yield from voting_scenes(poll, titled)
    yield from draft_scenes(survey)


def phase_scenes() -> Iterator[Scene]:
    """Lists and pages in every phase."""
    for path in ("polls/", "surveys/", "polls/hours/", "polls/titled/", "surveys/services/", "satisfaction/"):
        yield Scene(path, page(path))
    for slug in ("coming", "counting", "closed", "gone"):
        yield Scene(f"poll {slug}", page(f"polls/{slug}/"))
    yield Scene("survey coming", page("surveys/coming-survey/"))


def link_scenes() -> Iterator[Scene]:
    """Invitations, links by e-mail, links from an answer."""
    yield Scene("by invitation", page("surveys/invited/"))
    yield Scene("invitation damaged", page("surveys/invited/?grant=x"))
    yield Scene("link by e-mail", page("polls/hours/link/"))
    yield Scene("link by e-mail with errors", then(page("polls/hours/link/"), press("main form button")))
    yield Scene(
        "link sent", then(page("polls/hours/link/"), write("email", "a@citizen.example"), press("main form button"))
    )
    yield Scene("link damaged", page("polls/hours/?grant=x"))
    token = satisfaction_token(Answered("feedback.case", 1, 1, None))
    yield Scene("satisfaction about a message", page(f"satisfaction/?of={token}"))
    yield Scene("satisfaction link too old", page("satisfaction/?of=x"))
    yield Scene("satisfaction with errors", then(page("satisfaction/"), press("main form button")))


def voting_scenes(poll: Questionnaire, titled: Questionnaire) -> Iterator[Scene]:
    """Voting, and what is refused."""
    yield Scene("poll with errors", then(page("polls/hours/"), press("main form button")))
    choose = f"main input[type=radio][value='{asking.question(poll).options.first().pk}']"
    yield Scene("voted", then(page("polls/hours/"), tick(choose), press("main form button")))
    yield Scene("voted already", then(page("polls/hours/"), tick(choose), press("main form button")))
    yield Scene("no cookies", page(f"_no_cookies/{poll.pk}/"))
    edited = lambda *_: asking_was_edited(titled)  # noqa: E731
    vote = (tick("main input[type=radio]"), press("main form button"))
    yield Scene("what is asked was changed", then(page("polls/titled/"), edited, *vote))


def tick(css: str) -> Callable[[Chrome, str], None]:
    def enter(browser: Chrome, base: str) -> None:
        browser.execute_script("arguments[0].click()", browser.find_element(By.CSS_SELECTOR, css))

    return enter


def asking_was_edited(questionnaire: Questionnaire) -> None:
    Questionnaire.objects.filter(pk=questionnaire.pk).update(version=questionnaire.version + 1)
    questionnaire.refresh_from_db()


def draft_scenes(survey: Questionnaire) -> Iterator[Scene]:
    """Answering page by page: each page as it comes and with errors, saved, read over, sent, gone."""
    draft = start_draft(questionnaire=survey, language="ar")
    base = f"surveys/services/answer/{draft_token(draft)}/"
    go_on = press("button[value=next]")

    def said(*names: str, **data: list[str]) -> Callable[[Chrome, str], None]:
        return lambda *_: save_page(draft=draft, names=[*names, *data], data=data)  # type: ignore[return-value]

    fields = {name: f"q{asking.question(survey, name).pk}" for name in asking.FULL}
    marks = {f"page_{item.pk}": ["1"] for item in survey.pages.all()} | {"page_0": ["1"]}
    used, aspects = asking.question(survey, "used"), asking.question(survey, "aspects")
    yes = {fields["used"]: [str(used.options.get(label_en="Yes").pk)]}
    lines = {f"{fields['aspects']}_row_{row.pk}": [str(aspects.options.first().pk)] for row in aspects.rows.all()}
    first, second, fourth, fifth = (f"{base}{number}/" for number in (1, 2, 4, 5))
    yield Scene("survey page with choices", page(first))
    yield Scene("survey page with choices and errors", then(page(first), go_on))
    yield Scene(
        "survey page with scale and matrix", then(said(**yes, **dict([next(iter(marks.items()))])), page(second))
    )
    yield Scene("survey page with scale and matrix and errors", then(page(second), go_on))
    rest = said(**yes, **marks, **{fields["ease"]: ["4"]}, **lines)
    yield Scene("survey page with fields", then(rest, page(fourth)))
    yield Scene("survey page with fields and errors", then(page(fourth), write(fields["visits"], "51"), go_on))
    yield Scene("survey page with ranking", then(said(fields["visits"]), said(**marks), page(fifth)))
    yield Scene("survey page about the person", page(f"{base}6/"))
    yield Scene("survey saved", page(f"{base}saved/"))
    yield Scene("survey saved with errors", then(page(f"{base}saved/"), press("main form button")))
    yield Scene(
        "survey link sent", then(page(f"{base}saved/"), write("email", "a@citizen.example"), press("main form button"))
    )
    yield Scene("survey read over", page(f"{base}review/"))
    yield Scene("survey sent", then(page(f"{base}review/"), press("main form button")))
    yield Scene("survey answered already", then(page("surveys/services/"), press("main form button")))
    yield Scene("survey answers gone", page(f"{base}1/"))
