"""Times of raw signals as starts of steps in UTC, on the clock that the file states.

On the civil clock the hour from 02:00 to 03:00 comes twice in autumn: of two equal times of one stream the first is of
summer time. One that stands alone there is refused, since which of the two it is cannot be known; and a time that the
clock skips in spring does not exist.
"""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from goedebuur.adapters import cells
from goedebuur.adapters.stack_preamble import BOOK, Preamble
from goedebuur.core.base import errors, rulebook
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.rulebook import Check

READABLE: Final = BOOK.refuse(
    "time",
    errors.BAD_TIME,
    "Elke tijd is te lezen zoals de regels voor de rijen zeggen.",
    "Each time can be read as the lines before the rows say.",
)
EXISTS: Final = BOOK.refuse(
    "time-exists",
    errors.BAD_TIME,
    "Een tijd op de klok bestaat: in het voorjaar slaat die een uur over.",
    "A time on the clock exists: in spring it skips an hour.",
    basis=rulebook.law("Directive 2000/84/EC, art. 2: summer time"),
)
WHICH_HOUR: Final = BOOK.refuse(
    "time-which-hour",
    errors.BAD_TIME,
    "Een tijd die in het najaar twee keer voorkomt staat er twee keer.",
    "A time that comes twice in autumn is there twice.",
    basis=rulebook.law("Directive 2000/84/EC, art. 3: end of summer time"),
)
BEGINS: Final = BOOK.refuse(
    "time-of-step",
    errors.BAD_TIME,
    "Op elke tijd begint een stap van de stroom.",
    "At each time a step of the stream begins.",
)
YEAR: Final = BOOK.refuse(
    "time-year",
    errors.BAD_TIME,
    f"Elke tijd ligt in de jaren {cells.YEARS[0]} tot en met {cells.YEARS[1]}.",
    f"Each time lies in the years {cells.YEARS[0]} to {cells.YEARS[1]}.",
)

CIVIL: Final = "Europe/Amsterdam"
ZONES: Final = {"UTC": "UTC", "CET": "Etc/GMT-1", "local": CIVIL}
_SHAPE: Final = re.compile(
    r"[0-9-]{10}(?P<between>[T ])[0-9]{2}:[0-9]{2}(?P<seconds>:[0-9]{2})?(?P<offset>Z|[+-][0-9:]{4,5})?"
)
_OFFSET: Final = r"(?:Z|[+-][0-9]{2}:?[0-9]{2})$"


def with_starts(frame: pl.DataFrame, said: Preamble, name: str, key: tuple[str, ...]) -> pl.DataFrame:
    """Return the rows with the start of their step. [UTC]

    Parameters
    ----------
    frame
        Columns `time` (text), `line` and `code`: the number of the stream.
    key
        Columns of which equal values are the same time of the same stream.

    Raises
    ------
    GoedeBuurError
        `input-time` with line and text, for one that cannot be read, lacks or has an offset against what the file
        says, does not exist or comes twice on the civil clock, or is none at which a step begins.
    """
    frame = _labelled(frame, said)
    frame = _refuse(READABLE, frame, pl.col("label").is_null(), name, *_unread(said))
    if said.clock == "local":
        frame = _civil(frame, name, key)
    else:
        zone = pl.col("label") if said.clock == "offset" else pl.col("label").dt.replace_time_zone(ZONES[said.clock])
        frame = frame.with_columns(label=zone.dt.convert_time_zone("UTC"))
    steps = pl.Series([one.step for one in said.columns], dtype=pl.Int64).gather(frame["code"])
    micro = steps * 1_000_000
    start = frame["label"].dt.epoch("us") - (micro if said.ends else 0)
    frame = frame.with_columns(start=start.cast(pl.Datetime("us", "UTC")), between=start % micro != 0).drop("label")
    frame = _refuse(
        BEGINS,
        frame,
        pl.col("between"),
        name,
        "At this time no step begins.",
        "A step of a minute begins on a whole minute, in UTC; `# label: end` says that times are ends.",
    )
    plausible = cells.with_plausible_years(frame)
    hint = "Were columns swapped?"
    plausible = _refuse(YEAR, plausible, pl.col("start").is_null(), name, "Nothing was measured in this year.", hint)
    return plausible.drop("between")


