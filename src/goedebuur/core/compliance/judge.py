"""Turn figures into verdicts: every open reading must agree, every row must be confirmed, or a person is asked.

A count that is over its allowance stays over with more data, and a mean that is over with each missing hour at zero
stays over too: these exceed in spite of gaps. Nothing else is said where too little was measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from goedebuur.core.base.exact import as_text, round_half_away
from goedebuur.core.base.quantities import MICRO, ratio
from goedebuur.core.base.receipts import Receipt
from goedebuur.core.base.sourced import Text
from goedebuur.core.compliance import families as fg
from goedebuur.core.compliance import wording
from goedebuur.core.compliance.families import Counted
from goedebuur.core.compliance.readings import SUBJECTS, Case, Reading, Side, readings
from goedebuur.core.compliance.rows import Effect, Guideline, Limit, Measure, Rule, RuleBook, Statistic
from goedebuur.core.compliance.scope import counted_part, held_from_to, standing
from goedebuur.core.compliance.verdicts import Outcome, Standing, Verdict

Reason = tuple[str, Text]


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What all readings of a rule together come to for one series.

    Parameters
    ----------
    side
        On which all come out; None: undetermined.
    code, question
        Why, and what a person must answer; no question without one.
    found
        All readings.
    shown
        The one that the verdict and its explanation show; None without any.
    """

    side: Side | None
    code: str
    question: Text
    found: tuple[Reading, ...]
    shown: Reading | None


def judge(figures: Counted, rules: Iterable[Rule], book: RuleBook, receipt: Receipt | None = None) -> list[Verdict]:
    """Return one verdict for each series with figures and each rule on its quantity, by series and rule.

    Parameters
    ----------
    figures
        Of one quantity and year.
    rules
        Those on other quantities are passed over.
    book
        The rule book that the rules come from: rounding, ranks, reservations.
    receipt
        Goes with each verdict.
    """
    concerned = [rule for rule in rules if rule.measure.quantity == figures.quantity]
    concerned = [rule for rule in concerned if rule.measure.statistic is not Statistic.EXPOSURE_INDEX]
    return [verdict(Case(rule, series, figures, book), receipt) for series in figures.series for rule in concerned]


def concluded(case: Case) -> Conclusion:
    """Return what all readings of a rule come to for a series, and which of them is shown.

    That is the one on which the outcome turns: where they differ, of the two that differ by one choice the one that
    keeps from a verdict; where they agree in spite of gaps, one with gaps.
    """
    found = tuple(readings(case))
    side, code, question = conclude(case, found)
    shown = found[0] if found else None
    turning = _turning(found) if code == "readings-differ" else None
    candidates = found if side is not None else turning[1:] if turning is not None else ()
    shown = next((reading for reading in candidates if not reading.enough), candidates[0] if candidates else shown)
    return Conclusion(side, code, question, found, shown)


def verdict(case: Case, receipt: Receipt | None = None) -> Verdict:
    """Return the verdict of one rule on one series."""
    return verdict_of(case, concluded(case), receipt)


def verdict_of(case: Case, conclusion: Conclusion, receipt: Receipt | None = None) -> Verdict:
    """Return the verdict that a conclusion is."""
    rule, measure = case.rule, case.rule.measure
    side, code, question = conclusion.side, conclusion.code, conclusion.question
    found, shown = conclusion.found, conclusion.shown
    strictest = max((r.required for r in found), key=lambda share: Fraction(*share), default=None)
    reason = wording.REASONS[code].format(**_places(case, shown, strictest))
    reservations = _reservations(case, side)
    return Verdict(
        series=case.series,
        station=case.series.rpartition(".")[0].rpartition(".")[0],
        quantity=measure.quantity,
        year=case.figures.year,
        limit_id=rule.id,
        set=rule.set,
        kind=str(rule.kind if isinstance(rule, Limit) else rule.level),
        statistic=str(measure.statistic),
        standing=standing(rule, case.figures.year),
        outcome=_outcome(rule, side),
        reason_code=code,
        reason=reason.nl,
        reason_en=reason.en,
        value_text=value_text(shown.total, shown.n, measure) if shown else "",
        limit_text=measure.value,
        unit=measure.unit,
        exceedances=shown.exceedances if shown else None,
        allowed=shown.allowed if shown else None,
        capture_num=shown.measured if shown else 0,
        capture_den=shown.expected if shown else 0,
        required_num=strictest[0] if strictest else 0,
        required_den=strictest[1] if strictest else 0,
        total=shown.total if shown else 0,
        n=shown.n if shown else 0,
        question=question.nl,
        question_en=question.en,
        reservations=tuple(text.nl for text in reservations),
        reservations_en=tuple(text.en for text in reservations),
        receipt=receipt,
        **_uncertainty(case, shown),
    )


def _uncertainty(case: Case, shown: Reading | None) -> dict[str, str]:
    """Return what the directive's data quality objective admits around a year's mean; nothing for other statistics."""
    measure = case.rule.measure
    objective = case.book.objective(measure.quantity)
    if shown is None or not shown.n or objective is None or objective.at is None:
        return {}
    if measure.statistic is not Statistic.YEAR_MEAN or not objective.status.decides:
        return {}
    from goedebuur.core.compliance import quality  # needs numpy, which a checker at home has not

    num, den = ratio(measure.quantity, measure.unit)
    text = quality.admitted(objective, shown.total, shown.n, Fraction(den, num * MICRO), measure.decimals + 1)
    return {"uncertainty_text": text, "uncertainty_basis": objective.article}


