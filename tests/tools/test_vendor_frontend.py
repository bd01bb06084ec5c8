"""The vendored front-end parts are what `VENDOR.json` says, and the tool that fetches them cuts rightly."""

from __future__ import annotations

import doctest
import importlib.util
import json
import re
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, REPOSITORY / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


natural_earth = _load("natural_earth")
vendor_frontend = _load("vendor_frontend")


@pytest.mark.parametrize("module", [natural_earth, vendor_frontend], ids=lambda module: module.__name__)
def test_examples_in_the_tools_hold(module: ModuleType) -> None:
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize("destination", [vendor_frontend.WEB, vendor_frontend.TESTS], ids=["pages", "tests"])
def test_vendored_files_are_those_that_were_looked_at(destination: Path) -> None:
    assert vendor_frontend.problems(destination) == []


@pytest.mark.parametrize("destination", [vendor_frontend.WEB, vendor_frontend.TESTS], ids=["pages", "tests"])
def test_every_vendored_part_has_its_licence_text(destination: Path) -> None:
    for part in json.loads((destination / "VENDOR.json").read_text(encoding="utf-8")):
        assert part["licence"]
        assert any(Path(name).name.startswith(("LICENSE", "OFL")) for name in part["files"]), part["name"]


def test_changed_added_and_lost_files_are_each_named(tmp_path: Path) -> None:
    shutil.copytree(vendor_frontend.WEB, tmp_path / "vendor")
    (tmp_path / "vendor/uplot/uPlot.min.css").write_text("changed")
    (tmp_path / "vendor/uplot/extra.js").write_text("//# sourceMappingURL=x.map")
    (tmp_path / "vendor/uplot/LICENSE").unlink()
    found = vendor_frontend.problems(tmp_path / "vendor")
    assert found == [
        "uplot/LICENSE is listed but absent",
        "uplot/extra.js lies there but is not listed",
        "uplot/uPlot.min.css differs from what was vendored",
    ]


def test_style_sheets_of_the_design_system_have_the_classes_of_the_pages_and_no_others() -> None:
    used = vendor_frontend.used_classes()
    styled = set()
    for sheet in (*vendor_frontend.WEB.glob("nl-*/*.css"), *vendor_frontend.WEB.glob("utrecht/*.css")):
        css = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
        for prelude, block in vendor_frontend.rules(css):
            inner = vendor_frontend.rules(block) if prelude.startswith("@") else [(prelude, block)]
            for selector, _ in inner:
                styled |= vendor_frontend.classes(selector)
    assert styled == used, "run tools/vendor_frontend.py, or use the class, or take it from the page"


def test_base_map_stays_inside_its_box_and_names_every_layer() -> None:
    features = json.loads(vendor_frontend.BASE_MAP.read_text(encoding="utf-8"))["features"]
    assert {feature["properties"]["layer"] for feature in features} == {"land", "border", "province", "place"}
    assert sum(feature["properties"].get("home", False) for feature in features) == 1
    assert len({f["properties"]["name"] for f in features if f["properties"]["layer"] == "province"}) == 12
    west, south, east, north = natural_earth.BOX

    def points(value: list) -> list:
        return [value] if isinstance(value[0], float | int) else [point for part in value for point in points(part)]

    for feature in features:
        for x, y in points(feature["geometry"]["coordinates"]):
            assert west <= x <= east
            assert south <= y <= north
