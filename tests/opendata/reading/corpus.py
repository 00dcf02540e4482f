"""Awkward files as agencies send them, made by code. Tests look at how each ends, the fuzzer mutates them."""

from __future__ import annotations

import datetime
import io
import json
import unicodedata
import zipfile
from collections.abc import Callable

import openpyxl
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

ARABIC = (
    "المحافظة,الولاية,عدد السكان,السنة,ملاحظات\n"
    "مسقط,بوشر,302893,2023,أعلى كثافة سكانية في السلطنة\n"
    "ظفار,صلالة,331949,2023,تشمل الأجانب والعمانيين\n"
    "شمال الباطنة,صحار,218000,2023,بيانات تقديرية\n"
    "الداخلية,نزوى,143000,2023,لا تشمل المزارع\n"
)
PLAIN = "id,name,amount\n1,alpha,10.5\n2,beta,20.25\n3,gamma,30\n"


def _shapes() -> dict[str, list[tuple[int, str]]]:
    found: dict[str, list[tuple[int, str]]] = {}
    for byte in range(128, 256):
        char = bytes([byte]).decode("cp864", "ignore")
        if char:
            found.setdefault(unicodedata.normalize("NFKC", char), []).append((byte, unicodedata.name(char, "")))
    return found


def cp864(text: str) -> bytes:
    """Text as DOS machines stored it: shapes of letters by where they stand in the word, lam-alef as one."""
    shapes, out, place = _shapes(), bytearray(), 0
    while place < len(text):
        pair, char = text[place : place + 2], text[place]
        if len(pair) == 2 and pair in shapes:
            out.append(shapes[pair][0][0])
            place += 2
            continue
        if ord(char) < 128:
            out.append(ord(char))
        elif char in shapes:
            joins = "\u0621" <= text[place + 1 : place + 2] <= "\u064a"
            initial = [byte for byte, name in shapes[char] if "INITIAL" in name or "MEDIAL" in name]
            others = [byte for byte, name in shapes[char] if byte not in initial]
            out.append((initial or others)[0] if joins else (others or initial)[0])
        place += 1
    return bytes(out)


