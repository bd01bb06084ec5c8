"""The rows of a batch as blocks of text under a small Merkle tree: how one row is shown to be in a batch.

A batch is a Parquet file, which a reader with nothing but a browser cannot take apart. Its leaf therefore also names
the root of a tree (RFC 6962 hashing) over the same rows written out: one block for each series and calendar month in
UTC, in order of series and month. A row is proven by its block, some seven hundred lines, and a short path.

Of a batch of records (JSON lines) each line is a block.

A block of rows is UTF-8 text, each line ending in a line break:

    goedebuur block 1
    NL49553.pm10.1h
    2021-03
    1614553200000000<TAB>3600<TAB>2703<TAB>2<TAB>µg/m³<TAB>0<TAB>

Line by line: form and version; series; month of the start; then the rows by start and step: start [µs since 1970 UTC],
step [s], digits of the value without the point (nothing in a tombstone), number of decimals, unit as reported, flags,
and the remark with `=` before it (nothing where there is none; backslash, tab, line feed and carriage return written
as `\\\\`, `\\t`, `\\n`, `\\r`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.ledger.tree import Tree, leaf_hash

if TYPE_CHECKING:
    import polars as pl

BLOCK_UNREADABLE: Final = declare("leaf-block-unreadable", "A block of rows is not in the form that blocks have.")

HEADING: Final = "goedebuur block 1"
_ESCAPES: Final = (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"))
_WRITTEN: Final = {"\\": "\\", "t": "\t", "n": "\n", "r": "\r"}
_COLUMNS: Final = 7
_NUMBER: Final = re.compile(r"0|-?[1-9][0-9]{0,18}")
_MAX_DECIMALS: Final = 18
"""What fits in the digits of a 64-bit number."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a block: what was reported, digit for digit.

    Parameters
    ----------
    start
        Start of the step. [µs since 1970 UTC]
    step
        Length. [s]
    value, decimals
        The reported digits as a whole number, and how many of them are decimals; None for a value that was withdrawn.
    unit
        As reported.
    flags
        See `goedebuur.core.base.flags`.
    remark
        The supplier's words, None without.
    """

    start: int
    step: int
    value: int | None
    decimals: int
    unit: str
    flags: int
    remark: str | None


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of one series and month (`2021-03`, of the start in UTC), by start and step."""

    series: str
    month: str
    rows: tuple[Row, ...]


def texts(rows: pl.DataFrame) -> Iterator[tuple[str, str, bytes]]:
    """Yield series, month and text of each block, in order.

    Parameters
    ----------
    rows
        Columns series, start, step, value, decimals, unit, flags and remark, sorted by series, start and step.
    """
    import polars as pl

    remark = pl.col("remark")
    if rows["remark"].null_count() < rows.height:
        for plain, written in _ESCAPES:
            remark = remark.str.replace_all(plain, written, literal=True)
    cells = [
        pl.col("start").dt.epoch("us").cast(pl.String),
        pl.col("step").cast(pl.String),
        pl.col("value").cast(pl.String).fill_null(""),
        pl.col("decimals").cast(pl.String),
        pl.col("unit"),
        pl.col("flags").cast(pl.String),
        (pl.lit("=") + remark).fill_null(""),
    ]
    month = pl.col("start").dt.year().cast(pl.Int32) * 100 + pl.col("start").dt.month()
    lines = rows.select("series", month=month, line=pl.concat_str(cells, separator="\t"))
    blocks = lines.group_by("series", "month", maintain_order=True).agg(pl.col("line").str.join("\n"))
    for series, number, body in blocks.iter_rows():
        name = f"{number // 100:04d}-{number % 100:02d}"
        yield series, name, f"{HEADING}\n{series}\n{name}\n{body}\n".encode()


def of_rows(rows: pl.DataFrame) -> Tree:
    """Return the tree over the blocks of these rows, see :func:`texts`."""
    return of_lines(text for _, _, text in texts(rows))


def of_lines(lines: Iterable[bytes]) -> Tree:
    """Return the tree over these texts: blocks of rows, or the lines of a batch of records, line break included."""
    found = Tree()
    for line in lines:
        found.append(leaf_hash(line))
    return found


def parse(text: bytes) -> Block:
    """Return the block in a text.

    Raises
    ------
    GoedeBuurError
        `leaf-block-unreadable`.
    """
    try:
        heading, series, month, *lines, last = text.decode().split("\n")
        if heading != HEADING or last or not lines:
            raise ValueError("not a block")
        return Block(series, month, tuple(_row(line) for line in lines))
    except ValueError as error:
        raise GoedeBuurError(
            BLOCK_UNREADABLE, "This is not a block of rows.", value=f"{error}: {text[:40]!r}"
        ) from None


def _row(line: str) -> Row:
    cells = line.split("\t")
    if len(cells) != _COLUMNS:
        raise ValueError(f"a row has {_COLUMNS} cells")
    start, step, value, decimals, unit, flags, remark = cells
    places = _whole(decimals)
    if not 0 <= places <= _MAX_DECIMALS:
        raise ValueError(f"a row has 0 to {_MAX_DECIMALS} decimals")
    number = _whole(value) if value else None
    return Row(_whole(start), _whole(step), number, places, unit, _whole(flags), _plain_remark(remark))


def _whole(text: str) -> int:
    """Return the number in its one form: what another reader could take for something else is no number."""
    if not _NUMBER.fullmatch(text):
        raise ValueError("a whole number is expected")
    return int(text)


def _plain_remark(text: str) -> str | None:
    if not text:
        return None
    if text[0] != "=":
        raise ValueError("a remark begins with =")
    parts = iter(text[1:])
    plain = []
    for character in parts:
        if character == "\\":
            written = next(parts, "")
            if written not in _WRITTEN:
                raise ValueError("an escape that is not known")
            character = _WRITTEN[written]
        plain.append(character)
    return "".join(plain)
