"""Where the site listens, without starting it."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from goedebuur.app import prepare, serving
from goedebuur.app.browser import answers
from goedebuur.app.serving import free_port, server_command
from goedebuur.cli.wiring import Site
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services.settings import Settings


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_taken_port_is_an_error_that_names_the_option(taken: int) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        free_port("127.0.0.1", taken, any_port=False)
    assert caught.value.code == "serve-port-taken"
    assert "--port" in caught.value.hint
    assert caught.value.value == f"127.0.0.1:{taken}"


def test_demo_takes_a_later_port_when_its_own_is_taken(taken: int) -> None:
    assert taken < free_port("127.0.0.1", taken, any_port=True) < taken + 20


def test_free_port_is_kept() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    assert free_port("127.0.0.1", port, any_port=True) == port


def test_address_of_another_machine_is_an_error_that_names_the_setting() -> None:
    # 192.0.2.0/24 is for documentation (RFC 5737): no machine has it
    with pytest.raises(GoedeBuurError) as caught:
        free_port("192.0.2.1", 8000, any_port=True)
    assert (caught.value.code, caught.value.place) == ("serve-address", "GOEDEBUUR_LISTEN")


def test_server_runs_as_many_workers_as_asked_on_the_port_that_was_free() -> None:
    command = server_command(Site("127.0.0.1", 8000, workers=3), 8001)
    assert command[command.index("--port") + 1] == "8001"
    assert command[command.index("--workers") + 1] == "3"
    assert command[-1] == "goedebuur.app.wsgi:application"


def test_browser_waits_until_the_site_answers(taken: int) -> None:
    assert answers("127.0.0.1", taken, looks=1)


def test_browser_gives_up_on_a_site_that_never_answers() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    assert not answers("127.0.0.1", port, looks=2, pause=0)


@pytest.mark.parametrize(("area", "said"), [((4.45, 52.35, 4.8, 52.6), "4.45,52.35,4.8,52.6"), (None, "")])
def test_server_is_told_the_folder_and_where_its_map_starts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, area: tuple[float, float, float, float] | None, said: str
) -> None:
    # each is set here, so that it is taken away again
    monkeypatch.setenv("GOEDEBUUR_HOME", "")
    monkeypatch.setenv("GOEDEBUUR_MAP_BOUNDS", "")
    monkeypatch.setattr(prepare, "prepare", lambda: None)
    monkeypatch.setattr(serving, "_become", lambda command: None)
    settings = Settings(home=tmp_path, map_bounds=area)
    serving.serve(settings, Site(host="127.0.0.1", port=8000, workers=1, any_port=True), lambda _: None)
    assert os.environ["GOEDEBUUR_HOME"] == str(tmp_path)
    assert os.environ["GOEDEBUUR_MAP_BOUNDS"] == said
    assert Settings.from_environment(os.environ).map_bounds == area
