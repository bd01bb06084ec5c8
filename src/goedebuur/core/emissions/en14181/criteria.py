"""What the tests of instruments have in common: criteria as dated rows, checks against them, and the outcome.

References
----------
EN 14181:2014; the rows say what was read of it, and where.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import isqrt
from typing import Final

from goedebuur.core.base.sourced import Status, Text, holds

DECIMALS: Final = 9
"""Of everything that is shown and is not exact."""


class Outcome(StrEnum):
    """What a test came to."""

    PASSED = "passed"
    FAILED = "failed"
    UNDETERMINED = "undetermined"
    """Something that decides is not known, or not confirmed; the questions say what."""


class Relation(StrEnum):
    """How a value has to stand to its bound."""

    AT_MOST = "≤"
    AT_LEAST = "≥"
    UNDER = "<"
    OVER = ">"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One number of the standard.

    Parameters
    ----------
    value
        [unit]; a share has the unit `1`.
    valid_from, valid_to
        First and last day on which this edition holds; None: still open.
    text
        What is asked, in words.
    question
        What a person must answer as long as the row is not confirmed.
    """

    id: str
    value: Fraction
    unit: str
    valid_from: date
    valid_to: date | None
    reference: str
    article: str
    status: Status
    text: Text
    question: Text


@dataclass(frozen=True, slots=True)
class Factor:
    """The two factors that go with a number of pairs.

    Parameters
    ----------
    k_v
        √(χ²(0.5; N-1) / (N-1)): by how much the standard deviation of N values is under that of all, as often as not.
    t
        Student's t, one-sided 95 %, N-1 degrees of freedom.
    """

    pairs: int
    k_v: Fraction
    t: Fraction
    status: Status
    question: Text


@dataclass(frozen=True, slots=True)
class Criteria:
    """All rows, by identifier, and the factors by number of pairs."""

    rows: Mapping[str, Sequence[Criterion]]
    factors: Mapping[int, Factor]

    def on(self, name: str, day: date) -> Criterion | None:
        """Return the row of this name that holds on a day; None where none does."""
        return next((row for row in self.rows.get(name, ()) if holds(row.valid_from, row.valid_to, day)), None)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: a value beside its bound.

    Parameters
    ----------
    id
        Of the criterion.
    text
        What is asked.
    value, bound
        Rounded to nine decimals, for reading; `met` was decided on the exact numbers. None where it is not known.
    met
        None where it cannot be said.
    decides
        Whether the row is confirmed, so that not meeting it fails the test.
    questions
        What a person must answer where `met` is None or something about it is not confirmed.
    """

    id: str
    text: Text
    value: Fraction | None
    relation: Relation
    bound: Fraction | None
    unit: str
    met: bool | None
    decides: bool
    questions: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Requirement:
    """How uncertain the law lets a continuous measurement be.

    Parameters
    ----------
    limit
        Limit on the mean of a day, at reference conditions. [mg/m³]
    share
        Largest 95 % confidence interval of one value, as a part of that limit.
    source
        Article or condition that says so.
    question
        What is not certain about either; empty where both are confirmed.
    """

    limit: Fraction
    share: Fraction
    source: str
    question: Text = Text()  # noqa: RUF009 - frozen

    @property
    def largest(self) -> Fraction:
        """Return the largest permissible uncertainty (95 %). [mg/m³]"""
        return self.limit * self.share


NO_ROW: Final = Text(
    "Welke uitgave van EN 14181 gold op deze dag, en wat vraagt zij hier?",
    "Which edition of EN 14181 held on this day, and what does it ask here?",
)


def check(
    criterion: Criterion | None,
    name: str,
    value: Fraction | None,
    relation: Relation,
    bound: Fraction | None,
    unit: str,
    met: bool | None,
    doubts: Iterable[Text] = (),
) -> Check:
    """Return a check by a row; without a row, or with a doubt from elsewhere, it decides nothing.

    Parameters
    ----------
    doubts
        What else is not certain about this check; empty sentences count for nothing.
    """
    if criterion is None:
        return Check(name, Text(), rounded(value), relation, None, unit, None, False, (NO_ROW,))
    own = Text() if criterion.status.decides else criterion.question
    asked = tuple(dict.fromkeys(one for one in (*doubts, own) if one))
    decides = not asked and met is not None
    return Check(name, criterion.text, rounded(value), relation, rounded(bound), unit, met, decides, asked)


def outcome(checks: Iterable[Check]) -> Outcome:
    """Return what checks come to: one that decides and is not met fails; one that cannot decide leaves it open."""
    told = list(checks)
    if any(one.decides and one.met is False for one in told):
        return Outcome.FAILED
    if not told or any(not one.decides for one in told):
        return Outcome.UNDETERMINED
    return Outcome.PASSED


def as_known(checks: Iterable[Check]) -> Outcome:
    """Return what the checks would come to if every row were confirmed as it stands."""
    met = [one.met for one in checks]
    if False in met:
        return Outcome.FAILED
    return Outcome.UNDETERMINED if None in met or not met else Outcome.PASSED


def questions(checks: Iterable[Check]) -> tuple[Text, ...]:
    """Return what a person must answer, each once, in order."""
    return tuple(dict.fromkeys(question for one in checks for question in one.questions))


def rounded(value: Fraction | None, decimals: int = DECIMALS) -> Fraction | None:
    """Return a number with so many decimals, halves away from zero.

    >>> rounded(Fraction(2, 3), 2), rounded(Fraction(-1, 8), 2)
    (Fraction(67, 100), Fraction(-13, 100))
    """
    if value is None:
        return None
    scaled = abs(value) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(-whole if value < 0 else whole, 10**decimals)


def root(square: Fraction, decimals: int = DECIMALS) -> Fraction:
    """Return the square root of a number that is not negative, cut to so many decimals.

    >>> root(Fraction(2), 4), root(Fraction(9, 4), 4)
    (Fraction(7071, 5000), Fraction(3, 2))
    """
    return Fraction(isqrt(square.numerator * 10 ** (2 * decimals) // square.denominator), 10**decimals)


def written(value: Fraction, decimals: int = DECIMALS) -> str:
    """Return a number as it is written, with at most so many decimals and no zeros at the end.

    >>> written(Fraction(67, 100)), written(Fraction(-3)), written(Fraction(1, 3), 3)
    ('0.67', '-3', '0.333')
    """
    exact = rounded(value, decimals)
    assert exact is not None
    digits = f"{abs(exact.numerator) * 10**decimals // exact.denominator:0{decimals + 1}d}"
    text = f"{digits[:-decimals]}.{digits[-decimals:]}".rstrip("0").rstrip(".") if decimals else digits
    return f"-{text}" if exact < 0 else text


def mean(values: Sequence[Fraction]) -> Fraction:
    """Return the mean of at least one value."""
    return sum(values, Fraction(0)) / len(values)


def variance(values: Sequence[Fraction]) -> Fraction:
    """Return the variance of at least two values, with N-1."""
    middle = mean(values)
    return sum(((one - middle) ** 2 for one in values), Fraction(0)) / (len(values) - 1)
