"""What people made with the data; and datasets in feeds, search, site map and policies."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.admin.sites import site
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from opendata.catalogue import facts, feeds, finding, pages_map, reuse_admin, reuse_retention
from opendata.catalogue.models import Dataset, Reuse
from opendata.catalogue.models.around import ReuseState
from opendata.catalogue.reuses import Conflict, Sent, decide_reuse, receive_reuse
from portal.audit.models import AuditEvent
from portal.search.indexing import index
from portal.search.query import search
from tests.at_once import at_once
from tests.opendata import making
from tests.opendata.catalogue import shown

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.opendata.catalogue.public_urls")]
GOOD = {
    "title": "خريطة المدارس",
    "url": "https://example.org/map",
    "description": "تعرض المدارس على خريطة.",
    "made_by": "",
}


@pytest.fixture
def dataset() -> Dataset:
    return shown.version().dataset


def token(client: Client, dataset: Dataset) -> str:
    page = client.get(f"/en/data/{dataset.slug}/reuse/").content.decode()
    return re.findall(r'name="token" value="([^"]+)"', page)[0]


def send(client: Client, dataset: Dataset, **changes: str):
    data = {**GOOD, "token": token(client, dataset), **changes}
    return client.post(f"/en/data/{dataset.slug}/reuse/", data)


def test_what_somebody_made_waits_for_a_person_and_is_then_shown(client, dataset):
    response = send(client, dataset)
    assert response.status_code == 302
    assert client.get(response.headers["Location"]).status_code == 200
    reuse = Reuse.objects.get()
    page = f"/en/data/{dataset.slug}/"
    assert "example.org/map" not in client.get(page).content.decode()
    decide_reuse(reuse=reuse, state=ReuseState.SHOWN, by=making.house_of(dataset).publisher, seen="waiting")
    shown_page = client.get(page).content.decode()
    assert "خريطة المدارس" in shown_page
    assert 'rel="external nofollow ugc"' in shown_page
    assert not response.cookies


def test_the_same_form_sent_twice_is_one(client, dataset):
    same = token(client, dataset)
    for _n in range(3):
        assert send(client, dataset, token=same).status_code == 302
    assert Reuse.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_twenty_times_at_once_is_one():
    dataset = shown.version().dataset
    sent = Sent("t", "https://example.org/", "d", "", "en")
    found = at_once(20, lambda _n: receive_reuse(dataset=dataset, sent=sent, token="x").pk)
    assert len(set(found)) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": ""}, "Fill this in"),
        ({"url": "javascript:alert(1)"}, "full web address"),
        ({"url": "ftp://example.org/x"}, "full web address"),
        ({"url": ""}, "Fill this in"),
        ({"description": "x" * 1001}, "1000"),
        ({"token": "forged"}, "open for too long"),
    ],
)
def test_a_mistake_is_explained_and_nothing_typed_is_lost(client, dataset, change, said):
    response = send(client, dataset, **change)
    assert response.status_code == 422
    page = response.content.decode()
    assert said in page
    assert "تعرض المدارس" in page or "description" in change
    assert not Reuse.objects.exists()


def test_a_program_that_fills_the_trap_is_told_nothing_and_staff_are(client, dataset):
    assert send(client, dataset, website="https://spam.example").status_code == 302
    assert AuditEvent.objects.get(verb="reuse.received").data["suspicion"] == "trap"


def test_many_from_one_address_have_to_wait_and_lose_nothing(client, dataset, settings):
    settings.THROTTLES = {**settings.THROTTLES, "submit": (1, 3600)}
    assert send(client, dataset).status_code == 302
    response = send(client, dataset, title="Second")
    assert response.status_code == 429
    assert "Second" in response.content.decode()
    assert Reuse.objects.count() == 1


def test_another_site_cannot_send_the_form(client, dataset):
    data = {**GOOD, "token": token(client, dataset)}
    response = client.post(f"/en/data/{dataset.slug}/reuse/", data, headers={"Origin": "https://elsewhere.example"})
    assert response.status_code == 403


def test_two_who_decide_at_once_are_not_both_right(dataset):
    reuse = receive_reuse(dataset=dataset, sent=Sent("t", "https://example.org/", "d", "", "en"), token="x")
    by = making.house_of(dataset).publisher
    decide_reuse(reuse=reuse, state=ReuseState.REFUSED, by=by, seen="waiting", because="Not about the data")
    with pytest.raises(Conflict):
        decide_reuse(reuse=reuse, state=ReuseState.SHOWN, by=by, seen="waiting")
    assert Reuse.objects.get().state == ReuseState.REFUSED


@pytest.fixture
def desk() -> None:
    if not site.is_registered(Reuse):
        site.register(Reuse, reuse_admin.ReuseAdmin)


def signed_in(user) -> Client:
    from django.contrib.auth.models import Permission

    user.user_permissions.add(*Permission.objects.filter(codename__in=["view_reuse", "change_reuse"]))
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_staff_decide_about_their_own_units_datasets_only(dataset, desk):
    reuse = receive_reuse(dataset=dataset, sent=Sent("t", "https://example.org/", "d", "", "en"), token="x")
    mine, stranger = signed_in(making.house_of(dataset).publisher), signed_in(making.make_house().publisher)
    address = f"/admin/catalogue/reuse/{reuse.pk}/change/"
    assert "https://example.org/" in mine.get(address).content.decode()
    assert stranger.get(address).status_code == 302
    assert "example.org" not in stranger.get("/admin/catalogue/reuse/").content.decode()
    data = {"decision": "refused", "refused_because": "", "seen": "waiting"}
    assert "Say why it is not shown" in mine.post(address, data).content.decode()
    stranger.post(address, {**data, "decision": "shown"})
    assert Reuse.objects.get().state == "waiting"
    assert mine.post(address, {**data, "decision": "shown"}).status_code == 302
    assert Reuse.objects.get().state == "shown"
    late = mine.post(address, {**data, "decision": "refused", "refused_because": "Typed with care"})
    assert late.status_code == 409
    assert "Somebody else has decided" in late.content.decode()
    assert "Typed with care" in late.content.decode()
    assert Reuse.objects.get().state == "shown"
    again = {**data, "decision": "refused", "refused_because": "Typed with care", "seen": "shown"}
    assert 'name="seen" value="shown"' in late.content.decode()
    assert mine.post(address, again).status_code == 302
    assert Reuse.objects.get().state == "refused"


def test_versions_corrections_and_withdrawals_are_in_the_feed(client, in_english):
    version = shown.version()
    second = shown.version(version.dataset, kind="correction", change_note_en="A digit", change_note_ar="رقم")
    found = [entry.title for entry in feeds.entries(10)]
    assert found == [
        f"{version.dataset.title_en}: corrected in version 2.0.0",
        f"{version.dataset.title_en}: version 1.0.0",
    ]
    making.withdrawn(second)
    after = feeds.entries(10)
    assert [entry.key for entry in after] == [f"catalogue.withdrawal:{second.pk}", f"catalogue.version:{version.pk}"]
    assert after[0].summary == "The source was found to be wrong"
    for kind in ("rss", "atom"):
        response = client.get(f"/ar/feeds/data.{kind}")
        assert response.status_code == 200
        assert f"/data/{version.dataset.slug}/v/2/" in response.content.decode()


def test_a_dataset_is_found_in_the_search_of_the_portal_while_it_is_published(in_english):
    dataset = shown.dataset(title_ar="أسعار الأسماك", title_en="Fish prices")
    assert list(finding.documents(None)) == []
    version = shown.version(dataset, columns=[shown.column("kingfish", title_ar="كنعد")])
    index("dataset", [str(dataset.pk)])
    for words in ("الأسماك", "كنعد", "kingfish", "fish prices"):
        assert [result.document.pk for result in search(words, language="ar").results] == [dataset.pk]
    before = dict(finding.versions(None))
    Dataset.objects.filter(pk=dataset.pk).update(revision=9)
    assert dict(finding.versions(None)) != before
    making.withdrawn(version)
    assert list(finding.versions(None)) == []
    assert not search("الأسماك", language="ar").results


def test_the_site_map_names_every_published_dataset(client):
    dataset = shown.version().dataset
    draft = making.make_dataset()
    paths = [page.path for top in pages_map.pages() for page in (top, *top.children)]
    assert paths == ["/data/", dataset.path, "/data/verify/"]
    xml = client.get("/sitemap.xml").content.decode()
    assert f"/ar{dataset.path}" in xml
    assert draft.slug not in xml


def test_policies_can_state_how_much_is_open(in_english):
    assert facts.open_datasets() == "[0 datasets](/en/data/)"
    shown.version(formats=("csv", "parquet"))
    assert facts.open_datasets() == "[1 dataset](/en/data/)"
    assert facts.open_data_formats() == "CSV, Parquet"
    assert "Attribution 4.0](https://creativecommons.org/licenses/by/4.0/) | 1 |" in facts.open_data_licences()


def test_the_database_refuses_a_decision_without_a_time(dataset):
    with pytest.raises(IntegrityError), transaction.atomic():
        Reuse.objects.create(
            dataset=dataset, title="t", url="u", description="d", language="en", token="t", state="shown"
        )


def test_what_was_not_shown_goes_after_its_time_and_what_is_shown_stays(dataset):
    by = making.house_of(dataset).publisher
    for n, state in enumerate((ReuseState.REFUSED, ReuseState.SHOWN, None)):
        reuse = receive_reuse(dataset=dataset, sent=Sent(f"t{n}", "https://example.org/", "d", "", "en"), token=f"x{n}")
        if state:
            decide_reuse(reuse=reuse, state=state, by=by, seen="waiting", because="No")
    later = timezone.now() + timedelta(days=reuse_retention.REFUSED_DAYS + 1)
    assert not reuse_retention.refused_due(timezone.now()).exists()
    assert reuse_retention.delete(reuse_retention.refused_due(later)) == 1
    assert set(Reuse.objects.values_list("title", flat=True)) == {"t1", "t2"}
