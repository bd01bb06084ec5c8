"""A control measurement beside the company's averages, and whether it stands for the year, on a small record."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.services.deliveries import NOW, open_record
from tests.services.measuring import enter_bureau, report_file, submit
from tests.services.stacks import ALL, NOX
from tests.services.test_instrument_tests import QAL2, report

from goedebuur.core.emissions.measuring.comparison import Verdict
from goedebuur.core.emissions.measuring.representing import Stands
from goedebuur.core.emissions.streams import Role, Stream
from goedebuur.core.emissions.tables import SHORT, Lost
from goedebuur.services import control_measurements, measurement_reports, streams
from goedebuur.services.control_measurements import Controlled
from goedebuur.services.record import Record

FIRST = datetime(2026, 4, 1, 8, tzinfo=UTC)
LOAD = Stream("K1-vermogen", "werk", "K1", Role.LOAD, "K1.stack_power.1min", "MW", 60, simulated=True)


@dataclass
class Averages:
    """Half hours from 8 o'clock on, as the chain makes them."""

    frame: pl.DataFrame

    def short(self, stream: Stream, year: int) -> pl.DataFrame:
        return self.frame.filter(pl.col("stream") == stream.id)

    def inputs(self) -> Sequence[str]:
        return ()


def half_hours(stream: str, values: Sequence[int | None], reference: str = "o2=11 dry", **own: Any) -> pl.DataFrame:
    rows = [
        {
            "stream": stream,
            "reference": reference,
            "start": FIRST + timedelta(minutes=30 * n),
            "length": 1800,
            "raw": None if value is None else value * 1_000_000,
            "calibrated": None,
            "standard": None if value is None else value * 1_000_000,
            "mass": 2_000_000_000,
            "n": 30,
            "expected": 30,
            "beyond": 0,
            "lost": 0,
            "state": "normal",
            "valid": value is not None,
        }
        | {name: column[n] for name, column in own.items()}
        for n, value in enumerate(values)
    ]
    return pl.DataFrame(rows, schema=SHORT)


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    found = open_record(tmp_path)
    enter_bureau(found)
    streams.put(found, [*ALL, LOAD], NOW)
    yield found
    found.close()


def control(values: Sequence[str], minutes: int = 30, offset: int = 0, **fields: Any) -> bytes:
    samples = [
        {
            "start": (FIRST + timedelta(minutes=30 * n + offset)).isoformat(),
            "end": (FIRST + timedelta(minutes=30 * n + offset + minutes)).isoformat(),
            "value": value,
            "u95": "6",
        }
        for n, value in enumerate(values)
    ]
    body = report("control", [], samples=samples, unit="mg/Nm³", reference={"oxygen": "11", "dry": True}) | fields
    return report_file([{name: value for name, value in body.items() if name not in ("pairs", "found")}])


def beside(record: Record, averages: pl.DataFrame) -> Controlled:
    (found,) = control_measurements.of_site(record, "werk", Averages(averages)).reports
    return found


def test_partial_measurements_stand_beside_the_averages_of_the_same_half_hours(record: Record) -> None:
    submit(record, control(["60", "62", "58"]))
    found = beside(record, half_hours("K1-nox", [70, 71, 69, 10]))
    assert found.comparison is not None
    assert [(one.control, one.company) for one in found.comparison.pairs] == [(60, 70), (62, 71), (58, 69)]
    assert (found.comparison.bias, found.streams, found.unmatched) == (10, ("K1-nox",), 0)


def test_averages_count_by_how_long_they_lie_in_a_measurement(record: Record) -> None:
    # from 8:10 to 8:40: 20 minutes of the half hour with 60 and 10 of that with 90 are 70
    submit(record, control(["60"], offset=10))
    found = beside(record, half_hours("K1-nox", [60, 90])).comparison
    assert found is not None
    assert found.pairs[0].company == 70


