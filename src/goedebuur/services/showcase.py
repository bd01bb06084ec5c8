"""Make a record to look at, simulated or from a folder of files: take it in, judge its years, publish the verdicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from goedebuur.core.base import canonical
from goedebuur.core.base.periods import CET
from goedebuur.services.delivery import Outcome, Progress, deliver, deliver_files
from goedebuur.services.settings import Bounds

if TYPE_CHECKING:
    from goedebuur.services.record import Record

IJMOND: Final[Bounds] = (4.45, 52.35, 4.80, 52.60)
"""Velsen, Beverwijk, Heemskerk and the harbour between them: west, south, east, north. [°]"""


@dataclass(frozen=True, slots=True)
class Shown:
    """What became of the files, and the years of which verdicts are published."""

    outcomes: tuple[Outcome, ...]
    years: tuple[int, ...]


def simulated(record: Record, *, now: datetime, progress: Progress, cases: bool = False, stacks: bool = False) -> Shown:
    """Return what was made of the simulated region, as if it had been delivered in the course of a year.

    Parameters
    ----------
    cases
        Whether the SQL tables are there, for a case too.
    stacks
        Whether raw values of stacks come with it: two million, which takes a while.
    """
    from goedebuur.services import attention_ahead, demo, stack_averages
    from goedebuur.services.demo import permits, shown_stacks, works

    outcomes = demo.load(record, progress=progress)
    releases = works.release_file(demo.YEAR)
    received = works.received(demo.YEAR)
    outcomes.append(deliver(record, releases, works.NAME, submitter=demo.SUBMITTER, now=received))
    permits.load(record, demo.PERMITS_ENTERED, demo.SUBMITTER)
    if stacks:
        outcomes += shown_stacks.load(record, progress=progress)
        for step in stack_averages.refresh(record, shown_stacks.PERIOD):
            progress(f"averages of {step.point}", step.done, step.total)
    if cases:
        from goedebuur.services.demo import finding

        finding.load(record)
    if stacks:
        shown_stacks.publish(record, now, progress)
    if stacks and cases:
        from goedebuur.services.demo import answered

        answered.load(record)
    judged = _publish(record, now, progress)
    if stacks:
        for stage in attention_ahead.refresh(record, now):
            progress(f"what stands out at {stage.site}", stage.done, stage.total)
    return Shown(tuple(outcomes), judged)


def real(record: Record, files: Sequence[Path], *, now: datetime, progress: Progress) -> Shown:
    """Return what was made of the files. Done again, or after an interruption, only what is missing is added."""
    from goedebuur.services import gas_turbine

    if gas_turbine.is_among(path.name for path in files):
        gas_turbine.enter(record, now)
    outcomes = deliver_files(record, files, now=now, progress=progress)
    return Shown(tuple(outcomes), _publish(record, now, progress))


def bounds(record: Record) -> Bounds | None:
    """Return the area with which the map starts: the IJmond where stations lie there, None for all stations."""
    from goedebuur.services import queries

    west, south, east, north = IJMOND
    inside = (west <= one.longitude <= east and south <= one.latitude <= north for one in queries.stations(record))
    return IJMOND if any(inside) else None


def fingerprint(files: Sequence[Path]) -> str:
    """Return a digest of names, sizes and times of change, by which a folder is known to be the same as before."""
    listed = [f"{path.name} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files]
    return canonical.sha256("\n".join(listed).encode())


def _publish(record: Record, now: datetime, progress: Progress) -> tuple[int, ...]:
    from goedebuur.services import assessment

    assessment.record_rules(record, now)
    years = judged_years(record)
    for done, year in enumerate(years):
        progress(f"verdicts of {year}", done, len(years))
        standing = assessment.published(record, year)
        if standing is None or standing.newer:
            assessment.publish(record, year, now)
    return tuple(years)


def years(record: Record) -> list[int]:
    """Return the calendar years (CET) from the first to the last value of each series that rules are about."""
    return sorted(_judged_series(record))


def judged_years(record: Record) -> list[int]:
    """Return the calendar years (CET) of which most is there: at least half as many series as in the fullest year.

    Only series that a limit or guideline is about count. A year with one stray file would else be shown as the newest.
    """
    series = _judged_series(record)
    fullest = max(series.values(), default=0)
    return sorted(year for year, number in series.items() if 2 * number >= fullest)


def _judged_series(record: Record) -> Counter[int]:
    """Return in how many series that a rule is about each year is there."""
    from goedebuur.rules.loader import book
    from goedebuur.services import queries

    rules = book()
    judged = {rule.measure.quantity for rule in rules.limits} | {rule.measure.quantity for rule in rules.guidelines}
    series: Counter[int] = Counter()
    for station in queries.stations(record):
        for one in station.series:
            if one.quantity in judged and one.first and one.last:
                series.update(_years(one.first, one.last, one.step))
    return series


def _years(first: datetime, last: datetime, step: int) -> range:
    instant_before_end = last + timedelta(seconds=step) - timedelta(microseconds=1)
    return range(first.astimezone(CET).year, instant_before_end.astimezone(CET).year + 1)
