"""Run every benchmark of this folder, or those named, each in a process of its own, and write one table.

A benchmark is a module here that runs with `python -m benchmarks.NAME`, reports with `figures.report`, and ends with
0 unless something is wrong. The table goes to `var/bench/table.md`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.figures import COLLECTED, shown

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
NOT_ONE = {"__main__", "__init__", "figures"}


def names() -> list[str]:
    """Return every benchmark, by name."""
    return sorted(path.stem for path in HERE.glob("*.py") if path.stem not in NOT_ONE)


def run(name: str) -> tuple[int, float, list[dict[str, Any]]]:
    """Return how one benchmark ended, how long it took [s], and its figures."""
    with tempfile.TemporaryDirectory() as folder:
        collected = Path(folder) / "figures.jsonl"
        began = time.perf_counter()
        environment = {**os.environ, COLLECTED: str(collected)}
        done = subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], cwd=ROOT, env=environment, check=False)
        took = time.perf_counter() - began
        lines = collected.read_text(encoding="utf-8").splitlines() if collected.exists() else []
    return done.returncode, took, [json.loads(line) for line in lines]


def table(results: dict[str, tuple[int, float, list[dict[str, Any]]]]) -> str:
    """Return the results as a page in Markdown."""
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    lines = [f"# Benchmarks, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC", "", machine, ""]
    lines += ["| benchmark | figure | value | unit | wanted | note |", "|---|---|---:|---|---|---|"]
    for name, (_, _, figures) in results.items():
        for one in figures:
            cells = (name, one["name"], shown(one["value"]), one["unit"], one["target"], one["note"])
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    lines += ["", "| benchmark | took [s] | ended |", "|---|---:|---|"]
    lines += [
        f"| {name} | {took:.1f} | {'well' if status == 0 else f'with {status}'} |"
        for name, (status, took, _) in results.items()
    ]
    return "\n".join(lines) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Return 0 if every benchmark ended well."""
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(names())}")
    wanted = parser.parse_args(arguments).names or names()
    unknown = sorted(set(wanted) - set(names()))
    if unknown:
        parser.error(f"there is no benchmark {', '.join(unknown)}; there are {', '.join(names())}")
    results = {}
    for name in wanted:
        print(f"== {name}", flush=True)
        results[name] = run(name)
    page = ROOT / "var" / "bench" / "table.md"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(table(results), encoding="utf-8")
    print(f"== table in {page.relative_to(ROOT)}")
    return 1 if any(status for status, _, _ in results.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
