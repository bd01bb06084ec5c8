"""The published log over HTTP: names, bytes, types, how long they may be kept; and nothing but what was published."""

from __future__ import annotations

import dataclasses
import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client, override_settings
from tests.services.test_publishing import LOG, Clock, grow, no_post, plan

from goedebuur.core.ledger import notes
from goedebuur.core.ledger.tile_tree import TileTree
from goedebuur.services.publishing import publish
from goedebuur.store.keys import Ed25519Verifier
from goedebuur.store.ledger import Ledger

LEAVES = 256 + 44


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger.open(tmp_path / "record", LOG)
    grow(made, LEAVES)
    publish(made, plan(made), no_post, Clock())
    return made


@pytest.fixture
def reader(ledger: Ledger, tmp_path: Path) -> Iterator[Client]:
    there = dataclasses.replace(settings.GOEDEBUUR, home=tmp_path)
    with override_settings(GOEDEBUUR=there, ALLOWED_HOSTS=["testserver"]):
        yield Client()


def read(reader: Client, name: str) -> bytes:
    response = reader.get(f"/log/{name}")
    if response.status_code == 404:
        raise FileNotFoundError(name)
    assert response.status_code == 200
    return bytes(response.content)


def test_everything_that_a_reader_of_the_log_needs_is_there(reader: Client, ledger: Ledger) -> None:
    assert read(reader, "log.vkey") == LOG.vkey.encode() + b"\n"
    checkpoint = notes.parse_checkpoint(notes.open_note(read(reader, "checkpoint"), Ed25519Verifier(LOG.vkey)))
    assert checkpoint.size == LEAVES
    tree = TileTree(lambda name: read(reader, name), checkpoint)
    assert tree.entries(0, LEAVES) == ledger.entries()


@pytest.mark.parametrize(
    "name", ["tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000", "tile/entries/001.p/44"]
)
def test_tiles_and_bundles_are_bytes_that_may_be_kept_for_good(reader: Client, ledger: Ledger, name: str) -> None:
    response = reader.get(f"/log/{name}")
    assert response.content == (ledger.root / "public" / name).read_bytes()
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Vary"] == "Accept-Encoding"
    assert not response.has_header("Content-Language")
    assert not response.cookies


def test_checkpoint_is_text_that_a_cache_asks_for_each_time(reader: Client, ledger: Ledger) -> None:
    response = reader.get("/log/checkpoint")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["Cache-Control"] == "public, no-cache"
    again = reader.get("/log/checkpoint", headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    grow(ledger, 1)
    publish(ledger, plan(ledger), no_post, Clock())
    assert reader.get("/log/checkpoint", headers={"If-None-Match": response["ETag"]}).status_code == 200


def test_bundle_is_compressed_for_whoever_asks_for_that(reader: Client, ledger: Ledger) -> None:
    bundle = (ledger.root / "public/tile/entries/000").read_bytes()
    response = reader.get("/log/tile/entries/000", headers={"Accept-Encoding": "gzip, identity"})
    assert response["Content-Encoding"] == "gzip"
    assert len(response.content) < len(bundle) / 2
    assert gzip.decompress(response.content) == bundle
    assert not reader.get("/log/tile/entries/000").has_header("Content-Encoding")


@pytest.mark.parametrize(
    "name",
    [
        "tile/",
        "tile/0/",
        "tile/0/002",
        "tile/0/001",
        "tile/0/001.p/45",
        "tile/0/001.p/044",
        "tile/0/000.p/256",
        "tile/0/1",
        "tile/00/000",
        "tile/64/000",
        "tile/0/x000/000",
        "tile/entries",
        "tile/entries/000.p",
        "tile/0/000/",
        "tile/0/../../checkpoint",
        "tile/entries/../../../ledger/entries",
        "../ledger/entries",
        "..%2fledger/entries",
        "tile/%2e%2e/%2e%2e/ledger/entries",
        "tile//etc/passwd",
        "tile/0/000%00",
        "tile/0/000%0a",
        ".unfinished/lock",
        "tile/0/001.p",
        "ledger/entries",
        "checkpoint/",
    ],
)
def test_any_other_name_is_404(reader: Client, name: str) -> None:
    response = reader.get(f"/log/{name}")
    assert response.status_code == 404
    assert response.content == b"There is nothing of this name.\n"
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["checkpoint", "log.vkey", "tile/0/000"])
def test_nothing_can_be_sent_there(reader: Client, name: str) -> None:
    assert reader.post(f"/log/{name}", b"x", content_type="text/plain").status_code == 405
    assert reader.head(f"/log/{name}").status_code == 200


def test_log_that_is_not_published_is_not_there(reader: Client) -> None:
    silent = dataclasses.replace(settings.GOEDEBUUR, publish=False)
    with override_settings(GOEDEBUUR=silent):
        assert reader.get("/log/checkpoint").status_code == 404
