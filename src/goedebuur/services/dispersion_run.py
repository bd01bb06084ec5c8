"""What sources add to the air at places, in flat country, hour by hour."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, TypeVar

from goedebuur.core.base import errors
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.services.dispersion_sources import Field, Receptor, Source
from goedebuur.services.dispersion_weather import Weather

if TYPE_CHECKING:
    from goedebuur.core.dispersion.air import Hours
    from goedebuur.core.dispersion.dutch import Variant
    from goedebuur.core.weather.sun import Floats

VARIANT: Final = declare("query-variant", "The variant has no such source.")
Shape = TypeVar("Shape")
AT_ONCE: Final = 250
"""Hours that a thread works out at once: memory has an end, and progress is seen."""


class Setting:
    """Sources and the places that they are reckoned for, ready for blocks of hours."""

    def __init__(
        self,
        stacks: Sequence[Source],
        fields: Sequence[Field],
        places: Sequence[Receptor],
        receptor: float = 0.0,
        variant: Variant = "epa",
    ) -> None:
        import numpy as np

        from goedebuur.core.dispersion import plume
        from goedebuur.core.dispersion.areas import Area
        from goedebuur.core.dispersion.pits import Pit
        from goedebuur.core.dispersion.stacks import Stack

        def away(name: str) -> Floats:
            found = [[getattr(to, name) - getattr(one, name) for to in places] for one in stacks]
            return np.array(found, np.float64).reshape(len(stacks), len(places))

        self.mouths = [one.stack for one in stacks]
        self.areas, self.pits = _of_kind(fields, Area), _of_kind(fields, Pit)
        self.away = away("x"), away("y")
        self.beside = {
            number: (one.stack, one.building)
            for number, one in enumerate(stacks)
            if one.building is not None and isinstance(one.stack, Stack)
        }
        self.alone = [number for number in range(len(stacks)) if number not in self.beside]
        self.receptors = plume.places([self.mouths[one] for one in self.alone], *(one[self.alone] for one in self.away))
        self.east, self.north = np.array([one.x for one in places]), np.array([one.y for one in places])
        self.receptor, self.variant = receptor, variant
        emission = *(one.emission for one in stacks), *(one.emission for one in fields)
        self.emission = np.array(emission, np.float64)
        if variant != "epa":
            _require_plain(stacks, fields, variant)

    def even(self, hours: int) -> Floats:
        """Return what the sources let out by themselves in each of some hours, of shape (hours, sources). [g s⁻¹]"""
        import numpy as np

        return np.broadcast_to(self.emission, (hours, len(self.emission)))

    def add(self, total: Floats, air: Hours, emission: Floats) -> None:
        """Add what all sources bring in some hours.

        Parameters
        ----------
        total
            [µg m⁻³], shape (hours, places)
        emission
            Of the stacks and then the areas, shape (hours, sources). [g s⁻¹]
        """
        from goedebuur.core.dispersion import areas, downwash, pits, plume

        points, alone = len(self.mouths), self.alone
        plume.add(
            total,
            [self.mouths[one] for one in alone],
            emission[:, alone],
            air,
            self.receptors,
            self.receptor,
            self.variant,
        )
        for one, (stack, building) in self.beside.items():
            if emission[:, one].any():
                there = [name[[one]] for name in self.away]
                downwash.add(total, [stack], [building], emission[:, [one]], air, there[0], there[1], self.receptor)
        let_out, east, north = emission[:, points:], self.east, self.north
        areas.add(total, list(self.areas.values()), let_out[:, list(self.areas)], air, east, north, self.receptor)
        pits.add(total, list(self.pits.values()), let_out[:, list(self.pits)], air, east, north, self.receptor)


def _require_plain(stacks: Sequence[Source], fields: Sequence[Field], variant: str) -> None:
    """Refuse what a variant says nothing of: it has stacks and volumes alone."""
    why = {one.id: "beside a building" for one in stacks if one.building is not None}
    why |= {one.id: "an area or a pit" for one in fields}
    if why:
        name, kind = next(iter(why.items()))
        raise GoedeBuurError(
            VARIANT,
            f"The variant {variant} has no such source.",
            place=name,
            value=kind,
            hint="It has stacks and volumes without buildings: leave the others out, or the variant.",
        )


def _of_kind(fields: Sequence[Field], kind: type[Shape]) -> dict[int, Shape]:
    """Return the areas or the pits, by their place among both."""
    return {number: one.area for number, one in enumerate(fields) if isinstance(one.area, kind)}


def hourly(
    weather: Weather,
    stacks: Sequence[Source],
    places: Sequence[Receptor],
    progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    fields: Sequence[Field] = (),
    receptor: float = 0.0,
    variant: Variant = "epa",
) -> Floats:
    """Return what stacks, volumes and areas add at receptors, of shape (hours, receptors). [µg m⁻³]

    Blocks of hours are taken by threads one after the other.

    Raises
    ------
    GoedeBuurError
        `input-number` for an hour that gives no concentration; `query-variant` for a source that the variant has not.
    """
    import numpy as np

    from goedebuur.core.dispersion.air import hours

    told = np.zeros((weather.hours.height, len(places)))
    setting = Setting(stacks, fields, places, receptor, variant)

    def block(first: int) -> None:
        part = told[first : first + AT_ONCE]
        setting.add(part, hours(weather.air(first, AT_ONCE)), setting.even(len(part)))

    in_blocks(block, len(told), progress)
    require_numbers(told, weather)
    return told


def in_blocks(block: Callable[[int], None], hours: int, progress: Callable[[int, int], None]) -> None:
    """Let threads take blocks of hours, each from its first on."""
    from concurrent.futures import ThreadPoolExecutor, as_completed

    blocks = range(0, hours, AT_ONCE)
    with ThreadPoolExecutor(min(os.cpu_count() or 1, len(blocks))) as threads:
        started = [threads.submit(block, first) for first in blocks]
        try:
            for number, done in enumerate(as_completed(started)):
                done.result()
                progress(number + 1, len(blocks))
        except BaseException:
            threads.shutdown(cancel_futures=True)
            raise


def part_of(progress: Callable[[int, int], None], turn: int, turns: int) -> Callable[[int, int], None]:
    """Return what tells the progress of one of several runs as that of all."""
    return lambda done, total: progress(turn * total + done, turns * total)


def require_numbers(told: Floats, weather: Weather, first: int = 0) -> None:
    """Refuse what is no number in hours from the first on: nothing of such an hour may count as none."""
    import numpy as np

    bad = np.flatnonzero(~np.isfinite(told).all(axis=1))
    if len(bad):
        hour = weather.hours.row(first + int(bad[0]), named=True)
        seen = (
            "friction",
            "obukhov",
            "roughness",
            "convective",
            "mixed_by_heat",
            "mixed_by_wind",
            "wind",
            "temperature",
        )
        raise GoedeBuurError(
            errors.BAD_NUMBER,
            "The weather of an hour gives no concentration.",
            place=f"{hour['start']:%Y-%m-%d %H:%M}",
            value=", ".join(f"{name} {hour[name]}" for name in seen),
            hint="Take the hour out of the weather, or correct it.",
        )
