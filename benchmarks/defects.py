"""Plant every defect in simulated stacks, and count which are found by name: `python -m benchmarks.defects`.

A run without a defect must give no finding. Ends with 1 where a defect is missed or a clean run gives a finding;
`--seed` draws the same runs again.
"""

from __future__ import annotations

import argparse
import secrets
import sys
import time
from collections import Counter

from benchmarks.figures import report
from tests.services import planting

from goedebuur.core.emissions.checks import check
from goedebuur.services.demo.stacks.plants import ALL


def main(arguments: list[str] | None = None) -> int:
    """Return 0 if every planted defect was found and no clean run gave a finding."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=secrets.randbits(31), help="of the first run; a new one each time")
    parser.add_argument("--runs", type=int, default=7, help="runs with defects (default: 7, one an emission point)")
    parser.add_argument("--days", type=int, default=60, help="length of each run (default: 60)")
    parser.add_argument("--clean", type=int, default=0, help="further runs without defects")
    parser.add_argument("--clean-days", type=int, default=365, help="length of those (default: 365)")
    wanted = parser.parse_args(arguments)
    print(f"seed {wanted.seed}")
    planted, found, false = Counter[str](), Counter[str](), Counter[str]()
    began = time.perf_counter()
    for number in range(wanted.runs):
        seed, point = wanted.seed + number, ALL[number % len(ALL)]
        clean = planting.run(seed, point, wanted.days)
        false.update(one.check for one in check(planting.seen(clean)))
        for one in planting.trial(seed, clean):
            planted[one.planted.defect] += 1
            found[one.planted.defect] += one.found
            if not one.found:
                print(f"  seed {seed}, {point.key}: {one.planted.defect} in {one.planted.signals} was not found")
    for number in range(wanted.clean):
        seed, point = wanted.seed + 1_000 + number, ALL[number % len(ALL)]
        findings = check(planting.seen(planting.run(seed, point, wanted.clean_days)))
        false.update(one.check for one in findings)
        for finding in findings:
            print(f"  seed {seed}, {point.key}: {finding}")
    for name in planting.FOUND_AS:
        report(f"found: {name}", found[name], "runs", target=str(planted[name]))
    days = wanted.runs * wanted.days + wanted.clean * wanted.clean_days
    report("false findings", sum(false.values()), "findings", target="0", note=f"in {days} days; seed {wanted.seed}")
    report("all of it", time.perf_counter() - began, "s")
    return 1 if false or found != planted else 0


if __name__ == "__main__":
    sys.exit(main())
