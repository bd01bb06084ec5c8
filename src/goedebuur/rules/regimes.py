"""Read the tables by which averages at a stack are judged. Strict, as every rule table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final, TypeVar

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.periods import Clock
from goedebuur.core.compliance.emissions.regimes import (
    Basis,
    Caps,
    Effect,
    FactorReading,
    HoursOf,
    Judged,
    MonthOf,
    PartOf,
    Regime,
    RegimeBook,
    SamplingRule,
    StateRow,
    Uncertainty,
    Window,
)
from goedebuur.core.permits.limits import Averaging, Bound, Level, OperatingState
from goedebuur.rules import reading, substance_names
from goedebuur.rules.reading import Row

REGIMES: Final = "emission_regimes"
STATES: Final = "emission_states"
UNCERTAINTY: Final = "measurement_uncertainty"
READINGS: Final = "limit_readings"
SAMPLING: Final = "sampling_rules"
_SOURCED: Final = ("valid_from", "valid_to", "reference", "article", "status")
_ASKED: Final = ("question_nl", "question_en")
TABLES: Final[Mapping[str, tuple[str, ...]]] = {
    REGIMES: (
        *("id", "sets", "level", "step", "clock", "month_of", "part_of", "discarded_most", "invalid_days_most"),
        *(*_SOURCED, "text_nl", "text_en", *_ASKED),
    ),
    STATES: (
        *("id", "regime", "state", "effect", "not_for", "run_hours", "period_hours", "period", "hours_of"),
        *("notify_hours", *_SOURCED, "text_nl", "text_en", *_ASKED),
    ),
    UNCERTAINTY: (
        *("id", "regime", "substance", "share", "absolute", "basis", "caps", "demonstrated"),
        *(*_SOURCED, *_ASKED),
    ),
    READINGS: ("id", "sets", "averaging", "factors", *_SOURCED, *_ASKED),
    SAMPLING: (
        *("id", "regime", "substance", "samples", "least_minutes", "most_minutes", "judged"),
        *(*_SOURCED, *_ASKED),
    ),
}
"""Name of each table and its columns, in order."""
LATER: Final = {REGIMES: "part_of", SAMPLING: "substance"}
"""Name of a table → the column that it did not have at first: those that were recorded then are read as they were."""
B = TypeVar("B", bound=Bound)


def shipped() -> dict[str, bytes]:
    """Return the tables that come with the program, as bytes by name."""
    return {name: reading.shipped(name) for name in TABLES}


@lru_cache(maxsize=1)
def book() -> RegimeBook:
    """Return the rows that come with the program."""
    return parse(shipped())


def parse(tables: Mapping[str, bytes]) -> RegimeBook:
    """Return the rows in the bytes of the tables.

    Raises
    ------
    GoedeBuurError
        `rules-table`, with table, row and column.
    """
    from goedebuur.rules.loader import digest

    found = {name: _rows(name, tables[name]) for name in TABLES}
    regimes = tuple(_regime(row) for row in found[REGIMES])
    known = {one.id for one in regimes}
    for row in (*found[STATES], *found[UNCERTAINTY], *found[SAMPLING]):
        if row["regime"] not in known:
            raise row.bad("regime", "There is no such regime.")
    states = tuple(_state(row) for row in found[STATES])
    uncertainties = tuple(_uncertainty(row) for row in found[UNCERTAINTY])
    factors = tuple(_factor(row) for row in found[READINGS])
    sampling = tuple(_sampling(row) for row in found[SAMPLING])
    _refuse_two(SAMPLING, [((one.regime, one.substance), one) for one in sampling])
    _refuse_two(STATES, [((one.regime, one.state), one) for one in states])
    _refuse_two(UNCERTAINTY, [((one.regime, one.substance), one) for one in uncertainties])
    _refuse_two(REGIMES, [((name,), one) for one in regimes for name in one.sets])
    _refuse_two(READINGS, [((name, one.averaging), one) for one in factors for name in one.sets])
    sha256 = digest({name: tables[name] for name in TABLES})
    return RegimeBook(regimes, states, uncertainties, factors, sampling, sha256)


def records(name: str, data: bytes) -> list[dict[str, str]]:
    """Return the rows of a table as text by column, for the record's batch of the table."""
    return [{"table": name, **row.cells} for row in _rows(name, data)]


