"""How the series of a raw signal is called: its emission point, its instrument, what it measures, and its step."""

from __future__ import annotations

from typing import Final

from goedebuur.core.base import quantities
from goedebuur.core.base.plain import fault
from goedebuur.core.measurements import records

BETWEEN: Final = "--"
"""Between emission point and instrument."""
LONGEST: Final = 80
"""Length of an identifier that has a place in an address."""


def series_id(emission_point: str, quantity: str, step: int, instrument: str = "") -> str:
    """Return the identifier of the series of a raw signal.

    Parameters
    ----------
    quantity
        In the table of quantities: `stack_nox`, `stack_o2`, `stack_signal_ma`.
    step
        Between two raw values. [s]
    instrument
        What tells two signals of one quantity at one emission point apart; empty where there is one.

    Raises
    ------
    GoedeBuurError
        `input-quantity`; `field-value` for a point in the name of emission point or instrument, since what stands
        between the points of a series is read again, and for one that is too long for an address.

    Examples
    --------
    >>> series_id("HN-K1", "stack_nox", 60), series_id("HN-K1", "stack_nox", 10, "b")
    ('HN-K1.stack_nox.1min', 'HN-K1--b.stack_nox.10s')
    """
    quantities.quantity(quantity)
    place = f"{emission_point}{BETWEEN}{instrument}" if instrument else emission_point
    if "." in place:
        raise fault("series", "The name of a series has no point in its place.", place, "Write `-` instead, as HN-K1.")
    found = records.series_id(place, quantity, step)
    if len(found) > LONGEST:
        raise fault("series", f"The name of a series has at most {LONGEST} letters.", found)
    return found


def quantity_of(series: str) -> str:
    """Return the quantity in the identifier of a series; empty where that is none.

    >>> quantity_of("HN-K1--b.stack_nox.10s"), quantity_of("HN-K1")
    ('stack_nox', '')
    """
    parts = series.rsplit(".", 2)
    return parts[1] if len(parts) == 3 else ""


def is_of_stack(series: str) -> bool:
    """Return whether a series is measured in a stack or at an installation, and not in the air outside.

    >>> is_of_stack("HN-K1.stack_nox.1min"), is_of_stack("NL49553.pm10.1h"), is_of_stack("HN-K1")
    (True, False, False)
    """
    quantity = quantities.QUANTITIES.get(quantity_of(series))
    return quantity is not None and quantity.stack
