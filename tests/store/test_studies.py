"""Dispersion studies on disk, while others work on them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from goedebuur.store.studies import Studies


def test_stamp_leaves_out_a_file_that_goes_while_it_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studies = Studies(tmp_path)
    name = studies.make(iter(["een"]))
    studies.put(name, "study.json", b"{}")
    before = studies.stamp(name)
    listed = Path.glob

    def with_one_that_is_gone(self: Path, pattern: str) -> Iterator[Path]:
        yield from listed(self, pattern)
        yield self / "imported-gone.json"

    monkeypatch.setattr(Path, "glob", with_one_that_is_gone)
    assert studies.stamp(name) == before
