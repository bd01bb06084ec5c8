"""Records of sites are valid from birth: what cannot be is refused, with the field and what to do."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.sites import form, history
from goedebuur.core.sites.history import Dated
from goedebuur.core.sites.records import (
    Activity,
    Authority,
    EmissionPoint,
    Installation,
    Operator,
    Place,
    Site,
)

NAMES = (Dated("Voorbeeld BV", "2007-01-01", "2012-12-31", "E-PRTR"), Dated("Voorbeeld NV", "2013-01-01"))
EVERY = (
    Operator("voorbeeld", "01234567", NAMES, (Dated("Kade 1, Eendorp"),)),
    Authority("od-eendorp", "agency", (Dated("Omgevingsdienst Eendorp"),), "", "2013-01-01"),
    Site(
        id="NL.RIVM/000012345.FACILITY",
        names=NAMES,
        cities=(Dated("Eendorp"),),
        places=(Place("52.1", "4.5", "84000.5", "456000", "2007-01-01", "", "E-PRTR", "wrong", "in zee", "authority"),),
        operators=(Dated("voorbeeld", "2007-01-01"),),
        activities=(Activity("eprtr", "2(c)(i)", main=True), Activity("ied", "2.3(a)")),
        checked=True,
    ),
    Installation("sinter-1", "een", (Dated("Sinterfabriek"),), (Activity("ied", "2.1"),)),
    EmissionPoint("schoorsteen-1", "een", "stack", (Dated("Schoorsteen 1"),), ("sinter-1",), "110.5", "6.2"),
    EmissionPoint("opslag", "een", "diffuse", (Dated("Opslag"),), area="52000", volume="400000"),
    EmissionPoint("pijp", "een", "stack", (Dated("Pijp"),), temperature="140", speed="18.5", flow="301400"),
)


def refused(code: str, message: str, made: Any, **fields: Any) -> GoedeBuurError:
    with pytest.raises(GoedeBuurError, match=message) as caught:
        made(**fields)
    assert caught.value.code == code
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize("one", EVERY, ids=form.kind_of)
def test_fields_read_back_are_the_same_record(one: Any) -> None:
    assert form.read(type(one), form.body(one)) == one


@pytest.mark.parametrize("kvk", ["1234567", "123456789", "1234567a", "١٢٣٤٥٦٧٨"])
def test_a_kvk_number_has_eight_digits(kvk: str) -> None:
    error = refused("site-malformed", "eight digits", Operator, id="een", names=NAMES, kvk=kvk)
    assert error.value == kvk


@pytest.mark.parametrize("text", ["", "een/twee", "een/vergunning", "-een", "a" * 81, "NL.RIVM/", "een\n", "één"])
def test_an_identifier_of_a_site_is_a_name_or_that_of_a_register(text: str) -> None:
    refused("site-malformed", "identifier", Site, id=text, names=NAMES)


@pytest.mark.parametrize(
    ("latitude", "longitude"), [("90.1", "4"), ("52", "180.5"), ("52,1", "4"), ("1e1", "4"), ("nan", "4")]
)
def test_coordinates_are_decimal_degrees(latitude: str, longitude: str) -> None:
    refused("site-malformed", "decimal number", Place, latitude=latitude, longitude=longitude)


def test_a_place_is_given_in_one_of_two_forms_whole() -> None:
    assert Place(x="84000", y="456000").latitude == ""
    refused("site-malformed", "both are given", Place, latitude="52", longitude="")
    refused("site-malformed", "latitude and longitude, or x and y", Place)


@pytest.mark.parametrize(("x", "y"), [("84000", ""), ("456000", "84000")])
def test_rd_coordinates_come_in_pairs_and_lie_where_rd_holds(x: str, y: str) -> None:
    refused("site-malformed", "both are given|decimal number", Place, latitude="52", longitude="4", x=x, y=y)


@pytest.mark.parametrize(("judged", "reason", "role"), [("maybe", "x", "y"), ("wrong", "", "y"), ("", "x", "y")])
def test_a_judgement_has_a_reason_and_a_role(judged: str, reason: str, role: str) -> None:
    refused("site-malformed", "judgement", Place, latitude="52", longitude="4", judged=judged, reason=reason, role=role)


@pytest.mark.parametrize("days", [("2012-1-1", ""), ("2012-02-30", ""), ("2012-01-02", "2012-01-01"), ("20120101", "")])
def test_days_are_days_in_their_order(days: tuple[str, str]) -> None:
    refused("site-malformed", "day", Dated, value="x", valid_from=days[0], valid_to=days[1])


def test_rd_holds_as_far_south_as_vaals_and_no_further_than_its_area() -> None:
    Place("50.76", "6.02", "199000", "307000")
    refused("site-malformed", "decimal number", Place, latitude="52", longitude="4", x="1", y="200000")


def test_an_emission_point_has_a_kind_and_a_height_in_metres() -> None:
    refused("site-malformed", "emission point is one of", EmissionPoint, id="p", site="een", kind="pipe", names=NAMES)
    refused("site-malformed", "0 to 500", EmissionPoint, id="p", site="een", kind="stack", names=NAMES, height="-1")
    refused(
        "site-malformed", "-50 to 2000", EmissionPoint, id="p", site="een", kind="vent", names=NAMES, temperature="-51"
    )
    refused("site-malformed", "0 to 500", EmissionPoint, id="p", site="een", kind="vent", names=NAMES, speed="501")
    refused("site-malformed", "0 to 9999999", EmissionPoint, id="p", site="een", kind="vent", names=NAMES, flow="-1")
    refused(
        "site-malformed", "0 to 9999999", EmissionPoint, id="p", site="een", kind="diffuse", names=NAMES, area="1 ha"
    )


def test_fields_that_are_empty_are_left_out() -> None:
    assert form.body(Operator("een", names=(Dated("Een"),))) == {"id": "een", "names": [{"value": "Een"}]}


def test_every_fault_in_a_list_is_told_with_its_place() -> None:
    found, faults = form.read_list(
        [
            {"record_kind": "site", "id": "een", "names": [{"value": "Een"}], "colour": "red"},
            {"record_kind": "emission_point", "id": "p", "names": [{"value": "P"}]},
            {"record_kind": "site", "id": "twee", "names": [{"value": "T"}], "places": [{"latitude": "52"}]},
            {"record_kind": "operator", "id": "drie", "names": [{"value": "D", "valid_from": "2012"}]},
            {"record_kind": "works", "id": "vier"},
            "vijf",
            {"record_kind": "operator", "id": "zes", "names": [{"value": "Zes"}]},
        ]
    )
    assert [one.id for one in found] == ["zes"]
    assert [(fault.code, fault.place) for fault in faults] == [
        ("field-unknown", "[0].colour"),
        ("field-missing", "[1].site"),
        ("field-missing", "[1].kind"),
        ("site-malformed", "[2].places[0].latitude and longitude"),
        ("site-malformed", "[3].names[0].D"),
        ("site-malformed", "[4].record_kind"),
        ("site-malformed", "[5].record_kind"),
    ]


@pytest.mark.parametrize("said", [{"names": "Een"}, {"names": ["Een"]}, {"names": [{"value": 1}]}, {"checked": "yes"}])
def test_a_field_of_another_kind_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        form.read(Site, {"id": "een", "names": [{"value": "Een"}]} | said)
    assert caught.value.code == "field-value"


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2006-12-31", None),
        ("2007-01-01", "Voorbeeld BV"),
        ("2012-12-31", "Voorbeeld BV"),
        ("2013-01-01", "Voorbeeld NV"),
    ],
)
def test_a_name_holds_from_its_first_to_its_last_day(day: str, name: str | None) -> None:
    found = history.on(NAMES, date.fromisoformat(day))
    assert (found.value if found else None) == name


def test_latest_is_the_one_that_began_last() -> None:
    assert history.latest(tuple(reversed(NAMES))) == NAMES[1]
    assert history.latest(()) is None
