"""Server time of the pages of sites with 1,000 sites in the record: lists, one site, questions, API and CSV.

The sites are invented: each with fourteen years of two substances, an operator, three installations and six emission
points. One in fifty stands in the register under two numbers, one in ten moved.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import pages
from benchmarks.figures import report

SITES = 1_000
YEARS = range(2007, 2021)
NOW = datetime(2026, 6, 1, tzinfo=UTC)
HEAD = (
    "EPRTRAnnexIMainActivityCode\teprtrSectorName\tFacilityInspireID\tfacilityName\tLongitude\tLatitude\tCity\t"
    "Pollutant\tEmissions\tYear\tAir\tWater"
)
TARGETS = {
    "list of 1,000 sites": "< 300",
    "list by activity": "< 300",
    "list by operator": "< 300",
    "site": "< 150",
    "questions": "< 300",
    "map layer": "< 300",
    "API": "< 300",
    "CSV": "< 300",
}


def identifier(number: int) -> str:
    """Return the number of a facility in the register."""
    return f"NL.X/{number:09d}.FACILITY"


def register() -> bytes:
    """Return the register as its supplier lays it out."""
    lines = [HEAD]
    codes = ("1(c)", "2(b)", "3(g)", "4(a)", "5(b)", "7(a)")
    for number in range(SITES):
        twin = number % 50 == 1  # the same works as the one before it, under a new number
        works = number - 1 if twin else number
        latitude, longitude = 51.2 + (works % 40) * 0.05, 4.0 + (works // 40) * 0.1
        for year in YEARS:
            if number % 50 in (0, 1) and (year >= 2014) != twin:
                continue
            moved = 0.01 if number % 10 == 5 and year == 2016 else 0.0
            place = (f"{longitude:.5f}", f"{latitude + moved:.5f}", f"Plaats {works % 300}")
            for substance in ("Nitrogen oxides (NOX)", "Ammonia (NH3)"):
                what = (substance, f"{100_000 + number * 7 + year}.0", str(year), "1", "0")
                row = (codes[works % 6], "Other activities", identifier(number), f"Werk {works} BV", *place, *what)
                lines.append("\t".join(row))
    return ("\n".join(lines) + "\n").encode()


def build(home: Path) -> None:
    """Make the record: the register, its sites, and what people would have added to them."""
    from dataclasses import replace

    from goedebuur.core.sites.history import Dated
    from goedebuur.core.sites.records import EmissionPoint, Installation, Operator, Site, SiteRecord
    from goedebuur.services import delivery, site_import, sites
    from goedebuur.services.record import Record
    from goedebuur.store.keys import Ed25519Signer

    record = Record.open(home / "record", signer=Ed25519Signer("bench.example/log", bytes(32)))
    delivery.deliver(record, register(), "register.tsv", now=NOW)
    began = time.perf_counter()
    site_import.import_sites(record, NOW)
    report("importing 1,000 facilities as sites", (time.perf_counter() - began) * 1_000, "ms")
    ones: list[SiteRecord] = []
    for number, one in enumerate(sites.every(record, Site).values()):
        operator = f"operator-{number % 200}"
        if number < 200:
            ones.append(Operator(operator, f"{number:08d}", (Dated(f"Exploitant {number} BV"),)))
        ones.append(replace(one, operators=(Dated(operator, "2007-01-01"),)))
        for part in range(3):
            installation = f"i-{number}-{part}"
            ones.append(Installation(installation, one.id, (Dated(f"Oven {part}"),)))
            ones += [
                EmissionPoint(f"p-{number}-{part}-{n}", one.id, "stack", (Dated(f"Pijp {n}"),), (installation,), "40")
                for n in range(2)
            ]
    sites.put(record, ones, NOW, reason="operators and installations")
    record.close()


def main() -> int:
    """Return 0 if every address answered."""
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder))
        os.environ["GOEDEBUUR_HOME"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "goedebuur.app.settings"
        asked = [
            ("site", f"/locaties/{identifier(5)}/"),
            ("list of 1,000 sites", "/locaties/"),
            ("list by activity", "/locaties/?activity=eprtr:4(a)"),
            ("list by operator", "/locaties/?operator=operator-7"),
            ("questions", "/locaties/vragen/"),
            ("map layer", "/api/map/facilities/"),
            ("API", "/api/sites/"),
            ("CSV", "/locaties.csv"),
        ]
        wrong = pages.ask(asked, TARGETS)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
