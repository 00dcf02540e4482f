"""The documentation of the read API, for everybody; its addresses have no language in front."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from selenium.webdriver import Chrome

from accessibility.scanner.scene import Scene
from tests.opendata.catalogue import shown
from tests.people import World


def documentation() -> Callable[[Chrome, str], None]:
    """The page in the language of the walk, whose base ends with it: http://host/ar/."""

    def enter(browser: Chrome, base: str) -> None:
        host = base.removesuffix("/ar/").removesuffix("/en/")
        browser.get(f"{host}/api/docs/{'ar/' if base.endswith('/ar/') else ''}")

    return enter


def api_scenes(world: World) -> Iterator[Scene]:
    """With examples of what is published so far, and of a dataset whose values are long."""
    yield Scene("api docs", documentation())
    long = [["2023", "محطة رصد الأمطار في ولاية الجبل الأخضر", "1473000"]]
    shown.version(shown.dataset(slug="rainfall-by-station"), rows=long, query_sha256="0" * 64)
    yield Scene("api docs long values", documentation())
