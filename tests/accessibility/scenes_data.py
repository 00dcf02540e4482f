"""The catalogue, datasets and their versions, for everybody; and looking at reuses, for staff."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.contrib.auth.models import Permission
from django.utils import timezone
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from accessibility.scanner.scene import Scene
from opendata.catalogue.models import Dataset
from opendata.catalogue.models.around import ReuseState
from opendata.catalogue.reuses import Sent, decide_reuse, receive_reuse
from portal.search.indexing import index
from tests.accessibility.scenes import page, send, sign_in_as, then
from tests.opendata import making
from tests.opendata.catalogue import shown
from tests.people import World

LICENCES = ["CC-BY-4.0", "CC0-1.0", "ODbL-1.0"]
THEMES = ["population", "education", "transport", "health", "budget"]
SENT = Sent("خريطة السكان", "https://example.org/map", "تعرض السكان على خريطة.", "مريم", "ar")


def reuse_with_errors(path: str):
    """The form sent empty."""

    def enter(browser: Chrome, base: str) -> None:
        browser.get(base + path)
        send(browser)

    return enter


def reuse_sent(path: str):
    """The form filled in and sent."""

    def enter(browser: Chrome, base: str) -> None:
        browser.get(base + path)
        for name, value in (("title", "خريطة"), ("url", "https://example.org/"), ("description", "تعرض البيانات")):
            browser.find_element(By.CSS_SELECTOR, f"main [name={name}]").send_keys(value)
        send(browser)

    return enter


def filled(house: making.House) -> dict[str, Dataset]:
    """A dataset with everything, one that lacks most, a late one, one all withdrawn, and enough for two pages."""
    whole = making.make_dataset(
        house, making.make_asset(house, is_high_value=True), "population-by-governorate",
        title_ar="السكان حسب المحافظة والسنة", title_en="Population by governorate and year",
        methods_ar="من سجل السكان.", methods_en="From the register.", governorates=["muscat", "dhofar"],
        covers_from=timezone.localdate() - timedelta(days=1000), covers_until=timezone.localdate(),
    )  # fmt: skip
    key = ["year", "governorate"]
    pairs = [(year, place) for year in range(1990, 2025) for place in ("Muscat", "Dhofar", "Musandam", "Al Wusta")]
    rows = "\n".join(f"{year},{place},{1000 * n}" for n, (year, place) in enumerate(pairs))
    table = f"year,governorate,population\n{rows}\n"
    first = making.published(whole, table, key=key)
    making.withdrawn(making.published(whole, table + "2025,Muscat,1\n", key=key))
    changed = table.replace("1990,Muscat,0", "1990,Muscat,7") + "2025,Muscat,99000\n2025,Dhofar,98000\n"
    making.published(whole, changed, key=key, kind="correction")
    assert first.sequence == 1
    shown_one = receive_reuse(dataset=whole, sent=SENT, token="shown")
    decide_reuse(reuse=shown_one, state=ReuseState.SHOWN, by=house.publisher, seen="waiting")
    bare = shown.dataset(house, "bare", frequency="monthly", title_ar="أسماء الأفلاج", title_en="Names of aflaj")
    shown.version(
        bare, columns=[{"name": "name", "type": "text", "title_ar": "الاسم", "title_en": "Name", "formula": "a + b"}],
        rows=[["دارس"], ["الخطمين"], ["الملكي"]], formats=("csv",), published_at=timezone.now() - timedelta(days=90),
        signature="a.b.c",
    )  # fmt: skip
    shown.version(empty := shown.dataset(house, "empty-table"), rows=[])
    gone = making.withdrawn(shown.version(shown.dataset(house, "gone"))).dataset
    for n in range(22):
        shown.version(shown.dataset(house, f"set-{n}", theme=THEMES[n % 5], licence=LICENCES[n % 3]))
    index("dataset", [str(one.pk) for one in Dataset.objects.all()])
    return {"whole": whole, "bare": bare, "gone": gone, "empty": empty}


def data_scenes(world: World) -> Iterator[Scene]:
    """The public side."""
    yield Scene("data empty", page("data/"))
    yield Scene("data verify empty", page("data/verify/"))
    sets = filled(making.make_house("statistics", contact_email="open@body.example", contact_role_ar="منسق البيانات",
                                    contact_role_en="Data coordinator"))  # fmt: skip
    for path in ("", "?theme=population&format=csv&sort=name", "?q=السكان", "?q=xyzzy&theme=law", "?page=2"):
        yield Scene(f"data {path}", page(f"data/{path}"))
    for name in ("whole", "bare", "empty", "gone"):
        yield Scene(f"dataset {name}", page(f"data/{sets[name].slug}/"))
    whole = sets["whole"].slug
    yield Scene("dataset sorted", page(f"data/{whole}/?sort=-population&has=Muscat&column=governorate"))
    yield Scene("dataset second rows", page(f"data/{whole}/?rows=2"))
    yield Scene("dataset none fits", page(f"data/{whole}/?has=xyzzy"))
    for n in (1, 2, 3):
        yield Scene(f"version {n}", page(f"data/{whole}/v/{n}/"))
    yield Scene("changes", page(f"data/{whole}/v/3/changes/"))
    yield Scene("data verify", page("data/verify/"))
    yield Scene("reuse", page(f"data/{whole}/reuse/"))
    yield Scene("reuse with errors", reuse_with_errors(f"data/{whole}/reuse/"))
    yield Scene("reuse sent", reuse_sent(f"data/{whole}/reuse/"))


def reuse_desk_scenes(world: World) -> Iterator[Scene]:
    """What staff see of reuses."""
    house = making.make_house("reuse-desk")
    reuse = receive_reuse(dataset=shown.version(shown.dataset(house)).dataset, sent=SENT, token="waiting")
    house.publisher.user_permissions.add(*Permission.objects.filter(codename__in=["view_reuse", "change_reuse"]))
    yield Scene("reuses", then(sign_in_as(house.publisher), page("catalogue/reuse/")))
    address = f"catalogue/reuse/{reuse.pk}/change/"
    yield Scene("reuse to decide", page(address))
    yield Scene("reuse not decided", reuse_not_decided(address))


def reuse_not_decided(path: str):
    """The decision sent without one."""

    def enter(browser: Chrome, base: str) -> None:
        browser.get(base + path)
        browser.find_element(By.NAME, "_save").click()

    return enter
