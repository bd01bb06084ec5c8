"""A publication holds what its version must, and nothing that it must not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.casework import publications
from goedebuur.core.casework.publications import Answer, Happening, Publication, Version

ID = "7f1c2d3e-0000-4000-8000-000000000001"
PUBLISHED = Publication(
    id=ID,
    number=1,
    version=Version.PUBLISHED,
    authority="odnzkg",
    decided_on=date(2026, 12, 1),
    reasons="Het gaat om uitstoot.",
    operators=("hoogoven-noord",),
    sites=("hoogoven-noord",),
    subject="Stof boven de grens",
    text="Op 3 oktober lag stof boven de grenswaarde.",
    language="nl",
    emissions=True,
    asked_on=date(2026, 11, 2),
    answer_until=date(2026, 11, 30),
    answer=Answer("Er was een storing.", date(2026, 11, 20)),
    history=(Happening(date(2026, 11, 2), "notify", "Naar het bedrijf gestuurd.", "Sent to the operator."),),
)
WITHHELD = Publication(
    id=ID,
    number=1,
    version=Version.WITHHELD,
    authority="odnzkg",
    decided_on=date(2026, 12, 1),
    ground="Woo 5.1(2)(d)",
    withheld_until=date(2027, 3, 1),
)


def test_record_reads_back_as_it_was_written() -> None:
    for one in (PUBLISHED, WITHHELD):
        assert publications.read(publications.body(one)) == one


def test_withheld_record_says_ground_and_end_and_nothing_else() -> None:
    assert set(publications.body(WITHHELD)) == {
        *("id", "number", "version", "authority", "decided_on", "ground", "withheld_until"),
    }


@pytest.mark.parametrize(
    "more",
    [
        {"text": "x"},
        {"subject": "x"},
        {"operators": ("x",)},
        {"sites": ("x",)},
        {"answer": PUBLISHED.answer},
        {"history": PUBLISHED.history},
        {"reasons": "x"},
        {"withheld_until": None},
        {"ground": ""},
        {"withheld_until": date(2026, 11, 30)},
    ],
)
def test_withheld_record_with_anything_of_the_finding_cannot_be(more: dict[str, object]) -> None:
    with pytest.raises(GoedeBuurError):
        replace(WITHHELD, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("less", ["reasons", "operators", "subject", "text", "language", "asked_on", "answer_until"])
def test_published_record_lacks_nothing(less: str) -> None:
    with pytest.raises(GoedeBuurError, match=less):
        replace(PUBLISHED, **{less: None if less.endswith(("on", "until")) else type(getattr(PUBLISHED, less))()})  # type: ignore[arg-type]


def test_withdrawn_record_has_its_reasons_and_no_text_or_answer() -> None:
    withdrawn = replace(PUBLISHED, version=Version.WITHDRAWN, subject="", text="", answer=None, number=2)
    assert not withdrawn.readable
    for more in ({"text": "x"}, {"subject": "x"}, {"answer": PUBLISHED.answer}, {"reasons": " "}):
        with pytest.raises(GoedeBuurError):
            replace(withdrawn, **more)  # type: ignore[arg-type]


def test_record_with_an_unknown_field_is_refused_with_its_place() -> None:
    with pytest.raises(GoedeBuurError, match="publication-record") as caught:
        publications.read({**publications.body(PUBLISHED), "author": "x"})
    assert caught.value.place == "author"
