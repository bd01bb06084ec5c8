"""Where an officer looks first, on a wide and a narrow screen and with the keyboard: the list, and one site of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser
from tests.e2e.visiting import DESKTOP, PHONE, Site
from tests.e2e.working_site import add, served, signed_in
from tests.services.deliveries import NOW
from tests.services.measuring import enter_bureau, submit
from tests.services.stack_week import deliver, settle
from tests.services.stack_year import SITE, YEAR, year_of_site
from tests.services.test_attention_sites import samples
from tests.services.test_control_measurements import control
from tests.services.test_emission_verdicts import DAY, SHOWN, Given

from goedebuur.core.sites.history import Dated
from goedebuur.core.sites.records import Authority
from goedebuur.core.sites.records import Site as Works
from goedebuur.services import attention_ahead, emission_results, sites, streams

pytestmark = pytest.mark.e2e

AGENCY = "od-westerland"
OWN = Dated(AGENCY)
PAGES = {
    "attention": "/werk/aandacht/",
    "attention of one thing": "/werk/aandacht/?signal=differs",
    "attention in English": "/en/werk/aandacht/",
    "attention at a site": "/werk/aandacht/werk/",
    "attention at a quiet site": "/werk/aandacht/stil/",
}


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Return a site with a specialist, and the record of a stack at which much stands out."""
    home = tmp_path_factory.mktemp("attention")
    record = year_of_site(home / "record")
    enter_bureau(record)
    settle(record)
    quiet = Works("stil", (Dated("Stil Bedrijf"),), authorities=(OWN,), simulated=True)
    sites.put(record, [Authority(AGENCY, "agency", (Dated("Omgevingsdienst Westerland"),)), quiet], NOW)
    streams.put(record, [replace(SITE, authorities=(OWN,))], NOW, reason="gezag ingevoerd")
    deliver(record)
    submit(record, control([], samples=samples(48, "40", "40", "40")))
    emission_results.publish(record, "werk", YEAR, Given(DAY + "48x115"), NOW + timedelta(days=1), SHOWN)
    for _ in attention_ahead.refresh(record, datetime.now(UTC)):
        pass
    record.close()
    add(home, "ada", "specialist", "--authority", AGENCY)
    with served(home) as site:
        yield site


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", PAGES)
def test_page_breaks_no_rule_and_fits(works: Site, browser: Browser, name: str, size: tuple[int, int]) -> None:
    visitor = signed_in(works, browser, "ada", size)
    page = visitor.open(PAGES[name])
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    visitor.picture(f"{name} {size[0]}")
    assert visitor.axe() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert visitor.complaints == []


def test_count_leads_to_what_is_counted_with_the_keyboard_alone(works: Site, browser: Browser) -> None:
    page = signed_in(works, browser, "ada", PHONE, java_script_enabled=False).page
    page.goto(f"{works.address}/werk/")
    page.get_by_role("link", name="Waar eerst naar kijken").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("tbody th a").all_inner_texts() == ["Werk Een", "Stil Bedrijf"]
    page.get_by_role("link", name="1 toestel meet anders dan de controlemeting").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/werk/aandacht/werk/#metingen")
    assert page.locator("#metingen").is_visible()
    page.get_by_role("link", name="Wat hier gedaan moet worden, en wanneer").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/werk/plichten/?site=werk")
