"""axe finds nothing on any page, in either language, on a phone or a desktop, in light or dark.

Every template of the project must have been on a scanned page; the last test of this file says which was not.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.staff.models import User
from tests.accessibility.axe import rendered_templates, scan, set_window, sideways_scroll
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

pytestmark = [pytest.mark.xdist_group("axe"), pytest.mark.urls("tests.accessibility.urls"), pytest.mark.timeout(600)]
TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
LOOKS = [(1280, False), (320, False), (1280, True)]
scanned: set[str] = set()


def walk(browser, base, scenes):
    """Scan each scene and look for sideways scrolling; returns what was found, a line each."""
    found = {}
    with rendered_templates() as names:
        for scene in scenes:
            scene.enter(browser, base)
            extra = sideways_scroll(browser)
            problems = [f"scrolls sideways by {extra} px"] if extra > 0 else []
            problems += scan(browser)
            if problems:
                found[scene.name] = problems
    scanned.update(names)
    return "\n".join(f"{name}: {problem}" for name, problems in found.items() for problem in problems)


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


@pytest.mark.parametrize(("width", "dark"), LOOKS)
@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("scenes", PUBLIC)
def test_public_pages(browser, live_server, transactional_db, settings, scenes, language, width, dark):
    settings.THROTTLES = dict.fromkeys(settings.THROTTLES, (1000, 60))
    set_window(browser, width, dark=dark)
    assert not walk(browser, f"{live_server.url}/{language}/", scenes(build_world()))


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, False)])
@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("scenes", STAFF)
def test_staff_pages(browser, live_server, transactional_db, scenes, language, width, dark):
    set_window(browser, width, dark=dark)
    world = build_world()
    User.objects.update(language=language)
    browser.get(f"{live_server.url}/admin/login/?language={language}")
    assert not walk(browser, f"{live_server.url}/admin/", scenes(world))


def test_every_template_was_on_a_scanned_page(request):
    """Meaningful only when the whole file ran before it, in one process."""
    others = [item for item in request.session.items if item.path == request.path]
    if len(others) < len(LOOKS) * 2 * len(PUBLIC) + 4 * len(STAFF) + 1:
        pytest.skip("only a part of this file runs")
    written = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html")}
    assert sorted(written - scanned) == []
