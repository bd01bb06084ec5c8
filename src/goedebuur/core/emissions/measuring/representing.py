"""Whether a measurement stands for the year: load, fuel and state at measuring time beside those of the whole year.

An hour is like those measured where its load lies from the lowest to the highest measured load, with a margin, and its
state and fuel are among the measured ones. What counts is the part of the year's emission in such hours: a plant may be
at work at low load most of the time, and let go most of its substance at high load.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final

import polars as pl

from goedebuur.core.base.sourced import Text
from goedebuur.core.emissions.en14181.criteria import Criterion, rounded, written

OUT_OF_SERVICE: Final = "out_of_service"
UNKNOWN: Final = ("", "unknown")
YEAR: Final[dict[str, Any]] = {
    "start": pl.Datetime("us", "UTC"),
    "length": pl.Int32(),  # [s]
    "load": pl.Float64(),  # [one unit]; null where it is not known
    "state": pl.String(),
    "fuel": pl.String(),  # null where it is not known
    "mass": pl.Int64(),  # [µg]; null where it is not known
}
"""Steps of a year, of one emission point."""


class Stands(StrEnum):
    """Whether a measurement stands for the year."""

    YES = "yes"
    IN_PART = "in_part"
    NO = "no"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Moment:
    """When was measured, and what is known of the plant then; the year says what is not known here.

    Parameters
    ----------
    load
        [as the year] None where the report does not say.
    state, fuel
        Empty where the report does not say.
    """

    start: datetime
    end: datetime
    load: float | None = None
    state: str = ""
    fuel: str = ""


@dataclass(frozen=True, slots=True)
class Represents:
    """What a measurement stands for.

    Parameters
    ----------
    low, high
        Lowest and highest measured load, with the margin; None where none is known.
    states, fuels
        Those measured.
    hours
        Part of the working hours with a known load in which the load lies between, in a measured state and fuel.
    mass
        The same of the emission; None where no mass is known.
    above, below
        Part of the emission (of the hours where no mass is known) at loads above `high` and below `low`.
    percentile
        Part of the working hours with a load under the mean measured load, those equal to it for half.
    distance
        Largest difference between the distributions of measured loads and of the year's (Kolmogorov-Smirnov).
    unknown
        Part of the working hours of which the load is not known.
    sentence
        What it comes to, in words.
    """

    stands: Stands
    low: float | None
    high: float | None
    states: tuple[str, ...]
    fuels: tuple[str, ...]
    hours: Fraction | None
    mass: Fraction | None
    above: Fraction | None
    below: Fraction | None
    percentile: Fraction | None
    distance: float | None
    unknown: Fraction | None
    sentence: Text


@dataclass(frozen=True, slots=True)
class LoadShare:
    """Which part of the year lies in one class of load: of the working hours of which the load is known.

    Parameters
    ----------
    low, high
        Edges; the lower one counts as within, of the last class both. [as the year]
    hours
        Part of the time.
    mass
        Part of the emission; None where no mass is known.
    """

    low: float
    high: float
    hours: Fraction
    mass: Fraction | None


CLASSES: Final = 10
"""Into which loads are cut from zero to the highest, to be drawn. A choice."""


def classes(year: pl.DataFrame, number: int = CLASSES) -> tuple[LoadShare, ...]:
    """Return how time and emission lie over equally wide classes of load; none where no load above zero is known.

    Parameters
    ----------
    year : DataFrame
        Columns :data:`YEAR`.
    """
    known = year.filter((pl.col("state") != OUT_OF_SERVICE) & pl.col("load").is_not_null())
    top = known["load"].max()
    if not isinstance(top, float) or top <= 0:
        return ()
    place = (pl.col("load").clip(lower_bound=0) / top * number).floor().clip(upper_bound=number - 1)
    placed = known.with_columns(place=place.cast(pl.Int32))
    weighed = (known["mass"].sum() or 0) > 0
    return tuple(
        LoadShare(
            top * n / number,
            top * (n + 1) / number,
            _share(placed, pl.col("place") == n, "length") or Fraction(0),
            _share(placed, pl.col("place") == n, "mass") if weighed else None,
        )
        for n in range(number)
    )


def load_of_each(year: pl.DataFrame, moments: Sequence[Moment]) -> tuple[float, ...]:
    """Return the load of each partial measurement of which it is known: as reported, else as the year has it."""
    return tuple(_measured(year, moments)[0])


def represents(year: pl.DataFrame, moments: Sequence[Moment], choices: Mapping[str, Criterion]) -> Represents:
    """Return whether a measurement stands for the year: only what holds whatever the unknown hours were.

    Parameters
    ----------
    year : DataFrame
        Columns :data:`YEAR`.
    moments
        Of each partial measurement.
    """
    work = year.filter(pl.col("state") != OUT_OF_SERVICE)
    known = work.filter(pl.col("load").is_not_null())
    measured, states, fuels = _measured(year, moments)
    unknown = _share(work, pl.col("load").is_null(), "length")
    if not measured or known.is_empty():
        return Represents(
            Stands.CANNOT_TELL,
            *(None, None, tuple(sorted(states)), tuple(sorted(fuels)), None, None, None, None, None, None),
            unknown,
            _NO_LOAD,
        )
    margin = float(choices["represents.load_margin"].value)
    low, high = min(measured) * (1 - margin), max(measured) * (1 + margin)
    like = pl.col("load").is_between(low, high)
    if states:
        like &= pl.col("state").is_in(sorted(states))
    if fuels and known["fuel"].is_not_null().any():
        like &= pl.col("fuel").is_in(sorted(fuels)).fill_null(False)
    weight = "mass" if (known["mass"].sum() or 0) > 0 else "length"
    hours, mass = _share(known, like, "length"), _share(known, like, "mass") if weight == "mass" else None
    above, below = _share(known, pl.col("load") > high, weight), _share(known, pl.col("load") < low, weight)
    percentile = _percentile(known, sum(measured) / len(measured))
    stands = _stands(mass if mass is not None else hours, above, below, unknown or Fraction(0), choices)
    return Represents(
        stands=stands,
        low=low,
        high=high,
        states=tuple(sorted(states)),
        fuels=tuple(sorted(fuels)),
        hours=hours,
        mass=mass,
        above=above,
        below=below,
        percentile=percentile,
        distance=_distance(known, measured),
        unknown=unknown,
        sentence=_sentence(stands, low, high, hours, mass, above, below, percentile, unknown or Fraction(0)),
    )


def _measured(year: pl.DataFrame, moments: Sequence[Moment]) -> tuple[list[float], set[str], set[str]]:
    """Return loads, states and fuels at measuring time: as reported, else as the year has them."""
    found: list[float] = []
    states: set[str] = set()
    fuels: set[str] = set()
    ends = pl.col("start") + pl.duration(seconds="length")
    for one in moments:
        during = year.filter((pl.col("start") < one.end) & (ends > one.start))
        mean = during["load"].mean()
        if one.load is not None:
            found.append(one.load)
        elif isinstance(mean, float):
            found.append(mean)
        states |= {one.state} if one.state else set(during["state"].drop_nulls().to_list())
        fuels |= {one.fuel} if one.fuel else set(during["fuel"].drop_nulls().to_list())
    return found, states - set(UNKNOWN), fuels - set(UNKNOWN)


def _share(frame: pl.DataFrame, which: pl.Expr, weight: str) -> Fraction | None:
    """Return the part of a weight in the rows that are meant; None where there is none at all."""
    total = pl.col(weight).cast(pl.Int64)
    part, whole = frame.select(part=total.filter(which.fill_null(False)).sum(), whole=total.sum()).row(0)
    return Fraction(part or 0, whole) if whole else None


def _percentile(known: pl.DataFrame, load: float) -> Fraction | None:
    under, equal = _share(known, pl.col("load") < load, "length"), _share(known, pl.col("load") == load, "length")
    return None if under is None or equal is None else under + equal / 2


def _distance(known: pl.DataFrame, loads: Sequence[float]) -> float:
    """Return the largest distance between two step functions; it lies at one of the steps of either."""
    by_load = known.group_by("load").agg(pl.col("length").cast(pl.Int64).sum()).sort("load")
    whole = int(by_load["length"].sum())
    cut = by_load.select("load", share=pl.col("length").cum_sum() / whole)
    found = 0.0
    for load, share in cut.iter_rows():
        found = max(found, abs(share - sum(one <= load for one in loads) / len(loads)))
    for one in loads:
        before = cut.filter(pl.col("load") <= one)["share"]
        share = float(before[-1]) if len(before) else 0.0
        found = max(found, abs(share - sum(other <= one for other in loads) / len(loads)))
    return found


def _stands(
    like: Fraction | None,
    above: Fraction | None,
    below: Fraction | None,
    unknown: Fraction,
    choices: Mapping[str, Criterion],
) -> Stands:
    """Return what holds whatever the hours with an unknown load were: like those measured, above or below them.

    An unknown hour is taken to have let go as much as a known one.
    """
    if like is None or above is None or below is None:
        return Stands.CANNOT_TELL
    known = 1 - unknown
    share, edge = choices["represents.mass_share"].value, choices["represents.edge"].value
    outside = max(above, below) * known
    if like * known >= share:
        return Stands.YES
    if outside >= edge or (like == 0 and not unknown):
        return Stands.NO
    if like * known + unknown < share and outside + unknown < edge and like > 0:
        return Stands.IN_PART
    return Stands.CANNOT_TELL


_NO_LOAD: Final = Text(
    "Van het jaar of van het moment van meten is geen belasting bekend."
    " Of de meting voor het jaar staat is niet te zeggen.",
    "No load is known of the year or of the time of measuring."
    " Whether the measurement stands for the year can't be told.",
)
_SAID: Final = {
    Stands.YES: Text("De meting staat voor het jaar.", "The measurement stands for the year."),
    Stands.IN_PART: Text("De meting staat voor een deel van het jaar.", "The measurement stands for part of the year."),
    Stands.NO: Text("De meting staat niet voor het jaar.", "The measurement does not stand for the year."),
    Stands.CANNOT_TELL: Text(
        "Of de meting voor het jaar staat is niet te zeggen.",
        "Whether the measurement stands for the year can't be told.",
    ),
}
_HOW: Final = Text(
    " Gemeten is bij een belasting die met de marge erbij van {low} tot {high} gaat, gemiddeld hoger dan in"
    " {percentile} % van de uren."
    " Uren als deze waren {hours} % van de tijd{mass}."
    " Van {whole} lag {above} % bij hogere belasting, en {below} % bij lagere.",
    " It was measured at loads from {low} to {high} with the margin, on average higher than in {percentile} % of the"
    " hours."
    " Hours like these were {hours} % of the time{mass}."
    " Of {whole}, {above} % lay at higher loads, and {below} % at lower.",
)
_UNKNOWN: Final = Text(
    " Van {unknown} % van de werkuren is de belasting niet bekend; de cijfers zijn van de andere.",
    " Of {unknown} % of the working hours the load is not known; the figures are of the others.",
)
_MASS: Final = Text(", en hadden {mass} % van de uitstoot", ", and had {mass} % of the emission")
_EMISSION: Final = Text("de uitstoot", "the emission")
_TIME: Final = Text("de tijd", "the time")


def _sentence(
    stands: Stands,
    low: float,
    high: float,
    hours: Fraction | None,
    mass: Fraction | None,
    above: Fraction | None,
    below: Fraction | None,
    percentile: Fraction | None,
    unknown: Fraction,
) -> Text:
    def percent(share: Fraction | None) -> str:
        return "?" if share is None else written(rounded(share * 100, 1) or Fraction(0), 1)

    told = _MASS.format(mass=percent(mass)) if mass is not None else Text()
    values = {
        "low": f"{low:.4g}",
        "high": f"{high:.4g}",
        "percentile": percent(percentile),
        "hours": percent(hours),
        "above": percent(above),
        "below": percent(below),
    }
    whole = _TIME if mass is None else _EMISSION
    how = Text(
        _HOW.nl.format(mass=told.nl, whole=whole.nl, **values), _HOW.en.format(mass=told.en, whole=whole.en, **values)
    )
    rest = _UNKNOWN.format(unknown=percent(unknown)) if unknown else Text()
    return Text(_SAID[stands].nl + how.nl + rest.nl, _SAID[stands].en + how.en + rest.en)
