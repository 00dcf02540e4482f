"""Policies, for everybody and for those who write and review them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from policies.pages import reminding
from policies.pages.actions.reviewing import approve_version, return_version, submit_version
from policies.pages.actions.writing import edit_version, start_version
from policies.pages.models import Policy, PolicyVersion
from portal.organisations.models import Role
from portal.staff.models import User
from tests.accessibility.scenes import Scene, page, press, sign_in_as, then, write
from tests.people import World, staff

WRITING = ("view_policyversion", "change_policyversion")
BODY = {
    "ar": "## المدد\n\nنرد دائمًا خلال المدة.\n\n{{ service_levels }}\n\n## القنوات\n\n- الهاتف\n- النموذج\n\n### المراجعة\n\nنراجعها.",  # noqa: E501
    "en": "## Times\n\nWe always reply in time.\n\n{{ service_levels }}\n\n## Channels\n\n- Telephone\n- Form\n\n### Review\n\nWe do.",  # noqa: E501
}


def people(world: World) -> tuple[User, User]:
    writer = staff("widad", world.licensing, Role.OFFICER, *WRITING)
    return writer, staff("rahma", world.licensing, Role.LEAD, *WRITING, "publish_policyversion")


def draft(world: World, slug: str, by: User, **changes: str) -> PolicyVersion:
    policy = Policy.objects.get(slug=slug)
    Policy.objects.filter(pk=policy.pk).update(unit=world.licensing)
    policy.refresh_from_db()
    version, _is_new = start_version(policy=policy, by=by)
    texts = {"body_ar": BODY["ar"], "body_en": BODY["en"], "changes_ar": "مدد أقصر.", "changes_en": "Shorter times."}
    edit_version(version=version, by=by, revision=version.revision, **{**texts, **changes})
    version.refresh_from_db()
    return version


def in_force(world: World, slug: str, by: User, reviewer: User, days: int = 0) -> PolicyVersion:
    version = draft(world, slug, by)
    submit_version(version=version, by=by)
    at = timezone.now() + timedelta(days=days) if days else None
    approve_version(version=version, by=reviewer, revision=version.revision, at=at)
    return version


def policy_scenes(world: World) -> Iterator[Scene]:
    """The public pages."""
    in_force(world, "service-level", *people(world))
    yield Scene("policies", page("policies/"))
    for slug in ("service-level", "service-charter", "privacy", "cookies", "e-accessibility", "social-media"):
        yield Scene(f"policy {slug}", page(f"policies/{slug}/"))
    yield Scene("policy version in force", page("policies/service-level/v/2/"))
    yield Scene("policy version superseded", page("policies/service-level/v/1/"))
    yield Scene("policy history", page("policies/service-level/history/"))
    yield Scene("policy history of one version", page("policies/terms/history/"))
    yield Scene("policy compared", page("policies/service-level/compare/?from=1&to=2"))
    yield Scene("policy compared with itself", page("policies/service-level/compare/?from=2&to=2"))
    yield Scene("policy with nothing to compare", page("policies/terms/compare/"))
    yield Scene("no policy", then(nothing_published, page("policies/")))


def nothing_published(*_: object) -> None:
    """As before the first migration's texts; only TRUNCATE empties a table that refuses to forget."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE pages_policy, pages_policyversion, pages_reviewreminder")


def policy_desk_scenes(world: World) -> Iterator[Scene]:
    """The staff side, for a writer, a reviewer and an administrator."""
    writer, reviewer = people(world)
    published = in_force(world, "service-level", writer, reviewer)
    scheduled = in_force(world, "terms", writer, reviewer, days=9)
    waiting = draft(world, "cookies", writer)
    submit_version(version=waiting, by=writer)
    returned = draft(world, "privacy", writer, body_en="## One\n\n{{ call_centre }}", changes_ar="")
    PolicyVersion.objects.filter(pk=returned.pk).update(remark="الجدول ناقص.")
    Policy.objects.filter(slug="copyright").update(unit=world.licensing, review_months=1)
    path = lambda version, rest="change/": f"pages/policyversion/{version.pk}/{rest}"  # noqa: E731
    policy = f"pages/policy/{waiting.policy_id}/"
    free = Policy.objects.get(slug="copyright")

    yield Scene("policies of a writer", then(sign_in_as(writer), page("pages/policy/")))
    yield Scene("versions of policies", page("pages/policyversion/"))
    yield Scene("policy of a writer", page(f"{policy}change/"))
    yield Scene("policy begin a version", page(f"pages/policy/{free.pk}/new-version/"))
    yield Scene("policy draft sent back", page(path(returned)))
    yield Scene("policy draft to submit", page(path(returned, "do/submit/")))
    yield Scene("policy draft not ready", then(page(path(returned, "do/submit/")), press("form.composer button")))
    wrong = then(page(path(returned)), write("body_en", "{{ nonsense }}"), press("input[name=_save]"))
    yield Scene("policy draft with errors", wrong)
    other = lambda *_: edit_version(  # noqa: E731
        version=returned, by=reviewer, revision=PolicyVersion.objects.get(pk=returned.pk).revision, title_en="Other"
    )
    conflict = then(page(path(returned)), write("title_en", "Mine"), other, press("input[name=_save]"))
    yield Scene("policy draft changed by two", conflict)
    yield Scene("policy draft to discard", page(path(returned, "delete/")))
    yield Scene("policy in review, for its author", page(path(waiting)))
    yield Scene("policy in force, for staff", page(path(published)))
    yield Scene("policy compared for staff", page(path(waiting, "compare/")))
    for code in ("ar", "en"):
        yield Scene(f"policy preview {code}", page(path(returned, f"preview/{code}/")))
    yield from _review(reviewer, waiting, scheduled, published, path)
    yield Scene("policy added", then(sign_in_as(world.administrator), page("pages/policy/add/")))
    yield Scene("policy added with errors", then(page("pages/policy/add/"), press("input[name=_save]")))


def _review(
    reviewer: User, waiting: PolicyVersion, scheduled: PolicyVersion, published: PolicyVersion, path
) -> Iterator[Scene]:
    yield Scene("desk of a reviewer", then(sign_in_as(reviewer), page("")))
    yield Scene("policy in review, for its reviewer", page(path(waiting)))
    yield Scene("policy to approve", page(path(waiting, "do/approve/")))
    choose = lambda browser, _base: browser.execute_script(  # noqa: E731
        "document.querySelector('input[value=later]').click()"
    )
    yield Scene("policy approved without a day",
                then(page(path(waiting, "do/approve/")), choose, press("form.composer button")))  # fmt: skip
    yield Scene("policy to send back", page(path(waiting, "do/return/")))
    unsaid = then(page(path(waiting, "do/return/")), press("form.composer button"))
    yield Scene("policy to send back with errors", unsaid)
    back = lambda *_: return_version(version=waiting, by=reviewer, remark="x")  # noqa: E731
    late = then(page(path(waiting, "do/return/")), write("remark", "الأرقام"), back, press("form.composer button"))
    yield Scene("policy remark too late", late)
    yield Scene("policy scheduled", page(path(scheduled)))
    yield Scene("policy to unschedule", page(path(scheduled, "do/unschedule/")))
    yield Scene("policy still right", page(f"pages/policy/{published.policy_id}/still-right/"))


def policy_letters(world: World) -> None:
    """Writes the letter mail/pages/review_due: call it before the scenes of letters."""
    Policy.objects.filter(slug="copyright").update(unit=world.licensing)
    version = PolicyVersion.objects.current().select_related("policy__unit").get(policy__slug="copyright")
    reminding._remind_once(version, timezone.now())
