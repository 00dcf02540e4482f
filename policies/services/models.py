"""The service directory: what each organisation does for people, and what they have to know beforehand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from policies.services.choices import CHIPS, Channel, Fee, LifeEvent, Persona, State, TimeUnit
from policies.services.completeness import REQUIRED
from policies.services.rules import CONTENT, OPTIONAL, service_rules
from portal.bilingual import LANGUAGE_CODES, bare_path
from portal.organisations.access import unit_ids

REVIEW_AFTER = timedelta(days=365)
"""What is published is looked at again at least this often."""


class ServiceQuerySet(models.QuerySet["Service"]):
    def visible_to(self, user: Any) -> ServiceQuerySet:
        """Services of the user's units; an administrator also keeps those of bodies without staff here."""
        return self.all() if user.is_superuser else self.filter(unit__in=unit_ids(user))

    def published(self) -> ServiceQuerySet:
        return self.filter(state=State.PUBLISHED)

    def drafts(self) -> ServiceQuerySet:
        return self.filter(state=State.DRAFT)

    def electronic(self) -> ServiceQuerySet:
        """Those whose form can be sent online."""
        return self.exclude(url="")

    def missing(self, fact: str) -> ServiceQuerySet:
        """Those that do not state this fact of `completeness.REQUIRED`."""
        return self.exclude(REQUIRED[fact].condition)

    def review_due(self, today: date | None = None) -> ServiceQuerySet:
        """Published ones nobody has confirmed for a year."""
        return self.published().filter(reviewed_on__lte=(today or timezone.localdate()) - REVIEW_AFTER)

    def by_name(self) -> ServiceQuerySet:
        """In the order of their names in the active language."""
        return self.order_by("name", "pk")


def _who(label: Any) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=label
    )


def _some_of(choices: type[models.TextChoices], label: Any) -> Any:
    one = models.CharField(max_length=20, choices=choices.choices)
    return ArrayField(one, default=list, blank=True, verbose_name=label)


class Service(models.Model):
    """One service. The address of what was once published never changes. Lists have one item a line."""

    slug = models.SlugField(pgettext_lazy("service", "address"), max_length=80, unique=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    unit = models.ForeignKey(
        "organisations.Unit", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit"),
        help_text=_("Whose staff keep this entry."),
    )  # fmt: skip
    topic = models.ForeignKey(
        "organisations.Topic", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("topic")
    )
    name = models.CharField(pgettext_lazy("service", "name"), max_length=160, blank=True)
    purpose = models.TextField(_("what it is for"), max_length=800, blank=True)
    personas = _some_of(Persona, _("who may use it"))
    life_events = _some_of(LifeEvent, _("life events"))
    channels = _some_of(Channel, _("channels"))
    url = models.URLField(_("link to the electronic service"), max_length=400, blank=True)

    prerequisites = models.TextField(_("what is required beforehand"), max_length=3000, blank=True)
    no_prerequisites = models.BooleanField(_("nothing is required beforehand"), default=False)
    documents = models.TextField(_("documents to bring"), max_length=3000, blank=True)
    no_documents = models.BooleanField(_("no documents have to be brought"), default=False)
    held_documents = models.TextField(
        _("what government already has and does not ask for"), max_length=3000, blank=True
    )
    steps = models.TextField(_("steps"), max_length=4000, blank=True)

    time_amount = models.PositiveSmallIntegerField(_("time promised"), null=True, blank=True)
    time_unit = models.CharField(_("counted in"), max_length=5, choices=TimeUnit.choices, blank=True)
    fee_kind = models.CharField(_("fee"), max_length=6, choices=Fee.choices, blank=True)
    fee = models.DecimalField(_("amount in rial"), max_digits=9, decimal_places=3, null=True, blank=True)
    fee_note = models.CharField(_("note on the fee"), max_length=400, blank=True)
    legal_basis = models.CharField(_("legal basis"), max_length=400, blank=True)
    contact = models.CharField(_("where to ask"), max_length=300, blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)

    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    published_at = models.DateTimeField(pgettext_lazy("service", "published"), null=True, blank=True)
    published_by = _who(_("published by"))
    withdrawn_at = models.DateTimeField(pgettext_lazy("service", "withdrawn"), null=True, blank=True)
    reviewed_on = models.DateField(_("last reviewed"), null=True, blank=True)
    edited_by = _who(_("last changed by"))
    updated_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("directory", "service")
        verbose_name_plural = pgettext_lazy("directory", "services")
        ordering = ["organisation", "slug"]
        permissions = [("publish_service", _("Can publish services and withdraw them"))]
        indexes = [
            models.Index(fields=["organisation"], condition=Q(state="published"), name="service_of_body"),
            models.Index(fields=["unit", "-id"], name="service_unit"),
            GinIndex(fields=["life_events", "personas", "channels"], name="service_found_by"),
        ]
        constraints = service_rules()

    def __str__(self) -> str:
        names = (getattr(self, f"name_{code}") for code in LANGUAGE_CODES)
        return self.name or next(filter(None, names), self.slug)

    def get_absolute_url(self) -> str:
        return reverse("services:service", args=[self.slug])

    @property
    def path(self) -> str:
        """Its address without the language prefix."""
        return bare_path(self.get_absolute_url())

    @property
    def chip(self) -> str:
        """The kind of chip its state stands in."""
        return CHIPS[self.state]

    @property
    def is_electronic(self) -> bool:
        return bool(self.url)

    def lines(self, field: str) -> list[str]:
        """The items of a list such as "steps", in the active language."""
        return [line for line in (getattr(self, field) or "").split("\n") if line]

    def is_stated(self, field: str) -> bool:
        """Whether a text is there in both languages."""
        return all(getattr(self, f"{field}_{code}") for code in LANGUAGE_CODES)

    def gaps(self) -> list[str]:
        """Keys of the facts of `completeness.REQUIRED` it does not state."""
        return [key for key, fact in REQUIRED.items() if not fact.holds(self)]

    def missing(self) -> list[tuple[str, str]]:
        """Texts that keep it from being published, as pairs of field and language."""
        one_sided = [field for field in OPTIONAL if self._is_one_sided(field)]
        wanted = [(field, code) for field in (*CONTENT, *one_sided) for code in LANGUAGE_CODES]
        return [(field, code) for field, code in wanted if not getattr(self, f"{field}_{code}")]

    def _is_one_sided(self, field: str) -> bool:
        return bool(getattr(self, f"{field}_ar")) != bool(getattr(self, f"{field}_en"))
