"""Bytes as received, made plain within limits: packing, size, length of a line, encoding.

A packed file may unpack to anything and a line may have any length, so both are bounded *while* reading: a line of
two gigabytes is refused after its first mebibyte.
"""

from __future__ import annotations

import codecs
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final

from goedebuur.core.base import errors, rulebook
from goedebuur.core.base.errors import GoedeBuurError, declare

MAX_PAYLOAD: Final = 256 * 2**20
"""Largest file taken in one delivery. [byte]"""
MAX_PLAIN: Final = 1024 * 2**20
"""Largest content of a packed file. [byte]"""
MAX_LINE: Final = 2**20
"""Longest line of any format read here. [byte] The widest RIVM file has 8 kB, a page of Luchtmeetnet 15 kB."""
HEAD: Final = 2**16
WIDE: Final = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
"""How text in a wide encoding begins; the longest first, since one begins as another does."""
_CHUNK: Final = 2**18
_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = b"PK\x03\x04"

SIMULATED_MARKS: Final = ("Export;SIMULATIE", "BRON: SIMULATIE", "\tSIMULATIE\t", "# source: SIMULATIE")
"""How a simulated file says so, where the real one names its export, its source or (in the register) its country."""

TOO_LARGE: Final = declare("input-too-large", "The delivered file is larger than one delivery may be.")
SIMULATED: Final = declare("input-simulated", "A simulated file was delivered as if it were measured.")
BAD_ARCHIVE: Final = declare("input-archive", "The packed file is damaged, or holds another number of files than one.")

_BOOK: Final = rulebook.area(
    "payload",
    "Het bestand zelf",
    "The file itself",
    rulebook.own(
        "wat van buiten komt is begrensd en uitgepakt voor iets het leest",
        "what comes from outside is bounded and made plain before anything reads it",
    ),
    "tests/rulebook/test_payloads.py::test_refused",
)
NOT_EMPTY: Final = _BOOK.refuse(
    "not-empty", errors.EMPTY_INPUT, "In het bestand staat iets.", "The file holds something."
)
SIZE: Final = _BOOK.refuse(
    "size",
    TOO_LARGE,
    f"Het bestand is ten hoogste {MAX_PAYLOAD // 2**20} MiB, en uitgepakt ten hoogste {MAX_PLAIN // 2**20} MiB.",
    f"The file has at most {MAX_PAYLOAD // 2**20} MiB, and at most {MAX_PLAIN // 2**20} MiB unpacked.",
)
LINE: Final = _BOOK.refuse(
    "line-length",
    errors.LINE_TOO_LONG,
    f"Geen regel is langer dan {MAX_LINE // 2**20} MiB.",
    f"No line is longer than {MAX_LINE // 2**20} MiB.",
)
ARCHIVE: Final = _BOOK.refuse(
    "archive-whole",
    BAD_ARCHIVE,
    "Een ingepakt bestand is heel.",
    "A packed file is whole.",
    basis=rulebook.described("RFC 1952 (gzip); PKWARE APPNOTE (zip)"),
)
ONE_FILE: Final = _BOOK.refuse(
    "archive-one-file", BAD_ARCHIVE, "In een zip zit precies één bestand.", "A zip holds exactly one file."
)
GZIP_END: Final = _BOOK.refuse(
    "gzip-end",
    errors.TRUNCATED_INPUT,
    "Een gzip-bestand loopt door tot het eind van zijn inhoud.",
    "A gzip file goes on to the end of its content.",
    basis=rulebook.described("RFC 1952, 2.3.1: CRC32 and ISIZE end each member"),
)
NO_WEB_PAGE: Final = _BOOK.refuse(
    "no-web-page",
    errors.NOT_THIS_FORMAT,
    "Het bestand is geen webpagina.",
    "The file is no web page.",
    basis=rulebook.own(
        "meestal gaat een download mis doordat het adres een foutpagina geeft",
        "an address that gives an error page is how most downloads go wrong",
    ),
)
NOT_WIDE: Final = _BOOK.refuse(
    "no-utf-16",
    errors.BAD_ENCODING,
    "De tekst begint niet met het teken van UTF-16 of UTF-32.",
    "The text does not begin with the mark of UTF-16 or UTF-32.",
    basis=rulebook.standard("Unicode Standard, 23.8: byte order mark"),
)
NO_ZERO: Final = _BOOK.refuse(
    "no-zero-byte",
    errors.BAD_ENCODING,
    "In de tekst staan geen nulbytes.",
    "There are no zero bytes in the text.",
)
ENCODED: Final = _BOOK.refuse(
    "encoding",
    errors.BAD_ENCODING,
    "Alle tekens zijn te lezen in de codering van het formaat.",
    "All characters can be read in the encoding of the format.",
)
NOT_SIMULATED: Final = _BOOK.refuse(
    "not-simulated",
    SIMULATED,
    "Een gesimuleerd bestand wordt niet geleverd als meting.",
    "A simulated file is not delivered as measured.",
)


