"""The note in which the key of a log says which key came in its place, and when.

It is signed by both: who knows the old key from elsewhere can tell that its holder named the new one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger.notes import NOTE_MALFORMED, decode_vkey

HEADING: Final = "goedebuur key change v1"


@dataclass(frozen=True, slots=True)
class KeyChange:
    """One key in the place of another.

    Parameters
    ----------
    old, new
        Public keys in the C2SP form.
    at
        From when the new one signs alone, ISO UTC.
    """

    old: str
    new: str
    at: str

    def as_text(self) -> str:
        """Return the lines that are signed."""
        return f"{HEADING}\n{self.old}\n{self.new}\n{self.at}\n"


def parse_key_change(text: str) -> KeyChange:
    """Return the change in the text of a note.

    Raises
    ------
    GoedeBuurError
        `note-malformed`.
    """
    lines = text.split("\n")
    if len(lines) == 5:
        change = KeyChange(*lines[1:4])
        if change.as_text() == text and decode_vkey(change.old)[0] == decode_vkey(change.new)[0]:
            return change
    raise GoedeBuurError(NOTE_MALFORMED, "This is not a change of the key of a log.", value=text)
