"""Weather as AERMET wrote it, and how much of it there is to go by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from goedebuur.adapters import aermet
from goedebuur.core.base import errors
from goedebuur.core.base.errors import GoedeBuurError

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class AermetHours:
    """The hours of a surface file, and the levels of the profile beside it.

    Parameters
    ----------
    hours, levels
        Columns of `adapters/aermet.SURFACE` and `PROFILE` after `start`; without a profile no levels.
    counts
        `hours`, and of these: `stable`, `unstable`, `calm`, `missing` (a wind, and no friction velocity or Obukhov
        length), `absent` (between the first and the last, not in the file); `levels`.
    """

    hours: pl.DataFrame
    levels: pl.DataFrame
    counts: dict[str, int]


def of_files(surface: bytes, name: str, profile: bytes | None = None, profile_name: str = "") -> AermetHours:
    """Return what two files of AERMET hold.

    Raises
    ------
    GoedeBuurError
        `input-time` where the profile has an hour that the surface file lacks; those of `adapters/aermet`.
    """
    import polars as pl

    hours = aermet.surface(surface, name)
    if profile is None:
        levels = pl.DataFrame(schema={"start": pl.Datetime("us"), **dict.fromkeys(aermet.PROFILE, pl.Float64())})
    else:
        levels = aermet.profile(profile, profile_name)
        _require_hours(levels, hours, profile_name)
    told = pl.col("friction").is_not_null() & pl.col("obukhov").is_not_null()
    calm = pl.col("wind") == 0
    span = hours.select((pl.col("start").max() - pl.col("start").min()).dt.total_hours()).item() + 1
    counted = hours.select(
        stable=(told & (pl.col("obukhov") > 0)).sum(),
        unstable=(told & (pl.col("obukhov") <= 0)).sum(),
        calm=(calm & ~told).sum(),
        missing=(~calm.fill_null(value=False) & ~told).sum(),
    ).row(0, named=True)
    counts = {"hours": hours.height, **counted, "absent": span - hours.height, "levels": levels.height}
    return AermetHours(hours, levels, counts)


def _require_hours(levels: pl.DataFrame, hours: pl.DataFrame, name: str) -> None:
    alone = levels.join(hours, on="start", how="anti")
    if alone.height:
        raise GoedeBuurError(
            errors.BAD_TIME,
            "The profile has an hour that the surface file does not have.",
            place=name,
            value=f"{alone['start'][0]:%Y-%m-%d %H:%M}",
            hint="Deliver the two files of one run of AERMET.",
        )
