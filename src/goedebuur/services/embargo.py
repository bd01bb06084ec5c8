"""Close a delivery for a time: log a commitment to it, and open it, postpone that, or erase it later.

Until it is opened its bytes and rows lie under `closed/` alone: no payload, batch, projection, page or published file
holds anything of them. What each of these steps leaves behind in a crash is in `docs/methods/record.md`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from goedebuur.adapters import base as adapters
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.periods import Period, iso
from goedebuur.core.ledger import closing
from goedebuur.core.ledger.leaves import ClosedLeaf, Leaf
from goedebuur.core.measurements.records import CatalogueRecord
from goedebuur.rules import closing as terms
from goedebuur.services import closed, closing_checks, delivery, preparing, projection, sequencing
from goedebuur.services.closed import ClosedView
from goedebuur.services.examining import Finding
from goedebuur.services.preparing import Prepared
from goedebuur.services.rule_record import SUBMITTER as OURSELVES
from goedebuur.services.sequencing import Unprojected
from goedebuur.store.ledger.closed import CATALOGUE, Held, Openings, batches

if TYPE_CHECKING:
    from goedebuur.services.record import Record
    from goedebuur.store.evidence import BatchRef, Evidence

NOT_CLOSED: Final = declare("closing-not-closed", "This leaf was never closed.")
OVER: Final = declare("closing-over", "This leaf was opened or erased already.")
TOO_EARLY: Final = declare("closing-too-early", "This leaf is to be opened on a later day.")
BAD_DATE: Final = declare("closing-date", "This is no day on which a closed leaf can be opened.")
KNOWN: Final = declare("closing-known", "This delivery is in the record already.")

LONGEST: Final = timedelta(days=366 * 75)
"""Nothing stays closed for longer: the term after which archives open (Archiefwet 1995, art. 15)."""


def close(
    record: Record,
    data: bytes,
    name: str,
    *,
    opens: date,
    role: str,
    ground: str,
    now: datetime,
    adapter: str | None = None,
    submitter: str | None = None,
    reason: str = "",
    decided: bool = False,
    randomness: Callable[[int], bytes] = secrets.token_bytes,
) -> int:
    """Return the leaf under which a delivery was closed, durable; the same delivery on the same terms gives the same.

    The name of the file is not kept, since it may hold somebody's.

    Parameters
    ----------
    opens
        Civil day on which it is to be opened.
    role, ground
        Identifiers of rows of `rules/tables/closing_roles.csv` and `closing_grounds.csv`.
    reason
        Why held values are replaced, if they will be: a row of `closing_reasons.csv`, or empty.
    decided
        Whether a person says that the ground holds, where its row is not confirmed.
    randomness
        Gives the salt.

    Raises
    ------
    GoedeBuurError
        An `input-…`, `adapter-…` or `closing-…` error: nothing is kept then.
    """
    chosen_ground = _terms(opens, role, ground, now, reason, decided)
    prepared = closing_checks.read(record, data, name, chosen_ground, adapter, submitter)
    with record.lock():
        delivery.settle(record, now)
        closed.tidy(record)
        held = _same(record, prepared, (opens.isoformat(), role, ground))
        if held is not None:
            return held
        openings = Openings(record.data_dir, record.evidence.fs)
        header = _header(openings.begin(), prepared, now, reason, record.ledger.size)
        leaf = openings.close(
            header, closed_on=iso(now), opens=opens.isoformat(), role=role, ground=ground, randomness=randomness
        )
        return _log(record, [leaf])[0]


def examine(
    record: Record,
    data: bytes,
    name: str,
    *,
    opens: date,
    role: str,
    ground: str,
    now: datetime,
    adapter: str | None = None,
    submitter: str | None = None,
    reason: str = "",
    decided: bool = False,
) -> list[Finding]:
    """Return what :func:`close` would refuse a delivery for, and what an open one would be told, without any content.

    Nothing is written.

    Raises
    ------
    GoedeBuurError
        A `closing-…` error for terms that cannot be.
    """
    chosen_ground = _terms(opens, role, ground, now, reason, decided)
    return closing_checks.examine(record, data, name, chosen_ground, adapter, submitter)


def open_(record: Record, leaf: int, now: datetime, *, reason: str = "", role: str = "") -> tuple[int, ...]:
    """Return the leaves under which a closed delivery was made public, the last of which proves that it was the same.

    Parameters
    ----------
    reason, role
        Why, and by whose decision, where this is before the day on which it opens: rows of `closing_reasons.csv` and
        `closing_roles.csv`.

    Raises
    ------
    GoedeBuurError
        `closing-not-closed`, `closing-over`, `closing-too-early`, `closing-unknown`, `closed-missing`,
        `closed-damaged`: nothing is made public then.
    """
    early: dict[str, str] = {}
    if reason or role:
        early = {
            "reason": terms.term("reasons", reason, "opens_early").id,
            "role": terms.term("roles", role).id,
        }
    with record.lock():
        delivery.settle(record, now)
        closed.tidy(record)
        commitment, view = _find(record, leaf, now)
        if view.state == closed.OPENED and view.by is not None:
            return (view.by,)
        _require_closed(view)
        if view.until is not None and closed.civil_day(now) >= view.until:
            early = {}
        elif not early:
            raise GoedeBuurError(
                TOO_EARLY,
                "This leaf is to be opened on a later day.",
                value=view.until.isoformat() if view.until else "",
                hint="Give --reason and --role to open it before that day; both become public.",
            )
        openings = Openings(record.data_dir, record.evidence.fs)
        held = openings.open(commitment)
        staged = openings.staged(commitment.commitment)
        leaves = _leaves(record, staged, held, now)
        leaves[-1] = closing.opened(leaves[-1], held.header, leaf, held.salt, early)
        _publish(record, held, staged, leaves)
        positions = _log(record, leaves)
        closed.tidy(record)
    return positions


def postpone(record: Record, leaf: int, until: date, now: datetime, *, reason: str, role: str) -> int:
    """Return the leaf that moves the day on which a closed leaf opens; the days before it stay visible.

    Raises
    ------
    GoedeBuurError
        `closing-not-closed`, `closing-over`, `closing-unknown`; `closing-date` where the day is not later than it was.
    """
    terms.term("reasons", reason, "postpones")
    terms.term("roles", role)
    _require_day(until, now)
    with record.lock():
        delivery.settle(record, now)
        _, view = _find(record, leaf, now)
        _require_closed(view)
        if view.until is not None and until <= view.until:
            if view.postponements and view.until == until:
                return view.postponements[-1].leaf
            raise _bad_date(until, f"It opens on {view.until}; give a later day, or open it before with a reason.")
        return _log(record, [closing.postponement(leaf, until.isoformat(), reason, role, OURSELVES, iso(now))])[0]


def erase(record: Record, leaf: int, now: datetime, *, ground: str, decided: bool = False) -> int:
    """Return the leaf that says that what a closed leaf stands for was erased; erasing again changes nothing.

    The fact is in the log before the first byte goes, so that nothing is ever gone without it; a crash in between
    is finished by the next start. Files are removed, not overwritten: what a disk keeps of them, and copies elsewhere,
    are beyond the program.

    Raises
    ------
    GoedeBuurError
        `closing-unknown`, `closing-undecided`, `closing-not-closed`; `closing-over` where it was opened, as it is
        public then.
    """
    terms.ground(ground, "erases", decided=decided)
    with record.lock():
        delivery.settle(record, now)
        _, view = _find(record, leaf, now)
        if view.state == closed.ERASED and view.by is not None:
            position = view.by
        else:
            _require_closed(view)
            position = _log(record, [closing.erasure(leaf, ground, OURSELVES, iso(now))])[0]
        closed.tidy(record)
    return position


def _log(record: Record, leaves: list[Leaf] | list[Leaf | ClosedLeaf] | list[ClosedLeaf]) -> tuple[int, ...]:
    positions = record.ledger.append(leaves)
    projection.catch_up(record)
    return tuple(positions)


def _same(record: Record, prepared: Prepared, wanted: tuple[str, str, str]) -> int | None:
    """Return the leaf that stands for this delivery on these terms; None where it is new.

    Raises
    ------
    GoedeBuurError
        `closing-known` where it is public, or closed on other terms.
    """
    public = record.catalogue.submission(prepared.id)
    if public is not None:
        raise _known(public, "It is public already.")
    openings = Openings(record.data_dir, record.evidence.fs)
    for view in closed.every(record):
        leaf = record.ledger.leaf(view.leaf)
        if view.state != closed.CLOSED or not isinstance(leaf, ClosedLeaf):
            continue
        if not openings.folder(leaf.commitment).is_dir():
            continue
        header, _ = openings.header(leaf.commitment, leaf)
        payload: Mapping[str, Any] = header.payload or {}
        if (payload.get("sha256"), header.adapter) != (prepared.sha256, prepared.adapter):
            continue
        if (leaf.opens, leaf.role, leaf.ground) == wanted and header.submitter == prepared.submitter:
            return view.leaf
        raise _known(view.leaf, "It is closed on other terms: postpone, open or erase that leaf.")
    return None


def _header(kept: Evidence, prepared: Prepared, now: datetime, reason: str, size: int) -> Leaf:
    """Return the header to commit to, once all that it names is in the closed evidence.

    Its inputs have `covers`, `named`, `catalogue` and `size` of the log: with the rows they are all that is needed to
    deliver it later, whatever becomes of the parser.
    """
    kept.put_payload(prepared.data)
    told = kept.put_records(asdict(one) for one in prepared.catalogue) if prepared.catalogue else None
    rows = kept.put_rows(prepared.rows, {}) if prepared.rows.height else None
    period = preparing.span(prepared.rows)
    stored = len(prepared.catalogue) if prepared.release else prepared.rows.height
    counts = {"stored": stored, "unchanged": 0, "values_in": prepared.values_in}
    return Leaf(
        kind="catalogue" if prepared.release else "observations",
        submitter=prepared.submitter,
        adapter=prepared.adapter,
        received=iso(now),
        payload={"name": prepared.name, "sha256": prepared.sha256, "size": len(prepared.data)},
        batch=_plain(told if prepared.release else rows),
        series=tuple(sorted(prepared.rows["series"].unique().to_list())),
        period=_pair(period),
        reason=reason,
        counts=counts | {f"skipped:{why}": number for why, number in sorted(prepared.skipped.items())},
        inputs={
            CATALOGUE: None if prepared.release else _plain(told),
            "covers": _pair(prepared.covers),
            "named": list(prepared.named),
            "size": size,
        },
    )


def _delivered(held: Held) -> Prepared:
    """Return a closed delivery as it was when it was closed, ready to be compared with what is held now."""
    header, inputs = held.header, held.header.inputs or {}
    assert header.payload is not None
    release = header.kind == "catalogue"
    told = header.batch if release else inputs[CATALOGUE]
    rows = held.evidence.rows(header.batch["sha256"]) if header.batch is not None and not release else None
    covers = inputs["covers"]
    skipped = {name.removeprefix("skipped:"): n for name, n in header.counts.items() if name.startswith("skipped:")}
    adapter = adapters.REGISTRY.get(header.adapter.partition("/")[0])
    return Prepared(
        data=held.evidence.payload(header.payload["sha256"]),
        name=header.payload["name"],
        sha256=header.payload["sha256"],
        adapter=header.adapter,
        submitter=header.submitter,
        title=adapter.title if adapter is not None else "",
        rows=preparing.no_rows() if rows is None else preparing.converted(rows),
        catalogue=tuple(
            CatalogueRecord(**one) for one in (held.evidence.records(told["sha256"]) if told is not None else ())
        ),
        named=tuple(inputs["named"]),
        covers=Period(*map(datetime.fromisoformat, covers)) if covers is not None else None,
        values_in=header.counts["values_in"],
        skipped=skipped,
        release=release,
    )


def _leaves(record: Record, staged: Evidence, held: Held, now: datetime) -> list[Leaf]:
    """Return the leaves of an opened delivery, compared with what is held now; their batches are staged only."""
    prepared = _delivered(held)
    aside = replace(record, evidence=staged)
    described = sequencing.catalogue_leaf(aside, prepared, now, held.header.reason)
    leaves = [described] if described is not None else []
    if not prepared.release:
        found = sequencing.difference(record, prepared, Unprojected())
        leaves += sequencing.observation_leaves(aside, prepared, found, now, held.header.reason)
    return leaves


def _publish(record: Record, held: Held, staged: Evidence, leaves: list[Leaf]) -> None:
    """Put what was closed, and what the leaves name, into the public evidence."""
    assert held.header.payload is not None
    record.evidence.put_payload(held.evidence.payload(held.header.payload["sha256"]))
    for sha in batches(held.header):
        record.evidence.adopt(held.evidence, sha)
    for leaf in leaves:
        if leaf.batch is not None:
            record.evidence.adopt(staged, leaf.batch["sha256"])


def _find(record: Record, leaf: int, now: datetime) -> tuple[ClosedLeaf, ClosedView]:
    view = closed.find(record, leaf, today=closed.civil_day(now))
    found = record.ledger.leaf(leaf) if view is not None else None
    if view is None or not isinstance(found, ClosedLeaf):
        raise GoedeBuurError(
            NOT_CLOSED,
            "This leaf was never closed.",
            value=str(leaf),
            hint="`goedebuur record closed` lists those that were.",
        )
    return found, view


def _require_closed(view: ClosedView) -> None:
    if view.state != closed.CLOSED:
        raise GoedeBuurError(
            OVER,
            f"This leaf was {view.state} by leaf {view.by}.",
            value=str(view.leaf),
            hint="What is opened is public for good; what is erased is gone for good.",
        )


def _terms(opens: date, role: str, ground: str, now: datetime, reason: str, decided: bool) -> terms.Term:
    """Return the ground, once role, reason and day were found to be ones that can stand in a leaf."""
    found = terms.ground(ground, "closes", decided=decided)
    terms.term("roles", role)
    if reason:
        terms.term("reasons", reason, "corrects")
    _require_day(opens, now)
    return found


def _require_day(day: date, now: datetime) -> None:
    today = closed.civil_day(now)
    if not today < day <= today + LONGEST:
        raise _bad_date(day, f"Give a day after {today}, and no later than {today + LONGEST}.")


def _bad_date(day: date, hint: str) -> GoedeBuurError:
    return GoedeBuurError(
        BAD_DATE, "This is no day on which a closed leaf can be opened.", value=day.isoformat(), hint=hint
    )


def _known(leaf: int, hint: str) -> GoedeBuurError:
    return GoedeBuurError(KNOWN, f"This delivery is in the record already, as leaf {leaf}.", place="file", hint=hint)


def _plain(batch: BatchRef | None) -> dict[str, Any] | None:
    return batch.as_dict() if batch is not None else None


def _pair(period: Period | None) -> tuple[str, str] | None:
    return (iso(period.start), iso(period.end)) if period is not None else None
