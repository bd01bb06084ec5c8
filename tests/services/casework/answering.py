"""Published verdicts with two days that are too high, and a finding about them that a company is to answer."""

from __future__ import annotations

from datetime import timedelta

from tests.core.permits.decisions import decision
from tests.services.casework.people import Story
from tests.services.deliveries import NOW
from tests.services.stacks import ALL, PROCESSING
from tests.services.test_emission_verdicts import CONFIRMED, RULES, SHOWN, YEAR, Given

from goedebuur.core.casework.cases import Given as Filled
from goedebuur.core.compliance.emissions.answers import Named, Written
from goedebuur.services import emission_results, permits, streams
from goedebuur.services.record import Record

VALUES = "@2026-03-03T00:00 8x500 40x114 2x1000 46x114"
THIRD = Written("K1", "abnormal_operation", "2026-03-03T00:00", "2026-03-03T04:00", "doek gescheurd")
FOURTH = Written("K1", "abnormal_operation", "2026-03-04T00:00", "2026-03-04T01:00", "kalk op")


def judged(record: Record, values: str = VALUES) -> Named:
    """Publish verdicts, and return what a finding calls the one on the day."""
    streams.put(record, [CONFIRMED if one == PROCESSING else one for one in ALL], NOW)
    permits.publish(record, decision("regels", "2023-01-01", site="werk", general_rules=RULES, example=True), NOW)
    leaf = emission_results.publish(record, "werk", YEAR, Given(values), NOW + timedelta(days=1), SHOWN)
    return Named("werk", YEAR, "K1-nox", "nox-day", leaf)


def heard(story: Story, named: Named) -> Story:
    """Return the story in which the company is to answer a finding about a verdict."""
    story.begin()
    text = f"Twee dagen waren te hoog.\n\n{named.line()}"
    story.act("writer", "edit", Filled(subject="NOx in maart", text=text, emissions=True))
    story.act("writer", "submit")
    story.act("officer", "notify")
    return story
