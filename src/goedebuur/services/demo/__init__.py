"""The demonstration: a year in a harbour region that does not exist, delivered as the real suppliers deliver.

Of a few series there is the year before too, so that two years can be compared.
It has what the pages must be able to show: an exceedance, short and long gaps, remarks, a correction with values
changed, withdrawn and filled, plumes that come with the wind, weather, and what was expected: one delivery late, gaps
with and without a reason. Every value is marked as simulated.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Final

import numpy as np

from goedebuur.core.base.periods import CET
from goedebuur.services.demo import air, expected, layouts, weather
from goedebuur.services.demo.region import CENTRE, COMPONENTS, NAME, PLACES, Place

if TYPE_CHECKING:
    from goedebuur.services.delivery import Outcome, Progress
    from goedebuur.services.record import Record

__all__ = ["CENTRE", "EARLIER", "NAME", "PERMITS_ENTERED", "SEED", "YEAR", "DemoFile", "earlier_files", "files", "load"]

SEED: Final = 1
YEAR: Final = 2025
EARLIER: Final = (("SIM01", "SIM03", "SIM05"), ("pm10", "no2", "so2"))
"""Stations and quantities of which there is the year before as well: few, so that the demonstration starts soon."""
SUBMITTER: Final = "simulatie"
PERMITS_ENTERED: Final = datetime(YEAR + 1, 4, 20, 9, tzinfo=UTC)
"""When the sites and permits are said to come in: after the last delivery of measurements."""
_REMARKS: Final = {
    ("SIM01", "{year}-001"): (
        "Lozing bij de slakkenkoeling, meting technisch juist. Gesimuleerd.",
        range(2_905, 2_940),
    ),
    ("SIM12", "{year}-002"): ("Onderhoud naast de inlaat, mogelijk lokale invloed. Gesimuleerd.", range(6_010, 6_030)),
}
CORRECTION: Final = (
    "IJkfout hersteld op SIM03 (14 tot en met 27 mei), 36 uren op SIM07 afgekeurd na controle van het filter, "
    "12 uren op SIM05 uit de reservemeting aangevuld. Gesimuleerd."
)
RECALIBRATED: Final = range(3_192, 3_528)
"""Hours of the year on which SIM03 gave 6 % too much: 14 to 27 May."""
WITHDRAWN: Final = range(7_000, 7_036)
FILLED: Final = range(1_600, 1_612)


@dataclass(frozen=True, slots=True)
class DemoFile:
    """One simulated delivery: bytes, the moment it is said to have come in, and why where it corrects another."""

    name: str
    data: bytes
    received: datetime
    reason: str = ""


def files(seed: int = SEED, year: int = YEAR) -> Iterator[DemoFile]:
    """Yield the deliveries of the demonstration in order; the same seed and year give the same bytes.

    Parameters
    ----------
    seed
        Of the random generator.
    year
        Calendar year, on the CET clock.
    """
    start, sky, measured, random = _simulated(seed, year, PLACES)
    backup = measured["SIM05", "pm10"][FILLED.start : FILLED.stop].copy()
    air.lose(random, measured)
    _prepare_correction(measured)
    first = datetime(year + 1, 1, 12, 9, tzinfo=UTC)
    yield DemoFile(f"uurgeg_999_{year}.txt", layouts.weather_file(sky, skip=1), first)
    remarks = {(station, code.format(year=year)): said for (station, code), said in _REMARKS.items()}
    for number, quantity in enumerate(COMPONENTS):
        data = layouts.station_file(
            measured,
            quantity,
            start,
            f"EXP-{year + 1}-01",
            remarks=remarks if quantity == "h2s" else None,
            iso=quantity != "h2s",
        )
        late = expected.LATE_BY if quantity == expected.LATE else timedelta(0)
        yield DemoFile(_file_name(year, quantity), data, first + timedelta(days=20, minutes=7 * number) + late)
    _correct(measured, backup)
    data = layouts.station_file(measured, "pm10", start, f"EXP-{year + 1}-02")
    yield DemoFile(_file_name(year, "pm10"), data, datetime(year + 1, 4, 9, 13, 30, tzinfo=UTC), CORRECTION)


def earlier_files(seed: int = SEED, year: int = YEAR) -> Iterator[DemoFile]:
    """Yield the deliveries of the year before, of the stations and quantities of :data:`EARLIER`.

    Parameters
    ----------
    seed, year
        As of :func:`files`: `year` is the year of the demonstration itself.
    """
    stations, quantities = EARLIER
    before = year - 1
    start, _, full, random = _simulated(seed, before, [place for place in PLACES if place.code in stations])
    measured = {key: values for key, values in full.items() if key[1] in quantities}
    air.lose(random, measured)
    for number, quantity in enumerate(quantities):
        data = layouts.station_file(measured, quantity, start, f"EXP-{year}-01")
        received = datetime(year, 2, 1, 9, 7 * number, tzinfo=UTC)
        yield DemoFile(_file_name(before, quantity), data, received)


def load(record: Record, *, seed: int = SEED, year: int = YEAR, progress: Progress | None = None) -> list[Outcome]:
    """Return what became of each delivery of the demonstration; one already there changes nothing."""
    from goedebuur.services import expectations
    from goedebuur.services.delivery import deliver

    for one in expected.expectations(SUBMITTER, year):
        expectations.add(record, one, expected.entered(year))
    outcomes = []
    stated = DemoFile(expected.REASONS, expected.reasons_file(year), datetime(year + 1, 4, 10, 8, tzinfo=UTC))
    for file in chain(earlier_files(seed, year), files(seed, year), [stated]):
        outcomes.append(
            deliver(record, file.data, file.name, submitter=SUBMITTER, now=file.received, reason=file.reason)
        )
        if progress is not None:
            progress(file.name, len(outcomes), len(EARLIER[1]) + len(COMPONENTS) + 3)
    return outcomes


def _simulated(
    seed: int, year: int, places: Sequence[Place]
) -> tuple[datetime, weather.Weather, air.Tenths, np.random.Generator]:
    """Return the start of a year on the CET clock, its weather, its complete air, and the generator to go on with."""
    random = np.random.default_rng([seed, year])
    start = datetime(year, 1, 1, tzinfo=CET)
    hours = int((datetime(year + 1, 1, 1, tzinfo=CET) - start) / timedelta(hours=1))
    sky = weather.simulate(random, start, hours + 1)
    full = air.simulate(random, sky, places)
    return start, sky, {key: values[:hours] for key, values in full.items()}, random


def _file_name(year: int, quantity: str) -> str:
    return f"{year}_{COMPONENTS[quantity][0].replace('.', '')}_gesimuleerd.csv"


def _prepare_correction(measured: air.Tenths) -> None:
    """Put in, in place, what the correction will put right: 6 % too much on SIM03, a gap on SIM05."""
    sim03, sim07 = measured["SIM03", "pm10"], measured["SIM07", "pm10"]
    sim03[RECALIBRATED.start : RECALIBRATED.stop] = np.round(sim03[RECALIBRATED.start : RECALIBRATED.stop] * 1.06)
    held = sim07[WITHDRAWN.start : WITHDRAWN.stop]
    sim07[WITHDRAWN.start : WITHDRAWN.stop] = np.where(np.isnan(held), 173.0, held)
    measured["SIM05", "pm10"][FILLED.start : FILLED.stop] = np.nan


def _correct(measured: air.Tenths, backup: weather.Floats) -> None:
    sim03 = measured["SIM03", "pm10"]
    sim03[RECALIBRATED.start : RECALIBRATED.stop] = np.round(sim03[RECALIBRATED.start : RECALIBRATED.stop] / 1.06)
    measured["SIM07", "pm10"][WITHDRAWN.start : WITHDRAWN.stop] = np.nan
    measured["SIM05", "pm10"][FILLED.start : FILLED.stop] = backup
