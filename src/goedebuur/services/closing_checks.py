"""What a delivery that is to be closed is held to: the checks of an open one, and none of its content in the answer.

Whoever closes may keep what the program says where others can read it. So what is wrong is told as the rule that was
broken, without place or value; `goedebuur submit --dry-run FILE` shows those on the screen of who has the file.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from goedebuur.core.base.errors import CATALOGUE, GoedeBuurError, declare
from goedebuur.core.base.rulebook import CHECKS
from goedebuur.core.emissions.signals import is_of_stack
from goedebuur.core.expectations import reasons
from goedebuur.rules.closing import Term
from goedebuur.services import examining, preparing, stack_delivery
from goedebuur.services.examining import Finding

if TYPE_CHECKING:
    from goedebuur.adapters.base import Adapter
    from goedebuur.services.preparing import Prepared
    from goedebuur.services.record import Record

REASONS: Final = declare("closing-gap-reasons", "Reasons for gaps are never closed.")
EMISSIONS: Final = declare("closing-emissions", "On this ground, information on emissions cannot be closed.")
TOO_MANY: Final = declare("closing-too-many", "This delivery has more series than one closed leaf can stand for.")
STRANGER: Final = declare("closing-unknown-submitter", "A closed delivery names a submitter that the record knows.")
MOST_SERIES: Final = 300
"""The opened leaf has room for as many, beside what it replaces."""
SUFFIXES: Final = frozenset({".csv", ".gz", ".json", ".txt", ".xml", ".zip"})


def read(
    record: Record, data: bytes, name: str, ground: Term, adapter: str | None = None, submitter: str | None = None
) -> Prepared:
    """Return a delivery that may be closed on a ground, its name left out and its submitter one that is known.

    Raises
    ------
    GoedeBuurError
        An `input-…` or `adapter-…` error that says nothing of the content; `closing-…` for what is never closed.
    """
    try:
        chosen = preparing.choose(data, name, adapter)
        prepared = stack_delivery.prepare(record, data, name, chosen, submitter)
    except GoedeBuurError as error:
        raise _untold(error) from None
    _require_closable(record, prepared, chosen, ground)
    suffix = Path(name).suffix.lower()
    return replace(prepared, name="closed" + (suffix if suffix in SUFFIXES else ""))


def _require_closable(record: Record, prepared: Prepared, chosen: Adapter, ground: Term) -> None:
    """Check that what was read may be closed on a ground, by a submitter that is known."""
    if any(one.kind == reasons.KIND for one in prepared.catalogue):
        raise GoedeBuurError(
            REASONS,
            "Reasons for gaps are never closed.",
            place="file",
            hint="Leave the reason out as long as it may not be known, and state it when it may.",
        )
    if _is_of_emissions(prepared) and "emissions" not in ground.uses:
        raise GoedeBuurError(
            EMISSIONS,
            "On this ground, information on emissions cannot be closed.",
            place="ground",
            value=ground.id,
            hint="Woo art. 5.1(7): the grounds of its first two paragraphs do not hold for emissions.",
        )
    if prepared.submitter != chosen.submitter and not record.catalogue.state("submitter", ids=[prepared.submitter]):
        raise GoedeBuurError(
            STRANGER,
            "A closed delivery names a submitter that the record knows.",
            place="submitter",
            hint="Enter the submitter first: an organisation, never a person.",
        )
    if len(prepared.named) > MOST_SERIES:
        raise GoedeBuurError(
            TOO_MANY,
            "This delivery has more series than one closed leaf can stand for.",
            place="file",
            hint=f"Close files of at most {MOST_SERIES} series.",
        )


def examine(
    record: Record, data: bytes, name: str, ground: Term, adapter: str | None = None, submitter: str | None = None
) -> list[Finding]:
    """Return everything that an open delivery would be told, as rules without content; nothing is written."""
    looked = examining.read(data, name, adapter, submitter, record)
    found = examining.findings(looked.refusals, looked.more, looked.prepared, record)
    told: dict[tuple[str, str], Finding] = {}
    for one in found:
        known = told.get((one.check, one.code))
        number = one.number + (known.number if known is not None else 0)
        said = _said(one.check, one.code)
        told[one.check, one.code] = Finding(one.severity, one.check, said, code=one.code, number=number)
    if looked.prepared is not None and not looked.refusals:
        try:
            _require_closable(record, looked.prepared, preparing.choose(data, name, adapter), ground)
        except GoedeBuurError as error:
            return [*examining.findings([error], {}, None), *told.values()]
    return list(told.values())


def _untold(error: GoedeBuurError) -> GoedeBuurError:
    """Return an error as the rule that was broken, without anything of the file."""
    hint = "`goedebuur submit --dry-run FILE` says where, on your screen alone."
    return GoedeBuurError(error.code, _said(error.check, error.code), place="file", hint=hint, check=error.check)


def _said(check: str, code: str) -> str:
    return f"A rule is not kept: {CHECKS[check].said.en}" if check else CATALOGUE.get(code, "Something is to be said.")


def _is_of_emissions(prepared: Prepared) -> bool:
    """Return whether a delivery tells what left a site: releases, reports, sightings, or signals of a stack."""
    return prepared.release or any(map(is_of_stack, prepared.named))
