"""What comes out of an assessment: verdicts with their reason, and explanations line by line.

A number of the law is *met* or *exceeded*; advice is *within* or *above* the guideline. The words never mix, and
neither says that air is harmless: below a number is not without effect. Where nothing can be said, the outcome is
UNDETERMINED, with the reason and, where a person can resolve it, the question.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from goedebuur.core.base.receipts import Receipt
from goedebuur.core.base.sourced import Text
from goedebuur.core.compliance.rows import GuidelineLevel, LimitKind


class Outcome(StrEnum):
    """What a verdict says. The first two belong to the law, the next two to advice."""

    MEETS = "MEETS"
    EXCEEDS = "EXCEEDS"
    WITHIN_GUIDELINE = "WITHIN_GUIDELINE"
    ABOVE_GUIDELINE = "ABOVE_GUIDELINE"
    UNDETERMINED = "UNDETERMINED"


LAW: Final = frozenset({Outcome.MEETS, Outcome.EXCEEDS, Outcome.UNDETERMINED})
ADVICE: Final = frozenset({Outcome.WITHIN_GUIDELINE, Outcome.ABOVE_GUIDELINE, Outcome.UNDETERMINED})


class Standing(StrEnum):
    """How a rule stands to the year that is assessed."""

    IN_FORCE = "in_force"
    """The number held in the whole year."""
    PART_OF_YEAR = "part_of_year"
    """The number held in a part of the year only."""
    LOOKING_AHEAD = "looking_ahead"
    """The number holds from a later year: the verdict says what it would be, and binds nobody."""
    LAPSED = "lapsed"
    """The number no longer held."""
    ADVICE = "advice"
    """A guideline that was published by then: it never binds."""
    LATER_ADVICE = "later_advice"
    """A guideline that was published after the year."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule says of one series in one year.

    Parameters
    ----------
    series, station, quantity
        Of what.
    year
        Calendar year on the clock of the rule.
    limit_id, set, kind
        The rule: a limit's kind (`limit_value`, ...), or a guideline's level (`guideline`, `interim_target_1`, ...).
    statistic
        What was computed, see `rows.Statistic`.
    standing
        How the rule stands to the year.
    outcome
        What is said.
    reason_code, reason, reason_en
        Why: a stable code, and the sentence in Dutch and English.
    value_text
        The computed value in `unit`, one decimal more than the limit; empty where nothing was measured or the
        statistic is a count.
    limit_text, unit
        The number it is held against, as in the table.
    exceedances, allowed
        How often the value was exceeded and may be; None for a mean. In a statistic over several years `exceedances`
        is the sum over the years that count, and `allowed` the allowance times their number.
    capture_num, capture_den
        How many values there were, of how many.
    required_num, required_den
        The part that the rule asks (the strictest reading); zeros where it asks none.
    total, n
        The exact mean, total / n in 10⁻⁶ canonical units; zeros where there is none.
    question, question_en
        What a person must answer; empty without.
    reservations, reservations_en
        What must be said along with this verdict; the first is always that it is not the statutory assessment.
    receipt
        With what it was made.
    uncertainty_text, uncertainty_basis
        Of a year's mean: half-width at 95 % in `unit` that is not exceeded if the measurement meets the data quality
        objective of the directive, and the article. No measured uncertainty, and it decides nothing. Empty without.
    """

    series: str
    station: str
    quantity: str
    year: int
    limit_id: str
    set: str
    kind: str
    statistic: str
    standing: Standing
    outcome: Outcome
    reason_code: str
    reason: str
    reason_en: str
    value_text: str
    limit_text: str
    unit: str
    exceedances: int | None
    allowed: int | None
    capture_num: int
    capture_den: int
    required_num: int
    required_den: int
    total: int
    n: int
    question: str
    question_en: str
    reservations: tuple[str, ...]
    reservations_en: tuple[str, ...]
    receipt: Receipt | None = None
    uncertainty_text: str = ""
    uncertainty_basis: str = ""

    def __post_init__(self) -> None:
        words = ADVICE if self.kind in list(GuidelineLevel) else LAW
        if self.outcome not in words:
            raise ValueError(f"a {self.kind} is not said to be {self.outcome}")
        if not self.reservations:
            raise ValueError("a verdict says that it is not the statutory assessment")

    @property
    def binding(self) -> bool:
        """Return whether this is on a limit value that bound in the year."""
        return self.kind == LimitKind.LIMIT_VALUE and self.standing is Standing.IN_FORCE

    @property
    def side(self) -> str:
        """Return `below`, `above` or `unknown`: for shapes and colours, where law and advice are drawn alike."""
        sides = {Outcome.MEETS: "below", Outcome.WITHIN_GUIDELINE: "below", Outcome.UNDETERMINED: "unknown"}
        return sides.get(self.outcome, "above")

    def as_record(self) -> dict[str, Any]:
        """Return the verdict as fields, without the receipt, for a batch or JSON."""
        fields = {name: getattr(self, name) for name in Verdict.__dataclass_fields__ if name != "receipt"}
        return fields | {
            "standing": str(self.standing),
            "outcome": str(self.outcome),
            "reservations": list(self.reservations),
            "reservations_en": list(self.reservations_en),
        }

    @classmethod
    def from_record(cls, record: dict[str, Any], receipt: Receipt | None) -> Verdict:
        """Return the verdict in a record that :meth:`as_record` made."""
        known = {name: value for name, value in record.items() if name in cls.__dataclass_fields__}
        return cls(
            **known
            | {
                "standing": Standing(record["standing"]),
                "outcome": Outcome(record["outcome"]),
                "reservations": tuple(record["reservations"]),
                "reservations_en": tuple(record["reservations_en"]),
                "receipt": receipt,
            }
        )


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an explanation: what was taken, and what it came to."""

    code: str
    text: Text
    value: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One hour, day or month that counted, or was left out. `start` is ISO, on the clock of the rule."""

    start: str
    value_text: str
    n: int
    expected: int
    why: str  # "above" | "left_out"


@dataclass(frozen=True, slots=True)
class Explanation:
    """A verdict taken apart: the rule, the steps in order, which hours or days counted and which were left out."""

    verdict: Verdict
    reference: str
    article: str
    status: str
    valid_from: str
    valid_to: str
    lines: tuple[Line, ...]
    counted: tuple[Item, ...]
    left_out: tuple[Item, ...]
