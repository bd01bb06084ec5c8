"""The spreadsheet that a permit writer fills in: made by the program, from the same table of fields as the pages."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from goedebuur.adapters.permit_sheet import DECISION_SHEET, EXAMPLE, HELP_SHEET, LISTS_SHEET, MARK, MAX_ROWS, sheet_of
from goedebuur.core.permits.conditions import ConditionKind
from goedebuur.core.permits.entry import fields as entry_fields
from goedebuur.core.permits.entry.kinds import UNITS_OF
from goedebuur.core.permits.entry.shapes import Field, Shape
from goedebuur.core.permits.entry.words import CHOICES
from goedebuur.core.permits.names import Names

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_INTRODUCTION: Final = (
    "Zo vult u dit formulier in",
    "Vul op het blad Besluit de tweede kolom in, en daarna per soort voorschrift een blad.",
    "Bladen die u niet nodig hebt laat u leeg.",
    "Eén rij is één grenswaarde of plicht. Heeft een voorschrift er meer, nummer ze dan 3.1.2-a, 3.1.2-b.",
    "Velden met een sterretje moeten ingevuld zijn. Wat niet in het besluit staat laat u leeg.",
    "De rij met “voorbeeld” in de eerste kolom laat zien hoe het moet. Zij wordt niet ingelezen.",
    "Schrijf getallen met een komma en zonder punten. Voeg geen cellen samen.",
    "Verberg geen rijen: een verborgen rij wordt niet ingelezen, en dat wordt gezegd.",
    "Geen namen van mensen: wat openbaar wordt, blijft openbaar.",
    "Bewaar het bestand als .xlsx. Bij het inlezen ziet u alle fouten tegelijk, met blad, rij en kolom.",
)
_WIDE: Final = {
    Shape.WORDS: 60,
    Shape.LIST: 30,
    Shape.POINTS: 36,
    Shape.REQUIREMENTS: 40,
    Shape.LEVELS: 24,
    Shape.ROWS: 40,
}
_EXAMPLES: Final = {
    ConditionKind.LOAD_CAP: {
        "value": "40",
        "unit": "t",
        "text": "De emissie van zwaveldioxide bedraagt ten hoogste 40 ton per kalenderjaar.",
        "substance": "zwaveldioxide",
    },
    ConditionKind.TECHNIQUE: {
        "text": "De afgassen worden gereinigd met een naverbrander van minstens 850 °C.",
        "technique": "naverbrander",
        "when": "",
    },
    ConditionKind.MEASURING_DUTY: {"text": "Stikstofoxiden en koolmonoxide worden twee keer per jaar gemeten."},
    ConditionKind.STUDY_DUTY: {
        "text": "Uiterlijk op 1 juli 2027 is onderzocht hoe de emissie van ammoniak verder omlaag kan."
    },
    ConditionKind.DEADLINE: {"text": "Uiterlijk op 1 juli 2027 is het meetvlak aangebracht."},
    ConditionKind.ODOUR: {
        "value": "0,5",
        "unit": "ouE/m³",
        "points": "",
        "text": "De geur bij aaneengesloten woonbebouwing is ten hoogste 0,5 ouE/m³ als 98-percentiel.",
    },
    ConditionKind.NOISE: {
        "text": "Het langtijdgemiddeld beoordelingsniveau op zonepunt 4 is ten hoogste 50, 45 en 40 dB(A)."
    },
    ConditionKind.WATER_DISCHARGE: {
        "substance": "onopgeloste stoffen",
        "value": "30",
        "unit": "mg/l",
        "averaging": "steekmonster",
        "sampling": "steekmonster",
        "text": "Het geloosde water bevat ten hoogste 30 mg/l onopgeloste stoffen in enig steekmonster.",
    },
}
"""What of an example row differs from the examples of the fields."""


def template(names: Names) -> bytes:
    """Return the empty template, in .xlsx."""
    import openpyxl

    book = openpyxl.Workbook()
    first = book.active
    assert first is not None, "a new workbook has a sheet"
    first.title = HELP_SHEET
    lists = _Lists(book, names)
    _decision(book.create_sheet(DECISION_SHEET), lists)
    for kind in ConditionKind:
        _conditions(book.create_sheet(sheet_of(kind)), kind, lists)
    _explain(first)
    lists.write()
    book.active = book.sheetnames.index(DECISION_SHEET)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


class _Lists:
    """The words that drop-downs offer, each list in a column of a sheet of its own."""

    def __init__(self, book: Workbook, names: Names) -> None:
        self.book = book
        self.substances = tuple(dict.fromkeys(row.nl for row in names.rows))
        self.columns: dict[tuple[str, ...], int] = {}

    def offer(self, sheet: Worksheet, area: str, words: Sequence[str], *, strict: bool) -> None:
        """Offer words in the cells of an area; where `strict` no other word is taken."""
        from openpyxl.utils import get_column_letter
        from openpyxl.worksheet.datavalidation import DataValidation

        column = self.columns.setdefault(tuple(words), len(self.columns) + 1)
        letter = get_column_letter(column)
        rule = DataValidation(
            type="list", formula1=f"{LISTS_SHEET}!${letter}$1:${letter}${len(words)}", allow_blank=True
        )
        rule.showErrorMessage = strict
        rule.errorTitle, rule.error = "Kies uit de lijst", "Dit woord kan hier niet staan."
        sheet.add_data_validation(rule)
        rule.add(area)

    def write(self) -> None:
        """Write the sheet with the lists, when all are known."""
        sheet = self.book.create_sheet(LISTS_SHEET)
        for words, column in self.columns.items():
            for row, one in enumerate(words, 1):
                sheet.cell(row, column, one)
        sheet.sheet_state = "hidden"

    def words_of(self, field: Field, kind: ConditionKind | None) -> tuple[tuple[str, ...], bool]:
        """Return the words that a field offers, and whether no others are taken; none for a field without."""
        if field.choices is not None and field.shape in (Shape.CHOICE, Shape.YES_NO):
            return tuple(text.nl for text in CHOICES[field.choices].values()), True
        if field.name == "unit" and kind is not None:
            return UNITS_OF[kind], True
        if field.name == "substance":
            return self.substances, False
        return (), False


def _decision(sheet: Worksheet, lists: _Lists) -> None:
    sheet.append(["Veld", "Vul hier in", "Uitleg"])
    for row, field in enumerate(entry_fields.DECISION, 2):
        sheet.cell(row, 1, _label(field))
        sheet.cell(row, 3, _help(field))
        cell = sheet.cell(row, 2)
        cell.number_format = "dd-mm-yyyy" if field.shape is Shape.DAY else "@"
        words, strict = lists.words_of(field, None)
        if words:
            lists.offer(sheet, cell.coordinate, words, strict=strict)
    for letter, width in (("A", 28), ("B", 44), ("C", 80)):
        sheet.column_dimensions[letter].width = width
    _style_head(sheet)


def _conditions(sheet: Worksheet, kind: ConditionKind, lists: _Lists) -> None:
    from openpyxl.utils import get_column_letter

    fields = [field for field in entry_fields.of_condition(kind) if field.name != "kind"]
    ordered = [*(one for one in fields if not one.more), *(one for one in fields if one.more)]
    sheet.append([MARK, *map(_label, ordered)])
    without = {"no_form", "derogation_basis", "derogation_article", "derogation_reason", "replaces", "alternative"}
    without |= {"share", "share_over", "factor", "above", "above_unit", "tailored", "comparison", "level_other", "cas"}
    examples = {one.name: one.example for one in ordered if one.name not in without and not one.more}
    examples |= _EXAMPLES.get(kind, {})
    sheet.append([EXAMPLE, *(examples.get(one.name, "") for one in ordered)])
    for column, field in enumerate(ordered, 2):
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = _WIDE.get(field.shape, 16)
        sheet.column_dimensions[letter].number_format = _format(field)
        sheet.cell(2, column).number_format = _format(field)
        words, strict = lists.words_of(field, kind)
        if words:
            lists.offer(sheet, f"{letter}3:{letter}{MAX_ROWS}", words, strict=strict)
    sheet.freeze_panes = "C2"
    _style_head(sheet)
    _style_example(sheet)


def _format(field: Field) -> str:
    if field.shape is Shape.DAY:
        return "dd-mm-yyyy"
    return "General" if field.shape in (Shape.NUMBER, Shape.COUNT) else "@"


def _label(field: Field) -> str:
    return f"{field.label.nl} *" if field.required else field.label.nl


def _help(field: Field) -> str:
    example = f"Bijvoorbeeld: {field.example}" if field.example else ""
    return " ".join(part for part in (field.help.nl, example) if part)


def _explain(sheet: Worksheet) -> None:
    from openpyxl.styles import Alignment, Font

    for line in _INTRODUCTION:
        sheet.append([line])
    sheet.append([])
    sheet.append(["Veld", "Uitleg", "Moet ingevuld zijn"])
    head = sheet.max_row
    for field in entry_fields.every_condition_field():
        sheet.append([field.label.nl, _help(field), "ja" if field.required else ""])
    for cell in (sheet["A1"], *sheet[head]):
        cell.font = Font(bold=True)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 44, 110
    for row in sheet.iter_rows(min_row=2, max_row=head - 2, max_col=1):
        row[0].alignment = Alignment(wrap_text=False)


def _style_head(sheet: Worksheet) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DDE7EE")
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def _style_example(sheet: Worksheet) -> None:
    from openpyxl.styles import Font

    for cell in sheet[2]:
        cell.font = Font(italic=True, color="666666")
