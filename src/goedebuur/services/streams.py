"""Streams, calibration functions, processing and abatement of emission points, kept in the record.

Each change is a leaf, so *as of N* knows what was known then; what held on a day is in the records themselves. A leaf
holds all that was entered at once, with what belongs to sites.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

from goedebuur.core.base import plain, quantities, stack_signals
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.rulebook import Check
from goedebuur.core.base.sourced import Status, Text
from goedebuur.core.emissions import form, rules, signals
from goedebuur.core.emissions.abatement import Abatement
from goedebuur.core.emissions.form import Found, StackRecord
from goedebuur.core.emissions.processing import Processing
from goedebuur.core.emissions.streams import CalibrationFunction, Role, Stream
from goedebuur.core.measurements.records import step_of
from goedebuur.core.sites.records import EmissionPoint, Installation, SiteRecord
from goedebuur.rules import substance_names
from goedebuur.services import recording, sites
from goedebuur.services.rule_record import SUBMITTER as OURSELVES

if TYPE_CHECKING:
    from goedebuur.services.record import Record

NOT_CONFIRMED: Final = Text(
    "De instellingen {name} zijn niet bevestigd. Waar staat dat het zo moet?",
    "The settings {name} are not confirmed. Where is it written that it must be so?",
)
UNKNOWN: Final = declare("stack-unknown", "There is no stream, function, processing or abatement of that name.")

_MEASURED: Final = frozenset(stack_signals.SUBSTANCES)
_WORDS: Final[Mapping[type[StackRecord], str]] = {
    Stream: "stream",
    CalibrationFunction: "calibration function",
    Processing: "processing",
    Abatement: "abatement",
}


def every(record: Record, made: type[Found], as_of: int | None = None) -> Mapping[str, Found]:
    """Return all streams, functions, processing or abatement, by identifier."""
    kind = form.kind(made)

    def read(size: int) -> dict[str, Found]:
        return {name: form.read(made, body) for name, body in record.catalogue.state(kind, size).items()}

    return record.of_catalogue(("stack", kind), as_of, read, (kind,))


def find(record: Record, made: type[Found], name: str, as_of: int | None = None) -> Found:
    """Return one of them.

    Raises
    ------
    GoedeBuurError
        `stack-unknown`.
    """
    body = record.catalogue.state(form.kind(made), as_of, ids=[name]).get(name)
    if body is None:
        raise GoedeBuurError(
            UNKNOWN,
            f"There is no {_WORDS[made]} of that name in the record.",
            value=name,
            hint="`goedebuur stack streams` lists the streams with their functions.",
        )
    return form.read(made, body)


def of_site(
    record: Record, site: str, as_of: int | None = None, *, emission_point: str | None = None, on: date | None = None
) -> tuple[Stream, ...]:
    """Return the streams of a site, by identifier; of one emission point, and in use on a day, where that is asked."""
    return tuple(
        one
        for one in every(record, Stream, as_of).values()
        if one.site == site and emission_point in (None, one.emission_point) and (on is None or form.in_use(one, on))
    )


def functions(record: Record, stream: str, as_of: int | None = None) -> tuple[CalibrationFunction, ...]:
    """Return the calibration functions of a stream, by first day."""
    found = (one for one in every(record, CalibrationFunction, as_of).values() if one.stream == stream)
    return tuple(sorted(found, key=lambda one: (one.valid_from, one.id)))


def functions_on(record: Record, day: date, as_of: int | None = None) -> Mapping[str, CalibrationFunction]:
    """Return stream → the function that is used on a day: of those that hold the one that began last."""
    every_one = every(record, CalibrationFunction, as_of).values()
    held = sorted((one for one in every_one if form.in_use(one, day)), key=lambda one: (one.valid_from, one.id))
    return {one.stream: one for one in held}


def processing(
    record: Record, site: str, as_of: int | None = None, *, emission_point: str | None = None, on: date | None = None
) -> tuple[Processing, ...]:
    """Return the processing that is set at a site, by identifier; of one point, and on a day, where that is asked."""
    return tuple(
        one
        for one in every(record, Processing, as_of).values()
        if one.site == site and emission_point in (None, one.emission_point) and (on is None or form.in_use(one, on))
    )


def doubt(record: Record, site: str, emission_point: str, year: int, as_of: int | None = None) -> Text:
    """Return what must be answered of the settings of a point in a year; nothing where all are confirmed.

    Averages that were made by such settings decide nothing.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    for one in processing(record, site, as_of, emission_point=emission_point):
        held = one.valid_from <= last and (one.valid_to is None or one.valid_to >= first)
        if held and one.status is not Status.CONFIRMED:
            return Text(one.question, one.question) if one.question else NOT_CONFIRMED.format(name=one.id)
    return Text()


