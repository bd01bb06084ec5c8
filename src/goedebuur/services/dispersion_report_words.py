"""Dutch words of the report of a dispersion study, whatever the language of a page."""

from __future__ import annotations

from math import floor, log10
from typing import Final

from goedebuur.services import air_hours, dispersion_grids, dispersion_weather
from goedebuur.services.dispersion_outcome import Apart, Outcome, unit_of
from goedebuur.services.dispersion_statistics import Statistic
from goedebuur.services.dispersion_study import OWN, Basis

WORDS: Final = {
    Basis.REPORTED: "zoals gerapporteerd",
    Basis.GIVEN: "zoals opgegeven in deze studie",
    Basis.PERMITTED: "wat de vergunning ten hoogste toelaat",
    "low": "lage schoorsteen (aangenomen)",
    "middle": "middelhoge schoorsteen (aangenomen)",
    "high": "hoge schoorsteen (aangenomen)",
    OWN: "schoorsteen zoals opgegeven in deze studie",
    air_hours.NO_WIND: "geen windsnelheid",
    air_hours.CALM: "windstil",
    air_hours.NO_TEMPERATURE: "geen temperatuur",
    air_hours.NO_CLOUDS: "geen bewolking",
    air_hours.UNSEEN: "de lucht was niet te zien",
    air_hours.NO_AGREEMENT: "geen wrijvingssnelheid past bij de gegevens",
    air_hours.NO_DIRECTION: "windstil of veranderlijke richting",
    dispersion_weather.NO_HEIGHT: "geen menghoogte",
    dispersion_weather.ONSHORE: "overdag wind van zee: de lucht is niet gemengd zoals boven land",
    dispersion_grids.NEAR: "te dicht bij een bron",
    dispersion_grids.BEYOND: "verder dan 50 km van een bron",
    dispersion_grids.INSIDE: "in een groeve",
    Apart.NOT_READY: "Die studie is nog niet klaar.",
    Apart.OTHER_VERSION: "Die studie is bewaard door een andere versie van dit programma en is niet te lezen.",
    Apart.OTHER_MODEL: "Die studie is met een andere versie van het model berekend: wat verschilt, komt dan niet "
    "alleen door deze variant.",
    Apart.OTHER_WEATHER: "Die studie is met ander weer berekend: wat verschilt, komt dan niet alleen door deze "
    "variant.",
    "cap-shared": "de vergunning heeft één totaal voor meer bedrijven uit het register",
    "cap-overlapping": "de vergunning heeft totalen die elkaar overlappen",
    "cap-partial": "de vergunning heeft totalen voor sommige delen van het bedrijf, en geen voor de andere",
    "cap-exempt": "wat er in sommige toestanden uitkomt, telt niet mee voor het totaal in de vergunning",
}


def said(key: str) -> str:
    """Return the words for a code; the code itself where there are none."""
    return WORDS.get(key, key)


def statistic(name: str, years: int = 1) -> str:
    """Return what a statistic is over so many years together.

    >>> statistic("p99.9"), statistic("high-25")
    ('99,9-percentiel van de uren', '25e hoogste uur')
    >>> statistic("p98", 3), statistic("mean", 3), statistic("high-25", 3)
    ('98-percentiel van alle uren van 3 jaar', 'gemiddelde van 3 jaar', '25e hoogste uur in 3 jaar')
    """
    told, one = Statistic.named(name), _of_a_year(name)
    if years == 1:
        return one
    if told.percent is not None:
        return one.replace("van de uren", f"van alle uren van {years} jaar")
    return f"gemiddelde van {years} jaar" if told.over is None and told.nth is None else f"{one} in {years} jaar"


def _of_a_year(name: str) -> str:
    told = Statistic.named(name)
    if told.percent is not None:
        return f"{name[1:].replace('.', ',')}-percentiel van de uren"
    if told.over is not None:
        what = "uren" if told.of == "hours" else "dagen"
        return f"{what} boven {decimal(f'{told.over:g}')} µg/m³"
    if told.nth is None:
        return "jaargemiddelde"
    of = {"hours": "uur", "days": "daggemiddelde", "running": "dag naar gemiddelden van acht uur"}[told.of]
    return f"hoogste {of}" if told.nth == 1 else f"{told.nth}e hoogste {of}"


def unit(name: str) -> str:
    """Return the unit of a statistic."""
    return {"hours": "uren", "days": "dagen"}.get(unit_of(name), unit_of(name))


def decimal(text: str) -> str:
    """Return a number with a comma."""
    return text.replace(".", ",")


def count(value: float) -> str:
    """Return a whole number in groups of three.

    >>> count(3160000.0)
    '3.160.000'
    """
    return f"{round(value):,}".replace(",", ".")


def mass(value: float | None) -> str:
    """Return a mass in whole kilograms, below 100 in three digits that count; a dash where it is not known.

    >>> mass(0.4), mass(31.0), mass(31536.4), mass(None)
    ('0,4', '31', '31.536', '–')
    """
    if value is None:
        return "–"
    return count(value) if value >= 100 or value == 0 else figure(value).rstrip("0").rstrip(",")


def few_hours(outcome: Outcome) -> str:
    """Return of which part of the hours there is weather [%], where that is under nine tenths; else nothing."""
    every = outcome.hours + sum(outcome.left_out.values())
    tenths = 1000 * outcome.hours // every if every else 0
    return decimal(f"{tenths / 10:g}") if tenths < 900 else ""


def figure(value: float | None) -> str:
    """Return a computed figure in three digits that count; a dash where there is none.

    >>> figure(0.02492), figure(1234.5), figure(None)
    ('0,0249', '1234', '–')
    """
    if value is None or value != value:
        return "–"
    if value == 0:
        return "0"
    return decimal(f"{value:.{min(max(0, 2 - floor(log10(abs(value)))), 9)}f}")


def span(low: float | None, high: float | None) -> str:
    """Return the limits of a class."""
    if low is None:
        return "–" if high is None else f"tot {level(high)}"
    return f"boven {level(low)}" if high is None else f"{level(low)} tot {level(high)}"


def level(value: float) -> str:
    """Return the level of a contour."""
    return decimal(f"{value:.10f}".rstrip("0").rstrip("."))


def years(told: tuple[int, ...]) -> str:
    """Return the years of a study."""
    return f"{told[0]}–{told[-1]}" if len(told) > 1 else str(told[0])
