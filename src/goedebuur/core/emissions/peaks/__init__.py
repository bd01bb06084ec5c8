"""Short emissions above what a stream gives around them: found, told apart by cause, seen in other streams, ranked.

A peak is an event, not a breach: what counts against a limit are averages, and these are judged elsewhere.
"""

from goedebuur.core.emissions.peaks.baseline import Baseline, Settings, baseline
from goedebuur.core.emissions.peaks.finding import PEAKS, SIGNAL, Cut, find, of_short

__all__ = ["PEAKS", "SIGNAL", "Baseline", "Cut", "Settings", "baseline", "find", "of_short"]
