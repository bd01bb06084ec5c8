"""The records of the simulated streams: which signal is what, by which instrument, and by which function a value."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from goedebuur.core.base.periods import Clock
from goedebuur.core.base.sourced import Status
from goedebuur.core.emissions import signals
from goedebuur.core.emissions.processing import (
    Above,
    OfStream,
    Order,
    Peripherals,
    Processing,
    RangeOf,
    Reference,
    ShareOf,
    Taken,
)
from goedebuur.core.emissions.streams import Basis, CalibrationFunction, Code, Role, Stream
from goedebuur.core.permits.limits import Substance
from goedebuur.services.demo.permits import places
from goedebuur.services.demo.permits.writing import substance
from goedebuur.services.demo.stacks.designs import STATES, Point, Pollutant

STEP: Final = 60
"""Of every simulated signal. [s]"""
_ROLES: Final[Mapping[str, Role]] = {
    "oxygen": Role.OXYGEN,
    "moisture": Role.MOISTURE,
    "temperature": Role.TEMPERATURE,
    "pressure": Role.PRESSURE,
    "flow": Role.FLOW,
    "load": Role.LOAD,
    "state": Role.STATE,
}
_PERIPHERAL: Final[Mapping[str, tuple[str, str, str, str]]] = {
    "oxygen": ("%", "0", "25", "EN 14789"),
    "moisture": ("%", "0", "40", "EN 14790"),
    "temperature": ("°C", "0", "400", ""),
    "pressure": ("hPa", "800", "1200", ""),
    "flow": ("m³/h", "", "", "EN ISO 16911-2"),
}
_PROCESSES: Final[Mapping[str, str]] = {
    "kg/h": "stack_process_mass",
    "mbar": "stack_process_pressure",
    "°C": "stack_process_temperature",
    "%": "stack_signal_percent",
}
"""Unit of a process signal → what it is in the table of quantities."""
SINCE: Final = date(2022, 1, 1)
MAKE: Final = "gesimuleerd instrument"


def stream_id(point: Point, name: str) -> str:
    """Return the identifier of a stream: `sim-a1.hcl`."""
    return f"sim-{point.key}.{name}"


def series(point: Point, name: str) -> str:
    """Return the series of observations that holds the raw values of a stream."""
    quantity = _quantity(point, name)
    alone = quantity != "stack_signal_ma" and not quantity.startswith("stack_process")
    return signals.series_id(f"SIM-{point.key.upper()}", quantity, STEP, "" if alone else name.replace("_", "-"))


def _quantity(point: Point, name: str) -> str:
    """Return the quantity of a signal, as the table of quantities has it."""
    one = next((one for one in point.pollutants if one.substance == name), None)
    if one is not None:
        return "stack_signal_ma" if one.milliampere else f"stack_{name}"
    if name in _ROLES:
        return {"oxygen": "stack_o2", "load": point.gas.load}.get(name, f"stack_{name}")
    units = {unit.signal: unit.unit for unit in point.units} | {key: said for key, (said, _) in point.processes.items()}
    return _PROCESSES[units[name]]


def streams(point: Point) -> list[Stream]:
    """Return the streams of an emission point, all simulated."""
    found = [_concentration(point, one) for one in point.pollutants]
    names = [name for name in _PERIPHERAL if name != "oxygen" or point.gas.reference]
    for name in names:
        unit, low, high, standard = _PERIPHERAL[name]
        wet = {"oxygen": False, "flow": True}.get(name)
        basis = Basis.ACTUAL if name == "flow" else Basis.NORMAL
        found.append(_plain(point, name, unit, wet=wet, basis=basis, low=low, high=high, standard=standard))
    found.append(_plain(point, "load", point.gas.load_unit))
    found.append(_plain(point, "state", "code", codes=tuple(Code(code, state) for code, state in STATES.items())))
    found += [_plain(point, unit.signal, unit.unit) for unit in point.units]
    found += [_plain(point, name, unit) for name, (unit, _) in point.processes.items()]
    return found


def functions(point: Point) -> list[CalibrationFunction]:
    """Return the calibration function of each concentration: first one of 2022, and the one in use."""
    return [
        CalibrationFunction(
            f"{stream_id(point, one.substance)}.qal2",
            stream_id(point, one.substance),
            _number(one.offset),
            _number(one.slope),
            "mg/m³",
            "0",
            _number(one.top),
            date(2024, 9, 12),
            date(2024, 10, 1),
            None,
            18,
            "Meetbureau Verzonnen (gesimuleerd)",
        )
        for one in point.pollutants
    ]


def processing(point: Point) -> Processing:
    """Return how the raw values of an emission point become averages, as the invented measuring plan has it."""
    oxygen = f"{point.gas.reference:g}" if point.gas.reference else ""
    waste = point.gas.load == "stack_steam"
    beside = Peripherals(
        temperature=Taken(stream_id(point, "temperature")),
        pressure=Taken(stream_id(point, "pressure")),
        moisture=Taken(stream_id(point, "moisture")),
        oxygen=Taken(stream_id(point, "oxygen")) if oxygen else None,
        flow=stream_id(point, "flow"),
        state=stream_id(point, "state"),
    )
    return Processing(
        id=f"sim-{point.key}.verwerking",
        site=point.site,
        emission_point=places.part_id(point.site, point.name),
        valid_from=SINCE,
        clock=Clock.CET,
        order=Order.EACH_VALUE,
        lengths=(1_800,) if waste else (3_600,),
        share="2/3",
        share_of=ShareOf.AT_WORK,
        oxygen_guard="20",
        above_range=Above.COUNTS,
        range_of=RangeOf.CALIBRATED,
        references=(Reference(oxygen, dry=True),),
        peripherals=(beside,),
        basis="meetplan van de verzonnen installatie (gesimuleerd)",
        status=Status.CONFIRMED,
        streams=(OfStream(stream_id(point, "co"), lengths=(600, 1_800)),) if waste else (),
    )


def records(point: Point) -> list[Stream | CalibrationFunction | Processing]:
    """Return everything that the record must hold before raw values of an emission point come in."""
    return [*streams(point), *functions(point), processing(point)]


def _concentration(point: Point, one: Pollutant) -> Stream:
    top = "20" if one.milliampere else _number(one.top)
    return Stream(
        id=stream_id(point, one.substance),
        site=point.site,
        emission_point=places.part_id(point.site, point.name),
        role=Role.CONCENTRATION,
        series=series(point, one.substance),
        unit="mA" if one.milliampere else "mg/m³",
        step=STEP,
        installation=places.part_id(point.site, point.installation),
        substance=Substance(**substance(one.substance)),
        wet=one.wet,
        basis=Basis.ACTUAL if one.hot else Basis.NORMAL,
        range_low="4" if one.milliampere else "0",
        range_high=top,
        standard=one.standard,
        instrument=f"{MAKE} ({one.instrument})",
        valid_from=SINCE,
        simulated=True,
    )


def _plain(
    point: Point,
    name: str,
    unit: str,
    *,
    wet: bool | None = None,
    basis: Basis = Basis.NORMAL,
    low: str = "",
    high: str = "",
    standard: str = "",
    codes: tuple[Code, ...] = (),
) -> Stream:
    return Stream(
        id=stream_id(point, name),
        site=point.site,
        emission_point=places.part_id(point.site, point.name),
        role=_ROLES.get(name, Role.PROCESS),
        series=series(point, name),
        unit=unit,
        step=STEP,
        installation=places.part_id(point.site, point.installation),
        wet=wet,
        basis=basis,
        range_low=low,
        range_high=high,
        standard=standard,
        instrument=MAKE,
        codes=codes,
        valid_from=SINCE,
        simulated=True,
    )


def _number(value: float) -> str:
    return f"{value:.9f}".rstrip("0").rstrip(".")
