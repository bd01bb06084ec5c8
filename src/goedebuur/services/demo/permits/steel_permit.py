"""The first permit of the steel works of the demonstration, with its conditions by installation."""

from __future__ import annotations

from goedebuur.services.demo.permits.steel_parts import (
    COKE_1,
    COKE_2,
    COMBUSTION,
    FURNACE_6,
    FURNACE_7,
    HOURS,
    PELLETS,
    PERMIT,
    POINTS,
    POWER,
    ROLLING,
    SINTER,
    SLAG,
    STEEL,
    STORAGE,
)
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


def permit() -> Decision:
    """Return the permit of 2016."""
    return {
        "id": PERMIT,
        "kind": "permit",
        "reference": "WL-2016-0381",
        "title": "Vergunning voor het staalwerk",
        "article": "Wabo 2.1(1)(e)",
        "decided_on": "2016-05-24",
        "announced_on": "2016-06-02",
        "valid_from": "2016-07-15",
        "reasons": (
            "De installaties passen de beste beschikbare technieken toe of gaan dat doen binnen de termijnen van deze "
            "vergunning. De aanvraag is vergeleken met de BBT-conclusies voor ijzer en staal (2012/135/EU)."
        ),
        "conditions": [
            *_general(),
            *_sinter(),
            *_pellets(),
            *coke(COKE_1, "K1", "4"),
            *coke(COKE_2, "K2", "5"),
            *_furnace(FURNACE_6, "H6", "6"),
            *_furnace(FURNACE_7, "H7", "7"),
            *_steel(),
            *_rolling(),
            *_power(),
            *_storage(),
            *_surroundings(),
        ],
    }


def _general() -> list[Condition]:
    return [
        words(
            "1.1.1",
            "technique",
            "",
            "De installaties zijn schoon en in goede staat van onderhoud, zodat stof zich niet onnodig verspreidt.",
            "algemene zorg, niet in een getal of techniek te zeggen",
        ),
        technique(
            "1.1.2",
            "",
            "",
            "milieubeheersysteem",
            "De vergunninghouder heeft een milieubeheersysteem en past het toe.",
        ),
        words(
            "1.2.1",
            "measuring_duty",
            "",
            "Ongewone voorvallen worden direct gemeld bij het bevoegd gezag.",
            "een melding bij een gebeurtenis, geen meting met een frequentie",
        ),
        deadline("1.2.2", "", "het jaarverslag over het kalenderjaar ervoor is bij het bevoegd gezag", "2017-03-31"),
        study("1.3.1", "", "welke zeer zorgwekkende stoffen vrijkomen en hoe dat is te vermijden", "2018-01-01", 60),
    ]


def _sinter() -> list[Condition]:
    main, room = "schoorsteen 31 (sinterband)", "schoorsteen 32 (ruimteontstoffing)"
    return [
        *limits("2.1", SINTER, main, [("dust", "15"), ("so2", "350"), ("nox", "300")], oxygen="15"),
        limit("2.1.4", SINTER, main, "mercury", "0.05", averaging="sampling_period"),
        limit("2.1.5", SINTER, main, "dioxins", "0.2", "ng TEQ/Nm³", "sampling_period"),
        limit("2.1.6", SINTER, main, "hf", "3"),
        limit("2.1.7", SINTER, main, "lead", "0.5", averaging="sampling_period"),
        limit("2.1.8", SINTER, main, "co", "30000", averaging="hour", rest="Meer dan dit is een storing."),
        limit("2.2.1", SINTER, room, "dust", "10"),
        load("2.3.1", SINTER, [main, room], "dust", "140000"),
        load("2.3.2", SINTER, [main], "so2", "1900", "t"),
        load("2.3.3", SINTER, [main], "nox", "2100", "t"),
        load("2.3.4", SINTER, [main], "mercury", "90"),
        measure("2.4.1", SINTER, main, ["dust", "so2", "nox", "co"]),
        measure("2.4.2", SINTER, main, ["mercury", "lead"], 2, 12, ["NEN-EN 13211", "NEN-EN 14385"], 60),
        measure("2.4.3", SINTER, main, ["dioxins"], 2, 12, ["NEN-EN 1948-1"], 60),
        measure("2.4.4", SINTER, room, ["dust"], 1, 12, ["NEN-EN 13284-1"], 60),
        technique(
            "2.5.1",
            SINTER,
            main,
            "doekfilter met injectie van kalk en bruinkoolkooks",
            "De afgassen van de sinterband gaan door een doekfilter waarin kalk en bruinkoolkooks worden ingeblazen. "
            "Het drukverschil over het filter is ten hoogste 25 mbar.",
            ("drukverschil", "at_most", "25", "mbar"),
        ),
    ]


