"""Headers: a content security policy without exceptions, and answers that a browser may keep as long as they hold."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from tests.services.deliveries import open_record, station_file
from tests.web.addresses import PAGES
from tests.web.conftest import FIRST, RECEIVED, SECOND, Made, reading

from goedebuur.services.delivery import deliver

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "font-src": "'self'",
    "worker-src": "'self'",
    "connect-src": "'self'",
    "img-src": "'self' data: blob:",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}


def policy(header: str) -> dict[str, str]:
    parts = [part.strip().partition(" ") for part in header.split(";")]
    return {name: sources for name, _, sources in parts}


@pytest.mark.parametrize("page", [*PAGES.values(), "/nergens/", "/api/stations/"])
def test_policy_is_strict_on_every_page(reader: Client, page: str) -> None:
    assert policy(reader.get(page)["Content-Security-Policy"]) == POLICY


@pytest.mark.parametrize("page", PAGES)
def test_page_has_no_inline_style_or_script(reader: Client, page: str) -> None:
    found = reader.get(PAGES[page]).content.decode()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", found)
    for tag in re.findall(r"<script[^>]*>", found):
        assert "src=" in tag or 'type="application/json"' in tag


def test_other_headers_are_set(reader: Client) -> None:
    answer = reader.get("/")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "DENY"
    assert "camera=()" in answer["Permissions-Policy"]


def test_unchanged_page_is_not_sent_again(reader: Client) -> None:
    tag = reader.get("/stations/")["ETag"]
    answer = reader.get("/stations/", headers={"if-none-match": tag})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer["ETag"] == tag


def test_tag_of_one_page_does_not_fit_another(reader: Client) -> None:
    tags = {reader.get(address)["ETag"] for address in ("/stations/", "/en/stations/", "/?quantity=so2", "/")}
    assert len(tags) == 4


def test_answer_about_the_present_is_asked_for_again_and_one_about_the_past_is_kept(reader: Client, made: Made) -> None:
    assert "no-cache" in reader.get("/stations/")["Cache-Control"]
    assert "max-age=86400" in reader.get(f"/stations/?as_of={made.before_correction}")["Cache-Control"]


def test_error_is_not_kept(reader: Client) -> None:
    assert reader.get("/nergens/")["Cache-Control"] == "no-store"


def test_page_of_a_record_that_grew_is_new_and_has_another_tag(tmp_path: Path) -> None:
    writer = open_record(tmp_path / "record")
    deliver(writer, station_file(FIRST), "2019_SO2.csv", now=RECEIVED)
    with reading(tmp_path) as client:
        before = client.get("/stations/NL90001/so2/")
        deliver(writer, station_file(SECOND), "2019_SO2.csv", now=RECEIVED + timedelta(days=1))
        after = client.get("/stations/NL90001/so2/", headers={"if-none-match": before["ETag"]})
    writer.close()
    assert after.status_code == 200
    assert after["ETag"] != before["ETag"]
    assert ">12,5<" in before.content.decode()
    assert ">13,5<" in after.content.decode()
