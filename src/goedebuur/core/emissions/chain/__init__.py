"""From raw values of stack instruments to averages, as Ibis expressions: the same digits on every engine.

:mod:`plans` says of every series, from when to when, what is done with it; :func:`short_averages` does so on the
store's observations; :mod:`longer` makes days, months and years of what comes out. The steps:

1. status: what the instrument says of itself, and whether the plant was at work;
2. calibration function of the day, range of the instrument, valid range of the function;
3. temperature, pressure and moisture to the normal cubic metre of dry gas;
4. reference oxygen and reference conditions;
5. short-term average with the share of raw values behind it; its mass.

Steps 3 and 4 are taken on each raw value or on the average of the calibrated ones, as the settings say. Within a step
the arithmetic is IEEE double in the order that the code shows; its outcome is an integer of 10⁻⁶ units, halves away
from zero (:func:`quantised`). Sums are integers.
"""

from goedebuur.core.emissions.chain.conditions import quantised
from goedebuur.core.emissions.chain.longer import days, months, years
from goedebuur.core.emissions.chain.planning import plan
from goedebuur.core.emissions.chain.plans import Buckets, Plan, together
from goedebuur.core.emissions.chain.short import short_averages
from goedebuur.core.emissions.chain.subtraction import validated

__all__ = ["Buckets", "Plan", "days", "months", "plan", "quantised", "short_averages", "together", "validated", "years"]
