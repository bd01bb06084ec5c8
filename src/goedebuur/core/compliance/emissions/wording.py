"""Sentences of verdicts at a stack, in both languages."""

from __future__ import annotations

from typing import Final

from goedebuur.core.base.sourced import Text

NO_REGIME: Final = Text(
    "Volgens welke paragraaf van de wet worden de gemiddelden met deze grenswaarde vergeleken? Dat is niet bekend.",
    "By which section of law are the averages held to this limit? That is not known.",
)
NO_UNCERTAINTY: Final = Text(
    "De tabel zegt niet hoeveel meetonzekerheid bij deze stof afgetrokken mag worden. Hoeveel is dat?",
    "The table does not say how much uncertainty may be taken off for this substance. How much is it?",
)
SHOWN: Final = Text(
    "Welke meetonzekerheid is voor dit instrument aangetoond? Er mag niet meer worden afgetrokken.",
    "Which uncertainty was shown for this instrument? No more may be taken off.",
)
STATE: Final = Text(
    "In welke toestand was de installatie in die tijd, en telt de grenswaarde dan?",
    "In which state was the plant at that time, and does the limit count then?",
)
LOAD: Final = Text(
    "Hoeveel stoot dit punt in een jaar uit, en is dat meer dan de ondergrens van de regel?",
    "How much does this point emit in a year, and is that more than the lower bound of the rule?",
)
CHANGED: Final = Text(
    "De grenswaarde veranderde binnen deze periode. Met welke wordt het gemiddelde vergeleken?",
    "The limit changed within this period. To which one is the mean held?",
)
AVERAGING: Final = Text(
    "Over welke tijd wordt voor deze grenswaarde gemiddeld? De tekst zegt het niet.",
    "Over which time is the average for this limit taken? The text does not say.",
)
REGIME: Final = Text(
    "Welke algemene regels gelden hier? Dan is bekend van welke korte gemiddelden deze grenswaarde gemaakt wordt.",
    "Which general rules hold here? Then it is known of which short averages this limit is made.",
)
LOAD_STREAM: Final = Text(
    "Hoeveel {substance} gaat er uit {point}? In het register staat geen meetapparaat dat dat vertelt.",
    "How much {substance} leaves {point}? No instrument in the record tells.",
)
LOAD_STREAMS: Final = Text(
    "Welke van {streams} telt voor de vracht van {substance} uit {point}? Zij meten in dezelfde tijd.",
    "Which of {streams} counts for the load of {substance} from {point}? They measure at the same time.",
)
LOAD_POINTS: Final = Text(
    "Voor welke emissiepunten geldt dit plafond? In het register staat er geen.",
    "For which emission points does this cap hold? There is none in the record.",
)
LOAD_UNIT: Final = Text(
    "Hoe groot was deze vracht? Uit gemiddelden in mg/Nm³ is die niet op te tellen.",
    "How large was this load? It cannot be added up from averages in mg/Nm³.",
)
CAP_PART: Final = Text(
    "Het plafond gold niet in de hele periode. Welk deel van de vracht telt?",
    "The cap did not hold throughout the period. Which part of the load counts?",
)
NO_SAMPLING_LIMIT: Final = Text(
    "Met welke grenswaarde wordt deze meting vergeleken? In het register geldt er geen voor zulke metingen.",
    "To which limit is this measurement held? None in the record is on such measurements.",
)
UNSIGNED: Final = Text(
    "Wie staat in voor dit rapport? Het is niet ondertekend.", "Who vouches for this report? It is not signed."
)
SAMPLES_REFERENCE: Final = Text(
    "Hoe hoog zijn deze waarden bij de omstandigheden van de grenswaarde? Het rapport geeft ze bij andere.",
    "What are these values at the conditions of the limit? The report gives them at others.",
)
DETECTION: Final = Text(
    "Hoeveel was het? Wat te meten was, is hoger dan de grenswaarde toestaat.",
    "How much was it? What could be detected is more than the limit allows.",
)
TO_COME: Final = "to_come"
"""In place of the class of a short average that is missing, where it had not happened yet."""
YEAR_GOES_ON: Final = Text(
    "De periode is nog niet voorbij. Wat nog komt, kan de uitkomst veranderen.",
    "The period is not over. What is still to come can change the outcome.",
)
REASONS: Final[dict[str, Text]] = {
    "mean-above": Text("Het gemiddelde is hoger dan de grenswaarde.", "The mean is above the limit."),
    "mean-above-despite-gaps": Text(
        "Het gemiddelde is hoger dan de grenswaarde, ook als alles wat ontbreekt nul was.",
        "The mean is above the limit, even if all that is missing were zero.",
    ),
    "mean-not-above": Text("Het gemiddelde is niet hoger dan de grenswaarde.", "The mean is not above the limit."),
    "average-above": Text("Een of meer waarden zijn hoger dan mag.", "One or more values are higher than allowed."),
    "averages-not-above": Text("Geen enkele waarde is hoger dan mag.", "No value is higher than allowed."),
    "share-above": Text(
        "Meer waarden zijn boven de grenswaarde dan mag.", "More values are above the limit than may be."
    ),
    "share-not-above": Text(
        "Niet meer waarden zijn boven de grenswaarde dan mag.", "No more values are above the limit than may be."
    ),
    "day-above": Text("Een of meer dagen zijn boven de grenswaarde.", "One or more days are above the limit."),
    "days-not-above": Text("Geen enkele dag is boven de grenswaarde.", "No day is above the limit."),
    "month-above": Text("Een of meer maanden zijn boven de grenswaarde.", "One or more months are above the limit."),
    "months-not-above": Text("Geen enkele maand is boven de grenswaarde.", "No month is above the limit."),
    "part-open": Text(
        "Van een deel van het jaar is niet te zeggen of de grenswaarde is gehaald.",
        "Of a part of the year it cannot be said whether the limit was met.",
    ),
    "missing": Text(
        "Er ontbreken waarden, en die kunnen de uitkomst veranderen.",
        "Values are missing, and these can change the outcome.",
    ),
    "above-range": Text(
        "Er zijn waarden boven wat de meter kan meten. Hoeveel hoger de uitstoot was, is niet bekend.",
        "Values are above what the instrument can measure. How much higher the emission was is not known.",
    ),
    "state-open": Text(
        "Van sommige waarden is niet bekend of zij meetellen, en dat kan de uitkomst veranderen.",
        "Of some values it is not known whether they count, and that can change the outcome.",
    ),
    "uncertainty-open": Text(
        "De uitkomst hangt af van een lezing die niet vaststaat.",
        "The outcome depends on a reading that is not settled.",
    ),
    "readings-differ": Text(
        "De lezingen van de regel geven een verschillende uitkomst.", "The readings of the rule differ in outcome."
    ),
    "averaging-open": Text(
        "Over welke tijd gemiddeld wordt, staat niet vast.", "Over which time the average is taken is not settled."
    ),
    "limit-open": Text("Welke grenswaarde geldt, staat niet vast.", "Which limit binds is not settled."),
    "limit-changed": Text(
        "De grenswaarde veranderde in deze periode, en daar hangt de uitkomst van af.",
        "The limit changed within this period, and the outcome depends on it.",
    ),
    "day-invalid": Text(
        "De dag valt af: te veel waarden vielen uit door storing of onderhoud van de meter.",
        "The day drops out: too many values fell out by malfunction or maintenance of the instrument.",
    ),
    "meets-or-drops": Text(
        "De dag haalt de grenswaarde of valt af; welke van beide staat niet vast.",
        "The day meets the limit or drops out; which of the two is not settled.",
    ),
    "exceeds-or-drops": Text(
        "De dag is boven de grenswaarde of valt af; welke van beide staat niet vast.",
        "The day is above the limit or drops out; which of the two is not settled.",
    ),
    "nothing-counts": Text("Er is niets dat meetelt.", "There is nothing that counts."),
    "nothing-valid": Text(
        "Alle waarden vielen uit door storing of onderhoud.", "All values fell out by malfunction or maintenance."
    ),
    "regime-open": Text(
        "Welke algemene regels hier gelden, staat niet vast. Dan is niet bekend van welke korte gemiddelden een dag, "
        "maand of jaar gemaakt wordt, ook waar er metingen zijn.",
        "Which general rules hold here is not settled. Then it is not known of which short averages a day, month or "
        "year is made, also where there are measurements.",
    ),
    "no-averages": Text(
        "Voor deze grenswaarde zijn geen gemiddelden van de goede lengte bij de goede omstandigheden.",
        "For this limit there are no averages of the right length at the right conditions.",
    ),
    "one-suffices": Text(
        "Het is genoeg om een van deze grenswaarden te halen, en dat is gelukt.",
        "It is enough to meet one of these limits, and one was met.",
    ),
    "none-met": Text("Geen van de grenswaarden waaruit gekozen mag worden is gehaald.", "None of the limits was met."),
    "hours-above": Text("De toestand duurde langer dan mag.", "The state lasted longer than is allowed."),
    "hours-not-above": Text("De toestand duurde niet langer dan mag.", "The state lasted no longer than is allowed."),
    "days-invalid-above": Text("Er vielen meer dagen af dan mag.", "More days dropped out than may."),
    "days-invalid-not-above": Text("Er vielen niet meer dagen af dan mag.", "No more days dropped out than may."),
    "load-above": Text("Er is meer uitgestoten dan mag.", "More was emitted than may be."),
    "load-not-above": Text("Er is niet meer uitgestoten dan mag.", "No more was emitted than may be."),
    "load-not-added": Text("De vracht kan niet worden opgeteld.", "The load cannot be added up."),
    "cap-part": Text("Het plafond gold niet in de hele periode.", "The cap did not hold throughout the period."),
    "settings-open": Text(
        "De gemiddelden zijn gemaakt met instellingen die niet vaststaan.",
        "The averages were made with settings that are not settled.",
    ),
    "below-load": Text(
        "De emissie van dit punt is kleiner dan de ondergrens, dus deze grenswaarde telt niet.",
        "The emission of this point is below the lower bound, so this limit does not count.",
    ),
    "load-open": Text(
        "Of de emissie van dit punt boven de ondergrens is, is niet bekend.",
        "Whether the emission of this point is above the lower bound is not known.",
    ),
    "samples-too-few": Text(
        "Er zijn minder deelmetingen dan de regel vraagt.", "There are fewer partial measurements than asked for."
    ),
    "no-sampling-limit": Text(
        "Voor zulke metingen geldt hier geen grenswaarde.", "No limit on such measurements binds here."
    ),
    "report-unsigned": Text("Het rapport is niet ondertekend.", "The report is not signed."),
    "samples-reference": Text(
        "De waarden zijn bij andere omstandigheden dan de grenswaarde.", "The values are at other conditions."
    ),
    "samples-state": Text(
        "Of de grenswaarde telde in de toestand tijdens de meting, staat niet vast.",
        "Whether the limit counted in the state during the measurement is not settled.",
    ),
    "below-detection": Text(
        "De stof werd niet gevonden, en de grens van de meting is te hoog om te oordelen.",
        "Nothing was found, and the limit of detection is too high to say.",
    ),
    "samples-length": Text(
        "Een deelmeting duurde korter of langer dan de regel vraagt.",
        "A partial measurement was shorter or longer than asked for.",
    ),
}
"""Code → sentence."""
CLASSES: Final[dict[str, Text]] = {
    "counted": Text("telt mee", "counts"),
    "may": Text("telt misschien mee: de toestand is niet bekend of niet beslist", "may count: the state is open"),
    "missing": Text("waarde ontbreekt", "value is missing"),
    TO_COME: Text("moet nog komen", "is still to come"),
    "discarded": Text("valt af: storing of onderhoud van de meter", "drops out: the instrument failed or was serviced"),
    "discarded_may": Text(
        "valt af door de meter, in een toestand die misschien niet meetelt",
        "drops out by the instrument, in a state that may not count",
    ),
    "exempt": Text("telt niet mee in deze toestand", "does not count in this state"),
    "out_of_service": Text("installatie stond stil", "the plant stood still"),
    "open": Text("welke grenswaarde geldt staat niet vast", "which limit binds is not settled"),
    "no_limit": Text("geen grenswaarde op deze dag", "no limit on this day"),
}
STATES: Final[dict[str, Text]] = {
    "normal": Text("normaal bedrijf", "normal operation"),
    "unknown": Text("niet bekend", "not known"),
    "out_of_service": Text("buiten bedrijf", "out of service"),
    "start_up": Text("opstarten", "start-up"),
    "shut_down": Text("stilleggen", "shut-down"),
    "malfunction": Text("storing", "malfunction"),
    "abatement_failure": Text("storing van de reiniging", "failure of the abatement"),
    "fuel_interruption": Text("onderbreking van de brandstof", "interruption of the fuel"),
    "maintenance": Text("onderhoud", "maintenance"),
    "abnormal_operation": Text("bijzondere bedrijfsomstandigheden", "abnormal operation"),
    "other": Text("andere toestand", "another state"),
}
OUTCOMES: Final[dict[str, Text]] = {
    "MEETS": Text("gehaald", "met"),
    "EXCEEDS": Text("overschreden", "exceeded"),
    "UNDETERMINED": Text("niet vast te stellen", "undetermined"),
    "NOT_JUDGED": Text("niet beoordeeld", "not judged"),
}
