"""Words in headers that tell what a column says about people, in both languages, folded as `fold_words` folds them."""

from __future__ import annotations

import re

_FOLD = str.maketrans("أإآىةؤئ", "ااايهوي")


def fold_words(text: str) -> str:
    """A header in one spelling: lower case, alefs alike, no vowel marks, underscores as blanks."""
    return re.sub(r"[\u064b-\u0652\u0640]", "", text.lower().translate(_FOLD)).replace("_", " ")


CIVIL = re.compile(
    r"الرقم المدني|رقم مدني|البطاقه (?:الشخصيه|المدنيه)|بطاقه (?:شخصيه|مقيم)|رقم البطاقه|الرقم الشخصي|رقم الهويه|"
    r"civil (?:no|num|id)|civil_?id|national id|resident card|\bid (?:card|no|num)|identity|\bcivil\b"
)
NUMBERED = re.compile(r"رقم|\bid\b|\bno\b|number|card|بطاقه|هويه")
PHONE = re.compile(r"هاتف|جوال|نقال|موبايل|للتواصل|واتس|فاكس|phone|mobile|\bgsm\b|whats|\btel\b|contact|fax")
PASSPORT = re.compile(r"جواز|passport")
BIRTH = re.compile(r"تاريخ الميلاد|تاريخ الولاده|birth|\bdob\b")
_PERSON = (
    r"موظف|مواطن|طالب|طلاب|مريض|مستفيد|صاحب|مالك|رب الاسره|الاب\b|الام\b|ولي الامر|متقدم|مراجع|معلم|طبيب|مفتش|سايق|شخص|"
    r"متوف|مولود|زوج|مقدم الطلب|المسوول|"
    r"employee|citizen|student|patient|beneficiar|owner|person|applicant|teacher|doctor|inspector|driver|father|mother|"
    r"guardian|spouse|deceased|customer|client|member|holder"
)
PERSON_NAME = re.compile(
    rf"(?:اسم|اسماء).*(?:{_PERSON})|(?:name|names).*(?:{_PERSON})|(?:{_PERSON}).*\bnames?\b|"
    r"الاسم (?:الكامل|الثلاثي|الرباعي|الاول|الاخير)|اسم (?:العايله|القبيله|الاب|الام)|القبيله|"
    r"(?:full|first|last|family|middle|given|sur|tribe) ?name|surname"
)
BARE_NAME = re.compile(r"(?:ال)?اسم|names?|الاسماء")
# Things that bear names and are not people.
NOT_PERSON = re.compile(
    r"مدرس[هة]|مدارس|محافظ|ولاي|منطق|قري|شرك|منشا|موسس|مستشف|مركز|مشروع|خدم|طريق|شارع|موقع|مكان|وحد|جه[هة]|وزار|برنامج|منتج|صنف|دول|"
    r"school|governorate|wilaya|region|village|company|establishment|institution|hospital|cent(?:er|re)|project|service|road|"
    r"street|site|place|unit|entity|ministry|program|product|item|countr|"
    r"facility|station|file|column|user ?name|business|"
    r"brand|trade"
)
COUNT = re.compile(
    r"عدد|اعداد|حالات|مجموع|count|cases|number of|\bno of|\bno\. of|total|deaths|وفيات|patients|persons|people"
)
TRAIT = re.compile(
    r"جنس|نوع الاجتماعي|عمر|الاعمار|سن\b|فيه عمريه|حاله اجتماعيه|الحاله الاجتماعيه|اعاقه|مرض|امراض|تشخيص|ديان|مهن|"
    r"دخل|جنايات|جريم|"
    r"gender|sex\b|\bage\b|nationalit|marital|disab|disease|diagnos|religion|occupation|income|crime|offen[cs]e|ethnic"
)
# Particles inside names of people here.
NAME_PARTS = re.compile(
    r"(?:^|\s)(?:بن|بنت|ابن|عبد\S+|bin|bint|ibn|al|abdul\S*|mohammed|محمد|احمد|ahmed|علي|ali|سالم|salim)(?:[\s-]|$)",
    re.I,
)
NAME_SHAPE = re.compile(r"[^\W\d_]+(?:[\s'’.-]+[^\W\d_]+){1,6}")
