"""Short averages in as few words as a lawyer needs: `@2026-03-03T00:00 47x100 1xmalfunction 2x250/start_up`.

A run is a count, an `x`, and a value in mg/Nm³ or a word: `malfunction`, `maintenance`, `calibrating` (the instrument),
`missing` (nothing was delivered), `invalid` (the supplier says so and not why), `high` (above the range), `off` (out of
service), `absent` (no row at all). `100+` is 100 with raw values above the range in it: so much, or more. After a slash
stands the state of the plant, `normal` without. `@` and a moment on the clock of winter time says where the next run
begins; a run goes on where the one before it ended. All the rest of the year the plant is out of service.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import lru_cache

import polars as pl

from goedebuur.core.base.periods import CET
from goedebuur.core.emissions.tables import SHORT, Lost

WORDS = {
    "malfunction": Lost.MALFUNCTION | Lost.TOO_FEW,
    "maintenance": Lost.MAINTENANCE | Lost.TOO_FEW,
    "calibrating": Lost.CALIBRATING | Lost.TOO_FEW,
    "missing": Lost.MISSING | Lost.TOO_FEW,
    "invalid": Lost.SUPPLIER_INVALID | Lost.TOO_FEW,
    "high": Lost.OUTSIDE_RANGE | Lost.TOO_FEW,
}
MICRO = 10**6


@lru_cache(maxsize=8)
def _year(year: int, minutes: int) -> pl.Series:
    begin = datetime(year, 1, 1, tzinfo=CET) - timedelta(days=1)
    end = datetime(year + 1, 1, 1, tzinfo=CET) + timedelta(days=1)
    step = timedelta(minutes=minutes)
    return pl.datetime_range(
        begin.astimezone(UTC), end.astimezone(UTC), step, closed="left", time_unit="us", eager=True
    )


def short(text: str, year: int, minutes: int, stream: str = "s", mass: int | None = None) -> pl.DataFrame:
    """Return the short averages that a text describes, for a whole year on winter time and a day around it.

    `mass` is what is let go in each with a value. [mg]
    """
    starts = _year(year, minutes)
    begin, step = starts[0], timedelta(minutes=minutes)
    standard: list[int | None] = [None] * len(starts)
    lost, state = [int(Lost.NOT_AT_WORK)] * len(starts), ["out_of_service"] * len(starts)
    there = [True] * len(starts)
    at = 0
    for word in text.split():
        if word.startswith("@"):
            at = (datetime.fromisoformat(word[1:]).replace(tzinfo=CET) - begin) // step
            continue
        number, _, rest = word.partition("x")
        value, _, of = rest.partition("/")
        end = at + int(number)
        told = _one(value, of or "normal")
        if told is None:
            there[at:end] = [False] * int(number)
        else:
            standard[at:end], lost[at:end], state[at:end] = ([one] * int(number) for one in told)
        at = end
    columns = {"start": starts, "standard": standard, "lost": lost, "state": state, "there": there}
    frame = pl.DataFrame(columns, {**{name: SHORT.get(name) for name in columns}, "there": pl.Boolean()})
    valid = pl.col("standard").is_not_null()
    fixed = {"stream": stream, "reference": "11", "length": minutes * 60, "beyond": 0}
    fixed |= dict.fromkeys(("measured", "n", "expected", "at_work"), 30)

    return (
        frame.filter("there")
        .with_columns(
            valid=valid,
            raw=pl.col("standard"),
            calibrated=pl.col("standard"),
            mass=pl.when(valid).then(pl.lit(mass and mass * 1000, pl.Int64)),
            **{name: pl.lit(value, SHORT[name]) for name, value in fixed.items()},
        )
        .select(list(SHORT))
    )


def _one(value: str, state: str) -> tuple[int | None, int, str] | None:
    if value == "absent":
        return None
    if value == "off":
        return None, int(Lost.NOT_AT_WORK), "out_of_service"
    if value in WORDS:
        return None, int(WORDS[value]), state
    exact = Fraction(value.removesuffix("+")) * MICRO
    assert exact.denominator == 1, value
    return int(exact), int(Lost.OUTSIDE_RANGE) if value.endswith("+") else 0, state
