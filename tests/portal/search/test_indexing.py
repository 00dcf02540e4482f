"""The index follows what is public: at once after a change, and by a sweep whatever happened."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from portal.audit.actions import record
from portal.search import indexing, registry
from portal.search.models import SearchEntry, Synonym, Word
from portal.search.registry import Source
from portal.search.tasks import refresh as refresh_task
from portal.search.tasks import refresh_thoroughly
from tests.at_once import at_once
from tests.portal.search.pages import Shelf

pytestmark = pytest.mark.django_db


def stored() -> dict[tuple[str, str], str]:
    return {(row.key, row.language): row.title for row in SearchEntry.objects.all()}


def test_it_stores_each_language_of_an_object_once(shelf: Shelf) -> None:
    shelf.put("1", "رسوم الرخصة", language="ar")
    shelf.put("1", "Licence fees")
    for _time in range(2):
        assert indexing.index("leaflet", ["1"]) == 2
    assert stored() == {("1", "ar"): "رسوم الرخصة", ("1", "en"): "Licence fees"}


def test_it_takes_out_what_is_public_no_more(shelf: Shelf) -> None:
    shelf.put("1", "One")
    shelf.put("1", "واحد", language="ar")
    shelf.put("2", "Two")
    indexing.index("leaflet", ["1", "2"])
    del shelf.pages["1", "ar"]
    shelf.take("2")
    indexing.index("leaflet", ["1", "2", "3"])
    assert stored() == {("1", "en"): "One"}


def test_a_sweep_finds_what_appeared_changed_and_went(shelf: Shelf) -> None:
    for key in ("stays", "changes", "goes"):
        shelf.put(key, key.title())
    assert refresh_task() == 3
    assert refresh_task() == 0
    shelf.put("comes", "Comes")
    shelf.change("changes", title="Changed")
    shelf.take("goes")
    assert refresh_task() == 3
    assert stored() == {("stays", "en"): "Stays", ("changes", "en"): "Changed", ("comes", "en"): "Comes"}


def test_a_sweep_reads_only_what_changed_where_versions_are_known(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions: dict[str, int] = {"a": 1, "b": 1}

    def known(keys: Any) -> list[tuple[str, int]]:
        return [(key, version) for key, version in versions.items() if keys is None or key in keys]

    source = Source("leaflet", "Leaflets", shelf.documents, model="search.synonym", versions=known)
    monkeypatch.setattr(registry, "_sources", {"leaflet": source})
    shelf.put("a", "A")
    shelf.put("b", "B")
    indexing.refresh()
    shelf.calls.clear()
    assert indexing.refresh() == 0
    assert shelf.calls == []
    versions["b"] = 2
    assert indexing.refresh() == 1
    assert shelf.calls == [["b"]]
    shelf.change("a", title="Changed without a new version")
    assert indexing.refresh() == 0
    refresh_thoroughly()
    assert stored()["a", "en"] == "Changed without a new version"


def test_a_kind_that_nobody_publishes_any_more_is_forgotten(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.put("1", "One")
    indexing.refresh()
    monkeypatch.setattr(registry, "_sources", {})
    indexing.refresh()
    assert not SearchEntry.objects.exists()
    assert indexing.index("leaflet", ["1"]) == 0


def test_a_kind_that_fails_keeps_no_other_from_being_indexed(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(keys: Any) -> Any:
        raise RuntimeError("broken")

    broken = Source("broken", "Broken", fail, model="", position=1)
    monkeypatch.setitem(registry._sources, "broken", broken)
    shelf.put("1", "One")
    assert indexing.refresh() == 1
    assert stored() == {("1", "en"): "One"}


def test_a_recorded_change_asks_for_its_object_to_be_indexed(
    shelf: Shelf, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(indexing, "nudge", lambda *arguments: asked.append(arguments))
    group = Synonym.objects.create(words="a, b")
    record(verb="test.changed", subject=group)
    assert asked == [("search.index", "leaflet", str(group.pk))]
    record(verb="test.changed", subject=Word(folded="x", shown="x", count=1, variants=[]))
    assert len(asked) == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_indexes_a_change_at_once(shelf: Shelf, worker: Any) -> None:
    """The worker is a process of its own: it knows the real kinds only."""
    from participation.news.actions.publishing import publish_announcement
    from participation.news.actions.writing import write_announcement
    from tests.people import build_world
    from tests.running import wait_until

    registry.register(Source("news", "News", shelf.documents, model="news.announcement"))
    world = build_world()
    texts = {f"{field}_{code}": f"{field} {code}" for field in ("title", "summary", "body") for code in ("ar", "en")}
    row = write_announcement(by=world.lead, unit=world.licensing, topic=None, slug="hours", **texts)
    publish_announcement(announcement=row, by=world.administrator)
    wait_until(lambda: SearchEntry.objects.filter(kind="news", key=str(row.pk)).count() == 2)


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_that_index_one_object_the_last_state_wins(shelf: Shelf) -> None:
    """Each reads under the lock of the kind, so none puts an older state over a newer one."""

    def work(number: int) -> int:
        if number == 0:
            shelf.put("1", "New")
        return indexing.index("leaflet", ["1"])

    shelf.put("1", "Old")
    for _round in range(5):
        shelf.put("1", "Old")
        assert at_once(4, work) == [1] * 4
        indexing.index("leaflet", ["1"])
        assert stored() == {("1", "en"): "New"}


@pytest.mark.django_db(transaction=True)
def test_a_worker_waits_for_another_that_indexes_the_same_kind(shelf: Shelf) -> None:
    shelf.put("1", "Old")

    def slow_or_quick(number: int) -> Any:
        if number:
            with transaction.atomic():
                indexing._wait_for_turn("leaflet")
                shelf.put("1", "New")
            return None
        return indexing.index("leaflet", ["1"])

    assert not [answer for answer in at_once(2, slow_or_quick) if isinstance(answer, Exception)]
    indexing.index("leaflet", ["1"])
    assert stored() == {("1", "en"): "New"}


def test_reindexing_rebuilds_everything_and_learns_the_words(shelf: Shelf, capsys: Any) -> None:
    shelf.put("1", "Licence fees", "What a permit costs")
    SearchEntry.objects.create(
        kind="leaflet", key="old", language="en", title="Old", title_words=" old ", title_forms="old", forms="old",
        path="/old/", published_at=timezone.now(), fingerprint="x",
    )  # fmt: skip
    call_command("reindex")
    assert stored() == {("1", "en"): "Licence fees"}
    assert set(Word.objects.values_list("shown", flat=True)) == {"Licence", "fees", "permit", "costs"}
    assert "leaflet: 1 pages" in capsys.readouterr().out
    with pytest.raises(CommandError, match="there are leaflet"):
        call_command("reindex", "nonsense")


def test_indexing_asks_as_much_for_three_objects_as_for_one(shelf: Shelf) -> None:
    from django.test.utils import CaptureQueriesContext

    counts = []
    for keys in (["1"], ["1", "2", "3"]):
        for key in keys:
            shelf.put(key, f"Title {key}")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            indexing.index("leaflet", keys)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    "changes",
    [{"language": "fr"}, {"kind": ""}, {"title": ""}, {"path": "/ar/x/"}, {"path": "x"}],
    ids=["language", "kind", "title", "prefix", "relative"],
)
def test_the_database_refuses_an_entry_that_leads_nowhere(changes: dict[str, str]) -> None:
    values = {"kind": "k", "key": "1", "language": "en", "title": "T", "title_words": " t ", "title_forms": "t",
              "forms": "t", "path": "/x/", "published_at": timezone.now(), "fingerprint": "f"}  # fmt: skip
    SearchEntry.objects.create(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        SearchEntry.objects.create(**{**values, "key": "2", **changes})
    with pytest.raises(IntegrityError), transaction.atomic():
        SearchEntry.objects.create(**values)
