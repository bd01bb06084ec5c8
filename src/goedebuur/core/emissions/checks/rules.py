"""The rules that the checks of raw values hold a delivery to, as the rule book has them.

What a check says when it finds something is in `catalogue.py`. Nothing is refused or marked for it: whoever delivers is
told, and a person looks before anything is built on the values.
"""

from __future__ import annotations

from typing import Final

from goedebuur.core.base import rulebook
from goedebuur.core.base.rulebook import own as _own

_TESTS: Final = "tests/core/emissions/checks/test_checks.py"
_OF_AVERAGES: Final = "tests/core/emissions/checks/test_delivered.py"
_FIRE: Final = _own(
    "Thornton (1917), Huggett (1980): per eenheid warmte wordt bij alle brandstoffen bijna evenveel zuurstof verbruikt",
    "Thornton (1917), Huggett (1980): the oxygen used per unit of heat is nearly the same for all fuels",
)
_STATES: Final = rulebook.law("Implementing Decision 2012/249/EU: start-up and shut-down end at stated thresholds")
_BOOK: Final = rulebook.area(
    "stack-values",
    "Ruwe signalen: wat niet bij elkaar past",
    "Raw signals: what does not go together",
    _own(
        "geen bron stelt dit; de grens is gekozen met proeven op gesimuleerde jaren waarin niets mis is",
        "no source sets this; the bound was chosen by trials on simulated years in which nothing is wrong",
    ),
    _TESTS,
)
MISSING: Final = _BOOK.note(
    "missing",
    "Van een installatie die in bedrijf is ontbreekt nergens een half uur of meer aan rijen zonder reden.",
    "Of a plant at work no half hour or more of rows is absent without a reason.",
    basis=rulebook.standard("EN 17255-1: every raw value is kept, with its status"),
    test=f"{_TESTS}::test_thirty_rows_that_are_not_there_are_named_and_twenty_nine_are_not",
)
STUCK: Final = _BOOK.note(
    "stuck",
    "Een meting staat niet veel langer stil op één waarde dan bij die meting door toeval voorkomt.",
    "A measurement does not stand still at one value for much longer than chance gives it.",
    basis=_own(
        "WMO-nr. 8, deel V: test op stilstand; langste reeks naar Erdős en Rényi (1970)",
        "WMO-No. 8, volume V: persistence test; longest run by Erdős and Rényi (1970)",
    ),
    test=f"{_TESTS}::test_a_value_that_stands_still_for_an_hour_is_named",
)
CLIPPED: Final = _BOOK.note(
    "clipped",
    "De hoogste waarde komt niet veel vaker voor dan de waarden er net onder.",
    "The highest value does not occur much more often than those just below it.",
    test=f"{_TESTS}::test_a_greatest_value_that_comes_again_and_again_is_cut_off",
)
ZERO_CLIPPED: Final = _BOOK.note(
    "zero-clipped",
    "Waarden rond nul liggen er ook onder: negatieve waarden zijn niet nul gemaakt.",
    "Values around zero lie below it too: negative values were not made zero.",
    basis=rulebook.standard("EN 17255-1: negative values are part of the raw data"),
    test=f"{_TESTS}::test_zero_in_place_of_what_is_below_it_is_named_and_noise_around_zero_is_not",
)
INTERPOLATED: Final = _BOOK.note(
    "interpolated",
    "Waarden liggen niet een half uur of langer op een rechte lijn.",
    "Values do not lie on a straight line for half an hour or more.",
    test=f"{_TESTS}::test_a_straight_line_in_place_of_two_hours_is_named",
)
COPIED: Final = _BOOK.note(
    "copied",
    "Zestig waarden na elkaar zijn niet precies die van een ander moment.",
    "Sixty values in a row are not exactly those of another time.",
    basis=_own(
        "15 verschillende waarden komen niet door toeval in dezelfde volgorde terug",
        "15 different values do not come back in the same order by chance",
    ),
    test=f"{_TESTS}::test_two_hours_that_stand_in_for_others_are_named_with_where_they_come_from",
)
UNIT_SLIP: Final = _BOOK.note(
    "unit-slip",
    "Het niveau springt niet urenlang met een factor tussen twee eenheden, zoals duizend.",
    "The level does not jump for hours by a factor between two units, such as a thousand.",
    test=f"{_TESTS}::test_a_temperature_in_kelvin_is_named",
)
SCALE: Final = _BOOK.note(
    "scale",
    "Het niveau van een meting past van begin tot eind bij haar bereik, of bij wat er in een schoorsteen kan zijn.",
    "The level of a measurement fits its range, or what there can be in a stack, from beginning to end.",
    basis=_own(
        "EN 15267-3: ijkgas op 70 tot 90 % van het bereik; ruimer, en de grenzen van zuurstof, vocht en druk: van ons",
        "EN 15267-3: span at 70 to 90 % of the range; wider, and the bounds of oxygen, moisture and pressure: ours",
    ),
    test=f"{_TESTS}::test_a_pressure_in_another_unit_all_along_is_named[101.3-True]",
)
SWAPPED: Final = _BOOK.note(
    "swapped",
    "Elke meting toont haar eigen ijkgas, en niet dat van een andere.",
    "Each measurement shows its own span gas, and not that of another.",
    test=f"{_TESTS}::test_streams_that_show_each_others_span_gas_changed_places",
)
NOISE: Final = _BOOK.note(
    "noise",
    "De ruis van een meting is op geen dag een kwart of het viervoud van wat die anders is.",
    "The noise of a measurement is on no day a quarter or four times of what it is otherwise.",
    test=f"{_TESTS}::test_days_without_noise_are_named",
)
OXYGEN: Final = _BOOK.note(
    "oxygen",
    "De zuurstof past bij debiet en belasting zoals in de rest van de tijd.",
    "The oxygen goes with flow and load as in the rest of the time.",
    basis=_FIRE,
    test=f"{_TESTS}::test_oxygen_that_is_off_is_told_from_flow_that_is_off",
)
FLOW: Final = _BOOK.note(
    "flow",
    "Debiet en belasting passen bij elkaar zoals in de rest van de tijd.",
    "Flow and load go together as in the rest of the time.",
    basis=_FIRE,
    test=f"{_TESTS}::test_oxygen_that_is_off_is_told_from_flow_that_is_off",
)
MOISTURE: Final = _BOOK.note(
    "moisture",
    "Het vocht past bij de verbruikte zuurstof zoals in de rest van de tijd.",
    "The moisture goes with the oxygen that is used as in the rest of the time.",
    test=f"{_TESTS}::test_moisture_that_does_not_go_with_the_fire_is_named",
)
CLOCK: Final = _BOOK.note(
    "clock",
    "De dagelijkse controle met gas komt op haar vaste tijd.",
    "The daily check with gas comes at its usual time.",
    test=f"{_TESTS}::test_checks_that_come_an_hour_late_tell_that_a_clock_moved",
)
SUMMER_TIME: Final = _BOOK.note(
    "summer-time",
    "De dagelijkse controle met gas verschuift niet bij de wisseling van zomer- en wintertijd.",
    "The daily check with gas does not move at the change of summer time.",
    test=f"{_TESTS}::test_an_hour_from_the_change_of_summer_time_on_is_named_as_such",
)
LAG: Final = _BOOK.note(
    "lag",
    "Een concentratie beweegt op hetzelfde moment als de zuurstof.",
    "A concentration moves at the same moment as the oxygen.",
    test=f"{_TESTS}::test_a_concentration_that_lags_behind_the_oxygen_is_named",
)
DRIFT: Final = _BOOK.note(
    "drift",
    "De waarde met nulgas en die met ijkgas blijven waar ze waren, op 3 % na.",
    "The value with zero gas and that with span gas stay where they were, within 3 %.",
    basis=rulebook.standard("EN 14181 (QAL3); EN 15267-3: at most 3 % of the range between two services"),
    test=f"{_TESTS}::test_a_span_that_goes_off_by_eight_percent_is_drift",
)
STATE_CONTRADICTED: Final = _BOOK.note(
    "state-contradicted",
    "Een gemelde start, stop, storing of stilstand is aan de signalen te zien.",
    "A start, stop, failure or standstill that is reported shows in the signals.",
    basis=_STATES,
    test=f"{_TESTS}::test_starting_up_at_full_load_is_contradicted_and_a_real_start_is_not",
)
STATE_UNSAID: Final = _BOOK.note(
    "state-unsaid",
    "Waar normaal bedrijf wordt gemeld, is er ook belasting.",
    "Where normal operation is reported, there is a load.",
    basis=_STATES,
    test=f"{_TESTS}::test_a_plant_that_stands_still_in_normal_operation_is_noted",
)
FLAGGED_WHEN_HIGH: Final = _BOOK.note(
    "flagged-when-high",
    "Waarden worden niet vooral afgekeurd of weggelaten als ze hoog zijn.",
    "Values are not mostly marked as unfit or left out when they are high.",
    basis=rulebook.law("Directive 2010/75/EU, Annex VI part 8: averages are invalid by malfunction or maintenance"),
    test=f"{_TESTS}::test_maintenance_that_comes_when_it_is_high_is_named_and_at_any_time_is_not",
)
AVERAGE: Final = _BOOK.note(
    "average",
    "Geleverde gemiddelden volgen uit de ruwe waarden.",
    "Delivered averages follow from the raw values.",
    basis=rulebook.standard("EN 17255-1: averages are made from the raw values"),
    test=f"{_OF_AVERAGES}::test_averages_that_come_from_nowhere_are_a_finding_without_a_reason",
)
AVERAGE_OXYGEN: Final = _BOOK.note(
    "average-oxygen",
    "Geleverde gemiddelden zijn herleid naar het zuurstofgehalte dat hun stroom noemt.",
    "Delivered averages are brought to the content of oxygen that their stream names.",
    basis=rulebook.law("Directive 2010/75/EU, Annex VI part 7"),
    test=f"{_OF_AVERAGES}::test_another_reference_oxygen_is_named",
)
AVERAGE_MOISTURE: Final = _BOOK.note(
    "average-moisture",
    "Uit geleverde gemiddelden in droog gas is het vocht gehaald.",
    "From delivered averages in dry gas the moisture was taken out.",
    basis=rulebook.law("Directive 2010/75/EU, Annex V part 1: dry gas"),
    test=f"{_OF_AVERAGES}::test_moisture_and_conditions_that_were_left_out_are_named",
)
AVERAGE_NORMAL: Final = _BOOK.note(
    "average-normal",
    "Geleverde gemiddelden zijn herleid naar 273,15 K en 101,3 kPa.",
    "Delivered averages are brought to 273.15 K and 101.3 kPa.",
    basis=rulebook.law("Directive 2010/75/EU, Annex V part 1: 273.15 K and 101.3 kPa"),
    test=f"{_OF_AVERAGES}::test_moisture_and_conditions_that_were_left_out_are_named",
)
AVERAGE_FUNCTION: Final = _BOOK.note(
    "average-function",
    "Geleverde gemiddelden zijn gemaakt met de laatste kalibratiefunctie.",
    "Delivered averages are made with the last calibration function.",
    basis=rulebook.standard("EN 14181 (QAL2): the function of the last test is used"),
    test=f"{_OF_AVERAGES}::test_the_function_of_before_is_named",
)
AVERAGE_SCALED: Final = _BOOK.note(
    "average-scaled",
    "Geleverde gemiddelden zijn niet overal hetzelfde aantal keer de onze.",
    "Delivered averages are not ours times one factor throughout.",
    test=f"{_OF_AVERAGES}::test_a_factor_throughout_is_named",
)
AVERAGE_SUBTRACTED: Final = _BOOK.note(
    "average-subtracted",
    "Van geleverde gemiddelden is de onzekerheid nog niet af.",
    "From delivered averages the uncertainty is not taken off yet.",
    basis=rulebook.law("Directive 2010/75/EU, Annex V part 3 point 10: after validation, and shown apart"),
    test=f"{_OF_AVERAGES}::test_an_amount_taken_off_is_named",
)
AVERAGE_SELECTED: Final = _BOOK.note(
    "average-selected",
    "In geleverde gemiddelden telt elke geldige waarde, ook de hoge.",
    "In delivered averages every valid value counts, the high ones too.",
    basis=rulebook.standard("EN 17255-1: every valid value counts"),
    test=f"{_OF_AVERAGES}::test_averages_of_the_low_minutes_alone_are_named",
)
