"""Mass flows against a limit in grams an hour: what is known of a concentration's uncertainty is not of the flow's."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction

import polars as pl
import pytest
from tests.rules.averages import short

from goedebuur.core.compliance.emissions import explanation, judge
from goedebuur.core.compliance.emissions.outcomes import Outcome
from goedebuur.core.compliance.emissions.requirements import Held, Requirement
from goedebuur.core.emissions.tables import Lost
from goedebuur.core.permits.limits import Averaging, EmissionLimit, Substance
from goedebuur.core.permits.precedence import Key, Origin
from goedebuur.rules import regimes

YEAR = 2026
SHOWN = Fraction(14)
"""[mg/Nm³]"""


def required(grams_an_hour: str) -> Requirement:
    limit = EmissionLimit(Substance("NOx", id="nox"), grams_an_hour, "g/h", Averaging.HALF_HOUR)
    held = Held(
        first=date(YEAR, 1, 1),
        last=date(YEAR, 12, 31),
        source="case",
        article="",
        origin=Origin.GENERAL_RULE,
        regime="bal.4.4",
        low=limit.binding_value,
        high=limit.binding_value,
        reference="o2=11 dry",
    )
    return Requirement(Key.of(limit), (held,))


@pytest.mark.parametrize(
    ("limit", "outcome"),
    # 5 kg in each half hour is 10,000 g/h; 14 mg/Nm³ of, say, 100,000 Nm³/h would be 1,400 g/h of that, and not 14 g/h
    [("10000", Outcome.MEETS), ("9999", Outcome.UNDETERMINED), ("9900", Outcome.UNDETERMINED)],
)
@pytest.mark.parametrize("shown", [SHOWN, None])
def test_uncertainty_of_a_concentration_is_not_taken_off_a_mass_flow(
    limit: str, outcome: Outcome, shown: Fraction | None
) -> None:
    frame = short("@2026-03-03T00:00 48x70", YEAR, 30, mass=5_000_000)
    found = judge.judge(required(limit), judge.Shorts("s", {(1800, "11"): frame}, shown), YEAR, regimes.book())
    assert found.outcome is outcome


def test_mass_flow_with_a_flow_above_the_range_meets_no_limit() -> None:
    # 5 kg or more in the first half hour: 10,000 g/h or more
    frame = short("@2026-03-03T00:00 48x70", YEAR, 30, mass=5_000_000)
    first = pl.col("start") == datetime(2026, 3, 2, 23, tzinfo=UTC)
    bit = pl.when(first).then(int(Lost.FLOW_OUTSIDE_RANGE)).otherwise(0).cast(pl.Int32)
    frame = frame.with_columns(lost=pl.col("lost") | bit)
    found = judge.judge(required("10000"), judge.Shorts("s", {(1800, "11"): frame}), YEAR, regimes.book())
    assert (found.outcome, found.year.code, found.year.over_may) == (Outcome.UNDETERMINED, "above-range", 1)


def test_mass_flow_taken_apart_says_that_nothing_was_shown_of_it() -> None:
    shorts = judge.Shorts("s", {(1800, "11"): short("@2026-03-03T00:00 48x70", YEAR, 30, mass=5_000_000)}, SHOWN)
    asked = required("9900")
    verdict = judge.judge(asked, shorts, YEAR, regimes.book())
    told = explanation.explain(verdict, asked, shorts, YEAR, "2026-03-03", regimes.book())
    assert any("0 or more g/h of uncertainty is taken off, down to zero (not shown)" in one.en for one in told.lines)
