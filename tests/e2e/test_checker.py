"""The page that checks a proof, opened from a file, with proofs of the demonstration."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from tests.core.proof.crafting import STRANGER, changed, swapped
from tests.core.proof.witness_cases import KEYS
from tests.e2e.home import Home, at_home
from tests.e2e.visiting import DESKTOP, PHONE, Site, Visit

pytestmark = pytest.mark.e2e


@pytest.fixture
def home(browser: Browser, tmp_path: Path) -> Iterator[Home]:
    with at_home(browser, tmp_path) as found:
        yield found


def download(site: Site, path: str) -> bytes:
    with urllib.request.urlopen(site.address + path, timeout=60) as answer:
        found: bytes = answer.read()
        return found


@pytest.fixture(scope="module")
def hour(site: Site) -> bytes:
    return download(site, f"/bewijs/{site.series}/{site.start}/")


@pytest.fixture(scope="module")
def year(site: Site) -> bytes:
    return download(site, f"/bewijs/{site.series}/jaar/{site.year}/")


@pytest.fixture(scope="module")
def verdict(site: Site) -> bytes:
    return download(site, f"/bewijs/{site.series}/oordeel/{site.year}/eu2008.pm10.day/")


def key_of(data: bytes) -> str:
    return str(json.loads(data)["log"])


def test_hour_of_the_demonstration_is_proven(home: Home, site: Site, hour: bytes) -> None:
    assert home.give(hour) == "good"
    claim = json.loads(hour)["claim"]
    page = home.page
    assert page.locator("#status").text_content() == "Het klopt: alle stappen zijn bewezen."
    assert page.locator("#figure").text_content() == f"{claim['figure'].replace('.', ',')} {claim['unit']}"
    # a correction: two deliveries, each in the log and with its rows
    proven = [code for code, _ in home.sentences("proven")]
    assert proven == ["signed", "in-log", "in-batch", "in-log", "in-batch", "figure"]
    unproven = ["simulated", "key-unknown", "no-witnesses", "reading", "instrument", "later", "others"]
    assert [code for code, _ in home.sentences("unproven")] == unproven
    assert page.locator(".notice").get_by_text("geen meting").is_visible()


def test_hour_is_told_in_dutch_civil_time_and_in_utc_wherever_the_reader_is(home: Home, hour: bytes) -> None:
    home.give(hour)
    told = home.page.locator("#result dl").first.text_content() or ""
    # 10:00 UTC on 20 May is 12:00 in summer time
    assert "20 mei 2025 om 12:00 CEST (Nederlandse tijd)2025-05-20T10:00:00Z (UTC)" in told
    assert "20 mei 2025 om 13:00 CEST (Nederlandse tijd)2025-05-20T11:00:00Z (UTC)" in told


def test_row_of_the_figure_is_marked_and_in_sight_in_each_delivery(home: Home, hour: bytes) -> None:
    home.give(hour)
    marked = home.page.locator("tr.mark")
    assert marked.count() == 2
    for row in marked.all():
        assert re.match(r"20 mei 2025[ ,om]* 12:00 CEST", row.locator("th").text_content() or "")
        assert "dit cijfer" in (row.text_content() or "")
        box, around = row.bounding_box(), row.locator("xpath=ancestor::*[@role='region']").bounding_box()
        assert box
        assert around
        assert around["y"] <= box["y"] <= around["y"] + around["height"] - box["height"]


def test_year_of_the_demonstration_is_proven_with_the_rows_of_each_month(home: Home, year: bytes) -> None:
    assert home.give(year) == "good"
    claim = json.loads(year)["claim"]
    total = home.page.locator("tfoot td").last
    assert total.text_content() == str(claim["count"])
    months = home.page.locator("tbody th").all_text_contents()
    assert {f"{claim['start'][:4]}-12", *(f"{claim['end'][:4]}-{month:02d}" for month in range(1, 13))} <= set(months)


def test_verdict_of_the_demonstration_is_proven_with_its_count_and_reservations(home: Home, verdict: bytes) -> None:
    assert home.give(verdict) == "good"
    fields = json.loads(verdict)["claim"]["verdict"]
    told = home.page.locator("#result dl").first.text_content() or ""
    assert f"{fields['exceedances']}; toegestaan: 35" in told
    assert f"{fields['capture_num']} van {fields['capture_den']}" in told
    assert home.page.locator("#reservations li").all_text_contents() == fields["reservations"]
    assert [code for code, _ in home.sentences("proven")][-3:] == ["rule", "published", "verdict"]
    home.language()
    assert home.page.locator("#reservations li").all_text_contents() == fields["reservations_en"]
    assert home.page.locator("#figure").text_content() == "meets the limit"


def test_reader_goes_from_a_verdict_to_its_proof_and_checks_it(visit: Visit, site: Site) -> None:
    page = visit().open(f"/oordelen/{site.year}/{site.series}/eu2008.pm10.day/")
    with page.expect_download() as started:
        page.get_by_role("link", name="Download het bewijs van dit oordeel").click()
    page.get_by_role("link", name="Open de pagina die het controleert").click()
    page.set_input_files("#file", str(started.value.path()))
    page.locator("#status[data-outcome=good]").wait_for(timeout=30_000)


def test_list_of_witnesses_is_chosen_as_a_file_and_checked_at_once(home: Home, verdict: bytes, tmp_path: Path) -> None:
    home.give(verdict)
    home.page.click("#others summary")
    home.page.set_input_files("#list", {"name": "a.txt", "mimeType": "text/plain", "buffer": f"{KEYS[0]}\n".encode()})
    assert home.outcome() == "good"
    assert "not-witnessed" in [code for code, _ in home.sentences("unproven")]
    home.page.fill("#quorum", "1")
    home.page.press("#quorum", "Tab")
    assert home.outcome() == "bad"
    assert (home.step(), home.fact("code")) == ("witnessed", "proof-unwitnessed")


def first_row(body: dict[str, Any]) -> None:
    block = body["sources"][0]["blocks"][0]
    cells = block["text"].split("\t")
    cells[2] = str(int(cells[2]) + 1)
    block["text"] = "\t".join(cells)


def last_digit(body: dict[str, Any]) -> None:
    digits = body["claim"]["figure"]
    body["claim"]["figure"] = digits[:-1] + str((int(digits[-1]) + 1) % 10)


def signature(body: dict[str, Any]) -> None:
    for source in body["sources"]:
        head, _, last = source["proof"].rstrip("\n").rpartition(" ")
        source["proof"] = f"{head} {last[:40]}{'A' if last[40] != 'A' else 'B'}{last[41:]}\n"


CHANGES: dict[str, tuple[Callable[[bytes], bytes], str, str]] = {
    "digit of the figure": (lambda data: changed(data, last_digit), "figure", "proof-wrong"),
    "row": (lambda data: changed(data, first_row), "in-batch", "proof-wrong"),
    "leaf": (lambda data: swapped(data, "simulatie", "simulatia"), "in-log", "proof-wrong"),
    "signature": (lambda data: changed(data, signature), "signed", "note-unsigned"),
    "end of the file": (lambda data: data[: len(data) * 2 // 3], "file", "proof-malformed"),
}


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("kind", ["hour", "year"])
def test_file_that_was_changed_is_refused_at_its_step(
    home: Home, request: pytest.FixtureRequest, kind: str, name: str
) -> None:
    change, step, code = CHANGES[name]
    data: bytes = request.getfixturevalue(kind)
    assert home.give(change(data)) == "bad"
    assert (home.step(), home.fact("code")) == (step, code)
    assert home.page.locator("ul.proven, #figure").count() == 0
    assert home.page.locator("ol.steps .failed").count() == 1
    assert home.give(data) == "good"


def test_key_of_another_log_is_refused_and_the_right_one_is_proven(home: Home, hour: bytes) -> None:
    home.give(hour)
    home.key(STRANGER.vkey)
    assert home.outcome() == "bad"
    assert home.step() == "key"
    home.key(f" {key_of(hour)} ")
    assert home.outcome() == "good"
    assert "key-known" in [code for code, _ in home.sentences("proven")]
    assert "key-unknown" not in [code for code, _ in home.sentences("unproven")]


def test_step_that_was_not_asked_is_not_said_to_hold(home: Home, hour: bytes) -> None:
    home.give(changed(hour, last_digit))
    assert "De sleutel vergelijken: u gaf geen sleutel" in home.page.locator("ol.steps li").all_text_contents()


def test_browser_without_the_signature_says_so_and_calls_no_file_wrong(home: Home, hour: bytes) -> None:
    home.page.evaluate(
        "void (crypto.subtle.importKey = () => Promise.reject(new DOMException('no', 'NotSupportedError')))"
    )
    assert home.give(hour) == "unable"
    assert "Ed25519" in (home.page.locator("#why").text_content() or "")
    assert home.page.locator("ol.steps, ul.proven").count() == 0


def test_browser_that_finds_no_signature_good_is_not_believed(home: Home, hour: bytes) -> None:
    # the page tries a signature that is known to be good before it calls any wrong
    home.page.evaluate("void (crypto.subtle.verify = () => Promise.resolve(false))")
    assert home.give(hour) == "unable"


def test_file_that_is_dropped_is_checked(home: Home, hour: bytes) -> None:
    home.page.evaluate(
        """(text) => {
          const data = new DataTransfer();
          data.items.add(new File([text], "cijfer.bewijs.json"));
          const drop = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
          document.getElementById("drop").dispatchEvent(drop);
          if (!drop.defaultPrevented) throw new Error("the browser would open the file instead");
        }""",
        hour.decode(),
    )
    assert home.outcome() == "good"


def test_page_is_used_with_the_keyboard_alone(home: Home, hour: bytes) -> None:
    page = home.page
    reached = []
    for _ in range(3):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id"))
    assert reached == ["language", "file", "key"]
    style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert style == "solid"
    home.give(hour)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.parentElement.id") == "others"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "region"


def test_outcome_is_said_to_who_does_not_see_it(home: Home, hour: bytes) -> None:
    status = home.page.get_by_role("status")
    assert status.get_attribute("aria-live") == "polite"
    home.give(hour)
    assert status.text_content() == "Het klopt: alle stappen zijn bewezen."
    home.give(changed(hour, last_digit))
    assert status.text_content() == "Het klopt niet. Het gaat mis bij: Het cijfer of oordeel uit de rijen."


@pytest.mark.parametrize("other", [b"", b"\xff\xd8\xff\xe0 a photo", b'{"half": '])
def test_who_chose_another_file_is_not_told_that_something_was_changed(home: Home, other: bytes) -> None:
    home.give(other)
    said = home.page.locator("#what-now").text_content() or ""
    assert ".bewijs.json" in said
    assert "veranderd" not in home.page.inner_text("body")


def test_who_mistyped_the_key_is_asked_to_look_at_it_first(home: Home, hour: bytes) -> None:
    home.key(key_of(hour)[:-2] + "x=")
    home.give(hour)
    assert "zonder tikfout" in (home.page.locator("#what-now").text_content() or "")


def test_english_is_one_press_away_and_back(home: Home, hour: bytes) -> None:
    home.give(hour)
    home.language()
    page = home.page
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.title() == "Check a figure yourself"
    assert page.locator("#status").text_content() == "It is correct: every step is proven."
    assert "20 May 2025" in (page.locator("#result dl").first.text_content() or "")
    home.language()
    assert page.title() == "Een cijfer zelf controleren"


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_breaks_no_rule_and_fits(
    browser: Browser, tmp_path: Path, hour: bytes, year: bytes, verdict: bytes, size: tuple[int, int], scheme: str
) -> None:
    with at_home(browser, tmp_path, size, color_scheme=scheme) as home:
        home.page.click("#others summary")
        assert home.axe() == []
        for data in (hour, year, verdict, changed(hour, last_digit)):
            home.give(data)
            assert home.axe() == []
            assert home.page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_reader_goes_from_the_history_of_a_value_to_its_proof_and_checks_it(visit: Visit, site: Site) -> None:
    page = visit().open(f"/herkomst/{site.series}/{site.start}/")
    with page.expect_download() as started:
        page.get_by_role("link", name="Download het bewijs van dit cijfer").click()
    file = started.value
    assert file.suggested_filename == f"{site.series}.{site.start.replace(':', '')}.bewijs.json"
    page.get_by_role("link", name="Open de pagina die het controleert").click()
    page.set_input_files("#file", str(file.path()))
    page.locator("#status[data-outcome=good]").wait_for(timeout=30_000)
    with page.expect_download() as kept:
        page.get_by_role("link", name="Bewaar deze pagina").click()
    assert kept.value.suggested_filename == "goedebuur-controle.html"
