"""The service directory and the e-transformation assessment, for everybody and for staff."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import Permission
from django.utils import timezone

from accessibility.scanner.scene import Scene
from policies.assessment import actions as assessing
from policies.assessment.asking import begin_set, move_deadline, open_set, save_indicator
from policies.assessment.models import Assessment, Indicator, IndicatorSet
from policies.assessment.reminding import remind
from policies.services.actions.publishing import publish_service, withdraw_service
from policies.services.actions.writing import edit_service, write_service
from policies.services.models import Service
from portal.organisations.models import Organisation, Role
from portal.staff.models import User
from tests.accessibility.scenes import page, press, sign_in_as, then, write
from tests.office_hours import at
from tests.people import World, staff

KINDS: list[tuple[str, str, str, int, int | None]] = [
    ("D1", "data", "yes_no", 1, None), ("D2", "data", "share", 3, None), ("S1", "services", "level", 2, None),
    ("I1", "internal", "number", 2, 10), ("I2", "internal", "text", 0, None), ("M1", "measurement", "share", 1, None),
]  # fmt: skip
VALUES = {"D1": 1, "D2": 62, "S1": 3, "I1": 7, "M1": 40}


def service(world: World, slug: str, **changes: Any) -> Service:
    facts = {
        "name_ar": f"تسجيل منشأة ({slug})", "name_en": f"Register a business ({slug})", "purpose_ar": "لبدء النشاط.",
        "purpose_en": "To start trading.", "personas": ["citizen", "business"], "life_events": ["business"],
        "channels": ["website", "counter"], "url": "https://services.ministry.example/register",
        "prerequisites_ar": "العمر 18 سنة", "prerequisites_en": "You are 18 or older", "documents_ar": "عقد الإيجار",
        "documents_en": "The lease", "held_documents_ar": "البطاقة", "held_documents_en": "The card",
        "steps_ar": "قدموا الطلب\nادفعوا", "steps_en": "Apply\nPay the fee", "time_amount": 3, "time_unit": "days",
        "fee_kind": "fixed", "fee": Decimal("12.500"), "fee_note_ar": "عن كل سنة", "fee_note_en": "A year",
        "legal_basis_ar": "القانون", "legal_basis_en": "The law", "phone": "80000070", "email": "a@ministry.example",
        "contact_ar": "المكتب", "contact_en": "The office", "topic": world.topic,
    }  # fmt: skip
    place = {"organisation": world.ministry, "unit": world.licensing}
    return write_service(by=world.officer, slug=slug, **{**place, **facts, **changes})


NOTHING = {
    "prerequisites_ar": "", "prerequisites_en": "", "documents_ar": "", "documents_en": "", "held_documents_ar": "",
    "held_documents_en": "", "steps_ar": "", "steps_en": "", "time_amount": None, "time_unit": "", "fee_kind": "",
    "fee": None, "fee_note_ar": "", "fee_note_en": "", "legal_basis_ar": "", "legal_basis_en": "", "phone": "",
    "email": "", "contact_ar": "", "contact_en": "", "topic": None, "url": "", "channels": ["counter"],
}  # fmt: skip


def services(world: World) -> dict[str, Service]:
    """One that is complete, one that states nothing, one withdrawn, a draft."""
    found = {
        "complete": service(world, "complete"), "bare": service(world, "bare", **NOTHING),
        "withdrawn": service(world, "withdrawn"), "draft": service(world, "draft", purpose_en=""),
    }  # fmt: skip
    for name in ("complete", "bare", "withdrawn"):
        publish_service(service=found[name], by=world.administrator)
    withdraw_service(service=found["withdrawn"], by=world.administrator)
    return found


def service_scenes(world: World) -> Iterator[Scene]:
    yield Scene("services empty", page("services/"))
    yield Scene("services by organisation empty", page("services/organisations/"))
    services(world)
    yield Scene("services", page("services/"))
    yield Scene("services narrowed", page("services/?life=business&channel=website"))
    yield Scene("services none fits", page("services/?life=business&channel=counter&persona=citizen&topic=other"))
    for slug in ("complete", "bare", "withdrawn"):
        yield Scene(f"service {slug}", page(f"services/{slug}/"))
    yield Scene("services by organisation", page("services/organisations/"))


def service_desk_scenes(world: World) -> Iterator[Scene]:
    publisher = staff("munira", world.licensing, Role.LEAD)
    publisher.user_permissions.add(*Permission.objects.filter(content_type__app_label="services"))
    found = services(world)
    path = {name: f"services/service/{row.pk}/" for name, row in found.items()}
    yield Scene("desk with services", then(sign_in_as(publisher), page("")))
    yield Scene("service list", page("services/service/"))
    yield Scene("services that miss something", page("services/service/?missing=steps"))
    yield Scene("new service", page("services/service/add/"))
    yield Scene("new service with errors", then(page("services/service/add/"), press("input[name=_save]")))
    for name in found:
        yield Scene(f"service form {name}", page(f"{path[name]}change/"))
    yield Scene("publish a service", page(f"{path['draft']}do/publish/"))
    yield Scene(
        "publish a service with errors", then(page(f"{path['draft']}do/publish/"), press("form.composer button"))
    )
    for verb in ("review", "withdraw"):
        yield Scene(f"{verb} a service", page(f"{path['complete']}do/{verb}/"))
    yield Scene("preview of a service", page(f"{path['draft']}preview/ar/"))
    row, other = found["complete"], world.administrator
    elsewhere = lambda *_: edit_service(  # noqa: E731
        service=row, by=other, version=Service.objects.get(pk=row.pk).version, purpose_ar="غيرها", personas=["citizen"]
    )
    yield Scene("two editors of a service", then(page(f"{path['complete']}change/"), elsewhere,
                                                 write("purpose_ar", "نصي"), press("input[name=_save]")))  # fmt: skip
    editor = sign_in_as(staff("rashid", world.licensing, Role.OFFICER, "view_service", "change_service"))
    yield Scene("service read only", then(editor, page(f"{path['complete']}change/")))
    late = service(world, "late")
    publish = lambda *_: publish_service(service=late, by=other)  # noqa: E731
    yield Scene("service too late", then(page(f"services/service/{late.pk}/change/"), publish,
                                         write("purpose_ar", "نصي"), press("input[name=_save]")))  # fmt: skip


def indicator_set(world: World, year: int, days: int = 20) -> IndicatorSet:
    """A year that was opened, with an indicator of each kind."""
    by = world.administrator
    begun = begin_set(year=year, closes_on=timezone.localdate() + timedelta(days=days), by=by)
    if not begun.indicators.exists():
        for code, area, kind, weight, full_at in KINDS:
            texts = {"question_ar": f"ما مدى التقدم في {code}؟", "question_en": f"How far is {code}?",
                     "help_ar": "إيضاح", "help_en": "Explanation"}  # fmt: skip
            asked = Indicator(
                indicator_set=begun, code=code, area=area, kind=kind, weight=weight, full_at=full_at, **texts
            )
            save_indicator(indicator=asked, by=by)
    open_set(indicator_set=begun, by=by)
    return begun


def filled(asked: IndicatorSet, organisation: Organisation, by: User) -> Assessment:
    found = Assessment.objects.select_related("organisation", "indicator_set").get(
        indicator_set=asked, organisation=organisation
    )
    for sheet in found.sheets.all():
        given = {
            one.pk: assessing.Given(Decimal(VALUES[one.code])) if one.weight else assessing.Given(evidence="القرار 21")
            for one in asked.indicators.filter(area=sheet.area)
        }
        assessing.save_answers(assessment=found, area=sheet.area, given=given, version=sheet.version, by=by)
    return found


def accepted(asked: IndicatorSet, organisation: Organisation, by: User, reviewer: User) -> Assessment:
    found = filled(asked, organisation, by)
    assessing.submit_assessment(assessment=found, by=by)
    assessing.accept_assessment(assessment=found, by=reviewer)
    return found


def assessment_scenes(world: World) -> Iterator[Scene]:
    yield Scene("e-transformation empty", page("e-transformation/"))
    asked = indicator_set(world, 2025)
    yield Scene("e-transformation year empty", page("e-transformation/2025/"))
    accepted(asked, world.ministry, world.lead, world.administrator)
    IndicatorSet.objects.filter(pk=asked.pk).update(closes_on=timezone.localdate() - timedelta(days=3))
    yield Scene("e-transformation year over", page("e-transformation/2025/"))
    accepted(indicator_set(world, 2026), world.ministry, world.lead, world.administrator)
    for path in ("", "2026/", "2026/ministry/"):
        yield Scene(f"e-transformation {path}", page(f"e-transformation/{path}"))


def remind_of_assessments(world: World) -> None:
    """Makes the letter assessment/due."""
    Organisation.objects.filter(pk=world.ministry.pk).update(email="office@ministry.example")
    asked = IndicatorSet.objects.filter(year=2029).first() or indicator_set(world, 2029)
    move_deadline(indicator_set=asked, closes_on=at("tue 12:00").date(), by=world.administrator)
    remind(at("mon 10:00"))


def assessment_desk_scenes(world: World) -> Iterator[Scene]:
    asked = indicator_set(world, 2026)
    draft = Assessment.objects.get(indicator_set=asked, organisation=world.ministry)
    yield from _filling_in(world, asked, draft)
    yield from _checking(world, draft)
    yield from _years(world, asked)


SAVE = "form.composer button"


def _filling_in(world: World, asked: IndicatorSet, draft: Assessment) -> Iterator[Scene]:
    lead = staff("mazin", world.licensing, Role.LEAD, "view_assessment", "change_assessment")
    path = f"assessment/assessment/{draft.pk}/"
    share = f"value_{asked.indicators.get(code='D2').pk}"
    yield Scene("desk with assessments", then(sign_in_as(lead), page("")))
    yield Scene("assessment list", page("assessment/assessment/"))
    yield Scene("assessment draft", page(f"{path}change/"))
    for area in ("data", "services", "internal"):
        yield Scene(f"assessment area {area}", page(f"{path}fill/{area}/"))
    yield Scene("assessment area with errors", then(page(f"{path}fill/data/"), write(share, "many"), press(SAVE)))
    meanwhile = lambda *_: filled(asked, world.ministry, world.lead)  # noqa: E731
    typed = write(share, "12")
    yield Scene("two people on an area", then(page(f"{path}fill/data/"), meanwhile, typed, press(SAVE)))
    yield Scene("assessment saved", then(page(f"{path}fill/services/"), press(SAVE)))
    yield Scene("submit an assessment", page(f"{path}do/submit/"))
    submitted = lambda *_: assessing.submit_assessment(assessment=draft, by=world.lead)  # noqa: E731
    yield Scene("answers too late", then(page(f"{path}fill/data/"), submitted, typed, press(SAVE)))


def _checking(world: World, draft: Assessment) -> Iterator[Scene]:
    reviewer = staff("rahma", world.other_unit, Role.OFFICER, "view_assessment", "review_assessment")
    path = f"assessment/assessment/{draft.pk}/"
    yield Scene("desk of a reviewer", then(sign_in_as(reviewer), page("")))
    yield Scene("assessment to check", page(f"{path}change/"))
    for verb in ("accept", "return"):
        yield Scene(f"{verb} an assessment", page(f"{path}do/{verb}/"))
    yield Scene("return with errors", then(page(f"{path}do/return/"), press(SAVE)))
    assessing.return_assessment(assessment=draft, by=reviewer, reason="راجعوا S1")
    administrator = sign_in_as(world.administrator)
    yield Scene("assessment returned", then(administrator, page(f"{path}fill/services/")))
    other = Assessment.objects.exclude(organisation=world.ministry).get(indicator_set=draft.indicator_set)
    yield Scene("submit with errors", then(page(f"assessment/assessment/{other.pk}/do/submit/"), press(SAVE)))


def _years(world: World, asked: IndicatorSet) -> Iterator[Scene]:
    """For an administrator, whose session is open."""
    later = begin_set(year=2030, closes_on=timezone.localdate() + timedelta(days=99), by=world.administrator)
    names = ["indicatorset/", "indicatorset/add/", f"indicatorset/{asked.pk}/change/", f"indicatorset/{asked.pk}/open/",
             f"indicatorset/{later.pk}/open/", "indicator/", f"indicator/{asked.indicators.first().pk}/change/",
             f"indicator/{later.indicators.first().pk}/change/"]  # fmt: skip
    for name in names:
        yield Scene(f"assessment {name}", page(f"assessment/{name}"))
    yield Scene("new indicator with errors", then(page("assessment/indicator/add/"), press("input[name=_save]")))
