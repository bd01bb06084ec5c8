"""Read the rule tables into typed rows. Strict: a table that is not exactly right is an error with row and column.

Every lookup takes a date. The tables are CSV in UTF-8 beside this module; the record keeps them as deliveries too, so
that an answer as of an earlier tree uses the tables of that tree (:func:`parse` takes their bytes).
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from importlib import resources
from typing import Any, Final, TypeVar

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.periods import Clock
from goedebuur.core.base.quantities import CANONICAL_DECIMALS, ratio
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
    Rule,
    RuleBook,
    Share,
    Statistic,
    Status,
    Text,
)

BAD_TABLE: Final = declare("rules-table", "A rule table has a cell, column or row that cannot be.")
UNKNOWN_RULE: Final = declare("rules-unknown-rule", "There is no rule with this identifier in the rule tables.")

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
LATER: Final = frozenset({"data_quality"})
"""Tables that records of earlier versions do not have: rules without them are complete."""

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


def shipped() -> dict[str, bytes]:
    """Return the tables that come with the program, as bytes by name."""
    folder = resources.files("goedebuur.rules") / "tables"
    return {name: (folder / f"{name}.csv").read_bytes() for name in TABLES}


@lru_cache(maxsize=1)
def book() -> RuleBook:
    """Return the rules that come with the program."""
    return parse(shipped())


def limits(on: date, *, kind: LimitKind | None = None, sets: tuple[str, ...] | None = None) -> tuple[Limit, ...]:
    """Return the limits in force on a day."""
    return tuple(
        row
        for row in book().limits
        if row.in_force(on) and (kind is None or row.kind is kind) and (sets is None or row.set in sets)
    )


def guidelines(on: date, *, level: GuidelineLevel | None = None) -> tuple[Guideline, ...]:
    """Return the guidelines published by a day."""
    return tuple(row for row in book().guidelines if row.published <= on and (level is None or row.level is level))


def rule(rule_id: str, among: RuleBook | None = None) -> Rule:
    """Return the limit or guideline with this identifier.

    Raises
    ------
    GoedeBuurError
        `rules-unknown-rule`.
    """
    found = (among or book()).rule(rule_id)
    if found is None:
        raise GoedeBuurError(
            UNKNOWN_RULE,
            "There is no rule with this identifier.",
            value=rule_id,
            hint="`goedebuur rules` lists them.",
        )
    return found


def tables_sha256() -> str:
    """Return the digest of the tables that come with the program."""
    return book().sha256


def digest(tables: Mapping[str, bytes]) -> str:
    """Return one digest for a set of tables: SHA-256 over `name sha256(table)` lines in order of name."""
    lines = "".join(f"{name} {hashlib.sha256(tables[name]).hexdigest()}\n" for name in sorted(tables))
    return hashlib.sha256(lines.encode()).hexdigest()


def records(name: str, data: bytes) -> list[dict[str, str]]:
    """Return the rows of a table as text by column, for the record's batch of the table."""
    return [{"table": name, **row.cells} for row in _rows(name, data)]


def parse(tables: Mapping[str, bytes]) -> RuleBook:
    """Return the rules in the bytes of the tables.

    Raises
    ------
    GoedeBuurError
        `rules-table`, with table, row and column.
    """
    for name in TABLES:
        if name not in tables and name not in LATER:
            raise GoedeBuurError(BAD_TABLE, "A rule table is missing.", place=name)
    captures = {row["id"]: _capture(row) for row in _rows("data_capture", tables["data_capture"])}
    limit_rows = [_limit(row, captures) for row in _rows("air_quality_limits", tables["air_quality_limits"])]
    advice = [_guideline(row, captures) for row in _rows("air_quality_guidelines", tables["air_quality_guidelines"])]
    twice = {row.id for row in limit_rows} & {row.id for row in advice}
    if twice:
        raise GoedeBuurError(BAD_TABLE, "A limit and a guideline have the same identifier.", value=min(twice))
    _refuse_two_numbers([*limit_rows, *advice])
    return RuleBook(
        limits=tuple(limit_rows),
        guidelines=tuple(advice),
        captures=tuple(captures.values()),
        assessment=tuple(_assessment(row) for row in _rows("assessment_rules", tables["assessment_rules"])),
        sha256=digest({name: tables[name] for name in TABLES if name in tables}),
        objectives=_objectives(tables, {row.id: row for row in limit_rows}),
    )


def _refuse_two_numbers(rows: Sequence[Rule]) -> None:
    """Refuse two rows of one set that say the same thing of the same days: one of their numbers must be wrong."""
    seen: dict[tuple[object, ...], list[Rule]] = {}
    for row in rows:
        kind = row.kind if isinstance(row, Limit) else row.level
        repeated = (row.consecutive, row.years) if isinstance(row, Limit) else ()
        measure = row.measure
        told = (type(row), row.set, kind, measure.quantity, measure.statistic, measure.clock, *repeated)
        for other in seen.setdefault(told, []):
            if _days(row)[0] <= _days(other)[1] and _days(other)[0] <= _days(row)[1]:
                raise GoedeBuurError(
                    BAD_TABLE,
                    f"The rules {other.id} and {row.id} are about the same thing on the same days.",
                    place=f"set {row.set}, {measure.quantity}, {measure.statistic}",
                    value=f"{other.measure.value} and {measure.value}",
                    hint="End the one with valid_to, or correct its number in place.",
                )
        seen[told].append(row)


