"""What the entry of the program hands to the commands."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.services.deliveries import station_file

from goedebuur.app.main import open_record
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services import delivery
from goedebuur.services.settings import Settings


def test_promises_keep_to_the_minutes_that_are_set(tmp_path: Path) -> None:
    record = open_record(Settings(home=tmp_path, seal_minutes=10), read_only=False)
    now = datetime(2026, 2, 1, tzinfo=UTC)
    promise = delivery.accept_small(record, station_file({"NL90001": ["1"]}), "a.csv", now=now)
    record.close()
    assert promise.seal_by == "2026-02-01T00:10:00Z"


def test_key_that_is_gone_is_missed_and_no_other_is_made(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    open_record(settings, read_only=False).close()
    settings.signing_key_path.unlink()
    with pytest.raises(GoedeBuurError) as caught:
        open_record(settings, read_only=False)
    assert caught.value.code == "key-missing"
    assert not settings.signing_key_path.exists()
