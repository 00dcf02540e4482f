"""The words of the inventory: levels of access, reasons, classifications, states, themes, frequencies."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Access(models.TextChoices):
    """Who may have a data asset."""

    OPEN = "open", pgettext_lazy("access", "Open")
    RESTRICTED = "restricted", pgettext_lazy("access", "Restricted")
    CLOSED = "closed", pgettext_lazy("access", "Closed")


class Reason(models.TextChoices):
    """Why an asset is not open. The open data policy knows two exceptions; the rest are grounds of other laws."""

    PERSONAL = "personal", _("It holds personal data")
    SECURITY = "security", _("It is classified for national security")
    LAW = "law", _("A law forbids its release")
    THIRD_PARTY = "third-party", _("Somebody else holds rights in it")
    COMMERCIAL = "commercial", _("It holds commercial secrets of others")
    UNFINISHED = "unfinished", _("It is being prepared for release")


class Classification(models.TextChoices):
    """Levels of the law on the classification of state documents (Royal Decree 118/2011)."""

    NONE = "none", _("Not classified")
    RESTRICTED = "limited", pgettext_lazy("classification", "Restricted")
    CONFIDENTIAL = "confidential", pgettext_lazy("classification", "Confidential")
    SECRET = "secret", pgettext_lazy("classification", "Secret")
    TOP_SECRET = "top-secret", pgettext_lazy("classification", "Top secret")


class State(models.TextChoices):
    """Where an asset stands on its way to the public."""

    INVENTORIED = "inventoried", _("Inventoried")
    ASSESSED = "assessed", _("Assessed")
    SCHEDULED = "scheduled", pgettext_lazy("asset", "Scheduled")
    PUBLISHED = "published", pgettext_lazy("asset", "Published")
    WITHHELD = "withheld", pgettext_lazy("state of an asset", "Withheld")


CHIPS: dict[str, str] = {
    State.INVENTORIED: "",
    State.ASSESSED: "info",
    State.SCHEDULED: "info",
    State.PUBLISHED: "success",
    State.WITHHELD: "warning",
}
"""The kind of chip a state stands in."""


class Ground(models.TextChoices):
    """Why even the title of an asset is not shown."""

    SECURITY = "security", _("The title itself is classified")
    PERSONAL = "personal", _("The title itself would reveal personal data")
    INVESTIGATION = "investigation", _("The title would reveal an investigation")


class Theme(models.TextChoices):
    """What data is about; the public filters by it."""

    POPULATION = "population", _("Population and society")
    ECONOMY = "economy", _("Economy and trade")
    BUDGET = "budget", _("Budget and spending")
    EDUCATION = "education", _("Education")
    HEALTH = "health", _("Health")
    TRANSPORT = "transport", _("Transport and traffic")
    ENVIRONMENT = "environment", _("Environment and water")
    GEOGRAPHY = "geography", _("Maps and places")
    LAW = "law", _("Laws and regulations")
    MUNICIPAL = "municipal", _("Municipal services")
    AGRICULTURE = "agriculture", _("Agriculture and fisheries")
    ENERGY = "energy", _("Energy and minerals")
    TOURISM = "tourism", _("Tourism and heritage")
    LABOUR = "labour", _("Labour market")
    PARTICIPATION = "participation", _("Participation and government services")


class Frequency(models.TextChoices):
    """How often the data changes; the words of the EU frequency vocabulary, which harvesters know."""

    CONTINUOUS = "continuous", _("Continuously")
    DAILY = "daily", _("Daily")
    WEEKLY = "weekly", _("Weekly")
    MONTHLY = "monthly", _("Monthly")
    QUARTERLY = "quarterly", _("Every quarter")
    YEARLY = "yearly", _("Yearly")
    IRREGULAR = "irregular", _("Irregularly")
    NEVER = "never", pgettext_lazy("frequency", "Never again")


class Notice(models.TextChoices):
    """What the leads of a unit are reminded of."""

    REVIEW = "review", _("A decision is to be looked at again")
    LATE = "late", _("A planned release is late")


DAYS_BETWEEN = {
    Frequency.CONTINUOUS: 2,
    Frequency.DAILY: 2,
    Frequency.WEEKLY: 10,
    Frequency.MONTHLY: 40,
    Frequency.QUARTERLY: 110,
    Frequency.YEARLY: 400,
}
"""After so many days without a new version a dataset is late; the rest never is."""
