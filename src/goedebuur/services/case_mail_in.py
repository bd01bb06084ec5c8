"""Mail that came in for a case: read with the standard parser, kept with the case whose number it names.

Whatever a stranger can send is taken as it is: nothing in a mail is believed or run, its sender least of all. It is for
the people of the authority alone; what it says becomes an answer when one of them records it as such.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any, Final

from goedebuur.core.base.canonical import sha256
from goedebuur.core.base.errors import GoedeBuurError, declare, printable
from goedebuur.store.casework import attachments, messages

BAD_MAIL: Final = declare("case-mail-in", "This is no mail that can be kept with a case.")
MOST_BYTES: Final = 26_214_400
MOST_PARTS: Final = 200
MOST_FILES: Final = 50
LONGEST_TEXT: Final = 200_000
"""Of the text that is shown; all of the mail is kept as a file beside it. [character]"""
LONGEST_HEADER: Final = 1_000
"""Of a header that is read: the standard parser takes time with the square of it. [character]"""
_NUMBER: Final = re.compile(r"\bGB-\d{4}-\d{6,9}\b")


class _Short(policy.EmailPolicy):
    """Reads the begin of a header that is longer than a header is."""

    def header_fetch_parse(self, name: str, value: str) -> Any:
        return super().header_fetch_parse(name, value[:LONGEST_HEADER])


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one mail: kept with a case, kept for a person to place, or here before."""

    name: str
    became: str  # "kept" | "unplaced" | "again"
    number: str
    files: int


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    """What a mail says: headers as one line each, its plain text, and its files.

    Parameters
    ----------
    files
        Name, media type and bytes. The first is the whole mail: what was cut or cannot be shown is in there.
    """

    sender: str
    recipient: str
    subject: str
    body: str
    message_id: str
    files: tuple[tuple[str, str, bytes], ...]


def take(home: Path, data: bytes, name: str, now: datetime) -> Taken:
    """Keep one mail.

    Parameters
    ----------
    home
        Folder of the installation; files lie under it, by their digest.
    name
        Of the file, for the answer.

    Raises
    ------
    GoedeBuurError
        `case-mail-in`: nothing of it is kept then.
    """
    mail = read_mail(data, name)
    named = _NUMBER.findall(f"{mail.subject} {mail.recipient}")
    number = next((one for one in named if messages.has_case(one)), "")
    kept = messages.receive(
        number,
        sender=mail.sender,
        recipient=mail.recipient,
        subject=mail.subject,
        body=mail.body,
        message_id=mail.message_id,
        now=now,
        files=[attachments.put(home, *one) for one in mail.files],
    )
    became = ("kept" if number else "unplaced") if kept else "again"
    return Taken(name, became, number, len(mail.files))


def read_mail(data: bytes, name: str) -> ReceivedMail:
    """Return what a mail says, made fit to keep.

    Raises
    ------
    GoedeBuurError
        `case-mail-in`.
    """
    if not data.strip():
        raise _bad("The file is empty.", name)
    if len(data) > MOST_BYTES:
        raise _bad(f"The mail is larger than {MOST_BYTES} bytes.", name)
    mail = _parse(data, name)
    return ReceivedMail(
        sender=_line(mail, "from"),
        recipient=_line(mail, "to"),
        subject=_line(mail, "subject"),
        body=_text(mail),
        message_id=(_line(mail, "message-id") or f"<{sha256(data)}@sha256>")[:200],
        files=(("bericht.eml", "message/rfc822", data), *_files(mail, name)),
    )


def waiting(path: Path) -> Iterator[Path]:
    """Yield the mails at a path: one file, the `.eml` files of a folder, or the new ones of a maildir; by name."""
    if path.is_file():
        yield path
        return
    if not path.is_dir():
        raise _bad("There is no such file or folder.", path.name)
    inside = path / "new" if (path / "new").is_dir() and (path / "cur").is_dir() else path
    for one in sorted(inside.iterdir()):
        if one.is_file() and (inside is not path or one.suffix.lower() == ".eml"):
            yield one


def done(path: Path, one: Path) -> None:
    """Move a mail of a maildir from the new ones to those that were read; other files stay where they are."""
    if one.parent.name == "new" and one.parent.parent == path:
        one.rename(path / "cur" / f"{one.name}:2,S")


def _parse(data: bytes, name: str) -> EmailMessage:
    try:
        mail = BytesParser(policy=_Short()).parsebytes(data)
        if not isinstance(mail, EmailMessage) or not mail.keys():
            raise _bad("There are no headers of a mail.", name)
        if sum(1 for _ in mail.walk()) > MOST_PARTS:
            raise _bad(f"The mail has more than {MOST_PARTS} parts.", name)
    except (ValueError, LookupError, RecursionError, AttributeError, TypeError, IndexError, KeyError) as error:
        raise _bad("The mail cannot be read.", name) from error
    return mail


def _line(mail: EmailMessage, header: str) -> str:
    """Return a header as one line of at most 300 characters, with nothing to obey in it; empty where it is broken."""
    try:
        said = str(mail.get(header, ""))
    except (ValueError, LookupError, AttributeError, TypeError, IndexError, KeyError):
        return ""
    return printable(" ".join(_clean(said).split()))[:300]


def _text(mail: EmailMessage) -> str:
    """Return the plain text; empty where there is none, as in a mail of HTML alone."""
    try:
        part = mail.get_body(preferencelist=("plain",))
        said = part.get_content() if part is not None else ""
    except (ValueError, LookupError, AttributeError, TypeError, IndexError, KeyError):
        return ""
    return _clean(said)[:LONGEST_TEXT] if isinstance(said, str) else ""


def _files(mail: EmailMessage, name: str) -> Iterator[tuple[str, str, bytes]]:
    found = [part for part in mail.walk() if part.get_filename() or part.get_content_disposition() == "attachment"]
    if len(found) > MOST_FILES:
        raise _bad(f"The mail has more than {MOST_FILES} files.", name)
    for number, part in enumerate(found, start=1):
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            yield _file_name(part.get_filename() or "", number), part.get_content_type()[:100], content


def _file_name(given: str, number: int) -> str:
    """Return a name without folders, signs or length that could do harm."""
    last = re.split(r"[\\/]", _clean(given))[-1]
    return re.sub(r"[^\w .()+-]", "_", last).strip(" .")[:120] or f"bestand-{number}"


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")


def _bad(message: str, name: str) -> GoedeBuurError:
    return GoedeBuurError(
        BAD_MAIL,
        message,
        place=name,
        hint="Look at the file by hand; nothing of it was kept, and it stays where it is.",
    )
