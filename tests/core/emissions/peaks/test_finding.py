from __future__ import annotations

from datetime import UTC, datetime, timedelta
from statistics import median_low
from typing import Any

import numpy as np
import polars as pl
import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.emissions.peaks import PEAKS, SIGNAL, Cut, Settings, find, of_short
from goedebuur.core.emissions.tables import SHORT

T0 = datetime(2026, 3, 1, tzinfo=UTC)
MICRO = 10**6


def signal(values: list[Any], stream: str = "so2", step: int = 60, **columns: list[Any]) -> pl.DataFrame:
    """Values in mg/m³, None where nothing was measured."""
    n = len(values)
    return pl.DataFrame(
        {
            "stream": [stream] * n,
            "start": [T0 + timedelta(seconds=step * k) for k in range(n)],
            "length": [step] * n,
            "value": [None if one is None else round(one * MICRO) for one in values],
            "mass": columns.get("mass", [None] * n),
            "state": columns.get("state", [None] * n),
        },
        schema=SIGNAL,
    )


def quiet(n: int, level: int = 10) -> list[Any]:
    """9, 10, 11, 9, 10, 11 …: median 10, median absolute deviation 1, and so a standard deviation of 1.4826."""
    return [level - 1 + k % 3 for k in range(n)]


def at(minute: int) -> datetime:
    return T0 + timedelta(minutes=minute)


def test_peak_of_half_an_hour_has_its_start_end_height_and_extra_mass() -> None:
    values = quiet(1440)
    values[600:630] = [100] * 30
    values[615] = 120
    mass = [value * 20 for value in values]
    (peak,) = find(signal(values, mass=mass), Settings()).to_dicts()
    assert (peak["start"], peak["end"], peak["top_at"]) == (at(600), at(630), at(615))
    assert (peak["top"], peak["level"], peak["height"]) == (120 * MICRO, 10 * MICRO, 110 * MICRO)
    assert peak["spread"] == 1_482_600
    # by hand: 29 minutes of 2,000 mg of which 90/100 is extra, and one of 2,400 mg of which 110/120 is
    assert peak["extra_mass"] == 29 * 1800 + 2200
    assert (peak["n"], peak["mass_n"], peak["missing"], peak["cut"]) == (30, 30, 0, 0)


def test_extra_mass_without_flow_is_unknown_not_zero() -> None:
    values = quiet(1440)
    values[600:630] = [100] * 30
    (peak,) = find(signal(values), Settings()).to_dicts()
    assert peak["extra_mass"] is None
    assert peak["mass_n"] == 0


def test_extra_mass_counts_the_minutes_with_flow_alone_and_says_how_many() -> None:
    values = quiet(1440)
    values[600:630] = [100] * 30
    mass = [None if k < 610 else 1000 for k in range(1440)]
    (peak,) = find(signal(values, mass=mass), Settings()).to_dicts()
    assert (peak["extra_mass"], peak["mass_n"], peak["n"]) == (20 * 900, 20, 30)


def test_step_to_another_level_is_no_peak() -> None:
    assert find(signal(quiet(1440) + quiet(1440, 200)), Settings()).is_empty()
    assert find(signal(quiet(1440, 200) + quiet(1440)), Settings()).is_empty()


