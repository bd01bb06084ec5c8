"""The two simulated plants: two lines of the waste incinerator, five stacks of the steel works. All invented."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from goedebuur.services.demo.permits import incinerator, steel_parts
from goedebuur.services.demo.stacks.designs import Gas, Habits, Point, Pollutant, Unit

_FTIR: Final = "ftir"
_WASTE_UNITS: Final = (
    Unit("droge kalkdosering", "kalk", "kg/h", 210),
    Unit("SNCR", "ammonia", "kg/h", 78),
    Unit("doekfilter", "filter_dp", "mbar", 14),
    Unit("actiefkooldosering", "kool", "kg/h", 9),
)
_WASTE: Final = (
    Pollutant("hcl", 2.2, 0.30, _FTIR, 90, 0.12, "kalk", 7, 1.6, (60, 2), wet=True, slope=1.03, standard="EN 1911"),
    Pollutant("so2", 7.0, 0.45, _FTIR, 300, 0.5, "kalk", 8, 1.6, (50, 2), wet=True, slope=0.97, standard="EN 14791"),
    Pollutant("nox", 46, 0.08, _FTIR, 600, 1.2, "ammonia", 3.5, 1.3, wet=True, slope=1.02, standard="EN 14792"),
    Pollutant("nh3", 1.1, 0.30, _FTIR, 30, 0.10, "", 1, 1.2, (20, 1.5), wet=True, standard="EN ISO 21877"),
    Pollutant("co", 7.5, 0.25, _FTIR, 300, 0.4, "", 1, 3.0, (260, 3), wet=True, slope=0.99, standard="EN 15058"),
    Pollutant("tvoc", 0.7, 0.30, "fid", 30, 0.10, "", 1, 3.0, (120, 2), wet=True, standard="EN 12619"),
    Pollutant(
        *("dust", 0.7, 0.30, "stofmeter", 20, 0.06, "filter_dp", 9, 1.5, (0, 0)),
        wet=True,
        hot=True,
        slope=1.25,
        offset=-5.0,
        milliampere=True,
        decimals=3,
        standard="EN 13284-2",
    ),
    Pollutant(
        *("mercury", 0.0022, 0.35, "kwikmeter", 0.1, 0.00015, "kool", 6, 1.2, (25, 4)),
        decimals=5,
        standard="EN 14884",
    ),
)
LINE_1: Final = Point(
    "a1",
    incinerator.SITE,
    "schoorsteen A1",
    "lijn 1",
    Habits(),
    Gas(oxygen=8.4, moisture=16.5, flow=78_000, temperature=142, reference=11, full=62, load="stack_steam"),
    _WASTE,
    _WASTE_UNITS,
    {"vuurhaard": ("°C", 985)},
)
LINE_2: Final = replace(
    LINE_1,
    key="a2",
    name="schoorsteen A2",
    installation="lijn 2",
    gas=Gas(oxygen=7.8, moisture=17.4, flow=84_000, temperature=138, reference=11, full=68, load="stack_steam"),
)
_COKE: Final = (
    Pollutant("so2", 190, 0.12, "ndir", 1_500, 4, "", 1, 1.1, (20, 0.6), slope=1.02, standard="EN 14791"),
    Pollutant("nox", 390, 0.10, "ndir", 1_500, 5, "", 1, 1.1, slope=0.98, standard="EN 14792"),
    Pollutant("co", 210, 0.30, "ndir", 3_000, 6, "", 1, 1.5, (150, 2), standard="EN 15058"),
    Pollutant(
        *("dust", 5.5, 0.35, "stofmeter", 60, 0.2, "", 1, 1.4, (420, 2.5)),
        wet=True,
        hot=True,
        slope=3.75,
        offset=-15.0,
        milliampere=True,
        decimals=3,
        standard="EN 13284-2",
    ),
)
COKE: Final = Point(
    "k21",
    steel_parts.SITE,
    "schoorsteen K21 (onderbevuring)",
    steel_parts.COKE_2,
    Habits(stops=0.6, stop_hours=(8, 30), revision_days=0, loads=(0.9, 0.95, 1.0), stay=10_000, cycle=30),
    Gas(oxygen=7.2, moisture=14, flow=185_000, temperature=225, reference=5, full=118),
    _COKE,
    (),
    {"trekregister": ("%", 62)},
)
_SINTER: Final = (
    Pollutant("so2", 210, 0.18, "ndir", 1_500, 4, "kalk", 1.8, 1.0, slope=1.01, standard="EN 14791"),
    Pollutant("nox", 205, 0.09, "ndir", 1_000, 4, "", 1, 1.0, slope=0.99, standard="EN 14792"),
    Pollutant("co", 8_500, 0.10, "ndir", 40_000, 60, "", 1, 1.1, standard="EN 15058"),
    Pollutant(
        *("dust", 3.6, 0.30, "stofmeter", 50, 0.15, "filter_dp", 5, 1.4, (160, 1.5)),
        wet=True,
        hot=True,
        slope=3.125,
        offset=-12.5,
        milliampere=True,
        decimals=3,
        standard="EN 13284-2",
    ),
)
SINTER: Final = Point(
    "s31",
    steel_parts.SITE,
    "schoorsteen 31 (sinterband)",
    steel_parts.SINTER,
    Habits(stops=14, stop_hours=(4, 36), revision_days=9, start_hours=3, end_hours=1, failures=4, stay=3_000),
    Gas(oxygen=15.2, moisture=9.5, flow=690_000, temperature=128, reference=15, full=520),
    _SINTER,
    (Unit("injectie van kalk en bruinkoolkooks", "kalk", "kg/h", 640), Unit("doekfilter", "filter_dp", "mbar", 17)),
    {"branddoorslag": ("°C", 395)},
)
_STOVES: Final = (
    Pollutant("so2", 95, 0.15, "ndir", 800, 3, "", 1, 1.0, standard="EN 14791"),
    Pollutant("nox", 46, 0.15, "ndir", 400, 1.5, "", 1, 1.0, slope=1.02, standard="EN 14792"),
    Pollutant("dust", 2.4, 0.30, "stofmeter", 30, 0.12, "", 1, 1.3, (40, 2), decimals=3, standard="EN 13284-2"),
    Pollutant("co", 420, 0.35, "ndir", 6_000, 8, "", 1, 1.6, (220, 2), standard="EN 15058"),
)
STOVES: Final = Point(
    "h72",
    steel_parts.SITE,
    "schoorsteen H72 (windverhitters)",
    steel_parts.FURNACE_7,
    Habits(stops=7, stop_hours=(6, 48), revision_days=6, start_hours=4, end_hours=1, stay=6_000, cycle=50),
    Gas(
        oxygen=4.1,
        moisture=7,
        flow=240_000,
        temperature=260,
        reference=3,
        full=150,
        load_unit="MW",
        load="stack_heat_input",
    ),
    _STOVES,
    (),
    {"koepel": ("°C", 1_240)},
)
_CAST: Final = (
    Pollutant(
        *("dust", 4.2, 0.45, "stofmeter", 60, 0.15, "filter_dp", 5, 1.2, (500, 1.5)),
        decimals=3,
        standard="EN 13284-2",
    ),
)
CAST_HOUSE: Final = Point(
    "h71",
    steel_parts.SITE,
    "schoorsteen H71 (giethal)",
    steel_parts.FURNACE_7,
    Habits(stops=7, stop_hours=(6, 48), revision_days=6, start_hours=2, end_hours=1, failures=5, cycle=150),
    Gas(oxygen=20.6, moisture=1.5, flow=610_000, temperature=68, reference=0, full=310),
    _CAST,
    (Unit("doekfilter giethal", "filter_dp", "mbar", 16),),
)
POWER: Final = Point(
    "e101",
    steel_parts.SITE,
    "schoorsteen 101 (ketel 1 en 2)",
    steel_parts.POWER,
    Habits(stops=9, stop_hours=(5, 60), revision_days=21, start_hours=6, end_hours=2, loads=(0.5, 0.7, 0.85, 1.0)),
    Gas(
        oxygen=4.4,
        moisture=11,
        flow=520_000,
        temperature=145,
        reference=3,
        full=290,
        load_unit="MW",
        load="stack_power",
    ),
    (
        Pollutant("so2", 62, 0.25, "ndir", 600, 3, "", 1, 1.2, standard="EN 14791"),
        Pollutant("nox", 63, 0.12, "ndir", 500, 1.5, "", 1, 1.6, slope=1.03, standard="EN 14792"),
        Pollutant("co", 14, 0.40, "ndir", 500, 0.8, "", 1, 6, (140, 6), standard="EN 15058"),
        Pollutant("dust", 2.2, 0.30, "stofmeter", 40, 0.1, "filter_kv", 6, 1.5, decimals=3, standard="EN 13284-2"),
    ),
    (Unit("elektrofilter", "filter_kv", "%", 72),),
)
WASTE_PLANT: Final = (LINE_1, LINE_2)
STEEL_WORKS: Final = (COKE, SINTER, STOVES, CAST_HOUSE, POWER)
ALL: Final = (*WASTE_PLANT, *STEEL_WORKS)
