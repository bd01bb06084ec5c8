"""Every page on the stacks of a site on a wide and a narrow screen, and with the keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser
from tests.e2e.visiting import DESKTOP, PHONE, Site, Visitor, note_failure, note_message
from tests.e2e.working_site import AXE, served
from tests.services.deliveries import NOW
from tests.services.measuring import report_file, submit
from tests.services.stack_year import ROUNDS
from tests.services.test_control_measurements import LOAD, control
from tests.services.test_control_results import GIVEN
from tests.services.test_emission_verdicts import SHOWN, YEAR, Given
from tests.services.test_instrument_tests import QAL2, report
from tests.web.test_stack_verdicts import VALUES as EARLIER
from tests.web.test_stack_verdicts import made
from tests.web.test_stack_years import VALUES

from goedebuur.services import control_results, delivery, emission_results, streams, total_results

pytestmark = pytest.mark.e2e

STACKS = "/locaties/werk/schoorstenen/"
PAGES = {
    "stacks": STACKS,
    "stack verdicts": f"{STACKS}oordelen/",
    "stack verdict": f"{STACKS}oordelen/K1-nox/nox-day/?year=2026&period=2026-03-03",
    "stack month by month": f"{STACKS}verloop/",
    "stack room": f"{STACKS}ruimte/",
    "stack room in English": f"/en{STACKS}ruimte/?year=2026",
    "stack changes": f"{STACKS}verschil/",
    "stack room of a year with nothing": f"{STACKS}ruimte/?year=2024",
    "stack controls": f"{STACKS}controle/",
    "stack controls in English": f"/en{STACKS}controle/",
    "stack controls of a year with nothing": f"{STACKS}controle/?year=2024",
    "stack coverage": f"{STACKS}dekking/",
    "stack totals": f"{STACKS}jaarvracht/",
    "stack visible": f"{STACKS}zichtbaar/?year=2026&place=",
    "stack visible of a year with nothing": f"{STACKS}zichtbaar/?year=2024",
    "stack totals of a year with nothing": f"{STACKS}jaarvracht/?year=2024",
}
FOLDED = ("stacks", "stack verdicts", "stack controls", "stack coverage", "stack totals", "stack visible")
"""Of which parts are folded."""
DRAWN = {"stack month by month": ".gb-months", "stack room": ".gb-room"}


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Return a site with published verdicts on one stack, and a bureau that measured there."""
    home = tmp_path_factory.mktemp("stacks")
    record = made(home)
    emission_results.publish(record, "werk", YEAR, Given(EARLIER), NOW, SHOWN)
    streams.put(record, [LOAD], NOW)
    submit(record, report_file([report("qal2", QAL2)]), 8)
    submit(record, control(["60"] * 3), 9)
    emission_results.publish(record, "werk", YEAR, Given(VALUES), NOW + timedelta(days=1), SHOWN)
    delivery.deliver(record, ROUNDS, "deuren.csv", now=NOW, submitter="bureau")
    control_results.publish(record, "werk", GIVEN, NOW + timedelta(days=1))
    total_results.publish(record, "werk", YEAR, Given(VALUES, 10**9), NOW + timedelta(days=366))
    record.close()
    with served(home) as site:
        yield site


def visitor(works: Site, browser: Browser, size: tuple[int, int], **options: object) -> Visitor:
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, locale="nl-NL", **options)  # type: ignore[arg-type]
    context.add_init_script(path=str(AXE))
    found = Visitor(works, context.new_page())
    found.page.on("console", lambda message: note_message(found, message))
    found.page.on("requestfailed", lambda request: note_failure(found, request))
    return found


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", PAGES)
def test_page_breaks_no_rule_and_fits(works: Site, browser: Browser, name: str, size: tuple[int, int]) -> None:
    reader = visitor(works, browser, size)
    page = reader.open(PAGES[name])
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    reader.picture(f"{name} {size[0]}")
    assert reader.axe() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert reader.complaints == []


@pytest.mark.parametrize("name", [*DRAWN, *FOLDED])
def test_page_breaks_no_rule_in_dark_colours(works: Site, browser: Browser, name: str) -> None:
    reader = visitor(works, browser, DESKTOP, color_scheme="dark")
    reader.open(PAGES[name])
    reader.picture(f"{name} dark")
    assert reader.axe() == []


@pytest.mark.parametrize("name", DRAWN)
def test_drawing_has_words_and_a_table_that_opens_with_the_keyboard(works: Site, browser: Browser, name: str) -> None:
    page = visitor(works, browser, PHONE, java_script_enabled=False).open(PAGES[name])
    limit = page.locator("article.gb-limit").first
    assert limit.locator(f"{DRAWN[name]}[role=img]").get_attribute("aria-label")
    assert limit.locator("table").is_hidden()
    limit.locator("summary").focus()
    page.keyboard.press("Enter")
    assert limit.locator("table").is_visible()


def test_boxes_that_scroll_have_names_of_their_own(works: Site, browser: Browser) -> None:
    page = visitor(works, browser, PHONE, bypass_csp=True).open(PAGES["stack controls"])
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    # two tables with the same caption, both of which scroll
    page.add_style_tag(content=".utrecht-table-container { inline-size: 4rem; overflow: auto; }")
    page.wait_for_function("document.querySelectorAll('[role=region][tabindex]').length > 3")
    names = page.eval_on_selector_all("[role=region][aria-label]", "all => all.map((one) => one.ariaLabel)")
    assert len(names) == len(set(names))
    assert any(one.endswith(" (2)") for one in names)


def test_pages_are_reached_one_from_the_other_with_the_keyboard(works: Site, browser: Browser) -> None:
    page = visitor(works, browser, PHONE, java_script_enabled=False).open(STACKS)
    names = (
        "Oordelen",
        "Maand voor maand",
        "Ruimte onder de grenswaarden",
        "Controlemetingen",
        "Stoffen",
        "Jaarvracht",
        "Zichtbare emissies",
    )
    for name in (*names, "Wat er gemeten wordt"):
        page.locator(".gb-tabs").get_by_role("link", name=name, exact=True).focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.locator(".gb-tabs [aria-current=page]").inner_text() == name


@pytest.mark.parametrize("name", FOLDED)
def test_fold_opens_and_shuts_with_the_keyboard(works: Site, browser: Browser, name: str) -> None:
    page = visitor(works, browser, PHONE, java_script_enabled=False).open(PAGES[name])
    for fold in page.locator("main details.gb-fold").all():
        was = fold.get_attribute("open")
        fold.locator("summary").first.focus()
        page.keyboard.press("Enter")
        assert (fold.get_attribute("open") is None) == (was is not None)


def test_link_to_what_is_folded_opens_it(works: Site, browser: Browser) -> None:
    page = visitor(works, browser, PHONE).open(f"{PAGES['stack controls']}#meting-2")
    assert page.locator("#meting-2[open]").count() == 1
    page.locator('main a[href="#meting-1"]').click()
    page.locator("#meting-1[open]").wait_for()


def test_on_paper_nothing_is_folded(works: Site, browser: Browser) -> None:
    page = visitor(works, browser, DESKTOP).open(PAGES["stack controls"])
    shut = page.locator("details:not([open])").count()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert (shut > 0, page.locator("details:not([open])").count()) == (True, 0)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details:not([open])").count() == shut
