"""How long the server needs for the permit of a site, in a record of 1,000 sites with 20,000 limits.

Each site has one permit of twenty limits; one has two decisions with 220 conditions. The time is that of the processor
from the request to the last byte, in one process: for a site that nobody asked for before, and the middle of thirty.
"""

from __future__ import annotations

import dataclasses
import os
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.figures import report

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goedebuur.app.settings")
NOW = datetime(2026, 3, 1, tzinfo=UTC)
SITES, LIMITS = 1_000, 20
WANTED = 150
"""Time for a page. [ms]"""
ADDRESSES = {
    "page of 20 limits": "/locaties/werk-{}/vergunning/",
    "permit as JSON": "/locaties/werk-{}/vergunning.json",
    "which limit binds": "/api/sites/werk-{}/limits/",
}
SUBSTANCES = ("nox", "so2", "dust", "hcl", "hf", "co", "nh3", "mercury", "cd_tl", "tvoc")


def limit(number: int) -> dict[str, Any]:
    """A limit on one of ten substances, for a day or half an hour."""
    substance = SUBSTANCES[number % len(SUBSTANCES)]
    return {
        "number": f"3.{number}",
        "kind": "emission_limit",
        "text": f"De emissie van {substance} is ten hoogste {number + 1} mg/Nm3 als gemiddelde. " * 3,
        "form": {
            "substance": {"name": substance, "id": substance},
            "value": str(number + 1),
            "unit": "mg/Nm³",
            "averaging": "day" if number // 10 % 2 else "half_hour",
            "reference": {"oxygen": "11", "dry": True},
        },
    }


def decision(site: str, name: str, conditions: int, **fields: Any) -> dict[str, Any]:
    """A decision with so many limits."""
    return {
        "id": name,
        "kind": "permit",
        "site": site,
        "authority": "gs-voorbeeldland",
        "reference": name,
        "title": "Besluit",
        "article": "Ow 5.1",
        "decided_on": "2026-01-01",
        "valid_from": "2026-01-01",
        "example": True,
        "general_rules": [{"rule": "bal.4.73", "oxygen": "11"}],
        "conditions": [limit(number) for number in range(conditions)],
        **fields,
    }


def fill(home: Path, sites_wanted: int, limits: int) -> None:
    """Make the record: sites and permits in a few large leaves, as an import would."""
    from goedebuur.core.permits import form
    from goedebuur.core.sites.history import Dated
    from goedebuur.core.sites.records import Site
    from goedebuur.services import permits, recording, sites
    from goedebuur.services.record import Record
    from goedebuur.store.keys import Ed25519Signer

    record = Record.open(home / "record", signer=Ed25519Signer("example.org/bench", bytes(range(32))))
    names = [f"werk-{number}" for number in range(sites_wanted)]
    sites.put(record, [Site(name, (Dated(name),), simulated=True) for name in names], NOW)
    bodies = [decision(name, f"besluit-{name}", limits) for name in names[1:]]
    bodies.append(decision(names[0], "groot", 200))
    amended = {"id": "wijziging", "kind": "amendment", "amends": "groot", "decided_on": "2026-02-01"}
    bodies.append(decision(names[0], "wijziging", 20) | amended | {"valid_from": "2026-02-01"})
    with record.lock():
        facts = [fact for body in bodies for fact in permits.facts(form.read(body).require())]
        recording.put(record, facts, NOW)
    record.close()


def main() -> int:
    """Report how long each address takes."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        began = time.perf_counter()
        fill(home, SITES, LIMITS)
        report("make the record", time.perf_counter() - began, "s", note=f"{SITES} sites with {LIMITS} limits")
        return ask(home)


def ask(home: Path) -> int:
    """Report the time of each address, and return 1 where one took longer than is wanted."""
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client, override_settings

    from goedebuur.web import record as web_record

    there = dataclasses.replace(settings.GOEDEBUUR, home=home)
    slow = 0
    with override_settings(GOEDEBUUR=there, ALLOWED_HOSTS=["testserver"], DEBUG=False):
        client = Client()
        timed(client, f"/locaties/werk-{SITES - 1}/vergunning/")
        for label, address in ADDRESSES.items():
            times = [timed(client, address.format(number)) for number in range(1, 31)]
            report(label, statistics.median(times), "ms", target=f"< {WANTED}", note=f"worst {max(times):.0f} ms")
            slow += statistics.median(times) >= WANTED
        large = timed(client, "/locaties/werk-0/vergunning/")
        report("page of 220 conditions", large, "ms", target=f"< {WANTED}")
        web_record.close_all()
    return int(bool(slow or large >= WANTED))


def timed(client: Any, address: str) -> float:
    """Return how long an answer takes the processor. [ms]"""
    began = time.process_time()
    answer = client.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address}: {answer.status_code}")
    return 1000 * (time.process_time() - began)


if __name__ == "__main__":
    sys.exit(main())
