"""What an account can be, how it stands on a day, and why one leaves the register."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """Where an account is on its way through the register. Nothing leads back."""

    PROPOSED = "proposed", pgettext_lazy("account", "Proposed")
    LISTED = "listed", pgettext_lazy("account", "Listed")
    DELISTED = "delisted", pgettext_lazy("account", "Taken off the register")


class Standing(models.TextChoices):
    """What a listed account is on a given day, worked out from dates and never stored."""

    OFFICIAL = "official", pgettext_lazy("account", "Official")
    QUIET = "quiet", pgettext_lazy("account", "No recent post")
    INACTIVE = "inactive", pgettext_lazy("account", "Not currently active")
    EXPIRED = "expired", pgettext_lazy("account", "Authorisation ended")
    PROPOSED = "proposed", pgettext_lazy("account", "Proposed")
    DELISTED = "delisted", pgettext_lazy("account", "Taken off the register")


CHIPS: dict[str, str] = {
    Standing.OFFICIAL: "success",
    Standing.QUIET: "warning",
    Standing.INACTIVE: "warning",
    Standing.EXPIRED: "danger",
    Standing.PROPOSED: "info",
    Standing.DELISTED: "",
}
"""The kind of chip each standing is shown in; its words carry the meaning."""


class Ground(models.TextChoices):
    """Why an account was taken off the register; everybody can read it."""

    INACTIVE = "inactive", _("No recent posts")
    EXPIRED = "expired", _("Its authorisation ended")
    REPLACED = "replaced", _("Another account took its place")
    CLOSED = "closed", _("The account was closed")
    TAKEN_OVER = "taken_over", _("It is in the hands of others")
    CONDUCT = "conduct", _("It broke the code of conduct")


class Notice(models.TextChoices):
    """Of what the responsible unit is reminded, each once for each date."""

    QUIET = "quiet", _("No recent post")
    INACTIVE = "inactive", _("No post for long: shown as not currently active")
    EXPIRING = "expiring", _("The authorisation ends soon")
    EXPIRED = "expired", _("The authorisation has ended")


class Language(models.TextChoices):
    """Languages in which people in Oman are written to."""

    ARABIC = "ar", _("Arabic")
    ENGLISH = "en", _("English")
    URDU = "ur", _("Urdu")
    HINDI = "hi", _("Hindi")
    BENGALI = "bn", _("Bengali")
    MALAYALAM = "ml", _("Malayalam")
    SIGN = "sgn", _("Sign language")
