"""Who was told of which alert. An address is forgotten once the alert is retracted, or after a year."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from goedebuur.store.casework.alert_models import AlertReader, AlertVersion

FORGOTTEN_AFTER: Final = timedelta(days=365)
"""How long a retraction can still reach who was told. A choice: by then the year is reported on and closed."""


def was_told(alert: str, number: int) -> bool:
    """Return whether the readers were told of a version."""
    return AlertVersion.objects.filter(alert=alert, number=number).exists()


def note(alert: str, number: int, leaf: int, now: datetime) -> None:
    """Note that the readers were told of a version, in the transaction of their mails."""
    AlertVersion.objects.create(alert=alert, number=number, leaf=leaf, told=now)


def keep(alert: str, emails: Iterable[str], now: datetime) -> None:
    """Keep to whom an alert was sent."""
    AlertReader.objects.bulk_create([AlertReader(alert=alert, email=one, at=now) for one in emails])


def readers(alert: str) -> list[str]:
    """Return to whom an alert was sent, as far as that is not forgotten."""
    return list(AlertReader.objects.filter(alert=alert).order_by("pk").values_list("email", flat=True))


def forget(alert: str, now: datetime) -> None:
    """Forget to whom an alert was sent, and of all alerts what is old."""
    AlertReader.objects.filter(alert=alert).delete()
    AlertReader.objects.filter(at__lt=now - FORGOTTEN_AFTER).delete()