def _rows(name: str, data: bytes) -> list[Row]:
    """Return the rows of a table with its columns, or with those that it had before the later one."""
    before = tuple(column for column in TABLES[name] if column != LATER.get(name))
    header = data.splitlines()[0] if data else b""
    return reading.rows(name, data, before if header == ",".join(before).encode() else TABLES[name])


@dataclass(frozen=True, slots=True)
class _List:
    """A cell with several words."""

    row: Row

    def __call__(self, column: str, kind: Any) -> tuple[Any, ...]:
        """Return the words of a cell as members of an enumeration; none of an empty cell."""
        cell = self.row[column]
        if not cell:
            return ()
        return self.row.read(
            column, lambda text: tuple(kind(word) for word in text.split("|")), f"Choose from: {', '.join(kind)}."
        )


def _bound(row: Row) -> dict[str, Any]:
    status, question = row.asked()
    valid_from, valid_to = row.day("valid_from"), row.day_or_none("valid_to")
    if valid_to is not None and valid_to < valid_from:
        raise row.bad("valid_to", "The row ends before it begins.")
    return {
        "id": row["id"],
        "valid_from": valid_from,
        "valid_to": valid_to,
        "reference": row.filled("reference"),
        "article": row.filled("article"),
        "status": status,
        "question": question,
    }


def _regime(row: Row) -> Regime:
    words = _List(row)
    step = row.choice("step", Averaging)
    if step not in (Averaging.HALF_HOUR, Averaging.HOUR):
        raise row.bad("step", "A day is made of half hours or of hours.")
    clocks, month_of = words("clock", Clock), words("month_of", MonthOf)
    # before the column was there, hours were counted whatever became of their day
    part_of = words("part_of", PartOf) if "part_of" in row.cells else (PartOf.SHORT,)
    for column, found in (("clock", clocks), ("month_of", month_of), ("part_of", part_of)):
        if not found:
            raise row.bad(column, "This cell must not be empty.")
        if len(found) > 1 and not row["question_nl"]:
            raise row.bad("question_nl", "Several readings need the question that a person must answer.")
    return Regime(
        **_bound(row),
        sets=tuple(row.filled("sets").split("|")),
        level=row.choice("level", Level),
        step=step,
        clocks=clocks,
        month_of=month_of,
        part_of=part_of,
        discarded_most=row.count_or_none("discarded_most"),
        invalid_days_most=row.count_or_none("invalid_days_most"),
        text=row.text("text"),
    )


def _state(row: Row) -> StateRow:
    run, total = row.count_or_none("run_hours"), row.count_or_none("period_hours")
    window = row.choice("period", Window) if row["period"] else None
    if (total is None) != (window is None):
        raise row.bad("period", "Hours that are added up go with the time over which they are, and neither without.")
    if (run is None and total is None) != (not row["hours_of"]):
        raise row.bad("hours_of", "Say which hours are counted where there is a bound on them, and nowhere else.")
    known = substance_names.names()
    not_for = frozenset(row["not_for"].split("|")) if row["not_for"] else frozenset()
    if any(known.of_id(one) is None for one in not_for):
        raise row.bad("not_for", "This substance is not in substance_names.csv.")
    return StateRow(
        **_bound(row),
        regime=row["regime"],
        state=row.choice("state", OperatingState),
        effect=row.choice("effect", Effect),
        not_for=not_for,
        run_hours=run,
        period_hours=total,
        window=window,
        hours_of=row.choice("hours_of", HoursOf) if row["hours_of"] else HoursOf.STATE,
        notify_hours=row.count_or_none("notify_hours"),
        text=row.text("text"),
    )


