"""What the simulated suppliers were to deliver, and why some of it is not there: one delivery late, gaps of all sorts.

Of the gaps that :mod:`goedebuur.services.demo.air` makes, the instrument of SIM05 and the beginning of SIM11 have a
reason stated; SIM07 without nitrogen dioxide for three weeks has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from goedebuur.core.base.periods import CET, Clock, iso
from goedebuur.core.expectations.expected import Expectation
from goedebuur.core.expectations.spans import Every, Span

LATE: Final = "bc"
"""The quantity of which the file of the year comes late."""
LATE_BY: Final = timedelta(days=25)
"""How long after the others it comes."""
REASONS: Final = "redenen_gesimuleerd.csv"
_STATED: Final = (
    ("SIM05.pm25.1h", range(3_400, 5_200), "instrument-down"),
    ("SIM11.so2.1h", range(0, 2_300), "not-measured"),
    ("SIM07.pm10.1h", range(7_000, 7_036), "instrument-down"),
)


def entered(year: int) -> datetime:
    """Return when the expectations were entered: before anything of the year was due."""
    return datetime(year - 1, 12, 15, 10, tzinfo=UTC)


def expectations(submitter: str, year: int) -> Sequence[Expectation]:
    """Return what is expected from the first day of the year on; two agreements that nobody made."""
    first = f"{year:04d}-01-01"
    air = Expectation(
        id="gesimuleerd-lucht",
        submitter=submitter,
        series=("SIM*.*.1h",),
        step=3600,
        every=Every.YEAR,
        clock=Clock.CET,
        term=Span(months=1),
        grace=Span(days=7),
        valid_from=first,
        reference="Gesimuleerde afspraak",
    )
    weather = Expectation(
        id="gesimuleerd-weer",
        submitter=submitter,
        series=("KNMI999.*.1h",),
        step=3600,
        every=Every.YEAR,
        clock=Clock.UTC,
        term=Span(days=14),
        grace=Span(days=7),
        valid_from=first,
        reference="Gesimuleerde afspraak",
    )
    return air, weather


def reasons_file(year: int) -> bytes:
    """Return the file in which the supplier says why values are missing."""
    begin = datetime(year, 1, 1, tzinfo=CET)
    lines = ["series,start,end,reason"]
    for series, hours, code in _STATED:
        start, end = (begin + timedelta(hours=hour) for hour in (hours.start, hours.stop))
        lines.append(f"{series},{iso(start)},{iso(end)},{code}")
    return ("\n".join(lines) + "\n").encode()
