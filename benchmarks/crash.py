"""A thousand crashes of a record, and every step of its life broken in every way: `python -m benchmarks.crash`.

Prints a table, ends with 1 if anything that was acknowledged is lost, half there, doubled, or not repaired.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.figures import report
from tests.store.crashes import Life, break_and_die, break_and_retry, check, crash_twice, crashed
from tests.store.replay import Fault, Recording


def main(arguments: list[str] | None = None) -> int:
    """Return 0 if every crash was survived."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--crashes", type=int, default=1000, help="random crashes (default: 1000)")
    wanted = parser.parse_args(arguments)
    lost = total = 0
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "life").mkdir()
        life = Life(root / "life", Recording(root / "life")).run()
        print(f"{len(life.fs.steps)} steps, {len(life.told)} things acknowledged")
        for name, cases in _series(life, wanted.crashes):
            began = time.perf_counter()
            count = 0
            for case in cases:
                place = root / "case"
                for wrong in case(place):
                    lost += 1
                    print(f"  {name}, case {count}: {wrong}")
                shutil.rmtree(place, ignore_errors=True)
                count += 1
            total += count
            print(f"{name:<62} {count:>6} cases {time.perf_counter() - began:>7.1f} s")
    report("crashes and broken steps of one record", total, "cases", target="nothing lost")
    report("findings", lost, "", target="0")
    return 1 if lost else 0


def _series(life: Life, crashes: int) -> Iterator[tuple[str, list[Callable[[Path], list[str]]]]]:
    steps = range(len(life.fs.steps))
    yield "killed after each step", [lambda place, n=n: _crash(life, place, n, 0.0, n) for n in range(len(steps) + 1)]
    yield (
        "all that was not synced lost, after each step",
        [lambda place, n=n: _crash(life, place, n, 1.0, n) for n in range(len(steps) + 1)],
    )
    yield "some of it lost or damaged, at random", [lambda place, s=s: _random(life, place, s) for s in range(crashes)]
    yield (
        "a second crash during the repair, at random",
        [lambda place, s=s: crash_twice(life, place, s) for s in range(crashes // 5)],
    )
    for fault in Fault:
        yield (
            f"each step {fault}, tried again, then a crash",
            [lambda place, at=at, f=fault: break_and_retry(place, at, f) for at in steps],
        )
        yield (
            f"each step {fault}, the process dies of it, then a crash",
            [lambda place, at=at, f=fault: break_and_die(place, at, f) for at in steps],
        )


def _crash(life: Life, place: Path, n: int, share: float, seed: int) -> list[str]:
    crashed(life.fs.steps[:n], random.Random(seed), share, place)
    return check(place, life.told, life.fs.steps[:n])


def _random(life: Life, place: Path, seed: int) -> list[str]:
    chance = random.Random(seed)
    n = chance.randrange(len(life.fs.steps) + 1)
    return _crash(life, place, n, chance.choice((0.2, 0.5, 0.8)), seed)


if __name__ == "__main__":
    sys.exit(main())
