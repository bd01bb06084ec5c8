"""The starter: what it says and does on machines other than this one."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def dev(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("dev_under_test", ROOT / "dev.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(module, "BIN", tmp_path / ".venv" / "bin")
    return module


def test_starter_imports_only_the_standard_library() -> None:
    names = re.findall(r"^(?:from|import) (\w+)", (ROOT / "dev.py").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(names) <= sys.stdlib_module_names


@pytest.mark.parametrize(
    ("rest", "spread"),
    [
        ([], True),
        (["--no-skips", "--durations=15"], True),
        (["-k", "no such folder"], True),
        ([__file__], False),
        ([f"{__file__}::test_one"], False),
        (["-n", "0"], False),
        (["-n4"], False),
        (["--pdb"], False),
    ],
)
def test_all_tests_run_on_all_cores_and_named_files_on_one(dev: ModuleType, rest: list[str], *, spread: bool) -> None:
    assert bool(dev.spread(rest)) is spread


def test_old_python_alone_is_told_which_one_is_needed(dev: ModuleType) -> None:
    with pytest.raises(dev.StoppedError, match=r"needs Python 3\.11 to 3\.13; this is Python 3\.9"):
        dev.suitable_python((3, 9), find=lambda name: None)


def test_old_python_goes_on_with_the_newest_that_fits(dev: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    there = {"python3.11": "/opt/3.11/python", "python3.12": "/opt/3.12/python"}
    assert dev.suitable_python((3, 9), find=there.get) == "/opt/3.12/python"
    assert "going on with /opt/3.12/python" in capsys.readouterr().err


def test_python_that_is_too_new_is_not_used(dev: ModuleType) -> None:
    with pytest.raises(dev.StoppedError, match=r"this is Python 3\.14"):
        dev.suitable_python((3, 14), find=lambda name: None)


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_missing_venv_names_the_debian_package(dev: ModuleType, module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "missing_module", lambda python: module)
    with pytest.raises(dev.StoppedError, match=rf"'{module}' is missing[\s\S]*apt-get install python3-venv"):
        dev.prepare(sys.executable)


def test_module_that_an_interpreter_lacks_is_found(dev: ModuleType, tmp_path: Path) -> None:
    bare = tmp_path / "python"
    bare.write_text(f'#!/bin/sh\ncase "$*" in *ensurepip*) exit 1;; esac\nexec "{sys.executable}" "$@"\n')
    bare.chmod(0o755)
    assert dev.missing_module(sys.executable) is None
    assert dev.missing_module(str(bare)) == "ensurepip"


def test_ready_environment_is_left_alone(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    dev.BIN.mkdir(parents=True)
    dev.PYTHON.touch()
    (dev.VENV / "goedebuur.stamp").write_text(dev.stamp([dev.UV_LOCK, dev.LOCK]), encoding="utf-8")
    monkeypatch.setattr(dev, "run", lambda *given: pytest.fail("nothing had to be done"))
    monkeypatch.setattr(dev, "install", lambda *given: pytest.fail("nothing had to be installed"))
    dev.prepare(sys.executable)


def test_changed_lock_is_installed_into_the_environment_that_is_there(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    dev.BIN.mkdir(parents=True)
    dev.PYTHON.touch()
    (dev.VENV / "goedebuur.stamp").write_text("1 of-another-lock /elsewhere", encoding="utf-8")
    done: list[list[str]] = []
    monkeypatch.setattr(dev, "works", lambda python: True)
    monkeypatch.setattr(dev, "run", lambda *given: pytest.fail("the environment is there already"))
    monkeypatch.setattr(dev, "install", lambda locks: done.append([lock.name for lock in locks]))
    monkeypatch.setattr(dev, "link_source", lambda: None)
    dev.prepare(sys.executable)
    assert done == [["requirements.lock"]]
    assert (dev.VENV / "goedebuur.stamp").read_text(encoding="utf-8") == dev.stamp([dev.UV_LOCK, dev.LOCK])


def test_pip_takes_over_when_uv_does_not_get_through(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    called: list[str] = []

    def run(command: list[str], **given: object) -> subprocess.CompletedProcess[bytes]:
        by = "uv" if "uv" in command else "pip"
        called.append(f"{by} {Path(command[-1]).name}")
        assert "--require-hashes" in command
        return subprocess.CompletedProcess(command, 1 if by == "uv" else 0)

    monkeypatch.setattr(dev.subprocess, "run", run)
    dev.install([dev.LOCK])
    assert called == ["pip requirements-uv.lock", "uv requirements.lock", "pip requirements.lock"]
    assert "going on with pip" in capsys.readouterr().err


def test_index_that_was_set_for_pip_is_set_for_uv(dev: ModuleType) -> None:
    told = dev.uv_environment({"PIP_INDEX_URL": "http://127.0.0.1/simple", "UV_INDEX": "own"})
    assert told["UV_DEFAULT_INDEX"] == "http://127.0.0.1/simple"
    assert told["UV_INDEX"] == "own"


def test_source_is_found_and_the_command_made_without_a_build(tmp_path: Path, dev: ModuleType) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(dev.VENV)], check=True)
    dev.link_source()
    found = subprocess.run(
        [str(dev.PYTHON), "-c", "import goedebuur; print(goedebuur.__version__)"],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert found.stdout.strip() == "0.1.0"
    assert (dev.BIN / "goedebuur").read_text(encoding="utf-8").startswith("#!/bin/sh\n")


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-spark.lock", "requirements-uv.lock"])
def test_lock_files_pin_every_package_by_hash_and_name_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    packages = re.findall(r"^[a-z0-9][^\n]*", text, re.MULTILINE)
    assert packages
    assert all(re.match(r"[a-z0-9.-]+==\S+ .*\\$", line) for line in packages)
    assert all("--hash=sha256:" in block for block in re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:])


def test_options_after_the_command_are_not_taken_by_the_starter() -> None:
    shown = subprocess.run([sys.executable, str(ROOT / "dev.py"), "-h"], capture_output=True, text=True, check=True)
    for command in ("demo", "test", "check", "bench"):
        assert command in shown.stdout
