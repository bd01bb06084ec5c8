"""Files in another encoding or of an unrecognised format, and what an error shows of them."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.services.deliveries import SIGNER, station_file

from goedebuur.adapters.base import recognise
from goedebuur.cli.exits import Exit
from goedebuur.cli.main import run
from goedebuur.cli.wiring import Wiring
from goedebuur.core.base.errors import NOT_THIS_FORMAT, GoedeBuurError
from goedebuur.services.record import Record
from goedebuur.services.settings import Settings

FILE = station_file({"NL90001": ["24.0", "2", "6"]})


def open_record(settings: Settings, *, read_only: bool) -> Record:
    return Record.open(settings.record_dir, signer=None if read_only else SIGNER, read_only=read_only)


@pytest.fixture
def wiring(tmp_path: Path) -> Wiring:
    return Wiring(
        settings=lambda: Settings(home=tmp_path / "home"),
        now=lambda: datetime(2026, 1, 1, tzinfo=UTC),
        open_record=open_record,
        serve=lambda settings, site, say: None,
        manage=lambda settings, arguments: None,
        http=lambda: nullcontext(),  # type: ignore[arg-type,return-value]
    )


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32", "utf-32-be"])
def test_wide_encoding_is_named_with_what_to_do(encoding: str) -> None:
    text = FILE.decode("latin-1")
    marked = text if encoding in ("utf-16", "utf-32") else "\ufeff" + text
    with pytest.raises(GoedeBuurError) as caught:
        recognise("2019_SO2.csv", marked.encode(encoding))
    assert caught.value.code == "input-encoding"
    assert encoding[:6].upper() in caught.value.message
    assert "UTF-8" in caught.value.hint


def test_error_shows_no_control_characters() -> None:
    error = GoedeBuurError(NOT_THIS_FORMAT, "x", place="a\x1b[2J.csv", value="E\x00x\x07p\x9b1m")
    for text in (error.as_text(), *error.as_dict().values()):
        assert not [c for c in text if not c.isprintable() and c != "\n"]
    assert error.value == "E\\x00x\\x07p\\x9b1m"


def test_file_that_is_not_recognised_is_read_as_the_format_that_is_named(
    wiring: Wiring, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "2019_SO2.csv"
    file.write_bytes(b"just some words\n")
    assert run(["ingest", str(file)], wiring) == Exit.REFUSED
    assert "--adapter" in capsys.readouterr().err
    assert run(["ingest", str(file), "--adapter", "rivm_lml"], wiring) == Exit.REFUSED
    assert "[input-unknown-format]" not in capsys.readouterr().err  # it was read as what was named
    file.write_bytes(FILE)
    assert run(["ingest", str(file), "--adapter", "knmi_uurgeg"], wiring) == Exit.REFUSED
    assert run(["ingest", str(file), "--adapter", "rivm_lml"], wiring) == Exit.OK
    assert run(["ingest", str(file), "--adapter", "nothing"], wiring) == Exit.USAGE
    assert "rivm_lml" in capsys.readouterr().err


def test_series_is_shown_in_the_digits_that_were_reported(
    wiring: Wiring, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "2019_SO2.csv"
    file.write_bytes(FILE)
    assert run(["ingest", str(file), "--quiet"], wiring) == Exit.OK
    capsys.readouterr()
    assert run(["series", "NL90001.so2.1h"], wiring) == Exit.OK
    assert [line.split("\t")[1] for line in capsys.readouterr().out.splitlines()[1:]] == ["24.0", "2", "6"]


def test_average_of_a_year_without_values_says_which_years_there_are(
    wiring: Wiring, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "2019_SO2.csv"
    file.write_bytes(FILE)
    assert run(["ingest", str(file), "--quiet"], wiring) == Exit.OK
    assert run(["average", "NL90001.so2.1h", "2025"], wiring) == Exit.NOT_FOUND
    assert "There are data of: 2019." in capsys.readouterr().err


def test_average_of_too_few_hours_is_marked_and_says_by_which_article(
    wiring: Wiring, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "2019_SO2.csv"
    file.write_bytes(FILE)
    assert run(["ingest", str(file), "--quiet"], wiring) == Exit.OK
    assert run(["average", "NL90001.so2.1h", "2019", "--per", "day"], wiring) == Exit.OK
    shown = capsys.readouterr()
    assert "too few" in shown.out
    assert "75/100 of the hours, by 2008/50/EC Annex XI A" in shown.err
    assert "uncertainty of the measurement: unknown" in shown.err
    assert run(["average", "NL90001.so2.1h", "2019", "--per", "day", "--share", "0.125"], wiring) == Exit.OK
    assert "enough" in capsys.readouterr().out  # 3 of 24 hours
