"""Publishing as part of life: after a command, beside the server, and followed by a monitor over HTTP."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.services.deliveries import station_file
from tests.services.test_publishing import KEYS, grow
from tests.web.conftest import FIRST, SECOND

from goedebuur.app import main
from goedebuur.app.publisher import while_child_of
from goedebuur.cli.main import run
from goedebuur.cli.wiring import Wiring
from goedebuur.services.settings import Settings
from goedebuur.store.keys import load
from goedebuur.store.ledger import Ledger
from goedebuur.store.ledger.publication import Publication


def wiring(home: Path, **options: object) -> Wiring:
    settings = Settings(home=home, **options)  # type: ignore[arg-type]
    return Wiring(
        settings=lambda: settings,
        now=lambda: datetime(2026, 1, 1, tzinfo=UTC),
        open_record=main.open_record,
        serve=lambda settings, site, say: None,
        manage=lambda settings, arguments: None,
        http=lambda: None,  # type: ignore[arg-type,return-value]
        publish=main.publish,
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "2019_SO2.csv").write_bytes(station_file(FIRST))
    return tmp_path / "home"


def test_command_that_adds_to_the_log_publishes_it(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ingest", str(home.parent / "2019_SO2.csv"), "--quiet"], wiring(home)) == 0
    public = Publication(home / "record" / "public")
    assert public.checkpoint().size == Ledger.open(home / "record").size > 0


def test_command_answers_also_where_no_witness_does_and_says_who_is_missing(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nobody = ((KEYS[0].cosigner_vkey, "http://127.0.0.1:1"),)
    missing = wiring(home, witnesses=nobody, witnesses_needed=1)
    assert run(["ingest", str(home.parent / "2019_SO2.csv")], missing) == 0
    assert "witness w1.example is missing since" in capsys.readouterr().err
    assert not (home / "record/public/checkpoint").exists()
    assert run(["record", "publish", "--json"], missing) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["size"], told["needed"], told["witnesses"][0]["why"]) == (None, 1, "unreachable")


class _Conflict(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        # C2SP tlog-witness: 409 with the size that it cosigned
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(409)
        self.send_header("Content-Type", "text/x.tlog.size")
        self.end_headers()
        self.wfile.write(b"1000\n")

    def log_message(self, format: str, *args: object) -> None:
        pass


def test_publishing_ends_with_5_where_a_witness_saw_more_leaves(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Conflict) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        seen = ((KEYS[0].cosigner_vkey, f"http://127.0.0.1:{server.server_address[1]}"),)
        assert run(["ingest", str(home.parent / "2019_SO2.csv"), "--quiet"], wiring(home, witnesses=seen)) == 0
        assert run(["record", "publish"], wiring(home, witnesses=seen)) == 5
        server.shutdown()
        thread.join()
    assert "an older copy may have been put back here" in capsys.readouterr().out


def test_nothing_is_published_where_the_settings_say_so(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    silent = wiring(home, publish=False)
    assert run(["ingest", str(home.parent / "2019_SO2.csv"), "--quiet"], silent) == 0
    assert not (home / "record" / "public").exists()
    assert run(["record", "publish"], silent) == 2


@pytest.fixture
def carried(home: Path) -> Iterator[str]:
    """Give the address of the folder on a web server that knows nothing of logs."""
    assert run(["ingest", str(home.parent / "2019_SO2.csv"), "--quiet"], wiring(home)) == 0

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    handler = functools.partial(Quiet, directory=str(home / "record" / "public"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


def test_monitor_follows_a_folder_on_any_web_server(
    home: Path, carried: str, capsys: pytest.CaptureFixture[str]
) -> None:
    key = load(home / "keys" / "log.key").vkey
    command = ["monitor", carried, "--key", key, "--site", "NL90001", "--quiet"]
    assert run(command, wiring(home)) == 0
    assert capsys.readouterr().out == ""
    (home.parent / "2019_SO2.csv").write_bytes(station_file(SECOND))
    assert run(["ingest", str(home.parent / "2019_SO2.csv"), "--quiet"], wiring(home)) == 0
    capsys.readouterr()
    assert run(command, wiring(home)) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["kind"] for one in told] == ["correction"]
    assert told[0]["series"] == ["NL90001.so2.1h"]


def test_monitor_ends_with_5_at_a_fork(home: Path, carried: str, capsys: pytest.CaptureFixture[str]) -> None:
    key = load(home / "keys" / "log.key")
    command = ["monitor", carried, "--key", key.vkey]
    assert run(command, wiring(home)) == 0
    other = Ledger.open(home.parent / "other", key)
    grow(other, 20)
    Publication(home.parent / "elsewhere").publish(other)
    state = next((home / "monitor").iterdir())
    capsys.readouterr()
    assert run(["monitor", str(home.parent / "elsewhere"), "--key", key.vkey, "--state", str(state)], wiring(home)) == 5
    out = capsys.readouterr()
    assert json.loads(out.out)["kind"] == "fork"
    assert "ALARM" in out.err


def test_monitor_ends_with_5_when_the_log_stays_out_of_reach(home: Path) -> None:
    nowhere = ["monitor", "http://127.0.0.1:1", "--key", KEYS[0].vkey, "--quiet"]
    assert run(nowhere, wiring(home)) == 0
    assert run([*nowhere, "--unreachable-after", "0"], wiring(home)) == 5


def test_mail_without_a_server_is_a_mistake_in_the_settings(home: Path, tmp_path: Path) -> None:
    assert run(["monitor", str(tmp_path), "--key", KEYS[0].vkey, "--mail", "a@example.org"], wiring(home)) == 2


def test_publisher_waits_as_long_as_its_parent_lives_and_not_after() -> None:
    slept: list[float] = []
    assert while_child_of(os.getppid(), slept.append)(1.0)
    assert not while_child_of(-1, slept.append)(1.0)
    assert slept == [1.0]


def test_publisher_of_a_parent_that_is_gone_ends_by_itself(home: Path) -> None:
    there = os.environ | {"GOEDEBUUR_HOME": str(home)}
    ended = subprocess.run([sys.executable, "-m", "goedebuur.app.publisher", "1"], env=there, timeout=30, check=False)
    assert ended.returncode == 0
