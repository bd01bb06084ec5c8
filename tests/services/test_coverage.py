"""The matrix of a site from its permit, its releases, its streams and the reports of bureaus."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.adapters.samples import stack_long
from tests.core.permits.decisions import condition, decision, limit
from tests.services.deliveries import NOW, open_record
from tests.services.measuring import enter_bureau, report_file, submit
from tests.services.stacks import ALL
from tests.services.stacks import NOX as STREAM
from tests.services.test_instrument_tests import report

from goedebuur.core.emissions.measuring.coverage import Cell, Finding
from goedebuur.core.permits.conditions import Manner
from goedebuur.core.permits.limits import Substance
from goedebuur.services import coverage, delivery, permits, streams
from goedebuur.services.record import Record

ON = date(2026, 6, 1)
DUST = {"name": "totaal stof", "id": "dust"}
NOX = {"name": "stikstofoxiden (als NO2)", "id": "nox"}


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    found = open_record(tmp_path)
    enter_bureau(found)
    streams.put(found, ALL, NOW)
    yield found
    found.close()


def permit(record: Record, *conditions: dict[str, Any]) -> None:
    permits.publish(record, decision("besluit", "2020-01-01", *conditions, site="werk", example=True), NOW)


def duty(number: str, substance: dict[str, str], months: int) -> dict[str, Any]:
    form = {"subjects": [substance], "manner": "periodic", "times": 1, "months": months}
    return condition(number, kind="measuring_duty", form=form, emission_points=["K1"])


def periodic(day: str, substance: dict[str, str], **sample: Any) -> dict[str, Any]:
    samples = [{"start": f"{day}T10:00+01:00", "end": f"{day}T10:30+01:00", "value": "3", "u95": "1"} | sample]
    body = report("periodic", [], samples=samples, substance=substance, unit="mg/Nm³", id=f"p-{day}-{substance['id']}")
    return {name: body[name] for name in body if name not in ("pairs", "found", "limit", "share", "limit_source")}


def cells(record: Record) -> dict[tuple[str, str], Cell]:
    return {(one.spot.emission_point, one.spot.substance): one for one in coverage.matrix(record, "werk", ON)}


def test_limit_and_duty_of_the_permit_stand_beside_the_last_measurement(record: Record) -> None:
    permit(record, limit("1", "5", emission_points=["K1"], form={"substance": DUST}), duty("2", DUST, 12))
    submit(record, report_file([periodic("2025-05-20", DUST), periodic("2024-05-20", DUST)]))
    one = cells(record)["K1", "dust"]
    assert one.permitted == ("besluit/1",)
    assert [each.source for each in one.duties] == ["besluit/2"]
    assert [each.last.isoformat() for each in one.measured] == ["2025-05-20", "2024-05-20"]
    assert (one.days, one.due, one.findings) == (377, date(2026, 5, 20), (Finding.OVERDUE,))


def test_substance_that_was_found_and_is_in_no_condition_is_told(record: Record) -> None:
    permit(record, limit("1", "5", emission_points=["K1"], form={"substance": DUST}), duty("2", DUST, 12))
    submit(record, report_file([periodic("2026-05-20", DUST), periodic("2026-05-20", NOX)]))
    assert cells(record)["K1", "nox"].findings == (Finding.FOUND_NOT_PERMITTED,)
    assert cells(record)["K1", "dust"].findings == ()


def test_what_lay_below_the_detection_limit_was_not_found(record: Record) -> None:
    submit(record, report_file([periodic("2026-05-20", NOX, below_detection=True)]))
    assert cells(record)["K1", "nox"].findings == ()


def test_stream_without_values_is_no_measurement(record: Record) -> None:
    permit(record, limit("1", "5", emission_points=["K1"], form={"substance": NOX}), duty("2", NOX, 12))
    assert cells(record)["K1", "nox"].findings == (Finding.NEVER_MEASURED,)


def test_stream_with_values_is_a_continuous_measurement_until_its_last(record: Record) -> None:
    streams.put(record, [replace(STREAM, series="K1--a.stack_nox.1min", id="K1-nox-a", unit="mg/Nm³")], NOW)
    delivery.deliver(record, stack_long(), "januari.csv", now=NOW)
    (seen,) = cells(record)["K1", "nox"].measured
    assert (seen.manner, seen.last, seen.source) == (Manner.CONTINUOUS, date(2026, 1, 31), "K1-nox-a")


@pytest.mark.parametrize(
    ("substance", "name"),
    [
        (Substance("NOx", id="nox"), "nox"),
        (Substance("kwik", cas="7439-97-6"), "mercury"),
        (Substance("Totaal stof"), "dust"),
        (Substance("Iets Nieuws"), "iets nieuws"),
    ],
)
def test_substance_has_one_name_however_it_is_written(substance: Substance, name: str) -> None:
    assert coverage.name(substance) == name


@pytest.mark.parametrize(
    ("pollutant", "name"),
    [
        ("Nitrogen oxides (NOX)", "nox"),
        ("Carbon monoxide (CO)", "co"),
        ("Sulphur oxides (SOX)", "sox"),
        ("Mercury and compounds (as Hg)", "mercury"),
        ("Benzene", "benzene"),
        ("Chlorine and inorganic compounds (as HCl)", "hcl"),
        ("Something else", "something else"),
    ],
)
def test_pollutant_of_the_register_is_found_in_the_table(pollutant: str, name: str) -> None:
    assert coverage._of_register(pollutant) == name


@pytest.mark.parametrize(("own", "name"), [({"so2", "nox"}, "so2"), ({"sox", "so2"}, "sox"), ({"nox"}, "sox")])
def test_sulphur_oxides_of_the_register_stand_with_what_the_site_has(own: set[str], name: str) -> None:
    assert coverage._of_register("Sulphur oxides (SOX)", own) == name
