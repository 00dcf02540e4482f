"""Forms as the reader meets them: what is written, what is accepted, what is refused and how it is said."""

from datetime import date
from decimal import Decimal

import html5lib
import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import translation

from portal.forms import (
    CleanCharField,
    CleanTextField,
    DigitsDateField,
    DigitsDecimalField,
    DigitsIntegerField,
    PhoneField,
    PortalForm,
    clean_text,
    normalise_phone,
)


class Letter(PortalForm):
    kind = forms.ChoiceField(label="Kind", choices=[("a", "Complaint"), ("b", "Comment")], widget=forms.RadioSelect)
    text = CleanTextField(label="Message", help_text="Say what <happened>.")
    name = CleanCharField(label="Name", required=False)
    email = forms.EmailField(label="E-mail", required=False)
    phone = PhoneField(label="Phone", required=False)
    agreed = forms.BooleanField(label="I agree", required=False)


def rendered(form: forms.Form):
    """The form as a parsed document in which elements are found by id."""
    html = f"<!doctype html><title>t</title><form>{form}</form>"
    document = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    return {element.get("id"): element for element in document.iter() if element.get("id")}, document


def words(element) -> str:
    return " ".join("".join(element.itertext()).split())


def test_it_labels_every_control():
    _, document = rendered(Letter())
    labels = {label.get("for"): words(label) for label in document.iter("label")}
    controls = [e for tag in ("input", "textarea", "select") for e in document.iter(tag)]
    assert {control.get("id") for control in controls} == set(labels)
    assert labels["id_text"] == "Message"
    assert [words(legend) for legend in document.iter("legend")] == ["Kind"]


def test_it_marks_what_is_optional_and_never_what_is_required():
    with translation.override("en"):
        _, document = rendered(Letter())
    labels = {label.get("for"): words(label) for label in document.iter("label")}
    assert labels["id_name"] == "Name (optional)"
    assert labels["id_text"] == "Message"
    assert labels["id_agreed"] == "I agree"
    assert not [e for e in document.iter() if "required" in e.attrib]


def test_it_ties_hint_and_error_to_the_control():
    by_id, _ = rendered(Letter({"kind": "a"}))
    assert by_id["id_text"].get("aria-describedby") == "id_text_helptext id_text_error"
    assert by_id["id_text"].get("aria-invalid") == "true"
    assert words(by_id["id_text_helptext"]) == "Say what <happened>."
    assert "Message" in words(by_id["id_text_error"])
    assert by_id["id_name"].get("aria-invalid") is None
    assert by_id["id_name"].get("aria-describedby") is None


def test_it_ties_the_error_of_choices_to_their_fieldset():
    _, document = rendered(Letter({}))
    (fieldset,) = document.iter("fieldset")
    assert fieldset.get("aria-describedby") == "id_kind_error"


def test_it_gives_each_control_its_direction_and_its_autocomplete():
    by_id, _ = rendered(Letter())
    assert {name: by_id[f"id_{name}"].get("dir") for name in ("text", "name", "email", "phone")} == {
        "text": "auto",
        "name": "auto",
        "email": "ltr",
        "phone": "ltr",
    }
    assert by_id["id_email"].get("autocomplete") == "email"
    assert by_id["id_phone"].get("autocomplete") == "tel"
    assert by_id["id_phone"].get("type") == "tel"
    assert by_id["id_name"].get("autocomplete") == "name"


@pytest.mark.parametrize(("language", "choose", "fill"), [("en", "Choose an answer: Kind", "Fill this in: Message")])
def test_it_says_which_field_is_missing(language, choose, fill):
    with translation.override(language):
        form = Letter({})
        assert form.errors["kind"] == [choose]
        assert form.errors["text"] == [fill]


def test_it_keeps_a_wording_of_the_form_itself():
    class Own(PortalForm):
        name = forms.CharField(error_messages={"required": "Your name, please."})

    assert Own({}).errors["name"] == ["Your name, please."]


def test_it_escapes_what_was_typed():
    by_id, _ = rendered(Letter({"kind": "a", "text": "</textarea><script>alert(1)</script>", "email": '"><b>'}))
    assert by_id["id_text"].text.strip() == "</textarea><script>alert(1)</script>"
    assert by_id["id_email"].get("value") == '"><b>'


def test_the_summary_says_the_same_words_and_leads_to_each_field():
    form = Letter({"email": "nobody"})
    form.add_error(None, "Both cannot be.")
    document = html5lib.parseFragment(
        render_to_string("components/error_summary.html", {"form": form}), namespaceHTMLElements=False
    )
    (box,) = document.iter("div")
    assert (box.get("tabindex"), box.get("role")) == ("-1", "alert")
    assert "autofocus" in box.attrib
    links = [(a.get("href"), a.text) for a in document.iter("a")]
    assert links == [
        ("#id_kind_0", form.errors["kind"][0]),
        ("#id_text", form.errors["text"][0]),
        ("#id_email", form.errors["email"][0]),
    ]
    assert next(words(li) for li in document.iter("li")) == "Both cannot be."
    by_id, _ = rendered(form)
    assert all(href.removeprefix("#") in by_id for href, _ in links)


def page(**context) -> str:
    source = '{% extends "base.html" %}{% block title %}Contact us{% endblock %}'
    return Template(source).render(Context({"portal": {"name": "Musharaka"}, **context}))


