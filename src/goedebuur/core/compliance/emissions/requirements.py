"""Which limit binds at a point on which days of a year, with what may be taken off a value before it is held to it.

Made of the bindings of the permit record, one for each run of days on which nothing changes. Where it is open which
limit binds, the days stand apart with the question. Where a text has several readings of the value, or of the cap on
the uncertainty, the lowest and the highest stand here; every verdict must be the same with both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from goedebuur.core.base.sourced import Status, Text
from goedebuur.core.compliance.emissions import wording
from goedebuur.core.compliance.emissions.regimes import Basis, Caps, Regime, RegimeBook, Uncertainty
from goedebuur.core.emissions.processing import NORMAL_KELVIN, NORMAL_KILOPASCAL, Reference
from goedebuur.core.permits.limits import Averaging, Bound, EmissionLimit, Exemption
from goedebuur.core.permits.precedence import NOTHING, Binding, Candidate, Key, Origin, Outcome, Table, bindings
from goedebuur.core.permits.records import Permit
from goedebuur.core.permits.units import unit

MASS_FLOW: Final = "mass flow"
TOXIC: Final = "toxic equivalents"
"""Of limits that only measurements of a laboratory are held to. [ng TEQ/Nm³]"""
UNITS_OF: Final = {"concentration": "mg/Nm³", MASS_FLOW: "g/h", TOXIC: "ng TEQ/Nm³"}
"""Dimension of a limit → unit of its numbers, of those that measurements are held to."""
Shown = Fraction | Mapping[str, Fraction | None] | None
"""Uncertainty that was shown of an instrument, or of each of several by stream; None: not known. [mg/Nm³]"""
OWN_WORDS: Final = frozenset({Origin.PERMIT, Origin.DEROGATION, Origin.CRISIS, Origin.EMERGING})
"""Where limits come from that say by themselves in which states they do not count."""


@dataclass(frozen=True, slots=True)
class Held:
    """A limit on a run of days.

    Parameters
    ----------
    source, article, origin
        Row or condition, article, and who set it.
    regime
        Identifier; empty where it is not known by which section of law its averages are judged.
    low, high
        What the averages must not exceed, with the factor of the statistic; they differ where readings do. [mg/Nm³]
    reference
        Key of the conditions to which the gas is brought (`core/emissions/processing.Reference`); empty where the limit
        does not say enough to compute.
    taken_low, taken_high
        What is taken off one value at most, by the readings; None: no row says how much. [mg/Nm³]
    demonstrated
        Whether no more is taken off than was shown of the instrument.
    above
        Emission of the point in a year from which it counts; None: it counts always. [kg, or mg of toxic equivalents]
    question
        What a person must answer where readings differ.
    """

    first: date
    last: date
    source: str
    article: str
    origin: Origin
    regime: str
    low: Fraction
    high: Fraction
    reference: str
    taken_low: Fraction = Fraction(0)
    taken_high: Fraction | None = None
    demonstrated: bool = True
    above: Fraction | None = None
    exemptions: tuple[Exemption, ...] = ()
    instead: tuple[str, ...] = ()
    question: Text = NOTHING

    @property
    def own_words(self) -> bool:
        """Return whether the decision, not the law, says in which states it does not count."""
        return self.origin in OWN_WORDS

    def taken(self, shown: Fraction | None) -> tuple[Fraction, Fraction | None]:
        """Return the least and the most that is taken off one value; None: there is no bound.

        Parameters
        ----------
        shown
            Half the width of the 95 % confidence interval that was shown of this instrument. [mg/Nm³] None: not known.

        References
        ----------
        Directive 2010/75/EU annex V part 3 (10), annex VI part 8; Bal 4.48, 4.88, 5.35
        """
        if shown is None:
            return (Fraction(0) if self.demonstrated else self.taken_low), self.taken_high
        most = shown if self.taken_high is None else min(shown, self.taken_high)
        if self.taken_high is None:
            return Fraction(0), most
        least = min(shown, self.taken_low)
        return least, most if self.demonstrated else self.taken_high


@dataclass(frozen=True, slots=True)
class Open:
    """A run of days on which it is not known which limit binds.

    Parameters
    ----------
    origins
        Who set the limits between which it is open.
    """

    first: date
    last: date
    reason: str
    question: Text
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True)
class Requirement:
    """What the averages of one substance at one point must meet in a year.

    Parameters
    ----------
    key
        Substance, average, part of the averages, state.
    floor
        Whether it is the directive's own limit, which binds the legislator and not the operator.
    alternative
        Name of the set of which it is enough to meet one; empty where this one must be met.
    """

    key: Key
    held: tuple[Held, ...]
    open: tuple[Open, ...] = ()
    floor: bool = False
    alternative: str = ""

    @property
    def name(self) -> str:
        """Return a name that tells it from the others at its point."""
        share = "" if self.key.share == 100 else f"-{self.key.share}-{self.key.over}"
        during = f"-{self.key.during}" if self.key.during else ""
        instead = f"-{self.alternative}" if self.alternative else ""
        floor = "-eu" if self.floor else ""
        flow = "-flow" if self.key.dimension == MASS_FLOW else ""
        return f"{self.key.substance}-{self.key.averaging}{share}{during}{instead}{flow}{floor}"

    @property
    def layers(self) -> tuple[str, ...]:
        """Return who set the limits that bind, in order of day; where it is open which binds, of all that may."""
        held = tuple(dict.fromkeys(str(one.origin) for one in self.held))
        return held or tuple(dict.fromkeys(str(origin) for one in self.open for origin in one.origins))

    @property
    def unit(self) -> str:
        """Return the unit of its numbers."""
        return UNITS_OF[self.key.dimension]

    def shown(self, shown: Shown, stream: str) -> Fraction | None:
        """Return the uncertainty that was shown of what is judged; None where nothing is known of it. [as its numbers]

        Parameters
        ----------
        shown
            What was shown of the concentrations. [mg/Nm³] Of a product with a flow that says nothing.
        stream
            Of which instrument.
        """
        if self.key.dimension == MASS_FLOW:
            return None
        return shown.get(stream) if isinstance(shown, Mapping) else shown

    def uniform(self, year: int) -> bool:
        """Return whether one limit holds through all of a year."""
        first, last = date(year, 1, 1), date(year, 12, 31)
        return not self.open and len(self.held) == 1 and self.held[0].first <= first and last <= self.held[0].last

    def on(self, day: date) -> Held | None:
        """Return the limit that holds on a day."""
        return next((one for one in self.held if one.first <= day <= one.last), None)

    @property
    def references(self) -> frozenset[str]:
        """Return the keys of the conditions to which the gas is brought."""
        return frozenset(one.reference for one in self.held)


@dataclass(frozen=True, slots=True)
class Day:
    """The bindings of one point on a run of days on which nothing changes."""

    first: date
    last: date
    bindings: tuple[Binding, ...]


@dataclass(frozen=True, slots=True)
class Sets:
    """To which set of limits each row of law belongs, and the tables that judge."""

    of_row: Mapping[str, str]
    questions: Mapping[str, Text]
    book: RegimeBook
    precedence: Table


def runs(year: int, changes: Iterable[date], on: Callable[[date], Iterable[Binding]]) -> tuple[Day, ...]:
    """Return the bindings of a point in runs of days of a year.

    Parameters
    ----------
    changes
        Days on which something may change; others are passed over.
    on
        Bindings of the point on a day.
    """
    begins = sorted({date(year, 1, 1), *(day for day in changes if day.year == year)})
    ends = [*(day - timedelta(days=1) for day in begins[1:]), date(year, 12, 31)]
    return tuple(Day(first, last, tuple(on(first))) for first, last in zip(begins, ends, strict=True))


def requirements(days: Sequence[Day], sets: Sets) -> tuple[Requirement, ...]:
    """Return what the concentrations at a point must meet, from its bindings in runs of days, by name."""
    found: dict[tuple[Key, bool, str], tuple[list[Held], list[Open]]] = {}
    for run in days:
        for binding in run.bindings:
            if binding.key.dimension not in UNITS_OF:
                continue
            for floor in (False, True):
                for told in _of_binding(binding, run, sets, floor=floor):
                    where = found.setdefault((binding.key, floor, told[1]), ([], []))
                    (where[0] if isinstance(told[0], Held) else where[1]).append(told[0])  # type: ignore[arg-type]
    made = [
        Requirement(key, _joined(held), tuple(open_), floor, alternative)
        for (key, floor, alternative), (held, open_) in found.items()
    ]
    return tuple(sorted(made, key=lambda one: one.name))


def _of_binding(binding: Binding, run: Day, sets: Sets, *, floor: bool) -> list[tuple[Held | Open, str]]:
    if floor:
        eu = [one for one in binding.candidates if one.origin is Origin.EU_FLOOR and one.sure]
        return [(_held(one, run, sets, binding), one.limit.alternative) for one in eu]
    if binding.outcome is Outcome.EU_ONLY:
        return []
    if binding.binding is not None:
        return [(_held(binding.binding, run, sets, binding), binding.binding.limit.alternative)]
    read = _by_readings(binding, run, sets)
    if read is not None:
        return [(read, read_alternative(binding))]
    origins = tuple(dict.fromkeys(one.origin for one in binding.candidates if one.origin is not Origin.EU_FLOOR))
    return [(Open(run.first, run.last, binding.reason, binding.question, origins), read_alternative(binding))]


def read_alternative(binding: Binding) -> str:
    """Return the set of alternatives that all own limits of a binding belong to; empty where they differ."""
    names = {one.limit.alternative for one in binding.candidates if one.origin is not Origin.EU_FLOOR}
    return names.pop() if len(names) == 1 else ""


def _by_readings(binding: Binding, run: Day, sets: Sets) -> Held | None:
    """Return a limit whose text has several readings of the factor, where it binds by each of them."""
    doubtful = [one for one in binding.candidates if one.origin is not Origin.EU_FLOOR and not one.sure]
    if binding.reason != "unconfirmed" or len(doubtful) != 1:
        return None
    one = doubtful[0]
    reading = sets.book.factor(sets.of_row.get(one.source, ""), one.limit.averaging, run.first)
    gas_known = one.limit.reference is not None and bool(one.limit.reference.oxygen)
    if reading is None or one.status is not Status.JUDGEMENT or not gas_known:
        return None
    if not one.doubt or one.doubt != sets.questions.get(one.source) or one.doubt != reading.question:
        return None
    helds = []
    for factor in reading.factors:
        statistic = replace(one.limit.statistic, factor=str(factor))
        sure = replace(one, limit=replace(one.limit, statistic=statistic), status=Status.CONFIRMED, doubt=Text())
        others = [sure if other == one else other for other in _all(run)]
        again = next((b for b in bindings(others, run.first, sets.precedence) if b.key == binding.key), None)
        if again is None or again.binding is None:
            return None
        helds.append(_held(again.binding, run, sets, binding))
    if len({(one.source, one.regime) for one in helds}) != 1:
        return None
    low, high = min(one.low for one in helds), max(one.high for one in helds)
    return replace(helds[0], low=low, high=high, question=reading.question)


def _all(run: Day) -> list[Candidate]:
    return list(dict.fromkeys(one for binding in run.bindings for one in binding.candidates))


def _held(one: Candidate, run: Day, sets: Sets, binding: Binding) -> Held:
    limit, on = one.limit, run.first
    regime = _regime(one, run, sets, binding)
    row = None if regime is None else sets.book.uncertainty(regime.id, binding.key.substance, on)
    if binding.key.dimension == MASS_FLOW:
        row = None  # the tables say what is taken off a concentration, and nothing of its product with a flow
    if row is not None and row.status is not Status.CONFIRMED:
        row = None
    low, high, question = _caps(row, limit.exact, _day_value(one, run, binding.key), one)
    value = limit.binding_value
    return Held(
        first=run.first,
        last=run.last,
        source=one.source,
        article=one.article,
        origin=one.origin,
        regime=regime.id if regime is not None else "",
        low=value,
        high=value,
        reference=reference_of(limit),
        taken_low=low,
        taken_high=high,
        demonstrated=row is None or row.demonstrated,
        above=None if limit.above is None else Fraction(limit.above.value) * unit(limit.above.unit).ratio,
        exemptions=limit.exemptions,
        instead=binding.instead,
        question=question if regime is not None else wording.NO_REGIME,
    )


def reference_of(limit: EmissionLimit) -> str:
    """Return the key of the conditions of a limit; empty where it leaves out what must be known.

    The normal cubic metre is that of the law where the limit states no other.
    """
    told = limit.reference
    if told is None or told.dry is None or "Nm³" not in limit.unit:
        return ""
    normal = replace(told, temperature=told.temperature or NORMAL_KELVIN, pressure=told.pressure or NORMAL_KILOPASCAL)
    found = Reference.of(normal)
    return found.key if found is not None else ""


def _regime(one: Candidate, run: Day, sets: Sets, binding: Binding) -> Regime | None:
    """Return the regime of a limit: of its own set, or for a condition that of the rule of law on its substance."""
    if one.source in sets.of_row:
        names = {sets.of_row[one.source]}
    else:
        same = [b for b in run.bindings if b.key.substance == binding.key.substance]
        law = [c for b in same for c in b.candidates if c.origin is Origin.GENERAL_RULE]
        names = {sets.of_row[c.source] for c in law if c.source in sets.of_row}
    found = {regime.id: regime for name in names if (regime := sets.book.regime(name, run.first)) is not None}
    only = next(iter(found.values())) if len(found) == 1 else None
    return only if only is not None and only.status is Status.CONFIRMED else None


def _day_value(one: Candidate, run: Day, key: Key) -> Fraction | None:
    """Return the value for the day of the same substance, of the same origin; None where there is not one."""
    if one.limit.averaging is Averaging.DAY:
        return one.limit.exact
    eu = one.origin is Origin.EU_FLOOR
    for binding in run.bindings:
        told = (binding.key.substance, binding.key.averaging, binding.key.dimension)
        if told != (key.substance, Averaging.DAY, key.dimension):
            continue
        if eu:
            floors = [c for c in binding.candidates if c.origin is Origin.EU_FLOOR]
            return floors[0].limit.exact if len(floors) == 1 else None
        return binding.binding.limit.exact if binding.binding is not None else None
    return None


def _caps(
    row: Uncertainty | None, own: Fraction, day: Fraction | None, one: Candidate
) -> tuple[Fraction, Fraction | None, Text]:
    """Return the least and the most that is taken off at most, by the readings, and the question between them."""
    if row is None:
        return Fraction(0), None, wording.NO_UNCERTAINTY
    values = {Basis.OWN: own, Basis.DAY: day}
    shares = [value * row.share for basis in row.basis if (value := values[basis]) is not None]
    if len(shares) < len(row.basis):
        # the value for the day is not known, so nor is the least that is taken off
        shares = [Fraction(0), *shares] if shares else []
    if not shares:
        return Fraction(0), None, wording.NO_UNCERTAINTY
    if row.absolute is None:
        found = shares
    else:
        pick = {Caps.SMALLER: min, Caps.LARGER: max}
        found = [pick[caps](share, row.absolute) for caps in row.caps for share in shares]
    low, high = min(found), max(found)
    return low, high, row.question if low != high else Text()


def _joined(held: Iterable[Held]) -> tuple[Held, ...]:
    """Return runs of days on which the same holds as one run."""
    found: list[Held] = []
    for one in sorted(held, key=lambda each: each.first):
        before = found[-1] if found else None
        same = before is not None and replace(before, first=one.first, last=one.last) == one
        if before is not None and same and (one.first - before.last).days == 1:
            found[-1] = replace(before, last=one.last)
        else:
            found.append(one)
    return tuple(found)


def changes(permits: Iterable[Permit], rows: Iterable[Bound]) -> set[date]:
    """Return the days on which another limit may begin to bind: first days, and days after last ones."""
    found: set[date] = set()
    for permit in permits:
        found |= _turns(permit.valid_from, permit.valid_to)
        for condition in permit.conditions:
            found |= _turns(condition.valid_from, condition.valid_to)
    for row in rows:
        found |= _turns(row.valid_from, row.valid_to)
    return found


def _turns(first: date, last: date | None) -> set[date]:
    return {first} if last is None or last == date.max else {first, last + timedelta(days=1)}
