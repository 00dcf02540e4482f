"""The register of official social-media accounts: who runs each, by which resolution, until when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from participation.social.platforms import Platform
from participation.social.rules import account_rules
from participation.social.states import CHIPS, Ground, Language, Notice, Standing, State
from portal.encryption import EncryptedTextField
from portal.organisations.access import unit_ids

EXPIRY_IN_SIGHT = timedelta(days=30)
"""So long before it ends the unit is reminded to renew an authorisation."""


def quiet_after() -> timedelta:
    """Time without a post after which staff are warned."""
    return timedelta(days=getattr(settings, "SOCIAL_QUIET_DAYS", 30))


def inactive_after() -> timedelta:
    """Time without a post after which everybody reads that an account is not currently active."""
    return timedelta(days=getattr(settings, "SOCIAL_INACTIVE_DAYS", 90))


class AccountQuerySet(models.QuerySet["Account"]):
    def visible_to(self, user: Any) -> AccountQuerySet:
        """Accounts of the user's units; an administrator configures those of all."""
        return self if user.is_superuser else self.filter(unit__in=unit_ids(user))

    def official(self, today: date | None = None) -> AccountQuerySet:
        """Listed and authorised on this day, the last one included. No task decides this: the date does."""
        return self.filter(state=State.LISTED, authorised_until__gte=today or timezone.localdate())

    def expired(self, today: date | None = None) -> AccountQuerySet:
        """Listed, but the authorisation has ended."""
        return self.filter(state=State.LISTED, authorised_until__lt=today or timezone.localdate())

    def active(self, today: date | None = None) -> AccountQuerySet:
        """Official, with a post not too long ago."""
        today = today or timezone.localdate()
        return self.official(today).with_active_on().filter(active_on__gte=today - inactive_after())

    def silent_since(self, span: timedelta, today: date) -> AccountQuerySet:
        """Official, and without a post for longer than this."""
        return self.official(today).with_active_on().filter(active_on__lt=today - span)

    def no_longer_official(self, today: date | None = None) -> AccountQuerySet:
        """What was on the register once and is official no more."""
        today = today or timezone.localdate()
        return self.filter(Q(state=State.DELISTED) | Q(state=State.LISTED, authorised_until__lt=today))

    def with_active_on(self) -> AccountQuerySet:
        """With the day of the last post, or of its listing where nobody noted one."""
        return self.annotate(active_on=Coalesce("last_post_on", "listed_at__date"))

    def in_sight(self, today: date | None = None) -> AccountQuerySet:
        """What its unit has to see to: proposed, quiet, or with an authorisation that ends or has ended."""
        today = today or timezone.localdate()
        ends = Q(state=State.LISTED, authorised_until__lte=today + EXPIRY_IN_SIGHT)
        quiet = Q(state=State.LISTED, active_on__lt=today - quiet_after())
        return self.with_active_on().filter(Q(state=State.PROPOSED) | ends | quiet)

    def not_told(self, notice: Notice, today: date) -> AccountQuerySet:
        """Accounts whose unit is to be told of this and was not yet, for the date it is about."""
        rows = self.with_active_on()
        about = "active_on" if notice in (Notice.QUIET, Notice.INACTIVE) else "authorised_until"
        told = Reminder.objects.filter(account=models.OuterRef("pk"), kind=notice, about_on=models.OuterRef(about))
        return rows.filter(_concerned(notice, today), ~models.Exists(told))

    def in_order(self) -> AccountQuerySet:
        """By organisation, then platform."""
        return self.select_related("unit__organisation").order_by("unit__organisation__code", "platform", "handle_key")


def _concerned(notice: Notice, today: date) -> Q:
    """Each account is told of the gravest thing only: one that is inactive is not called quiet as well."""
    official = Q(state=State.LISTED, authorised_until__gte=today)
    if notice == Notice.EXPIRED:
        return Q(state=State.LISTED, authorised_until__lt=today)
    if notice == Notice.EXPIRING:
        return official & Q(authorised_until__lte=today + EXPIRY_IN_SIGHT)
    if notice == Notice.INACTIVE:
        return official & Q(active_on__lt=today - inactive_after())
    return official & Q(active_on__lt=today - quiet_after(), active_on__gte=today - inactive_after())


def _who(label: Any) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+",
        verbose_name=label,
    )  # fmt: skip


