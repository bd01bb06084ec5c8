"""The rule book as a whole: all checks of a delivery, in order, counted, as fields for an answer."""

from __future__ import annotations

import importlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.rulebook import AREAS, CHECKS, Area, Check, Severity

UNKNOWN_CHECK: Final = declare("rules-unknown-check", "There is no check of that name in the rule book.")

MODULES: Final = (
    "adapters.payloads",
    "adapters.base",
    "adapters.cells",
    "core.base.quantities",
    "core.measurements.conversion",
    "services.preparing",
    "adapters.rivm_header",
    "adapters.rivm_lml",
    "adapters.knmi_uurgeg",
    "adapters.knmi_stations",
    "adapters.hollandse_luchten",
    "adapters.luchtmeetnet",
    "adapters.eprtr",
    "adapters.gap_reasons",
    "adapters.gas_turbine",
    "adapters.stack_preamble",
    "adapters.stack_csv",
    "adapters.stack_times",
    "services.stack_delivery",
    "core.emissions.checks.rules",
    "adapters.measurement_report",
    "adapters.visible_emissions",
    "rules.gap_reasons",
    "adapters.simulated",
    "core.measurements.checks",
    "services.doubts",
    "services.delivery",
    "core.ledger.statements",
    "services.submitting",
    "core.ledger.submitters",
    "services.submitters",
    "store.certificates",
    "store.uploads",
    "core.ledger.leaves",
    "store.journal",
    "core.base.plain",
    "core.permits.rules",
    "core.permits.entry.rules",
    "adapters.sheet_rules",
    "adapters.permit_pdf",
    "services.permit_reading",
    "core.sites.rules",
    "services.sites",
    "core.expectations.rules",
    "core.emissions.rules",
)
"""Where checks are declared, in the order in which readers see their areas. A test holds it complete."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many checks there are of each severity, and how many rows their tables have, which are counted apart."""

    checks: Mapping[str, int]
    rows: int

    @property
    def total(self) -> int:
        """Return the number of checks."""
        return sum(self.checks.values())


@lru_cache(maxsize=1)
def every() -> tuple[Check, ...]:
    """Return all checks, by area and in each area as declared."""
    for module in MODULES:
        importlib.import_module(f"goedebuur.{module}")
    modules = {f"goedebuur.{name}": place for place, name in enumerate(MODULES)}
    first: dict[str, int] = {}
    for check in CHECKS.values():
        place = modules.get(check.module, len(modules))
        first[check.area] = min(place, first.get(check.area, place))
    listed = sorted(CHECKS.values(), key=lambda one: (first[one.area], modules.get(one.module, len(modules))))
    return tuple(listed)


def by_area() -> list[tuple[Area, tuple[Check, ...]]]:
    """Return the areas in order, each with its checks."""
    found: dict[str, list[Check]] = {}
    for check in every():
        found.setdefault(check.area, []).append(check)
    return [(AREAS[name], tuple(checks)) for name, checks in found.items()]


def find(identity: str) -> Check:
    """Return one check; `rules-unknown-check` where there is none of that name."""
    for check in every():
        if check.id == identity:
            return check
    raise GoedeBuurError(
        UNKNOWN_CHECK,
        "There is no check of that name in the rule book.",
        value=identity,
        hint="`goedebuur rulebook` lists them; a refusal names its check.",
    )


def count(checks: tuple[Check, ...] | None = None) -> Count:
    """Return how many checks and rows there are."""
    listed = every() if checks is None else checks
    found = Counter(check.severity for check in listed)
    return Count({one.value: found[one] for one in Severity}, sum(len(check.rows) for check in listed))


def fields(check: Check) -> dict[str, Any]:
    """Return a check as fields for an answer."""
    return {
        "id": check.id,
        "area": check.area,
        "severity": check.severity.value,
        "text_nl": check.said.nl,
        "text_en": check.said.en,
        "basis": check.basis.kind.value,
        "basis_nl": check.basis.reference.nl,
        "basis_en": check.basis.reference.en,
        "code": check.code,
        "module": check.module,
        "test": check.test,
        "rows": [
            {"key": row.key, "held_to": row.held_to, "reference": row.reference, "status": row.status}
            for row in check.rows
        ],
    }
