"""Reports of measurements as a file: JSON, or a table with a row a partial measurement; every fault is found.

    {"format": "goedebuur-measurement/1", "reports": [{…}, …]}

The table has the same fields by column: those of the report in every one of its rows, and in `kind` what the row holds
(`sample`, `pair`, `reference_material`, `reading`). Substance and reference conditions have a column for each part:
`substance`, `substance_id`, `cas`; `oxygen`, `dry`, `temperature`, `pressure`. Columns that say nothing may be absent.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from goedebuur.core.base import plain
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.emissions.measuring.reports import GasReading, OnReference, ParallelPair, Report, Sample

FORMAT: Final = "goedebuur-measurement/1"
MARK: Final = "report"
"""The first column of the table."""
PARTS: Final[Mapping[str, tuple[str, type[Any]]]] = {
    "sample": ("samples", Sample),
    "pair": ("pairs", ParallelPair),
    "reference_material": ("reference_materials", OnReference),
    "reading": ("readings", GasReading),
}
"""What a row of the table may hold → field of the report, and its record."""
OF_REPORT: Final = (
    *("site", "emission_point", "purpose", "bureau", "standard", "unit", "stream", "accreditation", "load_unit"),
    *("limit", "share", "limit_source", "zero", "function", "sigma_zero", "sigma_span", "found", "document"),
    "simulated",
)
OF_SUBSTANCE: Final = {"substance": "name", "substance_id": "id", "cas": "cas"}
OF_REFERENCE: Final = ("oxygen", "dry", "temperature", "pressure")
_TRUTHS: Final = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Read:
    """What was read: the reports, or every fault.

    Parameters
    ----------
    unreadable
        Why it is no file with reports at all; None where it is one.
    """

    reports: tuple[Report, ...]
    faults: tuple[GoedeBuurError, ...] = ()
    unreadable: GoedeBuurError | None = None


def no_file(message: str, place: str = "", value: object = "", hint: str = "") -> Read:
    """Return what is read of a file that is none with reports."""
    return Read((), unreadable=plain.fault(place, message, value, hint))


def from_json(text: str) -> Read:
    """Return the reports in a JSON text."""
    try:
        body = json.loads(text)
    except (ValueError, RecursionError) as error:
        return no_file("This is not JSON.", "", error, "Write it in UTF-8, and whole.")
    if not isinstance(body, Mapping) or body.get("format") != FORMAT or not isinstance(body.get("reports"), list):
        hint = f'Expected is {{"format": "{FORMAT}", "reports": […]}}.'
        return no_file("This is no file with reports.", "format", "", hint)
    faults: list[GoedeBuurError] = []
    for name in sorted(set(body) - {"format", "reports"}):
        faults.append(plain.fault(name, "There is no field of this name."))
    return _read(body["reports"], [f"reports[{number}]" for number in range(len(body["reports"]))], faults)


def from_table(text: str) -> Read:
    """Return the reports in a table, in the order in which they begin."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [cell.strip() for cell in next(reader, [])]
        faults = _header(header)
        if faults:
            return Read((), tuple(faults))
        rows = list(reader)
    except csv.Error as error:
        return no_file("This table cannot be read.", "", error, "Save it as CSV with commas, in UTF-8.")
    if not text.endswith("\n"):
        return no_file("The file ends in the middle of a line.", f"line {len(rows) + 1}", "", "Make the file anew.")
    bodies: dict[str, dict[str, Any]] = {}
    places: dict[str, str] = {}
    for line, cells in enumerate(rows, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            faults.append(plain.fault(f"line {line}", f"The row has {len(cells)} cells, the header {len(header)}."))
            continue
        told = {name: cell.strip() for name, cell in zip(header, cells, strict=True) if cell.strip()}
        name = told.get(MARK, "")
        places.setdefault(name, f"line {line}")
        _row(told, bodies.setdefault(name, {"id": name}), f"line {line}", faults)
    if not bodies and not faults:
        faults.append(plain.fault("line 2", "The file ends after its header."))
    return _read(list(bodies.values()), list(places.values()), faults)


def _header(header: Sequence[str]) -> list[GoedeBuurError]:
    known = {MARK, "kind", *OF_REPORT, *OF_SUBSTANCE, *OF_REFERENCE}
    for _, made in PARTS.values():
        known |= set(plain.parts(made))
    found = [
        plain.fault("line 1", "There is no column of this name.", name, f"Known: {', '.join(sorted(known))}.")
        for name in dict.fromkeys(header)
        if name not in known
    ]
    twice = [name for name, number in Counter(header).items() if number > 1]
    found += [plain.fault("line 1", "A column is there twice.", name) for name in twice]
    found += [plain.fault("line 1", "A column must be there.", name) for name in (MARK, "kind") if name not in header]
    return found


def _row(told: Mapping[str, str], body: dict[str, Any], line: str, faults: list[GoedeBuurError]) -> None:
    """Add what a row says to the plain object of its report."""
    kind = told.get("kind", "")
    if kind not in PARTS:
        hint = f"Choose from: {', '.join(PARTS)}."
        faults.append(plain.fault(f"{line}, kind", "This is no kind of row.", kind, hint))
        return
    said: dict[str, Any] = {name: _truth(told[name]) for name in OF_REPORT if name in told}
    substance = {part: told[name] for name, part in OF_SUBSTANCE.items() if name in told}
    reference = {name: _truth(told[name]) for name in OF_REFERENCE if name in told}
    said |= {"substance": substance} if substance else {}
    said |= {"reference": reference} if reference else {}
    for name, value in said.items():
        if body.setdefault(name, value) != value:
            faults.append(plain.fault(f"{line}, {name}", "An earlier row of this report says otherwise.", value))
    where, made = PARTS[kind]
    own = set(plain.parts(made))
    for name in told:
        if name not in own and name not in {MARK, "kind", *OF_REPORT, *OF_SUBSTANCE, *OF_REFERENCE}:
            faults.append(plain.fault(f"{line}, {name}", f"A row of the kind {kind} has no such cell.", told[name]))
    part = {name: _truth(told[name]) for name in plain.parts(made) if name in told}
    if plain.read(made, part, faults, line) is not None:
        body.setdefault(where, []).append(part)


def _truth(text: str) -> str | bool:
    return _TRUTHS.get(text, text)


def _read(bodies: Sequence[object], places: Sequence[str], faults: list[GoedeBuurError]) -> Read:
    """Return the reports in plain objects; two of one name are a fault."""
    found: list[Report] = []
    if not bodies and not faults:
        faults.append(plain.fault("reports", "There is no report in it."))
    seen: set[str] = set()
    for body, place in zip(bodies, places, strict=True):
        report = plain.read(Report, body, faults, place)
        if report is None:
            continue
        if report.id in seen:
            faults.append(plain.fault(f"{place}.id", "Two reports have the same identifier.", report.id))
        seen.add(report.id)
        found.append(report)
    return Read((), tuple(faults)) if faults else Read(tuple(found), ())
