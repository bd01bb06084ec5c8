"""An expectation: who delivers which series, in which step, how often, by when. Evidence: each change is a leaf.

It stands in the `inputs` of a leaf of kind `catalogue`, `{"expects": {…}}`, so that whoever has the log alone knows
what was expected. The same name again, valid from the same day, replaces; valid from a later day, it follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any, Final

from goedebuur.core.base.periods import Clock, Period
from goedebuur.core.expectations import rules
from goedebuur.core.expectations.spans import Every, Span, malformed, midnight, periods, shortest
from goedebuur.core.measurements.records import step_of

EXPECTS: Final = "expects"
KIND: Final = "expectation"
"""Under which the catalogue keeps expectations."""
RULE, AGREEMENT = "rule", "agreement"
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_PATTERN: Final = re.compile(r"[A-Za-z0-9*?_:-]+\.[a-z0-9_*?]+\.[a-z0-9*?]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What one supplier delivers.

    Parameters
    ----------
    id
        Its name.
    submitter
        Who delivers.
    series
        Series, or patterns with `*` and `?`. A pattern stands for those that the record knows; a series named in full
        is expected also where nothing of it ever came.
    step
        Between one value and the next; no longer than the shortest of the stretches of `every`. [s]
    every
        Over which stretch each delivery is.
    clock
        On which those stretches, days and months are cut.
    term
        How long after the end of its period a delivery is due.
    grace
        How long after that it is called late.
    valid_from, valid_to
        First and last day, ISO, on the clock; `valid_to` empty without an end.
    basis
        :data:`RULE` where a permit or law binds, then with `reference` and `article`; else :data:`AGREEMENT`.
    reference, article
        Where it is written.

    Raises
    ------
    GoedeBuurError
        `expectation-malformed`.
    """

    id: str
    submitter: str
    series: tuple[str, ...]
    step: int
    every: Every
    clock: Clock
    term: Span
    grace: Span
    valid_from: str
    valid_to: str = ""
    basis: str = AGREEMENT
    reference: str = ""
    article: str = ""

    def __post_init__(self) -> None:
        for check, name, sound in (
            (rules.NAME, "id", bool(_NAME.fullmatch(self.id))),
            (rules.SUBMITTER, "submitter", bool(_NAME.fullmatch(self.submitter))),
            (
                rules.SERIES,
                "series",
                0 < len(self.series) <= rules.MOST_PATTERNS and all(map(_PATTERN.fullmatch, self.series)),
            ),
            (rules.STEP, "step", type(self.step) is int and 0 < self.step <= shortest(self.every, self.clock)),
            (rules.BASIS, "basis", self.basis in (RULE, AGREEMENT)),
            (
                rules.REFERENCE,
                "reference",
                _is_line(self.reference) and (self.basis == AGREEMENT or bool(self.reference)),
            ),
            (rules.ARTICLE, "article", _is_line(self.article) and (self.basis == AGREEMENT or bool(self.article))),
            (rules.FIRST_DAY, "valid_from", _is_day(self.valid_from)),
            (
                rules.LAST_DAY,
                "valid_to",
                not self.valid_to or (_is_day(self.valid_to) and self.valid_to >= self.valid_from),
            ),
        ):
            if not sound:
                place, value = f"{self.id[:80]}, {name}", str(getattr(self, name))[:80]
                raise malformed(check, "A field of the expectation is not what it can be.", place, value)
        wrong = [one for one in self.series if not _is_pattern(one) and step_of(one) != self.step]
        if wrong:
            raise malformed(rules.SAME_STEP, "A series has another step than the expectation.", self.id, wrong[0])

    def body(self) -> dict[str, Any]:
        """Return the fields as a leaf keeps them."""
        said: dict[str, Any] = {one.name: getattr(self, one.name) for one in fields(self)}
        return said | {
            "series": list(self.series),
            "every": self.every.value,
            "clock": self.clock.value,
            "term": str(self.term),
            "grace": str(self.grace),
        }

    def fits(self, series: str) -> bool:
        """Return whether a series is one of those expected."""
        return step_of(series) == self.step and any(fnmatchcase(series, one) for one in self.series)

    def among(self, known: Iterable[str]) -> list[str]:
        """Return the series that are expected, sorted: of the known ones those that fit, and those named in full."""
        named = {one for one in self.series if not _is_pattern(one)}
        return sorted(named | {one for one in known if self.fits(one)})


