"""Records of who runs what and where, as they stand under leaves of the log. No names of persons in any of them.

Each is whole: a later record of the same identifier takes the place of the earlier one, and holds the history itself.
What is not known is empty, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from goedebuur.core.sites import rules
from goedebuur.core.sites.history import Dated, malformed, require_days

SITE_ID: Final = r"[A-Za-z0-9][A-Za-z0-9_.:\-]{0,79}(?:/(?=[^/]*[A-Z0-9])[A-Za-z0-9_.:\-]{1,79})?"
"""A name such as `hoogoven-noord`, or the identifier of a register: `NL.RIVM/000012345.FACILITY`. What follows a slash
has a capital or a digit, so that it is never taken for a page below the site."""
PART_ID: Final = r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,79}"
"""Of an operator, installation, emission point or authority."""
AUTHORITY_KINDS: Final = ("competent_authority", "agency", "municipality", "province", "water_board", "ministry")
"""`agency` is the omgevingsdienst, which prepares decisions and inspects in the name of an authority."""
ACTIVITY_LISTS: Final = ("eprtr", "ied")
"""Annex I of Regulation (EC) 166/2006, and annex I of Directive 2010/75/EU."""
POINT_KINDS: Final = ("stack", "flare", "vent", "diffuse", "discharge")
POINT_BOUNDS: Final[Mapping[str, tuple[int, int]]] = {
    "height": (0, 500),
    "diameter": (0, 50),
    "temperature": (-50, 2_000),
    "speed": (0, 500),
    "flow": (0, 9_999_999),
    "area": (0, 9_999_999),
    "volume": (0, 9_999_999),
}
"""Numbers of an emission point, and between what they lie; wide, against a slip of the pen or the unit."""
JUDGEMENTS: Final = ("", "right", "wrong")
"""What a person decided about a place: nothing yet, that it is right, that it is wrong."""
RD_EAST: Final = (-7_000, 300_000)
RD_NORTH: Final = (289_000, 629_000)
"""Where RD New holds. [m] The box around the area of validity of RDNAPTRANS; at sea it ends off the coast."""
_KVK: Final = re.compile(r"[0-9]{8}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something lay, according to one source: in WGS84, in RD New, or in both.

    Parameters
    ----------
    latitude, longitude
        WGS84, decimals as they were given; both empty where they were not given or worked out. [°]
    x, y
        RD New (EPSG:28992), decimals; both empty likewise. [m]
    valid_from, valid_to
        First and last day for which the source says so.
    source
        Who or what says so.
    judged
        One of :data:`JUDGEMENTS`.
    reason, role
        Why a person judged so, and in which role; empty where nobody did.
    """

    latitude: str = ""
    longitude: str = ""
    x: str = ""
    y: str = ""
    valid_from: str = ""
    valid_to: str = ""
    source: str = ""
    judged: str = ""
    reason: str = ""
    role: str = ""

    def __post_init__(self) -> None:
        for a, b, names in ((self.latitude, self.longitude, "latitude and longitude"), (self.x, self.y, "x and y")):
            if bool(a) != bool(b):
                raise malformed("Of these both are given, or neither.", names, f"{a}, {b}", rules.BOTH_OR_NEITHER)
        if not (self.latitude or self.x):
            raise malformed("A place has latitude and longitude, or x and y.", "place", check=rules.PLACED)
        if self.latitude:
            _require_number(self.latitude, "latitude", -90, 90)
            _require_number(self.longitude, "longitude", -180, 180)
        if self.x:
            _require_number(self.x, "x", *RD_EAST)
            _require_number(self.y, "y", *RD_NORTH)
        said = [bool(self.judged), bool(self.reason.strip()), bool(self.role)]
        if self.judged not in JUDGEMENTS or len(set(said)) > 1:
            raise malformed(
                "A judgement is right or wrong, with a reason and a role.", "judged", self.judged, rules.JUDGED
            )
        require_days(self, "place")


