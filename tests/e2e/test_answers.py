"""A finding about a verdict, from the page of the verdict to the reply: axe, width, keyboard, telephone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page
from tests.e2e.visiting import DESKTOP, PHONE, Site
from tests.e2e.working_site import add, served, signed_in
from tests.services.casework.answering import judged
from tests.services.deliveries import NOW

from goedebuur.core.sites.history import Dated
from goedebuur.core.sites.records import Authority, Operator
from goedebuur.services import sites
from goedebuur.services.record import Record
from goedebuur.store import keys

pytestmark = pytest.mark.e2e
VERDICT = "/locaties/werk/schoorstenen/oordelen/K1-nox/nox-day/?year=2026"
PEOPLE = {
    "ada": ("specialist", "--authority", "od-westerland"),
    "bo": ("officer", "--authority", "od-westerland"),
    "cees": ("company", "--operator", "werk-bv"),
}


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Return a site with published verdicts, a writer, an officer and a company."""
    home = tmp_path_factory.mktemp("answers")
    key = home / "keys" / "log.key"
    keys.load_or_create(key, "voorbeeld.nl/log")
    record = Record.open(home / "record", signer=keys.load_changing(key))
    named = [
        Authority("od-westerland", "agency", (Dated("Omgevingsdienst Westerland"),)),
        Operator("werk-bv", names=(Dated("Werk BV"),), simulated=True),
    ]
    sites.put(record, named, NOW - timedelta(days=1))
    judged(record)
    record.close()
    for name, seat in PEOPLE.items():
        add(home, name, *seat)
    with served(home) as site:
        yield site


def press(page: Page, name: str) -> None:
    """Press a button with the keyboard alone."""
    page.get_by_role("button", name=name, exact=True).last.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def write(page: Page, field: str, text: str) -> None:
    page.locator(f"[name='{field}']").focus()
    page.keyboard.type(text)


def look(works: Site, browser: Browser, pages: dict[str, tuple[str, ...]]) -> None:
    for size in (DESKTOP, PHONE):
        for who, paths in pages.items():
            visitor = signed_in(works, browser, who, size, bypass_csp=True)
            for path in paths:
                page = visitor.open(path)
                for folded in page.locator("main details").all():
                    folded.evaluate("one => { one.open = true }")
                visitor.picture(f"answers {who} {path} {size[0]}")
                assert visitor.axe() == [], path
                assert page.evaluate("document.documentElement.scrollWidth") <= size[0], path
            assert visitor.complaints == []


