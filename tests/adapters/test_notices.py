"""Webhooks and mail on sockets of this machine: what arrives, how often it is tried, and what is said otherwise."""

from __future__ import annotations

import email
import email.policy
import json
import socket
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from goedebuur.adapters.notices import Lines, Mail, Webhook
from goedebuur.core.base.errors import GoedeBuurError

NOTICE = {"id": "ab12", "kind": "correction", "log": "log.example", "alarm": False, "text": "rivm: correctie. µg/m³"}


class Receiver(HTTPServer):
    """Answers with the statuses given, in turn, and keeps what came."""

    def __init__(self, statuses: list[int]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.statuses = statuses
        self.came: list[tuple[str, str, bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hook"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.came.append((self.headers["Content-Type"], self.headers["Idempotency-Key"], body))
        self.send_response(self.server.statuses.pop(0))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver([]) as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def test_line_is_json() -> None:
    lines: list[str] = []
    Lines(lines.append).send(NOTICE)
    assert json.loads(lines[0]) == NOTICE
    assert "\n" not in lines[0]


def test_webhook_gets_the_notice_and_its_identity(receiver: Receiver) -> None:
    receiver.statuses += [204]
    Webhook(receiver.url).send(NOTICE)
    ((kind, key, body),) = receiver.came
    assert (kind, key) == ("application/json", "ab12")
    assert json.loads(body) == NOTICE


def test_webhook_that_fails_is_tried_again_with_the_same_identity(receiver: Receiver) -> None:
    receiver.statuses += [500, 429, 200]
    waits: list[float] = []
    Webhook(receiver.url, sleep=waits.append).send(NOTICE)
    assert [key for _, key, _ in receiver.came] == ["ab12"] * 3
    assert waits == [2.0, 4.0]


def test_webhook_that_keeps_failing_is_said(receiver: Receiver) -> None:
    receiver.statuses += [500, 500, 302]
    with pytest.raises(GoedeBuurError) as error:
        Webhook(receiver.url, sleep=lambda _: None).send(NOTICE)
    assert (error.value.code, error.value.value) == ("notice-undelivered", "status 302")


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "nonsense", "http://[::1"])
def test_address_that_leads_nowhere_is_said(url: str) -> None:
    with pytest.raises(GoedeBuurError) as error:
        Webhook(url, sleep=lambda _: None).send(NOTICE)
    assert error.value.code == "notice-undelivered"


def mail_server(listener: socket.socket, came: list[EmailMessage], refuse: bytes = b"") -> None:
    """Take one mail as the least of mail servers does (RFC 5321), or refuse at a command."""
    connection, _ = listener.accept()
    with connection, connection.makefile("rb") as lines:
        connection.sendall(b"220 ready\r\n")
        for line in lines:
            command = line.strip().upper()
            if refuse and command.startswith(refuse):
                connection.sendall(b"550 no\r\n")
            elif command == b"DATA":
                connection.sendall(b"354 go on\r\n")
                data = b""
                while (part := lines.readline()) != b".\r\n":
                    data += part
                message = email.message_from_bytes(data, policy=email.policy.default)
                assert isinstance(message, EmailMessage)
                came.append(message)
                connection.sendall(b"250 taken\r\n")
            elif command == b"QUIT":
                connection.sendall(b"221 bye\r\n")
                return
            else:
                connection.sendall(b"250 ok\r\n")


def mailed(notice: dict[str, object], server: str = "smtp://127.0.0.1", refuse: bytes = b"") -> list[EmailMessage]:
    came: list[EmailMessage] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=mail_server, args=(listener, came, refuse))
        thread.start()
        try:
            Mail(f"{server}:{listener.getsockname()[1]}", "van@example.org", "aan@example.org").send(notice)
        finally:
            thread.join()
    return came


def test_mail_says_it_in_its_subject_and_has_all_in_its_text() -> None:
    (message,) = mailed(NOTICE)
    assert message["Subject"] == "correction - log.example"
    assert message["Message-ID"] == "<ab12@monitor.goedebuur>"
    text = message.get_content()
    assert text.startswith("rivm: correctie. µg/m³")
    assert '"id": "ab12"' in text


def test_alarm_is_in_the_subject() -> None:
    (message,) = mailed(NOTICE | {"kind": "fork", "alarm": True})
    assert message["Subject"] == "ALARM: fork - log.example"


def test_line_break_in_a_notice_adds_no_header() -> None:
    (message,) = mailed(NOTICE | {"kind": "fork\nBcc: everyone@example.org"})
    assert message["Subject"] == "fork Bcc: everyone@example.org - log.example"
    assert message["Bcc"] is None


def test_mail_that_is_refused_is_said() -> None:
    with pytest.raises(GoedeBuurError) as error:
        mailed(NOTICE, refuse=b"RCPT")
    assert error.value.code == "notice-undelivered"


def test_password_never_goes_over_an_open_line() -> None:
    """The server has no STARTTLS: then nothing of the password is sent, and the notice waits."""
    with pytest.raises(GoedeBuurError) as error:
        mailed(NOTICE, "smtp://someone:secret@127.0.0.1")
    assert "starttls" in error.value.value.lower()