@dataclass(frozen=True, slots=True)
class Term:
    """An expectation over the time in which it holds.

    Parameters
    ----------
    start, end
        When it begins and ends to hold, UTC; `end` None where it goes on.
    entered
        When this was first put in the record.
    leaf
        Where it stands.
    """

    expectation: Expectation
    start: datetime
    end: datetime | None
    entered: datetime
    leaf: int


def read(body: Mapping[str, Any]) -> Expectation:
    """Return the expectation in the fields of a leaf; `expectation-malformed` where it is none."""
    try:
        if body.keys() != {one.name for one in fields(Expectation)}:
            raise KeyError(", ".join(sorted(body.keys() ^ {one.name for one in fields(Expectation)})))
        return Expectation(
            **dict(body)
            | {
                "series": tuple(map(str, body["series"])),
                "every": Every(body["every"]),
                "clock": Clock(body["clock"]),
                "term": Span.read(str(body["term"]), "term"),
                "grace": Span.read(str(body["grace"]), "grace"),
            }
        )
    except (KeyError, TypeError, ValueError) as error:
        name = str(body.get("id", ""))[:80]
        raise malformed(rules.READABLE, "This expectation cannot be read.", name, str(error)) from None


Said = tuple[int, datetime, Expectation]
"""A leaf, when it was received, and what it expects."""


def terms(said: Iterable[Said]) -> list[Term]:
    """Return what holds of all that leaves said, by name and start.

    Of one name and first day the last leaf counts. What follows under the same name ends what was before it.
    """
    held: dict[tuple[str, str], tuple[int, datetime, Expectation]] = {}
    for leaf, received, one in sorted(said, key=lambda item: item[0]):
        key = (one.id, one.valid_from)
        before = held.get(key)
        held[key] = (leaf, received if before is None or _other(before[2], one) else before[1], one)
    found: list[Term] = []
    for _, (leaf, entered, one) in sorted(held.items()):
        start = midnight(one.valid_from, one.clock)
        end = None
        if one.valid_to:
            end = midnight((date.fromisoformat(one.valid_to) + timedelta(days=1)).isoformat(), one.clock)
        if found and found[-1].expectation.id == one.id:
            last = found[-1]
            found[-1] = replace(last, end=start if last.end is None else min(last.end, start))
        found.append(Term(one, start, end, entered, leaf))
    return [one for one in found if one.end is None or one.end > one.start]


TWO_PERIODS: Final[Mapping[Every, timedelta]] = {
    Every.HOUR: timedelta(hours=2),
    Every.DAY: timedelta(days=2),
    Every.WEEK: timedelta(weeks=2),
    Every.MONTH: timedelta(days=62),
    Every.QUARTER: timedelta(days=184),
    Every.HALF_YEAR: timedelta(days=368),
    Every.YEAR: timedelta(days=732),
}
"""As long as two periods of a kind at most."""
UNEVEN: Final = timedelta(days=4)
"""By which a term of months differs with the month in which it begins, and an hour for the clock change."""


def newest_due(term: Term, now: datetime) -> Period | None:
    """Return the newest period of which the delivery should be here, grace included; None before the first.

    A term that has ended expects nothing any more.
    """
    one = term.expectation
    if term.end is not None and term.end <= now:
        return None
    waited = one.grace.after(one.term.after(now, one.clock), one.clock) - now
    first = max(term.start, now - waited - TWO_PERIODS[one.every] - UNEVEN)
    found = None
    for period in periods(one.every, one.clock, first, now):
        if one.grace.after(one.term.after(period.end, one.clock), one.clock) >= now:
            break
        if period.end > term.start:
            found = Period(max(period.start, term.start), period.end)
    return found


def _other(before: Expectation, after: Expectation) -> bool:
    """Return whether more than the last day changed: then it was entered anew."""
    return before.body() | {"valid_to": ""} != after.body() | {"valid_to": ""}


def _is_pattern(text: str) -> bool:
    return "*" in text or "?" in text


def _is_line(text: str) -> bool:
    return len(text) <= 200 and text.isprintable()


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text and 1900 <= date.fromisoformat(text).year < 2200
    except ValueError:
        return False
