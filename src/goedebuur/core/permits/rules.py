"""The rules that a decision is held to: in its form, which the records apply, and beside what the record has."""

from __future__ import annotations

from typing import Final

from goedebuur.core.base import rulebook
from goedebuur.core.base.errors import declare
from goedebuur.core.base.plain import FIELD_VALUE

NOT_JSON: Final = declare("permit-not-json", "The file of a decision is not JSON.")
OTHER_FORMAT: Final = declare("permit-format", "The file of a decision is in a format that this version does not know.")

REFERENCE: Final = declare("permit-reference", "A decision names something that is not in the record.")
OTHER_SITE: Final = declare("permit-other-site", "A decision of that name is about another site.")
NO_REASON: Final = declare("permit-no-reason", "A published decision is corrected only with a reason.")
DOCUMENT: Final = declare("permit-document", "A document of a decision is not there, or is another file.")
EMISSIONS: Final = declare("permit-emissions", "What is about emissions can't be withheld on this ground.")
SUBSTANCE: Final = declare(
    "permit-substance", "A decision names a substance otherwise than the table of substances does."
)
EXAMPLE: Final = declare("permit-example", "An invented decision is about an invented site, and no other is.")

_BOOK: Final = rulebook.area(
    "permit",
    "Een besluit in de vorm van dit programma",
    "A decision in the form of this program",
    rulebook.described("docs/methods/permits.md"),
    "tests/rulebook/test_permits.py::test_refused",
)
IS_JSON: Final = _BOOK.refuse(
    "json",
    NOT_JSON,
    "Het bestand van een besluit is JSON in UTF-8.",
    "The file of a decision is JSON in UTF-8.",
    basis=rulebook.standard("RFC 8259, 8.1"),
)
FORMAT_KNOWN: Final = _BOOK.refuse(
    "format",
    OTHER_FORMAT,
    "Het formaat van een besluit is er een dat dit programma leest.",
    "The format of a decision is one that this program reads.",
)
DOCUMENT_SIZE: Final = _BOOK.refuse(
    "document-size",
    FIELD_VALUE,
    "Een document heeft minstens één byte.",
    "A document holds at least one byte.",
)
DOCUMENT_NAME: Final = _BOOK.refuse(
    "document-name",
    FIELD_VALUE,
    "Van een document staat de naam van het bestand er, zonder map.",
    "A document is named by its file, without a folder.",
)
DOCUMENT_ONCE: Final = _BOOK.refuse(
    "document-once",
    FIELD_VALUE,
    "Een besluit noemt elk document één keer.",
    "A decision names each document once.",
)
DOCUMENT_OF_CONDITION: Final = _BOOK.refuse(
    "condition-document",
    FIELD_VALUE,
    "Een voorschrift noemt alleen een document van zijn besluit.",
    "A condition names a document of its decision alone.",
)
CONDITION_ID: Final = _BOOK.refuse(
    "condition-id",
    FIELD_VALUE,
    "Het kenmerk van een voorschrift begint met dat van zijn besluit.",
    "The identifier of a condition begins with that of its decision.",
)
CONDITION_ONCE: Final = _BOOK.refuse(
    "condition-once",
    FIELD_VALUE,
    "Twee voorschriften van een besluit hebben niet hetzelfde kenmerk.",
    "Two conditions of a decision do not have the same identifier.",
)
CONDITION_OF_DECISION: Final = _BOOK.refuse(
    "condition-of-decision",
    FIELD_VALUE,
    "Een voorschrift hoort bij het besluit en de locatie waaronder het staat.",
    "A condition belongs to the decision and site under which it stands.",
)
CONDITION_ENDS: Final = _BOOK.refuse(
    "condition-ends",
    FIELD_VALUE,
    "Een voorschrift eindigt niet voor het begint.",
    "A condition does not end before it begins.",
)
CONDITION_BEGINS: Final = _BOOK.refuse(
    "condition-begins",
    FIELD_VALUE,
    "Een voorschrift geldt niet eerder dan zijn besluit.",
    "A condition does not hold before its decision does.",
)
CONDITION_FORM: Final = _BOOK.refuse(
    "condition-form",
    FIELD_VALUE,
    "Een voorschrift is te berekenen, of zegt waarom niet.",
    "A condition has a computable form, or says why it has none.",
)
CONDITION_KIND: Final = _BOOK.refuse(
    "condition-kind",
    FIELD_VALUE,
    "De vorm van een voorschrift past bij zijn soort.",
    "The form of a condition is that of its kind.",
)
NOT_ITS_OWN_PLACE: Final = _BOOK.refuse(
    "condition-own-place",
    FIELD_VALUE,
    "Een voorschrift komt niet in de plaats van zichzelf.",
    "A condition does not come in its own place.",
)
REPLACED_OR_SUSPENDED: Final = _BOOK.refuse(
    "condition-replaced",
    FIELD_VALUE,
    "Een voorschrift is voorgoed vervangen of voor een tijd, niet allebei.",
    "A condition is replaced for good or for a time, not both.",
)
CRISIS: Final = _BOOK.refuse(
    "crisis-term",
    FIELD_VALUE,
    "Een afwijking in een crisis duurt ten hoogste drie maanden.",
    "A derogation in a crisis lasts three months at most.",
    basis=rulebook.law("Directive 2010/75/EU, art. 15(7)"),
)
DECISION_ENDS: Final = _BOOK.refuse(
    "ends",
    FIELD_VALUE,
    "Een besluit eindigt niet voor het begint.",
    "A decision does not end before it begins.",
)
ANNOUNCED: Final = _BOOK.refuse(
    "announced",
    FIELD_VALUE,
    "Een besluit is niet bekendgemaakt voor het genomen is.",
    "A decision is not announced before it is taken.",
)
REVOKES_ONLY: Final = _BOOK.refuse(
    "revocation-alone",
    FIELD_VALUE,
    "Een intrekking heeft geen eigen voorschriften.",
    "A revocation has no conditions of its own.",
)
REVOKES_WHAT: Final = _BOOK.refuse(
    "revocation-what",
    FIELD_VALUE,
    "Een intrekking zegt welke besluiten of voorschriften eindigen.",
    "A revocation says which decisions or conditions end.",
)
SAYS_SOMETHING: Final = _BOOK.refuse(
    "has-conditions",
    FIELD_VALUE,
    "Een besluit heeft minstens één voorschrift, of trekt er een in.",
    "A decision has at least one condition, or withdraws one.",
)
AMENDS_WHAT: Final = _BOOK.refuse(
    "amendment-what",
    FIELD_VALUE,
    "Een wijziging noemt het besluit dat zij wijzigt.",
    "An amendment names the decision that it amends.",
)
ENDS_ANOTHER: Final = _BOOK.refuse(
    "ends-another",
    FIELD_VALUE,
    "Een besluit beëindigt zichzelf niet.",
    "A decision does not end itself.",
)
WITHDRAWS_ANOTHER: Final = _BOOK.refuse(
    "withdraws-another",
    FIELD_VALUE,
    "Een besluit trekt geen eigen voorschriften in.",
    "A decision does not withdraw its own conditions.",
)
CAS_DIGIT: Final = _BOOK.refuse(
    "cas-digit",
    FIELD_VALUE,
    "Het laatste cijfer van een CAS-nummer past bij de andere.",
    "The last digit of a CAS number fits the others.",
    basis=rulebook.standard("CAS Registry Number: check digit, the digits weighed by their place, modulo 10"),
)
OXYGEN: Final = _BOOK.refuse(
    "oxygen",
    FIELD_VALUE,
    "Een referentie voor zuurstof ligt van 0 tot 21 %.",
    "A reference content of oxygen lies from 0 to 21 %.",
    basis=rulebook.law("Directive 2010/75/EU, Annex VI part 7: (21 − O_ref) ÷ (21 − O_meas)"),
)
SHARE: Final = _BOOK.refuse(
    "share",
    FIELD_VALUE,
    "Een deel van de gemiddelden is meer dan 0 en ten hoogste 100 %.",
    "A part of the averages is more than 0 and at most 100 %.",
)
FACTOR: Final = _BOOK.refuse(
    "factor",
    FIELD_VALUE,
    "Een deel van de waarde is meer dan 0 %.",
    "A part of the value is more than 0 %.",
)
SHARE_OVER: Final = _BOOK.refuse(
    "share-over",
    FIELD_VALUE,
    "Een deel van de gemiddelden hoort bij de periode waarin het geteld wordt.",
    "A part of the averages goes with the period in which it is counted.",
    basis=rulebook.law("Directive 2010/75/EU, Annex V part 4: 95 % of the hourly means over the year"),
)
TAILORED: Final = _BOOK.refuse(
    "tailored",
    FIELD_VALUE,
    "Alleen een voorschrift voor één locatie kan maatwerk zijn.",
    "Only a condition for one site can be tailored.",
)
ABOVE: Final = _BOOK.refuse(
    "above",
    FIELD_VALUE,
    "De emissie vanaf welke een grens telt is een massa per jaar.",
    "The emission from which a limit counts is a mass in a year.",
)
UNIT: Final = _BOOK.refuse(
    "unit",
    FIELD_VALUE,
    "De eenheid hoort bij deze soort voorschrift.",
    "The unit is one of this kind of condition.",
)
PLACE: Final = _BOOK.refuse(
    "place",
    FIELD_VALUE,
    "Een punt ligt in Nederland, in meters RD.",
    "A point lies in the Netherlands, in metres of RD.",
    basis=rulebook.standard("RD New (EPSG:28992): area of use"),
)
LOAD_PERIOD: Final = _BOOK.refuse(
    "load-period",
    FIELD_VALUE,
    "Een vracht telt op over een periode van de kalender.",
    "A load adds up over a period of the calendar.",
)
DUTY_OF_WHAT: Final = _BOOK.refuse(
    "duty-of-what",
    FIELD_VALUE,
    "Een meetplicht zegt wat er gemeten wordt.",
    "A duty to measure names what is measured.",
)
HOW_OFTEN: Final = _BOOK.refuse(
    "how-often",
    FIELD_VALUE,
    "Hoe vaak hoort bij periodiek meten, en bij niets anders.",
    "How often goes with a periodic measurement, and with no other.",
)
NUMBER_OF: Final = _BOOK.refuse(
    "number-of",
    FIELD_VALUE,
    "Aantallen keren, maanden en dagen zijn boven nul.",
    "Numbers of times, months and days are above zero.",
)
PERCENTILE: Final = _BOOK.refuse(
    "odour-percentile",
    FIELD_VALUE,
    "Een percentiel van de uren hoort bij een geurconcentratie, en niet bij een vracht.",
    "A percentile of the hours goes with a concentration of odour, and with no flow.",
)
ODOUR_PLACES: Final = _BOOK.refuse(
    "odour-places",
    FIELD_VALUE,
    "Een geurconcentratie geldt op punten of bij gebouwen.",
    "An odour concentration holds at points or buildings.",
)
NOISE_LEVELS: Final = _BOOK.refuse(
    "noise-levels",
    FIELD_VALUE,
    "Een geluidsvoorschrift noemt waarden per deel van de dag, en de punten.",
    "A condition on noise names levels by part of the day, and the points.",
)
NOISE_ONCE: Final = _BOOK.refuse(
    "noise-once",
    FIELD_VALUE,
    "Twee geluidswaarden beginnen niet op hetzelfde tijdstip.",
    "Two levels of noise do not begin at the same time.",
)
_RECORD: Final = rulebook.area(
    "permit-record",
    "Een besluit: wat het register al heeft",
    "A decision: what the record has already",
    rulebook.own(
        "een besluit dat naar niets verwijst, bindt niemand",
        "a decision that refers to nothing binds nobody",
    ),
    "tests/rulebook/test_permits.py::test_not_published",
)
NAMES_KNOWN: Final = _RECORD.refuse(
    "names-known",
    REFERENCE,
    "Wat een besluit noemt, zoals een installatie of een ander voorschrift, staat in het register.",
    "What a decision names, as an installation or another condition, is in the record.",
)
SAME_SITE: Final = _RECORD.refuse(
    "same-site",
    OTHER_SITE,
    "Een gepubliceerd besluit blijft over dezelfde locatie gaan.",
    "A published decision stays about the same site.",
)
HAS_REASON: Final = _RECORD.refuse(
    "reason",
    NO_REASON,
    "Wie een gepubliceerd besluit verbetert, zegt waarom.",
    "Who corrects a published decision says why.",
)
DOCUMENT_GIVEN: Final = _RECORD.refuse(
    "document-given",
    DOCUMENT,
    "Van elk document dat een besluit noemt is het bestand er.",
    "Of each document that a decision names the file is there.",
)
DOCUMENT_BYTES: Final = _RECORD.refuse(
    "document-bytes",
    DOCUMENT,
    "Het bestand van een document is zo groot als het besluit zegt.",
    "The file of a document is as large as the decision says.",
)
DOCUMENT_NAMED: Final = _RECORD.refuse(
    "document-named",
    DOCUMENT,
    "Elk bestand dat wordt meegegeven is een document dat het besluit noemt.",
    "Each file that is given is a document that the decision names.",
)
EMISSIONS_OPEN: Final = _RECORD.refuse(
    "emissions-open",
    EMISSIONS,
    "Wat over emissies gaat blijft niet weg op een grond die daarvoor niet geldt.",
    "What is about emissions is not withheld on a ground that does not hold for it.",
    basis=rulebook.law("Woo 5.1(7): the grounds of its first two paragraphs do not hold for emissions"),
)
SUBSTANCE_ROW: Final = _RECORD.refuse(
    "substance-row",
    SUBSTANCE,
    "De code van een stof is een rij van de tabel van stoffen.",
    "The code of a substance is a row of the table of substances.",
)
SUBSTANCE_CAS: Final = _RECORD.refuse(
    "substance-cas",
    SUBSTANCE,
    "Het CAS-nummer van een stof is dat van haar rij in de tabel.",
    "The CAS number of a substance is that of its row in the table.",
)
SUBSTANCE_SAID: Final = _RECORD.refuse(
    "substance-said",
    SUBSTANCE,
    "Een grenswaarde zegt welke rij van de tabel zij bedoelt, als de tabel de stof heeft.",
    "A limit says which row of the table it means, where the table has the substance.",
)
INVENTED: Final = _RECORD.refuse(
    "invented",
    EXAMPLE,
    "Een verzonnen besluit gaat over een verzonnen locatie, en een echt over een echte.",
    "An invented decision is about an invented site, and a real one about a real site.",
)
