"""Finding what can be delivered, and downloads that are interrupted, on invented files in the real layouts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.adapters import samples

from goedebuur.adapters import base
from goedebuur.adapters.base import Client, Fetched, FetchRequest
from goedebuur.adapters.http import UNREACHABLE
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.periods import Period
from goedebuur.services.intake import fetch, find_files
from goedebuur.services.record import Record
from goedebuur.store.keys import Ed25519Signer

NOW = datetime(2026, 2, 1, tzinfo=UTC)
YEAR = Period(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


def put(folder: Path, name: str, data: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)
    return folder / name


def test_provisional_values_go_before_what_validates_them(tmp_path: Path) -> None:
    put(tmp_path / "a", "2019_SO2.csv.gz", samples.gzipped(samples.rivm_until_2022()))
    put(tmp_path / "b", "Voorbeeld_LML.csv", samples.hollandse_luchten())
    assert [path.name for path in find_files([tmp_path]).files] == ["Voorbeeld_LML.csv", "2019_SO2.csv.gz"]


def test_file_that_no_parser_knows_is_set_apart_in_a_folder(tmp_path: Path) -> None:
    known = put(tmp_path, "uurgeg_901.txt", samples.knmi())
    readme = put(tmp_path, "README.md", b"# Notes\n")
    page = put(tmp_path, "index.html", b"<!DOCTYPE html><html></html>")
    found = find_files([tmp_path])
    assert found.files == (known,)
    assert set(found.unknown) == {readme, page}


@pytest.mark.parametrize("name", ["2019_SO2.csv", "uurgeg_901.TXT", "uurgeg_901.zip", "2019_SO2.csv.gz"])
@pytest.mark.parametrize("data", [b"", b"<!DOCTYPE html><html></html>"])
def test_failed_download_in_a_folder_is_delivered_so_that_its_error_is_told(
    name: str, data: bytes, tmp_path: Path
) -> None:
    failed = put(tmp_path, name, data)
    assert find_files([tmp_path]).files == (failed,)


def test_file_that_is_named_is_delivered_so_that_its_error_is_told(tmp_path: Path) -> None:
    readme = put(tmp_path, "README.md", b"# Notes\n")
    assert find_files([readme]).files == (readme,)


def test_place_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        find_files([tmp_path / "gone"])
    assert caught.value.code == "input-no-file"
    assert str(Path.cwd()) in caught.value.hint


class Pages:
    """A supplier with three pages, of which one may fail; remembers where it was asked to go on."""

    id, version, submitter, title = "luchtmeetnet", 1, "luchtmeetnet", "Three pages"

    def __init__(self, fails_at: int | None) -> None:
        self.fails_at = fails_at
        self.resumed: list[str] = []

    def fetch(self, client: Client, request: FetchRequest) -> Iterator[Fetched]:
        self.resumed.append(request.resume_after)
        for number in range(3):
            name = f"luchtmeetnet_measurements_x_p{number + 1:03}of003.json"
            if name <= request.resume_after:
                continue
            if number == self.fails_at:
                raise GoedeBuurError(UNREACHABLE, "No answer.")
            row = ("NL90001", "NO2", f"{16 + number}.5", f"2026-01-31T1{number}:00:00+00:00")
            yield Fetched(name, samples.measurements([row], page=number + 1, last=3), "http://127.0.0.1/", NOW)


class NoClient:
    def get(self, url: str, params: Mapping[str, str] | None = None, *, name: str) -> Fetched:
        raise AssertionError("these pages need no network")


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    opened = Record.open(tmp_path / "record", signer=Ed25519Signer("example.org/log", bytes(range(32))))
    yield opened
    opened.close()


def serve(monkeypatch: pytest.MonkeyPatch, fails_at: int | None) -> Pages:
    pages = Pages(fails_at)
    pages.recognises = base.REGISTRY["luchtmeetnet"].recognises  # type: ignore[attr-defined]
    pages.parse = base.REGISTRY["luchtmeetnet"].parse  # type: ignore[attr-defined]
    monkeypatch.setitem(base.REGISTRY, "luchtmeetnet", pages)  # type: ignore[arg-type]
    return pages


def test_interrupted_download_goes_on_after_the_last_page_that_was_stored(
    record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = FetchRequest(YEAR)
    serve(monkeypatch, fails_at=2)
    with pytest.raises(GoedeBuurError, match="fetch-unreachable"):
        fetch(record, "luchtmeetnet", request, NoClient(), state=tmp_path / "fetching")
    monkeypatch.undo()
    again = serve(monkeypatch, fails_at=None)
    outcomes = fetch(record, "luchtmeetnet", request, NoClient(), state=tmp_path / "fetching")
    assert again.resumed == ["luchtmeetnet_measurements_x_p002of003.json"]
    assert [outcome.name for outcome in outcomes] == ["luchtmeetnet_measurements_x_p003of003.json"]


def test_complete_download_starts_anew_the_next_time(
    record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = serve(monkeypatch, fails_at=None)
    first = fetch(record, "luchtmeetnet", FetchRequest(YEAR), NoClient(), state=tmp_path / "fetching")
    second = fetch(record, "luchtmeetnet", FetchRequest(YEAR), NoClient(), state=tmp_path / "fetching")
    assert pages.resumed == ["", ""]
    assert {outcome.status for outcome in first} == {"stored"}
    assert {outcome.status for outcome in second} == {"unchanged"}


def test_another_request_does_not_take_over_the_mark(
    record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(monkeypatch, fails_at=1)
    with pytest.raises(GoedeBuurError):
        fetch(record, "luchtmeetnet", FetchRequest(YEAR), NoClient(), state=tmp_path / "fetching")
    monkeypatch.undo()
    other = serve(monkeypatch, fails_at=None)
    fetch(record, "luchtmeetnet", FetchRequest(YEAR, ("NL90001",)), NoClient(), state=tmp_path / "fetching")
    assert other.resumed == [""]
