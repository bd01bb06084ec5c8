"""Formats of suppliers: fetch gives bytes as received, parse gives records and a count of what was left out."""

from goedebuur.adapters import base
from goedebuur.adapters.eprtr import Eprtr
from goedebuur.adapters.hollandse_luchten import HollandseLuchten
from goedebuur.adapters.knmi_stations import KnmiStations
from goedebuur.adapters.knmi_uurgeg import KnmiUurgeg
from goedebuur.adapters.luchtmeetnet import Luchtmeetnet
from goedebuur.adapters.rivm_lml import RivmLml
from goedebuur.adapters.simulated import Simulated

for _adapter in (
    Simulated((RivmLml(), KnmiUurgeg(), Eprtr())),
    RivmLml(),
    KnmiUurgeg(),
    KnmiStations(),
    Luchtmeetnet(),
    HollandseLuchten(),
    Eprtr(),
):
    base.register(_adapter)
