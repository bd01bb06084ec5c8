"""What the search box looks through is put together once, and the most of it not again for each delivery."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from benchmarks.permits import NOW, decision
from tests.services.deliveries import open_record, station_file

from goedebuur.core.permits import form
from goedebuur.core.sites.history import Dated
from goedebuur.core.sites.records import Site
from goedebuur.services import permits, recording, searching, sites
from goedebuur.services.delivery import deliver
from goedebuur.services.record import Record


def enter(record: Record, name: str, conditions: int) -> None:
    with record.lock():
        recording.put(record, permits.facts(form.read(decision("werk", name, conditions)).require()), NOW)


def found(record: Record, words: str, as_of: int | None = None) -> dict[str, int]:
    return {kind: page.total for kind, page in searching.public(record, words, as_of).items()}


def test_permits_are_read_once_and_again_when_one_is_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = open_record(tmp_path / "record")
    sites.put(record, [Site("werk", (Dated("Voorbeeldwerk"),), simulated=True)], NOW)
    enter(record, "eerste", 2)
    read: list[str] = []
    state = type(record.catalogue).state

    def counted(catalogue: Any, kind: str, *args: Any, **kwargs: Any) -> Any:
        read.append(kind)
        return state(catalogue, kind, *args, **kwargs)

    monkeypatch.setattr(type(record.catalogue), "state", counted)
    assert found(record, "emissie nox") == {"permit": 1}
    assert found(record, "voorbeeldwerk") == {"site": 1}
    before = record.size
    deliver(record, station_file({"NL90001": ["12.5"] * 48}), "2019_SO2.csv", now=NOW + timedelta(days=1))
    assert found(record, "emissie nox") == {"permit": 1}
    assert found(record, "NL90001") == {"station": 1}
    assert read.count("condition") == 1
    enter(record, "tweede", 1)
    assert found(record, "emissie nox") == {"permit": 2}
    assert found(record, "emissie so2") == {"permit": 1}
    assert found(record, "emissie nox", before) == {"permit": 1}
    record.close()
