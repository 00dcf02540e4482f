"""Public forms: subscribing by e-mail, and changing what one gets."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.feeds.registry import topic, topics
from portal.forms import PortalForm


class TopicBoxes(forms.CheckboxSelectMultiple):
    """Check boxes that say what each topic is about."""

    option_template_name = "components/form/radio_option.html"

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        found = topic(str(value))
        option["hint"] = str(found.description) if found else ""
        return option


class TopicsForm(PortalForm):
    """Which topics; at least one."""

    topics = forms.MultipleChoiceField(
        label=_("Topics"),
        widget=TopicBoxes,
        error_messages={"required": _("Choose at least one topic.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topics"].choices = [(each.slug, each.title) for each in topics()]  # type: ignore[attr-defined]


class SubscribeForm(TopicsForm):
    """An address and topics."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("We use it for these letters only, and delete it when you unsubscribe."),
    )
    field_order = ["topics", "email"]
