"""The file to start from: header in three spellings, example rows that are not taken over, and the list of codes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from xlsxwriter import Workbook

from opendata.inventory.choices import Access, Classification, Frequency, Reason, Theme
from opendata.inventory.importing.columns import CHOICE, COLUMNS
from portal.bilingual import in_language

EXAMPLES: tuple[dict[str, str], ...] = (
    {"code": "# A-001"},
    {
        "code": "# A-002",
        "title_ar": "سجلات المراجعين",
        "title_en": "Records of visitors",
        "theme": "health",
        "frequency": "daily",
        "is_high_value": "no",
        "access": "closed",
        "classification": "none",
        "reason": "personal",
        "legal_basis_ar": "قانون حماية البيانات الشخصية",
        "legal_basis_en": "Personal Data Protection Law",
        "decided_by_role_ar": "مدير عام الشؤون القانونية",
        "decided_by_role_en": "Director General of Legal Affairs",
        "decided_on": "15/1/2026",
        "review_on": "15/1/2028",
        "release_on": "",
    },
)
VOCABULARIES = (Theme, Frequency, Access, Classification, Reason)


def header() -> list[str]:
    """The titles of all columns."""
    return [column.header for column in COLUMNS]


def example_rows() -> Iterator[list[str]]:
    """Rows that begin with #, which are left out when the file is read."""
    for example in EXAMPLES:
        filled = example if len(example) > 1 else {column.name: column.example for column in COLUMNS} | example
        yield [filled.get(column.name, "") for column in COLUMNS]


def codes() -> Iterator[tuple[str, str, str, str]]:
    """Column, code, and what it means in Arabic and in English."""
    for column in COLUMNS:
        if column.kind != CHOICE:
            continue
        for value in column.choices.values:
            yield (column.name, value, *(_label(column.choices, value, code) for code in ("ar", "en")))


def _label(choices: Any, value: str, language: str) -> str:
    with in_language(language):
        return str(choices(value).label)


def workbook() -> bytes:
    """The template as XLSX: the inventory's sheet first, then the codes."""
    file = io.BytesIO()
    with Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        plain = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet("inventory")
        sheet.set_column(0, len(COLUMNS) - 1, 24, plain)
        sheet.freeze_panes(1, 0)
        for row, cells in enumerate([header(), *example_rows()]):
            for place, text in enumerate(cells):
                sheet.write_string(row, place, text, bold if row == 0 else plain)
        listed = book.add_worksheet("codes")
        listed.set_column(0, 3, 30)
        for row, values in enumerate([("column", "code", "العربية", "English"), *codes()]):
            for place, text in enumerate(values):
                listed.write_string(row, place, text, bold if row == 0 else None)
    return file.getvalue()
