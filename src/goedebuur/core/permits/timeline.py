"""The consolidated permit: what holds of all decisions for a site on a day, and what ended the rest.

A decision is never changed. It takes effect on its first day, and from then on

- `replaces` and `withdraws` end a condition for good, also when the decision that says so ends later;
- `suspends` sets a condition aside for as long as the one in its place holds;
- `revokes` ends a decision, and with it the decisions that amend it.

A decision that is revoked from its own first day (an annulment) never took effect: nothing that it replaced, withdrew
or revoked ended. The day is a day of the law; which decisions were known is another question, answered by the tree
size (`services/permits.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from goedebuur.core.permits.records import Condition, DecisionKind, GeneralRule, Permit


class Standing(StrEnum):
    """How a decision or condition stands on a day."""

    IN_FORCE = "in_force"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    """Its own last day is over."""
    REPLACED = "replaced"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"
    """The decision was revoked, or the one that it amends."""


@dataclass(frozen=True, slots=True)
class Stands:
    """How something stands on a day, by which decision or condition, and since when; empty where nothing ended it."""

    standing: Standing
    by: str = ""
    since: date | None = None

    @property
    def in_force(self) -> bool:
        """Return whether it holds."""
        return self.standing is Standing.IN_FORCE


@dataclass(frozen=True, slots=True)
class Event:
    """Something that changed what holds for a site."""

    day: date
    decision: str
    kind: DecisionKind
    added: int
    ended: int


@dataclass(frozen=True, slots=True)
class Consolidated:
    """All decisions and conditions of a site with how they stand on a day, in order of day and number."""

    on: date
    decisions: tuple[tuple[Permit, Stands], ...]
    conditions: tuple[tuple[Condition, Stands], ...]

    @property
    def in_force(self) -> tuple[Condition, ...]:
        """Return the conditions that hold."""
        return tuple(one for one, stands in self.conditions if stands.in_force)

    @property
    def general_rules(self) -> tuple[GeneralRule, ...]:
        """Return the rows of law of which a decision that holds says that they hold here, each once."""
        said = (rule for one, stands in self.decisions if stands.in_force for rule in one.general_rules)
        return tuple(dict.fromkeys(said))


def consolidate(permits: Iterable[Permit], on: date) -> Consolidated:
    """Return what holds on a day of these decisions for one site."""
    ordered = sorted(permits, key=lambda one: (one.valid_from, one.decided_on, one.id))
    line = _Line(ordered)
    decisions = tuple((one, line.decision(one, on)) for one in ordered)
    how = {one.id: stands for one, stands in decisions}
    return Consolidated(
        on,
        decisions,
        tuple((one, line.condition(one, how[permit.id], on)) for permit in ordered for one in permit.conditions),
    )


def events(permits: Iterable[Permit]) -> tuple[Event, ...]:
    """Return what each decision that took effect changed, newest first."""
    ordered = sorted(permits, key=lambda one: (one.valid_from, one.decided_on, one.id))
    line = _Line(ordered)
    found = []
    for one in ordered:
        if line.took_effect(one):
            ended = {*one.withdraws, *(name for row in one.conditions for name in row.replaces)}
            found.append(Event(one.valid_from, one.id, one.kind, len(one.conditions), len(ended) + len(one.revokes)))
    return tuple(reversed(found))


def number_key(number: str) -> tuple[tuple[int, str], ...]:
    """Return a key that sorts the numbers of conditions as people do: 3.2 before 3.10.

    >>> sorted(["3.10", "3.2", "3.2a"], key=number_key)
    ['3.2', '3.2a', '3.10']
    """
    parts = []
    for part in number.replace("-", ".").split("."):
        digits = len(part) - len(part.lstrip("0123456789"))
        parts.append((int(part[:digits] or 0), part[digits:]))
    return tuple(parts)


class _Line:
    """Who ends whom, from when."""

    def __init__(self, ordered: Sequence[Permit]) -> None:
        self._by_id = {one.id: one for one in ordered}
        self._revoked: dict[str, list[Permit]] = {}
        self._ends: dict[str, list[tuple[date, Standing, str, Permit]]] = {}
        self._suspends: dict[str, list[tuple[Condition, Permit]]] = {}
        for permit in ordered:
            for name in permit.revokes:
                self._revoked.setdefault(name, []).append(permit)
            for name in permit.withdraws:
                self._end(name, permit.valid_from, Standing.WITHDRAWN, permit.id, permit)
            for one in permit.conditions:
                for name in one.replaces:
                    self._end(name, one.valid_from, Standing.REPLACED, one.id, permit)
                for name in one.suspends:
                    self._suspends.setdefault(name, []).append((one, permit))

    def _end(self, name: str, day: date, how: Standing, by: str, permit: Permit) -> None:
        self._ends.setdefault(name, []).append((day, how, by, permit))

    def revocation(self, permit: Permit) -> tuple[date, str] | None:
        """Return from when, and by which decision, a decision is revoked; of several the first."""
        return self._first_revocation(permit, frozenset())

    def _first_revocation(self, permit: Permit, seen: frozenset[str]) -> tuple[date, str] | None:
        if permit.id in seen:
            return None
        seen |= {permit.id}
        found = [
            (max(by.valid_from, permit.valid_from), by.id)
            for by in self._revoked.get(permit.id, ())
            if self._stood(by, by.valid_from, seen)
        ]
        base = self._by_id.get(permit.amends)
        if base is not None:
            above = self._first_revocation(base, seen)
            if above is not None:
                found.append((max(above[0], permit.valid_from), above[1]))
            if base.valid_to is not None:
                found.append((max(base.valid_to + timedelta(days=1), permit.valid_from), base.id))
        return min(found, default=None)

    def _stood(self, permit: Permit, day: date, seen: frozenset[str]) -> bool:
        """Return whether a decision had taken effect by a day and was not revoked from its first."""
        ended = self._first_revocation(permit, seen)
        return permit.valid_from <= day and (ended is None or ended[0] > permit.valid_from)

    def took_effect(self, permit: Permit) -> bool:
        """Return whether a decision holds on its first day at least: one that is annulled never did."""
        return self._stood(permit, permit.valid_from, frozenset())

    def decision(self, permit: Permit, on: date) -> Stands:
        """Return how a decision stands on a day."""
        ended = self.revocation(permit)
        if ended is not None and ended[0] <= on:
            return Stands(Standing.REVOKED, ended[1], ended[0])
        if on < permit.valid_from:
            return Stands(Standing.NOT_YET, "", permit.valid_from)
        if permit.valid_to is not None and permit.valid_to < on:
            return Stands(Standing.EXPIRED, "", permit.valid_to + timedelta(days=1))
        return Stands(Standing.IN_FORCE)

    def condition(self, one: Condition, of: Stands, on: date) -> Stands:
        """Return how a condition stands on a day, with its decision standing so."""
        stands = self._by_itself(one, of, on)
        if not stands.in_force:
            return stands
        for other, permit in self._suspends.get(one.id, ()):
            if self._by_itself(other, self.decision(permit, on), on).in_force:
                return Stands(Standing.SUSPENDED, other.id, other.valid_from)
        return stands

    def _by_itself(self, one: Condition, of: Stands, on: date) -> Stands:
        """Return how a condition stands, but for what suspends it."""
        ends = [
            (day, how, by)
            for day, how, by, permit in self._ends.get(one.id, ())
            if day <= on and self._effective(permit, day)
        ]
        if ends:
            day, how, by = min(ends)
            if of.since is None or day <= of.since or of.standing is Standing.NOT_YET:
                return Stands(how, by, day)
        if not of.in_force:
            return of
        if on < one.valid_from:
            return Stands(Standing.NOT_YET, "", one.valid_from)
        if one.valid_to is not None and one.valid_to < on:
            return Stands(Standing.EXPIRED, "", one.valid_to + timedelta(days=1))
        return Stands(Standing.IN_FORCE)

    def _effective(self, permit: Permit, day: date) -> bool:
        """Return whether a decision held on the day on which it would end something."""
        return self.decision(permit, day).in_force


def parts_of(permits: Sequence[Permit]) -> Mapping[str, Condition]:
    """Return all conditions of decisions by identifier."""
    return {one.id: one for permit in permits for one in permit.conditions}
