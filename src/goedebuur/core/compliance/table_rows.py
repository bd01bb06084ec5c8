"""What a row of the tables on the air outside says: the limit, guideline, share or rule of assessment that it is.

Standard library alone: a checker at home reads the rows of a proof with it. Where tables come from is up to `rules`.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from goedebuur.core.base import canonical
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.periods import Clock
from goedebuur.core.base.quantities import CANONICAL_DECIMALS, ratio
from goedebuur.core.base.sourced import Status
from goedebuur.core.base.table_row import Row
from goedebuur.core.compliance.rows import (
    AssessmentRule,
    Capture,
    CaptureBase,
    Effect,
    Guideline,
    GuidelineLevel,
    Limit,
    LimitKind,
    Measure,
    QualityObjective,
    Statistic,
)

TABLES: Final[dict[str, tuple[str, ...]]] = {
    "data_capture": (
        *("id", "hour", "eight_hour", "day", "day_max_8h", "year", "year_of"),
        *("month_days", "month_hours", "maintenance", "reference", "article", "status", "question_nl", "question_en"),
    ),
    "air_quality_limits": (
        *("id", "set", "kind", "quantity", "statistic", "value", "unit", "allowed", "consecutive", "years", "clock"),
        *("capture", "valid_from", "valid_to", "reference", "article", "status", "question_nl", "question_en"),
        *("reservation_nl", "reservation_en"),
    ),
    "air_quality_guidelines": (
        *("id", "set", "level", "quantity", "statistic", "value", "unit", "percentile", "clock", "capture"),
        *("published", "reference", "article", "status", "question_nl", "question_en"),
    ),
    "assessment_rules": (
        *("id", "effect", "sets", "quantity", "reading", "valid_from", "valid_to", "reference", "article", "status"),
        *("text_nl", "text_en"),
    ),
    "data_quality": ("id", "quantity", "expanded", "at", "reference", "article", "status"),
}
"""Name of each table and its columns, in order."""


def digest(sha256: Mapping[str, str]) -> str:
    """Return one digest for a set of tables by the digest of each: SHA-256 of `name sha256` lines in order of name."""
    lines = "".join(f"{name} {sha256[name]}\n" for name in sorted(sha256))
    return canonical.sha256(lines.encode())


def capture(row: Row) -> Capture:
    """Return how much must have been measured."""
    status, question = row.asked()
    shares: dict[str, Any] = {
        "hour": row.share("hour"),
        "eight_hour": row.share_or_none("eight_hour"),
        "day": row.shares("day") if row["day"] else (),
        "day_max_8h": row.share_or_none("day_max_8h"),
        "year": row.shares("year"),
        "month_days": row.count_or_none("month_days"),
        "month_hours": row.share_or_none("month_hours"),
        "maintenance": row.share_or_none("maintenance"),
    }
    year_of = row.choice("year_of", CaptureBase)
    if (year_of is CaptureBase.SUMMER_MONTHS) != bool(row["month_days"] and row["month_hours"]):
        raise row.bad("year_of", "Summer months go with month_days and month_hours, and with nothing else.")
    return Capture(
        id=row["id"],
        **shares,
        year_of=year_of,
        reference=row["reference"],
        article=row["article"],
        status=status,
        question=question,
    )


def _measure(row: Row, captures: Mapping[str, Capture]) -> Measure:
    quantity, unit = row.filled("quantity"), row.filled("unit")
    try:
        num, den = ratio(quantity, unit)
    except GoedeBuurError as error:
        raise row.bad("unit" if error.value == unit else "quantity", error.message, error.hint) from None
    whole, _, decimals = row["value"].partition(".")
    if not whole.isdecimal() or (decimals and not decimals.isdecimal()) or row["value"].endswith("."):
        raise row.bad("value", "This is not a decimal number as 37.5.")
    micro = Fraction(int(whole + decimals) * 10**CANONICAL_DECIMALS * num, 10 ** len(decimals) * den)
    step = Fraction(10**CANONICAL_DECIMALS * num, 10 ** len(decimals) * den)
    if micro.denominator != 1 or step.denominator != 1:
        raise row.bad("value", "This value is no whole number of millionths of the canonical unit.")
    statistic = row.choice("statistic", Statistic)
    capture = captures.get(row["capture"])
    if capture is None and (row["capture"] or statistic is not Statistic.EXPOSURE_INDEX):
        raise row.bad("capture", "There is no such row in data_capture.csv.")
    if capture is not None:
        _check_capture(row, statistic, capture)
    return Measure(
        quantity=quantity,
        statistic=statistic,
        value=row["value"],
        unit=unit,
        micro=int(micro),
        step=int(step),
        clock=row.choice("clock", Clock),
        capture=capture,
    )


def _check_capture(row: Row, statistic: Statistic, capture: Capture) -> None:
    daily = statistic in (Statistic.DAYS_ABOVE, Statistic.DAY_PERCENTILE)
    eight = statistic.startswith("day_max_8h") or statistic is Statistic.PEAK_SEASON
    if daily and not capture.day:
        raise row.bad("capture", "This statistic needs the part of a day, which that row of data_capture.csv lacks.")
    if eight and (capture.eight_hour is None or capture.day_max_8h is None):
        raise row.bad("capture", "This statistic needs the parts of eight hours and of the day maximum.")


def limit(row: Row, captures: Mapping[str, Capture]) -> Limit:
    """Return a number of the law, with the row of `data_capture` that it names."""
    status, question = row.asked()
    measure = _measure(row, captures)
    allowed, consecutive = row.count_or_none("allowed"), row.count_or_none("consecutive")
    counts = measure.statistic.endswith(("_above", "_above_years"))
    if counts != (allowed is not None):
        raise row.bad("allowed", "A number of allowed exceedances goes with a count, and with nothing else.")
    if (measure.statistic is Statistic.CONSECUTIVE_HOURS_ABOVE) != (consecutive is not None):
        raise row.bad("consecutive", "A number of consecutive hours goes with consecutive_hours_above alone.")
    valid_from, valid_to = row.day("valid_from"), row.day_or_none("valid_to")
    if valid_to is not None and valid_to < valid_from:
        raise row.bad("valid_to", "The row ends before it begins.")
    return Limit(
        id=row["id"],
        set=row.filled("set"),
        kind=row.choice("kind", LimitKind),
        measure=measure,
        allowed=allowed,
        consecutive=consecutive,
        years=row.count_or_none("years") or 1,
        valid_from=valid_from,
        valid_to=valid_to,
        reference=row.filled("reference"),
        article=row.filled("article"),
        status=status,
        question=question,
        reservation=row.text("reservation"),
    )


def guideline(row: Row, captures: Mapping[str, Capture]) -> Guideline:
    """Return a number of advice, with the row of `data_capture` that it names."""
    status, question = row.asked()
    measure = _measure(row, captures)
    if measure.statistic.endswith("_percentile") != bool(row["percentile"]):
        raise row.bad("percentile", "A percentile goes with a statistic that is one, and with nothing else.")
    percentile = (
        row.read("percentile", lambda text: Fraction(text) / 100, "This is no number.") if row["percentile"] else None
    )
    return Guideline(
        id=row["id"],
        set=row.filled("set"),
        level=row.choice("level", GuidelineLevel),
        measure=measure,
        percentile=percentile,
        published=row.day("published"),
        reference=row.filled("reference"),
        article=row.filled("article"),
        status=status,
        question=question,
    )


def assessment(row: Row) -> AssessmentRule:
    """Return a rule on how to assess."""
    effect = row.choice("effect", Effect)
    readings = tuple(row["reading"].split("|")) if row["reading"] else ()
    if (effect is Effect.READINGS) != (len(readings) > 1):
        raise row.bad("reading", "Two readings or more go with the effect `readings`, and with nothing else.")
    return AssessmentRule(
        id=row["id"],
        effect=effect,
        sets=tuple(row.filled("sets").split("|")),
        quantity=row["quantity"],
        readings=readings,
        valid_from=row.day("valid_from"),
        valid_to=row.day_or_none("valid_to"),
        reference=row["reference"],
        article=row["article"],
        status=row.choice("status", Status),
        text=row.text("text"),
    )


def objective(row: Row, limit_rows: Mapping[str, Limit]) -> QualityObjective:
    """Return how uncertain a measurement may be at most, with the limit that it belongs to."""
    at = limit_rows.get(row["at"])
    if row["at"] and (at is None or at.measure.statistic is not Statistic.YEAR_MEAN):
        raise row.bad("at", "This is no limit of a year's mean in air_quality_limits.csv.")
    if at is not None and at.measure.quantity != row["quantity"]:
        raise row.bad("at", "This limit is about another quantity.")
    return QualityObjective(
        id=row["id"],
        quantity=row.filled("quantity"),
        expanded=row.share("expanded"),
        at=at,
        reference=row.filled("reference"),
        article=row.filled("article"),
        status=row.choice("status", Status),
    )
