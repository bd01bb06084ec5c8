"""Loads against caps: what was let go in a period, by all points of a condition together.

What was not measured adds to a load and never takes from it: above a cap is certain from what was measured alone, below
it only when nothing is missing and nothing was above what an instrument can measure. Nothing is taken off for
uncertainty: no row says so of a load.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Final

import polars as pl

from goedebuur.core.base.periods import POLARS_ZONE, Clock, Period
from goedebuur.core.compliance.emissions.outcomes import Counts, Outcome, PeriodOutcome, agreed
from goedebuur.core.compliance.emissions.slots import mass_above_range
from goedebuur.core.emissions.tables import MICROGRAM_IN_KG
from goedebuur.core.permits.conditions import LoadCap
from goedebuur.core.permits.limits import Averaging
from goedebuur.core.permits.units import unit

CLOCKS: Final = (Clock.CET, Clock.LOCAL)
FORMATS: Final = {Averaging.DAY: "%Y-%m-%d", Averaging.MONTH: "%Y-%m", Averaging.YEAR: "%Y"}


@dataclass(frozen=True, slots=True)
class Load:
    """What is known of a load in a period: what counts for certain, and what may. [µg]

    `at_least` of the `n` short averages have raw values above what the instrument can measure: so much, or more.
    """

    certain: int
    may: int
    missing: int
    n: int
    at_least: int = 0

    def __add__(self, other: Load) -> Load:
        return Load(
            self.certain + other.certain,
            self.may + other.may,
            self.missing + other.missing,
            self.n + other.n,
            self.at_least + other.at_least,
        )


def judge(cap: LoadCap, shorts: Mapping[str, pl.DataFrame], year: int) -> tuple[PeriodOutcome, ...]:
    """Return what each period of a year comes to against a cap; none for a unit that no mass converts to.

    Parameters
    ----------
    shorts
        Point → short averages of one stream, in the form of `core/emissions/tables.SHORT`: every point of the
        condition, with an empty table where nothing is measured.
    """
    told = unit(cap.unit)
    if told.dimension != "mass" or cap.period not in FORMATS or not shorts:
        return ()
    allowed = Fraction(cap.value) * told.ratio * MICROGRAM_IN_KG
    found = [[_outcome(name, load, allowed, cap) for name, load in _loads(cap, shorts, year, c)] for c in CLOCKS]
    return tuple(agreed(list(same)) for same in zip(*found, strict=True))


def _loads(cap: LoadCap, shorts: Mapping[str, pl.DataFrame], year: int, clock: Clock) -> list[tuple[str, Load]]:
    period, zone = Period.year(year, clock), POLARS_ZONE[clock]
    exempt = [str(one.state) for one in cap.exemptions if one.hours is None and not one.condition]
    doubtful = [str(one.state) for one in cap.exemptions] + (["unknown"] if cap.exemptions else [])
    totals: dict[str, Load] = {}
    for short in shorts.values():
        length = int(short["length"][0]) if short.height else 3600
        starts = pl.datetime_range(
            period.start, period.end, timedelta(seconds=length), closed="left", time_unit="us", eager=True
        )
        frame = pl.DataFrame({"start": starts}).join(
            short.select("start", "mass", "state", "lost"), on="start", how="left"
        )
        state = pl.col("state").fill_null("unknown")
        frame = frame.filter(~state.is_in(exempt)).with_columns(
            name=pl.col("start").dt.convert_time_zone(zone).dt.strftime(FORMATS[cap.period]), may=state.is_in(doubtful)
        )
        idle = pl.col("state") == "out_of_service"
        rows = frame.group_by("name", maintain_order=True).agg(
            certain=pl.col("mass").filter(~pl.col("may")).sum(),
            may=pl.col("mass").filter(pl.col("may")).sum(),
            missing=(pl.col("mass").is_null() & ~idle.fill_null(value=False)).sum(),
            n=pl.col("mass").count(),
            at_least=(mass_above_range() & pl.col("mass").is_not_null()).sum(),
        )
        for name, *of in rows.iter_rows():
            totals[name] = totals.get(name, Load(0, 0, 0, 0)) + Load(*of)
    return sorted(totals.items())


def _outcome(name: str, load: Load, allowed: Fraction, cap: LoadCap) -> PeriodOutcome:
    if load.certain > allowed:
        outcome, code = Outcome.EXCEEDS, "load-above"
    elif load.missing:
        outcome, code = Outcome.UNDETERMINED, "missing"
    elif load.certain + load.may > allowed:
        outcome, code = Outcome.UNDETERMINED, "state-open"
    elif load.at_least:
        outcome, code = Outcome.UNDETERMINED, "above-range"
    else:
        outcome, code = Outcome.MEETS, "load-not-above"
    limit = allowed / MICROGRAM_IN_KG
    return PeriodOutcome(
        cap.period,
        name,
        outcome,
        code,
        Counts(counted=load.n, missing=load.missing),
        low=Fraction(load.certain, MICROGRAM_IN_KG),
        high=Fraction(load.certain + load.may, MICROGRAM_IN_KG),
        limit_low=limit,
        limit_high=limit,
        n=load.n,
    )
