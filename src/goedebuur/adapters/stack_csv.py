"""Raw signals of a stack as CSV: a row a stream and time, or a column a stream, after lines that say how to read it.

Nothing is guessed: decimal sign, clock, label, order of day and month, codes of status and texts for *no value* are
stated in the lines before the rows (:mod:`goedebuur.adapters.stack_preamble`). One wrong row and the whole file is
refused, with its line and column.

A cell without text is no value, and is counted. A number that stands for *no value*, such as -9999, is kept as it was
reported with the flag `NOT_A_VALUE`, so that its status is known.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl

from goedebuur.adapters import cells, payloads, stack_preamble
from goedebuur.adapters.base import Client, Fetched, FetchRequest, no_download
from goedebuur.adapters.stack_preamble import BOOK, MAGIC, Column, Preamble
from goedebuur.adapters.stack_times import with_starts
from goedebuur.core.base import errors, quantities, rulebook
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.flags import Flag
from goedebuur.core.measurements.records import OBSERVATIONS, CatalogueRecord, Parsed, Series

UNKNOWN_STREAM: Final = declare("input-stream", "A row is of a stream that the file does not describe.")
STATUS: Final = declare("input-status", "A status is none that the file explains.")

FIRST_LINE: Final = BOOK.refuse(
    "first-line",
    errors.NOT_THIS_FORMAT,
    f"De eerste regel is `{MAGIC} {stack_preamble.VERSION}`.",
    f"The first line is `{MAGIC} {stack_preamble.VERSION}`.",
)
HAS_COLUMNS: Final = BOOK.refuse(
    "columns",
    errors.MISSING_COLUMN,
    "De kolommen zijn die welke de regels ervoor noemen, elk één keer.",
    "The columns are those that the lines before name, each once.",
)
ALL_ROWS: Final = BOOK.refuse(
    "all-rows",
    errors.TRUNCATED_INPUT,
    "Er zijn rijen, en zoveel als het bestand zegt.",
    "There are rows, and as many as the file says.",
    basis=rulebook.own("zo is een afgebroken bestand te herkennen", "so a file that was cut short can be told"),
)
NO_QUOTES: Final = BOOK.refuse(
    "no-quotes", errors.NOT_THIS_FORMAT, "Cellen staan zonder aanhalingstekens.", "Cells stand without quotes."
)
DESCRIBED: Final = BOOK.refuse(
    "stream-described",
    UNKNOWN_STREAM,
    "Elke rij is van een stroom die de regels ervoor beschrijven.",
    "Each row is of a stream that the lines before describe.",
)
SAME_STEP: Final = BOOK.refuse(
    "same-step",
    stack_preamble.PREAMBLE,
    "Met een kolom per stroom hebben alle stromen één stap.",
    "With a column a stream, all streams have one step.",
)
EXPLAINED: Final = BOOK.refuse(
    "status-explained",
    STATUS,
    "Elke status is er een die het bestand uitlegt.",
    "Each status is one that the file explains.",
    basis=rulebook.standard("EN 17255-2:2020: status signals valid, maintenance and malfunction"),
)
SIGN: Final = BOOK.refuse(
    "decimal-sign",
    errors.BAD_NUMBER,
    "Elke waarde heeft het decimaalteken dat het bestand noemt.",
    "Each value has the decimal sign that the file names.",
)
ONCE: Final = BOOK.refuse(
    "once",
    errors.DUPLICATE_KEY,
    "Een stroom heeft één waarde op één tijd.",
    "A stream has one value at one time.",
)
COVERED: Final = BOOK.refuse(
    "covered",
    errors.BAD_TIME,
    "Elke rij ligt in de periode waarvoor het bestand zegt volledig te zijn.",
    "Each row lies in the period for which the file says it is complete.",
)
CODED: Final = BOOK.flag(
    "no-value",
    "NOT_A_VALUE",
    "Een getal dat voor geen waarde staat telt niet mee in gemiddelden.",
    "A number that stands for no value does not count in averages.",
    test="tests/rulebook/test_stack.py::test_number_for_no_value_and_each_status_are_marked",
)

SHARED: Final = "status"
OWN: Final = ".status"
"""What the column with the status of a stream adds to its name, where streams have columns."""


class StackCsv:
    """Adapter of raw signals of a stack."""

    id: Final = "stack_csv"
    version: Final = 1
    submitter: Final = "stack"
    title: Final = "Raw signals of a stack (CSV)"
    downloads: Final = False

    def recognises(self, name: str, head: bytes) -> bool:
        """Return whether the first line is that of this layout."""
        return head.removeprefix(b"\xef\xbb\xbf").startswith(MAGIC.encode())

    def fetch(self, client: Client, request: FetchRequest) -> Iterator[Fetched]:
        """Raise: a company delivers its signals."""
        raise no_download(self.id)

    def parse(self, data: bytes, name: str) -> Parsed:
        """Return the raw values and series of one file."""
        plain = payloads.decompress(data, name)
        text = payloads.text(plain, name, "utf-8").removeprefix("\ufeff")
        payloads.refuse_simulated(text, name)
        if not text.startswith(MAGIC):
            raise FIRST_LINE.error(
                "The file does not begin as one with raw signals does.",
                place=f"{name}, line 1",
                value=text[:60].partition("\n")[0],
                hint=f"The first line is `{MAGIC} 1`; `goedebuur stack signals SITE` writes these lines.",
            )
        said, position = stack_preamble.read(text, name)
        before = len(text[:position].encode()) + (len(codecs.BOM_UTF8) if plain.startswith(codecs.BOM_UTF8) else 0)
        header, _, body = plain[before:].partition(b"\n")
        if b"\r" in body:
            body = body.replace(b"\r\n", b"\n")
        frame = _table(body, header.decode().rstrip("\r"), said, name)
        cut = _wide(frame, said, name) if said.wide else _long(frame, said, name)
        return _parsed(cut, said, name)


def _table(body: bytes, header: str, said: Preamble, name: str) -> pl.DataFrame:
    """Return the rows as text, with their line; every row has as many cells as the header."""
    names = [one.strip() for one in header.split(said.separator)]
    _require_columns(names, said, name)
    first = said.lines + 2
    count = cells.require_fields(body, said.separator, len(names), first, name)
    if count == 0 or said.rows not in (None, count):
        raise ALL_ROWS.error(
            f"The file says that it has {said.rows} rows." if count else "The file ends after its header.",
            place=f"{name}, line {first + count - 1}",
            value=str(count),
            hint="Make the file anew: a part of it is not there.",
        )
    if b'"' in body:
        line = first + body[: body.index(b'"')].count(b"\n")
        raise NO_QUOTES.error(
            "A cell stands in quotes, which this layout does not have.",
            place=f"{name}, line {line}",
            value=body.split(b"\n")[line - first].decode(),
            hint="Write the cells without quotes.",
        )
    frame = pl.read_csv(
        body,
        has_header=False,
        separator=said.separator,
        infer_schema=False,
        quote_char=None,
        new_columns=names,
        eol_char="\n",
    )
    padded = b" " + said.separator.encode() in body or said.separator.encode() + b" " in body or b" \n" in body
    if padded:
        frame = frame.with_columns(pl.all().str.strip_chars(" ").replace("", None))
    return frame.with_row_index("line", offset=first)


def _require_columns(names: list[str], said: Preamble, name: str) -> None:
    if said.wide:
        needed = {"time", *(one.name for one in said.columns)}
        own = {one.name + OWN for one in said.columns}
        if said.statuses is not None:
            needed |= {SHARED} if SHARED in names else own
    else:
        needed = {"stream", "time", "value"} | ({"status"} if said.statuses is not None else set())
    missing = sorted(needed - set(names))
    other = [one for one in names if one not in needed or names.count(one) > 1]
    if missing or other:
        raise HAS_COLUMNS.error(
            "A column is not there." if missing else "A column is not described, or is there twice.",
            place=f"{name}, line {said.lines + 1}",
            value=(missing or other)[0],
            hint=f"Expected are {', '.join(sorted(needed))}, as the lines before say.",
        )


def _long(frame: pl.DataFrame, said: Preamble, name: str) -> pl.DataFrame:
    """Return rows with the number of their stream, start, cell and status, from a row a stream and time."""
    codes = {one.name: number for number, one in enumerate(said.columns)}
    code = pl.col("stream").replace_strict(codes, default=None, return_dtype=pl.UInt16)
    frame = frame.with_columns(code=code)
    if frame["code"].null_count():
        of_none = frame.filter(pl.col("code").is_null()).select("line", "stream")
        DESCRIBED.refuse_rows(
            pl.repeat(True, of_none.height, eager=True),
            lambda row: DESCRIBED.error(
                "This stream is not described in the lines before the rows.",
                place=f"{name}, line {of_none['line'][row]}, column stream",
                value=of_none["stream"][row] or "",
                hint=f"Described are {', '.join(codes)}. Add a line `# stream: …` for it, or correct its name.",
            ),
        )
        frame = frame.drop_nulls("code")
    frame = with_starts(frame, said, name, ("code", "time"))
    status = pl.col("status") if said.statuses is not None else pl.lit(None, pl.String)
    return frame.select("code", "line", "start", pl.col("value").alias("cell"), status.alias("status"))


def _wide(frame: pl.DataFrame, said: Preamble, name: str) -> pl.DataFrame:
    """Return the same from a column a stream: one block of rows for each."""
    steps = {one.step for one in said.columns}
    if len(steps) > 1:
        raise SAME_STEP.error(
            "In a file with a column a stream all streams have one step.",
            place=f"{name}, line {said.columns[-1].line}",
            value=", ".join(f"{one} s" for one in sorted(steps)),
            hint="Deliver the streams of each step in a file of their own, or as rows: `# layout: long`.",
        )
    frame = with_starts(frame.with_columns(code=pl.lit(0, pl.UInt16)), said, name, ("time",))
    parts = []
    for number, one in enumerate(said.columns):
        own = one.name + OWN if one.name + OWN in frame.columns else SHARED
        status = pl.col(own) if said.statuses is not None else pl.lit(None, pl.String)
        code = pl.lit(number, pl.UInt16).alias("code")
        parts.append(frame.select(code, "line", "start", pl.col(one.name).alias("cell"), status.alias("status")))
    return pl.concat(parts)


def _parsed(frame: pl.DataFrame, said: Preamble, name: str) -> Parsed:
    total = frame.height
    frame = _with_flags(frame, said, name)
    skipped = {"empty": frame["cell"].null_count()}
    if said.missing:
        words = [one for one in said.missing if not _is_number(one, said.comma)]
        spoken = frame["cell"].is_in(words).fill_null(False)
        skipped["no value"] = int(spoken.sum())
        frame = frame.filter(~spoken)
    frame = frame.drop_nulls("cell")
    frame = _with_values(frame, said, name)
    frame = frame if _in_order(frame) else frame.sort("code", "start", maintain_order=True)
    frame = _once(frame, said, name)
    frame = _covered(frame, said, name)
    if rulebook.going_on():
        skipped["refused"] = total - frame.height - sum(skipped.values())
    series = pl.Series([one.series for one in said.columns], dtype=pl.String)
    unit = pl.Series([one.unit for one in said.columns], dtype=pl.String)
    step = pl.Series([one.step for one in said.columns], dtype=pl.Int32)
    rows = frame.select(
        series=series.gather(frame["code"]),
        start="start",
        step=step.gather(frame["code"]),
        value="value",
        decimals="decimals",
        unit=unit.gather(frame["code"]),
        flags="flags",
        remark=pl.lit(None, pl.String),
    )
    first = said.covers.start if said.covers else rows["start"].min()
    catalogue = tuple(CatalogueRecord.of(_series(one, said), first) for one in said.columns) if first else ()  # type: ignore[arg-type]
    counted = {reason: number for reason, number in skipped.items() if number}
    assert dict(rows.schema) == OBSERVATIONS
    return Parsed(rows, catalogue, said.covers, total, counted)


def _with_flags(frame: pl.DataFrame, said: Preamble, name: str) -> pl.DataFrame:
    missing = pl.col("cell").is_in([one for one in said.missing if _is_number(one, said.comma)])
    coded = pl.when(missing).then(int(Flag[CODED.code])).otherwise(0) if said.missing else pl.lit(0)
    if said.statuses is None:
        return frame.with_columns(flags=coded.fill_null(0).cast(pl.Int32))
    known = pl.col("status").fill_null("").replace_strict(said.statuses, default=None, return_dtype=pl.Int32)
    frame = frame.with_columns(flags=known)
    if frame["flags"].null_count():
        unread = frame.filter(pl.col("flags").is_null())
        known_codes = ", ".join(one or "empty" for one in said.statuses)
        EXPLAINED.refuse_rows(
            pl.repeat(True, unread.height, eager=True),
            lambda row: EXPLAINED.error(
                "This status is not explained in the lines before the rows.",
                place=_at(unread, row, said, name, "status"),
                value=unread["status"][row] or "(empty)",
                hint=f"Explained are {known_codes}. Add it to `# status:` with what it stands for: "
                f"{', '.join(stack_preamble.STATUSES)}.",
            ),
        )
        frame = frame.drop_nulls("flags")
    return frame.with_columns(flags=(pl.col("flags") | coded.fill_null(0)).cast(pl.Int32))


def _at(frame: pl.DataFrame, row: int, said: Preamble, name: str, column: str = "") -> str:
    """Return line, stream and column of a row; where streams have columns, the one of this stream is named."""
    code, line = frame.select("code", "line").row(row)
    stream = said.columns[code].name
    if said.wide:
        return f"{name}, line {line}, column {stream}{column and OWN}"
    return f"{name}, line {line}, stream {stream}, column {column or 'value'}"


def _with_values(frame: pl.DataFrame, said: Preamble, name: str) -> pl.DataFrame:
    other = "." if said.comma else ","
    wrong = frame["cell"].str.contains(other, literal=True)
    stated = "comma" if said.comma else "point"
    SIGN.refuse_rows(
        wrong,
        lambda row: SIGN.error(
            f"The file says that it has a decimal {stated}, and this value has the other.",
            place=_at(frame, row, said, name),
            value=str(frame["cell"][row]),
            hint=f"Write `# decimal: {other}` if the whole file is so. Thousands have no sign between them.",
        ),
    )
    kept = frame.filter(~wrong) if rulebook.going_on() else frame
    pointed = kept.with_columns(pl.col("cell").str.replace(",", ".", literal=True)) if said.comma else kept
    found = cells.with_digits(pointed, _places(pointed, said, name))
    least = min(_most(one) for one in said.columns)
    if (found["value"].abs() > least // 10**quantities.CANONICAL_DECIMALS).any():
        parts = []
        for number, one in enumerate(said.columns):
            part = found.filter(pl.col("code") == number)
            parts.append(cells.require_magnitude(part, one.quantity, one.unit, _places(part, said, name)))
        return pl.concat(parts) if rulebook.going_on() else found
    return found


def _places(part: pl.DataFrame, said: Preamble, name: str) -> cells.Place:
    return lambda row: _at(part, row, said, name)


def _most(one: Column) -> int:
    """Return the largest value of a stream that fits the exact sums. [10⁻⁶ of its unit]"""
    numerator, denominator = quantities.ratio(one.quantity, one.unit)
    return quantities.MAX_ABS_MICRO * denominator // numerator


def _in_order(frame: pl.DataFrame) -> bool:
    """Return whether the rows stand by stream and time already, as they mostly do."""
    code, start = pl.col("code"), pl.col("start")
    back = (code < code.shift()) | ((code == code.shift()) & (start < start.shift()))
    return not frame.select(back.any()).item()


def _once(frame: pl.DataFrame, said: Preamble, name: str) -> pl.DataFrame:
    again = (pl.col("code") == pl.col("code").shift()) & (pl.col("start") == pl.col("start").shift())
    twice = frame.select(again.alias("again"))["again"].fill_null(False)

    def two(row: int) -> GoedeBuurError:
        (code, first, start, one), (_, second, _, other) = (
            frame.select("code", "line", "start", "value").row(at) for at in (row - 1, row)
        )
        same = "the same value" if one == other else "another value"
        return ONCE.error(
            f"A stream has two values at one time; the second is {same}.",
            place=f"{name}, lines {first} and {second}, stream {said.columns[code].name}",
            value=f"{start:%Y-%m-%dT%H:%M:%SZ}",
            hint="Leave out the one that does not hold.",
        )

    ONCE.refuse_rows(twice, two)
    return frame.filter(~twice) if rulebook.going_on() else frame


def _covered(frame: pl.DataFrame, said: Preamble, name: str) -> pl.DataFrame:
    if said.covers is None or frame.is_empty():
        return frame
    outside = ~frame["start"].is_between(said.covers.start, said.covers.end, closed="left")
    COVERED.refuse_rows(
        outside,
        lambda row: COVERED.error(
            "A row lies outside the period for which the file says it is complete.",
            place=f"{name}, line {frame['line'][row]}, column time",
            value=f"{frame['start'][row]:%Y-%m-%dT%H:%M:%SZ}",
            hint="Correct `# covers:`, or leave the row out.",
        ),
    )
    return frame.filter(~outside) if rulebook.going_on() else frame


def _is_number(text: str, comma: bool) -> bool:
    point = text.replace(",", ".") if comma else text
    return point.removeprefix("-").replace(".", "", 1).isdecimal() and point.isascii()


def _series(one: Column, said: Preamble) -> Series:
    place = one.series.split(".")[0]
    label = "end" if said.ends else "start"
    clock = {"offset": "offset in each time", "local": "Europe/Amsterdam"}.get(said.clock, said.clock)
    return Series(
        id=one.series,
        station=place,
        sampling_point=f"{place}.{one.quantity}",
        quantity=one.quantity,
        unit=one.unit,
        step=one.step,
        max_decimals=cells.MAX_DECIMALS,
        clock=f"{clock}, label is the {label}",
    )


def lines_for(columns: Sequence[tuple[str, str, str]]) -> str:
    """Return the lines before the rows for streams given as name, series and unit, to be checked by who delivers."""
    keys = (
        ("layout", "long"),
        ("separator", ";"),
        ("decimal", ","),
        ("clock", "CET"),
        ("label", "start"),
        ("day", "yyyy-mm-dd"),
        ("status", "0 = valid, 1 = maintenance, 2 = malfunction, 3 = calibrating"),
    )
    told = [f"{MAGIC} {stack_preamble.VERSION}", *(f"# {key}: {value}" for key, value in keys)]
    told += [f"# stream: {name} = {series} [{unit}]" for name, series, unit in columns]
    return "\n".join([*told, "stream;time;value;status", ""])
