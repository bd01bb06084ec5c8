"""What the record holds: its state, stations with their series, weather stations, facilities."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from math import nan
from typing import TYPE_CHECKING, Any, Final

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.exact import as_text
from goedebuur.core.base.quantities import QUANTITIES
from goedebuur.services.views import FacilityView, RecordView, ReleaseView, SeriesView, StationView

if TYPE_CHECKING:
    from goedebuur.services.record import Record

UNKNOWN_STATION: Final = declare("query-unknown-station", "There is no station of that name in the record.")
UNKNOWN_SERIES: Final = declare("query-unknown-series", "There is no series of that name in the record.")
SIMULATION: Final = "simulatie"
"""Submitter of everything that is simulated."""
WIND_DIRECTION: Final = "wind_direction"
WIND_SPEEDS: Final = ("wind_speed_10min", "wind_speed")
"""Speeds that go with a direction, the best first: KNMI's direction is of the last ten minutes of the hour."""


def overview(record: Record, as_of: int | None = None) -> RecordView:
    """Return the state of the whole record, now or at a tree size."""
    totals = record.remembered(("totals", as_of), lambda: _totals(record, as_of))
    size = record.size if as_of is None else as_of
    return RecordView(
        tree_size=size,
        root_hash=(record.ledger.checkpoint().root if as_of is None else record.ledger.root_hash(as_of)).hex(),
        projected=min(record.projected, size),
        **totals,
    )


def _totals(record: Record, as_of: int | None) -> dict[str, Any]:
    """Return what the whole record holds, without the view of each series: every page has it in its foot."""
    held = record.observations.summary(as_of)
    described = record.of_catalogue("places of series", as_of, lambda size: _placed(record, size), ("series",))
    known, simulated = record.of_catalogue("stations", as_of, lambda size: _stationed(record, size), ("station",))
    names = set(held["series"]) | described.keys()
    of_stacks: dict[str, bool] = {}
    for name in names:
        place, quantity, _ = name.rsplit(".", 2)
        place = described.get(name, place)
        of_stacks[place] = of_stacks.get(place, True) and QUANTITIES[quantity].stack
    return {
        "stations": sum(not of_stacks.get(place, False) for place in known | of_stacks.keys()),
        "series": len(names),
        "observations": int(held["count"].sum()),
        "first": held["first"].min(),
        "last": held["last"].max(),
        "simulated": simulated,
    }


def _placed(record: Record, size: int) -> dict[str, str]:
    told = record.catalogue.state("series", size)
    return {name: str(body.get("station", name.rsplit(".", 2)[0])) for name, body in told.items()}


def _stationed(record: Record, size: int) -> tuple[set[str], bool]:
    """Return the stations that are described, and whether any of them is simulated."""
    submitters = record.catalogue.submitters("station", size)
    return set(record.catalogue.state("station", size)), any(SIMULATION in who for who in submitters.values())


def stations(record: Record, as_of: int | None = None) -> list[StationView]:
    """Return all stations with their series, by identifier; signals from a stack are of no station."""
    return [one for one in places(record, as_of) if not one.stack]


def places(record: Record, as_of: int | None = None) -> list[StationView]:
    """Return all places with their series, by identifier: the stations, and emission points with signals."""
    return list(_by_id(record, as_of).values())


def station(record: Record, station_id: str, as_of: int | None = None) -> StationView:
    """Return one station.

    Raises
    ------
    GoedeBuurError
        `query-unknown-station`.
    """
    found = _by_id(record, as_of).get(station_id)
    if found is None:
        raise GoedeBuurError(
            UNKNOWN_STATION,
            "There is no station of that name in the record.",
            value=station_id,
            hint="`goedebuur stations` lists all of them.",
        )
    return found


def series(record: Record, series_id: str, as_of: int | None = None) -> SeriesView:
    """Return one series.

    Raises
    ------
    GoedeBuurError
        `query-unknown-series`.
    """
    found = record.remembered(("series", as_of), lambda: _series_by_id(record, as_of)).get(series_id)
    if found is None:
        raise GoedeBuurError(
            UNKNOWN_SERIES,
            "There is no series of that name in the record.",
            value=series_id,
            hint="A series is called STATION.QUANTITY.STEP, e.g. NL49553.pm10.1h; `goedebuur series` lists them.",
        )
    return found


def lasts(record: Record, as_of: int | None = None) -> Mapping[str, datetime]:
    """Return series → the start of its last value, of all that have any."""

    def read() -> dict[str, datetime]:
        return dict(record.observations.summary(as_of).select("series", "last").iter_rows())

    return record.remembered(("last of each series", as_of), read)


def weather_stations(record: Record, as_of: int | None = None) -> list[StationView]:
    """Return the stations that have wind direction and speed, by identifier."""
    return [one for one in stations(record, as_of) if wind_series(one) is not None]


