"""Companies on the map: a layer of its own, which can be switched off, reached by keyboard through the list."""

from __future__ import annotations

import pytest
from tests.e2e.test_map import pixels
from tests.e2e.visiting import Site, Visit

pytestmark = pytest.mark.e2e


def test_companies_are_drawn_and_can_be_switched_off_by_keyboard(visit: Visit) -> None:
    page = visit().open("/")
    box = page.get_by_role("checkbox", name="Bedrijven")
    assert box.is_checked()
    assert len(pixels(page, "--gb-facility")) > 200
    box.focus()
    page.keyboard.press("Space")
    page.wait_for_timeout(500)
    # the sign beside the checkbox stays
    assert len(pixels(page, "--gb-facility")) < 100


def test_company_that_has_the_focus_in_the_list_is_marked_on_the_map(visit: Visit, site: Site) -> None:
    page = visit().open("/")
    page.locator("summary", has_text="Bedrijven").click()
    listed = page.locator("[data-facility]").evaluate_all("all => all.map(one => one.dataset.facility)")
    assert sorted(listed) == sorted(one["id"] for one in site.json("/api/map/facilities/")["facilities"])
    before = len(pixels(page, "--basis-focus-bg"))
    page.locator("[data-facility] a").first.focus()
    page.wait_for_timeout(500)
    assert len(pixels(page, "--basis-focus-bg")) > before + 100


def test_page_of_a_company_breaks_no_rule_of_axe(visit: Visit, site: Site) -> None:
    visitor = visit()
    facility = site.json("/api/map/facilities/")["facilities"][0]
    worked_out = [f"/locaties/{one['id']}/" for one in site.json("/api/sites/")["sites"] if one["operator"]]
    for path in ("/locaties/", facility["url"], *worked_out[:1], "/locaties/vragen/", "/en/locaties/"):
        visitor.open(path)
        assert visitor.axe() == []


def test_pages_of_sites_fit_a_phone(visit: Visit, site: Site) -> None:
    page = visit((390, 844)).open("/locaties/")
    for path in (
        "/locaties/",
        *(f"/locaties/{one['id']}/" for one in site.json("/api/sites/")["sites"][:3]),
        "/locaties/vragen/",
    ):
        page.goto(site.address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_list_is_filtered_by_keyboard_and_leads_to_a_site(visit: Visit, site: Site) -> None:
    page = visit().open("/locaties/")
    before = page.locator("tbody tr").count()
    choice = page.get_by_label("Wat er gebeurt")
    choice.focus()
    with page.expect_navigation():
        choice.select_option("eprtr:2(b)")
    rows = page.locator("tbody tr")
    assert 0 < rows.count() < before
    page.locator("tbody a").first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "/locaties/" in page.url
    assert page.locator("h1").inner_text()
