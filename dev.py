"""The one command for whoever works with this folder: `python3 dev.py demo | test | check | bench`.

Standard library alone. It makes its own environment in `.venv`, installs what the hash-locked files name, and says
what it does. The second time nothing needs to be installed, and it starts at once.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
WINDOWS = os.name == "nt"
BIN = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = BIN / ("python.exe" if WINDOWS else "python")
LOCK = ROOT / "requirements.lock"
SPARK_LOCK = ROOT / "requirements-spark.lock"
UV_LOCK = ROOT / "requirements-uv.lock"
LAYOUT = "1"  # raise it when what `prepare` makes changes without any lock changing
OLDEST, NEWEST = (3, 11), (3, 13)
TOO_OLD = (
    "Goede Buur needs Python {0}.{1} to {2}.{3}; this is Python {4}.{5}.\n"
    "Install a newer one (Debian 12 and Ubuntu 24.04 have one; else https://www.python.org/downloads/)\n"
    "and run again with it, for example: python3.12 dev.py {6}"
)
NO_VENV = (
    "This Python cannot make an environment: its module '{0}' is missing.\n"
    "On Debian and Ubuntu it is a package of its own:\n"
    "    sudo apt-get install python3-venv\n"
    "Then run the same command again."
)


class StoppedError(Exception):
    """The work cannot go on; the text says what a person can do about it."""


def say(text: str) -> None:
    """Print one line of what is going on, at once, where progress belongs."""
    print("dev.py: " + text, file=sys.stderr, flush=True)


# -- the environment ------------------------------------------------------------------------------------------------


def suitable_python(version: Sequence[int], find: Callable[[str], str | None] = shutil.which) -> str:
    """Return the interpreter to make the environment with: this one, or another on the path that fits."""
    if OLDEST <= tuple(version[:2]) <= NEWEST:
        return sys.executable
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        found = find(f"python3.{minor}")
        if found:
            say(f"this is Python {version[0]}.{version[1]}; going on with {found}")
            return found
    rest = " ".join(sys.argv[1:]) or "demo"
    raise StoppedError(TOO_OLD.format(OLDEST[0], OLDEST[1], NEWEST[0], NEWEST[1], version[0], version[1], rest))


def missing_module(python: str) -> str | None:
    """Return the name of the module that this interpreter lacks for making environments, or None."""
    for module in ("venv", "ensurepip"):
        if subprocess.run([python, "-c", "import " + module], capture_output=True, check=False).returncode != 0:
            return module
    return None


def stamp(locks: Sequence[Path]) -> str:
    """Return the line by which an environment is known to be up to date: layout, place, Python and locks."""
    digest = hashlib.sha256()
    for lock in locks:
        digest.update(lock.read_bytes())
    return " ".join([LAYOUT, digest.hexdigest(), str(ROOT)])


def prepare(python: str, spark: bool = False) -> None:
    """Make or update `.venv`; returns at once where it is up to date."""
    locks = [UV_LOCK, LOCK] + ([SPARK_LOCK] if spark else [])
    mark = VENV / ("goedebuur-spark.stamp" if spark else "goedebuur.stamp")
    wanted = stamp(locks)
    if PYTHON.exists() and mark.exists() and mark.read_text(encoding="utf-8") == wanted:
        return
    if not PYTHON.exists() or not works(PYTHON):
        module = missing_module(python)
        if module:
            raise StoppedError(NO_VENV.format(module))
        say(f"making the environment in {VENV.name}")
        run([python, "-m", "venv", "--clear", str(VENV)], "The environment could not be made.")
    install(locks[1:])
    link_source()
    mark.write_text(wanted, encoding="utf-8")


def works(python: Path) -> bool:
    """Return whether the environment's interpreter starts, fits, and has pip (it breaks when Python is upgraded)."""
    code = f"import sys, pip; sys.exit(not ({OLDEST} <= sys.version_info[:2] <= {NEWEST}))"
    return subprocess.run([str(python), "-c", code], capture_output=True, check=False).returncode == 0


def install(locks: Sequence[Path]) -> None:
    """Install the hash-locked files: with uv, fetched by pip; with pip itself where uv does not get through."""
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--require-hashes"]
    files = [part for lock in locks for part in ("-r", str(lock))]
    names = " and ".join(lock.name for lock in locks)
    say(f"installing {names} (once)")
    if subprocess.run([*pip, "-r", str(UV_LOCK)], check=False).returncode == 0:
        uv = [str(PYTHON), "-m", "uv", "pip", "install", "--quiet", "--require-hashes", "--python", str(PYTHON)]
        if subprocess.run([*uv, *files], env=uv_environment(os.environ), check=False).returncode == 0:
            return
    say("uv did not get through; going on with pip, which takes a minute or two longer")
    run([*pip, *files], "The packages could not be installed. Is there a connection to the package index?")


