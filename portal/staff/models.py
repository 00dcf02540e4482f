"""People who work in the portal. Citizens have no account."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A member of staff. Their units and roles are Memberships (portal.organisations)."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name_ar = models.CharField(_("name in Arabic"), max_length=150, blank=True)
    name_en = models.CharField(_("name in English"), max_length=150, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="ar")

    class Meta(AbstractUser.Meta):
        verbose_name = _("staff member")  # type: ignore[assignment]
        verbose_name_plural = _("staff members")  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def get_full_name(self) -> str:
        """The name in the language of the page, or the other one where that is missing."""
        names = (self.name_en, self.name_ar) if get_language() == "en" else (self.name_ar, self.name_en)
        return names[0] or names[1]

    def get_short_name(self) -> str:
        return self.get_full_name()
