"""The sentences of a verdict, in Dutch and English: one a reason code. No sentence calls air harmless.

Law is *met* or *exceeded*, advice is *within* or *above*: which pair is used follows from the kind of the rule.
Pages and explanations take the words of an outcome from here, so that they say the same.
"""

from __future__ import annotations

from typing import Final

from goedebuur.core.base.sourced import Text
from goedebuur.core.compliance.rows import GuidelineLevel
from goedebuur.core.compliance.verdicts import Outcome, Verdict

LAW: Final[dict[Outcome, Text]] = {
    Outcome.MEETS: Text("voldoet aan de grenswaarde", "meets the limit"),
    Outcome.EXCEEDS: Text("overschrijdt de grenswaarde", "exceeds the limit"),
    Outcome.UNDETERMINED: Text("niet te zeggen (grenswaarde)", "cannot be said (limit)"),
}
"""Of a limit that bound in the year."""
NOT_BINDING: Final[dict[Outcome, Text]] = {
    Outcome.MEETS: Text("onder deze waarde", "below this value"),
    Outcome.EXCEEDS: Text("boven deze waarde", "above this value"),
    Outcome.UNDETERMINED: Text("niet te zeggen", "cannot be said"),
}
"""Of another number of the law: no limit, or not in force in the whole year."""
ADVICE: Final[dict[Outcome, Text]] = {
    Outcome.WITHIN_GUIDELINE: Text("binnen de advieswaarde", "within the guideline"),
    Outcome.ABOVE_GUIDELINE: Text("boven de advieswaarde", "above the guideline"),
    Outcome.UNDETERMINED: Text("niet te zeggen (advieswaarde)", "cannot be said (guideline)"),
}

KINDS: Final[dict[str, Text]] = {
    "limit_value": Text("grenswaarde", "limit value"),
    "target_value": Text("streefwaarde", "target value"),
    "long_term_objective": Text("langetermijndoelstelling", "long-term objective"),
    "critical_level": Text("kritiek niveau voor planten", "critical level for vegetation"),
    "alert_threshold": Text("alarmdrempel", "alert threshold"),
    "information_threshold": Text("informatiedrempel", "information threshold"),
    "exposure_objective": Text("doel voor gemiddelde blootstelling", "average exposure objective"),
    "guideline": Text("advieswaarde", "guideline"),
    "interim_target_1": Text("tussendoel 1", "interim target 1"),
    "interim_target_2": Text("tussendoel 2", "interim target 2"),
    "interim_target_3": Text("tussendoel 3", "interim target 3"),
    "interim_target_4": Text("tussendoel 4", "interim target 4"),
}

STATISTICS: Final[dict[str, Text]] = {
    "year_mean": Text("jaargemiddelde", "annual mean"),
    "winter_mean": Text("wintergemiddelde (oktober tot en met maart)", "winter mean (October to March)"),
    "hours_above": Text("uren boven de waarde", "hours above the value"),
    "days_above": Text("dagen met een gemiddelde boven de waarde", "days with a mean above the value"),
    "day_max_8h_above": Text(
        "dagen met een hoogste 8-uursgemiddelde boven de waarde", "days with a maximum 8-hour mean above the value"
    ),
    "day_max_8h_above_years": Text(
        "dagen met een hoogste 8-uursgemiddelde boven de waarde, gemiddeld over jaren",
        "days with a maximum 8-hour mean above the value, averaged over years",
    ),
    "consecutive_hours_above": Text("keren dat uren achtereen boven de waarde lagen", "runs of hours above the value"),
    "day_percentile": Text("99e percentiel van de daggemiddelden", "99th percentile of the daily means"),
    "day_max_8h_percentile": Text(
        "99e percentiel van de hoogste 8-uursgemiddelden", "99th percentile of the daily maximum 8-hour means"
    ),
    "peak_season": Text(
        "gemiddelde van de hoogste 8-uursgemiddelden in het piekseizoen",
        "mean of the daily maximum 8-hour means in the peak season",
    ),
    "ten_minute_above": Text("tienminutengemiddelden boven de waarde", "10-minute means above the value"),
    "fifteen_minute_above": Text("kwartiergemiddelden boven de waarde", "15-minute means above the value"),
    "exposure_index": Text("gemiddelde blootstelling in een gebied", "average exposure in an area"),
}

STATUSES: Final[dict[str, Text]] = {
    "confirmed": Text("nagekeken in de bron", "checked in the source"),
    "judgement": Text("een keuze: de tekst laat dit open", "a judgement: the text leaves this open"),
    "memory-high": Text("nog niet nagekeken", "not yet checked"),
    "memory-medium": Text("nog niet nagekeken", "not yet checked"),
    "memory-low": Text("nog niet nagekeken", "not yet checked"),
}

SAME_EITHER_WAY: Final[dict[str, Text]] = {
    "rounding": Text(
        "Met en zonder afronden komt hetzelfde uit.", "With and without rounding the outcome is the same."
    ),
    "percentile-rank": Text(
        "Met drie en met vier toegestane dagen komt hetzelfde uit.",
        "With three and with four days allowed the outcome is the same.",
    ),
}

STANDING_SENTENCES: Final[dict[str, Text]] = {
    "part_of_year": Text(
        "Dit getal gold maar een deel van {year}: van {first} tot en met {last}.",
        "This number held for a part of {year} only: from {first} to {last}.",
    ),
    "counted_part": Text(
        "Dit getal gold maar een deel van {year}: van {first} tot en met {last}; alleen dat deel is geteld.",
        "This number held for a part of {year} only: from {first} to {last}; that part alone was counted.",
    ),
    "looking_ahead": Text(
        "Vooruitblik: dit getal geldt vanaf {first} en bond in {year} niemand.",
        "Looking ahead: this number holds from {first} and bound nobody in {year}.",
    ),
    "lapsed": Text(
        "Dit getal gold tot en met {last}, niet in {year}.", "This number held until {last}, not in {year}."
    ),
    "advice": Text("Dit is een advies; het bindt niemand.", "This is advice; it binds nobody."),
    "later_advice": Text(
        "Dit is een advies van {first}, na {year}; het bindt niemand.",
        "This is advice of {first}, after {year}; it binds nobody.",
    ),
}

