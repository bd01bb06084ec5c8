"""The chemical plant of the demonstration: substances of very high concern, and a permit that is due for reassessment.

Everything is invented. The values lie where the BAT conclusions for large volume organic chemicals ((EU) 2017/2117)
and for waste gas in the chemical sector ((EU) 2022/2427) put such values, some of them above.
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
    study,
    technique,
    words,
)

SITE: Final = "voorbeeld-chemie-molenveld"
PERMIT: Final = "molenveld-chemie-2019"
CRACKER, MONOMER, OXIDISER = "EDC-kraker", "VCM-fabriek", "naverbrander"
EXAMPLE: Final = Example(
    SITE,
    "Chemische fabriek Molenveld",
    "Molenveld",
    [("Molenveld Chemie (verzonnen)", "1983-01-01"), ("Molenveld Vinyl (verzonnen)", "2020-01-01")],
    7_900,
    2_300,
    [("ied", "4.1(f)"), ("ied", "4.2(d)"), ("eprtr", "4(a)")],
    [CRACKER, MONOMER, OXIDISER],
    {
        "schoorsteen M1 (kraakoven)": (CRACKER, "stack", "50", "2"),
        "schoorsteen M2 (naverbrander)": (OXIDISER, "stack", "40", "1.1"),
        "ontluchting M3": (MONOMER, "vent", "18", "0.2"),
        "lekken": ("", "diffuse", "", ""),
    },
)


def decisions() -> list[Decision]:
    """Return the decisions in the order in which they were taken."""
    return [_permit(), _amendment()]


def _permit() -> Decision:
    return {
        "id": PERMIT,
        "kind": "permit",
        "reference": "WL-2019-0402",
        "title": "Vergunning voor de chemische fabriek",
        "article": "Wabo 2.1(1)(e)",
        "decided_on": "2019-05-21",
        "announced_on": "2019-05-30",
        "valid_from": "2019-07-12",
        "reasons": "De fabriek past de beste beschikbare technieken toe en vermijdt zeer zorgwekkende stoffen.",
        "conditions": [*_air(), *_duties(), *_surroundings()],
        "withheld": [
            {
                "what": "de samenstelling van de katalysator in bijlage 4",
                "ground": "Woo 5.1(2)(f)",
                "until": "2029-07-12",
                "emissions": False,
            }
        ],
    }


def _air() -> list[Condition]:
    furnace, burner = "schoorsteen M1 (kraakoven)", "schoorsteen M2 (naverbrander)"
    return [
        limit("1.1.1", CRACKER, furnace, "nox", "100", oxygen="3"),
        limit("1.1.2", CRACKER, furnace, "co", "100", oxygen="3"),
        *limits("1.2", OXIDISER, burner, [("tvoc", "5"), ("hcl", "10"), ("cl2", "4"), ("nox", "130")], "11"),
        limit("1.2.5", OXIDISER, burner, "dichloroethane", "1", averaging="sampling_period", oxygen="11"),
        limit("1.2.6", OXIDISER, burner, "vinyl_chloride", "1", averaging="sampling_period", oxygen="11"),
        limit("1.2.7", OXIDISER, burner, "dioxins", "0.08", "ng TEQ/Nm³", "sampling_period", "11"),
        limit("1.2.8", MONOMER, "ontluchting M3", "vinyl_chloride", "5", "g/h", "hour"),
        load("1.3.1", "", [burner, "ontluchting M3", "lekken"], "vinyl_chloride", "1200"),
        load("1.3.2", "", [burner, "lekken"], "dichloroethane", "2000"),
    ]


def _duties() -> list[Condition]:
    furnace, burner = "schoorsteen M1 (kraakoven)", "schoorsteen M2 (naverbrander)"
    return [
        measure("2.1.1", CRACKER, furnace, ["nox", "co"]),
        measure("2.1.2", OXIDISER, burner, ["tvoc", "hcl"]),
        measure(
            "2.1.3", OXIDISER, burner, ["dichloroethane", "vinyl_chloride", "cl2"], 12, 12, ["NPR-CEN/TS 13649"], 30
        ),
        measure("2.1.4", OXIDISER, burner, ["dioxins"], 2, 12, ["NEN-EN 1948-1"], 45),
        technique(
            "2.2.1",
            OXIDISER,
            burner,
            "naverbranding met gaswassing",
            "Alle procesgassen met gechloreerde stoffen gaan naar de naverbrander; die is ten minste 1.100 °C.",
            ("temperatuur", "at_least", "1100", "°C"),
        ),
        technique(
            "2.2.2",
            "",
            "",
            "opsporen en herstellen van lekken",
            "Elke afdichting met VCM of EDC wordt ten minste vier keer per jaar op lekken gemeten.",
            ("controles", "at_least", "4", "per jaar"),
        ),
        words(
            "2.2.3",
            "technique",
            "",
            "Bij het openen van apparaten komt zo weinig mogelijk VCM vrij.",
            "een inspanning, zonder getal",
        ),
        study("2.3.1", "", "hoe de emissie van VCM en EDC verder is te vermijden", "2021-07-12", 60),
        deadline("2.3.2", MONOMER, "de ontluchting M3 is aangesloten op de naverbrander", "2023-12-31"),
    ]


def _surroundings() -> list[Condition]:
    water = "de Molenvliet"
    return [
        noise("3.1.1", [("M1 Spoorlaan 2", "109300", "499000")], 50, 45, 40),
        discharge("3.2.1", "", "", "dichloroethane", "0.4", "mg/l", water),
        discharge("3.2.2", "", "", "copper", "0.2", "mg/l", water),
        discharge("3.2.3", "", "", "aox", "1", "mg/l", water),
        discharge("3.2.4", "", "", "cod", "100", "mg/l", water),
    ]


def _amendment() -> Decision:
    burner = "schoorsteen M2 (naverbrander)"
    return {
        "id": "molenveld-chemie-2024",
        "kind": "amendment",
        "amends": PERMIT,
        "reference": "WL-2024-0271",
        "title": "Wijziging: ontluchting aangesloten op de naverbrander",
        "article": "Ow 5.40(2)",
        "decided_on": "2024-02-27",
        "announced_on": "2024-03-07",
        "valid_from": "2024-04-20",
        "general_rules": [{"rule": "none"}],
        "withdraws": [f"{PERMIT}/1.2.8"],
        "reasons": "De ontluchting is aangesloten; een eigen eis is niet meer nodig en de vracht kan omlaag.",
        "conditions": [
            load("1", "", [burner, "lekken"], "vinyl_chloride", "700") | {"replaces": [f"{PERMIT}/1.3.1"]},
            measure("2", OXIDISER, burner, ["vinyl_chloride"]),
        ],
    }
