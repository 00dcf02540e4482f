"""A question with its answer as plain text."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("code", ["ar", "en"])
def test_an_answer_can_be_read_as_plain_text(client, make_entry, code):
    entry = make_entry()
    response = client.get(f"/{code}/faq/{entry.slug}.txt")
    text = response.content.decode()
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert text.startswith(getattr(entry, f"question_{code}"))
    assert f"/{code}/faq/{entry.slug}/" in text
    assert f"/{code}/faq/{entry.slug}.txt" in client.get(f"/{code}/faq/{entry.slug}/").content.decode()


def test_an_unpublished_answer_is_not_there(client, make_entry):
    entry = make_entry(draft=True)
    assert client.get(f"/en/faq/{entry.slug}.txt").status_code == 404
    assert client.get("/en/faq/nothing.txt").status_code == 404
