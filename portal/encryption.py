"""Personal text encrypted at rest, and keyed indexes to find it again without decrypting every row.

`FIELD_KEYS` lists Fernet keys: the first encrypts, all of them decrypt. To rotate, put a new key in front,
restart, run `manage.py rotate_keys`, then drop the old key.
"""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Cast
from django.db.models.lookups import Exact, IsNull

from portal.digits import fold_digits, strip_bidi


class UnreadableValue(Exception):
    """A stored value that none of the configured keys decrypts."""


def encrypt(text: str) -> str:
    """Return the Fernet token of a text; the empty string stays empty."""
    return _cipher().encrypt(text.encode()).decode() if text else ""


def decrypt(token: str) -> str:
    """Return the text of a token; raise `UnreadableValue` when no key fits, rather than lose it quietly."""
    if not token:
        return ""
    try:
        return _cipher().decrypt(token.encode()).decode()
    except InvalidToken:
        raise UnreadableValue(
            "A stored value cannot be decrypted: add the key it was written with to FIELD_KEYS."
        ) from None


def _cipher() -> MultiFernet:
    return _cipher_for(_keys())


def _keys() -> tuple[str, ...]:
    keys = tuple(settings.FIELD_KEYS)
    if not keys:
        raise ImproperlyConfigured(
            "FIELD_KEYS is empty. Make a key with: python -c "
            '"from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
        )
    return keys


@lru_cache(maxsize=8)
def _cipher_for(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


class _ExactEmpty(Exact):
    """`field=""` is the one comparison ciphertext allows: every encryption of a text is different."""

    def get_prep_lookup(self) -> Any:
        if self.rhs is not None and self.rhs != "":  # Django turns None into IS NULL
            raise FieldError("Encrypted text cannot be compared; look it up by its blind index instead.")
        return super().get_prep_lookup()


class EncryptedTextField(models.TextField):
    """Text that the database only sees encrypted. `None` and "" are stored as they are, to be told apart."""

    description = "Encrypted text"

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return value if value is None else decrypt(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        value = super().get_db_prep_value(value, connection, prepared)
        return encrypt(value) if isinstance(value, str) else value

    def get_lookup(self, lookup_name: str) -> Any:
        return {"isnull": IsNull, "exact": _ExactEmpty}.get(lookup_name)

    def get_transform(self, lookup_name: str) -> Any:
        return None


def blind_index(value: str) -> str:
    """Return 64 hexadecimal digits by which equal values are found, or "" for "".

    The value must already be normalised (`normalise_email`, `normalise_phone`): only equal strings meet.
    """
    if not value:
        return ""
    return hmac.new(_index_key(settings.BLIND_INDEX_KEY), value.encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=8)
def _index_key(secret: str) -> bytes:
    if not secret:
        raise ImproperlyConfigured("BLIND_INDEX_KEY is empty: set it to a long random string and keep it.")
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"portal.blind_index").derive(secret.encode())


def normalise_email(text: str) -> str:
    """Return an e-mail address as it is compared: no spaces or marks around it, lower case."""
    return strip_bidi(unicodedata.normalize("NFKC", text)).strip().lower()


def normalise_phone(text: str) -> str:
    """Return a telephone number as `+` and its digits, or "" when it cannot be one.

    Eight digits are an Omani number and get +968. Numbers of other countries need their code (+ or 00).
    """
    typed = strip_bidi(fold_digits(unicodedata.normalize("NFKC", text)))
    compact = re.sub(r"[\s().\-\u2010-\u2015/]", "", typed)
    if not re.fullmatch(r"\+?[0-9]+", compact):
        return ""
    digits = compact.removeprefix("+")
    if not compact.startswith("+"):
        if len(digits) == 8:
            return "+968" + digits
        digits = digits.removeprefix("00")
    return "+" + digits if 10 <= len(digits) <= 15 and digits[0] != "0" else ""


def encrypted_fields(model: type[models.Model]) -> list[EncryptedTextField]:
    """Return the encrypted fields in the model's own table."""
    return [field for field in model._meta.local_concrete_fields if isinstance(field, EncryptedTextField)]


def encrypted_models() -> list[type[models.Model]]:
    """Return every installed model that has encrypted fields."""
    return [model for model in apps.get_models(include_auto_created=True) if encrypted_fields(model)]


def reencrypt(model: type[models.Model], *, batch: int = 500) -> int:
    """Write every encrypted value of a model again under the first key; return how many values changed.

    May run beside the portal and again after an interruption: a value that is edited meanwhile is left as
    the editor wrote it, and values already under the first key are not touched.
    """
    return sum(_reencrypt_field(model, field.attname, batch) for field in encrypted_fields(model))


def _reencrypt_field(model: type[models.Model], name: str, batch: int) -> int:
    cipher, first = _cipher(), Fernet(_keys()[0])
    changed = 0
    for pk, token in _stored_tokens(model, name, batch):
        if _opens(first, token):
            continue
        try:
            fresh = cipher.rotate(token.encode()).decode()
        except InvalidToken:
            raise UnreadableValue(f"{model._meta.label} {pk}: no key in FIELD_KEYS reads {name}.") from None
        unchanged = model._base_manager.annotate(_token=_raw(name)).filter(pk=pk, _token=token)
        changed += unchanged.update(**{name: Value(fresh, output_field=models.TextField())})
    return changed


def _stored_tokens(model: type[models.Model], name: str, batch: int) -> Iterator[tuple[Any, str]]:
    """Yield (pk, token) of the rows that hold a token, a batch at a time, in the order of the key."""
    rows = model._base_manager.annotate(_token=_raw(name)).exclude(_token=None).exclude(_token="")
    last = None
    while True:
        page = rows if last is None else rows.filter(pk__gt=last)
        found = list(page.order_by("pk").values_list("pk", "_token")[:batch])
        yield from found
        if len(found) < batch:
            return
        last = found[-1][0]


def _raw(name: str) -> Cast:
    """Return an expression for the column as it is stored, past the field's decryption."""
    return Cast(F(name), output_field=models.TextField())


def _opens(key: Fernet, token: str) -> bool:
    try:
        key.decrypt(token.encode())
    except InvalidToken:
        return False
    return True
