"""A site with a year that can be told whole: two streams, a filter, a permit, a peak on the third of March."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
from tests.adapters.samples import eprtr
from tests.core.permits.decisions import condition, decision
from tests.services.deliveries import NOW, open_record
from tests.services.stacks import ALL, NOX, PROCESSING, STATE

from goedebuur.core.base.sourced import Status
from goedebuur.core.emissions.abatement import Abatement, AbatementKind
from goedebuur.core.emissions.streams import Stream
from goedebuur.core.emissions.tables import SHORT, Lost
from goedebuur.core.permits.limits import Substance
from goedebuur.core.sites.history import Dated
from goedebuur.core.sites.records import Site
from goedebuur.services import delivery, permits, streams
from goedebuur.services.record import Record

YEAR = 2026
MICRO = 10**6
KILOGRAM = 10**9
"""[µg]"""
FIRST = datetime(2026, 3, 1, tzinfo=UTC)
RULES = [{"rule": "bal.4.73", "emission_points": ["K1"], "oxygen": "11"}]
DOORS = {
    "technique": "deuren dicht houden",
    "requirements": [{"parameter": "visible oven_door share 30d", "comparison": "at_most", "value": "5", "unit": "%"}],
}
PERIODIC = {
    "subjects": [{"name": "stof", "id": "dust"}],
    "manner": "periodic",
    "times": 1,
    "months": 12,
    "report_within": 60,
}
CO = replace(
    NOX,
    id="K1-co",
    series="K1.stack_co.1min",
    substance=Substance("koolmonoxide", id="co"),
    valid_from=date(2024, 1, 1),
)
WORKING = replace(STATE, id="K1-doek-toestand", series="K1--doek.stack_state.1min")
FILTER = Abatement(
    "K1-doek", "werk", "Doekfilter", AbatementKind.FABRIC_FILTER, ("K1",), state_stream=WORKING.id, simulated=True
)
SITE = Site("werk", (Dated("Werk Een"),), facilities=(Dated("NL.X/1.FACILITY"),), simulated=True)


class Told:
    """Ten days of half hours of both streams, from the first of March on."""

    def __init__(self, *, lost: Lost = Lost.NONE, state: str = "normal") -> None:
        self.frame = pl.concat([self._of(NOX.id, 500, lost, state), self._of(CO.id, 300, Lost.NONE, state)])

    @staticmethod
    def _of(stream: str, peak: int, lost: Lost, state: str) -> pl.DataFrame:
        rows = []
        for k in range(480):
            high = 104 <= k < 106
            value = peak if high else 79 + k % 3
            rows.append(
                dict.fromkeys(SHORT)
                | {"stream": stream, "reference": "o2=11 dry", "start": FIRST + timedelta(minutes=30 * k)}
                | {"length": 1800, "calibrated": value * MICRO, "standard": value * MICRO, "mass": KILOGRAM}
                | {"n": 30, "expected": 30, "beyond": 0, "lost": int(lost if k == 104 else Lost.NONE)}
                | {"state": state if high else "normal", "valid": True}
            )
        return pl.DataFrame(rows, schema=SHORT)

    def short(self, stream: Stream, year: int) -> pl.DataFrame:
        return self.frame.filter(pl.col("stream") == stream.id)

    def inputs(self) -> Sequence[str]:
        return ("ab" * 32,)


def visible_file(*lines: str) -> bytes:
    """Sightings at the site."""
    header = "site,place,item,start,seconds,observed,emitting,opacity,means,method,observer"
    return "\n".join((header, *(f"werk,{line}" for line in lines), "")).encode()


ROUNDS = visible_file(
    "oven_door,battery-1,2026-03-02T09:00:00+01:00,,100,4,,inspection,EPA-303,bureau",
    "oven_door,battery-1,2026-03-09T09:00:00+01:00,,100,8,,inspection,EPA-303,bureau",
    "raw_push,battery-1,2026-03-05T11:00:00+01:00,90,,,60,camera,VIDEO,automatic",
)


def year_of_site(folder: Path) -> Record:
    """A record of the site with everything in it but the averages."""
    return filled(open_record(folder))


def filled(record: Record) -> Record:
    """The record, with everything of the site in it but the averages."""
    kept = [one for one in ALL if one.id not in (PROCESSING.id, FILTER.id, "werk")]
    confirmed = replace(PROCESSING, status=Status.CONFIRMED, question="")
    streams.put(record, [SITE, *kept, confirmed, CO, WORKING, FILTER], NOW)
    told = [
        condition("1", form=DOORS),
        condition("2", kind="measuring_duty", form=PERIODIC, emission_points=["K1"]),
    ]
    permits.publish(record, decision("bp", "2023-01-01", *told, site="werk", general_rules=RULES, example=True), NOW)
    delivery.deliver(record, eprtr().replace(b"2008\t1\t0", b"2026\t1\t0"), "prtr.csv", now=NOW)
    delivery.deliver(record, ROUNDS, "doors.csv", now=NOW, submitter="bureau")
    return record
