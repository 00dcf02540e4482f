"""Words for what a questionnaire, its questions and its answers can be."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    POLL = "poll", _("Poll")
    SURVEY = "survey", _("Survey")
    SATISFACTION = "satisfaction", _("Satisfaction survey")


class Access(models.TextChoices):
    """Who may answer."""

    ANYONE = "anyone", _("Anyone")
    INVITED = "invited", _("Only invited people")


class State(models.TextChoices):
    """What its owner decided; time does the rest (see Phase)."""

    DRAFT = "draft", _("Draft")
    SCHEDULED = "scheduled", _("Scheduled")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Phase(models.TextChoices):
    """Where a questionnaire stands at a moment."""

    DRAFT = "draft", _("Draft")
    UPCOMING = "upcoming", _("Not open yet")
    OPEN = "open", _("Open")
    COUNTING = "counting", _("Closed, being counted")
    PUBLISHED = "published", _("Results published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class QuestionKind(models.TextChoices):
    SINGLE = "single", _("One choice")
    MULTIPLE = "multiple", _("Several choices")
    SCALE = "scale", _("Scale")
    MATRIX = "matrix", _("One choice for each line")
    RANKING = "ranking", _("Ranking")
    NUMBER = "number", _("Number")
    DATE = "date", _("Date")
    SHORT = "short", _("Short text")
    LONG = "long", _("Long text")


CHOICES = (QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.MATRIX, QuestionKind.RANKING)
"""Kinds that have options."""
TEXTS = (QuestionKind.SHORT, QuestionKind.LONG)
CONDITIONAL = (QuestionKind.SINGLE, QuestionKind.MULTIPLE)
"""Kinds on which what comes later may depend."""


class Gender(models.TextChoices):
    WOMAN = "female", _("Female")
    MAN = "male", _("Male")
    UNSAID = "unsaid", _("Prefer not to say")


class AgeGroup(models.TextChoices):
    UNDER_18 = "under-18", _("Under 18")
    FROM_18 = "18-24", _("18 to 24")
    FROM_25 = "25-34", _("25 to 34")
    FROM_35 = "35-44", _("35 to 44")
    FROM_45 = "45-54", _("45 to 54")
    FROM_55 = "55-plus", _("55 and over")
    UNSAID = "unsaid", _("Prefer not to say")


UNSAID = "unsaid"
"""The answer "prefer not to say", also to the question for the governorate."""


class Cut(models.TextChoices):
    """What results may be read by; each is a column of Ballot and Tally."""

    GENDER = "gender", _("Gender")
    AGE_GROUP = "age_group", _("Age group")
    GOVERNORATE = "governorate", _("Governorate")


class Source(models.TextChoices):
    """How an answer came, and with it what made the voter distinct."""

    WEB = "web", _("This browser")
    MAIL = "mail", _("A link sent by e-mail")
    INVITATION = "invitation", _("An invitation")
    CASE = "case", _("After an answered message")
