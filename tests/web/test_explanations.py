"""Every verdict can be asked why: three parts, figures as people read them, and the outcome that was published."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation
from tests.services.deliveries import NOW, open_record, station_file
from tests.web.conftest import reading

from goedebuur.core.compliance.verdicts import Verdict
from goedebuur.services import assessment, demo
from goedebuur.services.delivery import deliver
from goedebuur.services.record import Record
from goedebuur.web import explanation_rows, words

PARTS = ["Wat er is gemeten", "Wat de regel zegt", "Hoe het oordeel daaruit volgt"]
EXCEEDED = f"/oordelen/{demo.YEAR}/SIM01.pm10.1h/eu2008.pm10.day/"
MEAN = f"/oordelen/{demo.YEAR}/SIM01.pm10.1h/eu2008.pm10.year/"


@pytest.fixture
def one_of_each_rule(shown_home: Path) -> list[Verdict]:
    """Return of each rule that has a verdict in the year of the demonstration the first one, a telling one if any."""
    record = Record.open(shown_home / "record", read_only=True)
    published = assessment.published(record, demo.YEAR)
    record.close()
    assert published is not None
    last_is_kept = sorted(published.verdicts, key=lambda v: (v.side != "unknown", v.side == "above"))
    return list({verdict.limit_id: verdict for verdict in last_is_kept}.values())


def text_of(page: str) -> str:
    """Return what stands on a page between its heads, without mark-up."""
    main = page.partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", main)))


def wrong(client: Client, verdict: Verdict) -> str:
    """Return what is wrong with the explanation of a verdict, nothing where it says what was published."""
    address = f"{verdict.year}/{verdict.series}/{verdict.limit_id}/"
    answer = client.get(f"/oordelen/{address}")
    if answer.status_code != 200:
        return f"{address}: {answer.status_code}"
    said = client.get(f"/api/verdicts/{address}").json()["verdict"]
    if (said["outcome"], said["reason_code"]) != (verdict.outcome, verdict.reason_code):
        return f"{address}: {said['outcome']} instead of {verdict.outcome}"
    text = text_of(answer.content.decode())
    outcome = words.outcome(verdict)
    if f"Het oordeel is dus: {outcome}." not in text or text.count(outcome) < 2:
        return f"{address}: {outcome} is not said"
    return ""


def test_every_rule_with_a_verdict_is_explained_with_the_outcome_that_was_published(
    visitor: Client, one_of_each_rule: list[Verdict]
) -> None:
    assert len(one_of_each_rule) > 60
    assert {verdict.side for verdict in one_of_each_rule} == {"below", "above", "unknown"}
    assert [found for verdict in one_of_each_rule if (found := wrong(visitor, verdict))] == []


def test_explanation_has_three_parts_in_order(visitor: Client) -> None:
    page = visitor.get(EXCEEDED).content.decode()
    heads = [head.strip() for head in re.findall(r"<h2[^>]*>(.*?)</h2>", page, re.DOTALL)]
    assert heads == [*PARTS, "Controleer dit oordeel zelf"]


def test_parts_are_in_per_cent_with_the_exact_numbers_behind(visitor: Client) -> None:
    text = text_of(visitor.get(EXCEEDED).content.decode())
    # 358 / 365 = 0.98082
    assert "98,0% (358 van 365)" in text.replace(" )", ")")
    assert "Gemeten is 98,0%. Nodig is ten minste 90%." in text
    assert not re.search(r"\d/\d{2}", text.partition("Hoe het oordeel")[2].partition("Gemaakt met")[0])


def test_numbers_in_a_dutch_reason_have_a_comma_and_in_an_english_one_a_point(visitor: Client) -> None:
    dutch, english = (text_of(visitor.get(prefix + MEAN).content.decode()) for prefix in ("", "/en"))
    found = re.search(r"Het gemiddelde is (\d+),(\d) µg/m³, niet boven 40 µg/m³\.", dutch)
    assert found
    assert f"The mean is {found[1]}.{found[2]} µg/m³, not above 40 µg/m³." in english


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [(9, 10, "90%"), (90, 100, "90%"), (7883, 8760, "89,9%"), (7884, 8760, "90%"), (8632, 8760, "98,5%"), (0, 8, "0%")],
)
def test_share_is_rounded_down_so_that_too_little_never_reads_as_enough(part: int, whole: int, said: str) -> None:
    with translation.override("nl"):
        assert explanation_rows.percentage(part, whole) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Het gemiddelde is 29.2 µg/m³.", "Het gemiddelde is 29,2 µg/m³."),
        ("van 2030-01-01 tot en met 2030-12-31", "van 01-01-2030 tot en met 31-12-2030"),
        ("onder PM2.5 en artikel 3.2.1", "onder PM2.5 en artikel 3.2.1"),
        ("39. BImSchV", "39. BImSchV"),
    ],
)
def test_sentence_is_written_the_dutch_way(text: str, said: str) -> None:
    with translation.override("nl"):
        assert explanation_rows.sentence(text) == said


def test_every_line_of_an_explanation_has_its_place_on_the_page(
    shown_home: Path, one_of_each_rule: list[Verdict]
) -> None:
    placed = {*explanation_rows.MEASURED, *explanation_rows.READINGS, *explanation_rows.ELSEWHERE}
    record = Record.open(shown_home / "record", read_only=True)
    for verdict in one_of_each_rule[::15]:
        found = assessment.explain(record, verdict.series, verdict.limit_id, verdict.year)
        loose = {line.code for line in found.lines if not line.code.startswith(("rule-", "reading-"))} - placed
        assert loose == set()
    record.close()


def test_list_that_is_cut_says_how_many_are_not_shown_and_where_they_are(tmp_path: Path) -> None:
    # 450 hours of 400 µg/m³, all above 350
    record = open_record(tmp_path / "record")
    deliver(record, station_file({"NL90001": ["400"] * 450}), "2019_SO2.csv", now=NOW)
    record.close()
    with reading(tmp_path) as client:
        page = client.get("/oordelen/2019/NL90001.so2.1h/eu2008.so2.hour/").content.decode()
        address = "/api/verdicts/2019/NL90001.so2.1h/eu2008.so2.hour/"
        assert len(client.get(address).json()["counted"]) == 450
    counted = page.partition("Wat telde als overschrijding")[2].partition("</table>")
    assert counted[0].count('<th scope="row">') == 400
    assert "Hier staan de eerste 400; 50 andere staan hier niet." in counted[2]
    assert f'href="{address}"' in counted[2]
