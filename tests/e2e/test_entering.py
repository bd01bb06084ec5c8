"""A permit writer and a colleague: ten limits entered, checked and published, by the steps of the manual.

What takes a person time is counted (fields, choices, presses and letters), and held to what fits in fifteen minutes.
"""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page
from tests.e2e.visiting import DESKTOP, PHONE, Site
from tests.e2e.working_site import WORK, add, run, served, signed_in

pytestmark = pytest.mark.e2e
LIMITS = (
    *(("stikstofoxiden (als NO2)", "80"), ("koolmonoxide", "50"), ("totaal stof", "5"), ("zoutzuur (HCl)", "6")),
    *(("waterstoffluoride (HF)", "0,5"), ("zwaveldioxide", "30"), ("ammoniak", "5"), ("kwik", "0,02")),
    *(("totaal organisch koolstof (als C)", "10"), ("lachgas", "100")),
)
SITES = [
    {"record_kind": "site", "id": "centrale", "names": [{"value": "Voorbeeldcentrale"}], "simulated": True},
    {"record_kind": "installation", "id": "lijn-1", "site": "centrale", "names": [{"value": "verbrandingslijn 1"}]},
]
STEP = 2.6
"""Seconds for a choice or a press: to think, to point and to press (keystroke-level model: 1.35 + 1.1 + 0.2)."""
LETTER = 0.28
"""Seconds a letter of an average typist (the same model)."""
READING = 25
"""Seconds in which a second person compares one part with its text."""


def named(label: str) -> re.Pattern[str]:
    """Return a pattern for a label by itself, or with the word for a field that must be filled in."""
    return re.compile(rf"^{re.escape(label)}(\s+\(verplicht\))?$")


