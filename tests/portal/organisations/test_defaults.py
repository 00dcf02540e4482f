"""What a new portal starts with."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command

from portal.organisations.models import Topic
from portal.working_days.models import Calendar


def test_a_new_portal_has_a_topic_for_everything_else_in_both_languages(db: None) -> None:
    topic = Topic.objects.get()
    assert (topic.slug, topic.name_ar, topic.name_en) == ("other", "موضوع آخر", "Another topic")


def test_a_migration_brings_back_nothing_the_operator_took_away(db: None) -> None:
    Topic.objects.update(slug="mine")
    Calendar.objects.update(is_default=False)
    call_command("migrate", verbosity=0)
    assert Topic.objects.get().slug == "mine"
    assert Calendar.objects.count() == 1


def test_the_defaults_come_back_after_a_flush(transactional_db: Any) -> None:
    assert Calendar.objects.default().weekly_hours.count() == 5
    assert Topic.objects.exists()
