"""A verdict at a stack taken apart: the limit, what is taken off, each short average, and the sum to redo it by.

The rows come from the same classes and numbers as the verdict. Everything in them can be redone by hand: raw mean,
calibrated, at reference conditions, less the uncertainty, against the limit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final

import polars as pl

from goedebuur.core.base.exact import as_text, round_half_away
from goedebuur.core.base.periods import zone
from goedebuur.core.base.sourced import Text
from goedebuur.core.compliance.emissions import coming, judge, wording
from goedebuur.core.compliance.emissions.outcomes import EmissionVerdict, PeriodOutcome
from goedebuur.core.compliance.emissions.regimes import RegimeBook
from goedebuur.core.compliance.emissions.requirements import Held, Requirement
from goedebuur.core.compliance.emissions.slots import AT_LEAST, Class, Slots, slots
from goedebuur.core.emissions.tables import Lost

DECIMALS: Final = 6
"""Of the values that are listed: all that there are."""
COLUMNS: Final = (
    *("start", "raw", "calibrated", "standard", "taken_least", "taken_most", "judged_low", "judged_high"),
    *("limit_low", "limit_high", "class", "state", "lost", "above"),
)
"""Columns of the table that is exported; values in the unit of the limit, the raw mean in that of the stream."""


@dataclass(frozen=True, slots=True)
class Row:
    """One short average of an explanation. Numbers are text in full; empty where there is none.

    Parameters
    ----------
    to_come
        Whether it is missing since it had not ended yet at the moment by which it was asked.
    """

    start: str
    raw: str
    calibrated: str
    standard: str
    taken_least: str
    taken_most: str
    judged_low: str
    judged_high: str
    limit_low: str
    limit_high: str
    cls: Class
    state: str
    lost: tuple[str, ...]
    above: str
    to_come: bool = False

    def cells(self) -> tuple[str, ...]:
        """Return the row in order of :data:`COLUMNS`."""
        return (
            *(self.start, self.raw, self.calibrated, self.standard, self.taken_least, self.taken_most),
            *(self.judged_low, self.judged_high, self.limit_low, self.limit_high),
            *(self._class, self.state, "|".join(self.lost), self.above),
        )

    @property
    def why(self) -> Text:
        """Return what this short average is for the limit, in words."""
        return wording.CLASSES[self._class]

    @property
    def _class(self) -> str:
        return wording.TO_COME if self.to_come else str(self.cls)


@dataclass(frozen=True, slots=True)
class EmissionExplanation:
    """One period of a verdict taken apart.

    Parameters
    ----------
    clock
        On which the rows were cut.
    lines
        Sentences in order: the limit, what is taken off, what counts, the sum, the outcome, the question.
    rows
        Every short average of the period.
    """

    verdict: EmissionVerdict
    period: PeriodOutcome
    unit: str
    clock: str
    lines: tuple[Text, ...]
    rows: tuple[Row, ...]


def explain(
    verdict: EmissionVerdict,
    requirement: Requirement,
    shorts: judge.Shorts,
    year: int,
    start: str,
    book: RegimeBook,
    *,
    above_alone: bool = False,
    at: datetime | None = None,
) -> EmissionExplanation:
    """Return a period of a verdict taken apart, on the first of its clocks.

    Parameters
    ----------
    start
        `2026-03-03`, `2026-03`, or the year.
    above_alone
        Whether to list only the short averages that are above the limit, or may be: of a year there are many others.
    at
        Moment by which what had not happened yet is told apart from what is missing; None tells nothing apart.
    """
    period = next((one for one in (*verdict.periods, verdict.year) if one.start == start), verdict.year)
    frame = judge.frame_of(requirement, shorts, book)
    clock = judge.clocks_of(requirement, book)[0]
    rows: tuple[Row, ...] = ()
    found: Slots | None = None
    if frame is not None and requirement.held:
        beyond = (shorts.beyond or {}).get(int(frame["length"][0]))
        found = slots(frame, requirement, year, clock, book, shown=shorts.shown, beyond=beyond)
        inside = found.frame.filter(_inside(start))
        found = Slots(inside, found.scale)
        listed = inside.filter((pl.col("over") > 0) | AT_LEAST) if above_alone else inside
        rows = tuple(_row(one, found, zone(clock), at) for one in listed.iter_rows(named=True))
    lines = _lines(verdict, period, requirement, shorts, found, at)
    return EmissionExplanation(verdict, period, requirement.unit, str(clock), lines, rows)


def _inside(start: str) -> pl.Expr:
    column = {10: pl.col("day").cast(pl.String), 7: pl.col("month"), 4: pl.col("year")}
    return column[len(start)] == start


def _row(one: dict[str, Any], found: Slots, clock: Any, at: datetime | None) -> Row:
    scale = found.scale.by

    def text(name: str, by: int = scale) -> str:
        return "" if one[name] is None else decimal(Fraction(one[name], 10**DECIMALS * by))

    above = "" if one["over"] is None else "yes" if one["under"] > 0 else "may" if _may_be_above(one) else "no"
    return Row(
        start=one["start"].astimezone(clock).isoformat(),
        raw=text("raw", 1),
        calibrated=text("calibrated", 1),
        standard=text("standard", 1),
        taken_least=text("taken_low"),
        taken_most=text("taken_high"),
        judged_low=text("low"),
        judged_high=text("high"),
        limit_low=text("limit_low"),
        limit_high=text("limit_high"),
        cls=Class(one["cls"]),
        state=one["state"],
        lost=_lost(one["lost"]),
        above=above,
        to_come=at is not None and one["cls"] == Class.MISSING and one["start"] + timedelta(seconds=one["length"]) > at,
    )


def _may_be_above(one: dict[str, Any]) -> bool:
    return one["over"] > 0 or bool(one["lost"] & Lost.OUTSIDE_RANGE)


@lru_cache(maxsize=1024)
def _lost(bits: int) -> tuple[str, ...]:
    return tuple(bit.name.lower() for bit in Lost if bit & bits and bit.name)


def decimal(value: Fraction, decimals: int = DECIMALS) -> str:
    """Return a number as text, rounded to so many decimals, without zeros at its end.

    >>> decimal(Fraction(100)), decimal(Fraction(1, 3), 3), decimal(Fraction("0.0140"))
    ('100', '0.333', '0.014')
    """
    whole = round_half_away(value.numerator * 10**6, value.denominator, decimals)
    text = as_text(whole, decimals)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _span(low: Fraction, high: Fraction | None) -> tuple[str, str]:
    if high is None:
        return f"{decimal(low)} of meer", f"{decimal(low)} or more"
    if low == high:
        return decimal(low), decimal(low)
    return f"{decimal(low)} tot {decimal(high)}", f"{decimal(low)} to {decimal(high)}"


def _lines(
    verdict: EmissionVerdict,
    period: PeriodOutcome,
    requirement: Requirement,
    shorts: judge.Shorts,
    found: Slots | None,
    at: datetime | None,
) -> tuple[Text, ...]:
    lines = [_limit_line(one, requirement) for one in requirement.held]
    lines += [_open_line(one.first.isoformat(), one.last.isoformat()) for one in requirement.open]
    names = (*shorts.shown,) if isinstance(shorts.shown, Mapping) else ("",)
    lines += [_taken_line(one, shorts, requirement, name) for one in requirement.held for name in names]
    if found is not None:
        lines += _instrument_lines(found)
        lines += _count_lines(found, at)
    lines += _sum_lines(period, requirement)
    outcome, why = wording.OUTCOMES[str(period.outcome)], wording.REASONS[period.code]
    if at is not None and found is not None and coming.only_to_come(verdict, period, found.frame, at):
        why = wording.YEAR_GOES_ON
    lines.append(Text(f"Uitkomst: {outcome.nl}. {why.nl}", f"Outcome: {outcome.en}. {why.en}"))
    if verdict.question:
        lines.append(Text(f"Vraag: {verdict.question.nl}", f"Question: {verdict.question.en}"))
    return tuple(dict.fromkeys(lines))


def _limit_line(one: Held, requirement: Requirement) -> Text:
    nl, en = _span(one.low, one.high)
    unit = requirement.unit
    place = one.article or one.source
    return Text(
        f"Grenswaarde van {one.first} tot en met {one.last}: {nl} {unit} ({place}; {one.source}).",
        f"Limit from {one.first} up to and including {one.last}: {en} {unit} ({place}; {one.source}).",
    )


def _open_line(first: str, last: str) -> Text:
    return Text(
        f"Van {first} tot en met {last} staat niet vast welke grenswaarde geldt.",
        f"From {first} up to and including {last} it is not settled which limit binds.",
    )


def _taken_line(one: Held, shorts: judge.Shorts, requirement: Requirement, stream: str) -> Text:
    own = requirement.shown(shorts.shown, stream)
    nl, en = _span(*one.taken(own))
    shown = "niet aangetoond" if own is None else f"aangetoond {decimal(own)} {requirement.unit}"
    of, of_en = (f" van {stream}", f" of {stream}") if stream else ("", "")
    shown_en = "not shown" if own is None else f"shown {decimal(own)} {requirement.unit}"
    return Text(
        f"Van elke waarde{of} gaat {nl} {requirement.unit} meetonzekerheid af, tot niet lager dan nul ({shown}).",
        f"From each value{of_en} {en} {requirement.unit} of uncertainty is taken off, down to zero ({shown_en}).",
    )


def _instrument_lines(found: Slots) -> list[Text]:
    """Return which instrument measured when, where there was more than one."""
    rows = (
        found.frame.filter(pl.col("stream").is_not_null())
        .group_by("stream")
        .agg(first=pl.col("day").min(), last=pl.col("day").max())
    )
    if rows.height < 2:
        return []
    told = list(rows.sort("first").iter_rows())
    nl = "; ".join(f"door {name} van {first} tot en met {last}" for name, first, last in told)
    en = "; ".join(f"by {name} from {first} up to and including {last}" for name, first, last in told)
    return [Text(f"Gemeten {nl}.", f"Measured {en}.")]


def _count_lines(found: Slots, at: datetime | None) -> list[Text]:
    told = Counter(found.frame["cls"].to_list())
    if at is not None:
        told[wording.TO_COME] = coming.to_come(found.frame, at).height
        told[Class.MISSING] -= told[wording.TO_COME]
    lines = []
    for name in (*Class, wording.TO_COME):
        if told[name]:
            words = wording.CLASSES[str(name)]
            lines.append(Text(f"{told[name]} waarden: {words.nl}.", f"{told[name]} values: {words.en}."))
    beyond = found.frame.filter(AT_LEAST & pl.col("cls").is_in([Class.COUNTED, Class.MAY])).height
    if beyond:
        lines.append(
            Text(
                f"Bij {beyond} van deze waarden mat de meter boven zijn bereik: de uitstoot was zo hoog of hoger.",
                f"In {beyond} of these values the instrument was above its range: the emission was so high, or higher.",
            )
        )
    return lines


def _sum_lines(period: PeriodOutcome, requirement: Requirement) -> list[Text]:
    unit = requirement.unit
    lines = []
    if period.low is not None and period.high is not None:
        nl, en = _span(period.low, period.high)
        lines.append(
            Text(
                f"Gemiddelde van de {period.n} waarden die meetellen, na aftrek: {nl} {unit}.",
                f"Mean of the {period.n} values that count, after what is taken off: {en} {unit}.",
            )
        )
    if period.over is not None and period.allowed is not None:
        may = "" if period.over_may in (None, period.over) else f" (misschien {period.over_may})"
        may_en = "" if period.over_may in (None, period.over) else f" (perhaps {period.over_may})"
        allowed = decimal(period.allowed, 2)
        lines.append(
            Text(
                f"Van {period.n} zijn er {period.over} boven de grenswaarde{may}; {allowed} mogen het zijn.",
                f"Of {period.n}, {period.over} are above the limit{may_en}; {allowed} may be.",
            )
        )
    return lines


def table(explanations: Sequence[EmissionExplanation]) -> list[tuple[str, ...]]:
    """Return the rows of explanations as a table with its header, to be written as CSV."""
    header = ("requirement", "stream", *COLUMNS)
    return [
        header,
        *((one.verdict.requirement, one.verdict.stream, *row.cells()) for one in explanations for row in one.rows),
    ]


def above(explanation: EmissionExplanation) -> tuple[Row, ...]:
    """Return the short averages that are above the limit, or may be, of those that count or may."""
    return tuple(one for one in explanation.rows if one.above in ("yes", "may"))
