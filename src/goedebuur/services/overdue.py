"""What a log says is to be delivered, and did not come or came late: read from its leaves alone, by whoever follows it.

Of a period of an expectation each watched series is looked at once, when its grace term and :data:`MARGIN` are over:
what came after the grace term is told as late, what did not come as missing, each once. What is missing then is kept,
so that its coming is told too. A leaf says no more of its series than over which stretch of time its rows are; whether
rows lack within it, the record itself tells.

All that is remembered is in :class:`Memory`, told events with it until every channel took them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.periods import Period, iso
from goedebuur.core.expectations import expected, facts, reasons
from goedebuur.core.expectations.expected import Term
from goedebuur.core.expectations.spans import periods
from goedebuur.core.ledger import closing, events, leaves
from goedebuur.core.ledger.events import LATE, Event, Watch
from goedebuur.core.ledger.leaves import ClosedLeaf, Leaf

MISSING: Final = "missing"
FOUND: Final = "found"
EXPECTATION: Final = "expectation"
REASON: Final = "gap-reason"
MARGIN: Final = timedelta(minutes=90)
"""How long after the grace term is waited: small deliveries are in the log within the hour, and published later."""
KEPT_FOR: Final = timedelta(days=800)
"""How long a reason and an arrival is kept of which no expectation is known."""
ROWS: Final = frozenset({"observations", "correction", "sealed"})


@dataclass(slots=True)
class Memory:
    """What is remembered of a log, in plain values.

    Parameters
    ----------
    size
        Leaves that were read.
    since
        Deadlines up to this moment are not told: they were over when the following began. [s since 1970]
    said
        Leaf, moment and fields of each expectation.
    known
        Watched series that the log named.
    arrived
        Series → start, end, received [s since 1970], leaf and submitter of what came.
    stated
        Series, start, end [s since 1970], code, submitter and leaf of reasons.
    closed
        Leaf → since when it is closed, or was till it was erased. [s since 1970]
    judged
        Term → end of the last period that was looked at. [s since 1970]
    missing
        What was told to be missing and did not come yet.
    pending
        Events that a channel did not take yet.
    """

    size: int = 0
    since: int = 0
    said: list[list[Any]] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    arrived: dict[str, list[list[Any]]] = field(default_factory=dict)
    stated: list[list[Any]] = field(default_factory=list)
    closed: dict[str, int] = field(default_factory=dict)
    judged: dict[str, int] = field(default_factory=dict)
    missing: list[dict[str, Any]] = field(default_factory=list)
    pending: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Return the fields as a file keeps them."""
        return asdict(self)


def named(event: Event, blob: bytes) -> Event:
    """Return the event of a leaf under its own name where it holds an expectation or reasons, with what it says."""
    try:
        leaf = leaves.decode(blob)
    except GoedeBuurError:
        return event
    told = facts.records(leaf)
    if event.kind != "catalogue" or not told:
        return event
    one = facts.expectation(leaf)
    kind = REASON if one is None else EXPECTATION
    said: dict[str, Any] = {"expects": one.body()} if one else {"stated": [record["body"] for record in told]}
    return Event(event.id, kind, event.origin, event.text, event.alarm, {**event.facts, **said})


