"""From a peak to a public alert, and back: checked, written under a leaf, told to who follows, retracted before them.

The order is: the leaf, durable; then in one SQL transaction the mails, to whom they went, and that this version was
told. A crash between the two leaves an alert that is public and not told yet: :func:`settle` tells it, once.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.exact import as_text, round_half_away
from goedebuur.core.base.periods import Clock, Period, iso, zone
from goedebuur.core.emissions import alerts, peaks
from goedebuur.core.emissions.alerts import KIND, Alert, Check, Result, Version
from goedebuur.core.emissions.peaks import ranking
from goedebuur.core.emissions.peaks.together import SEEN, together
from goedebuur.core.emissions.streams import Stream
from goedebuur.core.emissions.tables import to_milligrams
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.services import recording
from goedebuur.services.rule_record import SUBMITTER as OURSELVES
from goedebuur.store.casework import alerts as store
from goedebuur.store.casework import cases, messages, subscribers

if TYPE_CHECKING:
    import polars as pl

    from goedebuur.services.record import Record

_log = logging.getLogger(__name__)
UNKNOWN: Final = declare("alert-unknown", "There is no alert of that name.")
RETRACTED: Final = declare("alert-retracted", "The alert was retracted already.")
NO_REASON: Final = declare("alert-no-reason", "An alert is retracted only with a reason.")
PAGE: Final = "{site}/meldingen/"
STOP: Final = "{site}/bevindingen/volgen/{token}/"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A peak with what its checks came to; `alert` is there where all passed."""

    stream: str
    period: Period
    results: Mapping[Check, Result]
    alert: Alert | None

    @property
    def held_by(self) -> tuple[Check, ...]:
        """Return the checks that held it back."""
        return tuple(check for check, result in self.results.items() if result is not Result.PASSED)


@dataclass(frozen=True, slots=True)
class Told:
    """One version of an alert, with its leaf."""

    alert: Alert
    leaf: int
    received: datetime


def candidates(
    streams: Sequence[Stream],
    short: pl.DataFrame,
    limits: Mapping[str, Fraction],
    causes: Mapping[tuple[str, datetime], str] | None = None,
) -> tuple[Candidate, ...]:
    """Return the peaks in short-term averages of the streams of one site, with what the checks say of each.

    Parameters
    ----------
    short : DataFrame
        :data:`goedebuur.core.emissions.tables.SHORT`, of one length and one kind of reference conditions a stream.
    limits
        Stream → value that its peaks are held beside. [10⁻⁶ mg/m³]
    causes
        (stream, start) → cause, where one was worked out.
    """
    import polars as pl

    by_id = {one.id: one for one in streams}
    kept = short.filter(pl.col("stream").is_in(list(by_id)))
    if kept.is_empty():
        return ()
    settings = peaks.Settings.of_averages(int(kept["length"][0]))
    found = peaks.find(peaks.of_short(kept), settings)
    raw = kept.with_columns(standard=pl.col("calibrated"))
    calibrated = peaks.find(peaks.of_short(raw), settings)
    points = {one.id: one.emission_point for one in streams}
    seen = together(found, points) if found.height else pl.DataFrame(schema=SEEN)
    ranked = ranking.ranked(found, ranking.Order.LIMIT, limits)
    made = []
    for peak in ranked.iter_rows(named=True):
        own = kept.filter(pl.col("stream") == peak["stream"])
        results = alerts.checks(peak, own, calibrated, seen, peak["of_limit"])
        cause = (causes or {}).get((peak["stream"], peak["start"]), peak["state"] or "unknown")
        alert = _made(by_id[peak["stream"]], peak, str(own["reference"][0]), cause) if alerts.passes(results) else None
        made.append(Candidate(peak["stream"], Period(peak["start"], peak["end"]), results, alert))
    return tuple(made)


def _made(stream: Stream, peak: Mapping[str, Any], reference: str, cause: str) -> Alert:
    return Alert(
        id=alerts.identifier(stream.id, peak["start"]),
        number=1,
        version=Version.ISSUED,
        site=stream.site,
        emission_point=stream.emission_point,
        stream=stream.id,
        start=iso(peak["start"]),
        end=iso(peak["end"]),
        substance=stream.substance.name if stream.substance is not None else stream.id,
        reference=reference,
        top=str(peak["top"]),
        level=str(peak["level"]),
        cause=cause,
        checks=tuple(Check),
        extra_mass="" if peak["extra_mass"] is None else str(to_milligrams(peak["extra_mass"])),
        simulated=stream.simulated,
    )


def issue(record: Record, ones: Iterable[Alert], now: datetime) -> list[int]:
    """Return the leaves of the alerts that are new, each told to who follows; one that was told of before is not again.

    Also one that was retracted stays so: the same peak is not told of twice.
    """
    leaves = []
    for one in ones:
        with record.lock():
            if record.catalogue.newest(KIND, [one.id]):
                continue
            leaves.append(_put(record, one, now))
    settle(record, now)
    return leaves


