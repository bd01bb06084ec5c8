"""The one error that reaches a person: what, where, which value, and what to do.

Every code is a row of the catalogue in :data:`CATALOGUE`; `docs/beheer/foutcodes.md` explains each of them, and a
test holds the two together. Only the web layer knows HTTP status codes, only the command line knows exit codes.
"""

from __future__ import annotations

from typing import Final

CATALOGUE: Final[dict[str, str]] = {}


def declare(code: str, meaning: str) -> str:
    """Return the code after entering it in the catalogue; a code declared twice is a mistake in the program."""
    if code in CATALOGUE:
        raise ValueError(f"error code {code} is declared twice")
    CATALOGUE[code] = meaning
    return code


EMPTY_INPUT: Final = declare("input-empty", "The delivered file holds nothing.")
NOT_THIS_FORMAT: Final = declare("input-not-this-format", "The bytes are not in the format that was named.")
TRUNCATED_INPUT: Final = declare("input-truncated", "The file ends before its own header says it should.")
BAD_ENCODING: Final = declare("input-encoding", "The bytes cannot be read in the encoding of this format.")
MISSING_COLUMN: Final = declare("input-missing-column", "A column that the format requires is not there.")
BAD_TIME: Final = declare("input-time", "A time cannot be read, or does not fit the step of its series.")
BAD_NUMBER: Final = declare("input-number", "A value is not a decimal number.")
TOO_MANY_DECIMALS: Final = declare("input-decimals", "A value has more decimals than its series declares.")
OUT_OF_RANGE: Final = declare("input-magnitude", "A value is larger than an exact sum can carry.")
UNKNOWN_UNIT: Final = declare("input-unit", "The unit is not known for this quantity.")
UNKNOWN_QUANTITY: Final = declare("input-quantity", "The substance or quantity is not in the table.")
LINE_TOO_LONG: Final = declare("input-line-too-long", "A line is longer than any line of this format can be.")
DUPLICATE_KEY: Final = declare("input-duplicate", "One file gives two different values for one series and time.")


def printable(text: str) -> str:
    r"""Return text in which a terminal finds nothing to obey: what cannot be printed is written as its escape.

    >>> printable("a\tb\x1b[31m\x00é")
    'a\\tb\\x1b[31m\\x00é'
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


class GoedeBuurError(Exception):
    """An error that stops the work, said so that a person can act on it.

    Parameters
    ----------
    code
        A code of :data:`CATALOGUE`.
    message
        What is wrong, in one sentence.
    place
        Where: a file, line, column or setting. Empty when there is no place.
    value
        The value at fault, shortened to 80 characters. Empty when there is none. Of value, place and message what
        cannot be printed is kept as its escape: they may quote a file.
    hint
        What to do about it.
    check
        The check of the rule book that refuses (:mod:`goedebuur.core.base.rulebook`). Empty for an error of no
        delivery.
    """

    def __init__(
        self, code: str, message: str, *, place: str = "", value: str = "", hint: str = "", check: str = ""
    ) -> None:
        if code not in CATALOGUE:
            raise ValueError(f"error code {code} is not in the catalogue")
        self.code = code
        self.message = printable(message)
        self.place = printable(place)
        value = printable(value)
        self.value = value if len(value) <= 80 else value[:77] + "..."
        self.hint = hint
        self.check = check
        super().__init__(self.as_text())

    def at(self, place: str, hint: str | None = None) -> GoedeBuurError:
        """Return the same error at another place, for whoever knows where it was better than what raised it.

        Parameters
        ----------
        hint
            What to do about it, where that is known better too; None for what it says already.
        """
        said = self.hint if hint is None else hint
        return GoedeBuurError(self.code, self.message, place=place, value=self.value, hint=said, check=self.check)

    def as_text(self) -> str:
        """Return the error as lines for a terminal or a log."""
        parts = [f"{self.message} [{self.code}]"]
        if self.place:
            parts.append(f"  where: {self.place}")
        if self.value:
            parts.append(f"  value: '{self.value}'")
        if self.hint:
            parts.append(f"  what to do: {self.hint}")
        if self.check:
            parts.append(f"  rule: {self.check}")
        return "\n".join(parts)

    def as_dict(self) -> dict[str, str]:
        """Return the error as fields, for JSON answers; `check` only where a check of the rule book refuses."""
        fields = {
            "code": self.code,
            "message": self.message,
            "place": self.place,
            "value": self.value,
            "hint": self.hint,
        }
        return fields | ({"check": self.check} if self.check else {})
