"""The fields in which a decision and its conditions are entered: on a page, in a spreadsheet, or from a proposal.

All three are held to this one table, so that an error says the same wherever it is made. A field is a line of text as a
person types it; `reading.py` reads it. Names and sentences are in both languages of the pages.
"""

from __future__ import annotations

from typing import Final

from goedebuur.core.base.sourced import Text
from goedebuur.core.permits.conditions import ConditionKind
from goedebuur.core.permits.entry.kinds import OF_KIND
from goedebuur.core.permits.entry.shapes import Field, Shape, YesNo
from goedebuur.core.permits.records import DecisionKind, DerogationBasis

_NUMBERED = Text("Zoals het in het besluit staat.", "As it stands in the decision.")
DECISION: Final = (
    Field(
        "id",
        Text("Kenmerk in het register", "Identifier in the record"),
        required=True,
        example="vb-2026-014",
        help=Text(
            "Kies één keer; kleine letters, cijfers en streepjes. Het verandert nooit meer.",
            "Chosen once: small letters, digits and hyphens. It never changes.",
        ),
    ),
    Field(
        "kind",
        Text("Soort besluit", "Kind of decision"),
        Shape.CHOICE,
        choices=DecisionKind,
        required=True,
        example="vergunning",
    ),
    Field(
        "site",
        Text("Locatie", "Site"),
        required=True,
        example="voorbeeld-staal",
        help=Text("De code van de locatie in het register.", "The code of the site in the record."),
    ),
    Field(
        "authority",
        Text("Bevoegd gezag", "Authority"),
        required=True,
        example="Gedeputeerde Staten van Voorbeeldland",
        help=Text("Het orgaan dat besloot. Geen namen van mensen.", "The body that decided. No names of people."),
    ),
    Field(
        "reference",
        Text("Zaaknummer", "Reference"),
        required=True,
        example="2026-014",
        help=Text("Waaronder het gezag het besluit kent.", "Under which the authority knows the decision."),
    ),
    Field("title", Text("Titel", "Title"), required=True, example="Omgevingsvergunning milieu"),
    Field(
        "article",
        Text("Wetsartikel", "Article of law"),
        required=True,
        example="Ow 5.1(2)(b)",
        help=Text("Waarop het besluit rust.", "On which the decision rests."),
    ),
    Field(
        "decided_on",
        Text("Datum van het besluit", "Day of the decision"),
        Shape.DAY,
        required=True,
        example="14-03-2026",
    ),
    Field(
        "valid_from",
        Text("Geldt vanaf", "Holds from"),
        Shape.DAY,
        required=True,
        example="01-05-2026",
        help=Text("Eerste dag waarop het besluit geldt.", "First day on which the decision holds."),
    ),
    Field(
        "operator",
        Text("Exploitant", "Operator"),
        example="voorbeeld-energie",
        help=Text(
            "Het bedrijf aan wie het besluit gericht is, zoals het in het register staat. Geen namen van mensen.",
            "The company to which the decision is addressed, as the record has it. No names of people.",
        ),
    ),
    Field(
        "general_rules",
        Text("Algemene regels die hier gelden", "General rules that hold here"),
        Shape.ROWS,
        example="bal.4.73; verbrandingslijn 1; ; 11",
        help=Text(
            "Regels van het Bal over emissies naar de lucht. Per regel: code; installaties; emissiepunten; zuurstof."
            " Komma’s tussen onderdelen; leeg voor de hele locatie. Geldt er geen regel, typ dan geen. Zonder dit zegt"
            " het register van geen grenswaarde dat zij geldt.",
            "Rules of the Bal on emissions to air. On each line: code; installations; emission points; oxygen. Commas"
            " between parts; empty for the whole site. Where no rule holds, type none. Without this the record says of"
            " no limit that it binds.",
        ),
        columns=(
            Field("rule", Text("Regel", "Rule"), required=True, example="bal.4.73"),
            Field("installations", Text("Installaties, met komma’s", "Installations, with commas"), Shape.LIST),
            Field("emission_points", Text("Emissiepunten, met komma’s", "Emission points, with commas"), Shape.LIST),
            Field("oxygen", Text("Zuurstof (%), of geen", "Oxygen (%), or none")),
        ),
    ),
    Field(
        "withheld",
        Text("Wat niet openbaar wordt", "What is withheld"),
        Shape.ROWS,
        more=True,
        example="bijlage 3, het recept; Woo 5.1(1)(c); 01-01-2031; nee",
        help=Text(
            "Per regel: wat; grond; tot welke dag; of het over emissies gaat (ja of nee). Wat u hier typt is zelf"
            " openbaar: noem het onderwerp, niet de inhoud. Geen namen van mensen.",
            "On each line: what; ground; until which day; whether it is about emissions (yes or no). What you type here"
            " is itself public: name the subject, not the content. No names of people.",
        ),
        columns=(
            Field("what", Text("Wat", "What"), required=True, example="bijlage 3"),
            Field("ground", Text("Grond", "Ground"), required=True, example="Woo 5.1(1)(c)"),
            Field("until", Text("Tot", "Until"), Shape.DAY, required=True, example="01-01-2031"),
            Field(
                "emissions",
                Text("Gaat het over emissies?", "Is it about emissions?"),
                Shape.YES_NO,
                choices=YesNo,
                required=True,
                example="nee",
            ),
        ),
    ),
    Field(
        "valid_to",
        Text("Geldt tot en met", "Holds until"),
        Shape.DAY,
        example="31-12-2036",
        more=True,
        help=Text("Leeg laten als er geen einde is.", "Leave empty where it has no end."),
    ),
    Field("announced_on", Text("Bekendgemaakt op", "Announced on"), Shape.DAY, example="20-03-2026", more=True),
    Field(
        "amends",
        Text("Wijzigt besluit", "Amends decision"),
        example="vb-2019-114",
        more=True,
        help=Text(
            "Alleen bij een wijziging: het kenmerk van het eerdere besluit.",
            "Of an amendment: the identifier of the earlier decision.",
        ),
    ),
    Field(
        "withdraws",
        Text("Trekt voorschriften in", "Withdraws conditions"),
        Shape.LIST,
        more=True,
        example="vb-2019-114/3.1.2; vb-2019-114/3.1.3",
        help=Text("Kenmerk van het besluit, schuine streep, nummer.", "Identifier of the decision, slash, number."),
    ),
    Field("revokes", Text("Trekt besluiten in", "Revokes decisions"), Shape.LIST, example="vb-2009-001", more=True),
    Field(
        "reasons",
        Text("Redenen van het besluit", "Reasons of the decision"),
        Shape.WORDS,
        more=True,
        example="De inrichting past de beste beschikbare technieken toe.",
        help=Text("Openbaar. Geen namen van mensen.", "Public. No names of people."),
    ),
    Field(
        "example",
        Text("Verzonnen voorbeeld", "Invented example"),
        Shape.YES_NO,
        choices=YesNo,
        example="nee",
        more=True,
        help=Text(
            "Ja voor een besluit om mee te oefenen: het wordt overal zo genoemd.",
            "Yes for a decision to practise with: it is labelled wherever it is shown.",
        ),
    ),
)
"""Of a decision as a whole."""

