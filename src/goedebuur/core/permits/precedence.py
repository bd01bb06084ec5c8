"""Which limit binds on a day: all limits on one substance at one point side by side, and the one that counts.

The relations between limits are rows of `rules/tables/limit_precedence.csv`, each with article, dates and status. A
row that is not confirmed, a conflict that no row settles, a gas or an average that cannot be compared gives
`UNDETERMINED` with the question that a person must answer. Only limits on the same average are held against each
other; limits on different averages all bind, each for its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final

from goedebuur.core.base.sourced import Status, Text, holds
from goedebuur.core.permits.limits import Averaging, Bound, EmissionLimit, Tailoring
from goedebuur.core.permits.units import unit


class Origin(StrEnum):
    """Where a limit comes from."""

    EU_FLOOR = "eu_floor"
    GENERAL_RULE = "general_rule"
    TAILORED = "tailored"
    PERMIT = "permit"
    DEROGATION = "derogation"
    CRISIS = "crisis"
    EMERGING = "emerging"


class Effect(StrEnum):
    """What a relation does."""

    BINDS = "binds"
    SETS_ASIDE = "sets_aside"
    ASK = "ask"
    NOTE = "note"


class Relation(StrEnum):
    """How limits stand to each other; the rows say what follows from it."""

    STRICTEST = "strictest"
    TAILORED_CEILING = "tailored_ceiling"
    TAILORED_BEYOND = "tailored_beyond"
    TAILORED_NO_CEILING = "tailored_no_ceiling"
    TAILORED_ALONE = "tailored_alone"
    SITE_LAXER = "site_laxer"
    DEROGATION = "derogation"
    DEROGATION_LAXER = "derogation_laxer"
    CRISIS = "crisis"
    EMERGING = "emerging"
    EU_FLOOR = "eu_floor"
    GAS = "gas"
    AVERAGING = "averaging"
    SCOPE = "scope"
    EU_ONLY = "eu_only"
    GENERAL_UNKNOWN = "general_unknown"


class Outcome(StrEnum):
    """What is known of which limit binds."""

    BINDS = "BINDS"
    EU_ONLY = "EU_ONLY"
    """The directive has a limit, and no limit was found that binds the operator."""
    UNDETERMINED = "UNDETERMINED"


NOTHING: Final = Text()
NO_ROW: Final = Text(
    "Voor deze dag staat in de tabel niet hoe grenswaarden zich tot elkaar verhouden. Welke grenswaarde geldt?",
    "For this day the table does not say how limits stand to each other. Which limit holds?",
)
UNREAD: Final = Text(
    "Van deze algemene regel is voor deze dag geen tekst gelezen. Wat stond er toen?",
    "No text of this general rule was read for this day. What did it say then?",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrecedenceRow(Bound):
    """One row of the table of precedence."""

    relation: Relation
    effect: Effect
    text: Text

    @property
    def decides(self) -> bool:
        """Return whether a person need not be asked."""
        return self.effect is not Effect.ASK and self.status.decides


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of precedence; a relation has one row on a day at most."""

    rows: tuple[PrecedenceRow, ...]

    def on(self, relation: Relation, day: date) -> PrecedenceRow | None:
        """Return the row of a relation that holds on a day, None where the table has none."""
        return next((row for row in self.rows if row.relation is relation and row.in_force(day)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One limit that may bind.

    Parameters
    ----------
    source
        A row of `emission_limits.csv`, or a condition.
    ceiling
        Up to which value a tailored condition may relax this general rule; empty where none is named. [unit of limit]
    doubt
        What must be answered before this counts: of an unconfirmed row, or of its scope.
    unread
        Whether it holds on the day with a value that nobody read; the value is that of a later text.
    """

    source: str
    origin: Origin
    limit: EmissionLimit
    article: str
    valid_from: date
    valid_to: date | None = None
    status: Status = Status.CONFIRMED
    ceiling: str = ""
    ceiling_case: Text = NOTHING
    doubt: Text = NOTHING
    unread: bool = False

    @property
    def sure(self) -> bool:
        """Return whether nothing needs to be answered before it counts."""
        return self.status is Status.CONFIRMED and not self.doubt

    @property
    def relaxes(self) -> bool:
        """Return whether it is a tailored condition that relaxes."""
        return self.limit.tailored is Tailoring.RELAXES


@dataclass(frozen=True, slots=True)
class Key:
    """What limits have in common that are held against each other: substance, average, part of the averages, state."""

    substance: str
    averaging: Averaging
    share: Fraction
    over: str
    during: str
    dimension: str

    @classmethod
    def of(cls, limit: EmissionLimit) -> Key:
        """Return the key of a limit."""
        return cls(
            limit.substance.id or limit.substance.name.casefold(),
            limit.averaging,
            Fraction(limit.statistic.share),
            limit.statistic.over or "",
            limit.during or "",
            unit(limit.unit).dimension,
        )


@dataclass(frozen=True, slots=True)
class Binding:
    """Which of the limits with one key binds.

    Parameters
    ----------
    candidates
        All that hold on the day, strictest first where they can be compared.
    binding
        The one that binds; None where that is not known.
    reason
        The row of precedence that says so, by identifier; `no-row`, `unconfirmed` or `unread` where no row does.
    article, text, question
        Of that row; the question where a person must answer.
    notes
        What else must be known: when a ceiling holds.
    instead
        Other limits of the same set: it is enough to meet one of them, so this one binds where none of these is met.
    """

    key: Key
    outcome: Outcome
    binding: Candidate | None
    candidates: tuple[Candidate, ...]
    reason: str
    article: str
    text: Text
    question: Text
    notes: tuple[Text, ...] = ()
    instead: tuple[str, ...] = ()


def compared(limit: EmissionLimit, to: EmissionLimit) -> Fraction | None:
    """Return the value of a limit in the gas of another, None where the two cannot be compared.

    A concentration at one content of oxygen is brought to another by (21 - O₂ there) / (21 - O₂ here). Temperature
    and pressure of a normal cubic metre are 273.15 K and 101.3 kPa where they are not stated.

    References
    ----------
    Directive 2010/75/EU annex VI part 7
    """
    if unit(limit.unit).dimension != unit(to.unit).dimension:
        return None
    value = limit.binding_value
    if "m³" not in limit.unit:
        return value
    mine, theirs = _gas(limit), _gas(to)
    if mine[1:] != theirs[1:] or mine[1] is None:
        return None
    if mine[0] == theirs[0]:
        return value
    if mine[0] is None or theirs[0] is None:
        return None
    return value * (21 - theirs[0]) / (21 - mine[0])


def _gas(limit: EmissionLimit) -> tuple[Fraction | None, bool | None, Fraction | None, Fraction | None]:
    found = limit.reference
    normal = "Nm³" in limit.unit
    temperature = found.temperature if found and found.temperature else "273.15" if normal else ""
    pressure = found.pressure if found and found.pressure else "101.3" if normal else ""
    return (
        Fraction(found.oxygen) if found and found.oxygen else None,
        found.dry if found else None,
        Fraction(temperature) if temperature else None,
        Fraction(pressure) if pressure else None,
    )


def bindings(candidates: Iterable[Candidate], on: date, table: Table) -> tuple[Binding, ...]:
    """Return which limit binds on a day for each average, of the limits on one or more substances at one point."""
    held = [one for one in candidates if holds(one.valid_from, one.valid_to, on)]
    groups: dict[Key, list[Candidate]] = {}
    for one in held:
        groups.setdefault(Key.of(one.limit), []).append(one)
    decided = [_Group(key, ones, on, table).decide() for key, ones in groups.items()]
    found = [_with_instead(_with_others(one, groups, on, table), held) for one in decided]
    return tuple(sorted(found, key=lambda one: (one.key.substance, *_rank(one.key))))


def _rank(key: Key) -> tuple[int, Fraction, str, str]:
    return list(Averaging).index(key.averaging), -key.share, key.during, key.dimension


def _with_others(one: Binding, groups: Mapping[Key, Sequence[Candidate]], on: date, table: Table) -> Binding:
    """Return a binding, doubted where a limit on an unknown or another average may change it."""
    if one.outcome is not Outcome.BINDS or one.binding is None:
        return one
    for key, others in groups.items():
        if key == one.key or (key.substance, key.during) != (one.key.substance, one.key.during):
            continue
        own = [other for other in others if other.origin is not Origin.EU_FLOOR]
        if key.averaging is Averaging.NOT_STATED and any(_may_change(one.binding, other) for other in own):
            return asked(one, Relation.AVERAGING, on, table)
        alone = any(other.relaxes for other in own) and not _general(own)
        if alone and one.binding.origin is Origin.GENERAL_RULE:
            return asked(one, Relation.TAILORED_ALONE, on, table)
    return one


def _with_instead(one: Binding, held: Iterable[Candidate]) -> Binding:
    """Return a binding with the other limits of its set, of the same decision or the same law, by source."""
    chosen = one.binding
    if chosen is None or not chosen.limit.alternative:
        return one
    mine = (chosen.limit.alternative, chosen.origin, _body(chosen))
    others = {
        other.source
        for other in held
        if other.source != chosen.source and (other.limit.alternative, other.origin, _body(other)) == mine
    }
    return replace(one, instead=tuple(sorted(others)))


def _body(one: Candidate) -> str:
    """Return the decision of a condition; nothing for a row of law."""
    return one.source.partition("/")[0] if "/" in one.source else ""


def _may_change(binding: Candidate, other: Candidate) -> bool:
    """Return whether a limit that does not say its average may be the one that binds."""
    value = compared(other.limit, binding.limit)
    return value is None or value < binding.limit.binding_value or other.relaxes


def asked(one: Binding, relation: Relation, on: date, table: Table) -> Binding:
    """Return a binding of which a person must say something first, by the row of a relation."""
    row = table.on(relation, on)
    if row is None:
        return replace(one, outcome=Outcome.UNDETERMINED, binding=None, reason="no-row", text=NO_ROW, question=NO_ROW)
    return replace(
        one,
        outcome=Outcome.UNDETERMINED,
        binding=None,
        reason=row.id,
        article=row.article,
        text=row.text,
        question=row.question,
    )


def _general(ones: Iterable[Candidate]) -> list[Candidate]:
    return [one for one in ones if one.origin is Origin.GENERAL_RULE]


@dataclass(frozen=True, slots=True)
class _Choice:
    """What follows from some candidates: the one that binds, or the relation that leaves it open."""

    chosen: Candidate | None
    relation: Relation
    notes: tuple[Text, ...] = ()


class _Group:
    """The limits with one key on a day."""

    def __init__(self, key: Key, ones: Sequence[Candidate], on: date, table: Table) -> None:
        self.key, self.on, self.table = key, on, table
        self.floors = [one for one in ones if one.origin is Origin.EU_FLOOR]
        self.own = [one for one in ones if one.origin is not Origin.EU_FLOOR]
        self.ones = tuple(sorted(ones, key=lambda one: (one.limit.binding_value, one.source)))

    def decide(self) -> Binding:
        """Return which binds."""
        if not self.own:
            return self._said(Outcome.EU_ONLY, _Choice(None, Relation.EU_ONLY))
        if self.key.averaging is Averaging.NOT_STATED:
            return self._said(Outcome.UNDETERMINED, _Choice(None, Relation.AVERAGING))
        unread = next((one for one in self.own if one.unread), None)
        if unread is not None:
            return Binding(self.key, Outcome.UNDETERMINED, None, self.ones, "unread", unread.article, UNREAD, UNREAD)
        choice = self._choose(self.own)
        doubtful = [one for one in self.own if not one.sure]
        if doubtful and choice.relation is not Relation.GAS:
            sure = [one for one in self.own if one.sure]
            without = self._choose(sure) if sure else None
            if without is None or without.chosen is None or without.chosen != choice.chosen:
                return self._unconfirmed(doubtful[0])
        if choice.chosen is None or not self._decides(choice.relation):
            return self._said(Outcome.UNDETERMINED, replace(choice, chosen=None))
        return self._said(Outcome.BINDS, choice)

    def _decides(self, relation: Relation) -> bool:
        row = self.table.on(relation, self.on)
        return row is not None and row.decides

    def _choose(self, own: Sequence[Candidate]) -> _Choice:
        values = {one.source: compared(one.limit, own[0].limit) for one in own}
        if len(own) > 1 and None in values.values():
            return _Choice(None, Relation.GAS)

        def value(one: Candidate) -> Fraction:
            found = values[one.source]
            return one.limit.binding_value if found is None else found

        general = min(_general(own), key=value, default=None)
        notes: list[Text] = []
        left = list(own)
        relation = Relation.STRICTEST
        for one in own:
            if not one.relaxes:
                continue
            if general is None:
                return _Choice(None, Relation.TAILORED_ALONE)
            if value(one) > value(general):
                beyond = self._beyond(value(one), general, value(general))
                if beyond is not None:
                    return _Choice(None, beyond)
                left = [other for other in left if other.origin is not Origin.GENERAL_RULE]
                relation = Relation.TAILORED_CEILING
                notes += [general.ceiling_case] if general.ceiling_case else []
        chosen = min(left, key=lambda one: (value(one), one.origin is Origin.GENERAL_RULE, one.source))
        open_ = self._laxer(chosen, [one for one in left if value(one) > value(chosen)])
        if open_ is not None:
            return _Choice(None, open_)
        return self._above_floor(chosen, self._relation(chosen, relation), tuple(notes))

    def _beyond(self, value: Fraction, general: Candidate, of_general: Fraction) -> Relation | None:
        """Return why a tailored condition may not relax a general rule so far; None where it may."""
        if not general.ceiling:
            return Relation.TAILORED_NO_CEILING
        # the ceiling stands in the unit and gas of the rule, with the factor of its statistic
        ceiling = of_general * Fraction(general.ceiling) / Fraction(general.limit.value)
        return Relation.TAILORED_BEYOND if value > ceiling else None

    def _laxer(self, chosen: Candidate, laxer: Sequence[Candidate]) -> Relation | None:
        """Return why it is open that a general rule binds beside a laxer condition; None where it is not."""
        if chosen.origin is not Origin.GENERAL_RULE:
            return None
        for one in laxer:
            if one.origin is Origin.CRISIS:
                return Relation.CRISIS
            if one.origin is Origin.EMERGING:
                return Relation.EMERGING
            if one.origin is Origin.DEROGATION:
                return Relation.DEROGATION_LAXER
            if one.origin in (Origin.PERMIT, Origin.TAILORED) and one.limit.tailored is not Tailoring.BESIDE:
                return Relation.SITE_LAXER
        return None

    def _relation(self, chosen: Candidate, otherwise: Relation) -> Relation:
        """Return the relation by which a limit binds; a derogation binds by the article that allows it."""
        by_origin = {
            Origin.DEROGATION: Relation.DEROGATION,
            Origin.CRISIS: Relation.CRISIS,
            Origin.EMERGING: Relation.EMERGING,
        }
        return by_origin.get(chosen.origin, otherwise if chosen.relaxes else Relation.STRICTEST)

    def _above_floor(self, chosen: Candidate, relation: Relation, notes: tuple[Text, ...]) -> _Choice:
        for floor in self.floors:
            value = compared(chosen.limit, floor.limit)
            if value is None:
                return _Choice(None, Relation.GAS)
            if value > floor.limit.binding_value:
                return _Choice(None, Relation.EU_FLOOR)
        return _Choice(chosen, relation, notes)

    def _unconfirmed(self, doubtful: Candidate) -> Binding:
        text = Text("Een van de grenswaarden staat niet vast.", "One of the limits is not certain.")
        question = doubtful.doubt
        return Binding(self.key, Outcome.UNDETERMINED, None, self.ones, "unconfirmed", doubtful.article, text, question)

    def _said(self, outcome: Outcome, choice: _Choice) -> Binding:
        row = self.table.on(choice.relation, self.on)
        if row is None:
            return Binding(self.key, Outcome.UNDETERMINED, None, self.ones, "no-row", "", NO_ROW, NO_ROW)
        question = Text() if outcome is Outcome.BINDS else row.question
        return Binding(
            self.key, outcome, choice.chosen, self.ones, row.id, row.article, row.text, question, choice.notes
        )
