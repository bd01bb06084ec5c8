"""What the tests of this folder share: the rule book's claims are held against what each test saw."""

from __future__ import annotations

from collections.abc import Generator

import pytest
from tests.rulebook.seen import watching

from goedebuur.core.base.rulebook import CHECKS


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Let a test fail that the rule book names as having seen a check at work, where it did not see it."""
    with watching() as seen:
        yield
    lacking = sorted(check.id for check in CHECKS.values() if check.test == item.nodeid and check.id not in seen)
    if lacking:
        pytest.fail(f"the rule book says that this test has seen {', '.join(lacking)} at work", pytrace=False)
