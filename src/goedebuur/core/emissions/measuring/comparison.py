"""A company's instrument beside a control measurement at the same hours: equivalent, different, or not to be told.

    E_n = (x̄ - ȳ) / √(U_x² + U_y²)         x the company, y the control, U half a 95 % interval of the mean
    RA  = (|D̄| + t(0.975; n-1)·s_D/√n) / ȳ  relative accuracy

The uncertainty of a mean is taken as large as the mean of those of its values: what one method or instrument has wrong
it has wrong every time, so more values do not make it smaller. |E_n| above 1 is a difference that both uncertainties
together do not explain. Means that agree say nothing where the pairs do not: of n pairs k have |E_n| above 1, and so
many are no chance where Σ_{i≥k} (n over i) · 0.05ⁱ · 0.95ⁿ⁻ⁱ is under 0.05. The tests of EN 14181 stand beside it.

References
----------
ISO/IEC 17043:2010, B.3.1.3 and ISO 13528 (E_n); 40 CFR part 60, appendix B, Performance Specification 2, 12 (RA)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from math import comb
from typing import Final

from goedebuur.core.base.sourced import Text
from goedebuur.core.emissions.en14181.calibration import Variability, spread, spread_check
from goedebuur.core.emissions.en14181.criteria import Check, Criteria, Criterion, mean, root
from goedebuur.core.emissions.en14181.surveillance import bias_check


class Verdict(StrEnum):
    """What the comparison says."""

    EQUIVALENT = "equivalent"
    DIFFERS = "differs"
    CANNOT_TELL = "cannot_tell"


class Because(StrEnum):
    """Why it cannot be told."""

    TOO_FEW = "too_few"
    NO_CONTROL_UNCERTAINTY = "no_control_uncertainty"
    NO_COMPANY_UNCERTAINTY = "no_company_uncertainty"
    TOO_UNCERTAIN = "too_uncertain"
    """The uncertainties together are so large that hardly any difference would show."""
    SCATTERED = "scattered"
    """The means agree, and more of the pairs do not than chance explains."""


BEYOND: Final = Fraction(5, 100)
"""Part of the differences that lie beyond a 95 % interval by chance."""
CHANCE: Final = Fraction(5, 100)
"""Under which likelihood something is not taken for chance; a choice, as usual for tests at 95 %."""


@dataclass(frozen=True, slots=True)
class Both:
    """Company and control over the same time, both at the same reference conditions. [one unit]

    Parameters
    ----------
    u_control, u_company
        Half of the 95 % interval; None where it is not known.
    """

    start: datetime
    end: datetime
    control: Fraction
    company: Fraction
    u_control: Fraction | None
    u_company: Fraction | None

    @property
    def difference(self) -> Fraction:
        """Return the company less the control."""
        return self.company - self.control


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a comparison came to, with every number. [unit of the values]

    Parameters
    ----------
    pairs
        By start.
    control, company
        Means; None without pairs.
    bias
        Company less control, of the means.
    u_control, u_company
        Of the means.
    e_n
        E_n number of the means, cut to nine decimals; None where an uncertainty is not known.
    spread
        Of the differences, for the tests of EN 14181; None for one pair, or where no permissible uncertainty is known.
    relative_accuracy
        Part of the mean of the control; None for one pair.
    assumed
        Whether the uncertainty of the company is what the law allows at most, since nothing else is known.
    """

    pairs: tuple[Both, ...]
    control: Fraction | None
    company: Fraction | None
    bias: Fraction | None
    u_control: Fraction | None
    u_company: Fraction | None
    e_n: Fraction | None
    spread: Variability | None
    relative_accuracy: Fraction | None
    checks: tuple[Check, ...]
    verdict: Verdict
    because: tuple[Because, ...]
    assumed: bool

    @property
    def each(self) -> tuple[Fraction | None, ...]:
        """Return the E_n number of each pair; None where an uncertainty is not known."""
        return tuple(_e_n(one.difference, one.u_control, one.u_company) for one in self.pairs)

    @property
    def relative(self) -> Fraction | None:
        """Return the bias as a part of the control; None where that is zero or less."""
        return self.bias / self.control if self.bias is not None and self.control and self.control > 0 else None


