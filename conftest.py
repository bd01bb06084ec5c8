"""What all tests share: the data folder, the system tools, and an honest account of what was skipped."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent
NO_SKIPS = "--no-skips"
DATA = "GOEDEBUUR_DATA"
REASONS = {
    "Chromium": "needs Chromium (Debian: apt-get install chromium)",
    "PostgreSQL": "needs PostgreSQL's server programs (Debian: apt-get install postgresql)",
    "Java": "needs Java (Debian: apt-get install default-jre-headless)",
    "pyspark": "needs pyspark (python3 dev.py setup --spark)",
    "tesseract": "needs tesseract with Dutch (Debian: apt-get install tesseract-ocr tesseract-ocr-nld)",
    "x/mod for Go": "needs x/mod for Go (Debian: apt-get install golang-go golang-golang-x-mod-dev)",
    "data folder": "needs the data folder (set GOEDEBUUR_DATA to where it is)",
}
MARKERS = {
    "e2e": ("Chromium",),
    "postgres": ("PostgreSQL",),
    "spark": ("Java", "pyspark"),
    "go": ("x/mod for Go",),
    "ocr": ("tesseract",),
    "real": ("data folder",),
}


def find_chromium() -> Path | None:
    """Return the browser, or None where none is installed."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return Path(found)
    return None


def find_postgres() -> Path | None:
    """Return the folder with `initdb` and `postgres`, the newest one, or None."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


def find_java() -> Path | None:
    """Return the Java launcher, or None."""
    found = shutil.which("java")
    return Path(found) if found else None


def find_tesseract() -> Path | None:
    """Return the program that reads scans, where it has Dutch, or None."""
    found = shutil.which("tesseract")
    if found is None:
        return None
    listed = subprocess.run([found, "--list-langs"], check=False, capture_output=True, text=True, timeout=30)
    return Path(found) if "nld" in listed.stdout.split() else None


def find_go() -> Path | None:
    """Return the folder in which Go's packages lie, where there is Go and `golang.org/x/mod/sumdb` in it, or None."""
    root = Path("/usr/share/gocode")
    return root if shutil.which("go") and (root / "src/golang.org/x/mod/sumdb/tlog").is_dir() else None


def can_install_go() -> bool:
    """Return whether the tests may fetch Go themselves: as root, on Debian."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install_go() -> None:
    """Fetch Go and x/mod from Debian; where that fails they are just not there."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "-y", "--no-install-recommends", "golang-go", "golang-golang-x-mod-dev"]):
        with suppress(subprocess.TimeoutExpired):
            subprocess.run(["apt-get", "-q", *command], env=environment, check=False, capture_output=True, timeout=300)


def find_data_folder() -> Path | None:
    """Return the folder with real measurements: the one that is set, else the one beside the checkout, or None."""
    named = os.environ.get(DATA)
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    return folder if (folder / "rivm_lml").is_dir() else None


def missing_tools() -> dict[str, str]:
    """Return what is not on this machine, with the reason to give for a skip."""
    there = {
        "Chromium": find_chromium(),
        "PostgreSQL": find_postgres(),
        "Java": find_java(),
        "pyspark": importlib.util.find_spec("pyspark"),
        "tesseract": find_tesseract(),
        "x/mod for Go": find_go() or can_install_go() or None,
        "data folder": find_data_folder(),
    }
    return {name: REASONS[name] for name, found in there.items() if found is None}


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """Return the folder with real measurements; the test is skipped, with a message, where it is absent."""
    folder = find_data_folder()
    if folder is None:
        pytest.skip(REASONS["data folder"])
    return folder


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Return the browser's program; the test is skipped, with a message, where it is absent."""
    found = find_chromium()
    if found is None:
        pytest.skip(REASONS["Chromium"])
    return found


@pytest.fixture(scope="session")
def postgres_bin() -> Path:
    """Return the folder of PostgreSQL's server programs; the test is skipped, with a message, where it is absent."""
    found = find_postgres()
    if found is None:
        pytest.skip(REASONS["PostgreSQL"])
    return found


@pytest.fixture(scope="session")
def go_root() -> Path:
    """Return the folder of Go's packages, fetched where that is allowed; the test is skipped, with a message, else."""
    if find_go() is None and can_install_go():
        install_go()
    found = find_go()
    if found is None:
        pytest.skip(REASONS["x/mod for Go"])
    return found


# -- skips ----------------------------------------------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option for runs in which nothing may be left out."""
    parser.addoption(NO_SKIPS, action="store_true", help="a skipped test makes the run fail")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what cannot run here as skipped, each with the tool that it misses."""
    missing = missing_tools()
    for item in items:
        for marker, tools in MARKERS.items():
            lacking = [missing[tool] for tool in tools if tool in missing]
            if lacking and item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=lacking[0]))


def count_skips(reasons: Iterable[str]) -> Counter[str]:
    """Return how many were skipped per tool; the reason itself where it names none of the tools.

    >>> count_skips(["needs Java (Debian: apt-get install default-jre-headless)", "no IPv6 here"])
    Counter({'Java': 1, 'no IPv6 here': 1})
    """
    counted: Counter[str] = Counter()
    for reason in reasons:
        named = [tool for tool in REASONS if tool.lower() in reason.lower()]
        counted[named[0] if named else reason] += 1
    return counted


def skip_reasons(reporter: pytest.TerminalReporter) -> list[str]:
    """Return the reason of every test that was skipped."""
    reasons = []
    for report in reporter.stats.get("skipped", []):
        text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reasons.append(text.removeprefix("Skipped: "))
    return reasons


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say by name what was skipped, and what would make it run."""
    counted = count_skips(skip_reasons(terminalreporter))
    terminalreporter.section("skipped for something missing on this machine")
    if not counted:
        terminalreporter.write_line("nothing was skipped")
    for name, number in counted.most_common():
        terminalreporter.write_line(f"{number} for {name}: {REASONS.get(name, 'see the test')}")
    if counted and terminalreporter.config.getoption(NO_SKIPS):
        terminalreporter.write_line(f"{NO_SKIPS}: a skip counts as a failure")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run for any skip where that is asked."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = isinstance(reporter, pytest.TerminalReporter) and skip_reasons(reporter)
    if skipped and session.config.getoption(NO_SKIPS) and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
