"""What must hold of every verdict at a stack: held against all that could be true, one by one."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.rules.averages import short
from tests.rules.test_emission_cases import YEAR, required

from goedebuur.core.compliance.emissions import judge, means, shares
from goedebuur.core.compliance.emissions.means import Sums
from goedebuur.core.compliance.emissions.outcomes import Outcome, PeriodOutcome
from goedebuur.core.compliance.emissions.shares import Tally
from goedebuur.rules import regimes

FIRM = (Outcome.MEETS, Outcome.EXCEEDS)
RANK = {Outcome.MEETS: 0, Outcome.UNDETERMINED: 1, Outcome.EXCEEDS: 2}
LIMIT = 10


def truths_of_share(certain: list[bool], may: list[bool], missing: int, share: Fraction) -> set[Outcome]:
    """Every outcome that can be true: a doubtful value counts or not, a missing one is above, below or none at all."""
    found = set()
    for chosen in product((True, False), repeat=len(may)):
        for filled in product((True, False, None), repeat=missing):
            values = certain + [one for one, takes in zip(may, chosen, strict=True) if takes]
            values += [one for one in filled if one is not None]
            if values:
                allowed = (1 - share / 100) * len(values)
                found.add(Outcome.EXCEEDS if sum(values) > allowed else Outcome.MEETS)
    return found


@settings(max_examples=300, deadline=None)
@given(
    certain=st.lists(st.booleans(), max_size=24),
    may=st.lists(st.booleans(), max_size=4),
    missing=st.integers(0, 3),
    share=st.sampled_from([Fraction(100), Fraction(97), Fraction(95), Fraction(75), Fraction(50)]),
)
def test_share_is_firm_only_where_nothing_unknown_changes_it(
    certain: list[bool], may: list[bool], missing: int, share: Fraction
) -> None:
    told = Tally(len(certain), sum(certain), sum(certain), len(may), sum(may), sum(may), missing)
    outcome, _ = shares.side(told, share)
    truths = truths_of_share(certain, may, missing, share)
    if outcome in FIRM:
        assert truths <= {outcome}
    if outcome is Outcome.UNDETERMINED and certain:
        assert truths == set(FIRM)


def sums(certain: list[int], may: list[int], missing: int) -> Sums:
    over = sum(value - LIMIT for value in certain)
    return Sums(
        n=len(certain),
        over=over,
        under=over,
        may_over=sum(max(value - LIMIT, 0) for value in may),
        may_under=sum(min(value - LIMIT, 0) for value in may),
        may_n=len(may),
        missing=missing,
        limit_high=LIMIT,
    )


@settings(max_examples=300, deadline=None)
@given(
    certain=st.lists(st.integers(0, 30), max_size=6),
    may=st.lists(st.integers(0, 30), max_size=4),
    missing=st.integers(0, 2),
)
def test_mean_is_firm_only_where_nothing_unknown_changes_it(certain: list[int], may: list[int], missing: int) -> None:
    outcome, _ = means.side(sums(certain, may, missing))
    truths = set()
    for chosen in product((True, False), repeat=len(may)):
        for filled in product((0, 10_000, None), repeat=missing):
            values = certain + [one for one, takes in zip(may, chosen, strict=True) if takes]
            values += [one for one in filled if one is not None]
            if values:
                truths.add(Outcome.EXCEEDS if sum(values) > LIMIT * len(values) else Outcome.MEETS)
    if outcome in FIRM:
        assert truths <= {outcome}
    if outcome is Outcome.UNDETERMINED and certain:
        assert truths == set(FIRM)


VALUE = st.integers(60, 160)
LOST = ("malfunction", "missing", "high", "absent")
TOLD = {"rules": "bal.4.73;bal.4.73.month", "oxygen": "11", "regime": "", "limit": "", "factor": "", "site": ""}


def judged(average: str, words: list[str], shown: str | None = "14") -> list[PeriodOutcome]:
    """The outcomes of the day, or of the year for a part of the half hours."""
    requirement = required(TOLD | {"from": "", "substance": "nox", "average": average})
    frame: pl.DataFrame = short("@2026-03-03T00:00 " + " ".join(words), YEAR, 30)
    shorts = judge.Shorts("s", {(1800, "o2=11 dry"): frame}, Fraction(shown) if shown else None)
    found = judge.judge(requirement, shorts, YEAR, regimes.book())
    return [found.year] if average.startswith("half") else [one for one in found.periods if one.start == "2026-03-03"]


def outcome_of(average: str, words: list[str], shown: str | None = "14") -> Outcome:
    return judged(average, words, shown)[0].outcome


few = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
AVERAGES = pytest.mark.parametrize("average", ["day", "half_hour 97"])


@AVERAGES
@few
@given(values=st.lists(VALUE, min_size=48, max_size=48), at=st.integers(0, 47), more=st.integers(1, 500))
def test_raising_one_value_never_makes_a_verdict_milder(average: str, values: list[int], at: int, more: int) -> None:
    before = outcome_of(average, [f"1x{value}" for value in values])
    values[at] += more
    assert RANK[outcome_of(average, [f"1x{value}" for value in values])] >= RANK[before]


@AVERAGES
@few
@given(
    values=st.lists(VALUE, min_size=48, max_size=48),
    gaps=st.lists(st.integers(0, 47), min_size=1, max_size=4, unique=True),
    lost=st.sampled_from(LOST),
)
def test_losing_values_never_makes_a_verdict_firmer(
    average: str, values: list[int], gaps: list[int], lost: str
) -> None:
    whole = outcome_of(average, [f"1x{value}" for value in values])
    left = outcome_of(average, [f"1x{lost}" if n in gaps else f"1x{value}" for n, value in enumerate(values)])
    if lost != "malfunction":  # what the instrument lost is no value in law, so that the rest alone is judged
        assert left is Outcome.UNDETERMINED or left is whole


@AVERAGES
@few
@given(
    values=st.lists(VALUE, min_size=48, max_size=48),
    unknown=st.lists(st.integers(0, 47), min_size=1, max_size=6, unique=True),
    state=st.sampled_from(["normal", "abnormal_operation"]),
)
def test_verdict_with_an_unknown_state_holds_whatever_the_state_was(
    average: str, values: list[int], unknown: list[int], state: str
) -> None:
    open_ = outcome_of(average, [f"1x{v}/unknown" if n in unknown else f"1x{v}" for n, v in enumerate(values)])
    known = outcome_of(average, [f"1x{v}/{state}" if n in unknown else f"1x{v}" for n, v in enumerate(values)])
    assert open_ is Outcome.UNDETERMINED or open_ is known


@AVERAGES
@few
@given(values=st.lists(VALUE, min_size=48, max_size=48), shown=st.integers(0, 14))
def test_verdict_without_a_shown_uncertainty_holds_whatever_is_shown(
    average: str, values: list[int], shown: int
) -> None:
    words = [f"1x{value}" for value in values]
    open_ = outcome_of(average, words, None)
    assert open_ is Outcome.UNDETERMINED or open_ is outcome_of(average, words, str(shown))


@AVERAGES
@few
@given(
    values=st.lists(VALUE, min_size=48, max_size=48),
    beyond=st.lists(st.integers(0, 47), min_size=1, max_size=6, unique=True),
    more=st.sampled_from([0, 1, 40, 100_000]),
)
def test_verdict_with_values_above_the_range_holds_whatever_they_were(
    average: str, values: list[int], beyond: list[int], more: int
) -> None:
    open_ = outcome_of(average, [f"1x{v}+" if n in beyond else f"1x{v}" for n, v in enumerate(values)])
    known = outcome_of(average, [f"1x{v + more}" if n in beyond else f"1x{v}" for n, v in enumerate(values)])
    assert open_ is Outcome.UNDETERMINED or open_ is known


def test_mean_of_days_with_a_value_above_the_range_is_not_met() -> None:
    # by days (46 + 46.42)/2 = 46.2 ≤ 70 as read; the last half hour may have been any amount higher
    words = "@2026-02-01T00:00 95x60 1x80+"
    requirement = required(TOLD | {"from": "", "substance": "nox", "average": "month"})
    shorts = judge.Shorts("s", {(1800, "o2=11 dry"): short(words, YEAR, 30)}, Fraction(14))
    found = judge.judge(requirement, shorts, YEAR, regimes.book())
    assert [(one.outcome, one.code) for one in found.periods if one.start == "2026-02"] == [
        (Outcome.UNDETERMINED, "above-range")
    ]