def _labelled(frame: pl.DataFrame, said: Preamble) -> pl.DataFrame:
    """Return the rows with their label; nearly all are written as the first is, the others are read by themselves."""
    shape = _SHAPE.fullmatch((frame["time"][0] if frame.height else None) or "")
    if shape is None or bool(shape["offset"]) is not (said.clock == "offset"):
        return frame.with_columns(label=_labels(pl.col("time"), said))
    day = "%d-%m-%Y" if said.day_first else "%Y-%m-%d"
    zone = "" if not shape["offset"] else "Z" if shape["offset"] == "Z" else "%z"
    form = f"{day}{shape['between']}%H:%M{':%S' if shape['seconds'] else ''}{zone}"
    label = pl.col("time").str.to_datetime(form, time_unit="us", strict=False, cache=False)
    frame = frame.with_columns(label=label.dt.replace_time_zone("UTC") if zone == "Z" else label)
    if not frame["label"].null_count():
        return frame
    return frame.with_columns(label=pl.coalesce("label", _labels(pl.col("time"), said)))


def _labels(text: pl.Expr, said: Preamble) -> pl.Expr:
    """Return times as read, without a zone except where each has its offset; null for what cannot be read."""
    day = "%d-%m-%Y" if said.day_first else "%Y-%m-%d"
    offset = text.str.contains(_OFFSET)
    plain = text.str.replace("T", " ", literal=True)
    plain = (
        pl.when(plain.str.contains(r" [0-9]{2}:[0-9]{2}:[0-9]{2}"))
        .then(plain)
        .otherwise(plain.str.replace(r"( [0-9]{2}:[0-9]{2})", "${1}:00"))
    )
    if said.clock == "offset":
        utc = plain.str.replace(r"Z$", "+0000").str.replace(r"([+-][0-9]{2}):([0-9]{2})$", "${1}${2}")
        found = utc.str.to_datetime(f"{day} %H:%M:%S%z", time_unit="us", strict=False, exact=True)
        return pl.when(offset).then(found)
    found = plain.str.to_datetime(f"{day} %H:%M:%S", time_unit="us", strict=False, exact=True)
    return pl.when(~offset).then(found)


def _civil(frame: pl.DataFrame, name: str, key: tuple[str, ...]) -> pl.DataFrame:
    """Return the labels in UTC, from the civil clock."""

    def on(which: str) -> pl.Expr:
        zoned = pl.col("label").dt.replace_time_zone(CIVIL, ambiguous=pl.lit(which), non_existent="null")
        return zoned.dt.convert_time_zone("UTC")

    labels = frame.select("label").unique().with_columns(first=on("earliest"), second=on("latest"))
    frame = frame.join(labels, on="label", how="left", maintain_order="left")
    frame = _refuse(
        EXISTS,
        frame,
        pl.col("first").is_null(),
        name,
        "The clock skips this time in spring: it does not exist.",
        "Is the clock CET all year? Then write `# clock: CET`.",
    )
    twofold = pl.col("first") != pl.col("second")
    if frame.select(twofold.any()).item():
        among = [one if one != "time" else "label" for one in key]
        doubled = frame.filter(twofold).with_columns(nth=pl.int_range(pl.len()).over(among), n=pl.len().over(among))
        _refuse(
            WHICH_HOUR,
            doubled,
            pl.col("n") != 2,
            name,
            "This time comes twice when summer time ends, and stands here another number of times than two.",
            "Give times with their offset (`# clock: offset`), or on a clock without summer time.",
        )
        nth = doubled.select("line", "code", "nth")
        frame = frame.join(nth, on=["line", "code"], how="left", maintain_order="left")
        second = (pl.col("nth") == 1).fill_null(False)
        return frame.with_columns(label=pl.when(second).then("second").otherwise("first")).drop(
            "first", "second", "nth"
        )
    return frame.with_columns(label="first").drop("first", "second")


def _unread(said: Preamble) -> tuple[str, str]:
    day = "31-12-2026" if said.day_first else "2026-12-31"
    if said.clock == "offset":
        return (
            "A time cannot be read, or has no offset.",
            f"Expected is for example {day}T23:59:00+01:00; without offsets state the clock: `# clock: CET`.",
        )
    return (
        "A time cannot be read, or has an offset where the file states a clock.",
        f"Expected is for example {day} 23:59:00; with offsets write `# clock: offset`.",
    )


def _refuse(check: Check, frame: pl.DataFrame, wrong: pl.Expr, name: str, message: str, hint: str) -> pl.DataFrame:
    """Return the rows, once none of them was found wrong; without those where all findings are asked for."""
    bad = frame.select(wrong.fill_null(False).alias("bad"))["bad"]

    def error(row: int) -> GoedeBuurError:
        line, text = frame.select("line", "time").row(row)
        return check.error(message, place=f"{name}, line {line}, column time", value=text or "", hint=hint)

    check.refuse_rows(bad, error)
    return frame.filter(~bad) if rulebook.going_on() else frame
