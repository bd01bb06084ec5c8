"""The waste incinerator of the demonstration: half-hours and days, with two sets of limits of which one is enough.

Everything is invented. The values lie where annex VI of Directive 2010/75/EU, the Bal (4.73) and the BAT conclusions
for waste incineration ((EU) 2019/2010) put such values.
"""

from __future__ import annotations

from typing import Final

from goedebuur.services.demo.permits.places import Example
from goedebuur.services.demo.permits.writing import (
    Condition,
    Decision,
    discharge,
    limit,
    limits,
    load,
    measure,
    noise,
    odour,
    study,
    technique,
)

SITE: Final = "voorbeeld-afvalcentrale-dijkhuizen"
PERMIT: Final = "dijkhuizen-afval-2021"
LINES: Final = (("lijn 1", "schoorsteen A1", "1"), ("lijn 2", "schoorsteen A2", "2"))
ASH: Final = "bodemasverwerking"
EXAMPLE: Final = Example(
    SITE,
    "Afvalcentrale Dijkhuizen",
    "Dijkhuizen",
    [("Afvalcentrale Dijkhuizen (verzonnen)", "1996-05-01")],
    -3_100,
    1_600,
    [("ied", "5.2(a)"), ("eprtr", "5(b)")],
    ["lijn 1", "lijn 2", ASH],
    {
        "schoorsteen A1": ("lijn 1", "stack", "90", "2.4"),
        "schoorsteen A2": ("lijn 2", "stack", "90", "2.4"),
        "schoorsteen A3 (bodemas)": (ASH, "stack", "20", "0.9"),
    },
)


def decisions() -> list[Decision]:
    """Return the decisions in the order in which they were taken."""
    return [_permit(), _tailored()]


def _permit() -> Decision:
    return {
        "id": PERMIT,
        "kind": "permit",
        "reference": "WL-2021-0091",
        "title": "Vergunning voor de afvalcentrale",
        "article": "Wabo 2.1(1)(e)",
        "decided_on": "2021-02-16",
        "announced_on": "2021-02-25",
        "valid_from": "2021-04-08",
        "reasons": "De vergunning is herzien naar de BBT-conclusies voor afvalverbranding.",
        "conditions": [
            *(one for line in LINES for one in _line(*line)),
            *_whole(),
        ],
    }


def _line(name: str, stack: str, chapter: str) -> list[Condition]:
    daily = [("dust", "5"), ("tvoc", "10"), ("hcl", "6"), ("hf", "1"), ("so2", "40"), ("nox", "100"), ("nh3", "5")]
    column_a = [("dust", "30"), ("tvoc", "20"), ("hcl", "60"), ("hf", "4"), ("so2", "200"), ("nox", "400")]
    column_b = [("dust", "10"), ("tvoc", "10"), ("hcl", "10"), ("hf", "2"), ("so2", "50"), ("nox", "200")]
    most = {"share": "97", "factor": "100", "over": "year"}
    a = [(x, y, "mg/Nm³", "half_hour") for x, y in column_a]
    b = [(x, y, "mg/Nm³", "half_hour") for x, y in column_b]
    return [
        *limits(f"{chapter}.1", name, stack, daily, "11"),
        limit(f"{chapter}.1.8", name, stack, "co", "50", oxygen="11", statistic=most),
        limit(f"{chapter}.1.9", name, stack, "nox", "70", averaging="month", oxygen="11"),
        *[
            limit(
                f"{chapter}.2.{n}", name, stack, *row, oxygen="11", form={"alternative": f"half-uren {name} {row[0]}"}
            )
            for n, row in enumerate(a, start=1)
        ],
        *[
            limit(
                f"{chapter}.3.{n}",
                name,
                stack,
                *row,
                oxygen="11",
                statistic=most,
                form={"alternative": f"half-uren {name} {row[0]}"},
            )
            for n, row in enumerate(b, start=1)
        ],
        limit(f"{chapter}.4.1", name, stack, "mercury", "0.02", oxygen="11"),
        limit(f"{chapter}.4.2", name, stack, "cd_tl", "0.02", averaging="sampling_period", oxygen="11"),
        limit(f"{chapter}.4.3", name, stack, "heavy_metals", "0.3", averaging="sampling_period", oxygen="11"),
        limit(f"{chapter}.4.4", name, stack, "dioxins", "0.06", "ng TEQ/Nm³", "sampling_period", "11"),
        limit(f"{chapter}.4.5", name, stack, "co", "150", averaging="ten_minutes", oxygen="11"),
        measure(f"{chapter}.5.1", name, stack, ["dust", "tvoc", "hcl", "so2", "nox", "nh3", "co", "mercury"]),
        measure(f"{chapter}.5.2", name, stack, ["cd_tl", "heavy_metals"], 2, 12, ["NEN-EN 14385"], 45),
        measure(f"{chapter}.5.3", name, stack, ["dioxins"], 2, 12, ["NEN-EN 1948-1"], 45),
        measure(f"{chapter}.5.4", name, stack, ["hf"], 2, 12, ["NEN-ISO 15713"], 45),
        technique(
            f"{chapter}.6.1",
            name,
            stack,
            "verbranding op temperatuur",
            "De rookgassen zijn na de laatste toevoer van lucht ten minste twee seconden op ten minste 850 °C.",
            ("temperatuur", "at_least", "850", "°C"),
            ("verblijftijd", "at_least", "2", "s"),
        ),
        technique(
            f"{chapter}.6.2",
            name,
            stack,
            "stoppen met doseren",
            "Er wordt geen afval gedoseerd als de temperatuur lager is, of als een meting door storing te hoog is.",
        ),
    ]


