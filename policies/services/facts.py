"""What policies may say of the directory, counted when they are read."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from policies.services.models import Service
from policies.services.standing import standings, together
from portal.live_facts import Fact


def listed_services() -> str:
    """How many services the directory lists, with the link to it."""
    count = Service.objects.published().count()
    words = ngettext("%(count)d service", "%(count)d services", count) % {"count": count}
    return f"[{words}]({reverse('services:list')})"


def service_completeness() -> str:
    """How complete it is, in a paragraph."""
    sums = together(standings())
    told = _(
        "The directory lists services of %(bodies)d of %(all_bodies)d organisations. Of %(listed)d listed services, "
        "%(complete)d state every required fact and %(electronic)d have an electronic form."
    )
    title = _("Services by organisation")
    return f"{told % sums} [{title}]({reverse('services:organisations')})"


FACTS = (
    Fact(
        "listed_services", gettext_lazy("How many services the directory lists, with the link to it"), listed_services
    ),
    Fact(
        "service_completeness",
        gettext_lazy("How complete the service directory is, with the link to the figures"),
        service_completeness,
        is_block=True,
    ),
)
