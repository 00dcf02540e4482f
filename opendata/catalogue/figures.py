"""Open figures: the tables that areas of the portal offer (portal/figures/registry) become datasets by themselves.

What was offered is written down as an approved release, which the workers build, sign and publish like any other: a
table that cannot be built stands on the desk as a failed release, and the others go on. Nobody approves it, because
nobody typed it: the areas offer only what everybody may see.
"""

from __future__ import annotations

import csv
import hashlib
import io
import logging
import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from opendata.building.engine import engine, literal, quoted
from opendata.catalogue.actions import deciding
from opendata.catalogue.actions.assets import check_asset
from opendata.catalogue.actions.changing import Refused, lock, note
from opendata.catalogue.actions.datasets import edit_dataset, enter_dataset
from opendata.catalogue.addresses import RESERVED, SLUG
from opendata.catalogue.choices import Kind, Licence, Stage
from opendata.catalogue.models import Dataset, Release, Version
from opendata.catalogue.storage import store
from opendata.inventory.actions.steps import Decision, assess
from opendata.inventory.actions.writing import enter_asset
from opendata.inventory.choices import Access, Frequency, Theme
from opendata.inventory.models import Asset
from opendata.reading.names import machine_names
from portal.figures.registry import OpenTable, open_tables
from portal.organisations.models import Organisation, Unit
from portal.tasks import nudge

logger = logging.getLogger(__name__)

TYPES = {"text": "text", "integer": "integer", "number": "decimal", "date": "date", "month": "text"}
FREQUENCIES = {"monthly": Frequency.MONTHLY, "yearly": Frequency.YEARLY}
"""What is counted daily has no new version on a day on which nothing changed, and must not seem late for that."""
LONGEST_KEY = 4
MOST_DIGITS = 18
FEW_ROWS = 10
"""No key is made up from fewer rows: too many columns would name each of them once by chance."""
SAID = {
    "description_ar": "تنشرها البوابة آليًا من سجلاتها كلما تغيرت أرقامها.",
    "description_en": "The portal publishes it by itself from its own records whenever the figures change.",
}
METHODS = {
    "methods_ar": "تُحسب الأرقام من سجلات البوابة نفسها، وتُترك الخلايا الصغيرة فارغة حتى لا يُعرف أحد منها.",
    "methods_en": "Computed from the portal's own records; small cells are empty, so that nobody is known by them.",
}
KEYWORDS = {
    "keywords_ar": "المشاركة الإلكترونية, الخدمات الحكومية",
    "keywords_en": "e-participation, government services",
}
CHANGED = {
    "change_note_ar": "أرقام جديدة من سجلات البوابة.",
    "change_note_en": "New figures from the portal's records.",
}

Entry = dict[str, str]


def publish_figures() -> dict[str, list[str]]:
    """Begin a version of every offered table whose rows differ from its last one.

    Returns the slugs of the tables that were begun, and of those that failed; the log says why.
    """
    told: dict[str, list[str]] = {"begun": [], "failed": []}
    for table in open_tables():
        try:
            if publish_table(table):
                told["begun"].append(table.slug)
        except Exception:
            logger.exception("the open figures %s could not be published", table.slug)
            told["failed"].append(table.slug)
    return told


def publish_table(table: OpenTable) -> Release | None:
    """A release with the rows of one table, for the workers to publish; None where there is nothing new."""
    dataset = Dataset.objects.filter(figures_slug=table.slug).select_related("asset").first()
    last = _last(dataset)
    if not _is_due(table, dataset, last):
        return None
    read_at = timezone.now()  # before the rows, so that what changes while they are read is found the next time
    rows = [[_text(value) for value in row] for row in table.rows()]
    if not rows:
        return None
    dictionary = _dictionary(table)
    written = _csv([entry["name"] for entry in dictionary], rows)
    if last is not None and _same_rows(written, last):
        return None
    key = _key(dictionary, rows, last)
    with store().scratch() as folder:
        original = folder / "figures.csv"
        original.write_bytes(written.encode())
        _write_table(original, dictionary, rows, folder / "table.parquet")
        files = {"file_sha256": store().add(original).sha256, "file_size": original.stat().st_size,
                 "table_sha256": store().add(folder / "table.parquet").sha256}  # fmt: skip
    return _begin(table, dataset, created_at=read_at, dictionary=dictionary, key=key, **files)


