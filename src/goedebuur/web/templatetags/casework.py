"""What templates of cases and findings say: sentences of the rule tables in the reader's language, and names."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import get_language

from goedebuur.core.base.sourced import Text
from goedebuur.core.casework.publications import Happening, Publication, told
from goedebuur.core.casework.states import Kind
from goedebuur.core.compliance.emissions import answers
from goedebuur.rules import casework, closing
from goedebuur.web.words import look_up

register = template.Library()


@register.filter
def said(text: Text | Happening) -> str:
    """Return a sentence in the language of the reader."""
    return text.en if get_language() == "en" else text.nl


@register.filter
def state_name(case: Any) -> str:
    """Return what the state of a case is called."""
    return said(casework.states().name(case.kind, case.state).name)


@register.filter
def event_name(event: Any, kind: Kind) -> str:
    """Return what a step in the history of a case is called."""
    step = casework.states().step(kind, event.before, event.name)
    return said(step.label) if step is not None else look_up("case_event", event.name)


@register.filter
def became(finding: Publication) -> str:
    """Return what became of a finding."""
    return said(told(finding.version))


@register.filter
def ground_name(ground: str) -> str:
    """Return a ground of the law in words, with its article."""
    row = closing.terms("grounds").get(ground)
    return f"{said(row.text)} ({row.article})" if row is not None else ground


@register.filter
def prose(text: str) -> str:
    """Return a finding, answer or reply without the lines that stand on the page as verdicts and claims."""
    return answers.prose(text)


@register.filter
def lookup(names: dict[Any, str], key: Any) -> str:
    """Return the name of something, or what it is called by programs."""
    return names.get(key, str(key))
