"""Which sites an officer looks at first, for people who work for an authority.

What is slow to work out is kept ahead (`attention_ahead`). Cases, alerts and streams that have gone silent change by
the hour and are quick to ask of all sites at once: they are looked up for each answer.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from goedebuur.core.base.amsterdam import AMSTERDAM
from goedebuur.core.casework.roles import Person
from goedebuur.core.casework.states import Kind
from goedebuur.core.emissions import attention
from goedebuur.core.emissions.alerts import Version
from goedebuur.core.emissions.attention import ALERTS_OF, Counts, Signal
from goedebuur.core.emissions.duties import Duty, State
from goedebuur.core.emissions.duties import ordered as ordered_duties
from goedebuur.core.expectations.expected import newest_due
from goedebuur.core.sites.history import holds
from goedebuur.core.sites.records import Site
from goedebuur.rules import casework as rules
from goedebuur.services import (
    attention_ahead,
    case_lists,
    casework,
    emission_alerts,
    expectations,
    inventory,
    own_sites,
    site_decisions,
    sites,
)
from goedebuur.services.attention_sites import Brief, Detail, InUse
from goedebuur.services.casework import CaseView
from goedebuur.services.emission_alerts import Told
from goedebuur.store.attention import Kept
from goedebuur.store.casework import cases

if TYPE_CHECKING:
    from goedebuur.services.record import Record

AT_REST: Final = frozenset({"published", "withheld"})
"""States of a finding in which nobody waits for anything."""
HEARING: Final = "hearing"


@dataclass(frozen=True, slots=True)
class Standing:
    """One site on the list.

    Parameters
    ----------
    year
        Of the verdicts that are counted; None without.
    silent
        (stream, start of its last value).
    alerts
        Those that count.
    unknown
        What could not be worked out.
    made_at
        When what is kept ahead was worked out; None where it was not yet: then only the rest is counted.
    old
        Whether something came in about the site since then.
    """

    id: str
    name: str
    simulated: bool
    year: int | None
    counts: Counts
    silent: tuple[tuple[str, datetime], ...]
    alerts: tuple[Told, ...]
    unknown: tuple[str, ...]
    made_at: datetime | None
    old: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """All sites of some authorities, in the order in which to look at them.

    Parameters
    ----------
    waiting
        About how many of them something came in that is not worked out yet; also such as are not among `sites`, since
        nothing of them was.
    without
        How many sites of the record have no authority in it: nobody finds these on a list.
    """

    sites: tuple[Standing, ...]
    waiting: int
    without: int


def listing(record: Record, person: Person, now: datetime) -> Listing:
    """Return the sites of the authorities that a person works for, what stands out most first.

    Raises
    ------
    GoedeBuurError
        `case-unknown` for someone who works for no authority.
    """
    if not person.authorities:
        raise casework.unknown()
    lately = _Lately(record, person, now)
    mine = _own(record, person, lately.today)
    kept = [(one, brief) for one, brief in attention_ahead.kept(record) if one.id in mine]
    found = [_standing(one, brief, lately) for one, brief in kept if brief is not None]
    ordered = attention.ordered((one.counts, one.name, one) for one in found)
    return Listing(tuple(ordered), sum(one.old for one, _ in kept), _of_nobody(record, lately.today))


@dataclass(frozen=True, slots=True)
class SiteAttention:
    """One site of the list with each thing that stands out.

    Parameters
    ----------
    duties
        What is late, or of which a person must say so.
    cases
        Findings that are being worked on.
    """

    standing: Standing
    detail: Detail
    duties: tuple[Duty, ...]
    cases: tuple[CaseView, ...]


def site(record: Record, person: Person, name: str, now: datetime) -> SiteAttention:
    """Return one site of the list with each thing that stands out.

    Raises
    ------
    GoedeBuurError
        `case-unknown` for a site that is none of this person's authorities, or is not there.
    """
    lately = _Lately(record, person, now)
    kept, brief = next((told for told in attention_ahead.kept(record) if told[0].id == name), (None, None))
    if kept is None or brief is None or name not in _own(record, person, lately.today):
        raise casework.unknown()
    members = {name, *(one for one, to in site_decisions.leads_to(record).items() if to == name)}
    detail = attention_ahead.detail(record, name)
    pressing = [one for one in detail.duties if one.state(lately.today) in (State.LATE, State.UNDETERMINED)]
    return SiteAttention(
        _standing(kept, brief, lately),
        detail,
        ordered_duties(pressing, lately.today),
        case_lists.at_sites(person, Kind.FINDING, _open(), members),
    )


def _own(record: Record, person: Person, today: date) -> set[str]:
    """Return the sites of the authorities that a person works for, under the identifiers by which they go on."""
    ends = site_decisions.leads_to(record)
    return {ends.get(one, one) for one in own_sites.of(record, person, today).of_authority}


def _of_nobody(record: Record, today: date) -> int:
    """Return how many sites have no authority or agency in the record."""
    every = sites.every(record, Site).values()
    return sum(not any(holds(part, today) for part in (*one.authorities, *one.agencies)) for one in every)


class _Lately:
    """What changes by the hour, of all sites at once."""

    def __init__(self, record: Record, person: Person, now: datetime) -> None:
        self.now = now
        self.today = now.astimezone(AMSTERDAM).date()
        self._lasts = inventory.lasts(record)
        self._ends = site_decisions.leads_to(record)
        self._day = self.today.isoformat()
        self._wanted = _wanted(record, now)
        self.open, self.unanswered = self._cases(person)
        self.alerts: dict[str, list[Told]] = {}
        for versions in emission_alerts.every(record):
            told = versions[-1]
            fresh = now - datetime.fromisoformat(told.alert.start) <= ALERTS_OF
            if told.alert.version is Version.ISSUED and fresh:
                self.alerts.setdefault(self._kept(told.alert.site), []).append(told)

    def silent(self, one: InUse) -> datetime | None:
        """Return the start of the last value of a stream that went silent; None where it did not, or never spoke."""
        last = self._lasts.get(one.series)
        if last is None or (one.until and one.until < self._day):
            return None
        wanted = [start for name in one.agreed for start in self._wanted.get(name, ())] if one.agreed else None
        return last if attention.silent(last, self.now, wanted) else None

    def _cases(self, person: Person) -> tuple[Counter[str], Counter[str]]:
        going, unanswered = Counter[str](), Counter[str]()
        for about, state, until in cases.at_sites(person.authorities, Kind.FINDING, _open()):
            late = state == HEARING and until is not None and until < self.now
            (unanswered if late else going).update({self._kept(one) for one in about})
        return going, unanswered

    def _kept(self, name: str) -> str:
        return self._ends.get(name, name)


def _standing(kept: Kept, brief: Brief, lately: _Lately) -> Standing:
    today = lately.today.toordinal()
    past = [latest for due, latest in brief.due if today > due]
    late = sum(0 < latest < today for latest in past)
    silent = tuple((one.stream, last) for one in brief.series if (last := lately.silent(one)) is not None)
    alerts = tuple(lately.alerts.get(kept.id, ()))
    counted = {
        Signal.EXCEEDED: brief.exceeded,
        Signal.ALERT: len(alerts),
        Signal.UNANSWERED: lately.unanswered[kept.id],
        Signal.DIFFERS: brief.differs,
        Signal.FOREIGN: brief.foreign,
        Signal.FLAG: brief.flags,
        Signal.LATE: late,
        Signal.SILENT: len(silent),
        Signal.UNDETERMINED: brief.undetermined,
        Signal.ASKED: len(past) - late,
        Signal.UNMEASURED: brief.unmeasured,
        Signal.OPEN: lately.open[kept.id],
        Signal.NOTE: brief.notes,
    }
    return Standing(
        kept.id,
        brief.name,
        brief.simulated,
        brief.year,
        Counts(counted),
        silent,
        alerts,
        brief.unknown,
        datetime.fromisoformat(kept.made_at) if kept.made_at else None,
        kept.old,
    )


def _open() -> list[str]:
    names = rules.states().names
    return [one.state for one in names if one.kind is Kind.FINDING and not one.final and one.state not in AT_REST]


def _wanted(record: Record, now: datetime) -> dict[str, list[datetime]]:
    """Return expectation → beginning of its newest period that is due; none where none is."""
    found: dict[str, list[datetime]] = {}
    for term in expectations.terms(record):
        period = newest_due(term, now)
        if period is not None:
            found.setdefault(term.expectation.id, []).append(period.start)
    return found
