"""Which sites are one, by decision of a person: merged, split again, or held apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from goedebuur.core.sites.history import malformed, require_days


class MergeState(StrEnum):
    """What was decided of two sites."""

    MERGED = "merged"
    SPLIT = "split"
    """They were merged, and that was taken back."""
    APART = "apart"
    """They are two: the question does not come back."""


SEPARATOR: Final = "+"


@dataclass(frozen=True, slots=True)
class SiteMerge:
    """One decision on two sites; a later one on the same two takes its place.

    Parameters
    ----------
    keep, gone
        Under which identifier the site goes on, and which leads to it.
    state
        What was decided.
    role
        In which role; never a name.
    reason
        Why. Public.
    decided_on
        Day, ISO.
    """

    keep: str
    gone: str
    state: MergeState
    role: str
    reason: str
    decided_on: str

    def __post_init__(self) -> None:
        if self.keep == self.gone or not self.keep or not self.gone:
            raise malformed("Two different sites are needed.", "merge", f"{self.keep}, {self.gone}")
        if not self.reason.strip() or not self.role:
            raise malformed("A decision on two sites has a reason and a role.", f"merge {self.id}")
        require_days(_Day(self.decided_on), f"merge {self.id}")

    @property
    def id(self) -> str:
        """Return the identifier of the decision: the same for the two sites in any order."""
        return merge_id(self.keep, self.gone)

    @property
    def pair(self) -> tuple[str, str]:
        """Return the two sites, by identifier."""
        return min(self.keep, self.gone), max(self.keep, self.gone)


@dataclass(frozen=True, slots=True)
class _Day:
    valid_from: str
    valid_to: str = ""


def merge_id(a: str, b: str) -> str:
    """Return the identifier of the decision on two sites."""
    return SEPARATOR.join(sorted((a, b)))


def leads_to(merges: Iterable[SiteMerge]) -> dict[str, str]:
    """Return merged site → the site under which it goes on, followed to the end.

    >>> one = SiteMerge("b", "a", MergeState.MERGED, "reviewer", "same gate", "2026-01-01")
    >>> two = SiteMerge("c", "b", MergeState.MERGED, "reviewer", "same gate", "2026-01-02")
    >>> leads_to([one, two])
    {'a': 'c', 'b': 'c'}
    """
    step = {one.gone: one.keep for one in merges if one.state is MergeState.MERGED}
    found = {}
    for name in sorted(step):
        end, seen = name, {name}
        while end in step and step[end] not in seen:
            end = step[end]
            seen.add(end)
        found[name] = end
    return found
