"""Ladders: graded responses that an analyst writes down, and the phase that the events call for.

A ladder is a list of rungs in a TOML file; each rung says in conditions over events when it is
reached. `load` reads and checks a file, `run` gives the rung of every day with the evidence that
was known on that day, `explain` says it in words. Nothing here sees the future: on each day only
reports published by then count. It refuses conditions that it does not know: a misspelt word is
an error, never a condition that always holds.
"""

from __future__ import annotations

from dateline.ladders.explain import explain, tell_changes
from dateline.ladders.running import Change, Course, Evidence, Runner, Standing, run
from dateline.ladders.writing import Condition, Ladder, Rung, load

__all__ = [
    "Change",
    "Condition",
    "Course",
    "Evidence",
    "Ladder",
    "Rung",
    "Runner",
    "Standing",
    "explain",
    "load",
    "run",
    "tell_changes",
]
