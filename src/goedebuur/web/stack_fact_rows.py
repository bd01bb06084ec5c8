"""What stands beside a verdict at a stack and is none: what was measured, what counts, and whose the limit is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goedebuur.core.base.periods import CET
from goedebuur.core.compliance.emissions.explanation import decimal
from goedebuur.core.permits.limits import Averaging
from goedebuur.web import words
from goedebuur.web.stack_words import when_of
from goedebuur.web.templatetags.figures import count


def measured(line: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what was measured beside the limit of a verdict, in sentences; none where nothing counted."""
    formed = line.get("formed")
    if not formed:
        return ()
    n, under, over, unsure = (formed[name] for name in ("n", "under", "over", "open"))
    said = {"what": _spans(Averaging(formed["averaging"]), n), "under": count(under), "over": count(over)}
    if n == 1:
        told = [_("There was an average of %(what)s.") % said]
        told.append(_("It was not above the limit.") if under else "")
        told.append(_("It was above the limit.") if over else "")
        told.append(_("Whether it was above the limit cannot be said.") if unsure else "")
    else:
        told = [_("There were averages of %(what)s.") % said]
        told.append(_("None was above the limit.") if under == n else "")
        told.append(_("All were above the limit.") if over == n else "")
        mixed = n not in (under, over)
        told.append(_("Not above the limit: %(under)s. Above it: %(over)s.") % said if mixed else "")
        told.append(_("Cannot be said: %(n)s.") % {"n": count(unsure)} if unsure else "")
    if formed["partial"]:
        lacking = _("Values are missing in it.") if n == 1 else _("In %(n)s of them values are missing.")
        told.append(lacking % {"n": count(formed["partial"])})
    return (*filter(None, told), _highest(formed, line["unit"]))


def _spans(averaging: Averaging, n: int) -> str:
    told = {"n": count(n)}
    if averaging is Averaging.DAY:
        return ngettext("%(n)s day", "%(n)s days", n) % told
    if averaging is Averaging.MONTH:
        return ngettext("%(n)s month", "%(n)s months", n) % told
    if averaging is Averaging.YEAR:
        return _("what was measured in the year")
    if averaging is Averaging.HALF_HOUR:
        return ngettext("%(n)s half hour", "%(n)s half hours", n) % told
    if averaging is Averaging.HOUR:
        return ngettext("%(n)s hour", "%(n)s hours", n) % told
    return ngettext("%(n)s time of ten minutes", "%(n)s times of ten minutes", n) % told


def _highest(formed: Mapping[str, Any], unit: str) -> str:
    value, limit = (words.figures(decimal(Fraction(formed[name]), 3)) for name in ("highest", "limit"))
    start = str(formed["start"])
    if "T" in start:
        start = datetime.fromisoformat(start).astimezone(CET).date().isoformat()
    said = {"value": value, "limit": limit, "unit": unit, "when": when_of(start)}
    if said["when"]:
        return _("Highest: %(value)s %(unit)s, %(when)s. The limit was %(limit)s %(unit)s.") % said
    return _("Highest: %(value)s %(unit)s. The limit was %(limit)s %(unit)s.") % said


def counted(line: Mapping[str, Any]) -> Iterable[str]:
    """Yield how many averages, days or months of the year of a verdict were what."""
    year, n = line["year"], line["year"].get("counted", 0)
    parts = line["over"] if line["share"] != "100" and line["over"] in ("day", "month") else line["averaging"]
    if parts == Averaging.DAY:
        yield ngettext("%(n)s day counts", "%(n)s days count", n) % {"n": count(n)}
    elif parts == Averaging.MONTH:
        yield ngettext("%(n)s month counts", "%(n)s months count", n) % {"n": count(n)}
    else:
        yield ngettext("%(n)s average counts", "%(n)s averages count", n) % {"n": count(n)}
    ahead = line.get("to_come", 0)
    told = {**year, "missing": max(0, year.get("missing", 0) - ahead), "to_come": ahead}
    for name, sentence in (
        ("may", _("%(n)s may count")),
        ("missing", _("%(n)s not known")),
        ("to_come", _("%(n)s still to come when this was published")),
        ("discarded", _("%(n)s fell out by the instrument")),
        ("exempt", _("%(n)s do not count in their state")),
        ("open", _("%(n)s of which the limit is not settled")),
        ("out_of_service", _("%(n)s in which the plant stood still")),
    ):
        if told.get(name):
            yield sentence % {"n": count(told[name])}
    if "over" in year and (year["over"] or year.get("over_may")):
        yield _("%(n)s above the limit, %(allowed)s may be") % {
            "n": count(year["over"]),
            "allowed": words.figures(decimal(Fraction(year.get("allowed", "0")), 1)),
        }


def only_to_come(line: Mapping[str, Any]) -> bool:
    """Return whether nothing leaves the year of a verdict open but what was still to come when it was published."""
    year, ahead = line["year"], line.get("to_come", 0)
    return bool(ahead) and year["code"] in ("missing", "part-open") and ahead == year.get("missing", 0)


def layer(line: Mapping[str, Any]) -> tuple[str, ...]:
    """Return whose the limit of a verdict is, with its number; where it is open which binds, between whose limits."""
    if line["floor"]:
        told = [_("Floor of the European directive, for the Dutch rules")]
    else:
        names = [words.look_up("limit_origin", str(one)) for one in line.get("layers", ())]
        numbers = ", ".join(one.rpartition("/")[2] for one in line["sources"] if "/" in one)
        said = " / ".join(names)
        told = [f"{said} {numbers}".strip()] if line["sources"] else [_("Not settled: %(layers)s") % {"layers": said}]
    if line["alternative"]:
        told.append(_("One of a choice: it is enough to meet one"))
    return tuple(filter(None, told))
