"""A line or cell that breaks a rule of every format with rows is refused, by line, column and value."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest
from tests.rulebook.cases import Case, require_refused, to
from tests.services.deliveries import START

from goedebuur.core.base import quantities
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.measurements.records import OBSERVATIONS
from goedebuur.services import preparing

RIVM, HL, PRTR = "rivm until 2022", "hollandse luchten", "eprtr"
LAST = '"NL90001",2020-01-01 00:00:00,1.20,NA,-2,0.4\n'

CASES = {
    "cell-number": Case(RIVM, to("16.150", "16,150"), ", line 13, column NL90001", "16,150"),
    "cell-decimals": Case(RIVM, to("16.150", "16.1500001"), ", line 13, column NL90001", "16.1500001"),
    "cell-magnitude": Case(RIVM, to("16.150", "99999999"), ", line 13, column NL90001", "99999999"),
    "cell-one-value": Case(
        HL,
        lambda data: data + LAST.replace("1.20", "1.3").encode(),
        ", series NL90001.c6h6.1h, 2019-12-31 23:00:00+00:00",
        "0.4 and 0.4",
    ),
    "cell-line-width": Case(HL, to("88.7,2.76,", "88.7,"), ", line 2", ""),
    "cell-last-line": Case(RIVM, lambda data: data[:-3], ", line 13", "16.150;2.2"),
    "quantity-unit": Case(
        RIVM, lambda data: data.replace("µg/m³".encode("latin-1"), b"pond"), ", column Eenheid", "pond"
    ),
}


def rows(series: str, value: int, decimals: int, unit: str) -> pl.DataFrame:
    row = {"series": series, "start": START, "step": 3600, "value": value, "decimals": decimals, "unit": unit}
    return pl.DataFrame([{**row, "flags": 0, "remark": None}], schema=OBSERVATIONS)


OTHERS: dict[str, tuple[Callable[[], object], str]] = {
    "quantity-known": (lambda: quantities.quantity("gold"), "gold"),
    "conversion-magnitude": (lambda: preparing.converted(rows("A.so2.1h", 10**8, 0, "µg/m³"), "f"), "100000000"),
    "conversion-exact": (lambda: preparing.converted(rows("A.so2.1h", 1, 5, "ng/m³"), "f"), "1 with 5 decimals"),
}


@pytest.mark.parametrize("check", [*CASES, *OTHERS])
def test_refused(check: str) -> None:
    if check in CASES:
        require_refused(check, CASES[check])
        return
    act, value = OTHERS[check]
    with pytest.raises(GoedeBuurError) as raised:
        act()
    assert raised.value.check == check
    assert value in raised.value.value
    if check.startswith("conversion"):
        assert raised.value.place == f"f: A.so2.1h at {START.isoformat(sep=' ')}"
