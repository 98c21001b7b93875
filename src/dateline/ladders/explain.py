"""A ladder's standing in words that a newcomer understands: the rung, why, what would move it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from dateline.ladders.running import Change, Course, Evidence, Finding, Runner, Support
from dateline.merge import Side

_SHOWN = 4  # events that are shown for one condition, the newest


def explain(runner: Runner, name: str, day: str) -> str:
    """Ladder `name` on `day` (ISO) as plain text. KeyError for a day or a ladder that was not run."""
    course = runner.courses[name]
    standing = course.on(day)
    rungs = course.ladder.rungs
    here = rungs[standing.level]
    lines = [
        f"{course.ladder.name}, {day}: '{here.name}' (rung {standing.level} of {len(rungs) - 1}), since {standing.since}."
    ]
    lines += [f"  {text}" for text in (course.ladder.about, here.about) if text]
    if standing.level:
        support = runner.support(here, day)
        lines += ["", "Why it stands there:" if support.holds else "Nothing supports it any more:"]
        lines += list(_told(support))
        if standing.lapsing is not None:
            falls = date.fromisoformat(standing.lapsing) + timedelta(days=here.hold)
            lines.append(
                f"  It has had no support since {standing.lapsing} and is held for {here.hold} days: "
                f"unless new evidence comes it falls to '{rungs[standing.supported].name}' on {falls}."
            )
    lines += ["", *_upward(runner, course, standing.level, day)]
    lines += ["", *_downward(course, standing.level)]
    lines += ["", tell_changes(course, day)]
    return "\n".join(lines)


def _upward(runner: Runner, course: Course, level: int, day: str) -> Iterator[str]:
    rungs = course.ladder.rungs
    if level + 1 >= len(rungs):
        yield "It can go no higher."
        return
    above = rungs[level + 1]
    yield f"What would move it up to '{above.name}':"
    yield from _told(runner.support(above, day))


def _downward(course: Course, level: int) -> Iterator[str]:
    if level == 0:
        yield "It is on its lowest rung and can go no lower."
        return
    here = course.ladder.rungs[level]
    yield f"What would move it down: {here.hold} days in a row on which the conditions of '{here.name}' do not hold."


def _told(support: Support) -> Iterator[str]:
    kinds = (("and", support.when), ("or", support.either), ("unless", support.unless))
    for joint, findings in kinds:
        for finding in findings:
            yield from _condition(finding, joint)


def _condition(finding: Finding, joint: str) -> Iterator[str]:
    if joint == "unless":
        mark = "stands in the way" if finding.holds else "is not the case"
    else:
        mark = "holds" if finding.holds else "does not hold"
    start = {"and": "", "or": "any of: ", "unless": "unless "}[joint]
    value = f" (now {finding.value:.1f})" if finding.value is not None else ""
    yield f"  - {start}{finding.condition.words}: {mark}{value}."
    for evidence in finding.evidence[-_SHOWN:]:
        yield f"      {_event(evidence)}"
    if len(finding.evidence) > _SHOWN:
        yield f"      and {len(finding.evidence) - _SHOWN} earlier ones"
    for evidence in finding.short[-_SHOWN:]:
        need = finding.condition.agencies - len(evidence.agencies)
        yield f"      lacks {need} more independent source{'s' if need > 1 else ''}: {_event(evidence)}"
    missing = finding.condition.count - len(finding.evidence)
    if not finding.holds and joint != "unless" and 0 < missing < finding.condition.count:
        yield f"      {missing} more such event{'s' if missing > 1 else ''} would do"


def _event(evidence: Evidence) -> str:
    event, first = evidence.event, evidence.reports[0]
    source, target = _named(event.sources), _named(event.targets)
    who = f"{source or '?'} > {target}" if target else source
    sentence = " ".join(first.sentence.split())
    return f'{evidence.happened} {event.type} {who} ({", ".join(evidence.agencies)}; event {event.id}): "{sentence}"'


def _named(sides: Sequence[Side]) -> str:
    """Parties with one name a country: the state's own where it stands there, else the first."""
    names: dict[str, str] = {}
    for side in sorted(sides, key=lambda side: not side.id.startswith("country:")):
        names.setdefault(side.country or side.id, side.name)
    return "+".join(names.values())


def tell_changes(course: Course, day: str) -> str:
    """What changed since the day before, in a sentence or more."""
    today = [change for change in course.changes if change.day == day]
    if today:
        return "\n".join(_change(course, change) for change in today)
    last = next((change for change in reversed(course.changes) if change.day < day), None)
    if last is None:
        return "Nothing has changed since yesterday, nor at any time before."
    return f"Nothing has changed since yesterday. {_change(course, last)}"


def _change(course: Course, change: Change) -> str:
    rungs = course.ladder.rungs
    verb = "rose" if change.after > change.before else "fell"
    line = f"On {change.day} it {verb} from '{rungs[change.before].name}' to '{rungs[change.after].name}'"
    if not change.because:
        return f"{line}: nothing supported the higher rung any more."
    return f"{line} because of:\n" + "\n".join(f"      {_event(one)}" for one in change.because[-_SHOWN:])
