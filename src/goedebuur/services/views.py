"""Plain frozen records that the pages and the command line show. No behaviour beyond small readings of the fields.

Every record says in its fields what a person may ask of a figure: whose it is, since when, from which leaf. Times are
aware and in UTC; a position in the log (`leaf`) counts from zero, and a tree size `N` holds the leaves below `N`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from goedebuur.core.base.quantities import QUANTITIES
from goedebuur.services.closed import ClosedView


@dataclass(frozen=True, slots=True)
class SeriesView:
    """One series of a station, with what is held of it. `first` and `last` are starts of steps; None without rows."""

    id: str
    station: str
    quantity: str
    unit: str  # canonical unit, the one of `micro`
    step: int  # [s]
    first: datetime | None
    last: datetime | None
    count: int
    principle: str
    instrument: str
    accreditation: str
    max_decimals: int


@dataclass(frozen=True, slots=True)
class StationView:
    """A station with its series. `simulated` is true where its data come from the simulation."""

    id: str
    name: str
    latitude: float  # [°] WGS84; NaN where the supplier gave none
    longitude: float  # [°]
    operator: str
    area: str
    kind: str
    municipality: str
    simulated: bool
    series: tuple[SeriesView, ...]

    @property
    def stack(self) -> bool:
        """Return whether it is an emission point: all that is measured there are signals of a stack."""
        return bool(self.series) and all(QUANTITIES[one.quantity].stack for one in self.series)


@dataclass(frozen=True, slots=True)
class Correction:
    """A leaf that replaced or withdrew values of one series in a period."""

    leaf: int
    values: int
    reason: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version of one observation: what one leaf says of it. `value_text` is empty in a tombstone."""

    leaf: int
    kind: str  # kind of the leaf
    value_text: str  # the reported digits with their point
    unit: str  # as reported
    flags: int  # goedebuur.core.base.flags.Flag
    remark: str
    received: datetime
    submitter: str
    payload_sha256: str
    payload_name: str
    adapter: str
    reason: str
    superseded_by: int | None  # leaf that replaced it, None for the one that holds now

    @property
    def withdrawn(self) -> bool:
        """Return whether this version withdraws the value."""
        return bool(self.flags & 1)


@dataclass(frozen=True, slots=True)
class Method:
    """How a series is measured, in the words of its supplier."""

    principle: str
    instrument: str
    accreditation: str
    operator: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """All versions of one observation, newest first, and the checkpoint under which they can be proven."""

    series: str
    station: str
    quantity: str
    unit: str  # canonical
    start: datetime
    step: int  # [s]
    micro: int | None  # what holds now (or at `tree_size`), None when withdrawn
    versions: tuple[Version, ...]
    method: Method
    tree_size: int
    root_hash: str  # hexadecimal
    checkpoint: str  # signed note as text; empty where the log was not signed


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """One leaf of the log, said for people. `closed` is true for a commitment whose content is not open yet."""

    leaf: int
    kind: str
    submitter: str
    adapter: str
    received: datetime
    payload_name: str
    payload_sha256: str
    payload_size: int
    batch_sha256: str
    rows: int
    series: tuple[str, ...]
    period: tuple[datetime, datetime] | None
    supersedes: tuple[int, ...]
    reason: str
    counts: Mapping[str, int] = field(default_factory=dict)
    inputs: Mapping[str, object] | None = None
    closed: bool = False
    standing: ClosedView | None = None  # of a leaf that was closed: how it stands
    act: str = ""  # "opens" | "postpones" | "erases": what this leaf does to a closed one
    concerns: int | None = None  # which closed leaf that is
    signed_with: str = ""
    """Name of the submitter's key that signed the delivery; empty where it is not signed."""


CHANGE_KINDS: Final = ("changed", "withdrawn", "filled", "status", "new")
"""What can have happened to a value between two tree sizes."""


@dataclass(frozen=True, slots=True)
class Change:
    """One observation that reads differently at tree size `b` than at `a`. Texts are empty where there is no value."""

    series: str
    start: datetime
    step: int
    kind: str  # "changed" | "withdrawn" | "filled" | "new" | "status"
    before: str
    after: str
    unit: str
    before_leaf: int | None
    after_leaf: int


@dataclass(frozen=True, slots=True)
class Difference:
    """A part of what reads differently at tree size `last` than at `first`, and how much there is in all."""

    first: int
    last: int
    counts: dict[str, int]
    """Kind → number of changes, of every kind, also of those that were not asked for."""
    total: int
    """Number of changes of the kinds that were asked for."""
    offset: int
    """How many of those come before the first of `changes`."""
    changes: tuple[Change, ...]

    @property
    def following(self) -> int | None:
        """Return the offset of the next part, None where this is the last."""
        reached = self.offset + len(self.changes)
        return reached if reached < self.total else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two series on the same steps. Means are exact: (sum of micro, number of pairs); the rest describes.

    `correlation` and the regression line are floats for the eye, NaN with fewer than three pairs.
    """

    left: str
    right: str
    start: datetime
    end: datetime
    pairs: int
    left_only: int
    right_only: int
    left_total: int  # micro, over the pairs
    right_total: int
    mean_difference: float  # [canonical unit] left - right
    root_mean_square: float  # [canonical unit]
    correlation: float
    hours: Mapping[str, list[float | None]]  # "hour" 0-23 UTC, "left", "right": mean course of the day


@dataclass(frozen=True, slots=True)
class WindView:
    """The wind of one moment: the last hour that is known there, and how old it is."""

    station: str
    name: str
    latitude: float
    longitude: float
    start: datetime  # start of the hour
    direction: int | None  # [°] from where it blows; None when calm or variable
    speed: float  # [m/s]
    variable: bool
    simulated: bool


@dataclass(frozen=True, slots=True)
class RoseView:
    """Wind rose and concentration rose of one series with the wind of one weather station, clockwise from north.

    Lists per sector; `frequency` per sector a list per speed class, of the hours with wind [%]; `mean` [canonical
    unit], None below `least`. The counts of the sectors and of calm add up to `both`.
    """

    series: str
    weather_station: str
    start: datetime
    end: datetime
    sectors: tuple[float, ...]  # [°] middle of each sector
    speed_classes: tuple[float, ...]  # [m/s] lower edges: a class is above its own and up to and including the next
    frequency: tuple[tuple[float, ...], ...]
    calm: float  # [%]
    mean: tuple[float | None, ...]
    count: tuple[int, ...]
    calm_mean: float | None
    calm_count: int
    hours: int  # in which the wind is known
    both: int  # of those, in which the series has a value too
    least: int  # fewest hours for which a sector's mean is shown


@dataclass(frozen=True, slots=True)
class ReleaseView:
    """What one facility reported to have released to air in one year of one pollutant."""

    year: int
    pollutant: str
    amount_text: str  # as reported
    unit: str
    leaf: int


@dataclass(frozen=True, slots=True)
class FacilityView:
    """One facility of the E-PRTR register with its releases, place of the latest report."""

    id: str
    name: str
    latitude: float
    longitude: float
    place: str
    activity: str  # code of the main activity
    sector: str
    releases: tuple[ReleaseView, ...]
    simulated: bool


@dataclass(frozen=True, slots=True)
class RecordView:
    """The state of the whole record, for the foot of a page."""

    tree_size: int
    root_hash: str
    projected: int  # tree size that the projections hold
    stations: int
    series: int
    observations: int
    first: datetime | None
    last: datetime | None
    simulated: bool  # any station simulated
