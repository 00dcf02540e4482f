"""The house keeps its own rules: small rooms, one app a folder, no physical directions, no stray secrets or hosts."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parent.parent
OURS = ("portal", "participation", "policies", "accessibility", "opendata")
LONGEST_FILE = 400
LONGEST_FUNCTION = 40


def files(*endings: str) -> list[Path]:
    known = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = [ROOT / name for name in known.stdout.splitlines()]
    return [path for path in paths if path.suffix in endings and path.exists() and "migrations" not in path.parts]


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith(OURS)]


def test_no_file_is_longer_than_a_room():
    too_long = {
        str(path.relative_to(ROOT)): lines
        for path in files(".py", ".html", ".css")
        if (lines := _lines(path)) > LONGEST_FILE
    }
    assert not too_long


def _lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def test_no_function_is_longer_than_a_screen():
    too_long = []
    for path in files(".py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.end_lineno - node.body[0].lineno >= LONGEST_FUNCTION:
                too_long.append(f"{path.relative_to(ROOT)}:{node.name}")
    assert not too_long


def test_an_apps_label_is_the_name_of_its_folder():
    for config in apps.get_app_configs():
        if config.name.startswith(OURS) and config.name != "django.contrib.admin":
            assert config.label == config.name.rpartition(".")[2]


def test_public_functions_say_what_they_do():
    silent = []
    for path in files(".py"):
        if path.parts[len(ROOT.parts)] not in OURS or path.name in ("admin.py", "translation.py"):
            continue
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node):
                silent.append(f"{path.relative_to(ROOT)}:{node.name}")
    known = re.compile(r"(apps|tasks|urls|views|errors)(\.py|/)")
    assert not [name for name in silent if not known.search(name)]


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model.__name__)
def test_a_model_has_a_name_people_read(model):
    assert "__str__" in vars(model) or (
        issubclass(model.__mro__[1], models.Model) and model.__mro__[1] is not models.Model
    )


def test_what_is_published_is_refused_by_the_database_in_one_language_only():
    from modeltranslation.translator import translator

    for model in translator.get_registered_models(abstract=False):
        names = [constraint.name for constraint in model._meta.constraints]
        assert any(name.endswith("in_both_languages") for name in names), model


def test_styles_know_no_left_and_right():
    physical = re.compile(
        r"(?<![\w-])((margin|padding|border)-(left|right)|(left|right)\s*:|text-align:\s*(left|right)|float\s*:)"
    )
    for path in files(".css"):
        assert not physical.search(path.read_text()), path


def test_templates_have_no_inline_style_or_script():
    for path in files(".html"):
        if "mail" in path.parts or "deploy" in path.parts:
            continue  # letters, and the proxy's own pages for when the portal is away, stand alone
        text = path.read_text()
        assert not re.search(
            r"<script(?![^>]*\ssrc=)(?![^>]*application/(ld\+)?json)|<style|\sstyle=|\son\w+=", text
        ), path


def test_nothing_points_at_this_workplace_or_holds_a_secret():
    hosts = re.compile(
        r"pypi\.org|files\.pythonhosted|/root/|/work/|index-url|registry\.npmjs|BEGIN [A-Z ]*PRIVATE KEY"
    )
    for path in files(".py", ".toml", ".lock", ".yml", ".md", ".html", ".txt", ".json", ".css"):
        if path.name != "test_house.py":
            assert not hosts.search(path.read_text()), path


def test_settings_are_all_told_in_the_readme():
    names = set(re.findall(r'(?:env(?:\.\w+)?|_secret)\(\s*"([A-Z_]+)"', (ROOT / "portal/settings.py").read_text()))
    readme = (ROOT / "README.md").read_text()
    assert not {name for name in names if f"`{name}`" not in readme and name != "EMBEDDED"}
