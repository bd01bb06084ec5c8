"""The page of visible emissions: counted as the permit words it, questions where nobody looked, and look by look."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from tests.services.deliveries import NOW
from tests.services.stack_year import visible_file, year_of_site
from tests.web.conftest import reading
from tests.web.test_stack_verdicts import text

from goedebuur.core.emissions.visible.counting import Why
from goedebuur.services import delivery
from goedebuur.web import stack_visible_rows

PAGE = "/locaties/werk/schoorstenen/zichtbaar/"
API = "/api/sites/werk/stacks/visible/"
ON, OVER = "on=2026-03-20", "on=2026-03-31"
"""In the month of the looks, and on its last day."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of 100 doors 4 on 2 March and 8 on 9 March; a raw push on 5 March. The permit says at most 5 % over 30 days."""
    found = tmp_path_factory.mktemp("visible")
    year_of_site(found / "record").close()
    return found


@pytest.fixture
def visitor(home: Path) -> Iterator[Client]:
    with reading(home) as client:
        yield client


def fold(page: str, kind: str) -> str:
    """Return the fold of a level: of the permit, or of the BAT conclusions."""
    return next(one for one in page.split("<details")[1:] if f"{kind}:" in one.partition("</summary>")[0])


def test_condition_is_counted_over_its_own_running_period(visitor: Client) -> None:
    told = fold(text(visitor, f"{PAGE}?{ON}"), "Voorschrift")
    assert "hoogstens 5 % over elke 30 dagen achter elkaar" in told
    # 12 of 200 doors from the ninth on; 4 of 100 before
    assert "Hoogste: 6 %, van 8 februari 2026 tot en met 9 maart 2026." in told
    assert 'gb-verdict--exceeds">Erboven' in told
    # from 2 to 20 March 19 periods have a look, and from the ninth 12 are above
    assert "12 van 19 lopende perioden erboven" in told


def test_bat_level_binds_nobody_and_is_counted_over_the_month(visitor: Client) -> None:
    told = fold(text(visitor, f"{PAGE}?{OVER}"), "BBT-niveau")
    assert "het bindt niemand uit zichzelf" in told
    assert "hoogstens 10 % over elke maand" in told
    assert "gb-verdict--exceeds" not in told


def test_month_that_is_not_over_is_a_question(visitor: Client) -> None:
    told = fold(text(visitor, f"{PAGE}?{ON}"), "BBT-niveau")
    assert "Wat is er in de rest van deze periode te zien?" in told
    assert "niet te zeggen 3." in told


def test_period_in_which_nobody_looked_is_a_question(visitor: Client) -> None:
    told = fold(text(visitor, f"{PAGE}?{OVER}"), "BBT-niveau")
    # January and February; March is 6 %
    assert "niet te zeggen 2, niet erboven 1" in told
    assert "Heeft iemand in deze periode gekeken?" in told
    assert "Niet erboven waar iemand keek" in told.partition("</summary>")[0]


def test_periods_are_drawn_where_they_end_with_the_level(visitor: Client) -> None:
    told = fold(text(visitor, f"{PAGE}?{ON}"), "Voorschrift")
    paths = dict(re.findall(r'<path class="gb-visible__(\w+)"[^>]* d="([^"]+)"', told))
    # 2 March is day 61; 4 of 6 % is 46 of 70 high, and 6 % all of it; the level of 5 % is at 84 - 58
    assert paths["meets"].startswith("M60 84v-46")
    assert (paths["meets"].count("M"), paths["exceeds"].count("M")) == (7, 12)
    assert paths["exceeds"].startswith("M67 84v-70")
    assert 'y1="26" y2="26"' in told


def test_look_says_what_was_seen_by_whom_and_how_and_no_person(visitor: Client) -> None:
    page = text(visitor, f"{PAGE}?{ON}")
    rows = [re.sub(r"<[^>]+>", " ", row) for row in re.findall(r'<tr role="row"><th role="rowheader".*?</tr>', page)]
    looks = [re.sub(r"\s+", " ", one).strip() for one in rows if "EPA-303" in one or "VIDEO" in one]
    assert (
        looks[0]
        == "09-03-2026 09:00, Ovendeuren battery-1 bij 8 van 100 Een meetbureau: ronde te voet, EPA-303 niet bekend"
    )
    assert "90 seconden, rook 60 % dicht Een toestel: camera, VIDEO" in looks[1]


def test_looks_of_one_kind_of_place_can_be_asked_for(visitor: Client) -> None:
    page = text(visitor, f"{PAGE}?{ON}&place=raw_push")
    assert "rook 60 % dicht" in page
    assert "bij 8 van 100" not in page
    assert visitor.get(f"{PAGE}?place=dak").status_code == 400


def test_estimate_has_its_factor_range_and_question(visitor: Client) -> None:
    page = text(visitor, f"{PAGE}?{ON}")
    # 6 doors on average over 31 + 28 + 20 days of 24 hours: 11,376 door-hours of 18.1 g are 205.9 kg
    assert "ongeveer 206 kg, van 118 tot 413 kg" in page
    assert "11.376 deururen" in page
    assert "Staan deze getallen zo in AP-42" in page


def test_nothing_after_the_day_that_is_asked_is_counted(visitor: Client) -> None:
    told = fold(text(visitor, f"{PAGE}?on=2026-03-05"), "Voorschrift")
    assert "Hoogste: 4 %" in told
    assert "gb-verdict--exceeds" not in told


def test_earlier_state_has_what_was_known_then(tmp_path: Path) -> None:
    record = year_of_site(tmp_path / "record")
    before = record.size
    right = visible_file("oven_door,battery-1,2026-03-09T08:00:00Z,,100,80,,inspection,EPA-303,bureau")
    delivery.deliver(record, right, "later.csv", now=NOW, submitter="bureau", reason="verkeerd geteld")
    record.close()
    with reading(tmp_path) as client:
        assert "bij 80 van 100" in text(client, f"{PAGE}?{ON}")
        assert "bij 8 van 100" in text(client, f"{PAGE}?{ON}&as_of={before}")
        # 84 of 200 doors is above the BAT level of 10 %, which has the shape of a guideline
        told = fold(text(client, f"{PAGE}?{OVER}"), "BBT-niveau")
        assert 'gb-verdict--above-guideline">Erboven' in told


def test_file_and_api_have_every_look_and_period(visitor: Client) -> None:
    rows = list(csv.DictReader(io.StringIO(visitor.get(f"{PAGE}tabel.csv?{ON}").content.decode())))
    assert [(one["place"], one["emitting"], one["seconds"]) for one in rows] == [
        ("oven_door", "4", ""),
        ("raw_push", "", "90"),
        ("oven_door", "8", ""),
    ]
    found = visitor.get(f"{API}?{ON}").json()
    own = next(one for one in found["levels"] if one["binds"])
    assert [one["outcome"] for one in own["periods"]].count("above") == 12
    assert found["until"] == "2026-03-20"


def test_year_in_which_nobody_looked_says_what_is_missing(visitor: Client) -> None:
    page = text(visitor, f"{PAGE}?year=2024")
    assert "Over 2024 staat in het register niet wat er bij dit bedrijf buiten de schoorstenen om te zien was." in page
    assert "Dat zegt niet dat er niets te zien was" in page


def test_unknown_site_is_not_found(visitor: Client) -> None:
    assert visitor.get(PAGE.replace("werk", "niemand")).status_code == 404


def test_every_reason_why_nothing_is_said_has_a_question() -> None:
    assert set(stack_visible_rows.ASKS) == set(Why)
