"""Ten thousand single bits changed in the evidence, one at a time: `python -m benchmarks.flips`.

Payloads, batches, log, checkpoint, keys, journal, closed leaves and the published tiles. Every change has to be found,
and the report has to name the file and the leaf. Ends with 1 where one is not; `--seed` draws the same bits again.
"""

from __future__ import annotations

import argparse
import random
import secrets
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from benchmarks.figures import report
from tests.services import flips


def main(arguments: list[str] | None = None) -> int:
    """Return 0 if every change was found and named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flips", type=int, default=10_000, help="bits to change (default: 10,000)")
    parser.add_argument("--seed", type=int, default=secrets.randbits(32), help="of the random bits; a new one each run")
    wanted = parser.parse_args(arguments)
    print(f"seed {wanted.seed}")
    chance, parts, missed = random.Random(wanted.seed), Counter[str](), 0
    with tempfile.TemporaryDirectory() as folder:
        evidence = flips.Evidence(flips.make(Path(folder)))
        began = time.perf_counter()
        for _ in range(wanted.flips):
            flip = evidence.draw(chance)
            parts[flip.part] += 1
            said = evidence.missed(flip)
            if said:
                missed += 1
                print(f"  {said}")
        took = time.perf_counter() - began
    counts = ", ".join(f"{part} {count}" for part, count in sorted(parts.items()))
    found = wanted.flips - missed
    target = f"{wanted.flips:,}"
    report("single bits changed, found and named", found, "bits", target=target, note=f"{counts}; seed {wanted.seed}")
    report("to change a bit and check everything", took / wanted.flips * 1_000, "ms")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
