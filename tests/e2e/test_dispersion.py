"""A dispersion study of the simulated region: it gets ready by itself, and map, tables and report say the same."""

from __future__ import annotations

import re
import threading
import urllib.request

import pytest
from playwright.sync_api import Page
from tests.e2e.visiting import DESKTOP, PHONE, Site, Visit

pytestmark = pytest.mark.e2e

PATIENCE = 300
"""Turns of a second that the studies may take to get ready: the model is compiled first."""


@pytest.fixture(scope="module")
def names(site: Site) -> tuple[str, str]:
    """Return the base and its scenario, once both are ready."""
    pause = threading.Event()
    for _ in range(PATIENCE):
        studies = site.json("/api/dispersion/")["studies"]
        if all(one["progress"]["state"] == "done" for one in studies):
            break
        pause.wait(1)
    assert [one["progress"]["state"] for one in studies] == ["done", "done"]
    (base,) = [one["study"]["id"] for one in studies if not one["study"]["base"]]
    (scenario,) = [one["study"]["id"] for one in studies if one["study"]["base"]]
    return base, scenario


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("prefix", ["", "/en"], ids=["nl", "en"])
def test_study_breaks_no_rule_and_fits(
    visit: Visit, names: tuple[str, str], size: tuple[int, int], prefix: str
) -> None:
    for name in names:
        visitor = visit(size)
        page = visitor.open(f"{prefix}/verspreiding/{name}/")
        visitor.picture(f"dispersion {name} {prefix} {size[0]}")
        assert visitor.axe() == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_study_breaks_no_rule_in_dark_colours(visit: Visit, names: tuple[str, str]) -> None:
    visitor = visit(DESKTOP, color_scheme="dark")
    visitor.open(f"/verspreiding/{names[1]}/")
    visitor.picture("dispersion dark")
    assert visitor.axe() == []


def boxes(page: Page) -> list[str]:
    return page.locator(".gb-map__layer").all_inner_texts()


def test_base_of_a_scenario_can_be_switched_off_with_the_keyboard(visit: Visit, names: tuple[str, str]) -> None:
    page = visit().open(f"/verspreiding/{names[1]}/")
    ours, base = boxes(page)
    assert ours == "Deze studie"
    assert re.fullmatch(r"Waar het mee begon: [0-9,]+(; [0-9,]+)* µg/m³", base)
    box = page.get_by_label("Waar het mee begon")
    box.focus()
    page.keyboard.press("Space")
    assert not box.is_checked()


def test_statistic_is_chosen_with_the_keyboard(visit: Visit, names: tuple[str, str]) -> None:
    page = visit().open(f"/verspreiding/{names[0]}/")
    page.get_by_label("Maat").focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Toon").press("Enter")
    page.wait_for_url("**statistic=p98*")
    assert "98-percentiel" in page.locator("#classes").inner_text()


def test_study_without_a_map_keeps_its_tables(visit: Visit, names: tuple[str, str]) -> None:
    page = visit(java_script_enabled=False).page
    page.goto(f"{visit().site.address}/verspreiding/{names[0]}/")
    assert page.locator("table").count() >= 3


def test_simulated_study_says_so_on_page_and_in_the_report(visit: Visit, site: Site, names: tuple[str, str]) -> None:
    page = visit().open(f"/verspreiding/{names[0]}/")
    assert page.get_by_text("van deze studie zijn gesimuleerd").is_visible()
    with urllib.request.urlopen(f"{site.address}/verspreiding/{names[0]}/rapport.pdf", timeout=120) as answer:
        assert answer.read().startswith(b"%PDF")
