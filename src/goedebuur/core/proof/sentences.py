"""What a check of a proof file says to people, in Dutch and English: one sentence for each code of `checking.py`.

The page that checks in the browser says the same sentences: it is given these tables.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from goedebuur.core.proof import checking
from goedebuur.core.proof.checking import Finding
from goedebuur.core.proof.civil import civil

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
        "Deze getuigen, die u zelf noemde, zagen dezelfde stand: {names}.",
        "These witnesses, whom you named yourself, saw the same state: {names}.",
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
    checking.RULE: (
        "De regel {rule} ({limit} {unit}) staat precies zo in blad {index}.",
        "The rule {rule} ({limit} {unit}) is in leaf {index} exactly like this.",
    ),
    checking.PUBLISHED: (
        "Dit oordeel is op {received} gepubliceerd in blad {index}, met deze regels, door {code} bij {size} bladen.",
        "This verdict was published on {received} in leaf {index}, with these rules, by {code} at {size} leaves.",
    ),
    checking.VERDICT: (
        "Uit die rijen en die regel volgt precies dit oordeel: {outcome_nl}. {reason_nl}",
        "Exactly this verdict follows from those rows and that rule: {outcome_en}. {reason_en}",
    ),
}
UNPROVEN: Final[Mapping[str, tuple[str, str]]] = {
    checking.SIMULATED: (
        "Dit is geen meting: de cijfers zijn gesimuleerd om het programma te laten zien.",
        "This is no measurement: the figures are simulated to show the program.",
    ),
    checking.NOT_USABLE: (
        "Dat dit een geldige waarde is. De leverancier trok haar in, noemde haar ongeldig of zette er een code neer. "
        "Zij telt in geen gemiddelde mee.",
        "That this is a valid value. The supplier withdrew it, called it invalid, or put a code in its place. It "
        "counts in no mean.",
    ),
    checking.KEY_UNKNOWN: (
        "Van wie de sleutel van het logboek is. Vergelijk hem met de sleutel die u ergens anders vindt: {key}",
        "Whose key the log's key is. Compare it with the one that you find elsewhere: {key}",
    ),
    checking.NO_WITNESSES: (
        "Dat anderen hetzelfde logboek zien: u noemde geen getuigen. Aantal handtekeningen van anderen onder deze "
        "stand, niet bekeken: {count}.",
        "That others see the same log: you named no witnesses. Number of signatures of others under this state, not "
        "looked at: {count}.",
    ),
    checking.NOT_WITNESSED: (
        "Dat anderen hetzelfde logboek zien: geen van de getuigen die u noemde heeft deze stand meegetekend ({names}).",
        "That others see the same log: none of the witnesses that you named cosigned this state ({names}).",
    ),
    checking.WITNESS_MISSING: (
        "Dat ook deze getuigen dezelfde stand zagen: {names}.",
        "That these witnesses saw the same state too: {names}.",
    ),
    checking.LAW: (
        "Dat de regel {rule} zegt wat er in {article} staat. Volgens de tabel: {status_nl}.",
        "That the rule {rule} says what {article} says. According to the table: {status_en}.",
    ),
    checking.NOT_PUBLISHED: (
        "Dat dit oordeel zo gepubliceerd is: het bestand noemt geen blad waarin het staat.",
        "That this verdict was published like this: the file names no leaf that has it.",
    ),
    checking.READING: (
        "Dat de rijen goed uit het geleverde bestand zijn gelezen. Wie dat bestand heeft, kan het opnieuw lezen: de "
        "vingerafdruk ervan staat in het blad.",
        "That the rows were read rightly from the delivered file. Whoever has that file can read it again: its digest "
        "is in the leaf.",
    ),
    checking.NEWER_RULES: (
        "Dat dit de nieuwste regels uit het logboek zijn, en dat er geen nieuwer oordeel gepubliceerd is.",
        "That these are the newest rules in the log, and that no newer verdict was published.",
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
        "Dat er van deze uren geen andere levering of maand is die in dit bestand ontbreekt.",
        "That there is no other delivery or month of these hours, left out of this file.",
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
    checking.WITNESSED: (
        ("De handtekeningen van de getuigen", "The signatures of the witnesses"),
        (
            "Te weinig van de getuigen die u noemde hebben deze stand meegetekend, of een handtekening klopt niet.",
            "Too few of the witnesses that you named cosigned this state, or a signature is not right.",
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
        ("Het cijfer of oordeel uit de rijen", "The figure or verdict from the rows"),
        (
            "Het cijfer of oordeel volgt niet uit de rijen. Uit de rijen komt iets anders, of niets.",
            "The figure or verdict does not follow from the rows. They give another one, or none.",
        ),
    ),
}
"""The steps of a check in their order: what each is called, and what is said where it does not hold."""
WHAT_NOW: Final = (
    "Vraag het bewijs opnieuw. Blijft het fout, bewaar dan het bestand: het laat zien dat er iets is veranderd.",
    "Ask for the proof again. If it stays wrong, keep the file: it shows that something was changed.",
)
MOMENTS: Final = ("received",)
"""What a sentence names that is a moment: it is told on the clocks of other pages."""
CIVIL: Final = ("Nederlandse tijd", "Dutch civil time")
DECIMALS: Final = ("figure", "limit", "reason_nl")
"""What a sentence names that has decimals."""
_POINT: Final = re.compile(r"(?<=[0-9])\.(?=[0-9])")
_ALL: Final = {**PROVEN, **UNPROVEN}


def sentence(finding: Finding, language: str) -> str:
    """Return the sentence of a finding in `nl` or `en`; Dutch writes decimals after a comma."""
    values = dict(finding.values)
    for name in MOMENTS:
        there = civil(values.get(name, ""))
        if there:
            values[name] = f"{there} ({CIVIL[0 if language == 'nl' else 1]})"
    if language == "nl":
        values |= {name: _POINT.sub(",", values[name]) for name in DECIMALS if name in values}
    return _ALL[finding.code][0 if language == "nl" else 1].format(**values)
