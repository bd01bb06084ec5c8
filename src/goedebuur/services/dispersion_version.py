"""Whether a study was reckoned by the program as it is now: what its numbers follow from, in one digest."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from goedebuur.core.dispersion.source import DIGEST

if TYPE_CHECKING:
    from goedebuur.services.dispersion_outcome import Receipt

HERE: Final = Path(__file__).resolve().parent
MODULES: Final = (
    *("air_hours", "contours", "dispersion_grids", "dispersion_matrix", "dispersion_outcome", "dispersion_sources"),
    *("dispersion_statistics", "dispersion_study", "dispersion_study_emissions", "dispersion_study_work"),
    *("dispersion_weather", "planes", "population", "reported_beside_measured", "triangles"),
)
"""Where the numbers of a study are made: what else there is only keeps, shows or asks."""


def digest() -> str:
    """Return the digest of the source from which the numbers of a study follow, the model's with it."""
    found = hashlib.sha256(DIGEST.encode())
    for name in MODULES:
        found.update(name.encode() + b"\0" + (HERE / f"{name}.py").read_bytes() + b"\0")
    return found.hexdigest()


PROGRAM: Final = digest()
"""Of the source that this process runs."""


def is_current(receipt: Receipt) -> bool:
    """Return whether the program of now would reckon the same; False also for what was kept before this was known."""
    models = {told.get("model") for told in receipt.matrices}
    return receipt.program == PROGRAM and models <= {DIGEST}
