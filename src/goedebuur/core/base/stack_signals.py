"""What an instrument in a stack reports: rows for the table of quantities.

A raw signal stays what it is: a concentration in mg/m³, a share in ppm, or a current in mA that only a calibration
function makes a concentration. Which gas a mg/m³ is of (wet or dry, as it is or normal) is a matter of the stream
(`core/emissions/streams.py`); the number is the same. What is found by sampling, as dioxins are, is no signal.
"""

from __future__ import annotations

from typing import Final

Ratios = dict[str, tuple[int, int]]
Row = tuple[str, str, str, str, str, Ratios, str]
"""Identifier, symbol, Dutch name, English name, canonical unit, ratios, CAS number."""

PREFIX: Final = "stack_"
"""With which the identifier of every such quantity begins, and that of no other."""

_MG: Final[Ratios] = {
    **{f"mg/{volume}": (1, 1) for volume in ("m³", "m3", "Nm³", "Nm3")},
    **{f"{mass}/{volume}": (1, 1000) for mass in ("µg", "ug") for volume in ("m³", "m3", "Nm³", "Nm3")},
    **{f"g/{volume}": (1000, 1) for volume in ("m³", "m3", "Nm³", "Nm3")},
}
_PPM: Final[Ratios] = {"ppm": (1, 1), "ppb": (1, 1000), "%": (10_000, 1)}
_FLOW: Final[Ratios] = {
    **{f"{volume}/h": (1, 1) for volume in ("m³", "m3", "Nm³", "Nm3")},
    **{f"{volume}/s": (3600, 1) for volume in ("m³", "m3", "Nm³", "Nm3")},
    **{f"1000 {volume}/h": (1000, 1) for volume in ("m³", "m3", "Nm³", "Nm3")},
}
_PRESSURE: Final[Ratios] = {"hPa": (1, 1), "mbar": (1, 1), "Pa": (1, 100), "kPa": (10, 1), "bar": (1000, 1)}
_CELSIUS: Final[Ratios] = {"°C": (1, 1), "0.1 °C": (1, 10)}
_PERCENT: Final[Ratios] = {"%": (1, 1)}
_MASS: Final[Ratios] = {"t/h": (1, 1), "kg/h": (1, 1000)}
_POWER: Final[Ratios] = {"MW": (1, 1), "kW": (1, 1000)}

_GASES: Final = (
    ("nox", "NOx", "stikstofoxiden (als NO₂)", "nitrogen oxides (as NO₂)", ""),
    ("no", "NO", "stikstofmonoxide", "nitrogen monoxide", "10102-43-9"),
    ("no2", "NO₂", "stikstofdioxide", "nitrogen dioxide", "10102-44-0"),
    ("n2o", "N₂O", "lachgas", "nitrous oxide", "10024-97-2"),
    ("so2", "SO₂", "zwaveldioxide", "sulphur dioxide", "7446-09-5"),
    ("sox", "SOx", "zwaveloxiden (als SO₂)", "sulphur oxides (as SO₂)", ""),
    ("so3", "SO₃", "zwaveltrioxide", "sulphur trioxide", "7446-11-9"),
    ("co", "CO", "koolmonoxide", "carbon monoxide", "630-08-0"),
    ("co2", "CO₂", "kooldioxide", "carbon dioxide", "124-38-9"),
    ("nh3", "NH₃", "ammoniak", "ammonia", "7664-41-7"),
    ("hcl", "HCl", "waterstofchloride", "hydrogen chloride", "7647-01-0"),
    ("hf", "HF", "waterstoffluoride", "hydrogen fluoride", "7664-39-3"),
    ("h2s", "H₂S", "zwavelwaterstof", "hydrogen sulphide", "7783-06-4"),
    ("hcn", "HCN", "blauwzuur", "hydrogen cyanide", "74-90-8"),
    ("hbr", "HBr", "waterstofbromide", "hydrogen bromide", "10035-10-6"),
    ("cl2", "Cl₂", "chloor", "chlorine", "7782-50-5"),
    ("cs2", "CS₂", "koolstofdisulfide", "carbon disulphide", "75-15-0"),
    ("tvoc", "TOC", "totaal organisch koolstof (als C)", "total organic carbon (as C)", ""),
    ("methane", "CH₄", "methaan", "methane", "74-82-8"),
    ("benzene", "C₆H₆", "benzeen", "benzene", "71-43-2"),
    ("toluene", "C₇H₈", "tolueen", "toluene", "108-88-3"),
    ("xylenes", "C₈H₁₀", "xylenen", "xylenes", "1330-20-7"),
    ("styrene", "C₈H₈", "styreen", "styrene", "100-42-5"),
    ("butadiene", "C₄H₆", "1,3-butadieen", "1,3-butadiene", "106-99-0"),
    ("ethylene", "C₂H₄", "etheen", "ethylene", "74-85-1"),
    ("propylene", "C₃H₆", "propeen", "propylene", "115-07-1"),
    ("ethylene_oxide", "C₂H₄O", "ethyleenoxide", "ethylene oxide", "75-21-8"),
    ("propylene_oxide", "C₃H₆O", "propyleenoxide", "propylene oxide", "75-56-9"),
    ("vinyl_chloride", "C₂H₃Cl", "vinylchloride", "vinyl chloride", "75-01-4"),
    ("dichloroethane", "C₂H₄Cl₂", "1,2-dichloorethaan", "1,2-dichloroethane", "107-06-2"),
    ("dichloromethane", "CH₂Cl₂", "dichloormethaan", "dichloromethane", "75-09-2"),
    ("acrylonitrile", "C₃H₃N", "acrylonitril", "acrylonitrile", "107-13-1"),
    ("formaldehyde", "CH₂O", "formaldehyde", "formaldehyde", "50-00-0"),
    ("acetaldehyde", "C₂H₄O", "aceetaldehyde", "acetaldehyde", "75-07-0"),
    ("methanol", "CH₄O", "methanol", "methanol", "67-56-1"),
    ("phenol", "C₆H₆O", "fenol", "phenol", "108-95-2"),
    ("naphthalene", "C₁₀H₈", "naftaleen", "naphthalene", "91-20-3"),
    ("mercury", "Hg", "kwik", "mercury", "7439-97-6"),
)
_PARTICLES: Final = (
    ("dust", "stof", "totaal stof", "total dust", ""),
    ("pm10", "PM10", "fijnstof (PM10)", "particulate matter (PM10)", ""),
    ("pm25", "PM2.5", "fijnstof (PM2.5)", "fine particulate matter (PM2.5)", ""),
    ("cadmium", "Cd", "cadmium", "cadmium", "7440-43-9"),
    ("thallium", "Tl", "thallium", "thallium", "7440-28-0"),
    ("lead", "Pb", "lood", "lead", "7439-92-1"),
    ("arsenic", "As", "arseen", "arsenic", "7440-38-2"),
    ("nickel", "Ni", "nikkel", "nickel", "7440-02-0"),
    ("chromium", "Cr", "chroom", "chromium", "7440-47-3"),
    ("copper", "Cu", "koper", "copper", "7440-50-8"),
    ("zinc", "Zn", "zink", "zinc", "7440-66-6"),
    ("manganese", "Mn", "mangaan", "manganese", "7439-96-5"),
    ("vanadium", "V", "vanadium", "vanadium", "7440-62-2"),
    ("cobalt", "Co", "kobalt", "cobalt", "7440-48-4"),
    ("antimony", "Sb", "antimoon", "antimony", "7440-36-0"),
)
SUBSTANCES: Final = tuple(row[0] for row in (*_GASES, *_PARTICLES))
"""Identifiers in the table of substances of what an instrument in a stack can measure."""

