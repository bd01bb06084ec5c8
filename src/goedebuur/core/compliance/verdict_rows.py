"""Verdicts as the lines of a result's batch: sentences that return are kept once, in the first line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from goedebuur.core.base.receipts import Receipt
from goedebuur.core.compliance.verdicts import Verdict

SAID: Final = ("question", "question_en", "reservations", "reservations_en")


def pack(verdicts: Iterable[Verdict]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return what is said along with verdicts, each once, and the verdicts with its place there as `said`."""
    texts: list[dict[str, Any]] = []
    places: dict[tuple[Any, ...], int] = {}
    rows = []
    for verdict in verdicts:
        record = verdict.as_record()
        said = {name: record.pop(name) for name in SAID}
        key = tuple(getattr(verdict, name) for name in SAID)
        if key not in places:
            places[key] = len(texts)
            texts.append(said)
        rows.append({"type": "verdict", "said": places[key], **record})
    return texts, rows


def unpack(
    texts: Sequence[Mapping[str, Any]], rows: Iterable[Mapping[str, Any]], receipt: Receipt | None
) -> tuple[Verdict, ...]:
    """Return the verdicts that :func:`pack` made lines of."""
    return tuple(Verdict.from_record({**row, **texts[row["said"]]}, receipt) for row in rows)
