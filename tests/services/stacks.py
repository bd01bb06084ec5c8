"""An invented site with two stacks, their streams and what is set for them."""

from __future__ import annotations

from datetime import date

from goedebuur.core.base.periods import Clock
from goedebuur.core.base.sourced import Status
from goedebuur.core.emissions.abatement import Abatement, AbatementKind
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
from goedebuur.core.emissions.streams import CalibrationFunction, Code, Role, Stream
from goedebuur.core.permits.limits import Substance
from goedebuur.core.sites.history import Dated
from goedebuur.core.sites.records import EmissionPoint, Installation, Site

SITE = Site("werk", (Dated("Werk Een"),), simulated=True)
LINE = Installation("lijn-1", "werk", (Dated("Lijn 1"),))
POINT = EmissionPoint("K1", "werk", "stack", (Dated("Schoorsteen 1"),), ("lijn-1",), height="80", diameter="2.4")
OTHER = EmissionPoint("K2", "werk", "stack", (Dated("Schoorsteen 2"),))
NOX = Stream(
    id="K1-nox",
    site="werk",
    emission_point="K1",
    role=Role.CONCENTRATION,
    series="K1.stack_nox.1min",
    unit="mg/m³",
    step=60,
    installation="lijn-1",
    substance=Substance("stikstofoxiden (als NO2)", id="nox"),
    wet=False,
    range_low="0",
    range_high="400",
    standard="EN 14792",
    simulated=True,
)
OXYGEN = Stream("K1-o2", "werk", "K1", Role.OXYGEN, "K1.stack_o2.1min", "%", 60, wet=False, simulated=True)
STATE = Stream(
    "K1-toestand",
    "werk",
    "K1",
    Role.STATE,
    "K1.stack_state.1min",
    "code",
    60,
    codes=(Code(0, "out_of_service"), Code(1, "normal"), Code(2, "start_up")),
    simulated=True,
)
FUNCTION = CalibrationFunction(
    "K1-nox-2025", "K1-nox", "-1.2", "1.04", "mg/m³", "0", "220", date(2025, 5, 20), date(2025, 6, 1), pairs=15
)
PROCESSING = Processing(
    id="K1-2025",
    site="werk",
    emission_point="K1",
    valid_from=date(2025, 1, 1),
    clock=Clock.CET,
    order=Order.EACH_VALUE,
    lengths=(1800,),
    share="2/3",
    share_of=ShareOf.PERIOD,
    oxygen_guard="20",
    above_range=Above.LOST,
    range_of=RangeOf.STANDARD,
    references=(Reference("11", True),),
    peripherals=(Peripherals(oxygen=Taken("K1-o2"), moisture=Taken(otherwise="14.5"), state="K1-toestand"),),
    basis="chosen for the example",
    status=Status.JUDGEMENT,
    question="Is this what the measuring plan says?",
    streams=(OfStream("K1-nox", least="3.6"),),
)
FILTER = Abatement(
    "K1-doek", "werk", "Doekfilter", AbatementKind.FABRIC_FILTER, ("K1",), substances=("dust",), simulated=True
)
ALL = (SITE, LINE, POINT, OTHER, NOX, OXYGEN, STATE, FUNCTION, PROCESSING, FILTER)
