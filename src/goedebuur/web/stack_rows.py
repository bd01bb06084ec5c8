"""What a page shows of the stacks of a site, in the words of the page's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import formats
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from goedebuur.core.emissions.abatement import Abatement
from goedebuur.core.emissions.processing import Order, Processing
from goedebuur.core.emissions.streams import Basis, CalibrationFunction, Role, Stream
from goedebuur.core.sites.records import EmissionPoint
from goedebuur.rules import substance_names
from goedebuur.services.stack_views import PointView, StreamView
from goedebuur.web import words
from goedebuur.web.templatetags.figures import upfirst


@dataclass(frozen=True, slots=True)
class SignalRow:
    """One line of the table of signals."""

    id: str
    what: str
    instrument: tuple[str, ...]
    measured: str
    range: str
    function: str
    tested: str


@dataclass(frozen=True, slots=True)
class PointRow:
    """One emission point with its tables; `facts` are pairs of a label and what is known."""

    id: str
    name: str
    facts: tuple[tuple[str, str], ...]
    signals: tuple[SignalRow, ...]
    abatement: tuple[str, ...]
    handling: tuple[tuple[str, str], ...]
    """Sentences on how raw values become averages, and what is still to be found out."""


def points(views: Iterable[PointView]) -> list[PointRow]:
    """Return the emission points with what is known of each."""
    return [
        PointRow(
            one.point.id,
            upfirst(one.point.names[-1].value if one.point.names else one.point.id),
            tuple(_facts(one.point)),
            tuple(signal(part) for part in sorted(one.streams, key=_order)),
            tuple(_abatement(part) for part in one.abatement),
            tuple((_handling(part), _doubt(part)) for part in one.processing),
        )
        for one in views
    ]


def signal(view: StreamView) -> SignalRow:
    """Return the line of one signal."""
    stream = view.stream
    return SignalRow(
        stream.id,
        _what(stream),
        tuple(part for part in (stream.instrument, stream.standard, stream.certificate) if part),
        _measured(stream),
        _range(stream.range_low, stream.range_high, stream.unit),
        _function(view.function) if view.function else _no_function(stream),
        _tested(view.function) if view.function else "",
    )


def _order(view: StreamView) -> tuple[int, str]:
    """Return the place of a signal in the table: what goes out first, what only tells of the process last."""
    return list(Role).index(view.stream.role), view.stream.id


def _facts(point: EmissionPoint) -> Iterable[tuple[str, str]]:
    yield _("Kind"), words.look_up("point", point.kind)
    for value, label, unit in (
        (point.height, _("Height"), "m"),
        (point.diameter, _("Inner width"), "m"),
        (point.temperature, _("Temperature of the gas"), "°C"),
        (point.speed, _("Speed of the gas"), "m/s"),
        (point.flow, _("Volume flow"), "m³/h"),
        (point.area, _("Area"), "m²"),
        (point.volume, _("Volume"), "m³"),
    ):
        if value:
            yield label, f"{words.figures(value)} {unit}"
    place = point.places[-1] if point.places else None
    if place is not None:
        said = [f"{place.latitude}° N, {place.longitude}° O"] if place.latitude else []
        said += [f"RD {words.figures(place.x)}, {words.figures(place.y)} m"] if place.x else []
        yield _("Place"), "; ".join(said)


def _what(stream: Stream) -> str:
    if stream.substance is None:
        return upfirst(words.look_up("stack_role", stream.role))
    row = substance_names.names().of_id(stream.substance.id) if stream.substance.id else None
    if row is None:
        return upfirst(stream.substance.name)
    return upfirst(row.en if get_language() == "en" else row.nl)


def _measured(stream: Stream) -> str:
    said = [_("every %(step)s, in %(unit)s") % {"step": words.step(stream.step), "unit": stream.unit}]
    if stream.role is Role.CONCENTRATION:
        if stream.wet is not None:
            said.append(_("in moist gas") if stream.wet else _("in dried gas"))
        said.append(_("as it is in the duct") if stream.basis is Basis.ACTUAL else _("at 273.15 K and 101.3 kPa"))
    if stream.oxygen_included:
        value = words.figures(stream.oxygen_included)
        said.append(_("already brought to %(value)s %% oxygen by the supplier") % {"value": value})
    return ", ".join(said)


def _range(low: str, high: str, unit: str) -> str:
    if not low and not high:
        return _("not known")
    return _("%(low)s to %(high)s %(unit)s") % {
        "low": words.figures(low) or "?",
        "high": words.figures(high) or "?",
        "unit": unit,
    }


def _function(one: CalibrationFunction) -> str:
    offset, slope = words.figures(one.offset), words.figures(one.slope)
    said = _("value = %(offset)s + %(slope)s × signal [%(unit)s]") % {
        "offset": offset.replace("-", "−"),
        "slope": slope.replace("-", "−"),
        "unit": one.unit,
    }
    held = _range(one.valid_low, one.valid_high, one.unit)
    return _("%(function)s; shown to hold for %(range)s") % {"function": said, "range": held}


def _no_function(stream: Stream) -> str:
    if stream.role is Role.CONCENTRATION:
        return _("no calibration function on this day is in the record")
    return ""


def _tested(one: CalibrationFunction) -> str:
    said = [_("tested on %(day)s") % {"day": _day(one.performed_on)}]
    if one.pairs:
        said.append(ngettext("with %(n)d pair of values", "with %(n)d pairs of values", one.pairs) % {"n": one.pairs})
    if one.bureau:
        said.append(one.bureau if not one.accreditation else f"{one.bureau} ({one.accreditation})")
    return ", ".join(said)


def _abatement(one: Abatement) -> str:
    kind = words.look_up("abatement", one.kind)
    said = one.name if one.name.casefold() == kind.casefold() else f"{one.name}: {kind}"
    if one.efficiency:
        said = _("%(what)s; designed to keep back %(part)s %%") % {
            "what": said,
            "part": words.figures(one.efficiency),
        }
    return said


def _handling(one: Processing) -> str:
    lengths = ", ".join(words.step(length) for length in one.lengths)
    order = (
        _("Each raw value is brought to the reference gas, and then averaged")
        if one.order is Order.EACH_VALUE
        else _("Raw values are averaged, and the average is brought to the reference gas")
    )
    return _("%(order)s over: %(lengths)s. An average counts when %(share)s of it was measured.") % {
        "order": order,
        "lengths": lengths,
        "share": one.share,
    }


def _doubt(one: Processing) -> str:
    return "" if one.status.decides else one.question


def _day(day: date) -> str:
    return str(formats.date_format(day, "j F Y"))