class Overdue:
    """Reads the leaves of one log in order, and says what is late or missing.

    Parameters
    ----------
    origin
        The log.
    watch
        Which series are looked at.
    memory
        What is remembered; changed in place.
    """

    def __init__(self, origin: str, watch: Watch, memory: Memory) -> None:
        self._origin, self._watch, self.memory = origin, watch, memory
        self._known = dict.fromkeys(memory.known)

    def read(self, index: int, blob: bytes) -> None:
        """Take in one leaf; what it brings of what was missing becomes an event."""
        self.memory.size = index + 1
        try:
            leaf = leaves.decode(blob)
        except GoedeBuurError:
            return
        if isinstance(leaf, ClosedLeaf):
            self.memory.closed[str(index)] = _seconds(datetime.fromisoformat(leaf.closed_on))
            return
        about = closing.concerns(leaf)
        if about is not None and about[0] == closing.OPENS:
            self.memory.closed.pop(str(about[1]), None)
        one = facts.expectation(leaf)
        if one is not None:
            self.memory.said.append([index, leaf.received, one.body()])
        for said in reasons.stated(leaf.inputs) if leaf.kind == "catalogue" else ():
            start, end = (_seconds(datetime.fromisoformat(said[name])) for name in ("start", "end"))
            self._replace_reason([said["series"], start, end, said["code"], leaf.submitter, index])
        if leaf.kind in ROWS and leaf.period is not None:
            self._arrive(index, leaf)

    def judge(self, now: datetime) -> None:
        """Look at the periods of which grace term and margin are over; what is late or missing becomes an event."""
        terms = self._terms()
        for term in terms:
            key = f"{term.expectation.id}@{term.expectation.valid_from}"
            for whole, late_from in _due(term, self.memory.judged.get(key), now):
                if _seconds(late_from) > max(self.memory.since, _seconds(term.entered)):
                    self._judge(term, _within(whole, term), late_from)
                self.memory.judged[key] = _seconds(whole.end)
        self._forget(terms, now)

    def _terms(self) -> list[Term]:
        said = [(leaf, datetime.fromisoformat(moment), expected.read(body)) for leaf, moment, body in self.memory.said]
        return expected.terms(said)

    def _judge(self, term: Term, period: Period, late_from: datetime) -> None:
        """Tell of one period which series came late, by leaf, and which did not come."""
        if self._watch.submitters and term.expectation.submitter not in self._watch.submitters:
            return
        start, end = _seconds(period.start), _seconds(period.end)
        missing: list[str] = []
        late: dict[int, tuple[int, list[str]]] = {}
        for series in filter(self._wanted, term.expectation.among(self._known)):
            came = [
                (received, leaf)
                for a, b, received, leaf, who in self.memory.arrived.get(series, ())
                if _holds(a, b, start, end) and who == term.expectation.submitter
            ]
            if not came:
                missing.append(series)
            elif min(came)[0] > _seconds(late_from):
                received, leaf = min(came)
                late.setdefault(leaf, (received, []))[1].append(series)
        about = {
            "expectation": term.expectation.id,
            "submitter": term.expectation.submitter,
            "period": [iso(period.start), iso(period.end)],
            "late_from": iso(late_from),
        }
        for leaf, (received, names) in sorted(late.items()):
            self._tell_arrival(about, leaf, received, names)
        if missing:
            self._tell_missing(about, missing, start)

    def _tell_missing(self, about: Mapping[str, Any], series: list[str], start: int) -> None:
        shut = sorted(int(leaf) for leaf, since in self.memory.closed.items() if since > start)
        first, last = about["period"]
        stated = self._stated(series, first, last)
        perhaps = f" It may be in a closed delivery: leaf {', '.join(map(str, shut))}." if shut else ""
        text = (
            f"{about['submitter']}: not delivered by {about['late_from']}: {_listed(series)} "
            f"from {first} to {last}.{perhaps}{_because(stated)}"
        )
        own = events.identity(self._origin, MISSING, about["expectation"], first, about["late_from"])
        told = {**about, "series": series, "closed_leaves": shut, "stated": stated}
        self._pend(Event(own, MISSING, self._origin, text, facts=told))
        self.memory.missing.append({**about, "series": series})

    def _tell_arrival(self, about: Mapping[str, Any], leaf: int, received: int, series: list[str]) -> None:
        """Tell of what came after it was due, or was found to have been received in time after all."""
        seconds = received - _seconds(datetime.fromisoformat(about["late_from"]))
        first, last = about["period"]
        stated = self._stated(series, first, last)
        moment = iso(datetime.fromtimestamp(received, UTC))
        kind = LATE if seconds > 0 else FOUND
        said = f"received {moment}, {_took(seconds)} too late" if seconds > 0 else f"received in time, {moment}"
        text = (
            f"{about['submitter']}: {_listed(series)} from {first} to {last}: {said} (leaf {leaf}).{_because(stated)}"
        )
        own = events.identity(self._origin, kind, about["expectation"], first, about["late_from"], leaf)
        told = {
            **{name: about[name] for name in ("expectation", "submitter", "period", "late_from")},
            **{"series": series, "leaf": leaf, "received": moment, "seconds_late": max(seconds, 0), "stated": stated},
        }
        self._pend(Event(own, kind, self._origin, text, facts=told))

    def _arrive(self, index: int, leaf: Leaf) -> None:
        assert leaf.period is not None
        start, end = (_seconds(datetime.fromisoformat(text)) for text in leaf.period)
        received = _seconds(facts.received(leaf))
        wanted = [series for series in leaf.series if self._wanted(series)]
        for series in wanted:
            self._known[series] = None
            self.memory.arrived.setdefault(series, []).append([start, end, received, index, leaf.submitter])
        self.memory.known = list(self._known)
        left = []
        for one in self.memory.missing:
            first, last = (_seconds(datetime.fromisoformat(text)) for text in one["period"])
            touches = leaf.submitter == one["submitter"] and _holds(start, end, first, last)
            came = sorted(set(one["series"]) & set(wanted)) if touches else []
            if came:
                self._tell_arrival(one, index, received, came)
            rest = [series for series in one["series"] if series not in came]
            if rest:
                left.append({**one, "series": rest})
        self.memory.missing = left

    def _wanted(self, series: str) -> bool:
        watch = self._watch
        if not (watch.sites or watch.series):
            return True
        return series in watch.series or series.rsplit(".", 2)[0] in watch.sites

    def _stated(self, series: Iterable[str], first: str, last: str) -> list[dict[str, str]]:
        start, end = (_seconds(datetime.fromisoformat(text)) for text in (first, last))
        wanted = set(series)
        return [
            {"series": name, "code": code, "submitter": who, "leaf": leaf}
            for name, a, b, code, who, leaf in self.memory.stated
            if name in wanted and a < end and b > start and code != reasons.UNKNOWN
        ]

    def _replace_reason(self, said: list[Any]) -> None:
        same = (*said[:3], said[4])
        self.memory.stated = [one for one in self.memory.stated if (*one[:3], one[4]) != same]
        self.memory.stated.append(said)

    def _pend(self, event: Event) -> None:
        self.memory.pending.append({"id": event.id, "kind": event.kind, "text": event.text, "facts": dict(event.facts)})

    def _forget(self, terms: list[Term], now: datetime) -> None:
        """Let go of what no period that is still to be looked at can need."""
        oldest = _seconds(now - KEPT_FOR)
        for series, came in list(self.memory.arrived.items()):
            ends = [
                self.memory.judged.get(f"{term.expectation.id}@{term.expectation.valid_from}", _seconds(term.start))
                for term in terms
                if series in term.expectation.among([series])
            ]
            bound = min(ends, default=oldest)
            kept = [one for one in came if one[1] > bound]
            if kept:
                self.memory.arrived[series] = kept
            else:
                del self.memory.arrived[series]
        self.memory.stated = [one for one in self.memory.stated if one[2] > oldest]

    def events(self) -> Iterator[Event]:
        """Yield the events that some channel did not take yet, oldest first."""
        for one in self.memory.pending:
            yield Event(one["id"], one["kind"], self._origin, one["text"], facts=one["facts"])


