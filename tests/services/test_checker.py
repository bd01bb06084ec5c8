"""The checker for a machine with only Python: it runs without site packages, and refuses what the program refuses."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.services.deliveries import NOW, A, hour, open_record, station_file

from goedebuur.services import checker, delivery, proving


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """The checker and a proof, alone in a folder."""
    record = open_record(tmp_path / "record")
    delivery.deliver(record, station_file({"NL90001": ["1.5", "4"]}), "2019_SO2.csv", now=NOW)
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / checker.NAME).write_bytes(checker.archive())
    (stick / "a.bewijs.json").write_bytes(proving.prove_value(record, A, hour(1)))
    return stick / checker.NAME, stick / "a.bewijs.json"


def run(program: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # -I -S: neither site packages, nor this folder, nor the environment
    command = [sys.executable, "-I", "-S", "-X", "utf8", str(program), *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=program.parent, check=False)


def test_proof_is_checked_with_python_alone(files: tuple[Path, Path]) -> None:
    done = run(files[0], files[1].name)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Uit die rijen volgt precies dit cijfer: 4 µg/m³" in done.stdout
    assert "Dat het meetinstrument het goed had." in done.stdout
    assert run(files[0], files[1].name, "--language", "en").stdout.startswith("Correct: NL90001.so2.1h")


def test_changed_proof_is_refused_with_python_alone(files: tuple[Path, Path]) -> None:
    files[1].write_bytes(files[1].read_bytes().replace(b'"figure": "4"', b'"figure": "5"'))
    done = run(files[0], files[1].name)
    assert (done.returncode, done.stdout) == (5, "")
    assert done.stderr.startswith("Klopt niet: ")


def test_moments_and_decimals_are_those_of_dutch_pages(files: tuple[Path, Path]) -> None:
    dutch, english = (run(files[0], files[1].name, "--language", one).stdout for one in ("nl", "en"))
    # the second hour of 2019 on Dutch clocks: from 00:00 UTC
    assert "01-01-2019 01:00 – 01-01-2019 02:00 (Nederlandse tijd): 4 µg/m³" in dutch
    assert "(Dutch civil time)" in english
    for said in (dutch, english):
        assert re.search(r"\d{4}-\d{2}-\d{2}T", said) is None


WORDS = {"nl": {"de", "het", "van", "niet", "wat"}, "en": {"the", "not", "what", "this", "which"}}


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(
    "arguments",
    [
        ["-h"],
        [],
        ["a.bewijs.json", "--quorum", "x"],
        ["nothing.json"],
        ["a.bewijs.json", "--quorum", "3"],
        ["bad.json"],
        ["wrong.json"],
        ["a.bewijs.json"],
    ],
)
def test_program_says_everything_in_one_language(files: tuple[Path, Path], language: str, arguments: list[str]) -> None:
    files[1].with_name("bad.json").write_text("{}")
    files[1].with_name("wrong.json").write_bytes(files[1].read_bytes().replace(b'"figure": "4"', b'"figure": "5"'))
    files[0].write_bytes(checker.archive(language))
    other = WORDS["en" if language == "nl" else "nl"]
    for more in ([], ["--language", language]):
        done = run(files[0], *arguments, *more)
        said = set(re.findall(r"[a-z]+", (done.stdout + done.stderr).lower()))
        assert said & WORDS[language]
        assert not said & other, said & other


def test_file_that_is_not_there_is_told(files: tuple[Path, Path]) -> None:
    assert run(files[0], "nothing.json").returncode == 2


def test_archive_is_the_same_each_time_and_holds_nothing_of_the_web_or_the_store() -> None:
    assert checker.archive.__wrapped__() == checker.archive()
    assert {name.split(".")[1] for name in checker.modules() if "." in name} == {"cli", "core"}


def test_module_that_needs_more_than_python_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checker, "ENTRY", "goedebuur.core.measurements.checks")
    with pytest.raises(RuntimeError, match="imports polars"):
        checker.modules()
