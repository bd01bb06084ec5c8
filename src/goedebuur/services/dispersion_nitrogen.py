"""How much of nitrogen oxides is NO2, as far as there is ozone: that which a station of the record measured."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from goedebuur.core.base import errors
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.flags import UNUSABLE
from goedebuur.core.base.quantities import MICRO
from goedebuur.core.measurements.records import series_id
from goedebuur.services import inventory
from goedebuur.services.dispersion_weather import Weather, numbers

if TYPE_CHECKING:
    from goedebuur.core.weather.sun import Floats
    from goedebuur.services.record import Record

NO_CLOCK: Final = declare("query-ozone-clock", "Hours without a zone do not go with ozone of the record.")
PART: Final = declare("query-no2-part", "That is no part of nitrogen oxides.")
NO_OZONE: Final = "no ozone"
STEP: Final = 3600


@dataclass(frozen=True, slots=True)
class Ozone:
    """Ozone of the air that plumes mix with.

    Parameters
    ----------
    station
        That measured it.
    values
        Of each hour that counts. [µg m⁻³]
    part
        Which part of the nitrogen oxides leaves every source as NO2.
    """

    station: str
    values: Floats
    part: float

    def dioxide(self, oxides: Floats) -> Floats:
        """Return how much is NO2 of nitrogen oxides, as if these all were, of shape (hours, places). [µg m⁻³]"""
        from goedebuur.core.dispersion import nitrogen

        return nitrogen.ozone_limited([oxides], [self.part], self.values).nitrogen_dioxide


def with_ozone(
    record: Record, weather: Weather, station: str, part: float, *, as_of: int | None = None
) -> tuple[Weather, Ozone]:
    """Return the hours in which a station measured ozone, the others left out and counted, and that ozone.

    What was measured below zero is none.

    Raises
    ------
    GoedeBuurError
        `query-unknown-station`; `query-no2-part` for one that is not from 0 to 1; `query-ozone-clock` for weather
        without a zone; `input-empty` where ozone was measured in no hour that counts.
    """
    import polars as pl

    if not 0 <= part <= 1:
        raise GoedeBuurError(
            PART, "That is no part of nitrogen oxides.", place="no2-part", value=f"{part:g}",
            hint="Give how much of them leaves as NO2, from 0 to 1.",
        )  # fmt: skip
    starts = weather.hours["start"].to_list()
    if starts[0].tzinfo is None:
        raise GoedeBuurError(
            NO_CLOCK,
            "The weather does not say of which zone its hours are.",
            place="weather",
            value=f"{starts[0]:%Y-%m-%d %H:%M}",
            hint="Take weather of a station of the record.",
        )
    place = inventory.station(record, station, as_of)
    rows = record.observations.read(
        series=[series_id(place.id, "o3", STEP)],
        start=min(starts),
        end=max(starts) + timedelta(seconds=STEP),
        as_of=as_of,
        columns=("start", "micro", "flags"),
    )
    usable = rows.filter((pl.col("flags") & int(UNUSABLE)) == 0)
    seen = usable.select("start", ozone=(pl.col("micro") / MICRO).clip(0))
    used = weather.hours.join(seen, on="start", how="inner", maintain_order="left")
    if used.is_empty():
        raise GoedeBuurError(
            errors.EMPTY_INPUT,
            "In no hour that counts the station measured ozone.",
            place="ozone",
            value=place.id,
            hint="Take another station or period.",
        )
    gone = weather.hours.height - used.height
    left_out = weather.left_out | ({NO_OZONE: gone} if gone else {})
    ozone = Ozone(place.id, numbers(used, "ozone"), part)
    return replace(weather, hours=used.drop("ozone"), left_out=left_out), ozone
