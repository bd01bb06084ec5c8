"""The process beside the website that reckons dispersion studies as they are asked for.

Started by `app/serving.py`; ends with the process that started it. It reads the record and needs no key.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from goedebuur.app.publisher import while_child_of
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services import dispersion_study
from goedebuur.services.settings import Settings
from goedebuur.store.studies import Studies

EVERY: Final = 1.0
"""Between two looks at what waits. [s]"""
log = logging.getLogger(__name__)


def main(parent: int) -> None:
    """Reckon what waits until the parent is gone."""
    settings = Settings.from_environment(os.environ)
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    studies, wait = Studies(settings.home), while_child_of(parent)
    while wait(EVERY):
        if dispersion_study.waiting(studies):
            work(settings, studies, lambda: os.getppid() == parent)


def work(settings: Settings, studies: Studies, go_on: Callable[[], bool]) -> None:
    """Reckon what waits; another who does so already is left to it."""
    from goedebuur.services import dispersion_study_work
    from goedebuur.services.record import Record

    try:
        record = Record.open(settings.record_dir, read_only=True)
        try:
            for name, told in dispersion_study_work.work(studies, record, lambda: datetime.now(UTC), go_on):
                log.info("dispersion study %s: %s", name, told.state.value)
        finally:
            record.close()
    except GoedeBuurError as error:
        log.info("%s", error.as_text())


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]))
    except KeyboardInterrupt:
        sys.exit(0)