@dataclass(frozen=True, slots=True)
class Activity:
    """What is done, as a list in the law has it.

    Parameters
    ----------
    list
        One of :data:`ACTIVITY_LISTS`.
    code
        As a row of `rules/tables/annex_i_activities.csv`: `2(b)`, `1.1`.
    main
        Whether it is the main activity.
    """

    list: str
    code: str
    main: bool = False
    valid_from: str = ""
    valid_to: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        if self.list not in ACTIVITY_LISTS:
            raise malformed(
                f"The list of an activity is one of {', '.join(ACTIVITY_LISTS)}.",
                "list",
                self.list,
                rules.ACTIVITY_LIST,
            )
        if not re.fullmatch(r"[0-9](?:[.(][0-9a-z.()]{1,14})?", self.code):
            raise malformed(
                "This is no code of an activity, such as 2(b) or 1.1.", "code", self.code, rules.ACTIVITY_CODE
            )
        require_days(self, f"activity {self.code}")


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs sites and answers for them: one identity, whatever it was called.

    Parameters
    ----------
    id
        Never given to another.
    kvk
        Number in the trade register, eight digits; empty where not known.
    names, addresses
        All that it has had.
    simulated
        Whether it is invented.
    """

    id: str
    kvk: str = ""
    names: tuple[Dated, ...] = ()
    addresses: tuple[Dated, ...] = ()
    simulated: bool = False

    def __post_init__(self) -> None:
        _require_id(self.id, PART_ID, "operator")
        _require_names(self.names, self.id)
        if self.kvk and not _KVK.fullmatch(self.kvk):
            raise malformed("A KvK number has eight digits.", f"operator {self.id}, kvk", self.kvk, rules.KVK)


@dataclass(frozen=True, slots=True)
class Authority:
    """A body that decides, prepares or inspects, one of :data:`AUTHORITY_KINDS`.

    Parameters
    ----------
    code
        Of Statistics Netherlands, where it has one: `GM0453`, `PV27`.
    """

    id: str
    kind: str
    names: tuple[Dated, ...] = ()
    code: str = ""
    valid_from: str = ""
    valid_to: str = ""

    def __post_init__(self) -> None:
        _require_id(self.id, PART_ID, "authority")
        _require_names(self.names, self.id)
        if self.kind not in AUTHORITY_KINDS:
            told = f"An authority is one of {', '.join(AUTHORITY_KINDS)}."
            raise malformed(told, f"{self.id}, kind", self.kind, rules.AUTHORITY_KIND)
        require_days(self, self.id)


@dataclass(frozen=True, slots=True)
class Site:
    """All installations of one location that belong together, and who had to do with them.

    Parameters
    ----------
    places
        All coordinates it was said to have.
    operators, authorities, agencies, municipalities
        Identifiers of :class:`Operator` and :class:`Authority` with their days; empty is not known.
    cities
        The place name of its address.
    facilities
        Identifiers under which registers report on it.
    valid_from, valid_to
        First and last day of the site itself.
    checked
        Whether a person has looked at it; what was taken over from a register has not been.
    simulated
        Whether it is invented.
    """

    id: str
    names: tuple[Dated, ...] = ()
    addresses: tuple[Dated, ...] = ()
    cities: tuple[Dated, ...] = ()
    places: tuple[Place, ...] = ()
    operators: tuple[Dated, ...] = ()
    authorities: tuple[Dated, ...] = ()
    agencies: tuple[Dated, ...] = ()
    municipalities: tuple[Dated, ...] = ()
    activities: tuple[Activity, ...] = ()
    facilities: tuple[Dated, ...] = ()
    valid_from: str = ""
    valid_to: str = ""
    checked: bool = False
    simulated: bool = False

    def __post_init__(self) -> None:
        _require_id(self.id, SITE_ID, "site")
        _require_names(self.names, self.id)
        for name in ("operators", "authorities", "agencies", "municipalities"):
            for one in getattr(self, name):
                _require_id(one.value, PART_ID, f"site {self.id}, {name}")
        require_days(self, self.id)


@dataclass(frozen=True, slots=True)
class Installation:
    """A unit of a site in which an activity is carried out (Directive 2010/75/EU, article 3(3))."""

    id: str
    site: str
    names: tuple[Dated, ...] = ()
    activities: tuple[Activity, ...] = ()
    valid_from: str = ""
    valid_to: str = ""

    def __post_init__(self) -> None:
        _require_id(self.id, PART_ID, "installation")
        _require_id(self.site, SITE_ID, f"installation {self.id}, site")
        _require_names(self.names, self.id)
        require_days(self, self.id)


@dataclass(frozen=True, slots=True)
class EmissionPoint:
    """Where an installation lets go to air or water.

    Parameters
    ----------
    installations
        Those that let go here; empty where only the site is known.
    kind
        One of :data:`POINT_KINDS`.
    height, diameter
        Of the mouth above the ground, and its inner width; decimals, empty where not known. [m]
    temperature, speed, flow
        Of the gas as it leaves, when the plant is at full load: its temperature, its speed in the mouth, and its
        volume flow at that temperature. [°C], [m/s], [m³/h]
    area, volume
        Of what has no mouth: the ground that a stockpile, pond or roof vents covers, and the space that they hold.
        [m²], [m³]
    """

    id: str
    site: str
    kind: str
    names: tuple[Dated, ...] = ()
    installations: tuple[str, ...] = ()
    height: str = ""
    diameter: str = ""
    places: tuple[Place, ...] = ()
    valid_from: str = ""
    valid_to: str = ""
    temperature: str = ""
    speed: str = ""
    flow: str = ""
    area: str = ""
    volume: str = ""

    def __post_init__(self) -> None:
        _require_id(self.id, PART_ID, "emission point")
        _require_id(self.site, SITE_ID, f"emission point {self.id}, site")
        _require_names(self.names, self.id)
        for one in self.installations:
            _require_id(one, PART_ID, f"emission point {self.id}, installations")
        if self.kind not in POINT_KINDS:
            told = f"An emission point is one of {', '.join(POINT_KINDS)}."
            raise malformed(told, f"{self.id}, kind", self.kind, rules.POINT_KIND)
        for name, (low, high) in POINT_BOUNDS.items():
            if getattr(self, name):
                _require_number(getattr(self, name), f"{self.id}, {name}", low, high)
        require_days(self, self.id)


SiteRecord = Operator | Authority | Site | Installation | EmissionPoint


def _require_id(text: str, form: str, place: str) -> None:
    if not re.fullmatch(form, text):
        raise malformed("This identifier is not in the form that it has.", place, text, rules.IDENTIFIER)


def _require_names(names: Sequence[Dated], place: str) -> None:
    if not names:
        raise malformed("There is no name.", place, check=rules.NAMED)


def _require_number(text: str, place: str, low: int, high: int) -> None:
    try:
        number = Decimal(text) if re.fullmatch(r"-?[0-9]{1,7}(?:\.[0-9]{1,12})?", text) else None
    except InvalidOperation:
        number = None
    if number is None or not low <= number <= high:
        raise malformed(f"This is not a decimal number from {low} to {high}.", place, text, rules.NUMBER)
