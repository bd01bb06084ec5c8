"""The documentation names everything that the program has, and nothing that it has not."""

from __future__ import annotations

import importlib
import pkgutil
import re
from functools import lru_cache
from pathlib import Path

import click
import pytest

import goedebuur
from goedebuur.adapters import stack_preamble
from goedebuur.cli.exits import BY_PREFIX, Exit
from goedebuur.cli.main import COMMANDS, LazyGroup, cli
from goedebuur.core.base.errors import CATALOGUE
from goedebuur.core.base.flags import UNUSABLE
from goedebuur.core.base.quantities import QUANTITIES
from goedebuur.services.settings import as_table

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
BEHEER = DOCS / "beheer"


@lru_cache(maxsize=1)
def every_code() -> frozenset[str]:
    for module in pkgutil.walk_packages(goedebuur.__path__, "goedebuur."):
        if not re.search(r"\.migrations|\.app\.(wsgi|manage|urls)$", module.name):
            importlib.import_module(module.name)
    return frozenset(CATALOGUE)


def rows(page: Path) -> list[str]:
    """Return the first cell of every table row that holds code, as `input-empty`."""
    return re.findall(r"^\| `([^`]+)` \|", page.read_text(encoding="utf-8"), re.MULTILINE)


def walk(command: click.Command, name: str) -> list[str]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        found = [(one, command.get_command(context, one)) for one in command.list_commands(context)]
        return [path for one, sub in found if sub for path in walk(sub, f"{name} {one}")]
    return [name]


def test_error_page_and_catalogue_name_the_same_codes() -> None:
    explained = rows(BEHEER / "foutcodes.md")
    assert sorted(every_code() - set(explained)) == []
    assert sorted(set(explained) - every_code()) == []


def test_no_error_code_is_explained_twice() -> None:
    explained = rows(BEHEER / "foutcodes.md")
    assert sorted({code for code in explained if explained.count(code) > 1}) == []


def test_every_error_code_has_an_exit_code() -> None:
    reaching = {code for code in every_code() if not code.startswith("web-")}
    areas = tuple(prefix for prefix, _ in BY_PREFIX)
    assert sorted(code for code in reaching if not code.startswith(areas)) == []


def test_every_area_with_an_exit_code_has_an_error_code() -> None:
    codes = every_code()
    # the areas of usage and download errors start with what their errors say; a row that fits nothing is a leftover
    assert [area for area, _ in BY_PREFIX if not any(code.startswith(area) for code in codes)] == []


def test_exit_page_has_one_row_for_each_exit_code() -> None:
    written = re.findall(r"^\| (\d+) \|", (BEHEER / "exitcodes.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert [int(code) for code in written] == [int(code) for code in Exit]


def test_exit_page_names_the_areas_of_each_exit_code() -> None:
    text = (BEHEER / "exitcodes.md").read_text(encoding="utf-8")
    by_code = dict(re.findall(r"^\| (\d+) \| (.*) \|$", text, re.MULTILINE))
    for area, code in BY_PREFIX:
        assert f"`{area}" in by_code[str(int(code))], area


def test_settings_page_and_settings_name_the_same_variables() -> None:
    assert sorted(rows(BEHEER / "instellingen.md")) == sorted(variable for variable, _, _ in as_table())


def test_commands_page_names_every_command() -> None:
    written = {re.match(r"goedebuur[a-z -]*[a-z]", row) for row in rows(BEHEER / "opdrachten.md")}
    names = {found.group() for found in written if found}
    assert names == set(walk(LazyGroup(commands={}), "goedebuur"))


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: str(page.relative_to(DOCS)))
def test_every_option_in_backticks_exists(page: Path) -> None:
    known = {"--no-skips", "--spark", "--fix", "--help", "--version"}
    for name in walk(LazyGroup(commands={}), ""):
        command: click.Command = cli
        context = click.Context(cli)
        for part in name.split():
            assert isinstance(command, click.Group)
            found = command.get_command(context, part)
            assert found is not None
            command = found
        known.update(option for parameter in command.params for option in parameter.opts)
    used = set(re.findall(r"`goedebuur [^`]*?(--[a-z-]+)", page.read_text(encoding="utf-8")))
    assert used <= known


LINKS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted(DOCS.rglob("*.md"))]


@pytest.mark.parametrize("page", LINKS, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("folder", ["beheer", "bewoners", "decisions", "developers", "methods", "toezicht"])
def test_every_page_of_a_folder_is_linked_from_its_first_page(folder: str) -> None:
    first = DOCS / folder / "README.md"
    linked = set(re.findall(r"\]\(([^)#/]+\.md)", first.read_text(encoding="utf-8")))
    assert {page.name for page in first.parent.glob("*.md")} - {"README.md"} <= linked


def test_every_command_in_the_list_is_importable() -> None:
    for name, (place, _) in COMMANDS.items():
        module, _, attribute = place.partition(":")
        assert hasattr(importlib.import_module(module), attribute), name


def test_page_on_raw_signals_names_every_key_status_quantity_and_unit() -> None:
    page = (DOCS / "methods" / "stack-files.md").read_text("utf-8")
    for key in (*stack_preamble.REQUIRED, *stack_preamble.OPTIONAL):
        assert f"| `{key}` | " in page
    for word, flag in stack_preamble.STATUSES.items():
        counts = "no" if flag & UNUSABLE else "yes"
        assert f"| `{word}` | {f'`{flag.name}`' if flag else ''} | {counts} |" in page
    told = re.findall(r"^\| `(stack_\w+)` \| [^|]+ \| (.+) \|$", page, re.MULTILINE)
    units = {one.id: ", ".join(f"`{unit}`" for unit in one.ratios) for one in QUANTITIES.values() if one.stack}
    assert dict(told) == units
