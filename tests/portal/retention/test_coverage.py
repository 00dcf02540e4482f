"""Every field that can hold something of a person has a rule, or a reason why it holds nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import QuerySet
from django.utils.translation import override
from modeltranslation.fields import TranslationField

from portal.retention import registry
from portal.retention.disposal import END_OF_TIME, obeyed
from portal.retention.words import kept
from tests.portal.retention.nothing_personal import NOTHING_PERSONAL

HOLDS_WORDS = (
    models.CharField, models.TextField, models.JSONField, models.FileField, models.BinaryField,
    models.GenericIPAddressField, ArrayField, SearchVectorField,
)  # fmt: skip


def fields_with_words() -> Iterator[tuple[str, str]]:
    """Model and name of every field free to hold anything. A field with choices holds one of their codes."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_fields:
            is_code = bool(field.choices) or isinstance(field, TranslationField)
            if isinstance(field, HOLDS_WORDS) and not is_code:
                yield model._meta.label_lower, field.name


def covered() -> set[tuple[str, str]]:
    return {(rule.model, name) for rule in registry.rules() for name in rule.fields}


def excused(model: str, name: str) -> bool:
    return bool({model, f"{model}.{name}"} & NOTHING_PERSONAL.keys())


def test_every_field_that_can_hold_something_of_a_person_has_a_rule_or_a_reason() -> None:
    missing = [
        f"{model}.{name}" for model, name in fields_with_words()
        if (model, name) not in covered() and not excused(model, name)
    ]  # fmt: skip
    assert not missing, "say in a Rule how long it is kept, or in nothing_personal.py why it holds nothing"


def test_no_reason_is_given_for_what_has_a_rule_or_is_not_there() -> None:
    fields = set(fields_with_words())
    names = {model for model, _name in fields} | {f"{model}.{name}" for model, name in fields}
    assert NOTHING_PERSONAL.keys() <= names
    assert not [pair for pair in covered() if excused(*pair)]


@pytest.mark.parametrize("rule", registry.rules(), ids=lambda rule: rule.key)
def test_a_rule_speaks_of_fields_that_exist_and_says_everything_in_both_languages(rule: registry.Rule) -> None:
    model = apps.get_model(rule.model)
    for name in rule.fields:
        model._meta.get_field(name)
    for language in ("ar", "en"):
        with override(language):
            for text in (rule.title, rule.purpose, rule.basis):
                assert str(text).strip()
            assert kept(rule)
    assert (rule.due is None) == (rule.dispose is None)
    assert rule.days is None or rule.counted_from


@pytest.mark.django_db
@pytest.mark.parametrize("rule", obeyed(), ids=lambda rule: rule.key)
def test_a_rule_the_night_obeys_finds_rows_of_its_model_and_empties_none_of_an_empty_table(
    rule: registry.Rule,
) -> None:
    assert rule.due is not None
    assert rule.dispose is not None
    rows = rule.due(END_OF_TIME)
    assert isinstance(rows, QuerySet)
    assert rows.model._meta.label_lower == rule.model
    assert rule.dispose(rows.model._base_manager.none()) == 0
    for kind in rule.within:
        for path in rule.paths(kind):
            assert not rows.filter(**{f"{path}__in": ["1"]}).exists()


def test_an_operator_sets_only_periods_the_night_obeys() -> None:
    assert registry.adjustable().keys() <= {rule.key for rule in obeyed()}
    for rule in obeyed():
        if rule.key in registry.adjustable():
            assert rule.days == registry.adjustable()[rule.key]
