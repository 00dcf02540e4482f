"""Who answers: organisations, their units, the people in them, and the topics people write about."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.bilingual import both_languages


class Organisation(models.Model):
    """A government body. An external one only receives referrals; nobody of it works in the portal."""

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail"), blank=True)
    is_external = models.BooleanField(_("answers outside the portal"), default=False)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["code"]
        constraints = [both_languages("name", model="organisation")]

    def __str__(self) -> str:
        return self.name or self.code


class UnitQuerySet(models.QuerySet["Unit"]):
    def active(self) -> UnitQuerySet:
        return self.filter(is_active=True)

    def of(self, user: Any) -> UnitQuerySet:
        """Units in which the user holds any role."""
        return self.filter(memberships__user=user).distinct()

    def triage(self) -> Unit | None:
        """The call centre: it sees what no rule could route."""
        return self.filter(is_triage=True).first()


class Unit(models.Model):
    """A team with a queue. Without a calendar of its own it keeps the default working hours."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="units", verbose_name=_("organisation"))
    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(
        _("e-mail"), blank=True, help_text=_("Told of what escalates when the unit has no staff yet.")
    )
    calendar = models.ForeignKey(
        "working_days.Calendar", models.PROTECT, null=True, blank=True, related_name="units", verbose_name=_("calendar")
    )
    is_triage = models.BooleanField(
        _("call centre"), default=False, help_text=_("Sees every case that no rule could route.")
    )
    is_active = models.BooleanField(_("in use"), default=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["code"]
        constraints = [
            both_languages("name", model="unit"),
            models.UniqueConstraint(
                fields=["is_triage"], condition=models.Q(is_triage=True), name="unit_one_call_centre"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.code


class Role(models.TextChoices):
    """What somebody does in a unit; escalation climbs from the first to the last."""

    OFFICER = "officer", _("Officer")
    LEAD = "lead", _("Team lead")
    HEAD = "head", _("Head of unit")


class Membership(models.Model):
    """A person's role in a unit. A unit has at most one head."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("person")
    )
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="memberships", verbose_name=_("unit"))
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.OFFICER)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["unit", "role", "user"]
        constraints = [
            models.UniqueConstraint(fields=["user", "unit"], name="membership_once"),
            models.UniqueConstraint(fields=["unit"], condition=models.Q(role="head"), name="membership_one_head"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} - {self.unit} ({self.get_role_display()})"


class TopicQuerySet(models.QuerySet["Topic"]):
    def active(self) -> TopicQuerySet:
        return self.filter(is_active=True)


class Topic(models.Model):
    """What a message is about, in the words of people and not of the organisation chart."""

    slug = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    guidance = models.TextField(
        _("guidance"), blank=True, help_text=_("Shown before sending: what people usually need to know about this.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["position", "slug"]
        constraints = [both_languages("name", model="topic")]

    def __str__(self) -> str:
        return self.name or self.slug


class Governorate(models.TextChoices):
    """The eleven governorates of Oman."""

    MUSCAT = "muscat", _("Muscat")
    DHOFAR = "dhofar", _("Dhofar")
    MUSANDAM = "musandam", _("Musandam")
    AL_BURAIMI = "al-buraimi", _("Al Buraimi")
    AD_DAKHILIYAH = "ad-dakhiliyah", _("Ad Dakhiliyah")
    AL_BATINAH_NORTH = "al-batinah-north", _("Al Batinah North")
    AL_BATINAH_SOUTH = "al-batinah-south", _("Al Batinah South")
    ASH_SHARQIYAH_NORTH = "ash-sharqiyah-north", _("Ash Sharqiyah North")
    ASH_SHARQIYAH_SOUTH = "ash-sharqiyah-south", _("Ash Sharqiyah South")
    ADH_DHAHIRAH = "adh-dhahirah", _("Adh Dhahirah")
    AL_WUSTA = "al-wusta", _("Al Wusta")
