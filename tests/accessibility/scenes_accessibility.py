"""The accessibility statement, its audits, and what staff enter for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from accessibility.actions import store_audit
from accessibility.models import Audit, KnownIssue, ManualCheck
from accessibility.scanner.scene import Scene
from tests.accessibility.scenes import page, press, sign_in_as, then
from tests.accessibility_app.results import a_document
from tests.people import World


def accessibility_scenes(world: World) -> Iterator[Scene]:
    """The statement before and after an audit, the history, one audit with everything that can be wrong."""
    Audit.objects.all().delete()
    KnownIssue.objects.all().delete()
    yield Scene("statement without an audit", page("accessibility/"))
    yield Scene("audits empty", page("accessibility/audits/"))
    audit = an_audit()
    issues_and_checks()
    yield Scene("statement", page("accessibility/"))
    yield Scene("audits", page("accessibility/audits/"))
    yield Scene("audit with findings", page(f"accessibility/audits/{audit.pk}/"))
    clean = store_audit(document=a_document(clean=True, ends=timezone.now() + timedelta(minutes=1)))
    assert clean is not None
    yield Scene("audit without findings", page(f"accessibility/audits/{clean.pk}/"))


def accessibility_desk_scenes(world: World) -> Iterator[Scene]:
    """The same for staff, as the administrator."""
    audit = an_audit()
    check, issue = issues_and_checks()
    yield Scene("checks by hand", then(sign_in_as(world.administrator), page("accessibility/manualcheck/")))
    yield Scene("check by hand", page(f"accessibility/manualcheck/{check.pk}/change/"))
    yield Scene("new check by hand", page("accessibility/manualcheck/add/"))
    yield Scene("check by hand with errors", then(page("accessibility/manualcheck/add/"), press("input[name=_save]")))
    yield Scene("known issues", page("accessibility/knownissue/"))
    yield Scene("known issue", page(f"accessibility/knownissue/{issue.pk}/change/"))
    yield Scene("new known issue with errors", then(page("accessibility/knownissue/add/"), press("input[name=_save]")))
    yield Scene("list of audits", page("accessibility/audit/"))
    yield Scene("audit looked at", page(f"accessibility/audit/{audit.pk}/change/"))


def an_audit() -> Audit:
    """An audit that found something of each kind."""
    audit = store_audit(document=a_document())
    assert audit is not None
    return audit


def issues_and_checks() -> tuple[ManualCheck, KnownIssue]:
    """A check by hand, an open issue with a date and a mended one."""
    today = timezone.localdate()
    check = ManualCheck.objects.create(
        criterion="1.3.3", what_ar="لا تعتمد التعليمات على الشكل أو اللون.", what_en="No instruction relies on shape.",
        role_ar="محرر", role_en="An editor", aid_ar="قارئ شاشة", aid_en="A screen reader",
        result="met", checked_on=today,
    )  # fmt: skip
    texts = {
        "what_ar": "ملفات مرفقة لا تُقرأ.", "what_en": "Attached files cannot be read.",
        "reason_ar": "تُعدّ خارج البوابة.", "reason_en": "They are made elsewhere.",
        "alternative_ar": "اطلبوا النص.", "alternative_en": "Ask for the text.",
    }  # fmt: skip
    issue = KnownIssue.objects.create(
        criterion="1.1.1", since=today - timedelta(days=9), planned_on=today + timedelta(days=30), **texts
    )
    KnownIssue.objects.create(criterion="1.4.10", since=today - timedelta(days=20), fixed_on=today, **texts)
    return check, issue
