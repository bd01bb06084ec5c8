"""Server time of pages and chart end points, and how soon the command line answers, on the simulated region.

With `--home DIR` on a record that is there already, such as the one of `python3 dev.py demo --data DIR`.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from benchmarks.figures import best_of, report

TIMES = 15


def build(home: Path) -> None:
    """Make the simulated record with its verdicts."""
    from goedebuur.services import showcase
    from goedebuur.services.record import Record
    from goedebuur.store.keys import Ed25519Signer

    record = Record.open(home / "record", signer=Ed25519Signer("bench.example/log", bytes(32)))
    showcase.simulated(record, now=datetime(2026, 6, 1, tzinfo=UTC), progress=lambda what, done, total: None)
    record.close()


def addresses(home: Path) -> list[tuple[str, str]]:
    """Return what to ask: the pages a reader meets, for the series with most values."""
    from goedebuur.services import queries
    from goedebuur.services.record import Record

    record = Record.open(home / "record", read_only=True)
    every = [series for station in queries.stations(record) for series in station.series if series.quantity == "pm10"]
    most = max(every, key=lambda series: series.count)
    record.close()
    assert most.first is not None
    assert most.last is not None
    year = most.last.year
    chart = f"/api/chart/?series={most.id}&start={most.first:%Y-%m-%d}&end={most.last:%Y-%m-%d}&points=1000"
    return [
        ("map", "/"),
        ("list of stations", "/stations/"),
        ("station", f"/stations/{most.station}/"),
        ("series with chart", f"/stations/{most.station}/pm10/"),
        (f"chart end point, {most.count:,} values to 1,000 points", chart),
        ("verdicts of a year", f"/oordelen/{year}/"),
        ("deliveries", "/leveringen/"),
    ]


def ask(asked: list[tuple[str, str]], targets: Mapping[str, str] = MappingProxyType({})) -> int:
    """Report the median server time of each address; return how many did not answer with 200.

    Parameters
    ----------
    targets
        Name → the bound that the project set itself, where that is another than for pages in general.
    """
    import django

    django.setup()
    from django.test import Client

    client, wrong = Client(SERVER_NAME="localhost"), 0
    for name, address in asked:
        durations, busy = [], []
        for _ in range(TIMES):
            began, used = time.perf_counter(), time.process_time()
            response = client.get(address)
            durations.append((time.perf_counter() - began) * 1_000)
            busy.append((time.process_time() - used) * 1_000)
        if response.status_code != 200:
            print(f"{address} answered {response.status_code}")
            wrong += 1
        cpu = statistics.median(busy)
        note = f"CPU {cpu:.0f}, first {durations[0]:.0f}, worst after it {max(durations[1:]):.0f}"
        report(name, statistics.median(durations), "ms", target=targets.get(name, "< 100"), note=note)
    return wrong


def main(arguments: list[str] | None = None) -> int:
    """Return 0 if every address answered."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, help="folder of an installation with a record")
    home = parser.parse_args(arguments).home
    with tempfile.TemporaryDirectory() as folder:
        if home is None:
            home = Path(folder)
            build(home)
        os.environ["GOEDEBUUR_HOME"] = str(home)
        os.environ["DJANGO_SETTINGS_MODULE"] = "goedebuur.app.settings"
        wrong = ask(addresses(home))
    command = [sys.executable, "-m", "goedebuur.app.main", "--help"]
    took, _ = best_of(5, lambda: subprocess.run(command, capture_output=True, check=True))
    report("goedebuur --help", took * 1_000, "ms", target="< 500")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
