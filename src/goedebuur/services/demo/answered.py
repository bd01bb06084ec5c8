"""The answered finding of the demonstration: two days of a gas turbine are too high, two claims, one of them accepted.

The hours of five days in January 2026 are invented, and are published with the verdicts as averages from a file are. On
the 13th eight hours of 130 mg/Nm³ bring the mean of the day to 71.3, on the 15th ten hours of 115 to 71.9, each less 4
of uncertainty; the permit allows 66. The operator says that the first was a start-up, which does not count, and the
second a failure of the water injection. The first is accepted.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from goedebuur.core.base.periods import CET
from goedebuur.core.casework.cases import Case, Given
from goedebuur.core.compliance.emissions import answers
from goedebuur.core.compliance.emissions.answers import Named
from goedebuur.core.compliance.emissions.claims import Claim, Word
from goedebuur.core.emissions.streams import Role, Stream
from goedebuur.core.emissions.tables import SHORT
from goedebuur.core.permits.limits import OperatingState, Substance
from goedebuur.services.demo import finding
from goedebuur.services.demo.finding import Tale, Turn
from goedebuur.services.demo.permits import places, refinery
from goedebuur.services.demo.permits.writing import substance

if TYPE_CHECKING:
    import polars as pl

    from goedebuur.services.record import Record

CASE: Final = uuid.UUID("8c1f52c4-54c0-4f07-9a3d-7b3cf0f2a502")
PUBLICATION: Final = uuid.UUID("f0b7f5a9-2d3e-4d34-8b0e-0c5b6f0a7c12")
OPERATOR: Final = "kreek-raffinage-verzonnen"
POINT: Final = places.part_id(refinery.SITE, "schoorsteen T1")
YEAR: Final = 2026
STREAM: Final = "sim-t1.nox"
SHOWN: Final = {STREAM: Fraction(4)}
"""[mg/Nm³]"""
DAYS: Final = range(12, 17)
"""Of January."""
NORMAL: Final = 48
HIGH: Final[Mapping[int, tuple[range, int]]] = {13: (range(5, 13), 130), 15: (range(10, 20), 115)}
"""Day → hours of the day, on winter time, and what was measured in each. [mg/Nm³]"""
ENTERED: Final = datetime(2026, 4, 21, 8, tzinfo=UTC)
JUDGED: Final = ENTERED + timedelta(hours=1)
BEGUN: Final = datetime(2026, 4, 22, 9, tzinfo=UTC)
SUBJECT: Final = "Stikstofoxiden van de gasturbine op 13 en 15 januari (verzonnen)"
TEXT: Final = (
    "Dit is een verzonnen voorbeeld. De raffinaderij, de metingen en het antwoord bestaan niet.\n\n"
    "Op 13 en 15 januari 2026 was het daggemiddelde van stikstofoxiden uit schoorsteen T1 hoger dan de 66 mg/Nm³ "
    "van voorschrift 4.1.2."
)
ANSWER: Final = (
    "Op 13 januari startte de gasturbine op na onderhoud. Op 15 januari viel de waterinjectie uit. In beide tijden "
    "werkte de installatie niet normaal."
)
REASON: Final = (
    "Informatie over uitstoot is openbaar (Woo artikel 5.1 lid 7). Het opstarten op 13 januari telt niet mee; "
    "15 januari blijft te hoog. Verzonnen voorbeeld."
)


class Hours:
    """The invented hourly averages."""

    def short(self, stream: Stream, year: int) -> pl.DataFrame:
        """Return the averages of the stream; none of any other."""
        import polars as pl

        return pl.DataFrame(list(map(_row, _hours())) if stream.id == STREAM else [], schema=SHORT)

    def inputs(self) -> Sequence[str]:
        """Return nothing: they were made of no raw values."""
        return ()


def _hours() -> list[tuple[datetime, int]]:
    found = []
    for day in DAYS:
        hours, value = HIGH.get(day, (range(0), 0))
        for hour in range(24):
            start = datetime(YEAR, 1, day, hour, tzinfo=CET).astimezone(UTC)
            found.append((start, value if hour in hours else NORMAL))
    return found


def _row(one: tuple[datetime, int]) -> dict[str, object]:
    start, value = one
    micro = value * 10**6
    return dict.fromkeys(SHORT) | {
        **{"stream": STREAM, "reference": "o2=15 dry", "start": start, "length": 3600, "state": "normal"},
        **{"raw": micro, "calibrated": micro, "standard": micro, "valid": True, "lost": 0, "beyond": 0},
        **dict.fromkeys(("n", "expected", "measured", "at_work"), 60),
    }


def stream() -> Stream:
    """Return the one stream of the gas turbine."""
    return Stream(
        id=STREAM,
        site=refinery.SITE,
        emission_point=POINT,
        role=Role.CONCENTRATION,
        series="SIM-T1.stack_nox.1h",
        unit="mg/m³",
        step=3600,
        installation=places.part_id(refinery.SITE, refinery.TURBINE),
        substance=Substance(**substance("nox")),
        wet=False,
        range_low="0",
        range_high="400",
        standard="EN 14792",
        valid_from=date(2022, 1, 1),
        simulated=True,
    )


def claims() -> tuple[Claim, Claim]:
    """Return what the operator claims."""
    told = (
        (13, OperatingState.START_UP, "opstarten na onderhoud, volgens het logboek van de bedieningskamer"),
        (15, OperatingState.ABATEMENT_FAILURE, "pomp van de waterinjectie defect"),
    )
    first, second = (_claim(day, state, why) for day, state, why in told)
    return first, second


def _claim(day: int, state: OperatingState, why: str) -> Claim:
    hours = HIGH[day][0]
    start, end = (datetime(YEAR, 1, day, hour, tzinfo=CET) for hour in (hours.start, hours.stop))
    return Claim(Word.OTNOC, POINT, start, end, state, why)


def load(record: Record) -> None:
    """Publish the verdicts, take the finding through its steps and publish it; done again, nothing is added."""
    from goedebuur.services import emission_results, streams

    streams.put(record, [stream()], ENTERED, reason="verzonnen voor de demonstratie", submitter="simulatie")
    leaf = emission_results.publish(record, refinery.SITE, YEAR, Hours(), JUDGED, SHOWN)
    named = Named(refinery.SITE, YEAR, STREAM, "nox-day", leaf)
    text = Given(subject=SUBJECT, text=f"{TEXT}\n\n{named.line()}", emissions=True)
    finding.play(record, Tale(CASE, PUBLICATION, OPERATOR, refinery.SITE, text, BEGUN), _turn)


def _turn(case: Case) -> Turn | None:
    """Return the step that follows."""
    started, failed = claims()
    lines = "\n".join(one.line() for one in (started, failed))
    said = (
        answers.decided(
            started, Word.ACCEPTED, "Bal 4.44", "De turbine kwam uit stilstand, en voorschrift 4.1.2 zegt het ook."
        ),
        answers.decided(
            failed, Word.REFUSED, "Bal 4.45", "De storing is niet binnen 48 uur gemeld, en er is geen bewijs van."
        ),
    )
    reply = Turn("reply", "beslisser", timedelta(days=25), Given(reply="\n".join(one.line() for one in said)))
    publish = Turn("publish", "beslisser", finding.PUBLISHED_AFTER, Given(reason=REASON))
    return {
        "draft": Turn("submit", "schrijver", timedelta(hours=2), Given()),
        "in_review": Turn("notify", "beslisser", timedelta(days=1), Given()),
        "hearing": Turn("answer", "bedrijf", timedelta(days=20), Given(answer=f"{ANSWER}\n\n{lines}")),
        "answered": publish if case.reply else reply,
    }.get(case.state)
