"""The proof file of a figure: what is claimed, the rows under it, and the way from those to a signed checkpoint.

JSON, so that a person can read it and a browser can check it:

    format    `goedebuur proof 1`
    claim     the figure as published, see :class:`Claim`
    log       public key of the log; a reader who knows it from elsewhere compares
    made_by   name and version of the program, for whoever looks for a fault
    sources   per leaf: its bytes, its C2SP tlog-proof, and blocks of its batch with their place in the leaf's tree

and of a verdict also

    rules     the same for the leaves of the rule tables, with the rows that decide
    result    the same for the leaf in which the verdict is published, with its line; null where it is in none

The form of leaves and blocks is in `core/ledger`; what checking shows and does not show is in `checking.py`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger.proofs import PROOF_MALFORMED

FORMAT: Final = "goedebuur proof 1"
SUFFIX: Final = ".bewijs.json"
VALUE: Final = "value"
MEAN: Final = "mean"
AVERAGE: Final = "average"
VERDICT: Final = "verdict"
HOUR: Final = 3600
"""Step of what an average is of. [s]"""
MAX_FILE_BYTES: Final = 1 << 26
MOST_PARTS: Final = 10**6
"""Into how many parts a percentile cuts at most."""
FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Of a verdict."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Claim:
    """The figure as published.

    Parameters
    ----------
    kind
        `value`: one reported value. `mean`: the mean of the usable values of a series from `start` up to `end`.
        `average`: the mean or a percentile of its hours in that time; shorter steps are averaged to hours first.
    series
        Its identifier.
    start, end
        Of the step, or of the period. [µs since 1970 UTC]
    step
        Length of the steps of the series. [s]
    figure
        The digits as published, with a decimal point; empty for a value that was withdrawn. Of a mean six decimals in
        the canonical unit, halves away from zero.
    unit
        As reported for a value, canonical for a mean.
    count
        Number of values: 1 or, of a mean, those in it; of an average the hours.
    expected
        Of an average: how many hours the period has.
    percentile
        Of an average: which percentile of the hours, as numerator and denominator; None for their mean.
    """

    kind: str
    series: str
    start: int
    end: int
    step: int
    figure: str
    unit: str
    count: int
    expected: int = 0
    percentile: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class VerdictClaim:
    """A verdict as published: what a rule says of a series in a year.

    Parameters
    ----------
    fields
        Those of `compliance.verdicts.Verdict` that are recomputed, by the names in :data:`CLAIMED`.
    """

    fields: Mapping[str, Any]

    def __post_init__(self) -> None:
        if self.fields.keys() != CLAIMED.keys():
            raise ValueError("a verdict with a field less or more")
        for name, read in CLAIMED.items():
            read(self.fields[name])

    @property
    def kind(self) -> str:
        """Return what is claimed."""
        return VERDICT

    @property
    def series(self) -> str:
        """Return the identifier of the series."""
        return str(self.fields["series"])

    @property
    def rule(self) -> str:
        """Return the identifier of the rule."""
        return str(self.fields["limit_id"])

    @property
    def year(self) -> int:
        """Return the calendar year on the clock of the rule."""
        return int(self.fields["year"])


@dataclass(frozen=True, slots=True)
class Part:
    """A block of a batch and its place under the leaf's `batch.blocks`.

    Parameters
    ----------
    index, size
        Which block, of how many.
    path
        The hashes that lead from the block to the root.
    text
        The block itself.
    """

    index: int
    size: int
    path: tuple[bytes, ...]
    text: bytes


@dataclass(frozen=True, slots=True)
class Source:
    """A leaf, its proof (a C2SP tlog-proof), and the blocks of its batch that the figure rests on."""

    leaf: bytes
    proof: bytes
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class FigureProof:
    """What a proof file holds; nothing of it is checked yet."""

    claim: Claim | VerdictClaim
    vkey: str
    made_by: str
    sources: tuple[Source, ...]
    rules: tuple[Source, ...] = ()
    result: Source | None = None

    def encode(self) -> bytes:
        """Return the bytes of the file."""
        body: dict[str, Any] = {
            "format": FORMAT,
            "claim": _claim_record(self.claim),
            "log": self.vkey,
            "made_by": self.made_by,
            "sources": [_source_record(source) for source in self.sources],
        }
        if isinstance(self.claim, VerdictClaim):
            body["rules"] = [_source_record(source) for source in self.rules]
            body["result"] = None if self.result is None else _source_record(self.result)
        return (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode()


def parse(data: bytes) -> FigureProof:
    """Return what is in a proof file.

    Raises
    ------
    GoedeBuurError
        `proof-malformed`.
    """
    if len(data) > MAX_FILE_BYTES:
        raise _malformed(f"{len(data)} bytes")
    try:
        body = json.loads(data.decode())
        if body["format"] != FORMAT:
            raise ValueError(f"format {body['format']!r}")
        sources = tuple(_source(one) for one in _list(body["sources"]))
        claim, log, made_by = _claim(body["claim"]), _text(body["log"]), _text(body["made_by"])
        if isinstance(claim, Claim):
            return FigureProof(claim, log, made_by, sources)
        rules = tuple(_source(one) for one in _list(body["rules"]))
        result = None if body["result"] is None else _source(body["result"])
        return FigureProof(claim, log, made_by, sources, rules, result)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise _malformed(f"{type(error).__name__}: {error}") from error


def micros(moment: datetime) -> int:
    """Return a moment as microseconds since 1970 UTC."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def moment(micros: int) -> datetime:
    """Return microseconds since 1970 UTC as a moment."""
    return _EPOCH + timedelta(microseconds=micros)


