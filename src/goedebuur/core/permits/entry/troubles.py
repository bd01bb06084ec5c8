"""What can be wrong with a field of an entry: in which field, which value, what is wrong and what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.rulebook import CHECKS, Check
from goedebuur.core.base.sourced import Text
from goedebuur.core.permits.entry import rules
from goedebuur.core.permits.entry.shapes import NOTHING, Field
from goedebuur.core.permits.entry.words import CHOICES


@dataclass(frozen=True, slots=True)
class Trouble:
    """One mistake, said so that a person can put it right; by which rule of the book, where that is known."""

    field: str
    value: str
    message: Text
    hint: Text = NOTHING
    check: str = ""

    def error(self, place: str) -> GoedeBuurError:
        """Return it as an error at a place."""
        said = {"place": place, "value": self.value, "hint": self.hint.en}
        if self.check:
            return CHECKS[self.check].error(self.message.en, **said)
        return GoedeBuurError(rules.MISTAKES, self.message.en, **said)


_SAID: Final[Mapping[str, tuple[Check, Text, Text]]] = {
    "number": (
        rules.NUMBER,
        Text("Dit is geen getal.", "This is not a number."),
        Text(
            "Typ alleen cijfers, met een komma voor decimalen: 0,05.", "Type digits alone, with a comma or point: 0.05."
        ),
    ),
    "point": (
        rules.POINT,
        Text("De punt kan hier duizendtallen of decimalen scheiden.", "The point may part thousands or decimals here."),
        Text("Typ 1250 zonder punt, of 1,25 met een komma.", "Type 1250 without a point, or 1,25 with a comma."),
    ),
    "count": (
        rules.COUNT,
        Text("Dit is geen heel getal boven nul.", "This is not a whole number above zero."),
        Text("Typ bijvoorbeeld 12.", "Type e.g. 12."),
    ),
    "day": (
        rules.DAY,
        Text("Dit is geen datum.", "This is not a day."),
        Text("Typ dag-maand-jaar: 31-12-2026.", "Type day-month-year: 31-12-2026."),
    ),
    "unit": (
        rules.UNIT,
        Text("Deze eenheid is niet bekend.", "This unit is not known."),
        Text("Kies er een uit de lijst, zoals mg/Nm³ of kg.", "Choose one of the list, such as mg/Nm³ or kg."),
    ),
    "one_line": (
        rules.ONE_LINE,
        Text("Hier past één regel tekst.", "One line of text fits here."),
        Text("Haal de nieuwe regel weg.", "Take the line break away."),
    ),
    "points": (
        rules.POINTS,
        Text("Deze regel is geen punt.", "This line is not a point."),
        Text("Typ naam; x; y, in RD: zonepunt 4; 101500; 497200.", "Type name; x; y, in RD: point 4; 101500; 497200."),
    ),
    "requirements": (
        rules.REQUIREMENTS,
        Text("Deze regel is niet te lezen.", "This line cannot be read."),
        Text("Typ bijvoorbeeld: temperatuur; minstens; 850; °C.", "Type e.g.: temperature; at least; 850; °C."),
    ),
    "levels": (
        rules.LEVELS,
        Text("Deze regel is niet te lezen.", "This line cannot be read."),
        Text("Typ van; tot; dB(A): 06:00; 07:00; 45.", "Type from; until; dB(A): 06:00; 07:00; 45."),
    ),
    "twice": (
        rules.TWICE,
        Text("Dit nummer staat er twee keer.", "This number is there twice."),
        Text(
            "Heeft één voorschrift meer grenswaarden, nummer ze dan 3.1.2-a, 3.1.2-b.",
            "Where one condition has several limits, number them 3.1.2-a, 3.1.2-b.",
        ),
    ),
    "rule": (
        rules.RULE,
        Text("Deze algemene regel staat niet in de tabel.", "This general rule is not in the table."),
        Text(
            "Kies een code uit de lijst bij dit veld, of typ geen.", "Choose a code of the list at this field, or none."
        ),
    ),
    "none_beside": (
        rules.NONE_BESIDE,
        Text(
            "“Geen” staat hier naast een regel voor hetzelfde deel.", "“None” stands beside a rule for the same part."
        ),
        Text("Haal een van beide weg.", "Take one of the two away."),
    ),
    "none_oxygen": (
        rules.NONE_OXYGEN,
        Text("Zuurstof hoort bij een regel, en niet bij “geen”.", "Oxygen goes with a rule, and not with “none”."),
        Text("Maak het leeg.", "Empty it."),
    ),
    "ground": (
        rules.GROUND,
        Text("Deze grond staat niet in de tabel.", "This ground is not in the table."),
        Text("Kies er een uit de lijst.", "Choose one of the list."),
    ),
    "emissions": (
        rules.EMISSIONS,
        Text(
            "Op deze grond mag u gegevens over emissies niet weglaten (Woo 5.1(7)).",
            "On this ground information on emissions cannot be withheld (Woo 5.1(7)).",
        ),
        Text("Maak dit deel openbaar, of kies een andere grond.", "Make this part public, or choose another ground."),
    ),
    "operator": (
        rules.OPERATOR,
        Text("Deze exploitant staat niet in het register.", "The record does not have this operator."),
        Text(
            "Voer hem eerst in bij de locatie, of laat het veld leeg.", "Enter it at the site first, or leave it empty."
        ),
    ),
    "stray": (
        rules.STRAY,
        Text("Dit veld hoort niet bij deze soort voorschrift.", "This field is not one of this kind of condition."),
        Text("Maak het leeg, of kies een andere soort.", "Empty it, or choose another kind."),
    ),
    "stray_no_form": (
        rules.STRAY_NO_FORM,
        Text(
            "Dit veld hoort leeg te zijn als het voorschrift niet te berekenen is.",
            "This field is empty where the condition is not computable.",
        ),
        Text(
            "Maak het leeg, of maak het veld “Niet te berekenen, want” leeg.",
            "Empty it, or empty the field “Not computable, because”.",
        ),
    ),
}


def trouble(field: str, value: str, key: str, *, choices: type[StrEnum] | None = None, of: str = "") -> Trouble:
    """Return a mistake of a kind; `choices` and `of` say what could stand there."""
    if choices is not None:
        words = CHOICES[choices].values()
        hint = Text(
            f"Kies uit: {', '.join(word.nl for word in words)}.",
            f"Choose from: {', '.join(word.en for word in words)}.",
        )
        message = Text("Dit woord kan hier niet staan.", "This word cannot stand here.")
        return Trouble(field, value, message, hint, rules.CHOICE.id)
    if key == "unit_of_kind":
        message = Text(
            "Deze eenheid hoort niet bij deze soort voorschrift.", "This is no unit of this kind of condition."
        )
        hint = Text(f"Kies uit: {of}.", f"Choose from: {of}.")
        return Trouble(field, value, message, hint, rules.UNIT_OF_KIND.id)
    if key == "place":
        hint = Text(
            f"In het register staan: {of or 'geen'}. Voer het eerst in bij de locatie.",
            f"The record has: {of or 'none'}. Enter it at the site first.",
        )
        message = Text("Dit staat niet in het register bij deze locatie.", "The site has no such part.")
        return Trouble(field, value, message, hint, rules.PLACE.id)
    if key == "cas":
        return Trouble(
            field,
            value,
            Text(
                f"Het CAS-nummer van deze stof is {of or 'er niet'}.",
                f"The CAS number of this substance is {of or 'none'}.",
            ),
            Text("Laat het veld leeg, of verander de naam van de stof.", "Empty the field, or change the substance."),
            rules.CAS.id,
        )
    check, message, hint = _SAID[key]
    return Trouble(field, value, message, hint, check.id)


def missing(field: Field) -> Trouble:
    """Return the mistake of a field that must be filled in."""
    hint = (
        Text(f"Bijvoorbeeld: {field.example.rstrip('.')}.", f"E.g.: {field.example.rstrip('.')}.")
        if field.example
        else Text()
    )
    return Trouble(field.name, "", Text("Vul dit in.", "Fill this in."), hint, rules.FILLED.id)


def too_many_parts(field: Field, line: str) -> Trouble:
    """Return the mistake of a line with more parts than the field has columns."""
    labels = "; ".join(one.label.nl for one in field.columns), "; ".join(one.label.en for one in field.columns)
    message = Text("Deze regel heeft te veel delen.", "This line has too many parts.")
    hint = Text(
        f"Zet per regel: {labels[0]}. Gebruik in een vak geen puntkomma.",
        f"Put on each line: {labels[1]}. Use no semicolon within a cell.",
    )
    return Trouble(field.name, line, message, hint, rules.PARTS.id)


_FIELD_OF: Final = (
    (r"form\.substance\.cas|form\.subjects.*\.cas", "cas"),
    (r"form\.substance", "substance"),
    (r"form\.subjects", "subjects"),
    (r"form\.statistic\.over", "share_over"),
    (r"form\.statistic\.share", "share"),
    (r"form\.statistic\.factor", "factor"),
    (r"form\.reference\.(\w+)", r"\1"),
    (r"form\.exemptions\[\d+\]\.(hours|condition|article)", "exemption_terms"),
    (r"form\.above\.unit", "above_unit"),
    (r"form\.above", "above"),
    (r"form\.levels", "level_day"),
    (r"form\.levels.*", "level_other"),
    (r"form\.(points|requirements)(\[\d+\])?.*", r"\1"),
    (r"form\.(\w+).*", r"\1"),
    (r"derogation\.(\w+)", r"derogation_\1"),
    (r"derogation", "derogation_basis"),
    (r"(\w+)(\[\d+\])?.*", r"\1"),
)
"""Place in the documented form → field."""
_FAULTS: Final[Mapping[str, tuple[Text, Text]]] = {
    "The last digit of this CAS number": (
        Text("Dit CAS-nummer klopt niet: het laatste cijfer past niet bij de andere.", ""),
        Text("Kijk het nog eens na.", ""),
    ),
    "This unit cannot stand here": (
        Text("Deze eenheid hoort niet bij deze soort.", ""),
        Text("Kies er een uit de lijst.", ""),
    ),
    "A gas brought to this content": (
        Text("Dit zuurstofgehalte bestaat niet.", ""),
        Text("Typ een getal van 0 tot 21.", ""),
    ),
    "A part of the averages goes with": (
        Text("Een deel van de gemiddelden hoort bij de periode waarover het geteld wordt.", ""),
        Text("Vul beide in, of geen van beide.", ""),
    ),
    "This is not a part of the averages": (
        Text("Dit is geen deel van de gemiddelden.", ""),
        Text("Typ meer dan 0 en ten hoogste 100.", ""),
    ),
    "A load is added up": (
        Text("Een vracht wordt opgeteld over een periode van de kalender.", ""),
        Text("Kies bijvoorbeeld jaar.", ""),
    ),
    "How often (`times` in `months`)": (
        Text("Hoe vaak hoort bij periodiek meten, en bij niets anders.", ""),
        Text("Vul bij periodiek in hoe vaak en in hoeveel maanden; laat het anders leeg.", ""),
    ),
    "A percentile of the hours": (
        Text("Een percentiel hoort bij ouE/m³, en niet bij een geurvracht.", ""),
        Text("Vul het in bij ouE/m³; laat het anders leeg.", ""),
    ),
    "An odour concentration holds at places": (
        Text("Een geurconcentratie geldt ergens.", ""),
        Text("Vul de gebouwen of de punten in.", ""),
    ),
    "A condition on noise names levels": (Text("Vul minstens één waarde en één punt in.", ""), Text()),
    "Two levels begin at the same time": (
        Text("Twee waarden beginnen op hetzelfde tijdstip.", ""),
        Text("Laat er één weg.", ""),
    ),
    "This place is not in the Netherlands": (
        Text("Dit punt ligt niet in Nederland.", ""),
        Text("Geef x en y in RD, in meters.", ""),
    ),
    "The emission from which a limit counts": (
        Text("Een jaarvracht heeft een massa als eenheid.", ""),
        Text("Typ kg.", ""),
    ),
    "The condition ends before": (
        Text("Het voorschrift eindigt voor het begint.", ""),
        Text("Kijk beide datums na.", ""),
    ),
    "The decision ends before": (Text("Het besluit eindigt voor het begint.", ""), Text("Kijk beide datums na.", "")),
    "The decision was announced before": (
        Text("Het besluit is bekendgemaakt voor het genomen is.", ""),
        Text("Kijk beide datums na.", ""),
    ),
    "The condition holds before its decision": (
        Text("Het voorschrift geldt eerder dan het besluit.", ""),
        Text("Kijk beide datums na.", ""),
    ),
    "A decision has at least one condition": (
        Text("Een besluit heeft minstens één voorschrift, of trekt er een in.", ""),
        Text(),
    ),
    "An amendment names the decision": (
        Text("Een wijziging noemt het besluit dat zij wijzigt.", ""),
        Text("Vul “Wijzigt besluit” in.", ""),
    ),
    "A revocation says which": (
        Text("Een intrekking zegt wat er eindigt.", ""),
        Text("Vul in wat ingetrokken wordt.", ""),
    ),
    "A revocation has no conditions": (
        Text("Een intrekking heeft zelf geen voorschriften.", ""),
        Text("Haal de voorschriften weg.", ""),
    ),
    "A derogation in a crisis": (
        Text("Een afwijking in een crisis duurt ten hoogste drie maanden (IED 15(7)).", ""),
        Text("Vul een einddatum in.", ""),
    ),
    "This field must be there": (Text("Vul dit in.", ""), Text()),
    "This is empty": (Text("Vul dit in.", ""), Text()),
}
"""How a fault of the documented form begins → what to say of it in Dutch; its English is its own."""


_WRITTEN: Final[Mapping[str, Text]] = {
    "number": Text("Gebruik letters, cijfers, punten en streepjes, zonder spaties: 3.1.2."),
    "id": Text("Gebruik kleine letters, cijfers, punten en streepjes, zonder spaties: vb-2026-014."),
    "site": Text("Typ de code van de locatie, zoals in de lijst van locaties."),
    "amends": Text("Typ het kenmerk van het besluit: vb-2019-114."),
    "revokes": Text("Typ het kenmerk van het besluit: vb-2019-114."),
    "replaces": Text("Typ kenmerk en nummer: vb-2019-114/3.1.2."),
    "suspends": Text("Typ kenmerk en nummer: vb-2019-114/3.1.2."),
    "withdraws": Text("Typ kenmerk en nummer: vb-2019-114/3.1.2."),
    "cas": Text("Typ het als 7446-09-5, of laat het leeg."),
    "oxygen": Text("Typ een percentage, zoals 11."),
    "percentile": Text("Typ een percentage onder 100, zoals 98."),
    "level_other": Text("Typ tijden als 07:00."),
    "points": Text("Typ x, y en hoogte in meters, met cijfers."),
}
"""How a field is written, in Dutch; the fault itself says it in English."""


def of_fault(fault: GoedeBuurError) -> Trouble:
    """Return a fault of the documented form as a mistake in a field."""
    place = re.sub(r"^conditions\[\d+\]\.?", "", fault.place)
    field = next((re.sub(pattern, to, place) for pattern, to in _FIELD_OF if re.fullmatch(pattern, place)), place)
    said = next((texts for begin, texts in _FAULTS.items() if fault.message.startswith(begin)), None)
    message, hint = said or (
        Text("Dit is niet geschreven zoals het moet.", ""),
        Text(f"{fault.message} {fault.hint}", ""),
    )
    return Trouble(field, fault.value, Text(message.nl, fault.message), Text(hint.nl, fault.hint), fault.check)
