"""Uploading in the staff site: streamed, limited, one release at a time, nothing left over."""

from __future__ import annotations

import resource

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from opendata.catalogue.actions import deciding
from opendata.catalogue.choices import Stage
from opendata.catalogue.models import Release
from opendata.catalogue.storage import store
from tests.at_once import at_once
from tests.opendata import making

pytestmark = pytest.mark.django_db


def address(dataset):
    return reverse("admin:catalogue_dataset_upload", args=[dataset.pk])


def sent(data=making.CSV, name="population.csv", **more):
    return {"file": SimpleUploadedFile(name, data.encode() if isinstance(data, str) else data), **more}


def signed_in(user, **more) -> Client:
    client = Client(**more)
    client.force_login(user)
    return client


@pytest.fixture
def dataset():
    return making.make_dataset()


@pytest.fixture
def publisher(dataset):
    return signed_in(making.house_of(dataset).publisher)


def left_over():
    work = store().work
    return [path.name for path in work.glob("*")] if work.exists() else []


def test_a_plain_post_begins_a_release(dataset, publisher):
    response = publisher.post(address(dataset), sent())
    release = Release.objects.get(dataset=dataset)
    assert response.url == reverse("admin:catalogue_release_change", args=[release.pk])
    assert (release.stage, release.file_name, release.file_size) == (Stage.UPLOADED, "population.csv", len(making.CSV))
    assert store().path(release.file_sha256).read_text() == making.CSV
    assert not left_over()


def test_the_script_is_told_where_to_go_on(dataset, publisher):
    response = publisher.post(address(dataset), sent(), headers={"X-Requested-With": "XMLHttpRequest"})
    assert response.status_code == 201
    assert response.json()["location"].endswith(f"/release/{Release.objects.get().pk}/change/")


def test_a_file_without_content_is_refused(dataset, publisher):
    response = publisher.post(address(dataset), sent(""))
    assert response.status_code == 422
    assert "This file is empty" in response.content.decode()
    assert not Release.objects.exists()
    assert not left_over()


def test_no_file_is_refused(dataset, publisher):
    assert "Choose the file" in publisher.post(address(dataset), {}).content.decode()


def test_a_file_that_is_too_big_is_refused_while_it_comes(dataset, publisher, settings):
    settings.DATASET_MAX_BYTES = 100_000
    response = publisher.post(address(dataset), sent("x" * 300_000))
    assert response.status_code == 422
    assert "larger than" in response.content.decode()
    assert not left_over()


def test_one_far_too_big_is_refused_before_it_comes(dataset, publisher, settings):
    settings.DATASET_MAX_BYTES = 1000
    response = publisher.post(address(dataset), sent("x" * 700_000))
    assert response.status_code == 413
    assert "larger than" in response.content.decode()
    assert not left_over()


def test_an_upload_broken_off_leaves_nothing(dataset, publisher):
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n' + b"a,b\n" * 50_000
    response = publisher.generic("POST", address(dataset), body, content_type="multipart/form-data; boundary=b")
    assert response.status_code in (302, 422, 403, 400)
    assert not left_over()


def test_a_second_file_is_not_taken(dataset, publisher):
    two = {"file": [SimpleUploadedFile("a.csv", b"a,b\n1,2\n"), SimpleUploadedFile("b.csv", b"c\n3\n")]}
    publisher.post(address(dataset), two)
    assert Release.objects.filter(file_name="a.csv").exists()
    assert not left_over()


def test_a_file_that_came_is_kept_while_the_form_is_mended(publisher, dataset):
    making.published(dataset)
    response = publisher.post(address(dataset), sent(kind="new"))
    assert response.status_code == 422
    form = response.context["form"]
    assert "population.csv" in response.content.decode()
    again = {"kind": "new", "change_note_ar": "جديد", "change_note_en": "New", "kept_file": form.data["kept_file"]}
    assert publisher.post(address(dataset), again).status_code == 302
    assert Release.objects.open().get(dataset=dataset).file_name == "population.csv"


def test_a_kept_file_is_nobody_elses(dataset, publisher):
    making.published(dataset)
    token = publisher.post(address(dataset), sent(kind="new")).context["form"].data["kept_file"]
    other = making.make_dataset()
    stranger = signed_in(making.house_of(other).publisher)
    assert stranger.post(address(other), {"kept_file": token}).status_code == 422
    assert not Release.objects.filter(dataset=other).exists()


def test_the_token_against_forgery_is_checked(dataset):
    client = signed_in(making.house_of(dataset).publisher, enforce_csrf_checks=True)
    assert client.post(address(dataset), sent()).status_code == 403
    assert not Release.objects.exists()
    assert not left_over()
    client.get(address(dataset))
    token = client.cookies["csrf"].value
    assert client.post(address(dataset), {"csrfmiddlewaretoken": token, **sent()}).status_code == 302


def test_the_second_publisher_is_told_who_began_and_when(dataset, publisher):
    release = making.make_release(dataset)
    page = publisher.get(address(dataset)).content.decode()
    assert str(release.uploaded_by) in page
    assert "under way already" in page
    assert publisher.post(address(dataset), sent()).status_code == 409
    assert Release.objects.count() == 1


def test_nobody_else_uploads(dataset):
    house = making.house_of(dataset)
    assert signed_in(making.make_house().publisher).get(address(dataset)).status_code == 404
    house.publisher.user_permissions.clear()
    assert signed_in(house.publisher).get(address(dataset)).status_code in (403, 302)
    assert Client().get(address(dataset)).status_code == 302


def test_what_is_refused_keeps_the_file_that_came(dataset, publisher):
    first = making.make_release(dataset)
    response = publisher.post(address(dataset), sent(name="big.csv"))
    assert response.status_code == 409
    page = response.content.decode()
    assert "“big.csv” has arrived and is kept" in page
    assert "under way already" in page
    token = response.context["form"].data["kept_file"]
    response = publisher.post(address(dataset), {"kept_file": token})
    assert response.status_code == 409
    deciding.give_up(release=first, by=making.house_of(dataset).publisher)
    token = response.context["form"].data["kept_file"]
    assert publisher.post(address(dataset), {"kept_file": token}).status_code == 302
    assert Release.objects.open().get(dataset=dataset).file_name == "big.csv"


def test_a_full_disk_is_said_and_leaves_nothing(dataset, publisher):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, hard))  # as a disk that takes no more
    try:
        response = publisher.post(address(dataset), sent("a,b\n" * 1_000_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert response.status_code == 507
    assert "There is no room left on the portal" in response.content.decode()
    assert not Release.objects.exists()
    assert not left_over()
    assert publisher.post(address(dataset), sent()).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_of_two_publishers_at_once_one_is_told():
    dataset = making.make_dataset()
    house = making.house_of(dataset)
    clients = [signed_in(house.publisher), signed_in(house.approver)]
    answers = at_once(2, lambda number: clients[number].post(address(dataset), sent()))
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    told = next(answer for answer in answers if answer.status_code == 409)
    assert "under way already" in told.content.decode()
    assert Release.objects.count() == 1
