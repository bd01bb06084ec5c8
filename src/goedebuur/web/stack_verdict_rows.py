"""What a page shows of published verdicts at the stacks of a site, in the words of the page's language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from goedebuur.core.base.sourced import Text
from goedebuur.core.compliance.emissions import coming, wording
from goedebuur.core.compliance.emissions.explanation import Row, decimal
from goedebuur.core.emissions.streams import Stream
from goedebuur.core.permits import wording as permit_wording
from goedebuur.core.permits.limits import Averaging, Statistic
from goedebuur.rules import substance_names
from goedebuur.services.stack_verdicts import Apart, PublishedYear, YearView
from goedebuur.web import stack_fact_rows, words
from goedebuur.web.permit_rows import spoken
from goedebuur.web.stack_words import when_of
from goedebuur.web.templatetags.figures import upfirst

SIDES: Final = {"MEETS": "meets", "EXCEEDS": "exceeds", "UNDETERMINED": "undetermined", "NOT_JUDGED": "undetermined"}
ORDER: Final = ("EXCEEDS", "UNDETERMINED", "MEETS", "NOT_JUDGED")
AMOUNT: Final = re.compile(r"\b(\d+)\.(\d+)(?= (?:mg/Nm³|g/h|tot \d|of meer|mogen het))")
FEW_DAYS: Final = 40
"""Days that are offered one by one to look at; of more, the first."""


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """One verdict of a year on one limit.

    Parameters
    ----------
    nearest, left
        What came closest to the limit, and which part of the limit that leaves; empty where nothing counts.
    measured
        What was measured beside the limit, in sentences: facts, and no verdict.
    counted
        How many averages, days or months were what.
    layer
        Whose the limit is.
    """

    what: str
    average: str
    stream: str
    side: str
    words: str
    reason: str
    question: str
    nearest: str
    left: str
    counted: tuple[str, ...]
    url: str
    articles: tuple[str, ...]
    measured: tuple[str, ...] = ()
    layer: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PointRows:
    """The verdicts at one emission point: on limits that bind, and on what the directive asks of the law itself."""

    id: str
    name: str
    rows: tuple[VerdictRow, ...]
    floor: tuple[VerdictRow, ...]


@dataclass(frozen=True, slots=True)
class OtherRow:
    """A verdict on a load, on the hours of a state, or on days that dropped out."""

    what: str
    side: str
    words: str
    told: tuple[str, ...]
    question: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One line of published verdicts, with the site, the year and the name of the substance that it is on."""

    line: Mapping[str, Any]
    site: str
    year: int
    what: str


@dataclass(frozen=True, slots=True)
class PointLines:
    """The lines of verdicts at one emission point."""

    id: str
    name: str
    lines: tuple[Told, ...]


def by_point(view: YearView) -> list[PointLines]:
    """Return the lines of verdicts by emission point, by name."""
    found: dict[str, list[Told]] = {}
    for published in view.published:
        for line in published.verdicts:
            stream = view.streams.get(line["stream"])
            told = Told(line, view.site, published.year, upfirst(substance(line["substance"], stream)))
            found.setdefault(stream.emission_point if stream is not None else "", []).append(told)
    unknown = _("Instruments that are not in the record now")
    return [
        PointLines(point, view.points.get(point, point) or unknown, tuple(lines))
        for point, lines in sorted(found.items(), key=lambda one: view.points.get(one[0], one[0]).casefold())
    ]


def ordered(lines: Iterable[Told], *, floor: bool) -> list[Told]:
    """Return the lines on limits that bind, or on what the directive asks of the law; what is exceeded first."""
    wanted = [one for one in lines if one.line["floor"] == floor]
    return sorted(wanted, key=lambda one: ORDER.index(one.line["year"]["outcome"]))


def points(view: YearView) -> list[PointRows]:
    """Return the verdicts by emission point, what is exceeded first."""
    return [
        PointRows(
            one.id,
            one.name,
            tuple(_row(told) for told in ordered(one.lines, floor=False)),
            tuple(_row(told) for told in ordered(one.lines, floor=True)),
        )
        for one in by_point(view)
    ]


def _row(told: Told) -> VerdictRow:
    line = told.line
    room = line.get("room")
    return VerdictRow(
        what=told.what,
        average=average(line),
        stream=line["stream"],
        side=SIDES[line["year"]["outcome"]],
        words=_said(wording.OUTCOMES[line["year"]["outcome"]]),
        reason=_why(line),
        question=question(line),
        nearest=_nearest(room, line["unit"]) if room else "",
        left=left(Fraction(room["share"])) if room else "",
        measured=stack_fact_rows.measured(line),
        counted=tuple(stack_fact_rows.counted(line)),
        url=_address(told.site, line, told.year, _period(line)),
        layer=stack_fact_rows.layer(line),
        articles=tuple(line["articles"]),
    )


