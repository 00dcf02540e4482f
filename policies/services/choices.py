"""Words a service is described and found by."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """What a service is to the public."""

    DRAFT = "draft", pgettext_lazy("service", "Draft")
    PUBLISHED = "published", pgettext_lazy("service", "Published")
    WITHDRAWN = "withdrawn", pgettext_lazy("service", "Withdrawn")


CHIPS: dict[str, str] = {State.DRAFT: "", State.PUBLISHED: "success", State.WITHDRAWN: "warning"}
"""The kind of chip a state stands in."""


class Persona(models.TextChoices):
    """Who may use a service."""

    CITIZEN = "citizen", _("Citizens")
    RESIDENT = "resident", _("Residents")
    BUSINESS = "business", _("Businesses")
    INVESTOR = "investor", _("Investors")
    VISITOR = "visitor", _("Visitors")
    PARENT = "parent", _("Parents")
    STUDENT = "student", _("Pupils and students")
    JOB_SEEKER = "job-seeker", _("Job seekers")
    OLDER = "older", _("Older people")
    DISABILITY = "disability", _("People with disabilities")


class LifeEvent(models.TextChoices):
    """What happens in somebody's life when they need a service."""

    CHILD = "child", _("Having a child")
    SCHOOL = "school", _("Going to school")
    WORK = "work", _("Finding work")
    BUSINESS = "business", _("Starting a business")
    RUNNING = "running", _("Running a business")
    MOVING = "moving", _("Moving home")
    BUILDING = "building", _("Building a house")
    DRIVING = "driving", _("Driving and travelling")
    SHOPPING = "shopping", _("Shopping and consumer rights")
    ILLNESS = "illness", _("Falling ill")
    RETIREMENT = "retirement", _("Retiring")
    BEREAVEMENT = "bereavement", _("Losing somebody")


class Channel(models.TextChoices):
    """Where a service can be had."""

    WEBSITE = "website", _("Website")
    APP = "app", _("App")
    COUNTER = "counter", _("Counter")
    PHONE = "phone", _("Telephone")
    POST = "post", _("Post")


ONLINE = (Channel.WEBSITE.value, Channel.APP.value)
"""Channels through which an electronic form is sent."""


class TimeUnit(models.TextChoices):
    """What the promised time is counted in."""

    HOURS = "hours", pgettext_lazy("unit of time", "Working hours")
    DAYS = "days", pgettext_lazy("unit of time", "Working days")


class Fee(models.TextChoices):
    """What a service costs."""

    FREE = "free", _("Free of charge")
    FIXED = "fixed", _("A fixed amount")
    VARIES = "varies", _("It depends: see the note")
