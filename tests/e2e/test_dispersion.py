"""A dispersion study of the simulated region: it gets ready by itself, and map, tables and report say the same."""

from __future__ import annotations

import csv
import io
import re
import threading
import urllib.request

import pytest
from playwright.sync_api import Page, Route
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
    return page.locator("label.gb-map__layer").all_inner_texts()


def test_base_of_a_scenario_can_be_switched_off_with_the_keyboard(visit: Visit, names: tuple[str, str]) -> None:
    page = visit().open(f"/verspreiding/{names[1]}/")
    ours, base = boxes(page)
    assert ours == "Deze studie"
    assert re.fullmatch(r"Waar het mee begon: [0-9,]+(; [0-9,]+)* µg/m³", base)
    box = page.get_by_label("Waar het mee begon")
    box.focus()
    page.keyboard.press("Space")
    assert not box.is_checked()


def places(site: Site, name: str) -> list[dict[str, float]]:
    """Return the places of the grid with what the study says there, as its table has them."""
    with urllib.request.urlopen(f"{site.address}/verspreiding/{name}/rooster.csv", timeout=60) as answer:
        text = answer.read().decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in text.splitlines()[0] else ",")
    wanted = ("x", "y", "latitude", "longitude", "mean [µg/m³]")
    return [{key: float(row[key].replace(",", ".")) for key in wanted} for row in rows if row[wanted[-1]]]


def test_what_is_in_the_middle_of_the_map_is_asked_with_the_keyboard(
    visit: Visit, site: Site, names: tuple[str, str]
) -> None:
    page = visit().open(f"/verspreiding/{names[0]}/")
    button = page.get_by_role("button", name="Wat is het in het midden van de kaart?")
    button.press("Enter")
    told = page.locator(".maplibregl-popup-content")
    assert "Staalwerk Westerwerf" in told.inner_text(), "the works stand in the middle"
    page.locator(".maplibregl-canvas").press("ArrowRight")
    page.wait_for_timeout(1000)  # the map glides a hundred pixels
    button.press("Enter")
    assert "Westerwerf-Sluisplein" in told.inner_text(), "a station"
    page.locator(".maplibregl-canvas").press("ArrowRight")
    page.wait_for_timeout(1000)
    button.press("Enter")
    assert "Jaargemiddelde" in told.inner_text()
    (number,) = re.findall(r"([0-9.,]+) µg/m³", told.inner_text())
    east = [one["mean [µg/m³]"] for one in places(site, names[0]) if one["x"] > 0 and one["y"] == 0]
    assert min(east) <= float(number.replace(".", "").replace(",", ".")) <= max(east)


def test_value_of_the_grid_is_that_of_its_places(visit: Visit, site: Site, names: tuple[str, str]) -> None:
    page = visit().open(f"/verspreiding/{names[0]}/")
    known = places(site, names[0])
    told = page.evaluate(
        """async ([url, places]) => {
          const main = document.querySelector("script[type=module][src*=main]").src;
          const source = await (await fetch(main)).text();
          const map = new URL(source.match(/\\.\\/(dispersion\\.[a-z0-9.]*js)/)[1], main);
          const square = (await (await fetch(map)).text()).match(/\\.\\/(square\\.[a-z0-9.]*js)/)[1];
          const { valueAt } = await import(new URL(square, main));
          const found = await (await fetch(url)).json();
          return places.map((one) => valueAt(found.square, { lng: one.longitude, lat: one.latitude }));
        }""",
        [f"/api/dispersion/{names[0]}/map/?statistic=mean", known],
    )
    pairs = [(one, place["mean [µg/m³]"]) for one, place in zip(told, known, strict=True) if one is not None]
    assert len(pairs) > 0.9 * len(known)
    assert [one for one, _ in pairs] == pytest.approx([there for _, there in pairs], rel=0.01)


def test_lines_of_another_model_have_their_level_along_them(visit: Visit, names: tuple[str, str]) -> None:
    visitor = visit()

    def with_another(route: Route) -> None:
        found = route.fetch().json()
        west, south, east, north = found["bounds"]
        level, middle = found["levels"][0], (south + north) / 2
        shape = {"type": "MultiLineString", "coordinates": [[[west, middle], [east, middle]]]}
        line = {"type": "Feature", "geometry": shape, "properties": {"level": level["level"]}}
        everywhere = {"type": "Feature", "geometry": None, "properties": {"level": 0}}
        contours = {"type": "FeatureCollection", "features": [everywhere, line]}
        route.fulfill(json=found | {"imported": [{"name": "NNM", "levels": [level], "contours": contours}]})

    visitor.page.route("**/api/dispersion/*/map/**", with_another)
    page = visitor.open(f"/verspreiding/{names[0]}/")
    visitor.picture("dispersion with another model")
    assert boxes(page) == ["Deze studie", "NNM"]
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(500)
    assert visitor.complaints == [], "also with other colours"
    told = page.evaluate(
        """async () => {
          const main = document.querySelector("script[type=module][src*=main]").src;
          const source = await (await fetch(main)).text();
          const { draw } = await import(new URL(source.match(/\\.\\/(dispersion\\.[a-z0-9.]*js)/)[1], main));
          const found = await (await fetch(document.querySelector("[data-map]").dataset.dispersionUrl)).json();
          const sources = {}, layers = [], hidden = [], labels = [];
          draw(
            {
              hasImage: () => false,
              addImage: () => {},
              addSource: (id, { data }) => (sources[id] = data.features.map(({ properties }) => properties.words)),
              addLayer: (layer) => layers.push(layer),
              addControl: (made) => labels.push(made.onAdd()),
              setLayoutProperty: (layer, _, value) => value === "none" && hidden.push(layer),
            },
            found,
          );
          const box = labels.at(-1).querySelector("input");
          box.checked = false;
          box.dispatchEvent(new Event("change"));
          const along = layers.filter(({ type, source }) => type === "symbol" && source === "imported-0");
          return { words: sources["imported-0"], along: along.map(({ layout }) => layout["text-field"]), hidden };
        }"""
    )
    level = page.evaluate(
        "async () => (await (await fetch(document.querySelector('[data-map]').dataset.dispersionUrl)).json()).levels[0]"
    )
    assert told["words"] == [level["words"]]
    assert told["along"] == [["get", "words"]]
    assert told["hidden"] == ["imported-0", "imported-0-levels"], "line and words go together"


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