def _why(line: Mapping[str, Any]) -> str:
    return _said(wording.YEAR_GOES_ON) if stack_fact_rows.only_to_come(line) else reason(line["year"]["code"])


def _said(text: Text) -> str:
    return text.en if get_language() == "en" else text.nl


def outcome(name: str) -> tuple[str, str]:
    """Return the words of an outcome, and the side that its shape is of."""
    return _said(wording.OUTCOMES[name]), SIDES[name]


def reason(code: str) -> str:
    """Return why an outcome is what it is."""
    return _said(wording.REASONS[code])


def sentence(text: Text) -> str:
    """Return a line of an explanation, with the decimal sign of the language in its amounts and not in its articles."""
    return text.en if get_language() == "en" else AMOUNT.sub(r"\1,\2", text.nl)


def question(line: Mapping[str, Any]) -> str:
    """Return what a person must answer; empty where nothing is open."""
    return str(line["question_en" if get_language() == "en" else "question_nl"])


def substance(name: str, stream: Stream | None) -> str:
    """Return the name of a substance, as the table has it, else as the stream has it."""
    row = substance_names.names().of_id(name) if name else None
    if row is not None:
        return row.en if get_language() == "en" else row.nl
    return stream.substance.name if stream is not None and stream.substance is not None else name


def average(line: Mapping[str, Any]) -> str:
    """Return which averages a verdict is on, and in which state of the plant."""
    statistic = Statistic(line["share"], over=Averaging(line["over"])) if line["over"] else Statistic()
    told = spoken(permit_wording.averages(Averaging(line["averaging"]), statistic))
    if line["during"]:
        told += f" ({words.look_up('operating_state', line['during'])})"
    return told


def _nearest(room: Mapping[str, Any], unit: str) -> str:
    value, limit = (words.figures(decimal(Fraction(room[name]), 3)) for name in ("value", "limit"))
    told = _("%(value)s of %(limit)s %(unit)s") % {"value": value, "limit": limit, "unit": unit}
    when = when_of(room["start"])
    return _("%(value)s, %(when)s") % {"value": told, "when": when} if when else told


def left(share: Fraction) -> str:
    """Return which part of a limit is left, in words: how far below it, or above it."""
    text = words.figures(decimal(abs(share) * 100, 1))
    if share < 0:
        return _("%(part)s %% above it") % {"part": text}
    return _("%(part)s %% below it") % {"part": text}


def _period(line: Mapping[str, Any]) -> str:
    """Return the period that an explanation opens with: the one with the least room, or the first that is not met."""
    room = line.get("room")
    if room and len(room["start"]) > 4:
        return str(room["start"])
    worst = sorted(line["periods"], key=lambda one: (ORDER.index(one["outcome"]), one["start"]))
    return str(worst[0]["start"]) if worst else ""


def _address(site: str, line: Mapping[str, Any], year: int, period: str) -> str:
    address = reverse("stack-verdict", args=[site, line["stream"], line["requirement"]])
    return f"{address}?{urlencode({'year': year, **({'period': period} if period else {})})}"


def counts(view: YearView) -> list[tuple[str, str, int]]:
    """Return the words, the side and the number of each outcome on limits that bind."""
    tally = Counter(
        str(line["year"]["outcome"]) for one in view.published for line in one.verdicts if not line["floor"]
    )
    return [(_said(wording.OUTCOMES[name]), SIDES[name], tally[name]) for name in ORDER if tally[name]]


def others(published: PublishedYear, view: YearView) -> list[OtherRow]:
    """Return what loads, hours of states and days that dropped out come to."""
    return [
        *(_load(one) for one in published.loads),
        *(_hours(one, view) for one in published.hours),
        *(_days(one, view) for one in published.days),
        *(_report(one, view) for one in published.reports),
    ]


def _load(one: Mapping[str, Any]) -> OtherRow:
    ordered = sorted(one["periods"], key=lambda each: ORDER.index(each["outcome"]))
    outcome = ordered[0]["outcome"] if ordered else "UNDETERMINED"
    told = []
    for each in ordered[:3]:
        reason = _said(wording.REASONS[each["code"]])
        value = ""
        if each["n"] and "high" in each and "limit_low" in each:
            high, limit = (words.figures(decimal(Fraction(each[name]), 1)) for name in ("high", "limit_low"))
            value = _("%(value)s of %(limit)s kg measured.") % {"value": high, "limit": limit}
        told.append(f"{upfirst(when_of(each['start'])) or each['start']}: {value} {reason}".replace("  ", " "))
    what = _("Cap on the load of %(what)s (condition %(condition)s)") % {
        "what": substance(one["substance"], None),
        "condition": one["condition"].rpartition("/")[2],
    }
    return OtherRow(what, SIDES[outcome], _said(wording.OUTCOMES[outcome]), tuple(told), question(one))


