"""axe finds nothing on any page, in either language, on a phone or a desktop, in light or dark.

Every template of the project must have been on a scanned page: tests/accessibility/coverage.py.
"""

from __future__ import annotations

import pytest

from portal.staff.models import User
from tests.accessibility.axe import Look, rendered_templates, scan, set_look
from tests.accessibility.scenes import (
    Scene,
    content_scenes,
    desk_scenes,
    error_scenes,
    letter_scenes,
    page,
    public_scenes,
    sign_in_as,
    then,
)
from tests.accessibility.scenes_answering import answering_scenes
from tests.accessibility.scenes_faq import faq_desk_scenes, faq_scenes
from tests.accessibility.scenes_feeds import feed_scenes
from tests.accessibility.scenes_news import news_desk_scenes, news_scenes
from tests.accessibility.scenes_outcomes import commitment_scenes, outcome_scenes, remind_of_outcomes
from tests.accessibility.scenes_performance import performance_scenes
from tests.accessibility.scenes_surveys import builder_scenes, letters_about_surveys, result_scenes
from tests.people import build_world, staff

pytestmark = [pytest.mark.urls("tests.accessibility.urls"), pytest.mark.timeout(900)]
LOOKS = [Look(1280), Look(320), Look(1280, dark=True)]


def walk(browser, base, scenes):
    """Scan each scene in every look; returns what was found, a line each."""
    found = []
    with rendered_templates() as names:
        for scene in scenes:
            set_look(browser, LOOKS[0])
            scene.enter(browser, base)
            found += [f"{scene.name}: {problem}" for problem in scan(browser, LOOKS)]
    return names, "\n".join(found)


def feedback_scenes(world):
    """Contact us, the failures, and with all letters that were written on the way."""
    world.topic.guidance_ar, world.topic.guidance_en = "نص إرشادي", "Guidance"
    world.topic.save()
    yield from public_scenes(world)
    yield from error_scenes()
    yield from letter_scenes()


def participation_scenes(world):
    """Polls, surveys and what came of them, on the map and the home page too."""
    yield Scene("map empty", page("participation/"))
    yield from answering_scenes(world)
    yield from result_scenes(world)
    yield from outcome_scenes(world)
    remind_of_outcomes(world)
    letters_about_surveys(world)
    for path in ("", "participation/", "participation/done/"):
        yield Scene(f"filled {path}", page(path))
    yield from letter_scenes()


def reading_scenes(world):
    """News, questions and answers, feeds, service levels."""
    yield from news_scenes(world)
    yield from faq_scenes(world)
    yield from feed_scenes()
    yield from performance_scenes(world)
    yield from letter_scenes()


def editing_scenes(world):
    """The desk of those who publish."""
    yield from news_desk_scenes(world)
    yield from builder_scenes(world)
    yield from commitment_scenes(world)
    yield Scene(
        "desk with promises", then(sign_in_as(staff("bushra", world.licensing, "lead", "view_commitment")), page(""))
    )
    yield from faq_desk_scenes(world)


PUBLIC = [feedback_scenes, participation_scenes, reading_scenes]
STAFF = [desk_scenes, content_scenes, editing_scenes]


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("scenes", PUBLIC)
def test_public_pages(browser, live_server, transactional_db, settings, scenes, language, templates_on_pages):
    settings.THROTTLES = dict.fromkeys(settings.THROTTLES, (1000, 60))
    names, found = walk(browser, f"{live_server.url}/{language}/", scenes(build_world()))
    templates_on_pages(names)
    assert not found


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("scenes", STAFF)
def test_staff_pages(browser, live_server, transactional_db, scenes, language, templates_on_pages):
    world = build_world()
    User.objects.update(language=language)
    browser.get(f"{live_server.url}/admin/login/?language={language}")
    names, found = walk(browser, f"{live_server.url}/admin/", scenes(world))
    templates_on_pages(names)
    assert not found
