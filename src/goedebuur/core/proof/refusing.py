"""What is said of a proof file of which a step does not hold."""

from __future__ import annotations

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger.proofs import PROOF_WRONG


def wrong(message: str, place: str, value: str) -> GoedeBuurError:
    """Return the error of a step that does not hold."""
    return GoedeBuurError(
        PROOF_WRONG,
        message,
        place=place,
        value=value,
        hint="Ask for the proof again. If it stays wrong, keep the file: it shows that something was changed.",
    )
