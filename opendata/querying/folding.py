"""Texts as they are compared by `contains` and `search`: the portal's own folding, in the engine without the portal.

`portal.search.folding` needs nothing but the standard library, yet importing it by name would load the whole portal
into a process that must stay small and know none of its secrets. So the file itself is loaded.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import cast

_FILE = Path(__file__).resolve().parents[2] / "portal" / "search" / "folding.py"


def _load() -> Callable[[str], str]:
    there = sys.modules.get("portal.search.folding")
    if there is not None:
        return cast("Callable[[str], str]", there.fold)
    spec = spec_from_file_location("opendata.querying._portal_folding", _FILE)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return cast("Callable[[str], str]", module.fold)


fold = _load()
"""Folded letters and Western digits, words parted by one space."""
