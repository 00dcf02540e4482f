"""What staff are told by e-mail about releases, each in their own language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import reverse

from opendata.catalogue.models import Release, Version
from opendata.catalogue.standing import deciders
from portal.bilingual import in_language
from portal.mail.actions import write_mail

APPROVE = "catalogue.approve_dataset"
BACKEND = "django.contrib.auth.backends.ModelBackend"


def approvers(release: Release) -> list[Any]:
    """Who may decide about it: those of the unit with the permission who decided nothing in it themselves."""
    people = get_user_model().objects.with_perm(APPROVE, backend=BACKEND, include_superusers=False)
    there = people.filter(memberships__unit=release.dataset.asset.unit_id)
    return list(there.exclude(pk__in=deciders(release)).distinct())


def waiting(release: Release) -> None:
    """To the approvers: it waits for them."""
    _write(release, approvers(release), "waiting", {"sender": release.submitted_by})


def returned(release: Release) -> None:
    """To the uploader: what has to be changed."""
    _write(release, [release.uploaded_by], "returned", {"because": release.returned_because})


def failed(release: Release) -> None:
    """To the uploader, and to the approver where there was one: it could not be read or built, and why."""
    from opendata.catalogue.words.failures import failure_words

    _write(release, {release.uploaded_by, release.approved_by}, "failed", {}, why=failure_words, code=release.failure)


def ending(release: Release, at: datetime) -> int:
    """To the uploader: nobody goes on with it, so it is given up then. Returns how many letters that are new."""
    return _write(release, [release.uploaded_by], "ending", {"day": at})


def published(release: Release, version: Version) -> None:
    """To the uploader and whoever sent it: the public has it."""
    people = {release.uploaded_by, release.submitted_by}
    _write(release, people, "published", {"number": version.number}, public=version)


def _write(
    release: Release, people: Iterable[Any], template: str, context: dict[str, Any], *, why: Any = None, code: str = "",
    public: Version | None = None,
) -> int:  # fmt: skip
    written = 0
    path = reverse("admin:catalogue_release_change", args=[release.pk])
    for person in people:
        if person is None or not person.email or not person.is_active:
            continue
        with in_language(person.language):
            told = {"title": str(release.dataset), "url": f"{settings.SITE_URL}{path}", "release": release, **context}
            if why is not None:
                told["why"] = str(why(code))
            if public is not None:
                told["public_url"] = f"{settings.SITE_URL}{public.get_absolute_url()}"
        mail = write_mail(
            to=person.email, language=person.language, template=f"catalogue/{template}", context=told, about=release,
            dedupe_key=f"catalogue:{release.pk}:{template}:{release.revision}:{person.pk}",
        )  # fmt: skip
        written += mail is not None
    return written