@dataclass(frozen=True, slots=True)
class MassEffect:
    """What a comparison means for a mass that the company reported, if it holds for the whole year. [kg]

    Parameters
    ----------
    reported
        By the company.
    low, high
        Range in which the mass lies by the control measurement and both uncertainties.
    """

    reported: Fraction
    by_control: Fraction
    low: Fraction
    high: Fraction

    @property
    def within(self) -> bool:
        """Return whether the reported mass lies in the range."""
        return self.low <= self.reported <= self.high


def compare(
    pairs: Iterable[Both],
    criteria: Criteria,
    choices: Mapping[str, Criterion],
    student: Mapping[int, Fraction],
    on: date,
    *,
    largest: Fraction | None = None,
    doubt: Text = Text(),  # noqa: B008 - frozen
    assumed: bool = False,
) -> Comparison:
    """Return what simultaneous measurements say of each other.

    Parameters
    ----------
    criteria, on
        Of EN 14181, on the day of measuring.
    choices, student
        Our choices; Student's t (0.975) by number of values.
    largest
        Largest permissible uncertainty of a value of the company. [as the values] None where it is not known.
    doubt
        What is not certain about it.
    assumed
        Whether the uncertainty of the company is that one.
    """
    told = tuple(sorted(pairs, key=lambda one: one.start))
    differences = [one.difference for one in told]
    control = mean([one.control for one in told]) if told else None
    company = mean([one.company for one in told]) if told else None
    bias = mean(differences) if told else None
    u_control = _of_mean([one.u_control for one in told])
    u_company = _of_mean([one.u_company for one in told])
    found = None if largest is None or len(told) < 2 else spread(differences, largest, criteria, on)
    verdict, because = _verdict(bias, control, u_control, u_company, len(told), choices)
    if verdict is Verdict.EQUIVALENT and scattered(told):
        verdict, because = Verdict.CANNOT_TELL, (Because.SCATTERED,)
    return Comparison(
        pairs=told,
        control=control,
        company=company,
        bias=bias,
        u_control=u_control,
        u_company=u_company,
        e_n=None if bias is None else _e_n(bias, u_control, u_company),
        spread=found,
        relative_accuracy=_relative_accuracy(differences, control, student),
        checks=() if found is None else _checks(found, criteria, on, doubt),
        verdict=verdict,
        because=because,
        assumed=assumed,
    )


def scattered(pairs: Sequence[Both]) -> bool:
    """Return whether more pairs lie further apart than their uncertainties explain than would by chance.

    Examples
    --------
    Of three pairs one is no wonder (1 - 0.95³ = 0.14), and two are (3 · 0.05² · 0.95 + 0.05³ = 0.007).
    """
    n = len(pairs)
    beyond = sum(
        one.difference**2 > one.u_control**2 + one.u_company**2
        for one in pairs
        if one.u_control is not None and one.u_company is not None
    )
    chance = sum((comb(n, k) * BEYOND**k * (1 - BEYOND) ** (n - k) for k in range(beyond, n + 1)), Fraction(0))
    return chance < CHANCE


def effect(found: Comparison, reported: Fraction) -> MassEffect | None:
    """Return what a comparison means for a reported mass [kg]; None where a mean or an uncertainty is not known.

    The mass by control is the reported one times control over company; its range has both uncertainties of the means.
    """
    if found.control is None or found.company is None or found.company <= 0:
        return None
    if found.u_control is None or found.u_company is None:
        return None
    joint = root(found.u_control**2 + found.u_company**2)
    by_control = reported * found.control / found.company
    low = reported * (found.control - joint) / found.company
    high = reported * (found.control + joint) / found.company
    return MassEffect(reported, by_control, max(Fraction(0), low), high)


