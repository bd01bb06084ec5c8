"""What the database of each release looked like, so that the newest migrations are tried on it with data inside.

At a release: add a line with the newest migration of every app (`goedebuur manage showmigrations`), and to `fill` what
its new tables hold. Lines are never removed.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

Target = tuple[str, str]

RELEASES: dict[str, tuple[Target, ...]] = {
    "0.1.0": (("accounts", "0001_initial"),),
}
JOINED = datetime(2026, 1, 5, 8, 30, tzinfo=UTC)


def fill(apps: Any, database: str) -> None:
    """Put in what a running site of that release would hold, by the models of then."""
    user = apps.get_model("accounts", "User")
    group = apps.get_model("auth", "Group")
    permits = group.objects.using(database).create(name="vergunningverleners")
    ada = user.objects.using(database).create(
        email="ada@example.org", name="Ada", organisation="ODNZKG", joined=JOINED, password="pbkdf2$x", is_staff=True
    )
    ada.groups.add(permits)
    user.objects.using(database).create(email="weg@example.org", is_active=False, joined=JOINED, password="!")


def read(apps: Any, database: str) -> dict[str, Any]:
    """Return the same facts by the models of now."""
    users = apps.get_model("accounts", "User").objects.using(database).order_by("email")
    return {
        u.email: (
            u.name,
            u.organisation,
            u.joined,
            u.password,
            u.is_staff,
            u.is_active,
            [g.name for g in u.groups.all()],
        )
        for u in users
    }


EXPECTED: dict[str, Any] = {
    "ada@example.org": ("Ada", "ODNZKG", JOINED, "pbkdf2$x", True, True, ["vergunningverleners"]),
    "weg@example.org": ("", "", JOINED, "!", False, False, []),
}
