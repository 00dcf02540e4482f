"""Datasets, releases and versions in the staff site, for who publishes and who approves; and their letters."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.db.models import F
from selenium.webdriver.common.by import By

from opendata.catalogue import retention
from opendata.catalogue.actions import deciding
from opendata.catalogue.actions.erasing import ask_erasure
from opendata.catalogue.choices import Stage
from opendata.catalogue.models import Dataset, Release
from opendata.catalogue.pipeline import working
from tests.accessibility.scenes import Scene, open_details, page, press, sign_in_as, then, write
from tests.opendata import making
from tests.people import World

AWKWARD = (
    "name,email,governorate,population,population\n"
    + "".join(f"Salim {n},person{n}@mail.example,مسقط,{n},{n}\n" for n in range(30))
    + "short,row\n\nTotal,,,30,30\n"
)


def change(model: str, row: object, rest: str = "change/") -> str:
    return f"catalogue/{model}/{row.pk}/{rest}"  # type: ignore[attr-defined]


def file(text: str, name: str = "population.csv"):
    """Choose a file with this content in the form of the page."""
    path = Path(tempfile.mkdtemp()) / name
    path.write_text(text)

    def enter(browser, base: str) -> None:
        browser.find_element(By.NAME, "file").send_keys(str(path))

    return enter


def release_scenes(world: World) -> Iterator[Scene]:
    house = making.make_house("statistics")
    version = making.published(making.make_dataset(house, slug="population"), key=["year", "governorate"])
    awkward = making.read(making.make_release(making.make_dataset(house, slug="awkward"), AWKWARD))
    yield from _datasets(house, version.dataset)
    yield from _uploads(house, version.dataset)
    yield from _review(house, awkward)
    yield from _stages(house)
    yield from _approval(house, version)
    yield from _versions(house, version)


def _datasets(house: making.House, dataset: Dataset) -> Iterator[Scene]:
    making.make_asset(house)
    yield Scene("datasets of a publisher", then(sign_in_as(house.publisher), page("catalogue/dataset/")))
    yield Scene("dataset of a publisher", page(change("dataset", dataset)))
    yield Scene("dataset to enter", page("catalogue/dataset/add/"))
    yield Scene("dataset entered with errors", then(page("catalogue/dataset/add/"), press("input[name=_save]")))
    other = lambda *_: Dataset.objects.filter(pk=dataset.pk).update(revision=F("revision") + 1)  # noqa: E731
    conflict = then(page(change("dataset", dataset)), write("title_en", "Mine"), other, press("input[name=_save]"))
    yield Scene("dataset changed by two", conflict)


def _uploads(house: making.House, dataset: Dataset) -> Iterator[Scene]:
    upload = change("dataset", dataset, "release/")
    yield Scene("release to begin", page(upload))
    yield Scene("release begun without a file", then(page(upload), press("#upload-form button[type=submit]")))
    making.make_release(dataset)
    yield Scene("release begun by somebody else", page(upload))
    yield Scene("dataset with a release under way", page(change("dataset", dataset)))


def _review(house: making.House, awkward: Release) -> Iterator[Scene]:
    yield Scene("releases", page("catalogue/release/"))
    yield Scene("release with problems", then(page(change("release", awkward)), open_details))
    yield Scene("data dictionary", page(change("release", awkward, "dictionary/")))
    other = lambda *_: Release.objects.filter(pk=awkward.pk).update(revision=F("revision") + 1)  # noqa: E731
    sent = "#content form button[type=submit]"
    dictionary = change("release", awkward, "dictionary/")
    yield Scene("data dictionary changed by two", then(page(dictionary), other, press(sent)))
    for key in ("read_again", "accept", "note", "original", "submit", "give_up"):
        yield Scene(f"release {key}", page(change("release", awkward, f"do/{key}/")))
    yield Scene("release submitted too early",
                then(page(change("release", awkward, "do/submit/")), press("form.composer button")))  # fmt: skip


def _stages(house: making.House) -> Iterator[Scene]:
    unreadable = making.read(making.make_release(making.make_dataset(house, slug="broken"), b"%PDF-1.7\n"))
    yield Scene("release that cannot be read", page(change("release", unreadable)))
    failed = making.approved(making.make_release(making.make_dataset(house, slug="failing")))
    Release.objects.filter(pk=failed.pk).update(stage=Stage.FAILED, failure="disk_full")
    yield Scene("release that could not be built", page(change("release", failed)))
    waiting = making.make_release(making.make_dataset(house, slug="fresh"))
    yield Scene("release that waits", page(change("release", waiting) + "?still=1"))


def _approval(house: making.House, version) -> Iterator[Scene]:
    dataset = version.dataset
    release = Release.objects.open().get(dataset=dataset)
    making.submitted(making.read(release))
    personal = Release.objects.open().get(dataset__slug="awkward")
    yield Scene("desk of an approver", then(sign_in_as(house.approver), page("")))
    yield Scene("release to approve", then(page(change("release", release)), open_details))
    yield Scene("release approve", page(change("release", release, "do/approve/")))
    yield Scene("release clear", page(change("release", personal, "do/clear/")))
    yield Scene("release return", page(change("release", release, "do/return/")))
    yield Scene("release returned without a reason",
                then(page(change("release", release, "do/return/")), press("form.composer button")))  # fmt: skip
    moved = lambda *_: deciding.approve_release(  # noqa: E731
        release=release, by=house.approver, revision=Release.objects.get(pk=release.pk).revision
    )
    yield Scene("release returned too late", then(page(change("release", release, "do/return/")),
                write("because", "سنة ناقصة"), moved, press("form.composer button")))  # fmt: skip
    working.work_on(release.pk)
    yield Scene("release published", page(change("release", release)))


def _versions(house: making.House, version) -> Iterator[Scene]:
    yield Scene("versions of datasets", page("catalogue/version/"))
    yield Scene("version for staff", page(change("version", version)))
    withdraw = change("version", version, "withdraw/")
    yield Scene("version to withdraw", page(withdraw))
    yield Scene("version withdrawn without a reason", then(page(withdraw), press("form.composer button")))
    yield Scene("version to withdraw, second look", then(page(withdraw), write("because_ar", "خطأ"),
                write("because_en", "Wrong"), press("form.composer button")))  # fmt: skip
    making.withdrawn(version)
    yield Scene("version withdrawn, for staff", page(change("version", version)))
    erase = change("version", version, "erase/")
    yield Scene("version to destroy", page(erase))
    yield Scene("version destroyed without a reason", then(page(erase), press("form.composer button")))
    ask_erasure(version=version, by=house.publisher, because="أسماء", ground_ar="قانون", ground_en="Law")
    yield Scene("version to destroy, second person", page(erase))


def data_letters(world: World) -> None:
    """Writes the letters mail/catalogue/*: call it before the scenes of letters."""
    house = making.make_house("letters")
    making.published(making.make_dataset(house, slug="letters"))
    release = making.submitted(making.make_release(making.make_dataset(house, slug="letters-2")))
    deciding.return_release(release=release, by=house.approver, because="سنة 2022 ناقصة.")
    making.read(making.make_release(making.make_dataset(house, slug="letters-3"), b"%PDF-1.7\n"))
    retention.warn(release.updated_at + timedelta(retention.UNTOUCHED_DAYS - 1))
