"""What a benchmark reports: a figure with its unit, on the screen and in the table of `python3 dev.py bench`."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

COLLECTED = "BENCH_FIGURES"
"""Names the file in which `python -m benchmarks` gathers the figures of one benchmark; unset when one runs alone."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure; `target` is the bound that the project set itself, empty without."""

    name: str
    value: float
    unit: str
    target: str = ""
    note: str = ""


def shown(value: float) -> str:
    """Return a figure with four digits, or as a whole number where it has more before the point.

    >>> shown(12345.6), shown(3.14159), shown(0.00012345)
    ('12,346', '3.142', '0.0001234')
    """
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.4g}"


def report(name: str, value: float, unit: str, *, target: str = "", note: str = "") -> None:
    """Print a figure, and keep it for the table."""
    figure = Figure(name, value, unit, target, note)
    said = f"  (wanted: {target})" if target else ""
    print(f"{name:<62} {shown(value):>14} {unit}{said}  {note}".rstrip(), flush=True)
    if os.environ.get(COLLECTED):
        with Path(os.environ[COLLECTED]).open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(figure)) + "\n")


def best_of(times: int, work: Callable[[], T]) -> tuple[float, T]:
    """Return the shortest duration of several [s], and the last result. The shortest is the least disturbed one."""
    shortest = float("inf")
    result: Any = None
    for _ in range(times):
        began = time.perf_counter()
        result = work()
        shortest = min(shortest, time.perf_counter() - began)
    return shortest, result
