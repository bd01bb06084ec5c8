"""Mail of cases, in and out, and the files with it, known by their digest. The bytes lie beside the database."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from goedebuur.store.casework.case_models import Case


class Message(models.Model):
    """One mail: received, or waiting to be sent."""

    class Direction(models.TextChoices):
        """Which way it goes."""

        IN = "in"
        OUT = "out"

    class Audience(models.TextChoices):
        """Whose message it is."""

        OPERATOR = "operator"
        """To or from the operator that a case names or the company that asked for it."""
        INTERNAL = "internal"
        SUBSCRIBER = "subscriber"
        """To someone who follows what is public."""

    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="messages")
    direction = models.CharField(max_length=3, choices=Direction.choices)
    audience = models.CharField(max_length=10, choices=Audience.choices)
    at = models.DateTimeField()
    sender = models.CharField(max_length=320, blank=True)
    recipient = models.CharField(max_length=320, blank=True)
    subject = models.CharField(max_length=300)
    body = models.TextField(blank=True)
    message_id = models.CharField(max_length=200, unique=True)
    sent = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=100, blank=True)
    handled = models.DateTimeField(null=True, blank=True)
    """When a person assigned received mail to a case, or closed it."""
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=500, blank=True)
    """Why it was closed without a case."""

    objects: ClassVar[models.Manager[Message]] = models.Manager()

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return str(self.pk)


class Attachment(models.Model):
    """One file of a case, by its digest."""

    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="attachments")
    message = models.ForeignKey(Message, null=True, blank=True, on_delete=models.PROTECT, related_name="attachments")
    sha256 = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    at = models.DateTimeField()

    objects: ClassVar[models.Manager[Attachment]] = models.Manager()

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return self.sha256


class Subscriber(models.Model):
    """Someone who asked to be told by mail of what becomes public, and said so twice."""

    class Topic(models.TextChoices):
        """What someone wants to hear of; each is asked for and confirmed by itself."""

        FINDINGS = "findings"
        ALERTS = "alerts"

    email = models.EmailField()
    topic = models.CharField(max_length=10, choices=Topic.choices, default=Topic.FINDINGS)
    site = models.CharField(max_length=160, blank=True)
    token = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=2, default="nl")
    asked = models.DateTimeField()
    confirmed = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[Subscriber]] = models.Manager()

    class Meta:
        constraints = (models.UniqueConstraint(name="casework_subscriber_once", fields=("email", "site", "topic")),)

    def __str__(self) -> str:
        return str(self.pk)


class ApiToken(models.Model):
    """A case system of an authority that may read cases; of its token only the digest is kept."""

    authority = models.CharField(max_length=100)
    rsin = models.CharField(max_length=9, default="")
    label = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    made = models.DateTimeField()
    ended = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[ApiToken]] = models.Manager()

    def __str__(self) -> str:
        return self.label
