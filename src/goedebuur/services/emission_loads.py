"""What loads of a site come to against the caps of its conditions: each cap is told of, also one that cannot be summed.

A point of which no stream tells the load adds an unknown amount: what the others let go may be above the cap already,
and is never said to be below it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from goedebuur.core.base.sourced import Text
from goedebuur.core.compliance.emissions import loads, wording
from goedebuur.core.compliance.emissions.outcomes import Outcome, PeriodOutcome
from goedebuur.core.compliance.emissions.requirements import changes
from goedebuur.core.emissions.streams import Role, Stream
from goedebuur.core.emissions.tables import SHORT
from goedebuur.core.permits.conditions import LoadCap
from goedebuur.core.permits.limits import Averaging, Substance
from goedebuur.core.permits.records import Condition
from goedebuur.core.sites.records import EmissionPoint
from goedebuur.services import permit_views, permits, sites, streams
from goedebuur.services.emission_files import Averages

if TYPE_CHECKING:
    import polars as pl

    from goedebuur.services.record import Record

FORMATS: Final = {Averaging.DAY: 10, Averaging.MONTH: 7, Averaging.YEAR: 4}
"""Characters of a date that name a period."""


@dataclass(frozen=True, slots=True)
class LoadVerdict:
    """What a load comes to against the cap of a condition.

    Parameters
    ----------
    periods
        Of the year; where the load cannot be added up, one of the whole year that says so.
    question
        What a person must answer; empty where nothing is open.
    """

    condition: str
    substance: str
    periods: tuple[PeriodOutcome, ...]
    question: Text


def of_site(
    record: Record, site: str, year: int, averages: Averages, as_of: int | None = None
) -> tuple[LoadVerdict, ...]:
    """Return what loads come to against every cap that held on a day of the year, by condition."""
    there = [one for one in streams.of_site(record, site, as_of) if one.role is Role.CONCENTRATION]
    points = [one.id for one in sites.every(record, EmissionPoint, as_of).values() if one.site == site]
    told = [(cap, _of_cap(cap, days, points, there, year, averages)) for cap, days in _caps(record, site, year, as_of)]
    doubts = {one: streams.doubt(record, site, one, year, as_of) for one in {one.emission_point for one in there}}
    return tuple(
        _settled(found, [doubts.get(one, Text()) for one in _points(cap, points, there)]) for cap, found in told
    )


def _settled(found: LoadVerdict, doubts: Sequence[Text]) -> LoadVerdict:
    """Return a verdict that decides nothing where it was made by settings that are not settled."""
    asked = [one for one in doubts if one]
    firm = (Outcome.MEETS, Outcome.EXCEEDS)
    if not asked or not any(one.outcome in firm for one in found.periods):
        return found
    periods = tuple(
        replace(one, outcome=Outcome.UNDETERMINED, code="settings-open") if one.outcome in firm else one
        for one in found.periods
    )
    return replace(found, periods=periods, question=_together([*asked, *([found.question] if found.question else [])]))


def _caps(record: Record, site: str, year: int, as_of: int | None) -> Iterator[tuple[Condition, frozenset[date]]]:
    """Yield the conditions with a cap, and the days of the year on which each held."""
    held = [one.permit for one in permits.of_site(record, site, as_of)]
    first, last = date(year, 1, 1), date(year, 12, 31)
    turns = sorted({day for day in changes(held, ()) if day.year == year} | {first})
    found: list[tuple[Condition, set[date]]] = []
    for begin, after in zip(turns, [*turns[1:], last + timedelta(days=1)], strict=True):
        days = {begin + timedelta(days=n) for n in range((after - begin).days)}
        for condition in permit_views.view(record, site, begin, as_of).found.in_force:
            if not isinstance(condition.form, LoadCap):
                continue
            mine = next((one for told, one in found if told == condition), None)
            if mine is None:
                found.append((condition, days.copy()))
            else:
                mine |= days
    yield from ((one, frozenset(days)) for one, days in sorted(found, key=lambda told: told[0].id))


def _of_cap(
    condition: Condition,
    days: frozenset[date],
    points: Sequence[str],
    there: Sequence[Stream],
    year: int,
    averages: Averages,
) -> LoadVerdict:
    cap = condition.form
    assert isinstance(cap, LoadCap)
    names = _points(condition, points, there)
    frames, asked = {}, []
    for name in names:
        frames[name], question = _mass(name, cap.substance, there, year, averages)
        asked += [question] if question else []
    periods = loads.judge(cap, frames, year)
    if not periods:
        asked = [wording.LOAD_POINTS if not names else wording.LOAD_UNIT]
        periods = (PeriodOutcome(Averaging.YEAR, str(year), Outcome.UNDETERMINED, "load-not-added"),)
    found = [_in_force(one, days, year) for one in periods]
    told = tuple(one for one in found if one is not None)
    if any(one.code == "cap-part" for one in told):
        asked.append(wording.CAP_PART)
    open_ = any(one.outcome is Outcome.UNDETERMINED for one in told)
    return LoadVerdict(condition.id, cap.substance.id, told, _together(asked) if open_ else Text())


def _points(condition: Condition, points: Sequence[str], there: Sequence[Stream]) -> tuple[str, ...]:
    """Return the points of a condition: those that it names, else all of its installations, else all of the site."""
    if condition.emission_points:
        return condition.emission_points
    if condition.installations:
        return tuple(sorted({one.emission_point for one in there if one.installation in condition.installations}))
    return tuple(sorted({*points, *(one.emission_point for one in there)}))


def _mass(
    point: str, substance: Substance, there: Sequence[Stream], year: int, averages: Averages
) -> tuple[pl.DataFrame, Text]:
    """Return the short averages by which the load of a point is added up, empty where none tells it, and why."""
    import polars as pl

    own = [one for one in there if one.emission_point == point and _substance(one) == substance.id]
    nothing = pl.DataFrame(schema=SHORT)
    if not own:
        return nothing, wording.LOAD_STREAM.format(substance=substance.name, point=point)
    short = pl.concat([averages.short(one, year) for one in own])
    keys = short.select("length", "reference").unique().sort("length", "reference").rows()
    if not keys:
        return nothing, Text()
    length, reference = keys[-1]
    found = short.filter((short["length"] == length) & (short["reference"] == reference)).sort("start")
    if found["start"].is_duplicated().any():
        return nothing, wording.LOAD_STREAMS.format(
            substance=substance.name, point=point, streams=", ".join(one.id for one in own)
        )
    return found, Text()


def _substance(stream: Stream) -> str:
    return stream.substance.id if stream.substance is not None else ""


def _in_force(one: PeriodOutcome, days: frozenset[date], year: int) -> PeriodOutcome | None:
    """Return the outcome of a period in which the cap held throughout; open where it held a part of it; else None."""
    size = FORMATS[one.period]
    begin = date(year, 1, 1)
    inside = [begin + timedelta(days=n) for n in range((date(year + 1, 1, 1) - begin).days)]
    mine = {day for day in inside if day.isoformat()[:size] == one.start}
    if mine <= days:
        return one
    return replace(one, outcome=Outcome.UNDETERMINED, code="cap-part") if mine & days else None


def _together(asked: Sequence[Text]) -> Text:
    told = tuple(dict.fromkeys(asked))
    return Text(" ".join(one.nl for one in told), " ".join(one.en for one in told))
