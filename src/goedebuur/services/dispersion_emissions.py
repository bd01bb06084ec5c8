"""What sources let out over time: even, by factors, hour by hour from a table, or as the record of stacks has it.

An hour in which it is not known is left out and counted with why; it is never taken as nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from goedebuur.core.base import errors
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.periods import Clock, zone
from goedebuur.services import tables_csv
from goedebuur.services.dispersion_matrix import NO_SOURCE
from goedebuur.services.tables_csv import Line

if TYPE_CHECKING:
    from goedebuur.core.weather.sun import Floats

EMISSIONS: Final = ("id", "emission")
"""Columns of a table of emissions, which every table of sources has: g/s."""
FACTORS: Final = ("source", "by", "of", "factor")
"""Columns of a table of factors: `by` is one of :data:`BY`, `of` is which month, day, hour or state."""
STATES: Final = ("source", "start", "state")
"""Columns of a table of operating states; a line without a source is of all."""
HOURLY: Final = ("source", "start", "emission")
"""Columns of a table of hours: g/s; an empty cell is not known."""
STATE: Final = "state"
BY: Final[dict[str, tuple[str, ...]]] = {
    "month": tuple(str(one) for one in range(1, 13)),
    "weekday": tuple(str(one) for one in range(1, 8)),
    "hour": tuple(str(one) for one in range(24)),
    STATE: (),
}
"""By what there are factors, and what each must have one of: Monday is 1, the first hour 0; states have any names."""
PLACES_OF: Final[dict[str, Callable[[datetime], str]]] = {
    "month": lambda moment: str(moment.month),
    "weekday": lambda moment: str(moment.isoweekday()),
    "hour": lambda moment: str(moment.hour),
}
NO_STATE: Final = "no state told"
NO_ROW: Final = "no line of that hour"
NO_VALUE: Final = "no value in that hour"

Table = tuple[bytes, str]
"""CSV, and its name for errors."""


@dataclass(frozen=True)
class Known:
    """What a source lets out hour by hour.

    Parameters
    ----------
    grams
        Shape (hours,); NaN where it is not known. [g s⁻¹]
    without, doubtful
        Why → in how many hours it is not known, and in how many it was changed.
    """

    grams: Floats
    without: Mapping[str, int] = field(default_factory=dict)
    doubtful: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class OverTime:
    """What sources let out hour by hour.

    Parameters
    ----------
    of
        Source → what it lets out.
    unused
        Name of a table → how many of its lines are of hours that the weather does not have.
    """

    of: Mapping[str, Known]
    unused: Mapping[str, int]

    def grams(self) -> dict[str, float | Floats]:
        """Return it as a matrix takes it. [g s⁻¹]"""
        return {name: one.grams for name, one in self.of.items()}

    def table(self) -> Floats:
        """Return it in the order of the sources, shape (hours, sources). [g s⁻¹]"""
        import numpy as np

        return np.stack([one.grams for one in self.of.values()], axis=1)


def constant(tables: Iterable[Table]) -> dict[str, float]:
    """Return what sources let out by tables of sources. [g s⁻¹]

    Raises
    ------
    GoedeBuurError
        Those of `tables_csv`; `input-duplicate` for a source that comes twice.
    """
    found: dict[str, float] = {}
    for table in tables:
        for line in tables_csv.lines(*table, EMISSIONS):
            _require_new(line, line.cells["id"], found, "id")
            found[line.cells["id"]] = line.number_in("emission", least=0)
    return found


def over_time(
    starts: Sequence[datetime],
    even: Mapping[str, float],
    *,
    factors: Table | None = None,
    states: Table | None = None,
    hourly: Table | None = None,
    recorded: Mapping[str, Known] | None = None,
    clock: Clock = Clock.LOCAL,
) -> OverTime:
    """Return what sources let out in hours.

    Parameters
    ----------
    starts
        Of the hours.
    even
        Of all sources; times the factors where there are, and nothing of a source that has its own hours. [g s⁻¹]
    factors, states, hourly
        Tables with the columns of :data:`FACTORS`, :data:`STATES` and :data:`HOURLY`.
    recorded
        Source → what the record says.
    clock
        Of months, weekdays and hours of factors; hours without a zone are taken as they stand.

    Raises
    ------
    GoedeBuurError
        Those of `tables_csv`; `query-unknown-source`; `input-duplicate` for what is told twice; `input-time` for what
        is no start of an hour; `input-number` for a factor of no month, weekday or hour; `input-truncated` where one
        of them lacks.
    """
    import numpy as np

    at = {start: number for number, start in enumerate(starts)}
    unused: Counter[str] = Counter()
    own = dict(recorded or {})
    for name in own:
        _require_source(name, even, f"source {name}")
    own |= _of_hours(hourly, even, own, at, unused) if hourly is not None else {}
    of_sources = _factors(factors, even, own) if factors is not None else {}
    told = _states(states, even, at, unused) if states is not None else {}
    moments = [one.astimezone(zone(clock)) if one.tzinfo is not None else one for one in starts]
    of: dict[str, Known] = {}
    for name, grams in even.items():
        values, without = np.full(len(starts), grams), Counter[str]()
        for by, table in of_sources.get(name, {}).items():
            if by == STATE:
                values *= _by_state(table, told.get(name, told.get("", {})), len(starts), without)
            else:
                values *= np.array([table[PLACES_OF[by](moment)] for moment in moments])
        of[name] = own.get(name, Known(values, without))
    return OverTime(of, {name: count for name, count in unused.items() if count})


def _factors(
    table: Table, even: Mapping[str, float], own: Mapping[str, Known]
) -> dict[str, dict[str, dict[str, float]]]:
    """Return source → by what → of which → factor; each is whole."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    for line in tables_csv.lines(*table, FACTORS):
        name, by, of = (line.cells[one].strip() for one in ("source", "by", "of"))
        _require_source(name, even, line.place("source"))
        if name in own:
            raise _told_twice(line, "source", name, "It has its own hours: give no factors of it.")
        if by not in BY or (BY[by] and of not in BY[by]) or not of:
            column = "of" if by in BY else "by"
            raise GoedeBuurError(
                errors.BAD_NUMBER,
                "There are no factors of that.",
                place=line.place(column),
                value=line.cells[column],
                hint="Give month 1 to 12, weekday 1 (Monday) to 7, hour 0 to 23, or the name of a state.",
            )
        mine = found.setdefault(name, {}).setdefault(by, {})
        _require_new(line, of, mine, "of")
        mine[of] = line.number_in("factor", least=0)
    for name, tables in found.items():
        for by, mine in tables.items():
            lacking = [one for one in BY[by] if one not in mine]
            if lacking:
                raise GoedeBuurError(
                    errors.TRUNCATED_INPUT,
                    f"There is not a factor for each {by}.",
                    place=f"{table[1]}, source {name}",
                    value=f"none for {by} {', '.join(lacking)}",
                    hint="Give all; 0 where nothing is let out.",
                )
    return found


