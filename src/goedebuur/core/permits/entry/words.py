"""The words for choices in the fields of an entry, in both languages, and the way back from a word to its choice."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypeVar

from goedebuur.core.base.sourced import Text
from goedebuur.core.permits.conditions import Comparison, ConditionKind, Manner, NoiseIndicator, Sampling
from goedebuur.core.permits.entry.shapes import YesNo
from goedebuur.core.permits.limits import Averaging, OperatingState, Tailoring
from goedebuur.core.permits.records import DecisionKind, DerogationBasis

C = TypeVar("C", bound=StrEnum)

CHOICES: Final[Mapping[type[StrEnum], Mapping[StrEnum, Text]]] = {
    YesNo: {YesNo.YES: Text("ja", "yes"), YesNo.NO: Text("nee", "no")},
    DecisionKind: {
        DecisionKind.PERMIT: Text("vergunning", "permit"),
        DecisionKind.AMENDMENT: Text("wijziging", "amendment"),
        DecisionKind.TAILORED_CONDITIONS: Text("maatwerk", "tailored conditions"),
        DecisionKind.REVOCATION: Text("intrekking", "revocation"),
    },
    DerogationBasis: {
        DerogationBasis.BAT_AEL: Text("onevenredige kosten (IED 15(5))", "disproportionate costs (IED 15(5))"),
        DerogationBasis.CRISIS: Text("crisis (IED 15(7))", "crisis (IED 15(7))"),
        DerogationBasis.EMERGING_TECHNIQUE: Text("techniek in opkomst (IED 27)", "emerging technique (IED 27)"),
    },
    ConditionKind: {
        ConditionKind.EMISSION_LIMIT: Text("emissiegrenswaarde", "emission limit"),
        ConditionKind.LOAD_CAP: Text("vrachtplafond", "load cap"),
        ConditionKind.TECHNIQUE: Text("techniek", "technique"),
        ConditionKind.MEASURING_DUTY: Text("meetplicht", "duty to measure"),
        ConditionKind.STUDY_DUTY: Text("onderzoeksplicht", "duty to study"),
        ConditionKind.DEADLINE: Text("termijn", "deadline"),
        ConditionKind.ODOUR: Text("geur", "odour"),
        ConditionKind.NOISE: Text("geluid", "noise"),
        ConditionKind.WATER_DISCHARGE: Text("lozing op water", "discharge to water"),
    },
    Averaging: {
        Averaging.SPOT: Text("steekmonster", "one sample"),
        Averaging.TEN_MINUTES: Text("tien minuten", "ten minutes"),
        Averaging.HALF_HOUR: Text("half uur", "half hour"),
        Averaging.HOUR: Text("uur", "hour"),
        Averaging.DAY: Text("dag", "day"),
        Averaging.MONTH: Text("maand", "month"),
        Averaging.YEAR: Text("jaar", "year"),
        Averaging.SAMPLING_PERIOD: Text("bemonsteringsperiode", "sampling period"),
        Averaging.NOT_STATED: Text("staat er niet bij", "not stated"),
    },
    Tailoring: {
        Tailoring.TIGHTENS: Text("strenger", "tightens"),
        Tailoring.RELAXES: Text("soepeler", "relaxes"),
        Tailoring.BESIDE: Text("ernaast", "beside it"),
    },
    OperatingState: {
        OperatingState.START_UP: Text("opstarten", "start-up"),
        OperatingState.SHUT_DOWN: Text("stilleggen", "shut-down"),
        OperatingState.MALFUNCTION: Text("storing", "malfunction"),
        OperatingState.ABATEMENT_FAILURE: Text("uitval van de reiniging", "failure of the abatement"),
        OperatingState.FUEL_INTERRUPTION: Text("onderbreking van de brandstof", "interruption of the fuel"),
        OperatingState.MAINTENANCE: Text("onderhoud", "maintenance"),
        OperatingState.ABNORMAL_OPERATION: Text("abnormaal bedrijf", "abnormal operation"),
        OperatingState.OTHER: Text("iets anders", "something else"),
    },
    Comparison: {
        Comparison.AT_LEAST: Text("minstens", "at least"),
        Comparison.AT_MOST: Text("hoogstens", "at most"),
    },
    Manner: {
        Manner.CONTINUOUS: Text("continu", "continuous"),
        Manner.PERIODIC: Text("periodiek", "periodic"),
        Manner.CALCULATED: Text("berekend", "calculated"),
    },
    NoiseIndicator: {
        NoiseIndicator.LAR_LT: Text("LAr,LT (langtijdgemiddeld)", "LAr,LT (long-term)"),
        NoiseIndicator.LA_MAX: Text("LAmax (piek)", "LAmax (peak)"),
        NoiseIndicator.L_DEN: Text("Lden (jaar)", "Lden (year)"),
        NoiseIndicator.L_NIGHT: Text("Lnight (nachten van een jaar)", "Lnight (nights of a year)"),
    },
    Sampling: {
        Sampling.GRAB: Text("steekmonster", "grab sample"),
        Sampling.TIME_PROPORTIONAL: Text("tijdsproportioneel", "time-proportional"),
        Sampling.FLOW_PROPORTIONAL: Text("debietproportioneel", "flow-proportional"),
    },
}


def word(choice: StrEnum) -> Text:
    """Return the words for a choice."""
    return CHOICES[type(choice)][choice]


def chosen(choices: type[C], written: str) -> C | None:
    """Return the choice for its code or its words in either language, None for other words.

    >>> chosen(Averaging, "Dag"), chosen(Averaging, "half_hour"), chosen(NoiseIndicator, "lamax"), chosen(Manner, "so")
    (<Averaging.DAY: 'day'>, <Averaging.HALF_HOUR: 'half_hour'>, <NoiseIndicator.LA_MAX: 'la_max'>, None)
    """
    plain = _plain(written)
    for choice in choices:
        said = CHOICES[choices][choice]
        every = (choice.value, said.nl, said.en, said.nl.partition(" (")[0], said.en.partition(" (")[0])
        if plain in map(_plain, every):
            return choice
    return None


def _plain(text: str) -> str:
    return " ".join(text.lower().split())