def _last(dataset: Dataset | None) -> Version | None:
    if dataset is None:
        return None
    return dataset.versions.select_related("release").order_by("-sequence").first()


def _is_due(table: OpenTable, dataset: Dataset | None, last: Version | None) -> bool:
    """Whether it may have something new; what people withdrew or closed is theirs to bring back."""
    if table.updated_at is None:
        return False
    if dataset is None:
        return True
    if last is not None and (last.is_withdrawn or last.release.created_at >= table.updated_at):
        return False
    try:
        check_asset(dataset.asset)
    except Refused:
        logger.info("the open figures %s are not open any more and stay as they are", table.slug)
        return False
    under_way = Release.objects.open().filter(dataset=dataset).first()
    # One that could not be built stays on the desk until there are newer figures.
    return under_way is None or (_failed(under_way) and under_way.created_at < table.updated_at)


def _failed(release: Release) -> bool:
    return release.stage == Stage.FAILED and release.uploaded_by_id is None


def _text(value: Any) -> str:
    """A value as the file has it; what is withheld is empty."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def _csv(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\r\n").writerows([names, *rows])
    return buffer.getvalue()


def _same_rows(written: str, last: Version) -> bool:
    """Has the last version these columns and rows, in whatever order the rows came?"""
    before = store().path(last.release.file_sha256)
    if not before.is_file() or before.stat().st_size != len(written.encode()):
        return False
    old, new = before.read_bytes().decode(), written
    return _head(old) == _head(new) and Counter(_records(old)) == Counter(_records(new))


def _head(text: str) -> str:
    return text.partition("\r\n")[0]


def _records(text: str) -> list[tuple[str, ...]]:
    return [tuple(row) for row in csv.reader(io.StringIO(text, newline=""))]


def _dictionary(table: OpenTable) -> list[Entry]:
    names = machine_names([column.name for column in table.columns])
    return [
        {
            "name": name, "type": TYPES[column.type], "title_ar": column.title_ar, "title_en": column.title_en,
            "description_ar": column.description_ar, "description_en": column.description_en, "unit": "", "formula": "",
        }
        for name, column in zip(names, table.columns, strict=True)
    ]  # fmt: skip


def _key(dictionary: list[Entry], rows: list[list[str]], last: Version | None) -> list[str]:
    """The columns that name each row once: those of the version before, else the shortest beginning of the table."""
    names = [entry["name"] for entry in dictionary]
    if last is not None:
        known = set(last.key) <= set(names) and _names_each([names.index(name) for name in last.key], rows)
        return list(last.key) if known else []
    for most in range(1, LONGEST_KEY + 1 if len(rows) >= FEW_ROWS else 1):
        if _names_each(list(range(most)), rows):
            return names[:most]
    return []


def _names_each(places: list[int], rows: list[list[str]]) -> bool:
    values = [tuple(row[place] for place in places) for row in rows]
    return bool(places) and all(all(value) for value in values) and len(set(values)) == len(values)


def _write_table(original: Path, dictionary: list[Entry], rows: list[list[str]], target: Path) -> None:
    """The typed table as Parquet. Raises what DuckDB raises for a value that is not of its column's type."""
    types = {entry["name"]: _physical(entry["type"], [row[place] for row in rows])
             for place, entry in enumerate(dictionary)}  # fmt: skip
    columns = ", ".join(f"{literal(name)}: {literal(physical)}" for name, physical in types.items())
    options = "header = true, auto_detect = false, delim = ',', quote = '\"', escape = '\"', nullstr = ''"
    names = ", ".join(quoted(name) for name in types)
    with engine(target.parent) as connection:
        source = f"read_csv({literal(original.resolve())}, columns = {{{columns}}}, {options})"
        query = f"SELECT {names} FROM {source}"  # noqa: S608 - quoted names of our own
        connection.execute(f"COPY ({query}) TO {literal(target.resolve())} (FORMAT parquet, COMPRESSION zstd)")


