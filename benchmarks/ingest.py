"""All station files of 2019-2021 in one command: payloads, batches, leaves and projections.

Uses the real files in the data folder beside the checkout (GOEDEBUUR_DATA); without them files in the same layout with
invented values, a tenth as many. The record is made under var/bench and removed.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from benchmarks.figures import report

from goedebuur.services import delivery, projection
from goedebuur.services.record import Record
from goedebuur.store.keys import Ed25519Signer

ROOT: Final = Path(__file__).resolve().parent.parent
WITHIN: Final = 60
"""One command on two cores. [s]"""


def real_files() -> list[Path]:
    """Return the real files, none where the data folder is absent."""
    named = os.environ.get("GOEDEBUUR_DATA")
    folder = (Path(named) if named else ROOT.parent / "shared" / "data") / "rivm_lml"
    return [path for year in (2019, 2020, 2021) for path in sorted(folder.glob(f"{year}_*.csv.gz"))]


def invented_files(folder: Path) -> list[Path]:
    """Return three years of one quantity at forty stations in the same layout."""
    from tests.services.deliveries import station_file

    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for year in (2019, 2020, 2021):
        values = {f"NL9{n:04d}": [str((h * 7_919 + n * 104_729) % 997 / 10) for h in range(8_760)] for n in range(40)}
        path = folder / f"{year}_SO2.csv"
        path.write_bytes(station_file(values, f"{year}0101"))
        made.append(path)
    return made


def main() -> int:
    """Return 0 when the real files are in within a minute and every value is accounted for."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    place = ROOT / "var" / "bench" / "ingest"
    shutil.rmtree(place, ignore_errors=True)
    files = real_files()
    real = bool(files)
    files = files or invented_files(place / "files")
    record = Record.open(place / "record", signer=Ed25519Signer("example.org/bench", bytes(32)))
    now = datetime(2026, 2, 1, tzinfo=UTC)
    began, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
    outcomes = delivery.deliver_files(record, files, now=now)
    took = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_SELF)
    processor = after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime
    stored = sum(outcome.counts["stored"] for outcome in outcomes)
    kind = "real" if real else "invented"
    report(f"ingest of {len(files)} {kind} files", took, "s", target=f"< {WITHIN}", note=f"processor {processor:.0f} s")
    report("ingest", stored / took, "rows/s")
    batches = sum(path.stat().st_size for path in (place / "record" / "batches").rglob("*.parquet"))
    received = sum(path.stat().st_size for path in (place / "record" / "payloads").rglob("*") if path.is_file())
    report("evidence, parsed rows", batches / stored, "bytes/row")
    report("evidence, as received (packed)", received / stored, "bytes/row")
    for name, (count, rows, size) in record.observations.sizes().items():
        if rows:
            report(f"projection {name}", size / rows, "bytes/row", note=f"{count} files, {rows:,} rows")
    report("largest memory", after.ru_maxrss / 1e6, "GB")
    began = time.perf_counter()
    again = delivery.deliver_files(record, files, now=now)
    report("the same command again", time.perf_counter() - began, "s")
    began = time.perf_counter()
    same = projection.compare(record).equal
    report("rebuild elsewhere and compare every row", time.perf_counter() - began, "s", note="equal" if same else "NOT")
    record.close()
    shutil.rmtree(place)
    unchanged = {outcome.status for outcome in again} == {"unchanged"}
    return 0 if same and unchanged and (took < WITHIN or not real) else 1


if __name__ == "__main__":
    sys.exit(main())
