"""The policies a new portal starts with: version 1 of each, in both languages, from the files under texts/."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from policies.pages.states import Group, Stage
from portal.bilingual import LANGUAGE_CODES

FOLDER = Path(__file__).parent / "texts"
POLICIES = {
    Group.SERVICE: ["service-charter", "service-level", "e-accessibility", "e-transformation"],
    Group.PARTICIPATION: ["e-participation", "social-media", "open-data"],
    Group.RIGHTS: ["privacy", "cookies", "terms", "copyright", "anti-corruption"],
}
"""Their addresses, in the order of the list. Other pages and other bodies link to them."""
HEAD = ("title", "summary")


@dataclass(frozen=True)
class Text:
    """One policy in one language."""

    title: str
    summary: str
    body: str


@cache
def read_text(slug: str, code: str) -> Text:
    """The text in a file: lines `title:` and `summary:`, an empty line, then Markdown. ValueError for any other."""
    path = FOLDER / f"{slug}.{code}.md"
    head, _empty, body = path.read_text(encoding="utf-8").partition("\n\n")
    found = {name.strip(): value.strip() for name, _colon, value in (line.partition(":") for line in head.splitlines())}
    if set(found) != set(HEAD) or not all(found.values()) or not body.strip():
        raise ValueError(f"{path.name} does not begin with a title, a summary and an empty line.")
    return Text(found["title"], found["summary"], body.strip() + "\n")


def slugs() -> list[str]:
    """The addresses of all of them."""
    return [slug for group in POLICIES.values() for slug in group]


@transaction.atomic
def ensure_first_texts(**_kwargs: Any) -> None:
    """After a migration: make the policies that are missing. One that is there is the operator's own and stays."""
    from policies.pages.models import Policy, PolicyVersion

    known = set(Policy.objects.values_list("slug", flat=True))
    missing = [
        Policy(slug=slug, group=group, position=10 * number)
        for group, listed in POLICIES.items()
        for number, slug in enumerate(listed, 10 * list(POLICIES).index(group) + 1)
        if slug not in known
    ]
    now = timezone.now()
    PolicyVersion.objects.bulk_create(_first_version(policy, now) for policy in Policy.objects.bulk_create(missing))


def _first_version(policy: Any, now: Any) -> Any:
    """Version 1: in force at once, of the system's authorship, which nobody is asked to review."""
    from policies.pages.models import PolicyVersion

    texts = {code: read_text(policy.slug, code) for code in LANGUAGE_CODES}
    return PolicyVersion(
        policy=policy,
        number=1,
        stage=Stage.APPROVED,
        publish_at=now,
        announced_at=now,
        **{f"{name}_{code}": getattr(text, name) for code, text in texts.items() for name in (*HEAD, "body")},
    )
