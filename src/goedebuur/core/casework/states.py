"""What can be done with a case in which state, by whom, and what follows: rows of `rules/tables/case_states.csv`.

Four eyes are counted over everyone who ever wrote a word of the text: whoever wrote cannot review or decide.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.sourced import Text
from goedebuur.core.casework.roles import Role

NOT_ALLOWED: Final = declare(
    "case-not-allowed", "This cannot be done in this state of the case, or not by this person."
)
FOUR_EYES: Final = declare("case-four-eyes", "Whoever wrote the text cannot review it or decide on it.")
INCOMPLETE: Final = declare("case-incomplete", "Something that this step needs was not given.")


class Kind(StrEnum):
    """What a case is about."""

    FINDING = "finding"
    REASSESSMENT = "reassessment"
    ADVICE = "advice"
    REQUEST = "request"


class Need(StrEnum):
    """What must be given along with a step."""

    TEXT = "text"
    """The text of the case is given or changed."""
    REASON = "reason"
    TERM = "term"
    """How long there is to answer; shorter than usual only with a reason."""
    EXTENSION = "extension"
    """By how much the term is prolonged."""
    ANSWER = "answer"
    REPLY = "reply"
    """What is said of the claims in the answer."""
    GROUND = "ground"
    """On which ground something is withheld, and until when."""
    PUBLISH_ON = "publish_on"
    """The day from which it may be public."""
    PASSED = "passed"
    """Nothing is given, but the term must have passed."""


@dataclass(frozen=True, slots=True)
class Step:
    """One row: in a state, by an event, to the next state.

    Parameters
    ----------
    roles
        Who may do it; empty where only the program itself does.
    next
        The state that follows.
    four_eyes
        Whether those who wrote the text may not do it.
    needs
        What must be given.
    label
        What it is called on a button.
    sentence
        What the public reads about it, once the case is public; empty where it says nothing.
    """

    id: str
    kind: Kind
    state: str
    event: str
    roles: frozenset[Role]
    next: str
    four_eyes: bool
    needs: frozenset[Need]
    label: Text
    sentence: Text

    @property
    def writes(self) -> bool:
        """Return whether who does it counts as a writer of the text."""
        return Need.TEXT in self.needs


@dataclass(frozen=True, slots=True)
class StateName:
    """What a state is called, and whether nothing follows on it any more."""

    kind: Kind
    state: str
    name: Text
    final: bool


@dataclass(frozen=True, slots=True)
class StateTable:
    """All steps and the names of all states."""

    steps: tuple[Step, ...]
    names: tuple[StateName, ...]

    def name(self, kind: Kind, state: str) -> StateName:
        """Return what a state is called."""
        return next(one for one in self.names if (one.kind, one.state) == (kind, state))

    def states(self, kind: Kind) -> tuple[str, ...]:
        """Return the states of a kind of case, the first of which is where it begins."""
        return tuple(one.state for one in self.names if one.kind == kind)

    def first(self, kind: Kind) -> str:
        """Return the state in which a case of a kind begins."""
        return self.states(kind)[0]

    def step(self, kind: Kind, state: str, event: str) -> Step | None:
        """Return what an event does in a state; None where it does nothing."""
        return next((s for s in self.steps if (s.kind, s.state, s.event) == (kind, state, event)), None)

    def possible(self, kind: Kind, state: str, roles: Iterable[Role], *, writer: bool) -> tuple[Step, ...]:
        """Return the steps that a person with these roles can take.

        Parameters
        ----------
        writer
            Whether the person ever wrote a word of the text.
        """
        held = frozenset(roles)
        return tuple(
            step
            for step in self.steps
            if (step.kind, step.state) == (kind, state) and step.roles & held and not (step.four_eyes and writer)
        )

    def require(self, kind: Kind, state: str, event: str, roles: Iterable[Role], *, writer: bool) -> Step:
        """Return the step that a person is about to take.

        Raises
        ------
        GoedeBuurError
            `case-not-allowed`, `case-four-eyes`.
        """
        step = self.step(kind, state, event)
        if step is None or not step.roles & frozenset(roles):
            raise GoedeBuurError(
                NOT_ALLOWED,
                "This cannot be done in this state of the case, or not by this person.",
                place=f"{kind} in state {state}",
                value=event,
                hint="Open the case again: it shows what can be done now.",
            )
        if step.four_eyes and writer:
            raise GoedeBuurError(
                FOUR_EYES,
                "Whoever wrote the text cannot review it or decide on it.",
                place=f"{kind} in state {state}",
                value=event,
                hint="Ask a colleague with this role who wrote nothing of it.",
            )
        return step

    def follow(self, kind: Kind, state: str, event: str) -> Step:
        """Return the step that the program itself takes.

        Raises
        ------
        GoedeBuurError
            `case-not-allowed`.
        """
        step = self.step(kind, state, event)
        if step is None or step.roles:
            raise GoedeBuurError(
                NOT_ALLOWED, "The program takes no such step by itself.", place=f"{kind} in state {state}", value=event
            )
        return step


def missing(what: str, hint: str) -> GoedeBuurError:
    """Return the error of something that a step needs and that was not given."""
    return GoedeBuurError(INCOMPLETE, "Something that this step needs is not there.", place=what, hint=hint)
