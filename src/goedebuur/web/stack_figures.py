"""Numbers of comparisons as people read them: few digits that say something, with the sign of the language."""

from __future__ import annotations

from fractions import Fraction

from goedebuur.core.emissions.en14181.criteria import written
from goedebuur.web import words
from goedebuur.web.templatetags.figures import MINUS


def percent(part: Fraction, *, signed: bool = False) -> str:
    """Return a part in per cent, with one decimal at most."""
    told = words.figures(written(part * 100, 1)).replace("-", MINUS)
    return f"+{told}" if signed and part > 0 else told


def figure(value: Fraction, decimals: int | None = None) -> str:
    """Return a number with as many decimals as say something: three digits in all, or those that are asked."""
    if decimals is None:
        size = abs(value)
        decimals = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 else 4
    return words.figures(written(value, decimals)).replace("-", MINUS)


def plus_minus(value: Fraction, u95: Fraction | None) -> str:
    """Return a value with its uncertainty where that is known."""
    told = figure(value)
    return told if u95 is None else f"{told} ± {figure(u95)}"


def short(text: str) -> str:
    """Return a number that was computed for the eye with three digits that say something, or as a whole number."""
    value = float(text)
    return words.figures(str(round(value)) if abs(value) >= 1000 else f"{value:.3g}")
