"""What pages show of a finding about verdicts beside its answer, in the words of the page's language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.periods import CET
from goedebuur.core.compliance.emissions import wording
from goedebuur.core.compliance.emissions.answers import Replied
from goedebuur.core.compliance.emissions.claims import Word
from goedebuur.core.compliance.emissions.differing import Differing
from goedebuur.core.compliance.emissions.explanation import Row, decimal
from goedebuur.core.compliance.emissions.operating import HoursVerdict
from goedebuur.core.compliance.emissions.outcomes import EmissionVerdict, Outcome, PeriodOutcome
from goedebuur.services.answer_sides import Claimable, Compared, HoursRow, PeriodRow, Sides, Subject
from goedebuur.web import errors, stack_verdict_rows, stack_words, words
from goedebuur.web.templatetags.casework import said
from goedebuur.web.templatetags.figures import count, upfirst

MOST_ROWS: Final = 96
"""Of the averages that are listed: two days of half hours."""
MOST_DAYS: Final = 40
WORDS: Final = {
    "": gettext_noop("no reply yet"),
    Word.ACCEPTED: gettext_noop("accepted"),
    Word.REFUSED: gettext_noop("turned down"),
    Word.MORE: gettext_noop("more is asked"),
}
WORD_SIDES: Final = {"": "none", Word.ACCEPTED: "meets", Word.REFUSED: "exceeds", Word.MORE: "undetermined"}
FIELDS: Final = {
    "point": gettext_noop("emission point"),
    "state": gettext_noop("state of the plant"),
    "start": gettext_noop("from"),
    "end": gettext_noop("until"),
    "cause": gettext_noop("cause"),
    "evidence": gettext_noop("evidence"),
    "reason": gettext_noop("reason"),
    "article": gettext_noop("article"),
    "word": gettext_noop("reply"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a form: where, with which value, what, and what to do."""

    where: str
    value: str
    what: str
    todo: str


def fault(error: GoedeBuurError) -> Fault:
    """Return what is wrong, in words."""
    place, number, name = [*error.place.split(), "", "", ""][:3]
    where = ""
    if place == "claim" and number.isdecimal():
        field = _(FIELDS[name]) if name in FIELDS else ""
        where = _("Claim %(number)s, %(field)s") % {"number": number, "field": field}
    todo = _(errors.HINTS[error.code]) if error.code in errors.HINTS else ""
    return Fault(where, words_of(error.value), errors.sentence(error.code), todo)


def words_of(value: str) -> str:
    """Return a value as it was filled in; a moment as people write it."""
    try:
        return clock(datetime.fromisoformat(value)) if "T" in value else value
    except ValueError:
        return value


