"""Verdicts follow from the raw values in the record: through every step, and as of any tree size."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from tests.core.permits.decisions import decision
from tests.services.deliveries import NOW, open_record
from tests.services.stacks import ALL, PROCESSING
from tests.services.test_emission_verdicts import CONFIRMED, RULES, SHOWN, YEAR, of
from tests.services.test_stack_averages import correct, two_days

from goedebuur.core.compliance.emissions import explanation
from goedebuur.core.compliance.emissions.outcomes import Outcome
from goedebuur.services import delivery, emission_results, emission_verdicts, permits, stack_differences, streams
from goedebuur.services.demo import permits as shown_permits
from goedebuur.services.demo import stack_loading
from goedebuur.services.demo.stacks import simulate
from goedebuur.services.demo.stacks.plants import LINE_1
from goedebuur.services.record import Record
from goedebuur.services.stack_averages import RecordAverages

DAY = "2026-01-10"
MEAN = Fraction(413, 4)
"""Minutes of 100.5 to 159.5, so half hours of 115 and 145 raw: 118.4 and 149.6 after the function. For 20 hours at
8.5 % oxygen, to 11 %: 94.72 and 119.68; for 4 hours at 13 %: 148 and 187. (20 · 214.4 + 4 · 335) / 48 - 14 = 103.25."""
CHANGED = Fraction("4958.773333") / 48
"""One minute 100 higher: 104 after the function, 83.2 at 11 %, 2.773333 in its half hour: 48 · 103.25 + 2.773333."""


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    found = open_record(tmp_path)
    streams.put(found, [CONFIRMED if one == PROCESSING else one for one in ALL], NOW)
    permits.publish(found, decision("regels", "2023-01-01", site="werk", general_rules=RULES, example=True), NOW)
    delivery.deliver(found, two_days().encode(), "raw.csv", now=NOW)
    yield found
    found.close()


def day_mean(record: Record, as_of: int | None = None) -> Fraction | None:
    source = RecordAverages(record, as_of)
    found = emission_verdicts.assess(record, "werk", YEAR, source, as_of=as_of, shown=SHOWN)
    return next(one.high for one in of(found, "nox-day").periods if one.start == DAY)


def test_day_is_judged_from_raw_values(record: Record) -> None:
    found = emission_verdicts.assess(record, "werk", YEAR, RecordAverages(record), shown=SHOWN)
    verdict = of(found, "nox-day")
    (day,) = [one for one in verdict.periods if one.start == DAY]
    assert (day.high, day.outcome, day.counts.counted) == (MEAN, Outcome.EXCEEDS, 48)
    assert verdict.outcome is Outcome.EXCEEDS
    assert len(found.inputs) == 1


def test_day_before_anything_was_delivered_is_not_judged_well(record: Record) -> None:
    found = emission_verdicts.assess(record, "werk", YEAR, RecordAverages(record), shown=SHOWN)
    told = {one.start: one.outcome for one in of(found, "nox-day").periods}
    assert told["2026-01-09"] is Outcome.UNDETERMINED
    assert told["2026-07-01"] is Outcome.UNDETERMINED


def test_earlier_tree_size_is_judged_by_the_values_of_then(record: Record) -> None:
    before, after = correct(record, nox="217,5")
    assert day_mean(record, before) == MEAN
    assert day_mean(record, after) == day_mean(record) == CHANGED


def test_one_minute_that_changed_is_named_in_the_verdicts_that_depend_on_it_alone(record: Record) -> None:
    before, after = correct(record, nox="217,5")
    (found,) = stack_differences.verdicts(record, "werk", YEAR, before, after)
    assert (found.stream, found.requirement, found.period) == ("K1-nox", "nox-day", f"day {DAY}")
    assert found.before is not None
    assert found.after is not None
    # nothing was shown of the instrument: from nothing to 20 % of the limit of 100 is taken off, where 14 was in MEAN
    assert (found.before.low, found.before.high) == (MEAN + 14 - 20, MEAN + 14)
    assert (found.after.low, found.after.high) == (CHANGED + 14 - 20, CHANGED + 14)
    assert stack_differences.verdicts(record, "werk", YEAR, after, after) == []


def test_explanation_goes_down_to_the_half_hours_of_the_record(record: Record) -> None:
    told = emission_verdicts.one(record, "werk", YEAR, "K1-nox", "nox-day", RecordAverages(record), shown=SHOWN)
    found = explanation.explain(told[0], told[1], told[2], YEAR, DAY, told[3])
    row = next(one for one in found.rows if one.start == "2026-01-10T14:00:00+01:00")
    assert (row.raw, row.calibrated, row.standard, row.judged_high) == ("115", "118.4", "94.72", "80.72")


def test_published_year_is_written_again_only_where_a_value_changed(record: Record) -> None:
    first = emission_results.publish(record, "werk", YEAR, RecordAverages(record), NOW, SHOWN)
    assert emission_results.publish(record, "werk", YEAR, RecordAverages(record), NOW, SHOWN) == first
    correct(record, nox="217,5")
    assert emission_results.publish(record, "werk", YEAR, RecordAverages(record), NOW, SHOWN) != first


def test_simulated_incinerator_is_judged_day_by_day(tmp_path: Path) -> None:
    record = open_record(tmp_path)
    shown_permits.load(record, NOW, "simulatie")
    start = datetime(2026, 1, 9, 23, tzinfo=UTC)  # the days on winter time
    run = simulate(4, LINE_1, start, 3 * 1440)
    stack_loading.load(record, [run], NOW + timedelta(hours=1))
    found = emission_verdicts.assess(record, LINE_1.site, YEAR, RecordAverages(record))
    record.close()
    days = {one.start: one for one in of(found, "nox-day").periods}
    true = run.inside["nox"] * (21 - 11) / (21 - run.duct.oxygen)
    for number, name in enumerate((DAY, "2026-01-11", "2026-01-12")):
        day, mean = days[name], true[number * 1440 : (number + 1) * 1440].mean()
        assert day.high is not None
        # the instrument has an uncertainty of its own; nothing was shown of it, so at least nothing is taken off
        assert float(day.high) == pytest.approx(mean, rel=0.05)
    assert days["2026-01-13"].high is None
    assert {one.stream for one in found.verdicts} >= {"sim-a1.nox", "sim-a1.so2", "sim-a1.dust", "sim-a1.mercury"}
