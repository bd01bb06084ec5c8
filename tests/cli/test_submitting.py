"""From a new key to a receipt that holds, with the commands alone: on this machine, and to a site over the network."""

from __future__ import annotations

import dataclasses
import json
import threading
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import httpx
import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings
from tests.adapters.samples import knmi
from tests.services.deliveries import NOW, SIGNER, open_record, station_file
from tests.services.signing import FILE

from goedebuur.cli.exits import Exit
from goedebuur.cli.main import run
from goedebuur.cli.wiring import Wiring
from goedebuur.services import sending
from goedebuur.services.record import Record
from goedebuur.services.settings import Settings
from goedebuur.store import keys
from goedebuur.web import record as web_record
from goedebuur.web.views import submitting as views


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def wiring(home: Path) -> Wiring:
    def opened(configured: Settings, *, read_only: bool) -> Record:
        signer = None if read_only else SIGNER
        return Record.open(configured.record_dir, signer=signer, read_only=read_only)

    return Wiring(
        settings=lambda: Settings(home=home),
        now=lambda: NOW,
        open_record=opened,
        serve=lambda settings, site, say: None,
        manage=lambda settings, arguments: None,
        http=lambda: nullcontext(),  # type: ignore[arg-type,return-value]
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "2019_SO2.csv"
    found.write_bytes(FILE)
    return found


Told = pytest.CaptureFixture[str]


def told(capsys: Told, arguments: list[str], wiring: Wiring, code: Exit = Exit.OK) -> dict[str, object]:
    """The JSON answer of a command that ends as it should, on standard output or as an error."""
    capsys.readouterr()
    assert run([*arguments, "--json"], wiring) == code, capsys.readouterr()
    shown = capsys.readouterr()
    found = json.loads(shown.out or shown.err.splitlines()[-1])
    assert isinstance(found, dict)
    return found


SCOPE = "adapters=rivm_lml;quantities=so2;stations=NL9000*"


@pytest.fixture
def signer(wiring: Wiring, home: Path, tmp_path: Path, capsys: Told) -> Path:
    """A new key, entered in the record for a company."""
    open_record(home / "record").close()
    key = tmp_path / "bedrijf.key"
    made = told(capsys, ["key", "new", str(key), "--name", "bedrijf.example"], wiring)
    told(capsys, ["submitters", "add", "bedrijf", "--title", "Bedrijf", "--role", "company", "--scope", SCOPE], wiring)
    told(capsys, ["submitters", "key", "add", "bedrijf", "--vkey", str(made["vkey"])], wiring)
    return key


def command(file: Path, key: Path, *more: str) -> list[str]:
    return ["submit", str(file), "--submitter", "bedrijf", "--key", str(key), *more]


def test_file_is_signed_delivered_and_its_receipt_holds(wiring: Wiring, file: Path, signer: Path, capsys: Told) -> None:
    answer = told(capsys, command(file, signer), wiring)
    assert (answer["status"], answer["receipt"]) == ("logged", f"{file}.receipt.json")
    checked = told(capsys, ["receipt", "verify", f"{file}.receipt.json", "--key", SIGNER.vkey], wiring)
    assert str(checked["result"]).startswith("proven")
    assert not file.with_name(file.name + sending.PENDING).exists()


def test_receipt_of_an_earlier_delivery_is_kept_when_the_file_is_delivered_again(
    wiring: Wiring, file: Path, signer: Path, capsys: Told
) -> None:
    told(capsys, command(file, signer), wiring)
    first = Path(f"{file}.receipt.json").read_bytes()
    told(capsys, command(file, signer, "--again"), wiring)
    assert Path(f"{file}.receipt.1.json").read_bytes() == first
    assert Path(f"{file}.receipt.json").read_bytes() != first
    assert run(["receipt", "verify", f"{file}.receipt.1.json"], wiring) == Exit.OK


def test_delivery_that_was_answered_is_not_delivered_again(
    wiring: Wiring, file: Path, signer: Path, capsys: Told
) -> None:
    first = told(capsys, command(file, signer), wiring)
    size = told(capsys, ["record", "status"], wiring)["tree_size"]
    assert told(capsys, command(file, signer), wiring) == first
    assert told(capsys, ["record", "status"], wiring)["tree_size"] == size
    assert not Path(f"{file}.receipt.1.json").exists()
    assert run(["receipt", "verify", f"{file}.receipt.json"], wiring) == Exit.OK
    # said otherwise it is another delivery
    assert told(capsys, command(file, signer, "--reason", "opnieuw geijkt"), wiring)["leaves"] != first["leaves"]


def test_receipt_of_another_record_does_not_keep_a_delivery_from_this_one(
    wiring: Wiring, file: Path, signer: Path, capsys: Told, tmp_path: Path
) -> None:
    told(capsys, command(file, signer), wiring)
    receipt = Path(f"{file}.receipt.json").read_bytes()
    before = json.loads(receipt)
    statement = json.loads(before["signature"]["statement"])
    # as another record would have answered a statement that this one never saw
    unseen = json.dumps(statement | {"nonce": "0" * 32}, sort_keys=True, separators=(",", ":"))
    before["signature"]["statement"] = unseen
    Path(f"{file}.receipt.json").write_text(json.dumps(before), encoding="utf-8")
    size = told(capsys, ["record", "status"], wiring)["tree_size"]
    told(capsys, command(file, signer), wiring)
    assert told(capsys, ["record", "status"], wiring)["tree_size"] == size + 1


@pytest.mark.parametrize(
    "asked",
    [
        ["receipt", "verify", "FILE", "--key", "KEY"],
        ["verify", "FILE", "--key", "KEY"],
        ["monitor", "FOLDER", "--key", "KEY"],
        ["submitters", "key", "add", "bedrijf", "--vkey", "KEY"],
    ],
)
def test_typing_error_in_a_public_key_is_not_taken_for_another_key(
    wiring: Wiring, file: Path, capsys: Told, asked: list[str]
) -> None:
    mistyped = SIGNER.vkey[:-4] + ("AAA=" if SIGNER.vkey[-4:] != "AAA=" else "BBB=")
    given = {"FILE": str(file), "FOLDER": str(file.parent), "KEY": mistyped}
    assert run([given.get(one, one) for one in asked], wiring) == Exit.USAGE
    shown = capsys.readouterr().err
    assert "[command-key]" in shown
    assert f"where: {asked[-2]}" in shown


def test_receipt_does_not_hold_for_the_key_of_another_log(
    wiring: Wiring, file: Path, signer: Path, capsys: Told
) -> None:
    told(capsys, command(file, signer), wiring)
    other = keys.Ed25519Signer(SIGNER.name, bytes(32))
    assert run(["receipt", "verify", f"{file}.receipt.json", "--key", other.vkey], wiring) == Exit.DAMAGED


def test_key_file_is_for_its_owner_alone_and_never_written_over(wiring: Wiring, signer: Path, capsys: Told) -> None:
    assert signer.stat().st_mode & 0o777 == 0o600
    before = signer.read_bytes()
    error = told(capsys, ["key", "new", str(signer), "--name", "x"], wiring, Exit.USAGE)["error"]
    assert isinstance(error, dict)
    assert error["code"] == "key-there"
    assert signer.read_bytes() == before


def test_dry_run_tells_what_the_record_would_refuse_and_delivers_nothing(
    wiring: Wiring, file: Path, signer: Path, home: Path, capsys: Told
) -> None:
    assert told(capsys, command(file, signer, "--dry-run"), wiring)["findings"] == []
    file.write_bytes(station_file({"NL10001": ["1"]}))
    found = told(capsys, command(file, signer, "--dry-run"), wiring, Exit.REFUSED)["findings"]
    assert isinstance(found, list)
    assert [one["code"] for one in found] == ["submission-other-site"]
    assert run(command(file, signer), wiring) == Exit.REFUSED
    assert "[submission-other-site]" in capsys.readouterr().err


def test_small_file_is_promised_and_its_receipt_is_renewed_once_sealed(
    wiring: Wiring, file: Path, signer: Path, capsys: Told
) -> None:
    assert told(capsys, command(file, signer, "--small"), wiring)["status"] == "promised"
    place = f"{file}.receipt.json"
    assert str(told(capsys, ["receipt", "verify", place], wiring)["result"]).startswith("promised")
    told(capsys, ["record", "seal"], wiring)
    assert told(capsys, ["receipt", "fetch", place], wiring)["status"] == "logged"
    assert str(told(capsys, ["receipt", "verify", place], wiring)["result"]).startswith("proven")


def test_revoked_key_delivers_no_more_and_the_list_says_so(
    wiring: Wiring, file: Path, signer: Path, capsys: Told
) -> None:
    (entered,) = told(capsys, ["submitters", "list"], wiring)["submitters"]  # type: ignore[misc]
    key_id = entered["keys"][0]["id"]
    told(capsys, ["submitters", "key", "revoke", "bedrijf", key_id, "--reason", "kwijt"], wiring)
    error = told(capsys, command(file, signer), wiring, Exit.REFUSED)["error"]
    assert isinstance(error, dict)
    assert error["code"] == "submission-key-revoked"
    assert run(["submitters", "list"], wiring) == 0
    assert "2026-02-01T00:00:00Z" in capsys.readouterr().out


@pytest.mark.parametrize(
    "scope", ["adapters=rivm_lml", "adapters=a;quantities=b;stations=c;colour=d", "adapters;quantities=b;stations=c"]
)
def test_scope_that_cannot_be_read_is_a_mistake_in_the_command(wiring: Wiring, scope: str) -> None:
    arguments = ["submitters", "add", "x", "--title", "X", "--role", "company", "--scope", scope]
    assert run(arguments, wiring) == Exit.USAGE


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture
def url(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A site with the record of this home, on this machine."""
    keys.create(home / "keys" / "log.key", SIGNER.name, lambda n: bytes(range(n)))
    monkeypatch.setattr(views, "now", lambda: NOW)
    with override_settings(GOEDEBUUR=dataclasses.replace(settings.GOEDEBUUR, home=home), ALLOWED_HOSTS=["127.0.0.1"]):
        server = WSGIServer(("127.0.0.1", 0), Quiet)
        server.set_app(WSGIHandler())
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
        server.server_close()
        web_record.close_all()


def test_file_is_delivered_to_a_site_in_parts_with_a_receipt_that_holds(
    wiring: Wiring, file: Path, signer: Path, url: str, capsys: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "PART", 300)
    assert told(capsys, command(file, signer, "--url", url, "--dry-run"), wiring)["values_in"] == 4
    answer = told(capsys, command(file, signer, "--url", url), wiring)
    assert answer["status"] == "logged"
    checked = told(capsys, ["receipt", "verify", f"{file}.receipt.json", "--key", SIGNER.vkey], wiring)
    assert str(checked["result"]).startswith("proven")


def test_refusal_of_a_site_is_told_with_its_code(
    wiring: Wiring, file: Path, signer: Path, url: str, capsys: Told
) -> None:
    file.write_bytes(station_file({"NL10001": ["1"]}))
    error = told(capsys, command(file, signer, "--url", url), wiring, Exit.REFUSED)["error"]
    assert isinstance(error, dict)
    assert error["code"] == "submission-other-site"


class Breaking(httpx.BaseTransport):
    """A network that breaks at some requests."""

    def __init__(self, at: set[int]) -> None:
        self.at = at
        self.asked: list[str] = []
        self.real = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(f"{request.method} {request.headers.get('Upload-Offset', '')}".strip())
        if len(self.asked) in self.at:
            raise httpx.ReadError("broken")
        return self.real.handle_request(request)


def test_break_in_the_network_costs_only_the_part_that_broke(
    wiring: Wiring, file: Path, signer: Path, url: str, capsys: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = Breaking({1, 4})
    monkeypatch.setattr(sending, "PART", 300)
    monkeypatch.setattr(sending, "PAUSE", 0.0)
    monkeypatch.setattr(sending, "client", lambda: httpx.Client(transport=network))
    assert told(capsys, command(file, signer, "--url", url), wiring)["status"] == "logged"
    # 705 bytes: the first request breaks, then the part at 300
    assert network.asked == ["POST", "POST", "PATCH 0", "PATCH 300", "POST", "PATCH 300", "PATCH 600"]


def test_same_command_after_a_break_sends_the_same_statement(
    wiring: Wiring, file: Path, signer: Path, url: str, capsys: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "PAUSE", 0.0)
    monkeypatch.setattr(sending, "client", lambda: httpx.Client(transport=Breaking(set(range(2, 100)))))
    error = told(capsys, command(file, signer, "--url", url), wiring, Exit.UNREACHABLE)["error"]
    assert isinstance(error, dict)
    assert error["code"] == "submission-unreachable"
    kept = file.with_name(file.name + sending.PENDING).read_bytes()
    monkeypatch.setattr(sending, "client", lambda: httpx.Client())
    told(capsys, command(file, signer, "--url", url), wiring)
    receipt = json.loads(Path(f"{file}.receipt.json").read_bytes())
    import base64

    assert base64.b64decode(json.loads(kept)["statement"]).decode() == receipt["signature"]["statement"]


def test_delivery_over_plain_http_to_another_machine_is_refused(
    wiring: Wiring, file: Path, signer: Path, capsys: Told
) -> None:
    told(capsys, command(file, signer, "--url", "http://example.org"), wiring, Exit.UNREACHABLE)


CALM = knmi()[: knmi().index(b"  901,20191231,   22,")].replace(b"  250,", b"  180,").replace(b"-1,    9", b" 0,    8")
"""One hour of a day, without a code in it."""


@pytest.mark.parametrize(
    ("data", "code", "first"),
    [
        (station_file({"NL90001": ["1", "2"]}), Exit.OK, ""),
        (station_file({"NL90001": ["1", "x"]}), Exit.REFUSED, "cell-number"),
        (station_file({"NL90001": ["1", "1500"]}), Exit.MARKED, "value-range"),
        (CALM, Exit.NOTED, "knmi-last-day"),
    ],
)
def test_dry_run_of_a_file_alone_ends_by_the_gravest_that_is_found(
    wiring: Wiring, file: Path, capsys: Told, data: bytes, code: Exit, first: str
) -> None:
    file.write_bytes(data)
    found = told(capsys, ["submit", str(file), "--dry-run"], wiring, code)["found"]
    assert isinstance(found, list)
    assert [one["check"] for one in found[:1]] == ([first] if first else [])


def test_dry_run_tells_every_finding_with_its_rule(wiring: Wiring, file: Path, capsys: Told) -> None:
    file.write_bytes(station_file({"NL90001": ["een", "twee"]}))
    assert run(["submit", str(file), "--dry-run"], wiring) == Exit.REFUSED
    said = capsys.readouterr().out
    assert said.count("refuse: A value is not a decimal number. [cell-number]") == 2
    assert f"where: {file.name}, line 12, column NL90001" in said


def test_signed_delivery_without_a_key_is_no_command(wiring: Wiring, file: Path, capsys: Told) -> None:
    assert run(["submit", str(file)], wiring) == Exit.USAGE
    assert "needs --submitter and --key" in capsys.readouterr().err
