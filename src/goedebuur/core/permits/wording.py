"""What a condition says, in plain words made from its computable form: one or a few sentences in Dutch and English.

The text as granted is what binds; these sentences stand beside it, so that it can be read, and so that a mistake in the
form shows. Days stay in ISO form: who shows them writes them as the language does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any, Final

from goedebuur.core.base.sourced import Text
from goedebuur.core.permits.conditions import (
    Comparison,
    Deadline,
    Form,
    LoadCap,
    Manner,
    MeasuringDuty,
    Noise,
    NoiseIndicator,
    Odour,
    Point,
    Sampling,
    StudyDuty,
    Technique,
    WaterDischarge,
)
from goedebuur.core.permits.limits import (
    Averaging,
    EmissionLimit,
    Exemption,
    OperatingState,
    ReferenceConditions,
    Statistic,
    Tailoring,
)

AVERAGES: Final[Mapping[Averaging, Text]] = {
    Averaging.SPOT: Text("in elk monster", "in each sample"),
    Averaging.TEN_MINUTES: Text("gemiddeld over tien minuten", "on average over ten minutes"),
    Averaging.HALF_HOUR: Text("gemiddeld over een half uur", "on average over half an hour"),
    Averaging.HOUR: Text("gemiddeld over een uur", "on average over an hour"),
    Averaging.DAY: Text("gemiddeld over een dag", "on average over a day"),
    Averaging.MONTH: Text("gemiddeld over een maand", "on average over a month"),
    Averaging.YEAR: Text("gemiddeld over een jaar", "on average over a year"),
    Averaging.SAMPLING_PERIOD: Text("gemiddeld over één meting", "on average over one measurement"),
    Averaging.NOT_STATED: Text(
        "(de tekst zegt niet over welke tijd gemiddeld)", "(the text does not say on average over which time)"
    ),
}
PERIODS: Final[Mapping[Averaging, Text]] = {
    Averaging.SPOT: Text("keer", "time"),
    Averaging.TEN_MINUTES: Text("tien minuten", "ten minutes"),
    Averaging.HALF_HOUR: Text("half uur", "half hour"),
    Averaging.HOUR: Text("uur", "hour"),
    Averaging.DAY: Text("dag", "day"),
    Averaging.MONTH: Text("maand", "month"),
    Averaging.YEAR: Text("kalenderjaar", "calendar year"),
    Averaging.SAMPLING_PERIOD: Text("meting", "measurement"),
    Averaging.NOT_STATED: Text("tijd die de tekst niet noemt", "time that the text does not name"),
}
STATES: Final[Mapping[OperatingState, Text]] = {
    OperatingState.START_UP: Text("opstarten", "start-up"),
    OperatingState.SHUT_DOWN: Text("stilleggen", "shut-down"),
    OperatingState.MALFUNCTION: Text("een storing", "a malfunction"),
    OperatingState.ABATEMENT_FAILURE: Text("uitval van de afgasreiniging", "failure of the abatement"),
    OperatingState.FUEL_INTERRUPTION: Text("een onderbreking van de brandstof", "an interruption of the fuel"),
    OperatingState.MAINTENANCE: Text("onderhoud", "maintenance"),
    OperatingState.ABNORMAL_OPERATION: Text("een abnormale toestand", "abnormal operation"),
    OperatingState.OTHER: Text("andere omstandigheden die de tekst noemt", "other circumstances that the text names"),
}
TAILORED: Final[Mapping[Tailoring, Text]] = {
    Tailoring.RELAXES: Text("Dit is soepeler dan de algemene regel.", "This is laxer than the general rule."),
    Tailoring.TIGHTENS: Text("Dit is strenger dan de algemene regel.", "This is stricter than the general rule."),
    Tailoring.BESIDE: Text("De algemene regel geldt ernaast.", "The general rule holds beside it."),
}
COMPARED: Final[Mapping[Comparison, Text]] = {
    Comparison.AT_LEAST: Text("ten minste", "at least"),
    Comparison.AT_MOST: Text("hoogstens", "at most"),
}
MANNERS: Final[Mapping[Manner, Text]] = {
    Manner.CONTINUOUS: Text("voortdurend gemeten worden", "be measured continuously"),
    Manner.PERIODIC: Text("gemeten worden", "be measured"),
    Manner.CALCULATED: Text("berekend worden", "be calculated"),
}
INDICATORS: Final[Mapping[NoiseIndicator, Text]] = {
    NoiseIndicator.LAR_LT: Text("gemiddeld over langere tijd (LAr,LT)", "on average over a long time (LAr,LT)"),
    NoiseIndicator.LA_MAX: Text("als piek (LAmax)", "as a peak (LAmax)"),
    NoiseIndicator.L_DEN: Text("over dag, avond en nacht (Lden)", "over day, evening and night (Lden)"),
    NoiseIndicator.L_NIGHT: Text("in de nacht (Lnight)", "at night (Lnight)"),
}
SAMPLES: Final[Mapping[Sampling, Text]] = {
    Sampling.GRAB: Text("in een steekmonster", "in a grab sample"),
    Sampling.TIME_PROPORTIONAL: Text("in een monster over de tijd", "in a time-proportional sample"),
    Sampling.FLOW_PROPORTIONAL: Text("in een monster naar de afvoer", "in a flow-proportional sample"),
}
NOTHING: Final = Text()


def sentences(form: Form) -> Text:
    """Return what a computable form says.

    >>> from datetime import date
    >>> sentences(Deadline("het filter is in bedrijf", date(2020, 7, 1))).nl
    'Uiterlijk op 2020-07-01 is dit gedaan: het filter is in bedrijf.'
    """
    return _BY_FORM[type(form)](form)


def number(value: str | Fraction) -> Text:
    """Return a number in both languages, with a decimal comma in Dutch; exact, so not for parts as one third.

    >>> number(Fraction(77)).nl, number("0.05").nl
    ('77', '0,05')
    """
    text = value if isinstance(value, str) else _decimal(value)
    return Text(text.replace(".", ","), text)


def averages(averaging: Averaging, statistic: Statistic) -> Text:
    """Return which averages are meant: `gemiddeld over een dag`, `95 % van de uren in een kalenderjaar`."""
    told = AVERAGES[averaging]
    if statistic.over is None:
        return told
    share, period = number(statistic.share), PERIODS[statistic.over]
    return Text(
        f"{told.nl}, voor {share.nl} % van die gemiddelden in een {period.nl}",
        f"{told.en}, for {share.en} % of these averages in a {period.en}",
    )


def _decimal(value: Fraction) -> str:
    digits = 0
    while (value * 10**digits).denominator != 1 and digits < 9:
        digits += 1
    whole = round(value * 10**digits)
    return f"{whole // 10**digits}.{whole % 10**digits:0{digits}d}" if digits else str(whole)


def _joined(parts: Iterable[Text]) -> Text:
    told = [part for part in parts if part]
    return Text(" ".join(part.nl for part in told), " ".join(part.en for part in told))


def _list(parts: Iterable[Text]) -> Text:
    told = list(parts)
    if len(told) < 2:
        return told[0] if told else NOTHING
    head = told[:-1]
    return Text(
        f"{', '.join(part.nl for part in head)} en {told[-1].nl}",
        f"{', '.join(part.en for part in head)} and {told[-1].en}",
    )


def _emission_limit(form: EmissionLimit) -> Text:
    value = number(form.value)
    amount = Text(f"{value.nl} {form.unit}", f"{value.en} {form.unit}")
    if form.statistic.factor != "100":
        bound = number(Fraction(form.value) * Fraction(form.statistic.factor) / 100)
        factor = number(form.statistic.factor)
        amount = Text(
            f"{bound.nl} {form.unit} ({factor.nl} % van {amount.nl})",
            f"{bound.en} {form.unit} ({factor.en} % of {amount.en})",
        )
    average = averages(form.averaging, form.statistic)
    name = form.substance.name
    if form.unit.endswith("/h"):
        main = Text(
            f"Er mag {average.nl} hoogstens {amount.nl} {name} worden uitgestoten.",
            f"At most {amount.en} of {name} may be emitted {average.en}.",
        )
    else:
        main = Text(
            f"In het afgas mag {average.nl} hoogstens {amount.nl} {name} zitten.",
            f"The waste gas may hold at most {amount.en} of {name} {average.en}.",
        )
    return _joined(
        (
            main,
            _gas(form.reference),
            _above(form),
            _only(form),
            _exempt(form.exemptions),
            NOTHING if form.tailored is None else TAILORED[form.tailored],
        )
    )


def _gas(reference: ReferenceConditions | None) -> Text:
    if reference is None:
        return NOTHING
    parts = []
    if reference.oxygen:
        oxygen = number(reference.oxygen)
        parts.append(Text(f"{oxygen.nl} % zuurstof", f"{oxygen.en} % oxygen"))
    if reference.dry is not None:
        parts.append(Text("droog gas", "dry gas") if reference.dry else Text("nat gas", "wet gas"))
    told = _list(parts)
    return Text(f"Dat is gerekend bij {told.nl}.", f"That is reckoned at {told.en}.") if told else NOTHING


def _above(form: EmissionLimit) -> Text:
    if form.above is None:
        return NOTHING
    value = number(form.above.value)
    return Text(
        f"Het geldt als het punt meer dan {value.nl} {form.above.unit} per jaar uitstoot.",
        f"It holds where the point emits more than {value.en} {form.above.unit} a year.",
    )


def _only(form: EmissionLimit) -> Text:
    if form.during is None:
        return NOTHING
    state = STATES[form.during]
    return Text(f"Het geldt alleen bij {state.nl}.", f"It holds in {state.en} alone.")


def _exempt(exemptions: tuple[Exemption, ...]) -> Text:
    told = []
    for one in exemptions:
        state = STATES[one.state]
        nl, en = state.nl, state.en
        if one.hours is not None:
            nl, en = f"{nl} (hoogstens {one.hours} uur per jaar)", f"{en} (at most {one.hours} hours a year)"
        if one.condition:
            nl, en = f"{nl} ({one.condition})", f"{en} ({one.condition})"
        told.append(Text(nl, en))
    states = _list(told)
    return Text(f"Het geldt niet bij {states.nl}.", f"It does not hold in {states.en}.") if states else NOTHING


def _load_cap(form: LoadCap) -> Text:
    value, period = number(form.value), PERIODS[form.period]
    main = Text(
        f"Per {period.nl} mag hoogstens {value.nl} {form.unit} {form.substance.name} worden uitgestoten, alles samen.",
        f"At most {value.en} {form.unit} of {form.substance.name} may be emitted in a {period.en}, all together.",
    )
    return _joined((main, _exempt(form.exemptions)))


def _technique(form: Technique) -> Text:
    when = Text(f" ({form.when})", f" ({form.when})") if form.when else NOTHING
    needs = []
    for one in form.requirements:
        value, compared = number(one.value), COMPARED[one.comparison]
        average = AVERAGES[one.averaging] if one.averaging else NOTHING
        nl = f"{one.parameter} {compared.nl} {value.nl} {one.unit} {average.nl}".strip()
        needs.append(Text(nl, f"{one.parameter} {compared.en} {value.en} {one.unit} {average.en}".strip()))
    told = _list(needs)
    main = Text(
        f"Deze techniek moet in gebruik zijn{when.nl}: {form.technique}.",
        f"This technique must be in use{when.en}: {form.technique}.",
    )
    return _joined((main, Text(f"Daarbij geldt: {told.nl}.", f"With it: {told.en}.") if told else NOTHING))


def _measuring(form: MeasuringDuty) -> Text:
    names = _list(Text(one.name, one.name) for one in form.subjects)
    manner = MANNERS[form.manner]
    often = NOTHING
    if form.times is not None and form.months is not None:
        months = (
            Text("een jaar", "a year") if form.months == 12 else Text(f"{form.months} maanden", f"{form.months} months")
        )
        often = Text(f"ten minste {form.times} keer in {months.nl} ", f" at least {form.times} times in {months.en}")
    main = Text(f"Dit moet {often.nl}{manner.nl}: {names.nl}.", f"This must {manner.en}{often.en}: {names.en}.")
    by = ", ".join(form.standards)
    how = Text(f"Dat gebeurt volgens {by}.", f"That is done by {by}.") if by else NOTHING
    within = (
        Text(
            f"De uitkomst is er binnen {form.report_within} dagen.",
            f"The outcome is there within {form.report_within} days.",
        )
        if form.report_within
        else NOTHING
    )
    return _joined((main, how, within))


def _study(form: StudyDuty) -> Text:
    day = form.due.isoformat()
    main = Text(
        f"Uiterlijk op {day} is onderzocht: {form.subject}.", f"By {day} this has been studied: {form.subject}."
    )
    again = (
        Text(f"Daarna opnieuw, elke {form.again} maanden.", f"After that again, every {form.again} months.")
        if form.again
        else NOTHING
    )
    return _joined((main, again))


def _deadline(form: Deadline) -> Text:
    day = form.due.isoformat()
    return Text(f"Uiterlijk op {day} is dit gedaan: {form.action}.", f"By {day} this has been done: {form.action}.")


def _odour(form: Odour) -> Text:
    value = number(form.value)
    if not form.percentile:
        return Text(
            f"Er mag hoogstens {value.nl} {form.unit} aan geur worden uitgestoten.",
            f"At most {value.en} {form.unit} of odour may be emitted.",
        )
    share, where = number(form.percentile), _where(form.points, form.objects)
    return Text(
        f"{where.nl} mag de geur in {share.nl} % van de uren van een jaar hoogstens {value.nl} {form.unit} zijn.",
        f"{where.en} odour may be at most {value.en} {form.unit} in {share.en} % of the hours of a year.",
    )


def _where(points: tuple[Point, ...], objects: str) -> Text:
    if not points:
        return Text(f"Bij {objects}", f"At {objects}:")
    names = _list(Text(one.name, one.name) for one in points)
    return Text(f"Op {names.nl}", f"At {names.en}")


def _noise(form: Noise) -> Text:
    indicator, where = INDICATORS[form.indicator], _where(form.points, "")
    levels = _list(
        Text(
            f"{number(one.value).nl} dB(A) van {one.start} tot {one.end}",
            f"{number(one.value).en} dB(A) from {one.start} to {one.end}",
        )
        for one in form.levels
    )
    return Text(
        f"{where.nl} mag het geluid van het bedrijf {indicator.nl} hoogstens dit zijn: {levels.nl}.",
        f"{where.en} the noise of the site may, {indicator.en}, be at most: {levels.en}.",
    )


def _water(form: WaterDischarge) -> Text:
    value, compared = number(form.value), COMPARED[form.comparison]
    average = averages(form.averaging, form.statistic)
    sample = NOTHING if form.sampling is None else SAMPLES[form.sampling]
    to = Text(f" op {form.receiving}", f" to {form.receiving}") if form.receiving else NOTHING
    by = Text(f", {sample.nl}", f", {sample.en}") if sample else NOTHING
    return Text(
        f"In het water dat geloosd wordt{to.nl}: {form.substance.name} {compared.nl} {value.nl} {form.unit}, "
        f"{average.nl}{by.nl}.",
        f"In the water that is discharged{to.en}: {form.substance.name} {compared.en} {value.en} {form.unit}, "
        f"{average.en}{by.en}.",
    )


_BY_FORM: Final[Mapping[type[Any], Callable[[Any], Text]]] = {
    EmissionLimit: _emission_limit,
    LoadCap: _load_cap,
    Technique: _technique,
    MeasuringDuty: _measuring,
    StudyDuty: _study,
    Deadline: _deadline,
    Odour: _odour,
    Noise: _noise,
    WaterDischarge: _water,
}
