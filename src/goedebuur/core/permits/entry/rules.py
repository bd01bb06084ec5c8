"""The rules that what is typed of a decision is held to, in a form of the website or a spreadsheet."""

from __future__ import annotations

from typing import Final

from goedebuur.core.base import rulebook
from goedebuur.core.base.errors import declare

MISTAKES: Final = declare("input-sheet-mistakes", "A filled-in spreadsheet has mistakes; nothing of it was entered.")

_BOOK: Final = rulebook.area(
    "permit-entry",
    "Een besluit zoals het is ingetypt",
    "A decision as it is typed",
    rulebook.own(
        "wat een mens typt wordt nooit geraden: bij twijfel wordt het gevraagd",
        "what a person types is never guessed: where it is in doubt it is asked",
    ),
    "tests/rulebook/test_entry.py::test_refused",
)
NUMBER: Final = _BOOK.refuse(
    "number",
    MISTAKES,
    "Een getal bestaat uit cijfers, met een komma of punt voor decimalen.",
    "A number is written in digits, with a comma or point for decimals.",
)
POINT: Final = _BOOK.refuse(
    "point",
    MISTAKES,
    "Een punt in een getal kan maar één ding betekenen: duizendtallen of decimalen.",
    "A point in a number can mean one thing alone: thousands or decimals.",
)
COUNT: Final = _BOOK.refuse(
    "count",
    MISTAKES,
    "Een aantal is een heel getal boven nul.",
    "A number of things is a whole number above zero.",
)
DAY: Final = _BOOK.refuse(
    "day",
    MISTAKES,
    "Een datum bestaat, en is geschreven als dag-maand-jaar.",
    "A day exists, and is written as day-month-year.",
)
UNIT: Final = _BOOK.refuse(
    "unit",
    MISTAKES,
    "De eenheid staat in de lijst.",
    "The unit is in the list.",
)
ONE_LINE: Final = _BOOK.refuse(
    "one-line",
    MISTAKES,
    "In een vak voor één regel staat één regel.",
    "In a field for one line there is one line.",
)
POINTS: Final = _BOOK.refuse(
    "points",
    MISTAKES,
    "Een punt is een naam met x en y in RD.",
    "A point is a name with x and y in RD.",
)
REQUIREMENTS: Final = _BOOK.refuse(
    "requirements",
    MISTAKES,
    "Een eis is een grootheid, minstens of hoogstens, een getal en een eenheid.",
    "A requirement is a parameter, at least or at most, a number and a unit.",
)
LEVELS: Final = _BOOK.refuse(
    "levels",
    MISTAKES,
    "Een geluidswaarde is van, tot en een getal.",
    "A level of noise is from, until and a number.",
)
TWICE: Final = _BOOK.refuse(
    "twice",
    MISTAKES,
    "Elk nummer van een voorschrift staat er één keer.",
    "Each number of a condition is there once.",
)
RULE: Final = _BOOK.refuse(
    "rule",
    MISTAKES,
    "Een algemene regel staat in de tabel.",
    "A general rule is in the table.",
)
NONE_BESIDE: Final = _BOOK.refuse(
    "none-beside",
    MISTAKES,
    "Een regel “geen” staat niet naast een algemene regel voor hetzelfde deel.",
    "A rule “none” does not stand beside a general rule for the same part.",
)
NONE_OXYGEN: Final = _BOOK.refuse(
    "none-oxygen",
    MISTAKES,
    "Bij “geen” algemene regel hoort geen zuurstof.",
    "With “no” general rule goes no content of oxygen.",
)
GROUND: Final = _BOOK.refuse(
    "ground",
    MISTAKES,
    "Een grond om iets weg te laten staat in de tabel.",
    "A ground to leave something out is in the table.",
)
EMISSIONS: Final = _BOOK.refuse(
    "emissions",
    MISTAKES,
    "Gegevens over emissies blijven niet weg op een grond die daarvoor niet geldt.",
    "Information on emissions is not left out on a ground that does not hold for it.",
    basis=rulebook.law("Woo 5.1(7): the grounds of its first two paragraphs do not hold for emissions"),
)
OPERATOR: Final = _BOOK.refuse(
    "operator",
    MISTAKES,
    "De exploitant staat in het register.",
    "The operator is in the record.",
)
STRAY: Final = _BOOK.refuse(
    "stray",
    MISTAKES,
    "Een ingevuld veld hoort bij de soort voorschrift.",
    "A field that is filled in is one of the kind of condition.",
)
STRAY_NO_FORM: Final = _BOOK.refuse(
    "stray-no-form",
    MISTAKES,
    "Een voorschrift dat niet te berekenen is, heeft geen velden om mee te rekenen.",
    "A condition that is not computable has no fields to compute with.",
)
CHOICE: Final = _BOOK.refuse(
    "choice",
    MISTAKES,
    "Een keuze is een van de woorden uit de lijst.",
    "A choice is one of the words of the list.",
)
UNIT_OF_KIND: Final = _BOOK.refuse(
    "unit-of-kind",
    MISTAKES,
    "De eenheid past bij de soort voorschrift.",
    "The unit fits the kind of condition.",
)
PLACE: Final = _BOOK.refuse(
    "place",
    MISTAKES,
    "Een deel van de locatie staat bij die locatie in het register.",
    "A part of the site is in the record at that site.",
)
CAS: Final = _BOOK.refuse(
    "cas",
    MISTAKES,
    "Het CAS-nummer is dat van de stof in de tabel.",
    "The CAS number is that of the substance in the table.",
)
FILLED: Final = _BOOK.refuse(
    "filled",
    MISTAKES,
    "Een verplicht veld is ingevuld.",
    "A field that must be filled in is filled in.",
)
PARTS: Final = _BOOK.refuse(
    "parts",
    MISTAKES,
    "Een regel met delen heeft er niet meer dan er kolommen zijn.",
    "A line of parts has no more of them than there are columns.",
)
