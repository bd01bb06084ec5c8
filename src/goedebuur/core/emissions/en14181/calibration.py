"""QAL2: from parallel measurements to a calibration function, its valid range, and the test of its variability.

    A  regression          b = Σ(x-x̄)(y-ȳ) / Σ(x-x̄)²,  a = ȳ - b·x̄
    B  through zero        b = ȳ / (x̄ - Z),            a = -b·Z          Z: raw signal at zero
    C  with surrogates     as A, with reference materials at zero and near the limit among the points

Which of them follows from how far apart the values of the reference method lie. The function is rounded to nine
decimals first, and everything after it is worked out with the function as it is written down.

References
----------
EN 14181:2014, 6.4-6.7; EN 14181:2004, 6.4-6.7 (A and B)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from goedebuur.core.base.periods import Clock
from goedebuur.core.base.sourced import Text
from goedebuur.core.emissions.en14181 import pairs as parallel
from goedebuur.core.emissions.en14181.criteria import (
    NO_ROW,
    Check,
    Criteria,
    Outcome,
    Relation,
    Requirement,
    as_known,
    check,
    mean,
    outcome,
    questions,
    root,
    rounded,
    variance,
)
from goedebuur.core.emissions.en14181.pairs import Judged, Pair


class Method(StrEnum):
    """How the function is found."""

    REGRESSION = "regression"
    THROUGH_ZERO = "through_zero"
    WITH_SURROGATES = "with_surrogates"


@dataclass(frozen=True, slots=True)
class Surrogate:
    """A reading on a reference material: its concentration in the state in which the instrument measures. [mg/m³]"""

    raw: Fraction
    value: Fraction


@dataclass(frozen=True, slots=True)
class Function:
    """`value = offset + slope · raw`, both with nine decimals. [mg/m³]"""

    offset: Fraction
    slope: Fraction

    def of(self, raw: Fraction) -> Fraction:
        """Return the calibrated value of a raw signal."""
        return self.offset + self.slope * raw


@dataclass(frozen=True, slots=True)
class Point:
    """One pair through the function. All but `raw` in mg/m³; `difference` is reference less calibrated, at standard."""

    pair: Pair
    calibrated: Fraction
    calibrated_standard: Fraction
    reference_standard: Fraction
    difference: Fraction


@dataclass(frozen=True, slots=True)
class Variability:
    """How far instrument and reference method lie apart, at reference conditions.

    Parameters
    ----------
    pairs
        How many there are.
    bias
        Mean of the differences. [mg/m³]
    s_d
        Their standard deviation, cut to nine decimals. [mg/m³]
    square
        Its square, exact. [mg²/m⁶]
    sigma_0
        Largest permissible uncertainty as a standard deviation. [mg/m³]
    k_v
        Factor for this number of pairs; None where the table has none.
    doubts
        What is not confirmed about σ0 and k_v.
    """

    points: tuple[Point, ...]
    pairs: int
    bias: Fraction
    s_d: Fraction
    square: Fraction
    sigma_0: Fraction | None
    k_v: Fraction | None
    doubts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Calibration:
    """What a QAL2 came to, with every number on the way.

    Parameters
    ----------
    told
        All pairs, with why one does not count.
    lowest, highest
        Of the reference method, at reference conditions, of the pairs that count. [mg/m³]
    apart_from
        From which difference between those on a regression is made. [mg/m³]
    method, function
        None where the pairs do not give one.
    valid_high
        Highest calibrated value at reference conditions for which the function was shown to hold, with the extension
        that the standard allows; the lowest is zero. [mg/m³]
    valid_high_low_emission
        The upper end that the standard may allow where emissions are low: a part of the limit. [mg/m³]
    open
        What a person must answer about the function itself; as long as there is something, the test is undetermined.
    """

    told: tuple[Judged, ...]
    days: int
    lowest: Fraction | None
    highest: Fraction | None
    apart_from: Fraction | None
    requirement: Requirement
    method: Method | None
    function: Function | None
    variability: Variability | None
    valid_high: Fraction | None
    valid_high_low_emission: Fraction | None
    checks: tuple[Check, ...]
    open: tuple[Text, ...]

    @property
    def outcome(self) -> Outcome:
        """Return whether it passed."""
        found = outcome(self.checks)
        return Outcome.UNDETERMINED if self.open and found is Outcome.PASSED else found

    @property
    def as_known(self) -> Outcome:
        """Return whether it would have passed if every row were confirmed as it stands."""
        return as_known(self.checks) if self.variability is not None else Outcome.UNDETERMINED

    @property
    def questions(self) -> tuple[Text, ...]:
        """Return what a person must answer."""
        return tuple(dict.fromkeys((*self.open, *questions(self.checks))))


_NO_FUNCTION = Text(
    "Alle ruwe signalen zijn gelijk, of er zijn er te weinig: welke functie hoort hierbij?",
    "All raw signals are the same, or there are too few: which function goes with this?",
)
_NO_SURROGATE = Text(
    "De waarden liggen dicht bij elkaar en laag. Wat gaf het toestel aan bij nulgas, en bij gas nabij de grenswaarde?",
    "The values lie close together and low. What did the instrument show on zero gas, and on gas near the limit?",
)
_NO_ZERO = Text("Wat geeft het toestel aan bij nulgas?", "What does the instrument show on zero gas?")
_DOWNWARDS = Text(
    "De functie daalt: een hoger signaal zou een lager gehalte zijn. Klopt dat voor dit toestel?",
    "The function falls: a higher signal would be a lower concentration. Is that right for this instrument?",
)


def calibrate(
    pairs: Sequence[Pair],
    requirement: Requirement,
    criteria: Criteria,
    on: date,
    clock: Clock,
    *,
    zero: Fraction | None = None,
    surrogates: Sequence[Surrogate] = (),
) -> Calibration:
    """Return what a QAL2 comes to.

    Parameters
    ----------
    on
        Day of the last pair: by which edition it is judged.
    clock
        On which days are counted.
    zero
        Raw signal at zero; e.g. 4 of a signal of 4 to 20 mA.
    surrogates
        Readings on reference materials.
    """
    told = parallel.judged(pairs, criteria, on)
    good = parallel.fit(told)
    brought = [value for one in good if (value := one.brought) is not None]
    lowest, highest = min(brought, default=None), max(brought, default=None)
    method, doubt = _method(lowest, highest, requirement, criteria, on, zero, surrogates)
    function, why = _function(method, good, zero, surrogates)
    found = None if function is None or len(good) < 2 else variability(good, function, requirement, criteria, on)
    apart = criteria.on("qal2.slope_range", on)
    unsure = _unsure(method, criteria, on)
    checks = _counted(good, criteria, on, clock)
    if found is not None:
        checks.append(spread_check(found, "qal2.variability", criteria, on, (requirement.question, unsure)))
    falls = _DOWNWARDS if function is not None and function.slope <= 0 else Text()
    extension, low = criteria.on("qal2.extension", on), criteria.on("qal2.low_range", on)
    top = None if found is None else max(one.calibrated_standard for one in found.points)
    return Calibration(
        told=told,
        days=len(parallel.days(good, clock)),
        lowest=rounded(lowest),
        highest=rounded(highest),
        apart_from=None if apart is None else rounded(apart.value * requirement.largest),
        requirement=requirement,
        method=method,
        function=function,
        variability=found,
        valid_high=None if top is None or extension is None else rounded(top * (1 + extension.value)),
        valid_high_low_emission=None if low is None else rounded(requirement.limit * low.value),
        checks=tuple(checks),
        open=tuple(dict.fromkeys(one for one in (doubt, why, unsure, falls) if one)),
    )


def variability(
    good: Sequence[Pair], function: Function, requirement: Requirement, criteria: Criteria, on: date
) -> Variability:
    """Return how far instrument and reference method lie apart, of at least two pairs that count."""
    points = []
    for one in good:
        assert one.raw is not None
        assert one.brought is not None
        calibrated = function.of(one.raw)
        points.append(
            Point(one, calibrated, calibrated * one.factor, one.brought, one.brought - calibrated * one.factor)
        )
    return spread([one.difference for one in points], requirement.largest, criteria, on, points)


def spread(
    differences: Sequence[Fraction], largest: Fraction, criteria: Criteria, on: date, points: Sequence[Point] = ()
) -> Variability:
    """Return bias and spread of at least two differences.

    Parameters
    ----------
    largest
        Largest permissible uncertainty (95 %) of one value. [as the differences]
    """
    square = variance(differences)
    divisor = criteria.on("sigma0.divisor", on)
    factor = criteria.factors.get(len(differences))
    return Variability(
        points=tuple(points),
        pairs=len(differences),
        bias=mean(differences),
        s_d=root(square),
        square=square,
        sigma_0=None if divisor is None else largest / divisor.value,
        k_v=None if factor is None else factor.k_v,
        doubts=tuple(row.question for row in (divisor, factor) if row is not None and not row.status.decides),
    )


def spread_check(found: Variability, name: str, criteria: Criteria, on: date, doubts: Iterable[Text]) -> Check:
    """Return the test of variability: s_D ≤ factor · σ0 · k_v, decided on the squares."""
    row = criteria.on(name, on)
    if row is None or found.sigma_0 is None or found.k_v is None:
        return check(None, name, found.s_d, Relation.AT_MOST, None, "mg/m³", None)
    bound = row.value * found.sigma_0 * found.k_v
    return check(
        row, name, found.s_d, Relation.AT_MOST, bound, "mg/m³", found.square <= bound**2, (*doubts, *found.doubts)
    )


def _counted(good: Sequence[Pair], criteria: Criteria, on: date, clock: Clock) -> list[Check]:
    """Return the checks on how many pairs there are, over how many days."""
    found = []
    numbers = [("qal2.pairs", len(good), ""), ("qal2.days", len(parallel.days(good, clock)), "d")]
    for name, number, unit in numbers:
        row = criteria.on(name, on)
        bound = None if row is None else row.value
        met = None if bound is None else number >= bound
        found.append(check(row, name, Fraction(number), Relation.AT_LEAST, bound, unit, met))
    row = criteria.on("qal2.span", on)
    span = max(one.end for one in good) - min(one.start for one in good) if good else timedelta(0)
    weeks = Fraction(span // timedelta(seconds=1), 7 * 24 * 3600)
    bound = None if row is None else row.value
    found.append(
        check(row, "qal2.span", weeks, Relation.AT_MOST, bound, "wk", None if bound is None else weeks <= bound)
    )
    return found


def _method(
    lowest: Fraction | None,
    highest: Fraction | None,
    requirement: Requirement,
    criteria: Criteria,
    on: date,
    zero: Fraction | None,
    surrogates: Sequence[Surrogate],
) -> tuple[Method | None, Text]:
    """Return the method, and what is missing for it."""
    apart, low = criteria.on("qal2.slope_range", on), criteria.on("qal2.low", on)
    if lowest is None or highest is None or apart is None or low is None:
        return None, Text()
    if highest - lowest >= apart.value * requirement.largest:
        return Method.REGRESSION, Text()
    if lowest < low.value * requirement.limit:
        if surrogates:
            return Method.WITH_SURROGATES, Text()
        return (Method.THROUGH_ZERO if zero is not None else None), _NO_SURROGATE
    return (Method.THROUGH_ZERO, Text()) if zero is not None else (None, _NO_ZERO)


def _function(
    method: Method | None, good: Sequence[Pair], zero: Fraction | None, surrogates: Sequence[Surrogate]
) -> tuple[Function | None, Text]:
    """Return the function, rounded; and why there is none."""
    points = [(one.raw, one.reference) for one in good if one.raw is not None and one.reference is not None]
    if method is None or len(points) < 2:
        return None, Text() if method is None else _NO_FUNCTION
    if method is Method.WITH_SURROGATES:
        points += [(one.raw, one.value) for one in surrogates]
    middle_x, middle_y = mean([x for x, _ in points]), mean([y for _, y in points])
    if method is Method.THROUGH_ZERO:
        assert zero is not None
        if middle_x == zero:
            return None, _NO_FUNCTION
        slope = rounded(middle_y / (middle_x - zero))
        assert slope is not None
        offset = rounded(-slope * zero)
    else:
        around = sum(((x - middle_x) ** 2 for x, _ in points), Fraction(0))
        if around == 0:
            return None, _NO_FUNCTION
        exact = sum(((x - middle_x) * (y - middle_y) for x, y in points), Fraction(0)) / around
        slope, offset = rounded(exact), rounded(middle_y - exact * middle_x)
    assert slope is not None
    assert offset is not None
    return Function(offset, slope), Text()


def _unsure(method: Method | None, criteria: Criteria, on: date) -> Text:
    """Return what is not confirmed about the choice of the method; empty where nothing is."""
    names = ["qal2.slope_range"] if method is Method.REGRESSION else ["qal2.slope_range", "qal2.low"]
    for name in names:
        row = criteria.on(name, on)
        if row is None:
            return NO_ROW
        if not row.status.decides:
            return row.question
    return Text()
