"""Someone with a telephone who never saw the site: nothing out of sight, sentences whole, the map near home."""

from __future__ import annotations

from itertools import pairwise

import pytest
from playwright.sync_api import Page
from tests.e2e.visiting import DESKTOP, PHONE, Site, Visit, Visitor

pytestmark = pytest.mark.e2e

HERE = {"latitude": 52.9235, "longitude": 5.0222}
"""Two kilometres north of the harbour of the demonstration, in Zeedorp."""


def at_home(visit: Visit, size: tuple[int, int] = PHONE) -> Visitor:
    """Return a visitor whose browser knows and gives its place."""
    return visit(size, geolocation=HERE, permissions=["geolocation"])


def listed(page: Page) -> list[str]:
    """Return the stations that the list starts with, in order."""
    found: list[str] = (
        page.locator("[data-station-list]")
        .first.locator("[data-station]")
        .evaluate_all("all => all.map(one => one.dataset.station)")
    )
    return found


def test_both_years_of_a_comparison_are_in_view_on_a_telephone(visit: Visit, site: Site) -> None:
    visitor = visit(PHONE)
    page = visitor.open(f"/vergelijk/?left=SIM03.no2.1h&year={site.year - 1}&other_year={site.year}")
    visitor.picture("comparison of years 390")
    boxes = page.locator(".utrecht-table-container td").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect()).map(box => [box.left, box.right])"
    )
    assert len(boxes) >= 52
    assert all(left >= 0 and right <= PHONE[0] for left, right in boxes)
    assert visitor.axe() == []


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_paragraphs_of_a_notice_stand_under_each_other(visit: Visit, site: Site, size: tuple[int, int]) -> None:
    visitor = visit(size)
    # an alert threshold has three things to be said along with it
    page = visitor.open(f"/oordelen/{site.year}/SIM01.no2.1h/eu2024.no2.alert/")
    visitor.picture(f"explanation {size[0]}")
    notices = page.locator(".utrecht-alert").evaluate_all(
        "all => all.map(one => [...one.children].map(part => part.getBoundingClientRect()).map(b => [b.top, b.bottom]))"
    )
    assert any(len(parts) > 1 for parts in notices), "no notice has two paragraphs"
    for parts in notices:
        assert all(above[1] <= below[0] for above, below in pairwise(parts))


def test_key_of_the_map_is_in_view_on_a_telephone(visit: Visit) -> None:
    page = visit(PHONE).open("/")
    key, box = page.locator(".gb-map__key").bounding_box(), page.locator("[data-map]").bounding_box()
    assert key is not None
    assert box is not None
    assert key["height"] > 10
    assert box["x"] <= key["x"] <= key["x"] + key["width"] <= box["x"] + box["width"]
    assert key["y"] + key["height"] <= box["y"] + box["height"]


def test_own_neighbourhood_sorts_the_list_and_is_sent_to_nobody(visit: Visit) -> None:
    visitor = at_home(visit)
    asked: list[str] = []
    page = visitor.open("/")
    visitor.page.on("request", lambda request: asked.append(request.url + (request.post_data or "")))
    page.get_by_role("button", name="In mijn buurt").click()
    page.locator(".gb-nearby [role=status]", has_text="in de buurt").wait_for()
    page.wait_for_timeout(500)
    assert "Uw plaats blijft in uw browser" in page.locator(".gb-nearby").inner_text()
    # by hand, metres from the place: SIM02 850 m west and 160 m south of it, SIM01 1.1 km south
    assert listed(page)[:2] == ["SIM02", "SIM01"]
    assert not any(str(part)[:5] in url for url in asked for part in HERE.values())
    assert visitor.axe() == []
    visitor.picture("home near 390")


def test_browser_that_keeps_its_place_to_itself_is_told_what_to_do(visit: Visit) -> None:
    page = visit(PHONE).open("/")
    page.get_by_role("button", name="In mijn buurt").click()
    page.locator(".gb-nearby [role=status]", has_text="Verschuif de kaart").wait_for()


def test_stations_out_of_view_are_kept_in_a_fold(visit: Visit, site: Site) -> None:
    page = at_home(visit).open("/")
    page.get_by_role("button", name="In mijn buurt").click()
    for _ in range(4):
        page.get_by_label("Inzoomen").first.click()
        page.wait_for_timeout(700)
    fold = page.locator("details.gb-elsewhere")
    fold.locator("summary").wait_for()
    everyone = {station["id"] for station in site.json("/api/map/")["stations"]}
    out = fold.locator("[data-station]").evaluate_all("all => all.map(one => one.dataset.station)")
    assert out
    assert set(out) | set(listed(page)) == everyone
    assert not set(out) & set(listed(page))


def test_wind_of_another_year_than_the_verdicts_says_so(visit: Visit, site: Site) -> None:
    page = visit(PHONE).open("/")
    text = page.locator(".gb-map__wind").inner_text()
    assert "Nieuwste windmeting" in text
    wind = site.json("/api/wind/")["wind"][0]["start"]
    # the last hour of the year on UTC is the first of the next one in the Netherlands
    assert wind.startswith(f"{site.year}-12-31T23")
    assert f"oordelen gaan over {site.year}" in text


def test_chart_marks_a_correction_and_its_key_says_so(visit: Visit, site: Site) -> None:
    visitor = visit(PHONE)
    day = site.start[:10]
    page = visitor.open(f"/stations/{site.station}/pm10/?start={day}&end={day}")
    assert "later gecorrigeerd of ingetrokken" in page.locator(".gb-chart__key").inner_text()
    assert page.locator("a[href='#how']").is_visible()
    visitor.picture("corrected 390")
    assert visitor.axe() == []
