"""Who was told of an alert by mail: kept so that its retraction reaches the same people, and no longer."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class AlertVersion(models.Model):
    """One version of an alert of which the readers were told."""

    alert = models.CharField(max_length=100)
    number = models.PositiveIntegerField()
    leaf = models.PositiveBigIntegerField()
    told = models.DateTimeField()

    objects: ClassVar[models.Manager[AlertVersion]] = models.Manager()

    class Meta:
        constraints = (models.UniqueConstraint(name="casework_alert_told_once", fields=("alert", "number")),)

    def __str__(self) -> str:
        return f"{self.alert} {self.number}"


class AlertReader(models.Model):
    """An address to which the mail of an alert went."""

    alert = models.CharField(max_length=100, db_index=True)
    email = models.EmailField()
    at = models.DateTimeField()

    objects: ClassVar[models.Manager[AlertReader]] = models.Manager()

    class Meta:
        constraints = (models.UniqueConstraint(name="casework_alert_reader_once", fields=("alert", "email")),)

    def __str__(self) -> str:
        return str(self.pk)
