"""What a page shows of visible emissions: levels with what was counted, each look, and what it may have let go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from goedebuur.core.base.periods import zone
from goedebuur.core.emissions.annual import kilograms
from goedebuur.core.emissions.visible.counting import MONTH, Counted, Measure, Outcome, VisibleLimit, Why, placed
from goedebuur.core.emissions.visible.mass import Estimate, Factor, Per
from goedebuur.core.emissions.visible.sightings import Sighting
from goedebuur.services.views import WindView
from goedebuur.services.visible_emissions import CLOCK, Standing
from goedebuur.services.visible_views import VisibleView
from goedebuur.web import words
from goedebuur.web.permit_rows import spoken
from goedebuur.web.stack_figures import figure
from goedebuur.web.templatetags.figures import civil, count, reported, upfirst

SIDES: Final = {Outcome.ABOVE: "exceeds", Outcome.WITHIN: "meets", Outcome.UNDETERMINED: "undetermined"}
OUTCOMES: Final = {
    Outcome.ABOVE: gettext_noop("above it"),
    Outcome.WITHIN: gettext_noop("at most it"),
    Outcome.UNDETERMINED: gettext_noop("can't be told"),
}
MEASURES: Final = {
    Measure.SHARE: gettext_noop("part at which something is seen"),
    Measure.SECONDS_EACH: gettext_noop("mean length of an event"),
    Measure.SECONDS: gettext_noop("length of all events together"),
    Measure.COUNT: gettext_noop("number of events"),
    Measure.OPACITY: gettext_noop("how dense the smoke is at most"),
}
UNITS: Final = {
    Measure.SHARE: " %",
    Measure.SECONDS_EACH: " s",
    Measure.SECONDS: " s",
    Measure.COUNT: "",
    Measure.OPACITY: " %",
}
ASKS: Final = {
    Why.NOTHING_SEEN: gettext_noop("Has anyone looked in this period? The record has no look, and that is not clean."),
    Why.TOO_FEW: gettext_noop("Has anyone looked more often? The condition asks more looks than the record has."),
    Why.NOT_CONFIRMED: gettext_noop("Does this level hold? It is not confirmed."),
    Why.INCOMPLETE: gettext_noop("What happened when nobody looked? A sum only says what was seen."),
    Why.NOT_OVER: gettext_noop("What will be seen in the rest of this period? It is not over."),
    Why.HELD_IN_PART: gettext_noop("What held before? The level did not hold in all of this period."),
    Why.NOT_PLACED: gettext_noop("At which installation was this seen? Others have a level too, and it is not said."),
}
"""What must be answered where a period can't be told."""
ORDER: Final = (Outcome.ABOVE, Outcome.UNDETERMINED, Outcome.WITHIN)
DAYS: Final = 366
"""Width of the drawing: a day is one wide."""
TALL: Final = 70
TOP: Final = 14


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One calendar month of a level: its own period, or the worst of the running ones that end in it."""

    name: str
    value: str
    looks: int
    side: str
    words: str
    told: str


@dataclass(frozen=True, slots=True)
class Plot:
    """Each period drawn where it ends: a path for each outcome, and the level.

    Parameters
    ----------
    width
        Of a stroke.
    """

    paths: tuple[tuple[str, str], ...]
    width: int
    level_y: int
    top: str
    months: tuple[tuple[int, str], ...]
    label: str


@dataclass(frozen=True, slots=True)
class LevelRow:
    """One level and how the year stands against it.

    Parameters
    ----------
    side, words
        Of the worst period.
    nearest
        The highest value, and when.
    asks
        Questions of periods that can't be told.
    """

    what: str
    level: str
    window: str
    article: str
    binds: bool
    installations: tuple[str, ...]
    side: str
    words: str
    counted: tuple[tuple[str, str, int], ...]
    nearest: str
    asks: tuple[str, ...]
    months: tuple[MonthRow, ...]
    plot: Plot | None


@dataclass(frozen=True, slots=True)
class LookRow:
    """One look."""

    when: str
    place: str
    item: str
    seen: str
    by: str
    how: str
    wind: str


@dataclass(frozen=True, slots=True)
class EstimateRow:
    """What may have been let go; `question` where its factor is not confirmed."""

    what: str
    place: str
    mass: str
    how: str
    reference: str
    question: str


def levels(view: VisibleView) -> list[LevelRow]:
    """Return the levels, those of the permit first, and of these what is above first."""
    found = [(one, _worst(one)) for part in view.parts for one in part.standings]
    ordered = sorted(found, key=lambda pair: (not pair[0].limit.binds, ORDER.index(pair[1]), pair[0].limit.id))
    return [_level(view, one, worst) for one, worst in ordered]


def looks(view: VisibleView, seen: Iterable[Sighting], winds: Iterable[WindView | None]) -> list[LookRow]:
    """Return looks as rows, each with the wind of its hour."""
    return [
        LookRow(
            civil(one.began),
            upfirst(words.look_up("visible_place", one.place)),
            _item(view, one),
            _seen(one),
            words.look_up("observer", one.observer),
            f"{words.look_up('means', one.means)}, {one.method}",
            _wind(wind) if wind is not None else _("not known"),
        )
        for one, wind in zip(seen, winds, strict=True)
    ]


def estimates(view: VisibleView) -> list[EstimateRow]:
    """Return what may have been let go in the part of the year that is counted."""
    return [_estimate(factor, one) for part in view.parts for factor, one in part.estimates]


def days(view: VisibleView) -> int:
    """Return on how many days of the year somebody looked."""
    local = zone(CLOCK)
    return len({one.began.astimezone(local).date() for one in view.sightings})


def since(view: VisibleView) -> list[tuple[str, str]]:
    """Return (kind of place, how long ago someone last looked there)."""
    return [
        (
            upfirst(words.look_up("visible_place", place)),
            ngettext("%(n)s day ago", "%(n)s days ago", days) % {"n": count(days)},
        )
        for part in view.parts
        for place, days in part.days_since
    ]


def places(view: VisibleView) -> list[tuple[str, str, int]]:
    """Return (code, words, number) of the kinds of places at which somebody looked in the year."""
    found: dict[str, int] = {}
    for one in view.sightings:
        found[one.place] = found.get(one.place, 0) + 1
    return [(place, upfirst(words.look_up("visible_place", place)), n) for place, n in sorted(found.items())]


COLUMNS: Final = (
    *("site", "place", "item", "start", "seconds", "observed", "emitting", "opacity", "means", "method", "observer"),
)


def table(view: VisibleView) -> Iterator[tuple[str, ...]]:
    """Yield the looks of the year as rows of a file, as they were delivered."""
    yield COLUMNS
    for one in reversed(view.sightings):
        values = (getattr(one, name) for name in COLUMNS)
        yield tuple("" if value is None else str(value) for value in values)


def _worst(one: Standing) -> Outcome:
    outcomes = {period.outcome for period in one.periods}
    return next((outcome for outcome in ORDER if outcome in outcomes), Outcome.UNDETERMINED)


def _side(limit: VisibleLimit, outcome: Outcome) -> str:
    """Return the shape of an outcome: that of a guideline where the level binds nobody."""
    return "above-guideline" if outcome is Outcome.ABOVE and not limit.binds else SIDES[outcome]


def _said(one: Standing, worst: Outcome) -> str:
    """Return the worst outcome in words; where nobody looked all year, what holds of the periods that are known."""
    if worst is Outcome.UNDETERMINED and any(period.outcome is Outcome.WITHIN for period in one.periods):
        return _("not above it where anyone looked")
    return _(OUTCOMES[worst])


def _level(view: VisibleView, one: Standing, worst: Outcome) -> LevelRow:
    limit, known = one.limit, [period for period in one.periods if period.value is not None]
    highest = max(known, key=lambda period: period.value or 0, default=None)
    tally = [(outcome, sum(period.outcome is outcome for period in one.periods)) for outcome in ORDER]
    whys = {period.why for period in one.periods if period.why is not None}
    return LevelRow(
        what=_what(limit),
        level=_bound(limit),
        window=_window(limit),
        article=limit.article,
        binds=limit.binds,
        installations=tuple(view.installations.get(name, name) for name in limit.installations),
        side=_side(limit, worst),
        words=_said(one, worst),
        counted=tuple((_(OUTCOMES[outcome]), _side(limit, outcome), n) for outcome, n in tally if n),
        nearest=_highest(limit, highest) if highest is not None else "",
        asks=tuple(_(ASKS[why]) for why in Why if why in whys),
        months=tuple(_months(one)),
        plot=_plot(one, known) if known else None,
    )


def _what(limit: VisibleLimit) -> str:
    named = " / ".join(words.look_up("visible_place", place) for place in limit.places)
    return upfirst(f"{named}: {_(MEASURES[limit.measure])}")


def _bound(limit: VisibleLimit) -> str:
    told = f"{figure(limit.value)}{UNITS[limit.measure]}"
    return (_("at most %(bound)s") if limit.inclusive else _("under %(bound)s")) % {"bound": told}


def _window(limit: VisibleLimit) -> str:
    if limit.window == MONTH:
        return _("over each month")
    n = int(limit.window.removesuffix("d"))
    return ngettext("over each day", "over each %(n)s days on end", n) % {"n": n}


def _highest(limit: VisibleLimit, one: Counted) -> str:
    assert one.value is not None
    told = f"{figure(one.value)}{UNITS[limit.measure]}"
    return _("%(value)s, from %(first)s to %(last)s") % {
        "value": told,
        "first": _day(one.first),
        "last": _day(one.last),
    }


def _months(one: Standing) -> Iterator[MonthRow]:
    """Yield the months in which anything was counted; of running periods the worst that ends in each."""
    by_month: dict[tuple[int, int], list[Counted]] = {}
    for period in one.periods:
        by_month.setdefault((period.last.year, period.last.month), []).append(period)
    for (year, month), periods in sorted(by_month.items()):
        known = [period for period in periods if period.value is not None]
        if not known:
            continue
        worst = max(known, key=lambda period: (period.outcome is Outcome.ABOVE, period.value or 0))
        over = sum(period.outcome is Outcome.ABOVE for period in known)
        assert worst.value is not None
        told = ""
        if one.limit.window != MONTH:
            told = ngettext(
                "%(over)s of %(n)s running period above it", "%(over)s of %(n)s running periods above it", len(known)
            ) % {"over": count(over), "n": count(len(known))}
        yield MonthRow(
            str(formats.date_format(date(year, month, 1), "F")),
            f"{figure(worst.value)}{UNITS[one.limit.measure]}",
            worst.looks,
            _side(one.limit, worst.outcome),
            _(OUTCOMES[worst.outcome]),
            told,
        )


def _plot(one: Standing, known: Sequence[Counted]) -> Plot:
    limit = one.limit
    most = max([limit.value, *(period.value or Fraction(0) for period in known)]) or Fraction(1)
    base = TOP + TALL
    month = limit.window == MONTH
    strokes: dict[str, list[str]] = {}
    for period in known:
        x = period.last.timetuple().tm_yday - (15 if month else 1)
        high = max(1, int(TALL * (period.value or 0) / most))
        strokes.setdefault(_side(limit, period.outcome), []).append(f"M{x} {base}v-{high}")
    year = known[0].last.year
    named = tuple(
        (date(year, n, 1).timetuple().tm_yday + 14, str(formats.date_format(date(year, n, 1), "b"))[:1].upper())
        for n in range(1, 13)
    )
    highest = max(known, key=lambda period: period.value or 0)
    told = _("%(what)s, %(bound)s %(window)s. Highest: %(highest)s.") % {
        "what": _what(limit),
        "bound": _bound(limit),
        "window": _window(limit),
        "highest": _highest(limit, highest),
    }
    return Plot(
        tuple((side, "".join(parts)) for side, parts in strokes.items()),
        20 if month else 1,
        base - int(TALL * limit.value / most),
        f"{figure(limit.value)}{UNITS[limit.measure]}",
        named,
        told,
    )


def _item(view: VisibleView, one: Sighting) -> str:
    """Return which item it was: with the name of its installation where its code begins with that."""
    at = placed(one, view.installations)
    if at is None:
        return one.item
    return ", ".join(part for part in (view.installations[at], one.item[len(at) + 1 :]) if part)


def _seen(one: Sighting) -> str:
    told = []
    if one.observed is not None and one.emitting is not None:
        told.append(
            _("at %(emitting)s of %(observed)s") % {"emitting": count(one.emitting), "observed": count(one.observed)}
        )
    elif one.seconds is not None:
        told.append(_("%(n)s seconds") % {"n": count(one.seconds)})
    if one.opacity:
        told.append(_("smoke %(part)s %% dense") % {"part": words.figures(one.opacity)})
    return ", ".join(told)


def _wind(wind: WindView) -> str:
    speed = words.figures(f"{wind.speed:.1f}")
    if wind.variable:
        return _("variable, %(speed)s m/s") % {"speed": speed}
    if wind.direction is None:
        return _("calm")
    return _("from the %(direction)s, %(speed)s m/s") % {"direction": words.direction(wind.direction), "speed": speed}


def _estimate(factor: Factor, one: Estimate) -> EstimateRow:
    unit = {Per.ITEM_HOUR: _("item-hours"), Per.SECOND: _("seconds"), Per.EVENT: _("events")}[factor.per]
    return EstimateRow(
        spoken(factor.about),
        upfirst(words.look_up("visible_place", factor.place)),
        _("about %(mass)s kg, from %(low)s to %(high)s kg")
        % {name: reported(kilograms(getattr(one, name))) for name in ("mass", "low", "high")},
        _("%(amount)s %(unit)s, each %(value)s g (%(low)s to %(high)s)")
        % {
            "amount": count(round(one.amount)),
            "unit": unit,
            **{name: figure(getattr(factor, name)) for name in ("value", "low", "high")},
        },
        factor.reference,
        "" if factor.status.decides else spoken(factor.question),
    )


def _day(day: date) -> str:
    return str(formats.date_format(day, "j F Y"))
