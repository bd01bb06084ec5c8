"""The tables of grounds, roles and reasons are sound, and a bad one is an error with row and column."""

from __future__ import annotations

from importlib import resources

import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.rules import closing


def shipped(table: str) -> bytes:
    return (resources.files("goedebuur.rules") / "tables" / f"closing_{table}.csv").read_bytes()


@pytest.mark.parametrize("table", closing.TABLES)
def test_every_row_has_words_in_both_languages(table: str) -> None:
    assert closing.terms(table)
    assert all(row.text.nl and row.text.en for row in closing.terms(table).values())


def test_grounds_of_the_first_two_paragraphs_do_not_hold_for_emissions() -> None:
    # Woo art. 5.1(7)
    grounds = closing.terms("grounds").values()
    barred = {row.id for row in grounds if row.article.startswith(("Woo 5.1(1)", "Woo 5.1(2)"))}
    assert len(barred) == 11
    assert {row.id for row in grounds if "emissions" not in row.uses} == barred


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("id,closes", "id,shuts", "row 1, column columns"),
        ("Woo 5.1(1)(b),yes", "Woo 5.1(1)(b),maybe", "row 4, column closes"),
        ("memory-medium,strafrechtelijk onderzoek", "sure,strafrechtelijk onderzoek", "row 3, column status"),
        ("Woo 5.1(1)(c),yes", "Woo 5.1(1)(b),yes", "row 5, column id"),
        (",unannounced control", ",", "row 2, column text_en"),
    ],
)
def test_bad_cell_is_an_error_with_row_and_column(old: str, new: str, place: str) -> None:
    assert old.encode() in shipped("grounds")
    with pytest.raises(GoedeBuurError) as caught:
        closing.parse("grounds", shipped("grounds").replace(old.encode(), new.encode(), 1))
    assert caught.value.code == "rules-table"
    assert caught.value.place.endswith(place)
