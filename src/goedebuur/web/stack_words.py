"""Words for the codes of stacks: what a signal is for, how a gas is cleaned, in which state, and when."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from goedebuur.web import permit_words

ROLES: Final[dict[str, str]] = {
    "concentration": gettext_noop("concentration"),
    "oxygen": gettext_noop("oxygen"),
    "moisture": gettext_noop("water vapour"),
    "temperature": gettext_noop("temperature"),
    "pressure": gettext_noop("pressure"),
    "flow": gettext_noop("volume flow"),
    "load": gettext_noop("load of the plant"),
    "state": gettext_noop("operating state"),
    "process": gettext_noop("the process"),
}
ABATEMENT: Final[dict[str, str]] = {
    "fabric_filter": gettext_noop("fabric filter"),
    "electrostatic": gettext_noop("electrostatic precipitator"),
    "cyclone": gettext_noop("cyclone"),
    "wet_scrubber": gettext_noop("wet scrubber"),
    "semi_dry": gettext_noop("semi-dry cleaning"),
    "dry_sorbent": gettext_noop("dry sorbent injection"),
    "activated_carbon": gettext_noop("activated carbon"),
    "scr": gettext_noop("removal of nitrogen oxides with a catalyst (SCR)"),
    "sncr": gettext_noop("removal of nitrogen oxides without a catalyst (SNCR)"),
    "oxidation_catalyst": gettext_noop("oxidation catalyst"),
    "thermal_oxidiser": gettext_noop("afterburner"),
    "condenser": gettext_noop("condenser"),
    "biofilter": gettext_noop("biofilter"),
    "low_nox": gettext_noop("low-NOx burners"),
    "water_injection": gettext_noop("water injection"),
    "enclosure": gettext_noop("enclosure"),
    "extraction": gettext_noop("extraction"),
    "water_spray": gettext_noop("water spray"),
    "other": gettext_noop("other"),
}
PURPOSES: Final[dict[str, str]] = {
    "periodic": gettext_noop("periodic measurement"),
    "control": gettext_noop("control measurement"),
}
CONTROL_VERDICTS: Final[dict[str, str]] = {
    "equivalent": gettext_noop("equivalent"),
    "differs": gettext_noop("differs"),
    "cannot_tell": gettext_noop("can't be told"),
}
CONTROL_SIDES: Final[dict[str, str]] = {
    "equivalent": "meets",
    "differs": "above-guideline",
    "cannot_tell": "undetermined",
}
"""Verdict on a control measurement → the `gb-verdict--…` whose shape and colour it has."""
COVERAGE: Final[dict[str, str]] = {
    "found_not_permitted": gettext_noop("found, and nothing in the record permits it"),
    "reported_not_measured": gettext_noop("reported, and never measured"),
    "reported_not_permitted": gettext_noop("reported, and nothing in the record permits it"),
    "never_measured": gettext_noop("a measurement is asked for, and there is none"),
    "overdue": gettext_noop("the day of the next measurement has passed"),
    "no_duty": gettext_noop("how often it must be measured is not known"),
}
FILLED: Final[dict[str, str]] = {
    "normal": gettext_noop("normal"),
    "unknown": gettext_noop("not known"),
    "all": gettext_noop("all of the plant at work"),
    **permit_words.STATES,
}
"""Operating states of steps of a year that were filled in, and of those that they were filled in with."""
VISIBLE_PLACES: Final[dict[str, str]] = {
    "oven_door": gettext_noop("oven doors"),
    "charging_lid": gettext_noop("charging lids"),
    "offtake": gettext_noop("offtakes"),
    "charging": gettext_noop("charging an oven"),
    "raw_push": gettext_noop("raw pushes"),
    "push": gettext_noop("pushes"),
    "quench": gettext_noop("quenching"),
    "roof_vent": gettext_noop("roof vents"),
    "slag_pit": gettext_noop("slag pits"),
    "stockpile": gettext_noop("stockpiles"),
    "flare": gettext_noop("flares"),
    "other": gettext_noop("other places"),
}
OBSERVERS: Final[dict[str, str]] = {
    "operator": gettext_noop("the company"),
    "authority": gettext_noop("the authority"),
    "bureau": gettext_noop("a bureau"),
    "automatic": gettext_noop("a device"),
}
"""In which role someone looked; never who."""
MEANS: Final[dict[str, str]] = {
    "inspection": gettext_noop("round on foot"),
    "camera": gettext_noop("camera"),
    "drone": gettext_noop("drone"),
}
SEVERITIES: Final[dict[str, str]] = {
    "flag": gettext_noop("someone must look at it before anything is built on these values"),
    "note": gettext_noop("it may be right"),
}
PARTS: Final[dict[str, str]] = {
    "verdicts": gettext_noop("the verdicts"),
    "duties": gettext_noop("the duties"),
    "controls": gettext_noop("the control measurements"),
    "coverage": gettext_noop("the substances"),
    "checks": gettext_noop("the raw values"),
}
"""What is worked out of a site ahead."""


def when_of(start: str) -> str:
    """Return a day or month in words; empty for a year."""
    if len(start) == len("2026-03-03"):
        return _("on %(day)s") % {"day": formats.date_format(date.fromisoformat(start), "j F Y")}
    if len(start) == len("2026-03"):
        return _("in %(month)s") % {"month": formats.date_format(date.fromisoformat(f"{start}-01"), "F Y")}
    return ""
