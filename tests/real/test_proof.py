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
from fractions import Fraction
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from tests.core.proof.crafting import swapped
from tests.e2e.conftest import FLAGS
from tests.e2e.home import at_home

from goedebuur.core.base.periods import Clock, Period
from goedebuur.services import assessment, checker, delivery, proving, proving_verdicts
from goedebuur.services.record import Record
from goedebuur.store.keys import Ed25519Signer

pytestmark = pytest.mark.real
SERIES, STATION = "NL49553.pm10.1h", "NL49553"
FILE = "2021_PM10.csv.gz"
HOUR = datetime(2021, 3, 2, 10, tzinfo=UTC)
CIVIL = "20210302 11:00"
"""The same moment in the supplier's file, which is in CET all year."""
VERDICTS = (
    ("NL49553", "eu2008.pm10.day", "MEETS", "voldoet aan de grenswaarde"),
    ("NL49553", "who2021.pm10.day.aqg", "ABOVE_GUIDELINE", "boven de advieswaarde"),
    ("NL49573", "eu2030.pm10.day", "EXCEEDS", "boven deze waarde"),  # of 2030, so no limit that bound in 2021
    ("NL49564", "who2021.pm10.year.aqg", "UNDETERMINED", "niet te zeggen (advieswaarde)"),
)
"""Station, rule, what the oracle below makes of the supplier's file, and what a resident reads."""
ALONE = (sys.executable, "-I", "-S")
"""Python without the packages that are installed beside it, and without this checkout."""


@dataclass(frozen=True)
class Proofs:
    hour: bytes
    year: bytes
    vkey: str
    published: dict[str, str]
    """Start in the supplier's file → digits of the station."""
    verdicts: dict[tuple[str, str], bytes]
    """Station and rule → proof of the verdict on 2021."""


@pytest.fixture(scope="module")
def proofs(data_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proofs]:
    file = data_folder / "rivm_lml" / FILE
    signer = Ed25519Signer("example.org/register", bytes(32))
    record = Record.open(tmp_path_factory.mktemp("record"), signer=signer)
    delivery.deliver(record, file.read_bytes(), FILE, now=datetime(2026, 2, 1, tzinfo=UTC))
    hour = proving.prove_value(record, SERIES, HOUR)
    year = proving.prove_mean(record, SERIES, Period.year(2021, Clock.CET))
    assessment.publish(record, 2021, datetime(2026, 2, 1, tzinfo=UTC))
    verdicts = {
        (station, rule): proving_verdicts.prove_verdict(record, f"{station}.pm10.1h", rule, 2021)
        for station, rule, *_ in VERDICTS
    }
    yield Proofs(hour, year, record.ledger.vkey, published(file), verdicts)
    record.close()


def published(file: Path, station: str = STATION) -> dict[str, str]:
    """Return the digits of a station as they stand in the supplier's file, by the csv module alone."""
    rows = csv.reader(io.StringIO(gzip.decompress(file.read_bytes()).decode("latin-1")), delimiter=";")
    header = next(row for row in rows if row and row[0] == "Component" and station in row)
    return {row[3]: row[header.index(station)] for row in rows if row}


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


def days_of(digits: dict[str, str]) -> list[Fraction]:
    """Return the means of the days of 2021 with 18 hours or more, as fractions."""
    days: dict[str, list[Fraction]] = {}
    for start, text in digits.items():
        if start.startswith("2021") and text:
            days.setdefault(start[:8], []).append(Fraction(text))
    return [sum(hours) / len(hours) for hours in days.values() if len(hours) >= 18]


def oracle(digits: dict[str, str], rule: str) -> dict[str, object]:
    """Return what the texts of the rules give, from the cells of the file alone."""
    days = days_of(digits)
    hours = [Fraction(text) for start, text in digits.items() if start.startswith("2021") and text]
    if rule == "who2021.pm10.year.aqg":
        mean, count = sum(hours) / len(hours), len(hours)
        assert count * 10 >= 8760 * 9  # enough for either share
        exact, rounded = mean > 15, int(mean + Fraction(1, 2)) > 15
        outcome = "UNDETERMINED" if exact != rounded else "ABOVE_GUIDELINE" if exact else "WITHIN_GUIDELINE"
        return {"outcome": outcome, "total": mean * count * 10**6, "n": count, "capture_num": count}
    # 2008/50/EC annex XI; (EU) 2024/2881 annex I; WHO 2021 table 0.1: 3 or 4 days above in a year
    limit, allowed, over, under = {
        "eu2008.pm10.day": (50, (35, 35), "EXCEEDS", "MEETS"),
        "eu2030.pm10.day": (45, (18, 18), "EXCEEDS", "MEETS"),
        "who2021.pm10.day.aqg": (45, (3, 4), "ABOVE_GUIDELINE", "WITHIN_GUIDELINE"),
    }[rule]
    above = sum(day > limit for day in days)
    rounded = sum(int(day + Fraction(1, 2)) > limit for day in days)
    sides = {number > most for number in (above, rounded) for most in allowed}
    outcome = "UNDETERMINED" if len(sides) > 1 else over if sides.pop() else under
    return {"outcome": outcome, "exceedances": above, "allowed": allowed[0], "capture_num": len(days)}


@pytest.mark.parametrize(("station", "rule", "outcome"), [row[:3] for row in VERDICTS])
def test_verdict_is_what_plain_python_makes_of_the_file(
    proofs: Proofs, data_folder: Path, station: str, rule: str, outcome: str
) -> None:
    claim = json.loads(proofs.verdicts[station, rule])["claim"]["verdict"]
    expected = oracle(published(data_folder / "rivm_lml" / FILE, station), rule)
    assert expected["outcome"] == outcome
    assert {name: claim[name] for name in expected} == expected


@pytest.mark.parametrize(("station", "rule", "outcome", "words"), VERDICTS)
def test_verdict_is_checked_by_python_alone(
    proofs: Proofs, tmp_path: Path, station: str, rule: str, outcome: str, words: str
) -> None:
    data = proofs.verdicts[station, rule]
    done = by_python(tmp_path, data, "--key", proofs.vkey)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"Klopt: {station}.pm10.1h, 2021, {rule}: {words}\n" in done.stdout
    assert "Dit oordeel is op 01-02-2026 01:00 (Nederlandse tijd) gepubliceerd" in done.stdout
    other = "MEETS" if outcome != "MEETS" else "EXCEEDS"
    changed = swapped(data, f'"outcome": "{outcome}"', f'"outcome": "{other}"')
    refused = by_python(tmp_path, changed, "--language", "en")
    assert (refused.returncode, refused.stdout) == (5, "")
    assert "outcome" in refused.stderr


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
        for (station, rule), data in proofs.verdicts.items():
            file.write_bytes(data)
            assert home.give(file) == "good", (station, rule)
            claim = json.loads(data)["claim"]["verdict"]
            assert claim["reservations"] == home.page.locator("#reservations li").all_text_contents()
            measured = claim["capture_num"]
            changed = swapped(data, f'"capture_num": {measured}', f'"capture_num": {measured + 1}')
            assert home.give(changed) == "bad"
            assert home.step() == "figure"
