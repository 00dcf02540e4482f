"""The known issues a new portal starts with: true of any portal people write in. Editable in the admin."""

from __future__ import annotations

from datetime import date
from typing import Any

SINCE = date(2026, 11, 22)
ISSUES: list[dict[str, Any]] = [
    {
        "criterion": "1.1.1",
        "what_ar": "الملفات المرفقة بالردود، كمستندات PDF والصور الممسوحة ضوئيًا، قد لا يستطيع قارئ الشاشة قراءتها.",
        "what_en": "Files attached to answers, such as PDF documents and scans, may be unreadable to a screen reader.",
        "reason_ar": "تُعدّ هذه الملفات في الجهات خارج البوابة، ولا تستطيع البوابة فحصها آليًا ولا تغيير محتواها.",
        "reason_en": "Units make these files outside the portal, which can neither check nor change what is in them.",
        "alternative_ar": "اطلبوا محتوى الملف بصيغة أخرى من خلال البلاغ عن عائق، أو من مركز الاتصال، ويُرسل إليكم نصًا.",
        "alternative_en": "Ask for the content in another form by reporting a barrier, or from the call centre; "
        "you will be sent it as text.",
        "since": SINCE,
    },
    {
        "criterion": "3.1.2",
        "what_ar": "الكلمات الأجنبية داخل النصوص التي يكتبها الناس والموظفون غير موسومة بلغتها، "
        "فقد ينطقها قارئ الشاشة نطقًا خاطئًا.",
        "what_en": "Foreign words inside texts that people and staff write are not marked with their language, so a "
        "screen reader may mispronounce them.",
        "reason_ar": "تُعرض النصوص كما كُتبت، ولا يمكن التعرف آليًا على لغة كلمة مفردة بدقة كافية.",
        "reason_en": "Texts are shown as they were written, and the language of a single word cannot be told by "
        "machine with certainty.",
        "alternative_ar": "تتعرف معظم برامج قراءة الشاشة على الكتابة العربية واللاتينية وتبدّل الصوت من تلقاء نفسها "
        "عند تفعيل خيار التعرف على اللغة.",
        "alternative_en": "Most screen readers tell Arabic from Latin writing and change voice by themselves where "
        "language detection is switched on.",
        "since": SINCE,
    },
]  # fmt: skip


def ensure_defaults(**_kwargs: Any) -> None:
    """After a migration: where no issue was ever entered, enter these."""
    from accessibility.models import KnownIssue

    if not KnownIssue.objects.exists():
        KnownIssue.objects.bulk_create(KnownIssue(**values) for values in ISSUES)
