"""From reported digits to canonical units: exact integers, or an error that names the value."""

from __future__ import annotations

from math import gcd
from typing import Final

import polars as pl

from goedebuur.core.base import errors, rulebook
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.quantities import CANONICAL_DECIMALS, MAX_ABS_MICRO, MICRO, ratio
from goedebuur.core.base.rulebook import Check


def quantity_of(series: pl.Expr) -> pl.Expr:
    """Return the quantity inside series identifiers (`NL49553.pm10.1h` → `pm10`), null for what is not one.

    >>> pl.DataFrame({"s": ["NL49553.pm10.1h"]}).select(quantity_of(pl.col("s"))).item()
    'pm10'
    """
    return series.str.extract(r"\.([^.]+)\.[^.]+$", 1)


_BOOK: Final = rulebook.area(
    "conversion",
    "Omrekenen naar de vaste eenheid",
    "Conversion to the canonical unit",
    rulebook.own(
        "op weg naar een som wordt niets afgerond, zodat elke som overal dezelfde cijfers geeft",
        "nothing is rounded on the way to a sum, so that every sum has the same digits everywhere",
    ),
    "tests/rulebook/test_cells.py::test_refused",
)
MAGNITUDE: Final = _BOOK.refuse(
    "magnitude",
    errors.OUT_OF_RANGE,
    f"Een waarde is in de vaste eenheid niet groter dan {MAX_ABS_MICRO // MICRO}.",
    f"A value is no larger than {MAX_ABS_MICRO // MICRO} in the canonical unit.",
)
EXACT: Final = _BOOK.refuse(
    "exact",
    errors.TOO_MANY_DECIMALS,
    f"Een waarde past in {CANONICAL_DECIMALS} decimalen van de vaste eenheid.",
    f"A value fits in {CANONICAL_DECIMALS} decimals of the canonical unit.",
)


def to_canonical(rows: pl.DataFrame, place: str = "") -> pl.DataFrame:
    """Return the rows with columns `quantity` and `micro` added: 10⁻⁶ canonical units, null where the value is null.

    micro = value · 10^(6 - decimals) · numerator / denominator, with the ratio of
    :data:`goedebuur.core.base.quantities.QUANTITIES`; nothing is rounded.

    Parameters
    ----------
    rows : DataFrame
        Columns series, value, decimals and unit of :data:`goedebuur.core.measurements.records.OBSERVATIONS`.
    place
        Named in the error, e.g. the file.

    Raises
    ------
    GoedeBuurError
        `input-quantity`, `input-unit`; `input-decimals` where six decimals of the canonical unit do not hold the
        value, `input-magnitude` where it is beyond :data:`MAX_ABS_MICRO`.
    """
    names = rows.select(pl.col("series").unique()).with_columns(quantity=quantity_of(pl.col("series").cast(pl.String)))
    rows = rows.join(names, on="series", how="left", maintain_order="left")
    kinds = rows.select("quantity", "unit", "decimals").unique().sort("quantity", "unit", "decimals")
    factors = []
    for quantity, unit, decimals in kinds.iter_rows():
        try:
            numerator, denominator = ratio(quantity or "", unit)
        except GoedeBuurError as error:
            raise error.at(place) from None
        top, bottom = numerator * MICRO, denominator * 10 ** (decimals or 0)
        shared = gcd(top, bottom)
        top, bottom = top // shared, bottom // shared
        factors.append((quantity, unit, decimals, top, bottom, min(MAX_ABS_MICRO * bottom // top, 2**63 - 1)))
    schema = {
        "quantity": pl.String,
        "unit": pl.String,
        "decimals": pl.Int8,
        "_top": pl.Int64,
        "_bottom": pl.Int64,
        "_most": pl.Int64,
    }
    if len(factors) == 1:
        by, per, most = (pl.lit(v, pl.Int64) for v in factors[0][3:])
        joined = rows
    else:
        table = pl.DataFrame(factors, schema=schema, orient="row")
        joined = rows.join(
            table, on=["quantity", "unit", "decimals"], how="left", nulls_equal=True, maintain_order="left"
        )
        by, per, most = pl.col("_top"), pl.col("_bottom"), pl.col("_most")
    value = pl.col("value")
    out = joined.with_columns(
        micro=value // per * by,
        _far=(value > most) | (value < -most),
        _fine=value % per != 0,
    )
    _refuse(out, "_far", MAGNITUDE, "A value is larger than an exact sum can carry.", place)
    _refuse(out, "_fine", EXACT, f"A value needs more than {CANONICAL_DECIMALS} decimals of the canonical unit.", place)
    if rulebook.going_on():
        out = out.filter(~(pl.col("_far") | pl.col("_fine")).fill_null(False))
    return out.drop("_far", "_fine", "_top", "_bottom", "_most", strict=False)


def _refuse(rows: pl.DataFrame, flag: str, check: Check, message: str, place: str) -> None:
    def beyond(number: int) -> GoedeBuurError:
        row = rows.row(number, named=True)
        return check.error(
            message,
            place=f"{place}: {row['series']} at {row['start']}" if place else f"{row['series']} at {row['start']}",
            value=f"{row['value']} with {row['decimals']} decimals in {row['unit']}",
            hint="Ask the supplier for the value as it was meant, or add a coarser unit to the table of quantities.",
        )

    check.refuse_rows(rows[flag], beyond)
