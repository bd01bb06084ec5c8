"""A scale for drawings that the server makes: from values to places, with a few round numbers beside it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from goedebuur.core.emissions.en14181.criteria import written
from goedebuur.web import words


@dataclass(frozen=True, slots=True)
class Tick:
    """A round number, and where it is."""

    at: int
    words: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Scale:
    """From values to places.

    Parameters
    ----------
    low, high
        Values at its ends.
    start, size
        Where it begins, and how long it is.
    """

    low: Fraction
    high: Fraction
    start: int
    size: int
    ticks: tuple[Tick, ...]

    def at(self, value: Fraction) -> int:
        """Return the place of a value; of one beyond an end that end."""
        inside = min(max(value, self.low), self.high)
        return self.start + int(self.size * (inside - self.low) / (self.high - self.low))


def over(low: Fraction, high: Fraction, start: int, size: int) -> Scale:
    """Return a scale with both values on it, ending at round numbers.

    >>> [tick.words for tick in over(Fraction(12), Fraction(47), 0, 300).ticks]
    ['10', '20', '30', '40', '50']
    """
    step = _step(high - low if high > low else abs(high) or Fraction(1))
    first, last = low // step, -(-high // step)
    last = max(last, first + 1)
    bare = Scale(step * first, step * last, start, size, ())
    numbers = range(int(first), int(last) + 1)
    ticks = tuple(
        Tick(
            bare.at(step * n),
            words.figures(written(step * n)).replace("-", "−"),
            "start" if n == numbers[0] else "end" if n == numbers[-1] else "middle",
        )
        for n in numbers
    )
    return Scale(bare.low, bare.high, start, size, ticks)


def _step(span: Fraction) -> Fraction:
    """Return a round step of which two to five go into a span."""
    size = Fraction(1)
    while size * 10 <= span:
        size *= 10
    while size > span:
        size /= 10
    return next((size * n / 2 for n in (1, 2, 4) if span <= 5 * size * n / 2), size * 2)