def abatement(
    record: Record, site: str, as_of: int | None = None, *, emission_point: str | None = None, on: date | None = None
) -> tuple[Abatement, ...]:
    """Return the abatement of a site, by identifier; of one point, and on a day, where that is asked."""
    return tuple(
        one
        for one in every(record, Abatement, as_of).values()
        if one.site == site
        and (emission_point is None or emission_point in one.emission_points)
        and (on is None or form.in_use(one, on))
    )


def by_series(record: Record, as_of: int | None = None) -> Mapping[str, tuple[Stream, ...]]:
    """Return series → the streams whose raw values it holds: one after another, where an instrument was replaced."""

    def read(size: int) -> dict[str, tuple[Stream, ...]]:
        found: dict[str, tuple[Stream, ...]] = {}
        for one in every(record, Stream, size).values():
            found[one.series] = (*found.get(one.series, ()), one)
        return found

    return record.of_catalogue("streams by series", as_of, read, ("stream",))


def put(
    record: Record,
    ones: Sequence[StackRecord | SiteRecord],
    now: datetime,
    *,
    reason: str = "",
    submitter: str = OURSELVES,
    inputs: Mapping[str, Any] | None = None,
) -> int | None:
    """Return the leaf under which these were entered or changed, all at once; None where they say nothing new.

    Parameters
    ----------
    ones
        Whole records: each takes the place of what was held under its identifier. Emission points and what else
        belongs to sites may go with them.
    reason
        Why; needed where something is in the record already. No names of persons.
    submitter
        Who says so; the record itself where nobody else does.

    Raises
    ------
    GoedeBuurError
        `stack-reference`, `stack-series`, `stack-substance`, `stack-overlap`, `stack-no-reason`, or a `site-…` error.
        Nothing is written then.
    """
    mine = [one for one in ones if isinstance(one, StackRecord)]
    with record.lock():
        told = sites.facts(record, [one for one in ones if not isinstance(one, StackRecord)], reason)
        for fault in check(record, ones):
            raise fault.error
        own = [(form.kind(type(one)), one.id, plain.write(one)) for one in mine]
        if not reason.strip() and any(_held(record, kind, name) not in (None, body) for kind, name, body in own):
            raise rules.HAS_REASON.error(
                "This changes what is in the record, and says not why.",
                place="reason",
                hint="Give the reason. It is public and stays: no names of persons.",
            )
        return recording.put(record, [*told, *own], now, reason=reason, submitter=submitter, inputs=inputs)


@dataclass(frozen=True, slots=True)
class Fault:
    """By what one record does not fit the record of the site, or another that comes with it.

    Parameters
    ----------
    made, name, field
        Which record, by what it is and its identifier, and which of its fields.
    told
        The error, of which the place is the field alone.
    """

    made: type[StackRecord]
    name: str
    field: str
    told: GoedeBuurError

    @property
    def error(self) -> GoedeBuurError:
        """Return the error with the place of the record before the field."""
        told = self.told
        place = f"{_WORDS[self.made]} {self.name}, {told.place}"
        return told.at(place)


