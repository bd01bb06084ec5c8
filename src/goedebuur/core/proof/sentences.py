"""What a check of a proof file says to people, in Dutch and English: one sentence for each code of `checking.py`.

The page that checks in the browser says the same sentences: it is given these tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from goedebuur.core.proof import checking
from goedebuur.core.proof.checking import Finding

PROVEN: Final[Mapping[str, tuple[str, str]]] = {
    checking.SIGNED: (
        "Het logboek {origin} heeft een stand van {size} bladen ondertekend.",
        "The log {origin} signed a state of {size} leaves.",
    ),
    checking.KEY_KNOWN: (
        "De handtekening is van de sleutel die u zelf gaf.",
        "The signature is of the key that you gave yourself.",
    ),
    checking.WITNESSED: (
        "Deze getuigen zagen dezelfde stand: {names}.",
        "These witnesses saw the same state: {names}.",
    ),
    checking.IN_LOG: (
        "Blad {index} staat in dat logboek: {submitter} leverde op {received} het bestand {name}.",
        "Leaf {index} is in that log: {submitter} delivered the file {name} on {received}.",
    ),
    checking.IN_BATCH: (
        "De getoonde rijen horen bij blad {index}, teken voor teken (aantal blokken: {count}).",
        "The rows shown belong to leaf {index}, character by character (number of blocks: {count}).",
    ),
    checking.FIGURE: (
        "Uit die rijen volgt precies dit cijfer: {figure} {unit} (aantal waarden: {count}).",
        "Exactly this figure follows from those rows: {figure} {unit} (number of values: {count}).",
    ),
}
UNPROVEN: Final[Mapping[str, tuple[str, str]]] = {
    checking.SIMULATED: (
        "Dit is geen meting: de cijfers zijn gesimuleerd om het programma te laten zien.",
        "This is no measurement: the figures are simulated to show the program.",
    ),
    checking.KEY_UNKNOWN: (
        "Van wie de sleutel van het logboek is. Vergelijk hem met de sleutel die u ergens anders vindt: {key}",
        "Whose key the log's key is. Compare it with the one that you find elsewhere: {key}",
    ),
    checking.NOT_WITNESSED: (
        "Dat anderen hetzelfde logboek zien: geen getuige heeft deze stand meegetekend.",
        "That others see the same log: no witness cosigned this state.",
    ),
    checking.INSTRUMENT: (
        "Dat het meetinstrument het goed had.",
        "That the instrument was right.",
    ),
    checking.LATER: (
        "Dat het cijfer later niet verbeterd is, in een levering na deze stand.",
        "That the figure was not corrected later, by a delivery after this state.",
    ),
    checking.OTHERS: (
        "Dat er van deze uren geen andere levering is die in dit bestand ontbreekt.",
        "That there is no other delivery of these hours, left out of this file.",
    ),
}
REFUSED: Final[Mapping[str, tuple[tuple[str, str], tuple[str, str]]]] = {
    "file": (
        ("Het bestand lezen", "Reading the file"),
        (
            "Dit is geen bewijsbestand, of het is niet heel. Download het nog een keer.",
            "This is no proof file, or it is not whole. Download it once more.",
        ),
    ),
    "key": (
        ("De sleutel vergelijken", "Comparing the key"),
        (
            "Het bestand hoort bij een ander logboek dan de sleutel die u gaf.",
            "The file belongs to another log than the key that you gave.",
        ),
    ),
    checking.SIGNED: (
        ("De handtekening van het logboek", "The signature of the log"),
        (
            "De handtekening onder de stand van het logboek klopt niet. Er is iets veranderd na het ondertekenen.",
            "The signature under the state of the log is not right. Something was changed after it was signed.",
        ),
    ),
    checking.IN_LOG: (
        ("De bladen in het logboek", "The leaves in the log"),
        (
            "Een blad in dit bestand staat niet zo in het logboek. Het blad is veranderd, of het is een ander.",
            "A leaf in this file is not in the log like this. The leaf was changed, or it is another one.",
        ),
    ),
    checking.IN_BATCH: (
        ("De rijen bij de bladen", "The rows of the leaves"),
        (
            "De rijen in dit bestand horen niet bij het blad. De rijen zijn veranderd, of er ontbreken er.",
            "The rows in this file do not belong to the leaf. The rows were changed, or some are missing.",
        ),
    ),
    checking.FIGURE: (
        ("Het cijfer uit de rijen", "The figure from the rows"),
        (
            "Het cijfer volgt niet uit de rijen. Uit de rijen komt een ander cijfer, of geen cijfer.",
            "The figure does not follow from the rows. They give another figure, or none.",
        ),
    ),
}
"""The steps of a check in their order: what each is called, and what is said where it does not hold."""
_ALL: Final = {**PROVEN, **UNPROVEN}


def sentence(finding: Finding, language: str) -> str:
    """Return the sentence of a finding in `nl` or `en`; Dutch writes decimals after a comma."""
    values = dict(finding.values)
    if language == "nl" and "figure" in values:
        values["figure"] = values["figure"].replace(".", ",")
    return _ALL[finding.code][0 if language == "nl" else 1].format(**values)
