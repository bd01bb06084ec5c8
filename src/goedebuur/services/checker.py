"""The program that checks proof files on a machine with only Python: one archive, made of modules of this program.

What goes in is not listed by hand: it is what importing `cli/checker.py` needs, found by reading the imports. Anything
outside the standard library in there is an error here, not at a resident's kitchen table.
"""

from __future__ import annotations

import ast
import io
import sys
import zipfile
from functools import cache
from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).resolve().parents[1]
ENTRY: Final = "goedebuur.cli.checker"
NAME: Final = "goedebuur-controle.pyz"
_START: Final = "import sys\n\nfrom {} import main\n\nsys.exit(main(language={!r}))\n"
_WHEN: Final = (1980, 1, 1, 0, 0, 0)
"""One moment for all files: the same program gives the same archive."""


@cache
def archive(language: str = "nl") -> bytes:
    """Return the archive, to be run as `python3 goedebuur-controle.pyz FILE`.

    Parameters
    ----------
    language
        Of what it says where nobody asks for another: `nl` or `en`.
    """
    sink = io.BytesIO()
    sink.write(b"#!/usr/bin/env python3\n")
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, path in sorted(modules().items()):
            inside = name.replace(".", "/") + ("/__init__.py" if path.name == "__init__.py" else ".py")
            packed.writestr(zipfile.ZipInfo(inside, _WHEN), path.read_bytes(), zipfile.ZIP_DEFLATED)
        packed.writestr(zipfile.ZipInfo("__main__.py", _WHEN), _START.format(ENTRY, language), zipfile.ZIP_DEFLATED)
    return sink.getvalue()


def modules() -> dict[str, Path]:
    """Return the modules that the archive holds, by name.

    Raises
    ------
    RuntimeError
        Where one of them imports, when it is itself imported, what is neither ours nor the standard library's.
    """
    found: dict[str, Path] = {}
    waiting = [ENTRY]
    while waiting:
        name = waiting.pop()
        path = _path(name)
        if name in found or path is None:
            continue
        found[name] = path
        waiting.append(name.rpartition(".")[0])
        for imported in _imports(path):
            top = imported.partition(".")[0]
            if top == "goedebuur":
                waiting.append(imported)
            elif top not in sys.stdlib_module_names:
                raise RuntimeError(f"{name} imports {imported}: the checker runs with the standard library alone")
    return found


def _path(name: str) -> Path | None:
    place = PACKAGE.joinpath(*name.split(".")[1:]) if name else PACKAGE
    if not name.startswith("goedebuur"):
        return None
    module, package = place.with_suffix(".py"), place / "__init__.py"
    return package if package.exists() else module if module.exists() else None


def _imports(path: Path) -> list[str]:
    """Return what a module imports when it is imported; what it imports later or for types alone is left out."""
    names: list[str] = []
    for node in ast.parse(path.read_bytes()).body:
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return names
