"""Signed deliveries over HTTP, from refusals before a byte is read to an upload that breaks and goes on."""

from __future__ import annotations

import dataclasses
import http.client
import itertools
import json
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import ClassVar
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client
from tests.services.deliveries import NOW, SIGNER, open_record, station_file
from tests.services.signing import FILE, OTHER_KEY, enter, sign, statement
from tests.web.conftest import reading

from goedebuur.core.ledger import receipts
from goedebuur.core.ledger.statements import Signed
from goedebuur.services.record import Record
from goedebuur.services.sending import headers
from goedebuur.store import keys
from goedebuur.web import errors, uploading
from goedebuur.web.views import submitting as views

ADDRESS = "/api/deliveries/"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation with its key, and a submitter."""
    record = open_record(tmp_path / "record")
    enter(record)
    record.close()
    key_file = tmp_path / "keys" / "log.key"
    keys.create(key_file, SIGNER.name, lambda n: bytes(range(n)))
    monkeypatch.setattr(views, "now", lambda: NOW)
    return tmp_path


@pytest.fixture
def client(home: Path) -> Iterator[Client]:
    with reading(home) as found:
        found.handler.enforce_csrf_checks = True  # as a browser of another site would be
        yield found


def post(client: Client, signed: Signed, data: bytes = FILE, address: str = ADDRESS, **more: str):  # type: ignore[no-untyped-def]
    return client.post(address, data, content_type="application/octet-stream", headers=headers(signed) | more)


def leaves(home: Path) -> int:
    record = Record.open(home / "record", read_only=True)
    size = record.size
    record.close()
    return size


def test_delivery_is_answered_with_a_receipt_that_holds(client: Client) -> None:
    answer = post(client, sign(statement()))
    assert answer.status_code == 201
    shown = receipts.check(receipts.parse(answer.content), vkey=SIGNER.vkey)
    assert (shown.status, shown.statement) == ("logged", statement())
    assert client.get(answer["Location"]).content == answer.content


def test_same_delivery_again_is_answered_with_the_same_receipt(client: Client, home: Path) -> None:
    first = post(client, sign(statement()))
    size = leaves(home)
    again = post(client, sign(statement()))
    assert (again.status_code, again.content) == (200, first.content)
    assert leaves(home) == size


def test_small_delivery_is_answered_with_a_promise(client: Client) -> None:
    answer = post(client, sign(statement()), address=f"{ADDRESS}?small=1")
    assert answer.status_code == 202
    assert receipts.check(receipts.parse(answer.content), vkey=SIGNER.vkey).status == "promised"


def test_site_without_the_key_keeps_the_delivery_in_the_spool(client: Client, home: Path) -> None:
    (home / "keys" / "log.key").unlink()
    answer = post(client, sign(statement()))
    assert (answer.status_code, answer.json()["status"]) == (202, "waiting")


def test_refusal_is_a_problem_with_its_code_and_is_counted(client: Client, home: Path) -> None:
    before = leaves(home)
    answer = post(client, sign(statement(), OTHER_KEY))
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert answer.json()["code"] == "submission-wrong-signature"
    assert leaves(home) == before
    assert client.get("/api/deliveries/refusals/").json() == {"refusals": {"submission-wrong-signature": 1}}


@pytest.mark.parametrize("code", sorted(code for code in errors.STATUS if code.startswith("submission-")))
def test_every_refusal_has_a_status_and_a_sentence_for_readers(code: str) -> None:
    assert 400 <= errors.status_of(code) < 500
    assert code in errors.SENTENCES


def test_file_that_its_parser_refuses_is_a_problem_of_the_sender(client: Client) -> None:
    data = FILE.replace(b"12.5", b"twaalf")
    answer = post(client, sign(statement(data)), data)
    assert (answer.status_code, answer.json()["code"]) == (422, "input-number")


class Unreadable:
    """A body of which nothing may be read."""

    def read(self, size: int = -1) -> bytes:
        raise AssertionError("the body was read")

    readline = read


@pytest.mark.parametrize(
    ("signed", "length", "code"),
    [
        (sign(statement(submitter="onbekend")), str(len(FILE)), "submission-unknown-submitter"),
        (sign(statement(), OTHER_KEY), str(len(FILE)), "submission-wrong-signature"),
        (sign(statement(size=2 * 2**30)), str(2 * 2**30), "submission-too-large"),
        (sign(statement()), str(2 * 2**30), "submission-payload"),
        (sign(statement()), str(len(FILE) - 1), "submission-payload"),
        (sign(statement()), "", "submission-payload"),
        (sign(statement()), "-1", "submission-length"),
    ],
)
@pytest.mark.parametrize("address", [ADDRESS, f"{ADDRESS}check/"])
def test_hostile_delivery_is_refused_before_a_byte_is_read(
    client: Client, signed: Signed, length: str, code: str, address: str
) -> None:
    answer = client.generic(
        "POST",
        address,
        headers=headers(signed),
        **{"CONTENT_LENGTH": length, "wsgi.input": Unreadable()},  # type: ignore[arg-type]
    )
    if address == ADDRESS or answer.status_code != 200:
        assert answer.json()["code"] == code
    else:
        assert [one["code"] for one in answer.json()["findings"]] == [code]


def test_body_of_unknown_length_is_refused(client: Client) -> None:
    answer = post(client, sign(statement()), FILE, **{"Transfer-Encoding": "chunked"})
    assert (answer.status_code, answer.json()["code"]) == (411, "submission-length")


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"Goedebuur-Statement": "????", "Goedebuur-Signature": "AAAA"},
        {"Goedebuur-Statement": "e30=", "Goedebuur-Signature": ""},
    ],
)
def test_headers_that_are_no_statement_are_a_bad_request(client: Client, said: dict[str, str]) -> None:
    answer = client.post(ADDRESS, FILE, content_type="application/octet-stream", headers=said)
    assert (answer.status_code, answer.json()["code"]) == (400, "submission-malformed")
    assert client.get("/api/deliveries/refusals/").json() == {"refusals": {"submission-malformed": 1}}


def test_check_finds_everything_and_keeps_nothing(client: Client, home: Path) -> None:
    data = station_file({"NL10001": ["1", "2"]}, component="PM10")
    before = leaves(home)
    answer = post(client, sign(statement(data)), data, f"{ADDRESS}check/").json()
    assert [one["code"] for one in answer["findings"]] == ["submission-scope-quantity", "submission-other-site"]
    assert (answer["rows"], answer["values_in"], answer["known"]) == (2, 2, False)
    assert leaves(home) == before
    assert client.get("/api/deliveries/refusals/").json() == {"refusals": {}}


def begin(client: Client, signed: Signed) -> str:
    answer = client.post(f"{ADDRESS}uploads/", headers=headers(signed))
    assert (answer.status_code, answer["Upload-Offset"]) == (201, "0")
    return str(answer["Location"])


def part(client: Client, place: str, offset: int, data: bytes):  # type: ignore[no-untyped-def]
    return client.patch(place, data, content_type="application/octet-stream", headers={"Upload-Offset": str(offset)})


def test_delivery_in_parts_is_answered_with_how_far_it_is_and_then_a_receipt(client: Client) -> None:
    place = begin(client, sign(statement()))
    answer = part(client, place, 0, FILE[:100])
    assert (answer.status_code, answer["Upload-Offset"]) == (204, "100")
    assert client.head(place)["Upload-Offset"] == "100"
    assert part(client, place, 100, FILE[100:]).status_code == 201
    assert client.head(place).status_code == 404


def test_part_that_begins_elsewhere_is_refused(client: Client) -> None:
    place = begin(client, sign(statement()))
    part(client, place, 0, FILE[:100])
    assert part(client, place, 50, FILE[50:]).status_code == 409
    assert part(client, place, 100, FILE[:]).json()["code"] == "submission-payload"
    assert client.head(place)["Upload-Offset"] == "100"


def test_upload_of_other_bytes_is_refused_and_can_begin_anew(client: Client) -> None:
    place = begin(client, sign(statement()))
    answer = part(client, place, 0, bytes(len(FILE)))
    assert (answer.status_code, answer.json()["code"]) == (422, "submission-payload")
    assert begin(client, sign(statement())) == place


def test_upload_goes_on_when_the_clock_ran_on(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    place = begin(client, sign(statement()))
    part(client, place, 0, FILE[:100])
    monkeypatch.setattr(views, "now", lambda: NOW + timedelta(hours=5))
    assert part(client, place, 100, FILE[100:]).status_code == 201


def test_revoked_key_ends_an_upload_that_is_under_way(client: Client, home: Path) -> None:
    from goedebuur.services import submitters

    place = begin(client, sign(statement()))
    record = open_record(home / "record")
    submitters.revoke_key(record, "meetbureau", "k1", NOW, "gestolen", NOW)
    record.close()
    assert part(client, place, 0, FILE).json()["code"] == "submission-key-revoked"


def test_submitter_cannot_have_uploads_without_end(client: Client) -> None:
    for n in range(20):
        begin(client, sign(statement(nonce=f"{n:016x}")))
    answer = client.post(f"{ADDRESS}uploads/", headers=headers(sign(statement())))
    assert (answer.status_code, answer.json()["code"]) == (429, "submission-too-many")


def test_slow_part_is_stopped_and_what_came_is_kept(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    class Request:
        META: ClassVar[dict[str, object]] = {}
        headers: ClassVar[dict[str, str]] = {"Content-Length": "9"}

        def read(self, size: int) -> bytes:
            return b"x"

    clock = itertools.count(0, 301)
    monkeypatch.setattr(uploading.time, "monotonic", lambda: next(clock))
    found = uploading.chunks(Request())  # type: ignore[arg-type]
    assert next(found) == b"x"
    with pytest.raises(Exception, match="took too long"):
        next(found)


def test_submitters_are_public_with_their_keys(client: Client) -> None:
    (found,) = client.get("/api/submitters/").json()["submitters"]
    assert (found["id"], found["keys"][0]["id"]) == ("meetbureau", "k1")
    assert client.get("/api/submitters/?as_of=1").json()["submitters"][0]["keys"] == []


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture
def port(client: Client) -> Iterator[int]:
    """A server on this machine, for connections that break."""
    server = WSGIServer(("127.0.0.1", 0), Quiet)
    server.set_app(WSGIHandler())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def ask(port: int, method: str, place: str, body: bytes = b"", **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(method, place, body or None, {"Host": "testserver"} | headers)
    answer = connection.getresponse()
    found = answer.status, dict(answer.getheaders()), answer.read()
    connection.close()
    return found


def test_upload_that_breaks_off_goes_on_where_it_was(port: int) -> None:
    data = station_file({"NL90001": ["12.5"] * 5000})
    signed = sign(statement(data))
    said = headers(signed) | {"Host": "testserver"}
    _, got, _ = ask(port, "POST", f"{ADDRESS}uploads/", **said)
    place = got["Location"]
    with socket.create_connection(("127.0.0.1", port)) as connection:
        head = f"PATCH {place} HTTP/1.1\r\nHost: testserver\r\nUpload-Offset: 0\r\nContent-Length: {len(data)}\r\n\r\n"
        connection.sendall(head.encode() + data[:100_000])
    # the connection is gone; the server answers one request after the other, so the next one comes after it
    _, got, _ = ask(port, "HEAD", place)
    assert got["Upload-Offset"] == "100000"
    status, _, body = ask(port, "PATCH", place, data[100_000:], **{"Upload-Offset": "100000"})
    assert status == 201
    shown = receipts.check(receipts.parse(body), vkey=SIGNER.vkey)
    assert shown.statement.sha256 == statement(data).sha256
    assert json.loads(ask(port, "GET", f"/api/deliveries/{shown.indexes[-1]}/")[2])["payload_size"] == len(data)


def test_delivery_in_one_request_that_breaks_off_can_be_sent_again(port: int) -> None:
    data = station_file({"NL90001": ["12.5"] * 5000})
    said = headers(sign(statement(data))) | {"Host": "testserver"}
    lines = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    with socket.create_connection(("127.0.0.1", port)) as connection:
        head = f"POST {ADDRESS} HTTP/1.1\r\n{lines}Content-Length: {len(data)}\r\n\r\n"
        connection.sendall(head.encode() + data[:1000])
    assert ask(port, "POST", ADDRESS, data, **said)[0] == 201


def test_settings_hold_the_clock_and_the_size(client: Client) -> None:
    from django.conf import settings
    from django.test import override_settings

    strict = dataclasses.replace(settings.GOEDEBUUR, clock_minutes=1)
    from goedebuur.core.base.periods import iso

    late = sign(statement(created=iso(NOW - timedelta(minutes=2))))
    with override_settings(GOEDEBUUR=strict):
        assert post(client, late).json()["code"] == "submission-clock"
    assert post(client, late).status_code == 201


def test_page_of_deliveries_counts_refusals_by_reason(client: Client) -> None:
    assert "Geweigerd" not in client.get("/leveringen/").content.decode()
    post(client, sign(statement(), OTHER_KEY))
    post(client, sign(statement(FILE.replace(b"12.5", b"twaalf"))), FILE.replace(b"12.5", b"twaalf"))
    page = client.get("/leveringen/").content.decode()
    assert "De handtekening past niet bij deze levering en deze sleutel." in page
    assert "Het bestand is niet te lezen." in page


def test_page_of_a_signed_leaf_names_the_key(client: Client) -> None:
    leaf = receipts.parse(post(client, sign(statement())).content).leaves[-1].index
    page = client.get(f"/leveringen/{leaf}/").content.decode()
    assert "Ondertekend met sleutel" in page
    assert client.get(f"/api/deliveries/{leaf}/").json()["signed_with"] == "k1"
    assert "Ondertekend met sleutel" not in client.get("/leveringen/0/").content.decode()


def test_upload_of_which_all_bytes_came_ends_with_an_empty_part(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from goedebuur.services import submitting

    def broken(*_: object, **__: object) -> None:
        raise OSError("the machine stops")

    place = begin(client, sign(statement()))
    client.raise_request_exception = False
    with monkeypatch.context() as stopping:
        stopping.setattr(submitting, "submit", broken)
        assert part(client, place, 0, FILE).status_code == 500
    assert client.head(place)["Upload-Offset"] == str(len(FILE))
    assert part(client, place, len(FILE), b"").status_code == 201