def conclude(case: Case, found: Sequence[Reading]) -> tuple[Side | None, str, Text]:
    """Return the side on which all readings come out (None: undetermined), the reason code, and the question."""
    rule, capture = case.rule, case.capture
    if rule.measure.statistic in fg.STEPS and not found:
        return None, "steps-too-long", Text()
    if not found:
        return None, "nothing-valid", Text()
    if not rule.status.decides:
        return None, "row-not-confirmed", rule.question
    if rule.question:
        return None, "question-open", rule.question
    if not capture.status.decides:
        return None, "capture-not-confirmed", capture.question
    sides = {reading.side for reading in found}
    if len(sides) > 1:
        return None, "readings-differ", _choice(case, found)
    side = sides.pop()
    if side is Side.LOW:
        return _too_little(case, found)
    season = rule.measure.statistic is Statistic.PEAK_SEASON
    if season and not all(reading.enough or reading.proven for reading in found):
        return side, "season-above", Text()
    words = "above" if side is Side.OVER else "not-above"
    if not all(reading.enough for reading in found):
        words += "-despite-gaps"
    return side, f"{_family(rule.measure)}-{words}", Text()


def value_text(total: int, n: int, measure: Measure) -> str:
    """Return the mean total / n in the unit of the rule, with one decimal more than the rule; empty without a mean."""
    if not n:
        return ""
    num, den = ratio(measure.quantity, measure.unit)
    decimals = measure.decimals + 1
    return as_text(round_half_away(total * den, n * num, decimals), decimals)


def _too_little(case: Case, found: Sequence[Reading]) -> tuple[None, str, Text]:
    capture = case.capture
    if case.rule.measure.statistic is Statistic.PEAK_SEASON:
        return None, "season-incomplete", Text()
    if capture.maintenance is not None:
        lost = Fraction(*capture.maintenance)
        if all(Fraction(r.measured, r.expected) >= Fraction(*r.required) - lost for r in found):
            return None, "capture-maintenance", capture.question
    return None, "capture-low", Text()


def _choice(case: Case, found: Sequence[Reading]) -> Text:
    """Return the question about the first subject on which alone the outcome turns."""
    turning = _turning(found)
    return case.capture.question if turning is None else _question(case, turning[0])


def _turning(found: Sequence[Reading]) -> tuple[str, Reading, Reading] | None:
    """Return the first subject on which alone an outcome turns, with two readings that differ in nothing else."""
    for subject in SUBJECTS:
        for a in found:
            for b in found:
                if a.differs(b) == {subject} and a.side is not b.side:
                    return subject, a, b
    return None


def _question(case: Case, subject: str) -> Text:
    for rule in case.book.concerning(case.rule, Effect.READINGS):
        if rule.id == subject:
            return rule.text
    return case.capture.question


def _family(measure: Measure) -> str:
    if measure.statistic in (Statistic.YEAR_MEAN, Statistic.WINTER_MEAN, Statistic.PEAK_SEASON):
        return "mean"
    return "percentile" if measure.statistic.endswith("_percentile") else "count"


def _outcome(rule: Rule, side: Side | None) -> Outcome:
    if side is None:
        return Outcome.UNDETERMINED
    if isinstance(rule, Guideline):
        return Outcome.ABOVE_GUIDELINE if side is Side.OVER else Outcome.WITHIN_GUIDELINE
    return Outcome.EXCEEDS if side is Side.OVER else Outcome.MEETS


def _reservations(case: Case, side: Side | None) -> list[Text]:
    """Return what must be said along: not statutory, standing, the row's own, deductions with an exceedance."""
    rule, year = case.rule, case.figures.year
    said = [note.text for note in case.book.concerning(rule, Effect.NOTE) if note.id == "not-statutory"]
    first = rule.published if isinstance(rule, Guideline) else rule.valid_from
    last = rule.valid_to if isinstance(rule, Limit) else None
    stands = standing(rule, year)
    if stands is Standing.PART_OF_YEAR:
        first, last = held_from_to(rule, year)
    sentence = wording.STANDING_SENTENCES.get("counted_part" if counted_part(rule, year) else stands)
    if sentence is not None:
        said.append(sentence.format(year=year, first=first.isoformat(), last=last.isoformat() if last else "-"))
    if isinstance(rule, Limit) and rule.reservation:
        said.append(rule.reservation)
    if side is Side.OVER:
        said += [found.text for found in case.book.concerning(rule, Effect.RESERVATION)]
    return said


def _places(case: Case, shown: Reading | None, strictest: tuple[int, int] | None) -> dict[str, object]:
    measure = case.rule.measure
    places: dict[str, object] = {
        "limit": measure.value,
        "unit": measure.unit,
        "status": str(case.capture.status if case.rule.status.decides else case.rule.status),
        "minutes": fg.STEPS.get(measure.statistic, 0) // 60,
        "required": f"{strictest[0]}/{strictest[1]}" if strictest else "",
    }
    if shown is None:
        return places | {"value": "", "exceedances": 0, "allowed": 0, "capture": 0, "expected": 0}
    return places | {
        "value": value_text(shown.total, shown.n, measure),
        "exceedances": shown.exceedances,
        "allowed": shown.allowed,
        "capture": shown.measured,
        "expected": shown.expected,
    }
