"""Datasets of the demonstration: each file is uploaded, read, described, approved, built and signed as for real."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from opendata.catalogue.actions import datasets, deciding, reviewing, uploading, withdrawing
from opendata.catalogue.choices import Kind, Stage
from opendata.catalogue.models import Dataset, Release, Version
from opendata.catalogue.pipeline.working import work_on
from opendata.catalogue.standing import codes_of, report_of
from opendata.catalogue.storage import store
from opendata.reading.report import ASKS
from portal.bilingual import LANGUAGE_CODES
from portal.home.demo.content import load
from portal.home.demo.open_data import economy, files, register, roads, society
from portal.home.demo.open_data.inventories import Team, asset_of, team_of
from portal.home.demo.open_data.moments import months, years
from portal.mail.models import OutgoingMail

TABLES: dict[str, Callable[[date, str], Iterator[dict[str, Any]]]] = {
    made.__name__: made
    for made in (
        society.population, society.schools, society.health_centres, society.health_visits, economy.budget,
        economy.prices, economy.fisheries, economy.tourism, economy.inspections, roads.municipal_services,
        roads.accidents, roads.buses, roads.rainfall, register.register,
    )
}  # fmt: skip
MARK = {"ar": "بيانات تجريبية", "en": "sample data"}
WARNING = {
    "ar": "بيانات تجريبية مختلقة لعرض البوابة، ولا تصف الواقع.",
    "en": "Invented sample data that shows the portal; it does not describe reality.",
}
CLEARED = "أرقام مختلقة لا تخص أحدًا."
PAGE_INSTEAD_OF_A_TABLE = "<html><body><table><tr><td>الولاية</td><td>الناجحون</td></tr></table></body></html>"
"""What many systems call an Excel file."""


class Stuck(Exception):
    """A release of the demonstration did not get where it should."""


def tell_datasets(*, large: bool = False, today: date | None = None) -> int:
    """Publish the datasets that are not there yet, `large` ones only where asked for; returns how many."""
    today = today or timezone.localdate()
    known = set(Dataset.objects.values_list("slug", flat=True))
    plans = [plan for plan in load("open_data_datasets") if plan["slug"] not in known]
    wanted = [plan for plan in plans if large or not plan.get("large")]
    for plan in wanted:
        tell_dataset(plan, today)
    return len(wanted)


@transaction.atomic
def tell_dataset(plan: dict[str, Any], today: date) -> Dataset:
    """One dataset with all its versions. In one transaction, so that no worker takes its releases in between."""
    asset = asset_of(plan["asset"])
    team = team_of(asset.unit)
    dataset = datasets.enter_dataset(
        asset=asset, slug=plan["slug"], by=team.officer, **_texts(plan), **_covers(plan, today)
    )
    told = [(version, _tell_version(dataset, team, plan, version, today)) for version in plan["versions"]]
    for version, release in told:
        if "withdrawn_ar" in version:
            withdrawing.withdraw_version(
                version=Version.objects.get(release=release), by=team.lead, because_ar=version["withdrawn_ar"],
                because_en=version["withdrawn_en"],
            )  # fmt: skip
        # Nobody real is told of what never happened.
        OutgoingMail.objects.filter(dedupe_key__startswith=f"catalogue:{release.pk}:").delete()
    return dataset


def _texts(plan: dict[str, Any]) -> dict[str, str]:
    texts = {name: plan[name] for name in plan if name.startswith(("keywords", "methods"))}
    for code in LANGUAGE_CODES:
        texts[f"title_{code}"] = f"{plan[f'title_{code}']} ({MARK[code]})"
        texts[f"description_{code}"] = f"{WARNING[code]} {plan[f'description_{code}']}"
        texts[f"keywords_{code}"] = f"{plan[f'keywords_{code}']}, {MARK[code]}"
    return texts


def _covers(plan: dict[str, Any], today: date) -> dict[str, Any]:
    [(kind, count)] = plan["covers"].items()
    if kind == "years":
        listed = years(today, count)
        return {"covers_from": date(listed[0], 1, 1), "covers_until": date(listed[-1], 12, 31)}
    return {"covers_from": date.fromisoformat(f"{months(today, count)[0]}-01"), "covers_until": today.replace(day=1)}


def _tell_version(dataset: Dataset, team: Team, plan: dict[str, Any], version: dict[str, Any], today: date) -> Release:
    release = _upload(dataset, team, plan, version, today)
    _work(release, Stage.UNREADABLE if version.get("stop") == "unreadable" else Stage.REVIEW)
    if release.stage == Stage.UNREADABLE:
        return release
    _look_through(release, team, plan)
    reviewing.submit_release(release=release, by=team.officer, revision=release.revision)
    if version.get("stop") == "approval":
        return release
    deciding.approve_release(release=release, by=team.lead, revision=release.revision)
    _work(release, Stage.PUBLISHED)
    return release


def _upload(dataset: Dataset, team: Team, plan: dict[str, Any], version: dict[str, Any], today: date) -> Release:
    shape = plan.get("shape", {})
    year = today.year
    name = version["file"].replace("{year-1}", str(year - 1)).replace("{year-2}", str(year - 2))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        if plan["table"]:
            files.write(TABLES[plan["table"]](today, version["part"]), path, shape)
        else:
            path.write_text(PAGE_INSTEAD_OF_A_TABLE, encoding="utf-8")
        stored = store().add(path)
    release = uploading.begin_release(
        dataset=dataset, by=team.officer, upload=uploading.Received(name, stored.size, stored.sha256),
        kind=version.get("kind", Kind.NEW), change_note_ar=version.get("note_ar", ""),
        change_note_en=version.get("note_en", ""),
    )  # fmt: skip
    # Staff name the key once they see the columns, and the file is read again; known before, that is spared.
    Release.objects.filter(pk=release.pk).update(key=plan["key"])
    return release


def _work(release: Release, wanted: Stage) -> None:
    """Do what a worker would; the release has to be at this stage afterwards."""
    work_on(release.pk)
    release.refresh_from_db()
    if release.stage != wanted:
        problems = (release.report or {}).get("problem_counts")
        raise Stuck(f"{release.dataset.slug}: {release.stage} instead of {wanted}: {release.failure} {problems}")


def _look_through(release: Release, team: Team, plan: dict[str, Any]) -> None:
    """Describe the columns, accept what was found, clear what only looks like personal data."""
    columns = {entry["name"]: described(entry["name"]) for entry in release.dictionary}
    reviewing.describe_columns(release=release, by=team.officer, revision=release.revision, columns=columns)
    release.refresh_from_db()
    report = report_of(release)
    if report is None:
        raise Stuck(f"{release.dataset.slug} was not read")
    if asking := codes_of(report, ASKS):
        reviewing.accept_problems(release=release, by=team.officer, revision=release.revision, codes=asking)
    if report.personal:
        reviewing.clear_personal(release=release, by=team.lead, revision=release.revision, because=CLEARED)


_columns: dict[str, list[str]] = {}


def described(name: str) -> dict[str, str]:
    """The words of a column."""
    _columns.update(_columns or load("open_data_columns"))
    words = [*_columns[name], "", ""][:6]
    return dict(
        zip(("title_ar", "title_en", "description_ar", "description_en", "unit", "formula"), words, strict=True)
    )
