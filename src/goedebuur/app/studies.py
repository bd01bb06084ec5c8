"""The process beside the website that has dispersion studies reckoned as they are asked for.

Started by `app/serving.py`; ends with the process that started it. It reckons in a process of its own, so that one that
runs out of memory or room ends that alone. It is tried again; a study at which it ended so three times is given up. It
reads the record and needs no key.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final

from goedebuur.app.publisher import while_child_of
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services import dispersion_study
from goedebuur.services.dispersion_study import State
from goedebuur.services.settings import Settings
from goedebuur.store.studies import Studies

EVERY: Final = 1.0
"""Between two looks at what waits. [s]"""
PAUSE: Final = 30.0
"""After a process that ended badly. [s]"""
TRIES: Final = 3
WORK: Final = "work"
log = logging.getLogger(__name__)


def main(parent: int) -> None:
    """Have reckoned what waits until the parent is gone."""
    studies = Studies(_settings().home)
    command = [sys.executable, "-m", "goedebuur.app.studies", str(os.getpid()), WORK]
    watch(studies, command, while_child_of(parent))


def watch(studies: Studies, command: Sequence[str], wait: Callable[[float], bool]) -> None:
    """Start the command whenever something waits, for as long as `wait` says to go on."""
    ended_badly: Counter[str] = Counter()
    while wait(EVERY):
        try:
            if not dispersion_study.waiting(studies) or _ended_well(command, wait):
                continue
            ended_badly.update(_give_up(studies, ended_badly))
        except Exception:
            log.exception("dispersion studies")
        wait(PAUSE)


def _ended_well(command: Sequence[str], wait: Callable[[float], bool]) -> bool:
    with subprocess.Popen(command) as worker:  # noqa: S603 - our own words
        while worker.poll() is None:
            if not wait(EVERY):
                worker.terminate()
        return worker.returncode == 0


def _give_up(studies: Studies, before: Counter[str]) -> list[str]:
    """Return the studies that were being reckoned when a process ended badly; what did so too often has failed."""
    found = [one.id for one, told in dispersion_study.every(studies) if told.state is State.WORKING]
    for name in found:
        log.error("dispersion study %s was being reckoned by a process that ended badly", name)
        if before[name] + 1 >= TRIES:
            dispersion_study.give_up(studies, name, datetime.now(UTC))
    return found


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


def _settings() -> Settings:
    settings = Settings.from_environment(os.environ)
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    return settings


if __name__ == "__main__":
    first = int(sys.argv[1])
    try:
        if sys.argv[2:] == [WORK]:
            told = _settings()
            work(told, Studies(told.home), lambda: os.getppid() == first)
        else:
            main(first)
    except KeyboardInterrupt:
        sys.exit(0)
