"""The staff side: who sees and does what, and that nothing typed is lost."""

from __future__ import annotations

from datetime import timedelta

import html5lib
import pytest
from django.utils import timezone

from participation.news.actions import hiding, publishing
from participation.news.actions.writing import edit_announcement
from participation.news.models import Announcement
from participation.news.staffside.verbs import VERBS
from participation.news.states import State
from portal.audit.models import AuditEvent
from portal.mail.models import OutgoingMail
from portal.staff.models import User
from tests.participation.news.conftest import LIST, change, do, signed_in, typed, words

pytestmark = pytest.mark.django_db


# Who sees what ----------------------------------------------------------------------------------------------


def test_an_announcement_opens_to_its_unit_only(draft, world, editor, publisher, stranger):
    announcement = draft(with_image=True)
    paths = [change(announcement), f"{LIST}{announcement.pk}/preview/ar/", f"{LIST}{announcement.pk}/image/"]
    for user, wanted in ((editor, 200), (publisher, 200), (world.administrator, 200), (stranger, 404)):
        client = signed_in(user)
        for path in paths:
            status = client.get(path).status_code
            assert status == wanted or (path == paths[0] and wanted == 404 and status == 302), (user, path)
    assert str(announcement) not in words(signed_in(stranger).get(LIST))


def test_staff_without_the_permission_see_no_announcement(draft, world):
    announcement = draft()
    client = signed_in(world.officer)
    for path in (LIST, change(announcement), f"{LIST}{announcement.pk}/preview/en/", do(announcement, "publish")):
        assert client.get(path).status_code == 403


@pytest.mark.parametrize("verb", VERBS)
def test_no_verb_acts_on_an_announcement_of_another_unit(announce, stranger, verb):
    announcement = announce()
    client = signed_in(stranger)
    assert client.get(do(announcement, verb)).status_code == 404
    assert client.post(do(announcement, verb), {"version": announcement.version}).status_code == 404
    announcement.refresh_from_db()
    assert announcement.state == State.VISIBLE


def test_an_editor_publishes_nothing_and_takes_nothing_down(draft, announce, editor):
    client = signed_in(editor)
    for announcement, verb in ((draft(), "publish"), (announce(), "hide"), (announce(), "pin"), (announce(), "lock")):
        assert client.post(do(announcement, verb), {"version": announcement.version}).status_code == 403
        assert do(announcement, verb) not in words(client.get(change(announcement)))


def test_an_editor_reads_what_is_published_but_changes_it_not(announce, world, editor, publisher):
    announcement = announce()
    page = words(signed_in(editor).get(change(announcement)))
    assert 'name="body_en"' not in page
    assert announcement.body_en in page
    refused = signed_in(editor).post(change(announcement), typed(world, announcement, body_en="x"))
    assert refused.status_code == 409
    announcement.refresh_from_db()
    assert announcement.body_en != "x"
    assert signed_in(publisher).post(change(announcement), typed(world, announcement, body_en="x")).status_code == 302


