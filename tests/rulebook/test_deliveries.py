"""What is wrong with a delivery as a whole refuses it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest
from tests.adapters.samples import gap_reasons
from tests.services.deliveries import NOW, START, open_record

from goedebuur.adapters.base import REGISTRY
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.rulebook import CHECKS
from goedebuur.core.ledger import leaves
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.core.measurements.records import OBSERVATIONS, Parsed
from goedebuur.rules import gap_reasons as table
from goedebuur.services import preparing
from goedebuur.store.journal import MAX_SMALL_BYTES, SmallDelivery


def of(parsed: Callable[[], object]) -> Callable[[Path], object]:
    """A delivery of which the parser gives just this."""
    adapter = SimpleNamespace(id="x", version=1, submitter="x", title="x", parse=lambda data, name: parsed())
    return lambda folder: preparing.prepare(b"1", "x.csv", adapter)  # type: ignore[arg-type]


def rows(*moments: tuple[datetime, int]) -> pl.DataFrame:
    row = {"series": "A.so2.1h", "value": 1, "decimals": 0, "unit": "µg/m³", "flags": 0, "remark": None}
    return pl.DataFrame([row | {"start": start, "step": step} for start, step in moments], schema=OBSERVATIONS)


def parsed(*moments: tuple[datetime, int]) -> Callable[[], object]:
    return lambda: Parsed(rows(*moments), (), None, len(moments))


def fails() -> object:
    raise KeyError("a column that nobody thought of")


def small(folder: Path) -> None:
    record = open_record(folder)
    assert record.journal is not None
    try:
        record.journal.accept(SmallDelivery("x", "rivm_lml/1", "big.csv", NOW, b"1" * (MAX_SMALL_BYTES + 1)))
    finally:
        record.close()


def leaf(folder: Path) -> None:
    names = tuple(f"NL{n:05d}.so2.1h" for n in range(5_000))
    leaves.encode(
        Leaf(kind="observations", submitter="x", adapter="x/1", received="2026-01-01T00:00:00Z", series=names)
    )


def words(folder: Path) -> None:
    data = gap_reasons().replace(b"not-measured", b"jan-was-ziek")
    preparing.prepare(data, "reasons.csv", REGISTRY["gap_reasons"])


CASES: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "delivery-file": (lambda folder: preparing.read_file(folder / "none.csv"), "none.csv", "No such file"),
    "delivery-parser": (of(fails), "x.csv", "KeyError: 'a column that nobody thought of'"),
    "delivery-year": (of(parsed((datetime(2301, 1, 1, tzinfo=UTC), 3600))), "x.csv", "2301-01-01"),
    "delivery-one-step": (of(parsed((START, 3600), (START, 600))), "x.csv", "A.so2.1h"),
    "gap-reason-known": (words, "reasons.csv, series NL90001.so2.1h from 2026-03-01T00:00:00Z, column reason", ""),
    "log-leaf": (leaf, "", ""),
    "log-small": (small, "big.csv", str(MAX_SMALL_BYTES + 1)),
}


@pytest.mark.parametrize("check", list(CASES))
def test_refused(check: str, tmp_path: Path) -> None:
    act, place, value = CASES[check]
    with pytest.raises(GoedeBuurError) as raised:
        act(tmp_path)
    error = raised.value
    assert (error.check, error.code) == (check, CHECKS[check].code), error
    assert error.place == place
    assert value in error.value
    assert len(error.hint) > 10


def test_what_breaks_none_of_these_is_taken(tmp_path: Path) -> None:
    assert of(parsed((START, 3600)))(tmp_path).rows.height == 1  # type: ignore[attr-defined]
    table.require(("not-measured",), "reasons.csv")
