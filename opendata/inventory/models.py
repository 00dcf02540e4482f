"""Every data asset an agency creates or collects, open or not, and who answers for it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opendata.inventory.addresses import validate_agency
from opendata.inventory.choices import CHIPS, Access, Classification, Frequency, Ground, Notice, Reason, State, Theme
from opendata.inventory.rules import agency_rules, asset_rules, reminder_rules, upload_rules
from portal.bilingual import LANGUAGE_CODES, bare_path
from portal.organisations.access import unit_ids
from portal.search.folding import to_tsquery_string


class AgencyQuerySet(models.QuerySet["Agency"]):
    def visible_to(self, user: Any) -> AgencyQuerySet:
        """Agencies in one of whose units the user works; all for the overseer and for administrators."""
        if user.is_superuser or user.has_perm("inventory.oversee_agency"):
            return self.all()
        return self.filter(organisation__units__in=unit_ids(user)).distinct()


class Agency(models.Model):
    """An organisation that owes an inventory: its point of contact and the processes the open data policy asks for.

    What it has described, and when, is what its compliance is computed from.
    """

    organisation = models.OneToOneField(
        "organisations.Organisation", models.PROTECT, related_name="open_data", verbose_name=_("organisation")
    )
    slug = models.SlugField(_("address"), max_length=60, unique=True, validators=[validate_agency])
    counted_from = models.DateField(
        _("deadlines counted from"), help_text=_("The day the open data policy was published to this organisation.")
    )
    contact_role = models.CharField(_("job of the point of contact"), max_length=120, blank=True)
    contact_email = models.EmailField(_("e-mail of the point of contact"), blank=True)
    contact_phone = models.CharField(_("telephone of the point of contact"), max_length=20, blank=True)
    roles = models.TextField(_("who does what"), max_length=2000, blank=True)
    publication_process = models.TextField(_("how data is published"), max_length=4000, blank=True)
    request_process = models.TextField(_("how data is asked for"), max_length=4000, blank=True)
    feedback_process = models.TextField(_("how remarks on data are handled"), max_length=4000, blank=True)
    website = models.URLField(_("open data on its own website"), blank=True)
    met = models.JSONField(default=dict, editable=False)
    """Code of a duty -> the day it was first met (ISO): the deadline was kept or not, whatever happens later."""
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies of open data")
        ordering = ["slug"]
        permissions = [("oversee_agency", _("Can see the inventories and compliance of all agencies"))]
        constraints = agency_rules()

    def __str__(self) -> str:
        return str(self.organisation)

    def get_absolute_url(self) -> str:
        return reverse("inventory:agency", args=[self.slug])


class AssetQuerySet(models.QuerySet["Asset"]):
    def visible_to(self, user: Any) -> AssetQuerySet:
        """Assets of the user's units; every one for the overseer and for administrators."""
        if user.is_superuser or user.has_perm("inventory.oversee_agency"):
            return self.all()
        return self.filter(unit__in=unit_ids(user))

    def public(self) -> AssetQuerySet:
        """What the public inventory lists: everything that was assessed, also what is withheld."""
        return self.exclude(state=State.INVENTORIED)

    def shown_by_name(self) -> AssetQuerySet:
        """Those whose title everybody may read."""
        return self.filter(hidden_ground="")

    def scheduled(self) -> AssetQuerySet:
        """Those with a day of release that have not been released."""
        return self.filter(state=State.SCHEDULED)

    def late(self, on: date | None = None) -> AssetQuerySet:
        """Scheduled for a day that is over."""
        return self.scheduled().filter(release_on__lt=on or timezone.localdate())

    def to_review(self, on: date | None = None) -> AssetQuerySet:
        """Not open, and the decision is due to be looked at again."""
        return self.public().exclude(access=Access.OPEN).filter(review_on__lte=on or timezone.localdate())

    def to_assess(self) -> AssetQuerySet:
        """Entered, and nothing decided yet."""
        return self.filter(state=State.INVENTORIED)

    def matching(self, text: str) -> AssetQuerySet:
        """Those whose title or description has these words in some form; none where the text has no word."""
        query = to_tsquery_string(text)
        if query is None:
            return self.none()
        return self.filter(search=SearchQuery(query, search_type="raw", config="simple"))


