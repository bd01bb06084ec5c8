"""The readings of a rule side by side, as lines of an explanation: what each chooses, and what that comes to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from goedebuur.core.base.exact import as_text, round_half_away
from goedebuur.core.base.quantities import ratio
from goedebuur.core.base.sourced import Text
from goedebuur.core.compliance.readings import SUBJECTS, Reading, Side
from goedebuur.core.compliance.rows import Measure, Statistic
from goedebuur.core.compliance.verdicts import Line

CHOICES: Final[dict[str, Text]] = {
    "exact": Text("zonder afronden", "without rounding"),
    "rounded": Text("met afronden", "with rounding"),
    "ceiling": Text("rang naar boven afgerond", "rank rounded up"),
    "nearest": Text("rang naar het dichtstbijzijnde getal", "rank to the nearest number"),
}
DAY: Final = Text("een dag telt vanaf {share}", "a day counts from {share}")
YEAR: Final = Text("het jaar telt vanaf {share}", "the year counts from {share}")
SEASON: Final = Text("zes maanden tellen vanaf {share}", "six months count from {share}")
SIDES: Final[dict[Side, Text]] = {
    Side.OVER: Text("boven", "above"),
    Side.UNDER: Text("niet boven", "not above"),
    Side.LOW: Text("niet te zeggen", "cannot be said"),
}
ENOUGH: Final = (Text("te weinig", "too little"), Text("genoeg", "enough"))
NOT_ALL: Final = Text("genoeg; in andere halfjaren te weinig", "enough; too little in other half-years")
"""Of a season with enough days in a year in which another six months might be higher."""
SHOWN: Final = Text(" (zo is het hierboven en in de lijsten)", " (shown above and in the lists)")
DIGITS: Final = 2
"""Decimals more than the rule has: two readings may differ by less than one digit of it."""


def lines(found: Sequence[Reading], shown: Reading | None, measure: Measure) -> list[Line]:
    """Return one line a reading, only of the choices that change a number; none where no choice does."""
    matters = [name for name in SUBJECTS if any(_apart(a, b, name) for a in found for b in found)]
    if not matters or shown is None:
        return []
    distinct: dict[tuple[str, ...], Reading] = {}
    for reading in (shown, *found):
        distinct.setdefault(tuple(reading.choices.get(name, "") for name in matters), reading)
    return [
        Line(f"reading-{at}", _sentence(reading, matters, measure, reading is shown))
        for at, reading in enumerate(distinct.values(), start=1)
    ]


def _apart(a: Reading, b: Reading, subject: str) -> bool:
    return a.differs(b) == {subject} and a.result != b.result


def _sentence(reading: Reading, matters: Sequence[str], measure: Measure, shown: bool) -> Text:
    chosen = [_chosen(name, reading.choices[name], measure) for name in matters if name in reading.choices]
    places = {"measured": reading.measured, "expected": reading.expected}
    num, den = reading.required
    alone = not reading.enough and reading.measured * den >= reading.expected * num
    enough = NOT_ALL if alone and measure.statistic is Statistic.PEAK_SEASON else ENOUGH[reading.enough]
    measured = Text("gemeten {measured} van {expected}", "measured {measured} of {expected}").format(**places)
    parts = [Text(f"{measured.nl} ({enough.nl})", f"{measured.en} ({enough.en})")]
    if reading.exceedances is not None:
        counts = {"times": reading.exceedances, "allowed": reading.allowed}
        parts.append(Text("{times} keer boven, {allowed} toegestaan", "{times} times above, {allowed} allowed"))
        parts[-1] = parts[-1].format(**counts)
    elif reading.n:
        parts.append(Text(*[f"{_mean(reading, measure)} {measure.unit}"] * 2))
    parts.append(SIDES[reading.side])
    nl = f"Lezing: {', '.join(text.nl for text in chosen)}: {'; '.join(text.nl for text in parts)}"
    en = f"Reading: {', '.join(text.en for text in chosen)}: {'; '.join(text.en for text in parts)}"
    return Text(f"{nl}{SHOWN.nl if shown else ''}.", f"{en}{SHOWN.en if shown else ''}.")


def _chosen(subject: str, choice: str, measure: Measure) -> Text:
    if subject not in ("day", "year"):
        return CHOICES[choice]
    num, den = (int(part) for part in choice.split("/"))
    share = f"{100 * num // den}%" if 100 * num % den == 0 else choice
    season = measure.statistic is Statistic.PEAK_SEASON
    return (DAY if subject == "day" else SEASON if season else YEAR).format(share=share)


def _mean(reading: Reading, measure: Measure) -> str:
    num, den = ratio(measure.quantity, measure.unit)
    decimals = measure.decimals + DIGITS
    return as_text(round_half_away(reading.total * den, reading.n * num, decimals), decimals)
