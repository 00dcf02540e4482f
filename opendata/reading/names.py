"""Machine names of columns, made from their headers."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 60


def machine_names(titles: list[str]) -> list[str]:
    """A unique name of a-z, 0-9 and _ for each title, beginning with a letter; without Latin letters `column_3`."""
    names: list[str] = []
    taken: set[str] = set()
    for place, title in enumerate(titles, 1):
        name = base = machine_name(title) or f"column_{place}"
        again = 2
        while name in taken:
            name = f"{base[: LONGEST - 5]}_{again}"
            again += 1
        taken.add(name)
        names.append(name)
    return names


def machine_name(title: str) -> str:
    """The title as a-z, 0-9 and _, or "" if nothing of it can be kept. "xml..." is not allowed as an XML name."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:LONGEST].rstrip("_")
    if not name:
        return ""
    # What is left of an Arabic title with a figure in it, such as "(2)", names nothing.
    if name[0].isdigit() and re.search(r"[^\W\d_]", title):
        return ""
    return f"c_{name}" if name[0].isdigit() or name.startswith("xml") else name
