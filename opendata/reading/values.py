"""The ways agencies write numbers, dates and yes/no: for each a pattern and the SQL that turns it into a typed value.

A cell fits a way of writing exactly when its SQL gives a value, and a column is typed only when every cell fits: so a
typed table holds the same values as the file. Patterns are valid for Python and for RE2 and matched on folded text:
Western digits, "." "," "-" "%" for their Arabic forms.

Numbers: whole numbers of up to 15 digits are BIGINT (spreadsheets and JavaScript change longer ones, which stay text);
others are DECIMAL with as many places as the longest value, exact to 38 digits; scientific notation is DOUBLE, and only
with up to 15 digits, so that the digits written come back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from opendata.reading.cells import OTHER_DIGITS, STANDS_FOR_EMPTY
from opendata.reading.engine import quoted

_FROM = OTHER_DIGITS + "٫٬،−٪"
FOREIGN = f"[{_FROM}]"  # whether folding, which is slow in SQL, has anything to do
_TO = "0123456789" * 2 + ".,,-%"


@dataclass(frozen=True)
class Way:
    """A way of writing values: its type, the pattern, and SQL over {x}, the folded cell, for the value."""

    name: str
    type: str
    pattern: str
    sql: str
    format: str = ""

    def matches(self, folded: str) -> bool:
        """Whether a folded cell is written this way, as far as the pattern tells (30 February passes)."""
        return bool(re.fullmatch(self.pattern, folded))

    def value(self, column: str, *, plain: bool) -> str:
        """SQL for the typed value of a column, NULL where the cell is not written this way."""
        x = column if plain else folded_sql(column)
        return f"CASE WHEN regexp_full_match({x}, {quoted(self.pattern)}) THEN {self.sql.format(x=x)} END"


def folded_sql(column: str) -> str:
    """SQL for a cell with Western digits and marks."""
    return f"translate({column}, {quoted(_FROM)}, {quoted(_TO)})"


def fold_all(text: str) -> str:
    """The same in Python."""
    return text.translate(_FOLD)


_FOLD = str.maketrans(_FROM, _TO)
_PLAIN = r"(?:(?:0|[1-9][0-9]*)(?:\.[0-9]+)?|\.[0-9]+)"
_GROUPED = r"(?:(?:0|[1-9][0-9]*|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.[0-9]+)?|\.[0-9]+)"
_COMMA = r"(?:(?:0|[1-9][0-9]*|[1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,[0-9]+)?)"
_NO_COMMAS = "replace({x}, ',', '')"
_COMMA_TO_POINT = "replace(replace({x}, '.', ''), ',', '.')"


def _percent(pattern: str) -> str:
    return rf"-?(?:{pattern} ?%|% ?{pattern})"


def _bare(sql: str) -> str:
    """The number without percent sign; the values of number ways are canonical text, cast once the scale is known."""
    return f"trim(replace({sql}, '%', ''))"


# Their SQL gives canonical text such as -1234.50.
NUMBERS = [
    Way("number", "decimal", f"-?{_PLAIN}", "{x}"),
    Way("grouped", "decimal", f"-?{_GROUPED}", _NO_COMMAS, "1,234.5"),
    Way("comma", "decimal", f"-?{_COMMA}", _COMMA_TO_POINT, "1.234,5"),
    Way("percent", "decimal", _percent(_GROUPED), _bare(_NO_COMMAS), "%"),
    Way("percent_comma", "decimal", _percent(_COMMA), _bare(_COMMA_TO_POINT), "% 1.234,5"),
    # The sign of the exponent is asked for: "12E4" is as likely a code.
    Way("scientific", "double", r"-?(?:0|[1-9][0-9]{0,2})(?:\.[0-9]{1,12})?(?:[eE][-+][0-9]{1,2})?", "{x}", "1.5E+3"),
]  # fmt: skip

_YEAR = "(?:1[6-9]|20|21)[0-9]{2}"
_DAY = "[0-9]{1,2}"
_SEPARATOR = "[-/.]"
_CLOCK = r"[ T]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?: ?(?:[AaPp][Mm]|ص|م))?"
_ORDERS = {
    "ymd": (f"{_YEAR}{{s}}{_DAY}{{s}}{_DAY}", "%Y-%m-%d", "yyyy-mm-dd"),
    "dmy": (f"{_DAY}{{s}}{_DAY}{{s}}{_YEAR}", "%d-%m-%Y", "dd/mm/yyyy"),
    "mdy": (f"{_DAY}{{s}}{_DAY}{{s}}{_YEAR}", "%m-%d-%Y", "mm/dd/yyyy"),
}
_DASHED = "replace(replace({x}, '/', '-'), '.', '-')"

MONTHS = [
    ("january", "jan", "يناير", "كانون الثاني"),
    ("february", "feb", "فبراير", "شباط"),
    ("march", "mar", "مارس", "آذار", "اذار"),
    ("april", "apr", "أبريل", "ابريل", "إبريل", "نيسان"),
    ("may", "مايو", "أيار", "ايار"),
    ("june", "jun", "يونيو", "يونيه", "حزيران"),
    ("july", "jul", "يوليو", "يوليه", "تموز"),
    ("august", "aug", "أغسطس", "اغسطس", "آب"),
    ("september", "sep", "sept", "سبتمبر", "أيلول", "ايلول"),
    ("october", "oct", "أكتوبر", "اكتوبر", "تشرين الأول", "تشرين الاول"),
    ("november", "nov", "نوفمبر", "تشرين الثاني"),
    ("december", "dec", "ديسمبر", "كانون الأول", "كانون الاول"),
]
_NAMES = sorted((name for names in MONTHS for name in names), key=len, reverse=True)
_WORDED = rf"([0-9]{{1,2}})[ -]*({'|'.join(_NAMES)})[ ,-]*({_YEAR})(?: ?م)?"


def _dates() -> list[Way]:
    ways = []
    for name, (pattern, form, shown) in _ORDERS.items():
        # The separators are matched alike by asking for each whole pattern.
        alike = "|".join(pattern.replace("{s}", sign) for sign in ("-", "/", r"\."))
        sql = f"CAST(try_strptime({_DASHED}, '{form}') AS DATE)"
        ways.append(Way(name, "date", alike, sql, shown))
    return [*ways, _worded()]


def _worded() -> Way:
    cases = " ".join(f"WHEN {quoted(name)} THEN {number}" for number, names in enumerate(MONTHS, 1) for name in names)
    pattern = f"(?i){_WORDED}"
    part = f"regexp_extract({{x}}, {quoted(pattern.replace('{', '{{').replace('}', '}}'))}, {{part}})"
    day, month, year = (part.replace("{part}", str(number)) for number in (1, 2, 3))
    sql = f"TRY(make_date(CAST({year} AS BIGINT), CASE lower({month}) {cases} END, CAST({day} AS BIGINT)))"
    return Way("worded", "date", pattern, sql, "d month yyyy")


def _datetimes() -> list[Way]:
    ways = []
    for name, (pattern, form, shown) in _ORDERS.items():
        alike = "|".join(pattern.replace("{s}", sign) for sign in ("-", "/"))
        forms = [
            form,
            *(f"{form} {clock}" for clock in ("%H:%M", "%H:%M:%S", "%H:%M:%S.%f", "%I:%M %p", "%I:%M:%S %p")),
        ]
        plain = "replace(replace(replace(replace({x}, '/', '-'), 'T', ' '), 'ص', 'AM'), 'م', 'PM')"
        spaced = f"regexp_replace(regexp_replace({plain}, ' *([AaPp][Mm])$', ' \\1'), '  +', ' ')"
        listed = ", ".join(quoted(one) for one in forms)
        sql = f"try_strptime({spaced}, [{listed}])"
        ways.append(Way(f"{name}_time", "datetime", f"(?:{alike})(?:{_CLOCK})?", sql, f"{shown} hh:mm"))
    return ways


_TRUE = ("yes", "true", "نعم", "y", "صحيح")
_FALSE = ("no", "false", "لا", "n", "خطأ", "كلا")
_BOOLEAN = Way(
    "boolean",
    "boolean",
    f"(?i){'|'.join(_TRUE + _FALSE)}",
    f"lower({{x}}) IN ({', '.join(map(quoted, _TRUE))})",
    "yes/no",
)
DATES = _dates()
DATETIMES = _datetimes()
WAYS = [*NUMBERS, _BOOLEAN, *DATES, *DATETIMES]

# Only where the publisher asks for the type.
SERIAL = Way("serial", "date", "[1-9][0-9]{0,5}", "DATE '1899-12-30' + CAST({x} AS INTEGER)", "Excel serial")
ZERO_ONE = Way("zero_one", "boolean", "[01]", "{x} = '1'", "0/1")

# Looked for to explain why a column stays text.
DIGITS = r"-?[0-9]+"
HIJRI = (
    rf"(?:1[34][0-9]{{2}}|1500){_SEPARATOR}{_DAY}{_SEPARATOR}{_DAY} ?(?:هـ?)?|"
    rf"{_DAY}{_SEPARATOR}{_DAY}{_SEPARATOR}(?:1[34][0-9]{{2}}|1500) ?(?:هـ?)?|"
    r".*(?:محرم|صفر|ربيع|جماد|رجب|شعبان|رمضان|شوال|القعدة|الحجة).*1[345][0-9]{2}.*|1[345][0-9]{2} ?هـ?"
)
HIJRI_YEAR = r"1[345][0-9]{2} ?هـ?"
TWO_DIGIT_YEAR = r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2}"
ZONED = rf"{_YEAR}-{_DAY}-{_DAY}[ T][0-9:.]+ ?(?:Z|[-+][0-9]{{2}}:?[0-9]{{2}})"

MISSING_SQL = f"({', '.join(map(quoted, STANDS_FOR_EMPTY))})"