def test_the_title_says_that_there_is_an_error():
    with translation.override("en"):
        assert "<title>Contact us - Musharaka</title>" in page(form=Letter())
        assert "<title>Error: Contact us - Musharaka</title>" in page(form=Letter({}))
        assert "error-summary" in page(form=Letter({}))
        assert "error-summary" not in page(form=Letter())


def test_the_page_turns_round_with_its_language():
    with translation.override("ar"):
        assert '<html lang="ar" dir="rtl">' in page()
    with translation.override("en"):
        assert '<html lang="en" dir="ltr">' in page()


@pytest.mark.parametrize("typed", ["125", "١٢٥", "۱۲۵", " ١٢٥ ", "\u200f١٢٥"])
def test_it_reads_whole_numbers_in_three_digit_systems(typed):
    assert DigitsIntegerField().clean(typed) == 125


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("12.5", "12.5"),
        ("١٢٫٥", "12.5"),
        ("۱۲٫۵", "12.5"),
        ("١٢.٥", "12.5"),
        ("1,250.75", "1250.75"),
        ("١٬٢٥٠٫٧٥", "1250.75"),
        ("\u22123", "-3"),
    ],
)
def test_it_reads_decimals_in_three_digit_systems(typed, value):
    assert DigitsDecimalField().clean(typed) == Decimal(value)


@pytest.mark.parametrize("typed", ["12,5", "1,25", "1,2500", "12.5.1", "twelve", "١٢ر٥"])
def test_it_refuses_a_number_that_could_be_read_in_two_ways(typed):
    with pytest.raises(ValidationError):
        DigitsDecimalField().clean(typed)


def test_it_offers_no_number_spinner_which_would_refuse_arabic_digits():
    class Counted(PortalForm):
        count = DigitsIntegerField(min_value=1, max_value=9)

    by_id, _ = rendered(Counted())
    assert (by_id["id_count"].get("type"), by_id["id_count"].get("inputmode")) == ("text", "numeric")
    assert Counted({"count": "١٠"}).errors["count"]


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize(
    "typed",
    ["1/2/2026", "01/02/2026", "١/٢/٢٠٢٦", "۱-۲-۲۰۲۶", "1.2.2026", "1 / 2 / 2026", "1 2 2026", "2026-02-01"],
)
def test_it_reads_the_day_first(language, typed):
    with translation.override(language):
        assert DigitsDateField().clean(typed) == date(2026, 2, 1)


@pytest.mark.parametrize("typed", ["31/2/2026", "13", "2/31/2026", "yesterday"])
def test_it_refuses_a_date_that_is_none(typed):
    with pytest.raises(ValidationError):
        DigitsDateField().clean(typed)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_it_shows_a_date_as_it_asks_for_it(language):
    class When(PortalForm):
        day = DigitsDateField(initial=date(2026, 1, 31))

    with translation.override(language):
        by_id, _ = rendered(When())
    assert by_id["id_day"].get("value") == "31/01/2026"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("92345678", "+96892345678"),
        ("٩٢٣٤٥٦٧٨", "+96892345678"),
        ("9234 5678", "+96892345678"),
        ("+968 9234-5678", "+96892345678"),
        ("0096892345678", "+96892345678"),
        ("96892345678", "+96892345678"),
        ("\u202a+968 92345678\u202c", "+96892345678"),
        ("80000070", "+96880000070"),
        ("+44 20 7946 0958", "+442079460958"),
        ("00971 50 123 4567", "+971501234567"),
    ],
)
def test_it_stores_a_telephone_number_in_one_form(typed, stored):
    assert PhoneField().clean(typed) == stored
    assert normalise_phone(stored) == stored


@pytest.mark.parametrize(
    "typed",
    ["1234567", "12345678", "923456789", "+9689234567", "+0123456789", "call me", "+", "++96892345678"],
)
def test_it_refuses_what_is_no_telephone_number(typed):
    with pytest.raises(ValidationError):
        PhoneField().clean(typed)


def test_it_takes_no_number_where_none_is_needed():
    assert PhoneField(required=False).clean("  ") == ""


@pytest.mark.parametrize(
    "mark",
    ["\u061c", "\u200e", "\u200f", "\u202a", "\u202e", "\u2066", "\u2069", "\x00", "\x08", "\x9b", "\ufeff"],
)
def test_it_strips_marks_that_change_the_reading_direction(mark):
    assert CleanCharField().clean(f"invoice{mark}fdp.exe") == "invoicefdp.exe"
    assert CleanTextField().clean(f"سطر{mark} أول") == "سطر أول"


def test_it_normalises_line_ends_and_composes_letters():
    assert clean_text("a\r\nb\rc\u2028d\te") == "a\nb\nc\nd\te"
    assert clean_text("ا\u0653") == "آ"
    assert CleanCharField().clean(" a\r\nb\tc ") == "a b c"


def test_it_keeps_what_arabic_and_emoji_need():
    kept = "مُحَمَّد می\u200cخواهم 👩\u200d👧"
    assert clean_text(kept) == kept


def test_it_counts_a_line_end_as_one_character():
    assert CleanTextField(max_length=3).clean("a\r\nb") == "a\nb"


def test_an_empty_text_is_missing_even_when_it_holds_marks():
    with pytest.raises(ValidationError) as refused:
        CleanTextField().clean("\u200f \u200e")
    assert refused.value.code == "required"
