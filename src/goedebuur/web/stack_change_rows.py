"""What a page shows of published verdicts that came to be others, in the words of the page's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from goedebuur.core.base.exact import as_text
from goedebuur.core.compliance.emissions.explanation import decimal
from goedebuur.services.stack_changes import ChangedLine, YearChange
from goedebuur.services.stack_differences import BEFORE
from goedebuur.services.stack_verdicts import YearView
from goedebuur.web import stack_verdict_rows, stack_words, words
from goedebuur.web.templatetags.figures import civil, count, upfirst

Side = tuple[str, str, tuple[str, ...]]
"""Shape of an outcome, its words, and what was counted."""
NOTHING: Final[Side] = ("none", "–", ())
DECIMALS: Final = 6
"""Of an average. [10⁻⁶ of its unit]"""

STATES: Final = {"out_of_service": gettext_noop("the plant stood still"), "unknown": gettext_noop("state not known")}
"""States of an average in which no limit holds."""


@dataclass(frozen=True, slots=True)
class LineRow:
    """A period of which the verdict on a limit is another than it was.

    Parameters
    ----------
    turned
        Whether the outcome itself is another, and not only what it is made of.
    """

    what: str
    average: str
    when: str
    before: Side
    after: Side
    turned: bool
    stream: str
    requirement: str
    period: str


@dataclass(frozen=True, slots=True)
class AverageRow:
    """A short average that is another than it was."""

    stream: str
    what: str
    start: str
    before: str
    after: str


def lines(found: YearChange, view: YearView) -> list[LineRow]:
    """Return the verdicts that changed: those of which the outcome turned first, then by limit and day."""
    rows = [_line(one, view) for one in found.lines]
    return sorted(rows, key=lambda one: (not one.turned, one.what, one.average, len(one.period), one.period))


def averages(rows: Iterable[Mapping[str, Any]], view: YearView) -> list[AverageRow]:
    """Return averages that changed, each with what it was."""
    return [_average(row, view) for row in rows]


def _line(one: ChangedLine, view: YearView) -> LineRow:
    line = one.line
    return LineRow(
        what=upfirst(stack_verdict_rows.substance(line["substance"], view.streams.get(line["stream"]))),
        average=stack_verdict_rows.average(line),
        when=stack_words.when_of(one.period) or one.period,
        before=_side(one.before, line["unit"]),
        after=_side(one.after, line["unit"]),
        turned=(one.before or {}).get("outcome") != (one.after or {}).get("outcome"),
        stream=line["stream"],
        requirement=line["requirement"],
        period=one.period,
    )


def _side(told: Mapping[str, Any] | None, unit: str) -> Side:
    if told is None:
        return NOTHING
    outcome, side = stack_verdict_rows.outcome(told["outcome"])
    said = []
    if "high" in told:
        low, high = (words.figures(decimal(Fraction(told[name]), 3)) for name in ("low", "high"))
        said.append(
            f"{low} {unit}" if low == high else _("%(low)s to %(high)s") % {"low": low, "high": f"{high} {unit}"}
        )
    elif "over" in told:
        said.append(_("%(n)s above the limit") % {"n": count(told["over"])})
    if told.get("counted"):
        n = told["counted"]
        said.append(ngettext("%(n)s counts", "%(n)s count", n) % {"n": count(n)})
    if told.get("exempt"):
        said.append(_("%(n)s do not count in their state") % {"n": count(told["exempt"])})
    return side, upfirst(outcome), tuple(said)


def _average(row: Mapping[str, Any], view: YearView) -> AverageRow:
    stream = view.streams.get(row["stream"])
    of = stream.substance.id if stream is not None and stream.substance is not None else ""
    what = stack_verdict_rows.substance(of or "", stream) or row["stream"]
    return AverageRow(row["stream"], upfirst(what), civil(row["start"]), _value(row, BEFORE), _value(row, ""))


def _value(row: Mapping[str, Any], suffix: str) -> str:
    if row[f"valid{suffix}"] is None:
        return "–"
    value = row[f"standard{suffix}"]
    text = as_text(value, DECIMALS).rstrip("0").rstrip(".") if value is not None else ""
    said, state = [words.figures(text) or _("no value")], row[f"state{suffix}"]
    if state != "normal":
        said.append(_(STATES[state]) if state in STATES else words.look_up("operating_state", state))
    if not row[f"valid{suffix}"]:
        said.append(_("not valid"))
    return ", ".join(said)
