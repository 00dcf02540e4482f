"""What staff pages say to screen readers beyond what Django's own say."""

from __future__ import annotations

import re


def test_names_in_the_other_language_are_marked_in_lists(client, world):
    client.force_login(world.administrator)
    body = client.get("/admin/organisations/unit/").content.decode()
    assert '<span lang="ar" dir="rtl">قسم licensing</span>' in body
    assert '<span lang="en" dir="ltr">Licensing</span>' in body


def test_a_kept_password_is_no_disabled_box(client, world):
    client.force_login(world.administrator)
    body = client.get(f"/admin/staff/user/{world.officer.pk}/change/").content.decode()
    box = re.search(r'<div[^>]*id="id_password"[^>]*>', body)
    assert box
    assert "disabled" not in box[0]
    assert 'aria-describedby="id_password_helptext"' in box[0]
    assert "../password/" in body
