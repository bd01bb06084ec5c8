"""One verdict taken apart, line by line: what was measured, what counted, which rule, what was left out.

The hours and days come from the same expressions as the figures (:mod:`figures`), for one series.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import ibis
import polars as pl

from goedebuur.core.base.flags import DOUBTFUL
from goedebuur.core.base.periods import zone
from goedebuur.core.base.sourced import Text
from goedebuur.core.compliance import families, reading_lines, scope, wording
from goedebuur.core.compliance import figures as fg
from goedebuur.core.compliance.families import Base
from goedebuur.core.compliance.figures import Keep
from goedebuur.core.compliance.judge import value_text
from goedebuur.core.compliance.readings import Reading
from goedebuur.core.compliance.rows import Effect, Guideline, Limit, Measure, Rule, RuleBook, Statistic
from goedebuur.core.compliance.verdicts import Explanation, Item, Line, Verdict
from goedebuur.core.measurements import averaging
from goedebuur.core.measurements.averaging import clocks

MOST_ITEMS: Final = 2000
"""So many hours or days are listed at most; the lines give the number of all."""
NO_ARTICLE: Final = "none found"
"""What the table of required data says where the text names no share."""
NOT_COMPARED: Final = frozenset(
    {"nothing-valid", "steps-too-long", "row-not-confirmed", "capture-not-confirmed", "question-open"}
)
"""Reasons with which the readings were not held against each other."""
BY_DAY: Final = families.MAXIMA | {Statistic.DAYS_ABOVE, Statistic.DAY_PERCENTILE, Statistic.PEAK_SEASON}
"""Statistics that are made of days."""
DAYS_OF_A_YEAR: Final = (365, 366)
DOUBTFUL_VALUES: Final = Text(
    "Twijfelachtige waarden: door onze controles gemerkt, tellen wel mee",
    "Doubtful values: marked by our checks, and counted",
)
UNKNOWN_UNCERTAINTY: Final = Text(
    "Onzekerheid niet bekend: de leverancier gaf er geen, en de tabel met kwaliteitseisen noemt er hier geen",
    "Uncertainty not known: the supplier gave none, and the table of data quality objectives names none here",
)
TOO_FEW: Final = (
    Text("Uren met te weinig waarden", "Hours with too few values"),
    Text("Dagen met te weinig waarden", "Days with too few values"),
)
"""Of hours, of days."""
NOT_ANY: Final = (
    Text("Uren zonder enige waarde", "Hours without any value"),
    Text("Dagen zonder enige waarde", "Days without any value"),
)


def expressions(t: Any, rule: Rule, year: int, shown: Reading | None, keep: Keep = fg.as_it_is) -> dict[str, Any]:
    """Return what the explanation of one series lists, as Ibis expressions.

    `above` and `left_out` list hours or days, `present` counts them, `received` and `usable` count rows.

    Parameters
    ----------
    t
        Observations of one series over :func:`figures.span`: series, quantity, start, step, micro, flags.
    rule, year
        As judged.
    shown
        The reading that the verdict shows: the lists are of the same.
    keep
        As in :func:`figures.expressions`.
    """
    measure, clock = rule.measure, rule.measure.clock
    h = keep(averaging.hours(t, Base.of(measure).hour))
    values, label = _values(t, h, rule, year, shown)
    values = values.filter(fg.within(values, scope.counted_part(rule, year), clock))
    values = values.select(label, "total", "n", "measured", "expected", enough=values.enough.cast("int64"))
    good = values.filter(values.enough == 1)
    found: dict[str, Any] = {"left_out": values.filter(values.enough == 0).order_by(label).limit(MOST_ITEMS)}
    found["present"] = values.agg(number=values.count().cast("int64"), enough=values.enough.sum().cast("int64")).mutate(
        what=ibis.literal("values")
    )
    if measure.statistic not in (Statistic.YEAR_MEAN, Statistic.WINTER_MEAN, Statistic.PEAK_SEASON):
        rounded = shown is not None and shown.choices.get("rounding") == "rounded"
        over = good.filter(families.is_above(good.total, good.n, measure, rounded=rounded))
        found["above"] = over.order_by(label).limit(MOST_ITEMS)
    begin, end = (clocks.first_hour(date(at, 1, 1), clock) for at in (year, year + 1))
    hour = clocks.hour_of(t.start)
    inside = t.filter(hour >= begin, hour < end)
    usable = averaging.means.usable(inside)
    found["received"] = inside.agg(
        rows=inside.count().cast("int64"), values=inside.micro.notnull().cast("int64").sum().cast("int64")
    ).mutate(what=ibis.literal("rows"))
    doubtful = ((usable.flags.cast("int64") & int(DOUBTFUL)) != 0).cast("int64")
    found["usable"] = usable.agg(rows=usable.count().cast("int64"), doubtful=doubtful.sum().cast("int64")).mutate(
        what=ibis.literal("usable")
    )
    return found


def _values(t: Any, h: Any, rule: Rule, year: int, shown: Reading | None) -> tuple[Any, str]:
    """Return the hours, days or day maxima that the statistic is made of, with whether each counts."""
    measure, clock, capture = rule.measure, rule.measure.clock, rule.measure.capture
    if measure.statistic in families.MAXIMA or measure.statistic is Statistic.PEAK_SEASON:
        daily = averaging.in_years(fg.maxima(h, measure), clock, [year])
        factor = averaging.common_multiple(scope.WIDTH)
        return daily.mutate(n=daily.total * 0 + factor, measured=daily.windows, enough=daily.valid), "day"
    if measure.statistic in (Statistic.DAYS_ABOVE, Statistic.DAY_PERCENTILE) and capture is not None:
        daily = averaging.in_years(fg.all_days(t, h, clock), clock, [year])
        share = (shown.share_of_day() if shown is not None else None) or capture.day[0]
        return daily.mutate(measured=daily.n, enough=fg.enough(daily, share)), "day"
    if measure.statistic is Statistic.WINTER_MEAN:
        begin, end = scope.winter(year, clock)
        hourly = h.filter(h.hour >= begin, h.hour < end)
    else:
        hourly = averaging.in_years(h, clock, [year])
    return hourly.mutate(measured=hourly.n, enough=hourly.valid), "hour"


def explain(
    verdict: Verdict,
    rule: Rule,
    book: RuleBook,
    details: dict[str, pl.DataFrame],
    found: Sequence[Reading] = (),
    shown: Reading | None = None,
) -> Explanation:
    """Return the explanation of a verdict from the tables of :func:`expressions`.

    Parameters
    ----------
    found, shown
        All readings of the rule, and the one that the verdict shows.
    """
    counted = _items(details.get("above", pl.DataFrame()), rule.measure, "above")
    left_out = _items(details["left_out"], rule.measure, "left_out")
    if verdict.reason_code == "steps-too-long":  # the hours say nothing of this rule
        counted = left_out = ()
    lines = _lines(verdict, rule, book, Numbers.of(details, verdict, rule))
    at = next(i for i, line in enumerate(lines) if line.code == "outcome")
    lines[at:at] = reading_lines.lines(found, shown, rule.measure)
    return Explanation(
        verdict=verdict,
        reference=rule.reference,
        article=rule.article,
        status=str(rule.status),
        valid_from=(rule.published if isinstance(rule, Guideline) else rule.valid_from).isoformat(),
        valid_to=rule.valid_to.isoformat() if isinstance(rule, Limit) and rule.valid_to else "",
        lines=tuple(lines),
        counted=counted,
        left_out=left_out,
    )


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many rows, values and hours or days there are in the year; None where they say nothing of the rule."""

    rows: int
    values: int
    usable: int
    doubtful: int
    left_out: int | None
    absent: int | None
    by_day: bool

    @classmethod
    def of(cls, details: dict[str, pl.DataFrame], verdict: Verdict, rule: Rule) -> Numbers:
        """Return the numbers in the tables of :func:`expressions`."""
        received, usable, present = (
            details[name].row(0, named=True) if details[name].height else {}
            for name in ("received", "usable", "present")
        )
        measure, number = rule.measure, present.get("number") or 0
        left_out: int | None = number - (present.get("enough") or 0)
        by_day = measure.statistic in BY_DAY
        absent: int | None = _length(rule, verdict.year) - number
        if measure.statistic in families.STEPS:
            left_out = absent = None
        elif measure.statistic is Statistic.YEAR_MEAN and verdict.capture_den in DAYS_OF_A_YEAR:
            by_day, left_out, absent = True, 0, verdict.capture_den - verdict.capture_num
        return cls(
            received.get("rows") or 0,
            received.get("values") or 0,
            usable.get("rows") or 0,
            usable.get("doubtful") or 0,
            left_out,
            absent,
            by_day,
        )

    def lines(self) -> list[Line]:
        """Return the lines that give them."""
        values = [
            ("rows", Text("Rijen in het register over dit jaar", "Rows in the record for this year"), self.rows),
            ("without-value", Text("Zonder waarde (ingetrokken)", "Without a value (withdrawn)"), self.without),
            ("unusable", Text("Door de leverancier afgekeurd", "Marked as invalid by the supplier"), self.unusable),
            ("usable", Text("Waarden die meetellen", "Values that count"), self.usable),
            ("doubtful", DOUBTFUL_VALUES, self.doubtful),
            ("left-out", TOO_FEW[self.by_day], self.left_out),
            ("absent", NOT_ANY[self.by_day], self.absent),
        ]
        return [Line(code, text, str(number)) for code, text, number in values if number is not None]

    @property
    def without(self) -> int:
        """Return the rows without a value."""
        return self.rows - self.values

    @property
    def unusable(self) -> int:
        """Return the values that do not count."""
        return self.values - self.usable


