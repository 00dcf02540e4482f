"""The public inventory and the compliance of the agencies as tables: one row each, both languages in columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import get_language

from opendata.inventory.choices import State
from opendata.inventory.compliance import DUTIES, Report
from opendata.inventory.models import AssetQuerySet
from opendata.inventory.showing import contact_of, for_public, public_text
from portal.figures.export import csv_response
from portal.figures.registry import Column

CHUNK = 500
ASSETS = (
    Column("id", "integer", "المعرّف في البوابة", "Identifier in the portal"),
    Column("agency", "text", "رمز الجهة", "Agency code"),
    Column("agency_ar", "text", "الجهة بالعربية", "Agency in Arabic"),
    Column("agency_en", "text", "الجهة بالإنجليزية", "Agency in English"),
    Column("number", "text", "رقم الأصل لدى الجهة", "The agency's number"),
    Column("title_ar", "text", "العنوان بالعربية", "Title in Arabic"),
    Column("title_en", "text", "العنوان بالإنجليزية", "Title in English"),
    Column("title_hidden", "text", "سبب عدم إظهار العنوان", "Why the title is not shown"),
    Column("description_ar", "text", "الوصف بالعربية", "Description in Arabic"),
    Column("description_en", "text", "الوصف بالإنجليزية", "Description in English"),
    Column("theme", "text", "الموضوع", "Theme"),
    Column("frequency", "text", "دورية التحديث", "Updated"),
    Column("high_value", "text", "عالية القيمة", "High value"),
    Column("access", "text", "مستوى الإتاحة", "Access"),
    Column("classification", "text", "التصنيف", "Classification"),
    Column("reason", "text", "سبب عدم الإتاحة", "Why it is not open"),
    Column("legal_basis_ar", "text", "السند القانوني بالعربية", "Legal basis in Arabic"),
    Column("legal_basis_en", "text", "السند القانوني بالإنجليزية", "Legal basis in English"),
    Column("decided_by_ar", "text", "متخذ القرار (الوظيفة) بالعربية", "Decided by (job) in Arabic"),
    Column("decided_by_en", "text", "متخذ القرار (الوظيفة) بالإنجليزية", "Decided by (job) in English"),
    Column("decided_on", "date", "تاريخ القرار", "Decided"),
    Column("review_on", "date", "تاريخ مراجعة القرار", "Looked at again on"),
    Column("state", "text", "الحالة", "State"),
    Column("planned_release", "date", "تاريخ النشر المخطط", "Planned release"),
    Column("published_on", "date", "تاريخ النشر", "Published"),
    Column("contact_role_ar", "text", "نقطة الاتصال (الوظيفة) بالعربية", "Point of contact (job) in Arabic"),
    Column("contact_role_en", "text", "نقطة الاتصال (الوظيفة) بالإنجليزية", "Point of contact (job) in English"),
    Column("contact_email", "text", "بريد نقطة الاتصال", "E-mail of the point of contact"),
    Column("contact_phone", "text", "هاتف نقطة الاتصال", "Telephone of the point of contact"),
    Column("page", "text", "الصفحة", "Page"),
)
COMPLIANCE = (
    Column("agency", "text", "رمز الجهة", "Agency code"),
    Column("agency_ar", "text", "الجهة بالعربية", "Agency in Arabic"),
    Column("agency_en", "text", "الجهة بالإنجليزية", "Agency in English"),
    Column("duty", "text", "رمز الالتزام", "Code of the duty"),
    Column("months", "integer", "المهلة بالأشهر", "Deadline in months"),
    Column("due_on", "date", "الموعد النهائي", "Deadline"),
    Column("met_on", "date", "تاريخ أول استيفاء", "First met"),
    Column("standing", "text", "الحالة", "How it stands"),
    Column("met_now", "text", "مستوفى الآن", "Met now"),
)


def asset_rows(rows: AssetQuerySet, language: str) -> Iterator[tuple[Any, ...]]:
    """One row for each asset of these that the public may know of; its page in `language`."""
    for asset in for_public(rows).order_by("organisation__code", "pk").iterator(CHUNK):
        yield _asset(asset, f"{settings.SITE_URL}/{language}{asset.path}")


def _asset(asset: Any, page: str) -> tuple[Any, ...]:
    body = asset.organisation
    names = (body.code, body.name_ar, body.name_en)
    texts = {name: public_text(asset, name) for name in _TEXTS}
    is_scheduled = asset.state == State.SCHEDULED
    return (
        asset.pk, *names, texts["code"], texts["title_ar"], texts["title_en"], asset.hidden_ground,
        texts["description_ar"], texts["description_en"], asset.theme, asset.frequency, _yes(asset.is_high_value),
        asset.access, asset.classification, asset.reason, asset.legal_basis_ar or "", asset.legal_basis_en or "",
        asset.decided_by_role_ar or "", asset.decided_by_role_en or "", asset.decided_on, asset.review_on,
        asset.state, asset.release_on if is_scheduled else None,
        asset.published_at and timezone.localdate(asset.published_at), *_contact(asset), page,
    )  # fmt: skip


def _contact(asset: Any) -> tuple[str, ...]:
    arabic, english = (contact_of(asset, f"contact_role_{code}") for code in ("ar", "en"))
    return arabic.role, english.role, english.email, english.phone


_TEXTS = ("code", "title_ar", "title_en", "description_ar", "description_en")


def compliance_rows(found: Iterable[Report]) -> Iterator[tuple[Any, ...]]:
    """One row for each duty of each agency."""
    months = {duty.code: duty.months for duty in DUTIES}
    for report in found:
        body: Any = report.agency.organisation
        for kept in report.duties:
            yield (body.code, body.name_ar, body.name_en, kept.code, months[kept.code], kept.due_on, kept.met_on,
                   kept.standing.value, _yes(kept.holds))  # fmt: skip


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def as_csv(name: str, columns: Iterable[Column], rows: Iterable[tuple[Any, ...]]) -> HttpResponseBase:
    """The table as CSV, with its titles in the language of the page."""
    title = f"title_{get_language() or 'ar'}"
    return _checked_each_time(csv_response(name, [getattr(column, title) for column in columns], rows, public=True))


def as_json(columns: Iterable[Column], rows: Iterable[tuple[Any, ...]]) -> HttpResponseBase:
    """The table as a JSON array of objects, row by row."""
    names = [column.name for column in columns]
    response = StreamingHttpResponse(_json(names, rows), content_type="application/json")
    response.headers["X-Content-Type-Options"] = "nosniff"
    return _checked_each_time(response)


def _checked_each_time(response: HttpResponseBase) -> HttpResponseBase:
    """A title that is hidden today is in no copy somebody kept on the way yesterday."""
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def _json(names: list[str], rows: Iterable[tuple[Any, ...]]) -> Iterator[bytes]:
    encoder = DjangoJSONEncoder(ensure_ascii=False)
    before = "["
    for row in rows:
        values = {name: None if value == "" else value for name, value in zip(names, row, strict=True)}
        yield (before + "\n" + encoder.encode(values)).encode()
        before = ","
    yield b"[]\n" if before == "[" else b"\n]\n"
