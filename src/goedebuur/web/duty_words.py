"""Words and symbols for how pressing a duty is."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop

STANDINGS: Final[dict[str, str]] = {
    "late": gettext_noop("late"),
    "asked": gettext_noop("asks an answer"),
    "soon": gettext_noop("near"),
    "open": gettext_noop("later"),
    "done": gettext_noop("done in time"),
    "done_late": gettext_noop("done too late"),
    "done_asked": gettext_noop("done, perhaps too late"),
}
SYMBOLS: Final[dict[str, str]] = {
    "late": "exceeds",
    "asked": "undetermined",
    "soon": "above-guideline",
    "open": "none",
    "done": "meets",
    "done_late": "exceeds",
    "done_asked": "undetermined",
}
"""Standing → the `gb-verdict--…` whose shape and colour it has."""
