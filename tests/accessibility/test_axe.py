"""Nothing is wrong on any page, in either language, on a phone or a desktop, in light or dark, by keyboard or touch.

Each page is visited once; axe and the checks of accessibility/scanner look at it then. What needs all pages together -
templates on none, titles that are not unique, twins that differ - is judged at the end of the run: coverage.py.
"""

from __future__ import annotations

import pytest

from accessibility.scanner.walk import lines, walk
from portal.staff.models import User
from tests.accessibility.registry import LANGUAGES, SCENES, WANTED
from tests.people import build_world

pytestmark = [pytest.mark.urls("tests.accessibility.urls"), pytest.mark.timeout(1200)]
PUBLIC = [group for group in WANTED if group.is_public]
STAFF = [group for group in WANTED if not group.is_public]
by_name = {"ids": lambda group: group.name}


def nothing_wrong(found):
    """Fails with everything that was found, a line each, and without the pages it was found on."""
    if wrong := lines(found):
        pytest.fail(wrong, pytrace=False)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("group", PUBLIC, **by_name)
def test_public_pages(browser, live_server, transactional_db, settings, group, language, walked):
    settings.THROTTLES = dict.fromkeys(settings.THROTTLES, (1000, 60))
    scenes = group.scenes(build_world())
    about = {"group": group.name, "language": language, "is_public": True, "only": SCENES}
    found = walk(browser, f"{live_server.url}/{language}/", scenes, **about)
    walked(found)
    nothing_wrong(found)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("group", STAFF, **by_name)
def test_staff_pages(browser, live_server, transactional_db, group, language, walked):
    world = build_world()
    User.objects.update(language=language)
    browser.get(f"{live_server.url}/admin/login/?language={language}")
    about = {"group": group.name, "language": language, "is_public": False, "only": SCENES}
    found = walk(browser, f"{live_server.url}/admin/", group.scenes(world), **about)
    walked(found)
    nothing_wrong(found)
