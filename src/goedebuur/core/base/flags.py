"""Quality flags of an observation: one bit each, with its reason in words.

The low sixteen bits come from the supplier and are part of the evidence; the high bits are set by our own checks.
A flag never removes a value: which flags count as *not usable* is :data:`UNUSABLE`.
"""

from __future__ import annotations

from enum import IntFlag
from typing import Final


class Flag(IntFlag):
    """One bit a reason."""

    NONE = 0
    # said by the supplier
    TOMBSTONE = 1 << 0
    VALIDATED = 1 << 1
    PROVISIONAL = 1 << 2
    REMARK = 1 << 3
    SUPPLIER_INVALID = 1 << 4
    BELOW_DETECTION = 1 << 5
    SIMULATED = 1 << 6
    NOT_A_VALUE = 1 << 7
    # said by the supplier of signals from a stack
    MAINTENANCE = 1 << 8
    MALFUNCTION = 1 << 9
    CALIBRATING = 1 << 10
    SUBSTITUTE = 1 << 11
    ABOVE_RANGE = 1 << 12
    NOT_AT_WORK = 1 << 13
    # found by our checks
    OUT_OF_RANGE = 1 << 16
    STEP = 1 << 17
    STUCK = 1 << 18
    NEGATIVE = 1 << 19
    DUPLICATE = 1 << 20
    AFTER_GAP = 1 << 21


REASONS: Final[dict[Flag, str]] = {
    Flag.TOMBSTONE: "withdrawn by the supplier",
    Flag.VALIDATED: "validated by the supplier",
    Flag.PROVISIONAL: "provisional, not validated yet",
    Flag.REMARK: "the supplier added a remark",
    Flag.SUPPLIER_INVALID: "marked as invalid by the supplier",
    Flag.BELOW_DETECTION: "below the detection limit",
    Flag.SIMULATED: "simulated, not measured",
    Flag.NOT_A_VALUE: "a code of the supplier in place of a value",
    Flag.MAINTENANCE: "the instrument was being maintained",
    Flag.MALFUNCTION: "the instrument was out of order",
    Flag.CALIBRATING: "the instrument was being calibrated, or its zero or span checked",
    Flag.SUBSTITUTE: "a substitute in place of a measured value",
    Flag.ABOVE_RANGE: "above what the instrument can measure, according to the supplier",
    Flag.NOT_AT_WORK: "the installation was out of service, according to the supplier",
    Flag.OUT_OF_RANGE: "outside the range that this quantity can have",
    Flag.STEP: "changes faster than this quantity can",
    Flag.STUCK: "the same value too many times in a row",
    Flag.NEGATIVE: "further below zero than the detection limit explains",
    Flag.DUPLICATE: "delivered twice with the same value",
    Flag.AFTER_GAP: "first value after a gap",
}

UNUSABLE: Final[Flag] = (
    Flag.TOMBSTONE
    | Flag.SUPPLIER_INVALID
    | Flag.NOT_A_VALUE
    | Flag.MAINTENANCE
    | Flag.MALFUNCTION
    | Flag.CALIBRATING
    | Flag.SUBSTITUTE
)
"""Values with one of these bits are left out of averages. Our own checks only mark: a doubtful value stays in.

A value above the range stays in too: to leave out a peak would lower the average. That an installation is out of
service says nothing of the instrument; what it means for an average is for `core/emissions`.
"""

SUPPLIER_BITS: Final[int] = 0xFFFF
OUR_CHECKS: Final[tuple[Flag, ...]] = tuple(flag for flag in Flag if flag > SUPPLIER_BITS)
"""Bits that our own checks set."""
DOUBTFUL: Final[Flag] = Flag.OUT_OF_RANGE | Flag.STEP | Flag.STUCK | Flag.NEGATIVE | Flag.DUPLICATE
"""Bits that put a value in doubt. That it is the first after a gap does not."""


def reasons(flags: int) -> list[str]:
    """Return the reasons of the bits that are set, in order of bit."""
    return [text for flag, text in REASONS.items() if flags & flag]
