"""Subscriptions by e-mail: asked for, confirmed by whoever reads the mailbox, and what each was sent."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.encryption import EncryptedTextField

LANGUAGES = [code for code, _name in settings.LANGUAGES]


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def not_looked_at(self, day: date) -> SubscriptionQuerySet:
        """Those whose digest of this day is not decided yet."""
        return self.filter(looked_on__lt=day)


class Subscription(models.Model):
    """A confirmed address and its language. What it gets are its choices; ending it deletes the address.

    `looked_on` is the day whose digest was decided last, whether or not there was anything to send.
    """

    email = EncryptedTextField()
    email_index = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    confirmed_at = models.DateTimeField(default=timezone.now)
    looked_on = models.DateField()

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions by e-mail")
        ordering = ["id"]
        default_permissions = ("view",)
        indexes = [models.Index(fields=["looked_on", "id"], name="subscription_to_look_at")]
        constraints = [
            models.CheckConstraint(condition=models.Q(language__in=LANGUAGES), name="subscription_language_known"),
            models.CheckConstraint(
                condition=~models.Q(email="") & ~models.Q(email_index=""), name="subscription_has_address"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Choice(models.Model):
    """A topic of a subscription. Only what was published after `since` is sent."""

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="choices")
    topic = models.CharField(max_length=60)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["topic"], name="choice_topic")]
        constraints = [
            models.UniqueConstraint(fields=["subscription", "topic"], name="choice_once"),
            models.CheckConstraint(condition=~models.Q(topic=""), name="choice_topic_given"),
        ]

    def __str__(self) -> str:
        return f"{self.subscription_id} {self.topic}"


class Delivery(models.Model):
    """An entry that was put into a digest. The row is what keeps it out of every later one."""

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="deliveries")
    entry_key = models.CharField(max_length=200)
    day = models.DateField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["day"], name="delivery_day")]
        constraints = [models.UniqueConstraint(fields=["subscription", "entry_key"], name="delivery_once")]

    def __str__(self) -> str:
        return f"{self.subscription_id} {self.entry_key}"


class RequestQuerySet(models.QuerySet["SubscriptionRequest"]):
    def waiting_of(self, email_index: str, since: datetime) -> RequestQuerySet:
        """Requests of an address since a moment that nobody has confirmed."""
        return self.filter(email_index=email_index, requested_at__gte=since)


class SubscriptionRequest(models.Model):
    """Somebody typed an address. Until its owner confirms, it gets one letter a request and nothing else.

    A confirmed request gives its address away to the subscription, and is kept a few days so that the link in the
    letter may be used twice.
    """

    email = EncryptedTextField(blank=True)
    email_index = models.CharField(max_length=64, blank=True)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    topics = ArrayField(models.CharField(max_length=60))
    requested_at = models.DateTimeField(default=timezone.now)
    subscription = models.ForeignKey(Subscription, models.CASCADE, null=True, blank=True, related_name="requests")

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription to be confirmed")
        verbose_name_plural = _("subscriptions to be confirmed")
        ordering = ["id"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["email_index", "requested_at"], name="request_of_address"),
            models.Index(fields=["requested_at"], name="request_age"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(language__in=LANGUAGES), name="request_language_known"),
            models.CheckConstraint(condition=models.Q(topics__len__gt=0), name="request_has_topics"),
            models.CheckConstraint(
                condition=(models.Q(subscription__isnull=True) & ~models.Q(email="") & ~models.Q(email_index=""))
                | models.Q(subscription__isnull=False, email="", email_index=""),
                name="request_address_until_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_confirmed(self) -> bool:
        return self.subscription_id is not None
