"""Limits in sentences and rows of tables: which number is one, of what, over which time, and what is doubtful of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from goedebuur.core.permits import dutch, phrases
from goedebuur.core.permits.names import Mention, Named, Names
from goedebuur.core.permits.pages import Sentence
from goedebuur.core.permits.proposals import Doubt, Found, Proposal, Why, propose

LOADS: Final = {
    "kg/year": ("kg", "year"),
    "t/year": ("t", "year"),
    "kg/month": ("kg", "month"),
    "kg/day": ("kg", "day"),
}
WATER_UNITS: Final = ("mg/l", "µg/l", "m³/h", "m³/day")
THRESHOLD: Final = re.compile(
    r"grensmassastroom|ongereinigde\s+massastroom|drempel\w*|vrijstellingsgrens|rapportagegrens", re.I
)
_CELL: Final = re.compile(rf"^(?:[<≤]\s*)?(?P<number>{dutch.NUMBER})(?:\s*\(?[a-z1-9*]\)?)?$", re.I)


@dataclass(frozen=True, slots=True)
class Value:
    """A number with its unit in a text, and where it stands."""

    start: int
    end: int
    number: dutch.Number
    unit: str
    guessed: bool


def limits(sentence: Sentence, names: Names) -> Found:
    """Return the limits in a sentence, or why its numbers are none; nothing where it has no number with a unit."""
    if sentence.row:
        return _of_row(sentence, names)
    values = _values(sentence.text)
    if not values:
        return Found()
    whole = f"{sentence.lead} {sentence.text}"
    if phrases.PAST.search(whole) and not re.search(r"\b(?:mag|mogen|moet|moeten|dient|dienen)\b", whole, re.I):
        return Found(why=Why.PAST)
    kept = [value for value in values if not _when(sentence.text, value)]
    if not kept:
        return Found(why=Why.WHEN)
    if not phrases.LIMITING.search(whole):
        return Found(why=Why.NO_LIMIT)
    return Found(tuple(one for value in kept for one in _of_value(sentence, value, kept, names)))


def _values(text: str) -> list[Value]:
    found = []
    for match in phrases.VALUE.finditer(text):
        number = dutch.number(match.group("number"))
        unit, guessed = phrases.unit_of(match)
        listed = phrases.LISTED.search(text[: match.start()])
        if listed:
            for one in re.finditer(dutch.NUMBER, text[: listed.end("first")][listed.start("first") :]):
                start = listed.start("first") + one.start()
                each = dutch.number(one.group())
                if each is not None:
                    found.append(Value(start, start + len(one.group()), each, unit, guessed))
        if number is not None:
            found.append(Value(match.start(), match.end(), number, unit, guessed))
    return found


def _when(text: str, value: Value) -> bool:
    """Return whether a number says when something holds, rather than what may not be exceeded."""
    before = text[: value.start]
    if THRESHOLD.search(before[-60:]):
        return True
    clause = phrases.CONDITIONAL.search(before)
    asks = phrases.MORE_THAN.search(before)
    if asks is None:
        return False
    return clause is not None or not phrases.LIMITING.search(text.replace(asks.group(), "", 1))


def _of_value(sentence: Sentence, value: Value, among: Sequence[Value], names: Names) -> list[Proposal]:
    text = sentence.text
    doubts = [Doubt.UNIT] if value.guessed else []
    if value.number.doubtful:
        doubts.append(Doubt.POINT)
    if value.unit == "dB(A)":
        return [_noise(sentence, text, as_typed(value.number), _nearest(phrases.DAYPART, text, value, among), doubts)]
    if value.unit.startswith(("ouE", "MouE")):
        return [_odour(sentence, value, doubts)]
    concerned, more = _substances(sentence, value, among, names)
    averaging = _averaging(text, value, among) or _one_averaging(sentence.lead)
    return [
        _limit(sentence, text, as_typed(value.number), value.unit, named, averaging, doubts + more)
        for named in concerned
    ]


def as_typed(number: dutch.Number) -> str:
    """Return a number as it goes into a field; one with a doubtful point as it is written, so that a person decides."""
    return f"{number.text[:-3]}.{number.text[-3:]}" if number.doubtful else number.text


# -- of which substance, over which time ----------------------------------------------------------------------------


def _substances(
    sentence: Sentence, value: Value, among: Sequence[Value], names: Names
) -> tuple[list[Named | None], list[Doubt]]:
    """Return the substances that a number is about, with what is doubtful of that."""
    mentions = [one for one in names.find(sentence.text) if not _left_out(sentence.text, one)]
    places = sorted(among, key=lambda one: one.start)
    at = places.index(value)
    first = places[at - 1].end if at else 0
    until = places[at + 1].start if at + 1 < len(places) else len(sentence.text)
    if phrases.RESPECTIVELY.search(sentence.text) and len(mentions) == len(places):
        return [mentions[at].named], []
    before = [one for one in mentions if first <= one.start < value.start]
    after = [one for one in mentions if value.end <= one.start < until]
    if not before and not after:
        before = [one for one in mentions if one.start < value.start][-1:] or list(names.find(sentence.lead))
    chosen = before or after[:1]
    if not chosen:
        return [None], [Doubt.SUBSTANCE]
    concerned = _distinct(chosen)
    if len(concerned) > 1 and phrases.TOGETHER.search(sentence.text):
        return [_sum([one for one in concerned if one is not None])], [Doubt.EACH_OR_SUM]
    return concerned, [Doubt.EACH_OR_SUM] if len(concerned) > 1 else []


def _left_out(text: str, mention: Mention) -> bool:
    before, after = phrases.LEFT_OUT
    return bool(before.search(text[: mention.start]) or after.search(text[mention.end :]))


def _sum(every: Sequence[Named]) -> Named:
    """Return what several substances are together: no row of the table, and no CAS number."""
    both = [" + ".join(getattr(one, name) for one in every) for name in ("nl", "en")]
    return Named("", "", "", f"{both[0]} (som)", f"{both[1]} (sum)", ())


def _distinct(mentions: Sequence[Mention]) -> list[Named | None]:
    return list(dict.fromkeys(mention.named for mention in mentions))


def _averaging(text: str, value: Value, among: Sequence[Value]) -> str:
    """Return the averaging time of a number: the one beside it, or the only one of the text; empty for none."""
    every = [
        (found.start(), found.end(), name)
        for pattern, name in phrases.AVERAGING
        for found in re.finditer(pattern, text, re.I)
    ]
    if len({name for _, _, name in every}) == 1:
        return every[0][2]
    places = sorted(among, key=lambda one: one.start)
    at = places.index(value)
    until = places[at + 1].start if at + 1 < len(places) else len(text)
    after = [name for start, _, name in sorted(every) if value.end <= start < until]
    first = places[at - 1].end if at else 0
    before = [name for _, end, name in sorted(every) if first <= end <= value.start]
    # with as many averages as numbers, all of them stand on the same side of theirs
    if before and (not after or (len(before) == 1 and at + 1 == len(places))):
        return before[-1] if not _follows(text, value) else (after or before)[0]
    return after[0] if after else ""


def _follows(text: str, value: Value) -> bool:
    """Return whether the words after a number begin with its averaging time: `100 mg/Nm³ als daggemiddelde`."""
    rest = text[value.end : value.end + 40]
    return any(
        re.match(rf"\s*\(?\s*(?:als\s+|\(|gemeten\s+als\s+)?(?:{pattern})", rest, re.I)
        for pattern, _ in phrases.AVERAGING
    )


def _one_averaging(text: str) -> str:
    found = {name for pattern, name in phrases.AVERAGING if re.search(pattern, text, re.I)}
    return found.pop() if len(found) == 1 else ""


def _nearest(table: Sequence[tuple[re.Pattern[str], str]], text: str, value: Value, among: Sequence[Value]) -> str:
    """Return which of the words of a table stands nearest to a number: those after it first; empty for none."""
    places = sorted(among, key=lambda one: one.start)
    at = places.index(value)
    until = places[at + 1].start if at + 1 < len(places) else len(text)
    first = places[at - 1].end if at else 0
    for start, end in ((value.end, until), (first, value.start)):
        hits = sorted((found.start(), name) for pattern, name in table for found in pattern.finditer(text, start, end))
        if hits:
            return hits[0][1] if start == value.end else hits[-1][1]
    return ""


# -- one limit, by kind ---------------------------------------------------------------------------------------------


def _limit(
    sentence: Sentence, text: str, number: str, unit: str, named: Named | None, averaging: str, doubts: list[Doubt]
) -> Proposal:
    fields = {"value": number, "substance": named.nl if named else "", "cas": named.cas if named else ""}
    context = f"{sentence.lead} {text}"
    water = bool(phrases.WATER.search(context))
    if unit in WATER_UNITS or (unit in LOADS and water):
        fields["unit"] = LOADS[unit][0] if unit in LOADS else unit
        over = LOADS[unit][1] if unit in LOADS else averaging or {"m³/h": "hour", "m³/day": "day"}.get(unit, "")
        every = doubts if over else [*doubts, Doubt.AVERAGING]
        if unit.startswith("m³"):
            fields["substance"] = fields["substance"] or "afvalwater"
            every = [doubt for doubt in every if doubt is not Doubt.SUBSTANCE]
        return propose("water_discharge", sentence, {**fields, "averaging": over}, every)
    if unit in LOADS:
        mass, period = LOADS[unit]
        return propose("load_cap", sentence, {**fields, "unit": mass, "period": period}, doubts)
    more = list(doubts)
    if not averaging:
        more.append(Doubt.AVERAGING)
    if unit.endswith("g/m³"):
        more.append(Doubt.GAS_AS_IT_IS)
    fields |= {"unit": unit, "averaging": averaging, "oxygen": _oxygen(context), "dry": _dry(context)}
    fields["exemptions"] = _exemptions(context)
    share = phrases.SHARES.search(text)
    if share:
        part = dutch.number(share.group("share"))
        fields["share"] = part.text if part else ""
        more.append(Doubt.STATISTIC)
    return propose("emission_limit", sentence, fields, more)


def _oxygen(text: str) -> str:
    for pattern in phrases.OXYGEN:
        found = pattern.search(text)
        number = dutch.number(found.group("o2")) if found else None
        if number:
            return number.text
    return ""


def _dry(text: str) -> str:
    return "yes" if phrases.DRY.search(text) else ""


def _exemptions(text: str) -> str:
    if not phrases.EXEMPTING.search(text):
        return ""
    return "; ".join(state for pattern, state in phrases.STATES if pattern.search(text))


def _odour(sentence: Sentence, value: Value, doubts: list[Doubt]) -> Proposal:
    fields = {"value": as_typed(value.number), "unit": value.unit}
    more = list(doubts)
    if value.unit == "ouE/m³":
        found = phrases.PERCENTILE.search(f"{sentence.text} {sentence.lead}")
        part = dutch.number(found.group("p") or found.group("pp")) if found else None
        if part:
            fields["percentile"] = part.text
        else:
            more.append(Doubt.PERCENTILE)
        place = re.search(
            r"\bter\s+plaatse\s+van\s+(?P<o>[^.;,]{3,120}?)(?=\s+(?:niet|mag|mogen|ten\s+hoogste|maximaal)\b|[.;,]|$)|\bbij\s+(?P<b>(?:woningen|geurgevoelige)[^.;,]{0,80})",
            sentence.text,
        )
        if place:
            fields["objects"] = (place.group("o") or place.group("b")).strip()
        else:
            more.append(Doubt.PLACES)
    return propose("odour", sentence, fields, more)


def _noise(sentence: Sentence, text: str, number: str, part: str, doubts: list[Doubt], point: str = "") -> Proposal:
    whole = f"{sentence.lead} {' '.join(sentence.head)} {text}"
    indicator = next((name for pattern, name in phrases.NOISE_INDICATOR if pattern.search(whole)), "")
    fields = {"indicator": indicator, "points": point, f"level_{part}" if part else "level_other": number}
    return propose("noise", sentence, fields, [*doubts, Doubt.PLACES])


# -- rows of tables -------------------------------------------------------------------------------------------------


def _of_row(sentence: Sentence, names: Names) -> Found:
    """Return the limits in one row of a table, by the words above its columns."""
    numbers = [(at, found) for at, cell in enumerate(sentence.cells) if (found := _in_cell(cell))]
    if not numbers or sentence.cells == sentence.head:
        return Found()
    above = f"{sentence.lead} {' '.join(sentence.head)}"
    measured = [(at, value, *_column_unit(sentence, at, value)) for at, value in numbers]
    known = [one for one in measured if one[2]]
    if not known:
        return Found()
    if re.search(r"\bgemeten\b|\bmeetresultaat|\bmeetwaarde|\baangevraagd", above, re.I):
        return Found(why=Why.PAST)
    if not phrases.LIMITING.search(f"{above} {sentence.text}"):
        return Found(why=Why.NO_LIMIT)
    return Found(tuple(one for cell in known for one in _of_cell(sentence, names, *cell)))


def _in_cell(cell: str) -> dutch.Number | None:
    found = _CELL.match(cell)
    if found:
        return dutch.number(found.group("number"))
    whole = phrases.VALUE.search(cell)
    return dutch.number(whole.group("number")) if whole else None


def _column_unit(sentence: Sentence, at: int, value: dutch.Number) -> tuple[str, bool]:
    """Return the unit of a cell: in itself, in a cell beside it, above its column, above all; and whether guessed."""
    beside = sentence.cells[at + 1] if at + 1 < len(sentence.cells) else ""
    over = sentence.head[at] if len(sentence.head) == len(sentence.cells) else ""
    places = [sentence.cells[at], beside if _in_cell(beside) is None else "", over]
    if not over:
        places.append(" ".join(sentence.head))
    for text in (*places, sentence.lead):
        found = phrases.UNIT.search(text)
        if found:
            return phrases.unit_of(found)
    return "", False


def _of_cell(
    sentence: Sentence, names: Names, at: int, value: dutch.Number, unit: str, guessed: bool
) -> list[Proposal]:
    over = sentence.head[at] if len(sentence.head) == len(sentence.cells) else ""
    doubts = [Doubt.UNIT] if guessed else []
    if value.doubtful:
        doubts.append(Doubt.POINT)
    if unit == "dB(A)":
        part = next((name for pattern, name in phrases.DAYPART if pattern.search(over or sentence.text)), "")
        if not part and re.fullmatch(r"(?:dag|avond|nacht)\W*", over.lower()):
            part = {"d": "day", "a": "evening", "n": "night"}[over[0].lower()]
        return [_noise(sentence, sentence.text, as_typed(value), part, doubts, point=sentence.cells[0] if at else "")]
    mentions = names.find(sentence.cells[0]) or names.find(sentence.text)
    named = mentions[0].named if mentions else None
    if named is None:
        doubts.append(Doubt.SUBSTANCE)
    averaging = _one_averaging(over) or _one_averaging(sentence.text) or _one_averaging(sentence.lead)
    return [_limit(sentence, sentence.text, as_typed(value), unit, named, averaging, doubts)]