SHARED: Final = (
    Field("number", Text("Nummer", "Number"), required=True, example="3.1.2", help=_NUMBERED),
    Field(
        "kind",
        Text("Soort voorschrift", "Kind of condition"),
        Shape.CHOICE,
        choices=ConditionKind,
        required=True,
        example="emissiegrenswaarde",
    ),
    Field(
        "text",
        Text("Tekst zoals verleend", "Text as granted"),
        Shape.WORDS,
        required=True,
        example="De emissie van stikstofoxiden mag niet meer bedragen dan 80 mg/Nm³ als daggemiddelde.",
        help=Text("Letterlijk. Geen namen van mensen.", "To the letter. No names of people."),
    ),
)
"""Of every condition, first."""
REST: Final = (
    Field(
        "installations",
        Text("Installaties", "Installations"),
        Shape.LIST,
        example="verbrandingslijn 1",
        help=Text(
            "Leeg voor de hele locatie; meer met een puntkomma ertussen.",
            "Empty for the whole site; several with a semicolon between them.",
        ),
    ),
    Field(
        "emission_points",
        Text("Emissiepunten", "Emission points"),
        Shape.LIST,
        example="schoorsteen 1; schoorsteen 2",
        help=Text("Meer met een puntkomma ertussen.", "Several with a semicolon between them."),
    ),
    Field(
        "article",
        Text("Wetsartikel", "Article of law"),
        example="Bal 5.30",
        more=True,
        help=Text("Leeg als het dat van het besluit is.", "Empty where it is that of the decision."),
    ),
    Field(
        "valid_from",
        Text("Geldt vanaf", "Holds from"),
        Shape.DAY,
        example="01-01-2027",
        more=True,
        help=Text(
            "Leeg als het voorschrift even lang geldt als het besluit.",
            "Empty where the condition holds as long as the decision.",
        ),
    ),
    Field("valid_to", Text("Geldt tot en met", "Holds until"), Shape.DAY, example="31-12-2027", more=True),
    Field(
        "replaces",
        Text("Vervangt voorschriften", "Replaces conditions"),
        Shape.LIST,
        example="vb-2019-114/3.1.2",
        more=True,
        help=Text("Kenmerk van het besluit, schuine streep, nummer.", "Identifier of the decision, slash, number."),
    ),
    Field(
        "suspends",
        Text("Zet voorschriften opzij zolang het geldt", "Suspends conditions while it holds"),
        Shape.LIST,
        example="vb-2019-114/3.1.2",
        more=True,
        help=Text("Kenmerk van het besluit, schuine streep, nummer.", "Identifier of the decision, slash, number."),
    ),
    Field(
        "reasons",
        Text("Redenen", "Reasons"),
        Shape.WORDS,
        example="Toegepast zijn de beste beschikbare technieken.",
        more=True,
        help=Text("Openbaar. Geen namen van mensen.", "Public. No names of people."),
    ),
    Field(
        "derogation_basis",
        Text("Afwijking: grond", "Derogation: ground"),
        Shape.CHOICE,
        choices=DerogationBasis,
        example="onevenredige kosten (IED 15(5))",
        more=True,
        help=Text(
            "Alleen als het voorschrift afwijkt van wat anders zou gelden.",
            "Where the condition departs from what would hold without it.",
        ),
    ),
    Field("derogation_article", Text("Afwijking: artikel", "Derogation: article"), example="IED 15(5)", more=True),
    Field(
        "derogation_reason",
        Text("Afwijking: reden", "Derogation: reason"),
        Shape.WORDS,
        more=True,
        example="De kosten zijn door de ligging onevenredig hoog.",
    ),
    Field(
        "no_form",
        Text("Niet te berekenen, want", "Not computable, because"),
        Shape.WORDS,
        more=True,
        example="De zin verwijst naar een plan dat er nog niet is.",
        help=Text(
            "Vul dit in als een programma niet kan zeggen of het voorschrift is nagekomen. De velden van de soort"
            " blijven dan leeg.",
            "Fill this in where no program can say whether the condition is met. The fields of the kind stay"
            " empty then.",
        ),
    ),
    Field("page", Text("Bladzijde in het document", "Page of the document"), Shape.COUNT, example="14", more=True),
)
"""Of every condition, last."""


def of_condition(kind: ConditionKind | None) -> tuple[Field, ...]:
    """Return the fields of a condition in the order in which they are asked; without a kind those that all share."""
    return (*SHARED, *(OF_KIND[kind] if kind else ()), *REST)


def every_condition_field() -> tuple[Field, ...]:
    """Return each field that some kind of condition has, once, as columns of a spreadsheet."""
    found: dict[str, Field] = {}
    for one in (*SHARED, *(field for fields in OF_KIND.values() for field in fields), *REST):
        found.setdefault(one.name, one)
    return tuple(found.values())
