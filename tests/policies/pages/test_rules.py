"""What the database refuses of versions, whoever asks it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from policies.pages.actions.in_force import tell
from policies.pages.models import Policy, PolicyVersion
from tests.policies.pages.conftest import approved, drafted, fresh, in_review, texts

pytestmark = pytest.mark.django_db


def refused(sql: str, *values: object) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize(
    "change",
    [
        "title_en = 'x'", "body_ar = body_ar || 'x'", "summary = 'x'", "changes_en = 'x'", "number = 99",
        "stage = 'draft', publish_at = NULL", "publish_at = now() + interval '1 day'", "revision = 7",
        "reviewed_at = now()", "announced_at = now()",
    ],
)  # fmt: skip
def test_a_published_version_is_never_changed(policy, change):
    first = policy.versions.get()
    assert refused(f"UPDATE pages_policyversion SET {change} WHERE id = %s", first.pk)
    assert fresh(first).body_ar == first.body_ar


def test_a_published_version_is_never_deleted(policy, writer, reviewer):
    version = approved(policy, writer, reviewer)
    assert refused("DELETE FROM pages_policyversion WHERE id = %s", version.pk)
    assert refused("DELETE FROM pages_policyversion WHERE id = %s", policy.versions.get(number=1).pk)


def test_what_is_in_review_or_scheduled_keeps_the_text_its_reviewer_reads(policy, writer, reviewer):
    version = in_review(policy, writer)
    assert refused("UPDATE pages_policyversion SET body_en = 'x' WHERE id = %s", version.pk)
    assert refused("UPDATE pages_policyversion SET body_en = 'x', stage = 'approved' WHERE id = %s", version.pk)


def test_a_scheduled_version_keeps_its_text_and_may_become_a_draft(policy, writer, reviewer):
    version = approved(policy, writer, reviewer, at=timezone.now() + timedelta(days=3))
    assert refused("UPDATE pages_policyversion SET title_ar = 'x' WHERE id = %s", version.pk)
    back = "stage = 'draft', publish_at = NULL, reviewer_id = NULL, reviewed_at = NULL"
    assert not refused(f"UPDATE pages_policyversion SET {back} WHERE id = %s", version.pk)


def test_the_text_of_its_last_day_is_noted_once(policy, writer, reviewer):
    approved(policy, writer, reviewer)
    first = policy.versions.get(number=1)
    assert first.frozen_at is not None
    assert refused("UPDATE pages_policyversion SET frozen_ar = 'x' WHERE id = %s", first.pk)


def test_nobody_reviews_what_they_wrote(policy, writer, reviewer):
    version = in_review(policy, writer)
    approve = "stage = 'approved', publish_at = now() + interval '1 day', reviewed_at = now(), reviewer_id = %s"
    assert refused(f"UPDATE pages_policyversion SET {approve} WHERE id = %s", writer.pk, version.pk)
    assert refused(f"UPDATE pages_policyversion SET {approve} WHERE id = %s", None, version.pk)
    assert not refused(f"UPDATE pages_policyversion SET {approve} WHERE id = %s", reviewer.pk, version.pk)


@pytest.mark.parametrize(
    "fields",
    [
        {"number": 0}, {"number": 1}, {"stage": "published"}, {"stage": "in_review", "title_en": ""},
        {"stage": "in_review", "body_ar": None}, {"stage": "in_review", "changes_en": ""},
        {"stage": "in_review", "publish_at": timezone.now()}, {"stage": "approved"}, {"author": None},
        {"frozen_at": timezone.now(), "frozen_ar": "x", "frozen_en": "x"}, {"announced_at": timezone.now()},
    ],
)  # fmt: skip
def test_it_refuses_a_version_that_makes_no_sense(policy, writer, fields):
    row = {"policy": policy, "number": 2, "author": writer, "editor": writer, **texts(), **fields}
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyVersion.objects.create(**row)


def test_a_policy_has_one_unfinished_version(policy, writer):
    drafted(policy, writer)
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyVersion.objects.create(policy=policy, number=3, author=writer, editor=writer)


def test_a_later_version_comes_into_force_later(policy, writer, reviewer):
    approved(policy, writer, reviewer, at=timezone.now() + timedelta(days=3))
    row = {
        "policy": policy, "number": 3, "author": writer, "editor": writer, "reviewer": reviewer, **texts(),
        "reviewed_at": timezone.now(), "stage": "approved", "publish_at": timezone.now() + timedelta(days=1),
    }  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyVersion.objects.create(**row)


@pytest.mark.parametrize(
    "fields", [{"slug": "Bad Slug"}, {"group": "other"}, {"review_months": 0}, {"review_months": 61}]
)
def test_it_refuses_a_policy_that_makes_no_sense(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Policy.objects.create(**{"slug": "new", **fields})


def test_telling_twice_does_nothing(policy, writer, reviewer):
    assert not tell(approved(policy, writer, reviewer))
