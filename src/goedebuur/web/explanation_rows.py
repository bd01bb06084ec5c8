"""One verdict taken apart for readers: what was measured, what the rule says, and how the verdict follows from both."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from goedebuur.core.compliance import wording
from goedebuur.core.compliance.verdicts import Explanation, Line, Verdict
from goedebuur.web.templatetags import figures
from goedebuur.web.words import look_up

MEASURED: Final = (
    *("rows", "without-value", "unusable", "usable", "doubtful", "left-out", "absent"),
    *("capture", "value", "uncertainty", "exceedances"),
)
"""Codes of the lines on what was measured, in the order in which they are shown."""
UNKNOWN: Final = "uncertainty-unknown"
"""Code of the line that says that no uncertainty is known."""
SIDE_BY_SIDE: Final = "reading-"
"""How the codes of the lines begin that set the readings of a rule beside each other."""
READINGS: Final = tuple(f"rule-{name}" for name in wording.SAME_EITHER_WAY)
"""Codes of the lines on a rule that can be read in two ways: they say whether the outcome turns on it."""
ELSEWHERE: Final = frozenset(
    {"exact", "statistic", "required", "capture-rule", "limit", "allowed", "outcome", "reason", "question"}
    | {"reservation", UNKNOWN}
)
"""Codes of the lines that the page says in words of its own: beside another line, among the facts, or at its top."""
_FIGURE: Final = re.compile(r"(?<![^\s(±])(\d+)\.(\d+)(?=[\s,;)]|\.(?!\d)|$)")


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: what it is, the figure, and how exactly."""

    label: str
    text: str
    exact: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """An explanation in three parts."""

    measured: tuple[Fact, ...]
    rule: tuple[Fact, ...]
    notes: tuple[str, ...]
    steps: tuple[str, ...]


def told(found: Explanation) -> Told:
    """Return the explanation in three parts, in the language of the page."""
    lines = {line.code: line for line in found.lines}
    beside = [_said(line) for line in found.lines if line.code.startswith(SIDE_BY_SIDE)]
    return Told(
        measured=tuple(_measured(lines[code], found.verdict) for code in MEASURED if code in lines),
        rule=tuple(_rule(found, lines)),
        notes=tuple(_said(line) for line in found.lines if _is_note(line)),
        steps=tuple(_steps(found.verdict, [_said(lines[code]) for code in READINGS if code in lines], beside)),
    )


def _is_note(line: Line) -> bool:
    return line.code == UNKNOWN or (line.code.startswith("rule-") and line.code not in READINGS)


def sentence(text: str) -> str:
    """Return a sentence of an explanation with its dates and decimals as the language of the page writes them."""
    shown = figures.dutch_dates(text)
    return shown if get_language() == "en" else _FIGURE.sub(r"\1,\2", shown)


def percentage(part: int, whole: int) -> str:
    """Return a part in per cent: rounded down to a tenth, so that too little never reads as enough.

    >>> percentage(1799, 2000).replace(",", "."), percentage(9, 10)
    ('89.9%', '90%')
    """
    tenths = 1000 * part // whole
    exact = 1000 * part == tenths * whole and tenths % 10 == 0
    return figures.decimal(f"{tenths // 10}" if exact else f"{tenths // 10}.{tenths % 10}") + "%"


def _said(line: Line) -> str:
    return sentence(line.text.en if get_language() == "en" else line.text.nl)


def _of(part: int, whole: int) -> str:
    return _("%(n)s of %(all)s") % {"n": figures.count(part), "all": figures.count(whole)}


def _measured(line: Line, verdict: Verdict) -> Fact:
    if line.code == "capture":
        part, whole = verdict.capture_num, verdict.capture_den
        if not whole:
            return Fact(_said(line), figures.count(part))
        return Fact(_said(line), percentage(part, whole), _of(part, whole))
    if line.code == "value":
        places = {"total": figures.count(verdict.total), "n": figures.count(verdict.n)}
        exact = _("exactly: %(total)s / %(n)s millionths") % places
        return Fact(_said(line), f"{figures.decimal(line.value)} {line.unit}", exact)
    if line.code == "uncertainty":
        basis = _("if the measurement is as good as %(basis)s asks; not measured") % {
            "basis": verdict.uncertainty_basis
        }
        return Fact(_("Uncertainty, at most"), f"{figures.decimal(line.value)} {line.unit}", basis)
    return Fact(_said(line), figures.count(int(line.value)))


def _rule(found: Explanation, lines: dict[str, Line]) -> list[Fact]:
    one = found.verdict
    facts = [
        Fact(_("What it is"), f"{look_up('limit_kind', one.kind)}; {look_up('standing', one.standing)}"),
        Fact(_("What is compared"), look_up("statistic", one.statistic)),
        Fact(_("With which number"), f"{figures.decimal(one.limit_text)} {one.unit}"),
    ]
    if one.allowed is not None:
        facts.append(Fact(_("How often it may be above"), figures.count(one.allowed)))
    if one.required_den:
        by = _said(lines["capture-rule"]) if "capture-rule" in lines else ""
        facts.append(Fact(_("How much must be measured"), _least(one), by[:1].lower() + by[1:]))
    dates = [sentence(day) or "…" for day in (found.valid_from, found.valid_to)]
    facts += [
        Fact(_("Source"), found.reference, found.article),
        Fact(_("From – to"), " – ".join(dates)),
        Fact(_("How sure we are of this row"), look_up("status", found.status)),
    ]
    return facts


def _least(verdict: Verdict) -> str:
    return _("at least %(share)s") % {"share": percentage(verdict.required_num, verdict.required_den)}


def _steps(verdict: Verdict, readings: list[str], beside: list[str]) -> list[str]:
    steps = []
    if verdict.required_den and verdict.capture_den:
        places = {"share": percentage(verdict.capture_num, verdict.capture_den), "least": _least(verdict)}
        steps.append(_("Measured is %(share)s. Needed is %(least)s.") % places)
    english = get_language() == "en"
    steps.append(sentence(verdict.reason_en if english else verdict.reason))
    if not verdict.question:
        steps += readings
    steps += beside
    said = wording.outcome(verdict)
    return [*steps, _("So the verdict is: %(outcome)s.") % {"outcome": said.en if english else said.nl}]
