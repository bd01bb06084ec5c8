"""Telling someone: a line of JSON, a webhook, a mail. Each notice has an identity, and may come more than once.

A webhook gets the JSON by POST, the identity also as `Idempotency-Key`; any status from 200 to 299 means that it was
taken. Clock and sleep come in as arguments.
"""

from __future__ import annotations

import json
import smtplib
import ssl
import time
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

from goedebuur.core.base.errors import GoedeBuurError, declare

if TYPE_CHECKING:
    import httpx

UNDELIVERED: Final = declare("notice-undelivered", "A notice could not be delivered to a webhook or by mail.")

ATTEMPTS: Final = 3
FIRST_WAIT: Final = 2.0
ANSWER_TIME: Final = 20.0
"""Longest time for one attempt. [s]"""

Notice = Mapping[str, Any]


class Lines:
    """Writes each notice as one line of JSON."""

    name = "lines"

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write

    def send(self, notice: Notice) -> None:
        """Write one notice."""
        self._write(json.dumps(dict(notice), ensure_ascii=False, separators=(",", ":")))


class Webhook:
    """Sends each notice to an address by POST.

    Raises
    ------
    GoedeBuurError
        `notice-undelivered` from :meth:`send`, after :data:`ATTEMPTS` attempts.
    """

    def __init__(
        self, url: str, client: httpx.Client | None = None, *, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        import httpx

        self.name = f"webhook {url}"
        self._url = url
        self._client = client or httpx.Client(timeout=ANSWER_TIME, headers={"user-agent": "goedebuur"})
        self._sleep = sleep

    def send(self, notice: Notice) -> None:
        """Send one notice; it was taken when this returns."""
        import httpx

        body = json.dumps(dict(notice), ensure_ascii=False).encode()
        headers = {"content-type": "application/json", "idempotency-key": str(notice["id"])}
        why = ""
        for attempt in range(ATTEMPTS):
            if attempt:
                self._sleep(FIRST_WAIT * 2 ** (attempt - 1))
            try:
                answer = self._client.post(self._url, content=body, headers=headers)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                why = f"{type(error).__name__}: {error}"
                continue
            if answer.is_success:
                return
            why = f"status {answer.status_code}"
        raise _undelivered(self._url, why)


class Mail:
    """Sends each notice as a plain mail.

    Parameters
    ----------
    server
        `smtp://USER:PASSWORD@HOST:PORT` (STARTTLS wherever the server has it, and always before a password) or
        `smtps://`.
    sender, to
        Addresses.

    Raises
    ------
    GoedeBuurError
        `notice-undelivered` from :meth:`send`.
    """

    def __init__(self, server: str, sender: str, to: str) -> None:
        self.name = f"mail {to}"
        self._server, self._sender, self._to = urlsplit(server), sender, to

    def send(self, notice: Notice) -> None:
        """Send one notice; the mail server took it when this returns."""
        try:
            self.deliver(self._message(notice))
        except OSError as error:
            raise _undelivered(self._to, f"{type(error).__name__}: {error}") from error

    def deliver(self, message: EmailMessage) -> None:
        """Send one mail; the mail server took it when this returns, and OSError says that it did not."""
        with self._connected() as connection:
            connection.send_message(message)

    def plain(self, subject: str, text: str, message_id: str) -> EmailMessage:
        """Return a mail of plain text, which no program answers by itself."""
        message = EmailMessage(policy=SMTP)
        message["Subject"] = " ".join(subject.split())
        message["From"], message["To"] = self._sender, self._to
        message["Message-ID"] = message_id
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        return message

    def _connected(self) -> smtplib.SMTP:
        host = self._server.hostname or ""
        if self._server.scheme == "smtps":
            context = ssl.create_default_context()
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                host, self._server.port or 465, timeout=ANSWER_TIME, context=context
            )
        else:
            connection = smtplib.SMTP(host, self._server.port or 587, timeout=ANSWER_TIME)
        try:
            self._greet(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _greet(self, connection: smtplib.SMTP) -> None:
        """Agree on encryption and say who we are; a password is not sent without encryption."""
        connection.ehlo()
        secret = self._server.username or ""
        if self._server.scheme == "smtp" and (secret or connection.has_extn("starttls")):
            connection.starttls(context=ssl.create_default_context())
            connection.ehlo()
        if secret:
            connection.login(unquote(secret), unquote(self._server.password or ""))

    def _message(self, notice: Notice) -> EmailMessage:
        alarm = "ALARM: " if notice.get("alarm") else ""
        details = json.dumps(dict(notice), ensure_ascii=False, indent=1)
        # the same notice has the same identity, so that a reader's program can fold what came twice
        identity = f"<{notice['id']}@monitor.goedebuur>"
        return self.plain(f"{alarm}{notice['kind']} - {notice['log']}", f"{notice['text']}\n\n{details}\n", identity)


def _undelivered(place: str, why: str) -> GoedeBuurError:
    return GoedeBuurError(
        UNDELIVERED,
        "The notice was not taken.",
        place=place,
        value=why,
        hint="It is sent again the next time, with the same id.",
    )