def said(micros: int) -> str:
    """Return microseconds since 1970 UTC as ISO text.

    >>> said(1_614_553_200_000_000)
    '2021-02-28T23:00:00Z'
    """
    return moment(micros).isoformat().replace("+00:00", "Z")


def _claim_record(claim: Claim | VerdictClaim) -> dict[str, Any]:
    if isinstance(claim, VerdictClaim):
        return {"kind": VERDICT, "verdict": dict(claim.fields)}
    more = {"expected": claim.expected, "percentile": claim.percentile} if claim.kind == AVERAGE else {}
    return {
        "kind": claim.kind,
        "series": claim.series,
        "start": said(claim.start),
        "end": said(claim.end),
        "step": claim.step,
        "figure": claim.figure,
        "unit": claim.unit,
        "count": claim.count,
        **more,
    }


def _claim(body: Mapping[str, Any]) -> Claim | VerdictClaim:
    kind = _text(body["kind"])
    if kind == VERDICT:
        return VerdictClaim(body["verdict"])
    if kind not in (VALUE, MEAN, AVERAGE):
        raise ValueError(f"a claim of kind {kind!r}")
    start, end = (_micros(_text(body[name])) for name in ("start", "end"))
    if end <= start:
        raise ValueError("a claim ends after it starts")
    step = _whole(body["step"])
    average = kind == AVERAGE
    if average and (step != HOUR or start % (HOUR * 10**6) or end % (HOUR * 10**6)):
        raise ValueError("an average is of whole hours")
    return Claim(
        kind=kind,
        series=_text(body["series"]),
        start=start,
        end=end,
        step=step,
        figure=_text(body["figure"]),
        unit=_text(body["unit"]),
        count=_whole(body["count"]),
        expected=_whole(body["expected"]) if average else 0,
        percentile=_part(body["percentile"]) if average else None,
    )


def _source_record(source: Source) -> dict[str, Any]:
    parts = [
        {
            "index": part.index,
            "size": part.size,
            "path": [base64.b64encode(one).decode() for one in part.path],
            "text": part.text.decode(),
        }
        for part in source.parts
    ]
    return {"leaf": source.leaf.decode(), "proof": source.proof.decode(), "blocks": parts}


def _source(body: Mapping[str, Any]) -> Source:
    parts = tuple(
        Part(
            _whole(one["index"]),
            _whole(one["size"]),
            tuple(_bytes(_text(step)) for step in _list(one["path"])),
            _text(one["text"]).encode(),
        )
        for one in _list(body["blocks"])
    )
    return Source(_text(body["leaf"]).encode(), _text(body["proof"]).encode(), parts)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"a text is expected, not {value!r}")
    return value


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError(f"a list is expected, not {value!r}")
    return value


def _micros(text: str) -> int:
    found = micros(datetime.fromisoformat(text))
    if said(found) != text:
        raise ValueError("not the one form of this moment")
    return found


def _bytes(text: str) -> bytes:
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError("not the one form of these bytes")
    return data


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError(f"a whole number is expected, not {value!r}")
    return value


def _part(value: object) -> tuple[int, int] | None:
    if value is None:
        return None
    up, down = (_whole(one) for one in _list(value))
    if not 0 < up <= down <= MOST_PARTS:
        raise ValueError("a percentile lies between 0 and 1")
    return up, down


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"a whole number is expected, not {value!r}")
    return value


def _count(value: object) -> int | None:
    return None if value is None else _whole(value)


def _texts(value: object) -> list[str]:
    return [_text(one) for one in _list(value)]


def _year(value: object) -> int:
    found = _whole(value)
    if not FIRST_YEAR <= found <= LAST_YEAR:
        raise ValueError(f"the year {found}")
    return found


CLAIMED: Final[Mapping[str, Callable[[object], object]]] = {
    "series": _text,
    "station": _text,
    "quantity": _text,
    "year": _year,
    "limit_id": _text,
    "set": _text,
    "kind": _text,
    "statistic": _text,
    "standing": _text,
    "outcome": _text,
    "reason_code": _text,
    "reason": _text,
    "reason_en": _text,
    "value_text": _text,
    "limit_text": _text,
    "unit": _text,
    "exceedances": _count,
    "allowed": _count,
    "capture_num": _whole,
    "capture_den": _whole,
    "required_num": _whole,
    "required_den": _whole,
    "total": _number,
    "n": _whole,
    "question": _text,
    "question_en": _text,
    "reservations": _texts,
    "reservations_en": _texts,
}
"""The fields of a verdict that are claimed and recomputed, in the order in which they are compared, and what each is.

What the data quality objective admits (`uncertainty_text`) is not among them: it decides nothing.
"""


def _malformed(what: str) -> GoedeBuurError:
    return GoedeBuurError(
        PROOF_MALFORMED,
        "This is not a proof file of a figure.",
        value=what,
        hint="Take the file as it was downloaded, whole; a later program may have made it.",
    )
