"""What is done with which series, from when to when: rows in which nothing changes any more.

All that has a date is settled in these rows (:mod:`planning` makes them); the expressions on raw values join them and
know no dates.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import polars as pl

from goedebuur.core.base.periods import Period, microseconds
from goedebuur.core.base.quantities import MICRO
from goedebuur.core.emissions.processing import Order
from goedebuur.core.emissions.streams import Role

CONCENTRATION, OTHER, SUPPLY = 1, 2, 3
"""Kinds of span: what is averaged and corrected, what is averaged alone, and what corrections make use of."""
ROLES: Final = {str(role): number for number, role in enumerate(Role, 1)}
"""Role of a stream → its number in a plan: raw values are told apart faster by a number than by a word."""
EVER: Final = 2**62
"""[µs since 1970, UTC]"""
MOST: Final = 10**6
"""Rows and groups: their numbers are added to moments in µs that are whole seconds, which gives one key for both."""

SPANS: Final[dict[str, Any]] = {
    "no": pl.Int64(),  # of the row
    "of_series": pl.String(),
    "of_step": pl.Int32(),  # [s]
    "low_us": pl.Int64(),  # from [µs since 1970, UTC]
    "high_us": pl.Int64(),  # to, not included
    "kind": pl.Int32(),
    "role": pl.Int32(),  # of ROLES
    "stream": pl.String(),
    "reference": pl.String(),
    "length": pl.Int32(),  # [s]
    "order": pl.String(),
    "group": pl.Int64(),  # what is used beside it; one number for what is the same
    "group_step": pl.Int32(),  # [s]
    "state_step": pl.Int32(),  # [s]; null: no stream tells the state
    "times": pl.Float64(),  # raw = micro · times / over [10⁻⁶ unit of the stream]
    "over": pl.Float64(),
    "least": pl.Int64(),  # raw value under which nothing is measured
    "top": pl.Int64(),  # raw value above which the instrument cannot measure
    "above_lost": pl.Boolean(),
    "known": pl.Boolean(),  # whether a raw value has a meaning: a function holds, or it is in the unit already
    "offset": pl.Float64(),  # calibrated = (offset + slope · raw) · gain / loss
    "slope": pl.Float64(),
    "gain": pl.Float64(),
    "loss": pl.Float64(),
    "low": pl.Int64(),  # valid range of the function [10⁻⁶ mg/m³]
    "high": pl.Int64(),
    "range_standard": pl.Boolean(),
    "actual": pl.Boolean(),
    "wet": pl.Boolean(),  # null: nobody knows
    "oxygen_wet": pl.Boolean(),
    "flow_actual": pl.Boolean(),
    "flow_wet": pl.Boolean(),
    "flow_included": pl.Int64(),
    "temperature_else": pl.Int64(),
    "pressure_else": pl.Int64(),
    "moisture_else": pl.Int64(),
    "oxygen_else": pl.Int64(),
    "included": pl.Int64(),
    "ref_oxygen": pl.Int64(),
    "ref_dry": pl.Boolean(),
    "only_above": pl.Boolean(),
    "scale": pl.Float64(),
    "guard": pl.Int64(),
    "share_num": pl.Int64(),
    "share_den": pl.Int64(),
    "share_at_work": pl.Boolean(),
}
SPREAD: Final[dict[str, Any]] = {"from_step": pl.Int32(), "to_step": pl.Int32(), "after": pl.Int64()}
CODES: Final[dict[str, Any]] = {"of_series": pl.String(), "code": pl.Int64(), "state": pl.String(), "rank": pl.Int32()}
BUCKETS: Final[dict[str, Any]] = {"of_length": pl.Int32(), "bucket": pl.Int64()}
NORMAL, UNKNOWN, OUT_OF_SERVICE = "normal", "unknown", "out_of_service"
STATE: Final = ROLES[Role.STATE]


@dataclass(frozen=True, slots=True)
class Shape:
    """What decides how an expression is built: the order of the steps, and what need not be there.

    Parameters
    ----------
    mixed
        Whether something is used beside values of another step than its own.
    flow
        Whether any flow is known, so that there is a mass.
    """

    order: Order
    mixed: bool
    flow: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What is done with the series of some emission points.

    Parameters
    ----------
    spans
        Columns :data:`SPANS`.
    codes
        What a code of a stream of states stands for; columns :data:`CODES`.
    questions
        What a person must answer, for what cannot be computed without.
    """

    spans: pl.DataFrame
    codes: pl.DataFrame
    questions: tuple[str, ...] = ()

    @property
    def series(self) -> list[str]:
        """Return the series that it reads, sorted."""
        return sorted(self.spans["of_series"].unique())

    @property
    def lengths(self) -> list[int]:
        """Return the lengths of its short-term averages. [s]"""
        return sorted(self.spans["length"].unique())

    @property
    def shapes(self) -> list[Shape]:
        """Return the shapes of expression that it needs."""
        found = []
        for order in Order:
            mine = self.spans.filter(pl.col("order") == order)
            beside = mine.filter(pl.col("kind") == SUPPLY)
            mixed = bool((beside["of_step"] != beside["group_step"]).any())
            if mine.height:
                found.append(Shape(order, mixed, bool((beside["role"] == ROLES[Role.FLOW]).any())))
        return found

    @property
    def spread(self) -> pl.DataFrame:
        """Return at which moments a value of one step holds in another: columns :data:`SPREAD`."""
        steps = self.spans.filter(pl.col("kind") == SUPPLY).select("of_step", "group_step").unique().sort(pl.all())
        rows = [(a, b, k * b * MICRO) for a, b in steps.iter_rows() for k in range(max(1, a // b))]
        return pl.DataFrame(rows, schema=SPREAD, orient="row")

    def within(self, period: Period) -> Plan:
        """Return the spans that touch a period."""
        low, high = microseconds(period.start), microseconds(period.end)
        return replace(self, spans=self.spans.filter((pl.col("low_us") < high) & (pl.col("high_us") > low)))


def together(plans: Sequence[Plan]) -> Plan:
    """Return several plans as one; rows and groups get numbers of their own."""
    shifted, used = [], 0
    for one in plans:
        shifted.append(one.spans.with_columns(pl.col("group") + used))
        used += one.spans["group"].drop_nulls().n_unique()
    spans = pl.concat(shifted) if shifted else pl.DataFrame(schema=SPANS)
    codes = pl.concat([one.codes for one in plans]) if plans else pl.DataFrame(schema=CODES)
    return Plan(numbered(spans), codes, tuple(said for one in plans for said in one.questions))


def numbered(spans: pl.DataFrame) -> pl.DataFrame:
    """Return rows of a plan with a number each."""
    if spans.height >= MOST:
        raise ValueError("more rows than there are moments between two seconds")
    return spans.with_columns(no=pl.int_range(pl.len(), dtype=pl.Int64)).select(list(SPANS))


@dataclass(frozen=True, slots=True)
class Buckets:
    """The periods of short-term averages that are wanted: columns :data:`BUCKETS`."""

    frame: pl.DataFrame

    @classmethod
    def of(cls, period: Period, lengths: Iterable[int]) -> Buckets:
        """Return all that begin in a period."""
        low, high = microseconds(period.start), microseconds(period.end)
        parts = []
        for length in sorted(set(lengths)):
            width = length * MICRO
            first = -(-low // width) * width
            starts = pl.int_range(first, high, width, dtype=pl.Int64, eager=True)
            parts.append(pl.DataFrame({"of_length": pl.repeat(length, len(starts), eager=True), "bucket": starts}))
        frame = pl.concat(parts) if parts else pl.DataFrame(schema=BUCKETS)
        return cls(frame.select(pl.col(name).cast(kind) for name, kind in BUCKETS.items()))
