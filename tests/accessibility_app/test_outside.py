"""The tools from outside say what they need, and install nothing before they have it."""

from __future__ import annotations

from accessibility import outside


def test_it_says_what_is_missing(monkeypatch, capsys):
    monkeypatch.setattr(outside.shutil, "which", lambda name: None)
    monkeypatch.setattr(outside, "install", lambda: (_ for _ in ()).throw(AssertionError("nothing to install for")))
    monkeypatch.setenv("ADDRESS", "http://127.0.0.1:9")
    assert outside.main() == 2
    said = capsys.readouterr().out
    for needed in ("Node", "Java", "Chromium", "http://127.0.0.1:9"):
        assert needed in said


def test_its_tools_are_pinned():
    assert all(version.replace(".", "").isdigit() for version in outside.PINNED.values())
