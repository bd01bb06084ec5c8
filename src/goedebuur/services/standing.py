"""How a station stands, in one symbol on the map: the law and the advice apart, the worst outcome of each.

What could not be determined is never passed over: a station *meets* only when every number that bound there was
determined and met.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from goedebuur.core.compliance.rows import GuidelineLevel
from goedebuur.core.compliance.verdicts import Outcome, Standing, Verdict


@dataclass(frozen=True, slots=True)
class StationStanding:
    """The worst outcomes of one station. None where nothing of that sort was assessed.

    Parameters
    ----------
    limit
        MEETS, EXCEEDS or UNDETERMINED over the limit values that bound in the year.
    guideline
        WITHIN_GUIDELINE, ABOVE_GUIDELINE or UNDETERMINED over the guidelines themselves, interim targets left out.
        Advice binds nobody in any year, so that of later counts too: air that is above it was never within it.
    above_limits, above_guidelines
        Quantities that exceed, sorted.
    undetermined
        How many of the numbers counted here could not be determined.
    assessed
        How many numbers counted here.
    limits, undetermined_limits
        How many of those are limit values that bound, and how many of the limit values could not be determined.
    later_advice
        Whether any of the guidelines was published after the year.
    """

    limit: Outcome | None
    guideline: Outcome | None
    above_limits: tuple[str, ...]
    above_guidelines: tuple[str, ...]
    undetermined: int
    assessed: int
    limits: int = 0
    undetermined_limits: int = 0
    later_advice: bool = False

    @property
    def symbol(self) -> str:
        """Return which symbol is drawn: `above-limit`, `above-guideline`, `below`, `unknown` or `none`."""
        if self.limit is Outcome.EXCEEDS:
            return "above-limit"
        if self.guideline is Outcome.ABOVE_GUIDELINE:
            return "above-guideline"
        if self.limit is None and self.guideline is None:
            return "none"
        both = (self.limit, self.guideline)
        return "unknown" if Outcome.UNDETERMINED in both else "below"


NOT_ASSESSED = StationStanding(None, None, (), (), 0, 0)


def standing(verdicts: Iterable[Verdict]) -> StationStanding:
    """Return how the station stands to which these verdicts belong."""
    listed = list(verdicts)
    law = [v for v in listed if v.binding]
    advice = [v for v in listed if v.kind == GuidelineLevel.GUIDELINE]
    counted = law + advice
    return StationStanding(
        limit=_worst(law, Outcome.EXCEEDS, Outcome.MEETS),
        guideline=_worst(advice, Outcome.ABOVE_GUIDELINE, Outcome.WITHIN_GUIDELINE),
        above_limits=_quantities(law, Outcome.EXCEEDS),
        above_guidelines=_quantities(advice, Outcome.ABOVE_GUIDELINE),
        undetermined=sum(v.outcome is Outcome.UNDETERMINED for v in counted),
        assessed=len(counted),
        limits=len(law),
        undetermined_limits=sum(v.outcome is Outcome.UNDETERMINED for v in law),
        later_advice=any(v.standing is Standing.LATER_ADVICE for v in advice),
    )


def by_station(verdicts: Iterable[Verdict]) -> dict[str, StationStanding]:
    """Return how each station stands."""
    groups: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        groups.setdefault(verdict.station, []).append(verdict)
    return {station: standing(group) for station, group in groups.items()}


def _worst(verdicts: Sequence[Verdict], above: Outcome, below: Outcome) -> Outcome | None:
    if not verdicts:
        return None
    outcomes = {v.outcome for v in verdicts}
    return next(o for o in (above, Outcome.UNDETERMINED, below) if o in outcomes)


def _quantities(verdicts: Iterable[Verdict], outcome: Outcome) -> tuple[str, ...]:
    return tuple(sorted({v.quantity for v in verdicts if v.outcome is outcome}))
