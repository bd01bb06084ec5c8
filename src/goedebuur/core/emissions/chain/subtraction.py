"""Subtraction of the confidence interval, which is of a limit and not of a stream."""

from __future__ import annotations

from typing import Any

import ibis


def validated(standard: Any, most: int, uncertainty: Any | None = None) -> Any:
    """Return averages after subtraction of the confidence interval, not below zero. [10⁻⁶ mg/m³]

    `max(0, standard - min(U95, p · limit))`: the interval that was measured, at most a share of the limit.

    Parameters
    ----------
    standard
        Short-term averages at the reference conditions. [10⁻⁶ mg/m³]
    most
        p · limit: the share (20 % for SO₂, NOx; 30 % for dust …) of the limit of a day. [10⁻⁶ mg/m³]
    uncertainty
        Half-width of the 95 % confidence interval that was measured; None: not known, so that `most` is subtracted.
        [10⁻⁶ mg/m³]

    Raises
    ------
    ValueError
        For less than nothing.

    References
    ----------
    Directive 2010/75/EU Annex V part 3 point 10, Annex VI part 6 point 1.3; Bal 4.48, 4.88, 5.35
    """
    if most < 0:
        raise ValueError(f"a share of a limit is not below zero, as {most} is")
    cap = ibis.literal(most, type="int64")
    taken = cap if uncertainty is None else ibis.least(cap, uncertainty)
    return ibis.greatest(standard - taken, 0)
