"""A form field for several files, which says what is wrong with each before anything is stored."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import ngettext

from portal.attachments.content import KINDS, CheckedUpload, check_upload, megabytes


class MultipleFileInput(forms.ClearableFileInput):
    """A file input that takes several files and offers only what is accepted."""

    allow_multiple_selected = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"accept": ",".join(f".{extension}" for extension in KINDS), **(attrs or {})})


class MultipleFileField(forms.FileField):
    """Cleans to a list of `CheckedUpload`, ready for `actions.accept_upload`."""

    widget = MultipleFileInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("help_text", what_is_allowed_lazy())
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[CheckedUpload]:
        files = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if not files:
            super().clean(None, initial)  # complains when a file is required
            return []
        if len(files) > settings.ATTACHMENT_MAX_COUNT:
            raise ValidationError(_too_many(), code="count")
        checked, errors = [], []
        for file in files:
            try:
                checked.append(check_upload(file))
            except ValidationError as error:
                errors.append(error)
        if errors:
            raise ValidationError(errors)
        return checked


def what_is_allowed() -> str:
    """Return one sentence saying how many files of which size and kind are accepted."""
    count = settings.ATTACHMENT_MAX_COUNT
    return ngettext(
        "%(count)s file of up to %(megabytes)s MB: PDF, JPEG, PNG, WebP, DOCX, XLSX, TXT or CSV.",
        "Up to %(count)s files, each up to %(megabytes)s MB: PDF, JPEG, PNG, WebP, DOCX, XLSX, TXT or CSV.",
        count,
    ) % {"count": count, "megabytes": megabytes(settings.ATTACHMENT_MAX_BYTES)}


what_is_allowed_lazy = lazy(what_is_allowed, str)


def _too_many() -> str:
    count = settings.ATTACHMENT_MAX_COUNT
    return ngettext(
        "You chose too many files. Send at most %(count)s file.",
        "You chose too many files. Send at most %(count)s files.",
        count,
    ) % {"count": count}
