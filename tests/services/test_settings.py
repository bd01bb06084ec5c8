"""The settings object: what the environment says, refused where it cannot be meant."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services.settings import Settings, as_table

PAGE = Path(__file__).resolve().parents[2] / "docs" / "beheer" / "instellingen.md"


def test_empty_environment_gives_the_defaults() -> None:
    assert Settings.from_environment({}) == Settings()


def test_names_of_others_are_left_alone() -> None:
    assert Settings.from_environment({"PATH": "/bin", "HOME": "/home/ada"}) == Settings()


def test_values_are_read_with_their_type() -> None:
    found = Settings.from_environment(
        {
            "GOEDEBUUR_HOME": "somewhere",
            "GOEDEBUUR_HOSTS": "buur.example, www.buur.example",
            "GOEDEBUUR_HTTPS": "ja",
            "GOEDEBUUR_WORKERS": "4",
            "GOEDEBUUR_MAP_BOUNDS": "4.4,52.3,4.9,52.6",
        }
    )
    assert found.record_dir == Path("somewhere/record")
    assert found.hosts == ("buur.example", "www.buur.example")
    assert (found.https, found.workers) == (True, 4)
    assert found.map_bounds == (4.4, 52.3, 4.9, 52.6)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("GOEDEBUUR_DEBUG", "perhaps"),
        ("GOEDEBUUR_WORKERS", "0"),
        ("GOEDEBUUR_WORKERS", "two"),
        ("GOEDEBUUR_LISTEN", "8000"),
        ("GOEDEBUUR_LISTEN", "127.0.0.1:99999"),
        ("GOEDEBUUR_MAP_BOUNDS", "4.9,52.3,4.4,52.6"),
        ("GOEDEBUUR_MAP_BOUNDS", "4.4,52.3,4.9"),
        ("GOEDEBUUR_TILE_URL", "https://tiles.example/map.png"),
        ("GOEDEBUUR_SEAL_MINUTES", "61"),
        ("GOEDEBUUR_LOG_LEVEL", "LOUD"),
        ("DATABASE_URL", "mysql://localhost/buur"),
    ],
)
def test_value_that_cannot_be_meant_is_refused_with_its_name(variable: str, value: str) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        Settings.from_environment({variable: value})
    assert (caught.value.code, caught.value.place) == ("settings-value", variable)
    assert caught.value.hint


def test_misspelt_name_is_refused() -> None:
    with pytest.raises(GoedeBuurError) as caught:
        Settings.from_environment({"GOEDEBUUR_HOST": "buur.example"})
    assert (caught.value.code, caught.value.place) == ("settings-unknown", "GOEDEBUUR_HOST")


def test_folder_with_files_for_the_tests_is_no_setting() -> None:
    assert Settings.from_environment({"GOEDEBUUR_DATA": "data"}) == Settings()


@pytest.mark.parametrize("variable", ["DATABASE_URL", "GOEDEBUUR_SECRET_KEY"])
def test_secret_is_in_no_text_of_the_settings(variable: str) -> None:
    found = Settings.from_environment({variable: "postgresql://ada:s3cret@db/buur"})
    assert "s3cret" not in repr(found)


def test_secret_is_not_repeated_in_an_error() -> None:
    with pytest.raises(GoedeBuurError) as caught:
        Settings.from_environment({"DATABASE_URL": "mysql://ada:s3cret@db/buur"})
    assert "s3cret" not in caught.value.as_text()


def test_tile_host_is_named_only_when_tiles_are_on() -> None:
    address = "https://tiles.example/{z}/{x}/{y}.png"
    assert Settings(tile_url=address).tile_host == ""
    assert Settings(tile_url=address, online_tiles=True).tile_host == "https://tiles.example"


def test_documentation_gives_each_setting_its_default_and_help() -> None:
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| (.*) \|$", PAGE.read_text("utf-8"), re.MULTILINE))
    assert rows == {name: f"{f'`{default}`' if default else 'leeg'} | {text}" for name, default, text in as_table()}
