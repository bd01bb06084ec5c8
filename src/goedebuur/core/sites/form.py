"""Sites and what belongs to them as fields of catalogue records and of JSON, and back: strict on reading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeVar

from goedebuur.core.base import plain
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.sites import rules
from goedebuur.core.sites.history import malformed
from goedebuur.core.sites.records import (
    Authority,
    EmissionPoint,
    Installation,
    Operator,
    Site,
    SiteRecord,
)

KINDS: Final[Mapping[str, type[SiteRecord]]] = {
    "operator": Operator,
    "authority": Authority,
    "site": Site,
    "installation": Installation,
    "emission_point": EmissionPoint,
}
"""Kind of catalogue record → what it holds."""
Found = TypeVar("Found", Operator, Authority, Site, Installation, EmissionPoint)


def kind(made: type[SiteRecord]) -> str:
    """Return the kind of catalogue record that holds these."""
    return next(kind for kind, one in KINDS.items() if one is made)


def kind_of(one: SiteRecord) -> str:
    """Return the kind of catalogue record that a record is."""
    return kind(type(one))


def body(one: SiteRecord) -> dict[str, Any]:
    """Return the fields as the catalogue keeps them; a field that is left out is empty."""
    return plain.write(one)


def read(made: type[Found], said: Mapping[str, Any]) -> Found:
    """Return the record in the fields of a catalogue record.

    Raises
    ------
    GoedeBuurError
        The first fault.
    """
    return plain.require(made, said)


def read_list(rows: object) -> tuple[tuple[SiteRecord, ...], tuple[GoedeBuurError, ...]]:
    """Return the records in a list of JSON objects, each with its `record_kind`, and every fault in it.

    Where there is a fault, the list is not to be taken in.
    """
    if not isinstance(rows, list | tuple):
        return (), (malformed("This is not a list of records.", "", str(rows), rules.IS_LIST),)
    faults: list[GoedeBuurError] = []
    found: list[SiteRecord] = []
    for number, row in enumerate(rows):
        said = dict(row) if isinstance(row, Mapping) else {}
        name = said.pop("record_kind", "")
        made = KINDS.get(name) if isinstance(name, str) else None
        if made is None:
            told = f"A record says what it is: {', '.join(KINDS)}."
            faults.append(malformed(told, f"[{number}].record_kind", str(name), rules.SAYS_WHAT))
            continue
        one = plain.read(made, said, faults, f"[{number}]")
        if one is not None:
            found.append(one)
    return tuple(found), tuple(faults)