def clock(moment: datetime) -> str:
    """Return a moment on the clock of the verdicts: `03-03-2026 05:00`."""
    there = moment if moment.tzinfo is None else moment.astimezone(CET)
    return f"{there:%d-%m-%Y %H:%M}"


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One claim with what became of it."""

    number: int
    point: str
    start: str
    end: str
    state: str
    cause: str
    evidence: tuple[str, ...]
    word: str
    side: str
    article: str
    reason: str


def claim(one: Replied, points: Mapping[str, str]) -> ClaimRow:
    """Return a claim in words.

    Parameters
    ----------
    points
        Emission point → its name.
    """
    here, reply = one.claim, one.reply
    return ClaimRow(
        number=one.number,
        point=points.get(here.point, here.point),
        start=clock(here.start),
        end=clock(here.end),
        state=state(here.state),
        cause=here.words,
        evidence=here.evidence,
        word=_(WORDS[one.word]),
        side=WORD_SIDES[one.word],
        article=reply.article if reply is not None else "",
        reason=reply.words if reply is not None else "",
    )


def state(name: str) -> str:
    """Return a state of the plant in words."""
    return said(wording.STATES[name])


@dataclass(frozen=True, slots=True)
class SubjectRow:
    """A verdict that a finding names, as it was published."""

    title: str
    outcome: tuple[str, str]
    reason: str
    question: str
    url: str
    leaf: int
    simulated: bool


def subject(one: Subject) -> SubjectRow:
    """Return a verdict in words."""
    line = one.line
    what = upfirst(stack_verdict_rows.substance(line["substance"], one.stream))
    told = {
        "what": what,
        "average": stack_verdict_rows.average(line),
        "point": one.view.points.get(one.stream.emission_point, one.stream.emission_point),
        "year": one.named.year,
    }
    address = reverse("stack-verdict", args=[one.view.site, one.named.stream, one.named.requirement])
    asked = {"year": one.named.year, "as_of": one.published.leaf + 1}
    return SubjectRow(
        title=_("%(what)s, %(average)s at %(point)s, %(year)s") % told,
        outcome=stack_verdict_rows.outcome(line["year"]["outcome"]),
        reason=stack_verdict_rows.reason(line["year"]["code"]),
        question=stack_verdict_rows.question(line),
        url=f"{address}?{urlencode(asked)}",
        leaf=one.published.leaf,
        simulated=one.view.simulated,
    )


@dataclass(frozen=True, slots=True)
class Cell:
    """What a period comes to in one of the three columns."""

    words: str
    side: str
    number: str
    reason: str = ""
    """Why it is undetermined; empty where it is not."""


@dataclass(frozen=True, slots=True)
class Three:
    """A period or a bound, as reported, as claimed and as accepted."""

    what: str
    cells: tuple[Cell, Cell, Cell]


@dataclass(frozen=True, slots=True)
class ComparedRows:
    """One verdict three times, in words."""

    subject: SubjectRow
    periods: tuple[Three, ...]
    questions: tuple[str, ...]
    hours: tuple[Three, ...]
    averages: tuple[AverageRow, ...]
    total: int
    foreseen: bool
    """Whether the averages are those of the claims, as none was accepted."""
    also: tuple[tuple[str, Cell, Cell, Cell], ...]


@dataclass(frozen=True, slots=True)
class AverageRow:
    """One short average that is taken otherwise."""

    start: str
    standard: str
    above: bool
    state: str
    was: str
    becomes: str


def compared(one: Compared, *, foreseen: bool = False) -> ComparedRows:
    """Return a verdict three times.

    Parameters
    ----------
    foreseen
        Whether nothing is decided yet, so that the averages as claimed are shown.
    """
    listed = one.averages_claimed if foreseen else one.averages_accepted
    return ComparedRows(
        subject(one.subject),
        tuple(_period(row, one.reported.unit) for row in one.periods),
        tuple(_questions(one)),
        tuple(_hours(row) for row in one.hours),
        tuple(_average(row) for row in listed[:MOST_ROWS]),
        len(listed),
        foreseen,
        tuple(_also(row, one.subject) for row in one.also),
    )


def _period(row: PeriodRow, unit: str) -> Three:
    what = upfirst(stack_words.when_of(row.start)) or _("The year %(year)s") % {"year": row.start}
    return Three(what, (_outcome(row.reported, unit), _outcome(row.claimed, unit), _outcome(row.accepted, unit)))


def _outcome(one: PeriodOutcome, unit: str) -> Cell:
    told = ""
    if one.low is not None and one.high is not None and one.limit_high is not None:
        low, high, limit = (words.figures(decimal(value, 3)) for value in (one.low, one.high, one.limit_high))
        value = low if low == high else _("%(low)s to %(high)s") % {"low": low, "high": high}
        told = _("%(value)s of %(limit)s %(unit)s") % {"value": value, "limit": limit, "unit": unit}
    elif one.over is not None and one.allowed is not None:
        told = _("%(n)s above the limit, %(allowed)s may be") % {
            "n": count(one.over),
            "allowed": words.figures(decimal(one.allowed, 1)),
        }
    why = stack_verdict_rows.reason(one.code) if one.outcome is Outcome.UNDETERMINED else ""
    return Cell(*stack_verdict_rows.outcome(one.outcome), told, why)


def _questions(one: Compared) -> Iterable[str]:
    """Yield what a person must answer, each once: as reported, as claimed, as accepted."""
    verdicts: tuple[EmissionVerdict, ...] = (one.reported, one.claimed, one.accepted)
    return dict.fromkeys(said(verdict.question) for verdict in verdicts if verdict.question)


def _hours(row: HoursRow) -> Three:
    bound = {"run": _("on end"), "period": _("in total")}[row.reported.bound]
    allowed = row.reported.allowed
    what = _("Hours of %(state)s %(bound)s; allowed is %(allowed)s (%(article)s)") % {
        "state": state(row.reported.state),
        "bound": bound,
        "allowed": allowed,
        "article": row.reported.article,
    }
    return Three(what, (_hour(row.reported), _hour(row.claimed), _hour(row.accepted)))


def _hour(one: HoursVerdict) -> Cell:
    hours, may = (words.figures(decimal(value, 1)) for value in (one.hours, one.hours_may))
    told = _("%(hours)s hours") % {"hours": hours}
    if hours != may:
        told = _("%(hours)s hours, %(may)s with what is not known") % {"hours": hours, "may": may}
    return Cell(*stack_verdict_rows.outcome(one.outcome), told)


def _average(one: Differing) -> AverageRow:
    told = state(one.state[1])
    if one.state[0] != one.state[1]:
        told = _("%(before)s → %(after)s") % {"before": state(one.state[0]), "after": told}
    standard = words.figures(one.standard) or "–"
    return AverageRow(one.start[:16], standard, one.above, told, said(one.was), said(one.becomes))


def _also(row: tuple[str, str, Outcome, Outcome, Outcome], one: Subject) -> tuple[str, Cell, Cell, Cell]:
    lines = {(line["stream"], line["requirement"]): line for line in one.published.verdicts}
    line = lines.get(row[:2])
    what = " ".join(row[:2])
    if line is not None:
        name = upfirst(stack_verdict_rows.substance(line["substance"], one.view.streams.get(row[0])))
        what = f"{name}, {stack_verdict_rows.average(line)}"
        if line["floor"]:
            what = _("%(what)s (what the directive asks of the law)") % {"what": what}
    cells = [Cell(*stack_verdict_rows.outcome(each), "") for each in row[2:]]
    return what, cells[0], cells[1], cells[2]


def context(found: Sides) -> dict[str, Any]:
    """Return what the part of a page with the sides is filled with."""
    decided = any(one.reply is not None for one in found.claims)
    return {
        "subjects": [subject(one) for one in found.subjects],
        "unknown": found.unknown,
        "claims": [claim(one, names(found.subjects)) for one in found.claims],
        "compared": [compared(one, foreseen=not decided) for one in found.compared],
        "since": [compared(one, foreseen=not decided) for one in found.since],
    }


def names(found: Iterable[Subject]) -> dict[str, str]:
    """Return emission point → its name, of the sites of verdicts."""
    return {point: name for one in found for point, name in one.view.points.items()}


@dataclass(frozen=True, slots=True)
class DayChoice:
    """A day that can be looked at, and why."""

    day: str
    words: str


def days(one: Subject, above: Sequence[Row]) -> list[DayChoice]:
    """Return the days on which a verdict rests: exceeded, or with averages above the limit, else those left open."""
    high = Counter(row.start[:10] for row in above)
    told = {line["start"]: line["outcome"] for line in one.line["periods"] if len(line["start"]) == len("2026-03-03")}
    bad = {day: outcome for day, outcome in told.items() if outcome in ("EXCEEDS", "UNDETERMINED")}
    clear = {day for day, outcome in bad.items() if outcome == "EXCEEDS"} | set(high)
    chosen = sorted(clear or bad, key=lambda day: (bad.get(day) != "EXCEEDS", -high[day], day))[:MOST_DAYS]
    return [DayChoice(day, _day(day, bad.get(day, ""), high[day])) for day in sorted(chosen)]


def _day(day: str, outcome: str, high: int) -> str:
    parts = [formats.date_format(date.fromisoformat(day), "j F Y")]
    if outcome:
        parts.append(stack_verdict_rows.outcome(outcome)[0])
    if high:
        parts.append(ngettext("%(n)s average above the limit", "%(n)s averages above the limit", high) % {"n": high})
    return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class StateChoice:
    """A state that can be claimed, with what the rules say of it."""

    value: str
    words: str


def states(found: Iterable[Claimable]) -> list[StateChoice]:
    """Return the states that can be claimed, each once, in words."""
    rows = {str(row.state): row for one in found for row in one.rows}
    names = dict.fromkeys([*rows, *sorted(str(name) for one in found for name in one.bounds.states)])
    return [StateChoice(name, upfirst(state(name))) for name in names]


def rules(found: Iterable[Claimable]) -> list[tuple[str, str, str, str]]:
    """Return (state, what the rules say, how long it may last, article) of each state, with its question where open."""
    told = {}
    for one in found:
        for row in one.rows:
            bounds = []
            if row.run_hours is not None:
                bounds.append(_("%(hours)s hours on end") % {"hours": row.run_hours})
            if row.period_hours is not None:
                window = {"calendar_year": _("in a calendar year"), "twelve_months": _("in twelve months")}
                over = window[str(row.window)] if row.window is not None else ""
                bounds.append(_("%(hours)s hours %(over)s") % {"hours": row.period_hours, "over": over})
            asked = "" if row.status.decides and not row.question else f" {said(row.question)}"
            told[row.id] = (upfirst(state(str(row.state))), said(row.text) + asked, ", ".join(bounds), row.article)
    return list(told.values())
