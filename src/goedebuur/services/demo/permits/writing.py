"""Write the decisions of the demonstration in the documented form, as a permit writer would type them over.

Each function gives one condition as a plain object. The text as granted is written in the words that Dutch permits
use; where a condition needs more than that, the module of its site has the sentence itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from goedebuur.core.permits.names import Named
from goedebuur.rules import substance_names

Condition = dict[str, Any]
Decision = dict[str, Any]

AVERAGES: Final[Mapping[str, str]] = {
    "ten_minutes": "tienminutengemiddelde",
    "half_hour": "halfuurgemiddelde",
    "hour": "uurgemiddelde",
    "day": "daggemiddelde",
    "month": "maandgemiddelde",
    "year": "jaargemiddelde",
    "sampling_period": "gemiddelde over de bemonstering",
}
DAILY: Final = ("mg/Nm³", "day")
NORMAL: Final = {"dry": True, "temperature": "273.15", "pressure": "101.3"}
"""Dry gas at 273.15 K and 101.3 kPa, as every decision here has it. [K], [kPa]"""
STARTS: Final = ({"state": "start_up"}, {"state": "shut_down"})


def substance(name: str) -> dict[str, str]:
    """Return a row of the table of substances as it stands in a condition."""
    found = named(name)
    return {"name": found.nl, "id": found.id} | ({"cas": found.cas} if found.cas else {})


def named(name: str) -> Named:
    """Return a row of the table of substances; `KeyError` where there is none."""
    found = substance_names.names().of_id(name)
    if found is None:
        raise KeyError(name)
    return found


def limit(
    number: str,
    where: str,
    point: str,
    name: str,
    value: str,
    unit: str = "mg/Nm³",
    averaging: str = "day",
    oxygen: str = "",
    *,
    statistic: Mapping[str, str] | None = None,
    exempt: bool = False,
    rest: str = "",
    **more: Any,
) -> Condition:
    """Return a limit on an emission.

    Parameters
    ----------
    number
        Of the condition in its decision.
    where, point
        Installation and emission point.
    name
        In the table of substances.
    value, unit, averaging, oxygen
        As in the documented form; oxygen is a percentage by volume.
    statistic
        Which of the averages must stay under which part of the value; each under the value without it.
    exempt
        Whether it does not count during start-up and shut-down.
    rest
        A sentence after the limit.
    more
        Further fields of the condition.
    """
    brought = f", herleid tot {decimal(oxygen)} vol.% zuurstof" if oxygen else ""
    which = share_sentence(statistic) if statistic else ""
    states = " Deze eis geldt niet tijdens het opstarten en het stilleggen." if exempt else ""
    text = (
        f"De concentratie van {named(name).nl} in de afgassen van {point} bedraagt ten hoogste "
        f"{decimal(value)} {unit} als {AVERAGES[averaging]} in droog afgas{brought}.{which}{states}"
    )
    text += f" {rest}" if rest else ""
    form: dict[str, Any] = {"substance": substance(name), "value": value, "unit": unit, "averaging": averaging}
    form["reference"] = NORMAL | ({"oxygen": oxygen} if oxygen else {})
    if statistic:
        form["statistic"] = dict(statistic)
    if exempt:
        form["exemptions"] = [dict(one) for one in STARTS]
    form |= more.pop("form", {})
    return _condition(number, "emission_limit", where, point, text, form, more)


def limits(
    chapter: str,
    where: str,
    point: str,
    rows: Iterable[tuple[str, str] | tuple[str, str, str, str]],
    oxygen: str = "",
    first: int = 1,
    **more: Any,
) -> list[Condition]:
    """Return one limit a row (substance, value, and unit and averaging where they are not mg/Nm³ by the day)."""
    found = []
    for number, (name, value, *how) in enumerate(rows, start=first):
        unit, averaging = how or DAILY
        found.append(limit(f"{chapter}.{number}", where, point, name, value, unit, averaging, oxygen, **more))
    return found


def share_sentence(statistic: Mapping[str, str]) -> str:
    """Return the sentence that says which of the averages count, and against which part of the value."""
    share, factor = statistic.get("share", "100"), statistic.get("factor", "100")
    over = {"year": "in een kalenderjaar", "month": "in een kalendermaand"}.get(statistic.get("over", ""), "")
    part = "" if share == "100" else f" Van de gemiddelden {over} voldoet ten minste {decimal(share)}% hieraan."
    return part + ("" if factor == "100" else f" Vergeleken wordt met {decimal(factor)}% van deze waarde.")


def load(number: str, where: str, points: Sequence[str], name: str, value: str, unit: str = "kg") -> Condition:
    """Return a cap on what is emitted in a calendar year."""
    together = " en ".join(points) if len(points) < 3 else f"{', '.join(points[:-1])} en {points[-1]} samen"
    text = (
        f"De emissie van {named(name).nl} door {together} bedraagt ten hoogste {decimal(value)} {unit} "
        "per kalenderjaar. Emissies tijdens storingen tellen mee."
    )
    form = {"substance": substance(name), "value": value, "unit": unit, "period": "year"}
    return _condition(number, "load_cap", where, points, text, form, {})


def measure(
    number: str,
    where: str,
    point: str,
    names: Sequence[str],
    times: int | None = None,
    months: int | None = None,
    standards: Sequence[str] = (),
    report: int | None = None,
    place: str = "",
) -> Condition:
    """Return a duty to measure, continuously or so many times in so many months, in a waste gas or in another place."""
    what = ", ".join(named(name).nl for name in names)
    how = "continu" if times is None else f"ten minste {times} keer per {months} maanden"
    by = f" volgens {', '.join(standards)}" if standards else ""
    after = f" De resultaten zijn binnen {report} dagen na de meting bij het bevoegd gezag." if report else ""
    where_said = place or f"In de afgassen van {point}"
    text = f"{where_said} wordt {how} gemeten{by}: {what}.{after}"
    form: dict[str, Any] = {
        "subjects": [substance(name) for name in names],
        "manner": "continuous" if times is None else "periodic",
        "standards": list(standards),
    }
    form |= {key: value for key, value in (("times", times), ("months", months), ("report_within", report)) if value}
    return _condition(number, "measuring_duty", where, point, text, form, {})


def technique(
    number: str, where: str, point: str | Sequence[str], name: str, text: str, *needs: tuple[str, ...]
) -> Condition:
    """Return a technique that must be in use, with the numbers by which that is seen.

    Parameters
    ----------
    needs
        Parameter, `at_least` or `at_most`, value, unit, and the averaging where there is one.
    """
    names = ("parameter", "comparison", "value", "unit", "averaging")
    rows = [dict(zip(names, need, strict=False)) for need in needs]
    form = {"technique": name} | ({"requirements": rows} if rows else {})
    return _condition(number, "technique", where, point, text, form, {})


def study(number: str, where: str, subject: str, due: str, again: int | None = None) -> Condition:
    """Return a duty to study something, with the day by which the report is there."""
    more = f" Daarna wordt dit elke {again} maanden herhaald." if again else ""
    text = f"Uiterlijk op {due} is een rapport bij het bevoegd gezag over de vraag {subject}.{more}"
    form = {"subject": subject, "due": due} | ({"again": again} if again else {})
    return _condition(number, "study_duty", where, (), text, form, {})


def deadline(number: str, where: str, action: str, due: str) -> Condition:
    """Return something that must have been done by a day."""
    return _condition(
        number, "deadline", where, (), f"Uiterlijk op {due}: {action}.", {"action": action, "due": due}, {}
    )


def words(number: str, kind: str, where: str, text: str, why: str) -> Condition:
    """Return a condition without a computable form, with the reason."""
    body = _condition(number, kind, where, (), text, None, {})
    return body | {"no_form": why}


def noise(number: str, points: Sequence[tuple[str, str, str]], day: int, evening: int, night: int) -> Condition:
    """Return levels of noise by day, evening and night at points in RD New. [dB(A)], [m]"""
    at = ", ".join(name for name, _, _ in points)
    text = (
        f"Het langtijdgemiddelde beoordelingsniveau (LAr,LT) bedraagt op {at} ten hoogste {day} dB(A) tussen 07:00 en "
        f"19:00 uur, {evening} dB(A) tussen 19:00 en 23:00 uur en {night} dB(A) tussen 23:00 en 07:00 uur."
    )
    form = {
        "indicator": "lar_lt",
        "levels": [
            {"start": "07:00", "end": "19:00", "value": str(day)},
            {"start": "19:00", "end": "23:00", "value": str(evening)},
            {"start": "23:00", "end": "07:00", "value": str(night)},
        ],
        "points": [{"name": name, "x": x, "y": y, "height": "5"} for name, x, y in points],
    }
    return _condition(number, "noise", "", (), text, form, {})


def odour(number: str, value: str, percentile: str, objects: str) -> Condition:
    """Return what odour there may be at objects, as a percentile of the hours of a year."""
    text = (
        f"De geurbelasting door de inrichting bedraagt ter plaatse van {objects} ten hoogste {decimal(value)} ouE/m³ "
        f"als {decimal(percentile)}-percentiel van de uurgemiddelden."
    )
    form = {"value": value, "unit": "ouE/m³", "percentile": percentile, "objects": objects}
    return _condition(number, "odour", "", (), text, form, {})


def discharge(
    number: str, where: str, point: str, name: str, value: str, unit: str, receiving: str, averaging: str = "day"
) -> Condition:
    """Return what may be in water that is discharged, of a substance of the table or of what else is measured in it."""
    row = substance_names.names().of_id(name)
    what = substance(name) if row else {"name": name}
    how = {"day": "etmaalmonster", "spot": "steekmonster", "month": "maandgemiddelde"}[averaging]
    text = f"Het te lozen water in {receiving} bevat ten hoogste {decimal(value)} {unit} {what['name']} in een {how}."
    form = {"substance": what, "value": value, "unit": unit, "averaging": averaging, "receiving": receiving}
    if averaging != "month":
        form["sampling"] = "flow_proportional" if averaging == "day" else "grab"
    return _condition(number, "water_discharge", where, point, text, form, {})


def decimal(number: str) -> str:
    """Return a number as Dutch writes it.

    >>> decimal("0.05"), decimal("12500")
    ('0,05', '12.500')
    """
    whole, point, rest = number.partition(".")
    return f"{int(whole):,}".replace(",", ".") + (f",{rest}" if point else "")


def _condition(
    number: str,
    kind: str,
    where: str,
    points: str | Sequence[str],
    text: str,
    form: Mapping[str, Any] | None,
    more: Mapping[str, Any],
) -> Condition:
    at = [points] if isinstance(points, str) else list(points)
    body: Condition = {"number": number, "kind": kind, "text": text}
    body |= {"installations": [where]} if where else {}
    body |= {"emission_points": [one for one in at if one]} if any(at) else {}
    body |= {"form": dict(form)} if form is not None else {}
    return body | dict(more)
