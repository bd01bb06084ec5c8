"""Published totals of a year: what a site let go of each substance, with what it was made of, and what pages show.

A leaf of kind `result` a site and year, with its receipt. Masses are whole numbers of milligrams (of a table) or
micrograms (of an emission point), as they were added up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import msgspec

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.periods import Clock, Period
from goedebuur.core.emissions.annual import Filled, Year
from goedebuur.core.emissions.register import Row
from goedebuur.services import emission_totals, rule_record, site_views, stack_results
from goedebuur.services.assessment import receipt_of
from goedebuur.services.emission_files import Averages
from goedebuur.services.emission_totals import Totals
from goedebuur.services.stack_results import Published

if TYPE_CHECKING:
    from goedebuur.services.record import Record

RUNNING: Final = declare("emission-year-running", "A year that is not over has no total to be published.")
RESULT: Final = "yearly-totals"
FORMAT: Final = "goedebuur-yearly-totals/1"


@dataclass(frozen=True, slots=True)
class PointYear:
    """The year of one substance at one emission point; see :class:`goedebuur.core.emissions.annual.Year`."""

    emission_point: str
    substance: str
    length: int
    steps: int
    measured: int
    at_rest: int
    mass: int
    accidental: int
    filled: tuple[Filled, ...] | None
    uncertainty: int | None = None
    above_range: int = 0

    @property
    def year(self) -> Year:
        """Return the year."""
        of = (self.length, self.steps, self.measured, self.at_rest, self.mass, self.accidental, self.filled)
        return Year(*of, self.uncertainty, self.above_range)


@dataclass(frozen=True, slots=True)
class TotalsView:
    """What is published of the totals of a site in a year.

    Parameters
    ----------
    years
        Of which there are published totals.
    rows
        The table; of each site that is one with it.
    measured
        (emission point, substance) → the year there.
    points
        Emission point → its name.
    """

    site: str
    name: str
    simulated: bool
    year: int | None
    years: tuple[int, ...]
    rows: tuple[Row, ...]
    measured: Mapping[tuple[str, str], Year]
    published: tuple[Published, ...]
    points: Mapping[str, str]


def publish(record: Record, site: str, year: int, averages: Averages, now: datetime) -> int:
    """Return the leaf under which the totals of a site and year are recorded.

    Raises
    ------
    GoedeBuurError
        `site-unknown`; `emission-year-running` before the year is over: what is still to come is no part of a total.
    """
    if now < Period.year(year, Clock.CET).end:
        raise GoedeBuurError(
            RUNNING,
            "The year is not over, so that it has no total.",
            value=str(year),
            hint="Publish the total after 31 December; without `--publish` it is worked out and shown.",
        )
    rule_record.record_regimes(record, now)
    found = emission_totals.of_site(record, site, year, averages)
    size = record.observations.size
    receipt = receipt_of(record, size, tuple(averages.inputs()), rule_record.regime_book_at(record, None))
    return stack_results.publish(record, RESULT, site, year, as_records(found), receipt, now)


def as_records(found: Totals) -> list[dict[str, Any]]:
    """Return totals as the lines of a result."""
    lines: list[dict[str, Any]] = [{"type": "header", "format": FORMAT, "site": found.site, "year": found.year}]
    lines += [{"type": "row", "row": msgspec.to_builtins(one, enc_hook=str)} for one in found.rows]
    for (point, substance), one in sorted(found.years.items()):
        of = (one.length, one.steps, one.measured, one.at_rest, one.mass, one.accidental, one.filled)
        told = PointYear(point, substance, *of, one.uncertainty, one.above_range)
        lines.append({"type": "point", "point": msgspec.to_builtins(told)})
    return lines


def view(record: Record, site: str, year: int | None = None, as_of: int | None = None) -> TotalsView:
    """Return the published totals of a site; without a year of the newest that has any.

    Raises
    ------
    GoedeBuurError
        `site-unknown`.
    """
    found = site_views.find(record, site, as_of)
    newest = stack_results.newest(record, RESULT, as_of)
    told = {member: newest.get(member, {}) for member in found.members}
    years = tuple(sorted({one for leaves in told.values() for one in leaves}, reverse=True))
    asked = year if year is not None else years[0] if years else None
    results = [
        stack_results.read(record, leaves[asked]) for leaves in told.values() if asked is not None and asked in leaves
    ]
    rows: list[Row] = []
    measured: dict[tuple[str, str], Year] = {}
    for result in results:
        for line in result.lines:
            if line["type"] == "row":
                rows.append(msgspec.convert(line["row"], Row, dec_hook=stack_results.exact))
            elif line["type"] == "point":
                point = msgspec.convert(line["point"], PointYear)
                measured[point.emission_point, point.substance] = point.year
    return TotalsView(
        found.id,
        found.name,
        found.simulated,
        asked,
        years,
        tuple(rows),
        measured,
        tuple(results),
        {one.id: one.names[-1].value if one.names else one.id for one in found.emission_points},
    )