def read(stream: BinaryIO, name: str) -> bytes:
    """Return the content of a file, refusing one too large or with an endless line before reading all of it.

    Raises
    ------
    GoedeBuurError
        `input-too-large`, `input-line-too-long`, `input-empty`.
    """
    first = stream.read(4)
    packed = first.startswith((_GZIP, _ZIP))
    chunks = _chunks(first, stream)
    data = b"".join(_sized(chunks if packed else _lined(chunks, name), name, MAX_PAYLOAD))
    if not data:
        raise _empty(name)
    return data


def decompress(data: bytes, name: str, largest: int | None = None) -> bytes:
    """Return the content of a delivery: unpacked when it is gzip or a zip with one file, else the bytes themselves.

    Parameters
    ----------
    largest
        Content that is taken; None for :data:`MAX_PLAIN`. [byte]

    Raises
    ------
    GoedeBuurError
        `input-empty`, `input-archive`, `input-truncated` (a gzip cut short), `input-too-large`,
        `input-line-too-long`.
    """
    if not data:
        raise _empty(name)
    if data.startswith(_GZIP):
        chunks = _gunzip(data, name)
    elif data.startswith(_ZIP):
        chunks = _unzip(data, name)
    else:
        chunks = iter((data,))
    plain = b"".join(_sized(_lined(chunks, name), name, MAX_PLAIN if largest is None else largest))
    if not plain or plain.isspace():
        raise _empty(name)
    return plain


def head_of(data: bytes, name: str) -> bytes:
    """Return the first bytes of the content, at most :data:`HEAD`, unpacked as far as they go.

    Raises
    ------
    GoedeBuurError
        `input-empty`, `input-archive`.
    """
    if not data:
        raise _empty(name)
    try:
        if data.startswith(_GZIP):
            return zlib.decompressobj(31).decompress(data, HEAD)
        if data.startswith(_ZIP) and len(data) > 30:
            start = 30 + int.from_bytes(data[26:28], "little") + int.from_bytes(data[28:30], "little")
            stored = int.from_bytes(data[8:10], "little") == 0
            return data[start : start + HEAD] if stored else zlib.decompressobj(-15).decompress(data[start:], HEAD)
    except zlib.error as error:
        raise _damaged(name, str(error)) from error
    return data[:HEAD]


def text(plain: bytes, name: str, encoding: str) -> str:
    """Return the content as text.

    Raises
    ------
    GoedeBuurError
        `input-not-this-format` for a web page; `input-encoding` for UTF-16, for control bytes, and for bytes that the
        encoding has no character for.
    """
    start = plain[:400].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml")):
        raise web_page(plain, name)
    refuse_wide(plain, name)
    if b"\0" in plain:
        raise NO_ZERO.error(
            f"The file is not in {encoding}: it holds zero bytes, as UTF-16 and spreadsheets do.",
            place=f"{name}, byte {plain.find(0)}",
            hint="Deliver the file as the supplier published it, not as saved by another program.",
        )
    try:
        return plain.decode(encoding)
    except UnicodeDecodeError as error:
        line = plain[: error.start].count(b"\n") + 1
        raise ENCODED.error(
            f"The file is not in {encoding}.",
            place=f"{name}, line {line}, byte {error.start}",
            value=plain[error.start : error.start + 8].hex(" "),
            hint="Deliver the file as the supplier published it, not as saved by another program.",
        ) from None


def web_page(plain: bytes, name: str) -> GoedeBuurError:
    """Return the error of a web page in place of data."""
    return NO_WEB_PAGE.error(
        "This is a web page, not a data file.",
        place=name,
        value=plain[:60].decode("latin-1"),
        hint="The address probably gave a page with an error or a list: open it in a browser first.",
    )


