"""Published verdicts on what left the stacks of a site: a leaf of kind `result` a site and year, with its receipt.

The lines say what each limit comes to. The short averages that were judged go with them as a Parquet file, so that
anyone can judge them again, and a verdict can be taken apart down to its half hours as it was published.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from goedebuur.core.base import canonical
from goedebuur.core.base.periods import iso
from goedebuur.core.compliance.emissions.formed import Formed
from goedebuur.core.compliance.emissions.headroom import Room
from goedebuur.core.compliance.emissions.outcomes import EmissionVerdict, Outcome
from goedebuur.core.emissions.streams import Stream
from goedebuur.core.emissions.tables import SHORT
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.services import projection, rule_record, stack_results
from goedebuur.services.emission_files import Averages
from goedebuur.services.emission_verdicts import SiteYear, assess

if TYPE_CHECKING:
    import polars as pl

    from goedebuur.services.record import Record

RESULT: Final = "emission-verdicts"
FORMAT: Final = "goedebuur-emission-verdicts/2"
TO_COME: Final = "to_come"
"""Of a line: how many of what is missing in the year had not happened yet when it was published."""


class Kept:
    """Short averages of another source, read once for each stream and kept."""

    def __init__(self, source: Averages) -> None:
        self.source = source
        self.found: dict[tuple[str, int], pl.DataFrame] = {}

    def short(self, stream: Stream, year: int) -> pl.DataFrame:
        """Return the short averages of a stream."""
        key = (stream.id, year)
        if key not in self.found:
            self.found[key] = self.source.short(stream, year)
        return self.found[key]

    def inputs(self) -> Sequence[str]:
        """Return the digests of the batches that were read."""
        return self.source.inputs()

    def frame(self) -> pl.DataFrame:
        """Return all that was read, in one order."""
        import polars as pl

        parts = [one.select(list(SHORT)) for one in self.found.values()]
        return pl.concat([pl.DataFrame(schema=SHORT), *parts]).sort("stream", "reference", "length", "start")


def as_records(found: SiteYear) -> list[dict[str, Any]]:
    """Return the verdicts as the lines of a result's batch: exact numbers as text."""
    lines: list[dict[str, Any]] = [
        {
            "type": "header",
            "format": FORMAT,
            "site": found.site,
            "year": found.year,
            "unmeasured": list(found.unmeasured),
            "shown": {name: str(value) for name, value in found.shown.items()},
        }
    ]
    for one in found.verdicts:
        key = (one.stream, one.requirement)
        told = _verdict(one, found.rooms.get(key), found.formed.get(key))
        lines.append(told | ({TO_COME: found.to_come[key]} if key in found.to_come else {}))
    for (stream, name, floor), outcome in sorted(found.alternatives.items()):
        lines.append({"type": "alternative", "stream": stream, "set": name, "floor": floor, **outcome.as_record()})
    for stream, hours in found.hours:
        told = {"outcome": str(hours.outcome), "hours": str(hours.hours), "hours_may": str(hours.hours_may)}
        told |= {"state": hours.state, "code": hours.code}
        row = {"row": hours.row, "bound": hours.bound, "allowed": hours.allowed}
        lines.append({"type": "hours", "stream": stream, **row, **told})
    for days in found.days:
        told = {"outcome": str(days.outcome), "requirement": days.requirement, "stream": days.stream}
        lines.append({"type": "days", **told, "days": days.days, "days_may": days.days_may, "allowed": days.allowed})
    for load in found.loads:
        periods = [one.as_record() for one in load.periods]
        asked = {"question_nl": load.question.nl, "question_en": load.question.en}
        lines.append(
            {"type": "load", "condition": load.condition, "substance": load.substance, "periods": periods, **asked}
        )
    lines += [{"type": "report", **one.as_record()} for one in found.periodic]
    return lines


