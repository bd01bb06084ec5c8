"""What keeps substances from going out at an emission point, and by which stream it is known to work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from goedebuur.core.base.plain import Line, fault
from goedebuur.core.emissions import rules
from goedebuur.core.emissions.streams import Identifier, Number
from goedebuur.core.permits.limits import SubstanceId


class AbatementKind(StrEnum):
    """How a gas is cleaned, or kept from going out."""

    FABRIC_FILTER = "fabric_filter"
    ELECTROSTATIC = "electrostatic"
    CYCLONE = "cyclone"
    WET_SCRUBBER = "wet_scrubber"
    SEMI_DRY = "semi_dry"
    DRY_SORBENT = "dry_sorbent"
    ACTIVATED_CARBON = "activated_carbon"
    SCR = "scr"
    SNCR = "sncr"
    OXIDATION_CATALYST = "oxidation_catalyst"
    THERMAL_OXIDISER = "thermal_oxidiser"
    CONDENSER = "condenser"
    BIOFILTER = "biofilter"
    LOW_NOX = "low_nox"
    WATER_INJECTION = "water_injection"
    ENCLOSURE = "enclosure"
    EXTRACTION = "extraction"
    WATER_SPRAY = "water_spray"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Abatement:
    """Equipment that keeps substances from going out.

    Parameters
    ----------
    emission_points
        Through which the cleaned gas goes out.
    substances
        Names in the table of substances; empty where it is not said.
    state_stream
        Stream of states that says whether it works; empty where none does.
    efficiency
        Designed part that is kept back. [%]
    valid_from, valid_to
        First and last day on which it was in use.
    simulated
        Whether it is invented.
    """

    id: Identifier
    site: Line
    name: Line
    kind: AbatementKind
    emission_points: tuple[Identifier, ...]
    installation: str = ""
    substances: tuple[SubstanceId, ...] = ()
    state_stream: str = ""
    efficiency: Number = ""
    valid_from: date | None = None
    valid_to: date | None = None
    simulated: bool = False

    def __post_init__(self) -> None:
        if not self.emission_points:
            raise fault("emission_points", "It cleans the gas of at least one emission point.", check=rules.CLEANS)
        if self.efficiency and not 0 <= Fraction(self.efficiency) <= 100:
            raise fault(
                "efficiency", "This is not a part of the whole.", self.efficiency, "0 to 100 %.", check=rules.EFFICIENCY
            )
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise fault("valid_to", "It ends before it begins.", self.valid_to, check=rules.ENDS)
