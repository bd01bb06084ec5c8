"""Formats of suppliers: fetch gives bytes as received, parse gives records and a count of what was left out."""

from goedebuur.adapters import base
from goedebuur.adapters.eprtr import Eprtr
from goedebuur.adapters.gap_reasons import GapReasons
from goedebuur.adapters.gas_turbine import GasTurbine
from goedebuur.adapters.hollandse_luchten import HollandseLuchten
from goedebuur.adapters.knmi_stations import KnmiStations
from goedebuur.adapters.knmi_uurgeg import KnmiUurgeg
from goedebuur.adapters.luchtmeetnet import Luchtmeetnet
from goedebuur.adapters.measurement_report import MeasurementReport
from goedebuur.adapters.rivm_lml import RivmLml
from goedebuur.adapters.simulated import Simulated
from goedebuur.adapters.stack_csv import StackCsv
from goedebuur.adapters.visible_emissions import VisibleEmissions

for _adapter in (
    Simulated((RivmLml(), KnmiUurgeg(), Eprtr(), StackCsv())),
    RivmLml(),
    KnmiUurgeg(),
    KnmiStations(),
    Luchtmeetnet(),
    HollandseLuchten(),
    Eprtr(),
    GapReasons(),
    GasTurbine(),
    MeasurementReport(),
    StackCsv(),
    VisibleEmissions(),
):
    base.register(_adapter)