def check(record: Record, ones: Sequence[StackRecord | SiteRecord]) -> Iterator[Fault]:
    """Yield every fault by which these do not fit the record and each other."""
    coming = _Coming(record, ones)
    for one in ones:
        if isinstance(one, StackRecord):
            yield from (Fault(type(one), one.id, told.place, told) for told in _of_one(coming, one))
    yield from _shared_series(coming)
    yield from _same_first_day(coming)


class _Coming:
    """What the record would hold after these were entered."""

    def __init__(self, record: Record, ones: Sequence[StackRecord | SiteRecord]) -> None:
        self.streams = {**every(record, Stream), **{one.id: one for one in ones if isinstance(one, Stream)}}
        self.functions = {
            **every(record, CalibrationFunction),
            **{one.id: one for one in ones if isinstance(one, CalibrationFunction)},
        }
        self.processing = {
            **every(record, Processing),
            **{one.id: one for one in ones if isinstance(one, Processing)},
        }
        self.points = {
            **sites.every(record, EmissionPoint),
            **{one.id: one for one in ones if isinstance(one, EmissionPoint)},
        }
        self.installations = {
            **sites.every(record, Installation),
            **{one.id: one for one in ones if isinstance(one, Installation)},
        }
        self.told = {(type(one), one.id) for one in ones}


def _of_one(coming: _Coming, one: StackRecord) -> Iterator[GoedeBuurError]:
    if isinstance(one, CalibrationFunction):
        yield from _stream(coming, "stream", one.stream)
        return
    points = one.emission_points if isinstance(one, Abatement) else (one.emission_point,)
    for name in points:
        point = coming.points.get(name)
        if point is None or point.site != one.site:
            field = "emission_points" if isinstance(one, Abatement) else "emission_point"
            yield _fault(rules.POINT_KNOWN, "The site has no emission point of that name.", field, name)
    if isinstance(one, Processing):
        yield from _settings(coming, one)
        return
    if one.installation:
        unit = coming.installations.get(one.installation)
        if unit is None or unit.site != one.site:
            told = "The site has no installation of that name."
            yield _fault(rules.INSTALLATION_KNOWN, told, "installation", one.installation)
    if isinstance(one, Stream):
        yield from _signal(one)
        if one.substance is not None:
            yield from _substance(one)
        return
    for name in one.substances:
        if substance_names.names().of_id(name) is None:
            yield _fault(rules.ROW_KNOWN, "The table of substances has no row of that name.", "substances", name)
    if one.state_stream:
        yield from _stream(coming, "state_stream", one.state_stream, Role.STATE)


def _settings(coming: _Coming, one: Processing) -> Iterator[GoedeBuurError]:
    for number, own in enumerate(one.streams):
        yield from _stream(coming, f"streams[{number}].stream", own.stream)
    for number, beside in enumerate(one.peripherals):
        place = f"peripherals[{number}]"
        for name in beside.streams:
            yield from _stream(coming, f"{place}.streams", name)
        for role, taken in beside.taken().items():
            if taken.stream:
                yield from _stream(coming, f"{place}.{role}", taken.stream, Role(role))


def _stream(coming: _Coming, field: str, name: str, role: Role | None = None) -> Iterator[GoedeBuurError]:
    found = coming.streams.get(name)
    if found is None:
        yield _fault(rules.STREAM_KNOWN, "There is no stream of that name.", field, name)
    elif role is not None and found.role is not role:
        yield _fault(rules.STREAM_ROLE, f"This stream tells of {found.role}, not of {role}.", field, name)


