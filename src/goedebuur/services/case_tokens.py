"""Tokens of case systems: 256 bits by chance, of which only the digest is kept."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from goedebuur.core.base.canonical import sha256
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.casework import identifiers
from goedebuur.core.casework.cases import Case
from goedebuur.store.casework import cases as store
from goedebuur.store.casework.message_models import ApiToken

PAGE: Final = 100
"""Cases on a page."""
NO_TOKEN: Final = declare("case-token", "With this token nothing may be read.")


@dataclass(frozen=True, slots=True)
class Bearer:
    """A case system that reads: for which authority, and under which RSIN."""

    authority: str
    rsin: str


def make(authority: str, rsin: str, label: str, now: datetime) -> str:
    """Return a new token; it cannot be shown again.

    Raises
    ------
    GoedeBuurError
        `case-rsin`.
    """
    identifiers.require_rsin(rsin)
    token = secrets.token_urlsafe(32)
    ApiToken.objects.create(authority=authority, rsin=rsin, label=label, digest=sha256(token.encode()), made=now)
    return token


def end(authority: str, label: str, now: datetime) -> int:
    """Return how many tokens of a label were ended."""
    return ApiToken.objects.filter(authority=authority, label=label, ended__isnull=True).update(ended=now)


def bearer(token: str) -> Bearer:
    """Return whose cases a token may read.

    Raises
    ------
    GoedeBuurError
        `case-token`.
    """
    row = ApiToken.objects.filter(digest=sha256(token.encode()), ended__isnull=True).first()
    if row is None:
        raise GoedeBuurError(
            NO_TOKEN, "With this token nothing may be read.", hint="Ask who runs the site for a token."
        )
    return Bearer(row.authority, row.rsin)


def listed(who: Bearer, *, number: str = "", page: int = 1) -> tuple[list[Case], int]:
    """Return a page of the cases of an authority, the oldest first, and how many there are in all.

    Parameters
    ----------
    number
        Only the case of this number; all where empty.
    page
        From 1 on, of :data:`PAGE` cases.
    """
    return store.of_authority(who.authority, number=number, start=(page - 1) * PAGE, limit=PAGE)


def find(who: Bearer, name: str) -> Case | None:
    """Return a case of an authority; None for one of another, as for one that is not there."""
    case = store.find(name)
    return case if case is not None and case.authority == who.authority else None
