"""A site with people who work on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.services.casework.people import make_people
from tests.web.working import Place, site

from goedebuur.core.casework.roles import Person


@pytest.fixture
def persons(db: None) -> dict[str, Person]:
    """Return invented people with their roles."""
    return make_people()


@pytest.fixture
def place(persons: dict[str, Person], tmp_path: Path) -> Iterator[Place]:
    """Return a site with one invented operator."""
    with site(tmp_path / "home", persons) as made:
        yield made
