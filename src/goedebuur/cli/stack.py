"""The group of commands about emission points: streams, raw values, measurements, tests of instruments, verdicts."""

from __future__ import annotations

import click

from goedebuur.cli import (
    stack_attention,
    stack_averages,
    stack_checking,
    stack_events,
    stack_measuring,
    stack_points,
    stack_tests,
    stack_verdicts,
)
from goedebuur.cli.options import Group


@click.group(cls=Group)
def stack() -> None:
    """Emission points: their table set, checks of raw values, averages, tests of instruments, and verdicts."""


for _command in (
    stack_points.points,
    stack_points.streams_,
    stack_points.signals,
    stack_points.template,
    stack_points.export,
    stack_points.import_,
    stack_checking.check,
    stack_checking.load,
    stack_averages.averages,
    stack_averages.differences,
    stack_averages.refresh,
    stack_tests.tests,
    stack_measuring.control,
    stack_measuring.representative,
    stack_measuring.coverage,
    stack_verdicts.verdicts,
    stack_verdicts.explain,
    stack_verdicts.claims,
    stack_verdicts.answer,
    stack_events.peaks,
    stack_events.alerts,
    stack_events.diffuse,
    stack_events.totals,
    stack_events.calendar,
    stack_attention.attention,
):
    stack.add_command(_command)