def _pellets() -> list[Condition]:
    strand, mill = "schoorsteen 41 (brandband)", "schoorsteen 42 (malen en drogen)"
    return [
        *limits("3.1", PELLETS, strand, [("dust", "15"), ("so2", "50"), ("hf", "3"), ("hcl", "3"), ("nox", "400")]),
        limit("3.1.6", PELLETS, strand, "lead", "0.5", averaging="sampling_period"),
        limit("3.2.1", PELLETS, mill, "dust", "20"),
        load("3.3.1", PELLETS, [strand, mill], "dust", "95000"),
        load("3.3.2", PELLETS, [strand], "lead", "900"),
        measure("3.4.1", PELLETS, strand, ["dust", "so2", "nox"]),
        measure("3.4.2", PELLETS, strand, ["hf", "hcl", "lead"], 2, 12, ["NEN-ISO 15713", "NEN-EN 1911"], 60),
        study("3.5.1", PELLETS, "hoe de emissie van lood met de helft omlaag kan", "2019-07-01"),
    ]


def coke(name: str, code: str, chapter: str) -> list[Condition]:
    """Return the conditions for one coke plant."""
    fire, push, charge = f"schoorsteen {code}1 (onderbevuring)", f"{code}2 (uitdrukken)", f"{code}3 (vullen)"
    return [
        *limits(f"{chapter}.1", name, fire, [("so2", "500"), ("dust", "20"), ("nox", "650")], oxygen="5"),
        limit(f"{chapter}.2.1", name, push, "dust", "20", averaging="sampling_period"),
        limit(f"{chapter}.2.2", name, charge, "dust", "5", "g/t", "sampling_period"),
        technique(
            f"{chapter}.2.3",
            name,
            "",
            "toezicht op de ovendeuren",
            "Bij ten hoogste 10% van de ovendeuren zijn emissies zichtbaar, als gemiddelde over een maand.",
            ("visible oven_door share", "at_most", "10", "%", "month"),
        ),
        technique(
            f"{chapter}.2.4",
            name,
            "",
            "toezicht op het vullen",
            "Bij het vullen zijn ten hoogste 30 seconden per lading emissies zichtbaar, als gemiddelde over een maand.",
            ("visible charging seconds_each", "at_most", "30", "s", "month"),
        ),
        limit(f"{chapter}.3.1", name, fire, "benzene", "1", averaging="sampling_period"),
        load(f"{chapter}.3.2", name, [fire, push, charge], "bap", "25"),
        load(f"{chapter}.3.3", name, [fire, push, charge], "benzene", "4200"),
        measure(f"{chapter}.4.1", name, fire, ["so2", "dust", "nox"]),
        measure(f"{chapter}.4.2", name, fire, ["benzene", "bap"], 4, 12, ["NPR-CEN/TS 13649", "ISO 11338-1"], 45),
        measure(f"{chapter}.4.3", name, push, ["dust"], 2, 12, ["NEN-EN 13284-1"], 60),
        technique(
            f"{chapter}.5.1",
            name,
            "",
            "geen ruwe kooks uitdrukken",
            "Kooks wordt pas uitgedrukt als zij gaar is: de verkooksingstijd is ten minste 16 uur.",
            ("verkooksingstijd", "at_least", "16", "uur"),
        ),
    ]


def _furnace(name: str, code: str, chapter: str) -> list[Condition]:
    cast, stoves = f"schoorsteen {code}1 (giethal)", f"schoorsteen {code}2 (windverhitters)"
    return [
        limit(f"{chapter}.1.1", name, cast, "dust", "15"),
        limit(f"{chapter}.1.2", name, cast, "h2s", "5", averaging="sampling_period"),
        *limits(f"{chapter}.2", name, stoves, [("so2", "200"), ("dust", "10"), ("nox", "100")], oxygen="3"),
        load(f"{chapter}.3.1", name, [cast, stoves], "dust", "60000"),
        measure(f"{chapter}.4.1", name, cast, ["dust"]),
        measure(f"{chapter}.4.2", name, stoves, ["so2", "dust", "nox"], 1, 12, ["NEN-EN 14791", "NEN-EN 14792"], 60),
        technique(
            f"{chapter}.5.1",
            name,
            cast,
            "afzuiging van de giethal",
            "De giethal is afgezogen zolang er ijzer loopt. De afgezogen hoeveelheid is ten minste 600.000 m³ per uur.",
            ("afgezogen hoeveelheid", "at_least", "600000", "m³/h"),
        ),
    ]


