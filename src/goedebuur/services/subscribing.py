"""Following by mail what becomes public: asked for, confirmed from the mail box itself, and ended with one link."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Final

from goedebuur.core.casework.publications import Publication, told
from goedebuur.store.casework import messages, subscribers

CONFIRM: Final = "{site}/bevindingen/volgen/{token}/"
FINDING: Final = "{site}/bevindingen/{id}/"
Randomness = Callable[[int], str]


_ASKED: Final = {
    subscribers.FINDINGS: ("openbare bevindingen", "bevindingen"),
    subscribers.ALERTS: ("meldingen van hoge uitstoot", "meldingen"),
}
"""Topic → what a mail calls it, long and short."""
TOPICS: Final = tuple(_ASKED)


def ask(
    email: str,
    site: str,
    now: datetime,
    randomness: Randomness = secrets.token_hex,
    topic: str = subscribers.FINDINGS,
) -> None:
    """Queue a mail with which someone can confirm to follow a site, or all. Says nothing of who does already.

    A second request within an hour sends nothing, so that nobody can flood the box of another.
    """
    token = subscribers.ask(email, site, randomness(32), now, topic)
    if token is None:
        return
    link = CONFIRM.replace("{token}", token)
    long, short = _ASKED[topic]
    body = (
        f"Iemand vroeg om op dit adres bericht te krijgen van {long}.\n\n"
        f"Was u dat? Bevestig het hier: {link}\n\n"
        "Was u dat niet? Dan hoeft u niets te doen. Het adres wordt na een week vergeten.\n"
    )
    messages.queue([email], f"Bevestig dat u {short} wilt volgen", body, messages.SUBSCRIBER, now)


def confirm(token: str, now: datetime) -> bool:
    """Return whether this token belongs to a request, which counts from now on."""
    return subscribers.confirm(token, now)


def stop(token: str) -> bool:
    """Return whether this token belonged to someone, who is forgotten now."""
    return subscribers.forget(token)


def tell(finding: Publication, now: datetime) -> None:
    """Queue a mail to everyone who follows the sites of a finding, or all: what became of it, and where to read it."""
    said = told(finding.version).nl
    for follower in subscribers.following(finding.sites):
        body = (
            f"{said}.\n\nLees het hier: {FINDING.replace('{id}', finding.id)}\n\n"
            f"Geen bericht meer? {CONFIRM.replace('{token}', follower.token)}\n"
        )
        messages.queue([follower.email], said, body, messages.SUBSCRIBER, now)
