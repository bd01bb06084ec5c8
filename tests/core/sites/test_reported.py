"""A site follows from reports without anything that they do not say."""

from __future__ import annotations

from goedebuur.core.sites import reported
from goedebuur.core.sites.history import Dated
from goedebuur.core.sites.records import Place
from goedebuur.core.sites.reported import Facility, Report

R = "NL.RIVM/000000001.FACILITY"


def report(year: int, name: str = "Een BV", latitude: str = "52.1", activity: str = "1(c)") -> Report:
    return Report(R, year, name, "Eendorp", activity, latitude, "5.1")


def test_a_register_knows_no_operator_authority_or_kvk_number() -> None:
    site = reported.as_site(Facility(R, (report(2007),)))
    assert site.operators == site.authorities == site.agencies == site.municipalities == ()
    assert not site.checked


def test_each_run_of_years_has_its_first_and_last_day_and_the_last_has_no_end() -> None:
    site = reported.as_site(Facility(R, (report(2007), report(2009), report(2010, "Een NV"))))
    assert site.names == (
        Dated("Een BV", "2007-01-01", "2009-12-31", "E-PRTR, reported over 2007, 2009"),
        Dated("Een NV", "2010-01-01", "", "E-PRTR, reported over 2010"),
    )


def test_a_place_that_comes_back_is_two_runs() -> None:
    places = reported.as_site(Facility(R, (report(2015), report(2016, latitude="52.2"), report(2017)))).places
    assert [(one.latitude, one.valid_from[:4], one.valid_to[:4]) for one in places] == [
        ("52.1", "2015", "2015"),
        ("52.2", "2016", "2016"),
        ("52.1", "2017", ""),
    ]


def test_coordinates_that_are_no_numbers_make_no_place_and_a_missing_activity_no_activity() -> None:
    site = reported.as_site(Facility(R, (report(2007, latitude="", activity=""),)))
    assert site.places == ()
    assert site.activities == ()
    assert reported.as_site(Facility(R, (report(2008),))).places == (
        Place("52.1", "5.1", valid_from="2008-01-01", source="E-PRTR, reported over 2008"),
    )


def test_one_report_a_year_and_facility_in_order_of_years() -> None:
    found = reported.facilities([report(2008), report(2007), report(2008)], simulated=[R])
    assert [(one.id, one.years, one.simulated) for one in found] == [(R, (2007, 2008), True)]
