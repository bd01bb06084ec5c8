"""How series stand to what is expected of them: what came late, what is missing and why, as of any tree size."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from goedebuur.core.base.periods import Period
from goedebuur.core.expectations import reasons, rows, standing
from goedebuur.core.expectations.expected import Term
from goedebuur.core.expectations.reasons import LATE, REJECTED, Reason
from goedebuur.core.expectations.rows import Calendar, Gone, Rows
from goedebuur.core.expectations.standing import Gap, PeriodStanding, Shut, Standing, State
from goedebuur.core.expectations.tallies import Lines, Tally, tallies
from goedebuur.core.ledger import statements, submitters
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.services import closed, expectations, inventory, tracing
from goedebuur.store import certificates
from goedebuur.store.refusals import Refusals

if TYPE_CHECKING:
    from goedebuur.services.record import Record

Refused = dict[str, list[datetime]]
NOT_THEIRS: Final = frozenset(
    {
        *(statements.STATEMENT_MALFORMED, statements.WRONG_SIGNATURE, statements.REPLAYED, submitters.UNKNOWN_KEY),
        certificates.CERTIFICATE,
    }
)
"""Codes of refusals by which it is not certain that the submitter sent anything."""
BAD: Final = (State.LATE, State.PARTLY, State.MISSING, State.PERHAPS_CLOSED)


@dataclass(frozen=True, slots=True)
class Why:
    """Why something is late or missing.

    Parameters
    ----------
    stated
        What the supplier, or the keeper for it, said of it; newest first.
    known
        Codes that the record itself knows: it was received too late; a signed delivery of this supplier was refused in
        that time.
    """

    stated: tuple[Reason, ...]
    known: tuple[str, ...]

    @property
    def differ(self) -> bool:
        """Return whether the record knows something else than was stated."""
        return bool(self.stated and self.known) and not set(self.known) & {one.code for one in self.stated}


@dataclass(frozen=True, slots=True)
class ToldPeriod:
    """A period that was not simply on time, with why."""

    standing: PeriodStanding
    why: Why


@dataclass(frozen=True, slots=True)
class ToldGap:
    """A gap with why."""

    gap: Gap
    why: Why


@dataclass(frozen=True, slots=True)
class SeriesPunctuality:
    """How one series stands to one expectation.

    Parameters
    ----------
    periods
        Those late, incomplete, corrected or open, newest first.
    gaps
        Newest first.
    """

    series: str
    term: Term
    past: int
    on_time: int
    periods: tuple[ToldPeriod, ...]
    gaps: tuple[ToldGap, ...]

    @property
    def missing(self) -> int:
        """Return how many steps are missing."""
        return sum(one.gap.steps for one in self.gaps)

    @property
    def unexplained(self) -> int:
        """Return how many gaps have no reason at all."""
        return sum(not one.why.stated and not one.why.known for one in self.gaps)

    def count(self, *states: State) -> int:
        """Return how many periods stand so."""
        return sum(one.standing.state in states for one in self.periods)


@dataclass(frozen=True, slots=True)
class Row:
    """One series in the list of what is late or missing.

    Parameters
    ----------
    late, incomplete, perhaps_closed
        How many periods came late, lack rows for certain, or lack rows that a closed delivery may hold.
    missing, gaps, unexplained
        Missing steps, in how many gaps, and how many of those have no reason.
    last_gap
        The newest gap.
    last_late
        The newest period that came late.
    """

    series: str
    term: Term
    past: int
    on_time: int
    late: int
    incomplete: int
    perhaps_closed: int
    missing: int
    gaps: int
    unexplained: int
    last_gap: ToldGap | None
    last_late: Period | None


def moment(record: Record, as_of: int | None, now: datetime) -> datetime:
    """Return the moment at which it is judged what is late: now, or when the last leaf of a tree size was received."""
    if as_of is None or not as_of:
        return now if as_of is None else datetime.min.replace(tzinfo=UTC)
    last = record.ledger.leaf(as_of - 1)
    return datetime.fromisoformat(last.received if isinstance(last, Leaf) else last.closed_on)


def of_series(record: Record, series: str, now: datetime, as_of: int | None = None) -> tuple[SeriesPunctuality, ...]:
    """Return how one series stands to each expectation of it, the newest first; nothing where none is expected."""
    at = moment(record, as_of, now)
    found = [one for one in expectations.terms(record, as_of) if series in one.expectation.among([series])]
    if not found:
        return ()
    arrived = record.catalogue.arrived([series], as_of).get(series, [])
    gone = record.catalogue.gone([series], as_of).get(series, [])
    shut = _shut(record, as_of)
    told = []
    for term in sorted(found, key=lambda one: one.start, reverse=True):
        days = rows.calendar(term, at)
        corrected: list[tuple[int, int]] = []
        if days.starts:
            start, end = (datetime.fromtimestamp(s, UTC) for s in (days.starts[0], days.ends[-1]))
            corrected = tracing.corrected_by(record, series, start, end, as_of)
        one = standing.stand(term, series, days, arrived, gone=gone, closed=shut, corrected=corrected)
        told.append(_told(record, one, as_of, at))
    return tuple(told)


def overview(record: Record, now: datetime, as_of: int | None = None) -> tuple[Row, ...]:
    """Return every expected series that is late or has gaps, worst first: most missing, then most late.

    The moment is taken to the hour, so that the answer is worked out once an hour at most.
    """
    at = moment(record, as_of, now).replace(minute=0, second=0, microsecond=0) if as_of is None else now
    at = at if as_of is None else moment(record, as_of, now)
    return record.remembered(("punctuality", as_of, at), lambda: tuple(_overview(record, as_of, at)))


def chosen(
    found: Iterable[Row], submitter: str | None = None, station: str | None = None, quantity: str | None = None
) -> tuple[Row, ...]:
    """Return the rows of one supplier, station and quantity; of all where one is not named."""
    return tuple(
        row
        for row in found
        if submitter in (None, "", row.term.expectation.submitter)
        and station in (None, "", row.series.rsplit(".", 2)[0])
        and quantity in (None, "", row.series.rsplit(".", 2)[1])
    )


def require_station(record: Record, found: Sequence[Row], station: str | None, as_of: int | None = None) -> None:
    """Refuse a station of which nothing is known or expected: that it has no rows would read as nothing missing.

    Raises
    ------
    GoedeBuurError
        `query-unknown-station`.
    """
    if station and not chosen(found, station=station):
        inventory.station(record, station, as_of)


def _overview(record: Record, as_of: int | None, at: datetime) -> Iterable[Row]:
    terms = expectations.terms(record, as_of)
    if not terms:
        return []
    gone, shut, refused = record.catalogue.gone(None, as_of), _shut(record, as_of), _refused(record, at)
    stated = expectations.stated(record, as_of)
    found = []
    for term in terms:
        days = rows.calendar(term, at)
        for series, counted in tallies(term, days, _lines(record, term, as_of), shut).items():
            if counted.on_time < counted.past:
                said = stated.get(series, [])
                found.append(_row(series, term, days, counted, gone.get(series, []), shut, said, refused))
    return sorted(found, key=lambda row: (-row.missing, -row.late, row.series, row.term.start))


def _lines(record: Record, term: Term, as_of: int | None) -> Lines:
    """Return the rows of all series of a term, worked out once for as long as nothing comes in."""

    def there() -> dict[str, Rows]:
        found = record.catalogue.rows(term.expectation.submitter, as_of)
        for series, taken in record.catalogue.gone(None, as_of).items():
            for one in taken:
                found.setdefault(series, Rows()).take(one.start, one.end)
        return found

    def lines() -> Lines:
        found = record.remembered(("rows", as_of, term.expectation.submitter), there)
        known = record.remembered(("known series", as_of), lambda: record.catalogue.known_series(as_of))
        return Lines.of({series: found.get(series, Rows()) for series in term.expectation.among(known)})

    return record.remembered(("lines", as_of, term.leaf), lines)


def _row(
    series: str,
    term: Term,
    days: Calendar,
    counted: Tally,
    gone: Sequence[Gone],
    shut: Sequence[Shut],
    stated: Sequence[Reason],
    refused: Refused,
) -> Row:
    unexplained = len(counted.gaps)
    if stated or term.expectation.submitter in refused:
        told = (_told_gap(standing.gap(*gap, gone, shut), term, days, stated, refused) for gap in counted.gaps)
        unexplained = sum(not one.why.stated and not one.why.known for one in told)
    last_gap = None
    if counted.gaps:
        last_gap = _told_gap(standing.gap(*counted.gaps[-1], gone, shut), term, days, stated, refused)
    return Row(
        series=series,
        term=term,
        past=counted.past,
        on_time=counted.on_time,
        late=counted.late,
        incomplete=counted.incomplete,
        perhaps_closed=counted.perhaps_closed,
        missing=counted.missing,
        gaps=len(counted.gaps),
        unexplained=unexplained,
        last_gap=last_gap,
        last_late=days.period(counted.last_late) if counted.last_late >= 0 else None,
    )


def _told(record: Record, one: Standing, as_of: int | None, at: datetime) -> SeriesPunctuality:
    stated, refused = expectations.stated(record, as_of).get(one.series, []), _refused(record, at)
    return SeriesPunctuality(
        series=one.series,
        term=one.term,
        past=one.past,
        on_time=one.on_time,
        periods=tuple(_told_period(period, one, stated, refused) for period in reversed(one.told)),
        gaps=tuple(_told_gap(gap, one.term, one.days, stated, refused) for gap in reversed(one.gaps)),
    )


def _told_period(period: PeriodStanding, one: Standing, stated: Sequence[Reason], refused: Refused) -> ToldPeriod:
    known = [LATE] if period.late else []
    until = period.last or period.late_from
    if period.state in BAD and _refused_in(one.term, period.period.start, until, refused):
        known.append(REJECTED)
    return ToldPeriod(period, Why(reasons.over(stated, period.period.start, period.period.end), tuple(known)))


def _told_gap(gap: Gap, term: Term, days: Calendar, stated: Sequence[Reason], refused: Refused) -> ToldGap:
    until = datetime.fromtimestamp(days.lates[days.index(int(gap.period.end.timestamp()) - 1)], UTC)
    known = (REJECTED,) if _refused_in(term, gap.period.start, until, refused) else ()
    return ToldGap(gap, Why(reasons.over(stated, gap.period.start, gap.period.end), known))


def _refused_in(term: Term, start: datetime, until: datetime, refused: Refused) -> bool:
    """Return whether a signed delivery of the expected supplier was refused in a stretch of time."""
    moments = refused.get(term.expectation.submitter, [])
    at = bisect_left(moments, start)
    return at < len(moments) and moments[at] <= until


def _refused(record: Record, at: datetime) -> Refused:
    """Return submitter → when a delivery was refused that it had surely signed, ascending, up to a moment.

    Anybody can name a submitter in a statement, and everybody can send again what the log shows: such refusals say
    nothing of the submitter.
    """
    found: Refused = {}
    for line in Refusals(record.data_dir).lines():
        if "submitter" in line and "at" in line and line["code"] not in NOT_THEIRS:
            when = datetime.fromisoformat(line["at"])
            if when <= at:
                found.setdefault(str(line["submitter"]), []).append(when)
    for moments in found.values():
        moments.sort()
    return found


def _shut(record: Record, as_of: int | None) -> list[Shut]:
    """Return the closed leaves of which the content is not public at a tree size: still closed, or erased."""
    return [
        Shut(one.leaf, int(one.since.timestamp())) for one in closed.every(record, as_of) if one.state != closed.OPENED
    ]