def _uncertainty(row: Row) -> Uncertainty:
    words = _List(row)
    if row["substance"] and substance_names.names().of_id(row["substance"]) is None:
        raise row.bad("substance", "This substance is not in substance_names.csv.")
    share = row.read("share", lambda text: Fraction(text) / 100, "This is not a percentage.")
    if not 0 < share <= 1:
        raise row.bad("share", "This is not a part of the limit.")
    absolute = row.read("absolute", Fraction, "This is not a number.") if row["absolute"] else None
    basis, caps = words("basis", Basis), words("caps", Caps)
    if not basis:
        raise row.bad("basis", "Say of which limit the share is taken.")
    if (absolute is None) == bool(caps):
        raise row.bad("caps", "Where there are two caps, and only there, say which of them holds.")
    if (len(basis) > 1 or len(caps) > 1) and not row["question_nl"]:
        raise row.bad("question_nl", "Several readings need the question that a person must answer.")
    if row["demonstrated"] not in ("yes", "no"):
        raise row.bad("demonstrated", "This is neither yes nor no.")
    return Uncertainty(
        **_bound(row),
        regime=row["regime"],
        substance=row["substance"],
        share=share,
        absolute=absolute,
        basis=basis,
        caps=caps,
        demonstrated=row["demonstrated"] == "yes",
    )


def _factor(row: Row) -> FactorReading:
    factors = row.read("factors", lambda text: tuple(map(Fraction, text.split("|"))), "These are not percentages.")
    if len(factors) < 2 or min(factors) <= 0:
        raise row.bad("factors", "Give two percentages or more, each above 0.")
    return FactorReading(
        **_bound(row),
        sets=tuple(row.filled("sets").split("|")),
        averaging=row.choice("averaging", Averaging),
        factors=factors,
    )


def _sampling(row: Row) -> SamplingRule:
    judged = _List(row)("judged", Judged)
    numbers = {name: row.count_or_none(name) for name in ("least_minutes", "most_minutes")}
    for column, number in numbers.items():
        if not number:
            raise row.bad(column, "Give a whole number above 0.")
    samples = row.read("samples", _counts, "Give a whole number above 0, or several with | between.")
    substance = row.cells.get("substance", "")  # before the column was there, every row was of all substances
    if substance and substance_names.names().of_id(substance) is None:
        raise row.bad("substance", "This substance is not in substance_names.csv.")
    if not judged:
        raise row.bad("judged", "Say what is held to the limit.")
    if (len(judged) > 1 or len(samples) > 1) and not row["question_nl"]:
        raise row.bad("question_nl", "Several readings need the question that a person must answer.")
    least, most = (number or 0 for number in numbers.values())
    if least > most:
        raise row.bad("most_minutes", "A partial measurement cannot last shorter than the least that it lasts.")
    return SamplingRule(
        **_bound(row),
        regime=row["regime"],
        substance=substance,
        samples=samples,
        least_minutes=least,
        most_minutes=most,
        judged=judged,
    )


def _counts(text: str) -> tuple[int, ...]:
    found = tuple(int(word) for word in text.split("|"))
    if min(found) < 1:
        raise ValueError(text)
    return found


def _refuse_two(name: str, found: Sequence[tuple[tuple[str, ...], Bound]]) -> None:
    """Refuse two rows on one thing on one day: one of them must be wrong."""
    for number, (key, one) in enumerate(found):
        for other_key, other in found[:number]:
            if key == other_key and (one.in_force(other.valid_from) or other.in_force(one.valid_from)):
                raise GoedeBuurError(
                    reading.BAD_TABLE,
                    f"The rows {other.id} and {one.id} are about the same thing on the same days.",
                    place=f"rules/tables/{name}.csv",
                    hint="End the one with valid_to.",
                )
