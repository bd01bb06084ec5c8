"""The rules that an expectation is held to; the record of it applies them."""

from __future__ import annotations

from typing import Final

from goedebuur.core.base import rulebook
from goedebuur.core.base.errors import declare

EXPECTATION_MALFORMED: Final = declare("expectation-malformed", "An expectation is not in a form that it has.")
MOST_PATTERNS: Final = 200

_BOOK: Final = rulebook.area(
    "expectation",
    "Verwachtingen: wie wat wanneer levert",
    "Expectations: who delivers what and when",
    rulebook.described("docs/methods/expectations.md"),
    "tests/rulebook/test_expectations.py::test_refused",
)
READABLE: Final = _BOOK.refuse(
    "readable",
    EXPECTATION_MALFORMED,
    "Een verwachting heeft precies de velden van een verwachting.",
    "An expectation has exactly the fields of one.",
)
TERM: Final = _BOOK.refuse(
    "term",
    EXPECTATION_MALFORMED,
    "Een termijn is geschreven als P14D, P2M of PT36H.",
    "A term is written as P14D, P2M or PT36H.",
    basis=rulebook.standard("ISO 8601-1:2019, 5.5.2: durations"),
)
NAME: Final = _BOOK.refuse(
    "id",
    EXPECTATION_MALFORMED,
    "Een verwachting heeft een naam van letters, cijfers, punten en streepjes.",
    "An expectation has a name of letters, digits, dots and hyphens.",
)
SUBMITTER: Final = _BOOK.refuse(
    "submitter",
    EXPECTATION_MALFORMED,
    "Een verwachting noemt de leverancier bij zijn naam in het register.",
    "An expectation names the submitter by its name in the record.",
)
SERIES: Final = _BOOK.refuse(
    "series",
    EXPECTATION_MALFORMED,
    f"Een verwachting noemt reeksen, of patronen van reeksen, ten hoogste {MOST_PATTERNS}.",
    f"An expectation names series, or patterns of series, {MOST_PATTERNS} at most.",
)
STEP: Final = _BOOK.refuse(
    "step",
    EXPECTATION_MALFORMED,
    "De stap is korter dan de tijd waarover één levering gaat.",
    "The step is shorter than the time that one delivery spans.",
)
BASIS: Final = _BOOK.refuse(
    "basis",
    EXPECTATION_MALFORMED,
    "Een verwachting rust op een regel of een afspraak.",
    "An expectation rests on a rule or an agreement.",
)
REFERENCE: Final = _BOOK.refuse(
    "reference",
    EXPECTATION_MALFORMED,
    "Een verwachting die op een regel rust, zegt waar die staat.",
    "An expectation that rests on a rule says where that is written.",
)
ARTICLE: Final = _BOOK.refuse(
    "article",
    EXPECTATION_MALFORMED,
    "Een verwachting die op een regel rust, noemt het artikel of voorschrift.",
    "An expectation that rests on a rule names the article or condition.",
)
FIRST_DAY: Final = _BOOK.refuse(
    "valid-from",
    EXPECTATION_MALFORMED,
    "De eerste dag van een verwachting bestaat en is geschreven als 2026-12-31.",
    "The first day of an expectation exists and is written as 2026-12-31.",
    basis=rulebook.standard("ISO 8601-1:2019, 5.2.2.1"),
)
LAST_DAY: Final = _BOOK.refuse(
    "valid-to",
    EXPECTATION_MALFORMED,
    "De laatste dag van een verwachting komt niet voor de eerste.",
    "The last day of an expectation does not come before the first.",
)
SAME_STEP: Final = _BOOK.refuse(
    "same-step",
    EXPECTATION_MALFORMED,
    "Een reeks die met name genoemd is heeft de stap van de verwachting.",
    "A series that is named has the step of the expectation.",
)
