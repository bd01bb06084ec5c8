"""Records of yearly releases: what a facility reported to have let go in a year, as in the E-PRTR register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

RELEASES: dict[str, pl.DataType] = {
    "facility": pl.String(),  # identifier of the register
    "name": pl.String(),
    "city": pl.String(),
    "latitude": pl.String(),  # WGS84 degrees as reported that year; they change between years
    "longitude": pl.String(),
    "activity": pl.String(),  # code of the main activity
    "sector": pl.String(),
    "medium": pl.String(),  # "air" | "water"
    "pollutant": pl.String(),  # name in the register
    "year": pl.Int32(),
    "value": pl.Int64(),  # reported digits without the point
    "decimals": pl.Int8(),
    "unit": pl.String(),  # per year
}
RELEASE_KEY = ("facility", "medium", "pollutant", "year")


@dataclass(frozen=True, slots=True)
class ParsedReleases:
    """What an adapter made of one file with releases.

    `values_in == releases.height + sum(skipped.values())` holds always.

    Parameters
    ----------
    releases
        Frame with :data:`RELEASES`, unique by :data:`RELEASE_KEY`, sorted by it.
    values_in
        Number of releases in the file.
    skipped
        Reason → number of releases that did not become a row.
    doubts
        Sentences about what was read but looks wrong.
    """

    releases: pl.DataFrame
    values_in: int
    skipped: Mapping[str, int] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.values_in != self.releases.height + sum(self.skipped.values()):
            raise ValueError("a release is neither a row nor counted as skipped")
