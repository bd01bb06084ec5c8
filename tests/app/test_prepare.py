"""What is made before the site starts, and that it is made once."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

from goedebuur.app.prepare import private_database, secret_key_file


def test_secret_is_readable_for_its_owner_alone(tmp_path: Path) -> None:
    assert secret_key_file(tmp_path / "new" / "secret_key")
    assert stat.S_IMODE((tmp_path / "new" / "secret_key").stat().st_mode) == 0o600


def test_secret_is_made_once(tmp_path: Path) -> None:
    path = tmp_path / "secret_key"
    secret_key_file(path)
    before = path.read_text()
    assert not secret_key_file(path)
    assert path.read_text() == before
    assert len(before) >= 50


def test_two_installations_have_different_secrets(tmp_path: Path) -> None:
    secret_key_file(tmp_path / "a")
    secret_key_file(tmp_path / "b")
    assert (tmp_path / "a").read_text() != (tmp_path / "b").read_text()


def test_other_users_of_the_machine_are_kept_out_of_the_database(tmp_path: Path) -> None:
    new, old = tmp_path / "home" / "new.sqlite3", tmp_path / "old.sqlite3"
    private_database(new)
    assert stat.S_IMODE(new.stat().st_mode) == 0o600
    beside = old.with_name("old.sqlite3-wal")
    for one in (old, beside):
        one.write_bytes(b"kept")
        one.chmod(0o664)
    private_database(old)
    assert [stat.S_IMODE(one.stat().st_mode) for one in (old, beside)] == [0o660, 0o660]
    assert old.read_bytes() == b"kept"


def test_prepared_home_has_database_secret_and_hashed_static_files_and_the_site_uses_them(tmp_path: Path) -> None:
    # a process of its own: Django reads its settings once
    code = (
        "from goedebuur.app.prepare import prepare; prepare()\n"
        "from goedebuur.app.settings import STATIC_ROOT\n"
        "seen = (STATIC_ROOT / 'staticfiles.json').stat().st_mtime_ns; prepare()\n"
        "assert (STATIC_ROOT / 'staticfiles.json').stat().st_mtime_ns == seen, 'made twice'\n"
        "import runpy; found = runpy.run_module('goedebuur.app.settings')\n"
        "print(found['COLLECTED'], found['SECRET_KEY'])"
    )
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("GOEDEBUUR_", "DATABASE_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=inherited | {"GOEDEBUUR_HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["True", (tmp_path / "secret_key").read_text()]
    assert stat.S_IMODE((tmp_path / "goedebuur.sqlite3").stat().st_mode) == 0o600
    assert list((tmp_path / "static" / "web" / "css").glob("goedebuur.*.css"))
    (main,) = (tmp_path / "static" / "web" / "js").glob("main.*.js")
    imported = re.findall(r"""(?:from|import\() ?["']\./([^"']+)["']""", main.read_text())
    assert {name.split(".")[0] for name in imported} == {
        "words",
        "map",
        "dispersion",
        "chart",
        "rose",
        "progress",
        "waiting",
    }
    assert all(re.fullmatch(r"[a-z]+\.[0-9a-f]{12}\.js", name) for name in imported), imported
    assert all((main.parent / name).is_file() for name in imported)