def test_a_draft_can_be_deleted_and_nothing_published(draft, announce, editor):
    scrap, kept = draft(), announce()
    client = signed_in(editor)
    assert client.post(f"{LIST}{kept.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.post(f"{LIST}{scrap.pk}/delete/", {"post": "yes"}).status_code == 302
    assert list(Announcement.objects.all()) == [kept]
    assert AuditEvent.objects.filter(verb="announcement.discarded", actor=editor).count() == 1


def test_only_own_units_are_offered(world, editor):
    page = words(signed_in(editor).get(f"{LIST}add/"))
    select = page.partition('name="unit"')[2].partition("</select>")[0]
    assert "Licensing" in select
    assert "Elsewhere" not in select
    data = typed(world, unit=world.other_unit.pk)
    assert signed_in(editor).post(f"{LIST}add/", data).status_code == 200
    assert not Announcement.objects.exists()


def test_the_list_asks_as_often_for_three_as_for_one(draft, announce, editor, django_assert_max_num_queries):
    client = signed_in(editor)
    draft()
    counts = []
    for _round in range(2):
        with django_assert_max_num_queries(20) as queries:
            assert client.get(LIST).status_code == 200
        counts.append(len(queries))
        announce(with_image=True)
        announce(expired=True)
    assert counts[0] == counts[1]


@pytest.mark.parametrize("state", ["draft", "scheduled", "visible", "expired", "hidden", "appealed"])
def test_the_list_filters_by_state(announce, draft, publisher, editor, state):
    rows = {"draft": draft(), "visible": announce(), "expired": announce(expired=True), "hidden": announce()}
    hiding.hide_announcement(announcement=rows["hidden"], ground="false", by=publisher)
    hiding.appeal(announcement=rows["hidden"], text="Look again", by=editor)
    rows["scheduled"] = draft()
    publishing.publish_announcement(announcement=rows["scheduled"], by=publisher, at=timezone.now() + timedelta(days=1))
    rows["appealed"] = rows["hidden"]
    page = words(signed_in(editor).get(f"{LIST}?state={state}"))
    shown = {key for key, row in rows.items() if f"/{row.pk}/change/" in page}
    assert shown == {key for key, row in rows.items() if row == rows[state]}


# The buttons ------------------------------------------------------------------------------------------------


def test_a_publisher_publishes_now(draft, publisher):
    announcement = draft()
    client = signed_in(publisher)
    assert "Preview in Arabic" in words(client.get(do(announcement, "publish")))
    announcement.refresh_from_db()
    assert announcement.state == State.DRAFT
    client.post(do(announcement, "publish"), {"version": 1, "when": "now"})
    announcement.refresh_from_db()
    assert (announcement.state, announcement.published_by) == (State.VISIBLE, publisher)


def test_a_publisher_schedules_in_any_digits_and_reads_the_time_back(draft, publisher):
    announcement = draft()
    day = timezone.localdate() + timedelta(days=3)
    arabic = f"{day:%d/%m/%Y}".translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    client = signed_in(publisher)
    client.post(do(announcement, "publish"), {"version": 1, "when": "later", "day": arabic, "time": "٠٧:٣٠"})
    announcement.refresh_from_db()
    assert announcement.state == State.SCHEDULED
    local = timezone.localtime(announcement.publish_at)
    assert (local.date(), f"{local:%H:%M}") == (day, "07:30")
    page = words(client.get(do(announcement, "publish")))
    assert 'value="07:30"' in page


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"when": "later", "day": "", "time": ""}, "Write the day."),
        ({"when": "later", "day": "32/1/2027", "time": "10:00"}, "Write the date as day, month and year"),
        ({"when": "later", "day": "1/1/2020", "time": "10:00"}, "This moment has passed"),
        ({"when": "later", "day": "1/1/2099", "time": "25:00"}, "Write the time as hours and minutes"),
    ],
)
def test_a_time_that_cannot_be_is_refused(draft, publisher, data, message):
    announcement = draft()
    response = signed_in(publisher).post(do(announcement, "publish"), {"version": 1, **data})
    assert response.status_code == 422
    assert message in words(response)


def test_an_incomplete_draft_says_what_is_missing(draft, publisher):
    announcement = draft(body_ar="")
    response = signed_in(publisher).post(do(announcement, "publish"), {"version": 1, "when": "now"})
    assert response.status_code == 422
    assert "Before it is published, write: Text (Arabic)." in words(response)


def test_what_changed_while_it_was_read_is_not_published(draft, editor, publisher):
    announcement = draft()
    edit_announcement(announcement=announcement, by=editor, version=1, body_en="Slipped in")
    response = signed_in(publisher).post(do(announcement, "publish"), {"version": 1, "when": "now"}, follow=True)
    assert "Somebody else changed this announcement" in words(response)
    announcement.refresh_from_db()
    assert announcement.state == State.DRAFT


@pytest.mark.parametrize(("verb", "mark"), [("pin", "is_pinned"), ("lock", "is_locked")])
def test_a_button_pressed_twice_does_nothing_new(announce, publisher, verb, mark):
    announcement, client = announce(), signed_in(publisher)
    for _time in range(2):
        response = client.post(do(announcement, verb), {"version": announcement.version}, follow=True)
    assert "Nothing was changed" in words(response)
    announcement.refresh_from_db()
    assert getattr(announcement, mark)


def test_reading_a_confirmation_changes_nothing(announce, publisher):
    announcement, client = announce(), signed_in(publisher)
    for verb in ("pin", "lock", "hide"):
        assert client.get(do(announcement, verb)).status_code == 200
    version = announcement.version
    announcement.refresh_from_db()
    assert announcement.version == version


def test_taking_down_wants_a_ground(announce, publisher):
    announcement = announce()
    response = signed_in(publisher).post(do(announcement, "hide"), {"version": announcement.version, "ground": ""})
    assert response.status_code == 422
    announcement.refresh_from_db()
    assert announcement.state == State.VISIBLE


