"""A ladder over an archive's past: the spells on each rung, and how they compare with what was intended."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from dateline.errors import InputError
from dateline.ladders.running import Course
from dateline.ladders.writing import Ladder


@dataclass(frozen=True, slots=True)
class Spell:
    """An unbroken stay on one rung, both days included; `evidence` are ids of the events that brought it."""

    ladder: str
    rung: str
    first: str
    last: str
    days: int
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """A course against intentions: days on the intended rung, and (intended day, rung, day found or None) of each move."""

    days: int
    right: int
    moves: tuple[tuple[str, str, str | None], ...]
    extra: tuple[tuple[str, str], ...]


def spells(course: Course) -> list[Spell]:
    """The stays of a course in order."""
    because = {change.day: tuple(e.event.id for e in change.because) for change in course.changes}
    rungs, found = course.ladder.rungs, list[Spell]()
    for standing in course.days:
        if found and rungs[standing.level].name == found[-1].rung:
            last = found.pop()
            found.append(Spell(last.ladder, last.rung, last.first, standing.day, last.days + 1, last.evidence))
        else:
            name = rungs[standing.level].name
            found.append(Spell(course.ladder.name, name, standing.day, standing.day, 1, because.get(standing.day, ())))
    return found


def intentions(path: Path, ladders: Sequence[Ladder]) -> dict[str, list[tuple[str, str]]]:
    """Ladder -> (day, rung from that day on), from a CSV file with columns day, ladder, rung. InputError names the line."""
    known = {ladder.name: [rung.name for rung in ladder.rungs] for ladder in ladders}
    found: dict[str, list[tuple[str, str]]] = {}
    with path.open(encoding="utf-8", newline="") as handle:
        rows = csv.DictReader(handle)
        if set(rows.fieldnames or ()) < {"day", "ladder", "rung"}:
            raise InputError(f"{path}: the columns are {rows.fieldnames}; give day, ladder and rung")
        for row in rows:
            where = f"{path}:{rows.line_num}"
            if row["ladder"] not in known:
                raise InputError(
                    f"{where}: ladder '{row['ladder']}' is not in the ladder file; it has {', '.join(known)}"
                )
            if row["rung"] not in known[row["ladder"]]:
                raise InputError(f"{where}: no rung '{row['rung']}'; there are {', '.join(known[row['ladder']])}")
            try:
                day = date.fromisoformat(row["day"]).isoformat()
            except ValueError:
                raise InputError(f"{where}: day '{row['day']}'; write it like 2031-03-01") from None
            found.setdefault(row["ladder"], []).append((day, row["rung"]))
    return {name: sorted(rows) for name, rows in found.items()}


def compare(course: Course, intended: Sequence[tuple[str, str]]) -> Agreement:
    """How a course keeps to what was intended; the lowest rung is intended before the first entry."""
    rungs = course.ladder.rungs
    steps = [*_steps(course, intended)]
    right = sum(rungs[standing.level].name == rung for standing, rung in zip(course.days, steps, strict=True))
    made = {(change.day, rungs[change.after].name) for change in course.changes}
    moves = []
    for day, rung in intended:
        exact = (day, rung) in made
        near = sorted((abs((date.fromisoformat(d) - date.fromisoformat(day)).days), d) for d, r in made if r == rung)
        moves.append((day, rung, day if exact else near[0][1] if near and near[0][0] <= 30 else None))
    met = {(found, rung) for _, rung, found in moves if found}
    return Agreement(len(steps), right, tuple(moves), tuple(sorted(made - met)))


def _steps(course: Course, intended: Sequence[tuple[str, str]]) -> Iterator[str]:
    rung, todo = course.ladder.rungs[0].name, [*intended]
    first = date.fromisoformat(course.days[0].day)
    for k in range(len(course.days)):
        day = (first + timedelta(days=k)).isoformat()
        while todo and todo[0][0] <= day:
            rung = todo.pop(0)[1]
        yield rung