def refuse_wide(plain: bytes, name: str) -> None:
    """Check that the file does not begin with the mark of UTF-16 or UTF-32, which no format read here is in.

    Raises
    ------
    GoedeBuurError
        `input-encoding`.
    """
    for mark, encoding in WIDE:
        if plain.startswith(mark):
            raise NOT_WIDE.error(
                f"The file is in {encoding}.",
                place=f"{name}, byte 0",
                value=plain[:8].hex(" "),
                hint="Save it as UTF-8, or deliver it as the supplier published it.",
            )


def refuse_simulated(text: str, name: str) -> None:
    """Check that the file does not say that it is simulated: a real supplier's parser would drop that.

    Raises
    ------
    GoedeBuurError
        `input-simulated`.
    """
    if any(mark in text[:HEAD] for mark in SIMULATED_MARKS):
        raise NOT_SIMULATED.error(
            "The file says that it is simulated.",
            place=name,
            hint="Deliver it without naming an adapter, or as `simulated`: then its values are marked.",
        )


def _chunks(first: bytes, stream: BinaryIO) -> Iterator[bytes]:
    yield first
    while chunk := stream.read(_CHUNK):
        yield chunk


def _sized(chunks: Iterable[bytes], name: str, limit: int) -> Iterator[bytes]:
    total = 0
    for chunk in chunks:
        total += len(chunk)
        if total > limit:
            raise SIZE.error(
                f"The content is larger than {limit // 2**20} MiB.",
                place=name,
                hint="Deliver it in parts, for instance a file a year.",
            )
        yield chunk


def _lined(chunks: Iterable[bytes], name: str) -> Iterator[bytes]:
    """Pass the chunks on, measuring lines across them; stop at the first that is too long."""
    open_line, line = 0, 1
    for chunk in chunks:
        position = 0
        while position < len(chunk):
            window = position + MAX_LINE + 1 - open_line
            newline = chunk.rfind(b"\n", position, window)  # no line up to there is longer than the window
            if newline < 0 and len(chunk) >= window:
                raise LINE.error(
                    f"A line is longer than {MAX_LINE} bytes; no format read here has such lines.",
                    place=f"{name}, line {line}",
                    value=chunk[position : position + 60].decode("latin-1"),
                    hint="The file is probably damaged, or of another kind than its name says.",
                )
            if newline < 0:
                open_line += len(chunk) - position
                break
            line += chunk.count(b"\n", position, newline + 1)
            position, open_line = newline + 1, 0
        yield chunk


def _gunzip(data: bytes, name: str) -> Iterator[bytes]:
    rest = data
    while rest:
        unpacker = zlib.decompressobj(31)
        while not unpacker.eof:
            try:
                chunk = unpacker.decompress(rest, _CHUNK)
            except zlib.error as error:
                raise _damaged(name, str(error)) from error
            rest = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
            if not chunk and not unpacker.eof and not rest:
                raise GZIP_END.error(
                    "The packed file ends before its content does.",
                    place=name,
                    hint="Download it again: the transfer was cut short.",
                )
            yield chunk
        if rest.strip(b"\0") == b"":
            return


def _unzip(data: bytes, name: str) -> Iterator[bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(files) != 1:
                raise ONE_FILE.error(
                    f"The archive holds {len(files)} files, and one is expected.",
                    place=name,
                    value=", ".join(entry.filename for entry in files),
                    hint="Unpack it and deliver the files one by one.",
                )
            with archive.open(files[0]) as content:
                while chunk := content.read(_CHUNK):
                    yield chunk
    except BROKEN as error:
        raise _damaged(name, str(error)) from error


BROKEN: Final = (zipfile.BadZipFile, zlib.error, RuntimeError, ValueError, OSError, EOFError)
"""What reading a zip that is damaged raises."""


def _damaged(name: str, what: str) -> GoedeBuurError:
    return ARCHIVE.error(
        "The packed file is damaged.",
        place=name,
        value=what,
        hint="Download it again, and compare its size with the size that the supplier gives.",
    )


def _empty(name: str) -> GoedeBuurError:
    return NOT_EMPTY.error(
        "The file holds nothing.",
        place=name,
        hint="Check whether the download was complete, and deliver it again.",
    )
