"""The page on the table set says of every column what the records say."""

from __future__ import annotations

from tools.stack_tables import PAGE, page

from goedebuur.core.emissions import sheets
from goedebuur.services import stack_tables


def test_page_is_what_the_records_say() -> None:
    assert PAGE.read_text("utf-8") == page()


def test_every_column_is_explained_in_words() -> None:
    told = {(sheet, column): meaning for sheet, column, _, meaning in stack_tables.described()}
    assert set(told) == {(sheet.name, column) for sheet in sheets.sheets() for column in sheet.header}
    bare = [key for key, meaning in told.items() if " " not in meaning.replace("; must be there", "")]
    assert bare == []