def retract(record: Record, name: str, reason: str, now: datetime) -> int:
    """Return the leaf under which an alert was retracted, told to exactly those who got it.

    Raises
    ------
    GoedeBuurError
        `alert-unknown`, `alert-retracted`, `alert-no-reason`.
    """
    if not reason.strip():
        raise GoedeBuurError(
            NO_REASON,
            "Say why the alert is retracted.",
            place="reason",
            hint="It is public and stays: no names of persons.",
        )
    with record.lock():
        held = find(record, name)[-1].alert
        if held.version is Version.RETRACTED:
            raise GoedeBuurError(RETRACTED, "This alert was retracted already.", value=name)
        gone = replace(held, number=held.number + 1, version=Version.RETRACTED, reason=reason.strip())
        leaf = _put(record, gone, now)
    settle(record, now)
    return leaf


def settle(record: Record, now: datetime) -> int:
    """Return how many versions were told of now: those under a leaf of which the readers were not told yet."""
    done = 0
    for one in sorted(_every(record, None), key=lambda each: each.leaf):
        if not store.was_told(one.alert.id, one.alert.number):
            with cases.atomic():
                _tell(one, now)
            done += 1
    return done


def every(record: Record, site: str = "", as_of: int | None = None) -> tuple[tuple[Told, ...], ...]:
    """Return the alerts of a site, or all, each with its versions from the first on; the latest change first."""
    groups: dict[str, list[Told]] = {}
    for one in _every(record, as_of):
        if site in ("", one.alert.site):
            groups.setdefault(one.alert.id, []).append(one)
    ordered = [tuple(sorted(found, key=lambda one: one.leaf)) for found in groups.values()]
    return tuple(sorted(ordered, key=lambda versions: (-versions[-1].leaf, versions[-1].alert.id)))


def find(record: Record, name: str, as_of: int | None = None) -> tuple[Told, ...]:
    """Return the versions of one alert, the first one first.

    Raises
    ------
    GoedeBuurError
        `alert-unknown`.
    """
    found = [one for one in _every(record, as_of) if one.alert.id == name]
    if not found:
        raise GoedeBuurError(
            UNKNOWN, "There is no alert of that name.", value=name, hint="`goedebuur stack alerts SITE` lists them."
        )
    return tuple(sorted(found, key=lambda one: one.leaf))


def changes(record: Record, site: str = "", as_of: int | None = None) -> list[Told]:
    """Return every version, the newest first: what a feed tells."""
    return sorted((one for group in every(record, site, as_of) for one in group), key=lambda one: -one.leaf)


def sentence(one: Alert) -> str:
    """Return an alert as a mail says it, in Dutch."""
    start, end = moment(one.start), moment(one.end)
    when = f"{start:%d-%m-%Y %H:%M} tot {end:%H:%M} uur"
    top, level = milligrams(one.top), milligrams(one.level)
    said = (
        f"{one.substance} uit {one.emission_point} van {one.site}, {when}: "
        f"hoogste waarde {top} mg/m³, gewoonlijk {level} mg/m³."
    )
    if one.version is Version.RETRACTED:
        return f"De melding over {said} is ingetrokken. Reden: {one.reason}"
    invented = "Dit is een verzonnen voorbeeld. " if one.simulated else ""
    return (
        f"{invented}{said[0].upper()}{said[1:]} Dit volgt uit metingen van het bedrijf na automatische controles. "
        "Het zegt niet dat een grens is overschreden."
    )


def milligrams(micro: str) -> str:
    """Return a value of an alert with one decimal, halves away from zero. [mg/m³]"""
    return as_text(round_half_away(int(micro), 1, 1), 1)


def moment(text: str) -> datetime:
    """Return a moment of an alert on the clock of the Netherlands."""
    return datetime.fromisoformat(text).astimezone(zone(Clock.LOCAL))


def _put(record: Record, one: Alert, now: datetime) -> int:
    inputs = {"alert": one.id, "checks": [check.value for check in one.checks], "tree_size": record.size}
    inputs["version"] = one.version.value
    facts = [(KIND, one.id, alerts.body(one))]
    leaf = recording.put(record, facts, now, reason=one.reason, submitter=OURSELVES, inputs=inputs)
    assert leaf is not None
    return leaf


def _every(record: Record, as_of: int | None) -> tuple[Told, ...]:
    def read(size: int) -> tuple[Told, ...]:
        found = []
        for leaf, _, _, said in record.catalogue.records(KIND, size):
            known = record.ledger.leaf(leaf)
            received = known.received if isinstance(known, Leaf) else known.closed_on
            found.append(Told(alerts.read(said), leaf, datetime.fromisoformat(received)))
        return tuple(found)

    return record.of_catalogue("emission alerts", as_of, read, (KIND,))


def _tell(one: Told, now: datetime) -> None:
    """Queue the mails of one version and keep to whom they go; of a retraction exactly those who got the alert."""
    alert, subject = one.alert, alerts.told(one.alert.version).nl
    said = f"{sentence(alert)}\n\nAlle meldingen: {PAGE}\n"
    if alert.version is Version.ISSUED:
        followers = subscribers.following([alert.site], subscribers.ALERTS)
        for reader in followers:
            stop = f"\nGeen bericht meer? {STOP.replace('{token}', reader.token)}\n"
            messages.queue([reader.email], subject, said + stop, messages.SUBSCRIBER, now)
        store.keep(alert.id, [reader.email for reader in followers], now)
    else:
        messages.queue(store.readers(alert.id), subject, said, messages.SUBSCRIBER, now)
        store.forget(alert.id, now)
    store.note(alert.id, alert.number, one.leaf, now)