@pytest.mark.parametrize("values", [[60, None], [60]])
def test_measurement_of_which_a_part_has_no_valid_average_is_left_out_and_counted(
    record: Record, values: list[int | None]
) -> None:
    submit(record, control(["60"], offset=10))
    found = beside(record, half_hours("K1-nox", values))
    assert found.comparison is not None
    assert (found.comparison.pairs, found.unmatched) == ((), 1)


def test_measurement_during_which_the_instrument_was_above_its_range_is_left_out(record: Record) -> None:
    # 400 or more beside 420: no difference can be told, and none can be ruled out
    submit(record, control(["420", "420", "420"]))
    averages = half_hours("K1-nox", [400, 400, 400], lost=[int(Lost.OUTSIDE_RANGE), 0, 0])
    found = beside(record, averages)
    assert found.comparison is not None
    assert (len(found.comparison.pairs), found.unmatched) == (2, 1)


def test_unit_of_the_report_is_brought_to_that_of_the_averages(record: Record) -> None:
    submit(record, control(["60000"], unit="µg/Nm³"))
    found = beside(record, half_hours("K1-nox", [60])).comparison
    assert found is not None
    assert (found.pairs[0].control, found.pairs[0].u_control) == (60, Fraction("0.006"))


def test_mass_flow_is_not_held_beside_a_concentration(record: Record) -> None:
    submit(record, control(["5000", "5000", "5000"], unit="g/h"))
    found = beside(record, half_hours("K1-nox", [60, 60, 60]))
    assert (found.comparison, found.unmatched) == (None, 3)
    assert "gives g/h" in found.questions[0].en


def test_detection_limit_is_no_value_to_hold_the_company_beside(record: Record) -> None:
    body = json.loads(control(["60", "60", "60"]))
    for sample in body["reports"][0]["samples"]:
        sample["below_detection"] = True
    submit(record, json.dumps(body).encode())
    found = beside(record, half_hours("K1-nox", [1, 1, 1]))
    assert found.comparison is not None
    assert (found.comparison.verdict, found.unmatched) == (Verdict.CANNOT_TELL, 3)
    assert any("nothing was found" in question.en for question in found.questions)


def test_measurement_in_the_first_hour_of_a_year_stands_beside_the_averages_of_that_year(record: Record) -> None:
    new_year = datetime(2025, 12, 31, 23, tzinfo=UTC)  # midnight of 1 January 2026 on winter time
    sample = {"start": new_year.isoformat(), "end": (new_year + timedelta(minutes=30)).isoformat(), "value": "60"}
    submit(record, control([], samples=[sample]))
    years: list[int] = []

    class Asked(Averages):
        def short(self, stream: Stream, year: int) -> pl.DataFrame:
            years.append(year)
            return super().short(stream, year)

    control_measurements.of_site(record, "werk", Asked(half_hours("K1-nox", [60])))
    assert set(years) == {2026}


def test_uncertainty_of_the_company_is_that_of_its_last_calibration(record: Record) -> None:
    # s_D = √(30/14) of the test before the measurement: 1.96 · 1.463850109
    submit(record, report_file([report("qal2", QAL2)]))
    submit(record, control(["60", "60", "60"]), 2)
    found = beside(record, half_hours("K1-nox", [60, 60, 60]))
    assert found.comparison is not None
    assert (found.basis, found.comparison.u_company) == ("qal2", Fraction("1.96") * Fraction("1.463850109"))
    assert (found.comparison.verdict, found.questions) == (Verdict.EQUIVALENT, ())


def test_test_after_the_measurement_says_nothing_of_it(record: Record) -> None:
    late = [{**one, **{name: one[name].replace("2026-03", "2026-05") for name in ("start", "end")}} for one in QAL2]
    submit(record, report_file([report("qal2", late)]))
    submit(record, control(["60", "60", "60"]), 2)
    assert beside(record, half_hours("K1-nox", [60, 60, 60])).basis == "limit"


