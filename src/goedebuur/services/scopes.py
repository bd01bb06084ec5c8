"""What a delivery says beside what its submitter may say: quantities, places and the accreditation in its reports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.emissions.measuring import reports
from goedebuur.core.emissions.visible import sightings
from goedebuur.core.expectations import reasons
from goedebuur.core.ledger import statements, submitters
from goedebuur.core.ledger.submitters import Scope, Submitter
from goedebuur.services.preparing import Prepared

OTHER_ACCREDITATION: Final = declare(
    "submission-report-accreditation", "A report names another accreditation than that of its submitter."
)
OWN_ACCREDITATION: Final = statements.BOOK.refuse(
    "report-accreditation",
    OTHER_ACCREDITATION,
    "Een meetrapport noemt de accreditatie van de leverancier, of geen.",
    "A report of a measurement names the accreditation of its submitter, or none.",
    test="tests/rulebook/test_measurement_reports.py::test_accreditation_of_another_is_refused",
)


def outside(scope: Sequence[Scope], sites: Sequence[str], prepared: Prepared) -> Iterator[GoedeBuurError]:
    """Yield the quantities and places of a delivery that the scope of its submitter does not cover.

    Parameters
    ----------
    scope
        The parts of it that take the format and the method; without any that was said already.
    sites
        The only stations or facilities that the delivery says to be about; empty where it does not say.
    """
    if not scope:
        return
    pairs: set[tuple[str, str]] = set()
    places: set[str] = set()
    for series in prepared.named:
        station, quantity, _ = series.rsplit(".", 2)
        pairs.add((station, quantity))
    for one in prepared.catalogue:
        if one.kind == "station":
            places.add(one.id)
        elif one.kind == "release":
            pairs.add((str(one.body["facility"]), str(one.body["pollutant"])))
        elif one.kind == sightings.KIND:
            pairs.add((str(one.body["site"]), sightings.KIND))
        elif one.kind == reasons.KIND:
            station, quantity, _ = str(one.body["series"]).rsplit(".", 2)
            pairs.add((station, quantity))
        elif one.kind == reports.KIND:
            substance = one.body["substance"]
            pairs.add((str(one.body["site"]), str(substance.get("id") or substance.get("cas") or substance["name"])))
        elif "station" in one.body:
            places.add(str(one.body["station"]))
    yield from submitters.outside(scope, sites, pairs, places)


def accredited(submitter: Submitter, prepared: Prepared) -> Iterator[GoedeBuurError]:
    """Yield each report that names another accreditation than the one of its submitter."""
    known = submitter.accreditation.number if submitter.accreditation is not None else ""
    for one in prepared.catalogue:
        named = str(one.body.get("accreditation", "")) if one.kind == reports.KIND else ""
        if named and named != known:
            yield OWN_ACCREDITATION.error(
                "A report names another accreditation than that of the submitter.",
                place=str(one.body["id"]),
                value=named,
                hint=f"The record has {known or 'none'} for this submitter: correct the report, or have it changed.",
            )
