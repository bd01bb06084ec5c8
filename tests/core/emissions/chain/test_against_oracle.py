"""Every short-term average equals the one computed by hand, for any settings, values, gaps and states of the plant."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from tests.core.emissions.chain.engine import Engine
from tests.core.emissions.chain.oracle import Oracle

from goedebuur.core.base.flags import Flag
from goedebuur.core.base.periods import Clock, Period
from goedebuur.core.base.sourced import Status
from goedebuur.core.emissions.chain import plan
from goedebuur.core.emissions.chain.sql import RAW
from goedebuur.core.emissions.processing import (
    Above,
    OfStream,
    Order,
    Peripherals,
    Processing,
    RangeOf,
    Reference,
    ShareOf,
    Taken,
)
from goedebuur.core.emissions.streams import Basis, CalibrationFunction, Code, Role, Stream
from goedebuur.core.permits.limits import Substance

# an hour before and after midnight in CET, on which settings and functions change
START = int(datetime(2026, 3, 9, 22, tzinfo=UTC).timestamp())
END = START + 2 * 3600
CHANGE = date(2026, 3, 10)
FLAGS = [0] * 12 + [int(flag) for flag in Flag if flag != Flag.NONE]
NUMBERS: dict[Role, list[int]] = {
    Role.CONCENTRATION: [-1_900_000, -1_500_000, -3, 0, 3, 99_999_999, 146_500_000, 200_000_001, 10**13, -(10**13)],
    Role.OXYGEN: [0, 8_400_000, 10_999_999, 11_000_000, 11_000_001, 19_999_999, 20_000_000, 20_900_000, 22_000_000],
    Role.MOISTURE: [0, 14_500_000, 33_333_333, 10**8, 120_000_000],
    Role.TEMPERATURE: [140_000_000, 0, 98_765_432, -273_150_000, -300_000_000],
    Role.PRESSURE: [1_013_000_000, 998_765_432, 0, 1_050_000_000],
    Role.FLOW: [0, 120_000_000_000, 98_765_432_123],
    Role.STATE: [10**6, 10**6, 2 * 10**6, 9 * 10**6, 7 * 10**6],
}
Measured = dict[tuple[str, int], tuple[int | None, int]]
QUANTITY = {Role.OXYGEN: "o2", Role.CONCENTRATION: "nox"}
UNIT = {
    **{Role.CONCENTRATION: "mg/m³", Role.OXYGEN: "%", Role.MOISTURE: "%", Role.TEMPERATURE: "°C"},
    **{Role.PRESSURE: "hPa", Role.FLOW: "m³/h", Role.STATE: "code"},
}
CODES = (Code(1, "normal"), Code(2, "start_up"), Code(9, "out_of_service"))
WET = [True, True, False, False, None]
STEPS = [60, 60, 60, 20, 600]
INCLUDED = ["", "", "", "11", "3"]


def stream(name: str, role: Role, step: int = 60, **more: Any) -> Stream:
    concentration = role is Role.CONCENTRATION
    return Stream(
        **{"id": name, "site": "plant", "emission_point": "line-1", "role": role, "unit": UNIT[role], "step": step},
        series=f"L1--{name}.stack_{QUANTITY.get(role, role)}.{step}s",
        substance=Substance("stof") if concentration else None,
        codes=CODES if role is Role.STATE else (),
        **more,
    )


def streams(chance: random.Random) -> list[Stream]:
    same = chance.random() < 0.3
    steps = [60] if same else STEPS
    own = {"range_high": chance.choice(["", "200"]), "oxygen_included": chance.choice(INCLUDED)}
    return [
        stream("a", Role.CONCENTRATION, wet=chance.choice(WET), basis=chance.choice(list(Basis)), **own),
        stream("b", Role.CONCENTRATION, chance.choice([60, 600]), wet=True, basis=Basis.ACTUAL),
        stream("t", Role.TEMPERATURE, chance.choice(steps)),
        stream("p", Role.PRESSURE, chance.choice(steps)),
        stream("h2o", Role.MOISTURE, chance.choice(steps), valid_from=chance.choice([None, CHANGE])),
        stream("o2", Role.OXYGEN, chance.choice(steps), wet=chance.choice(WET)),
        stream(
            "q",
            Role.FLOW,
            chance.choice(steps),
            wet=chance.choice(WET),
            basis=chance.choice(list(Basis)),
            oxygen_included=chance.choice(INCLUDED),
            range_high=chance.choice(["", "90000"]),
        ),
        stream("s", Role.STATE, chance.choice(steps)),
    ]


def functions(chance: random.Random) -> list[CalibrationFunction]:
    def one(name: str, of: str, first: date, last: date | None, slope: str) -> CalibrationFunction:
        return CalibrationFunction(name, of, "-1.25", slope, UNIT[Role.CONCENTRATION], "0", "150.5", first, first, last)

    early, yesterday = date(2025, 1, 1), CHANGE - timedelta(days=1)
    before = one("f1", "a", early, chance.choice([None, yesterday]), "1.037")
    after = one("f2", "a", CHANGE, None, "0.981")
    both = [before, after] if chance.random() < 0.5 else [before]
    return [*both, one("f3", "b", early, None, "1")]


def processing(chance: random.Random) -> list[Processing]:
    taken = {
        "temperature": chance.choice([Taken("t"), Taken("t", "150.5"), None]),
        "pressure": chance.choice([Taken("p"), Taken("", "1013"), Taken("p", "1010")]),
        "moisture": chance.choice([Taken("h2o"), Taken("h2o", "14.5"), Taken("", "14.5"), None]),
        "oxygen": chance.choice([Taken("o2"), Taken("o2", "9.1"), Taken("gone")]),
        "flow": chance.choice(["q", ""]),
        "state": chance.choice(["s", ""]),
    }
    references = chance.choice(
        [
            (Reference("11", dry=True),),
            (Reference("11", dry=True, only_above=True), Reference("", dry=False)),
            (Reference("3", dry=False, temperature="288.15", pressure="100"),),
        ]
    )
    rest: dict[str, Any] = {
        "share_of": chance.choice(list(ShareOf)),
        "above_range": chance.choice(list(Above)),
        "range_of": chance.choice(list(RangeOf)),
        "clock": chance.choice([Clock.CET, Clock.LOCAL]),
    }

    def one(name: str, first: date, order: Order, lengths: tuple[int, ...]) -> Processing:
        return Processing(
            **{"id": name, "site": "plant", "emission_point": "line-1", "valid_from": first, "order": order},
            **{"lengths": lengths, "share": "2/3", "oxygen_guard": "20", "references": references},
            peripherals=(
                Peripherals(**taken),
                Peripherals(streams=("b",), oxygen=Taken("o2"), moisture=Taken("", "10")),
            ),
            basis="the test",
            status=Status.CONFIRMED,
            streams=(OfStream("a", least="-1.5"), OfStream("b", chance.random() < 0.5, lengths=(1800, 600))),
            **rest,
        )

    orders = list(Order)
    found = [one("one", date(2025, 1, 1), chance.choice(orders), (1800,))]
    return [*found, one("two", CHANGE, chance.choice(orders), (3600,))] if chance.random() < 0.5 else found


def measured(chance: random.Random, of: list[Stream]) -> Measured:
    """Return two hours of values: most of them usual, some odd, flagged or gone."""
    rows: Measured = {}
    for one in of:
        usual = chance.choice(NUMBERS[one.role])
        often = chance.choice([0, 0.02, 0.3])
        for at in range(START, END, one.step):
            odd = chance.random() < often
            value, flags = (chance.choice(NUMBERS[one.role]), chance.choice(FLAGS)) if odd else (usual, 0)
            if chance.random() >= often / 2:
                rows[one.series, at] = (None if flags & Flag.TOMBSTONE else value, flags)
    return rows


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


def frame(rows: Measured, of: list[Stream]) -> pl.DataFrame:
    steps = {one.series: one.step for one in of}
    listed = [(s, at * 10**6, steps[s], micro, flags) for (s, at), (micro, flags) in rows.items()]
    made = pl.DataFrame(listed, schema={**RAW, "start": pl.Int64}, orient="row")
    return made.with_columns(pl.col("start").cast(RAW["start"]))


COLUMNS = (
    *("raw", "calibrated", "standard", "mass", "measured", "n", "expected", "at_work", "beyond", "lost", "state"),
    "valid",
)


def table(found: pl.DataFrame) -> dict[Any, tuple[Any, ...]]:
    keys = found.select("stream", "reference", pl.col("start").dt.epoch("s"), "length").rows()
    return dict(zip(keys, found.select(COLUMNS).rows(), strict=True))


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@pytest.mark.parametrize("seed", range(40))
def test_short_averages_equal_the_oracle_digit_by_digit(engine: Engine, seed: int) -> None:
    chance = random.Random(seed)
    of, settings_, with_ = streams(chance), processing(chance), functions(chance)
    rows = measured(chance, of)
    found = engine.short(plan(settings_, of, with_), frame(rows, of), Period(moment(START), moment(END)))
    wanted = Oracle(settings_, of, with_, rows).all(START, END)
    mine = table(found)
    assert mine.keys() == wanted.keys()
    for key, row in wanted.items():
        assert dict(zip(COLUMNS, mine[key], strict=True)) == dict(zip(COLUMNS, row, strict=True)), key
    assert found.height == len(wanted)
