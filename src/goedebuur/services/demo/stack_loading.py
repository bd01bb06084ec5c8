"""Take simulated runs into a record by the road of every delivery: streams first, then a file a month."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from goedebuur.services.demo.stacks import files, streams
from goedebuur.services.demo.stacks.simulating import PointRun

if TYPE_CHECKING:
    from goedebuur.services.delivery import Outcome, Progress
    from goedebuur.services.record import Record

SUBMITTER: Final = "simulatie"
REASON: Final = "verzonnen voor de demonstratie"
BETWEEN: Final = timedelta(minutes=2)
"""Between two deliveries."""


def load(
    record: Record, runs: Iterable[PointRun], now: datetime, *, progress: Progress | None = None, total: int = 0
) -> list[Outcome]:
    """Return what became of the files of some runs; what is there already changes nothing.

    The sites of the demonstration are in the record.

    Parameters
    ----------
    now
        When the first is said to come in.
    total
        How many files there will be, as far as it is known.
    """
    from goedebuur.services import streams as kept
    from goedebuur.services.delivery import deliver

    outcomes: list[Outcome] = []
    for run in runs:
        at = now + len(outcomes) * BETWEEN
        kept.put(record, streams.records(run.point), at, reason=REASON, submitter=SUBMITTER)
        for begin, end in files.months(run):
            month = run.start + timedelta(minutes=begin + 60)
            name = f"ruwe-signalen_{run.point.key}_{month:%Y-%m}_gesimuleerd.csv"
            data = files.raw_file(run, begin, end)
            at = now + len(outcomes) * BETWEEN
            outcomes.append(deliver(record, data, name, submitter=SUBMITTER, now=at))
            if progress is not None:
                progress(name, len(outcomes), max(total, len(outcomes)))
    return outcomes
