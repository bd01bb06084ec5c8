"""Cases as the people of an authority and of a company see them: axe, width and keyboard, on screen and telephone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from tests.e2e.visiting import DESKTOP, PHONE, Site
from tests.e2e.working_site import add, run, served, signed_in
from tests.services.casework.mails import MAIL

pytestmark = pytest.mark.e2e
SEATS = {
    "ada": ("specialist", "--authority", "od-westerland"),
    "bo": ("officer", "--authority", "od-westerland"),
    "cees": ("company", "--operator", "westerwerf-staal-verzonnen"),
}
SUBJECT = "Stof op de vensterbanken in de Kerkbuurt"


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Return the demonstration with a writer, an officer and a company, and one mail without a case."""
    home = tmp_path_factory.mktemp("cases")
    run(home, "demo", "--build-only")
    home = home / "demo"
    for name, seat in SEATS.items():
        add(home, name, *seat)
    (home / "one.eml").write_bytes(MAIL.replace(b"GB-2026-000001", b"van gisteren"))
    run(home, "cases", "mail-in", str(home / "one.eml"))
    with served(home) as site:
        yield site


def step(works: Site, browser: Browser, who: str, case: str, event: str, **fields: str) -> None:
    """Take a step with the keyboard alone, without script: open it, fill it in, press Enter on its button."""
    page = signed_in(works, browser, who, java_script_enabled=False).page
    page.goto(case)
    form = page.locator(f"form[action$='/stap/{event}/']")
    opened = page.locator("details.gb-step", has=form)
    if opened.get_attribute("open") is None:
        opened.locator("summary").first.focus()
        page.keyboard.press("Enter")
    for name, text in fields.items():
        form.locator(f"[name={name}]").focus()
        page.keyboard.type(text)
    form.locator("button[type=submit]").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("[role=alert]").count() == 0


def test_pages_of_cases_have_no_faults_in_any_state_on_screen_and_telephone(works: Site, browser: Browser) -> None:
    page = signed_in(works, browser, "ada").page
    page.goto(f"{works.address}/werk/zaken/nieuw/")
    page.select_option("[name=kind]", "finding")
    page.select_option("[name=operators]", "westerwerf-staal-verzonnen")
    page.fill("[name=subject]", SUBJECT)
    page.fill("[name=text]", "Op 3 november lag er stof. " * 20)
    with page.expect_navigation():
        page.locator("main form button[type=submit]").last.click()
    case = page.url
    path = case.removeprefix(works.address)
    look(works, browser, {"ada": ("/werk/", "/werk/zaken/", "/werk/zaken/nieuw/", path), "bo": ("/werk/post/", path)})
    step(works, browser, "ada", case, "submit")
    look(works, browser, {"bo": (path,)})
    step(works, browser, "bo", case, "notify")
    look(works, browser, {"cees": ("/werk/", path), "bo": (path,)})
    step(works, browser, "cees", case, "answer", answer="Wij zijn het er niet mee eens.")
    step(works, browser, "bo", case, "publish", reason="Het gaat om uitstoot.")
    look(works, browser, {"bo": (path,), "cees": (path, "/zoeken/?q=stof")})


def look(works: Site, browser: Browser, pages: dict[str, tuple[str, ...]]) -> None:
    for size in (DESKTOP, PHONE):
        for who, paths in pages.items():
            visitor = signed_in(works, browser, who, size, bypass_csp=True)
            for path in paths:
                page = visitor.open(path)
                state = page.locator("dl dd").nth(1).text_content() if "/GB-" in path else ""
                visitor.picture(f"cases {who} {path} {state} {size[0]}")
                assert visitor.axe() == [], path
                assert page.evaluate("document.documentElement.scrollWidth") <= size[0], path
                assert "Inloggen om te werken" not in page.locator("footer").inner_text()
            assert visitor.complaints == []