def _physical(kind: str, values: list[str]) -> str:
    """DuckDB's type: decimals with as many places as the longest of them has."""
    if kind != "decimal":
        return {"text": "VARCHAR", "integer": "BIGINT", "date": "DATE"}[kind]
    numbers = [Decimal(value) for value in values if value]
    places = max((-int(number.as_tuple().exponent) for number in numbers if number.is_finite()), default=0)
    whole = max((number.adjusted() + 1 for number in numbers if number.is_finite()), default=1)
    fits = 0 <= places <= MOST_DIGITS - max(whole, 1)
    return f"DECIMAL({MOST_DIGITS}, {places})" if fits else "DOUBLE"


@transaction.atomic
def _begin(table: OpenTable, dataset: Dataset | None, **made: Any) -> Release | None:
    """Enter what is missing, and write the release down as approved; None where another worker was faster."""
    dataset = lock(dataset or _enter(table))
    texts = _texts(table)
    if any((getattr(dataset, name) or "") != value for name, value in texts.items()):
        edit_dataset(dataset=dataset, by=None, revision=dataset.revision, **texts)
    for failed in filter(_failed, Release.objects.open().filter(dataset=dataset)):
        deciding.give_up(release=failed, by=None)
    if Release.objects.open().filter(dataset=dataset).exists():
        return None
    check_asset(dataset.asset)
    release = Release.objects.create(
        dataset=dataset, kind=Kind.NEW, stage=Stage.APPROVED, approved_at=timezone.now(),
        file_name=f"{table.slug}.csv", **made, **(CHANGED if dataset.versions.exists() else {}),
    )  # fmt: skip
    note(release, "approved", data={"figures": table.slug, "revision": release.revision})
    nudge("catalogue.work")
    return release


def _texts(table: OpenTable) -> dict[str, Any]:
    """What the registry says about it; the rest of the texts may be mended by staff."""
    return {
        "title_ar": table.title_ar[:200],
        "title_en": table.title_en[:200],
        **{name: f"{getattr(table, name)} {words}"[:5000] for name, words in SAID.items()},
    }


def _enter(table: OpenTable) -> Dataset:
    asset = _asset(table)
    return enter_dataset(
        asset=asset, slug=_free_address(table.slug), by=None, figures_slug=table.slug, licence=Licence.CC_BY,
        **_texts(table), **METHODS, **KEYWORDS,
    )  # fmt: skip


def _free_address(slug: str) -> str:
    """Its own slug where that is an address nobody has; else one that says whose figures they are."""
    marked = f"portal-{_address(slug)[:60]}-{hashlib.sha256(slug.encode()).hexdigest()[:8]}"
    for address in (_address(slug), _address(f"portal-{slug}")):
        fits = re.match(SLUG, address) and address not in RESERVED
        if fits and not Dataset.objects.filter(slug=address).exists():
            return address
    return re.sub("-+", "-", marked)


def _address(slug: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", slug.lower()).strip("-")[:80]


def _asset(table: OpenTable) -> Asset:
    """Its row in the inventory, assessed as open."""
    frequency = FREQUENCIES.get(table.frequency, Frequency.IRREGULAR)
    texts = {name: value for name, value in _texts(table).items() if name.startswith(("title", "description"))}
    asset = enter_asset(
        by=None, unit=_unit(table.organisation), code=_code(table.slug), theme=Theme.PARTICIPATION,
        frequency=frequency, source_system="Musharaka", **{name: value[:4000] for name, value in texts.items()},
    )  # fmt: skip
    assess(asset=asset, by=None, decision=Decision(Access.OPEN))
    return asset


def _code(slug: str) -> str:
    """A number of at most 40 characters that no other table gets."""
    code = f"figures-{slug}"
    return code if len(code) <= 40 else f"{code[:31]}-{hashlib.sha256(slug.encode()).hexdigest()[:8]}"


def _unit(code: str) -> Unit:
    """Who answers for it: of the organisation's units the one with the most assets; the operator's by default."""
    operator = Unit.objects.triage()
    organisation = Organisation.objects.filter(code=code).first() if code else None
    units = Unit.objects.filter(organisation=organisation or (operator and operator.organisation))
    held = dict(Asset.objects.filter(unit__in=units).values_list("unit").annotate(held=Count("pk")).order_by())
    chosen = max(units.order_by("pk"), key=lambda unit: held.get(unit.pk, 0), default=operator)
    if chosen is None:
        raise LookupError("there is no unit that could answer for the portal's own figures")
    return chosen
