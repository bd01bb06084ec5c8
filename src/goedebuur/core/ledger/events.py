"""What a leaf means to someone who follows a log: who delivered what about which site, what it replaced, how late.

Read from the leaf alone, as the log published it: no catalogue and no database is needed, so anyone can do it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from goedebuur.core.base.canonical import sha256
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger import leaves
from goedebuur.core.ledger.leaves import ClosedLeaf, Leaf

SUBMISSION: Final = "submission"
CORRECTION: Final = "correction"
LATE: Final = "late"
CLOSED: Final = "closed"
UNREADABLE: Final = "unreadable"
FINDING: Final = "finding"
"""A finding that was published, corrected, withdrawn or withheld."""
KINDS: Final = {"observations": SUBMISSION, "sealed": SUBMISSION}
"""How kinds of leaves are called here; the others keep their name."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing to tell.

    Parameters
    ----------
    id
        The same for the same thing, however many times it is told.
    kind
        "submission", "correction", "late", "closed", "finding", "catalogue", "rules", "result", "unreadable", or an
        alarm.
    origin
        The log.
    text
        One sentence.
    alarm
        Whether something is wrong with the log.
    facts
        Whatever else is known, as JSON holds it.
    """

    id: str
    kind: str
    origin: str
    text: str
    alarm: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return the fields for JSON."""
        told = {"id": self.id, "kind": self.kind, "log": self.origin, "alarm": self.alarm, "text": self.text}
        return told | dict(self.facts)


@dataclass(frozen=True, slots=True)
class Watch:
    """What someone wants to hear of; what is empty lets everything through.

    Parameters
    ----------
    sites
        Stations and facilities: a leaf fits that has a series of one, or names it in its signed statement.
    series
        Series.
    submitters
        Who delivered.
    late_after
        How long after the end of its period a delivery may come before it is called late; None never.
    """

    sites: frozenset[str] = frozenset()
    series: frozenset[str] = frozenset()
    submitters: frozenset[str] = frozenset()
    late_after: timedelta | None = None

    def fits(self, leaf: Leaf) -> bool:
        """Return whether a leaf is one to hear of."""
        if self.submitters and leaf.submitter not in self.submitters:
            return False
        if not (self.sites or self.series):
            return True
        places = {name.partition(".")[0] for name in leaf.series} | _stated_sites(leaf) | _finding_sites(leaf)
        return not self.series.isdisjoint(leaf.series) or not self.sites.isdisjoint(places)


def identity(origin: str, *parts: object) -> str:
    """Return what tells one event from another: 32 hexadecimal digits."""
    return sha256("\n".join((origin, *map(str, parts))).encode())[:32]


def of_leaf(origin: str, index: int, blob: bytes, watch: Watch) -> Event | None:
    """Return what to tell of one leaf; None where it is about something else.

    What is closed is always told, since nobody can see what it is about.
    """
    own = identity(origin, "leaf", index)
    try:
        leaf = leaves.decode(blob)
    except GoedeBuurError as error:
        text = f"Leaf {index} is in a form that this program does not know."
        return Event(own, UNREADABLE, origin, text, facts={"leaf": index, "why": error.message})
    if isinstance(leaf, ClosedLeaf):
        return Event(own, CLOSED, origin, _closed_text(index, leaf), facts=_closed_facts(index, leaf))
    if not watch.fits(leaf):
        return None
    kind = _kind(leaf)
    hours = _hours_after(leaf)
    if kind == SUBMISSION and watch.late_after is not None and hours is not None:
        kind = LATE if timedelta(hours=hours) > watch.late_after else kind
    return Event(own, kind, origin, _text(index, kind, leaf, hours), facts=_facts(index, leaf, watch, hours))


def _kind(leaf: Leaf) -> str:
    """Return what a leaf is called here: small deliveries that replace rows are a correction too."""
    if _finding(leaf):
        return FINDING
    return CORRECTION if leaf.kind == "sealed" and leaf.supersedes else KINDS.get(leaf.kind, leaf.kind)


def _text(index: int, kind: str, leaf: Leaf, hours: int | None) -> str:
    about = f" of {', '.join(leaf.series[:3])}" + (" and others" if len(leaf.series) > 3 else "") if leaf.series else ""
    period = f" from {leaf.period[0]} to {leaf.period[1]}" if leaf.period else ""
    why = f" Reason: {leaf.reason}" if leaf.reason else ""
    late = f", {hours} hours after its period ended" if kind == LATE else ""
    if kind == FINDING:
        kind = f"{kind} {_finding(leaf)['version']}"
    return f"{leaf.submitter}: {kind}{about}{period}{late} (leaf {index}, received {leaf.received}).{why}"


def _facts(index: int, leaf: Leaf, watch: Watch, hours: int | None) -> dict[str, Any]:
    wanted = [name for name in leaf.series if name in watch.series or name.partition(".")[0] in watch.sites]
    return {
        "leaf": index,
        "leaf_kind": leaf.kind,
        "submitter": leaf.submitter,
        "received": leaf.received,
        "series": wanted or list(leaf.series),
        "period": list(leaf.period) if leaf.period else None,
        "hours_after_period": hours,
        "supersedes": list(leaf.supersedes),
        "reason": leaf.reason,
        "counts": dict(leaf.counts),
        "payload": dict(leaf.payload) if leaf.payload else None,
    } | ({"finding": _finding(leaf)} if _finding(leaf) else {})


def _finding(leaf: Leaf) -> dict[str, Any]:
    """Return what a leaf says of a finding that it makes public; empty for any other leaf."""
    said = leaf.inputs or {}
    if leaf.kind != "catalogue" or "publication" not in said:
        return {}
    return {name: said.get(name, "") for name in ("publication", "version", "operators", "sites")}


def _finding_sites(leaf: Leaf) -> set[str]:
    sites = _finding(leaf).get("sites", ())
    return set(map(str, sites)) if isinstance(sites, list) else set()


def _closed_text(index: int, leaf: ClosedLeaf) -> str:
    until = f"until {leaf.opens}" if leaf.opens else "without a date yet"
    return f"Closed since {leaf.closed_on}, {until}, on the ground {leaf.ground}, by {leaf.role} (leaf {index})."


def _closed_facts(index: int, leaf: ClosedLeaf) -> dict[str, Any]:
    return {
        "leaf": index,
        "closed_on": leaf.closed_on,
        "opens": leaf.opens,
        "role": leaf.role,
        "ground": leaf.ground,
        "commitment": leaf.commitment,
    }


def _hours_after(leaf: Leaf) -> int | None:
    """Return the whole hours between the end of the period and the receipt; None where there is no period."""
    if leaf.period is None:
        return None
    try:
        took = datetime.fromisoformat(leaf.received) - datetime.fromisoformat(leaf.period[1])
    except (ValueError, TypeError):
        return None
    return int(took.total_seconds() // 3600)


def _stated_sites(leaf: Leaf) -> set[str]:
    """Return the sites that the submitter signed for; none where there is no statement that can be read."""
    try:
        told = json.loads(str((leaf.signature or {})["statement"]))["sites"]
        return {str(one) for one in told}
    except (KeyError, ValueError, TypeError):
        return set()
