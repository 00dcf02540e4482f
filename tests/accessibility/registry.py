"""All groups of scenes: what a walk visits, one after another, with a database of its own.

A new area adds its scenes to the group they fit, or a group of its own; a template that is on none of them fails the
run (coverage.py).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from accessibility.scanner.scene import Scene
from tests.accessibility.scenes import (
    content_scenes,
    desk_scenes,
    error_scenes,
    letter_scenes,
    page,
    public_scenes,
    sign_in_as,
    then,
)
from tests.accessibility.scenes_accessibility import accessibility_desk_scenes, accessibility_scenes
from tests.accessibility.scenes_answering import answering_scenes
from tests.accessibility.scenes_api import api_scenes
from tests.accessibility.scenes_data import data_scenes, reuse_desk_scenes
from tests.accessibility.scenes_faq import faq_desk_scenes, faq_scenes
from tests.accessibility.scenes_feeds import feed_scenes
from tests.accessibility.scenes_inventory import inventory_desk_scenes, inventory_scenes, remind_of_inventory
from tests.accessibility.scenes_news import news_desk_scenes, news_scenes
from tests.accessibility.scenes_outcomes import commitment_scenes, outcome_scenes, remind_of_outcomes
from tests.accessibility.scenes_performance import performance_scenes
from tests.accessibility.scenes_policies import policy_desk_scenes, policy_letters, policy_scenes
from tests.accessibility.scenes_releases import data_letters, release_scenes
from tests.accessibility.scenes_requests import data_request_desk_scenes, data_request_scenes
from tests.accessibility.scenes_retention import retention_desk_scenes
from tests.accessibility.scenes_reusers import reuser_scenes
from tests.accessibility.scenes_search import search_desk_scenes, search_scenes
from tests.accessibility.scenes_services import (
    assessment_desk_scenes,
    assessment_scenes,
    remind_of_assessments,
    service_desk_scenes,
    service_scenes,
)
from tests.accessibility.scenes_social import official_scenes, social_desk_scenes
from tests.accessibility.scenes_surveys import builder_scenes, letters_about_surveys, result_scenes
from tests.people import World, staff


@dataclass(frozen=True)
class Group:
    """Scenes that share a database and a browser."""

    scenes: Callable[[World], Iterator[Scene]]
    is_public: bool = True

    @property
    def name(self) -> str:
        return self.scenes.__name__.removesuffix("_scenes")


def feedback_scenes(world: World) -> Iterator[Scene]:
    """Contact us, the failures, and with all letters that were written on the way."""
    world.topic.guidance_ar, world.topic.guidance_en = "نص إرشادي", "Guidance"
    world.topic.save()
    yield from public_scenes(world)
    yield from error_scenes()
    yield from letter_scenes()


def participation_scenes(world: World) -> Iterator[Scene]:
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


def reading_scenes(world: World) -> Iterator[Scene]:
    """News, questions and answers, feeds, service levels, accessibility."""
    yield from news_scenes(world)
    yield from faq_scenes(world)
    yield from feed_scenes()
    yield from performance_scenes(world)
    yield from accessibility_scenes(world)
    yield from letter_scenes()


def editing_scenes(world: World) -> Iterator[Scene]:
    """The desk of those who publish."""
    yield from news_desk_scenes(world)
    yield from builder_scenes(world)
    yield from commitment_scenes(world)
    promises = staff("bushra", world.licensing, "lead", "view_commitment")
    yield Scene("desk with promises", then(sign_in_as(promises), page("")))
    yield from faq_desk_scenes(world)
    yield from accessibility_desk_scenes(world)


def governing_scenes(world: World) -> Iterator[Scene]:
    """Policies, services, the assessment, official accounts, the search."""
    policy_letters(world)
    yield from policy_scenes(world)
    yield from service_scenes(world)
    yield from assessment_scenes(world)
    yield from search_scenes(world)
    yield from official_scenes(world)
    remind_of_assessments(world)
    yield from letter_scenes()


def drafting_scenes(world: World) -> Iterator[Scene]:
    """The desk of those who keep policies, services and official accounts."""
    yield from policy_desk_scenes(world)
    yield from service_desk_scenes(world)
    yield from social_desk_scenes(world)


def keeping_scenes(world: World) -> Iterator[Scene]:
    """The desk of the assessment, of synonyms and of what is kept."""
    yield from assessment_desk_scenes(world)
    yield from search_desk_scenes(world)
    yield from retention_desk_scenes(world)


def open_data_scenes(world: World) -> Iterator[Scene]:
    """The inventory and the catalogue, for everybody."""
    yield from inventory_scenes(world)
    yield from data_scenes(world)
    remind_of_inventory(world)
    data_letters(world)
    yield from letter_scenes()


def stewarding_scenes(world: World) -> Iterator[Scene]:
    """The desk of those who keep the inventory and publish data."""
    yield from inventory_desk_scenes(world)
    yield from release_scenes(world)
    yield from reuse_desk_scenes(world)


def building_scenes(world: World) -> Iterator[Scene]:
    """What people read who build upon the data."""
    yield from reuser_scenes(world)
    yield from api_scenes(world)


GROUPS = [
    Group(feedback_scenes),
    Group(participation_scenes),
    Group(reading_scenes),
    Group(governing_scenes),
    Group(open_data_scenes),
    Group(data_request_scenes),
    Group(building_scenes),
    Group(desk_scenes, is_public=False),
    Group(content_scenes, is_public=False),
    Group(editing_scenes, is_public=False),
    Group(drafting_scenes, is_public=False),
    Group(keeping_scenes, is_public=False),
    Group(stewarding_scenes, is_public=False),
    Group(data_request_desk_scenes, is_public=False),
]
ONLY = os.environ.get("AXE_ONLY", "")
LANGUAGES = [code for code in ("ar", "en") if os.environ.get("AXE_LANGUAGE") in (None, "", code)]
"""`manage.py axe --only --language` narrows what is visited: to groups of this name, else to scenes."""
WANTED = [group for group in GROUPS if ONLY in group.name] or GROUPS
SCENES = "" if any(ONLY in group.name for group in GROUPS) else ONLY
"""What the names of the scenes that are looked at must have in them."""
