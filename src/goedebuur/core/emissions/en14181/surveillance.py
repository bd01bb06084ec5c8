"""AST: the yearly test whether the variability of an instrument and its calibration function still hold.

    s_D ≤ 1.5 · σ0 · k_v          |D̄| ≤ t(0.95; N-1) · s_D / √N + σ0

References
----------
EN 14181:2014, 8.3-8.6
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from goedebuur.core.base.sourced import Text
from goedebuur.core.emissions.en14181 import pairs as parallel
from goedebuur.core.emissions.en14181.calibration import Function, Variability, spread_check, variability
from goedebuur.core.emissions.en14181.criteria import (
    Check,
    Criteria,
    Outcome,
    Relation,
    Requirement,
    as_known,
    check,
    outcome,
    questions,
    root,
)
from goedebuur.core.emissions.en14181.pairs import Judged, Pair


@dataclass(frozen=True, slots=True)
class Surveillance:
    """What a yearly test came to, with every number on the way.

    Parameters
    ----------
    t
        Student's t for this number of pairs; None where the table has none.
    """

    told: tuple[Judged, ...]
    requirement: Requirement
    function: Function
    variability: Variability | None
    t: Fraction | None
    checks: tuple[Check, ...]

    @property
    def outcome(self) -> Outcome:
        """Return whether it passed."""
        return outcome(self.checks)

    @property
    def as_known(self) -> Outcome:
        """Return whether it would have passed if every row were confirmed as it stands."""
        return as_known(self.checks)

    @property
    def questions(self) -> tuple[Text, ...]:
        """Return what a person must answer."""
        return questions(self.checks)


def survey(
    pairs: Sequence[Pair], function: Function, requirement: Requirement, criteria: Criteria, on: date
) -> Surveillance:
    """Return what a yearly test of a calibration function comes to.

    Parameters
    ----------
    on
        Day of the last pair: by which edition it is judged.
    """
    told = parallel.judged(pairs, criteria, on)
    good = parallel.fit(told)
    row = criteria.on("ast.pairs", on)
    bound = None if row is None else row.value
    met = None if bound is None else len(good) >= bound
    checks = [check(row, "ast.pairs", Fraction(len(good)), Relation.AT_LEAST, bound, "", met)]
    factor = criteria.factors.get(len(good))
    spread = variability(good, function, requirement, criteria, on) if len(good) > 1 else None
    if spread is not None:
        checks.append(spread_check(spread, "ast.variability", criteria, on, [requirement.question]))
        checks.append(bias_check(spread, None if factor is None else factor.t, criteria, on, [requirement.question]))
    return Surveillance(told, requirement, function, spread, None if factor is None else factor.t, tuple(checks))


def bias_check(found: Variability, t: Fraction | None, criteria: Criteria, on: date, doubts: Iterable[Text]) -> Check:
    """Return the test of the calibration function, decided on squares: no root is rounded in it."""
    row = criteria.on("ast.bias", on)
    if row is None or t is None or found.sigma_0 is None:
        return check(None, "ast.bias", abs(found.bias), Relation.AT_MOST, None, "mg/m³", None)
    allowed = row.value * found.sigma_0
    noise = t**2 * found.square / found.pairs
    over = abs(found.bias) - allowed
    met = over <= 0 or over**2 <= noise
    return check(
        row,
        "ast.bias",
        abs(found.bias),
        Relation.AT_MOST,
        root(noise) + allowed,
        "mg/m³",
        met,
        [*doubts, *found.doubts],
    )