def _due(term: Term, judged: int | None, now: datetime) -> Iterator[tuple[Period, datetime]]:
    """Yield the periods that are to be looked at now, with the moment after which each is late."""
    one = term.expectation
    first = term.start if judged is None else max(term.start, datetime.fromtimestamp(judged, UTC))
    until = now if term.end is None else min(now, term.end)
    if first >= until:
        return
    for period in periods(one.every, one.clock, first, until):
        late_from = one.grace.after(one.term.after(period.end, one.clock), one.clock)
        if now <= late_from + MARGIN:
            return
        yield period, late_from


def _holds(start: int, end: int, first: int, last: int) -> bool:
    """Return whether rows from start to end are of a period: half of the shorter of the two at least is in both.

    Else a file of a year would be one of the next too, by the hour that two clocks differ.
    """
    both = min(end, last) - max(start, first)
    return both > 0 and 2 * both >= min(end - start, last - first)


def _within(period: Period, term: Term) -> Period:
    """Return the part of a period in which the expectation holds."""
    end = period.end if term.end is None else min(period.end, term.end)
    return Period(max(period.start, term.start), end)


def _listed(series: list[str]) -> str:
    return ", ".join(series[:3]) + (f" and {len(series) - 3} more" if len(series) > 3 else "")


def _because(stated: list[dict[str, str]]) -> str:
    codes = sorted({one["code"] for one in stated})
    return f" Reason given: {', '.join(codes)}." if codes else " No reason was given."


def _took(seconds: int) -> str:
    hours = seconds // 3600
    return f"{hours} hours" if hours else f"{max(seconds // 60, 1)} minutes"


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
