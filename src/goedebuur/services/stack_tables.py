"""Emission points and what belongs to them as one table set: out of the record, and into it.

A set that is written from the record and read again says exactly what the record says. A facility of the register that
nobody entered yet gives a set to begin with: what the register reports stands in it, and what is not known is empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from goedebuur.adapters import stack_tables
from goedebuur.adapters.stack_tables import EXPLANATION, SITE, SUBSTANCES, Table
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.emissions import form, rules, sheets
from goedebuur.core.emissions.form import StackRecord
from goedebuur.core.emissions.sheets import Fault, Found, Line, TableRecord
from goedebuur.core.sites.form import body as site_body
from goedebuur.core.sites.form import kind_of
from goedebuur.core.sites.history import latest
from goedebuur.core.sites.records import EmissionPoint, Installation, Site
from goedebuur.rules import substance_codes, substance_names
from goedebuur.services import inventory, site_decisions, site_import, sites, streams
from goedebuur.services.rule_record import SUBMITTER as OURSELVES

if TYPE_CHECKING:
    from goedebuur.services.record import Record

MISTAKES: Final = declare("stack-table", "A table set has mistakes; nothing of it was entered.")
FACTS: Final = ("cas", "eprtr", "eprtr_air_kg_a", "annex_ii", "zzs")
"""Columns of the sheet of substances that the program's own table decides."""
REPORTED: Final = ("reported_as", "reported_year", "reported")
SUBSTANCE_COLUMNS: Final = ("id", "name_nl", "name_en", *FACTS, "zzs_status", *REPORTED)
SITE_COLUMNS: Final = ("id", "name", "city", "latitude", "longitude", "x", "y", "activity")


@dataclass(frozen=True, slots=True)
class Checked:
    """A table set that was read: its records, every fault, and how many of each sheet are new, changed or the same."""

    records: tuple[Found, ...]
    faults: tuple[Fault, ...]
    counts: Mapping[str, Mapping[str, int]]


def export(record: Record, name: str, as_of: int | None = None) -> dict[str, Table]:
    """Return the table set of a site, or of a facility of the register.

    Raises
    ------
    GoedeBuurError
        `site-unknown`.
    """
    site = site_decisions.known_sites(record, as_of).get(name)
    if site is None:
        raise sites.unknown(Site, name)
    points = sites.every(record, EmissionPoint, as_of)
    own = streams.of_site(record, name, as_of)
    found: list[TableRecord] = [
        *(one for _, one in sorted(sites.every(record, Installation, as_of).items()) if one.site == name),
        *(one for _, one in sorted(points.items()) if one.site == name),
        *streams.abatement(record, name, as_of),
        *own,
        *(function for one in own for function in streams.functions(record, one.id, as_of)),
        *streams.processing(record, name, as_of),
    ]
    return _tables(found, _site_rows(site), list(_substances(_reported(record, site, as_of))))


def template() -> dict[str, Table]:
    """Return an empty table set, with the explanation of every column and the substances to choose from."""
    return _tables([], [], list(_substances({})))


def check(record: Record, data: bytes, name: str) -> Checked:
    """Return what a table set says and every fault in it, each with its sheet, row and column; nothing is written.

    Raises
    ------
    GoedeBuurError
        An `input-…` error where nothing of the file can be read, or it holds no row.
    """
    lines, faults = stack_tables.read(data, name)
    said = {title: rows for title, rows in lines.items() if title != SUBSTANCES}
    if not any(said.values()) and not faults:
        raise stack_tables.not_a_set(name)
    faults += _of_substances(lines.get(SUBSTANCES, ()))
    records, wrong = sheets.read(said)
    faults += wrong
    if not faults:
        faults += _against(record, records)
    ordered = sorted(faults, key=lambda one: (one.sheet, one.row, one.column))
    return Checked(tuple(records), tuple(ordered), _counts(record, records))


def enter(
    record: Record, checked: Checked, now: datetime, *, reason: str = "", submitter: str = OURSELVES
) -> int | None:
    """Return the leaf under which a table set was entered, all of it at once; None where it says nothing new.

    A site that only the register knows is entered with it, not looked at by a person yet.

    Raises
    ------
    GoedeBuurError
        `stack-table` for one with faults, and as :func:`streams.put`; nothing is written then.
    """
    for fault in checked.faults:
        raise mistakes(len(checked.faults), fault)
    ones = [one.record for one in checked.records]
    with record.lock():
        return streams.put(record, [*_proposed(record, ones), *ones], now, reason=reason, submitter=submitter)


def mistakes(count: int, first: Fault) -> GoedeBuurError:
    """Return the error of a table set with faults."""
    return GoedeBuurError(
        MISTAKES,
        f"The table set has {count} mistakes, the first: {first.error.message}",
        place=place(first),
        value=first.error.value,
        hint=first.error.hint or "Correct the cell, and give the file again.",
        check=first.error.check,
    )


