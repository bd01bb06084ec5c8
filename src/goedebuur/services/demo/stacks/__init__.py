"""Simulated stacks: minute values of a waste incinerator and a steel works that do not exist, faults and all.

It stands apart. Nothing but the demonstration, the tests and the benchmarks may import it, and it imports nothing
that checks or judges (the contracts are in `pyproject.toml`): what finds a planted defect cannot know how it was
planted. Every seed gives another year.
"""

from goedebuur.services.demo.stacks.simulating import PointRun, simulate

__all__ = ["PointRun", "simulate"]
