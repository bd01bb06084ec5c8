"""A public alert of a peak: made after automatic checks alone, and withdrawn before the same readers.

Each check passes, fails, or cannot tell; only where all pass is there an alert, and what held one back is kept. An
alert says that much more than usual was let go, as the instruments have it. It says nothing of a limit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, Final

import polars as pl

from goedebuur.core.base import plain
from goedebuur.core.base.errors import declare
from goedebuur.core.base.periods import iso
from goedebuur.core.base.plain import Line, Pattern, fault
from goedebuur.core.base.sourced import Text
from goedebuur.core.emissions.tables import Lost

MALFORMED: Final = declare("alert-record", "An alert is not in the form that it has.")
KIND: Final = "emission_alert"
Identifier = Annotated[str, Pattern(r"[A-Za-z0-9_.\-]{1,80}:[0-9]{8}T[0-9]{6}Z", "Write stream and start of the peak.")]
Moment = Annotated[str, Pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", "Write a moment in UTC.")]
Micro = Annotated[str, Pattern(r"-?[0-9]{1,18}", "Write a whole number.")]
LEAST_OF_LIMIT: Final = 1_000
"""Least height for an alert, in thousandths of the value of the limit that it is held beside. A choice: what stays
under it is for who looks at the list of peaks, not for a message to the public."""


class Check(StrEnum):
    """What is looked at before an alert."""

    COMPLETE = "complete"
    """Values before, in and after it were measured and are valid."""
    NO_FAULT = "no_fault"
    """No malfunction, maintenance, calibration or invalid value in it or beside it."""
    IN_RANGE = "in_range"
    """No value lay above what the instrument can measure."""
    MEASURED = "measured"
    """It is in the calibrated signal too, and not made by the correction for oxygen."""
    SEEN_BESIDE = "seen_beside"
    """Another stream of the point or the site shows it."""
    HIGH = "high"
    """Its top lies above the value of the limit that it is held beside."""


class Result(StrEnum):
    """What a check comes to."""

    PASSED = "passed"
    FAILED = "failed"
    CANNOT_TELL = "cannot_tell"


Results = Mapping[Check, Result]
FAULTS: Final = Lost.SUPPLIER_INVALID | Lost.MAINTENANCE | Lost.MALFUNCTION | Lost.CALIBRATING


def checks(
    peak: Mapping[str, Any],
    short: pl.DataFrame,
    calibrated: pl.DataFrame,
    seen: pl.DataFrame,
    of_limit: int | None,
) -> Results:
    """Return what each check comes to for one peak of short-term averages.

    Parameters
    ----------
    peak
        A row of :data:`goedebuur.core.emissions.peaks.PEAKS`.
    short : DataFrame
        :data:`goedebuur.core.emissions.tables.SHORT` of its stream.
    calibrated : DataFrame
        The peaks of the same stream before any correction for moisture or oxygen.
    seen : DataFrame
        :data:`goedebuur.core.emissions.peaks.together.SEEN` of its streams.
    of_limit
        Top over limit, in thousandths; None where no limit is known.
    """
    step = timedelta(seconds=int(short["length"][0])) if short.height else timedelta()
    start, end = peak["start"], peak["end"]
    inside = short.filter(pl.col("start") >= start, pl.col("start") < end)
    near = short.filter(pl.col("start") >= start - step, pl.col("start") < end + step)
    lost = 0
    for bits in near["lost"].to_list():
        lost |= bits or 0
    same = calibrated.filter(
        pl.col("stream") == peak["stream"], pl.col("start") < end + step, pl.col("end") > start - step
    )
    others = seen.filter(pl.col("stream") == peak["stream"], pl.col("start") == start)
    complete = not peak["cut"] and not peak["missing"] and inside.height > 0 and bool(inside["valid"].all())
    return {
        Check.COMPLETE: _of(complete),
        Check.NO_FAULT: _of(not lost & int(FAULTS)),
        Check.IN_RANGE: _of(not lost & int(Lost.OUTSIDE_RANGE)),
        Check.MEASURED: _of(same.height > 0) if inside["calibrated"].count() else Result.CANNOT_TELL,
        Check.SEEN_BESIDE: Result.PASSED if others.height else Result.CANNOT_TELL,
        Check.HIGH: Result.CANNOT_TELL if of_limit is None else _of(of_limit >= LEAST_OF_LIMIT),
    }


def _of(holds: bool) -> Result:
    return Result.PASSED if holds else Result.FAILED


def passes(results: Results) -> bool:
    """Return whether an alert follows: every check was done, and passed."""
    return set(results) == set(Check) and all(one is Result.PASSED for one in results.values())


class Version(StrEnum):
    """What a record makes of an alert."""

    ISSUED = "issued"
    RETRACTED = "retracted"


@dataclass(frozen=True, slots=True)
class Alert:
    """One version of an alert, as it stands under a leaf.

    Parameters
    ----------
    id
        Stream and start of the peak: the same peak is told of once.
    number
        From 1: which version this is.
    start, end
        Of the peak.
    substance
        As the stream names it.
    top, level
        Highest value and what is usual around. [10⁻⁶ mg/m³ at `reference`]
    extra_mass
        Above the usual. [mg]; empty where flow is not known.
    cause
        As `core/emissions/peaks/causes.py` has it.
    checks
        Those that were passed: all.
    reason
        Why it was retracted. Public: no names of persons.
    simulated
        Whether the stream is invented.
    """

    id: Identifier
    number: int
    version: Version
    site: Line
    emission_point: Line
    stream: Line
    start: Moment
    end: Moment
    substance: Line
    reference: Line
    top: Micro
    level: Micro
    cause: Line
    checks: tuple[Check, ...]
    extra_mass: str = ""
    reason: str = ""
    simulated: bool = False

    def __post_init__(self) -> None:
        if self.id != identifier(self.stream, datetime.fromisoformat(self.start)):
            raise fault("id", "An alert is named by its stream and the start of the peak.", self.id)
        if self.number < 1 or (self.number == 1) != (self.version is Version.ISSUED):
            raise fault("number", "An alert is issued first, and retracted after that.", self.number)
        if (self.version is Version.RETRACTED) != bool(self.reason.strip()):
            raise fault("reason", "An alert that is retracted has a reason, and no other.")
        if set(self.checks) != set(Check):
            raise fault("checks", "An alert has passed every check.", ", ".join(self.checks))
        if self.end <= self.start:
            raise fault("end", "It ends before it begins.", self.end)


def identifier(stream: str, start: datetime) -> str:
    """Return the identifier of the alert of a peak.

    >>> from datetime import UTC
    >>> identifier("K1-nox", datetime(2026, 3, 1, 10, 30, tzinfo=UTC))
    'K1-nox:20260301T103000Z'
    """
    return f"{stream}:{re.sub('[-:]', '', iso(start))}"


def body(alert: Alert) -> dict[str, Any]:
    """Return an alert as it stands under its leaf."""
    return plain.write(alert)


def read(said: Mapping[str, Any]) -> Alert:
    """Return the alert in a record.

    Raises
    ------
    GoedeBuurError
        `alert-record`, with the first field that is wrong.
    """
    return plain.require(Alert, said, MALFORMED)


def told(version: Version) -> Text:
    """Return what became of an alert, as a feed or a mail says it."""
    return _TOLD[version]


_TOLD: Final[Mapping[Version, Text]] = {
    Version.ISSUED: Text("Melding: hoge uitstoot gemeten", "Alert: high emission measured"),
    Version.RETRACTED: Text("Melding ingetrokken", "Alert withdrawn"),
}
