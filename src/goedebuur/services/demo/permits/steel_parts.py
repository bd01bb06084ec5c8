"""What the steel works of the demonstration is made of: its installations and emission points, all invented."""

from __future__ import annotations

from typing import Final

from goedebuur.services.demo.permits.places import Example

SITE: Final = "voorbeeld-staalwerk-westerwerf"
PERMIT: Final = "westerwerf-staal-2016"
COMBUSTION: Final = {"share": "100", "factor": "110"}
HOURS: Final = {"share": "95", "factor": "200", "over": "year"}

SINTER, PELLETS, COKE_1, COKE_2 = "sinterfabriek", "pelletfabriek", "kooksfabriek 1", "kooksfabriek 2"
FURNACE_6, FURNACE_7, STEEL, ROLLING = "hoogoven 6", "hoogoven 7", "oxystaalfabriek", "warmbandwalserij"
POWER, STORAGE, SLAG = "energiecentrale", "grondstoffenopslag", "slakverwerking"
PARTS: Final = [SINTER, PELLETS, COKE_1, COKE_2, FURNACE_6, FURNACE_7, STEEL, ROLLING, POWER, STORAGE, SLAG]
GENERAL: Final = ("bal.4.34.so2.8", "bal.4.36.nox.10", "bal.4.38.co.1", "bal.4.39.dust.3")
"""Of the Bal, for an existing plant on blast furnace gas of 50 MW or more; elsewhere BAT conclusions hold."""
POINTS: Final = (("Z1 Zeedorp-Kerkplein", "103400", "498900"), ("Z2 Duinweg 12", "102600", "499800"))
EXAMPLE: Final = Example(
    SITE,
    "Staalwerk Westerwerf",
    "Westerwerf",
    [("Westerwerf Hoogovens (verzonnen)", "1998-01-01"), ("Westerwerf Staal (verzonnen)", "2014-07-01")],
    0,
    0,
    [("ied", "2.2"), ("ied", "2.1"), ("ied", "1.3"), ("ied", "2.3(a)"), ("ied", "1.1"), ("eprtr", "2(b)")],
    PARTS,
    {
        "schoorsteen 31 (sinterband)": (SINTER, "stack", "75", "6.2"),
        "schoorsteen 32 (ruimteontstoffing)": (SINTER, "stack", "50", "4"),
        "schoorsteen 41 (brandband)": (PELLETS, "stack", "80", "5.5"),
        "schoorsteen 42 (malen en drogen)": (PELLETS, "stack", "45", "2.4"),
        "schoorsteen K11 (onderbevuring)": (COKE_1, "stack", "100", "4.1"),
        "K12 (uitdrukken)": (COKE_1, "stack", "25", "3"),
        "K13 (vullen)": (COKE_1, "diffuse", "", ""),
        "schoorsteen K21 (onderbevuring)": (COKE_2, "stack", "120", "4.6"),
        "K22 (uitdrukken)": (COKE_2, "stack", "30", "3.2"),
        "K23 (vullen)": (COKE_2, "diffuse", "", ""),
        "schoorsteen H61 (giethal)": (FURNACE_6, "stack", "40", "4.4"),
        "schoorsteen H62 (windverhitters)": (FURNACE_6, "stack", "70", "3.8"),
        "schoorsteen H71 (giethal)": (FURNACE_7, "stack", "40", "4.8"),
        "schoorsteen H72 (windverhitters)": (FURNACE_7, "stack", "80", "4.2"),
        "schoorsteen 81 (primair)": (STEEL, "stack", "80", "2.6"),
        "schoorsteen 82 (secundair)": (STEEL, "stack", "45", "5"),
        "schoorsteen 83 (panoven)": (STEEL, "stack", "35", "2.8"),
        "schoorsteen 91 (heroven)": (ROLLING, "stack", "90", "4.5"),
        "schoorsteen 101 (ketel 1 en 2)": (POWER, "stack", "150", "5.8"),
        "schoorsteen 111 (breker)": (SLAG, "stack", "20", "1.2"),
        "afzuiging slakkenkoeling": (SLAG, "vent", "15", "2.2"),
    },
    facility="SIM.WERK/1.FACILITY",
)