def workbook(fill: Callable[[openpyxl.Workbook], None]) -> bytes:
    """An XLSX that `fill` wrote into."""
    book = openpyxl.Workbook()
    fill(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sheet(rows: list[list[object]]) -> bytes:
    """An XLSX of one sheet."""

    def fill(book: openpyxl.Workbook) -> None:
        for row in rows:
            book.active.append(row)

    return workbook(fill)


def merged_headers() -> bytes:
    """Two rows of headers under a title merged over everything."""

    def fill(book: openpyxl.Workbook) -> None:
        page = book.active
        page.append(["السكان حسب المحافظة والنوع", None, None, None])
        page.append(["Governorate", "Population", None, "Area"])
        page.append([None, "Male", "Female", None])
        page.append(["مسقط", 100, 90, 3500.5])
        page.append(["ظفار", 80, 75, 99300])
        page.append(["مسندم", 30, 25, 1800])
        for cells in ("A1:D1", "A2:A3", "B2:C2", "D2:D3"):
            page.merge_cells(cells)

    return workbook(fill)


def several_sheets() -> bytes:
    """An empty sheet, two with tables, a hidden one."""

    def fill(book: openpyxl.Workbook) -> None:
        book.active.title = "فارغة"
        first = book.create_sheet("2023")
        second = book.create_sheet("2024")
        hidden = book.create_sheet("secret")
        hidden.sheet_state = "hidden"
        for page, year in ((first, 2023), (second, 2024), (hidden, 1)):
            page.append(["region", "value"])
            page.append(["a", year])
            page.append(["b", year + 1])

    return workbook(fill)


def formulas() -> bytes:
    """A formula with its value, one never calculated, an error; XlsxWriter can write all three."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet("data")
        page.write_row(0, 0, ["item", "price", "twice"])
        for row in range(1, 30):
            page.write_row(row, 0, [f"item {row}", row])
            page.write_formula(row, 2, f"=B{row + 1}*2", value=row * 2)
        page.write_formula(5, 2, "=B6*2", value="")
        page.write_formula(7, 2, "=1/0", value="#DIV/0!")
    return out.getvalue()


def xls() -> bytes:
    """An Excel 97 workbook with Arabic text, dates and numbers."""
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("بيانات")
    day = xlwt.easyxf(num_format_str="dd/mm/yyyy")
    for column, title in enumerate(["المحافظة", "count", "opened"]):
        page.write(0, column, title)
    for row, name in enumerate(["مسقط", "ظفار", "صحار"], 1):
        page.write(row, 0, name)
        page.write(row, 1, row * 10)
        page.write(row, 2, datetime.date(2024, row, 15), day)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xls_with_error() -> bytes:
    """An old workbook with an error in a cell."""
    book = xlwt.Workbook()
    book.add_sheet("first").write(0, 0, "nothing here")
    page = book.add_sheet("second")
    for column, title in enumerate(["name", "n"]):
        page.write(0, column, title)
    for row in range(1, 5):
        page.write(row, 0, f"r{row}")
        page.write(row, 1, row)
    page.row(5).write(0, "r5")
    page.row(5).set_cell_error(1, "#REF!")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods() -> bytes:
    """An OpenDocument spreadsheet."""
    book = OpenDocumentSpreadsheet()
    table = Table(name="ورقة1")
    for cells in (["المحافظة", "count"], ["مسقط", 12.5], ["ظفار", 7]):
        row = TableRow()
        for cell in cells:
            number = isinstance(cell, float | int)
            made = TableCell(valuetype="float", value=cell) if number else TableCell(valuetype="string")
            made.addElement(P(text=str(cell)))
            row.addElement(made)
        table.addElement(row)
    book.spreadsheet.addElement(table)
    out = io.BytesIO()
    book.write(out)
    return out.getvalue()


def zip_bomb() -> bytes:
    """A workbook whose sheet unpacks to a thousand times its size."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as file:
            for _ in range(60):
                file.write(b" " * 1024 * 1024)
    return out.getvalue()


def lying_zip() -> bytes:
    """A workbook whose sheet claims to be ten bytes long."""
    whole = bytearray(zip_bomb())
    size = (60 * 1024 * 1024).to_bytes(4, "little")
    place = whole.rfind(size)
    whole[place : place + 4] = (10).to_bytes(4, "little")
    return bytes(whole)


def encrypted() -> bytes:
    """An old workbook whose stream bears the name that workbooks with a password have."""
    content = bytearray(xls())
    entry = content.index("Workbook".encode("utf-16-le"))
    content[entry : entry + 32] = "EncryptedPackage".encode("utf-16-le")
    content[entry + 64] = 34
    return bytes(content)


def xls_in_a_circle() -> bytes:
    """An old workbook one of whose chains of sectors leads back to itself."""
    content = bytearray(xls())
    table = (int.from_bytes(content[76:80], "little") + 1) * 512
    content[table : table + 4] = bytes(4)
    return bytes(content)


GEOJSON = json.dumps(
    {
        "type": "FeatureCollection",
        "name": "schools",
        "features": [
            {
                "type": "Feature",
                "properties": {"اسم المدرسة": f"مدرسة {number}", "students": number * 10},
                "geometry": {"type": "Point", "coordinates": [58.5 + number, 23.25]},
            }
            for number in range(1, 5)
        ],
    },
    ensure_ascii=False,
)


def texts() -> dict[str, bytes]:
    """Tables as text, in every encoding and with every fault of structure."""
    return {
        "windows-1256.csv": ARABIC.encode("cp1256"),
        "iso-8859-6.csv": ARABIC.encode("iso8859_6"),
        "cp864.csv": cp864(ARABIC),
        "utf-16-le-bom.csv": b"\xff\xfe" + ARABIC.encode("utf-16-le"),
        "utf-16-be-bom.csv": b"\xfe\xff" + ARABIC.encode("utf-16-be"),
        "utf-16-le.csv": ARABIC.encode("utf-16-le"),
        "utf-8-bom.csv": b"\xef\xbb\xbf" + ARABIC.encode(),
        "utf-8.csv": ARABIC.encode(),
        "semicolons.csv": PLAIN.replace(",", ";").replace(".", ",").encode(),
        "tabs.tsv": PLAIN.replace(",", "\t").encode(),
        "pipes.txt": PLAIN.replace(",", "|").encode(),
        "old-mac.csv": PLAIN.replace("\n", "\r").encode(),
        "newlines.csv": b'id,text\r\n1,"first\r\nsecond, with ""quotes"""\r\n2,"a\nb\rc"\r\n3,plain\r\n',
        "short-rows.csv": b"a,b,c\n1,2,3\n4,5\n6\n7,8,9\n",
        "long-rows.csv": b"a,b,c\n1,2,3\n4,5,6,7\n8,9,10,,\n11,12,13,x,y\n",
        "duplicate-headers.csv": b"name,value,value,,name\nx,1,2,3,y\nz,4,5,6,w\n",
        "blank-lines.csv": b"a,b\n\n1,2\n\n,\n3,4\n\n\n",
        "title.csv": "تقرير السكان السنوي\nالمصدر: المركز الوطني\n\nالمحافظة,السكان\nمسقط,10\nظفار,20\n".encode(),
        "no-header.csv": b"1,alpha,2024-01-01\n2,beta,2024-01-02\n3,gamma,2024-01-03\n",
        "total.csv": "المحافظة,العدد\nمسقط,10\nظفار,20\nالمجموع,30\n".encode(),
        "nul.csv": b"a,b\n1,x\x00y\n2,z\n",
        "control.csv": b"a,b\n1,x\x07y\n2,z\n",
        "mixed-encoding.csv": ARABIC.encode() + "مسقط,بوشر,1,2023,تقدير\n".encode("cp1256"),
        "cut-utf8.csv": ARABIC.encode()[:-2],
        "unclosed-quote.csv": b'a,b\n1,"x\n2,y\n3,z\n',
        "bad-quote.csv": b'a,b\n1,"x" y\n2,z\n"p",q\n"r",s\n"t",u\n',
        "inches.csv": b'size,n\n5" pipe,1\n6" pipe,2\n',
        "5000-columns.csv": (",".join(f"c{n}" for n in range(5000)) + "\n" + ",".join("1" * 5000) + "\n").encode(),
    }


def others() -> dict[str, bytes]:
    """Files without a table, files that are no text, workbooks and JSON."""
    return {
        "empty.csv": b"",
        "blanks.csv": b"\n\n  \n",
        "header-only.csv": b"a,b,c\n",
        "one-column.csv": "الولاية\nبوشر\nالسيب\nمطرح\n".encode(),
        "program.csv": b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + bytes(200),
        "elf.csv": b"\x7fELF\x02\x01\x01\x00" + bytes(200),
        "random.csv": bytes((n * 7919 + n // 3) % 256 for n in range(4000)),
        "document.xlsx": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj",
        "picture.csv": b"\x89PNG\r\n\x1a\n" + bytes(100),
        "page.xls": b"<html><head><meta charset=utf-8></head><body><table><tr><td>1</td></tr></table></body></html>",
        "xml.xls": b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        "table.parquet": b"PAR1" + bytes(100) + b"PAR1",
        "merged.xlsx": merged_headers(),
        "sheets.xlsx": several_sheets(),
        "formulas.xlsx": formulas(),
        "old.xls": xls(),
        "error.xls": xls_with_error(),
        "open.ods": ods(),
        "bomb.xlsx": zip_bomb(),
        "liar.xlsx": lying_zip(),
        "truncated.xlsx": merged_headers()[:3000],
        "truncated.xls": xls()[:2000],
        "circle.xls": xls_in_a_circle(),
        "encrypted.xlsx": encrypted(),
        "records.json": json.dumps([{"a": 1, "b": "نص"}, {"a": 2.5, "c": True}], ensure_ascii=False).encode(),
        "lines.json": b'{"a": 1}\n{"a": 2}\n',
        "cut.json": b'[{"a": 1}, {"a": 2',
        "scalars.json": b"[1, 2, 3]",
        "places.geojson": GEOJSON.encode(),
    }


def corpus() -> dict[str, bytes]:
    """Every awkward file."""
    return texts() | others()
