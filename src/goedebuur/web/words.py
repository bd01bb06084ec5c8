"""Words for what the record says in codes. Sentences for people in one place, all through gettext."""

from __future__ import annotations

from typing import Final

from django.utils.translation import get_language, gettext_noop, ngettext
from django.utils.translation import gettext as _

from goedebuur.core.compliance import wording
from goedebuur.core.compliance.verdicts import Verdict
from goedebuur.services.limit_lines import LimitLine
from goedebuur.web import register_words

SYMBOLS: Final = {
    "above-limit": gettext_noop("exceeds a binding limit"),
    "above-guideline": gettext_noop("above a guideline"),
    "below": gettext_noop("meets the limits, within the guidelines"),
    "unknown": gettext_noop("cannot be said"),
    "none": gettext_noop("not assessed"),
}
TABLES: Final[dict[str, dict[str, str]]] = {
    "witness": {
        "": gettext_noop("not asked yet"),
        "unreachable": gettext_noop("it does not answer"),
        "unknown-log": gettext_noop("it does not watch this log"),
        "key-refused": gettext_noop("it does not know the key of this log"),
        "refused": gettext_noop("it refuses"),
        "unreadable": gettext_noop("its answer is not valid"),
        "fork": gettext_noop("it saw another log under this name"),
        "ahead": gettext_noop("it saw more entries than there are here"),
    },
    "kind": {
        "observations": gettext_noop("measurements"),
        "correction": gettext_noop("correction"),
        "sealed": gettext_noop("small deliveries, sealed together"),
        "catalogue": gettext_noop("stations and instruments"),
        "rules": gettext_noop("table of rules"),
        "result": gettext_noop("published result"),
        "closed": gettext_noop("closed: only the commitment is public"),
    },
    "change": {
        "changed": gettext_noop("changed"),
        "withdrawn": gettext_noop("withdrawn"),
        "filled": gettext_noop("filled later"),
        "new": gettext_noop("new"),
        "status": gettext_noop("only the status changed"),
    },
    "count": {
        "values_in": gettext_noop("values in the file"),
        "stored": gettext_noop("stored"),
        "unchanged": gettext_noop("already there, unchanged"),
        "changed": gettext_noop("changed"),
        "filled": gettext_noop("filled later"),
        "withdrawn": gettext_noop("withdrawn"),
        "status_only": gettext_noop("only the status changed"),
        "skipped:empty": gettext_noop("skipped: empty cell"),
        "flagged:out_of_range": gettext_noop("doubtful: outside the range of the quantity"),
        "flagged:step": gettext_noop("doubtful: changes faster than the quantity does"),
        "flagged:stuck": gettext_noop("doubtful: the same value too many times in a row"),
        "flagged:negative": gettext_noop("doubtful: too far below zero"),
        "flagged:duplicate": gettext_noop("doubtful: delivered twice"),
    },
    "limit_kind": {
        "limit_value": gettext_noop("binding limit"),
        "target_value": gettext_noop("target value"),
        "long_term_objective": gettext_noop("long-term objective"),
        "critical_level": gettext_noop("critical level for nature"),
        "alert_threshold": gettext_noop("alert threshold"),
        "information_threshold": gettext_noop("information threshold"),
        "exposure_objective": gettext_noop("exposure objective"),
        "guideline": gettext_noop("guideline (advice)"),
        "interim_target_1": gettext_noop("interim target 1 (advice)"),
        "interim_target_2": gettext_noop("interim target 2 (advice)"),
        "interim_target_3": gettext_noop("interim target 3 (advice)"),
        "interim_target_4": gettext_noop("interim target 4 (advice)"),
    },
    "statistic": {
        "year_mean": gettext_noop("yearly mean"),
        "winter_mean": gettext_noop("winter mean"),
        "hours_above": gettext_noop("number of hours above"),
        "days_above": gettext_noop("number of days above"),
        "day_max_8h_above": gettext_noop("number of days with an 8-hour mean above"),
        "day_max_8h_above_years": gettext_noop("number of days with an 8-hour mean above, over several years"),
        "consecutive_hours_above": gettext_noop("hours in a row above"),
        "day_percentile": gettext_noop("daily mean that 99 of 100 days stay at or below (99th percentile)"),
        "day_max_8h_percentile": gettext_noop(
            "highest 8-hour mean of a day that 99 of 100 days stay at or below (99th percentile)"
        ),
        "peak_season": gettext_noop("mean over the six highest months"),
        "ten_minute_above": gettext_noop("number of 10-minute means above"),
        "fifteen_minute_above": gettext_noop("number of 15-minute means above"),
        "exposure_index": gettext_noop("average exposure of an area"),
    },
    "standing": {
        "in_force": gettext_noop("in force in this year"),
        "part_of_year": gettext_noop("in force in a part of this year"),
        "looking_ahead": gettext_noop("in force later: shown to look ahead"),
        "lapsed": gettext_noop("no longer in force"),
        "advice": gettext_noop("advice"),
        "later_advice": gettext_noop("advice that was published later"),
    },
    "status": {
        "confirmed": gettext_noop("checked in the source named above"),
        "judgement": gettext_noop("a judgement: the law leaves this open"),
        "memory-high": gettext_noop("not yet checked against the text of the law"),
        "memory-medium": gettext_noop("not yet checked against the text of the law"),
        "memory-low": gettext_noop("not yet checked against the text of the law"),
    },
    "symbol": SYMBOLS,
    "pollutant": {name: name for name in register_words.POLLUTANTS},
    "sector": {name: name for name in register_words.SECTORS},
}
FLAG_WORDS: Final = (
    gettext_noop("withdrawn by the supplier"),
    gettext_noop("validated by the supplier"),
    gettext_noop("provisional, not validated yet"),
    gettext_noop("the supplier added a remark"),
    gettext_noop("marked as invalid by the supplier"),
    gettext_noop("below the detection limit"),
    gettext_noop("simulated, not measured"),
    gettext_noop("a code of the supplier in place of a value"),
    gettext_noop("outside the range that this quantity can have"),
    gettext_noop("changes faster than this quantity can"),
    gettext_noop("the same value too many times in a row"),
    gettext_noop("further below zero than the detection limit explains"),
    gettext_noop("delivered twice with the same value"),
    gettext_noop("first value after a gap"),
)
"""The reasons of the flags are written in core, where there is no gettext: said again here, so that they are found."""


