"""The refinery of the demonstration: a permit of 2018 after the BAT conclusions, and a derogation that is running out.

Everything is invented. The values lie where the BAT conclusions for refining (2014/738/EU) put such values.
"""

from __future__ import annotations

from typing import Final

from goedebuur.services.demo.permits.places import Example
from goedebuur.services.demo.permits.writing import (
    Condition,
    Decision,
    deadline,
    discharge,
    limit,
    limits,
    load,
    measure,
    noise,
    odour,
    study,
    technique,
    words,
)

SITE: Final = "voorbeeld-raffinaderij-hoge-kreek"
PERMIT: Final = "hoge-kreek-raffinaderij-2018"

CRACKER, CRUDE, REFORMER, SULPHUR = "katalytische kraker", "destillatie", "reformer", "zwavelterugwinning"
TURBINE, TANKS, JETTY, WATER = "gasturbine", "tankpark", "laadsteiger", "waterzuivering"
POINTS: Final = (("R1 Hoge Kreek, Kreekdijk 3", "101900", "495200"), ("R2 Boerenweg 20", "101100", "493800"))
EXAMPLE: Final = Example(
    SITE,
    "Raffinaderij Hoge Kreek",
    "Hoge Kreek",
    [("Kreek Raffinage (verzonnen)", "1971-01-01")],
    -1_400,
    -1_900,
    [("ied", "1.2"), ("ied", "1.1"), ("eprtr", "1(a)")],
    [CRACKER, CRUDE, REFORMER, SULPHUR, TURBINE, TANKS, JETTY, WATER],
    {
        "schoorsteen C1 (regenerator)": (CRACKER, "stack", "80", "2.8"),
        "schoorsteen F1": (CRUDE, "stack", "120", "4"),
        "schoorsteen F2": (REFORMER, "stack", "90", "3.2"),
        "schoorsteen T1": (TURBINE, "stack", "60", "4.5"),
        "schoorsteen S1 (naverbrander)": (SULPHUR, "stack", "100", "1.8"),
        "dampterugwinning D1": (JETTY, "vent", "12", "0.4"),
        "tankpark": (TANKS, "diffuse", "", ""),
        "laadsteiger": (JETTY, "diffuse", "", ""),
        "procesinstallaties": ("", "diffuse", "", ""),
    },
)


def decisions() -> list[Decision]:
    """Return the decisions in the order in which they were taken."""
    return [_permit(), _tailored(), _amendment()]


def _permit() -> Decision:
    return {
        "id": PERMIT,
        "kind": "permit",
        "reference": "WL-2018-0760",
        "title": "Vergunning voor de raffinaderij",
        "article": "Wabo 2.1(1)(e)",
        "decided_on": "2018-09-04",
        "announced_on": "2018-09-13",
        "valid_from": "2018-10-28",
        "reasons": "De vergunning is binnen vier jaar na publicatie herzien naar de BBT-conclusies.",
        "conditions": [
            *_cracker(),
            *_furnaces(CRUDE, "schoorsteen F1", "2"),
            *_furnaces(REFORMER, "schoorsteen F2", "3"),
            *_turbine(),
            *_sulphur(),
            *_vapours(),
            *_surroundings(),
        ],
    }


def _cracker() -> list[Condition]:
    stack = "schoorsteen C1 (regenerator)"
    rows = [("nox", "300", "mg/Nm³", "month"), ("dust", "40", "mg/Nm³", "month"), ("so2", "800", "mg/Nm³", "month")]
    return [
        *limits("1.1", CRACKER, stack, [*rows, ("co", "100", "mg/Nm³", "month")], "3", exempt=True),
        limit("1.1.5", CRACKER, stack, "nh3", "15", averaging="month", oxygen="3"),
        limit("1.1.6", CRACKER, stack, "nickel", "0.3", averaging="sampling_period", oxygen="3"),
        limit("1.1.7", CRACKER, stack, "vanadium", "0.5", averaging="sampling_period", oxygen="3"),
        limit("1.1.8", CRACKER, stack, "dioxins", "0.1", "ng TEQ/Nm³", "sampling_period", oxygen="3"),
        load("1.2.1", CRACKER, [stack], "so2", "1100", "t"),
        load("1.2.2", CRACKER, [stack], "nickel", "160"),
        measure("1.3.1", CRACKER, stack, ["nox", "dust", "so2", "co"]),
        measure("1.3.2", CRACKER, stack, ["nickel", "vanadium"], 2, 12, ["NEN-EN 14385"], 60),
        measure("1.3.3", CRACKER, stack, ["dioxins"], 1, 12, ["NEN-EN 1948-1"], 60),
        measure("1.3.4", CRACKER, stack, ["nh3"], 4, 12, ["NEN-EN-ISO 21877"], 60),
        technique(
            "1.4.1",
            CRACKER,
            stack,
            "derde cycloon en elektrostatisch filter",
            "Achter de regenerator staan een derde cycloon en een elektrostatisch filter. Ten minste twee van de drie "
            "velden van het filter zijn in bedrijf.",
            ("velden in bedrijf", "at_least", "2", "van 3"),
        ),
    ]


