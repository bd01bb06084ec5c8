"""Small records with values known by hand, and a reader who asks for pages. No page may touch the SQL database."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client, override_settings
from tests.services.deliveries import open_record, station_file

from goedebuur.services import assessment, showcase
from goedebuur.services.delivery import deliver
from goedebuur.web import record as web_record

FIRST = {"NL90001": ["12.5", "", "-0.4", *["10"] * 45], "NL90002": ["20", "21", "22", *["23.4"] * 45]}
SECOND = {"NL90001": ["13.5", "11", "", *["10"] * 45], "NL90002": FIRST["NL90002"]}
"""The same hours, later: one value changed, one filled, one withdrawn."""
RECEIVED = datetime(2020, 2, 1, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Made:
    """A record on disk, and what went into it."""

    home: Path
    first: bytes
    second: bytes
    before_correction: int
    """Tree size before the correction."""
    size: int


def _make(home: Path, submitter: str | None) -> Made:
    first, second = station_file(FIRST), station_file(SECOND)
    record = open_record(home / "record")
    assessment.record_rules(record, RECEIVED)
    deliver(record, first, "2019_SO2.csv", now=RECEIVED, submitter=submitter)
    before = record.size
    later = RECEIVED + timedelta(days=60)
    deliver(record, second, "2019_SO2.csv", now=later, submitter=submitter, reason="Nieuwe ijking")
    assessment.publish(record, 2019, later)
    size = record.size
    record.close()
    return Made(home, first, second, before, size)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Return the record of two invented stations."""
    return _make(tmp_path_factory.mktemp("home"), None)


@pytest.fixture(scope="session")
def made_simulated(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Return the same, delivered by the simulation."""
    return _make(tmp_path_factory.mktemp("simulated"), "simulatie")


@contextmanager
def reading(home: Path) -> Iterator[Client]:
    """Give someone who reads the record under a folder."""
    there = dataclasses.replace(settings.GOEDEBUUR, home=home)
    with override_settings(GOEDEBUUR=there, ALLOWED_HOSTS=["testserver"]):
        yield Client()
        web_record.close_all()


@pytest.fixture
def reader(made: Made) -> Iterator[Client]:
    """Return someone who reads the record."""
    with reading(made.home) as client:
        yield client


@pytest.fixture
def simulated_reader(made_simulated: Made) -> Iterator[Client]:
    """Return someone who reads the simulated record."""
    with reading(made_simulated.home) as client:
        yield client


@pytest.fixture(scope="session")
def shown_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the home of the demonstration, made in August 2026."""
    home = tmp_path_factory.mktemp("demonstration")
    record = open_record(home / "record")
    showcase.simulated(record, now=RECEIVED + timedelta(days=2400), progress=lambda *_: None)
    record.close()
    return home


@pytest.fixture
def visitor(shown_home: Path) -> Iterator[Client]:
    """Return someone who looks at the demonstration."""
    with reading(shown_home) as client:
        yield client


@pytest.fixture
def settings_without_record(tmp_path: Path) -> Iterator[Client]:
    """Return someone who comes before anything was delivered."""
    with reading(tmp_path) as client:
        yield client
