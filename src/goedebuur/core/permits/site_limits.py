"""The limits on emissions of one site on a day, by emission point: which of them there are, and which binds.

The general rules that hold for a part of the site are those that a decision names (`GeneralRule`); the floors of the
directive under them come with them. Where no decision names any for a part (`none` where there is none), a stricter one
may hold, and nothing is said of which limit binds there.

A condition holds for the points that it names; where it names installations alone, for their points; where it names
neither, for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from goedebuur.core.base.sourced import Status, Text
from goedebuur.core.permits.limits import EmissionLimit, EmissionRule, Level, ReferenceConditions, Tailoring
from goedebuur.core.permits.precedence import (
    NOTHING,
    Binding,
    Candidate,
    Origin,
    Outcome,
    Relation,
    Table,
    asked,
    bindings,
)
from goedebuur.core.permits.records import Condition, DecisionKind, DerogationBasis, GeneralRule, Permit
from goedebuur.core.permits.timeline import Consolidated


class Book(Protocol):
    """The limits of law, and how limits stand to each other."""

    @property
    def precedence(self) -> Table:
        """Return the table of precedence."""

    def named(self, name: str) -> Sequence[EmissionRule]:
        """Return the row of this name, or the rows of the set."""

    def floors(self, rule: EmissionRule) -> Sequence[EmissionRule]:
        """Return the rows of the directive under a row."""


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """A part of the site for which limits are worked out: a point, an installation, or with neither the whole."""

    installation: str = ""
    emission_point: str = ""


@dataclass(frozen=True, slots=True)
class SpotLimits:
    """The limits at one part of a site, by substance and average."""

    spot: Spot
    bindings: tuple[Binding, ...]


def site_limits(
    found: Consolidated, book: Book, installation_of: Mapping[str, str] | None = None
) -> tuple[SpotLimits, ...]:
    """Return which limits bind on the day of the consolidated permit, by part of the site.

    Parameters
    ----------
    installation_of
        Emission point → installation, as the record of the site has it.
    """
    permits = {one.id: one for one, _ in found.decisions}
    limits = [(one, one.form) for one in found.in_force if isinstance(one.form, EmissionLimit)]
    known = dict(_told(found, installation_of or {}))
    result = []
    for spot in _spots(found, known):
        candidates = [_of_condition(one, limit, permits[one.permit], spot, book, found.on) for one, limit in limits]
        for rule in found.general_rules:
            candidates += _of_rule(rule, spot, book, found.on)
        told = bindings([one for one in dict.fromkeys(candidates) if one is not None], found.on, book.precedence)
        if not any(_holds(rule, spot) is not False for rule in found.general_rules):
            told = tuple(_doubted(one, found.on, book) for one in told)
        if told:
            result.append(SpotLimits(spot, told))
    return tuple(result)


def _doubted(one: Binding, on: date, book: Book) -> Binding:
    """Return a binding where no decision says which general rules hold: a stricter one may."""
    if one.outcome is not Outcome.BINDS:
        return one
    return asked(one, Relation.GENERAL_UNKNOWN, on, book.precedence)


def _told(found: Consolidated, given: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """Yield emission points with their installation, as far as it is known or one decision says so of both."""
    parts: tuple[Condition | GeneralRule, ...] = (*found.in_force, *found.general_rules)
    for one in parts:
        if len(one.installations) == 1:
            yield from ((point, one.installations[0]) for point in one.emission_points)
    yield from given.items()


def _spots(found: Consolidated, known: Mapping[str, str]) -> list[Spot]:
    about: list[Condition | GeneralRule] = [one for one in found.in_force if isinstance(one.form, EmissionLimit)]
    about += found.general_rules
    points = {point for one in about for point in one.emission_points}
    spots = {Spot(known.get(point, ""), point) for point in points}
    covered = {spot.installation for spot in spots}
    alone = {name for one in about if not one.emission_points for name in one.installations}
    spots |= {Spot(name) for name in alone - covered}
    return sorted(spots or {Spot()})


def _holds(one: Condition | GeneralRule, spot: Spot) -> bool | None:
    """Return whether something holds for a part of the site; None where that is not known."""
    if one.emission_points:
        return spot.emission_point in one.emission_points
    if not one.installations:
        return True
    if not spot.installation:
        return None if spot.emission_point else False
    return spot.installation in one.installations


def _scope(book: Book, on: date) -> Text:
    row = book.precedence.on(Relation.SCOPE, on)
    return row.question if row is not None else NOTHING


def _of_condition(
    one: Condition, limit: EmissionLimit, permit: Permit, spot: Spot, book: Book, on: date
) -> Candidate | None:
    holds = _holds(one, spot)
    if holds is False:
        return None
    return Candidate(
        source=one.id,
        origin=_origin(one, limit, permit),
        limit=limit,
        article=one.article or permit.article,
        valid_from=one.valid_from,
        valid_to=one.valid_to,
        doubt=_scope(book, on) if holds is None else NOTHING,
    )


def _origin(one: Condition, limit: EmissionLimit, permit: Permit) -> Origin:
    if one.derogation is not None:
        return {
            DerogationBasis.BAT_AEL: Origin.DEROGATION,
            DerogationBasis.CRISIS: Origin.CRISIS,
            DerogationBasis.EMERGING_TECHNIQUE: Origin.EMERGING,
        }[one.derogation.basis]
    tailored = limit.tailored in (Tailoring.RELAXES, Tailoring.TIGHTENS)
    return Origin.TAILORED if tailored or permit.kind is DecisionKind.TAILORED_CONDITIONS else Origin.PERMIT


def _of_rule(rule: GeneralRule, spot: Spot, book: Book, on: date) -> list[Candidate | None]:
    holds = _holds(rule, spot)
    if holds is False:
        return []
    doubt = _scope(book, on) if holds is None else NOTHING
    rows = list(book.named(rule.rule))
    floors = [floor for row in rows for floor in book.floors(row)]
    return [_of_row(row, rule.oxygen, doubt, book, on) for row in dict.fromkeys((*rows, *floors))]


def _of_row(row: EmissionRule, oxygen: str, doubt: Text, book: Book, on: date) -> Candidate:
    eu = row.limit.level is Level.EU
    # the floor of a later text is held against an earlier day too: it decides nothing, and can only ask
    unread = not eu and on < row.valid_from
    limit, gas = _brought(row, "" if eu else oxygen)
    doubt = doubt or row.question
    if not gas and not doubt:
        row_of_gas = book.precedence.on(Relation.GAS, on)
        doubt = row_of_gas.question if row_of_gas is not None else NOTHING
    return Candidate(
        source=row.id,
        origin=Origin.EU_FLOOR if eu else Origin.GENERAL_RULE,
        limit=limit,
        article=row.article,
        valid_from=min(row.valid_from, on),
        valid_to=row.valid_to,
        status=row.status if gas else Status.JUDGEMENT,
        ceiling=row.ceiling,
        ceiling_case=row.ceiling_case,
        doubt=doubt,
        unread=unread,
    )


def _brought(row: EmissionRule, oxygen: str) -> tuple[EmissionLimit, bool]:
    """Return the limit of a row with the content of oxygen that holds here, and whether that is known."""
    held = row.limit.reference or ReferenceConditions()
    if not row.oxygen:
        return row.limit, oxygen in ("", held.oxygen) or (oxygen == "none" and not held.oxygen)
    if oxygen == "none":
        return row.limit, True
    if oxygen not in row.oxygen:
        return row.limit, False
    return replace(row.limit, reference=replace(held, oxygen=oxygen)), True
