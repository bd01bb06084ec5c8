"""What an emission point let out by the record of its stack, hour by hour, for a plume.

The mass of a short-term average is that of the record: concentration times flow, of the part in which the plant was at
work. An hour counts where all of it has a mass, or where the plant stood still.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from goedebuur.core.base import errors
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.periods import Period
from goedebuur.core.emissions.streams import Role
from goedebuur.services import stack_averages, streams
from goedebuur.services.dispersion_emissions import Known

if TYPE_CHECKING:
    from goedebuur.services.record import Record

NO_STREAM: Final = declare("query-no-stream", "No stream of the emission point measures that substance.")
HOUR: Final = timedelta(hours=1)
SECONDS: Final = 3600
MICROGRAM_IN_GRAM: Final = 10**6
NO_MASS: Final = "no mass in that hour"
TWO: Final = "two streams at once"
BELOW: Final = "below nought, taken as nought"
IDLE: Final = "out of service, taken as nought"


def of_point(
    record: Record, site: str, point: str, substance: str, starts: Sequence[datetime], as_of: int | None = None
) -> Known:
    """Return what an emission point lets out in hours.

    Out of service nothing goes out, as in the loads of the record. A mass below nought is that of an instrument around
    its zero. Both are taken as nought and counted.

    Parameters
    ----------
    substance
        Identifier, as `nox`.
    starts
        Of the hours, in order.

    Raises
    ------
    GoedeBuurError
        `query-no-stream`; `input-time` for hours without a zone; `stack-no-processing`.
    """
    import numpy as np
    import polars as pl

    from goedebuur.core.emissions.tables import reasons

    if starts[0].tzinfo is None:
        raise GoedeBuurError(
            errors.BAD_TIME,
            "The hours of this weather have no zone, and those of the record have.",
            place=f"{site}/{point}",
            value=starts[0].isoformat(),
            hint="Take weather of a station of the record.",
        )
    there = [
        one for one in streams.of_site(record, site, as_of, emission_point=point) if one.role is Role.CONCENTRATION
    ]
    own = [one.id for one in there if one.substance is not None and one.substance.id == substance]
    if not own:
        raise GoedeBuurError(
            NO_STREAM,
            "No stream of this emission point measures that.",
            place=f"{site}/{point}",
            value=substance,
            hint=f"It measures {', '.join(sorted({one.substance.id for one in there if one.substance})) or 'nothing'}.",
        )
    short = stack_averages.short(record, site, point, Period(starts[0], starts[-1] + HOUR), as_of)
    idle = pl.col("at_work") == 0
    mass = pl.when(idle).then(0).otherwise("mass")
    hours = (
        short.filter(pl.col("stream").is_in(own) & (pl.col("length") <= SECONDS))
        .group_by(pl.col("start").dt.truncate("1h"), "stream", "reference", "length")
        .agg(
            mass=mass.sum(),
            whole=(pl.col("length").sum() == SECONDS) & mass.is_not_null().all(),
            idle=idle.all(),
            lost=pl.col("lost").bitwise_or(),
        )
    )
    # reference conditions and lengths change nothing of what went out: one of each stream tells it
    known = hours.filter("whole").sort("stream", "length", "reference").unique(["start", "stream"], keep="last")
    told = known.group_by("start").agg(pl.col("mass").first(), pl.len(), pl.col("idle").all())
    masses = {start: of for start, *of in told.iter_rows()}
    why = dict(hours.group_by("start").agg(pl.col("lost").bitwise_or()).iter_rows())
    grams, without, doubtful = np.full(len(starts), np.nan), Counter[str](), Counter[str]()
    for number, start in enumerate(starts):
        if start not in masses:
            lost = reasons(why.get(start) or 0)
            without[lost[0].en if lost else NO_MASS] += 1
            continue
        micrograms, count, stood = masses[start]
        if count > 1:
            without[TWO] += 1
            continue
        grams[number] = max(micrograms, 0) / MICROGRAM_IN_GRAM / SECONDS
        doubtful.update([IDLE] if stood else [BELOW] if micrograms < 0 else [])
    return Known(grams, without, doubtful)
