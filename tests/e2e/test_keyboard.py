"""What a reader without a mouse can reach, in which order, and that the focus is seen."""

from __future__ import annotations

import pytest
from tests.e2e.visiting import Site, Visit

pytestmark = pytest.mark.e2e


def test_first_tab_is_the_skip_link_and_it_leads_to_the_content(visit: Visit) -> None:
    page = visit().open("/")
    page.keyboard.press("Tab")
    link = page.locator(":focus")
    target = link.get_attribute("href")
    assert target.startswith("#")
    assert link.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == target
    page.keyboard.press("Tab")
    assert page.evaluate(f"document.querySelector('{target}').contains(document.activeElement)")


def test_focus_is_outlined(visit: Visit) -> None:
    page = visit().open("/")
    for _ in range(3):
        page.keyboard.press("Tab")
    style = page.evaluate(
        "(() => { const s = getComputedStyle(document.activeElement);"
        " return [s.outlineStyle, parseFloat(s.outlineWidth)] })()"
    )
    assert style[0] == "solid"
    assert style[1] >= 2


def test_every_station_of_the_map_is_reached_in_the_list_with_tab(visit: Visit, site: Site) -> None:
    page = visit().open("/")
    on_map = {station["name"] for station in site.json("/api/map/")["stations"]}
    reached: set[str] = set()
    for _ in range(20 + 3 * len(on_map)):
        page.keyboard.press("Tab")
        name = page.evaluate(
            "document.activeElement.closest('[data-station]') && document.activeElement.innerText.trim()"
        )
        if name:
            reached.update(known for known in on_map if known in name)
    assert reached == on_map


def test_choice_with_the_arrow_keys_changes_no_page_until_it_is_sent(visit: Visit) -> None:
    page = visit().open("/leveringen/")
    form = page.locator("form[data-submit-on-change]")
    choice, button = form.locator("select"), form.locator("button[type=submit]")
    assert not button.is_visible()
    before = page.url
    choice.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    wanted = choice.input_value()
    assert wanted
    page.wait_for_timeout(300)
    assert page.url == before
    page.keyboard.press("Tab")
    assert button.evaluate("one => one === document.activeElement")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**kind={wanted}**")


def test_choice_by_pointer_is_sent_at_once(visit: Visit) -> None:
    page = visit().open("/leveringen/")
    choice = page.locator("form[data-submit-on-change] select")
    choice.select_option(index=1)
    page.wait_for_url("**kind=**")


def test_station_in_the_list_opens_with_enter(visit: Visit) -> None:
    page = visit().open("/")
    link = page.locator("[data-station] a").first
    address = link.get_attribute("href")
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")


def test_chart_is_zoomed_panned_and_reset_with_the_keyboard(visit: Visit, site: Site) -> None:
    page = visit().open(f"/stations/{site.station}/pm10/")
    chart = page.locator("[data-chart]").first
    status = chart.locator(".gb-chart__status")
    whole = status.inner_text()

    def press(name: str) -> tuple[str, str]:
        before = status.inner_text()
        button = chart.get_by_role("button", name=name)
        button.focus()
        with page.expect_response("**/api/chart/**"):
            page.keyboard.press("Enter")
        page.locator(".gb-chart__plot:not([aria-busy])").first.wait_for()
        return before, status.inner_text()

    before, after = press("Inzoomen")
    assert before == whole
    assert after != whole
    before, after = press("Later")
    assert after != before
    before, after = press("Eerder")
    assert after != before
    _, after = press("Hele periode")
    assert after == whole


def test_map_is_moved_with_the_arrow_keys(visit: Visit) -> None:
    page = visit().open("/")
    canvas = page.locator("[data-map] canvas").first
    assert canvas.get_attribute("tabindex") == "0"
    assert canvas.get_attribute("aria-label")


def test_why_a_limit_binds_is_opened_with_the_keyboard(visit: Visit) -> None:
    page = visit().open("/locaties/voorbeeld-staalwerk-westerwerf/vergunning/")
    why = page.locator("#limits ~ div details").first
    why.locator("summary").focus()
    page.keyboard.press("Enter")
    assert why.locator("li").first.is_visible()


def test_permit_is_asked_for_another_day_without_script(visit: Visit) -> None:
    page = visit(java_script_enabled=False).open("/locaties/voorbeeld-staalwerk-westerwerf/vergunning/")
    page.get_by_label("Op welke dag?").fill("2016-07-15")
    page.get_by_role("button", name="Toon").click()
    assert "on=2016-07-15" in page.url
    assert page.get_by_text("15-07-2016").first.is_visible()
