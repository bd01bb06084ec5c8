"""What is compiled is the same function as Python's, and is compiled again when source that goes into it changes."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import numpy as np
import pytest

from goedebuur.core.dispersion import compiled, plume, source, table
from goedebuur.core.dispersion.exponential import exponential, nearly, of_little
from goedebuur.core.dispersion.stacks import Stack


def test_exponential_is_that_of_the_library() -> None:
    numbers = np.linspace(-700, 700, 14_001)
    found = np.array([exponential(float(one)) for one in numbers])
    assert found == pytest.approx(np.exp(numbers), rel=2e-15, abs=0)


def test_shorter_exponentials_are_as_exact_as_the_first_term_that_they_leave_out() -> None:
    numbers = np.linspace(-700, 700, 14_001)
    found = np.array([nearly(float(one)) for one in numbers])
    assert found == pytest.approx(np.exp(numbers), rel=3e-10, abs=0)
    little = np.linspace(-0.5, 0.5, 1_001)
    assert np.array([of_little(float(one)) for one in little]) == pytest.approx(np.exp(little), rel=2e-7, abs=0)


@pytest.mark.parametrize("far", [-700.1, -1e6, float("-inf")])
def test_exponential_of_far_below_zero_is_nothing(far: float) -> None:
    assert exponential(far) == 0


def test_every_source_that_is_compiled_or_taken_from_changes_the_digest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = [shutil.copytree(one, tmp_path / one.name) for one in source.SOURCES]
    monkeypatch.setattr(source, "SOURCES", copies)
    before = source.digest()
    for name in ("dispersion/exponential.py", "weather/heights.py"):
        path = tmp_path / name
        path.write_text(path.read_text(encoding="utf-8").replace("0.1", "0.2") + "\n", encoding="utf-8")
        after = source.digest()
        assert after != before
        before = after


def test_machine_code_is_kept_in_the_first_place_that_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def kept() -> Path:
        found = compiled.kept_in(tmp_path)
        assert found is not None
        return found.parent

    assert kept() == tmp_path / "__pycache__"
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "given"))
    assert kept() == tmp_path / "given"
    # a file where a folder should be cannot be written in
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file"))
    assert kept() == tmp_path / "__pycache__"
    shutil.rmtree(tmp_path / "__pycache__")
    (tmp_path / "__pycache__").write_text("")
    assert kept() == tmp_path / "cache" / "goedebuur"
    monkeypatch.setattr(compiled, "_writes", lambda _: False)
    assert compiled.kept_in(tmp_path) is None


def test_no_number_stays_no_number() -> None:
    assert np.isnan(exponential(float("nan")))


def test_distance_of_the_table_is_found_from_the_bits_of_a_number() -> None:
    distance = np.array([1.0, 1.1249, 1.125, 999.0, 50_000.0, 131_071.0])
    node, part = table.nodes(distance)
    below, beyond = table.NODES[node], table.NODES[node + 1]
    assert (below <= distance).all()
    assert (distance < beyond).all()
    assert below + part * (beyond - below) == pytest.approx(distance, rel=1e-12)


def test_receptor_beyond_the_table_is_refused() -> None:
    with pytest.raises(ValueError, match="140 km"):
        plume.places([Stack(10, 1, 300, 5)], np.array([[140_000.0]]), np.array([[0.0]]))


def test_machine_code_of_other_source_is_forgotten_after_a_month(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    old, recent, other = (tmp_path / name for name in ("compiled-old", "compiled-recent", "kept"))
    for one in (old, recent, other):
        one.mkdir()
        (one / "code").write_text("")
    month_ago = time.time() - 31 * 86_400
    for one in (old, other):
        os.utime(one, (month_ago, month_ago))
    found = compiled.kept_in(tmp_path)
    assert found is not None
    assert found.parent == tmp_path
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted([found.name, "compiled-recent", "kept"])
