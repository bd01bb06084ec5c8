"""A figure of the IJmond checked at home: in Chromium from a file, and by Python with nothing but its own library."""

from __future__ import annotations

import csv
import gzip
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from tests.core.proof.crafting import swapped
from tests.e2e.conftest import FLAGS
from tests.e2e.home import at_home

from goedebuur.core.base.periods import Clock, Period
from goedebuur.services import checker, delivery, proving
from goedebuur.services.record import Record
from goedebuur.store.keys import Ed25519Signer

pytestmark = pytest.mark.real
SERIES, STATION = "NL49553.pm10.1h", "NL49553"
FILE = "2021_PM10.csv.gz"
HOUR = datetime(2021, 3, 2, 10, tzinfo=UTC)
CIVIL = "20210302 11:00"
"""The same moment in the supplier's file, which is in CET all year."""
ALONE = (sys.executable, "-I", "-S")
"""Python without the packages that are installed beside it, and without this checkout."""


@dataclass(frozen=True)
class Proofs:
    hour: bytes
    year: bytes
    vkey: str
    published: dict[str, str]
    """Start in the supplier's file → digits of the station."""


@pytest.fixture(scope="module")
def proofs(data_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proofs]:
    file = data_folder / "rivm_lml" / FILE
    signer = Ed25519Signer("example.org/register", bytes(32))
    record = Record.open(tmp_path_factory.mktemp("record"), signer=signer)
    delivery.deliver(record, file.read_bytes(), FILE, now=datetime(2026, 2, 1, tzinfo=UTC))
    hour = proving.prove_value(record, SERIES, HOUR)
    year = proving.prove_mean(record, SERIES, Period.year(2021, Clock.CET))
    yield Proofs(hour, year, record.ledger.vkey, published(file))
    record.close()


def published(file: Path) -> dict[str, str]:
    """Return the digits of the station as they stand in the supplier's file, by the csv module alone."""
    rows = csv.reader(io.StringIO(gzip.decompress(file.read_bytes()).decode("latin-1")), delimiter=";")
    header = next(row for row in rows if row and row[0] == "Component" and STATION in row)
    return {row[3]: row[header.index(STATION)] for row in rows if row}


def by_python(folder: Path, data: bytes, *options: str) -> subprocess.CompletedProcess[str]:
    """Check a file with Python alone."""
    program, file = folder / checker.NAME, folder / "cijfer.bewijs.json"
    program.write_bytes(checker.archive())
    file.write_bytes(data)
    command = [*ALONE, program.name, file.name, *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)


def test_proof_claims_what_the_supplier_published(proofs: Proofs) -> None:
    claim = json.loads(proofs.hour)["claim"]
    assert Decimal(claim["figure"]) == Decimal(proofs.published[CIVIL])
    values = [Decimal(text) for text in proofs.published.values() if text]
    claimed = json.loads(proofs.year)["claim"]
    assert claimed["count"] == len(values)
    assert Decimal(claimed["figure"]) == round(sum(values) / len(values), 6)


@pytest.mark.parametrize("package", ["polars", "cryptography", "django", "goedebuur"])
def test_python_alone_has_no_package_to_lean_on(tmp_path: Path, package: str) -> None:
    done = subprocess.run([*ALONE, "-c", f"import {package}"], cwd=tmp_path, capture_output=True, check=False)
    assert b"ModuleNotFoundError" in done.stderr


@pytest.mark.parametrize("kind", ["hour", "year"])
def test_figure_is_checked_by_python_alone(proofs: Proofs, tmp_path: Path, kind: str) -> None:
    data: bytes = getattr(proofs, kind)
    done = by_python(tmp_path, data, "--key", proofs.vkey)
    assert (done.returncode, done.stderr) == (0, "")
    assert "De handtekening is van de sleutel die u zelf gaf." in done.stdout
    digits = json.loads(data)["claim"]["figure"]
    refused = by_python(tmp_path, swapped(data, f'"{digits}"', f'"{digits}1"'))
    assert (refused.returncode, refused.stdout) == (5, "")


@pytest.mark.e2e
def test_figure_is_checked_in_a_browser_from_a_file(proofs: Proofs, chromium: Path, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    with (
        sync_playwright() as driver,
        driver.chromium.launch(executable_path=str(chromium), args=list(FLAGS)) as browser,
        at_home(browser, stick) as home,
    ):
        home.key(proofs.vkey)
        for data in (proofs.hour, proofs.year):
            file = stick / "cijfer.bewijs.json"
            file.write_bytes(data)
            assert home.give(file) == "good"
            digits = json.loads(data)["claim"]["figure"]
            assert (home.page.locator("#figure").text_content() or "").startswith(digits.replace(".", ","))
            assert home.give(swapped(data, f'"{digits}"', f'"{digits}1"')) == "bad"
            assert home.step() == "figure"