def _steel() -> list[Condition]:
    first, second, ladle = "schoorsteen 81 (primair)", "schoorsteen 82 (secundair)", "schoorsteen 83 (panoven)"
    return [
        limit("8.1.1", STEEL, first, "dust", "50", averaging="sampling_period"),
        limit("8.1.2", STEEL, second, "dust", "15"),
        limit("8.1.3", STEEL, ladle, "dust", "10"),
        limit("8.1.4", STEEL, second, "chromium_vi", "0.01", averaging="sampling_period"),
        load("8.2.1", STEEL, [first, second, ladle], "dust", "120000"),
        load("8.2.2", STEEL, [second], "chromium_vi", "12"),
        measure("8.3.1", STEEL, second, ["dust"]),
        measure("8.3.2", STEEL, first, ["dust"], 2, 12, ["NEN-EN 13284-1"], 60),
        measure("8.3.3", STEEL, second, ["chromium_vi"], 2, 12, ["NEN-EN 14385"], 60),
        study(
            "8.4.1", STEEL, "welke emissies ontstaan als het dak van de convertorhal zichtbaar rookt", "2017-07-01", 36
        ),
    ]


def _rolling() -> list[Condition]:
    furnace = "schoorsteen 91 (heroven)"
    return [
        limit("9.1.1", ROLLING, furnace, "nox", "300", oxygen="3"),
        limit("9.1.2", ROLLING, furnace, "dust", "5", averaging="sampling_period", oxygen="3"),
        measure("9.2.1", ROLLING, furnace, ["nox"]),
        measure("9.2.2", ROLLING, furnace, ["dust"], 1, 12, ["NEN-EN 13284-1"], 60),
    ]


def _power() -> list[Condition]:
    stack = "schoorsteen 101 (ketel 1 en 2)"
    rows = [("so2", "150"), ("nox", "100"), ("dust", "10")]
    return [
        *limits("10.1", POWER, stack, [(a, b, "mg/Nm³", "month") for a, b in rows], "3", exempt=True),
        *limits("10.1", POWER, stack, rows, "3", 4, exempt=True, statistic=COMBUSTION),
        *limits(
            "10.1", POWER, stack, [(a, b, "mg/Nm³", "hour") for a, b in rows], "3", 7, exempt=True, statistic=HOURS
        ),
        limit("10.1.10", POWER, stack, "co", "100", averaging="month", oxygen="3", exempt=True),
        load("10.2.1", POWER, [stack], "nox", "900", "t"),
        load("10.2.2", POWER, [stack], "so2", "1400", "t"),
        measure("10.3.1", POWER, stack, ["so2", "nox", "dust", "co"]),
    ]


def _storage() -> list[Condition]:
    crush = "schoorsteen 111 (breker)"
    return [
        technique(
            "11.1.1",
            STORAGE,
            "",
            "besproeien van de velden",
            "Bij een wind van 8 m/s of meer wordt elk veld met los materiaal ten minste één keer per uur besproeid.",
            ("besproeiingen", "at_least", "1", "per uur"),
        ),
        technique(
            "11.1.2",
            STORAGE,
            "",
            "stoppen bij harde wind",
            "Bij een wind van 20 m/s of meer wordt stuifgevoelig materiaal niet geladen, gelost of verplaatst.",
            ("windsnelheid", "at_most", "20", "m/s"),
        ),
        study("11.1.3", STORAGE, "hoe veel stof er bij harde wind van de velden waait", "2018-07-01", 24),
        limit("11.2.1", SLAG, crush, "dust", "20", averaging="sampling_period"),
        measure("11.2.2", SLAG, crush, ["dust"], 1, 12, ["NEN-EN 13284-1"], 60),
        technique(
            "11.3.1",
            SLAG,
            "",
            "gietbed onder dak",
            "Vloeibare slak wordt gekoeld in bakken onder een dak met afzuiging, behalve bij storing van de afzuiging.",
        ),
        limit("11.3.2", SLAG, "afzuiging slakkenkoeling", "h2s", "3", averaging="hour"),
        measure("11.3.3", SLAG, "afzuiging slakkenkoeling", ["h2s"]),
    ]


def _surroundings() -> list[Condition]:
    water = "het Westerkanaal"
    return [
        noise("12.1.1", POINTS, 50, 45, 40),
        words(
            "12.1.2",
            "noise",
            "",
            "Maximale geluidsniveaus worden zo veel mogelijk beperkt; met schippers zijn daarover afspraken.",
            "een inspanning, geen niveau op een punt",
        ),
        odour("12.2.1", "0.5", "98", "woningen in Zeedorp"),
        odour("12.2.2", "2", "99.9", "woningen in Zeedorp"),
        discharge("12.3.1", COKE_1, "", "suspended_solids", "30", "mg/l", water),
        discharge("12.3.2", COKE_1, "", "cyanide", "0.1", "mg/l", water),
        discharge("12.3.3", COKE_1, "", "stikstof (Kjeldahl)", "50", "mg/l", water),
        discharge("12.3.4", FURNACE_6, "", "zinc", "2", "mg/l", water),
        discharge("12.3.5", ROLLING, "", "minerale olie", "5", "mg/l", water, "spot"),
        discharge("12.3.6", "", "", "koelwater, warmtevracht", "320", "MW", water, "month"),
    ]
