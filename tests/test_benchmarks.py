"""The benchmarks are run one by one to the end, whatever becomes of one, and their figures stand in one table."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from benchmarks import __main__ as bench


def test_every_benchmark_reports_its_figures_and_can_be_run_alone() -> None:
    assert {"clients", "crash", "flips", "log"} <= set(bench.names())
    for name in bench.names():
        source = (bench.HERE / f"{name}.py").read_text(encoding="utf-8")
        called = {node.func.id for node in ast.walk(ast.parse(source)) if _calls_by_name(node)}
        assert {"report", "main"} <= called, name
        assert source.rstrip().endswith("sys.exit(main())"), name


def _calls_by_name(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name)


def test_one_that_fails_stops_none_and_the_table_has_all(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(name: str) -> tuple[int, float, list[dict[str, Any]]]:
        figure = {"name": f"of {name}", "value": 12_345.678, "unit": "leaves/s", "target": "≥ 1,500", "note": "a | b"}
        return (3 if name == "crash" else 0), 1.5, [figure]

    monkeypatch.setattr(bench, "run", run)
    monkeypatch.setattr(bench, "ROOT", tmp_path)
    assert bench.main(["crash", "log"]) == 1
    page = (tmp_path / "var" / "bench" / "table.md").read_text(encoding="utf-8")
    assert "| log | of log | 12,346 | leaves/s | ≥ 1,500 | a \\| b |\n" in page
    assert "| crash | 1.5 | with 3 |\n| log | 1.5 | well |\n" in page
    widths = [line.replace("\\|", "").count("|") for line in page.splitlines() if line.startswith("|")]
    assert widths == [7] * 4 + [4] * 4
    assert bench.main(["log"]) == 0
    capsys.readouterr()


def test_figures_that_a_benchmark_reports_are_gathered_from_its_process(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "benchmarks").mkdir()
    (tmp_path / "benchmarks" / "figures.py").write_text((bench.HERE / "figures.py").read_text(encoding="utf-8"))
    one = "from benchmarks.figures import report\nreport('rows', 2.5, 'rows/s', target='> 2')\nraise SystemExit(4)\n"
    (tmp_path / "benchmarks" / "one.py").write_text(one)
    monkeypatch.setattr(bench, "ROOT", tmp_path)
    status, took, figures = bench.run("one")
    assert status == 4
    assert took > 0
    assert figures == [{"name": "rows", "value": 2.5, "unit": "rows/s", "target": "> 2", "note": ""}]
