"""What pages and the API show of the stacks of a site: points, the signals measured there, and how they are handled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from goedebuur.core.emissions.abatement import Abatement
from goedebuur.core.emissions.processing import Processing
from goedebuur.core.emissions.streams import CalibrationFunction, Stream
from goedebuur.core.sites.records import EmissionPoint
from goedebuur.services import site_views, streams

if TYPE_CHECKING:
    from goedebuur.services.record import Record


@dataclass(frozen=True, slots=True)
class StreamView:
    """One signal, and the function by which it is a value on the day; None where none holds."""

    stream: Stream
    function: CalibrationFunction | None


@dataclass(frozen=True, slots=True)
class PointView:
    """One emission point on a day, with what is measured, cleaned and settled there.

    Parameters
    ----------
    processing
        Settings by which raw values become averages; more than one where the record has two, none where it has none.
    """

    point: EmissionPoint
    streams: tuple[StreamView, ...]
    abatement: tuple[Abatement, ...]
    processing: tuple[Processing, ...]


@dataclass(frozen=True, slots=True)
class StackView:
    """The emission points of a site on a day, by name; those that nothing is known of as well.

    Parameters
    ----------
    members
        Identifiers of all sites that are one with it, its own first.
    elsewhere
        Signals at points that are not in the record of the site: a fault in the record, which is shown.
    """

    site: str
    name: str
    simulated: bool
    on: date
    members: tuple[str, ...]
    points: tuple[PointView, ...]
    elsewhere: tuple[StreamView, ...]

    @property
    def measured(self) -> int:
        """Return how many signals there are."""
        return sum(len(one.streams) for one in self.points) + len(self.elsewhere)


def view(record: Record, site: str, on: date, as_of: int | None = None) -> StackView:
    """Return the stacks of a site on a day.

    Raises
    ------
    GoedeBuurError
        `site-unknown`.
    """
    found = site_views.find(record, site, as_of)
    signals = [one for member in found.members for one in streams.of_site(record, member, as_of, on=on)]
    cleaned = [one for member in found.members for one in streams.abatement(record, member, as_of, on=on)]
    settled = [one for member in found.members for one in streams.processing(record, member, as_of, on=on)]
    functions = streams.functions_on(record, on, as_of)
    views = {one.id: StreamView(one, functions.get(one.id)) for one in signals}
    points = [
        PointView(
            point,
            tuple(views[one.id] for one in signals if one.emission_point == point.id),
            tuple(one for one in cleaned if point.id in one.emission_points),
            tuple(one for one in settled if one.emission_point == point.id),
        )
        for point in found.emission_points
    ]
    known = {one.point.id for one in points}
    return StackView(
        found.id,
        found.name,
        found.simulated,
        on,
        found.members,
        tuple(sorted(points, key=lambda one: (_name(one.point).casefold(), one.point.id))),
        tuple(views[one.id] for one in signals if one.emission_point not in known),
    )


def counted(record: Record, members: tuple[str, ...], as_of: int | None = None) -> int:
    """Return how many signals of a site are in the record, of any day."""
    return sum(len(streams.of_site(record, member, as_of)) for member in members)


def _name(point: EmissionPoint) -> str:
    return point.names[-1].value if point.names else point.id