def _length(rule: Rule, year: int) -> int:
    """Return how many hours or days the part of the year has of which the statistic is made."""
    if rule.measure.statistic is Statistic.WINTER_MEAN:
        begin, end = scope.winter(year, rule.measure.clock)
        return end - begin
    return scope.days_counted(rule, year) if rule.measure.statistic in BY_DAY else scope.hours_counted(rule, year)


def _lines(verdict: Verdict, rule: Rule, book: RuleBook, numbers: Numbers) -> list[Line]:
    measure, capture = rule.measure, rule.measure.capture
    lines = [
        *numbers.lines(),
        Line("statistic", wording.STATISTICS[measure.statistic]),
        Line("capture", _capture_text(verdict), f"{verdict.capture_num}/{verdict.capture_den}"),
    ]
    if verdict.required_den:
        required = f"{verdict.required_num}/{verdict.required_den}"
        lines.append(Line("required", Text("Vereist deel", "Required part"), required))
    if capture is not None and capture.article not in ("", NO_ARTICLE):
        status = wording.STATUSES[capture.status]
        by = Text(f"Volgens {capture.article}, {status.nl}", f"By {capture.article}, {status.en}")
        lines.append(Line("capture-rule", by))
    if verdict.value_text:
        lines.append(Line("value", Text("Berekende waarde", "Computed value"), verdict.value_text, verdict.unit))
        lines.append(
            Line(
                "exact",
                Text("Exact: som / aantal, in miljoensten", "Exactly: sum / number, in millionths"),
                f"{verdict.total}/{verdict.n}",
            )
        )
    if verdict.value_text or verdict.exceedances is not None:
        lines.append(_uncertainty_line(verdict, book))
    if verdict.exceedances is not None:
        lines.append(
            Line("exceedances", Text("Keren boven de waarde", "Times above the value"), str(verdict.exceedances))
        )
        lines.append(Line("allowed", Text("Toegestaan", "Allowed"), str(verdict.allowed)))
    lines.append(Line("limit", wording.KINDS[verdict.kind], measure.value, measure.unit))
    notes = book.concerning(rule, Effect.NOTE)
    lines += [Line(f"rule-{found.id}", found.text) for found in notes if found.id != "not-statutory"]
    lines += _reading_lines(verdict, rule, book)
    lines.append(Line("outcome", wording.outcome(verdict)))
    lines.append(Line("reason", Text(verdict.reason, verdict.reason_en)))
    if verdict.question:
        lines.append(Line("question", Text(verdict.question, verdict.question_en)))
    pairs = zip(verdict.reservations, verdict.reservations_en, strict=True)
    return [*lines, *(Line("reservation", Text(nl, en)) for nl, en in pairs)]