def test_ramp_is_no_peak() -> None:
    ramp = [10 + k // 3 + k % 3 for k in range(600)]
    assert find(signal(quiet(720) + ramp + quiet(720, 210)), Settings()).is_empty()


def test_excursion_of_more_than_half_the_window_is_a_level_and_of_less_a_peak() -> None:
    long = quiet(720) + quiet(240, 100) + quiet(720)
    short = quiet(720) + quiet(170, 100) + quiet(720)
    assert find(signal(long), Settings()).is_empty()
    (peak,) = find(signal(short), Settings()).to_dicts()
    assert peak["end"] - peak["start"] == timedelta(minutes=170)


def test_wide_peak_does_not_lift_the_baseline_it_is_measured_from() -> None:
    values = quiet(720) + [100] * 150 + quiet(720)
    (peak,) = find(signal(values), Settings()).to_dicts()
    assert (peak["level"], peak["spread"]) == (10 * MICRO, 1_482_600)


def test_gap_makes_no_peak_also_where_the_level_behind_it_is_another() -> None:
    values = [*quiet(1440), *[None] * 300, *quiet(1440, 60)]
    assert find(signal(values), Settings()).is_empty()
    rows = signal(values)
    assert find(rows.filter(pl.col("value").is_not_null()), Settings()).is_empty()


def test_lonely_values_between_gaps_have_no_baseline_and_make_no_peak() -> None:
    values = [*quiet(1440), *[None] * 700, 500, 500, 500, *[None] * 700, *quiet(1440)]
    assert find(signal(values), Settings()).is_empty()


def test_with_a_quarter_of_the_window_measured_there_is_a_baseline_and_with_less_none() -> None:
    # of a window of 361 minutes a quarter is 90: 96 quiet minutes are enough, 84 are not
    for minutes, peaks in ((96, 1), (84, 0)):
        part = quiet(minutes // 2)
        values = [*quiet(1440), *[None] * 400, *part, 500, 500, 500, *part, *[None] * 400, *quiet(1440)]
        assert find(signal(values), Settings()).height == peaks


def test_variation_that_is_usual_in_the_days_around_makes_no_peak_in_a_quiet_hour() -> None:
    restless = [10 + 30 * (k % 3) for k in range(4 * 1440)]
    calm = [10] * 400
    rise = [80, 80, 80]
    lively = find(signal([*restless, *calm, *rise, *calm, *restless]), Settings())
    assert lively.is_empty()
    assert find(signal([*calm, *rise, *calm]), Settings()).height == 1


def test_one_minute_alone_is_no_peak_of_minutes() -> None:
    values = quiet(1440)
    values[700] = 500
    assert find(signal(values), Settings()).is_empty()
    values[701] = 500
    assert find(signal(values), Settings()).height == 1


def test_missing_minutes_inside_a_peak_are_counted_and_add_no_mass() -> None:
    values = quiet(1440)
    values[600:630] = [100] * 30
    values[610:613] = [None] * 3
    (peak,) = find(signal(values, mass=[1000] * 1440), Settings()).to_dicts()
    assert (peak["n"], peak["missing"], peak["extra_mass"]) == (27, 3, 27 * 900)


def test_peak_beside_a_gap_or_at_the_end_of_the_data_says_that_it_may_have_been_longer() -> None:
    values = quiet(1440)
    values[600:630] = [100] * 30
    values[560:600] = [None] * 40
    values[1430:] = [100] * 10
    first, last = find(signal(values), Settings()).to_dicts()
    assert (Cut(first["cut"]), Cut(last["cut"])) == (Cut.BEFORE, Cut.AFTER)


def test_two_peaks_closer_than_the_lag_of_an_analyser_are_one() -> None:
    values = quiet(1440)
    values[600:610] = [100] * 10
    values[614:620] = [100] * 6
    values[640:650] = [100] * 10
    found = find(signal(values), Settings())
    assert found["start"].to_list() == [at(600), at(640)]
    assert found["end"].to_list() == [at(620), at(650)]


def test_height_below_the_floor_is_no_peak() -> None:
    values = quiet(1440)
    values[600:630] = [100] * 30
    assert find(signal(values), Settings(floor=90 * MICRO)).is_empty()
    assert find(signal(values), Settings(floor=90 * MICRO - 1)).height == 1


def test_state_is_the_one_in_which_most_of_the_peak_fell() -> None:
    values = quiet(1440)
    values[600:630] = [100] * 30
    state = ["start_up" if k < 610 else "normal" for k in range(1440)]
    (peak,) = find(signal(values, state=state), Settings()).to_dicts()
    assert peak["state"] == "normal"
    (peak,) = find(signal(values), Settings()).to_dicts()
    assert peak["state"] is None


def test_one_half_hour_alone_is_a_peak_of_averages() -> None:
    values = quiet(240)
    values[100] = 80
    found = find(signal(values, step=1800), Settings.of_averages(1800))
    assert found.select("start", "height").rows() == [(T0 + timedelta(hours=50), 70 * MICRO)]


def test_invalid_short_term_average_makes_no_peak() -> None:
    row = dict.fromkeys(SHORT) | {"stream": "so2", "reference": "r", "length": 1800}
    rows = [
        row
        | {"start": T0 + timedelta(seconds=1800 * k), "standard": v * MICRO, "mass": 5, "valid": k != 100, "state": "x"}
        for k, v in enumerate([*quiet(100), 80, *quiet(139)])
    ]
    frame = pl.DataFrame(rows, schema=SHORT)
    assert find(of_short(frame), Settings.of_averages(1800)).is_empty()
    assert find(of_short(frame.with_columns(valid=True)), Settings.of_averages(1800)).height == 1
    with pytest.raises(GoedeBuurError, match="two reference conditions"):
        of_short(pl.concat([frame, frame.with_columns(reference=pl.lit("s"))]))


def test_order_of_rows_and_other_streams_change_nothing() -> None:
    values = quiet(1440)
    values[600:630] = [100] * 30
    one, other = signal(values), signal(quiet(1440), "co")
    both = pl.concat([other, one]).sample(fraction=1.0, shuffle=True, seed=3)
    assert find(both, Settings()).equals(find(one, Settings()))
    assert find(one.clear(), Settings()).schema == pl.Schema(PEAKS)


def test_steps_of_two_lengths_and_two_values_for_one_step_are_refused() -> None:
    with pytest.raises(GoedeBuurError, match="several lengths"):
        find(pl.concat([signal([1, 2]), signal([1], step=1800)]), Settings())
    with pytest.raises(GoedeBuurError, match="overlap"):
        find(pl.concat([signal([1, 2]), signal([1])]), Settings())


def plainly(values: list[int | None], settings: Settings, step: int) -> list[tuple[int, int]]:
    """The definition, value by value: where peaks begin and end."""
    half = max(settings.window // step, 3) // 2
    least = max((2 * half + 1) * settings.least_share // 100, 3)

    def around(chosen: list[int | None], k: int) -> list[int]:
        return [one for one in chosen[max(k - half, 0) : k + half + 1] if one is not None]

    def rolled(chosen: list[int | None]) -> tuple[list[int | None], list[int | None]]:
        level = [median_low(near) if len(near := around(chosen, k)) >= least else None for k in range(len(chosen))]
        apart = [None if v is None or m is None else abs(v - m) for v, m in zip(chosen, level, strict=True)]
        spread = [median_low(near) if len(near := around(apart, k)) >= least else None for k in range(len(chosen))]
        every = max((2 * half + 1) // 24, 1)
        coarse, reach = spread[::every], (max(settings.around // (step * every), 3) | 1) // 2
        usual = [
            median_low(near) if (near := [v for v in coarse[max(k - reach, 0) : k + reach + 1] if v is not None]) else 0
            for k in range(len(coarse))
        ]
        wide = [None if one is None else max(one, usual[k // every]) for k, one in enumerate(spread)]
        return level, [None if one is None else (one * 14826 + 5000) // 10000 for one in wide]

    def over(level: list[int | None], spread: list[int | None], times: int) -> list[bool]:
        return [
            v is not None and m is not None and s is not None and v - m > times * s
            for v, m, s in zip(values, level, spread, strict=True)
        ]

    def touching(seeds: list[bool], allowed: list[bool]) -> list[bool]:
        found = list(seeds)
        for order in (range(1, len(found)), range(len(found) - 2, -1, -1)):
            back = -1 if order.step > 0 else 1
            for k in order:
                found[k] = found[k] or (allowed[k] and found[k + back])
        return found

    first = rolled(values)
    high = over(*first, settings.enter)
    mask = touching(high, over(*first, settings.leave))
    second = rolled([None if m else v for v, m in zip(values, mask, strict=True)])
    seeds = over(*second, settings.enter)
    runs = [k for k in range(len(seeds)) if seeds[k] and (k == 0 or not seeds[k - 1])]
    for k in runs:
        length = next((j for j in range(k, len(seeds)) if not seeds[j]), len(seeds)) - k
        if length < settings.least_values:
            seeds[k : k + length] = [False] * length
    inside = touching(seeds, over(*second, settings.leave))
    ends: list[tuple[int, int]] = []
    for k, one in enumerate(inside):
        if one and ends and k - ends[-1][1] <= settings.join // step:
            ends[-1] = (ends[-1][0], k + 1)
        elif one:
            ends.append((k, k + 1))
    return ends


@pytest.mark.parametrize("seed", range(12))
def test_peaks_are_those_of_the_definition_written_out_value_by_value(seed: int) -> None:
    draw = np.random.default_rng(seed)
    settings = Settings(window=61 * 60, around=150 * 60, enter=5, leave=2, join=120)
    n = 420
    values: list[int | None] = [int(one) for one in 10_000 + 500 * draw.normal(size=n)]
    for _ in range(4):
        first = int(draw.integers(0, n - 20))
        for k in range(first, first + int(draw.integers(1, 20))):
            values[k] = 10_000 + int(draw.integers(3_000, 9_000))
    for k in draw.integers(0, n, size=int(n * 0.1)):
        values[int(k)] = None
    frame = signal([0] * n).with_columns(value=pl.Series(values, dtype=pl.Int64))
    found = find(frame, settings)
    told = [
        ((a - T0) // timedelta(minutes=1), (b - T0) // timedelta(minutes=1)) for a, b in found["start", "end"].rows()
    ]
    assert told == plainly(values, settings, 60)
    assert told, "a seed without any peak shows nothing"
