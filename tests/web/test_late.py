"""The pages of what is late or missing: figures worked out by hand, in both languages, as of any state."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from tests.services.deliveries import open_record, station_file
from tests.services.expecting import bring, day, expect
from tests.web.conftest import reading

from goedebuur.core.base.periods import iso
from goedebuur.core.expectations.expected import RULE
from goedebuur.services import embargo
from goedebuur.services.delivery import deliver

H = timedelta(hours=1)
SERIES = "NL90001.so2.1h"


@dataclass(frozen=True, slots=True)
class Kept:
    """A reader, and tree sizes: after the expectation, and before the supplier gave its reason."""

    client: Client
    expected: int
    before_reason: int


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    """Day 1 in time, day 2 two hours late, day 3 missing with a reason, day 4 without three hours and no reason."""
    record = open_record(tmp_path / "record")
    expect(record, valid_to="2019-01-04", basis=RULE, reference="Vergunning Z-1", article="voorschrift 4.2")
    expected = record.size
    bring(record, 1, day(2) + H)
    bring(record, 2, day(3) + 10 * H)
    bring(record, 4, day(5) + H, frozenset({5, 6, 7}))
    before = record.size
    line = f"{SERIES},{iso(day(3))},{iso(day(4))},instrument-down"
    deliver(record, f"series,start,end,reason\n{line}\n".encode(), "r.csv", submitter="meetbureau", now=day(6))
    record.close()
    with reading(tmp_path) as client:
        yield Kept(client, expected, before)


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    plain = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", html.unescape(plain))


def test_page_of_all_series_says_how_much_is_late_and_missing(kept: Kept) -> None:
    page = text(kept.client, "/leveringen/te-laat/")
    assert "1 van 4 periodes 1 2 27 (gaten: 2; zonder reden: 1)" in page
    assert "04-01-2019 05:00 – 04-01-2019 08:00 Er is geen reden gegeven." in page
    assert "meetbureau levert elke dag (op de klok CET (wintertijd)), uiterlijk 6 uur na het einde daarvan" in page
    assert "na nog 2 uur is het te laat." in page
    assert "Vergunning Z-1, voorschrift 4.2" in page
    assert "1 of 4 periods 1 2 27 (gaps: 2; without a reason: 1)" in text(kept.client, "/en/leveringen/te-laat/")


def test_series_page_has_each_period_and_gap_with_its_reason(kept: Kept) -> None:
    page = text(kept.client, "/stations/NL90001/so2/?start=2019-01-01&end=2019-01-04")
    assert "Op tijd en compleet: 1 van 4 periodes die voorbij zijn. Ontbrekende waarden: 27 (gaten: 2)." in page
    assert "te laat; waarden die 2 uur te laat kwamen: 24 blad" in page
    assert "ontvangen na de termijn en het uitstel (zegt het register)" in page
    assert "het toestel was defect of in onderhoud (zegt meetbureau, niet ondertekend," in page
    assert "2 gaten in deze periode" in page
    # of another stretch of time nothing is to be told
    assert "gaten in deze periode" not in text(kept.client, "/stations/NL90001/so2/?start=2019-01-01&end=2019-01-01")


def test_station_page_leads_to_it(kept: Kept) -> None:
    page = text(kept.client, "/stations/NL90001/")
    assert "op tijd en compleet: 1 van 4 periodes; ontbrekende waarden: 27 (gaten: 2; zonder reden: 1)" in page
    assert "/leveringen/te-laat/?station=NL90001" in kept.client.get("/stations/NL90001/").content.decode()


@pytest.mark.parametrize("asked", ["submitter=rivm", "quantity=no2"])
def test_choice_that_fits_nothing_says_so(kept: Kept, asked: str) -> None:
    assert "Niets van wat u koos is te laat of heeft gaten." in text(kept.client, f"/leveringen/te-laat/?{asked}")


@pytest.mark.parametrize("address", ["/leveringen/te-laat/", "/leveringen/te-laat.csv", "/api/late/"])
def test_station_that_nobody_knows_is_not_said_to_be_on_time(kept: Kept, address: str) -> None:
    assert kept.client.get(f"{address}?station=NL90002").status_code == 404


def test_as_of_before_the_reason_the_gap_has_none_and_before_the_deliveries_nothing_is_late(kept: Kept) -> None:
    before = text(kept.client, f"/leveringen/te-laat/?as_of={kept.before_reason}")
    assert "zonder reden: 1" in before  # at that moment only the third day was late: it had no reason yet
    assert "Zoals het was op 05-01-2019 01:00." in before
    early = text(kept.client, f"/leveringen/te-laat/?as_of={kept.expected}")
    assert "Niets van wat u koos is te laat of heeft gaten." in early
    none = text(kept.client, "/leveringen/te-laat/?as_of=0")
    assert "In het register staat nog niet wat wanneer geleverd moet worden." in none


def test_api_says_the_same(kept: Kept) -> None:
    (row,) = kept.client.get("/api/late/").json()["series"]
    assert (row["series"], row["on_time"], row["late"], row["incomplete"], row["missing_steps"]) == (
        SERIES,
        1,
        1,
        2,
        27,
    )
    (one,) = kept.client.get(f"/api/late/{SERIES}/").json()["expectations"]
    assert [(p["state"], p["seconds_late"], p["known"]) for p in one["periods"]] == [
        ("partly", 0, []),
        ("missing", 0, []),
        ("late", 7200, ["late"]),
    ]
    assert [(g["steps"], [s["code"] for s in g["stated"]]) for g in one["gaps"]] == [(3, []), (24, ["instrument-down"])]
    (term,) = kept.client.get("/api/expectations/").json()["expectations"]
    assert (term["id"], term["term"], term["grace"], term["article"]) == (
        "bureau-daily",
        "PT6H",
        "PT2H",
        "voorschrift 4.2",
    )
    assert kept.client.get("/api/late/NL99999.so2.1h/").status_code == 404
    assert kept.client.get("/api/late/?limit=0").status_code == 400


def test_file_has_the_same_row(kept: Kept) -> None:
    answer = kept.client.get("/leveringen/te-laat.csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    (row,) = csv.DictReader(io.StringIO(answer.content.decode()))
    assert (row["series"], row["missing_steps"], row["gaps"], row["gaps_without_reason"]) == (SERIES, "27", "2", "1")
    assert row["last_gap_start"] == iso(day(4) + 5 * H)


def test_what_may_be_in_a_closed_delivery_is_not_called_missing(tmp_path: Path) -> None:
    record = open_record(tmp_path / "record")
    expect(record, valid_to="2019-01-01")
    deliver(record, station_file({"NL90002": ["1"]}), "other.csv", submitter="meetbureau", now=day(1))
    leaf = embargo.close(
        record,
        station_file({"NL90002": ["2"]}),
        "x.csv",
        opens=day(900).date().replace(year=2090),
        role="inspector",
        ground="Woo 5.1(6)",
        now=day(2),
        submitter="meetbureau",
    )
    record.close()
    with reading(tmp_path) as client:
        page = text(client, "/leveringen/te-laat/")
        assert f"Niet zeker: het kan zitten in gesloten blad {leaf}" in page
        assert "en 1 misschien in een gesloten levering" in page
        (one,) = client.get(f"/api/late/{SERIES}/").json()["expectations"]
        assert [(p["state"], p["closed_leaves"]) for p in one["periods"]] == [("perhaps_closed", [leaf])]


def test_pages_change_with_the_hour(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    from goedebuur.web import asking

    tag = kept.client.get("/leveringen/te-laat/").headers["ETag"]
    assert kept.client.get("/leveringen/te-laat/", headers={"If-None-Match": tag}).status_code == 304
    later = asking.hour() + H
    monkeypatch.setattr(asking, "hour", lambda: later)
    assert kept.client.get("/leveringen/te-laat/", headers={"If-None-Match": tag}).status_code == 200


def test_entry_says_in_words_what_it_expects_and_which_reason_it_gives(kept: Kept) -> None:
    page = text(kept.client, "/leveringen/0/")
    assert "meetbureau levert elke dag (op de klok CET (wintertijd)), uiterlijk 6 uur na het einde daarvan" in page
    assert "NL90001.so2.1h" in page
    assert "Ontvangstbewijs" not in page
    reason = text(kept.client, f"/leveringen/{kept.before_reason}/")
    assert "NL90001.so2.1h, 03-01-2019 00:00 – 04-01-2019 00:00: het toestel was defect of in onderhoud" in reason
