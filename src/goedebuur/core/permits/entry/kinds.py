"""The fields of each kind of condition: its computable form, as a person types it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from goedebuur.core.base.sourced import Text
from goedebuur.core.permits.conditions import Comparison, ConditionKind, Manner, NoiseIndicator, Sampling
from goedebuur.core.permits.entry.shapes import Field, Shape, YesNo
from goedebuur.core.permits.limits import Averaging, OperatingState, Tailoring

UNITS_OF: Final[Mapping[ConditionKind, tuple[str, ...]]] = {
    ConditionKind.EMISSION_LIMIT: (
        *("mg/Nm³", "µg/Nm³", "ng/Nm³", "g/Nm³", "ng TEQ/Nm³", "mg/m³", "µg/m³"),
        *("g/h", "kg/h", "mg/MJ", "g/GJ", "g/t", "kg/t", "%"),
    ),
    ConditionKind.LOAD_CAP: ("kg", "t", "g", "kt", "mg TEQ", "g TEQ", "ouE/h", "MouE/h"),
    ConditionKind.ODOUR: ("ouE/m³", "ouE/h", "MouE/h", "ouE/s"),
    ConditionKind.WATER_DISCHARGE: ("mg/l", "µg/l", "m³/h", "m³/day", "kg", "g", "pH", "°C", "MW", "GJ"),
}
"""Units that are offered, the usual first."""

_SUBSTANCE: Final = (
    Field(
        "substance",
        Text("Stof", "Substance"),
        required=True,
        example="stikstofoxiden (als NO2)",
        help=Text("Een naam uit de lijst krijgt vanzelf haar CAS-nummer.", "A name of the list gets its CAS number."),
    ),
    Field(
        "cas",
        Text("CAS-nummer", "CAS number"),
        example="7446-09-5",
        more=True,
        help=Text("Alleen voor een stof die niet in de lijst staat.", "For a substance that is not in the list."),
    ),
)
_VALUE: Final = Field(
    "value",
    Text("Getal", "Number"),
    Shape.NUMBER,
    required=True,
    example="80",
    help=Text("Met een komma, zonder punten: 0,05 of 1250.", "With a comma or a point, no other marks."),
)
_UNIT: Final = Field("unit", Text("Eenheid", "Unit"), required=True, example="mg/Nm³")
_AVERAGING: Final = Field(
    "averaging", Text("Gemiddeld over", "Averaged over"), Shape.CHOICE, choices=Averaging, required=True, example="dag"
)
_STATISTIC: Final = (
    Field(
        "share",
        Text("Deel van de gemiddelden dat eraan voldoet (%)", "Part of the averages that meets it (%)"),
        Shape.NUMBER,
        example="95",
        more=True,
        help=Text("Leeg als elk gemiddelde eraan moet voldoen.", "Empty where each average must meet it."),
    ),
    Field(
        "share_over",
        Text("Dat deel wordt geteld over", "That part is counted over"),
        Shape.CHOICE,
        choices=Averaging,
        example="jaar",
        more=True,
    ),
    Field(
        "factor",
        Text("Deel van het getal (%)", "Part of the number (%)"),
        Shape.NUMBER,
        example="110",
        more=True,
        help=Text(
            "110 als het gemiddelde tot 10% boven het getal mag liggen.",
            "110 where the average may be up to 10% above the number.",
        ),
    ),
)
_EXEMPTIONS: Final = Field(
    "exemptions",
    Text("Geldt niet bij", "Does not count during"),
    Shape.SEVERAL,
    choices=OperatingState,
    example="opstarten; stilleggen",
    more=True,
)
_EXEMPTION_TERMS: Final = Field(
    "exemption_terms",
    Text("Uren en voorwaarden daarbij", "Hours and conditions with it"),
    Shape.ROWS,
    example="uitval van de reiniging; 60; de toevoer wordt zo snel mogelijk gestopt; Bal 4.75",
    more=True,
    help=Text(
        "Per regel: toestand; hoogstens uren per jaar; voorwaarde; artikel. Alleen wat het besluit noemt. Een toestand"
        " die u hier typt hoeft u niet aan te kruisen.",
        "On each line: state; hours a year at most; condition; article. Only what the decision states. A state typed"
        " here need not be ticked.",
    ),
    columns=(
        Field("state", Text("Toestand", "State"), Shape.CHOICE, choices=OperatingState, required=True),
        Field("hours", Text("Hoogstens uren per jaar", "Hours a year at most"), Shape.COUNT),
        Field("condition", Text("Voorwaarde", "Condition")),
        Field("article", Text("Artikel", "Article")),
    ),
)

OF_KIND: Final[Mapping[ConditionKind, tuple[Field, ...]]] = {
    ConditionKind.EMISSION_LIMIT: (
        *(_SUBSTANCE[0], _VALUE, _UNIT, _AVERAGING),
        Field(
            "oxygen",
            Text("Zuurstof (%)", "Oxygen (%)"),
            Shape.NUMBER,
            example="11",
            help=Text(
                "Het gehalte waarop het getal is betrokken. Leeg als het er niet staat.",
                "To which the number is brought. Empty where it is not stated.",
            ),
        ),
        Field("dry", Text("Droog gas", "Dry gas"), Shape.YES_NO, choices=YesNo, example="ja"),
        _SUBSTANCE[1],
        *_STATISTIC,
        _EXEMPTIONS,
        _EXEMPTION_TERMS,
        Field(
            "during",
            Text("Geldt alleen bij", "Counts only during"),
            Shape.CHOICE,
            choices=OperatingState,
            example="opstarten",
            more=True,
            help=Text("Leeg voor de gewone toestand.", "Empty for the normal state."),
        ),
        Field(
            "tailored",
            Text("Maatwerk", "Tailored"),
            Shape.CHOICE,
            choices=Tailoring,
            example="strenger",
            more=True,
            help=Text(
                "Strenger of soepeler dan de algemene regel, of ernaast. Leeg als het besluit het niet zegt.",
                "Tighter or looser than the general rule, or beside it. Empty where the decision does not say.",
            ),
        ),
        Field(
            "temperature",
            Text("Temperatuur van de normaalkubieke meter (K)", "Temperature of the normal cubic metre (K)"),
            Shape.NUMBER,
            example="273,15",
            more=True,
        ),
        Field(
            "pressure",
            Text("Druk van de normaalkubieke meter (kPa)", "Pressure of the normal cubic metre (kPa)"),
            Shape.NUMBER,
            example="101,3",
            more=True,
        ),
        Field(
            "above",
            Text("Geldt pas boven een jaarvracht van", "Counts only above a load a year of"),
            Shape.NUMBER,
            example="1000",
            more=True,
        ),
        Field("above_unit", Text("Eenheid van die jaarvracht", "Unit of that load"), example="kg", more=True),
        Field(
            "alternative",
            Text("Keuze tussen grenswaarden", "Choice between limits"),
            example="keuze-1",
            more=True,
            help=Text(
                "Geef grenswaarden waarvan er één genoeg is dezelfde naam.",
                "Give limits of which one is enough the same name.",
            ),
        ),
    ),
    ConditionKind.LOAD_CAP: (
        *(_SUBSTANCE[0], _VALUE, _UNIT),
        Field(
            "period",
            Text("Opgeteld over", "Added up over"),
            Shape.CHOICE,
            choices=Averaging,
            required=True,
            example="jaar",
        ),
        _SUBSTANCE[1],
        _EXEMPTIONS,
        _EXEMPTION_TERMS,
    ),
    ConditionKind.TECHNIQUE: (
        Field("technique", Text("Techniek", "Technique"), required=True, example="doekfilter"),
        Field(
            "requirements",
            Text("Getallen waaraan dat te zien is", "Numbers by which that is seen"),
            Shape.REQUIREMENTS,
            example="temperatuur; minstens; 850; °C",
            help=Text(
                "Een regel per getal: wat; minstens of hoogstens; getal; eenheid.",
                "A line for each: what; at least or at most; number; unit.",
            ),
        ),
        Field(
            "when",
            Text("Wanneer", "When"),
            example="tijdens het laden",
            help=Text("Leeg voor altijd.", "Empty for always."),
        ),
    ),
    ConditionKind.MEASURING_DUTY: (
        Field(
            "subjects",
            Text("Wat gemeten wordt", "What is measured"),
            Shape.LIST,
            required=True,
            example="stikstofoxiden (als NO2); koolmonoxide",
        ),
        Field("manner", Text("Hoe", "How"), Shape.CHOICE, choices=Manner, required=True, example="periodiek"),
        Field(
            "times",
            Text("Hoe vaak", "How many times"),
            Shape.COUNT,
            example="2",
            help=Text(
                "Alleen bij periodiek meten: zo vaak in het aantal maanden hieronder.",
                "Of a periodic measurement: so many times in the months below.",
            ),
        ),
        Field("months", Text("In hoeveel maanden", "In how many months"), Shape.COUNT, example="12"),
        Field("standards", Text("Meetnormen", "Standards"), Shape.LIST, example="NEN-EN 14181"),
        Field(
            "report_within",
            Text("Verslag binnen (dagen)", "Report within (days)"),
            Shape.COUNT,
            example="90",
            more=True,
        ),
    ),
    ConditionKind.STUDY_DUTY: (
        Field(
            "subject",
            Text("Wat onderzocht wordt", "What is studied"),
            Shape.WORDS,
            required=True,
            example="hoe de emissie van ammoniak verder omlaag kan",
        ),
        Field("due", Text("Uiterlijk op", "By"), Shape.DAY, required=True, example="01-07-2027"),
        Field(
            "again",
            Text("Daarna opnieuw na (maanden)", "Once more after (months)"),
            Shape.COUNT,
            example="60",
            more=True,
        ),
    ),
    ConditionKind.DEADLINE: (
        Field(
            "action",
            Text("Wat gedaan moet zijn", "What must be done"),
            Shape.WORDS,
            required=True,
            example="het meetvlak is aangebracht",
        ),
        Field("due", Text("Uiterlijk op", "By"), Shape.DAY, required=True, example="01-07-2027"),
    ),
    ConditionKind.ODOUR: (
        _VALUE,
        _UNIT,
        Field(
            "percentile",
            Text("Percentiel", "Percentile"),
            Shape.NUMBER,
            example="98",
            help=Text(
                "Bij ouE/m³: het deel van de uren waarvoor het geldt. Anders leeg.",
                "With ouE/m³: the part of the hours for which it holds. Else empty.",
            ),
        ),
        Field(
            "objects",
            Text("Bij welke gebouwen of gebieden", "At which buildings or areas"),
            example="aaneengesloten woonbebouwing",
        ),
        Field(
            "points",
            Text("Op welke punten", "At which points"),
            Shape.POINTS,
            example="punt 1; 101500; 497200; 1,5",
            help=Text(
                "Een regel per punt: naam; x; y in RD; hoogte in meters mag erbij.",
                "A line for each: name; x; y in RD; perhaps the height in metres.",
            ),
        ),
    ),
    ConditionKind.NOISE: (
        Field(
            "indicator", Text("Maat", "Measure"), Shape.CHOICE, choices=NoiseIndicator, required=True, example="LAr,LT"
        ),
        Field("level_day", Text("Dag, 7 tot 19 uur (dB(A))", "Day, 7 to 19 (dB(A))"), Shape.NUMBER, example="50"),
        Field(
            "level_evening",
            Text("Avond, 19 tot 23 uur (dB(A))", "Evening, 19 to 23 (dB(A))"),
            Shape.NUMBER,
            example="45",
        ),
        Field("level_night", Text("Nacht, 23 tot 7 uur (dB(A))", "Night, 23 to 7 (dB(A))"), Shape.NUMBER, example="40"),
        Field(
            "level_other",
            Text("Andere tijden", "Other times"),
            Shape.LEVELS,
            example="06:00; 07:00; 45",
            more=True,
            help=Text("Een regel per tijd: van; tot; dB(A).", "A line for each: from; until; dB(A)."),
        ),
        Field(
            "points",
            Text("Op welke punten", "At which points"),
            Shape.POINTS,
            required=True,
            example="zonepunt 4; 101500; 497200; 5",
            help=Text(
                "Een regel per punt: naam; x; y in RD; hoogte in meters mag erbij.",
                "A line for each: name; x; y in RD; perhaps the height in metres.",
            ),
        ),
    ),
    ConditionKind.WATER_DISCHARGE: (
        *(_SUBSTANCE[0], _VALUE, _UNIT, _AVERAGING),
        Field("sampling", Text("Monster", "Sample"), Shape.CHOICE, choices=Sampling, example="steekmonster"),
        Field("receiving", Text("Waarop geloosd wordt", "What receives it"), example="Noordzeekanaal"),
        Field(
            "comparison",
            Text("Het getal is", "The number is"),
            Shape.CHOICE,
            choices=Comparison,
            example="hoogstens",
            more=True,
            help=Text("Leeg voor hoogstens.", "Empty for at most."),
        ),
        _SUBSTANCE[1],
        *_STATISTIC,
    ),
}
"""Of each kind of condition."""
