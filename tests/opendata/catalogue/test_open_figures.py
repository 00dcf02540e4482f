"""The portal's own figures become datasets by themselves: signed, versioned, and only where something is new."""

from __future__ import annotations

import csv
import io
import logging
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from opendata.catalogue import figures
from opendata.catalogue.actions.withdrawing import withdraw_version
from opendata.catalogue.choices import Stage
from opendata.catalogue.models import Dataset, Release, Version
from opendata.catalogue.pipeline import working
from opendata.catalogue.storage import store
from opendata.catalogue.verifying import findings
from opendata.inventory.actions.steps import Decision, reopen, withhold
from opendata.inventory.choices import Access, Reason
from opendata.inventory.models import Asset
from opendata.reading.names import machine_names
from participation.feedback.models import MonthlyFigures
from portal.figures import registry
from portal.figures.registry import Column, OpenTable, open_tables
from tests.participation.feedback.test_performance_page import OCTOBER
from tests.participation.feedback.test_performance_page import figures as month_of
from tests.participation.surveys.test_results import voted
from tests.people import World

pytestmark = pytest.mark.django_db

COLUMNS = (
    Column("month", "month", "الشهر", "Month", "شهر القياس", "The month"),
    Column("day", "date", "اليوم", "Day"),
    Column("count", "integer", "العدد", "Count"),
    Column("share", "number", "النسبة", "Share"),
)
ROWS = [(f"2026-{number:02}", date(2026, number, 1), number, Decimal(number) / 4) for number in range(1, 11)]


def table(rows: list[tuple[Any, ...]] | None = None, slug: str = "made-up", **fields: Any) -> OpenTable:
    values: dict[str, Any] = {
        "title_ar": "جدول للتجربة", "title_en": "A table to try", "description_ar": "وصف الجدول.",
        "description_en": "What it holds.", "columns": COLUMNS, "updated_at": timezone.now(), "frequency": "monthly",
    }  # fmt: skip
    return OpenTable(slug=slug, rows=lambda: iter(ROWS if rows is None else rows), **values | fields)


def offered(monkeypatch: pytest.MonkeyPatch, *tables: OpenTable) -> None:
    monkeypatch.setattr(registry, "_providers", [lambda: tables])


def published() -> dict[str, list[str]]:
    """What the scheduled task does, and the workers after it."""
    told = figures.publish_figures()
    working.work()
    return told


def latest(slug: str = "made-up") -> Version:
    version = Dataset.objects.get(figures_slug=slug).latest
    assert version is not None
    return version


def test_results_of_a_poll_become_a_signed_dataset(world: World) -> None:
    poll = voted(world)
    assert f"poll-{poll.slug}" in published()["begun"]
    version = latest(f"poll-{poll.slug}")
    dataset = version.dataset
    offer = next(one for one in open_tables() if one.slug == dataset.slug)
    assert version.number == "1.0.0"
    assert version.rows == len(list(offer.rows()))
    assert (dataset.title_ar, dataset.licence) == (f"نتائج: {poll.title_ar}", "CC-BY-4.0")
    assert dataset.asset.organisation == poll.unit.organisation
    assert (dataset.asset.state, dataset.asset.access) == ("published", "open")
    titles = {one["name"]: (one["title_ar"], one["title_en"]) for one in version.columns}
    assert titles["option_ar"] == ("الخيار (بالعربية)", "Option (Arabic)")
    assert (version.release.uploaded_by, version.release.approved_by) == (None, None)
    assert {file.format for file in version.files.all()} >= {"csv", "xlsx", "json", "xml", "parquet", "datapackage"}
    assert not list(findings())


def test_service_levels_get_a_new_version_when_a_month_is_added(world: World) -> None:
    month_of(None)
    month_of(world.licensing)
    published()
    assert latest("service-levels").number == "1.0.0"
    month_of(world.licensing, date(2026, 11, 1))
    assert "service-levels" in published()["begun"]
    version = latest("service-levels")
    assert (version.number, version.change.added, version.change.removed) == ("1.1.0", 1, 0)
    assert version.change_note_ar
    assert version.change_note_en
    MonthlyFigures.objects.filter(month=OCTOBER).update(received=81, changed_at=timezone.now())
    published()
    assert latest("service-levels").number == "1.1.1"
    assert not list(findings())


def test_what_is_withheld_is_empty_in_every_format(world: World) -> None:
    month_of(world.licensing, withheld=["ratings"])
    published()
    version = latest("service-levels")
    content = store().path(version.files.get(format="csv").sha256).read_text(encoding="utf-8-sig")
    [row] = csv.DictReader(io.StringIO(content))
    assert row["satisfaction"] == ""
    assert row["unit"] == "licensing"


