"""One verdict taken apart, line by line: what was measured, what counted, which rule, what was left out.

The hours and days come from the same expressions as the figures (:mod:`figures`), for one series.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

import ibis
import polars as pl

from goedebuur.core.base.periods import zone
from goedebuur.core.compliance import figures as fg
from goedebuur.core.compliance import scope, wording
from goedebuur.core.compliance.figures import Base, Keep
from goedebuur.core.compliance.judge import value_text
from goedebuur.core.compliance.rows import Effect, Guideline, Limit, Measure, Rule, RuleBook, Statistic, Text
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
DETAIL: Final = ("above", "left_out", "received")


def expressions(t: Any, rule: Rule, year: int, keep: Keep = fg.as_it_is) -> dict[str, Any]:
    """Return what the explanation of one series lists, as Ibis expressions: `above`, `left_out`, `received`.

    Parameters
    ----------
    t
        Observations of one series over :func:`figures.span`: series, quantity, start, step, micro, flags.
    rule, year
        As judged.
    keep
        As in :func:`figures.expressions`.
    """
    measure, clock = rule.measure, rule.measure.clock
    h = keep(averaging.hours(t, Base.of(measure).hour))
    values, label = _values(t, h, rule, year)
    values = values.filter(fg.within(values, scope.counted_part(rule, year), clock))
    values = values.select(label, "total", "n", "measured", "expected", enough=values.enough.cast("int64"))
    good = values.filter(values.enough == 1)
    found: dict[str, Any] = {"left_out": values.filter(values.enough == 0).order_by(label).limit(MOST_ITEMS)}
    if measure.statistic not in (Statistic.YEAR_MEAN, Statistic.WINTER_MEAN, Statistic.PEAK_SEASON):
        over = good.filter(fg.is_above(good.total, good.n, measure, rounded=False))
        found["above"] = over.order_by(label).limit(MOST_ITEMS)
    begin, end = (clocks.first_hour(date(at, 1, 1), clock) for at in (year, year + 1))
    hour = clocks.hour_of(t.start)
    inside = t.filter(hour >= begin, hour < end)
    usable = averaging.means.usable(inside)
    found["received"] = inside.agg(
        rows=inside.count().cast("int64"), values=inside.micro.notnull().cast("int64").sum().cast("int64")
    ).mutate(what=ibis.literal("rows"))
    found["usable"] = usable.agg(rows=usable.count().cast("int64"))
    return found


def _values(t: Any, h: Any, rule: Rule, year: int) -> tuple[Any, str]:
    """Return the hours, days or day maxima that the statistic is made of, with whether each counts."""
    measure, clock, capture = rule.measure, rule.measure.clock, rule.measure.capture
    if measure.statistic in fg.MAXIMA or measure.statistic is Statistic.PEAK_SEASON:
        daily = averaging.in_years(fg.maxima(h, measure), clock, [year])
        factor = averaging.common_multiple(scope.WIDTH)
        return daily.mutate(n=daily.total * 0 + factor, measured=daily.windows, enough=daily.valid), "day"
    if measure.statistic in (Statistic.DAYS_ABOVE, Statistic.DAY_PERCENTILE) and capture is not None:
        daily = averaging.in_years(fg.all_days(t, h, clock), clock, [year])
        return daily.mutate(measured=daily.n, enough=fg.enough(daily, capture.day[0])), "day"
    if measure.statistic is Statistic.WINTER_MEAN:
        begin, end = scope.winter(year, clock)
        hourly = h.filter(h.hour >= begin, h.hour < end)
    else:
        hourly = averaging.in_years(h, clock, [year])
    return hourly.mutate(measured=hourly.n, enough=hourly.valid), "hour"


def explain(verdict: Verdict, rule: Rule, book: RuleBook, details: dict[str, pl.DataFrame]) -> Explanation:
    """Return the explanation of a verdict from the tables of :func:`expressions`."""
    received = details["received"].row(0, named=True) if details["received"].height else {"rows": 0, "values": 0}
    usable = details["usable"].item() if details["usable"].height else 0
    counted = _items(details.get("above", pl.DataFrame()), rule.measure, "above")
    left_out = _items(details["left_out"], rule.measure, "left_out")
    if verdict.reason_code == "steps-too-long":  # the hours say nothing of this rule
        counted = left_out = ()
    return Explanation(
        verdict=verdict,
        reference=rule.reference,
        article=rule.article,
        status=str(rule.status),
        valid_from=(rule.published if isinstance(rule, Guideline) else rule.valid_from).isoformat(),
        valid_to=rule.valid_to.isoformat() if isinstance(rule, Limit) and rule.valid_to else "",
        lines=tuple(_lines(verdict, rule, book, (received["rows"], received["values"] or 0, usable))),
        counted=counted,
        left_out=left_out,
    )


def _lines(verdict: Verdict, rule: Rule, book: RuleBook, numbers: tuple[int, int, int]) -> list[Line]:
    measure, capture = rule.measure, rule.measure.capture
    rows, values, usable = numbers
    lines = [
        Line("rows", Text("Rijen in het register over dit jaar", "Rows in the record for this year"), str(rows)),
        Line("without-value", Text("Zonder waarde (ingetrokken)", "Without a value (withdrawn)"), str(rows - values)),
        Line(
            "unusable", Text("Door de leverancier afgekeurd", "Marked as invalid by the supplier"), str(values - usable)
        ),
        Line("usable", Text("Waarden die meetellen", "Values that count"), str(usable)),
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
    if verdict.uncertainty_text:
        basis = verdict.uncertainty_basis
        text = Text(
            f"Onzekerheid, ten hoogste, als de meting voldoet aan de kwaliteitseis van {basis} (niet gemeten)",
            f"Uncertainty, at most, if the measurement meets the data quality objective of {basis} (not measured)",
        )
        lines.append(Line("uncertainty", text, f"± {verdict.uncertainty_text}", verdict.unit))
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
    if verdict.statistic in fg.MAXIMA:
        return names["months"] if verdict.capture_den == 6 else names["maxima"]
    if verdict.statistic == Statistic.PEAK_SEASON:
        return names["maxima"]
    if verdict.statistic == Statistic.YEAR_MEAN and verdict.capture_den in (365, 366):  # samples of 24 hours
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