def wind_series(view: StationView) -> tuple[str, str] | None:
    """Return the series of wind direction and speed of a station, None where it lacks either."""
    held = {one.quantity: one.id for one in view.series if one.count}
    speed = next((held[name] for name in WIND_SPEEDS if name in held), None)
    if speed is None or WIND_DIRECTION not in held:
        return None
    return held[WIND_DIRECTION], speed


def no_wind(station_id: str) -> GoedeBuurError:
    """Return the error of a station that measures no wind."""
    return GoedeBuurError(
        UNKNOWN_STATION,
        "This station has no wind direction and speed.",
        value=station_id,
        hint="Choose a station that has both, such as one of KNMI.",
    )


def facilities(record: Record, as_of: int | None = None) -> list[FacilityView]:
    """Return the facilities of the release register with their releases to air, by identifier."""
    return record.of_catalogue("facilities", as_of, lambda size: _facilities(record, size), ("release",))


def _series_by_id(record: Record, as_of: int | None) -> dict[str, SeriesView]:
    return {one.id: one for view in places(record, as_of) for one in view.series}


def _by_id(record: Record, as_of: int | None) -> dict[str, StationView]:
    return record.remembered(("stations", as_of), lambda: _stations(record, as_of))


def _stations(record: Record, as_of: int | None) -> dict[str, StationView]:
    held = {row["series"]: row for row in record.observations.summary(as_of).iter_rows(named=True)}
    described = record.catalogue.state("series", as_of)
    points = record.catalogue.state("sampling_point", as_of)
    by_station: dict[str, list[SeriesView]] = {}
    for name in sorted(held.keys() | described.keys()):
        view = _series(name, described.get(name, {}), points, held.get(name))
        by_station.setdefault(view.station, []).append(view)
    known = record.catalogue.state("station", as_of)
    simulated = {name for name, who in record.catalogue.submitters("station", as_of).items() if SIMULATION in who}
    return {
        name: StationView(
            id=name,
            name=known.get(name, {}).get("name") or name,
            latitude=_degrees(known.get(name, {}).get("latitude")),
            longitude=_degrees(known.get(name, {}).get("longitude")),
            operator=known.get(name, {}).get("operator", ""),
            area=known.get(name, {}).get("area", ""),
            kind=known.get(name, {}).get("kind", ""),
            municipality=known.get(name, {}).get("municipality", ""),
            simulated=name in simulated,
            series=tuple(by_station.get(name, ())),
        )
        for name in sorted(known.keys() | by_station.keys())
    }


def _series(
    name: str, said: Mapping[str, Any], points: Mapping[str, Mapping[str, Any]], held: Mapping[str, Any] | None
) -> SeriesView:
    place, quantity, _ = name.rsplit(".", 2)
    point = points.get(said.get("sampling_point", f"{place}.{quantity}"), {})
    return SeriesView(
        id=name,
        station=said.get("station", place),
        quantity=quantity,
        unit=QUANTITIES[quantity].unit,
        step=int(held["step"] if held else said["step"]),
        first=held["first"] if held else None,
        last=held["last"] if held else None,
        count=int(held["count"]) if held else 0,
        principle=point.get("principle", ""),
        instrument=point.get("instrument", ""),
        accreditation=point.get("accreditation", ""),
        max_decimals=int(said.get("max_decimals", 6)),
    )


def _facilities(record: Record, as_of: int) -> list[FacilityView]:
    newest = {name: (leaf, body) for leaf, name, _, body in record.catalogue.records("release", as_of)}
    by_facility: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    for leaf, body in newest.values():
        if body["medium"] == "air":
            by_facility.setdefault(str(body["facility"]), []).append((leaf, body))
    submitters = record.catalogue.submitters("release", as_of)
    invented = {name.rsplit(":", 3)[0] for name, who in submitters.items() if SIMULATION in who}
    return [_facility(name, by_facility[name], name in invented) for name in sorted(by_facility)]


def _facility(name: str, found: list[tuple[int, dict[str, Any]]], simulated: bool) -> FacilityView:
    found.sort(key=lambda one: (one[1]["year"], one[1]["pollutant"]))
    last = found[-1][1]
    return FacilityView(
        id=name,
        name=last["name"],
        latitude=_degrees(last["latitude"]),
        longitude=_degrees(last["longitude"]),
        place=last["city"] or "",
        activity=last["activity"] or "",
        sector=last["sector"] or "",
        releases=tuple(
            ReleaseView(
                year=body["year"],
                pollutant=body["pollutant"],
                amount_text=as_text(body["value"], body["decimals"]),
                unit=body["unit"],
                leaf=leaf,
            )
            for leaf, body in found
        ),
        simulated=simulated,
    )


def _degrees(text: str | None) -> float:
    try:
        return float(text or "nan")
    except ValueError:
        return nan
