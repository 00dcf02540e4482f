"""The field for several files."""

from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from portal.attachments.content import CheckedUpload
from portal.attachments.forms import MultipleFileField

pytestmark = pytest.mark.usefixtures("in_english")


class Letter(forms.Form):
    text = forms.CharField(required=False)
    files = MultipleFileField()


class LetterWithProof(forms.Form):
    files = MultipleFileField(required=True)


def sent(*uploads: SimpleUploadedFile, form: type[forms.Form] = Letter) -> Any:
    filled = form({}, MultiValueDict({"files": list(uploads)}))
    filled.is_valid()
    return filled


def text_file(name: str = "a.txt", data: bytes = b"text") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def test_no_file_is_fine_unless_one_is_required() -> None:
    assert sent().cleaned_data["files"] == []
    assert "files" in sent(form=LetterWithProof).errors


def test_it_cleans_to_checked_files_in_order() -> None:
    cleaned = sent(text_file("ب.txt"), text_file("أ.csv")).cleaned_data["files"]
    assert [type(file) for file in cleaned] == [CheckedUpload, CheckedUpload]
    assert [file.name for file in cleaned] == ["ب.txt", "أ.csv"]


def test_it_says_what_is_wrong_with_each_file() -> None:
    errors = sent(text_file(), text_file("b.exe"), text_file("c.pdf"), text_file("d.txt", b"")).errors["files"]
    assert ["“b.exe”" in errors[0], "“c.pdf”" in errors[1], "“d.txt”" in errors[2], len(errors)] == [
        True,
        True,
        True,
        3,
    ]


def test_it_takes_no_more_than_the_limit(settings: Any) -> None:
    settings.ATTACHMENT_MAX_COUNT = 2
    assert sent(text_file(), text_file()).is_valid()
    assert sent(text_file(), text_file(), text_file()).errors["files"] == [
        "You chose too many files. Send at most 2 files."
    ]


def test_the_help_follows_settings_and_language(settings: Any) -> None:
    settings.ATTACHMENT_MAX_BYTES = 512 * 1024
    form = Letter()
    assert str(form.fields["files"].help_text).startswith("Up to 5 files, each up to 0.5 MB: PDF, JPEG")


def test_the_input_takes_several_files_of_the_accepted_kinds() -> None:
    html = str(Letter()["files"])
    assert " multiple" in html
    assert 'accept=".pdf,.jpg,' in html
    assert 'type="file"' in html


@pytest.mark.parametrize("name", ["a.txt", "b.txt"])
def test_one_file_given_alone_counts_as_a_list(name: str) -> None:
    assert [file.name for file in MultipleFileField().clean(text_file(name))] == [name]