def place(fault: Fault) -> str:
    """Return where a fault stands, in words."""
    parts = [f"sheet {fault.sheet}"]
    parts += [f"row {fault.row}"] if fault.row else []
    parts += [f"column {fault.column}"] if fault.column else []
    return ", ".join(parts)


def described() -> Iterator[tuple[str, str, str, str]]:
    """Yield sheet, column, what can stand there and what it means, of every column, from the records themselves."""
    for sheet in sheets.sheets():
        if sheet.below:
            yield sheet.name, sheets.ID, "text", f"record of {sheet.root} to which the row belongs; must be there"
            depth = "1, 2, 3 …" if "." not in sheet.below else "number of the row above, a point, and 1, 2, 3 …"
            yield sheet.name, sheets.NUMBER, depth, "order of the rows of one record; must be there"
        for column in sheet.columns:
            needed = "; must be there" if column.filled else ""
            yield sheet.name, column.name, _form(column), f"{_meaning(sheet, column)}{needed}"


# -- out of the record ----------------------------------------------------------------------------------------------


def _tables(found: Sequence[TableRecord], site: list[dict[str, str]], rows: list[dict[str, str]]) -> dict[str, Table]:
    written = sheets.write(found)
    explained = [dict(zip(("sheet", "column", "form", "meaning"), one, strict=True)) for one in described()]
    return {
        EXPLANATION: (("sheet", "column", "form", "meaning"), explained),
        SITE: (SITE_COLUMNS, site),
        **{one.name: (one.header, written[one.name]) for one in sheets.sheets()},
        SUBSTANCES: (SUBSTANCE_COLUMNS, rows),
    }


def _site_rows(site: Site) -> list[dict[str, str]]:
    names, cities, where = latest(site.names), latest(site.cities), latest(site.places)
    done = latest([one for one in site.activities if one.main]) or latest(site.activities)
    return [
        {
            "id": site.id,
            "name": names.value if names else "",
            "city": cities.value if cities else "",
            "latitude": where.latitude if where else "",
            "longitude": where.longitude if where else "",
            "x": where.x if where else "",
            "y": where.y if where else "",
            "activity": f"{done.list}:{done.code}" if done else "",
        }
    ]


def _reported(record: Record, site: Site, as_of: int | None) -> dict[str, tuple[int, str]]:
    """Return pollutant, as the register calls it → last year and amount that the facilities of a site reported."""
    claimed = {one.value for one in site.facilities}
    found: dict[str, tuple[int, str]] = {}
    for facility in inventory.facilities(record, as_of):
        for one in facility.releases if facility.id in claimed else ():
            if one.year >= found.get(one.pollutant, (0, ""))[0]:
                found[one.pollutant] = (one.year, f"{one.amount_text} {one.unit}")
    return found


def _substances(reported: Mapping[str, tuple[int, str]]) -> Iterator[dict[str, str]]:
    """Yield the rows of the table of substances, with what was reported; then what was reported and has no row."""
    names = {substance_codes.by_name().get(pollutant, ""): pollutant for pollutant in reported}
    for row in substance_names.names().rows:
        told = {"id": row.id, "name_nl": row.nl, "name_en": row.en, **_facts(row.id)}
        yield {**told, **_amount(names[row.id], reported)} if row.id in names else told
    for pollutant in sorted(reported):
        if pollutant not in substance_codes.by_name():
            yield {"id": "", "name_en": pollutant, **_amount(pollutant, reported)}


def _amount(pollutant: str, reported: Mapping[str, tuple[int, str]]) -> dict[str, str]:
    year, amount = reported[pollutant]
    return dict(zip(REPORTED, (pollutant, str(year), amount), strict=True))


def _facts(substance: str) -> dict[str, str]:
    row = substance_names.names().of_id(substance)
    codes = substance_codes.of(substance)
    schemes = (substance_codes.EPRTR, substance_codes.AIR, substance_codes.ANNEX_II, substance_codes.ZZS)
    told = [codes[one].code if one in codes else "" for one in schemes]
    status = codes[substance_codes.ZZS].status.value if substance_codes.ZZS in codes else ""
    return {**dict(zip(FACTS, (row.cas if row is not None else "", *told), strict=True)), "zzs_status": status}


# -- into the record ------------------------------------------------------------------------------------------------


def _of_substances(lines: Sequence[Line]) -> Iterator[Fault]:
    """Yield where a set says other of a substance than the table of the program: it would change nothing in silence."""
    for line in lines:
        name = line.cells.get("id", "")
        if not name:
            continue
        if substance_names.names().of_id(name) is None:
            told = rules.SUBSTANCE_KNOWN.error("The table of substances has no row of that name.", value=name)
            yield Fault(SUBSTANCES, line.row, "id", told)
            continue
        for column, known in _facts(name).items():
            said = line.cells.get(column, known)
            if said != known:
                hint = f"The table of the program has {known or 'nothing'}; a table set does not change it."
                told = rules.SUBSTANCE_SAME.error("The table of substances says otherwise.", value=said, hint=hint)
                yield Fault(SUBSTANCES, line.row, column, told)


