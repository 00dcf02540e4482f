"""Finding, merging and compiling translations without GNU gettext.

Strings are found by Django's template reader and Babel's Python reader, kept in .po files by polib.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import polib

from portal.embedded import BASE_DIR

KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
PLURAL_FORMS = (
    "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5;"
)
PO = BASE_DIR / "locale" / "ar" / "LC_MESSAGES" / "django.po"
SOURCES = ("portal", "participation", "opendata", "policies", "accessibility")


def compile_messages() -> int:
    """Write the .mo beside each .po that is newer than it; returns how many were written."""
    written = 0
    for po in BASE_DIR.glob("locale/*/LC_MESSAGES/*.po"):
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime:
            polib.pofile(str(po)).save_as_mofile(str(mo))
            written += 1
    return written


def merge_messages() -> polib.POFile:
    """Bring the .po up to date with the sources: new strings empty, vanished ones dropped, the rest untouched."""
    found = {(message.msgctxt, message.msgid): message for message in find_messages()}
    po = polib.pofile(str(PO)) if PO.exists() else polib.POFile()
    po.metadata = {
        "Project-Id-Version": "musharaka", "Language": "ar", "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8", "Content-Transfer-Encoding": "8bit", "Plural-Forms": PLURAL_FORMS,
    }  # fmt: skip
    kept = {(entry.msgctxt, entry.msgid): entry for entry in po}
    po.clear()
    for key, message in sorted(found.items(), key=lambda item: (item[1].occurrences, item[0][1])):
        entry = kept.get(key, message)
        entry.occurrences, entry.msgid_plural, entry.flags = message.occurrences, message.msgid_plural, message.flags
        po.append(entry)
    po.save(str(PO))
    return po


def problems() -> list[str]:
    """What keeps the Arabic from complete: missing, vanished, untranslated, fuzzy or with too few plural forms."""
    po = polib.pofile(str(PO)) if PO.exists() else polib.POFile()
    kept = {(entry.msgctxt, entry.msgid): entry for entry in po}
    found = {(message.msgctxt, message.msgid): message for message in find_messages()}
    report = [f"not in the .po file: {key[1]!r} ({found[key].occurrences[0][0]})" for key in found.keys() - kept.keys()]
    report += [f"no longer used: {key[1]!r}" for key in kept.keys() - found.keys()]
    for key in found.keys() & kept.keys():
        report += _entry_problems(kept[key], bool(found[key].msgid_plural))
    return sorted(report)


def _entry_problems(entry: polib.POEntry, is_plural: bool) -> Iterator[str]:
    if "fuzzy" in entry.flags:
        yield f"fuzzy: {entry.msgid!r}"
    if is_plural:
        forms = [entry.msgstr_plural.get(number, "") for number in range(6)]
        if not all(forms):
            yield f"fewer than six plural forms: {entry.msgid!r}"
        texts = forms[3:]  # forms for 0, 1 and 2 may say the number in words
    else:
        if not entry.msgstr:
            yield f"untranslated: {entry.msgid!r}"
        texts = [entry.msgstr]
    wanted = _placeholders(entry.msgid_plural or entry.msgid)
    for text in texts:
        if text and _placeholders(text) != wanted:
            yield f"placeholders differ: {entry.msgid!r}"


def _placeholders(text: str) -> set[str]:

    return set(re.findall(r"%\(\w+\)[sd]|%[sd]|\{\w*\}", text))


def find_messages() -> Iterator[polib.POEntry]:
    """Every translatable string of the sources, each once, with the files it stands in."""
    merged: dict[tuple[str | None, str], polib.POEntry] = {}
    for path in sorted(_files()):
        name = path.relative_to(BASE_DIR).as_posix()
        for context, singular, plural in _strings(path):
            entry = merged.setdefault((context, singular), polib.POEntry(msgid=singular, msgctxt=context))
            if plural:
                entry.msgid_plural = plural
                entry.msgstr_plural = entry.msgstr_plural or dict.fromkeys(range(6), "")
            if "%(" in singular and "python-format" not in entry.flags:
                entry.flags.append("python-format")
            if (name, "") not in entry.occurrences:
                entry.occurrences.append((name, ""))
    yield from merged.values()


def _files() -> Iterator[Path]:
    for folder in SOURCES:
        yield from (path for path in (BASE_DIR / folder).rglob("*.py") if "migrations" not in path.parts)
    for ending in ("*.html", "*.txt"):
        yield from (BASE_DIR / "templates").rglob(ending)


def _strings(path: Path) -> Iterator[tuple[str | None, str, str | None]]:
    from babel.messages.extract import extract_python
    from django.utils.translation.template import templatize

    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        source = templatize(source, origin=path.as_posix())
    for _line, name, messages, _comments in extract_python(
        io.BytesIO(source.encode()), KEYWORDS, [], {"encoding": "utf-8"}
    ):
        function = str(name)
        texts = [str(text) for text in (messages if isinstance(messages, tuple) else (messages,)) if text]
        if not texts:
            continue
        context = texts.pop(0) if "pgettext" in function else None
        has_plural = function.startswith(("ngettext", "npgettext")) and len(texts) > 1
        yield context, texts[0], texts[1] if has_plural else None
