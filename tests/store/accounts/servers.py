"""Databases to try the tables on: an SQLite file, and a PostgreSQL that lives as long as the tests."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connections

from goedebuur.app.databases import from_url


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _servant() -> str | None:
    """Return as whom the server runs: PostgreSQL refuses to run as root; None stands for whoever runs the tests."""
    if os.getuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


@contextmanager
def postgres(binaries: Path) -> Iterator[str]:
    """Give the address of a fresh PostgreSQL on loopback; it is gone afterwards."""
    servant = _servant()
    # not below pytest's own folder: that is closed to other users
    home = Path(tempfile.mkdtemp(prefix="goedebuur-pg-"))
    password = secrets.token_urlsafe(16)
    try:
        (home / "password").write_text(password)
        if servant is not None:
            for path in (home, home / "password"):
                shutil.chown(path, servant)
        port = _free_port()

        def call(program: str, *arguments: str) -> None:
            command = [str(binaries / program), *arguments]
            done = subprocess.run(command, user=servant, cwd=home, capture_output=True, text=True, timeout=120)
            assert done.returncode == 0, f"{program}: {done.stdout}{done.stderr}"

        data = str(home / "data")
        call("initdb", "-D", data, "-U", "buur", "-A", "scram-sha-256", f"--pwfile={home / 'password'}", "-E", "UTF8")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='{home}' -c fsync=off"
        call("pg_ctl", "start", "-w", "-D", data, "-l", str(home / "log"), "-o", options)
        try:
            yield f"postgresql://buur:{password}@127.0.0.1:{port}/postgres"
        finally:
            call("pg_ctl", "stop", "-D", data, "-m", "immediate")
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def alias(name: str, url: str) -> Iterator[str]:
    """Make a database known to Django under a name, for as long as the block lasts."""
    described = {**connections.databases, name: from_url(url, Path())}
    connections.configure_settings(described)
    connections.databases[name] = described[name]
    try:
        yield name
    finally:
        connections[name].close()
        del connections[name]
        del connections.databases[name]
