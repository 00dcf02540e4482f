"""Parameters of rows, as documents tell them. What `opendata.querying.grammar` reads is only described here."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from opendata.api.parameters import Parameter

FORMATS = ("json", "ndjson", "csv", "xlsx")
FORMAT = Parameter(
    "format",
    _(
        "json gives a page; csv and ndjson give every row that fits unless a limit is set, xlsx does so up to 10,000 "
        "rows and 300,000 cells."
    ),
    "choice",
    "json",
    choices=FORMATS,
    example="json",
)
TOTAL = Parameter(
    "total", _("false: do not count the rows that fit, which is faster where there are filters."), "boolean", True
)
OF_ANSWER = (FORMAT, TOTAL)
"""Read here; everything else goes to the grammar."""
OF_QUERY = (
    Parameter("columns", _("Columns to tell, with commas between them; all by default."), most=4000),
    Parameter("sort", _("Columns to sort by, with commas between them; - in front of one sorts downwards."), most=4000),
    Parameter(
        "search", _("Words, each of which stands in some text column, however it is spelt in Arabic."), most=1000
    ),
    Parameter("group_by", _("Columns whose values make the groups, with commas between them."), most=4000),
    Parameter(
        "aggregate",
        _(
            "What is computed of each group: count, and sum, avg, min or max of a column, such as count,sum:amount; "
            "count where it is left out."
        ),
        most=4000,
    ),
    Parameter("distinct", _("true: equal rows once; use it with columns."), "boolean"),
    Parameter(
        "limit",
        _("Rows at once, 100 in JSON where it is left out; 0 only counts."),
        "integer",
        None,
        0,
        1000,
        example=2,
    ),
    Parameter("cursor", _("Where the page begins: take it from “next” of the page before."), most=200),
    Parameter(
        "offset", _("Rows to leave out first. A cursor is faster and misses nothing."), "integer", None, 0, 100_000
    ),
)
ROW_PARAMETERS = (*OF_QUERY, *OF_ANSWER)
FILTERS = _(
    "Filters: the name of a column, or its name, two underscores and an operator: eq (as with none), ne, lt, lte, gt, "
    "gte; in takes values with commas between them; contains takes a part of a text, however it is spelt in Arabic; "
    "is_null takes true or false. A column called like a parameter is written column.NAME. The dictionary of the "
    "dataset tells which operators each column takes."
)