@dataclass(frozen=True, slots=True)
class Record:
    """How the comparisons of one bureau, or of one instrument, came out.

    Parameters
    ----------
    verdicts
        Number of comparisons by verdict.
    higher, lower
        In how many the company was above the control, and below it.
    relative
        Mean of the differences as parts of the control; None where none is known.
    by_chance
        How likely it is that so many lie on one side where both sides are as likely: 2·(1/2)^n for n on one side and
        none on the other. None where they lie on both sides, or there are none.
    """

    name: str
    verdicts: Mapping[Verdict, int]
    higher: int
    lower: int
    relative: Fraction | None
    by_chance: Fraction | None


def history(named: Iterable[tuple[str, Comparison]]) -> tuple[Record, ...]:
    """Return how comparisons came out by name of a bureau or an instrument, by name."""
    by_name: dict[str, list[Comparison]] = {}
    for name, one in named:
        by_name.setdefault(name, []).append(one)
    return tuple(_record(name, ones) for name, ones in sorted(by_name.items()))


def _record(name: str, ones: Sequence[Comparison]) -> Record:
    relative = [one.relative for one in ones if one.relative is not None]
    higher = sum(one.bias is not None and one.bias > 0 for one in ones)
    lower = sum(one.bias is not None and one.bias < 0 for one in ones)
    sided = max(higher, lower)
    return Record(
        name=name,
        verdicts={verdict: sum(one.verdict is verdict for one in ones) for verdict in Verdict},
        higher=higher,
        lower=lower,
        relative=mean(relative) if relative else None,
        by_chance=Fraction(2, 2**sided) if sided and not min(higher, lower) else None,
    )


def _of_mean(uncertainties: Sequence[Fraction | None]) -> Fraction | None:
    known = [one for one in uncertainties if one is not None]
    return mean(known) if known and len(known) == len(uncertainties) else None


def _e_n(difference: Fraction, u_control: Fraction | None, u_company: Fraction | None) -> Fraction | None:
    if u_control is None or u_company is None or u_control == u_company == 0:
        return None
    size = root(difference**2 / (u_control**2 + u_company**2))
    return -size if difference < 0 else size


def _verdict(
    bias: Fraction | None,
    control: Fraction | None,
    u_control: Fraction | None,
    u_company: Fraction | None,
    number: int,
    choices: Mapping[str, Criterion],
) -> tuple[Verdict, tuple[Because, ...]]:
    because = []
    if number < choices["control.pairs"].value:
        because.append(Because.TOO_FEW)
    if u_control is None:
        because.append(Because.NO_CONTROL_UNCERTAINTY)
    if u_company is None:
        because.append(Because.NO_COMPANY_UNCERTAINTY)
    if because or bias is None or control is None or u_control is None or u_company is None:
        return Verdict.CANNOT_TELL, tuple(because)
    joint = u_control**2 + u_company**2
    if bias**2 > joint:
        return Verdict.DIFFERS, ()
    if joint > (choices["control.largest_uncertainty"].value * max(control, Fraction(0))) ** 2:
        return Verdict.CANNOT_TELL, (Because.TOO_UNCERTAIN,)
    return Verdict.EQUIVALENT, ()


def _relative_accuracy(
    differences: Sequence[Fraction], control: Fraction | None, student: Mapping[int, Fraction]
) -> Fraction | None:
    t = student.get(len(differences))
    if t is None or control is None or control <= 0:
        return None
    middle = mean(differences)
    square = sum(((one - middle) ** 2 for one in differences), Fraction(0)) / (len(differences) - 1)
    return (abs(middle) + t * root(square / len(differences))) / control


def _checks(found: Variability, criteria: Criteria, on: date, doubt: Text) -> tuple[Check, ...]:
    factor = criteria.factors.get(found.pairs)
    return (
        spread_check(found, "ast.variability", criteria, on, [doubt]),
        bias_check(found, None if factor is None else factor.t, criteria, on, [doubt]),
    )
