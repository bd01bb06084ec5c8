"""The witnesses that a reader of a proof brings: a public key a line, as an operator or a newspaper gives them.

    # a line that begins so is passed over
    example.org/witness+4a1b2c3d+BAbc…  https://example.org/witness

What stands after the key, such as an address, is passed over too. Whose list it is decides what it is worth: one from
the site that is doubted says what that site wants it to say.
"""

from __future__ import annotations

from typing import Final

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.ledger.cosignatures import Policy

BAD_LIST: Final = declare("command-witnesses", "A list of witnesses cannot be used.")
COMMENT: Final = "#"


def keys(text: str) -> tuple[str, ...]:
    """Return the public keys in a list.

    >>> keys("# ours\\n\\nexample.org/a+01+AA https://example.org/a\\n")
    ('example.org/a+01+AA',)
    """
    lines = (line.split() for line in text.splitlines() if not line.lstrip().startswith(COMMENT))
    return tuple(words[0] for words in lines if words)


def policy(vkeys: tuple[str, ...], needed: int) -> Policy:
    """Return whose cosignatures count, and how many are asked for.

    Raises
    ------
    GoedeBuurError
        `command-witnesses` for a key that is none of a witness, one that is there twice, or more than there are.
    """
    try:
        return Policy(needed, vkeys)
    except GoedeBuurError as error:
        message, value = "This is not the public key of a witness.", error.value
    except ValueError as error:
        message, value = f"This list of witnesses cannot be used: {error}.", str(needed)
    raise GoedeBuurError(
        BAD_LIST,
        message,
        value=value,
        hint="Give each witness once, by its key as it gives it: NAME+NUMBER+KEY. Ask for no more than you name.",
    )