def _days(row: Rule) -> tuple[date, date]:
    """Return the first and last day on which a row holds; of a guideline all since its publication."""
    if isinstance(row, Limit):
        return row.valid_from, row.valid_to or date.max
    return row.published, date.max


def _objectives(tables: Mapping[str, bytes], limit_rows: Mapping[str, Limit]) -> tuple[QualityObjective, ...]:
    if "data_quality" not in tables:
        return ()
    return tuple(_objective(row, limit_rows) for row in _rows("data_quality", tables["data_quality"]))


def _objective(row: _Row, limit_rows: Mapping[str, Limit]) -> QualityObjective:
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


class _Row:
    """One row, and where it stands, so that an error can say so."""

    def __init__(self, table: str, line: int, cells: dict[str, str]) -> None:
        self.table, self.line, self.cells = table, line, cells

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def bad(self, column: str, message: str, hint: str = "") -> GoedeBuurError:
        place = f"rules/tables/{self.table}.csv, line {self.line}, column {column}"
        return GoedeBuurError(BAD_TABLE, message, place=place, value=self[column], hint=hint)

    def read(self, column: str, read: Callable[[str], T], message: str) -> T:
        try:
            return read(self[column])
        except (ValueError, KeyError, ZeroDivisionError):
            raise self.bad(column, message) from None

    def filled(self, column: str) -> str:
        if not self[column]:
            raise self.bad(column, "This cell must not be empty.")
        return self[column]

    def choice(self, column: str, kind: type[E]) -> E:
        return self.read(column, kind, f"This is none of: {', '.join(kind)}.")

    def day(self, column: str) -> date:
        return self.read(column, date.fromisoformat, "This is not a date as 2019-12-31.")

    def day_or_none(self, column: str) -> date | None:
        return self.day(column) if self[column] else None

    def count_or_none(self, column: str) -> int | None:
        if not self[column]:
            return None
        if not self[column].isdecimal():
            raise self.bad(column, "This is not a whole number.")
        return int(self[column])

    def share(self, column: str) -> Share:
        return self.read(column, _share, "This is not a part as 75/100.")

    def share_or_none(self, column: str) -> Share | None:
        return self.share(column) if self[column] else None

    def shares(self, column: str) -> tuple[Share, ...]:
        found = self.read(
            column, lambda text: tuple(map(_share, text.split("|"))), "These are not parts as 75/100|9/10."
        )
        return tuple(sorted(found, key=lambda share: Fraction(*share)))

    def text(self, stem: str) -> Text:
        nl, en = self[f"{stem}_nl"], self[f"{stem}_en"]
        if bool(nl) != bool(en):
            raise self.bad(f"{stem}_en", "A sentence is there in one language only.")
        return Text(nl, en)

    def asked(self) -> tuple[Status, Text]:
        status, question = self.choice("status", Status), self.text("question")
        if status is not Status.CONFIRMED and not question:
            raise self.bad("question_nl", "A row that is not confirmed needs the question that a person must answer.")
        return status, question


def _share(text: str) -> Share:
    num, den = map(int, text.split("/"))
    if not 0 < num <= den:
        raise ValueError(text)
    return num, den


def _rows(name: str, data: bytes) -> list[_Row]:
    place = f"rules/tables/{name}.csv"
    try:
        reader = csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True)
        lines = list(reader)
    except (UnicodeDecodeError, csv.Error) as error:
        raise GoedeBuurError(BAD_TABLE, f"The table cannot be read: {error}.", place=place) from None
    columns = TABLES[name]
    if not lines or tuple(lines[0]) != columns:
        raise GoedeBuurError(
            BAD_TABLE, "The table has other columns.", place=f"{place}, line 1", hint=f"Expected: {','.join(columns)}"
        )
    found: list[_Row] = []
    seen: set[str] = set()
    for number, cells in enumerate(lines[1:], start=2):
        if len(cells) != len(columns):
            raise GoedeBuurError(
                BAD_TABLE, f"The row has {len(cells)} cells, not {len(columns)}.", place=f"{place}, line {number}"
            )
        row = _Row(name, number, dict(zip(columns, cells, strict=True)))
        for column, cell in row.cells.items():
            if cell != cell.strip():
                raise row.bad(column, "There is white space around this cell.")
        if row.filled("id") in seen:
            raise row.bad("id", "This identifier is there twice.")
        seen.add(row["id"])
        found.append(row)
    return found


def _capture(row: _Row) -> Capture:
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


def _measure(row: _Row, captures: Mapping[str, Capture]) -> Measure:
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


def _check_capture(row: _Row, statistic: Statistic, capture: Capture) -> None:
    daily = statistic in (Statistic.DAYS_ABOVE, Statistic.DAY_PERCENTILE)
    eight = statistic.startswith("day_max_8h") or statistic is Statistic.PEAK_SEASON
    if daily and not capture.day:
        raise row.bad("capture", "This statistic needs the part of a day, which that row of data_capture.csv lacks.")
    if eight and (capture.eight_hour is None or capture.day_max_8h is None):
        raise row.bad("capture", "This statistic needs the parts of eight hours and of the day maximum.")


def _limit(row: _Row, captures: Mapping[str, Capture]) -> Limit:
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


def _guideline(row: _Row, captures: Mapping[str, Capture]) -> Guideline:
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


def _assessment(row: _Row) -> AssessmentRule:
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