def _furnaces(name: str, stack: str, chapter: str) -> list[Condition]:
    rows = [("nox", "150"), ("so2", "35"), ("co", "100")]
    return [
        *limits(f"{chapter}.1", name, stack, [(a, b, "mg/Nm³", "month") for a, b in rows], "3", exempt=True),
        limit(f"{chapter}.1.4", name, stack, "dust", "5", averaging="sampling_period", oxygen="3"),
        load(f"{chapter}.2.1", name, [stack], "nox", "380", "t"),
        measure(f"{chapter}.3.1", name, stack, ["nox", "so2", "co"]),
        measure(f"{chapter}.3.2", name, stack, ["dust"], 1, 12, ["NEN-EN 13284-1"], 60),
    ]


def _turbine() -> list[Condition]:
    stack = "schoorsteen T1"
    return [
        limit("4.1.1", TURBINE, stack, "nox", "60", averaging="month", oxygen="15", exempt=True),
        limit(
            "4.1.2",
            TURBINE,
            stack,
            "nox",
            "60",
            oxygen="15",
            exempt=True,
            statistic={"share": "100", "factor": "110"},
        ),
        limit(
            "4.1.3",
            TURBINE,
            stack,
            "nox",
            "60",
            averaging="hour",
            oxygen="15",
            exempt=True,
            statistic={"share": "95", "factor": "200", "over": "year"},
        ),
        limit("4.1.4", TURBINE, stack, "co", "100", averaging="month", oxygen="15", exempt=True),
        measure("4.2.1", TURBINE, stack, ["nox", "co"]),
    ]


def _sulphur() -> list[Condition]:
    stack = "schoorsteen S1 (naverbrander)"
    return [
        technique(
            "5.1.1",
            SULPHUR,
            stack,
            "zwavelterugwinning met staartgasbehandeling",
            "Van de zwavel in het zure gas wordt ten minste 98,5% teruggewonnen, als gemiddelde over een maand.",
            ("rendement", "at_least", "98.5", "%"),
        ),
        limit("5.1.2", SULPHUR, stack, "h2s", "10", averaging="day", oxygen="3"),
        limit("5.1.3", SULPHUR, stack, "so2", "1500", averaging="month", oxygen="3", exempt=True),
        measure("5.2.1", SULPHUR, stack, ["so2", "h2s"]),
        load("5.3.1", SULPHUR, [stack], "so2", "420", "t"),
        words(
            "5.4.1",
            "technique",
            SULPHUR,
            "Zuur gas wordt alleen afgefakkeld als de terugwinning onverwacht uitvalt.",
            "een voorwaarde bij een voorval, zonder getal",
        ),
    ]


def _vapours() -> list[Condition]:
    recovery = "dampterugwinning D1"
    return [
        limit("6.1.1", JETTY, recovery, "tvoc", "10", "g/Nm³", "hour"),
        limit("6.1.2", JETTY, recovery, "benzene", "1", averaging="hour"),
        measure("6.1.3", JETTY, recovery, ["tvoc", "benzene"]),
        technique(
            "6.2.1", TANKS, "", "dubbele afdichting", "Tanks met een drijvend dak hebben een dubbele afdichting."
        ),
        technique(
            "6.2.2",
            "",
            "",
            "opsporen en herstellen van lekken",
            "Elke afdichting wordt ten minste één keer per jaar op lekken gemeten en binnen vijf werkdagen hersteld.",
            ("controles", "at_least", "1", "per jaar"),
            ("hersteltijd", "at_most", "5", "werkdagen"),
        ),
        load("6.3.1", TANKS, ["tankpark", "laadsteiger", "procesinstallaties"], "tvoc", "1250", "t"),
        load("6.3.2", TANKS, ["tankpark", "laadsteiger", "procesinstallaties"], "benzene", "9500"),
        study(
            "6.4.1", TANKS, "hoe veel benzeen van de tanks komt, gemeten op afstand met DIAL of SOF", "2019-12-31", 24
        ),
        deadline("6.4.2", TANKS, "alle tanks voor benzeen zijn aangesloten op een dampverwerking", "2024-12-31"),
        words(
            "6.5.1",
            "technique",
            "",
            "Fakkelen wordt gebruikt voor veiligheid, en bij opstarten en stilleggen als het niet anders kan.",
            "een voorwaarde voor gebruik, zonder getal",
        ),
    ]


