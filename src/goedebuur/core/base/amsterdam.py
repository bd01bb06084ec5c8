"""The civil clock of the Netherlands, apart from the other clocks: it needs the time zones of the machine."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

AMSTERDAM: Final = ZoneInfo("Europe/Amsterdam")
