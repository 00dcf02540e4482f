"""Files kept under their hash: whole, once, and never written to again."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest

from opendata import storing
from opendata.storing import Store, Stored


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def file(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / hashlib.md5(content).hexdigest()
    path.write_bytes(content)
    return path


def add(root: Path, path: Path) -> Stored:
    return Store(root).add(path)


def test_a_file_is_found_by_its_hash(store: Store, tmp_path: Path):
    stored = store.add(file(tmp_path, b"content"))
    assert stored == Stored(hashlib.sha256(b"content").hexdigest(), 7)
    path = store.path(stored.sha256)
    assert path == store.root / "objects" / stored.sha256[:2] / stored.sha256
    assert path.read_bytes() == b"content"
    assert path.stat().st_mode & 0o777 == 0o440
    assert [folder.stat().st_mode & 0o007 for folder in (store.root, store.objects, path.parent, store.work)] == [0] * 4
    assert store.has(stored.sha256)
    assert store.check(stored.sha256)
    assert list(store.work.iterdir()) == []


def test_the_source_is_neither_moved_nor_tied_to_what_is_kept(store: Store, tmp_path: Path):
    source = file(tmp_path, b"content")
    stored = store.add(source)
    source.write_bytes(b"altered later")
    assert store.path(stored.sha256).read_bytes() == b"content"


def test_the_same_content_is_kept_once(store: Store, tmp_path: Path):
    source = file(tmp_path, b"content")
    assert store.add(source) == store.add(source)
    assert len(list(store.objects.glob("??/*"))) == 1


def test_several_processes_may_add_the_same_at_once(store: Store, tmp_path: Path):
    source = file(tmp_path, os.urandom(3_000_000))
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        found = {job.result() for job in [pool.submit(add, store.root, source) for _ in range(16)]}
    assert len(found) == 1
    assert store.check(found.pop().sha256)
    assert list(store.work.iterdir()) == []


def test_an_altered_file_does_not_pass_and_is_mended_by_adding_it_again(store: Store, tmp_path: Path):
    source = file(tmp_path, b"content")
    sha256 = store.add(source).sha256
    path = store.path(sha256)
    path.chmod(0o644)
    path.write_bytes(b"Content")
    assert not store.check(sha256)
    store.add(source)
    assert store.check(sha256)


def test_what_is_not_there_does_not_pass(store: Store):
    assert not store.has("0" * 64)
    assert not store.check("0" * 64)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 65, "0" * 64 + "\n"])
def test_only_a_hash_names_a_file(store: Store, name: str):
    with pytest.raises(ValueError, match="SHA-256"):
        store.path(name)


def test_a_source_that_is_not_there_leaves_nothing(store: Store, tmp_path: Path):
    with pytest.raises(FileNotFoundError):
        store.add(tmp_path / "missing")
    assert list(store.root.rglob("*.*")) == []


def test_scratch_is_gone_afterwards_whatever_happened(store: Store):
    with pytest.raises(FileNotFoundError), store.scratch("upload-7") as folder:
        (folder / "never" / "made").write_text("x")
    assert list(store.work.iterdir()) == []


def test_the_sweep_takes_old_files_that_nobody_uses_and_nothing_else(store: Store, tmp_path: Path):
    used, unused, fresh = (store.add(file(tmp_path, name.encode())).sha256 for name in ("used", "unused", "fresh"))
    for sha256 in (used, unused):
        os.utime(store.path(sha256), (time.time() - 7200,) * 2)
    for name, age in (("crashed", 7200), ("at-work", 0)):
        folder = store.work / name
        folder.mkdir()
        (folder / "part").write_text("x")
        for path in (folder / "part", folder):
            os.utime(path, (time.time() - age,) * 2)
    assert store.sweep_unused({used}, timedelta(hours=1)) == [unused]
    assert store.has(used)
    assert store.has(fresh)
    assert [path.name for path in store.work.iterdir()] == ["at-work"]


def test_a_file_added_again_is_new_to_the_sweep(store: Store, tmp_path: Path):
    source = file(tmp_path, b"content")
    sha256 = store.add(source).sha256
    os.utime(store.path(sha256), (time.time() - 7200,) * 2)
    store.add(source)
    assert store.sweep_unused(set(), timedelta(hours=1)) == []
    assert store.has(sha256)


def test_what_comes_anew_while_the_sweep_looks_at_it_is_not_lost(store: Store, tmp_path: Path, monkeypatch):
    source = file(tmp_path, b"content")
    sha256 = store.add(source).sha256
    os.utime(store.path(sha256), (time.time() - 7200,) * 2)
    real, coming = storing._age, threading.Thread(target=store.add, args=(source,))

    def look(path: Path) -> float:
        age = real(path)
        if path == store.path(sha256) and not coming.ident:
            coming.start()
            coming.join(0.5)  # it has every chance to come in between
        return age

    monkeypatch.setattr(storing, "_age", look)
    store.sweep_unused(set(), timedelta(hours=1))
    coming.join(5)
    assert store.check(sha256)


def test_a_file_is_destroyed_on_demand(store: Store, tmp_path: Path):
    sha256 = store.add(file(tmp_path, b"content")).sha256
    assert store.discard(sha256)
    assert not store.has(sha256)
    assert not store.discard(sha256)
