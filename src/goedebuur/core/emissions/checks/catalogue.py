"""Every check of raw values: its name, its rule, what follows from a finding, and the sentence that says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from goedebuur.core.base.periods import iso
from goedebuur.core.base.sourced import Text
from goedebuur.core.emissions.checks import rules
from goedebuur.core.emissions.checks.findings import Check, Finding, Severity

FLAG, NOTE = Severity.FLAG, Severity.NOTE
_AVERAGES: Final = Text(
    "{wrong} van {all} geleverde gemiddelden volgen niet uit de ruwe waarden (verschil {difference}).",
    "{wrong} of {all} delivered averages do not follow from the raw values (difference {difference}).",
)
CHECKS: Final[Mapping[str, Check]] = {
    check.id: check
    for check in (
        Check(
            "stack.missing",
            rules.MISSING,
            FLAG,
            Text(
                "Over {minutes} minuten is niets geleverd, ook geen reden.",
                "For {minutes} minutes nothing was delivered, and no reason either.",
            ),
        ),
        Check(
            "stack.stuck",
            rules.STUCK,
            FLAG,
            Text(
                "De meting staat {minutes} minuten stil op {value}.",
                "The measurement stands still at {value} for {minutes} minutes.",
            ),
        ),
        Check(
            "stack.clipped",
            rules.CLIPPED,
            FLAG,
            Text(
                "De hoogste waarde, {value}, komt {times} keer voor. Hogere waarden zijn waarschijnlijk afgekapt.",
                "The highest value, {value}, occurs {times} times. Higher values were probably cut off.",
            ),
        ),
        Check(
            "stack.zero_clipped",
            rules.ZERO_CLIPPED,
            FLAG,
            Text(
                "De waarde is {times} keer precies nul en nooit eronder. Negatieve waarden zijn waarschijnlijk nul "
                "gemaakt.",
                "The value is exactly zero {times} times and never below. Negative values were probably made zero.",
            ),
        ),
        Check(
            "stack.interpolated",
            rules.INTERPOLATED,
            FLAG,
            Text(
                "De waarden liggen {minutes} minuten op een rechte lijn: getekend, niet gemeten.",
                "For {minutes} minutes the values lie on a straight line: drawn, not measured.",
            ),
        ),
        Check(
            "stack.copied",
            rules.COPIED,
            FLAG,
            Text(
                "De waarden zijn {minutes} minuten lang precies gelijk aan die vanaf {from}.",
                "For {minutes} minutes the values are exactly those from {from} on.",
            ),
        ),
        Check(
            "stack.unit_slip",
            rules.UNIT_SLIP,
            FLAG,
            Text(
                "Gedurende {hours} uur is het niveau {value}, anders {usual}: een andere eenheid ({factor})?",
                "For {hours} hours the level is {value}, otherwise {usual}: another unit ({factor})?",
            ),
        ),
        Check(
            "stack.scale",
            rules.SCALE,
            FLAG,
            Text(
                "Van begin tot eind is het niveau {value}; mogelijk is {low} tot {high}. Klopt de eenheid?",
                "From beginning to end the level is {value}; possible is {low} to {high}. Is the unit right?",
            ),
        ),
        Check(
            "stack.swapped",
            rules.SWAPPED,
            FLAG,
            Text(
                "Twee metingen zijn {days} dagen lang verwisseld: elk toont het ijkgas van de ander.",
                "Two measurements changed places for {days} days: each shows the span gas of the other.",
            ),
        ),
        Check(
            "stack.noise",
            rules.NOISE,
            FLAG,
            Text(
                "Gedurende {days} dagen is de ruis {times} keer wat die anders is: is het signaal bewerkt?",
                "For {days} days the noise is {times} times what it is otherwise: was the signal changed?",
            ),
        ),
        Check(
            "stack.oxygen",
            rules.OXYGEN,
            FLAG,
            Text(
                "Gedurende {hours} uur past de zuurstof niet bij debiet en belasting ({percent} % anders).",
                "For {hours} hours the oxygen does not go with flow and load (off by {percent} %).",
            ),
        ),
        Check(
            "stack.flow",
            rules.FLOW,
            FLAG,
            Text(
                "Gedurende {hours} uur passen debiet en belasting niet bij elkaar ({percent} % anders).",
                "For {hours} hours flow and load do not go together (off by {percent} %).",
            ),
        ),
        Check(
            "stack.moisture",
            rules.MOISTURE,
            FLAG,
            Text(
                "Gedurende {hours} uur past het vocht niet bij de zuurstof ({percent} % anders).",
                "For {hours} hours the moisture does not go with the oxygen (off by {percent} %).",
            ),
        ),
        Check(
            "stack.clock",
            rules.CLOCK,
            FLAG,
            Text(
                "Gedurende {days} dagen komt de dagelijkse controle {minutes} minuten anders: is de klok verschoven?",
                "For {days} days the daily check comes {minutes} minutes off: did the clock move?",
            ),
        ),
        Check(
            "stack.summer_time",
            rules.SUMMER_TIME,
            NOTE,
            Text(
                "Gedurende {days} dagen komt de dagelijkse controle {minutes} minuten anders, vanaf of tot de "
                "wisseling van zomer- en wintertijd.",
                "For {days} days the daily check comes {minutes} minutes off, from or until the change of summer time.",
            ),
        ),
        Check(
            "stack.lag",
            rules.LAG,
            FLAG,
            Text(
                "Gedurende {days} dagen loopt deze meting {minutes} minuten uit de pas met de zuurstof.",
                "For {days} days this measurement is {minutes} minutes out of step with the oxygen.",
            ),
        ),
        Check(
            "stack.drift",
            rules.DRIFT,
            FLAG,
            Text(
                "De waarde met ijkgas ({part}) is verlopen van {before} naar {after}.",
                "The value with check gas ({part}) moved from {before} to {after}.",
            ),
        ),
        Check(
            "stack.state_contradicted",
            rules.STATE_CONTRADICTED,
            FLAG,
            Text(
                "De installatie meldt de toestand {state}, maar de signalen tonen normaal bedrijf (belasting {load}, "
                "anders {usual}).",
                "The plant reports the state {state}, but the signals show normal operation (load {load}, otherwise "
                "{usual}).",
            ),
        ),
        Check(
            "stack.state_unsaid",
            rules.STATE_UNSAID,
            NOTE,
            Text(
                "De installatie meldt normaal bedrijf, maar de belasting is {load} (anders {usual}).",
                "The plant reports normal operation, but the load is {load} (otherwise {usual}).",
            ),
        ),
        Check(
            "stack.flagged_when_high",
            rules.FLAGGED_WHEN_HIGH,
            FLAG,
            Text(
                "Waarden zijn vooral afgekeurd of weggelaten als ze hoog zijn: {high} van de {times} keer.",
                "Values were mostly marked as unfit or left out when they are high: {high} of {times} times.",
            ),
        ),
        Check(
            "stack.average",
            rules.AVERAGE,
            FLAG,
            Text(
                _AVERAGES.nl + " Waarom is niet te zien.",
                _AVERAGES.en + " Why can't be seen.",
            ),
        ),
        Check(
            "stack.average_oxygen",
            rules.AVERAGE_OXYGEN,
            FLAG,
            Text(
                _AVERAGES.nl + " Met een ander zuurstofgehalte als referentie kloppen ze wel.",
                _AVERAGES.en + " With another reference content of oxygen they do.",
            ),
        ),
        Check(
            "stack.average_moisture",
            rules.AVERAGE_MOISTURE,
            FLAG,
            Text(
                _AVERAGES.nl + " Zonder aftrek van het vocht kloppen ze wel.",
                _AVERAGES.en + " Without leaving out the moisture they do.",
            ),
        ),
        Check(
            "stack.average_normal",
            rules.AVERAGE_NORMAL,
            FLAG,
            Text(
                _AVERAGES.nl + " Zonder herleiding naar 273,15 K en 101,3 kPa kloppen ze wel.",
                _AVERAGES.en + " Without bringing them to 273.15 K and 101.3 kPa they do.",
            ),
        ),
        Check(
            "stack.average_function",
            rules.AVERAGE_FUNCTION,
            FLAG,
            Text(
                _AVERAGES.nl + " Zonder of met een andere kalibratiefunctie kloppen ze wel.",
                _AVERAGES.en + " Without or with another calibration function they do.",
            ),
        ),
        Check(
            "stack.average_scaled",
            rules.AVERAGE_SCALED,
            FLAG,
            Text(
                _AVERAGES.nl + " Ze verschillen overal een vast getal keer.",
                _AVERAGES.en + " They differ by one factor throughout.",
            ),
        ),
        Check(
            "stack.average_subtracted",
            rules.AVERAGE_SUBTRACTED,
            FLAG,
            Text(
                _AVERAGES.nl + " Ze zijn overal evenveel lager: is de onzekerheid er al af?",
                _AVERAGES.en + " They are lower by the same amount throughout: is the uncertainty taken off already?",
            ),
        ),
        Check(
            "stack.average_selected",
            rules.AVERAGE_SELECTED,
            FLAG,
            Text(
                _AVERAGES.nl + " Ze zijn het gemiddelde van de lage waarden alleen.",
                _AVERAGES.en + " They are the average of the low values alone.",
            ),
        ),
    )
}
"""By identifier."""


def sentence(finding: Finding) -> Text:
    """Return what a finding says, in both languages."""
    numbers = dict(finding.numbers)
    text = CHECKS[finding.check].sentence
    return Text(text.nl.format_map(numbers), text.en.format_map(numbers))


def note(finding: Finding) -> str:
    """Return what whoever delivers is told of a finding: which streams, from when to when, what, and by which rule."""
    stretch = f"{', '.join(finding.streams)} from {iso(finding.start)} to {iso(finding.end)}"
    return CHECKS[finding.check].rule.note(f"{stretch}: {sentence(finding).en}")