REASONS: Final[dict[str, Text]] = {
    "mean-not-above": Text(
        "Het gemiddelde is {value} {unit}, niet boven {limit} {unit}.",
        "The mean is {value} {unit}, not above {limit} {unit}.",
    ),
    "mean-above": Text(
        "Het gemiddelde is {value} {unit}, boven {limit} {unit}.", "The mean is {value} {unit}, above {limit} {unit}."
    ),
    "mean-above-despite-gaps": Text(
        "Er is te weinig gemeten, maar ook als elk ontbrekend uur nul was ligt het gemiddelde boven {limit} {unit}.",
        "Too little was measured, but even with each missing hour at zero the mean is above {limit} {unit}.",
    ),
    "count-not-above": Text(
        "Keren boven {limit} {unit}: {exceedances}; toegestaan: {allowed}.",
        "Times above {limit} {unit}: {exceedances}; allowed: {allowed}.",
    ),
    "count-above": Text(
        "Keren boven {limit} {unit}: {exceedances}, meer dan toegestaan ({allowed}).",
        "Times above {limit} {unit}: {exceedances}, more than allowed ({allowed}).",
    ),
    "count-above-despite-gaps": Text(
        "Er is te weinig gemeten, maar het aantal keren boven {limit} {unit} is met {exceedances} al meer dan "
        "toegestaan ({allowed}); meer metingen kunnen dat niet kleiner maken.",
        "Too little was measured, but the times above {limit} {unit} are with {exceedances} already more than allowed "
        "({allowed}); more measurements cannot make it fewer.",
    ),
    "percentile-not-above": Text(
        "Dagen boven {limit} {unit}: {exceedances}; het percentiel staat toe: {allowed}.",
        "Days above {limit} {unit}: {exceedances}; the percentile allows: {allowed}.",
    ),
    "percentile-above": Text(
        "Dagen boven {limit} {unit}: {exceedances}; het percentiel staat toe: {allowed}.",
        "Days above {limit} {unit}: {exceedances}; the percentile allows: {allowed}.",
    ),
    "percentile-above-despite-gaps": Text(
        "Er is te weinig gemeten, maar het aantal dagen boven {limit} {unit} is met {exceedances} al meer dan het "
        "percentiel in een heel jaar toestaat.",
        "Too little was measured, but the days above {limit} {unit} are with {exceedances} already more than the "
        "percentile allows in a whole year.",
    ),
    "capture-low": Text(
        "Er is te weinig gemeten: {capture} van {expected}, minder dan {required}. Niet bekend is of de waarde is "
        "overschreden.",
        "Too little was measured: {capture} of {expected}, less than {required}. Whether the value was exceeded is not "
        "known.",
    ),
    "capture-maintenance": Text(
        "Er is {capture} van {expected} gemeten, minder dan {required}; wat aan onderhoud verloren ging telt niet mee.",
        "Measured were {capture} of {expected}, less than {required}; what was lost to maintenance does not count.",
    ),
    "season-incomplete": Text(
        "In een deel van het jaar is te weinig gemeten om de hoogste zes maanden aan te wijzen.",
        "In a part of the year too little was measured to say which six months are the highest.",
    ),
    "season-above": Text(
        "In zes maanden achtereen is genoeg gemeten ({capture} van {expected} dagen); het gemiddelde is {value} "
        "{unit}, boven {limit} {unit}. Maanden waarin te weinig is gemeten kunnen het hoogste niet lager maken.",
        "In six consecutive months enough was measured ({capture} of {expected} days); the mean is {value} {unit}, "
        "above {limit} {unit}. Months in which too little was measured cannot make the highest one lower.",
    ),
    "nothing-valid": Text(
        "Er is geen enkele geldige waarde om mee te vergelijken.", "There is not one valid value to assess with."
    ),
    "steps-too-long": Text(
        "Er is niet in stappen van {minutes} minuten gemeten; uurwaarden zeggen hier niets over.",
        "There are no measurements in steps of {minutes} minutes; hourly values do not tell.",
    ),
    "row-not-confirmed": Text(
        "De regel zelf is niet bevestigd ({status}); daarom geen automatisch oordeel.",
        "The rule itself is not confirmed ({status}); hence no automatic verdict.",
    ),
    "capture-not-confirmed": Text(
        "Hoeveel gemeten moet zijn is niet bevestigd ({status}); daarom geen automatisch oordeel.",
        "How much must be measured is not confirmed ({status}); hence no automatic verdict.",
    ),
    "question-open": Text(
        "Een voorwaarde van deze regel is niet nagegaan; die vraag moet een mens beantwoorden.",
        "A condition of this rule was not checked; a person must answer that question.",
    ),
    "readings-differ": Text(
        "De regel laat meer dan één lezing toe en de uitkomst verschilt; een mens moet kiezen.",
        "The rule allows more than one reading and the outcome differs; a person must choose.",
    ),
}


def outcome(verdict: Verdict) -> Text:
    """Return an outcome in words: a limit that bound, another number of the law, and advice never share their words."""
    not_binding = ADVICE if verdict.kind in list(GuidelineLevel) else NOT_BINDING
    return (LAW if verdict.binding else not_binding)[verdict.outcome]