def _uncertainty_line(verdict: Verdict, book: RuleBook) -> Line:
    if not verdict.uncertainty_text:
        return Line("uncertainty-unknown", UNKNOWN_UNCERTAINTY)
    objective = book.objective(verdict.quantity)
    status = wording.STATUSES[objective.status] if objective is not None else Text()
    basis = verdict.uncertainty_basis
    text = Text(
        f"Onzekerheid, ten hoogste, als de meting voldoet aan de kwaliteitseis van {basis} (niet gemeten; "
        f"eis: {status.nl})",
        f"Uncertainty, at most, if the measurement meets the data quality objective of {basis} (not measured; "
        f"objective: {status.en})",
    )
    return Line("uncertainty", text, f"± {verdict.uncertainty_text}", verdict.unit)


def _reading_lines(verdict: Verdict, rule: Rule, book: RuleBook) -> list[Line]:
    """Return the open readings: as a question where the outcome turns on it, else that it does not."""
    lines = []
    for found in book.concerning(rule, Effect.READINGS):
        if found.id == "percentile-rank" and not verdict.statistic.endswith("_percentile"):
            continue
        if verdict.question:
            text = found.text if found.text.nl == verdict.question else Text()
        else:
            text = Text() if verdict.reason_code in NOT_COMPARED else wording.SAME_EITHER_WAY.get(found.id, Text())
        if text:
            lines.append(Line(f"rule-{found.id}", text))
    return lines


