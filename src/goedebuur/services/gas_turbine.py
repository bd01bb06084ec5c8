"""The site of the gas turbine data set: what the record must hold before its hours come in.

The data set names no owner, place, stack or reference conditions, so none is in the record. No permit binds it and no
processing is set: there are no verdicts on it, and there can be none, since the time of each value is assumed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Final

from goedebuur.adapters import gas_turbine
from goedebuur.adapters.gas_turbine import SIGNALS
from goedebuur.core.emissions.streams import Role, Stream
from goedebuur.core.permits.limits import Substance
from goedebuur.core.sites.history import Dated
from goedebuur.core.sites.records import EmissionPoint, Site, SiteRecord
from goedebuur.rules import substance_names
from goedebuur.services import streams

if TYPE_CHECKING:
    from goedebuur.services.record import Record

SITE: Final = "uci-gasturbine"
POINT: Final = "uci-gasturbine.schoorsteen"
SOURCE: Final = "UCI Machine Learning Repository, data set 551"
NAME: Final = "Gasturbine (gegevensset van UCI, tijden aangenomen)"
REASON: Final = "de gegevensset zelf; zij noemt geen plaats, eigenaar of tijden"
_SUBSTANCES: Final = {"CO": "co", "NOX": "nox"}
_ROLES: Final = {"CO": Role.CONCENTRATION, "NOX": Role.CONCENTRATION, "TEY": Role.LOAD}


def records() -> list[SiteRecord | Stream]:
    """Return the site, its one emission point, and a stream for each column."""
    site = Site(SITE, names=(Dated(NAME, source=SOURCE),))
    point = EmissionPoint(POINT, SITE, "stack", (Dated("uitlaat van de turbine", source=SOURCE),))
    return [site, point, *(_stream(column) for column in SIGNALS)]


def enter(record: Record, now: datetime) -> None:
    """Enter them; what is there already changes nothing."""
    streams.put(record, records(), now, reason=REASON, submitter=gas_turbine.GasTurbine.submitter)


def is_among(names: Iterable[str]) -> bool:
    """Return whether a file of the data set is among some, by its name."""
    return any(gas_turbine.year_of(name) is not None for name in names)


def _stream(column: str) -> Stream:
    signal = SIGNALS[column]
    substance = None
    if column in _SUBSTANCES:
        named = substance_names.names().of_id(_SUBSTANCES[column])
        assert named is not None
        substance = Substance(named.nl, named.cas, named.id)
    return Stream(
        id=f"uci-gt.{column.lower()}",
        site=SITE,
        emission_point=POINT,
        role=_ROLES.get(column, Role.PROCESS),
        series=signal.series,
        unit=signal.unit,
        step=gas_turbine.STEP,
        substance=substance,
    )
