"""The form in which an operator claims: what was filled in, what was picked, and what stands in it again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from django.http import QueryDict

from goedebuur.core.base.periods import CET
from goedebuur.core.compliance.emissions.answers import Written
from goedebuur.core.compliance.emissions.claims import Claim
from goedebuur.services.case_answers import MOST_CLAIMS
from goedebuur.web import case_forms

LONGEST_CAUSE: Final = 600
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_MINUTE: Final = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True, slots=True)
class Form:
    """What was filled in.

    Parameters
    ----------
    do
        What is asked: `look`, `send`, `add`, `show-0`, `pick-0`, `drop-1`.
    days
        Number of the verdict → day of which the averages are shown.
    picks
        Number of the verdict → starts of averages that were picked.
    seen
        What the verdicts were foreseen of, by :func:`digest`.
    """

    do: str
    words: str
    rows: tuple[Written, ...]
    days: dict[int, str]
    picks: dict[int, tuple[str, ...]]
    seen: str

    @property
    def number(self) -> int:
        """Return which verdict or claim is meant by `do`; -1 for none."""
        _, _, number = self.do.partition("-")
        return int(number) if number.isascii() and number.isdecimal() and len(number) < 4 else -1


def read(post: QueryDict, verdicts: int) -> Form:
    """Return what was filled in.

    Parameters
    ----------
    verdicts
        How many verdicts the finding names.

    Raises
    ------
    GoedeBuurError
        `web-parameter`.
    """
    amount = post.get("claims", "0")
    number = min(int(amount), MOST_CLAIMS) if amount.isascii() and amount.isdecimal() and len(amount) < 5 else 0
    return Form(
        do=post.get("do", "look"),
        words=case_forms.text(post, "words", case_forms.LONGEST_TEXT // 2),
        rows=tuple(_row(post, n) for n in range(1, number + 1)),
        days={n: post.get(f"day-{n}", "")[:10] for n in range(verdicts)},
        picks={n: tuple(post.getlist(f"pick-{n}"))[:200] for n in range(verdicts)},
        seen=post.get("seen", ""),
    )


def _row(post: QueryDict, n: int) -> Written:
    kept = [one for one in post.getlist(f"evidence-{n}") if _DIGEST.fullmatch(one)]
    return Written(
        point=post.get(f"point-{n}", "")[:160],
        state=post.get(f"state-{n}", "")[:40],
        start=post.get(f"start-{n}", "")[:40],
        end=post.get(f"end-{n}", "")[:40],
        cause=case_forms.text(post, f"cause-{n}", LONGEST_CAUSE),
        evidence=tuple(dict.fromkeys(kept)),
    )


def picked(starts: Iterable[str], step: timedelta, point: str) -> list[Written]:
    """Return a claim for each run of averages that follow each other; starts that cannot be read are left out."""
    moments = sorted({one for one in map(_moment, starts) if one is not None})
    runs: list[tuple[datetime, datetime]] = []
    for one in moments:
        if runs and runs[-1][1] == one:
            runs[-1] = (runs[-1][0], one + step)
        else:
            runs.append((one, one + step))
    return [Written(point, "", f"{start:{_MINUTE}}", f"{end:{_MINUTE}}", "") for start, end in runs]


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.replace(tzinfo=None) if found.tzinfo is None else found.astimezone(CET).replace(tzinfo=None)


def added(rows: Sequence[Written], more: Sequence[Written]) -> tuple[Written, ...]:
    """Return the claims with more; one that nothing was filled in of makes room."""
    kept = [one for one in rows if one.start or one.end or one.cause or one.evidence]
    return (*kept, *more)[:MOST_CLAIMS]


def with_evidence(row: Written, sha256: str) -> Written:
    """Return a claim with one more file that proves it."""
    return replace(row, evidence=tuple(dict.fromkeys((*row.evidence, sha256))))


def of_claims(claims: Iterable[Claim]) -> tuple[Written, ...]:
    """Return claims as they stand in the form."""
    return tuple(
        Written(
            one.point,
            str(one.state),
            f"{one.start.astimezone(CET):{_MINUTE}}",
            f"{one.end.astimezone(CET):{_MINUTE}}",
            one.words,
            one.evidence,
        )
        for one in claims
    )


def digest(claims: Iterable[Claim]) -> str:
    """Return what tells whether the claims are those of which the verdicts were foreseen."""
    return hashlib.sha256("\n".join(one.line() for one in claims).encode()).hexdigest()
