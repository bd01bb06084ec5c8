"""Duties as an iCalendar file, for the agenda of whoever has to do them.

References
----------
RFC 5545, 3.1 (folding), 3.3.11 (escaping), 3.6.1 (events of whole days), 3.8.4.7 (UID), 3.8.7.2 (DTSTAMP)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Final

from goedebuur.core.emissions.duties import Duty, State

LINE: Final = 75
"""Longest line, without its end. [byte] RFC 5545, 3.1"""
NAME: Final = "goedebuur"


def calendar(
    duties: Iterable[Duty], on: date, now: datetime, title: Callable[[Duty], str], detail: Callable[[Duty], str]
) -> str:
    """Return the duties as events of a whole day, each on the last day by the strictest reading.

    Parameters
    ----------
    on
        Day on which what is done or late is told.
    now
        When the file is made.
    title, detail
        Words for one duty.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//{NAME}//duties//NL", "CALSCALE:GREGORIAN"]
    for one in duties:
        state = one.state(on)
        done = state in (State.DONE, State.DONE_LATE)
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_text(one.key)}@{NAME}",
            f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{one.due:%Y%m%d}",
            f"DTEND;VALUE=DATE:{one.due + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_text(title(one))}",
            f"DESCRIPTION:{_text(detail(one))}",
            f"CATEGORIES:{_text(one.kind.value)}",
            "TRANSP:TRANSPARENT",
            f"STATUS:{'CONFIRMED' if done else 'TENTATIVE'}",
            "END:VEVENT",
        ]
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\n").replace("\n", "\\n")


def _folded(line: str) -> str:
    """Return a line cut so that none is too long, never inside a letter."""
    pieces: list[str] = []
    piece, size = "", 0
    for letter in line:
        width = len(letter.encode())
        if size + width > (LINE if not pieces else LINE - 1):
            pieces.append(piece)
            piece, size = "", 0
        piece, size = piece + letter, size + width
    return "\r\n ".join([*pieces, piece])
