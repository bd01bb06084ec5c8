"""Simulated files in the layout of a real supplier: parsed by that supplier's parser, and marked as simulated.

Such a file says `SIMULATIE` where the real one names its export or its source. Every value gets the flag
`SIMULATED`, and the submitter is `simulatie`, so that no page can show it as measured.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Final

import polars as pl

from goedebuur.adapters import payloads
from goedebuur.adapters.base import Adapter, Anything, Client, Fetched, FetchRequest, no_download
from goedebuur.core.base import errors, rulebook
from goedebuur.core.base.flags import Flag
from goedebuur.core.measurements.records import CatalogueRecord, Parsed

OPERATOR: Final = "Simulatie"
MARKS: Final = tuple(mark.encode() for mark in payloads.SIMULATED_MARKS)


_BOOK: Final = rulebook.area(
    "simulated",
    "Gesimuleerde bestanden",
    "Simulated files",
    rulebook.own("gesimuleerde waarden heten overal zo", "simulated data is labelled so wherever it is shown"),
    "tests/rulebook/test_other_formats.py::test_refused",
)
SAYS_SO: Final = _BOOK.refuse(
    "says-so",
    errors.NOT_THIS_FORMAT,
    "Een gesimuleerd bestand zegt dat zelf, en heeft de vorm van een bekende leverancier.",
    "A simulated file says so itself, and is in the layout of a known supplier.",
)
MARKED: Final = _BOOK.flag(
    "value",
    "SIMULATED",
    "Elke waarde van een gesimuleerd bestand heeft dat merk.",
    "Each value of a simulated file has that mark.",
    test="tests/rulebook/test_other_formats.py::test_every_value_of_a_simulated_file_is_marked",
)


class Simulated:
    """Adapter of simulated files.

    Parameters
    ----------
    layouts
        Adapters of the real layouts, asked in this order.
    """

    id: Final = "simulated"
    version: Final = 1
    submitter: Final = "simulatie"
    title: Final = "Simulated files in a real supplier's layout"
    downloads: Final = False

    def __init__(self, layouts: tuple[Adapter, ...]) -> None:
        self._layouts = layouts

    def recognises(self, name: str, head: bytes) -> bool:
        """Return whether the file says that it is simulated."""
        return any(mark in head for mark in MARKS) and self._layout(name, head) is not None

    def fetch(self, client: Client, request: FetchRequest) -> Iterator[Fetched]:
        """Raise: simulated files are made, not downloaded."""
        raise no_download(self.id)

    def parse(self, data: bytes, name: str) -> Anything:
        """Return what the layout's own parser returns, with every measured value marked as simulated.

        A release has no flags: that the submitter is `simulatie` tells it.
        """
        head = payloads.head_of(data, name)
        layout = self._layout(name, head)
        if layout is None or not any(mark in head for mark in MARKS):
            raise SAYS_SO.error(
                "This file does not say that it is simulated, or is in no layout known here.",
                place=name,
                value=head[:60].decode("latin-1"),
                hint="A simulated file carries the word SIMULATIE as its export or source.",
            )
        plain = payloads.decompress(data, name)
        for mark in MARKS:
            plain = plain.replace(mark, mark.replace(b"SIMULATIE", b"simulatie"))  # its parser refuses the mark itself
        parsed = layout.parse(plain, name)
        if not isinstance(parsed, Parsed):
            return parsed
        never = int(Flag.VALIDATED | Flag.PROVISIONAL)
        flags = (((pl.col("flags") | never) - never) | int(Flag[MARKED.code])).cast(pl.Int32).alias("flags")
        catalogue = tuple(_nobodys(record) for record in parsed.catalogue)
        return dataclasses.replace(parsed, observations=parsed.observations.with_columns(flags), catalogue=catalogue)

    def _layout(self, name: str, head: bytes) -> Adapter | None:
        return next((layout for layout in self._layouts if layout.recognises(name, head)), None)


def _nobodys(record: CatalogueRecord) -> CatalogueRecord:
    """Return the record without the real operator that the layout's parser fills in."""
    if record.kind != "station":
        return record
    return dataclasses.replace(record, body={**record.body, "operator": OPERATOR})
