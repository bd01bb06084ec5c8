"""The page of measurements by bureaus beside the company: as published, with questions where it can't be told."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from tests.services.measuring import submit
from tests.services.test_control_measurements import control
from tests.services.test_control_results import GIVEN, LATER, made
from tests.web.conftest import reading
from tests.web.test_stack_verdicts import text

from goedebuur.services import control_results

PAGE = "/locaties/werk/schoorstenen/controle/"
API = "/api/sites/werk/stacks/controls/"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("controls")
    record = made(found / "record")
    control_results.publish(record, "werk", GIVEN, LATER)
    record.close()
    return found


@pytest.fixture
def visitor(home: Path) -> Iterator[Client]:
    with reading(home) as client:
        yield client


def test_both_values_stand_with_their_uncertainty_and_what_it_comes_to(visitor: Client) -> None:
    # s_D = √(30/14): 1.96 · 1.46385 = 2.869; 10 of 60 is 16.7 %
    page = text(visitor, PAGE)
    assert "Het meetbureau mat 60 ± 6 mg/Nm³, het bedrijf 50 ± 2,87 mg/Nm³." in page
    assert "Het bedrijf mat 16,7 % lager. Dat is meer dan de onzekerheid van beide samen verklaart." in page
    assert "Anders is geen overtreding" in page


def test_numbers_of_the_comparison_stand_beside_it(visitor: Client) -> None:
    page = text(visitor, PAGE)
    facts = dict(re.findall(r"<dt[^>]*>(.*?)</dt><dd[^>]*>(.*?)</dd>", page))
    # -10 / √(36 + 8.232) = -1.504; all differences are -10, so that the relative accuracy is 10 / 60
    assert facts["E_n (anders boven 1 of onder −1)"] == "−1,5"
    assert facts["Relatieve nauwkeurigheid"] == "16,7 %"
    assert facts["Uren"].startswith("01-04-2026 10:00–10:30; 01-04-2026 10:30–11:00")
    assert facts["Toestel van het bedrijf"] == "K1-nox"


def test_mass_of_the_year_is_told_as_a_range(visitor: Client) -> None:
    # 3 · 1 + 17 · 10 = 173 kg; · 60 / 50 = 207.6; (60 ∓ 6.6507) / 50 gives 184.6 to 230.6
    page = text(visitor, PAGE)
    assert "komen de eigen gemiddelden van het bedrijf op 173 kg" in page
    assert "dan was het 208 kg, van 185 tot 231 kg. Het eigen cijfer ligt daarbuiten." in page


def test_measurement_at_low_load_does_not_stand_for_the_year(visitor: Client) -> None:
    page = text(visitor, PAGE)
    assert "Staat niet voor het jaar" in page
    # 3 of 20 half hours, 3 of 173 kg
    assert "Uren als deze waren 15 % van de tijd, en hadden 1,7 % van de uitstoot." in page


def test_values_are_drawn_to_one_scale(visitor: Client) -> None:
    drawing = text(visitor, PAGE).partition('<svg class="gb-control"')[2].partition("</svg>")[0]
    # from 45 to 70 over 308 from 6: 60 at 190 with 116 to 264, 50 at 67
    assert re.findall(r'<circle[^>]* cx="(\d+)"', drawing) == ["190"] * 3
    assert set(re.findall(r'<rect[^>]* x="(\d+)"', drawing)) == {"63"}
    assert ('x1="116"' in drawing, 'x2="264"' in drawing) == (True, True)
    assert 'role="img"' in drawing
    assert "01-04-2026 10:00: meetbureau 60 ± 6, bedrijf 50 ± 2,87" in drawing


def test_history_has_side_mean_and_verdicts_of_bureau_and_instrument(visitor: Client) -> None:
    page = text(visitor, PAGE).partition("Komt het telkens zo uit?")[2]
    assert "Meetbureau Voorbeeld" in page.partition("Per toestel")[0]
    assert "K1-nox" in page.partition("Per toestel")[2]
    assert "Anders: 1" in page
    assert "0 keer hoger dan het meetbureau, 1 keer lager" in page
    assert "−16,7 %" in page


def test_nothing_is_compared_for_a_reader(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_args: object, **_named: object) -> None:
        raise AssertionError("compared")

    monkeypatch.setattr("goedebuur.core.emissions.measuring.comparison.compare", refused)
    monkeypatch.setattr("goedebuur.core.emissions.measuring.representing.represents", refused)
    assert "16,7 % lager" in text(visitor, PAGE)


def test_report_of_which_nothing_is_published_has_no_verdict(home: Path, visitor: Client) -> None:
    leaf = visitor.get(API).json()["results"][0]["leaf"]
    page = text(visitor, f"{PAGE}?as_of={leaf}")
    assert "Nog niet vergeleken" in page
    assert "60 ± 6, 60 ± 6, 60 ± 6 mg/Nm³" in page
    assert "16,7 %" not in page


def test_what_cannot_be_told_is_a_question(tmp_path: Path) -> None:
    record = made(tmp_path / "record")
    submit(record, control(["60"], id="control-2", limit="", share=""), 5)
    control_results.publish(record, "werk", GIVEN, LATER)
    record.close()
    with reading(tmp_path) as client:
        page = text(client, PAGE)
    fold = next(one for one in page.split("<details") if "Zijn er meer metingen op hetzelfde moment?" in one)
    assert "Niet te zeggen" in fold
    assert "Een mens moet antwoorden:" in fold
    assert 'gb-verdict--undetermined">Niet te zeggen' in fold


def test_first_that_differs_is_open_and_the_others_are_folded(tmp_path: Path) -> None:
    record = made(tmp_path / "record")
    submit(record, control(["50"] * 3, id="control-2"), 5)
    control_results.publish(record, "werk", GIVEN, LATER)
    record.close()
    with reading(tmp_path) as client:
        page = text(client, PAGE)
    folds = re.findall(r'<details class="gb-fold" id="(meting-\d)"( open)?>.*?gb-verdict--[a-z-]+">(\w+)', page)
    assert sorted((said, opened) for _, opened, said in folds) == [("Anders", " open"), ("Gelijkwaardig", "")]
    assert all(f'href="#{anchor}"' in page for anchor, _, _ in folds)


def test_corrected_report_is_said_to_be_newer(tmp_path: Path) -> None:
    record = made(tmp_path / "record")
    control_results.publish(record, "werk", GIVEN, LATER)
    submit(record, control(["51"] * 3), 5)
    record.close()
    with reading(tmp_path) as client:
        assert "verbeterde zijn rapport nadat dit is uitgerekend" in text(client, PAGE)


def test_file_has_each_partial_measurement(visitor: Client) -> None:
    response = visitor.get(f"{PAGE}tabel.csv?year=2026")
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    assert [(one["value"], one["company_mg_nm3"], one["verdict"]) for one in rows] == [("60", "50", "differs")] * 3
    assert rows[0]["bureau"] == "Meetbureau Voorbeeld"
    assert rows[0]["e_n"].startswith("-1.503")
    assert rows[0]["stands_for_year"] == "no"


def test_api_has_the_report_and_what_was_published(visitor: Client) -> None:
    found = visitor.get(API).json()
    (one,) = found["reports"]
    assert (one["comparison"]["comparison"]["verdict"], one["comparison"]["mass"]["reported"]) == ("differs", "173")
    assert one["report"]["samples"][0]["value"] == "60"
    assert found["results"][0]["receipt"]["tree_size"] > 0


def test_year_without_reports_says_what_is_missing_and_why(visitor: Client) -> None:
    page = text(visitor, f"{PAGE}?year=2024")
    assert "In het register staat geen meting door een meetbureau aan deze schoorstenen in 2024." in page
    assert "Dat zegt niet dat niemand mat" in page


def test_unknown_site_is_not_found(visitor: Client) -> None:
    assert visitor.get(PAGE.replace("werk", "niemand")).status_code == 404


def test_page_is_one_of_those_on_these_stacks(visitor: Client) -> None:
    page = text(visitor, PAGE)
    assert f'href="{PAGE}" aria-current="page"' in page
    assert f'href="{PAGE}"' in text(visitor, "/locaties/werk/schoorstenen/")