def _against(record: Record, records: Sequence[Found]) -> Iterator[Fault]:
    """Yield by what the records of a set do not fit the record."""
    rows = {(type(one.record), one.record.id): one for one in records}
    ones = [one.record for one in records]
    coming = [*_proposed(record, ones), *ones]
    known = {*sites.every(record, Site), *(one.id for one in coming if isinstance(one, Site))}
    units = {*sites.every(record, Installation), *(one.id for one in ones if isinstance(one, Installation))}
    for found in records:
        one = found.record
        if isinstance(one, Installation | EmissionPoint) and one.site not in known:
            yield Fault(found.sheet, found.row, "site", sites.not_known(Site, one.site))
        for name in one.installations if isinstance(one, EmissionPoint) else ():
            if name not in units:
                yield Fault(found.sheet, found.row, "installations", sites.not_known(Installation, name))
        try:
            if isinstance(one, Installation | EmissionPoint):
                sites.complete(one)
        except GoedeBuurError as error:
            yield Fault(found.sheet, found.row, "", error)
    for fault in streams.check(record, coming):
        at = rows.get((fault.made, fault.name))
        column = re.sub(r"\[[0-9]+\].*", "", fault.field)
        yield Fault(at.sheet if at else "", at.row if at else 0, column, fault.told)


def _proposed(record: Record, ones: Sequence[TableRecord]) -> list[Site]:
    """Return the sites of a set that the record has not, and the register proposes."""
    held, offered = sites.every(record, Site), site_import.proposed(record)
    wanted = {one.site for one in ones if isinstance(one, Installation | EmissionPoint)}
    return [offered[name] for name in sorted(wanted) if name not in held and name in offered]


def _counts(record: Record, records: Sequence[Found]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for one in records:
        counts = found.setdefault(one.sheet, {"new": 0, "changed": 0, "unchanged": 0})
        kind, said = _written(one.record)
        held = record.catalogue.state(kind, ids=[one.record.id]).get(one.record.id)
        counts["new" if held is None else "unchanged" if held == said else "changed"] += 1
    return found


def _written(one: TableRecord) -> tuple[str, Mapping[str, Any]]:
    if isinstance(one, StackRecord):
        return form.kind(type(one)), form.body(one)
    try:
        return kind_of(one), site_body(sites.complete(one))
    except GoedeBuurError:
        return kind_of(one), site_body(one)


# -- what the columns mean ------------------------------------------------------------------------------------------


def _form(column: sheets.Column) -> str:
    from datetime import date
    from enum import StrEnum

    kind = sheets.plain_kind(column.kind)
    if issubclass(kind, StrEnum):
        told = ", ".join(kind)
    else:
        told = {bool: "yes, no", int: "whole number", date: "day as 2026-12-31"}.get(kind, "text")
        notes = getattr(column.kind, "__metadata__", ())
        told = notes[0].hint.rstrip(".") if notes and told == "text" else told
    return f"{told}; several with `|` between" if column.several else told


def _meaning(sheet: sheets.Sheet, column: sheets.Column) -> str:
    """Return what the documentation of the record says of a field: its paragraph in the list of parameters."""
    made: Any = sheet.made
    for name in column.path[:-1]:
        made = sheets.part(made, name)
    return _paragraphs(made.__doc__ or "").get(column.path[-1], "") or _IDENTITIES.get(column.path[-1], column.name)


_IDENTITIES: Final = {
    "id": "name of the record, never given to another",
    "site": "identifier of the site",
    "name": "what it is called",
    "stream": "name of the stream",
    "code": "number that the signal gives",
    "substances": "names in the sheet of substances",
    "installation": "identifier of the installation, where it belongs to one",
    "emission_point": "identifier of the emission point",
    "kind": "how the gas is cleaned, or kept from going out",
    "role": "what the signal tells of",
    "offset": "value of the function where the raw value is 0 [unit]",
    "slope": "by how much the value rises with the raw value [unit a raw unit]",
    "unit": "in which the value of the function is",
    "valid_from": "first day for which it holds; empty where that is not known",
    "valid_to": "last day for which it holds; empty while no end is known",
    "source": "who or what says so; no names of persons",
}
"""Of fields that the documentation of a record leaves to their name."""


def _paragraphs(doc: str) -> dict[str, str]:
    found: dict[str, str] = {}
    names: list[str] = []
    for line in doc.partition("Parameters\n")[2].splitlines()[1:]:
        if line.startswith("    References") or re.fullmatch(r"    -+", line):
            break
        if re.fullmatch(r"    [a-z_]+(, [a-z_]+)*", line):
            names = [one.strip() for one in line.split(",")]
        elif line.strip():
            for name in names:
                found[name] = f"{found.get(name, '')} {line.strip()}".strip()
    return {name: text.replace(":class:", "").replace(":data:", "").rstrip(".") for name, text in found.items()}
