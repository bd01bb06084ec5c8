"""A thousand crashes while four clients deliver at the same time: `python -m benchmarks.clients`.

The log is published in between and a witness cosigns it. Each life has other turns; the power is cut at steps spread
over all of it, with what was not synced lost or damaged. Ends with 1 if a receipt or promise that was handed out does
not hold, or the log, or the published log, forks.
"""

from __future__ import annotations

import argparse
import random
import secrets
import shutil
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.figures import report
from tests.services.clients import Lives, crash

CASES = 100
"""Crashes of one life."""


def main(arguments: list[str] | None = None) -> int:
    """Return 0 if every crash was survived."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--crashes", type=int, default=1000, help="crashes (default: 1000)")
    parser.add_argument("--seed", type=int, default=secrets.randbits(32), help="of the turns; a new one each run")
    wanted = parser.parse_args(arguments)
    print(f"seed {wanted.seed}")
    chance, wrong, handed, steps, done = random.Random(wanted.seed), 0, 0, 0, 0
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        while done < wanted.crashes:
            place = Path(folder) / "lives"
            place.mkdir()
            lives = Lives(place, chance.randrange(1 << 32)).run()
            handed, steps = handed + len(lives.handed), steps + len(lives.steps)
            for case in range(min(CASES, wanted.crashes - done)):
                for said in crash(lives, case, CASES, place / "crashed"):
                    wrong += 1
                    print(f"  {said}")
                for one in ("crashed", "crashed-witness"):
                    shutil.rmtree(place / one, ignore_errors=True)
                done += 1
            shutil.rmtree(place)
    took = time.perf_counter() - began
    note = f"{handed} receipts and promises, {steps:,} steps; seed {wanted.seed}"
    report("crashes while four clients deliver", done, "crashes", target="nothing lost, no fork", note=note)
    report("findings", wrong, "", target="0")
    report("to crash, recover and check everything", took / done * 1_000, "ms")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
