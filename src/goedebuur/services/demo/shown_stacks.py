"""Which simulated stacks the demonstration shows: a month of minutes of two lines and two stacks of the steel works.

In the signals of line 1 and the steel works nothing is wrong. Of line 2 the oxygen is off for some days, as after a
leak in the sample line. A bureau measured at all four: at line 2 at the lowest loads alone, at the sinter plant with
another outcome than the company's instrument, and there a substance that the permit does not name. At the coke plant
doors leak for a week. So there is something to find of each kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import numpy as np

from goedebuur.core.base.periods import CET, Period
from goedebuur.services.demo import stack_loading
from goedebuur.services.demo.permits import places
from goedebuur.services.demo.stacks import PointRun, bureau, sightings, simulate
from goedebuur.services.demo.stacks.bureau import Calibration, Visit
from goedebuur.services.demo.stacks.defects import wrong_oxygen
from goedebuur.services.demo.stacks.plants import COKE, LINE_1, LINE_2, SINTER

if TYPE_CHECKING:
    from goedebuur.services.delivery import Outcome, Progress
    from goedebuur.services.record import Record

SEED: Final = 18
START: Final = datetime(2025, 10, 31, 23, tzinfo=UTC)
"""1 November 2025, 00:00 CET."""
DAYS: Final = 30
PERIOD: Final = Period(START, START + timedelta(days=DAYS))
POINTS: Final = (LINE_1, LINE_2, COKE, SINTER)
DELIVERED: Final = datetime(2026, 4, 20, 12, tzinfo=UTC)
"""After the sites and permits came in."""
REPORTED: Final = datetime(2026, 4, 21, 9, tzinfo=UTC)


def runs() -> Iterator[PointRun]:
    """Yield what was simulated at each emission point; always the same."""
    for point in POINTS:
        run = simulate(SEED, point, START, DAYS * 1_440)
        yield wrong_oxygen(np.random.default_rng(SEED), run).run if point is LINE_2 else run


def load(record: Record, *, progress: Progress | None = None) -> list[Outcome]:
    """Return what became of the files; what is there already changes nothing."""
    from goedebuur.services.delivery import deliver

    made = list(runs())
    outcomes = stack_loading.load(record, made, DELIVERED, progress=progress, total=len(POINTS))
    for number, (name, data) in enumerate(beside(made)):
        at = REPORTED + number * stack_loading.BETWEEN
        outcomes.append(deliver(record, data, name, submitter=stack_loading.SUBMITTER, now=at))
    return outcomes


def beside(made: Sequence[PointRun]) -> Iterator[tuple[str, bytes]]:
    """Yield what comes beside the signals, by name: reports of a bureau, and what was seen at the coke plant."""
    for run in made:
        yield f"meetrapport_{run.point.key}_gesimuleerd.json", bureau.file(SEED, run, _visits(run))
    begin = START.astimezone(CET)
    item = f"{places.part_id(COKE.site, COKE.installation)}.battery-1"
    yield "zichtbaar_kooks-2_gesimuleerd.csv", sightings.file(SEED, COKE.site, item, begin, DAYS)


def publish(record: Record, now: datetime, progress: Progress) -> None:
    """Publish what the year at the stacks of both sites comes to: verdicts, totals, measurements of the bureau."""
    from goedebuur.services import control_results, emission_results, total_results
    from goedebuur.services.stack_averages import RecordAverages

    sites = sorted({point.site for point in POINTS})
    for done, site in enumerate(sites):
        progress(f"verdicts of {site}", done, len(sites))
        emission_results.publish(record, site, START.year, RecordAverages(record), now)
        control_results.publish(record, site, RecordAverages(record), now)
        total_results.publish(record, site, START.year, RecordAverages(record), now)
    progress("verdicts", len(sites), len(sites))


def _visits(run: PointRun) -> list[Visit | Calibration]:
    key, good = run.point.key.upper(), bureau.at_all_loads(run)
    if run.point in (LINE_1, LINE_2):
        begins = good if run.point is LINE_1 else bureau.at_the_lowest_load(run)
        return [
            Calibration(f"{key}-2025-qal2", "nox", "EN 14792", "100", "20", "2010/75/EU VI deel 6, 1.3"),
            Visit(f"{key}-2025-1", "nox", "control", "EN 14792", begins),
            Visit(f"{key}-2025-2", "hcl", "control", "EN 1911", begins, u95=0.12),
            Visit(f"{key}-2025-3", "hf", "periodic", "NEN-ISO 15713", begins, u95=0.2, level=0.12),
        ]
    if run.point is SINTER:
        return [
            Calibration(f"{key}-2025-qal2", "nox", "EN 14792", "300", "20", "voorschrift 2.1.3"),
            Visit(f"{key}-2025-1", "nox", "control", "EN 14792", good, off=0.3),
            Visit(f"{key}-2025-2", "benzene", "control", "CEN/TS 13649", good, u95=0.2, level=1.4),
        ]
    return [Visit(f"{key}-2025-1", "so2", "control", "EN 14791", good)]
