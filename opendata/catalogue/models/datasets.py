"""A dataset: what the public reads about it before any version. Its inventory row says who holds it and how."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opendata.catalogue.addresses import RESERVED, SLUG, validate_address
from opendata.catalogue.choices import Licence
from opendata.trust.canonical import sha256
from portal.bilingual import LANGUAGE_CODES, bare_path, both_languages
from portal.organisations.access import unit_ids
from portal.organisations.models import Governorate

TRANSLATED = ("title", "description", "keywords", "methods")
SHARED = ("licence", "covers_from", "covers_until", "governorates")


class DatasetQuerySet(models.QuerySet["Dataset"]):
    def visible_to(self, user: Any) -> DatasetQuerySet:
        """Datasets of the user's units; every one for administrators."""
        return self.all() if user.is_superuser else self.filter(asset__unit__in=unit_ids(user))

    def published(self) -> DatasetQuerySet:
        """Those with a version the public can download."""
        return self.filter(latest__isnull=False)

    def in_lists(self) -> DatasetQuerySet:
        """Published, with everything lists, feeds and catalogues show, in one query."""
        return self.published().select_related("asset__organisation", "latest")


class Dataset(models.Model):
    """Data published under a lasting address. Its texts may be mended; its versions never change."""

    asset = models.OneToOneField(
        "inventory.Asset", models.PROTECT, related_name="dataset", verbose_name=_("data asset")
    )
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(
        pgettext_lazy("dataset", "address"), max_length=80, unique=True, validators=[validate_address]
    )
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(
        _("description"),
        max_length=5000,
        help_text=_("What it holds, where it comes from, what to mind. At least 50 letters."),
    )
    keywords = models.CharField(_("keywords"), max_length=300, blank=True, help_text=_("With commas between them."))
    licence = models.CharField(_("licence"), max_length=12, choices=Licence.choices, default=Licence.CC_BY)
    covers_from = models.DateField(_("covers from"), null=True, blank=True)
    covers_until = models.DateField(_("covers until"), null=True, blank=True)
    governorates = ArrayField(
        models.CharField(max_length=20, choices=Governorate.choices),
        verbose_name=_("governorates"),
        default=list,
        blank=True,
        help_text=_("Empty: the whole country."),
    )
    methods = models.TextField(_("how the figures are made"), max_length=4000, blank=True)
    figures_slug = models.CharField(max_length=120, unique=True, null=True, blank=True, editable=False)
    """Set where the portal itself publishes it from a table of its own (portal/figures/registry)."""

    latest = models.OneToOneField(
        "catalogue.Version", models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    """What the dataset's page shows: its newest version, unless everything was withdrawn."""
    created_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)
    modified_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)
    """Moves with every change the public can see, texts and versions; harvesters ask by it."""
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects = DatasetQuerySet.as_manager()

    class Meta:
        verbose_name = _("dataset")
        verbose_name_plural = _("datasets")
        ordering = ["slug"]
        permissions = [
            ("approve_dataset", _("Can approve releases of datasets, clear personal data and withdraw versions")),
        ]
        indexes = [models.Index(fields=["-modified_at", "id"], name="dataset_modified")]
        constraints = [
            both_languages("title", "description", model="dataset"),
            models.CheckConstraint(condition=Q(licence__in=Licence.values), name="dataset_licence_known"),
            models.CheckConstraint(condition=Q(slug__regex=SLUG) & ~Q(slug__in=RESERVED), name="dataset_address_fits"),
            models.CheckConstraint(
                condition=Q(covers_from__isnull=True)
                | Q(covers_until__isnull=True)
                | Q(covers_until__gte=models.F("covers_from")),
                name="dataset_coverage_in_order",
            ),
        ]

    def __str__(self) -> str:
        written = (getattr(self, f"title_{code}") for code in LANGUAGE_CODES)
        return self.title or next(filter(None, written), self.slug)

    def get_absolute_url(self) -> str:
        return reverse("catalogue:dataset", args=[self.slug])

    @property
    def public_title(self) -> str:
        """Its title, unless its row in the inventory hides it by now: what was withdrawn has a page for ever."""
        return _now("A dataset whose title is not shown") if self.asset.hidden_ground else str(self)

    @property
    def texts_sha256(self) -> str:
        """A hash of what is said about it: a second person approves that together with the data."""
        names = [*(f"{name}_{code}" for name in TRANSLATED for code in LANGUAGE_CODES), *SHARED]
        said = {name: str(getattr(self, name) or "") for name in names}
        return sha256({**said, "frequency": self.asset.frequency})

    @property
    def path(self) -> str:
        """Its lasting address without the language prefix."""
        return bare_path(self.get_absolute_url())
