"""The JSON API: exact numbers, the same `as_of` as the pages, and problems that a program can read."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.test import Client
from tests.web.addresses import API, SERIES
from tests.web.conftest import Made

from goedebuur.core.base.errors import CATALOGUE
from goedebuur.services.views import Difference


@pytest.mark.parametrize("name", API)
def test_address_of_the_api_answers_json(reader: Client, name: str) -> None:
    answer = reader.get(API[name])
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert answer.json()


def test_checkpoint_is_a_signed_note_for_the_tree_size(reader: Client, made: Made) -> None:
    lines = reader.get("/api/checkpoint/").content.decode().splitlines()
    assert lines[1] == str(made.size)
    assert lines[-1].startswith("— ")  # C2SP signed-note: a signature line starts with an em dash


def test_observations_are_exact_integers_of_millionths(reader: Client) -> None:
    found = reader.get(API["observations"]).json()
    assert found["units"] == {SERIES: "µg/m³"}
    assert found["micro"][:2] == [13_500_000, 11_000_000]
    assert found["start"][0] == "2018-12-31T23:00:00Z"


def test_withdrawn_hour_is_not_among_the_observations(reader: Client) -> None:
    assert "2019-01-01T01:00:00Z" not in reader.get(API["observations"]).json()["start"]


def test_observations_as_of_before_the_correction_are_those_of_then(reader: Client, made: Made) -> None:
    found = reader.get(f"{API['observations']}&as_of={made.before_correction}").json()
    assert found["micro"][:2] == [12_500_000, -400_000]


def test_chart_has_a_null_where_nothing_was_measured(reader: Client) -> None:
    found = reader.get(API["chart"]).json()
    assert found["series"][SERIES]["mean"][:4] == [13.5, 11.0, None, 10.0]
    assert found["step"] == 3600


def test_difference_says_what_the_correction_did(reader: Client, made: Made) -> None:
    a = made.before_correction
    found = reader.get(f"/api/difference/?from={a}&to={a + 1}").json()["changes"]
    assert sorted((c["kind"], c["before"], c["after"]) for c in found) == [
        ("changed", "12.5", "13.5"),
        ("filled", "", "11"),
        ("withdrawn", "-0.4", ""),
    ]


def test_difference_in_parts_gives_all_and_says_where_it_was_cut(reader: Client, made: Made) -> None:
    asked = f"/api/difference/?from={made.before_correction}&to={made.before_correction + 1}"
    first = reader.get(f"{asked}&limit=2").json()
    assert (first["total"], first["truncated"], first["next"], len(first["changes"])) == (3, True, 2, 2)
    rest = reader.get(f"{asked}&limit=2&offset=2").json()
    assert (rest["total"], rest["truncated"], rest["next"], len(rest["changes"])) == (3, False, None, 1)
    assert first["changes"] + rest["changes"] == reader.get(asked).json()["changes"]


def test_difference_of_one_kind_has_that_kind_alone(reader: Client, made: Made) -> None:
    asked = f"/api/difference/?from={made.before_correction}&to={made.before_correction + 1}"
    found = reader.get(f"{asked}&kind=filled,withdrawn").json()
    assert sorted(c["kind"] for c in found["changes"]) == ["filled", "withdrawn"]
    assert found["counts"] == {"changed": 1, "withdrawn": 1, "filled": 1}
    assert reader.get(f"{asked}&kind=replaced").status_code == 400


def test_page_that_shows_a_part_leads_to_where_all_of_it_is() -> None:
    part = Difference(7, 9, {"changed": 1}, 1, 0, ())
    shown = render_to_string("web/parts/changes.html", {"changes": {"found": part, "counts": [], "kinds": "changed"}})
    assert part.following == 0
    assert 'href="/api/difference/?from=7&amp;to=9&amp;kind=changed"' in shown


def test_map_speaks_the_language_that_is_asked(reader: Client) -> None:
    dutch, english = (reader.get(f"/api/map/?language={code}").json()["stations"][0] for code in ("nl", "en"))
    assert dutch["words"] == "niet te zeggen"
    assert english["words"] == "cannot be said"
    assert (dutch["latitude"], dutch["longitude"]) == pytest.approx((52.5, 4.6), abs=1.0)


def test_parquet_download_holds_units_flags_and_leaves(reader: Client) -> None:
    import io

    import polars as pl

    answer = reader.get(f"/download/{SERIES}.parquet")
    frame = pl.read_parquet(io.BytesIO(answer.content))
    assert {"series", "start", "unit", "flags", "leaf"} <= set(frame.columns)
    assert frame.height == 47
    assert f'filename="{SERIES}_20190101_20190103' in answer["Content-Disposition"]


def test_csv_download_holds_the_reported_digits(reader: Client) -> None:
    answer = reader.get(f"/download/{SERIES}.csv")
    lines = [line for line in answer.content.decode().splitlines() if line.startswith(SERIES)]
    assert len(lines) == 47
    assert "13.5" in lines[0].split(",")
    assert answer["Content-Type"].startswith("text/csv")


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/api/nothing/", 404, "web-not-found"),
        ("/api/stations/NOWHERE/", 404, "query-unknown-station"),
        ("/api/series/NOWHERE.so2.1h/", 404, "query-unknown-series"),
        ("/api/deliveries/999/", 404, "query-unknown-delivery"),
        (f"/api/provenance/{SERIES}/2030-01-01T00:00:00Z/", 404, "query-unknown-observation"),
        ("/api/chart/", 400, "web-parameter"),
        (f"/api/chart/?series={SERIES}&start=yesterday", 400, "web-parameter"),
        (f"/api/chart/?series={SERIES}&start=2019-01-02&end=2019-01-01T00:00:00Z", 400, "web-parameter"),
        (f"/api/chart/?series={SERIES}&points=9", 400, "web-parameter"),
        ("/api/stations/?as_of=999", 400, "web-parameter"),
        ("/api/stations/?as_of=-1", 400, "web-parameter"),
        (f"/api/compare/?series={SERIES}", 400, "web-parameter"),
        (f"/api/observations/?series={SERIES}&start=1900-01-01&end=2099-01-01", 400, "web-parameter"),
        ("/api/provenance/a.b/2019-13-45T00:00:00Z/", 404, "web-not-found"),
    ],
)
def test_error_is_a_problem_with_a_code_of_the_catalogue(reader: Client, address: str, status: int, code: str) -> None:
    answer = reader.get(address)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert (body["status"], body["code"], body["title"]) == (status, code, CATALOGUE[code])
    assert body["type"].endswith(code)


def test_api_without_a_record_says_so(settings_without_record: Client) -> None:
    answer = settings_without_record.get("/api/stations/")
    assert (answer.status_code, answer.json()["code"]) == (503, "web-no-record")


def test_writing_to_the_api_is_refused(reader: Client) -> None:
    assert reader.post("/api/stations/").status_code == 405
