"""Bounds on a spreadsheet before anything reads it: it comes from outside, and a small file can be made to harm.

A zip says of itself how large it is, and may lie: each part is unpacked once, counted. XML may declare entities that
grow, and a sheet may merge more cells than there is memory for, which the library that reads it takes one by one.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from typing import Any, Final
from xml.parsers import expat

from goedebuur.adapters import sheet_rules as rules
from goedebuur.core.base.errors import GoedeBuurError

_SPANNING: Final = ("mergeCell", "hyperlink")
_AREA: Final = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7}):\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_CHUNK: Final = 1 << 18


def require(archive: zipfile.ZipFile, name: str, most_parts: int = rules.MAX_PARTS) -> None:
    """Refuse a spreadsheet with more in it than one can have.

    Raises
    ------
    GoedeBuurError
        `input-too-large`; and what a damaged zip raises (`payloads.BROKEN`).
    """
    parts = archive.infolist()
    if len(parts) > most_parts:
        raise _bomb(name, f"{len(parts)} parts")
    total = 0
    for part in parts:
        looked = _Part(name, part.filename)
        with archive.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                total += len(chunk)
                if total > rules.MAX_UNPACKED:
                    raise _bomb(name, f"more than {rules.MAX_UNPACKED // 2**20} MiB unpacked")
                looked.at(chunk)


class _Part:
    """One part as it is unpacked; of XML, what it declares and spans. Whether it is well made others say."""

    def __init__(self, name: str, part: str) -> None:
        self.name, self.part, self.cells = name, part, 0
        self._parser: Any = None
        if part.lower().endswith((".xml", ".rels", ".vml")):
            self._parser = expat.ParserCreate()
            self._parser.StartDoctypeDeclHandler = self._doctype
            self._parser.StartElementHandler = self._element

    def at(self, chunk: bytes) -> None:
        """Look at what comes next."""
        if self._parser is not None:
            try:
                self._parser.Parse(chunk, False)
            except (expat.ExpatError, ValueError):
                self._parser = None  # it is read no further than this by any other either

    def _doctype(self, *_: object) -> None:
        raise _bomb(self.name, f"{self.part} declares entities")

    def _element(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag.rpartition(":")[2] not in _SPANNING:
            return
        area = _AREA.fullmatch(attributes.get("ref", "").strip().upper())
        if area is not None:
            left, top, right, bottom = _column(area[1]), int(area[2]), _column(area[3]), int(area[4])
            self.cells += (abs(right - left) + 1) * (abs(bottom - top) + 1)
            if self.cells > rules.MAX_MERGED:
                raise rules.FEW_MERGED.error(
                    "A sheet of this spreadsheet has too many cells that are merged.",
                    place=f"{self.name}, {self.part}",
                    value=f"more than {rules.MAX_MERGED}",
                    hint="Split the cells, or fill in a fresh template.",
                )


def _column(letters: str) -> int:
    """Return the number of a column.

    >>> _column("A"), _column("XFD")
    (1, 16384)
    """
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


def _bomb(name: str, value: str) -> GoedeBuurError:
    return rules.UNPACKED.error(
        "This spreadsheet unpacks to more than one can be.",
        place=name,
        value=value,
        hint="Fill in a fresh template.",
    )