def _hours(one: Mapping[str, Any], view: YearView) -> OtherRow:
    state = _said(wording.STATES[one["state"]])
    bound = _("on end") if one["bound"] == "run" else _("in total")
    told = _("%(hours)s hours %(bound)s; allowed is %(allowed)s") % {
        "hours": words.figures(decimal(Fraction(one["hours"]), 1)),
        "bound": bound,
        "allowed": one["allowed"],
    }
    may = Fraction(one["hours_may"])
    more = [_("%(hours)s with what is not known") % {"hours": words.figures(decimal(may, 1))}]
    what = _("Hours of %(state)s, seen by %(stream)s") % {"state": state, "stream": one["stream"]}
    extra = tuple(more) if may != Fraction(one["hours"]) else ()
    return OtherRow(what, SIDES[one["outcome"]], _said(wording.OUTCOMES[one["outcome"]]), (told, *extra))


def _days(one: Mapping[str, Any], view: YearView) -> OtherRow:
    stream = view.streams.get(one["stream"])
    name = substance(stream.substance.id if stream is not None and stream.substance else "", stream)
    told = ngettext("%(n)s day; allowed is %(allowed)s", "%(n)s days; allowed is %(allowed)s", one["days"]) % {
        "n": one["days"],
        "allowed": one["allowed"],
    }
    what = _("Days that dropped out of %(what)s, as the instrument failed") % {"what": name or one["stream"]}
    return OtherRow(what, SIDES[one["outcome"]], _said(wording.OUTCOMES[one["outcome"]]), (told,))


def _report(one: Mapping[str, Any], view: YearView) -> OtherRow:
    what = _("Measurement of %(what)s by %(bureau)s at %(point)s, %(day)s") % {
        "what": substance(one["substance"], None),
        "bureau": one["bureau"],
        "point": view.points.get(one["emission_point"], one["emission_point"]),
        "day": when_of(one["on"]),
    }
    told = [_said(wording.REASONS[one["code"]])]
    if one["each"] and one["limit"]:
        values = "; ".join(words.figures(decimal(Fraction(each["high"]), 3)) for each in one["each"])
        told.append(
            _("After the uncertainty: %(values)s %(unit)s; the limit is %(limit)s")
            % {"values": values, "unit": one["unit"], "limit": words.figures(decimal(Fraction(one["limit"]), 3))}
        )
    return OtherRow(what, SIDES[one["outcome"]], _said(wording.OUTCOMES[one["outcome"]]), tuple(told), question(one))


def unmeasured(published: PublishedYear, view: YearView) -> list[tuple[str, tuple[str, ...]]]:
    """Return (place, substances) of limits on what no instrument in the record measures."""
    found: dict[str, set[str]] = {}
    for name in published.unmeasured:
        point, _slash, requirement = name.partition("/")
        found.setdefault(point, set()).add(substance(requirement.partition("-")[0], None))
    return [(view.points.get(point, point), tuple(sorted(names))) for point, names in sorted(found.items())]


@dataclass(frozen=True, slots=True)
class ApartRow:
    """One short average of an explanation."""

    start: str
    calibrated: str
    standard: str
    taken: str
    judged: str
    limit: str
    counts: str
    above: bool


def apart_rows(rows: Sequence[Row]) -> list[ApartRow]:
    """Return the short averages of an explanation, in the words of the page."""
    return [
        ApartRow(
            one.start[:16],
            words.figures(one.calibrated) or "–",
            words.figures(one.standard) or "–",
            _between(one.taken_least, one.taken_most),
            _between(one.judged_low, one.judged_high),
            _between(one.limit_low, one.limit_high),
            _said(one.why),
            one.above in ("yes", "may"),
        )
        for one in rows
    ]


def _between(low: str, high: str) -> str:
    low, high = words.figures(low), words.figures(high)
    if low == high:
        return low or "–"
    if not low or not high:
        return low or high
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def days_in_all(found: Apart) -> int:
    """Return how many parts of the year are not met, or not known."""
    return len(_open(found))


def days_to_come(found: Apart) -> int:
    """Return how many parts of the year had not ended when it was published, and are not known for that."""
    return sum(_to_come(one, found) for one in found.line["periods"])


def _open(found: Apart) -> list[Mapping[str, Any]]:
    return [one for one in found.line["periods"] if one["outcome"] != "MEETS" and not _to_come(one, found)]


def _to_come(one: Mapping[str, Any], found: Apart) -> bool:
    return one["outcome"] == "UNDETERMINED" and coming.end_of(one["start"]) > found.published.published


def days(found: Apart) -> list[tuple[str, str, str]]:
    """Return (period, words, outcome) of the parts of the year that are not met, or not known: the first to look at."""
    ordered = sorted(_open(found), key=lambda one: (ORDER.index(one["outcome"]), one["start"]))[:FEW_DAYS]
    return [
        (one["start"], when_of(one["start"]) or one["start"], _said(wording.OUTCOMES[one["outcome"]]))
        for one in ordered
    ]
