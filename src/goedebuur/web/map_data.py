"""What the map and the list beside it show of each station, in the words of the page's language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from goedebuur.core.base.quantities import QUANTITIES
from goedebuur.services.assessment import PublishedVerdicts
from goedebuur.services.standing import NOT_ASSESSED, StationStanding, by_station
from goedebuur.services.views import SeriesView, StationView
from goedebuur.web import words
from goedebuur.web.latest import WEATHER

SYMBOLS = ("above-limit", "above-guideline", "below", "unknown", "none")


@dataclass(frozen=True, slots=True)
class Entry:
    """One station on the map."""

    station: StationView
    standing: StationStanding
    symbol: str
    words: str
    summary: str
    url: str


def entries(stations: Sequence[StationView], published: PublishedVerdicts | None, quantity: str = "") -> list[Entry]:
    """Return the stations that measure air (or one quantity), worst symbol first, then by name."""
    verdicts = [v for v in published.verdicts if quantity in ("", v.quantity)] if published else []
    standings = by_station(verdicts)
    found = []
    for station in stations:
        if not any((quantity == s.quantity) if quantity else s.quantity not in WEATHER for s in station.series):
            continue
        standing = standings.get(station.id, NOT_ASSESSED)
        found.append(
            Entry(
                station=station,
                standing=standing,
                symbol=standing.symbol,
                words=said(standing),
                summary=summary(standing),
                url=reverse("station", args=[station.id]),
            )
        )
    return sorted(found, key=lambda e: (SYMBOLS.index(e.symbol), e.station.name.casefold(), e.station.id))


def measured(stations: Sequence[StationView]) -> list[str]:
    """Return the quantities in air that any station measures, in the order of the table of quantities."""
    held = {s.quantity for station in stations for s in station.series}
    return [q for q in QUANTITIES if q in held and q not in WEATHER]


def legend(found: Sequence[Entry]) -> list[tuple[str, str, int]]:
    """Return (symbol, words, number of stations), for each symbol that can be drawn."""
    counts = Counter(e.symbol for e in found)
    return [(symbol, words.symbol(symbol), counts[symbol]) for symbol in SYMBOLS]


def said(standing: StationStanding) -> str:
    """Return the words of the symbol, and above a guideline also what is known of the limits: met, or how many not."""
    generic = words.symbol(standing.symbol)
    if standing.symbol == "below":
        return _below(standing)
    if standing.symbol != "above-guideline" or not standing.limits:
        return generic
    open_ones = standing.undetermined_limits
    if not open_ones:
        return "; ".join((generic, _("exceeds no binding limit")))
    rest = ngettext(
        "%(n)d comparison with a limit could not be made",
        "%(n)d comparisons with a limit could not be made",
        open_ones,
    ) % {"n": open_ones}
    return "; ".join((generic, rest))


def _below(standing: StationStanding) -> str:
    """Return what is below what, and with which of the two nothing was compared."""
    if standing.guideline is None:
        return _("meets the limits; not compared with a guideline")
    if standing.limit is None:
        return _("within the guidelines; not compared with a limit")
    return _("meets the limits, within the guidelines")


def summary(standing: StationStanding) -> str:
    """Return one sentence or more on how a station stands."""
    if not standing.assessed:
        return _("Not assessed against limits or guidelines.")
    parts = []
    if standing.above_limits:
        parts.append(_("Exceeds a binding limit: %(names)s.") % {"names": _names(standing.above_limits)})
    if standing.above_guidelines:
        parts.append(_("Above a guideline: %(names)s.") % {"names": _names(standing.above_guidelines)})
    if standing.undetermined:
        parts.append(
            ngettext(
                "%(n)d of %(all)d comparisons cannot be made.",
                "%(n)d of %(all)d comparisons cannot be made.",
                standing.undetermined,
            )
            % {"n": standing.undetermined, "all": standing.assessed}
        )
    if not parts:
        words_of = _below(standing)
        parts.append(f"{words_of[0].upper()}{words_of[1:]}.")
    if standing.later_advice:
        parts.append(_("The guidelines are of later than this year."))
    return " ".join(parts)


def title(station: StationView, series: SeriesView) -> str:
    """Return how a series is called in a list: station, symbol, and the step where it is not an hour."""
    name = f"{station.name}, {QUANTITIES[series.quantity].symbol}"
    return name if series.step == 3600 else f"{name} ({words.step(series.step)})"


def address(base: str, quantity: str = "", as_of: int | None = None) -> str:
    """Return the address of the map's data, in the language of the page."""
    asked = {"language": get_language() or "nl"}
    if quantity:
        asked["quantity"] = quantity
    if as_of is not None:
        asked["as_of"] = str(as_of)
    return f"{base}?{urlencode(asked)}"


def _names(quantities: Sequence[str]) -> str:
    return ", ".join(QUANTITIES[q].symbol for q in quantities)
