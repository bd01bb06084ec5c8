"""A site with a record, a key and people with roles, for tests of pages on which is worked."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.test import Client, override_settings
from tests.services.casework.people import AUTHORITY, OPERATOR, SITE, Story

from goedebuur.core.casework.roles import Person
from goedebuur.core.sites.history import Dated
from goedebuur.core.sites.records import Authority, Operator, Site
from goedebuur.services import opening, publishing_findings, sites
from goedebuur.services.record import Record
from goedebuur.store import keys
from goedebuur.store.accounts.models import User
from goedebuur.web import record as web_record

ENTERED = datetime(2026, 10, 1, tzinfo=UTC)


def make_home(home: Path) -> None:
    """Make a record with one invented site, operator and authority, and its key."""
    here = dataclasses.replace(settings.GOEDEBUUR, home=home)
    keys.load_or_create(here.signing_key_path, here.origin)
    record = Record.open(here.record_dir, signer=keys.load_changing(here.signing_key_path))
    named = [
        Authority(AUTHORITY, "agency", (Dated("Omgevingsdienst Eendorp"),)),
        Operator(OPERATOR, names=(Dated("Hoogoven Noord BV"),), simulated=True),
        Operator("raffinaderij", names=(Dated("Raffinaderij Zuid BV"),), simulated=True),
        Site(SITE, names=(Dated("Hoogoven Noord"),), operators=(Dated(OPERATOR),), simulated=True),
    ]
    sites.put(record, named, ENTERED)
    record.close()


@dataclasses.dataclass
class Place:
    """The site as tests use it."""

    home: Path
    story: Story

    def visitor(self, who: str | None = None, **defaults: str) -> Client:
        """Return someone who looks at pages; signed in where named."""
        client = Client(**defaults)
        if who is not None:
            user = User.objects.get(email=f"{who}@example.org")
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def settle(self) -> None:
        """Write what was decided under its leaf, and let readers see it."""
        record = opening.to_write(settings.GOEDEBUUR)
        assert record is not None
        publishing_findings.settle(record, self.story.now)
        record.close()

    def travel(self, road: tuple[tuple[str, str], ...]) -> None:
        """Take the finding along a road."""
        for who, event in road:
            if who == "wait":
                self.story.wait(int(event))
            elif who == "record":
                self.settle()
            else:
                self.story.act(who, event)


@contextmanager
def site(home: Path, persons: dict[str, Person]) -> Iterator[Place]:
    """Give a site at a folder."""
    there = dataclasses.replace(settings.GOEDEBUUR, home=home)
    with override_settings(GOEDEBUUR=there, ALLOWED_HOSTS=["testserver"]):
        make_home(home)
        yield Place(home, Story(persons))
        web_record.close_all()
