"""What must be there before the site starts: the session secret, the database at its newest state, static files."""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
from contextlib import suppress
from datetime import timedelta
from pathlib import Path


def secret_key_file(path: Path) -> bool:
    """Make the file with the session secret, readable for its owner alone; return whether it had to be made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    return True


def private_database(path: Path) -> None:
    """Keep other users of the machine out of the SQLite database: it holds findings that are not public, and names.

    A new file is for its owner alone; of one that is there the group keeps what it may.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        for one in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
            # another process may put the other two away in the meantime; another owner decides about its own files
            with suppress(FileNotFoundError, PermissionError):
                mode = stat.S_IMODE(one.stat().st_mode)
                if mode & 0o007:
                    one.chmod(mode & ~0o007)


def prepare(*, static: bool = True) -> None:
    """Bring the installation to the state of this version; a second time nothing changes.

    Parameters
    ----------
    static
        Whether to collect the static files under hashed names, as a server wants them.
    """
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goedebuur.app.settings")
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    if not settings.GOEDEBUUR.secret_key:
        secret_key_file(settings.SECRET_KEY_FILE)
    settings.GOEDEBUUR.home.mkdir(parents=True, exist_ok=True)
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        private_database(Path(database["NAME"]))
    call_command("migrate", interactive=False, verbosity=0)
    _forget()
    if static:
        _collect(settings.STATIC_ROOT)


def _forget() -> None:
    """Delete sessions that ended, and failed attempts to sign in that no longer count."""
    from axes.models import AccessAttempt
    from django.conf import settings
    from django.core.management import call_command
    from django.utils import timezone

    call_command("clearsessions")
    counts_from = timezone.now() - timedelta(hours=settings.AXES_COOLOFF_TIME)
    AccessAttempt.objects.filter(attempt_time__lte=counts_from).delete()


def _collect(root: Path) -> None:
    from django.conf import settings
    from django.core.management import call_command

    made_of = root / "made-of.txt"
    now = _static_digest()
    if made_of.is_file() and made_of.read_text("ascii") == now:
        return
    # this process may have started before there was anything to serve under a hashed name
    settings.STORAGES = {**settings.STORAGES, "staticfiles": settings.HASHED_STATIC_FILES}
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    made_of.write_text(now, "ascii")


def _static_digest() -> str:
    """Return what tells one set of static files from another: path, size and time of each."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            seen = os.stat(storage.path(path))
            digest.update(f"{path} {seen.st_size} {seen.st_mtime_ns}\n".encode())
    return digest.hexdigest()