def test_answer_reply_and_verdict_side_by_side_with_the_keyboard_and_on_a_telephone(
    works: Site, browser: Browser
) -> None:
    # a writer makes the finding from the page of the verdict
    page = signed_in(works, browser, "ada", java_script_enabled=False).page
    page.goto(works.address + VERDICT)
    page.get_by_role("link", name="Maak een bevinding over dit oordeel").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.select_option("[name=operators]", "werk-bv")
    press(page, "Zaak maken")
    case = page.url
    path = case.removeprefix(works.address)
    for who, event in (("ada", "submit"), ("bo", "notify")):
        worker = signed_in(works, browser, who, java_script_enabled=False).page
        worker.goto(case)
        form = worker.locator(f"form[action$='/stap/{event}/']")
        worker.locator("details.gb-step", has=form).evaluate("one => { one.open = true }")
        with worker.expect_navigation():
            form.locator("button[type=submit]").press("Enter")
    # the company picks half hours on a telephone, with the keyboard alone and without script
    page = signed_in(works, browser, "cees", PHONE, java_script_enabled=False).page
    page.goto(f"{case}antwoord/")
    write(page, "words", "Het doek was gescheurd. De kalk was op.")
    for number in range(8):
        page.locator("[name=pick-0]").nth(number).focus()
        page.keyboard.press("Space")
    press(page, "Maak een claim van wat is aangevinkt")
    page.locator("[name=day-0]").focus()
    page.keyboard.press("ArrowDown")
    press(page, "Deze dag tonen")
    for number in range(2):
        page.locator("[name=pick-0]").nth(number).focus()
        page.keyboard.press("Space")
    press(page, "Maak een claim van wat is aangevinkt")
    assert page.locator("fieldset").count() == 2
    press(page, "Bekijk wat het zou veranderen")
    assert "4 dingen kloppen nog niet" in page.locator("[role=alert]").inner_text()
    for number, cause in enumerate(("doek gescheurd", "kalk op"), 1):
        page.select_option(f"[name=state-{number}]", "abnormal_operation")
        write(page, f"cause-{number}", cause)
    press(page, "Bekijk wat het zou veranderen")
    assert "Als de overheid elke claim aanvaardt" in page.locator("main").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    foreseen(works, browser, f"{path}antwoord/")
    press(page, "Antwoord versturen")
    assert page.url.endswith("/naast-elkaar/")
    # the officer accepts one and turns the other down
    look(works, browser, {"bo": (f"{path}reactie/",), "cees": (path, f"{path}antwoord/", f"{path}naast-elkaar/")})
    officer = signed_in(works, browser, "bo", java_script_enabled=False).page
    officer.goto(f"{case}reactie/")
    for number, (word, reason) in enumerate((("ACCEPTED", "De scheur is te zien."), ("REFUSED", "Geen storing.")), 1):
        officer.select_option(f"[name=word-{number}]", word)
        write(officer, f"reason-{number}", reason)
    press(officer, "Bekijk wat het zou veranderen")
    assert "Met deze reactie worden de oordelen zo" in officer.locator("main").inner_text()
    press(officer, "Reactie versturen")
    assert officer.url.endswith("/naast-elkaar/")
    officer.goto(case)
    form = officer.locator("form[action$='/stap/publish/']")
    officer.locator("details.gb-step", has=form).evaluate("one => { one.open = true }")
    form.locator("[name=reason]").fill("Het gaat om uitstoot.")
    with officer.expect_navigation():
        form.locator("button[type=submit]").press("Enter")
    public = officer.get_by_role("link", name="De openbare pagina").get_attribute("href")
    assert public
    look(works, browser, {"bo": (path, f"{path}naast-elkaar/", public), "cees": (f"{path}naast-elkaar/", VERDICT)})


def goes_on(page: Page) -> None:
    """See that the list of averages is cut with a sign, inside the page, and read to its end with the keyboard."""
    listed = page.locator(".gb-low").first
    # more below than is shown, and nothing beside it
    assert listed.evaluate("one => one.scrollHeight > one.clientHeight && one.scrollWidth <= one.clientWidth")
    assert "48 gemiddelden" in listed.locator("caption").inner_text()
    listed.focus()
    page.keyboard.press("End")
    page.wait_for_function("document.querySelector('.gb-low').scrollTop > 100")
    page.wait_for_function(
        "(one => one.scrollTop + one.clientHeight >= one.scrollHeight - 1)(document.querySelector('.gb-low'))"
    )


def foreseen(works: Site, browser: Browser, path: str) -> None:
    """Look at the form with what it would change, and with what is wrong, as axe and eyes see it."""
    for size in (DESKTOP, PHONE):
        visitor = signed_in(works, browser, "cees", size, bypass_csp=True)
        page = visitor.open(path)
        goes_on(page)
        for state, name in (("", "wrong"), ("abnormal_operation", "foreseen")):
            if page.locator("fieldset").count() == 0:
                page.locator("[name=pick-0]").nth(0).check()
                press(page, "Maak een claim van wat is aangevinkt")
            if state:
                page.select_option("[name=state-1]", state)
                page.fill("[name=cause-1]", "doek gescheurd")
            press(page, "Bekijk wat het zou veranderen")
            for folded in page.locator("main details").all():
                folded.evaluate("one => { one.open = true }")
            visitor.picture(f"answers {name} {size[0]}")
            assert visitor.axe() == [], name
            assert page.evaluate("document.documentElement.scrollWidth") <= size[0], name
        assert visitor.complaints == []
