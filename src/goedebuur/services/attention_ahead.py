"""What stands out at each site, worked out ahead and kept: what has to be read out of raw values, permits and reports.

Kept is a projection (`projections/attention.sqlite3`), which can be thrown away. :func:`refresh` makes it again for the
sites about which a leaf came since; `goedebuur stack attention` does that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from goedebuur.core.base.amsterdam import AMSTERDAM
from goedebuur.core.base.periods import iso
from goedebuur.core.expectations import expected
from goedebuur.core.ledger.leaves import ClosedLeaf
from goedebuur.services import emission_results, projection, site_views, streams
from goedebuur.services.attention_sites import Brief, Detail, work_out
from goedebuur.store.attention import AttentionTable, Kept

if TYPE_CHECKING:
    from goedebuur.services.record import Record
    from goedebuur.services.site_views import SiteView

AGAIN_AFTER: Final = timedelta(days=7)
"""After how long a site is worked out again though nothing came: the law that holds changes with the day."""


@dataclass(frozen=True, slots=True)
class Step:
    """One site that was worked out, and how many of all are done."""

    site: str
    done: int
    total: int


def refresh(record: Record, now: datetime, *, every_site: bool = False) -> Iterator[Step]:
    """Work out the sites about which something came since they were; each step is complete in itself.

    Parameters
    ----------
    every_site
        Whether to work out all of them.
    """
    table, size = table_of(record), record.projected
    known = {one.id: one for one in site_views.every(record).values() if one.leaf is not None}
    marked = table.mark()
    whole = every_site or not marked or marked > size
    changed = set(known) if whole else touched(record, known, marked, size)
    table.touch(known, changed, size)
    before = iso(now - AGAIN_AFTER)
    todo = [one for one in table.sites() if every_site or one.old or one.made_at < before or brief(one) is None]
    for done, one in enumerate(todo, 1):
        found = work_out(record, known[one.id], now.astimezone(AMSTERDAM).date())
        table.put(one.id, size, iso(now), *map(msgspec.json.encode, found))
        yield Step(one.id, done, len(todo))


def table_of(record: Record) -> AttentionTable:
    """Return where what is worked out ahead is kept."""
    return AttentionTable(record.data_dir / "projections" / "attention.sqlite3")


def touched(record: Record, known: Mapping[str, SiteView], start: int, stop: int) -> set[str]:
    """Return the sites about which leaves from `start` up to `stop` say anything; new tables of rules are about all."""
    member = {name: one.id for one in known.values() for name in one.members}
    facility = {part.value: one.id for one in known.values() for part in one.facilities}
    of_series = streams.by_series(record)
    of_stream = {one.id: one.site for ones in of_series.values() for one in ones}
    named: set[str] = set()
    for leaf in record.ledger.leaves(start, stop):
        if isinstance(leaf, ClosedLeaf):
            continue
        if leaf.kind == "rules":
            return set(known)
        if leaf.kind in projection.OBSERVATION_KINDS:
            named |= {one.site for series in leaf.series for one in of_series.get(series, ())}
        elif (leaf.inputs or {}).get("result") == emission_results.RESULT:
            named.add(str((leaf.inputs or {})["site"]))
    for kind, name, body in record.catalogue.entered(start, stop):
        about = [name if kind == "site" else body.get("site"), body.get("keep"), body.get("gone")]
        about += [of_stream.get(str(body.get("stream"))), facility.get(str(body.get("facility")))]
        named |= {one for one in about if one}
        if kind == expected.KIND:
            fitting = expected.read(body).among(of_series)
            named |= {one.site for series in fitting for one in of_series.get(series, ())}
    return {member.get(one, one) for one in named} & known.keys()


def brief(kept: Kept) -> Brief | None:
    """Return what is kept of a site for a list; None where nothing is, or what another version of the program kept."""
    try:
        return msgspec.json.decode(kept.brief, type=Brief) if kept.brief else None
    except msgspec.MsgspecError:
        return None


def kept(record: Record) -> tuple[tuple[Kept, Brief | None], ...]:
    """Return all sites with what is kept of each for a list, read once for as long as the file stays as it is."""
    table = table_of(record)
    return _read(table.path, table.stamp())


@lru_cache(maxsize=2)
def _read(path: Path, stamp: bytes) -> tuple[tuple[Kept, Brief | None], ...]:
    return tuple((one, brief(one)) for one in AttentionTable(path).sites())


def detail(record: Record, site: str) -> Detail:
    """Return each thing that stands out at a site, as it is kept."""
    return msgspec.json.decode(table_of(record).detail(site), type=Detail)
