"""The rules that a site and what belongs to it are held to in the form that they have; the records apply them."""

from __future__ import annotations

from typing import Final

from goedebuur.core.base import rulebook
from goedebuur.core.base.errors import declare

SITE_MALFORMED: Final = declare(
    "site-malformed", "An operator, site, installation, emission point or authority is not in a form that it has."
)
PLACE_DISAGREES: Final = declare("site-place-disagrees", "The two forms of coordinates are of two places.")

_BOOK: Final = rulebook.area(
    "site",
    "Locaties en wat erbij hoort, in hun vorm",
    "Sites and what belongs to them, in their form",
    rulebook.described("docs/developers/api.md, docs/methods/sites.md: the fields of sites"),
    "tests/rulebook/test_sites.py::test_refused",
)
IS_JSON: Final = _BOOK.refuse(
    "json",
    SITE_MALFORMED,
    "Het bestand met locaties is JSON in UTF-8.",
    "The file of sites is JSON in UTF-8.",
    basis=rulebook.standard("RFC 8259, 8.1"),
)
IS_LIST: Final = _BOOK.refuse(
    "list",
    SITE_MALFORMED,
    "Het bestand is een lijst van records.",
    "The file is a list of records.",
)
SAYS_WHAT: Final = _BOOK.refuse(
    "record-kind",
    SITE_MALFORMED,
    "Elk record zegt wat het is: exploitant, gezag, locatie, installatie of emissiepunt.",
    "Each record says what it is: operator, authority, site, installation or emission point.",
)
FILLED: Final = _BOOK.refuse(
    "value-filled",
    SITE_MALFORMED,
    "Een waarde met een begin en een eind is niet leeg.",
    "A value with a first and last day is not empty.",
)
DAY: Final = _BOOK.refuse(
    "day",
    SITE_MALFORMED,
    "Een dag bestaat en is geschreven als 2026-12-31.",
    "A day exists and is written as 2026-12-31.",
    basis=rulebook.standard("ISO 8601-1:2019, 5.2.2.1"),
)
DAYS_IN_ORDER: Final = _BOOK.refuse(
    "days-in-order",
    SITE_MALFORMED,
    "De laatste dag komt niet voor de eerste.",
    "The last day does not come before the first.",
)
BOTH_OR_NEITHER: Final = _BOOK.refuse(
    "place-both",
    SITE_MALFORMED,
    "Van breedte en lengte, en van x en y, zijn beide gegeven of geen van beide.",
    "Of latitude and longitude, and of x and y, both are given or neither.",
)
PLACED: Final = _BOOK.refuse(
    "place-given",
    SITE_MALFORMED,
    "Een plaats heeft breedte en lengte, of x en y.",
    "A place has latitude and longitude, or x and y.",
)
PLACE_AGREES: Final = _BOOK.refuse(
    "place-agrees",
    PLACE_DISAGREES,
    "RD en WGS84 van een plaats wijzen dezelfde plaats aan.",
    "RD New and WGS84 of a place point to the same place.",
)
JUDGED: Final = _BOOK.refuse(
    "judgement",
    SITE_MALFORMED,
    "Een oordeel over een plaats is goed of fout, met reden en rol.",
    "A judgement of a place is right or wrong, with a reason and a role.",
)
NUMBER: Final = _BOOK.refuse(
    "number",
    SITE_MALFORMED,
    "Een getal is decimaal en ligt in zijn bereik.",
    "A number is decimal and lies in its range.",
    basis=rulebook.own(
        "ruime grenzen, tegen een vergissing in pen of eenheid", "wide bounds, against a slip of the pen or the unit"
    ),
)
ACTIVITY_LIST: Final = _BOOK.refuse(
    "activity-list",
    SITE_MALFORMED,
    "Een activiteit noemt bijlage I van de E-PRTR-verordening of van de IED.",
    "An activity names annex I of the E-PRTR regulation or of the IED.",
    basis=rulebook.law("Regulation (EC) 166/2006, Annex I; Directive 2010/75/EU, Annex I"),
)
ACTIVITY_CODE: Final = _BOOK.refuse(
    "activity-code",
    SITE_MALFORMED,
    "De code van een activiteit is er een als 2(b) of 1.1.",
    "The code of an activity is one as 2(b) or 1.1.",
)
KVK: Final = _BOOK.refuse(
    "kvk",
    SITE_MALFORMED,
    "Een KvK-nummer heeft acht cijfers.",
    "A KvK number has eight digits.",
)
AUTHORITY_KIND: Final = _BOOK.refuse(
    "authority-kind",
    SITE_MALFORMED,
    "Van een gezag staat er welke soort het is, uit de lijst.",
    "Of an authority it is said which kind it is, of the list.",
)
POINT_KIND: Final = _BOOK.refuse(
    "point-kind",
    SITE_MALFORMED,
    "Van een emissiepunt staat er welke soort het is, uit de lijst.",
    "Of an emission point it is said which kind it is, of the list.",
)
IDENTIFIER: Final = _BOOK.refuse(
    "id",
    SITE_MALFORMED,
    "Een kenmerk bestaat uit letters, cijfers, punten en streepjes.",
    "An identifier is made of letters, digits, dots and hyphens.",
)
NAMED: Final = _BOOK.refuse(
    "name",
    SITE_MALFORMED,
    "Elk record heeft een naam.",
    "Each record has a name.",
)
