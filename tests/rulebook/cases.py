"""Files that break one rule each: a sample in the layout of its supplier, and what is changed in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from tests.adapters.samples import SAMPLES

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.rulebook import CHECKS
from goedebuur.services import preparing
from goedebuur.services.preparing import Prepared

Change = Callable[[bytes], bytes]


@dataclass(frozen=True)
class Case:
    """What breaks a rule, and what the refusal has to name.

    Parameters
    ----------
    sample
        Key of the sample that is changed.
    change
        From its bytes to those that break the rule.
    place
        What the place in the refusal ends with, after the name of the file: line and column where there are any.
    value
        The value that the refusal names.
    named
        Whether the adapter is named, as with `--adapter`.
    """

    sample: str
    change: Change
    place: str = ""
    value: str = ""
    named: bool = True


def to(old: str, new: str, encoding: str = "latin-1") -> Change:
    """A change of one place in a file."""

    def change(data: bytes) -> bytes:
        before, after = old.encode(encoding), new.encode(encoding)
        assert data.count(before) >= 1, old
        return data.replace(before, after, 1)

    return change


def read(case: Case) -> Prepared:
    """The delivery as it is read on its way in."""
    adapter, name, data = SAMPLES[case.sample]
    changed = case.change(data)
    return preparing.prepare(changed, name, preparing.choose(changed, name, adapter if case.named else None))


def require_refused(check: str, case: Case) -> GoedeBuurError:
    """Check that a case is refused by this check, with row, column and value, and that its sample is not."""
    adapter, name, data = SAMPLES[case.sample]
    preparing.prepare(data, name, preparing.choose(data, name, adapter))
    with pytest.raises(GoedeBuurError) as raised:
        read(case)
    error = raised.value
    assert (error.check, error.code) == (check, CHECKS[check].code), error
    assert error.place == f"{name}{case.place}"
    assert case.value in error.value
    assert len(error.hint) > 10
    return error
