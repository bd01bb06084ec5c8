"""A site with a stack, of which people of the company, of another company and of authorities look at pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from tests.services.casework.people import AUTHORITY, OPERATOR, make_people
from tests.services.deliveries import NOW
from tests.services.stack_week import settle
from tests.services.stack_year import SITE as WERK
from tests.services.stack_year import filled
from tests.web.working import Place, site

from goedebuur.core.casework.roles import Person
from goedebuur.core.sites.history import Dated
from goedebuur.core.sites.records import Site
from goedebuur.services import opening, streams
from goedebuur.services.record import Record

OWNED: Site = replace(WERK, operators=(Dated(OPERATOR),), authorities=(Dated(AUTHORITY),))
"""The site of `tests/services/stack_year.py`, with whose it is."""


@pytest.fixture
def persons(db: None) -> dict[str, Person]:
    """Return invented people with their roles."""
    return make_people()


@pytest.fixture
def place(persons: dict[str, Person], tmp_path: Path) -> Iterator[Place]:
    """Return a site whose record has a stack with its streams and settings, and no raw values."""
    with site(tmp_path / "home", persons) as made:
        record = to_write()
        filled(record)
        streams.put(record, [OWNED], NOW, reason="exploitant ingevoerd")
        settle(record)
        record.close()
        yield made


def to_write() -> Record:
    """Return the record of the site, open for writing."""
    record = opening.to_write(settings.GOEDEBUUR)
    assert record is not None
    return record
