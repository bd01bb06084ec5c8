"""All checks of raw values, one after another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from goedebuur.core.emissions.checks import balance, clocks, copies, drift, levels, scales, states, values
from goedebuur.core.emissions.checks.findings import Finding
from goedebuur.core.emissions.checks.minutes import Minutes

ALL: Final[tuple[Callable[[Minutes], list[Finding]], ...]] = (
    values.missing,
    values.stuck,
    values.clipped,
    values.zero_clipped,
    values.interpolated,
    copies.copied,
    levels.unit_slip,
    scales.scale,
    levels.swapped,
    levels.noise,
    balance.balance,
    balance.moisture,
    clocks.clock,
    clocks.lag,
    drift.drift,
    states.contradicted,
    states.unsaid,
    states.flagged_when_high,
)


def check(found: Minutes) -> list[Finding]:
    """Return everything that the checks find at one emission point, by check and then by time."""
    if not found.tracks:
        return []
    return [finding for one in ALL for finding in one(found)]
