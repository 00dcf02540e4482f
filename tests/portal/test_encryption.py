"""Contact details are unreadable in the database and stay findable."""

from collections.abc import Iterator

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import connection, models
from django.db.models import F, TextField
from django.db.models.functions import Cast
from django.test import override_settings
from django.test.utils import isolate_apps

from portal.encryption import (
    EncryptedTextField,
    UnreadableValue,
    blind_index,
    decrypt,
    encrypt,
    encrypted_models,
    normalise_email,
    normalise_phone,
    reencrypt,
)

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture
def contact(transactional_db: None) -> Iterator[type[models.Model]]:
    """A table with encrypted columns that exists for one test."""
    with isolate_apps("portal.search"), override_settings(FIELD_KEYS=[OLD]):

        class Contact(models.Model):  # noqa: DJ008
            email = EncryptedTextField(blank=True)
            phone = EncryptedTextField(null=True)

            class Meta:
                app_label = "search"

        with connection.schema_editor() as editor:
            editor.create_model(Contact)
        yield Contact
        with connection.schema_editor() as editor:
            editor.delete_model(Contact)


def stored(model: type[models.Model], name: str) -> list[str | None]:
    return list(model.objects.order_by("pk").values_list(Cast(F(name), TextField()), flat=True))


def test_the_database_sees_only_ciphertext(contact: type[models.Model]) -> None:
    contact.objects.create(email="سالم@example.om", phone="+96891234567")
    row = contact.objects.get()
    assert (row.email, row.phone) == ("سالم@example.om", "+96891234567")
    (email,), (phone,) = stored(contact, "email"), stored(contact, "phone")
    assert "example" not in email
    assert "9123" not in phone
    assert decrypt(email) == "سالم@example.om"


def test_empty_and_absent_stay_different(contact: type[models.Model]) -> None:
    contact.objects.create(email="", phone=None)
    assert (stored(contact, "email"), stored(contact, "phone")) == ([""], [None])
    assert contact.objects.filter(email="", phone__isnull=True).count() == 1
    assert contact.objects.filter(phone=None).count() == 1


def test_equal_texts_have_different_ciphertexts(contact: type[models.Model]) -> None:
    contact.objects.bulk_create([contact(email="a@b.om"), contact(email="a@b.om")])
    assert len(set(stored(contact, "email"))) == 2


def test_every_way_of_writing_encrypts_once(contact: type[models.Model]) -> None:
    row = contact.objects.create(email="one")
    contact.objects.filter(pk=row.pk).update(email="two")
    assert contact.objects.get().email == "two"
    row.email = "three"
    contact.objects.bulk_update([row], ["email"])
    assert contact.objects.values_list("email", flat=True).get() == "three"


@pytest.mark.parametrize(
    "lookup", [{"email": "a@b.om"}, {"email__icontains": "a"}, {"email__in": ["a"]}, {"email__gt": ""}]
)
def test_it_refuses_comparisons_that_could_only_mislead(contact: type[models.Model], lookup: dict[str, object]) -> None:
    with pytest.raises(FieldError):
        contact.objects.filter(**lookup).first()


def test_rotation_moves_everything_to_the_first_key(contact: type[models.Model]) -> None:
    contact.objects.bulk_create([contact(email=f"{number}@b.om") for number in range(7)])
    contact.objects.create(email="", phone="+96891234567")
    with override_settings(FIELD_KEYS=[NEW, OLD]):
        assert reencrypt(contact, batch=3) == 8
        assert reencrypt(contact, batch=3) == 0
    with override_settings(FIELD_KEYS=[NEW]):
        rows = contact.objects.order_by("pk")
        assert [row.email for row in rows] == [f"{number}@b.om" for number in range(7)] + [""]
        assert rows[7].phone == "+96891234567"


def test_rotation_does_not_undo_an_edit_made_meanwhile(contact: type[models.Model]) -> None:
    """The edit happens between the read of the batch and the first write, through the connection itself."""
    contact.objects.bulk_create([contact(email="before"), contact(email="before")])
    edited = []

    def edit_the_second(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        if sql.startswith("UPDATE") and not edited:
            edited.append(contact.objects.order_by("pk").last())
            contact.objects.filter(pk=edited[0].pk).update(email="after")
        return execute(sql, params, many, context)

    with override_settings(FIELD_KEYS=[NEW, OLD]), connection.execute_wrapper(edit_the_second):
        assert reencrypt(contact) == 1
    with override_settings(FIELD_KEYS=[NEW]):
        assert [row.email for row in contact.objects.order_by("pk")] == ["before", "after"]


def test_a_lost_key_is_an_error_not_an_empty_field(contact: type[models.Model]) -> None:
    contact.objects.create(email="a@b.om")
    with override_settings(FIELD_KEYS=[NEW]):
        with pytest.raises(UnreadableValue, match="FIELD_KEYS"):
            contact.objects.get()
        with pytest.raises(UnreadableValue, match=r"search\.Contact \d+"):
            reencrypt(contact)


def test_missing_keys_say_what_to_do() -> None:
    with override_settings(FIELD_KEYS=[]), pytest.raises(ImproperlyConfigured, match="generate_key"):
        encrypt("x")
    with override_settings(BLIND_INDEX_KEY=""), pytest.raises(ImproperlyConfigured, match="BLIND_INDEX_KEY"):
        blind_index("x")


def test_the_models_that_need_rotation_are_found() -> None:
    assert all(issubclass(model, models.Model) for model in encrypted_models())


def test_a_blind_index_depends_on_value_and_key() -> None:
    with override_settings(BLIND_INDEX_KEY="one"):
        first = blind_index("a@b.om")
        assert len(first) == 64
        assert first == blind_index("a@b.om") != blind_index("b@b.om")
    with override_settings(BLIND_INDEX_KEY="two"):
        assert blind_index("a@b.om") != first
    assert blind_index("") == ""


def test_addresses_are_compared_without_case_and_marks() -> None:
    assert normalise_email("\u200fSalim@Example.OM ") == "salim@example.om"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("91234567", "+96891234567"),
        ("٩١٢٣ ٤٥٦٧", "+96891234567"),
        ("۹۱۲۳-۴۵۶۷", "+96891234567"),
        ("+968 9123 4567", "+96891234567"),
        ("00968 9123 4567", "+96891234567"),
        ("968 91234567", "+96891234567"),
        ("\u202a(+968) 9123\u00a04567\u202c", "+96891234567"),
        ("80000070", "+96880000070"),
        ("+44 20 7946 0018", "+442079460018"),
        ("", ""),
        ("12", ""),
        ("salim@example.om", ""),
        ("+", ""),
        ("9" * 16, ""),
    ],
)
def test_telephone_numbers_become_international(typed: str, number: str) -> None:
    assert normalise_phone(typed) == number
