"""Audits are stored once and whole; what the statement says is worked out from rows."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accessibility import criteria, facts, loading
from accessibility.actions import UnknownFormat, save_known_issue, store_audit
from accessibility.documents import SOURCE
from accessibility.management.commands import axe as command
from accessibility.models import Audit, Finding, KnownIssue, ManualCheck, RuleResult
from accessibility.scanner import document as writing
from accessibility.scanner.axe import RuleOutcome
from accessibility.scanner.explained import is_explained
from accessibility.scanner.scene import DARK, NARROW, WIDE
from accessibility.scanner.walk import _looks as looks_at
from accessibility.statement import lines, share, status
from portal.audit.models import AuditEvent
from portal.richtext import to_html, to_plain
from portal.search import indexing, registry
from portal.search.models import SearchEntry
from tests.accessibility_app.results import a_document
from tests.at_once import at_once
from tests.people import staff


@pytest.fixture(autouse=True)
def nothing_stored(db):
    """The results of a release may have been taken over when the database was made."""
    Audit.objects.all().delete()
    KnownIssue.objects.all().delete()
    AuditEvent.objects.filter(subject_kind__startswith="accessibility.").delete()


def test_it_stores_an_audit_with_its_results():
    audit = store_audit(document=a_document())
    assert (audit.pages, audit.scans, audit.templates, audit.templates_seen) == (4, 12, 3, 2)
    assert (audit.violations, audit.incomplete, audit.findings_beyond) == (1, 1, 1)
    assert not audit.is_clean
    row = RuleResult.objects.get(template="base.html", rule="label")
    assert (row.outcome, row.pages) == ("pass", 4)
    assert RuleResult.objects.get(outcome="inapplicable").template == ""
    assert Finding.objects.count() == 3
    assert AuditEvent.objects.filter(verb="accessibility.audited").count() == 1


def test_an_audit_that_found_nothing_is_clean():
    assert store_audit(document=a_document(clean=True)).is_clean


def test_it_stores_an_audit_once():
    document = a_document()
    assert store_audit(document=document) is not None
    assert store_audit(document=document) is None
    assert Audit.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_store_the_same_audit_store_one():
    document = a_document()
    at_once(2, lambda _number: store_audit(document=document))
    assert Audit.objects.count() == 1
    assert Finding.objects.count() == 3


def test_it_refuses_results_it_does_not_know():
    with pytest.raises(UnknownFormat):
        store_audit(document=a_document(format=99))
    assert not Audit.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [{"pages": 0}, {"scans": 1}, {"templates_seen": 99}, {"engine": ""}, {"finished_at": "2000-01-01T00:00Z"}],
)
def test_the_database_refuses_an_audit_that_cannot_be(changes):
    audit = store_audit(document=a_document())
    with pytest.raises(IntegrityError), transaction.atomic():
        Audit.objects.filter(pk=audit.pk).update(**changes)


def test_results_of_a_release_are_taken_over_when_newer(tmp_path):
    path = tmp_path / "latest.json"
    path.write_text(command.as_text(a_document()))
    assert loading.load_release(path) is not None
    assert loading.load_release(path) is None
    older = a_document(ends=timezone.now() - timedelta(days=9))
    path.write_text(json.dumps(older))
    assert loading.load_release(path) is None
    assert Audit.objects.count() == 1


def test_a_flush_takes_nothing_over(monkeypatch, tmp_path):
    path = tmp_path / "latest.json"
    path.write_text(json.dumps(a_document()))
    monkeypatch.setattr(loading, "RESULTS", path)
    loading.after_migration()
    assert not Audit.objects.exists()


def test_the_command_says_what_is_missing(monkeypatch):
    monkeypatch.setattr(command, "find_spec", lambda name: None)
    monkeypatch.setattr(command, "BROWSERS", ())
    with pytest.raises(CommandError, match="make env-dev") as refused:
        call_command("axe")
    assert "Chromium is missing" in str(refused.value)
    assert "--load" in str(refused.value)


def test_the_command_loads_what_came_with_the_release(tmp_path, capsys):
    path = tmp_path / "latest.json"
    path.write_text(command.as_text(a_document()))
    call_command("axe", "--load", json=path)
    assert Audit.objects.count() == 1
    with pytest.raises(CommandError, match="No results"):
        call_command("axe", "--load", json=tmp_path / "none.json")


@pytest.mark.parametrize(("changes", "said"), [({"is_whole": False}, "broke off"), ({"pages": 0}, "No page")])
def test_the_command_keeps_nothing_of_a_run_that_broke_off(monkeypatch, changes, said):
    def walked(path, language, only):
        path.write_text(json.dumps(a_document(**changes)))
        return 1

    monkeypatch.setattr(command, "_missing", list)
    monkeypatch.setattr(command, "_walk", walked)
    with pytest.raises(CommandError, match=said):
        call_command("axe")
    assert not Audit.objects.exists()


def test_the_command_ends_with_1_where_something_was_found(monkeypatch, tmp_path, capsys):
    documents = iter([a_document(), a_document(clean=True, ends=timezone.now() + timedelta(hours=1))])

    def walked(path, language, only):
        path.write_text(json.dumps(next(documents)))
        return 0

    monkeypatch.setattr(command, "_missing", list)
    monkeypatch.setattr(command, "_walk", walked)
    with pytest.raises(SystemExit, match="1"):
        call_command("axe", json=tmp_path / "results.json")
    assert "img.logo" in capsys.readouterr().out
    call_command("axe", json=tmp_path / "results.json")
    assert json.loads((tmp_path / "results.json").read_text())["findings"] == []
    assert Audit.objects.count() == 2


def test_the_document_is_json_with_a_line_for_each_template():
    text = command.as_text(a_document())
    assert json.loads(text).keys() == a_document().keys()
    assert '\n"base.html": {' in text


def test_walks_make_a_document_that_can_be_stored():
    visit = {
        "scene": "home", "path": "/ar/", "route": "ar/", "title": "x", "landmarks": [], "ran": ["keyboard"], "looks": 3,
        "templates": ["base.html", "somebody/elses.html"], "outcomes": {"label": "pass", "audio": "inapplicable"},
        "findings": [{"check_name": "keyboard", "outcome": "violation", "look": "1280 px", "detail": "no outline"}],
    }  # fmt: skip
    about = {"group": "g", "browser": "Chromium 1", "engine": "axe-core 4", "rules": {"label": ["4.1.2"]}}
    walks = [{**about, "language": "ar", "templates": ["base.html"], "visits": [visit]}]
    now = timezone.now()
    made = writing.compose(walks, started_at=now, finished_at=now, is_whole=False)
    assert made["templates"]["base.html"] == {"pass": {"label": 1}}
    assert "somebody/elses.html" not in made["templates"]
    assert made["inapplicable"] == {"audio": 1}
    assert made["checks"]["keyboard"] == {"criteria": list(writing.CRITERIA["keyboard"]), "pages": 1, "findings": 1}
    whole = writing.compose(walks, started_at=now, finished_at=now)
    assert "errors/404.html" in whole["unseen"]
    assert any(one["check_name"] == "coverage" for one in whole["findings"])
    assert store_audit(document=whole).templates == len(writing.written_templates())


def test_an_undecided_rule_is_explained_only_where_somebody_said_so():
    assert is_explained("color-contrast", ["table > td"], 320)
    assert not is_explained("color-contrast", ["table > td"], 1280)
    assert not is_explained("label", ["table > td"], 320)
    assert RuleOutcome("x", "pass").detail == ""


def test_it_knows_the_criteria_of_each_version():
    assert [len(criteria.of_version(version)) for version in ("2.0", "2.1", "2.2")] == [38, 50, 55]
    assert criteria.from_tags(["cat.color", "wcag2aa", "wcag143", "wcag1410", "wcag999"]) == ["1.4.3", "1.4.10"]


def test_shares_are_counted_from_the_audit_and_from_checks_by_hand():
    audit = store_audit(document=a_document(clean=True))
    a_check(criterion="1.3.3")
    counted = share(lines(audit), "2.2")
    assert (counted.total, counted.by_rules, counted.by_machine, counted.by_hand) == (55, 3, 6, 1)
    assert counted.nobody == 55 - 7
    law = share(lines(audit), "2.0")
    assert (law.total, law.by_rules, law.by_machine) == (38, 3, 5)


def a_check(**changes):
    values = {
        "criterion": "1.1.1", "what_ar": "ما", "what_en": "What", "role_ar": "محرر", "role_en": "Editor",
        "result": "met", "checked_on": timezone.localdate(),
    }  # fmt: skip
    return ManualCheck.objects.create(**{**values, **changes})


def an_issue(**changes):
    values = {
        "criterion": "1.1.1", "what_ar": "ملفات", "what_en": "Files", "reason_ar": "لأن", "reason_en": "Because",
        "alternative_ar": "بديل", "alternative_en": "Instead", "since": timezone.localdate() - timedelta(days=3),
    }  # fmt: skip
    return KnownIssue.objects.create(**{**values, **changes})


def test_it_claims_conformance_only_when_everything_was_checked_by_hand():
    assert status(None, lines(None)) == "none"
    audit = store_audit(document=a_document(clean=True))
    assert status(audit, lines(audit)) == "partial"
    for criterion in criteria.of_version("2.2"):
        a_check(criterion=criterion.number)
    assert status(audit, lines(audit)) == "full"
    issue = an_issue()
    assert status(audit, lines(audit)) == "partial"
    issue.fixed_on = timezone.localdate()
    issue.save()
    a_check(criterion="2.1.1", result="not_met")
    assert status(audit, lines(audit)) == "partial"


@pytest.mark.parametrize(
    "changes",
    [
        {"what_en": ""},
        {"what_ar": None},
        {"criterion": "9.9.9"},
        {"result": "perhaps"},
        {"aid_ar": "قارئ"},
        {"aid_en": "Reader"},
    ],
)
def test_the_database_refuses_half_a_check(changes):
    with pytest.raises(IntegrityError), transaction.atomic():
        a_check(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"alternative_ar": ""},
        {"criterion": "x"},
        {"fixed_on": timezone.localdate() - timedelta(days=9)},
        {"planned_on": timezone.localdate() - timedelta(days=9)},
    ],
)
def test_the_database_refuses_half_an_issue(changes):
    with pytest.raises(IntegrityError), transaction.atomic():
        an_issue(**changes)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_policies_can_name_the_last_audit_and_the_known_issues(language):
    with override(language):
        before = facts.latest_audit()
        assert not facts.known_issues().startswith("-")
        store_audit(document=a_document())
        an_issue(planned_on=timezone.localdate())
        assert "4" in facts.latest_audit() != before
        assert facts.known_issues().startswith("- " + {"ar": "ملفات", "en": "Files"}[language])


def test_an_issue_stands_in_a_policy_as_it_was_written():
    an_issue(what_en="Forms *in* [PDF](https://evil.example)\n\n# now", alternative_en="Ask `us` <b>directly</b>")
    with override("en"):
        listed = facts.known_issues()
    html = to_html(listed)
    assert "<a" not in html
    assert to_plain(listed).startswith("Forms *in* [PDF](https://evil.example) # now")
    assert not {"<em>", "<h2>", "<code>", "<b>"} & set(re.findall(r"<\w+>", html))


def test_an_issue_is_found_as_soon_as_it_is_entered(world):
    indexing.index(SOURCE.kind, ["statement"])
    before = dict(SearchEntry.objects.filter(kind=SOURCE.kind).values_list("language", "fingerprint"))
    issue = save_known_issue(issue=an_issue(), by=world.administrator)
    assert registry.kinds_of(issue._meta.label_lower) == [SOURCE.kind]
    assert indexing.index(SOURCE.kind, [str(issue.pk)]) == 2
    after = dict(SearchEntry.objects.filter(kind=SOURCE.kind).values_list("language", "fingerprint"))
    assert before.keys() == after.keys() == {"ar", "en"}
    assert not set(before.values()) & set(after.values())


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_pages_show_rows_and_nothing_else(client, language):
    with override(language):
        urls = {name: reverse(f"accessibility:{name}") for name in ("statement", "audits", "latest-json")}
    assert client.get(urls["latest-json"]).json() == {"audit": None}
    assert client.get(urls["statement"]).status_code == client.get(urls["audits"]).status_code == 200
    audit = store_audit(document=a_document())
    an_issue()
    body = client.get(urls["statement"]).content.decode()
    assert ("ملفات" if language == "ar" else "Files") in body
    with override(language):
        page = client.get(audit.get_absolute_url())
    assert "img.logo" in page.content.decode()
    assert page.status_code == 200
    data = client.get(urls["latest-json"]).json()["audit"]
    assert data["results"]["base.html"]["pass"] == {"label": 4, "region": 4}
    assert len(data["findings"]) == 3


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "It looked at the Arabic pages on a wide screen, on one of 320 pixels and in dark colours, and at the "
               "English pages on a wide screen."),
        ("ar", "وجرى فحص الصفحات العربية على شاشة عريضة وأخرى بعرض 320 بكسل وبالألوان الداكنة، وفحص الصفحات "
               "الإنجليزية على شاشة عريضة."),
    ],
)  # fmt: skip
def test_the_statement_tells_how_pages_of_each_language_were_looked_at(client, language, sentence):
    store_audit(document=a_document())
    assert [looks_at(SimpleNamespace(language=code)) for code in ("ar", "en")] == [(WIDE, NARROW, DARK), (WIDE,)]
    assert sentence in client.get(f"/{language}/accessibility/").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_ask_the_same_however_many_there_are(client, django_assert_max_num_queries, rows):
    for number in range(rows):
        store_audit(document=a_document(ends=timezone.now() - timedelta(hours=number)))
        an_issue(criterion=f"1.4.{number + 1}")
        a_check(criterion=f"1.3.{number + 1}")
    for path, most in (("/en/accessibility/audits/", 3), ("/en/accessibility/", 7)):
        client.get(path)
        with django_assert_max_num_queries(most):
            client.get(path)


@pytest.mark.parametrize("model", ["manualcheck", "knownissue", "audit"])
def test_only_those_with_the_right_see_them_in_the_staff_site(client, world, model):
    path = f"/admin/accessibility/{model}/"
    client.force_login(world.officer)
    assert client.get(path).status_code == 403
    client.force_login(staff("amal", world.licensing, "officer", f"view_{model}"))
    assert client.get(path).status_code == 200


def test_what_staff_enter_is_audited(client, world):
    client.force_login(world.administrator)
    sent = {
        "criterion": "1.1.1", "what_ar": "ملفات", "what_en": "Files", "reason_ar": "لأن", "reason_en": "Because",
        "alternative_ar": "بديل", "alternative_en": "Instead", "since": "2026-11-01", "planned_on": "", "fixed_on": "",
    }  # fmt: skip
    assert client.post("/admin/accessibility/knownissue/add/", sent).status_code == 302
    issue = KnownIssue.objects.get()
    sent["fixed_on"] = "2026-11-20"
    assert client.post(f"/admin/accessibility/knownissue/{issue.pk}/change/", sent).status_code == 302
    checked = {
        "criterion": "1.1.1", "what_ar": "ما", "what_en": "What", "role_ar": "محرر", "role_en": "Editor", "aid_ar": "",
        "aid_en": "", "result": "met", "checked_on": "2026-11-20",
    }  # fmt: skip
    assert client.post("/admin/accessibility/manualcheck/add/", checked).status_code == 302
    verbs = AuditEvent.objects.filter(verb__startswith="accessibility.").order_by("id").values_list("verb", "actor")
    mine = world.administrator.pk
    assert list(verbs) == [
        ("accessibility.issue_noted", mine),
        ("accessibility.issue_changed", mine),
        ("accessibility.checked", mine),
    ]


def test_a_new_portal_names_what_is_true_of_any(transactional_db):
    from accessibility.defaults import ensure_defaults

    KnownIssue.objects.all().delete()
    ensure_defaults()
    ensure_defaults()
    assert KnownIssue.objects.open().count() == 2
