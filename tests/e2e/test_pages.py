"""Every page on a wide and a narrow screen: no rule of accessibility broken, nothing sticks out, no complaint."""

from __future__ import annotations

import pytest
from tests.e2e.visiting import DESKTOP, PHONE, Site, Visit

pytestmark = pytest.mark.e2e

PAGES = {
    "home": "/",
    "home in English": "/en/",
    "home of one quantity": "/?quantity=pm10",
    "stations": "/stations/",
    "station": "/stations/{station}/",
    "series": "/stations/{station}/pm10/",
    "series of a year": "/stations/{station}/pm10/?start={year}-01-01T00:00:00Z&end={year}-12-31T23:00:00Z",
    "series in English": "/en/stations/{station}/pm10/",
    "wind": "/stations/{station}/pm10/wind/",
    "permit": "/locaties/voorbeeld-staalwerk-westerwerf/vergunning/",
    "permit in English": "/en/locaties/voorbeeld-afvalcentrale-dijkhuizen/vergunning/?on=2026-06-01",
    "provenance": "/herkomst/{series}/{start}/",
    "comparison": "/vergelijk/",
    "deliveries": "/leveringen/",
    "delivery": "/leveringen/1/",
    "late and missing": "/leveringen/te-laat/",
    "late and missing in English": "/en/leveringen/te-laat/?station={station}",
    "rule book": "/regelboek/",
    "rule book in English": "/en/regelboek/?q=unit",
    "verdict years": "/oordelen/",
    "verdicts": "/oordelen/{year}/",
    "downloads": "/download/",
    "findings": "/bevindingen/",
    "dispersion studies": "/verspreiding/",
    "follow by mail": "/bevindingen/volgen/",
    "alerts": "/meldingen/",
    "search": "/zoeken/?q={station}",
    "sign in": "/werk/inloggen/",
    "about": "/over/",
    "accessibility": "/over/toegankelijkheid/",
    "privacy": "/over/privacy/",
    "earlier state": "/stations/{station}/?as_of=12",
}


def address(path: str, site: Site) -> str:
    """Return the path with the places of this record filled in."""
    return path.format(station=site.station, series=site.series, start=site.start, year=site.year)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", PAGES)
def test_page_breaks_no_rule_and_fits(visit: Visit, site: Site, name: str, size: tuple[int, int]) -> None:
    visitor = visit(size)
    page = visitor.open(address(PAGES[name], site))
    visitor.picture(f"{name} {size[0]}")
    assert visitor.axe() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


@pytest.mark.parametrize("name", ["home", "series of a year", "wind", "verdicts", "provenance", "permit"])
def test_page_breaks_no_rule_in_dark_colours(visit: Visit, site: Site, name: str) -> None:
    visitor = visit(DESKTOP, color_scheme="dark")
    visitor.open(address(PAGES[name], site))
    visitor.picture(f"{name} dark")
    assert visitor.axe() == []


def test_explanation_of_a_verdict_breaks_no_rule(visit: Visit, site: Site) -> None:
    visitor = visit(PHONE)
    page = visitor.open(f"/oordelen/{site.year}/")
    link = page.locator(f"main a[href*='/oordelen/{site.year}/']").first
    visitor.open(link.get_attribute("href"))
    visitor.picture("explanation 390")
    assert visitor.axe() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_page_that_does_not_exist_says_so_and_breaks_no_rule(visit: Visit) -> None:
    visitor = visit(PHONE)
    page = visitor.open("/bestaat-niet/", status=404)
    visitor.picture("not found 390")
    assert page.locator("h1").count() == 1
    assert visitor.axe() == []


@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_simulated_data_says_so(visit: Visit, site: Site, name: str) -> None:
    page = visit().open(address(PAGES[name], site))
    assert page.get_by_text("simul", exact=False).first.is_visible()


def test_text_twice_as_large_still_fits_a_small_window(visit: Visit, site: Site) -> None:
    # WCAG 2.2, 1.4.10 Reflow: 1280 CSS pixels at 400 % are 320
    page = visit((320, 640)).open(address(PAGES["series"], site))
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
