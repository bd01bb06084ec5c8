"""The history of a case as a chain: each event holds the digest of the one before, so that a later edit shows."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from goedebuur.core.base import canonical
from goedebuur.core.base.periods import iso


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened in a case.

    Parameters
    ----------
    case
        UUID of the case.
    number
        From 1, without gaps.
    at
        When, UTC.
    actor
        Number of the account that did it; 0 for the program itself.
    name
        Of the step, or `created`.
    before, after
        States; equal where the state stayed.
    body
        What was given along: texts, reasons, dates. Plain JSON.
    previous
        Digest of the event before; of the first that of the case's UUID.
    digest
        Of all the above.
    """

    case: str
    number: int
    at: datetime
    actor: int
    name: str
    before: str
    after: str
    body: Mapping[str, Any]
    previous: str
    digest: str

    def right(self) -> str:
        """Return the digest that this event must have."""
        return digest(
            self.case, self.number, self.at, self.actor, self.name, self.before, self.after, self.body, self.previous
        )


def genesis(case: str) -> str:
    """Return what stands for the event before the first."""
    return canonical.sha256(f"goedebuur case {case}".encode())


def digest(
    case: str,
    number: int,
    at: datetime,
    actor: int,
    name: str,
    before: str,
    after: str,
    body: Mapping[str, Any],
    previous: str,
) -> str:
    """Return the digest of an event: SHA-256 of its canonical JSON."""
    fields = {
        "actor": actor,
        "after": after,
        "at": iso(at),
        "before": before,
        "body": dict(body),
        "case": case,
        "name": name,
        "number": number,
        "previous": previous,
    }
    return canonical.sha256(canonical.encode(fields))


def left(events: Iterable[Event], states: Container[str]) -> Event | None:
    """Return the last event that led a case out of these states; None where none did."""
    out = [event for event in events if event.before in states and event.after not in states]
    return out[-1] if out else None


def broken(case: str, events: Iterable[Event], count: int, head: str) -> int | None:
    """Return the number of the first event that is not what was written; None where the chain holds.

    Parameters
    ----------
    count, head
        How many events the case says it has, and the digest of the last.
    """
    previous, number = genesis(case), 0
    for number, event in enumerate(events, start=1):
        if event.number != number or event.previous != previous or event.digest != event.right():
            return number
        previous = event.digest
    if number != count or previous != head:
        return number + 1
    return None
