"""The short-term averages that lie ready: read where they were computed ahead, never computed for who waits for a page.

`goedebuur stack refresh` computes them. What is not ready is named, so that nobody takes it for nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from goedebuur.core.base.periods import Period
from goedebuur.core.emissions.streams import Stream
from goedebuur.services import stack_averages, streams

if TYPE_CHECKING:
    import polars as pl

    from goedebuur.services.record import Record


@dataclass
class ReadyAverages:
    """The averages of the present state that are kept, as :class:`goedebuur.services.emission_files.Averages`.

    Of an earlier state nothing is kept: there all of it lacks.

    Parameters
    ----------
    lacking
        (site, emission point) → months (`2026-03`, in UTC) with raw values of which the averages are not ready, of
        those that were asked for.
    """

    record: Record
    as_of: int | None = None
    lacking: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    _frames: dict[tuple[str, str, int], pl.DataFrame] = field(default_factory=dict)

    def short(self, stream: Stream, year: int) -> pl.DataFrame:
        """Return the short averages of a stream in a year and the year before that are ready."""
        import polars as pl

        key = (stream.site, stream.emission_point, year)
        if key not in self._frames:
            self._frames[key] = self._of_point(stream, year)
        return self._frames[key].filter(pl.col("stream") == stream.id)

    def inputs(self) -> Sequence[str]:
        """Return nothing: what is made of these is shown, never published."""
        return ()

    def _of_point(self, stream: Stream, year: int) -> pl.DataFrame:
        import polars as pl

        from goedebuur.core.emissions.tables import SHORT

        site, point = stream.site, stream.emission_point
        known, asked = stack_averages.measured(self.record, stream, self.as_of), stack_averages.two_years(year)
        parts = [pl.DataFrame(schema=SHORT)]
        settled = streams.processing(self.record, site, self.as_of, emission_point=point)
        if known is None or not settled or not known.overlaps(asked):
            return parts[0]
        size = self.record.observations.size
        past = self.as_of is not None and self.as_of < size
        made = stack_averages.plan_of(self.record, site, point, self.as_of)
        store = stack_averages.kept_in(self.record)
        within = Period(max(known.start, asked.start), min(known.end, asked.end))
        for month in stack_averages.months_of(within):
            name = f"{month.start:%Y-%m}"
            kept = None if past else store.read(f"{site}/{point}", name, stack_averages.digest(made, month), size)
            if kept is not None and not stack_averages.changed_hours(
                self.record, made.within(month), kept.size, size, month
            ):
                parts.append(kept.frame)
            else:
                self.lacking.setdefault((site, point), set()).add(name)
        return pl.concat(parts).sort(*stack_averages.KEYS)
