"""Examples of the guide: commands and programs against this portal's own addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from opendata.catalogue.addresses import LATEST, absolute, file_path
from opendata.reusers.sample import Sample


@dataclass(frozen=True)
class Example:
    """One of them: a key that is the same for ever, what it does, and the text to copy."""

    key: str
    does: str
    code: str


@dataclass(frozen=True)
class Group:
    """Examples for one tool."""

    key: str
    title: str
    needs: str
    """What has to be there to run them; "" where that goes without saying."""
    examples: list[Example]


def groups(of: Sample) -> list[Group]:
    """All of them, for the tools in the order of the guide."""
    jsonlite = _("The second one needs the package jsonlite.") if of.version.query_sha256 else ""
    return [
        Group("curl", "curl", "", curl(of)),
        Group("python", "Python", _("An example that imports pandas or Polars needs that package."), python(of)),
        Group("r", "R", jsonlite, r(of)),
    ]


def curl(of: Sample) -> list[Example]:
    """Commands of a shell."""
    slug, csv = of.slug, _latest(of, "data.csv")
    found = [
        Example(
            "curl-newest",
            _("Fetch the newest version. It comes compressed and is saved as it was published:"),
            _lines("curl --location --compressed", f"--output {slug}.csv", csv),
        ),
        Example(
            "curl-changed",
            _("Run this as often as you like: the file only comes when there is a new version."),
            _lines(
                "curl --location", f"--etag-compare {slug}.etag --etag-save {slug}.etag", f"--output {slug}.csv", csv
            ),
        ),
    ]
    everything = _lines("curl --output open-data.zip", absolute("/files/all.zip"))
    return [*found, *_asking(of), Example("curl-all", _("Fetch all datasets in one archive:"), everything)]


def _asking(of: Sample) -> list[Example]:
    """Commands that need rows that can be asked, and figures in them."""
    found = []
    if of.number and of.version.query_sha256:
        code = _lines("curl --get", _rows(of), f"--data sort=-{of.number} --data limit=5")
        found.append(Example("curl-rows", _("Ask for single rows, here the five with the largest figures:"), code))
        if of.text:
            asked = f"--data group_by={of.text} --data aggregate=count,sum:{of.number}"
            code = _lines("curl --get", _rows(of), asked, "--data format=csv")
            found.append(Example("curl-groups", _("Let the portal count and add up:"), code))
    return found


def _lines(*parts: str) -> str:
    """A command on several lines, short enough for most screens."""
    return " \\\n  ".join(parts)


def python(of: Sample) -> list[Example]:
    """Programs in Python."""
    polars = f"""\
import polars as pl

table = pl.read_csv("{_latest(of, "data.csv")}")
print(table.head())"""
    found = [
        Example(
            "python-pandas",
            _("With pandas. The columns get their Arabic titles, which are in the description of the version:"),
            _titled(of),
        ),
        Example("python-polars", _("With Polars:"), polars),
    ]
    if of.version.query_sha256:
        found.append(Example("python-pages", _("All rows from the interface, page by page:"), _paging(of)))
    return found


def _titled(of: Sample) -> str:
    return f"""\
import json
import urllib.request

import pandas as pd

base = "{_latest(of, "")}"
table = pd.read_csv(base + "data.csv")
with urllib.request.urlopen(base + "datapackage.json") as answer:
    package = json.load(answer)
resource = next(one for one in package["resources"] if one["path"] == "data.csv")
titles = {{one["name"]: one.get("title", one["name"]) for one in resource["schema"]["fields"]}}
table = table.rename(columns=titles)
print(table.head())"""


def _paging(of: Sample) -> str:
    return f"""\
import json
import urllib.request

address = "{_rows(of)}?limit=1000"
rows = []
while address:
    with urllib.request.urlopen(address) as answer:
        page = json.load(answer)
    rows += page["rows"]
    address = page["next"]
print(len(rows))"""


def r(of: Sample) -> list[Example]:
    """Programs in R."""
    found = [
        Example(
            "r-newest",
            _("Fetch the newest version:"),
            f'table <- read.csv(\n  "{_latest(of, "data.csv")}",\n  fileEncoding = "UTF-8", na.strings = ""\n)\n'
            "head(table)",
        )
    ]
    if of.version.query_sha256:
        code = f'answer <- jsonlite::fromJSON(\n  "{_rows(of)}?limit=1000"\n)\nhead(answer$rows)'
        found.append(Example("r-rows", _("Ask for rows:"), code))
    return found


def _latest(of: Sample, name: str) -> str:
    return absolute(file_path(of.slug, LATEST, name))


def _rows(of: Sample) -> str:
    return absolute(f"/api/v1/datasets/{of.slug}/rows")


def addresses(of: Sample) -> list[tuple[Any, str]]:
    """What is fetched under which address, with this dataset in place of any other."""
    version = of.version
    return [
        (_("Newest version, leads to the one below"), _latest(of, "data.csv")),
        (
            _("This very version, the same bytes for ever"),
            absolute(file_path(of.slug, version.sequence, "data.csv")),
        ),
        (_("Its columns with titles, types and meanings"), _latest(of, "datapackage.json")),
        (_("Rows that are chosen, sorted, counted"), _rows(of)),
        (_("Everything at once"), absolute("/files/all.zip")),
    ]
