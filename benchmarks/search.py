"""How long the server needs for the one search box and for the lists, in a record of 1,000 sites with 20,000 limits.

The record is that of `benchmarks.permits`; who asks is not signed in. What is searched is put together when a server
starts, and in part again for the first question after each delivery: the first questions are reported by themselves, as
time of the processor.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from benchmarks import pages, permits
from benchmarks.figures import report
from benchmarks.sites import HEAD

WANTED = 300
"""Time for an answer of the search box or of a list. [ms]"""
SEARCHED = {
    "search for one site": "werk-512",
    "search for a word in every permit": "emissie",
    "search for two words": "emissie+mercury",
    "search for part of a word": "issi",
    "search for what is nowhere": "zeppelin",
}
SITE_PAGE = "page of a site with a permit"
DELIVERED = "1(c)\tOther\tNL.X/1.FACILITY\tWerk\t5.0\t52.0\tPlaats\tAmmonia (NH3)\t10.0\t2020\t1\t0"


def main() -> int:
    """Return 0 if every address answered, and the first questions did within the time that is wanted."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        permits.fill(home, permits.SITES, permits.LIMITS)
        os.environ["GOEDEBUUR_HOME"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "goedebuur.app.settings"
        slow = first_answers(home)
        asked = [(name, f"/zoeken/?q={words}") for name, words in SEARCHED.items()]
        asked += [("list of 1,000 sites", "/locaties/"), (SITE_PAGE, f"/locaties/werk-{permits.SITES // 2}/")]
        targets = {name: f"< {WANTED}" for name, _ in asked} | {SITE_PAGE: f"< {permits.WANTED}"}
        wrong = pages.ask(asked, targets)
    return 1 if wrong or slow else 0


def first_answers(home: Path) -> int:
    """Report the first answer of a server that started, and the first after a delivery; count the slow."""
    import django

    django.setup()
    from django.test import Client

    from goedebuur.app import warming

    client = Client(SERVER_NAME="localhost")
    warming.warm()
    slow = 0
    for name in ("first search of a server", "first search after a delivery"):
        took = permits.timed(client, f"/zoeken/?q={SEARCHED['search for one site']}")
        report(name, took, "ms", target=f"< {WANTED}")
        slow += took >= WANTED
        deliver_one(home)
    return slow


def deliver_one(home: Path) -> None:
    """Add one value of a register, as another process would."""
    from goedebuur.services import delivery
    from goedebuur.services.record import Record
    from goedebuur.store.keys import Ed25519Signer

    signer = Ed25519Signer("example.org/bench", bytes(range(32)))
    record = Record.open(home / "record", signer=signer)
    delivery.deliver(record, f"{HEAD}\n{DELIVERED}\n".encode(), "register.tsv", now=permits.NOW)
    record.close()


if __name__ == "__main__":
    sys.exit(main())
