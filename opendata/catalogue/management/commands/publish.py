"""`manage.py publish FILE --dataset SLUG --by USER --approved-by USER`: the steps of the staff site, from the shell."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from opendata.catalogue.access import may_approve, may_upload
from opendata.catalogue.actions import deciding, reviewing, uploading
from opendata.catalogue.actions.changing import Conflict, Refused
from opendata.catalogue.choices import Kind, Stage
from opendata.catalogue.dictionaries import TEXTS
from opendata.catalogue.models import Dataset, Release, Version
from opendata.catalogue.pipeline.working import work_on
from opendata.catalogue.standing import codes_of, report_of
from opendata.catalogue.storage import store
from opendata.catalogue.words.failures import failure_words, refusal_words
from opendata.catalogue.words.problems import problem_words
from opendata.reading.choices import Choices
from opendata.reading.report import ASKS, STOPS
from portal.bilingual import in_language

BACKGROUND = (Stage.UPLOADED, Stage.READING, Stage.APPROVED, Stage.BUILDING)
PAUSE = 0.5
"""Seconds between two looks at what another worker is doing."""


class Command(BaseCommand):
    help = (
        "Publish a file as the next version of a dataset, through the same steps and with the same refusals as in the "
        "staff site: two people, no stopping problem, personal data cleared, every column titled in both languages."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add = parser.add_argument
        add("file", type=Path)
        add("--dataset", required=True, help="last part of its address")
        add("--by", required=True, help="user name of the publisher")
        add("--approved-by", required=True, help="user name of the second person")
        add("--kind", choices=Kind.values, default=Kind.NEW)
        add("--note-ar", default="", help="what has changed, in Arabic (from the second version on)")
        add("--note-en", default="", help="what has changed, in English")
        add("--choices", type=_json, default={}, help='how to read it, as JSON: {"encoding": "windows-1256"}')
        add("--dictionary", type=Path, help="JSON list of columns: name, title_ar, title_en, description_ar, ...")
        add("--key", default="", help="columns that together name a row, with commas")
        add("--accept", nargs="*", default=[], help="codes of asking problems that are accepted; 'all' for every one")
        add("--clear", default="", help="why what looks like personal data is none; the approver answers for it")

    def handle(self, *args: Any, **options: Any) -> None:
        with in_language("en"):
            try:
                version = self._publish(options)
            except Refused as error:
                raise CommandError("\n".join(refusal_words(one.code, one.params) for one in error.reasons)) from error
            except Conflict as error:
                raise CommandError(str(error.message)) from error
        self.stdout.write(
            self.style.SUCCESS(f"{version.dataset.slug} {version.number}: {version.rows} rows published.")
        )

    def _publish(self, options: dict[str, Any]) -> Version:
        dataset, by, approver = self._who(options)
        release = self._begin(dataset, by, options)
        try:
            self._read(release)
            self._decide(release, by, approver, options)
            self._settle(release, by, approver)
        except (Refused, CommandError):
            deciding.give_up(release=release, by=by)
            raise
        return release.version

    def _who(self, options: dict[str, Any]) -> tuple[Dataset, Any, Any]:
        dataset = Dataset.objects.filter(slug=options["dataset"]).select_related("asset__unit").first()
        if dataset is None:
            raise CommandError(f"There is no dataset {options['dataset']}.")
        by, approver = self._person(options["by"]), self._person(options["approved_by"])
        if not may_upload(by, dataset):
            raise CommandError(f"{by.username} may not publish data of this unit.")
        if not may_approve(approver, dataset):
            raise CommandError(f"{approver.username} may not approve data of this unit.")
        if by == approver:
            raise CommandError("Publishing takes two people: --by and --approved-by are the same.")
        return dataset, by, approver

    def _person(self, username: str) -> Any:
        user = get_user_model().objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active member of staff {username}.")
        return user

    def _begin(self, dataset: Dataset, by: Any, options: dict[str, Any]) -> Release:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"{path} is not a file.")
        if path.stat().st_size > settings.DATASET_MAX_BYTES:
            raise CommandError(f"{path} is larger than DATASET_MAX_BYTES ({settings.DATASET_MAX_BYTES}).")
        stored = store().add(path)
        return uploading.begin_release(
            dataset=dataset, by=by, upload=uploading.Received(path.name, stored.size, stored.sha256),
            kind=options["kind"], choices=options["choices"], change_note_ar=options["note_ar"],
            change_note_en=options["note_en"],
        )  # fmt: skip

    def _worked_on(self, release: Release) -> None:
        """Do what waits for the release here, or wait for the worker that was quicker."""
        release.refresh_from_db()
        while release.stage in BACKGROUND:
            if not work_on(release.pk):
                time.sleep(PAUSE)
            release.refresh_from_db()

    def _read(self, release: Release) -> None:
        self._worked_on(release)
        report = report_of(release)
        if release.stage == Stage.REVIEW and report is not None:
            return
        stops = [problem for problem in report.problems if problem.severity == STOPS] if report else []
        lines = [f"{_where(problem)}{problem_words(problem.code, problem.params)}" for problem in stops]
        raise CommandError("\n".join(lines or [failure_words(release.failure)]))

    def _decide(self, release: Release, by: Any, approver: Any, options: dict[str, Any]) -> None:
        self._describe(release, by, options)
        report = report_of(release)
        assert report is not None
        asking = codes_of(report, ASKS)
        codes = asking if options["accept"] == ["all"] else [code for code in asking if code in options["accept"]]
        if codes:
            reviewing.accept_problems(release=release, by=by, revision=release.revision, codes=codes)
        for code in set(asking) - set(codes):
            first = next(problem for problem in report.problems if problem.code == code)
            self.stderr.write(f"{code}: {_where(first)}{problem_words(code, first.params)}")
        if report.personal and options["clear"]:
            because = options["clear"]
            reviewing.clear_personal(release=release, by=approver, revision=release.revision, because=because)

    def _describe(self, release: Release, by: Any, options: dict[str, Any]) -> None:
        columns = {}
        if options["dictionary"]:
            described = json.loads(options["dictionary"].read_text(encoding="utf-8"))
            known = {entry["name"] for entry in release.dictionary}
            if unknown := {entry["name"] for entry in described} - known:
                raise CommandError(
                    f"The table has no column {', '.join(sorted(unknown))}; it has {', '.join(sorted(known))}."
                )
            wanted = {*TEXTS, "type"}
            columns = {entry["name"]: {k: str(v) for k, v in entry.items() if k in wanted} for entry in described}
        key = [name.strip() for name in options["key"].split(",") if name.strip()]
        if unknown := set(key) - {entry["name"] for entry in release.dictionary}:
            raise CommandError(f"The key names columns that are not there: {', '.join(sorted(unknown))}.")
        if not columns and not key:
            return
        reviewing.describe_columns(release=release, by=by, revision=release.revision, columns=columns, key=key or None)
        release.refresh_from_db()
        if release.stage == Stage.UPLOADED:
            self._read(release)

    def _settle(self, release: Release, by: Any, approver: Any) -> None:
        release.refresh_from_db()
        reviewing.submit_release(release=release, by=by, revision=release.revision)
        deciding.approve_release(release=release, by=approver, revision=release.revision)
        self._worked_on(release)
        if release.stage != Stage.PUBLISHED:
            raise CommandError(failure_words(release.failure))


def _where(problem: Any) -> str:
    return f"line {problem.line}: " if problem.line else ""


def _json(text: str) -> dict[str, Any]:
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError("not an object")
    Choices(**found)  # raises TypeError for a name it does not know, which the parser of arguments reports
    return found
