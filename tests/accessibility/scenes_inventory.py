"""The data inventory and the agencies, for everybody and for staff."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

from django.utils import timezone
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from accessibility.scanner.scene import Scene
from opendata.inventory import keeping
from opendata.inventory.actions.writing import edit_asset
from opendata.inventory.importing import template
from opendata.inventory.models import Asset, Upload
from opendata.inventory.reminding import remind
from portal.organisations.models import Role, Unit
from tests.accessibility.scenes import page, press, sign_in_as, then, write
from tests.office_hours import at
from tests.opendata.inventory.conftest import (
    PROFILE,
    STEWARD,
    agency,
    assessed,
    asset,
    published,
    redacted,
    scheduled,
    withheld,
)
from tests.people import World, staff

DO = "form.composer button"
SAVE = "input[name=_save]"


def inventory(world: World) -> dict[str, Asset]:
    """An asset in every state, one without its title, one late."""
    today = timezone.localdate()
    return {
        "entered": asset(world), "assessed": assessed(world, is_high_value=True), "scheduled": scheduled(world),
        "late": scheduled(world, today - timedelta(days=9)), "published": published(world),
        "withheld": withheld(world), "redacted": redacted(world),
    }  # fmt: skip


def inventory_scenes(world: World) -> Iterator[Scene]:
    for name in ("inventory", "inventory/schedule", "agencies"):
        yield Scene(f"data {name} empty", page(f"data/{name}/"))
    body = agency(world, counted_from=date(2026, 1, 31))
    yield Scene("agency empty", page(f"data/agencies/{body.slug}/"))
    found = inventory(world)
    agency(world, world.other_unit.organisation, date(2026, 9, 1), **PROFILE)
    for day in (date(2026, 8, 31), date(2026, 9, 30), timezone.localdate()):
        keeping.take_snapshots(day)
    yield Scene("data inventory", page("data/inventory/"))
    yield Scene("data inventory narrowed", page("data/inventory/?access=closed&agency=ministry&q=بيانات"))
    yield Scene("data inventory none fits", page("data/inventory/?theme=law&access=closed"))
    yield Scene("data schedule", page("data/inventory/schedule/"))
    yield Scene("data schedule none fits", page("data/inventory/schedule/?theme=law"))
    for name in ("assessed", "late", "published", "withheld", "redacted"):
        yield Scene(f"data asset {name}", page(f"data/inventory/{found[name].pk}/"))
    yield Scene("agencies", page("data/agencies/"))
    for slug in ("ministry", "other"):
        yield Scene(f"agency {slug}", page(f"data/agencies/{slug}/"))


def remind_of_inventory(world: World) -> None:
    """Makes the letter inventory/due."""
    Unit.objects.filter(pk=world.licensing.pk).update(email="unit@ministry.example")
    scheduled(world, at("mon 12:00").date())
    remind(at("tue 10:00"))


def choose(name: str, content: bytes) -> Callable[[Chrome, str], None]:
    """Choose a file in the form."""

    def enter(browser: Chrome, base: str) -> None:
        path = Path(tempfile.mkdtemp()) / name
        path.write_bytes(content)
        browser.find_element(By.NAME, "file").send_keys(str(path))

    return enter


ROWS = "code,title_ar,title_en,theme,شيء آخر\nR-1,عنوان,Title,health,x\nR-2,عنوان,Title,weather,x\nA-X,نص,Text,law,\n"


def inventory_desk_scenes(world: World) -> Iterator[Scene]:
    found, body = inventory(world), agency(world)
    steward = staff("shaima", world.licensing, Role.LEAD, *STEWARD)
    asset(world, code="A-X")
    yield Scene("desk of a steward", then(sign_in_as(steward), page("")))
    yield Scene("asset list", page("inventory/asset/"))
    yield Scene("asset list of late ones", page("inventory/asset/?waiting=late"))
    yield Scene("new asset", page("inventory/asset/add/"))
    yield Scene("new asset with errors", then(page("inventory/asset/add/"), press(SAVE)))
    for name, row in found.items():
        yield Scene(f"asset form {name}", page(f"inventory/asset/{row.pk}/change/"))
    steps = [
        ("withheld", "confirm"), ("entered", "assess"), ("assessed", "schedule"), ("scheduled", "withhold"),
        ("withheld", "reopen"), ("withheld", "redact_title"), ("redacted", "show_title"),
    ]  # fmt: skip
    for name, verb in steps:
        yield Scene(f"step {verb}", page(f"inventory/asset/{found[name].pk}/do/{verb}/"))
    yield Scene("step with errors", then(page(f"inventory/asset/{found['scheduled'].pk}/do/withhold/"), press(DO)))
    yield from _conflicts(world, found["entered"])
    yield from _importing()
    yield from _agencies(world, body.pk)


def _conflicts(world: World, row: Asset) -> Iterator[Scene]:
    def elsewhere(browser: Chrome, base: str) -> None:
        row.refresh_from_db()
        edit_asset(asset=row, by=world.officer, revision=row.revision, title_ar=f"عنوان آخر {row.revision}")

    form, step = f"inventory/asset/{row.pk}/change/", f"inventory/asset/{row.pk}/do/assess/"
    yield Scene("two people at an asset", then(page(form), elsewhere, write("title_ar", "عنواني"), press(SAVE)))
    chosen = lambda browser, base: browser.find_element(By.CSS_SELECTOR, "[name=access][value=open]").click()  # noqa: E731
    yield Scene("two people at a step", then(page(step), elsewhere, chosen, press(DO)))


def _importing() -> Iterator[Scene]:
    yield Scene("import", page("inventory/asset/import/"))
    yield Scene("import without a file", then(page("inventory/asset/import/"), press(DO)))
    bad = choose("template.xlsx", template.workbook())
    yield Scene("import of an empty template", then(page("inventory/asset/import/"), bad, press(DO)))
    good = choose("inventory.csv", ROWS.encode())
    yield Scene("import report", then(page("inventory/asset/import/"), good, press(DO)))
    yield Scene("import taken over", press(DO))
    twice = then(page("inventory/asset/import/"), good, press(DO))
    yield Scene("import of nothing new", twice)
    assert Upload.objects.filter(stored_at__isnull=False).exists()


def _agencies(world: World, pk: int) -> Iterator[Scene]:
    form = f"inventory/agency/{pk}/change/"
    yield Scene("agency list", page("inventory/agency/"))
    yield Scene("agency form", page(form))
    yield Scene("agency form with errors", then(page(form), write("roles_ar", "نص"), press(SAVE)))
    overseer = staff("zainab", world.other_unit, Role.OFFICER, "oversee_agency", "view_asset", "view_agency")
    yield Scene("desk of an overseer", then(sign_in_as(overseer), page("")))
    yield Scene("agency read only", page(form))
    yield Scene("asset read only", page(f"inventory/asset/{Asset.objects.order_by('pk')[0].pk}/change/"))
    yield Scene("new agency", then(sign_in_as(world.administrator), page("inventory/agency/add/")))