def _states(
    table: Table, even: Mapping[str, float], at: Mapping[datetime, int], unused: Counter[str]
) -> dict[str, dict[int, tuple[str, str]]]:
    """Return source, or none for all, → which hour → its state and where that was told."""
    found: dict[str, dict[int, tuple[str, str]]] = {}
    for line in tables_csv.lines(*table, STATES):
        name = line.cells["source"].strip()
        if name:
            _require_source(name, even, line.place("source"))
        number = at.get(_start(line, at))
        if number is None:
            unused[table[1]] += 1
            continue
        mine = found.setdefault(name, {})
        _require_new(line, number, mine, "start")
        mine[number] = line.cells["state"].strip(), line.place("state")
    return found


def _by_state(
    factors: Mapping[str, float], states: Mapping[int, tuple[str, str]], length: int, without: Counter[str]
) -> Floats:
    """Return the factor of each hour; NaN where no state is told."""
    import numpy as np

    found = np.full(length, np.nan)
    for number, (state, place) in states.items():
        if state and state not in factors:
            raise GoedeBuurError(
                errors.TRUNCATED_INPUT,
                "There is no factor for that state.",
                place=place,
                value=state,
                hint=f"Give one; there are those for {', '.join(factors)}.",
            )
        if state:
            found[number] = factors[state]
    without.update({NO_STATE: lacking} if (lacking := int(np.isnan(found).sum())) else {})
    return found


def _of_hours(
    table: Table,
    even: Mapping[str, float],
    own: Mapping[str, Known],
    at: Mapping[datetime, int],
    unused: Counter[str],
) -> dict[str, Known]:
    """Return what sources let out by a table of hours."""
    import numpy as np

    told: dict[str, dict[int, float]] = {}
    for line in tables_csv.lines(*table, HOURLY):
        name = line.cells["source"].strip()
        _require_source(name, even, line.place("source"))
        if name in own:
            raise _told_twice(line, "source", name, "The record says what it lets out: take it from one of both.")
        grams, number = line.number_in("emission", "", least=0), at.get(_start(line, at))
        mine = told.setdefault(name, {})
        if number is None:
            unused[table[1]] += 1
            continue
        _require_new(line, number, mine, "start")
        mine[number] = grams
    found = {}
    for name, mine in told.items():
        values = np.full(len(at), np.nan)
        values[list(mine)] = list(mine.values())
        counts = {NO_ROW: len(at) - len(mine), NO_VALUE: int(np.isnan(list(mine.values())).sum())}
        found[name] = Known(values, {why: count for why, count in counts.items() if count})
    return found


def _start(line: Line, at: Mapping[datetime, int]) -> datetime:
    """Return the start of an hour, with a zone where those of the weather have one."""
    text = line.cells["start"].strip()
    aware = next(iter(at)).tzinfo is not None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or (moment.minute, moment.second, moment.microsecond) != (0, 0, 0):
        hint = "Give the start of a whole hour, as 2024-03-31T01:00:00Z."
    elif aware and moment.tzinfo is None:
        hint = "Give its zone: 2024-03-31T01:00:00Z, or +01:00 in place of Z."
    elif not aware and moment.tzinfo is not None:
        hint = "The hours of this weather have no zone: give standard time of the place, as 2024-03-31T01:00:00."
    else:
        return moment
    raise GoedeBuurError(
        errors.BAD_TIME, "That is no start of an hour.", place=line.place("start"), value=text, hint=hint
    )


def _require_source(name: str, even: Mapping[str, float], place: str) -> None:
    if name not in even:
        raise GoedeBuurError(
            NO_SOURCE,
            "There is no source of that name.",
            place=place,
            value=name,
            hint=f"There are {', '.join(even)[:200] or 'none'}.",
        )


def _require_new(line: Line, one: object, found: Iterable[object], column: str) -> None:
    if one in found:
        raise _told_twice(line, column, line.cells[column], "Give it once.")


def _told_twice(line: Line, column: str, value: str, hint: str) -> GoedeBuurError:
    return GoedeBuurError(errors.DUPLICATE_KEY, "This is told twice.", place=line.place(column), value=value, hint=hint)
