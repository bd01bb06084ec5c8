"""Taking files in: rows per second and bytes per row, of the simulated region and of the real station files.

The real files are the yearly ones of 2019-2021 in the folder that GOEDEBUUR_DATA names, or ../shared/data; without
that folder only the simulated ones are measured.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.figures import report

from goedebuur.services import demo
from goedebuur.services.delivery import Outcome, deliver_files
from goedebuur.services.record import Record
from goedebuur.store.keys import Ed25519Signer

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def real_files() -> list[Path]:
    """Return the complete years of the station files, or nothing where the folder is not there."""
    folder = Path(os.environ.get("GOEDEBUUR_DATA") or ROOT.parent / "shared" / "data") / "rivm_lml"
    return sorted(path for year in (2019, 2020, 2021) for path in folder.glob(f"{year}_*.csv.gz"))


def simulated_files(folder: Path) -> list[Path]:
    """Return the files of the simulated region, written to a folder; without the correction, which comes later."""
    first = {}
    for file in demo.files():
        first.setdefault(file.name, file)
    for file in first.values():
        (folder / file.name).write_bytes(file.data)
    return [folder / name for name in first]


def measure(name: str, files: Sequence[Path], *, target: str = "") -> None:
    """Take the files in once, and again; report speed and size."""
    with tempfile.TemporaryDirectory() as place:
        record = Record.open(Path(place), signer=Ed25519Signer("bench.example/log", bytes(32)))
        began = time.perf_counter()
        outcomes = deliver_files(record, files, now=NOW)
        took = time.perf_counter() - began
        rows = total(outcomes, "stored")
        report(f"{name}: {len(files)} files", took, "s", target=target, note=f"{rows:,} rows")
        report(f"{name}: rows taken in", rows / took, "rows/s")
        values_in = total(outcomes, "values_in")
        skipped = sum(n for one in outcomes for reason, n in one.counts.items() if reason.startswith("skipped"))
        lost = values_in - rows - total(outcomes, "unchanged") - skipped
        report(f"{name}: values that are neither row nor counted", lost, "values", target="0")
        report(f"{name}: payloads", size(Path(place) / "payloads") / rows, "bytes/row")
        report(f"{name}: batches", size(Path(place) / "batches") / rows, "bytes/row")
        report(f"{name}: projections", size(Path(place) / "projections") / rows, "bytes/row")
        began = time.perf_counter()
        again = deliver_files(record, files, now=NOW)
        unchanged = sum(one.status == "unchanged" for one in again)
        note = f"{unchanged} of {len(again)} unchanged"
        report(f"{name}: the same files again", time.perf_counter() - began, "s", note=note)
        record.close()


def total(outcomes: Sequence[Outcome], name: str) -> int:
    """Return the sum of one count."""
    return sum(one.counts.get(name, 0) for one in outcomes)


def size(folder: Path) -> int:
    """Return the bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def main() -> int:
    """Measure what is there."""
    with tempfile.TemporaryDirectory() as folder:
        measure("simulated region", simulated_files(Path(folder)))
    files = real_files()
    if files:
        measure("station files 2019-2021", files, target="< 60 on two cores")
    else:
        print("the real files are not there: not measured")
    return 0


if __name__ == "__main__":
    sys.exit(main())
