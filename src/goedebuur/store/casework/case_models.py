"""The tables of cases: the case as it stands, its history, who is concerned, what is to be done, what becomes public.

The history is append-only: triggers of the database refuse to change or delete a row of it, whoever asks. Names of
people are in :class:`Party` alone, so that they can be taken away while the history stays.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from goedebuur.core.casework.states import Kind

_KINDS = [(kind.value, kind.value) for kind in Kind]


class Case(models.Model):
    """One case as it stands."""

    uuid = models.UUIDField(unique=True)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    number = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=20, choices=_KINDS)
    state = models.CharField(max_length=30, db_index=True)
    authority = models.CharField(max_length=100, db_index=True)
    created = models.DateTimeField()
    changed = models.DateTimeField()
    subject = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    shown_subject = models.CharField(max_length=300, blank=True)
    shown_text = models.TextField(blank=True)
    language = models.CharField(max_length=2, default="nl")
    emissions = models.BooleanField(default=False)
    simulated = models.BooleanField(default=False)
    sites = models.JSONField(default=list)
    asked_on = models.DateField(null=True, blank=True)
    answer = models.TextField(blank=True)
    answered_on = models.DateField(null=True, blank=True)
    reply = models.TextField(blank=True)
    replied_on = models.DateField(null=True, blank=True)
    reasons = models.TextField(blank=True)
    decided_on = models.DateField(null=True, blank=True)
    ground = models.CharField(max_length=80, blank=True)
    withheld_until = models.DateField(null=True, blank=True)
    publish_on = models.DateField(null=True, blank=True)
    term = models.JSONField(null=True, blank=True)
    term_until = models.DateTimeField(null=True, blank=True, db_index=True)
    publication = models.UUIDField(unique=True)
    versions = models.PositiveIntegerField(default=0)
    events = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64)
    writers = models.JSONField(default=list)

    objects: ClassVar[models.Manager[Case]] = models.Manager()

    class Meta:
        ordering = ("-changed", "-pk")
        constraints = (models.UniqueConstraint(name="casework_case_serial", fields=("year", "serial")),)

    def __str__(self) -> str:
        return self.number


class CaseEvent(models.Model):
    """One thing that happened; never changed, never deleted."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="history")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    before = models.CharField(max_length=30, blank=True)
    after = models.CharField(max_length=30)
    body = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    objects: ClassVar[models.Manager[CaseEvent]] = models.Manager()

    class Meta:
        ordering = ("case", "number")
        constraints = (models.UniqueConstraint(name="casework_event_number", fields=("case", "number")),)

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class Party(models.Model):
    """Who is concerned with a case: an operator by its identifier, or someone by name."""

    class Relation(models.TextChoices):
        """What a party is to the case."""

        NAMED = "named"
        APPLICANT = "applicant"
        ADVISER = "adviser"
        OTHER = "other"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="parties")
    relation = models.CharField(max_length=12, choices=Relation.choices)
    operator = models.CharField(max_length=100, blank=True, db_index=True)
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)

    objects: ClassVar[models.Manager[Party]] = models.Manager()

    class Meta:
        verbose_name_plural = "parties"
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(name="casework_party_someone", condition=~Q(operator="", name="", email="")),
            models.UniqueConstraint(
                name="casework_party_operator", fields=("case", "relation", "operator"), condition=~Q(operator="")
            ),
        )

    def __str__(self) -> str:
        return f"{self.relation} {self.operator}".strip()


class Task(models.Model):
    """Something that one person is to do in a case."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tasks")
    title = models.CharField(max_length=200)
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due = models.DateField(null=True, blank=True)
    made = models.DateTimeField()
    done = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[Task]] = models.Manager()

    class Meta:
        ordering = ("due", "pk")

    def __str__(self) -> str:
        return str(self.pk)


class Publication(models.Model):
    """One version of what becomes public, made at its decision and written under a leaf after it.

    `leaf` is empty until the record has it. A crash between the record and this row is repaired by looking for the
    version in the record first (`services/publishing_findings.py`).
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="publications")
    number = models.PositiveIntegerField()
    body = models.JSONField()
    not_before = models.DateField()
    made = models.DateTimeField()
    leaf = models.BigIntegerField(null=True, blank=True)
    recorded = models.DateTimeField(null=True, blank=True)
    recalled = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[Publication]] = models.Manager()

    class Meta:
        ordering = ("case", "number")
        constraints = (
            models.UniqueConstraint(
                name="casework_publication_number", fields=("case", "number"), condition=Q(recalled__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return str(self.number)