def _surroundings() -> list[Condition]:
    water = "de Kreekhaven"
    return [
        noise("7.1.1", POINTS, 50, 45, 40),
        odour("7.2.1", "0.5", "98", "woningen aan de Kreekdijk"),
        odour("7.2.2", "2.5", "99.9", "woningen aan de Kreekdijk"),
        discharge("7.3.1", WATER, "", "minerale olie", "2.5", "mg/l", water),
        discharge("7.3.2", WATER, "", "suspended_solids", "25", "mg/l", water),
        discharge("7.3.3", WATER, "", "cod", "125", "mg/l", water),
        discharge("7.3.4", WATER, "", "nitrogen_total", "25", "mg/l", water),
        discharge("7.3.5", WATER, "", "benzene", "0.05", "mg/l", water),
        discharge("7.3.6", WATER, "", "mercury", "0.001", "mg/l", water),
        study("7.4.1", "", "welke zeer zorgwekkende stoffen vrijkomen en hoe dat is te vermijden", "2020-01-01", 60),
    ]


def _tailored() -> Decision:
    return {
        "id": "hoge-kreek-raffinaderij-maatwerk-2024",
        "kind": "tailored_conditions",
        "reference": "WL-2024-0333",
        "title": "Maatwerkvoorschrift: meten van benzeen aan de hekken",
        "article": "Bal 2.13",
        "decided_on": "2024-06-18",
        "announced_on": "2024-06-27",
        "valid_from": "2024-09-01",
        "reasons": "Rond het tankpark is meer benzeen gemeten dan uit de opgaven te verwachten was.",
        "general_rules": [
            {"rule": "none", "installations": [CRACKER, CRUDE, REFORMER, SULPHUR, TANKS, JETTY, WATER]},
            {"rule": "bal.4.36.nox.8", "installations": [TURBINE], "oxygen": "15"},
            {"rule": "bal.4.34.so2.9", "installations": [TURBINE], "oxygen": "15"},
            {"rule": "bal.4.38.co.1", "installations": [TURBINE], "oxygen": "15"},
        ],
        "conditions": [
            measure("1", TANKS, "", ["benzene"], place="Bij het hek in het noorden en dat in het oosten"),
            study("2", TANKS, "waar het verschil vandaan komt tussen opgegeven en gemeten benzeen", "2025-09-01"),
        ],
    }


def _amendment() -> Decision:
    stack = "schoorsteen C1 (regenerator)"
    return {
        "id": "hoge-kreek-raffinaderij-2022",
        "kind": "amendment",
        "amends": PERMIT,
        "reference": "WL-2022-0518",
        "title": "Wijziging: katalytische kraker",
        "article": "Wabo 2.30; Wabo 2.31",
        "decided_on": "2022-06-14",
        "announced_on": "2022-06-23",
        "valid_from": "2022-08-01",
        "reasons": "Een hulpstof in de katalysator vermindert zwavel; voor stof is tot 2026 een hogere waarde nodig.",
        "conditions": [
            limit(
                "1",
                CRACKER,
                stack,
                "so2",
                "500",
                averaging="month",
                oxygen="3",
                exempt=True,
                replaces=[f"{PERMIT}/1.1.3"],
            ),
            limit(
                "2",
                CRACKER,
                stack,
                "dust",
                "60",
                averaging="month",
                oxygen="3",
                exempt=True,
                suspends=[f"{PERMIT}/1.1.2"],
                valid_to="2026-07-31",
                derogation={
                    "basis": "bat_ael",
                    "article": "RIE 15(4); Bkl 8.28",
                    "reason": (
                        "Het filter past pas in de onderhoudsstop van 2026. Eerder ombouwen kost buitensporig veel "
                        "naast de milieuwinst van die jaren."
                    ),
                    "reassess_by": "2026-06-14",
                },
            ),
        ],
    }