def _signal(one: Stream) -> Iterator[GoedeBuurError]:
    """Yield why the series cannot hold the raw values of a stream."""
    quantity = quantities.QUANTITIES.get(signals.quantity_of(one.series))
    if quantity is None:
        hint = "Write EMISSION-POINT.QUANTITY.STEP, as HN-K1.stack_nox.1min; docs/methods/stack.md has the quantities."
        yield _fault(rules.SERIES_QUANTITY, "The series names no quantity of the table.", "series", one.series, hint)
        return
    if step_of(one.series) != one.step:
        yield _fault(rules.SERIES_STEP, f"The series is not of a step of {one.step} s.", "series", one.series)
    if one.unit not in quantity.ratios:
        known = ", ".join(quantity.ratios)
        told = f"{quantity.id} does not come in this unit."
        yield _fault(rules.SERIES_UNIT, told, "unit", one.unit, f"Known: {known}.")


def _substance(one: Stream) -> Iterator[GoedeBuurError]:
    assert one.substance is not None
    row = substance_names.names().of_id(one.substance.id) if one.substance.id else None
    if one.substance.id and row is None:
        hint = "Choose a row of substance_names.csv, or leave it out."
        yield _fault(
            rules.ROW_KNOWN, "The table of substances has no row of that name.", "substance.id", one.substance.id, hint
        )
    if row is not None and one.substance.cas not in ("", row.cas):
        said = f"The table gives {row.id} {row.cas or 'no CAS number'}."
        yield _fault(rules.ROW_CAS, "The table gives it another CAS number.", "substance.cas", one.substance.cas, said)
    quantity = signals.quantity_of(one.series)
    measured = quantity.removeprefix("stack_").removesuffix("_ppm")
    if row is not None and measured in _MEASURED and measured != row.id:
        yield _fault(rules.SERIES_SUBSTANCE, f"The series is of another substance than {row.id}.", "series", one.series)


def _shared_series(coming: _Coming) -> Iterator[Fault]:
    """Yield each series that two streams would hold on one day."""
    found: dict[str, list[Stream]] = {}
    for one in coming.streams.values():
        found.setdefault(one.series, []).append(one)
    for series, streams in found.items():
        for a, b in combinations(streams, 2):
            apart = _before(a, b) or _before(b, a)
            if not apart and {(Stream, a.id), (Stream, b.id)} & coming.told:
                newer = b if (Stream, b.id) in coming.told else a
                told = _fault(
                    rules.SERIES_OWN,
                    f"The streams {a.id} and {b.id} are in use on one day, and cannot be one series.",
                    "series",
                    series,
                    "Name the instrument in the series, as HN-K1--b.stack_nox.1min, or give the days of each.",
                )
                yield Fault(Stream, newer.id, "series", told)


def _before(a: Stream, b: Stream) -> bool:
    return a.valid_to is not None and b.valid_from is not None and a.valid_to < b.valid_from


def _same_first_day(coming: _Coming) -> Iterator[Fault]:
    """Yield each function and processing that begins on the day on which another of the same does."""
    seen: dict[tuple[type[StackRecord], str, date], str] = {}
    dated: tuple[tuple[CalibrationFunction | Processing, str], ...] = (
        *((one, one.stream) for one in coming.functions.values()),
        *((one, one.emission_point) for one in coming.processing.values()),
    )
    for one, about in dated:
        made = type(one)
        other = seen.setdefault((made, about, one.valid_from), one.id)
        if other != one.id and {(made, one.id), (made, other)} & coming.told:
            told = _fault(
                rules.FIRST_DAY,
                f"{other} and {one.id} both begin on this day for {about}.",
                "valid_from",
                one.valid_from.isoformat(),
                "Give one of them another first day, or enter one under the name of the other with the reason.",
            )
            yield Fault(made, one.id if (made, one.id) in coming.told else other, "valid_from", told)


def _fault(check: Check, message: str, place: str, value: str, hint: str = "") -> GoedeBuurError:
    hint = hint or "Enter first what others refer to, or in the same set."
    return check.error(message, place=place, value=value, hint=hint)


def _held(record: Record, kind: str, name: str) -> Mapping[str, object] | None:
    return record.catalogue.state(kind, ids=[name]).get(name)
