from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.sourced import Status
from goedebuur.core.emissions.register import Against, Method, Part, Row, Standing, table
from goedebuur.rules import reading, release_thresholds

KG = 10**6
NOX = "Nitrogen oxides (NOX)"
ROWS = release_thresholds.thresholds()


def part(substance: str, kg: float | None, low: float, high: float | None, **more: object) -> Part:
    made = Part(
        substance, "stack-1", Method.MEASURED, None, round(low * KG), None if high is None else round(high * KG)
    )
    return replace(made, mass=None if kg is None else round(kg * KG), **more)  # type: ignore[arg-type]


def row(parts: list[Part], reported: dict[str, int] | None = None, year: int = 2025) -> Row:
    (found,) = table(parts, ROWS, year, [(name, Fraction(mass)) for name, mass in (reported or {}).items()])
    return found


@pytest.mark.parametrize(
    ("substance", "kg"),
    # Regulation (EC) 166/2006, annex II, releases to air
    [
        *[("nox", 100_000), ("so2", 150_000), ("co", 500_000), ("nh3", 10_000), ("pm10", 50_000), ("mercury", 10)],
        *[("cadmium", 10), ("lead", 200), ("benzene", 1000), ("n2o", 10_000), ("hcl", 10_000), ("hf", 5000)],
        *[("co2", 100_000_000), ("dioxins", Fraction(1, 10_000)), ("arsenic", 20), ("zinc", 200), ("pah", 50)],
    ],
)
def test_threshold_is_that_of_annex_ii(substance: str, kg: int | Fraction) -> None:
    assert row([part(substance, 1, 1, 1)]).threshold == kg


def test_release_is_above_or_below_the_threshold_only_with_its_whole_range() -> None:
    assert row([part("nox", 100_000, 100_000, 100_000)]).standing is Standing.BELOW
    assert row([part("nox", 100_002, 100_001, 100_003)]).standing is Standing.ABOVE
    assert row([part("nox", 100_002, 99_000, 100_003)]).standing is Standing.UNDETERMINED


def test_part_of_a_pollutant_is_a_lower_bound_and_never_below_a_threshold() -> None:
    found = row([part("hcl", 10, 10, 10)])
    assert (found.complete, found.standing) == (False, Standing.UNDETERMINED)
    assert row([part("hcl", 10_001, 10_001, 10_001)]).standing is Standing.ABOVE


def test_year_after_the_regulation_is_replaced_has_no_threshold() -> None:
    assert row([part("nox", 1, 1, 1)], year=2026).standing is Standing.BELOW
    assert row([part("nox", 1, 1, 1)], year=2027).standing is Standing.UNDETERMINED


def test_row_that_is_not_confirmed_decides_nothing() -> None:
    doubted = [replace(one, status=Status.MEMORY_HIGH) for one in ROWS]
    (found,) = table([part("nox", 1, 1, 1)], doubted, 2025, [])
    assert (found.threshold, found.standing) == (None, Standing.UNDETERMINED)


@pytest.mark.parametrize(
    ("low", "high", "reported", "against"),
    [
        (119_000, 121_000, 120_000, Against.WITHIN),
        (120_400, 121_000, 120_000, Against.WITHIN),  # reported with three digits: 119,500 to 120,500
        (120_600, 121_000, 120_000, Against.LESS_REPORTED),
        (118_000, 119_400, 120_000, Against.MORE_REPORTED),
        (120_600, None, 120_000, Against.LESS_REPORTED),
        (110_000, None, 120_000, Against.UNDETERMINED),
    ],
)
def test_reported_figure_is_held_against_the_range(low: int, high: int | None, reported: int, against: Against) -> None:
    mass = None if high is None else low
    assert row([part("nox", mass, low, high)], {NOX: reported}).against is against


def test_release_above_the_threshold_that_is_not_in_the_register_is_told_of() -> None:
    assert row([part("nox", 120_000, 119_000, 121_000)]).against is Against.NOT_REPORTED
    assert row([part("nox", 90_000, 89_000, 91_000)]).against is Against.NOTHING


def test_reported_pollutant_without_a_series_stays_in_the_table() -> None:
    found = row([], {"Ammonia (NH3)": 12_000})
    assert (found.id, found.against, found.reported) == ("nh3", Against.UNDETERMINED, 12_000)


def test_row_has_the_method_of_the_largest_part_and_the_accidental_mass_apart() -> None:
    parts = [
        part("pm10", 10, 10, 10, accidental=KG),
        part("pm10", 30, 10, 90, about="coke push", method=Method.ESTIMATED),
    ]
    found = row(parts)
    assert (found.method, found.mass, found.low, found.high) == (Method.ESTIMATED, 40 * KG, 20 * KG, 100 * KG)
    assert found.accidental == KG


def test_nitrogen_dioxide_beside_nitrogen_oxides_of_one_point_counts_once() -> None:
    assert row([part("nox", 10, 10, 10), part("no2", 4, 4, 4)]).mass == 10 * KG
    assert row([part("nox", 10, 10, 10), part("no2", 4, 4, 4, about="stack-2")]).mass == 14 * KG
    assert row([part("sox", 10, 10, 10), part("so2", 9, 9, 9)]).mass == 10 * KG


def test_substance_that_the_register_does_not_know_has_a_row_without_threshold() -> None:
    found = row([part("h2s", 5, 5, 5)])
    assert (found.id, found.name, found.threshold, found.against) == ("h2s", "", None, Against.UNDETERMINED)


def test_benzene_is_a_pollutant_of_its_own_and_not_a_part_of_volatile_organic_compounds() -> None:
    assert row([part("benzene", 5, 5, 5)]).id == "benzene"


def test_table_with_a_substance_in_two_rows_or_none_of_the_names_is_refused() -> None:
    data = reading.shipped("release_thresholds")
    for old, new in ((b",co,", b",nox,"), (b",n2o,", b",laughing,")):
        with pytest.raises(GoedeBuurError, match="rules-table"):
            release_thresholds.parse(data.replace(old, new, 1))