def test_the_types_of_the_registry_are_the_types_of_the_table(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    offered(monkeypatch, table())
    published()
    version = latest()
    assert {one["name"]: one["type"] for one in version.columns} == {
        "month": "text", "day": "date", "count": "integer", "share": "decimal",
    }  # fmt: skip
    assert version.key == ["month"]
    assert version.preview[0] == ["2026-01", "2026-01-01", "1", "0.25"]
    assert version.columns[0]["description_ar"] == "شهر القياس"
    assert version.dataset.asset.frequency == "monthly"


def test_the_same_rows_make_no_version_whatever_their_order(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    offered(monkeypatch, table())
    published()
    offered(monkeypatch, table(ROWS[::-1]))
    assert published() == {"begun": [], "failed": []}
    assert Version.objects.count() == 1


def test_rows_are_not_asked_for_when_nothing_changed_since(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    offered(monkeypatch, table())
    published()

    def never() -> Any:
        raise AssertionError("the rows were read")

    offered(monkeypatch, OpenTable(**{**vars(table()), "rows": never, "updated_at": timezone.now() - timedelta(1)}))
    assert published() == {"begun": [], "failed": []}


def test_a_corrected_value_is_a_patch_and_a_new_column_is_minor(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    offered(monkeypatch, table())
    published()
    offered(monkeypatch, table([*ROWS[:-1], (*ROWS[-1][:2], 99, ROWS[-1][3])]))
    published()
    assert (latest().number, latest().change.changed) == ("1.0.1", 1)
    more = (*COLUMNS, Column("note", "text", "ملاحظة", "Note"))
    offered(monkeypatch, table([(*row, "") for row in ROWS], columns=more))
    published()
    assert latest().number == "1.1.0"
    offered(monkeypatch, table([row[:3] for row in ROWS], columns=COLUMNS[:3]))
    published()
    assert latest().number == "2.0.0"


def test_a_table_that_fails_keeps_nobody_else_back(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = table([("2026-01", date(2026, 1, 1), "many", None)], slug="a-wrong-one")
    offered(monkeypatch, wrong, table())
    with caplog.at_level(logging.ERROR):
        assert published() == {"begun": ["made-up"], "failed": ["a-wrong-one"]}
    assert "a-wrong-one" in caplog.text
    assert latest().number == "1.0.0"
    assert not Asset.objects.filter(code="figures-a-wrong-one").exists()


def test_a_table_that_vanishes_keeps_its_last_version(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    offered(monkeypatch, table())
    published()
    offered(monkeypatch)
    published()
    assert latest().number == "1.0.0"


def test_tables_without_figures_are_no_datasets(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    offered(monkeypatch, table([]), table(slug="never", updated_at=None))
    assert published() == {"begun": [], "failed": []}
    assert not Dataset.objects.exists()


def test_what_people_withdrew_or_closed_is_not_published_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    offered(monkeypatch, table())
    published()
    version = latest()
    withdraw_version(version=version, by=world.administrator, because_ar="خطأ في الحساب", because_en="Wrongly counted")
    offered(monkeypatch, table(ROWS[:5]))
    assert published()["begun"] == []
    assert Release.objects.count() == 1


def test_a_closed_asset_is_left_alone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    offered(monkeypatch, table())
    figures.publish_figures()
    release = Release.objects.get()
    decision = Decision(Access.CLOSED, reason=Reason.LAW, legal_basis_ar="قانون", legal_basis_en="Law",
                        decided_by_role_ar="مدير", decided_by_role_en="Director",
                        decided_on=timezone.localdate(), review_on=timezone.localdate() + timedelta(300))  # fmt: skip
    withhold(asset=release.dataset.asset, by=None, decision=decision)
    working.work()
    release.refresh_from_db()
    assert release.stage == Stage.FAILED
    offered(monkeypatch, table(ROWS[:5]))
    assert published() == {"begun": [], "failed": []}
    reopen(asset=release.dataset.asset, by=None)
    from opendata.inventory.actions.steps import assess

    assess(asset=release.dataset.asset, by=None, decision=Decision(Access.OPEN))
    assert published()["begun"] == ["made-up"]
    assert (latest().rows, latest().number) == (5, "1.0.0")


def test_a_second_worker_begins_nothing_more(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    offered(monkeypatch, table())
    figures.publish_figures()
    assert figures.publish_figures() == {"begun": [], "failed": []}
    assert Release.objects.count() == 1


def test_staff_may_mend_the_texts_the_registry_does_not_have(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    offered(monkeypatch, table())
    published()
    Dataset.objects.update(keywords_ar="كلمات", keywords_en="words")
    offered(monkeypatch, table(ROWS[:9], title_ar="اسم جديد", title_en="A new name"))
    published()
    dataset = latest().dataset
    assert (dataset.title_en, dataset.keywords_en) == ("A new name", "words")


def test_every_offered_table_has_usable_columns(world: World) -> None:
    voted(world)
    month_of(world.licensing)
    for offer in open_tables():
        names = [column.name for column in offer.columns]
        assert machine_names(names) == [name.replace("-", "_") for name in names], offer.slug
        assert {column.type for column in offer.columns} <= set(figures.TYPES), offer.slug
        assert len({figures._code(offer.slug), figures._code(f"{offer.slug}-2")}) == 2
