"""Verdicts as rows of a page: words, shape and the address of the explanation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language

from goedebuur.core.compliance.rows import GuidelineLevel
from goedebuur.core.compliance.verdicts import Standing, Verdict
from goedebuur.services.assessment import PublishedVerdicts
from goedebuur.web import words

SIDES = {"below": "meets", "above": "exceeds", "unknown": "undetermined"}
WEIGHT = {"exceeds": 0, "undetermined": 1, "meets": 2}
ORDER = (Standing.IN_FORCE, Standing.PART_OF_YEAR, Standing.ADVICE, Standing.LOOKING_AHEAD, Standing.LATER_ADVICE)


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """One verdict on a page."""

    verdict: Verdict
    law: bool
    """Whether it is on a limit value that bound; all else has another shape and other words."""
    side: str
    """`meets`, `exceeds` or `undetermined`: the end of the style's name."""
    words: str
    reason: str
    question: str
    reservations: tuple[str, ...]
    url: str
    """Of the explanation, at the state of the record that the verdict is of."""

    @property
    def first(self) -> bool:
        """Return whether a reader sees it at once: what bound, and the guidelines themselves, as on the map."""
        return self.law or self.verdict.kind == GuidelineLevel.GUIDELINE

    @property
    def share(self) -> int | None:
        """Return how much was measured, rounded down; None where nothing was expected. [%]"""
        return 100 * self.verdict.capture_num // self.verdict.capture_den if self.verdict.capture_den else None


def state_of(published: PublishedVerdicts | None, as_of: int | None) -> int | None:
    """Return the tree size at which published verdicts are explained: their own where measurements changed since."""
    return published.receipt.tree_size if published is not None and published.newer else as_of


def row(verdict: Verdict, state: int | None = None) -> VerdictRow:
    """Return a verdict as a row in the language of the page; `state` is the tree size at which it is explained."""
    english = get_language() == "en"
    return VerdictRow(
        verdict=verdict,
        law=verdict.binding,
        side=SIDES[verdict.side],
        words=words.outcome(verdict),
        reason=verdict.reason_en if english else verdict.reason,
        question=verdict.question_en if english else verdict.question,
        reservations=verdict.reservations_en if english else verdict.reservations,
        url=reverse("explanation", args=[verdict.year, verdict.series, verdict.limit_id])
        + (f"?as_of={state}" if state is not None else ""),
    )


def rows(
    published: PublishedVerdicts | None, as_of: int | None, *, station: str = "", series: str = ""
) -> list[VerdictRow]:
    """Return the published verdicts of a station or series: what makes it red first, then what binds."""
    if published is None:
        return []
    of_it = (v for v in published.verdicts if station in ("", v.station) and series in ("", v.series))
    return telling(of_it, state_of(published, as_of))


def ordered(verdicts: Iterable[Verdict], state: int | None) -> list[VerdictRow]:
    """Return verdicts as rows, by quantity, what binds before what advises, then by rule."""
    return [
        row(v, state)
        for v in sorted(
            verdicts,
            key=lambda v: (v.quantity, ORDER.index(v.standing) if v.standing in ORDER else len(ORDER), v.limit_id),
        )
    ]


def telling(verdicts: Iterable[Verdict], state: int | None) -> list[VerdictRow]:
    """Return verdicts as rows, the most telling first: what exceeds a limit that bound, then what cannot be said."""
    return sorted(
        ordered(verdicts, state), key=lambda r: (not r.law, WEIGHT[r.side], r.verdict.quantity, r.verdict.station)
    )


def counts(found: Iterable[VerdictRow]) -> list[tuple[str, str, bool, int]]:
    """Return (words, side, whether it is the law, number), the most telling first."""
    counted = Counter((r.words, r.side, r.law) for r in found)
    by_weight = sorted(counted, key=lambda key: (not key[2], WEIGHT[key[1]], key[0]))
    return [(*key, counted[key]) for key in by_weight]