def uv_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for uv, with what was set for pip said in uv's words."""
    told = dict(environ)
    for pip_name, uv_name in (
        ("PIP_INDEX_URL", "UV_DEFAULT_INDEX"),
        ("PIP_EXTRA_INDEX_URL", "UV_INDEX"),
        ("PIP_CERT", "SSL_CERT_FILE"),
    ):
        if environ.get(pip_name) and not environ.get(uv_name):
            told[uv_name] = environ[pip_name]
    return told


def link_source() -> None:
    """Put `src` on the environment's path, and make the `goedebuur` command. No build is needed for either."""
    code = "import sysconfig; print(sysconfig.get_paths()['purelib'])"
    packages = subprocess.run([str(PYTHON), "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    Path(packages, "goedebuur-source.pth").write_text(str(ROOT / "src") + "\n", encoding="utf-8")
    call = "import sys; from goedebuur.app.main import main; sys.exit(main())"
    if WINDOWS:
        (BIN / "goedebuur.cmd").write_text(f'@"{PYTHON}" -c "{call}" %*\n', encoding="utf-8")
    else:
        launcher = BIN / "goedebuur"
        launcher.write_text(f'#!/bin/sh\nexec "{PYTHON}" -c "{call}" "$@"\n', encoding="utf-8")
        launcher.chmod(0o755)


def run(command: Sequence[str], failure: str) -> None:
    """Run a command to its end; stop with the sentence if it fails."""
    if subprocess.run(command, cwd=str(ROOT), check=False).returncode != 0:
        raise StoppedError(failure)


# -- the commands ---------------------------------------------------------------------------------------------------


def hand_over(command: Sequence[str], folder: Path | None = ROOT) -> int:
    """Run the command in place of this one, with its own answer to Ctrl-C, and return its exit status."""
    process = subprocess.Popen(command, cwd=folder)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # the child had the same signal, and ends in its own way


def demo(rest: list[str]) -> int:
    """Open the demonstration in the browser; further options go to `goedebuur demo`."""
    os.environ.setdefault("GOEDEBUUR_HOME", str(ROOT / "var"))
    return hand_over([str(PYTHON), "-m", "goedebuur.app.main", "demo", *rest], folder=None)  # paths are the caller's


def test(rest: list[str]) -> int:
    """Run the tests; further options go to pytest. `--no-skips` makes any skip a failure."""
    return hand_over([str(PYTHON), "-m", "pytest", *spread(rest), *rest])


def spread(rest: Sequence[str]) -> list[str]:
    """Return the options by which all tests run on all cores, a file on one; of named files or with `-n`, none."""
    named = any(Path(one.split("::")[0]).exists() for one in rest)
    asked = any(one.startswith(("-n", "--numprocesses", "--pdb", "--trace")) for one in rest)
    return [] if named or asked else ["-n", "auto", "--maxprocesses", "8", "--dist", "loadfile"]


def check(rest: list[str]) -> int:
    """Run ruff, mypy and the layer contracts. `--fix` lets ruff mend what it can."""
    fix = "--fix" in rest
    steps = [
        ("ruff check", ["-m", "ruff", "check", *(["--fix"] if fix else [])]),
        ("ruff format", ["-m", "ruff", "format", *([] if fix else ["--check"])]),
        ("mypy", ["-m", "mypy"]),
        ("mypy of the starter", ["-m", "mypy", "--config-file=", "--strict", "dev.py"]),
        ("layers", ["-c", "import sys; from importlinter.cli import lint_imports_command as go; sys.exit(go())"]),
    ]
    failed = []
    for name, command in steps:
        say(name)
        if hand_over([str(PYTHON), *command]) != 0:
            failed.append(name)
    say("failed: " + ", ".join(failed) if failed else "all in order")
    return 1 if failed else 0


def bench(rest: list[str]) -> int:
    """Run the benchmarks, all or those named, and write their table to var/bench."""
    return hand_over([str(PYTHON), "-m", "benchmarks", *rest])


def setup(rest: list[str]) -> int:
    """Make the environment and nothing else. `--spark` adds what the Spark engine needs."""
    say(f"ready: {(BIN / 'goedebuur').relative_to(ROOT)}")
    return 0


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "demo": demo,
    "test": test,
    "check": check,
    "bench": bench,
    "setup": setup,
}


def main(arguments: Sequence[str]) -> int:
    """Return the exit status of the command that was asked for."""
    parser = argparse.ArgumentParser(
        prog="dev.py",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="\n".join(f"  {name:<7}{(do.__doc__ or '').strip()}" for name, do in COMMANDS.items()),
    )
    parser.add_argument("command", choices=list(COMMANDS), help="what to do, see below")
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="options of that command")
    asked = parser.parse_args(arguments)
    os.environ.setdefault("PYTHONUTF8", "1")
    try:
        python = suitable_python(sys.version_info[:2])
        prepare(python, spark="--spark" in asked.rest)
        return COMMANDS[asked.command]([part for part in asked.rest if part != "--spark"])
    except StoppedError as stop:
        print(stop, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