class Account(models.Model):
    """One account. The person who runs it is known to staff only; the public reads the job."""

    platform = models.CharField(_("platform"), max_length=12, choices=Platform.choices)
    handle = models.CharField(
        pgettext_lazy("account", "name"), max_length=100, help_text=_("As the platform shows it, such as @musharaka.")
    )
    handle_key = models.CharField(max_length=200, editable=False)
    address = models.CharField(_("address"), max_length=300)
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="+", verbose_name=_("responsible unit"))
    holder_job = models.CharField(_("job of the holder"), max_length=120)
    holder_name = EncryptedTextField(
        _("name of the holder"), blank=True, help_text=_("For staff only; it is never published.")
    )
    resolution_number = models.CharField(_("number of the resolution"), max_length=60)
    resolution_date = models.DateField(_("date of the resolution"))
    authorised_until = models.DateField(_("authorised until"))
    purpose = models.CharField(_("purpose"), max_length=400)
    audience = models.CharField(_("audience"), max_length=200)
    languages = ArrayField(models.CharField(max_length=3, choices=Language.choices), verbose_name=_("languages"))
    last_post_on = models.DateField(
        _("last post"), null=True, blank=True, help_text=_("Noted by the unit; the portal asks no platform.")
    )

    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.PROPOSED, editable=False
    )  # fmt: skip
    proposed_at = models.DateTimeField(_("proposed"), default=timezone.now, editable=False)
    proposed_by = _who(_("proposed by"))
    listed_at = models.DateTimeField(pgettext_lazy("account", "listed"), null=True, blank=True, editable=False)
    listed_by = _who(pgettext_lazy("account", "listed by"))
    delisted_at = models.DateTimeField(_("taken off the register"), null=True, blank=True, editable=False)
    delisted_by = _who(_("taken off by"))
    ground = models.CharField(_("ground"), max_length=12, choices=Ground.choices, blank=True, editable=False)
    reason = models.CharField(_("explanation"), max_length=400, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = AccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("social-media account")
        verbose_name_plural = _("social-media accounts")
        ordering = ["unit", "platform", "handle_key"]
        permissions = [("list_account", _("Can list accounts as official and take them off the register"))]
        indexes = [models.Index(fields=["handle_key"], name="account_handle")]
        constraints = account_rules()

    def __str__(self) -> str:
        return f"{self.get_platform_display()}: {self.shown_handle}"

    @property
    def shown_handle(self) -> str:
        """The name as people know it: with "@" where it is written so."""
        return self.handle if " " in self.handle or self.handle.startswith("@") else f"@{self.handle}"

    def standing_on(self, today: date) -> Standing:
        """How it stands on a day; the querysets ask the database the same."""
        if self.state != State.LISTED:
            return Standing(self.state)
        if self.authorised_until < today:
            return Standing.EXPIRED
        if self.active_day < today - inactive_after():
            return Standing.INACTIVE
        return Standing.QUIET if self.active_day < today - quiet_after() else Standing.OFFICIAL

    @property
    def standing(self) -> Standing:
        """How it stands today."""
        return self.standing_on(timezone.localdate())

    @property
    def public_standing(self) -> Standing:
        """The same as everybody reads it: the warning about a quiet account is for staff."""
        return Standing.OFFICIAL if self.standing == Standing.QUIET else self.standing

    @property
    def chip(self) -> str:
        """The kind of chip its standing is shown in."""
        return CHIPS[self.standing]

    @property
    def public_chip(self) -> str:
        """The kind of chip its public standing is shown in."""
        return CHIPS[self.public_standing]

    @property
    def active_day(self) -> date:
        """The day of its last post, or of its listing where nobody noted one."""
        listed = timezone.localdate(self.listed_at) if self.listed_at else timezone.localdate()
        return self.last_post_on or listed

    @property
    def official_until(self) -> date | None:
        """The last day on which it was official; None where it never was, or is."""
        if self.standing == Standing.EXPIRED:
            return self.authorised_until
        if self.state != State.DELISTED or self.listed_at is None or self.delisted_at is None:
            return None
        return min(self.authorised_until, timezone.localdate(self.delisted_at))

    @property
    def language_names(self) -> list[str]:
        """The languages of its posts in words."""
        return [str(Language(code).label) for code in self.languages if code in Language.values]

    @property
    def organisation(self) -> Any:
        """Whose account it is."""
        return self.unit.organisation

    def text(self, field: str, language: str | None = None) -> str:
        """A text in one language, by default that of the page."""
        return getattr(self, f"{field}_{language or get_language() or settings.LANGUAGE_CODE}") or ""


class Reminder(models.Model):
    """That the unit was told of something, once for each kind and date. A date that moved is told of anew."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="reminders", verbose_name=_("account"))
    kind = models.CharField(_("kind"), max_length=10, choices=Notice.choices)
    about_on = models.DateField(_("date"))
    at = models.DateTimeField(_("when"), default=timezone.now)
    recipients = models.PositiveSmallIntegerField(_("people told"), default=0)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "kind", "about_on"], name="account_reminder_once"),
            models.CheckConstraint(condition=Q(kind__in=Notice.values), name="account_reminder_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.get_kind_display()}"
