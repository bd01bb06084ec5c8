"""Why a peak may have been: start-up, shut-down or failure of the abatement, as was stated and as it was seen.

What the plant states (its stream of states) and what the signals show (load, abatement) are kept apart. Where they
differ a person looks: a start-up that the load does not show is a claim, and a failure that nobody stated is one too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

import polars as pl

from goedebuur.core.base.plain import fault
from goedebuur.core.permits.limits import OperatingState

LOAD: Final[dict[str, Any]] = {
    "start": pl.Datetime("us", "UTC"),
    "length": pl.Int32(),  # [s]
    "at_work": pl.Boolean(),  # whether the load is at or above its minimum; null where it is not known
}
ABATEMENT: Final[dict[str, Any]] = {
    "start": pl.Datetime("us", "UTC"),
    "length": pl.Int32(),  # [s]
    "working": pl.Boolean(),  # null where it is not known
}
NORMAL: Final = "normal"
OUT_OF_SERVICE: Final = "out_of_service"


class Cause(StrEnum):
    """What a peak goes with."""

    START_UP = "start_up"
    SHUT_DOWN = "shut_down"
    ABATEMENT_FAILURE = "abatement_failure"
    OTHER_STATE = "other_state"
    """Another state than normal was stated, and neither load nor abatement shows one of the three."""
    NORMAL = "normal"
    """The plant was at work, with its abatement working as far as that is known."""
    UNKNOWN = "unknown"


class Agreement(StrEnum):
    """How what was stated and what was seen go together."""

    AGREE = "agree"
    DIFFER = "differ"
    STATED_ONLY = "stated_only"
    """No signal tells of it."""
    SEEN_ONLY = "seen_only"
    """The stream of states tells nothing of that time."""
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Reach:
    """How far from a peak a change of load or a failure may lie to go with it. Choices, not numbers of law.

    Parameters
    ----------
    load
        [s] Two hours: what is let go follows a start or stop with the time constant of a furnace, not of an analyser.
    abatement
        [s] Fifteen minutes: a failing filter shows within the lag of the duct and the analyser.
    """

    load: int = 7_200
    abatement: int = 900

    def __post_init__(self) -> None:
        if self.load < 0 or self.abatement < 0:
            raise fault("load", "A reach is not below zero.", f"{self.load}, {self.abatement}")


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of the cause of one peak.

    Parameters
    ----------
    cause
        The seen one where anything was seen, else the stated one.
    stated
        From the stream of states; None where it tells nothing of that time.
    seen
        From load and abatement; None where neither is known at that time.
    """

    cause: Cause
    stated: Cause | None
    seen: Cause | None
    agreement: Agreement


_STATED: Final = {
    OperatingState.START_UP.value: Cause.START_UP,
    OperatingState.SHUT_DOWN.value: Cause.SHUT_DOWN,
    OperatingState.ABATEMENT_FAILURE.value: Cause.ABATEMENT_FAILURE,
    NORMAL: Cause.NORMAL,
}


def stated(state: str | None) -> Cause | None:
    """Return the cause that a state stands for; None for none and for `unknown`."""
    if state is None or state == "unknown":
        return None
    return _STATED.get(state, Cause.OTHER_STATE)


def told(
    start: datetime,
    end: datetime,
    state: str | None,
    *,
    load: pl.DataFrame | None = None,
    abatement: pl.DataFrame | None = None,
    reach: Reach | None = None,
) -> Told:
    """Return the cause of a peak from `start` to `end`.

    Parameters
    ----------
    state
        In which most of it fell, as the plant states; None where nothing tells of it.
    load, abatement : DataFrame
        With :data:`LOAD` and :data:`ABATEMENT`, sorted by start; None where the point has no such stream.
    """
    reach = reach or Reach()
    said, seen = stated(state), _seen(start, end, load, abatement, reach)
    if said is None and seen is None:
        return Told(Cause.UNKNOWN, None, None, Agreement.NEITHER)
    if seen is None:
        assert said is not None
        return Told(said, said, None, Agreement.STATED_ONLY)
    if said is None:
        return Told(seen, None, seen, Agreement.SEEN_ONLY)
    # another state, such as maintenance, is none that load and abatement can show
    agree = said is seen or (said is Cause.OTHER_STATE and seen is Cause.NORMAL)
    cause = said if agree else seen
    return Told(cause, said, seen, Agreement.AGREE if agree else Agreement.DIFFER)


def _seen(
    start: datetime, end: datetime, load: pl.DataFrame | None, abatement: pl.DataFrame | None, reach: Reach
) -> Cause | None:
    """Return what load and abatement show.

    Abatement that is off while the plant starts or stops is part of that; a failure is abatement that is off while the
    plant is at work.
    """
    wide = timedelta(seconds=reach.load)
    before, inside, after = (
        _between(load, "at_work", *span) for span in ((start - wide, start), (start, end), (end, end + wide))
    )
    changed = _change(before, inside, after)
    if changed is not None:
        return changed
    off = _between(abatement, "working", start - timedelta(seconds=reach.abatement), end)
    if off and not all(off):
        return Cause.ABATEMENT_FAILURE
    if inside or off:
        return Cause.NORMAL
    return None


def _change(before: list[bool], inside: list[bool], after: list[bool]) -> Cause | None:
    """Return whether the plant began or ceased to be at work around a peak; the change nearest to it counts."""
    if not inside:
        return None
    rose = bool(inside[-1]) and not all([*before, *inside])
    fell = bool(inside[0]) and not all([*inside, *after])
    if rose and fell:
        return Cause.START_UP if _since(before, inside) <= _until(inside, after) else Cause.SHUT_DOWN
    if rose:
        return Cause.START_UP
    if fell:
        return Cause.SHUT_DOWN
    if not any(inside):
        # not at work throughout: still going down, or already firing up
        if any(before) != any(after):
            return Cause.SHUT_DOWN if any(before) else Cause.START_UP
        return None
    return None


def _since(before: list[bool], inside: list[bool]) -> int:
    """Return how many steps lie between the last step at rest and the end of a peak."""
    joined = [*before, *inside]
    return len(joined) - 1 - max(number for number, one in enumerate(joined) if not one)


def _until(inside: list[bool], after: list[bool]) -> int:
    """Return how many steps lie between the begin of a peak and the first step at rest."""
    return [*inside, *after].index(False)


def _between(frame: pl.DataFrame | None, column: str, start: datetime, end: datetime) -> list[bool]:
    """Return what is known in the steps that touch a stretch of time, in order."""
    if frame is None or frame.is_empty() or end <= start:
        return []
    ends = pl.Series([start, end], dtype=frame.schema["start"])
    first, last = frame["start"].search_sorted(ends, side="left").to_list()
    part = frame.slice(max(first - 1, 0), last - max(first - 1, 0))
    touching = part.filter(pl.col("start") + pl.duration(seconds="length") > start)
    return [bool(one) for one in touching[column].drop_nulls().to_list()]
