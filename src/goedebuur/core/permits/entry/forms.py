"""From the fields of an entry to the computable form of its kind, in the documented form of `form.py`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from goedebuur.core.permits.conditions import ConditionKind

DAY_PARTS: Final = (
    ("level_day", "07:00", "19:00"),
    ("level_evening", "19:00", "23:00"),
    ("level_night", "23:00", "07:00"),
)
"""Parts of the day in which noise is judged: day, evening and night. Bkl art. 5.65 and the tables of older permits."""
Found = Mapping[str, Any]


def _kept(found: Found, *names: str) -> dict[str, Any]:
    return {name: found[name] for name in names if name in found}


def _statistic(found: Found) -> dict[str, Any]:
    parts = {
        to: found[name]
        for name, to in (("share", "share"), ("share_over", "over"), ("factor", "factor"))
        if name in found
    }
    return {"statistic": parts} if parts else {}


def _exemptions(found: Found) -> dict[str, Any]:
    terms = list(found.get("exemption_terms", ()))
    told = {one["state"] for one in terms}
    every = [{"state": state} for state in found.get("exemptions", ()) if state not in told] + terms
    return {"exemptions": every} if every else {}


def _emission_limit(found: Found) -> dict[str, Any]:
    gas = _kept(found, "oxygen", "temperature", "pressure")
    if "dry" in found:
        gas["dry"] = found["dry"] == "yes"
    plain = _kept(found, "substance", "value", "unit", "averaging", "tailored", "alternative", "during")
    if gas:
        plain["reference"] = gas
    if "above" in found or "above_unit" in found:
        plain["above"] = {to: found[name] for name, to in (("above", "value"), ("above_unit", "unit")) if name in found}
    return {**plain, **_statistic(found), **_exemptions(found)}


def _load_cap(found: Found) -> dict[str, Any]:
    return {**_kept(found, "substance", "value", "unit", "period"), **_exemptions(found)}


def _noise(found: Found) -> dict[str, Any]:
    levels = [{"start": start, "end": end, "value": found[name]} for name, start, end in DAY_PARTS if name in found]
    return {**_kept(found, "indicator", "points"), "levels": [*levels, *found.get("level_other", ())]}


def _water(found: Found) -> dict[str, Any]:
    names = ("substance", "value", "unit", "averaging", "sampling", "receiving", "comparison")
    return {**_kept(found, *names), **_statistic(found)}


def _plain(*names: str) -> Callable[[Found], dict[str, Any]]:
    return lambda found: _kept(found, *names)


BUILD: Final[Mapping[ConditionKind, Callable[[Found], dict[str, Any]]]] = {
    ConditionKind.EMISSION_LIMIT: _emission_limit,
    ConditionKind.LOAD_CAP: _load_cap,
    ConditionKind.TECHNIQUE: _plain("technique", "requirements", "when"),
    ConditionKind.MEASURING_DUTY: _plain("subjects", "manner", "times", "months", "standards", "report_within"),
    ConditionKind.STUDY_DUTY: _plain("subject", "due", "again"),
    ConditionKind.DEADLINE: _plain("action", "due"),
    ConditionKind.ODOUR: _plain("value", "unit", "percentile", "objects", "points"),
    ConditionKind.NOISE: _noise,
    ConditionKind.WATER_DISCHARGE: _water,
}
"""Fields as read → form, by kind."""