def look_up(table: str, key: str) -> str:
    """Return the words for a key; the key itself where there are none, so that nothing goes unsaid."""
    found = TABLES[table].get(key)
    return _(found) if found else key


def outcome(verdict: Verdict) -> str:
    """Return an outcome in the words of :mod:`goedebuur.core.compliance.wording`, in the language of the page."""
    said = wording.outcome(verdict)
    return said.en if get_language() == "en" else said.nl


def held(verdict: Verdict) -> str:
    """Return what was measured beside the number of the rule in one phrase, so that a count is not read as a value."""
    limit = f"{figures(verdict.limit_text)} {verdict.unit}"
    if verdict.exceedances is None:
        if not verdict.value_text:
            return _("not known; the number is %(limit)s") % {"limit": limit}
        return _("%(value)s; the number is %(limit)s") % {
            "value": f"{figures(verdict.value_text)} {verdict.unit}",
            "limit": limit,
        }
    n = verdict.exceedances
    said = ngettext("%(n)d time above %(limit)s", "%(n)d times above %(limit)s", n) % {"n": n, "limit": limit}
    if verdict.allowed is None:
        return said
    return "; ".join(
        (said, ngettext("allowed is %(n)d time", "allowed is %(n)d times", verdict.allowed) % {"n": verdict.allowed})
    )


def figures(text: str) -> str:
    """Return a number in plain digits with the decimal sign of the language."""
    return text if get_language() == "en" else text.replace(".", ",")


def accreditation(text: str) -> str:
    """Return what a supplier says of accreditation, with its shorthand for *not applicable* written out."""
    return _("not applicable") if text.strip().lower() in ("nvt", "n.v.t.", "n.v.t") else text


def symbol(name: str) -> str:
    """Return what a symbol of the map means."""
    return _(SYMBOLS[name])


def line(found: LimitLine) -> str:
    """Return what is written beside a line of a chart: what it is, of which statistic, from which list."""
    kind = _("limit") if found.kind == "limit" else _("guideline")
    if found.later is not None:
        kind = _("advice of %(year)d, later than this measurement") % {"year": found.later}
    return f"{kind}, {look_up('statistic', found.statistic)} ({found.set})"


def preset(days: int | None) -> str:
    """Return the words for a length of time that can be chosen with one press."""
    if days is None:
        return _("everything")
    if days % 365 == 0:
        return ngettext("last year", "last %(n)d years", days // 365) % {"n": days // 365}
    if days % 91 == 0:
        return _("last 3 months")
    if days % 7 == 0:
        return _("last %(n)d weeks") % {"n": days // 7}
    return _("last %(n)d days") % {"n": days}


def step(seconds: int) -> str:
    """Return the length of a step in words."""
    if seconds % 86_400 == 0:
        days = seconds // 86_400
        return ngettext("day", "%(n)d days", days) % {"n": days}
    if seconds % 3600 == 0:
        hours = seconds // 3600
        return ngettext("hour", "%(n)d hours", hours) % {"n": hours}
    minutes = seconds // 60
    return ngettext("minute", "%(n)d minutes", minutes) % {"n": minutes}


def direction(degrees: float) -> str:
    """Return the wind direction in words, in eight parts of the circle."""
    names = (
        _("north"),
        _("north-east"),
        _("east"),
        _("south-east"),
        _("south"),
        _("south-west"),
        _("west"),
        _("north-west"),
    )
    return names[round(degrees / 45) % 8]
