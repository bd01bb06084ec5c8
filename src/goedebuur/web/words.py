"""Words for what the record says in codes. Sentences for people in one place, all through gettext."""

from __future__ import annotations

from typing import Final

from django.utils.translation import get_language, gettext_noop, ngettext
from django.utils.translation import gettext as _

from goedebuur.core.compliance import wording
from goedebuur.core.compliance.verdicts import Verdict
from goedebuur.core.expectations.spans import Span
from goedebuur.services.limit_lines import LimitLine
from goedebuur.web import duty_words, permit_words, register_words, stack_words

SYMBOLS: Final = {
    "above-limit": gettext_noop("exceeds a binding limit"),
    "above-guideline": gettext_noop("above a guideline"),
    "below": gettext_noop("meets the limits and guidelines that it was compared with"),
    "unknown": gettext_noop("cannot be said"),
    "none": gettext_noop("not assessed"),
}
TABLES: Final[dict[str, dict[str, str]]] = {
    "case_event": {
        "created": gettext_noop("Case made"),
    },
    "case_kind": {
        "finding": gettext_noop("finding"),
        "reassessment": gettext_noop("reassessment of a permit"),
        "advice": gettext_noop("advice"),
        "request": gettext_noop("request"),
    },
    "party": {
        "named": gettext_noop("operator that it is about"),
        "applicant": gettext_noop("who asked for it"),
        "adviser": gettext_noop("adviser"),
        "other": gettext_noop("concerned otherwise"),
    },
    "unit": {
        "days": gettext_noop("days"),
        "weeks": gettext_noop("weeks"),
        "hours": gettext_noop("hours"),
        "months": gettext_noop("months"),
        "years": gettext_noop("years"),
    },
    "found": {
        "finding": gettext_noop("Findings"),
        "site": gettext_noop("Sites"),
        "permit": gettext_noop("Permits"),
        "station": gettext_noop("Stations"),
    },
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
        "records": gettext_noop("facts recorded"),
        "verdicts": gettext_noop("verdicts"),
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
    "condition_kind": permit_words.CONDITION_KINDS,
    "decision_kind": permit_words.DECISION_KINDS,
    "limit_origin": permit_words.ORIGINS,
    "operating_state": permit_words.STATES,
    "duty_standing": duty_words.STANDINGS,
    "severity": {
        "refuse": gettext_noop("refused"),
        "flag": gettext_noop("marked"),
        "note": gettext_noop("told"),
    },
    "stack_role": stack_words.ROLES,
    "abatement": stack_words.ABATEMENT,
    "report_purpose": stack_words.PURPOSES,
    "filled_state": stack_words.FILLED,
    "visible_place": stack_words.VISIBLE_PLACES,
    "observer": stack_words.OBSERVERS,
    "means": stack_words.MEANS,
    "control_verdict": stack_words.CONTROL_VERDICTS,
    "coverage_finding": stack_words.COVERAGE,
    "check_severity": stack_words.SEVERITIES,
    "attention_part": stack_words.PARTS,
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
    "every": {
        "hour": gettext_noop("each hour"),
        "day": gettext_noop("each day"),
        "week": gettext_noop("each week"),
        "month": gettext_noop("each month"),
        "quarter": gettext_noop("each quarter of a year"),
        "half_year": gettext_noop("each half year"),
        "year": gettext_noop("each year"),
    },
    "clock": {
        "UTC": gettext_noop("on the clock UTC"),
        "CET": gettext_noop("on the clock CET, winter time all year"),
        "local": gettext_noop("in Dutch civil time"),
    },
    "arrival": {
        "not_due": gettext_noop("not due yet"),
        "awaited": gettext_noop("due, not late yet"),
        "on_time": gettext_noop("on time"),
        "late": gettext_noop("late"),
        "partly": gettext_noop("partly missing"),
        "missing": gettext_noop("missing"),
        "by_others": gettext_noop("came from someone else"),
        "perhaps_closed": gettext_noop("cannot be seen: it may be in a closed delivery"),
    },
    "known": {
        "late": gettext_noop("received after the term and the grace term"),
        "rejected": gettext_noop("in this time a signed delivery of this supplier was refused"),
    },
    "point": {
        "stack": gettext_noop("stack"),
        "flare": gettext_noop("flare"),
        "vent": gettext_noop("vent"),
        "diffuse": gettext_noop("diffuse, without a pipe"),
        "discharge": gettext_noop("discharge to water"),
    },
    "role": {
        "permit_writer": gettext_noop("permit writer"),
        "specialist": gettext_noop("specialist"),
        "reviewer": gettext_noop("reviewer"),
        "officer": gettext_noop("officer who decides on publication"),
        "administrator": gettext_noop("administrator"),
        "company": gettext_noop("company"),
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
    gettext_noop("the instrument was being maintained"),
    gettext_noop("the instrument was out of order"),
    gettext_noop("the instrument was being calibrated, or its zero or span checked"),
    gettext_noop("a substitute in place of a measured value"),
    gettext_noop("above what the instrument can measure, according to the supplier"),
    gettext_noop("the installation was out of service, according to the supplier"),
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


def span(found: Span) -> str:
    """Return a length of time as an agreement names it, in words."""
    return _lengths(found.months, found.days, found.hours, found.minutes)


def duration(seconds: int) -> str:
    """Return how long something took, in days and hours, in hours, or in minutes; what is smaller is left out."""
    minutes = seconds // 60
    if minutes < 60:
        return _lengths(minutes=max(minutes, 1))
    days, hours = divmod(minutes // 60, 24)
    return _lengths(days=days, hours=hours)


def _lengths(months: int = 0, days: int = 0, hours: int = 0, minutes: int = 0) -> str:
    parts = [
        ngettext("%(n)d month", "%(n)d months", months) % {"n": months} if months else "",
        ngettext("%(n)d day", "%(n)d days", days) % {"n": days} if days else "",
        ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours} if hours else "",
        ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes} if minutes else "",
    ]
    told = [part for part in parts if part]
    return _(" and ").join(told) if told else _("none")


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
