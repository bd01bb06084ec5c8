"""What a page shows of measurements by bureaus beside the company's own: figures, sentences, and two drawings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from goedebuur.core.base.amsterdam import AMSTERDAM
from goedebuur.core.base.sourced import Text
from goedebuur.core.emissions.annual import kilograms
from goedebuur.core.emissions.en14181.criteria import Check, written
from goedebuur.core.emissions.measuring.comparison import Because, Both, Comparison, MassEffect, Verdict
from goedebuur.core.emissions.measuring.comparison import Record as History
from goedebuur.core.emissions.measuring.reports import Report, Sample, moment
from goedebuur.core.emissions.measuring.representing import Stands
from goedebuur.core.emissions.register import MG
from goedebuur.services.control_results import Beside, ControlView, Told
from goedebuur.web import stack_control_plots, stack_verdict_rows, words
from goedebuur.web.permit_rows import spoken
from goedebuur.web.stack_control_plots import LoadPlot, Plot
from goedebuur.web.stack_figures import figure, percent, plus_minus
from goedebuur.web.stack_words import CONTROL_SIDES
from goedebuur.web.templatetags.figures import civil, reported, upfirst

BECAUSE: Final = {
    Because.TOO_FEW: gettext_noop("Are there more measurements at the same time? There are too few to say anything."),
    Because.NO_CONTROL_UNCERTAINTY: gettext_noop(
        "How large is the uncertainty of the bureau? It is not in the report."
    ),
    Because.NO_COMPANY_UNCERTAINTY: gettext_noop("How large is the uncertainty of the company's instrument?"),
    Because.TOO_UNCERTAIN: gettext_noop(
        "Can it be measured more precisely? The uncertainties are so large that a difference would hardly show."
    ),
    Because.SCATTERED: gettext_noop(
        "Why do single measurements differ where the means agree? More of them do than chance explains."
    ),
}
"""What must be answered before anything can be told."""
STANDS: Final = {
    Stands.YES: (gettext_noop("stands for the year"), "meets"),
    Stands.IN_PART: (gettext_noop("stands for part of the year"), "undetermined"),
    Stands.NO: (gettext_noop("does not stand for the year"), "above-guideline"),
    Stands.CANNOT_TELL: (gettext_noop("can't be told"), "undetermined"),
}
"""Whether a measurement stands for the year → words, and the shape of them."""
CHECKS: Final = {
    "ast.variability": gettext_noop("Spread of the differences"),
    "ast.bias": gettext_noop("Mean difference"),
}
BASIS: Final = {
    "qal2": gettext_noop("of the calibration (QAL2) of the instrument before this measurement"),
    "ast": gettext_noop("of the yearly test (AST) of the instrument before this measurement"),
    "limit": gettext_noop("what the law allows at most: no test of the instrument is known"),
}
_POINTED: Final = re.compile(r"(?<=\d)\.(?=\d)")


@dataclass(frozen=True, slots=True)
class PairRow:
    """One partial measurement beside the company."""

    when: str
    bureau: str
    company: str
    e_n: str


@dataclass(frozen=True, slots=True)
class Row:
    """One report.

    Parameters
    ----------
    said
        What the comparison says, in one sentence.
    facts
        Pairs of a label and what is known.
    checks, doubts
        What, value, bound and whether it is met, which decides nothing; and what is not confirmed about them.
    questions
        What a person must answer.
    weighs
        How much it asks to be looked at: the first is open on the page.
    """

    anchor: str
    what: str
    point: str
    when: str
    purpose: str
    verdict: str
    side: str
    said: str
    facts: tuple[tuple[str, str], ...]
    checks: tuple[tuple[str, str, str, str], ...]
    doubts: tuple[str, ...]
    questions: tuple[str, ...]
    pairs: tuple[PairRow, ...]
    plot: Plot | None
    mass: str
    stands: str
    stands_side: str
    stood: str
    load: LoadPlot | None
    unit: str
    outdated: bool
    weighs: int
    leaf: int


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """How the comparisons of one bureau or instrument came out; `code` is what programs call an instrument."""

    name: str
    code: str
    counts: tuple[tuple[str, str, int], ...]
    sides: str
    relative: str
    chance: str


def rows(view: ControlView) -> list[Row]:
    """Return the reports of the year, the last first."""
    return [_row(view, number, one) for number, one in enumerate(view.reports, 1)]


def opened(found: Sequence[Row]) -> str:
    """Return which report is open at first: the first of those that ask most to be looked at."""
    return max(found, key=lambda one: one.weighs).anchor if found else ""


def history(view: ControlView, found: Iterable[History]) -> list[HistoryRow]:
    """Return how comparisons came out, by name of a bureau or an instrument."""
    return [
        HistoryRow(
            _named(view, one.name),
            one.name if one.name in view.streams else "",
            tuple(
                (words.look_up("control_verdict", verdict), CONTROL_SIDES[verdict], number)
                for verdict, number in one.verdicts.items()
                if number
            ),
            _("%(higher)s times higher than the bureau, %(lower)s times lower")
            % {"higher": one.higher, "lower": one.lower},
            "" if one.relative is None else percent(one.relative, signed=True),
            "" if one.by_chance is None or one.higher + one.lower < 2 else percent(one.by_chance),
        )
        for one in found
    ]


def _named(view: ControlView, name: str) -> str:
    stream = view.streams.get(name)
    if stream is None or stream.substance is None:
        return name
    what = stack_verdict_rows.substance(stream.substance.id, stream)
    return f"{upfirst(what)}, {view.points.get(stream.emission_point, stream.emission_point)}"


def table(view: ControlView) -> Iterator[tuple[str, ...]]:
    """Yield the partial measurements of the year as rows of a file: exact text, an empty cell is not known."""
    yield COLUMNS
    for one in reversed(view.reports):
        report, told = one.held.report, one.told
        found = told.comparison if told is not None else None
        each = dict(zip((pair.start for pair in found.pairs), found.each, strict=True)) if found is not None else {}
        of = {pair.start: pair for pair in found.pairs} if found is not None else {}
        for sample in report.samples:
            pair = of.get(moment(sample.start))
            yield (
                *(one.held.id, report.emission_point, report.quantity, str(report.purpose), report.bureau),
                *(report.standard, sample.start, sample.end, report.unit, sample.value, sample.u95),
                "yes" if sample.below_detection else "no",
                told.streams[0] if told is not None and told.streams else "",
                *(
                    _exact(value)
                    for value in (
                        pair.control if pair is not None else None,
                        pair.company if pair is not None else None,
                        pair.u_company if pair is not None else None,
                        each.get(moment(sample.start)),
                    )
                ),
                str(found.verdict) if found is not None else "",
                str(told.stood.stands) if told is not None else "",
            )


COLUMNS: Final = (
    *("report", "emission_point", "substance", "purpose", "bureau", "standard", "start", "end", "unit", "value"),
    *("u95", "below_detection", "stream", "bureau_mg_nm3", "company_mg_nm3", "company_u95_mg_nm3", "e_n"),
    *("verdict", "stands_for_year"),
)


def _exact(value: Fraction | None) -> str:
    return "" if value is None else written(value, 9)


def _row(view: ControlView, number: int, one: Beside) -> Row:
    report, told = one.held.report, one.told
    found = told.comparison if told is not None else None
    verdict = found.verdict if found is not None else Verdict.CANNOT_TELL
    stands, side = STANDS[told.stood.stands if told is not None else Stands.CANNOT_TELL]
    unit, point = "mg/Nm³", view.points.get(report.emission_point, report.emission_point)
    return Row(
        anchor=f"meting-{number}",
        what=upfirst(stack_verdict_rows.substance(report.substance.id, None) or report.substance.name),
        point=upfirst(point),
        when=_days(report),
        purpose=words.look_up("report_purpose", report.purpose),
        verdict=words.look_up("control_verdict", verdict) if told is not None else _("not compared yet"),
        side=CONTROL_SIDES[verdict],
        said=_said(found, unit) if found is not None else "",
        facts=tuple(_facts(view, one)),
        checks=tuple(_check(each, unit) for each in found.checks) if found is not None else (),
        doubts=tuple(dict.fromkeys(spoken(one) for each in found.checks for one in each.questions)) if found else (),
        questions=tuple(one.replace(report.emission_point, point) for one in _questions(told)),
        pairs=tuple(_pair(pair, e_n) for pair, e_n in zip(found.pairs, found.each, strict=True)) if found else (),
        plot=stack_control_plots.pairs(found, unit) if found is not None and found.pairs else None,
        mass=_mass(told.mass) if told is not None and told.mass is not None else "",
        stands=_(stands),
        stands_side=side,
        stood=_sentence(told.stood.sentence) if told is not None else "",
        load=stack_control_plots.load(told.stood, report.load_unit)
        if told is not None and told.stood.classes
        else None,
        unit=unit,
        outdated=one.outdated,
        weighs=2 * (verdict is Verdict.DIFFERS) + (told is not None and told.stood.stands is Stands.NO),
        leaf=one.held.leaf,
    )


def _days(report: Report) -> str:
    first, last = (one.astimezone(AMSTERDAM).date() for one in (report.first, report.last))
    if first == last:
        return str(formats.date_format(first, "j F Y"))
    return _("%(first)s to %(last)s") % {
        "first": formats.date_format(first, "j F Y"),
        "last": formats.date_format(last, "j F Y"),
    }


def _said(found: Comparison, unit: str) -> str:
    """Return what both measured, and what the difference comes to."""
    if found.control is None or found.company is None:
        return ""
    both = _("The bureau measured %(bureau)s %(unit)s, the company %(company)s %(unit)s.") % {
        "bureau": plus_minus(found.control, found.u_control),
        "company": plus_minus(found.company, found.u_company),
        "unit": unit,
    }
    if found.relative is None or found.bias is None:
        return both
    part = percent(abs(found.relative))
    side = (
        _("The company measured %(part)s %% higher.")
        if found.bias > 0
        else _("The company measured %(part)s %% lower.")
        if found.bias < 0
        else _("They measured the same.")
    ) % {"part": part}
    return f"{both} {side} {_meant(found)}".strip()


def _meant(found: Comparison) -> str:
    if found.verdict is Verdict.DIFFERS:
        return _(
            "That is more than both uncertainties together explain: one of the two does not measure what is there."
        )
    if found.verdict is Verdict.EQUIVALENT:
        return _("That fits within both uncertainties together.")
    return _("Whether that is a difference can't be told.")


def _facts(view: ControlView, one: Beside) -> Iterator[tuple[str, str]]:
    report, told = one.held.report, one.told
    bureau = f"{report.bureau} ({report.accreditation})" if report.accreditation else report.bureau
    yield _("Bureau"), bureau if one.held.signed else _("%(bureau)s; the report is not signed") % {"bureau": bureau}
    yield _("Method"), report.standard
    if told is not None and told.streams:
        yield _("Instrument of the company"), ", ".join(_instrument(view, name) for name in told.streams)
    yield _("Hours"), "; ".join(_hours(sample) for sample in report.samples)
    loads = [f"{words.figures(sample.load)} {report.load_unit}" for sample in report.samples if sample.load]
    if loads:
        yield _("Load while measuring"), ", ".join(loads)
    fuels = dict.fromkeys(sample.fuel for sample in report.samples if sample.fuel)
    if fuels:
        yield _("Fuel"), ", ".join(fuels)
    states = dict.fromkeys(sample.state for sample in report.samples if sample.state)
    if states:
        yield _("State of the plant"), ", ".join(words.look_up("filled_state", name) for name in states)
    if told is None or told.comparison is None:
        values = ", ".join(_value(sample) for sample in report.samples)
        yield _("Measured by the bureau"), f"{values} {report.unit}"
        return
    found = told.comparison
    if found.e_n is not None:
        yield _("E_n (differs above 1 or under −1)"), figure(found.e_n, 2)
    if found.relative_accuracy is not None:
        yield _("Relative accuracy"), f"{percent(found.relative_accuracy)} %"
    if told.basis:
        yield _("Uncertainty of the company"), _(BASIS[told.basis])
    if told.unmatched:
        yield (
            _("Left out"),
            ngettext(
                "%(n)d measurement, of which the company has no valid average over the whole time",
                "%(n)d measurements, of which the company has no valid average over the whole time",
                told.unmatched,
            )
            % {"n": told.unmatched},
        )


def _instrument(view: ControlView, name: str) -> str:
    stream = view.streams.get(name)
    return f"{stream.instrument} ({name})" if stream is not None and stream.instrument else name


def _hours(sample: Sample) -> str:
    start, end = moment(sample.start), moment(sample.end)
    first, last = civil(start), civil(end)
    return f"{first}–{last[11:]}" if first[:10] == last[:10] else f"{first} – {last}"


def _value(sample: Sample) -> str:
    told = words.figures(sample.value)
    if sample.below_detection:
        return _("nothing found (under %(value)s)") % {"value": told}
    return f"{told} ± {words.figures(sample.u95)}" if sample.u95 else told


def _check(one: Check, unit: str) -> tuple[str, str, str, str]:
    met = _("not known") if one.met is None else _("within it") if one.met else _("beyond it")
    value, bound = ("" if number is None else f"{figure(number)} {unit}" for number in (one.value, one.bound))
    return _(CHECKS[one.id]), value, bound, met


def _questions(told: Told | None) -> Iterator[str]:
    if told is None:
        return
    for one in told.questions:
        yield spoken(one)
    if told.comparison is not None:
        asked = {one.nl for one in told.questions}
        for because in told.comparison.because:
            if because is not Because.NO_COMPANY_UNCERTAINTY or not asked:
                yield _(BECAUSE[because])


def _pair(one: Both, e_n: Fraction | None) -> PairRow:
    return PairRow(
        f"{civil(one.start)}–{civil(one.end)[11:]}",
        plus_minus(one.control, one.u_control),
        plus_minus(one.company, one.u_company),
        "" if e_n is None else figure(e_n, 2),
    )


def _mass(found: MassEffect) -> str:
    told = {name: reported(_kilograms(getattr(found, name))) for name in ("reported", "by_control", "low", "high")}
    if found.within:
        return (
            _(
                "In the hours that were measured in this year the company's own averages add up to %(reported)s kg."
                " If the difference held in all of them, it would be %(by_control)s kg, from %(low)s to %(high)s kg:"
                " its own figure lies in that range."
            )
            % told
        )
    return (
        _(
            "In the hours that were measured in this year the company's own averages add up to %(reported)s kg."
            " If the difference held in all of them, it would be %(by_control)s kg, from %(low)s to %(high)s kg:"
            " its own figure lies outside that range."
        )
        % told
    )


def _kilograms(value: Fraction) -> str:
    return kilograms(int(value * MG))


def _sentence(text: Text) -> str:
    """Return a sentence with the decimal sign of the language; it has no other point between two digits."""
    said = spoken(text)
    return said if said == text.en else _POINTED.sub(",", said)
