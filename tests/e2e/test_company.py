"""Pages of a company as its people see them: axe, width and keyboard, on screen and telephone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tests.e2e.visiting import DESKTOP, PHONE, Site
from tests.e2e.working_site import add, run, served, signed_in

from goedebuur.services.demo.stacks import files, simulate
from goedebuur.services.demo.stacks.plants import LINE_1

pytestmark = pytest.mark.e2e
DUTIES = "/werk/plichten/?on=2026-05-20"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the demonstration, with someone of the company of an incinerator and of a steel works."""
    made = tmp_path_factory.mktemp("company")
    run(made, "demo", "--build-only")
    add(made / "demo", "cees", "company", "--operator", "afvalcentrale-dijkhuizen-verzonnen")
    steel = ("company", "--operator", "westerwerf-staal-verzonnen")
    run(made / "demo", "people", "give", "cees@voorbeeld.nl", *steel)
    add(made / "demo", "ada", "specialist", "--authority", "od-westerland")
    return made / "demo"


@pytest.fixture(scope="module")
def works(home: Path) -> Iterator[Site]:
    with served(home) as site:
        yield site


def look(works: Site, browser: Browser, paths: tuple[str, ...]) -> None:
    for size in (DESKTOP, PHONE):
        visitor = signed_in(works, browser, "cees", size, bypass_csp=True)
        for path in paths:
            page = visitor.open(path)
            visitor.picture(f"company {path} {size[0]}")
            assert visitor.axe() == [], path
            assert page.evaluate("document.documentElement.scrollWidth") <= size[0], path
        assert visitor.complaints == []


def test_duties_have_no_faults_on_screen_and_telephone(works: Site, browser: Browser) -> None:
    look(works, browser, (DUTIES, f"{DUTIES}&site=voorbeeld-afvalcentrale-dijkhuizen", "/werk/plichten/?as_of=1"))


def test_measurements_that_share_a_last_day_say_which_they_are(works: Site, browser: Browser) -> None:
    page = signed_in(works, browser, "cees").open(f"{DUTIES}&site=voorbeeld-afvalcentrale-dijkhuizen")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    told = page.locator("main").inner_text()
    # of the hydrogen fluoride at A1 two measurements are due on 8 April 2022: one was made in November 2025, one not
    assert "nummer 1 sinds 8 april 2021; in elke 12 maanden worden er 2 gevraagd" in told
    assert "nummer 2 sinds 8 april 2021; in elke 12 maanden worden er 2 gevraagd" in told


def test_list_of_where_to_look_first_is_filled_in_the_demonstration(works: Site, browser: Browser) -> None:
    page = signed_in(works, browser, "ada").open("/werk/aandacht/")
    assert "Het laatst uitgerekend op " in page.locator("main").inner_text()
    assert page.locator("main tbody tr").count() == 4


GOOD = "ruwe-signalen_gesimuleerd.csv"
FORM = "main form[enctype]"


@pytest.fixture(scope="module")
def minutes(home: Path) -> bytes:
    """Return two hours of minutes of a stack of the incinerator, as the simulation delivers them."""
    run_ = simulate(5, LINE_1, datetime(2026, 1, 31, 23, tzinfo=UTC), 180)
    return files.raw_file(run_, 0, 120)


def test_file_is_looked_at_with_its_findings_and_the_way_to_send_it(
    works: Site, browser: Browser, minutes: bytes
) -> None:
    wrong = minutes.replace(b".", b",", 400)
    for size in (DESKTOP, PHONE):
        visitor = signed_in(works, browser, "cees", size, bypass_csp=True)
        for name, data in ((GOOD, minutes), ("fout.csv", wrong)):
            page = visitor.open("/werk/leveren/")
            page.set_input_files("[name=file]", {"name": name, "mimeType": "text/csv", "buffer": data})
            page.locator(f"{FORM} button").click()
            page.locator("#found").wait_for()
            visitor.picture(f"company leveren {name} {size[0]}")
            assert visitor.axe() == []
            assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
            assert page.evaluate("document.activeElement.tagName") == "H1"
            # the form in the answer works as the first one did
            page.set_input_files("[name=file]", {"name": "leeg.csv", "mimeType": "text/csv", "buffer": b""})
            page.locator(f"{FORM} button").click()
            page.get_by_role("heading", name="Wat er gevonden is in leeg.csv").wait_for()
        assert visitor.complaints == []


def test_file_is_looked_at_without_script_and_with_the_keyboard(works: Site, browser: Browser, minutes: bytes) -> None:
    page = signed_in(works, browser, "cees", java_script_enabled=False).page
    page.goto(f"{works.address}/werk/leveren/")
    page.set_input_files("[name=file]", {"name": GOOD, "mimeType": "text/csv", "buffer": minutes})
    page.locator(f"{FORM} button").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    text = page.locator("main").inner_text()
    assert "Deze levering zou opgenomen worden" in text
    assert "--submitter LEVERANCIER" in text
    assert page.locator("[data-copy]:visible").count() == 0


def test_file_that_is_too_large_is_not_sent(works: Site, browser: Browser) -> None:
    page = signed_in(works, browser, "cees", bypass_csp=True).page
    page.goto(f"{works.address}/werk/leveren/")
    page.locator("form[data-progress] .gb-progress").wait_for(state="attached")
    page.evaluate("document.querySelector('form[data-progress]').dataset.most = '0'")
    page.set_input_files("[name=file]", {"name": GOOD, "mimeType": "text/csv", "buffer": b"x"})
    page.locator(f"{FORM} button").click()
    assert "groter dan 0 MB" in page.locator(".gb-progress").inner_text()
    assert page.locator("#found").count() == 0


def test_site_is_chosen_and_the_agenda_fetched_with_the_keyboard(works: Site, browser: Browser) -> None:
    page = signed_in(works, browser, "cees", java_script_enabled=False).page
    page.goto(works.address + DUTIES)
    assert "Storing melden" in page.locator("main").inner_text()
    page.locator("[name=site]").focus()
    page.keyboard.type("Afval")
    page.locator("main form.gb-form button[type=submit]").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Staalwerk" not in page.locator("table").first.inner_text()
    page.get_by_role("link", name="Downloaden voor uw agenda").focus()
    with page.expect_download() as fetched:
        page.keyboard.press("Enter")
    assert fetched.value.suggested_filename == "plichten.ics"
    text = Path(fetched.value.path()).read_text(encoding="utf-8")
    assert text.startswith("BEGIN:VCALENDAR")
    assert "Staalwerk" not in text