def _capture_text(verdict: Verdict) -> Text:
    names = {
        "hours": Text("Uren met een geldige waarde", "Hours with a valid value"),
        "days": Text("Dagen met een geldig gemiddelde", "Days with a valid mean"),
        "samples": Text("Dagen met een monster van 24 uur", "Days with a sample of 24 hours"),
        "maxima": Text("Dagen met een geldig hoogste 8-uursgemiddelde", "Days with a valid maximum 8-hour mean"),
        "months": Text("Zomermaanden met genoeg metingen", "Summer months with enough measurements"),
        "years": Text("Jaren met genoeg metingen", "Years with enough measurements"),
    }
    if verdict.statistic == Statistic.DAY_MAX_8H_ABOVE_YEARS:
        return names["years"]
    if verdict.statistic in families.MAXIMA:
        return names["months"] if verdict.capture_den == 6 else names["maxima"]
    if verdict.statistic == Statistic.PEAK_SEASON:
        return names["maxima"]
    if verdict.statistic == Statistic.YEAR_MEAN and verdict.capture_den in DAYS_OF_A_YEAR:  # samples of 24 hours
        return names["samples"]
    return names["days"] if verdict.statistic in (Statistic.DAYS_ABOVE, Statistic.DAY_PERCENTILE) else names["hours"]


def _items(table: pl.DataFrame, measure: Measure, why: str) -> tuple[Item, ...]:
    if table.is_empty():
        return ()
    by_day = "day" in table.columns
    return tuple(
        Item(
            start=_day(row["day"]) if by_day else _hour(row["hour"], measure),
            value_text=value_text(row["total"], row["n"], measure),
            n=row["measured"],
            expected=row["expected"],
            why=why,
        )
        for row in table.iter_rows(named=True)
    )


def _day(number: int) -> str:
    return (clocks.EPOCH_DAY + timedelta(days=number)).isoformat()


def _hour(number: int, measure: Measure) -> str:
    moment = datetime.fromtimestamp(number * clocks.HOUR, tz=zone(measure.clock))
    return moment.isoformat(timespec="minutes")


__all__: Sequence[str] = ["explain", "expressions"]
