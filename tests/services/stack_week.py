"""Ten days of raw minutes of one stack, delivered: every number that follows from them can be had by hand.

Monday 2 to Wednesday 11 March 2026 on winter time; half hours are counted from 0. At 11 % oxygen and dry nothing is
corrected. With the function of the site, -1.2 + 1.04 · raw:

| half hours | raw NOx | NOx at reference conditions [mg/Nm³] | mass at 100,000 Nm³/h [kg] |
|---|---|---|---|
| 0, 3, 6 … | 95 | 97.6 | 4.88 |
| 1, 4, 7 … | 100 | 102.8 | 5.14 |
| 2, 5, 8 … | 105 | 108 | 5.4 |
| 200 and 201, as a failure of the abatement | 390 | 404.4 | 20.22 |
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.services.deliveries import NOW
from tests.services.stack_year import CO
from tests.services.stacks import OXYGEN, PROCESSING, STATE

from goedebuur.core.base.periods import CET
from goedebuur.core.base.sourced import Status
from goedebuur.core.emissions.processing import OfStream, Peripherals, Taken
from goedebuur.core.emissions.streams import Code, Role, Stream
from goedebuur.services import delivery, streams
from goedebuur.services.record import Record

MONDAY = datetime(2026, 3, 2, tzinfo=CET)
HALF_HOURS = 480
PEAK = (200, 201)
FLOW = Stream("K1-debiet", "werk", "K1", Role.FLOW, "K1.stack_flow.1min", "m³/h", 60, wet=False, simulated=True)
LOAD = Stream("K1-vermogen", "werk", "K1", Role.LOAD, "K1.stack_power.1min", "MW", 60, simulated=True)
SETTINGS = replace(
    PROCESSING,
    status=Status.CONFIRMED,
    question="",
    peripherals=(Peripherals(oxygen=Taken(OXYGEN.id), flow=FLOW.id, state=STATE.id),),
    streams=(OfStream("K1-nox", least="3.6"), OfStream(CO.id, delivered=True)),
)
STATES = replace(STATE, codes=(*STATE.codes, Code(3, "abatement_failure")))
SERIES = {
    "nox": "K1.stack_nox.1min [mg/m³]",
    "co": "K1.stack_co.1min [mg/m³]",
    "o2": "K1.stack_o2.1min [%]",
    "flow": "K1.stack_flow.1min [m³/h]",
    "load": "K1.stack_power.1min [MW]",
    "state": "K1.stack_state.1min [code]",
}
HEAD = "\n".join(
    (
        "# goedebuur-stack: 1",
        "# layout: wide",
        "# separator: ;",
        "# decimal: .",
        "# clock: CET",
        "# label: start",
        "# day: yyyy-mm-dd",
        "# status: none",
        *(f"# stream: {name} = {series}" for name, series in SERIES.items()),
        ";".join(("time", *SERIES)),
        "",
    )
)


def begin(half_hour: int) -> datetime:
    """When a half hour begins."""
    return (MONDAY + timedelta(minutes=30 * half_hour)).astimezone(UTC)


def raw(half_hour: int) -> dict[str, str]:
    """What the instruments tell in each minute of a half hour; the load is 40 MW in the first two days, 100 after."""
    high = half_hour in PEAK
    return {
        "nox": "390" if high else str(95 + 5 * (half_hour % 3)),
        "co": "300" if high else str(20 + half_hour % 3),
        "o2": "11",
        "flow": "100000",
        "load": "40" if half_hour < 96 else "100",
        "state": "3" if high else "1",
    }


def minutes(first: int = 0, last: int = HALF_HOURS - 1, **other: str) -> bytes:
    """A file with the minutes of some half hours."""
    rows = []
    for half_hour in range(first, last + 1):
        values: Mapping[str, str] = raw(half_hour) | other
        cells = ";".join(values[name] for name in SERIES)
        at = MONDAY + timedelta(minutes=30 * half_hour)
        rows += [f"{at + timedelta(minutes=minute):%Y-%m-%d %H:%M};{cells}\n" for minute in range(30)]
    return (HEAD + "".join(rows)).encode()


def one_signal(series: str, begins: datetime, count: int, value: str = "30") -> bytes:
    """A file with some minutes of one series, all of one value."""
    head = [line for line in HEAD.split("\n") if line and not line.startswith(("# stream", "time"))]
    first = begins.astimezone(CET)
    rows = [f"{first + timedelta(minutes=n):%Y-%m-%d %H:%M};{value}" for n in range(count)]
    return "\n".join((*head, f"# stream: one = {series} [mg/m³]", "time;one", *rows, "")).encode()


def settle(record: Record) -> None:
    """Enter the streams and the settings by which the minutes become averages, at a site that is there already."""
    streams.put(record, [FLOW, LOAD], NOW)
    streams.put(record, [STATES, SETTINGS], NOW, reason="het voorbeeld vraagt debiet en storingen")


def deliver(record: Record) -> int:
    """Deliver the ten days; return the tree size before."""
    before = record.observations.size
    delivery.deliver(record, minutes(), "minuten.csv", now=NOW)
    return before
