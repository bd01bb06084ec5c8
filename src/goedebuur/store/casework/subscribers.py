"""Who follows what becomes public by mail. An address that was never confirmed is forgotten after a week."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from goedebuur.store.accounts.models import normal_email
from goedebuur.store.casework.message_models import Subscriber

FORGOTTEN_AFTER: Final = timedelta(days=7)
FINDINGS, ALERTS = (one.value for one in Subscriber.Topic)
NOT_AGAIN_WITHIN: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Follower:
    """Someone who is told."""

    email: str
    token: str


def ask(email: str, site: str, token: str, now: datetime, topic: str = FINDINGS) -> str | None:
    """Return the token with which a request is confirmed; None where one was sent a moment ago or it counts already."""
    forget_unconfirmed(now)
    row, made = Subscriber.objects.get_or_create(
        email=normal_email(email), site=site, topic=topic, defaults={"token": token, "asked": now}
    )
    if made:
        return row.token
    if row.confirmed is not None or now - row.asked < NOT_AGAIN_WITHIN:
        return None
    Subscriber.objects.filter(pk=row.pk).update(asked=now)
    return row.token


def confirm(token: str, now: datetime) -> bool:
    """Return whether a token was found; its request counts from now on."""
    forget_unconfirmed(now)
    return Subscriber.objects.filter(token=token).update(confirmed=now) > 0


def known(token: str) -> bool | None:
    """Return whether the request of a token counts already; None where there is none."""
    row = Subscriber.objects.filter(token=token).first()
    return None if row is None else row.confirmed is not None


def forget(token: str) -> bool:
    """Return whether a token was found; its request is gone."""
    return Subscriber.objects.filter(token=token).delete()[0] > 0


def following(sites: Iterable[str], topic: str = FINDINGS) -> list[Follower]:
    """Return who follows one of these sites or all on a topic, each address once."""
    wanted = Subscriber.objects.filter(confirmed__isnull=False, topic=topic, site__in=["", *sites])
    rows = wanted.order_by("site", "pk")
    found: dict[str, Follower] = {}
    for row in rows:
        found.setdefault(row.email, Follower(row.email, row.token))
    return list(found.values())


def forget_unconfirmed(now: datetime) -> None:
    """Forget the addresses that were never confirmed."""
    Subscriber.objects.filter(confirmed__isnull=True, asked__lt=now - FORGOTTEN_AFTER).delete()
