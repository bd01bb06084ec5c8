"""Words for dispersion studies: statistics, stacks, bases of emissions, why hours do not count, figures."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, log10
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from goedebuur.services import (
    air_hours,
    dispersion_grids,
    dispersion_room,
    dispersion_study,
    dispersion_study_emissions,
    dispersion_study_work,
    dispersion_weather,
    inventory,
    reported_beside_measured,
)
from goedebuur.services.dispersion_outcome import Apart, unit_of
from goedebuur.services.dispersion_statistics import Statistic
from goedebuur.services.dispersion_study import OWN, Basis, State
from goedebuur.web.templatetags.figures import count, decimal

STATISTICS: Final = ("mean", "p98", "p99.9", "high-25", "day-high-4", "highest", "running-8h")
"""What a form offers. 25 hours and 4 days: one more than may exceed the limit for sulphur dioxide in a year."""
WORDS: Final = {
    Basis.REPORTED: gettext_noop("as reported"),
    Basis.GIVEN: gettext_noop("as given in this study"),
    Basis.PERMITTED: gettext_noop("as the permit allows at most"),
    State.QUEUED: gettext_noop("waits for its turn"),
    State.WORKING: gettext_noop("is being reckoned"),
    State.DONE: gettext_noop("ready"),
    State.FAILED: gettext_noop("failed"),
    State.CANCELLED: gettext_noop("stopped"),
    dispersion_study_work.WEATHER: gettext_noop("Reading the weather"),
    dispersion_study_work.RECKON: gettext_noop("Reckoning what each source brings to each place"),
    dispersion_study_work.ADD: gettext_noop("Adding up the hours"),
    "low": gettext_noop("low stack (assumed)"),
    "middle": gettext_noop("middle stack (assumed)"),
    "high": gettext_noop("high stack (assumed)"),
    OWN: gettext_noop("stack as given in this study"),
    air_hours.NO_WIND: gettext_noop("no wind speed"),
    air_hours.CALM: gettext_noop("calm"),
    air_hours.NO_TEMPERATURE: gettext_noop("no temperature"),
    air_hours.NO_CLOUDS: gettext_noop("no cloud cover"),
    air_hours.UNSEEN: gettext_noop("the sky could not be seen"),
    air_hours.NO_AGREEMENT: gettext_noop("no friction velocity fits the figures"),
    air_hours.NO_DIRECTION: gettext_noop("calm or variable direction"),
    dispersion_weather.NO_HEIGHT: gettext_noop("no mixing height"),
    dispersion_weather.ONSHORE: gettext_noop("wind from the sea by day: the air is not mixed as over land"),
    dispersion_grids.NEAR: gettext_noop("too near to a source"),
    dispersion_grids.BEYOND: gettext_noop("more than 50 km from a source"),
    dispersion_grids.INSIDE: gettext_noop("in a pit"),
    Apart.NOT_READY: gettext_noop("That study is not ready yet."),
    Apart.OTHER_VERSION: gettext_noop("That study was kept by another version of this website and cannot be read."),
    Apart.OTHER_MODEL: gettext_noop(
        "That study was reckoned by another version of the model: what differs would not be by this scenario alone."
    ),
    Apart.OTHER_WEATHER: gettext_noop(
        "That study was reckoned with other weather: what differs would not be by this scenario alone."
    ),
    "cap-shared": gettext_noop("the permit has one total for several companies of the register"),
    "cap-overlapping": gettext_noop("the permit has totals that overlap"),
    "cap-partial": gettext_noop("the permit has totals of some parts of the company, and none of the others"),
    "cap-exempt": gettext_noop("the total in the permit does not count what is let out in some states"),
}

FAILED: Final = {
    dispersion_study_emissions.NO_FACILITY: gettext_noop("A company is not in the register, or not where it is."),
    reported_beside_measured.NO_REPORT: gettext_noop("Of a company and a year it is not known how much it let out."),
    dispersion_study_emissions.NO_CAP: gettext_noop("The permits of a company have no total of a year."),
    dispersion_study.BAD_STUDY: gettext_noop("The square and the companies do not go together."),
    inventory.UNKNOWN_STATION: gettext_noop("The station of the wind or the clouds is not in the record."),
    dispersion_room.NO_ROOM: gettext_noop("There is not enough room on the disk for this study."),
    dispersion_study.BROKEN: gettext_noop(
        "Something went wrong in the program. Who runs this website finds it in the log."
    ),
}
"""Code of an error → why a study failed."""


def failed(code: str) -> str:
    """Return why a study failed, for readers."""
    return _(FAILED.get(code, gettext_noop("The study cannot be reckoned with what the record has.")))


def said(key: str) -> str:
    """Return the words for a code; the code itself where there are none."""
    return _(WORDS[key]) if key in WORDS else key


def statistic(name: str, years: int = 1) -> str:
    """Return what a statistic is over so many years together, for readers."""
    if years == 1:
        return _of_a_year(name)
    told = Statistic.named(name)
    if told.percent is not None:
        form = _("%(n)s percentile of all hours of %(years)s years")
        return form % {"n": decimal(name[1:]), "years": years}
    if told.over is None and told.nth is None:
        return _("mean of %(years)s years") % {"years": years}
    return _("%(statistic)s in %(years)s years") % {"statistic": _of_a_year(name), "years": years}


def _of_a_year(name: str) -> str:
    told = Statistic.named(name)
    if told.percent is not None:
        return _("%(n)s percentile of the hours") % {"n": decimal(name[1:])}
    if told.over is not None:
        form = _("hours above %(n)s µg/m³") if told.of == "hours" else _("days above %(n)s µg/m³")
        return form % {"n": decimal(f"{told.over:g}")}
    if told.nth is None:
        return _("mean of the year")
    of = {
        "hours": (_("highest hour"), _("%(n)s-th highest hour")),
        "days": (_("highest day"), _("%(n)s-th highest day")),
        "running": (_("highest mean of eight hours"), _("%(n)s-th highest day by eight hours")),
    }[told.of]
    return of[0] if told.nth == 1 else of[1] % {"n": told.nth}


def unit(name: str) -> str:
    """Return the unit of a statistic."""
    found = unit_of(name)
    return {"hours": _("hours"), "days": _("days")}.get(found, found)


def figure(value: float | None, digits: int = 3) -> str:
    """Return a computed figure in so many digits that count; a dash where there is none.

    >>> figure(0.02492).replace(",", "."), figure(1234.5)
    ('0.0249', '1234')
    """
    if value is None or value != value:
        return "–"
    if value == 0:
        return "0"
    places = max(0, digits - 1 - floor(log10(abs(value))))
    return decimal(f"{value:.{min(places, 9)}f}")


def mass(value: float | None) -> str:
    """Return a mass in whole kilograms, below 100 in three digits that count; a dash where it is not known.

    >>> mass(0.4).replace(",", "."), mass(31.0), mass(250.6)
    ('0.4', '31', '251')
    """
    if value is None:
        return "–"
    return count(round(value)) if value >= 100 or value == 0 else figure(value).rstrip("0").rstrip(",.")


def years(told: Sequence[int]) -> str:
    """Return years that follow each other."""
    return f"{told[0]}–{told[-1]}" if len(told) > 1 else "".join(map(str, told))


def masses(told: Sequence[float | None]) -> str:
    """Return a mass in each year, once where it is the same."""
    texts = [mass(one) for one in told]
    return texts[0] if len(set(texts)) == 1 else "; ".join(texts)


def level(value: float) -> str:
    """Return the level of a contour as it was asked."""
    return decimal(f"{value:.10f}".rstrip("0").rstrip("."))


def span(low: float | None, high: float | None) -> str:
    """Return the limits of a class in words."""
    if low is None:
        return _("up to %(high)s") % {"high": level(high)} if high is not None else "–"
    if high is None:
        return _("above %(low)s") % {"low": level(low)}
    return _("%(low)s to %(high)s") % {"low": level(low), "high": level(high)}


def mouth(told: tuple[float, float, float, float]) -> str:
    """Return a stack in numbers."""
    height, diameter, temperature, speed = (decimal(f"{one:g}") for one in told)
    return _("%(height)s m high, %(diameter)s m wide, gas of %(temperature)s K at %(speed)s m/s") % {
        "height": height,
        "diameter": diameter,
        "temperature": temperature,
        "speed": speed,
    }
