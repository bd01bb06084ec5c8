"""Records of a stack as fields of catalogue records and of JSON, and back: strict on reading."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, TypeVar

from goedebuur.core.base import plain
from goedebuur.core.emissions.abatement import Abatement
from goedebuur.core.emissions.processing import Processing
from goedebuur.core.emissions.streams import CalibrationFunction, Stream

StackRecord = Stream | CalibrationFunction | Processing | Abatement
KINDS: Final[Mapping[str, type[StackRecord]]] = {
    "stream": Stream,
    "calibration_function": CalibrationFunction,
    "processing": Processing,
    "abatement": Abatement,
}
"""Kind of catalogue record → what it holds."""
Found = TypeVar("Found", Stream, CalibrationFunction, Processing, Abatement)


def kind(made: type[StackRecord]) -> str:
    """Return the kind of catalogue record that holds these."""
    return next(kind for kind, one in KINDS.items() if one is made)


def read(made: type[Found], said: Mapping[str, Any]) -> Found:
    """Return the record in the fields of a catalogue record.

    Raises
    ------
    GoedeBuurError
        The first fault.
    """
    return plain.require(made, said)


def body(one: StackRecord) -> dict[str, Any]:
    """Return the fields as the catalogue keeps them; a field that is left out says nothing."""
    return plain.write(one)


def in_use(one: StackRecord, day: date) -> bool:
    """Return whether something was in use on a day; a first day that is not known lies before every day."""
    after = one.valid_from is None or one.valid_from <= day
    return after and (one.valid_to is None or day <= one.valid_to)