def _whole() -> list[Condition]:
    stacks = [stack for _, stack, _ in LINES]
    return [
        load("3.1.1", "", stacks, "nox", "210", "t"),
        load("3.1.2", "", stacks, "mercury", "20"),
        load("3.1.3", "", stacks, "dioxins", "80", "mg TEQ"),
        limit("3.2.1", ASH, "schoorsteen A3 (bodemas)", "dust", "5", averaging="sampling_period"),
        measure("3.2.2", ASH, "schoorsteen A3 (bodemas)", ["dust"], 1, 12, ["NEN-EN 13284-1"], 60),
        noise("3.3.1", [("A1 Dijk 8", "98600", "499200")], 45, 40, 35),
        odour("3.4.1", "0.5", "98", "woningen in Dijkhuizen"),
        discharge("3.5.1", "", "", "suspended_solids", "30", "mg/l", "het riool"),
        discharge("3.5.2", "", "", "mercury", "0.01", "mg/l", "het riool"),
        discharge("3.5.3", "", "", "cadmium", "0.03", "mg/l", "het riool"),
        study("3.6.1", "", "hoe de emissie van ammoniak verder omlaag kan", "2023-01-01", 60),
    ]


def _tailored() -> Decision:
    return {
        "id": "dijkhuizen-afval-maatwerk-2025",
        "kind": "tailored_conditions",
        "reference": "WL-2025-0130",
        "title": "Maatwerkvoorschriften: kwik en stikstofoxiden",
        "article": "Bal 2.13",
        "decided_on": "2025-04-15",
        "announced_on": "2025-04-24",
        "valid_from": "2025-06-01",
        "reasons": "Lijn 2 heeft een nieuwe DeNOx-installatie; van kwik zijn pieken gezien.",
        "general_rules": [
            {"rule": "bal.4.73", "emission_points": ["schoorsteen A1", "schoorsteen A2"], "oxygen": "11"},
            {"rule": "bal.4.73.month", "emission_points": ["schoorsteen A1", "schoorsteen A2"], "oxygen": "11"},
        ],
        "conditions": [
            limit(
                "1",
                "lijn 2",
                "schoorsteen A2",
                "nox",
                "60",
                averaging="month",
                oxygen="11",
                replaces=[f"{PERMIT}/2.1.9"],
                form={"tailored": "tightens"},
            ),
            limit(
                "2",
                "lijn 1",
                "schoorsteen A1",
                "mercury",
                "0.01",
                oxygen="11",
                replaces=[f"{PERMIT}/1.4.1"],
                form={"tailored": "tightens"},
            ),
            measure("3", "lijn 1", "schoorsteen A1", ["mercury"]),
        ],
    }
