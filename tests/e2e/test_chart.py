"""The chart of a series: the figures of the API, finer steps on zoom, gaps and limits named, civil time."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Response
from tests.e2e.visiting import DESKTOP, PHONE, Site, Visit, Visitor

pytestmark = pytest.mark.e2e

YEAR = "/stations/{0}/pm10/?start={1}-01-01T00:00:00Z&end={1}-12-31T23:00:00Z"


def first_answer(visitor: Visitor, path: str) -> dict[str, Any]:
    """Open a page and return what the API answered to the first question of its chart."""
    answers: list[Response] = []
    visitor.page.on("response", lambda answer: "/api/chart/" in answer.url and answers.append(answer))
    visitor.open(path)
    found: dict[str, Any] = answers[0].json()
    return found


def dutch(value: float, decimals: int) -> str:
    """Return a number as Dutch readers write it."""
    return f"{value:.{decimals}f}".replace("-", "−").replace(".", ",")


def its_table(page: Page) -> list[list[str]]:
    """Return the cells of the table under the chart, after opening it."""
    fold = page.locator("details#figures")
    if fold.get_attribute("open") is None:
        fold.locator("summary").click()
    page.locator("#figures-table caption", has_text=re.compile("per rij|per row")).wait_for()
    rows: list[list[str]] = page.locator("#figures-table tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.textContent.trim()))"
    )
    return rows


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_table_under_the_chart_has_the_figures_of_the_api(visit: Visit, site: Site, size: tuple[int, int]) -> None:
    visitor = visit(size)
    answer = first_answer(visitor, YEAR.format(site.station, site.year))
    rows = its_table(visitor.page)
    columns = answer["series"][site.series]
    decimals = int(visitor.page.locator("[data-chart]").first.get_attribute("data-decimals") or 1)
    assert len(rows) == len(answer["x"])
    for row, mean, high in zip(rows, columns["mean"], columns["max"], strict=True):
        if mean is None:
            assert row[1] == "–"
        else:
            # the last digit may differ where binary fractions lie on a half
            shown = float(row[1].replace(".", "").replace(",", ".").replace("−", "-"))
            assert abs(shown - mean) <= 0.5000001 * 10**-decimals
            assert row[-1] == dutch(high, decimals)


def test_dragging_over_the_chart_asks_for_that_period_in_finer_steps(visit: Visit, site: Site) -> None:
    visitor = visit()
    wide = first_answer(visitor, YEAR.format(site.station, site.year))
    page = visitor.page
    drawn = page.locator("[data-chart] .u-over").first
    drawn.scroll_into_view_if_needed()
    box = drawn.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 0.50 * box["width"], middle)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.52 * box["width"], middle, steps=4)
    with page.expect_response("**/api/chart/**") as waiting:
        page.mouse.up()
    fine = waiting.value.json()
    asked = parse_qs(urlsplit(waiting.value.url).query)
    assert fine["step"] < wide["step"]
    # half of 2025 is 2 July; 2 % of a year is a week
    assert asked["start"][0].startswith(f"{site.year}-07-0")
    assert asked["end"][0].startswith((f"{site.year}-07-0", f"{site.year}-07-1"))


def test_every_limit_and_guideline_of_the_page_is_named_in_the_key(visit: Visit, site: Site) -> None:
    page = visit().open(f"/stations/{site.station}/pm10/")
    chart = page.locator("[data-chart]").first
    labels = chart.evaluate("element => JSON.parse(element.dataset.limits).map(limit => limit.label)")
    key = chart.locator(".gb-chart__key").inner_text()
    assert labels
    assert [label for label in labels if label not in key] == []


def test_gap_is_named_in_the_key(visit: Visit, site: Site) -> None:
    visitor = visit()
    answer = first_answer(visitor, YEAR.format(site.station, site.year))
    assert answer["gaps"][site.series]
    assert "geen meting" in visitor.page.locator(".gb-chart__key").first.inner_text()


@pytest.mark.parametrize("zone", ["Europe/Amsterdam", "America/New_York"])
def test_hours_are_in_dutch_civil_time_wherever_the_reader_is(visit: Visit, site: Site, zone: str) -> None:
    visitor = visit(timezone_id=zone)
    day = f"start={site.year}-07-01T22:00:00Z&end={site.year}-07-03T22:00:00Z"
    visitor.open(f"/stations/{site.station}/pm10/?{day}")
    first = its_table(visitor.page)[0][0]
    # 1 July 22:00 UTC is midnight of 2 July on Dutch clocks
    assert first == "02-07-2025 00:00"


def test_series_page_has_one_table_of_figures_which_follows_the_chart(visit: Visit, site: Site) -> None:
    visitor = visit()
    page = visitor.open(f"/stations/{site.station}/pm10/?start={site.year}-07-01&end={site.year}-07-10")
    whole = its_table(page)
    assert page.locator("table", has=page.locator("caption", has_text="per rij")).count() == 1
    with page.expect_response("**/api/chart/**"):
        page.get_by_role("button", name="Inzoomen").click()
    page.locator("#figures-table caption", has_text="3 juli").wait_for()
    part = its_table(page)
    assert len(part) == len(whole) / 2
    assert all(row in whole for row in part)


def test_rows_that_script_writes_read_as_those_of_the_server(visit: Visit, site: Site) -> None:
    path = f"/stations/{site.station}/pm10/?start={site.year}-10-25&end={site.year}-10-27"
    plain = visit(java_script_enabled=False).page
    plain.goto(f"{site.address}{path}")
    plain.locator("details#figures summary").click()
    written = visit().open(path)
    assert "26-10-2025 02:00 CEST" in [row[0] for row in its_table(written)]
    rows = "#figures-table tbody tr"
    pattern = r'<tr><th scope="row">([^<]*)</th><td[^>]*>(?:<a class="nl-link" href="([^"]*)">)?([^<]*)'
    served = re.findall(pattern, plain.content())
    shown = written.locator(rows).evaluate_all(
        "rows => rows.map(row => [row.cells[0].textContent,"
        " row.cells[1].querySelector('a')?.getAttribute('href') ?? '', row.cells[1].textContent])"
    )
    assert [list(row) for row in served if row[0][:3] in ("25-", "26-", "27-")] == shown


def test_period_without_measurements_says_so_in_the_chart(visit: Visit, site: Site) -> None:
    page = visit().open(f"/stations/{site.station}/pm10/?start=2019-03-01&end=2019-03-31")
    assert page.locator(".gb-chart__plot").get_by_text("Geen metingen in deze periode").is_visible()
    page = visit().open(f"/stations/{site.station}/pm10/")
    assert not page.locator(".gb-chart__plot").get_by_text("Geen metingen in deze periode").is_visible()


def test_numbers_beside_the_chart_keep_clear_of_each_other_and_in_the_picture(visit: Visit) -> None:
    page = visit().open("/over/")
    found = page.evaluate(
        """import('/static/web/js/chart-marks.js').then((m) => m.apart([
          {y: 300, limit: {value: 10, kind: 'guideline'}}, {y: 100, limit: {value: 50, kind: 'limit'}},
          {y: 104, limit: {value: 45, kind: 'guideline'}}, {y: 108, limit: {value: 40, kind: 'guideline'}},
          {y: 108, limit: {value: 40, kind: 'limit'}}, {y: 299, limit: {value: 11, kind: 'limit'}}], 15, 305))"""
    )
    assert [(one["limit"]["value"], one["limit"]["kind"], one["place"]) for one in found] == [
        (50, "limit", 100),
        (45, "guideline", 115),
        (40, "limit", 130),
        (11, "limit", 290),
        (10, "guideline", 305),
    ]


def test_pointing_at_the_chart_reads_the_value(visit: Visit, site: Site) -> None:
    page = visit().open(f"/stations/{site.station}/pm10/")
    over = page.locator("[data-chart] .u-over").first
    over.hover(position={"x": 300, "y": 60})
    status = page.locator(".gb-chart__status").first.inner_text()
    assert "CET: " in status or "CEST: " in status
    assert "µg/m³" in status or "geen meting" in status


def test_chart_that_cannot_be_fetched_says_so(visit: Visit, site: Site) -> None:
    visitor = visit()
    visitor.page.route("**/api/chart/**", lambda route: route.fulfill(status=503, body="away"))
    visitor.page.goto(f"{site.address}/stations/{site.station}/pm10/")
    status = visitor.page.locator(".gb-chart__status").first
    status.get_by_text("konden niet worden opgehaald").wait_for()


def test_page_without_script_has_the_figures_in_a_table(visit: Visit, site: Site) -> None:
    page = visit(java_script_enabled=False).page
    page.goto(f"{site.address}/stations/{site.station}/pm10/")
    assert page.locator("main table tbody tr").count() > 10
