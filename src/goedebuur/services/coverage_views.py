"""What pages show of the matrix of substances of a site: which are permitted, reported, measured and found on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from goedebuur.core.emissions.measuring.coverage import Cell
from goedebuur.services import coverage, site_views

if TYPE_CHECKING:
    from goedebuur.services.record import Record


@dataclass(frozen=True, slots=True)
class CoverageView:
    """The matrix of a site, and of those that are one with it.

    Parameters
    ----------
    points
        Emission point → its name.
    """

    site: str
    name: str
    simulated: bool
    on: date
    cells: tuple[Cell, ...]
    points: Mapping[str, str]


def view(record: Record, site: str, on: date, as_of: int | None = None) -> CoverageView:
    """Return the matrix of a site on a day, worked out once for each state of the record.

    Raises
    ------
    GoedeBuurError
        `site-unknown`.
    """
    found = site_views.find(record, site, as_of)

    def read() -> tuple[Cell, ...]:
        return tuple(one for member in found.members for one in coverage.matrix(record, member, on, as_of))

    return CoverageView(
        found.id,
        found.name,
        found.simulated,
        on,
        record.remembered(("coverage", found.id, on, as_of), read),
        {one.id: one.names[-1].value if one.names else one.id for one in found.emission_points},
    )
