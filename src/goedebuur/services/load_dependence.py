"""How the concentrations of an emission point depend on its load, from the raw values in the record.

Raw means raw: as the instrument gave them, before any function or correction. That is enough to see at which load a
substance is high, and no more than that is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.flags import UNUSABLE, Flag
from goedebuur.core.base.periods import Period
from goedebuur.core.emissions.load_bins import ByLoad, by_load
from goedebuur.core.emissions.streams import Role, Stream
from goedebuur.services import streams

if TYPE_CHECKING:
    from goedebuur.services.record import Record

NO_LOAD: Final = declare("stack-no-load", "The emission point has no stream of its load in the steps of a substance.")


@dataclass(frozen=True, slots=True)
class OfStream:
    """A concentration by class of load.

    Parameters
    ----------
    stream, load
        The two streams.
    found
        By class.
    remarked
        Values with a remark: all of them, where the times of a data set are assumed. The classes do not rest on times.
    """

    stream: Stream
    load: Stream
    found: ByLoad
    remarked: int


def of_point(
    record: Record, site: str, emission_point: str, period: Period, as_of: int | None = None, *, classes: int = 10
) -> tuple[OfStream, ...]:
    """Return each concentration of an emission point in classes of its load, by stream.

    Raises
    ------
    GoedeBuurError
        `stack-no-load` where no one stream tells the load.
    """
    told = streams.of_site(record, site, as_of, emission_point=emission_point)
    loads = {one.step: one for one in told if one.role is Role.LOAD}
    out = []
    for one in (one for one in told if one.role is Role.CONCENTRATION):
        load = loads.get(one.step)
        if load is None or sum(other.role is Role.LOAD and other.step == one.step for other in told) > 1:
            raise GoedeBuurError(
                NO_LOAD,
                "No one stream tells the load of this emission point in the same steps.",
                place=emission_point,
                value=one.id,
                hint="Enter a stream with the role `load`: power, steam, throughput or fuel.",
            )
        values, remarked = _usable(record, one.series, period, as_of)
        beside, _ = _usable(record, load.series, period, as_of)
        out.append(OfStream(one, load, by_load(values, beside, classes), remarked))
    return tuple(out)


def _usable(record: Record, series: str, period: Period, as_of: int | None) -> tuple[pl.DataFrame, int]:
    rows = record.observations.read(
        series=[series], start=period.start, end=period.end, as_of=as_of, columns=("start", "micro", "flags")
    )
    rows = rows.filter((pl.col("flags") & int(UNUSABLE | Flag.NOT_AT_WORK)) == 0)
    remarked = int(((rows["flags"] & int(Flag.REMARK)) != 0).sum())
    return rows.select("start", "micro"), remarked
