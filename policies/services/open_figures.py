"""The directory and its completeness as tables for anyone to publish or download."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Max

from policies.services.models import Service
from policies.services.standing import standings
from portal.figures.registry import Column, OpenTable

DIRECTORY = (
    Column("service", "text", "رمز الخدمة", "Service code"),
    Column("name_ar", "text", "اسم الخدمة بالعربية", "Name in Arabic"),
    Column("name_en", "text", "اسم الخدمة بالإنجليزية", "Name in English"),
    Column("organisation", "text", "رمز الجهة", "Organisation code"),
    Column("personas", "text", "الفئات المستفيدة", "Who may use it"),
    Column("life_events", "text", "أحداث الحياة", "Life events"),
    Column("channels", "text", "قنوات التقديم", "Channels"),
    Column("time", "integer", "مدة الإنجاز", "Time promised"),
    Column("time_unit", "text", "وحدة المدة", "Unit of time"),
    Column("fee_kind", "text", "نوع الرسم", "Kind of fee"),
    Column("fee", "number", "الرسم بالريال العُماني", "Fee in Omani rial"),
    Column("url", "text", "رابط الخدمة الإلكترونية", "Link to the electronic service"),
    Column("reviewed_on", "date", "تاريخ آخر مراجعة", "Last reviewed"),
)
COMPLETENESS = (
    Column("organisation", "text", "رمز الجهة", "Organisation code"),
    Column("name_ar", "text", "اسم الجهة بالعربية", "Organisation in Arabic"),
    Column("name_en", "text", "اسم الجهة بالإنجليزية", "Organisation in English"),
    Column("services", "integer", "الخدمات المدرجة", "Services listed"),
    Column("complete", "integer", "خدمات مكتملة البيانات", "Services with every required fact"),
    Column("with_documents", "integer", "خدمات حُددت مستنداتها", "Services with their documents stated"),
    Column("electronic", "integer", "خدمات لها نموذج إلكتروني", "Services with an electronic form"),
)


def tables() -> Iterator[OpenTable]:
    """Both tables, for portal.figures.registry."""
    changed = Service.objects.published().aggregate(at=Max("updated_at"))["at"]
    yield OpenTable(
        slug="service-directory",
        title_ar="دليل الخدمات الحكومية",
        title_en="Directory of government services",
        description_ar="الخدمات المنشورة لكل جهة: لمن هي، وقنواتها، ومدة إنجازها، ورسمها.",
        description_en="The published services of each organisation: for whom they are, channels, time and fee.",
        columns=DIRECTORY,
        rows=directory_rows,
        updated_at=changed,
    )
    yield OpenTable(
        slug="service-completeness",
        title_ar="اكتمال دليل الخدمات حسب الجهة",
        title_en="Completeness of the service directory by organisation",
        description_ar="عدد الخدمات المدرجة لكل جهة، وما اكتملت بياناته منها، وما له نموذج إلكتروني.",
        description_en="Services each organisation lists, how many state every fact or have an electronic form.",
        columns=COMPLETENESS,
        rows=completeness_rows,
        updated_at=changed,
    )


def directory_rows() -> Iterator[tuple[Any, ...]]:
    """One row for each published service."""
    for row in Service.objects.published().select_related("organisation").order_by("organisation__code", "slug"):
        some = (" ".join(values) for values in (row.personas, row.life_events, row.channels))
        names = (row.name_ar, row.name_en)  # type: ignore[attr-defined]
        costs = (row.time_amount, row.time_unit, row.fee_kind, row.fee)
        yield (row.slug, *names, row.organisation.code, *some, *costs, row.url, row.reviewed_on)


def completeness_rows() -> Iterator[tuple[Any, ...]]:
    """One row for each organisation."""
    for row in standings():
        body: Any = row.organisation
        counts = (row.listed, row.complete, row.with_documents, row.electronic)
        yield (body.code, body.name_ar, body.name_en, *counts)