def test_without_a_test_it_is_what_the_law_allows_and_that_is_said(record: Record) -> None:
    submit(record, control(["60", "60", "60"]))  # limit 50, share 20 %: 10; √(6² + 10²) = 11.66
    found = beside(record, half_hours("K1-nox", [72, 72, 72]))
    assert found.comparison is not None
    assert (found.basis, found.comparison.u_company, found.comparison.assumed) == ("limit", 10, True)
    assert found.comparison.verdict is Verdict.DIFFERS
    assert "no limit of 50" in found.questions[0].en


def test_without_any_uncertainty_it_cannot_be_told(record: Record) -> None:
    body = control(["60", "60", "60"], limit="", share="")
    submit(record, body)
    found = beside(record, half_hours("K1-nox", [90, 90, 90]))
    assert found.comparison is not None
    assert found.comparison.verdict is Verdict.CANNOT_TELL
    assert "QAL2" in found.questions[0].en


def test_other_conditions_and_no_stream_are_questions(record: Record) -> None:
    submit(record, control(["60"]))
    assert "same conditions (o2=11 dry)" in beside(record, half_hours("K1-nox", [60], "o2=3 dry")).questions[0].en
    dust = {"name": "totaal stof", "id": "dust"}
    submit(record, control(["60"], id="c2", substance=dust), 2)
    other = control_measurements.of_site(record, "werk", Averages(half_hours("K1-nox", [60]))).reports[0]
    assert "no stream of totaal stof at K1" in other.questions[0].en


def test_mass_of_the_year_is_seen_beside_it(record: Record) -> None:
    submit(record, report_file([report("qal2", QAL2)]))
    submit(record, control(["60", "60", "60"]), 2)
    found = beside(record, half_hours("K1-nox", [50, 50, 50]))
    assert found.mass is not None
    assert (found.mass.reported, found.mass.by_control) == (6, Fraction(6 * 60, 50))


def test_history_stands_by_bureau_and_by_instrument(record: Record) -> None:
    submit(record, control(["60"] * 3))
    found = control_measurements.of_site(record, "werk", Averages(half_hours("K1-nox", [60] * 3)))
    assert [one.name for one in found.by_bureau] == ["Meetbureau Voorbeeld"]
    assert [one.name for one in found.by_instrument] == [NOX.id]


def test_load_picked_for_the_measurement_is_seen(record: Record) -> None:
    # two half hours at 40 MW in which was measured; eighteen at 100 MW with ten times the mass
    submit(record, control(["60", "60"]))
    loads, masses = [40] * 2 + [100] * 18, [10**9] * 2 + [10**10] * 18
    frame = pl.concat([half_hours("K1-vermogen", loads), half_hours("K1-nox", [60] * 20, mass=masses)])
    held = measurement_reports.find(record, "meetbureau:control-1")
    found = control_measurements.stands_for(record, held, Averages(frame))
    assert found.stands is Stands.NO
    assert (found.hours, found.mass) == (Fraction(2, 20), Fraction(2, 182))
    spread = pl.concat([half_hours("K1-vermogen", [100] * 20), half_hours("K1-nox", [60] * 20)])
    assert control_measurements.stands_for(record, held, Averages(spread)).stands is Stands.YES


def test_load_that_is_not_measured_cannot_be_told(record: Record) -> None:
    submit(record, control(["60"]))
    held = measurement_reports.find(record, "meetbureau:control-1")
    frame = half_hours("K1-nox", [60])
    assert control_measurements.stands_for(record, held, Averages(frame)).stands is Stands.CANNOT_TELL


def test_state_of_the_plant_is_that_of_its_own_stream(record: Record) -> None:
    submit(record, control(["60"]))
    held = measurement_reports.find(record, "meetbureau:control-1")
    own = half_hours("K1-nox", [60, 60], state=["normal", "start_up"])
    frame = pl.concat([half_hours("K1-vermogen", [50, 60]), own])
    told = control_measurements.year(record, held.report, Averages(frame))
    assert told["state"].to_list() == ["normal", "start_up"]
    assert told["load"].to_list() == [50.0, 60.0]
    assert told["mass"].to_list() == [2_000_000_000, 2_000_000_000]
