"""The rules that a spreadsheet with a decision or a table set is held to, as a file and cell by cell."""

from __future__ import annotations

from typing import Final

from goedebuur.adapters.payloads import BAD_ARCHIVE, TOO_LARGE
from goedebuur.core.base import errors, rulebook
from goedebuur.core.base.errors import declare
from goedebuur.core.permits.entry.rules import MISTAKES

MAX_BYTES: Final = 10 * 2**20
"""Largest spreadsheet. [byte]"""
MAX_UNPACKED: Final = 60 * 2**20
"""Largest content, packed out. [byte]"""
MAX_PARTS: Final = 500
MAX_MERGED: Final = 20_000
"""Cells of one sheet that are merged or lead somewhere, together."""
MAX_ROWS: Final = 2000
"""Most rows of one sheet with conditions that are read."""
NO_SHEET: Final = declare("input-sheet", "A spreadsheet is not the template, or has none of its sheets.")

_BOOK: Final = rulebook.area(
    "sheet",
    "Een rekenblad: het bestand en de cellen",
    "A spreadsheet: the file and its cells",
    rulebook.own(
        "een rekenblad verandert cellen ongevraagd; wat er niet meer staat zoals het getypt is, wordt gezegd",
        "a spreadsheet changes cells unasked; what no longer stands as it was typed is said",
    ),
    "tests/rulebook/test_sheets.py::test_refused",
)
NOT_EMPTY: Final = _BOOK.refuse(
    "not-empty",
    errors.EMPTY_INPUT,
    "In het rekenblad staat iets.",
    "There is something in the spreadsheet.",
)
SIZE: Final = _BOOK.refuse(
    "size",
    TOO_LARGE,
    f"Een rekenblad is ten hoogste {MAX_BYTES // 2**20} MiB.",
    f"A spreadsheet is {MAX_BYTES // 2**20} MiB at most.",
)
IS_XLSX: Final = _BOOK.refuse(
    "xlsx",
    errors.NOT_THIS_FORMAT,
    "Het bestand is een rekenblad in .xlsx, of een zip met CSV, zonder wachtwoord.",
    "The file is a spreadsheet in .xlsx, or a zip of CSV, without a password.",
    basis=rulebook.described("ECMA-376 (.xlsx); PKWARE APPNOTE (zip)"),
)
ARCHIVE: Final = _BOOK.refuse(
    "archive",
    BAD_ARCHIVE,
    "Een rekenblad is heel en niet op slot.",
    "A spreadsheet is whole and not locked.",
    basis=rulebook.described("PKWARE APPNOTE (zip)"),
)
UNPACKED: Final = _BOOK.refuse(
    "unpacked",
    TOO_LARGE,
    f"Een rekenblad is uitgepakt ten hoogste {MAX_UNPACKED // 2**20} MiB in {MAX_PARTS} delen, zonder entiteiten.",
    f"A spreadsheet is {MAX_UNPACKED // 2**20} MiB in {MAX_PARTS} parts at most, unpacked, without entities.",
    basis=rulebook.own(
        "wat van buiten komt is begrensd voor iets het leest",
        "what comes from outside is bounded before anything reads it",
    ),
)
FEW_MERGED: Final = _BOOK.refuse(
    "few-merged",
    TOO_LARGE,
    f"In één blad zijn ten hoogste {MAX_MERGED} cellen samengevoegd of een koppeling.",
    f"In one sheet {MAX_MERGED} cells at most are merged or a link.",
    basis=rulebook.own(
        "wie het blad leest gaat ze een voor een langs", "whatever reads the sheet goes along them one by one"
    ),
)
WHOLE: Final = _BOOK.refuse(
    "whole",
    errors.TRUNCATED_INPUT,
    "Een rekenblad is te openen.",
    "A spreadsheet can be opened.",
)
TEMPLATE: Final = _BOOK.refuse(
    "template",
    NO_SHEET,
    "Het rekenblad is het formulier, en er is iets ingevuld.",
    "The spreadsheet is the form, and something is filled in.",
)
ROWS: Final = _BOOK.refuse(
    "rows",
    TOO_LARGE,
    f"Een blad heeft ten hoogste {MAX_ROWS} rijen met voorschriften.",
    f"A sheet has {MAX_ROWS} rows of conditions at most.",
)
COLUMN: Final = _BOOK.refuse(
    "column",
    MISTAKES,
    "Elke ingevulde cel staat in een kolom van het formulier.",
    "Each cell that is filled in stands in a column of the form.",
)
MERGED: Final = _BOOK.refuse(
    "merged",
    MISTAKES,
    "Een cel is niet samengevoegd met andere.",
    "A cell is not merged with others.",
)
FORMULA: Final = _BOOK.refuse(
    "formula",
    MISTAKES,
    "Een formule heeft een uitkomst.",
    "A formula has a result.",
)
ERROR: Final = _BOOK.refuse(
    "error",
    MISTAKES,
    "In een cel staat geen fout van het rekenblad.",
    "A cell has no error of the spreadsheet.",
)
DATE: Final = _BOOK.refuse(
    "date",
    MISTAKES,
    "Het rekenblad heeft van een getal of code geen datum gemaakt.",
    "The spreadsheet made no date of a number or code.",
)
TIME: Final = _BOOK.refuse(
    "time",
    MISTAKES,
    "Een datum heeft geen tijd erbij.",
    "A day has no time with it.",
)
DIGITS: Final = _BOOK.refuse(
    "digits",
    MISTAKES,
    "Het rekenblad heeft van een code geen getal gemaakt.",
    "The spreadsheet made no number of a code.",
)
HIDDEN_ROWS: Final = _BOOK.note(
    "hidden-rows",
    "Geen rij is verborgen: een verborgen rij is niet ingelezen.",
    "No row is hidden: a hidden row is not read.",
    test="tests/rulebook/test_sheets.py::test_noted[sheet-hidden-rows]",
)
HIDDEN_COLUMNS: Final = _BOOK.note(
    "hidden-columns",
    "Geen kolom is verborgen: een verborgen kolom is wel ingelezen.",
    "No column is hidden: a hidden column is read all the same.",
    test="tests/rulebook/test_sheets.py::test_noted[sheet-hidden-columns]",
)
RESULTS: Final = _BOOK.note(
    "results",
    "Waarden zijn getypt: van een formule is de uitkomst ingelezen.",
    "Values are typed: of a formula the result was read.",
    test="tests/rulebook/test_sheets.py::test_noted[sheet-results]",
)
SERIALS: Final = _BOOK.note(
    "serials",
    "Een dag is getypt als dag: een dagnummer is als dag ingelezen.",
    "A day is typed as a day: a day number was read as one.",
    test="tests/rulebook/test_sheets.py::test_noted[sheet-serials]",
)
OTHER_SHEETS: Final = _BOOK.note(
    "other-sheets",
    "Elk blad hoort bij het formulier: een ander blad is niet ingelezen.",
    "Each sheet is one of the form: another was not read.",
    test="tests/rulebook/test_sheets.py::test_noted[sheet-other-sheets]",
)
EXAMPLES: Final = _BOOK.note(
    "examples",
    "De voorbeeldregels zijn weggehaald: zij zijn overgeslagen.",
    "The example rows are taken away: they were left out.",
    test="tests/rulebook/test_sheets.py::test_noted[sheet-examples]",
)
