"""The process beside the website that publishes the log whenever it grows, and asks witnesses that were missing.

Started by `app/serving.py`; ends with the process that started it. It needs no key: the log is signed already.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from goedebuur.adapters.tlog import TlogClient
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services import publishing
from goedebuur.services.cosigning import Plan
from goedebuur.services.settings import Settings
from goedebuur.store.ledger import Ledger

log = logging.getLogger(__name__)


def while_child_of(parent: int, sleep: Callable[[float], None] = time.sleep) -> Callable[[float], bool]:
    """Return what waits, and says to go on as long as this process is the child of that one."""

    def wait(seconds: float) -> bool:
        if os.getppid() == parent:
            sleep(seconds)
        return os.getppid() == parent

    return wait


def main(parent: int) -> None:
    """Publish until the parent is gone."""
    settings = Settings.from_environment(os.environ)
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)

    def opened() -> Ledger | None:
        try:
            return Ledger.open(settings.record_dir)
        except GoedeBuurError as error:
            if error.code != "ledger-missing":
                log.error("%s", error.as_text())
            return None

    with TlogClient() as client:
        wait = while_child_of(parent)
        publishing.follow(opened, Plan.of(settings), client.post, lambda: datetime.now(UTC), wait, log.warning)


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]))
    except KeyboardInterrupt:
        sys.exit(0)
