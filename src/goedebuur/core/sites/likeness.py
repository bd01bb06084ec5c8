"""Which facilities of a register may be one site: found by points for what they share, decided by a person.

The points are ours and decide nothing but the order of the questions; docs/methods/sites.md explains them.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import floor, isfinite
from typing import Final

from goedebuur.core.base.distances import distance
from goedebuur.core.sites.reported import Facility

ASKED_FROM: Final = 50
"""Points from which a person is asked."""
NAME_POINTS: Final = ((1.0, 35), (0.5, 20), (0.25, 10))
"""Least share of the words of both names that both have → points."""
DISTANCE_POINTS: Final = ((0.05, 30), (0.3, 20), (1.0, 10), (5.0, 0))
"""Distance up to which [km] → points."""
FAR: Final = -20
"""Points where they lie further apart than any of these."""
CITY_POINTS: Final = 10
ACTIVITY_POINTS: Final = 10
YEARS_APART_POINTS: Final = 15
"""Where no year has a report of both: one may have gone on under the other's number. Otherwise it counts against."""
CELL: Final = 0.01
"""Facilities are compared with those in the same and the neighbouring cells of this size. [°] About 1 km."""
COMMON: Final = 40
"""A word in more names than this leads to no comparison by itself."""
FORMS: Final = frozenset({"bv", "nv", "vof", "cv", "mts", "maatschap", "firma", "de", "het", "van", "der", "den", "en"})
"""Words of a name that say nothing of whose it is: legal forms, articles and prepositions."""


@dataclass(frozen=True, slots=True)
class Term:
    """One reason for or against.

    Parameters
    ----------
    about
        "name" | "distance" | "city" | "activity" | "years".
    points
        What it adds, or takes off.
    measure
        What was found, for the reader: share of words, metres, years; empty where there is nothing to compare.
    """

    about: str
    points: int
    measure: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two facilities that may be one site, with every reason; `first` comes first by identifier."""

    first: str
    second: str
    terms: tuple[Term, ...]

    @property
    def points(self) -> int:
        """Return the sum of the points, at most 100."""
        return sum(term.points for term in self.terms)


def alike(facilities: Sequence[Facility]) -> list[Likeness]:
    """Return the pairs that a person is to be asked about, the likeliest first.

    Only pairs that share a rare word of their names or lie in neighbouring cells are compared. Others could reach
    :data:`ASKED_FROM` only with the same name of common words alone, a kilometre or more apart.
    """
    by_id = {one.id: one for one in facilities}
    words = {one.id: name_words(one.latest.name) for one in facilities}
    found = [
        likeness(by_id[a], by_id[b], words[a], words[b]) for a, b in sorted(_candidates(facilities, words)) if a != b
    ]
    asked = [one for one in found if one.points >= ASKED_FROM]
    return sorted(asked, key=lambda one: (-one.points, one.first, one.second))


def likeness(
    a: Facility, b: Facility, words_a: frozenset[str] | None = None, words_b: frozenset[str] | None = None
) -> Likeness:
    """Return how much two facilities are alike, term by term."""
    a, b = sorted((a, b), key=lambda one: one.id)
    if words_a is None or words_b is None or a.id > b.id:
        words_a, words_b = name_words(a.latest.name), name_words(b.latest.name)
    terms = (_names(words_a, words_b), _distance(a, b), _city(a, b), _activity(a, b), _years(a, b))
    return Likeness(a.id, b.id, terms)


def name_words(name: str) -> frozenset[str]:
    """Return the words of a name that tell it from others, without accents, capitals, dots and legal forms.

    >>> sorted(name_words("Steenfabriek de Zandberg B.V. (Gendt)"))
    ['gendt', 'steenfabriek', 'zandberg']
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    joined = re.sub(r"\b([a-z])\.(?=[a-z]\b)", r"\1", plain)
    found = re.findall(r"[a-z0-9]+", joined)
    return frozenset(word for word in found if word not in FORMS) or frozenset(found)


def activity_group(code: str) -> str:
    """Return the activity down to its letter: codes became longer over the years.

    >>> activity_group("7(a)(ii)"), activity_group("4(b)")
    ('7(a)', '4(b)')
    """
    return "(".join(code.split("(")[:2])


def _names(a: frozenset[str], b: frozenset[str]) -> Term:
    share = len(a & b) / len(a | b) if a | b else 0.0
    points = next((points for least, points in NAME_POINTS if share >= least), 0)
    return Term("name", points, f"{round(100 * share)}")


def _distance(a: Facility, b: Facility) -> Term:
    """Take the last position of each: earlier ones may have been wrong."""
    far = distance(*a.latest.position, *b.latest.position)
    if not isfinite(far):
        return Term("distance", 0, "")
    points = next((points for most, points in DISTANCE_POINTS if far <= most), FAR)
    return Term("distance", points, f"{round(1000 * far)}")


def _city(a: Facility, b: Facility) -> Term:
    one, other = a.latest.city.strip().casefold(), b.latest.city.strip().casefold()
    return Term("city", CITY_POINTS if one and one == other else 0, a.latest.city if one == other else "")


def _activity(a: Facility, b: Facility) -> Term:
    groups = [{activity_group(report.activity) for report in one.reports if report.activity} for one in (a, b)]
    both = sorted(groups[0] & groups[1])
    return Term("activity", ACTIVITY_POINTS if both else 0, ", ".join(both))


def _years(a: Facility, b: Facility) -> Term:
    both = sorted({*a.years} & {*b.years})
    return Term("years", -YEARS_APART_POINTS if both else YEARS_APART_POINTS, str(len(both)))


def _candidates(facilities: Iterable[Facility], words: dict[str, frozenset[str]]) -> set[tuple[str, str]]:
    by_word: dict[str, list[str]] = defaultdict(list)
    by_cell: dict[tuple[int, int], list[str]] = defaultdict(list)
    for one in facilities:
        for word in words[one.id]:
            by_word[word].append(one.id)
        latitude, longitude = one.latest.position
        if isfinite(latitude) and isfinite(longitude):
            by_cell[floor(latitude / CELL), floor(longitude / CELL)].append(one.id)
    pairs = {pair for ids in by_word.values() if len(ids) <= COMMON for pair in combinations(sorted(ids), 2)}
    for (row, column), ids in by_cell.items():
        near = [name for r in (-1, 0, 1) for c in (-1, 0, 1) for name in by_cell.get((row + r, column + c), ())]
        pairs |= {(min(a, b), max(a, b)) for a in ids for b in near if a != b}
    return pairs
