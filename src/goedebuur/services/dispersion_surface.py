"""What the weather of AERMET says of what comes down: the hours that count, each with the rain of those before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import polars as pl

    from goedebuur.core.dispersion.surface import Surface

LAST_LIQUID: Final = 18
"""Kinds of precipitation of AERMET up to which it is liquid."""
NEEDED: Final = ("rain", "humidity", "pressure", "cloud")
"""Columns of a surface file without which it is not known what comes down."""


def of_aermet(seen: pl.DataFrame, used: pl.DataFrame) -> Surface:
    """Return the hours that count near the ground, NaN for what is not known.

    Parameters
    ----------
    seen
        All hours of a surface file, as `aermet_hours` has them.
    used
        Those of them that count, in their order.
    """
    import numpy as np
    import polars as pl

    from goedebuur.core.dispersion.surface import Surface, moisture, wetted
    from goedebuur.services.dispersion_weather import numbers

    whole = seen.sort("start").upsample("start", every="1h")
    rain = numbers(whole, "rain")
    told = whole.select(
        "start",
        roots=pl.Series(moisture(rain, numbers(whole, "temperature"))),
        wetted=pl.Series(wetted(rain)),
    )
    hours = used.join(told, on="start", how="left", maintain_order="left")
    obukhov = numbers(hours, "obukhov")
    names = ("friction", "roughness", "convective", "temperature", "pressure", "humidity", "rain", "cloud")
    return Surface(
        **{name: numbers(hours, name) for name in (*names, "sensible", "bowen", "albedo", "roots")},
        obukhov=np.copysign(np.maximum(np.abs(obukhov), 1.0), obukhov),
        frozen=(hours["code"].fill_null(0) > LAST_LIQUID).to_numpy(),
        wetted=hours["wetted"].to_numpy(),
        hour=hours["start"].dt.hour().to_numpy().astype(np.int64) + 1,
        month=hours["start"].dt.month().to_numpy().astype(np.int64),
    )


def lacking(hours: pl.DataFrame) -> dict[str, int]:
    """Return in how many hours each of :data:`NEEDED` is not known, for those of which there are any."""
    counts = {name: hours[name].null_count() for name in NEEDED}
    return {name: count for name, count in counts.items() if count}