class Asset(models.Model):
    """One data asset, and everything decided about it. A dataset, if there is one, hangs on it."""

    unit = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="+", verbose_name=_("unit"))
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, related_name="data_assets", verbose_name=_("organisation")
    )
    """That of the unit; kept here because lists, filters and compliance ask for it."""
    code = models.CharField(_("number"), max_length=40, help_text=_("The agency's own number of the asset."))
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), max_length=4000, blank=True)
    theme = models.CharField(_("theme"), max_length=20, choices=Theme.choices)
    frequency = models.CharField(_("updated"), max_length=12, choices=Frequency.choices, default=Frequency.IRREGULAR)
    source_system = models.CharField(_("source system"), max_length=120, blank=True)
    owner_role = models.CharField(_("owner (job)"), max_length=120, blank=True)
    contact_role = models.CharField(
        _("job of the point of contact"),
        max_length=120,
        blank=True,
        help_text=_("Where questions about this data go elsewhere than to the agency's own point of contact."),
    )
    contact_email = models.EmailField(_("e-mail of the point of contact"), blank=True)
    contact_phone = models.CharField(_("telephone of the point of contact"), max_length=20, blank=True)
    classification = models.CharField(
        _("classification"), max_length=12, choices=Classification.choices, default=Classification.NONE
    )
    is_high_value = models.BooleanField(_("high value"), default=False)

    access = models.CharField(_("access"), max_length=10, choices=Access.choices, default=Access.OPEN)
    reason = models.CharField(_("why it is not open"), max_length=12, choices=Reason.choices, blank=True)
    legal_basis = models.CharField(_("legal basis"), max_length=300, blank=True)
    decided_by_role = models.CharField(_("decided by (job)"), max_length=120, blank=True)
    decided_on = models.DateField(_("decided"), null=True, blank=True)
    review_on = models.DateField(_("looked at again on"), null=True, blank=True)
    hidden_ground = models.CharField(
        _("why its title is not shown"),
        max_length=14,
        choices=Ground.choices,
        blank=True,
        help_text=_("Empty: the title is public, also of what is not open."),
    )

    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.INVENTORIED)
    release_on = models.DateField(_("planned release"), null=True, blank=True)
    assessed_at = models.DateTimeField(_("assessed"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    created_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("by")
    )
    revision = models.PositiveIntegerField(default=1, editable=False)
    search = SearchVectorField(null=True, editable=False)
    """Title and description in both languages, in every form they are found by; also of hidden titles."""

    objects = AssetQuerySet.as_manager()

    class Meta:
        verbose_name = _("data asset")
        verbose_name_plural = _("data assets")
        ordering = ["organisation", "code"]
        permissions = [("decide_asset", _("Can assess data assets, and schedule or withhold them"))]
        indexes = [
            models.Index(fields=["organisation", "state"], name="asset_by_agency"),
            models.Index(fields=["release_on"], condition=Q(state="scheduled"), name="asset_schedule"),
            models.Index(fields=["unit"], name="asset_unit"),
            GinIndex(fields=["search"], name="asset_search"),
        ]
        constraints = asset_rules()

    def __str__(self) -> str:
        written = (getattr(self, f"title_{code}") for code in LANGUAGE_CODES)
        return self.title or next(filter(None, written), self.code)

    def get_absolute_url(self) -> str:
        return reverse("inventory:asset", args=[self.pk])

    @property
    def path(self) -> str:
        """Its address without the language prefix."""
        return bare_path(self.get_absolute_url())

    @property
    def public_title(self) -> str:
        """Its title as the public reads it; empty where it is not shown."""
        return "" if self.hidden_ground else str(self)

    @property
    def chip(self) -> str:
        """The kind of chip its state stands in."""
        return CHIPS[self.state]

    @property
    def is_late(self) -> bool:
        """Whether it should have been released by now."""
        today = timezone.localdate()
        return self.state == State.SCHEDULED and self.release_on is not None and self.release_on < today


class Snapshot(models.Model):
    """How an agency stood on a day, as computed then; the trend is read from these."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="snapshots", verbose_name=_("agency"))
    day = models.DateField(_("day"))
    duties = models.JSONField()
    """Code of a duty -> {"met": bool, "met_on": ISO date or null, "due_on": ISO date}."""
    figures = models.JSONField()
    """Name of `compliance.counts_of` -> how many assets."""
    taken_at = models.DateTimeField(_("when"), default=timezone.now)
    signature = models.TextField(blank=True)
    """Compact JWS over day, agency, duties and figures; empty until the portal can sign. The database lets nothing
    else change, and no row go."""

    class Meta:
        verbose_name = _("snapshot of compliance")
        verbose_name_plural = _("snapshots of compliance")
        ordering = ["-day", "agency"]
        constraints = [models.UniqueConstraint(fields=["agency", "day"], name="snapshot_once_a_day")]

    def __str__(self) -> str:
        return f"{self.agency} {self.day}"


class Reminder(models.Model):
    """The leads of a unit were told of something due: once for each asset, kind and day it was due."""

    asset = models.ForeignKey(Asset, models.CASCADE, related_name="reminders", verbose_name=_("data asset"))
    kind = models.CharField(_("about"), max_length=8, choices=Notice.choices)
    due_on = models.DateField(_("due"))
    at = models.DateTimeField(_("when"), default=timezone.now)
    recipients = models.PositiveSmallIntegerField(_("recipients"))

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-at"]
        constraints = reminder_rules()

    def __str__(self) -> str:
        return f"{self.asset} {self.kind} {self.due_on}"


class Upload(models.Model):
    """A file with the inventory of a unit: read and reported on, and taken over only when somebody says so.

    The content goes as soon as it is taken over, and after a week in any case.
    """

    unit = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="+", verbose_name=_("unit"))
    name = models.CharField(_("file"), max_length=200)
    content = models.BinaryField(null=True)
    uploaded_at = models.DateTimeField(_("uploaded"), default=timezone.now)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    stored_at = models.DateTimeField(_("taken over"), null=True, blank=True)
    outcome = models.JSONField(default=dict)
    """added, changed, unchanged, refused: counts of rows when it was taken over."""

    class Meta:
        verbose_name = _("inventory file")
        verbose_name_plural = _("inventory files")
        ordering = ["-uploaded_at"]
        constraints = upload_rules()

    def __str__(self) -> str:
        return self.name
