"""Time, fee and choices of a service in words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from policies.services.choices import Fee, TimeUnit
from policies.services.models import Service


def time_in_words(service: Service) -> str:
    """The time promised, such as "3 working days"; empty where none is stated."""
    if service.time_amount is None:
        return ""
    if service.time_unit == TimeUnit.HOURS:
        text = ngettext("%(count)d working hour", "%(count)d working hours", service.time_amount)
    else:
        text = ngettext("%(count)d working day", "%(count)d working days", service.time_amount)
    return text % {"count": service.time_amount}


def fee_in_words(service: Service) -> str:
    """The fee in a word or an amount, without its note; empty where it is not stated or the note says it all."""
    if service.fee_kind == Fee.FREE:
        return str(Fee.FREE.label)
    return amount(service.fee) if service.fee_kind == Fee.FIXED and service.fee is not None else ""


def amount(fee: Decimal) -> str:
    """Rials and baisas, which are thousandths."""
    return _("OMR %(amount)s") % {"amount": number_format(fee, 3, force_grouping=True)}


def chosen(choices: Any, values: list[str]) -> list[str]:
    """The words of chosen values, in the order of the choices."""
    return [str(label) for value, label in choices.choices if value in values]