def test_taken_down_it_stays_sealed_and_goes_to_somebody_else(announce, editor, publisher, second_publisher):
    announcement = announce(with_image=True, body_en="The sealed words")
    page, version = change(announcement), {"version": announcement.version}
    signed_in(publisher).post(do(announcement, "hide"), {**version, "ground": "false", "reason": "Wrong price"})
    sealed = words(signed_in(editor).get(page))
    for shown in ("The sealed words", "False or unreliable information", "Wrong price", "Its text is sealed"):
        assert shown in sealed
    assert 'name="body_en"' not in sealed
    assert signed_in(editor).get(f"{LIST}{announcement.pk}/image/").status_code == 200
    signed_in(editor).post(do(announcement, "appeal"), {**version, "text": "The price is right"})
    decision = {**version, "outcome": "restored", "answer": "Checked."}
    assert signed_in(publisher).post(do(announcement, "decide"), decision).status_code == 403
    assert do(announcement, "decide") not in words(signed_in(publisher).get(page))
    assert "The price is right" in words(signed_in(second_publisher).get(do(announcement, "decide")))
    signed_in(second_publisher).post(do(announcement, "decide"), decision)
    announcement.refresh_from_db()
    assert announcement.state == State.VISIBLE
    assert {mail.template for mail in OutgoingMail.objects.all()} == {"news/hidden", "news/appeal_decided"}


def test_an_administrator_may_decide_where_the_unit_has_nobody_else(announce, world, editor, publisher):
    announcement = announce()
    hiding.hide_announcement(announcement=announcement, ground="false", by=publisher)
    hiding.appeal(announcement=announcement, text="Look again", by=editor)
    data = {"version": announcement.version, "outcome": "upheld", "answer": "It is false."}
    signed_in(world.administrator).post(do(announcement, "decide"), data)
    announcement.refresh_from_db()
    assert (announcement.appeal_outcome, announcement.state) == ("upheld", State.HIDDEN)


# Preview, desk, letters -------------------------------------------------------------------------------------


def test_staff_see_the_page_in_both_languages_before_the_public(draft, editor):
    announcement = draft(with_image=True, body_ar="نص **مهم**")
    client = signed_in(editor)
    for code, shown in (("ar", "<strong>مهم</strong>"), ("en", "<em>whole</em>")):
        response = client.get(f"{LIST}{announcement.pk}/preview/{code}/")
        page = words(response)
        assert f'<html lang="{code}"' in page
        assert (shown in page, getattr(announcement, f"title_{code}") in page) == (True, True)
        assert f'src="{LIST}{announcement.pk}/image/"' in page
        assert response.headers["Content-Language"] == code
        assert "no-store" in response.headers["Cache-Control"]
        html5lib.HTMLParser(strict=True).parse(page)
    assert client.get(f"/en/news/{announcement.slug}/").status_code == 404
    assert client.get(f"{LIST}{announcement.pk}/preview/fr/").status_code == 404


def test_the_preview_of_an_unfinished_draft_says_what_is_missing(draft, editor):
    announcement = draft(title_en="", summary_en="", body_en="")
    page = words(signed_in(editor).get(f"{LIST}{announcement.pk}/preview/en/"))
    assert "Not written yet:" in page
    assert announcement.title_ar in page


def test_the_desk_shows_publishers_what_waits_and_editors_nothing(draft, announce, editor, publisher, second_publisher):
    waiting, down = draft(), announce()
    hiding.hide_announcement(announcement=down, ground="false", by=publisher)
    hiding.appeal(announcement=down, text="Look again", by=editor)
    panel = words(signed_in(second_publisher).get("/admin/")).partition('id="panel-news"')[2].partition("</section>")[0]
    assert str(waiting) in panel
    assert str(down) in panel
    assert panel.index(str(down)) < panel.index(str(waiting))
    assert "panel-news" not in words(signed_in(editor).get("/admin/"))


@pytest.mark.parametrize("language", ["ar", "en"])
def test_its_letters_are_valid_and_show_no_markup_as_markup(announce, editor, publisher, second_publisher, language):
    User.objects.filter(pk=editor.pk).update(language=language)
    announcement = announce(title_ar="عنوان <b>", title_en="Title <b>")
    hiding.hide_announcement(announcement=announcement, ground="false", reason="<b>why</b>", by=publisher)
    hiding.appeal(announcement=announcement, text="Look again", by=editor)
    hiding.decide_appeal(announcement=announcement, outcome="upheld", answer="<i>No</i>", by=second_publisher)
    mails = list(OutgoingMail.objects.all())
    assert len(mails) == 2
    for mail in mails:
        html5lib.HTMLParser(strict=True).parse(mail.html)
        assert mail.language == language
        assert getattr(announcement, f"title_{language}") in mail.text
        assert "<b>" not in mail.html
        assert "<i>" not in mail.html
