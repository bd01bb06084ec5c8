"""The rule book is whole, holds together, and says of each check where it is applied and which test saw it fail."""

from __future__ import annotations

import ast
import importlib
import os
import pkgutil
import re
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import pytest

import goedebuur
from goedebuur.core.base.flags import SUPPLIER_BITS, Flag
from goedebuur.core.base.rulebook import CHECKS, Area, BasisKind, Check, Severity, own
from goedebuur.core.base.sourced import Text
from goedebuur.services import rulebook
from tools import rulebook as tool

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "goedebuur"
DECLARING = frozenset({"refuse", "flag", "note"})


@lru_cache(maxsize=1)
def every() -> dict[str, Check]:
    """All checks of the program, whatever module declares them."""
    for module in pkgutil.walk_packages(goedebuur.__path__, "goedebuur."):
        if not re.search(r"\.migrations|\.app\.(wsgi|manage|urls)$", module.name):
            importlib.import_module(module.name)
    return dict(CHECKS)


def test_book_has_every_check_that_the_code_declares() -> None:
    assert {check.id for check in rulebook.every()} == set(every())


def test_page_in_the_docs_is_what_the_code_declares() -> None:
    assert tool.PAGE.read_text("utf-8") == tool.page(), "run: python tools/rulebook.py"


def test_book_counts_its_checks_by_severity_and_rows_apart() -> None:
    counted = rulebook.count()
    assert counted.total == len(every())
    assert counted.checks == {one.value: sum(c.severity is one for c in every().values()) for one in Severity}
    assert counted.rows == sum(len(check.rows) for check in every().values())
    assert f"**{counted.total} controles**" in tool.PAGE.read_text("utf-8")


def test_every_check_has_both_languages_a_basis_and_a_rule_of_one_sentence() -> None:
    for check in every().values():
        for text in (check.said.nl, check.said.en):
            assert text[0].isupper(), check.id
            assert text.endswith("."), check.id
        assert check.said.nl != check.said.en, check.id
        assert check.basis.reference.nl, check.id
        assert check.basis.reference.en, check.id
        assert isinstance(check.basis.kind, BasisKind)


def test_no_rule_is_written_twice() -> None:
    said = [(check.area, check.said.nl) for check in every().values()]
    assert len(set(said)) == len(said)


def test_every_mark_is_a_flag_of_the_record() -> None:
    marks = {check.code for check in every().values() if check.severity is Severity.FLAG}
    assert {Flag[mark] for mark in marks if Flag[mark] > SUPPLIER_BITS} == {
        flag for flag in Flag if flag > SUPPLIER_BITS
    }


def test_every_named_test_exists() -> None:
    """Whether each of them sees its check at work is held where the test runs (`conftest.py`)."""
    files = sorted({check.test.split("::")[0] for check in every().values()})
    run = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *files]
    plain = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}
    done = subprocess.run(run, cwd=ROOT, env=plain, capture_output=True, text=True, check=True, timeout=300)
    listed = done.stdout.splitlines()
    assert sorted({check.test for check in every().values()} - set(listed)) == []


def declarations() -> dict[str, tuple[Path, str]]:
    """Return check → the file and the name under which it is declared."""
    found = {}
    by_module: dict[str, set[str]] = {}
    for check in every().values():
        by_module.setdefault(check.module, set()).add(check.id)
    for module, identities in by_module.items():
        path = SOURCE / (module.removeprefix("goedebuur.").replace(".", "/") + ".py")
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and _declares(node.value):
                loaded = getattr(importlib.import_module(module), node.target.id)
                if isinstance(loaded, Check):
                    found[loaded.id] = (path, node.target.id)
        assert identities <= set(found), f"{module}: {identities - set(found)} is not a constant of its module"
    return found


def _declares(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr in DECLARING


def test_every_check_is_applied_in_the_code() -> None:
    used: dict[str, int] = {}
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
            if name and isinstance(getattr(node, "ctx", None), ast.Load):
                used[name] = used.get(name, 0) + 1
    assert [check for check, (_, name) in declarations().items() if not used.get(name)] == []


def test_check_cannot_be_declared_twice_or_do_what_it_does_not() -> None:
    area = Area("trial", Text("Proef", "Trial"), own("een proef", "a trial"), "tests/x.py::test_x")
    one = area.note("one", "Eén.", "One.")
    try:
        with pytest.raises(ValueError, match="declared twice"):
            area.note("one", "Eén.", "One.")
        with pytest.raises(ValueError, match="refuses nothing"):
            one.error("no")
        with pytest.raises(ValueError, match="no identifier"):
            area.note("One", "Eén.", "One.")
        with pytest.raises(ValueError, match="not in the catalogue"):
            area.refuse("two", "no-such-code", "Twee.", "Two.")
        assert (one.module, one.test) == (__name__, "tests/x.py::test_x[trial-one]")
    finally:
        del CHECKS["trial-one"]
