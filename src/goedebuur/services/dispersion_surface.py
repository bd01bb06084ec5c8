"""What the weather says of what comes down: the hours that count, each with the rain of those before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import polars as pl

    from goedebuur.core.dispersion.surface import Surface

LAST_LIQUID: Final = 18
"""Kinds of precipitation of AERMET up to which it is liquid."""
STANDARD: Final = "Etc/GMT-1"
"""Standard time in the Netherlands, in which the hour of the day is that of hours in UTC."""
NEEDED: Final = ("rain", "humidity", "pressure", "cloud")
"""Columns of a surface file without which it is not known what comes down."""


def of_hours(seen: pl.DataFrame, used: pl.DataFrame) -> Surface:
    """Return the hours that count near the ground, NaN for what is not known.

    Parameters
    ----------
    seen
        All hours, as `Weather.every` has them.
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
    clock = hours["start"].dt
    if used.schema["start"].time_zone is not None:  # type: ignore[attr-defined]
        clock = clock.convert_time_zone(STANDARD).dt
    obukhov = numbers(hours, "obukhov")
    names = ("friction", "roughness", "convective", "temperature", "pressure", "humidity", "rain", "cloud")
    return Surface(
        **{name: numbers(hours, name) for name in (*names, "sensible", "bowen", "albedo", "roots")},
        obukhov=np.copysign(np.maximum(np.abs(obukhov), 1.0), obukhov),
        frozen=(hours["code"].fill_null(0) > LAST_LIQUID).to_numpy(),
        wetted=hours["wetted"].to_numpy(),
        hour=clock.hour().to_numpy().astype(np.int64) + 1,
        month=clock.month().to_numpy().astype(np.int64),
    )


def lacking(hours: pl.DataFrame) -> dict[str, int]:
    """Return in how many hours each of :data:`NEEDED` is not known, for those of which there are any."""
    counts = {name: hours[name].null_count() for name in NEEDED}
    return {name: count for name, count in counts.items() if count}
