"""Dispersion studies of the simulated region: one as the works reported, a scenario with a higher stack, and people."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from goedebuur.services import dispersion_study, queries
from goedebuur.services.demo.region import CENTRE, PLACES, WEATHER_STATION
from goedebuur.services.demo.works import WORKS
from goedebuur.services.dispersion_study import OWN, Area, Emitter, Study, Wind

if TYPE_CHECKING:
    from goedebuur.services.record import Record
    from goedebuur.store.studies import Studies

TITLE: Final = "Zwaveldioxide rond de haven (gesimuleerd)"
HIGHER: Final = "Staalwerk met een schoorsteen van 120 m (gesimuleerd)"
PEOPLE: Final = {"stad": 8_400, "voorstad": 4_100, "regionaal": 350}
"""Area of a station → people who are said to live around it."""
COUNTED: Final = date(2025, 1, 1)


def queue(studies: Studies, record: Record, year: int, now: datetime) -> None:
    """Queue both studies, where they are not there yet."""
    if studies.ids():
        return
    overview = queries.overview(record)
    asked = Study(
        id="",
        title=TITLE,
        made="",
        substance="so2",
        years=(year,),
        emitters=(Emitter(_id("staalwerk")), Emitter(_id("centrale"), stack="high")),
        wind=Wind(f"KNMI{WEATHER_STATION}", 0.1),
        area=Area(*CENTRE, 6_000, 300),
        statistics=("mean", "p98", "day-high-4"),
        size=overview.tree_size,
        simulated=overview.simulated,
    )
    base = dispersion_study.make(studies, asked, now)
    higher = Emitter(_id("staalwerk"), stack=OWN, own=(120.0, 4.0, 420.0, 18.0))
    studies.put_people(COUNTED, people())
    dispersion_study.make(studies, dispersion_study.scenario(base, HIGHER, [higher]), now)


def people() -> bytes:
    """Return how many people are said to live around each station."""
    sink = io.StringIO()
    rows = csv.writer(sink, lineterminator="\n")
    rows.writerow(["postcode", "inwoners", "lat", "lon"])
    rows.writerows([one.code, PEOPLE[one.area], one.latitude, one.longitude] for one in PLACES)
    return sink.getvalue().encode()


def _id(name: str) -> str:
    return WORKS[name][0]
