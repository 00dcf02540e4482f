"""Legal holds, early disposals, what was disposed of, and the list of periods, for records officers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.contrib.auth.models import Permission
from django.utils import timezone

from accessibility.scanner.scene import Scene
from participation.feedback.actions import work
from participation.feedback.models import Case
from portal.mail.models import MailState, OutgoingMail
from portal.organisations.models import Role
from portal.retention.actions import decide_early_disposal, lift_hold, place_hold, request_early_disposal
from portal.retention.disposal import dispose_due
from portal.retention.models import Decision, Ground
from portal.staff.models import User
from tests.accessibility.scenes import page, press, sign_in_as, then
from tests.people import World, open_case, staff


def records_officer(world: World) -> User:
    user = staff("rashid", world.licensing, Role.LEAD)
    user.user_permissions.add(*Permission.objects.filter(content_type__app_label="retention"))
    return user


def answered(world: World) -> Case:
    case = open_case(world)
    work.reply_to_case(case=case, text="تم تجديد الرخصة.", by=world.officer)
    return case


def disposed(world: World) -> Case:
    """A message whose time is over, and a night that disposed of it; another one was held."""
    case, held = answered(world), answered(world)
    long_ago = timezone.now() - timedelta(days=4 * 365)
    Case.objects.filter(pk__in=[case.pk, held.pk]).update(finished_at=long_ago)
    OutgoingMail.objects.update(state=MailState.SENT, sent_at=long_ago)
    place_hold(kind="feedback.case", key=held.pk, reason="File 12/2026", by=world.administrator)
    dispose_due()
    return case


def retention_desk_scenes(world: World) -> Iterator[Scene]:
    officer = records_officer(world)
    holds, early, runs = (f"retention/{name}/" for name in ("legalhold", "earlydisposal", "disposalrun"))
    yield Scene("legal holds empty", then(sign_in_as(officer), page(holds)))
    yield Scene("early disposals empty", page(early))
    yield Scene("disposals empty", page(runs))
    yield Scene("periods", page(f"{runs}periods/"))
    gone = disposed(world)
    hold = place_hold(reason="File 13/2026", by=world.administrator, until=timezone.now() + timedelta(days=30))
    lifted = place_hold(kind="organisations.unit", key=world.licensing.pk, reason="File 14/2026", by=officer)
    lift_hold(hold=lifted, by=world.administrator)
    asked = {"kind": "feedback.case", "ground": Ground.PERSON}
    waiting = request_early_disposal(key=answered(world).pk, by=world.administrator, **asked)
    refused = request_early_disposal(key=answered(world).pk, by=world.administrator, **asked)
    decide_early_disposal(early=refused, decision=Decision.REFUSED, by=officer)
    yield Scene("legal holds", page(holds))
    yield Scene("legal hold", page(f"{holds}{hold.pk}/change/"))
    yield Scene("legal hold lifted", page(f"{holds}{lifted.pk}/change/"))
    yield Scene("lift a legal hold", page(f"{holds}{hold.pk}/lift/"))
    yield Scene("new legal hold", page(f"{holds}add/"))
    yield Scene("new legal hold with errors", then(page(f"{holds}add/"), press("form.composer button")))
    yield Scene("early disposals", page(early))
    yield Scene("early disposal to decide", page(f"{early}{waiting.pk}/change/"))
    yield Scene("early disposal refused", page(f"{early}{refused.pk}/change/"))
    yield Scene("approve an early disposal", page(f"{early}{waiting.pk}/decide/approved/"))
    yield Scene("new early disposal", page(f"{early}add/"))
    yield Scene("new early disposal with errors", then(page(f"{early}add/"), press("form.composer button")))
    yield Scene("disposals", page(runs))
    yield Scene("disposals with a result", page(f"{runs}?result=some"))
    yield Scene("case disposed of", page(f"feedback/case/{gone.pk}/change/"))