@dataclass
class Hand:
    """What a person does on a page, counted."""

    page: Page
    steps: int = 0
    letters: int = 0
    parts: int = field(default=0)

    def press(self, name: str) -> None:
        self.steps += 1
        main = self.page.locator("main")
        main.get_by_role("button", name=name, exact=True).or_(
            main.get_by_role("link", name=name, exact=True)
        ).first.click()
        self.page.wait_for_load_state()

    def type(self, label: str, text: str) -> None:
        self.steps += 1
        self.letters += len(text)
        self.page.get_by_label(named(label)).fill(text)

    def choose(self, label: str, word: str) -> None:
        self.steps += 1
        self.page.get_by_label(named(label)).select_option(label=word)

    @property
    def seconds(self) -> float:
        return self.steps * STEP + self.letters * LETTER + self.parts * READING


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Return a site with one invented location and two permit writers."""
    home = tmp_path_factory.mktemp("works")
    listed = home / "sites.json"
    listed.write_text(json.dumps(SITES))
    run(home, "sites", "enter", str(listed))
    for name in ("ada", "bo"):
        add(home, name, "permit_writer", "--authority", "gs")
    with served(home) as site:
        yield site


def entered(hand: Hand, number: str, limits: tuple[tuple[str, str], ...]) -> str:
    """Enter a decision as the manual says, and return its address."""
    hand.press("Voer een besluit in")
    hand.type("Kenmerk in het register", number)
    hand.choose("Soort besluit", "vergunning")
    hand.choose("Locatie", "Voorbeeldcentrale")
    for label, text in (("Bevoegd gezag", "Gedeputeerde Staten van Voorbeeldland"), ("Zaaknummer", "2026-014")):
        hand.type(label, text)
    for label, text in (("Titel", "Omgevingsvergunning milieu"), ("Wetsartikel", "Ow 5.1(2)(b)")):
        hand.type(label, text)
    hand.type("Datum van het besluit", "14-03-2026")
    hand.type("Geldt vanaf", "01-05-2026")
    hand.page.locator("summary", has_text="Velden die u zelden").click()
    hand.choose("Verzonnen voorbeeld", "ja")
    hand.press("Bewaren")
    address = hand.page.url
    hand.choose("Soort voorschrift", "emissiegrenswaarde")
    hand.press("Voeg een voorschrift toe")
    for at, (substance, value) in enumerate(limits):
        if at == 0:
            hand.type("Nummer", "3.1.1")
            hand.choose("Eenheid", "mg/Nm³")
            hand.choose("Gemiddeld over", "dag")
            hand.type("Zuurstof (%)", "11")
            hand.choose("Droog gas", "ja")
            hand.page.get_by_label("verbrandingslijn 1").check()
            hand.steps += 1
        hand.type(
            "Tekst zoals verleend", f"De emissie van {substance} is als daggemiddelde ten hoogste {value} mg/Nm³."
        )
        hand.type("Stof", substance)
        hand.type("Getal", value)
        hand.press("Bewaren" if at + 1 == len(limits) else "Bewaren en de volgende")
    assert hand.page.url == address
    return address


def checked(hand: Hand, address: str) -> None:
    hand.page.goto(address)
    hand.press("Nakijken")
    while "/controle/" in hand.page.url:
        hand.parts += 1
        hand.press("Dit klopt")
    hand.press("Openbaar maken")
    hand.press("Openbaar maken")


def test_permit_with_ten_limits_is_entered_checked_and_published_in_a_quarter_of_an_hour(
    works: Site, browser: Browser
) -> None:
    ada, bo = (Hand(signed_in(works, browser, name).page) for name in ("ada", "bo"))
    address = entered(ada, "vb-2026-014", LIMITS)
    checked(bo, address)
    assert bo.parts == 1 + len(LIMITS)
    assert "is openbaar, als blad" in bo.page.locator("main").inner_text()
    with urllib.request.urlopen(f"{works.address}/locaties/centrale/vergunning.json", timeout=60) as answer:
        assert answer.read().count(b'"kind":"emission_limit"') == len(LIMITS)
    assert ada.seconds + bo.seconds < 15 * 60, (ada, bo)


def test_pages_for_entering_have_no_faults_for_assistive_technology_on_screen_and_telephone(
    works: Site, browser: Browser
) -> None:
    first = signed_in(works, browser, "ada", bypass_csp=True)
    address = entered(Hand(first.page), "vb-2026-015", LIMITS[:1]).removeprefix(works.address)
    pages = ("", "besluit/", "voorschrift/", "voorschrift/c1/", "document/", "controle/c1/", "publiceren/")
    for size in (DESKTOP, PHONE):
        visitor = signed_in(works, browser, "bo", size, bypass_csp=True)
        for path in (WORK, f"{WORK}nieuw/", f"{WORK}rekenblad/", *(f"{address}{one}" for one in pages)):
            page = visitor.open(path)
            visitor.picture(f"entering {path} {size[0]}")
            assert visitor.axe() == [], path
            assert page.evaluate("document.documentElement.scrollWidth") <= size[0], path
        assert visitor.complaints == []


def test_condition_is_entered_with_the_keyboard_alone_and_without_script(works: Site, browser: Browser) -> None:
    visitor = signed_in(works, browser, "ada", java_script_enabled=False)
    page = visitor.page
    address = entered(Hand(page), "vb-2026-016", LIMITS[:1])
    page.goto(f"{address}voorschrift/?after=c1")
    page.locator("#f-text").focus()
    for text in ("De emissie van koolmonoxide is ten hoogste 50 mg/Nm³.", "koolmonoxide", "50"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    for _ in range(12):
        focused = page.locator(":focus")
        if focused.get_attribute("value") == "next":
            break
        page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Voorschrift 3.1.2 is bewaard." in page.locator("main").inner_text()


def test_general_rules_are_entered_with_the_keyboard_alone_and_mistakes_are_announced(
    works: Site, browser: Browser
) -> None:
    visitor = signed_in(works, browser, "ada", PHONE, bypass_csp=True)
    page = visitor.page
    address = entered(Hand(page), "vb-2026-017", LIMITS[:1])
    assert "van geen grenswaarde dat zij geldt" in page.locator("main").inner_text()
    page.goto(f"{address}besluit/")
    page.locator("#f-general_rules").focus()
    page.keyboard.type("bal.9.99; verbrandingslijn 1; ; 11")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.locator(":focus").get_attribute("value") == "look":
            break
    with page.expect_navigation():
        page.keyboard.press("Enter")
    field = page.locator("#f-general_rules")
    assert field.get_attribute("aria-invalid") == "true"
    assert "wrong-general_rules" in (field.get_attribute("aria-describedby") or "")
    assert "staat niet in de tabel" in page.locator("#wrong-general_rules").inner_text()
    for one in page.locator("summary").all():
        one.press("Enter")
    visitor.picture("entering general rules")
    assert visitor.axe() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    field.fill("bal.4.73; verbrandingslijn 1; ; 11")
    page.get_by_role("button", name="Bewaren", exact=True).press("Enter")
    page.wait_for_url(address)
    assert "van geen grenswaarde dat zij geldt" not in page.locator("main").inner_text()
