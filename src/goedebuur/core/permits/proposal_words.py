"""What doubts, reasons and confidence of proposals are called, in both languages of the pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from goedebuur.core.base.sourced import Text
from goedebuur.core.permits.proposals import Confidence, Doubt, Why

CONFIDENCE: Final[Mapping[Confidence, Text]] = {
    Confidence.CLEAR: Text("staat zo in de zin", "the sentence says it so"),
    Confidence.LOOK: Text("vul aan of kijk na", "complete or check"),
    Confidence.UNSURE: Text("onzeker: vergelijk elk cijfer", "unsure: compare every digit"),
}
DOUBTS: Final[Mapping[Doubt, Text]] = {
    Doubt.SCAN: Text(
        "Gelezen uit een scan: elk cijfer kan verkeerd gelezen zijn. Vergelijk met het beeld.",
        "Read from a scan: every digit may be wrong. Compare with the image.",
    ),
    Doubt.UNIT: Text(
        "De eenheid was in de scan niet goed te lezen en is geraden.",
        "The unit could not be read well in the scan and was guessed.",
    ),
    Doubt.POINT: Text(
        "De punt in het getal kan duizendtallen of decimalen scheiden.",
        "The point in the number may part thousands or decimals.",
    ),
    Doubt.SUBSTANCE: Text(
        "Geen stof gevonden die de namentabel kent.", "No substance was found that the table of names knows."
    ),
    Doubt.EACH_OR_SUM: Text(
        "Eén getal voor meer stoffen: geldt het voor elk, of voor de som?",
        "One number for several substances: for each of them, or for their sum?",
    ),
    Doubt.AVERAGING: Text(
        "De zin zegt niet over welke tijd gemiddeld wordt.", "The sentence does not say over which time is averaged."
    ),
    Doubt.GAS_AS_IT_IS: Text(
        "Er staat m³ en geen Nm³: is het gas zoals het is bedoeld?",
        "It says m³ and not Nm³: is the gas as it is meant?",
    ),
    Doubt.STATISTIC: Text(
        "De zin noemt een deel van de gemiddelden: kijk welk deel, en van welke periode.",
        "The sentence names a part of the averages: see which part, and of which period.",
    ),
    Doubt.BEFORE: Text(
        "De zin zegt vóór een dag: de dag ervoor is ingevuld.",
        "The sentence says before a day: the day before that was filled in.",
    ),
    Doubt.TERM: Text(
        "De zin noemt een termijn en geen dag: reken de dag uit.",
        "The sentence gives a term and no day: work out the day.",
    ),
    Doubt.PERCENTILE: Text(
        "De zin zegt niet voor welk deel van de uren dit geldt.",
        "The sentence does not say for which part of the hours this holds.",
    ),
    Doubt.PLACES: Text(
        "De punten waar dit geldt missen nog, of hebben geen coördinaten.",
        "The points where this holds are missing, or have no coordinates.",
    ),
    Doubt.FREQUENCY: Text("Hoe vaak is niet gelezen: vul het in.", "How often was not read: fill it in."),
}
WHY: Final[Mapping[Why, Text]] = {
    Why.WHEN: Text(
        "Het getal zegt wanneer iets geldt en is zelf geen grenswaarde.",
        "The number says when something holds, and is no limit itself.",
    ),
    Why.PAST: Text(
        "Dit zegt wat gemeten, aangevraagd of vervallen is.", "This says what was measured, asked for or repealed."
    ),
    Why.NO_LIMIT: Text(
        "Er staat een getal met een eenheid, en geen woord van een grenswaarde.",
        "There is a number with a unit, and no word of a limit.",
    ),
    Why.NUMBER: Text(
        "Er staat een grenswaarde met een eenheid die niet gelezen is.",
        "There is a limit with a unit that was not read.",
    ),
    Why.WORDS: Text("Een plicht in woorden, zonder getal of dag.", "A duty in words, without a number or a day."),
}
