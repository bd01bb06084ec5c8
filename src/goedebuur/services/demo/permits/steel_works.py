"""The steel works of the demonstration: a permit of 2016, then tailored conditions, amendments and a withdrawal.

Everything is invented. The values lie where the BAT conclusions for iron and steel (2012/135/EU) put such values, some
of them above, so that there is something to find; they say nothing about any real works.
"""

from __future__ import annotations

from goedebuur.services.demo.permits.steel_parts import (
    COKE_1,
    COKE_2,
    EXAMPLE,
    GENERAL,
    PARTS,
    PELLETS,
    PERMIT,
    POWER,
    SINTER,
    SITE,
    SLAG,
    STORAGE,
)
from goedebuur.services.demo.permits.steel_permit import coke, permit
from goedebuur.services.demo.permits.writing import (
    Decision,
    deadline,
    limit,
    load,
    measure,
    study,
    technique,
)

__all__ = ["EXAMPLE", "SITE", "decisions"]


def decisions() -> list[Decision]:
    """Return the decisions in the order in which they were taken."""
    return [permit(), _tailored(), _amendment_2020(), _amendment_2023(), _withdrawal()]


def _tailored() -> Decision:
    stack = "schoorsteen 101 (ketel 1 en 2)"
    return {
        "id": "westerwerf-staal-maatwerk-2018",
        "kind": "tailored_conditions",
        "reference": "WL-2018-0112",
        "title": "Maatwerkvoorschriften voor de energiecentrale",
        "article": "Activiteitenbesluit 5.7",
        "decided_on": "2018-02-13",
        "announced_on": "2018-02-20",
        "valid_from": "2018-04-01",
        "valid_to": "2022-12-31",
        "reasons": "Hoogovengas wisselt in samenstelling; de ketels worden voor eind 2022 verbouwd.",
        "conditions": [
            limit(
                "1",
                POWER,
                stack,
                "nox",
                "120",
                averaging="month",
                oxygen="3",
                exempt=True,
                suspends=[f"{PERMIT}/10.1.2"],
                form={"tailored": "relaxes"},
            ),
            limit(
                "2",
                POWER,
                stack,
                "dust",
                "5",
                averaging="month",
                oxygen="3",
                exempt=True,
                form={"tailored": "tightens"},
            ),
            deadline(
                "3", POWER, "de branders van ketel 1 en 2 zijn vervangen door branders met weinig NOx", "2022-12-31"
            ),
        ],
    }


def _amendment_2020() -> Decision:
    return {
        "id": "westerwerf-staal-2020",
        "kind": "amendment",
        "amends": PERMIT,
        "reference": "WL-2020-0907",
        "title": "Wijziging: kooksfabrieken en slakverwerking",
        "article": "Wabo 2.30; Wabo 2.31",
        "decided_on": "2020-09-29",
        "announced_on": "2020-10-08",
        "valid_from": "2020-11-20",
        "withdraws": [f"{PERMIT}/11.3.1"],
        "reasons": "Strengere eisen zijn nodig en haalbaar; bewoners meldden vaak stank en stof.",
        "conditions": [
            limit(
                "2.1",
                COKE_2,
                "K22 (uitdrukken)",
                "dust",
                "10",
                averaging="sampling_period",
                replaces=[f"{PERMIT}/5.2.1"],
            ),
            limit(
                "2.2",
                COKE_2,
                "schoorsteen K21 (onderbevuring)",
                "nox",
                "600",
                oxygen="5",
                suspends=[f"{PERMIT}/5.1.3"],
                valid_to="2028-12-31",
                derogation={
                    "basis": "bat_ael",
                    "article": "RIE 15(4); Bkl 8.28",
                    "reason": (
                        "De ovens staan zo dicht op elkaar dat ombouw alleen kan als de hele batterij stilstaat. De "
                        "kosten daarvan zijn buitensporig hoog naast de milieuwinst tot aan de sluiting."
                    ),
                    "reassess_by": "2024-11-20",
                },
            ),
            technique(
                "3.1",
                SLAG,
                "",
                "slak koelen in een gesloten hal",
                "Vloeibare slak wordt gekoeld in een gesloten hal met afzuiging en naverbranding.",
            ),
            deadline("3.2", SLAG, "de gesloten hal voor het koelen van slak is in gebruik", "2021-12-31"),
            measure("3.3", SLAG, "afzuiging slakkenkoeling", ["h2s", "so2"]),
            study("4.1", STORAGE, "of overkapping van de velden met fijn erts haalbaar is", "2021-10-01"),
        ],
    }


