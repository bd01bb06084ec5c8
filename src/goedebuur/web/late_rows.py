"""What came late or is missing, in the words of a page: sentences for expectations, periods, gaps and reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.periods import Period
from goedebuur.core.expectations import expected
from goedebuur.core.expectations import reasons as reason_form
from goedebuur.core.expectations.expected import Expectation, Term
from goedebuur.core.expectations.standing import State
from goedebuur.rules import gap_reasons
from goedebuur.services.punctuality import Row, SeriesPunctuality, ToldGap, ToldPeriod, Why
from goedebuur.web import words

MOST: Final = 50
"""Periods and gaps of one series on a page; the API has them all."""


@dataclass(frozen=True, slots=True)
class Said:
    """A reason in words, whose it is, and where it stands."""

    words: str
    by: str
    signed: bool
    leaf: int | None


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A period of a table."""

    told: ToldPeriod
    state: str
    late_by: str
    reasons: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class GapRow:
    """A gap of a table."""

    told: ToldGap
    reasons: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Expected:
    """One expectation of a series, with what of it is not in order within the period that is shown."""

    found: SeriesPunctuality
    sentence: str
    basis: str
    periods: tuple[PeriodRow, ...]
    more_periods: int
    gaps: tuple[GapRow, ...]
    more_gaps: int


def of_series(found: Sequence[SeriesPunctuality], shown: Period) -> list[Expected]:
    """Return the expectations of a series with what is not in order in the period that is shown."""
    rows = []
    for one in found:
        periods = [
            p for p in one.periods if p.standing.period.overlaps(shown) and p.standing.state is not State.NOT_DUE
        ]
        gaps = [g for g in one.gaps if g.gap.period.overlaps(shown)]
        rows.append(
            Expected(
                found=one,
                sentence=sentence(one.term),
                basis=basis(one.term),
                periods=tuple(_period(p) for p in periods[:MOST]),
                more_periods=max(0, len(periods) - MOST),
                gaps=tuple(gap(g) for g in gaps[:MOST]),
                more_gaps=max(0, len(gaps) - MOST),
            )
        )
    return rows


def told_in(inputs: Mapping[str, Any] | None) -> tuple[list[str], list[tuple[str, Period, str]]]:
    """Return what the inputs of a leaf expect, in sentences, and the reasons in them: series, period and words."""
    found = (inputs or {}).get(expected.EXPECTS)
    sentences: list[str] = []
    if isinstance(found, Mapping):
        try:
            one = expected.read(found)
            sentences = [sentence_of(one), ", ".join(one.series)]
        except GoedeBuurError:
            sentences = []
    stated = [
        (
            said["series"],
            Period(datetime.fromisoformat(said["start"]), datetime.fromisoformat(said["end"])),
            code_words(said["code"]),
        )
        for said in reason_form.stated(inputs)
    ]
    return sentences, stated


def sentence(term: Term) -> str:
    """Return what a term expects, in one sentence."""
    return sentence_of(term.expectation)


def sentence_of(one: Expectation) -> str:
    """Return what is expected, in one sentence."""
    return _("%(who)s delivers %(every)s (%(clock)s), no later than %(term)s after its end; %(grace)s") % {
        "who": one.submitter,
        "every": words.look_up("every", one.every.value),
        "clock": words.look_up("clock", one.clock.value),
        "term": words.span(one.term),
        "grace": _("after %(grace)s more it is late.") % {"grace": words.span(one.grace)}
        if str(one.grace) != "PT0H"
        else _("after that it is late."),
    }


def basis(term: Term) -> str:
    """Return where it is written, or that it is an agreement."""
    one = term.expectation
    if one.basis == expected.RULE:
        return f"{one.reference}, {one.article}"
    return _("an agreement") + (f": {one.reference}" if one.reference else "")


def reasons(why: Why) -> tuple[Said, ...]:
    """Return the reasons in words: what was stated, then what the record itself knows."""
    stated = [Said(code_words(one.code), one.submitter, one.signed, one.leaf) for one in why.stated]
    known = [Said(words.look_up("known", code), "", False, None) for code in why.known]
    return (*stated, *known)


def code_words(code: str) -> str:
    """Return the words for a code of the table of reasons."""
    text = gap_reasons.words(code)
    return text.en if get_language() == "en" else text.nl


def gap(told: ToldGap) -> GapRow:
    """Return a gap with its reasons in words."""
    return GapRow(told, reasons(told.why))


def _period(told: ToldPeriod) -> PeriodRow:
    one = told.standing
    return PeriodRow(
        told,
        words.look_up("arrival", one.state.value),
        words.duration(one.late_by) if one.late else "",
        reasons(told.why),
    )


def asked(rows: Sequence[Row], name: str) -> list[str]:
    """Return the values that rows have of the submitter, station or quantity of their series, sorted."""
    if name == "submitter":
        return sorted({row.term.expectation.submitter for row in rows})
    part = ("station", "quantity").index(name)
    return sorted({row.series.rsplit(".", 2)[part] for row in rows})