_OTHERS: Final[tuple[tuple[str, str, str, str, str, Ratios], ...]] = (
    ("o2", "O₂", "zuurstof in de afgassen", "oxygen in the flue gas", "%", _PERCENT),
    ("moisture", "H₂O", "waterdamp in de afgassen", "water vapour in the flue gas", "%", _PERCENT),
    ("temperature", "T", "temperatuur van de afgassen", "flue gas temperature", "°C", _CELSIUS),
    ("pressure", "p", "druk van de afgassen", "flue gas pressure", "hPa", _PRESSURE),
    ("flow", "Q", "debiet van de afgassen", "flue gas flow", "m³/h", _FLOW),
    ("speed", "v", "snelheid van de afgassen", "flue gas speed", "m/s", {"m/s": (1, 1)}),
    ("opacity", "opaciteit", "opaciteit van de afgassen", "flue gas opacity", "%", _PERCENT),
    ("load", "last", "belasting van de installatie", "load of the installation", "%", _PERCENT),
    ("power", "P", "vermogen van de installatie", "power of the installation", "MW", _POWER),
    ("heat_input", "P", "toegevoerd thermisch vermogen", "heat input", "MW", _POWER),
    ("energy", "E", "opgewekte energie", "energy produced", "MWh", {"MWh": (1, 1), "kWh": (1, 1000)}),
    ("steam", "stoom", "stoomproductie", "steam production", "t/h", _MASS),
    ("throughput", "doorzet", "doorzet van de installatie", "throughput of the installation", "t/h", _MASS),
    ("fuel", "brandstof", "toegevoerde brandstof (massa)", "fuel supplied (mass)", "t/h", _MASS),
    ("fuel_gas", "brandstof", "toegevoerde brandstof (volume)", "fuel supplied (volume)", "m³/h", _FLOW),
    ("state", "toestand", "bedrijfstoestand (code)", "operating state (code)", "code", {"code": (1, 1)}),
    ("process_temperature", "T", "temperatuur in het proces", "process temperature", "°C", _CELSIUS),
    ("process_pressure", "p", "druk in het proces", "process pressure", "hPa", _PRESSURE),
    ("process_flow", "Q", "debiet in het proces", "process flow", "m³/h", _FLOW),
    ("process_mass", "m", "massastroom in het proces", "process mass flow", "t/h", _MASS),
    ("process_humidity", "RV", "luchtvochtigheid in het proces", "process air humidity", "%", _PERCENT),
    ("signal_ma", "mA", "meetsignaal (stroom)", "measuring signal (current)", "mA", {"mA": (1, 1)}),
    ("signal_v", "V", "meetsignaal (spanning)", "measuring signal (voltage)", "V", {"V": (1, 1), "mV": (1, 1000)}),
    ("signal_percent", "%", "meetsignaal (deel van de schaal)", "measuring signal (share of scale)", "%", _PERCENT),
    ("signal", "-", "meetsignaal (zonder eenheid)", "measuring signal (without unit)", "1", {"1": (1, 1)}),
)

ROWS: Final[tuple[Row, ...]] = (
    *(
        (f"{PREFIX}{name}", symbol, f"{nl} in de afgassen", f"{en} in the flue gas", "mg/m³", _MG, cas)
        for name, symbol, nl, en, cas in (*_GASES, *_PARTICLES)
    ),
    *(
        (
            f"{PREFIX}{name}_ppm",
            symbol,
            f"{nl} in de afgassen (volumedeel)",
            f"{en} in the flue gas (volume share)",
            "ppm",
            _PPM,
            cas,
        )
        for name, symbol, nl, en, cas in _GASES
    ),
    *((f"{PREFIX}{name}", symbol, nl, en, unit, ratios, "") for name, symbol, nl, en, unit, ratios in _OTHERS),
)