def _verdict(one: EmissionVerdict, room: Room | None, formed: Formed | None) -> dict[str, Any]:
    """Return a verdict as a line; parts of which there is nothing to say are left out."""
    line = {
        "type": "verdict",
        "stream": one.stream,
        "requirement": one.requirement,
        "substance": one.substance,
        "averaging": str(one.averaging),
        "share": one.share,
        "over": one.over,
        "during": one.during,
        "unit": one.unit,
        "floor": one.floor,
        "alternative": one.alternative,
        "sources": list(one.sources),
        "articles": list(one.articles),
        "layers": list(one.layers),
        "question_nl": one.question.nl,
        "question_en": one.question.en,
        "year": one.year.as_record(),
        "periods": [each.as_record() for each in one.periods if each.outcome is not Outcome.NOT_JUDGED],
    }
    if room is not None:
        numbers = {name: str(getattr(room, name)) for name in ("value", "limit", "share")}
        line["room"] = {"start": room.start, "n": room.n, **numbers}
    if formed is not None:
        line["formed"] = formed.as_record()
    return line


def publish(
    record: Record, site: str, year: int, averages: Averages, now: datetime, shown: Mapping[str, Fraction] | None = None
) -> int:
    """Return the leaf under which the verdicts of a site and year are recorded, with the averages that were judged.

    The tables that judge are recorded first. Where the newest published result says the same of the same averages, its
    leaf is returned: that less of the year is still to come says nothing else.
    """
    rule_record.record_emission_rules(record, now)
    rule_record.record_regimes(record, now)
    kept = Kept(averages)
    found = assess(record, site, year, kept, shown=shown, at=now)
    lines, frame = as_records(found), kept.frame()
    same = [{name: value for name, value in line.items() if name != TO_COME} for line in lines]
    digest = canonical.sha256(canonical.encode({"lines": same}) + frame.write_csv().encode())
    last = next(published(record, site, year), None)
    if last is not None and last[1].get("figures_sha256") == digest:
        return last[0]
    data = _parquet(frame)
    with record.lock():
        leaf = Leaf(
            kind="result",
            submitter=rule_record.SUBMITTER,
            adapter="",
            received=iso(now),
            payload={
                "name": f"gemiddelden_{site}_{year}.parquet",
                "sha256": record.evidence.put_payload(data),
                "size": len(data),
            },
            batch=record.evidence.put_records(lines).as_dict(),
            supersedes=(last[0],) if last is not None else (),
            reason=stack_results.CHANGED if last is not None else "",
            counts={"verdicts": len(found.verdicts)},
            inputs=found.receipt.as_record() | {"figures_sha256": digest, "result": RESULT, "site": site, "year": year},
        )
        position = record.ledger.append([leaf])[0]
        projection.catch_up(record)
    return position


def _parquet(frame: pl.DataFrame) -> bytes:
    target = io.BytesIO()
    frame.write_parquet(target, compression="zstd")
    return target.getvalue()


def newest(record: Record, as_of: int | None = None) -> Mapping[str, Mapping[int, int]]:
    """Return site → year → the newest leaf with published verdicts."""
    return stack_results.newest(record, RESULT, as_of)


def outcomes(record: Record, leaf: int) -> Counter[str]:
    """Return how many limits that bind came to what in published verdicts."""
    held = record.ledger.leaf(leaf)
    assert isinstance(held, Leaf)
    lines = record.evidence.records(str((held.batch or {})["sha256"]))
    return Counter(str(one["year"]["outcome"]) for one in lines if one["type"] == "verdict" and not one["floor"])


def published(
    record: Record, site: str, year: int | None, as_of: int | None = None
) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield (leaf, what it says of how it was made) of the published verdicts of a site, newest first.

    Parameters
    ----------
    year
        Of one year; None for all.
    """
    for position, told in stack_results.every(record, RESULT, as_of):
        if told["site"] == site and year in (None, told.get("year")):
            yield position, told