def _amendment_2023() -> Decision:
    main = "schoorsteen 31 (sinterband)"
    strand = "schoorsteen 41 (brandband)"
    stack = "schoorsteen 101 (ketel 1 en 2)"
    return {
        "id": "westerwerf-staal-2023",
        "kind": "amendment",
        "amends": PERMIT,
        "reference": "WL-2023-0215",
        "title": "Wijziging: fijn stof en zware metalen",
        "article": "Wabo 2.30; Wabo 2.31(1)(b)",
        "decided_on": "2023-03-07",
        "announced_on": "2023-03-16",
        "valid_from": "2023-05-01",
        "reasons": "De GGD adviseerde de uitstoot van fijn stof, lood en PAK verder te verlagen; de techniek is er.",
        "conditions": [
            limit("1.1", SINTER, main, "dust", "8", oxygen="15", replaces=[f"{PERMIT}/2.1.1"]),
            limit("1.2", SINTER, main, "dioxins", "0.1", "ng TEQ/Nm³", "sampling_period", replaces=[f"{PERMIT}/2.1.5"]),
            limit("1.3", SINTER, main, "lead", "0.1", averaging="sampling_period", replaces=[f"{PERMIT}/2.1.7"]),
            limit("2.1", PELLETS, strand, "dust", "5", replaces=[f"{PERMIT}/3.1.1"]),
            limit("2.2", PELLETS, strand, "lead", "0.05", averaging="sampling_period", replaces=[f"{PERMIT}/3.1.6"]),
            load("2.3", PELLETS, [strand], "lead", "250"),
            technique(
                "2.4",
                PELLETS,
                strand,
                "doekfilter en DeNOx-installatie",
                "De afgassen van de brandband gaan door een doekfilter en een DeNOx-installatie.",
            ),
            limit(
                "3.1",
                POWER,
                stack,
                "nox",
                "80",
                averaging="month",
                oxygen="3",
                exempt=True,
                replaces=[f"{PERMIT}/10.1.2"],
            ),
            measure("4.1", PELLETS, strand, ["lead", "dust"], 4, 12, ["NEN-EN 14385"], 45),
            study(
                "5.1",
                "",
                "welke maatregelen de kans op neerslag van grof stof in Zeedorp verder verkleinen",
                "2024-05-01",
                24,
            ),
        ],
    }


def _withdrawal() -> Decision:
    numbers = [one["number"] for one in coke(COKE_1, "K1", "4")]
    return {
        "id": "westerwerf-staal-intrekking-2025",
        "kind": "revocation",
        "reference": "WL-2025-0044",
        "title": "Intrekking van het deel voor kooksfabriek 1",
        "article": "Ow 5.40(2)",
        "decided_on": "2025-02-11",
        "announced_on": "2025-02-18",
        "valid_from": "2025-04-01",
        "general_rules": [
            {"rule": "none", "installations": [one for one in PARTS if one != POWER]},
            *({"rule": rule, "installations": [POWER], "oxygen": "3"} for rule in GENERAL),
        ],
        "withdraws": [f"{PERMIT}/{number}" for number in numbers],
        "reasons": "Kooksfabriek 1 is gesloten; de vergunninghouder vroeg om intrekking. "
        "Ook legt dit besluit vast welke algemene regels gelden.",
    }
