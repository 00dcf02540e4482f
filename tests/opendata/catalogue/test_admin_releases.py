"""Who may do what with a release at which stage, in the staff site and past it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from opendata.catalogue.access import possible
from opendata.catalogue.actions import deciding, reviewing
from opendata.catalogue.actions.changing import Conflict, Refused
from opendata.catalogue.choices import Stage
from opendata.catalogue.models import Dataset, Release
from opendata.catalogue.pipeline import working
from portal.audit.models import AuditEvent
from portal.mail.models import OutgoingMail
from portal.organisations.models import Role
from tests.opendata import making
from tests.people import staff

pytestmark = pytest.mark.django_db

PERSONAL = "name,email\n" + "".join(f"Salim {n},person{n}@mail.example\n" for n in range(30))


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(release, key=""):
    name = "catalogue_release_act" if key else "catalogue_release_change"
    return reverse(f"admin:{name}", args=[release.pk, key] if key else [release.pk])


EXPECTED = {
    Stage.UPLOADED: ({"give_up"}, set()),
    Stage.READING: (set(), set()),
    Stage.UNREADABLE: ({"read_again", "try_again", "give_up"}, {"try_again"}),
    Stage.REVIEW: ({"describe", "read_again", "accept", "note", "original", "submit", "give_up"}, set()),
    Stage.APPROVAL: ({"take_back", "give_up"}, {"approve", "return"}),
    Stage.APPROVED: ({"give_up"}, set()),
    Stage.BUILDING: (set(), set()),
    Stage.FAILED: ({"try_again", "give_up"}, {"try_again", "return"}),
    Stage.PUBLISHED: (set(), set()),
    Stage.ABANDONED: (set(), set()),
}


@pytest.mark.parametrize("stage", list(Stage), ids=str)
def test_each_role_has_its_buttons_at_each_stage(stage):
    release = making.make_release()
    house = making.house_of(release.dataset)
    release.stage, release.submitted_by = stage, house.publisher
    preparing, deciding_ = EXPECTED[stage]
    only_approves = staff("only-approves", house.unit, Role.LEAD, "view_release", "approve_dataset")
    outsider = making.make_house().approver
    assert possible(house.publisher, release) == preparing
    assert possible(only_approves, release) == deciding_
    assert possible(house.approver, release) == preparing | deciding_
    assert possible(outsider, release) == set()
    release.uploaded_by = house.approver
    assert not {"approve", "clear"} & possible(house.approver, release)


@pytest.mark.parametrize(
    "key", ["submit", "approve", "return", "clear", "give_up", "read_again", "accept", "note", "original"]
)
def test_an_address_guessed_is_refused_as_the_button_is_not_there(key):
    release = making.read(making.make_release())
    house = making.house_of(release.dataset)
    looks_only = staff("looks-only", house.unit, Role.OFFICER, "view_release", "view_dataset")
    assert signed_in(looks_only).post(page(release, key), {"revision": release.revision}).status_code == 403
    assert signed_in(making.make_house().approver).post(page(release, key)).status_code == 404


def test_a_release_goes_its_way_through_the_pages():
    release = making.read(making.make_release())
    house = making.house_of(release.dataset)
    publisher, approver = signed_in(house.publisher), signed_in(house.approver)
    shown = publisher.get(page(release))
    assert "no title in both languages" in shown.content.decode()
    described = {f"c{number}-{name}": value for number, entry in enumerate(release.dictionary)
                 for name, value in {**entry, "title_ar": "عمود", "title_en": "Column"}.items()}  # fmt: skip
    url = reverse("admin:catalogue_release_describe", args=[release.pk])
    assert publisher.get(url).status_code == 200
    assert publisher.post(url, {**described, "revision": release.revision}).status_code == 302
    release.refresh_from_db()
    assert publisher.post(page(release, "submit"), {"revision": release.revision}).status_code == 302
    release.refresh_from_db()
    assert release.stage == Stage.APPROVAL
    assert OutgoingMail.objects.filter(template="catalogue/waiting", about_id=str(release.pk)).count() == 1
    assert publisher.get(page(release, "approve")).status_code == 403
    assert approver.get(page(release, "approve") + f"?seen={release.revision}").status_code == 200
    assert approver.post(page(release, "approve"), {"revision": release.revision}).status_code == 302
    working.work_on(release.pk)
    release.refresh_from_db()
    assert release.stage == Stage.PUBLISHED
    assert OutgoingMail.objects.filter(template="catalogue/published").exists()
    assert "1.0.0" in approver.get(page(release)).content.decode()


def test_a_released_thing_is_returned_with_a_reason_and_a_letter():
    release = making.submitted(making.make_release())
    house = making.house_of(release.dataset)
    reason = {"revision": release.revision, "because": "The year 2022 is missing."}
    assert signed_in(house.approver).post(page(release, "return"), reason).status_code == 302
    release.refresh_from_db()
    assert (release.stage, release.submitted_by) == (Stage.REVIEW, None)
    letter = OutgoingMail.objects.get(template="catalogue/returned")
    assert "2022" in letter.text
    assert "2022" in signed_in(house.publisher).get(page(release)).content.decode()


def test_approval_looks_at_the_revision_that_was_read():
    release = making.submitted(making.make_release())
    house = making.house_of(release.dataset)
    seen = release.revision
    reviewing.take_back(release=release, by=house.publisher)
    reviewing.submit_release(release=release, by=house.publisher, revision=release.revision)
    answer = signed_in(house.approver).post(page(release, "approve"), {"revision": seen})
    assert answer.status_code == 409
    with pytest.raises(Conflict):
        deciding.approve_release(release=release, by=house.approver, revision=seen)
    assert Release.objects.get(pk=release.pk).stage == Stage.APPROVAL


def test_neither_uploader_nor_sender_approves():
    release = making.submitted(making.make_release())
    house = making.house_of(release.dataset)
    house.publisher.user_permissions.add(Permission.objects.get(codename="approve_dataset"))
    with pytest.raises(Refused):
        deciding.approve_release(release=release, by=house.publisher, revision=release.revision)
    reviewing.take_back(release=release, by=house.publisher)
    reviewing.submit_release(release=release, by=house.approver, revision=release.revision)
    with pytest.raises(Refused):
        deciding.approve_release(release=release, by=house.approver, revision=release.revision)


def test_personal_data_blocks_until_another_person_clears_it():
    release = making.read(making.make_release(data=PERSONAL))
    house = making.house_of(release.dataset)
    assert release.report["personal"]
    columns = {entry["name"]: {"title_ar": "عمود", "title_en": "Column"} for entry in release.dictionary}
    reviewing.describe_columns(release=release, by=house.publisher, revision=release.revision, columns=columns)
    with pytest.raises(Refused) as caught:
        reviewing.submit_release(release=release, by=house.publisher, revision=release.revision)
    assert "personal_data" in {reason.code for reason in caught.value.reasons}
    assert signed_in(house.publisher).get(page(release, "clear")).status_code == 403
    answer = {"revision": release.revision, "because": "Invented people."}
    assert signed_in(house.approver).post(page(release, "clear"), answer).status_code == 302
    release.refresh_from_db()
    assert release.cleared_by == house.approver
    trail = str(list(AuditEvent.objects.about(release).values_list("data", flat=True)))
    assert "person1" not in trail
    assert "Salim" not in trail
    reviewing.read_again(release=release, by=house.publisher, revision=release.revision, choices={"header_rows": 1})
    assert release.cleared_by is None


def test_another_encoding_is_chosen_from_samples():
    text = "المحافظة,السكان\n" + "مسقط,1473000\nظفار,528000\n" * 5
    release = making.read(making.make_release(data=text.encode("windows-1256"), name="سكان.csv"))
    house = making.house_of(release.dataset)
    form = signed_in(house.publisher).get(page(release, "read_again"))
    assert "windows-1256" in form.content.decode()
    answer = {"revision": release.revision, "encoding": "windows-1256", "header_rows": "٠"}
    assert signed_in(house.publisher).post(page(release, "read_again"), answer).status_code == 302
    release.refresh_from_db()
    assert release.choices == {"encoding": "windows-1256", "header_rows": 0}
    assert making.read(release).report["header_rows"] == 0


def test_another_type_has_the_file_read_again():
    release = making.read(making.make_release())
    house = making.house_of(release.dataset)
    reviewing.describe_columns(release=release, by=house.publisher, revision=release.revision,
                               columns={"year": {"type": "text"}})  # fmt: skip
    assert release.stage == Stage.UPLOADED
    making.read(release)
    assert {entry["name"]: entry["type"] for entry in release.dictionary}["year"] == "text"


def test_two_who_describe_at_once_lose_nothing():
    release = making.read(making.make_release())
    house = making.house_of(release.dataset)
    url = reverse("admin:catalogue_release_describe", args=[release.pk])
    first = {f"c{number}-{name}": value for number, entry in enumerate(release.dictionary)
             for name, value in {**entry, "title_en": "First"}.items()}  # fmt: skip
    second = {key: "Second" if key.endswith("title_en") else value for key, value in first.items()}
    seen = release.revision
    assert signed_in(house.approver).post(url, {**first, "revision": seen}).status_code == 302
    answer = signed_in(house.publisher).post(url, {**second, "revision": seen})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "First" in text
    assert text.count('value="Second"') == 3
    release.refresh_from_db()
    assert release.dictionary[0]["title_en"] == "First"
    sent_again = {**second, "revision": release.revision}
    assert signed_in(house.publisher).post(url, sent_again).status_code == 302


def test_what_was_typed_for_a_release_that_moved_on_is_shown():
    release = making.submitted(making.make_release())
    house = making.house_of(release.dataset)
    deciding.approve_release(release=release, by=house.approver, revision=release.revision)
    other = staff("second-approver", house.unit, Role.OFFICER, *making.APPROVE)
    answer = signed_in(other).post(page(release, "return"), {"revision": 1, "because": "Wait for May."})
    assert answer.status_code == 409
    assert "Wait for May." in answer.content.decode()


def test_what_was_given_up_makes_room_for_the_next():
    release = making.make_release()
    house = making.house_of(release.dataset)
    assert signed_in(house.publisher).post(page(release, "give_up"), {"revision": release.revision}).status_code == 302
    assert making.make_release(release.dataset).stage == Stage.UPLOADED


def test_one_agency_sees_nothing_of_another():
    secret = making.read(making.make_release(making.make_dataset(slug="secret-plan"), data=PERSONAL))
    version = making.published(making.make_dataset(slug="their-own"))
    stranger = signed_in(making.make_house().approver)
    for model in ("dataset", "release", "version"):
        listed = stranger.get(reverse(f"admin:catalogue_{model}_changelist")).content.decode()
        assert "secret-plan" not in listed
        assert "their-own" not in listed
    guessed = [
        reverse("admin:catalogue_dataset_change", args=[secret.dataset_id]),
        page(secret),
        reverse("admin:catalogue_release_problems", args=[secret.pk]),
        reverse("admin:catalogue_release_describe", args=[secret.pk]),
        reverse("admin:catalogue_version_change", args=[version.pk]),
        reverse("admin:catalogue_version_withdraw", args=[version.pk]),
    ]
    for address in guessed:
        answer = stranger.get(address, follow=True)
        assert "secret-plan" not in answer.content.decode(), address
        assert "Salim" not in answer.content.decode(), address
        assert answer.status_code == 404 or address == guessed[0]
    form = stranger.get(reverse("admin:catalogue_dataset_add")).content.decode()
    assert secret.dataset.asset.title_en not in form
    assert "secret-plan" not in stranger.get(reverse("admin:index")).content.decode()


def test_the_list_of_problems_is_for_those_who_work_on_it_and_noted():
    release = making.read(making.make_release(data="a,b\n1,2\n3\n\n4,5\n"))
    house = making.house_of(release.dataset)
    url = reverse("admin:catalogue_release_problems", args=[release.pk])
    answer = signed_in(house.publisher).get(url)
    assert b"short_rows" in b"".join(answer.streaming_content)
    assert AuditEvent.objects.about(release).filter(verb="release.problems_downloaded").exists()
    looks_only = staff("looks-only", house.unit, Role.OFFICER, "view_release", "view_dataset")
    assert signed_in(looks_only).get(url).status_code == 403


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("stage", list(Stage), ids=str)
def test_the_page_is_whole_at_every_stage(stage, language):
    release = making.reviewed(making.make_release())
    house = making.house_of(release.dataset)
    house.approver.language = language
    house.approver.save()
    approval = {"approved_by": house.approver, "approved_at": release.created_at}
    Release.objects.filter(pk=release.pk).update(stage=stage, **approval)
    answer = signed_in(house.approver).get(page(release))
    assert answer.status_code == 200
    assert ("Refresh" in answer.headers) == (stage in (Stage.UPLOADED, Stage.READING, Stage.APPROVED, Stage.BUILDING))
    assert "Refresh" not in signed_in(house.approver).get(page(release) + "?still=1").headers


def test_lists_take_as_many_queries_for_three_as_for_one(django_assert_num_queries):
    house = making.make_house()
    client = signed_in(house.publisher)
    urls = [reverse(f"admin:catalogue_{model}_changelist") for model in ("dataset", "release", "version")]
    making.published(making.make_dataset(house))
    counts = [_queries(client, url) for url in urls]
    for _more in range(2):
        making.published(making.make_dataset(house))
    assert [_queries(client, url) for url in urls] == counts


def _queries(client, url):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(url)
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)


def test_the_desk_shows_what_waits():
    release = making.submitted(making.make_release())
    house = making.house_of(release.dataset)
    desk = signed_in(house.approver).get(reverse("admin:index")).content.decode()
    assert "Waiting for your approval" in desk
    assert "Waiting for your approval" not in signed_in(house.publisher).get(reverse("admin:index")).content.decode()
    assert Dataset.objects.count() == 1
