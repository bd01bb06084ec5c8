"""The map of stations: symbols, popup, wind, tiles, and what remains when it cannot be drawn."""

from __future__ import annotations

import base64

import pytest
from playwright.sync_api import Page
from tests.e2e.visiting import Site, Visit

pytestmark = pytest.mark.e2e

FIND = """async ([png, token]) => {
  const probe = document.createElement('canvas').getContext('2d');
  probe.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(token).trim();
  probe.fillRect(0, 0, 1, 1);
  const want = probe.getImageData(0, 0, 1, 1).data;
  const image = new Image();
  image.src = 'data:image/png;base64,' + png;
  await image.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [image.width, image.height];
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const data = context.getImageData(0, 0, image.width, image.height).data;
  const found = [];
  for (let i = 0; i < data.length; i += 4)
    if ([0, 1, 2].every((k) => Math.abs(data[i + k] - want[k]) < 3))
      found.push([(i / 4) % image.width, Math.floor(i / 4 / image.width)]);
  return found;
}"""
TILES = """new MutationObserver(() => {
  const map = document.querySelector('[data-map]');
  if (map) map.dataset.tilesUrl = location.origin + '/tegels/{z}/{x}/{y}.png';
}).observe(document, {childList: true, subtree: true})"""
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def pixels(page: Page, token: str) -> list[list[int]]:
    """Return where the map has exactly the colour of a token, from its left upper corner."""
    page.locator(".gb-map__key, .gb-map__wind").evaluate_all("all => all.forEach(one => one.hidden = true)")
    png = base64.b64encode(page.locator("[data-map]").screenshot()).decode()
    found: list[list[int]] = page.evaluate(FIND, [png, token])
    return found


def test_stations_are_drawn_in_the_colour_of_their_standing(visit: Visit, site: Site) -> None:
    page = visit().open("/")
    drawn = {station["symbol"] for station in site.json("/api/map/")["stations"]}
    for symbol in ("above-limit", "above-guideline", "below"):
        assert (len(pixels(page, f"--gb-{symbol}")) > 40) == (symbol in drawn), symbol


def test_symbol_opens_a_popup_that_leads_to_the_station(visit: Visit, site: Site) -> None:
    page = visit().open("/")
    stations = site.json("/api/map/")["stations"]
    worst = stations[0]["symbol"]
    x, y = pixels(page, f"--gb-{worst}")[0]
    box = page.locator("[data-map]").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + x, box["y"] + y + 3)
    popup = page.locator(".maplibregl-popup")
    popup.wait_for()
    shown = [station for station in stations if station["name"] in popup.inner_text()]
    assert shown
    assert shown[0]["symbol"] == worst
    assert popup.locator("a").get_attribute("href") == shown[0]["url"]


def test_list_and_map_hold_the_same_stations(visit: Visit, site: Site) -> None:
    page = visit().open("/")
    listed = page.locator("[data-station]").evaluate_all("all => all.map(one => one.dataset.station)")
    assert sorted(listed) == sorted(station["id"] for station in site.json("/api/map/")["stations"])


def test_station_that_has_the_focus_in_the_list_is_marked_on_the_map(visit: Visit) -> None:
    page = visit().open("/")
    before = len(pixels(page, "--basis-focus-bg"))
    page.locator("[data-station] a").first.focus()
    page.locator("[data-station].is-shown").first.wait_for()
    page.wait_for_timeout(300)
    assert len(pixels(page, "--basis-focus-bg")) > before + 100


def test_wind_says_where_it_comes_from_and_when(visit: Visit, site: Site) -> None:
    winds = site.json("/api/wind/")["wind"]
    page = visit().open("/")
    text = page.locator(".gb-map__wind").inner_text()
    assert any(wind["name"] in text for wind in winds)
    assert "CET" in text or "CEST" in text
    assert page.locator(".gb-map__wind svg").count() == 1


def test_tiles_are_fetched_when_the_page_names_them(visit: Visit) -> None:
    visitor = visit()
    visitor.page.context.add_init_script(TILES)
    asked: list[str] = []
    visitor.page.context.route(
        "**/tegels/**",
        lambda route: (asked.append(route.request.url), route.fulfill(body=PNG, content_type="image/png")),
    )
    visitor.open("/")
    assert asked


def test_tiles_that_fail_leave_our_own_map(visit: Visit, site: Site) -> None:
    visitor = visit()
    visitor.page.context.add_init_script(TILES)
    visitor.page.context.route("**/tegels/**", lambda route: route.fulfill(status=503, body="away"))
    page = visitor.open("/")
    assert pixels(page, "--gb-map-land")


def test_browser_without_webgl_says_so_and_keeps_the_list(visit: Visit) -> None:
    visitor = visit()
    visitor.page.add_init_script(
        "const own = HTMLCanvasElement.prototype.getContext;"
        "HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {"
        " return kind.startsWith('webgl') ? null : own.call(this, kind, ...rest) }"
    )
    visitor.page.goto(visitor.site.address)
    visitor.page.locator("html[data-map-ready='0']").wait_for(state="attached")
    assert "lijst" in visitor.page.locator("[data-map]").inner_text()
    assert visitor.page.locator("[data-station] a").count() > 1
    assert visitor.axe() == []


def test_page_without_script_has_the_list(visit: Visit) -> None:
    page = visit(java_script_enabled=False).page
    page.goto(visit().site.address)
    assert page.locator("[data-station] a").count() > 1
