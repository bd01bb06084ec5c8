"""People, a record, and a finding on its way to any state."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.services.casework.people import Story, make_people
from tests.services.deliveries import open_record

from goedebuur.core.casework.roles import Person
from goedebuur.services.record import Record


@pytest.fixture
def persons(db: None) -> dict[str, Person]:
    """Return invented people with their roles."""
    return make_people()


@pytest.fixture
def story(persons: dict[str, Person]) -> Story:
    """Return a finding that is not begun yet."""
    return Story(persons)


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    """Return an empty record, opened to write."""
    opened = open_record(tmp_path / "record")
    yield opened
    opened.close()
