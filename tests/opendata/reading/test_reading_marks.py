"""What is read from the XML of a sheet, however its names are written."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from opendata.reading.sheet_marks import marks_of_xlsx

BOOK = '<workbook xmlns="m" xmlns:r="n"><sheets><sheet name="One" r:id="r1"/></sheets></workbook>'
LINKS = '<Relationships xmlns="p"><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>'
CELLS = 200_000
"""So many that the sheet is longer than what is looked at in one piece (8 MB)."""


@pytest.mark.parametrize("before", [0, 25, 50])
@pytest.mark.parametrize("prefix", ["", "x:"])
def test_no_error_cell_is_lost_between_two_pieces(tmp_path: Path, prefix: str, before: int):
    """Wherever in a cell the pieces meet: `before` moves it."""
    cells = "".join(
        f'<{prefix}row r="{n}"><{prefix}c r="A{n}" t="e"><{prefix}v>#REF!</{prefix}v></{prefix}c></{prefix}row>'
        for n in range(1, CELLS + 1)
    )
    sheet = f'<{prefix}worksheet xmlns:x="m"><!--{"." * before}--><{prefix}sheetData>{cells}</{prefix}sheetData>'
    path = tmp_path / "book.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", BOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", LINKS)
        archive.writestr("xl/worksheets/sheet1.xml", f"{sheet}</{prefix}worksheet>")
    marks = marks_of_xlsx(path, "One")
    assert len(marks.errors) + marks.errors_elsewhere == CELLS
