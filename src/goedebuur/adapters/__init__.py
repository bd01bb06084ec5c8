"""Formats of suppliers: fetch gives bytes as received, parse gives records and a count of what was left out."""

from goedebuur.adapters import base
from goedebuur.adapters.rivm_lml import RivmLml

for _adapter in (RivmLml(),):
    base.register(_adapter)
