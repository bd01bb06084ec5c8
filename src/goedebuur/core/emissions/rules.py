"""The rules that emission points and what belongs to them are held to: each record, the table set, and the record."""

from __future__ import annotations

from typing import Final

from goedebuur.core.base import errors, rulebook
from goedebuur.core.base.errors import declare
from goedebuur.core.base.plain import FIELD_VALUE

TABLE: Final = declare("input-table", "A sheet of a table set is not as it should be.")
OTHER: Final = declare("stack-table-substance", "A table set says other of a substance than the table of the program.")
REFERENCE: Final = declare("stack-reference", "A record of a stack names something that is not in the record.")
NO_REASON: Final = declare("stack-no-reason", "What is in the record of a stack is changed only with a reason.")
SERIES: Final = declare("stack-series", "The series of a stream does not fit its unit or step, or is that of another.")
SUBSTANCE_CODE: Final = declare("stack-substance", "A stack's record names a substance otherwise than the table does.")
OVERLAP: Final = declare("stack-overlap", "Two functions of one stream, or settings of one point, begin on one day.")
MAX_COLUMNS: Final = 100
MAX_ROWS: Final = 20_000
"""Most rows of one sheet of a table set that are read."""

_POINT: Final = rulebook.area(
    "stack-point",
    "Schoorstenen: stromen, functies, verwerking en reiniging",
    "Stacks: streams, functions, processing and abatement",
    rulebook.described("docs/methods/stack-tables.md"),
    "tests/rulebook/test_stack_tables.py::test_refused",
)
SUBSTANCE: Final = _POINT.refuse(
    "substance",
    FIELD_VALUE,
    "Een stroom van een concentratie noemt een stof, en een andere stroom niet.",
    "A stream of a concentration names a substance, and another stream does not.",
)
CODES: Final = _POINT.refuse(
    "codes",
    FIELD_VALUE,
    "Een stroom van toestanden zegt waar zijn codes voor staan, en een andere stroom niet.",
    "A stream of states says what its codes stand for, and another stream does not.",
)
STEP: Final = _POINT.refuse(
    "step",
    FIELD_VALUE,
    "Een stap past een heel aantal keer in een uur.",
    "A step goes into an hour a whole number of times.",
)
RANGE: Final = _POINT.refuse(
    "range",
    FIELD_VALUE,
    "Het eind van een meetbereik ligt boven het begin.",
    "The upper end of a range lies above the lower.",
)
ENDS: Final = _POINT.refuse(
    "ends",
    FIELD_VALUE,
    "Wat een eerste en laatste dag heeft, eindigt niet voor het begint.",
    "What has a first and a last day does not end before it begins.",
)
SLOPE: Final = _POINT.refuse(
    "slope",
    FIELD_VALUE,
    "Een kalibratiefunctie heeft een helling die niet nul is.",
    "A calibration function has a slope that is not zero.",
    basis=rulebook.standard("EN 14181 (QAL2): the value is offset plus slope times the signal"),
)
CLEANS: Final = _POINT.refuse(
    "cleans",
    FIELD_VALUE,
    "Een reiniging hoort bij minstens één emissiepunt.",
    "Abatement belongs to one emission point at least.",
)
EFFICIENCY: Final = _POINT.refuse(
    "efficiency",
    FIELD_VALUE,
    "Een rendement ligt van 0 tot 100 %.",
    "An efficiency lies from 0 to 100 %.",
)
OXYGEN: Final = _POINT.refuse(
    "oxygen",
    FIELD_VALUE,
    "Een referentie voor zuurstof ligt van 0 tot 21 %.",
    "A reference content of oxygen lies from 0 to 21 %.",
    basis=rulebook.law("Directive 2010/75/EU, Annex VI part 7: (21 − O_ref) ÷ (21 − O_meas)"),
)
ONLY_ABOVE: Final = _POINT.refuse(
    "only-above",
    FIELD_VALUE,
    "Alleen boven de referentie herleiden kan als er een referentie is.",
    "Correcting above the reference alone needs a reference.",
    basis=rulebook.law("Directive 2010/75/EU, Annex VI part 7: hazardous waste, only above the standard content"),
)
ABOVE_ZERO: Final = _POINT.refuse(
    "above-zero",
    FIELD_VALUE,
    "Temperatuur en druk van de referentie liggen boven nul.",
    "Temperature and pressure of the reference lie above zero.",
)
TAKEN: Final = _POINT.refuse(
    "taken",
    FIELD_VALUE,
    "Van wat naast een concentratie nodig is, staat er een stroom of een vaste waarde.",
    "Of what is needed beside a concentration there is a stream or a stated value.",
)
LENGTHS: Final = _POINT.refuse(
    "lengths",
    FIELD_VALUE,
    "De verwerking noemt hoelang een kort gemiddelde duurt.",
    "The processing names how long a short average lasts.",
    basis=rulebook.standard("EN 17255-1: how an average is made is settled beforehand"),
)
LENGTH: Final = _POINT.refuse(
    "length",
    FIELD_VALUE,
    "Een kort gemiddelde duurt 10, 30 of 60 minuten.",
    "A short average lasts 10, 30 or 60 minutes.",
    basis=rulebook.standard("EN 17255-1: how an average is made is settled beforehand"),
)
SHARE: Final = _POINT.refuse(
    "share",
    FIELD_VALUE,
    "Het deel van een gemiddelde dat gemeten moet zijn ligt tussen 0 en 1.",
    "The share of an average that must be measured lies between 0 and 1.",
    basis=rulebook.standard("EN 17255-1: how an average is made is settled beforehand"),
)
GUARD: Final = _POINT.refuse(
    "oxygen-guard",
    FIELD_VALUE,
    "De zuurstof waarboven niet herleid wordt ligt tussen 0 en 21 %.",
    "The oxygen above which nothing is corrected lies between 0 and 21 %.",
    basis=rulebook.law("Directive 2010/75/EU, Annex VI part 7: (21 − O_ref) ÷ (21 − O_meas)"),
)
QUESTION: Final = _POINT.refuse(
    "question",
    FIELD_VALUE,
    "Een verwerking die niet bevestigd is, stelt de vraag die een mens moet beantwoorden.",
    "Processing that is not confirmed asks the question that a person must answer.",
    basis=rulebook.own("een rij die niet bevestigd is, beslist nooit", "a row that is not confirmed never decides"),
)
ONCE: Final = _POINT.refuse(
    "once",
    FIELD_VALUE,
    "Een verwerking zegt alles één keer.",
    "Processing says each thing once.",
)
_SET: Final = rulebook.area(
    "stack-set",
    "De tabellenset van schoorstenen",
    "The table set of stacks",
    rulebook.described("docs/methods/stack-tables.md"),
    "tests/rulebook/test_stack_tables.py::test_refused",
)
HAS_ROWS: Final = _SET.refuse(
    "has-rows",
    errors.EMPTY_INPUT,
    "In minstens één blad van de set staat een rij.",
    "At least one sheet of the set has a row.",
)
SHEET: Final = _SET.refuse(
    "sheet",
    TABLE,
    "De set heeft elk blad met zo'n naam.",
    "The set has each sheet of such a name.",
)
READABLE: Final = _SET.refuse(
    "csv",
    TABLE,
    "Een blad in CSV is te lezen: UTF-8, met een komma of puntkomma.",
    "A sheet in CSV can be read: UTF-8, with a comma or semicolon.",
    basis=rulebook.described("RFC 4180"),
)
ROWS: Final = _SET.refuse(
    "rows",
    TABLE,
    f"Een blad heeft ten hoogste {MAX_ROWS} rijen.",
    f"A sheet has {MAX_ROWS} rows at most.",
)
COLUMNS: Final = _SET.refuse(
    "columns",
    TABLE,
    f"Een blad heeft ten hoogste {MAX_COLUMNS} kolommen.",
    f"A sheet has {MAX_COLUMNS} columns at most.",
)
COLUMN: Final = _SET.refuse(
    "column",
    TABLE,
    "Elke kolom hoort bij het blad.",
    "Each column is one of the sheet.",
)
COLUMN_ONCE: Final = _SET.refuse(
    "column-once",
    TABLE,
    "Een kolom staat er één keer.",
    "A column is there once.",
)
COLUMN_THERE: Final = _SET.refuse(
    "column-there",
    TABLE,
    "Een kolom die er moet zijn, is er.",
    "A column that must be there is there.",
)
NAMED: Final = _SET.refuse(
    "cell-named",
    TABLE,
    "Elke ingevulde cel staat onder de naam van een kolom.",
    "Each cell that is filled in stands below the name of a column.",
)
MERGED: Final = _SET.refuse(
    "merged",
    TABLE,
    "Een cel is niet samengevoegd met andere.",
    "A cell is not merged with others.",
)
FORMULA: Final = _SET.refuse(
    "formula",
    TABLE,
    "In een cel staat geen formule.",
    "A cell has no formula.",
)
ERROR: Final = _SET.refuse(
    "error",
    TABLE,
    "In een cel staat geen fout van het rekenblad.",
    "A cell has no error of the spreadsheet.",
)
TIME: Final = _SET.refuse(
    "time",
    TABLE,
    "In een cel staat geen tijdstip.",
    "A cell has no time of day.",
)
RECORD_ONCE: Final = _SET.refuse(
    "record-once",
    FIELD_VALUE,
    "Elk record heeft één rij.",
    "Each record has one row.",
)
OWNER: Final = _SET.refuse(
    "owner",
    FIELD_VALUE,
    "Een rij van een onderdeel hoort bij een rij erboven.",
    "The row of a part belongs to a row above it.",
)
NUMBERED: Final = _SET.refuse(
    "number",
    FIELD_VALUE,
    "Een rij van een onderdeel heeft een nummer: 1, 2, 3, of 1.1 onder rij 1.",
    "The row of a part has a number: 1, 2, 3, or 1.1 below row 1.",
)
NUMBER_ONCE: Final = _SET.refuse(
    "number-once",
    FIELD_VALUE,
    "Van één record staat elk nummer er één keer.",
    "Of one record each number is there once.",
)
SUBSTANCE_KNOWN: Final = _SET.refuse(
    "substance-known",
    OTHER,
    "Een stof in de set is een rij van de tabel van stoffen.",
    "A substance in the set is a row of the table of substances.",
)
SUBSTANCE_SAME: Final = _SET.refuse(
    "substance-same",
    OTHER,
    "De set zegt van een stof hetzelfde als de tabel van stoffen.",
    "The set says the same of a substance as the table of substances.",
    basis=rulebook.own(
        "een tabel van het programma verandert niet door een levering",
        "a table of the program is not changed by a delivery",
    ),
)
_RECORD: Final = rulebook.area(
    "stack-entry",
    "Schoorstenen: wat het register al heeft",
    "Stacks: what the record has already",
    rulebook.own(
        "een waarde telt alleen als vaststaat waar en waarvan zij is",
        "a value counts only where it is settled where and of what it is",
    ),
    "tests/rulebook/test_stack_tables.py::test_refused",
)
POINT_KNOWN: Final = _RECORD.refuse(
    "point",
    REFERENCE,
    "Het emissiepunt staat bij deze locatie in het register, of komt mee.",
    "The emission point is in the record at this site, or comes with it.",
)
INSTALLATION_KNOWN: Final = _RECORD.refuse(
    "installation",
    REFERENCE,
    "De installatie staat bij deze locatie in het register, of komt mee.",
    "The installation is in the record at this site, or comes with it.",
)
STREAM_KNOWN: Final = _RECORD.refuse(
    "stream",
    REFERENCE,
    "De stroom die genoemd wordt staat in het register, of komt mee.",
    "The stream that is named is in the record, or comes with it.",
)
STREAM_ROLE: Final = _RECORD.refuse(
    "role",
    REFERENCE,
    "De stroom die genoemd wordt vertelt waar hij voor gebruikt wordt.",
    "The stream that is named tells of what it is used for.",
)
SERIES_QUANTITY: Final = _RECORD.refuse(
    "series-quantity",
    SERIES,
    "De reeks van een stroom noemt een grootheid uit de tabel.",
    "The series of a stream names a quantity of the table.",
)
SERIES_STEP: Final = _RECORD.refuse(
    "series-step",
    SERIES,
    "De reeks van een stroom heeft de stap van de stroom.",
    "The series of a stream has the step of the stream.",
)
SERIES_UNIT: Final = _RECORD.refuse(
    "series-unit",
    SERIES,
    "De eenheid van een stroom is er een van zijn grootheid.",
    "The unit of a stream is one of its quantity.",
)
SERIES_SUBSTANCE: Final = _RECORD.refuse(
    "series-substance",
    SERIES,
    "De reeks van een stroom is van dezelfde stof als de stroom.",
    "The series of a stream is of the same substance as the stream.",
)
SERIES_OWN: Final = _RECORD.refuse(
    "series-own",
    SERIES,
    "Twee stromen die op één dag in gebruik zijn, zijn niet één reeks.",
    "Two streams that are in use on one day are not one series.",
)
ROW_KNOWN: Final = _RECORD.refuse(
    "substance",
    SUBSTANCE_CODE,
    "De code van een stof is een rij van de tabel van stoffen.",
    "The code of a substance is a row of the table of substances.",
)
ROW_CAS: Final = _RECORD.refuse(
    "cas",
    SUBSTANCE_CODE,
    "Het CAS-nummer van een stof is dat van haar rij in de tabel.",
    "The CAS number of a substance is that of its row in the table.",
)
FIRST_DAY: Final = _RECORD.refuse(
    "first-day",
    OVERLAP,
    "Twee functies van een stroom, of twee verwerkingen van een punt, beginnen niet op dezelfde dag.",
    "Two functions of a stream, or two processings of a point, do not begin on the same day.",
)
HAS_REASON: Final = _RECORD.refuse(
    "reason",
    NO_REASON,
    "Wie verandert wat in het register staat, zegt waarom.",
    "Who changes what is in the record says why.",
)
