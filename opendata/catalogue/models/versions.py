"""Published versions: what they say and hold never changes; withdrawing one leaves a tombstone."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opendata.catalogue.choices import FORMATS, Kind, Licence
from portal.bilingual import both_languages


class VersionQuerySet(models.QuerySet["Version"]):
    def standing(self) -> VersionQuerySet:
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class Version(models.Model):
    """One published version. Triggers of the database refuse every change but a withdrawal and, after it, the
    destruction of its contents, each once."""

    dataset = models.ForeignKey("catalogue.Dataset", models.PROTECT, related_name="versions", verbose_name=_("dataset"))
    release = models.OneToOneField("catalogue.Release", models.PROTECT, related_name="version")
    sequence = models.PositiveIntegerField(_("version"))
    """1, 2, 3, ... of its dataset; stands in its address."""
    major = models.PositiveSmallIntegerField()
    minor = models.PositiveSmallIntegerField()
    patch = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    change_note = models.CharField(_("what has changed"), max_length=600, blank=True)
    published_at = models.DateTimeField(_("published"), default=timezone.now)
    licence = models.CharField(_("licence"), max_length=12, choices=Licence.choices, default=Licence.CC_BY)
    """What it was published under, as its manifest says; the dataset's own is that of the next version."""
    rows = models.BigIntegerField(_("rows"))
    columns = models.JSONField()
    """The data dictionary at that time, a list of opendata.building.schema.ColumnSpec."""
    key = models.JSONField(default=list)
    preview = models.JSONField(default=list)
    """The first 100 rows as text, in the order of the columns, so that pages need no engine."""
    table_sha256 = models.CharField(max_length=64)
    query_sha256 = models.CharField(max_length=64, blank=True)
    """The read-only DuckDB file queries are answered from; not offered for download."""
    marks_sha256 = models.CharField(max_length=64, blank=True)
    """Where rows begin in data.json, for pages that are cut out of it; not offered for download."""
    manifest = models.TextField()
    """Canonical JSON, the bytes that were signed."""
    manifest_sha256 = models.CharField(max_length=64, unique=True)
    signature = models.TextField()
    """Compact JWS over the manifest."""
    key_id = models.CharField(max_length=64)

    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_because = models.CharField(_("why it was withdrawn"), max_length=600, blank=True)

    erased_at = models.DateTimeField(_("contents destroyed"), null=True, blank=True)
    """Since then its files and rows are nowhere; what was signed about them stays."""

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a dataset")
        verbose_name_plural = _("versions of datasets")
        ordering = ["dataset", "-sequence"]
        constraints = [
            models.UniqueConstraint(fields=["dataset", "sequence"], name="version_sequence_once"),
            models.UniqueConstraint(fields=["dataset", "major", "minor", "patch"], name="version_number_once"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="version_kind_known"),
            models.CheckConstraint(condition=Q(licence__in=Licence.values), name="version_licence_known"),
            models.CheckConstraint(condition=~Q(signature="") & ~Q(manifest=""), name="version_is_signed"),
            both_languages("withdrawn_because", model="withdrawn_version", when=Q(withdrawn_at__isnull=False)),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(withdrawn_at__isnull=False),
                name="version_erased_when_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dataset} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("catalogue:version", args=[self.dataset.slug, self.sequence])

    @property
    def number(self) -> str:
        """MAJOR.MINOR.PATCH."""
        return f"{self.major}.{self.minor}.{self.patch}"

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def is_erased(self) -> bool:
        return self.erased_at is not None


class VersionFile(models.Model):
    """A file of a version, in the store under its own hash."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="files")
    format = models.CharField(max_length=12)
    """A key of FORMATS."""
    name = models.CharField(max_length=200)
    """As it is downloaded: "data.csv"; the original keeps a cleaned form of its own name."""
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    note = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("file of a version")
        verbose_name_plural = _("files of versions")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "name"], name="version_file_once"),
            models.CheckConstraint(condition=Q(format__in=list(FORMATS)), name="version_file_format_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Change(models.Model):
    """What differs between a version and the one before it."""

    version = models.OneToOneField(Version, models.PROTECT, related_name="change")
    previous = models.ForeignKey(Version, models.PROTECT, related_name="+")
    added = models.BigIntegerField()
    removed = models.BigIntegerField()
    changed = models.BigIntegerField()
    unchanged = models.BigIntegerField()
    columns = models.JSONField(default=dict)
    """added, removed, retyped: names of columns."""
    sample = models.JSONField(default=list)
    """At most 50 of the rows, as opendata.building.differences has them."""
    file_sha256 = models.CharField(max_length=64, blank=True)
    """The whole difference as CSV, in the store."""
    file_size = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("difference between versions")
        verbose_name_plural = _("differences between versions")

    def __str__(self) -> str:
        return f"{self.previous_id} - {self.version_id}"


class Erasure(models.Model):
    """That the contents of a withdrawn version are to be destroyed: one person asks for it, another one does it."""

    version = models.OneToOneField(Version, models.PROTECT, related_name="erasure")
    ground = models.CharField(_("legal ground"), max_length=300)
    """Told to the public: the law or the ruling."""
    because = models.TextField(_("why the contents must be destroyed"), max_length=600)
    """Staff alone read it."""
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked for by")
    )
    asked_at = models.DateTimeField(_("asked for"), default=timezone.now, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("confirmed by")
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)

    class Meta:
        verbose_name = _("destruction of a version")
        verbose_name_plural = _("destructions of versions")
        constraints = [
            both_languages("ground", model="erasure"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | (Q(confirmed_by__isnull=False, confirmed_at__isnull=False) & ~Q(confirmed_by=models.F("asked_by"))),
                name="erasure_confirmed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}"
