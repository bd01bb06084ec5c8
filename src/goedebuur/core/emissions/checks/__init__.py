"""Checks of what came in from a stack: pure functions from the raw values of one emission point to findings.

A check only says what it found, with numbers; it changes nothing and leaves nothing out. Each is conservative: what
can't be told from the signals alone is not said. How often each finds something where nothing is wrong is measured on
simulated years (`benchmarks/defects.py`) and stands in `docs/methods/stack-checks.md`.
"""

from goedebuur.core.emissions.checks.every import check

__all__ = ["check"]
