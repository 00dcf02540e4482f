"""The columns of an inventory file: their names in three spellings, and what their cells may say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opendata.inventory.choices import Access, Classification, Frequency, Reason, Theme
from portal.bilingual import LANGUAGE_CODES, in_language
from portal.search.folding import fold

TEXT, CHOICE, DAY, YES_NO, EMAIL, PHONE = "text", "choice", "day", "yes-no", "e-mail", "telephone"


@dataclass(frozen=True)
class Column:
    """One column. `name` is its code; the header may also be either of its titles, or several of them with a slash."""

    name: str
    title_ar: str
    title_en: str
    kind: str = TEXT
    longest: int = 200
    choices: Any = None
    is_required: bool = False
    is_decision: bool = False
    example: str = ""

    @property
    def title(self) -> Any:
        """In the active language."""
        return _TITLES[self.name]

    @property
    def header(self) -> str:
        """As the template has it."""
        return f"{self.name} / {self.title_ar} / {self.title_en}"

    def codes(self) -> dict[str, str]:
        """Every folded way to write a choice -> its code."""
        ways = {fold(value): value for value in self.choices.values}
        for language in LANGUAGE_CODES:
            with in_language(language):
                ways |= {fold(str(label)): value for value, label in self.choices.choices}
        return ways


COLUMNS = (
    Column("code", "رقم الأصل", "Number", longest=40, is_required=True, example="A-001"),
    Column("title_ar", "العنوان بالعربية", "Title in Arabic", is_required=True, example="أعداد السكان"),
    Column("title_en", "العنوان بالإنجليزية", "Title in English", is_required=True, example="Population counts"),
    Column("description_ar", "الوصف بالعربية", "Description in Arabic", longest=4000),
    Column("description_en", "الوصف بالإنجليزية", "Description in English", longest=4000),
    Column("theme", "الموضوع", "Theme", CHOICE, choices=Theme, is_required=True, example="population"),
    Column("frequency", "دورية التحديث", "Updated", CHOICE, choices=Frequency, example="yearly"),
    Column("source_system", "النظام المصدر", "Source system", longest=120),
    Column("owner_role_ar", "المسؤول (الوظيفة) بالعربية", "Owner (job) in Arabic", longest=120),
    Column("owner_role_en", "المسؤول (الوظيفة) بالإنجليزية", "Owner (job) in English", longest=120),
    Column("contact_role_ar", "نقطة الاتصال (الوظيفة) بالعربية", "Point of contact (job) in Arabic", longest=120),
    Column("contact_role_en", "نقطة الاتصال (الوظيفة) بالإنجليزية", "Point of contact (job) in English", longest=120),
    Column("contact_email", "بريد نقطة الاتصال", "E-mail of the point of contact", EMAIL),
    Column("contact_phone", "هاتف نقطة الاتصال", "Telephone of the point of contact", PHONE),
    Column("is_high_value", "عالية القيمة", "High value", YES_NO, example="yes"),
    Column("access", "مستوى الإتاحة", "Access", CHOICE, choices=Access, is_decision=True, example="open"),
    Column("classification", "التصنيف", "Classification", CHOICE, choices=Classification, is_decision=True,
           example="none"),
    Column("reason", "سبب عدم الإتاحة", "Why it is not open", CHOICE, choices=Reason, is_decision=True),
    Column("legal_basis_ar", "السند القانوني بالعربية", "Legal basis in Arabic", longest=300, is_decision=True),
    Column("legal_basis_en", "السند القانوني بالإنجليزية", "Legal basis in English", longest=300, is_decision=True),
    Column("decided_by_role_ar", "متخذ القرار (الوظيفة) بالعربية", "Decided by (job) in Arabic", longest=120,
           is_decision=True),
    Column("decided_by_role_en", "متخذ القرار (الوظيفة) بالإنجليزية", "Decided by (job) in English", longest=120,
           is_decision=True),
    Column("decided_on", "تاريخ القرار", "Decided on", DAY, is_decision=True),
    Column("review_on", "تاريخ مراجعة القرار", "Looked at again on", DAY, is_decision=True),
    Column("release_on", "تاريخ النشر المخطط", "Planned release", DAY, example="31/12/2027"),
)  # fmt: skip
"""Required columns first come to mind; the rest may be missing from a file."""
BY_NAME = {column.name: column for column in COLUMNS}
DECISION = [column.name for column in COLUMNS if column.is_decision]
_TITLES = {
    "code": pgettext_lazy("data asset", "Number"),
    "title_ar": _("Title in Arabic"),
    "title_en": _("Title in English"),
    "description_ar": _("Description in Arabic"),
    "description_en": _("Description in English"),
    "theme": _("Theme"),
    "frequency": _("Updated (how often)"),
    "source_system": _("Source system"),
    "owner_role_ar": _("Owner (job) in Arabic"),
    "owner_role_en": _("Owner (job) in English"),
    "contact_role_ar": _("Point of contact (job) in Arabic"),
    "contact_role_en": _("Point of contact (job) in English"),
    "contact_email": _("E-mail of the point of contact"),
    "contact_phone": _("Telephone of the point of contact"),
    "is_high_value": _("High value"),
    "access": _("Access to the data"),
    "classification": _("Classification"),
    "reason": _("Why it is not open"),
    "legal_basis_ar": _("Legal basis in Arabic"),
    "legal_basis_en": _("Legal basis in English"),
    "decided_by_role_ar": _("Decided by (job) in Arabic"),
    "decided_by_role_en": _("Decided by (job) in English"),
    "decided_on": _("Decided on"),
    "review_on": _("Looked at again on"),
    "release_on": _("Planned release"),
}
_NAMES = {fold(name): column for column in COLUMNS for name in (column.name, column.title_ar, column.title_en)}


def named(header: str) -> Column | None:
    """The column a header names, by its code, either title, or the template's line of all three."""
    found = (_NAMES.get(fold(part)) for part in (header, *header.split("/")))
    return next((column for column in found if column is not None), None)


YES = frozenset(fold(word) for word in ("yes", "y", "true", "1", "x", "نعم", "صح"))
NO = frozenset(fold(word) for word in ("no", "n", "false", "0", "لا", "خطأ"))
