"""The rung in force on every day, from what was known on that day.

An event counts from the day of its first fitting report and ages from the day on which it happened.
Going up is at once; going down waits until the rung in force has been without support for its
`hold`, so that a quiet week moves nothing. The same events in any order give the same course, and
an event that fits no condition changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dateline.ladders.writing import Condition, Ladder, Rung, conditions_of
from dateline.merge import Event, Report, Side


@dataclass(frozen=True, slots=True)
class Evidence:
    """An event that speaks for a condition, and what was known of it that day.

    `happened` is the ISO day from which it ages; `agencies` the independent origins that had told it by
    then; `reports` those of its reports that fit and were out.
    """

    event: Event
    happened: str
    agencies: tuple[str, ...]
    reports: tuple[Report, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One condition on one day. `short` are events that fit but are told by too few; `value` is an index's."""

    condition: Condition
    holds: bool
    evidence: tuple[Evidence, ...] = ()
    short: tuple[Evidence, ...] = ()
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Support:
    """All conditions of one rung on one day."""

    rung: Rung
    when: tuple[Finding, ...]
    either: tuple[Finding, ...]
    unless: tuple[Finding, ...]

    @property
    def holds(self) -> bool:
        """Whether the rung is reached by its conditions alone."""
        reached = all(f.holds for f in self.when) and (not self.either or any(f.holds for f in self.either))
        return reached and not any(f.holds for f in self.unless)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The events for it, each once, the newest last."""
        found = {e.event.id: e for f in (*self.when, *self.either) if f.holds for e in f.evidence}
        return tuple(sorted(found.values(), key=lambda e: (e.happened, e.event.id)))


@dataclass(frozen=True, slots=True)
class Standing:
    """One ladder on one day: the rung in force (`level`), since when, the highest one that is supported now.

    `lapsing` is the first day on which the rung in force was without support, None while it has it.
    """

    day: str
    level: int
    since: str
    supported: int
    lapsing: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """A move from one rung to another, and what brought it about."""

    day: str
    before: int
    after: int
    because: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """A ladder over days, in order, and its changes."""

    ladder: Ladder
    days: tuple[Standing, ...]
    changes: tuple[Change, ...]

    def on(self, day: str) -> Standing:
        """The standing on a day of the course. KeyError for a day outside it."""
        first = date.fromisoformat(self.days[0].day)
        k = (date.fromisoformat(day) - first).days
        if not 0 <= k < len(self.days):
            raise KeyError(day)
        return self.days[k]


# --------------------------------------------------------------------------- events and conditions


def of_party(side: Side, codes: Sequence[str]) -> bool:
    """Does a party match one of the codes: a country, "RUS/MIL", or an actor id?"""
    for code in codes:
        country, _, sector = code.partition("/")
        if side.id == code or (side.country == country and (not sector or sector in side.sectors)):
            return True
    return False


def _parties_fit(event: Event, c: Condition) -> bool:
    def has(sides: Iterable[Side], codes: Sequence[str]) -> bool:
        return any(of_party(side, codes) for side in sides)

    if c.source and not has(event.sources, c.source):
        return False
    if c.target and not has(event.targets, c.target):
        return False
    if c.between:
        one, other = c.between
        apart = has(event.sources, one) and has(event.targets, other)
        apart = apart or (has(event.sources, other) and has(event.targets, one))
        together = not event.targets and has(event.sources, one) and has(event.sources, other)
        return apart or together
    return True


def fits(event: Event, c: Condition) -> bool:
    """Whether an event is of the kind a condition asks for, leaving aside when and by whom it was told."""
    return (
        (not c.types or event.type in c.types)
        and (not c.modes or event.mode in c.modes)
        and (not c.contexts or any(context in event.contexts for context in c.contexts))
        and (not c.quad or event.quad in c.quad)
        and _parties_fit(event, c)
    )


def _happened(event: Event, day: str) -> str:
    """The day from which an event ages: when it ended, not later than `day`; else when it was told."""
    told = event.end or event.start or event.first or day
    return min(told, day)


def _figure(report: Report, unit: str) -> float:
    return max((amount.value for amount in report.quantities if amount.unit == unit), default=0.0)


class _Watch:
    """One condition with the events that can ever speak for it."""

    def __init__(self, condition: Condition, events: Iterable[Event], origins: Mapping[str, str]) -> None:
        self.condition = condition
        self._origins = origins
        self._events = [event for event in events if fits(event, condition)]

    def _known(self, day: str) -> list[Evidence]:
        """Fitting events as they were known on `day`, within the window."""
        c, found = self.condition, []
        oldest = (date.fromisoformat(day) - timedelta(days=c.within)).isoformat()
        for event in self._events:
            reports = tuple(r for r in event.reports if r.published and r.published <= day and self._speaks(r))
            happened = _happened(event, day)
            if not reports or happened < oldest or not self._figure_told(event, reports):
                continue
            agencies = tuple(sorted({self._origins[r.key] for r in reports}))
            found.append(Evidence(event, happened, agencies, reports))
        return sorted(found, key=lambda e: (e.happened, e.event.id))

    def _speaks(self, report: Report) -> bool:
        return report.status in self.condition.status and report.confidence >= self.condition.confidence

    def _figure_told(self, event: Event, reports: Sequence[Report]) -> bool:
        c = self.condition
        if c.unit is None or c.at_least is None:
            return True
        keys = {report.key for report in reports}
        spread = [f.high for f in event.figures if f.unit == c.unit and keys & set(f.reports)]
        return max([_figure(r, c.unit) for r in reports] + spread) >= c.at_least

    def on(self, day: str) -> Finding:
        """How the condition stands on `day`."""
        c, known = self.condition, self._known(day)
        if c.index is not None:
            return self._index(day, known)
        told = tuple(e for e in known if len(e.agencies) >= c.agencies)
        short = tuple(e for e in known if len(e.agencies) < c.agencies)
        return Finding(c, len(told) >= c.count, told, short)

    def _index(self, day: str, known: Sequence[Evidence]) -> Finding:
        c = self.condition
        value = self._sum(known, day)
        if c.trend is None:
            return Finding(c, value >= (c.at_least or 0.0), tuple(known), (), value)
        earlier = (date.fromisoformat(day) - timedelta(days=c.within)).isoformat()
        before = self._sum(self._known(earlier), earlier)
        holds = value > before if c.trend == "rising" else value < before
        return Finding(c, holds, tuple(known), (), value)

    def _sum(self, known: Iterable[Evidence], day: str) -> float:
        """Sum of scores, each halved with every `half_life` of age; conflict counts negative scores, turned round."""
        sign, total = (1.0 if self.condition.index == "cooperation" else -1.0), 0.0
        for evidence in known:
            age = (date.fromisoformat(day) - date.fromisoformat(evidence.happened)).days
            total += max(0.0, sign * (evidence.event.score or 0.0)) * 0.5 ** (age / self.condition.half_life)
        return total


def origins_of(events: Iterable[Event]) -> dict[str, str]:
    """Report key -> who is behind it: the agency, else the outlet, of its family's first story that names one."""
    families: dict[str, list[Report]] = defaultdict(list)
    for event in events:
        for report in event.reports:
            families[report.family or report.story].append(report)
    found: dict[str, str] = {}
    for family, reports in families.items():
        ranked = sorted(reports, key=lambda r: (r.published or "9999", r.key))
        names = [r.agency for r in ranked if r.agency] + [r.publisher for r in ranked if r.publisher]
        found |= dict.fromkeys((r.key for r in reports), names[0] if names else family)
    return found


# --------------------------------------------------------------------------- the course


class Runner:
    """Ladders over one set of events. `support` answers for any day; `course` walks all days."""

    def __init__(self, ladders: Sequence[Ladder], events: Iterable[Event]) -> None:
        self.ladders = ladders
        everything = sorted(events, key=lambda event: event.id)
        origins = origins_of(everything)
        self._watches = {
            id(c): _Watch(c, everything, origins) for one in ladders for c in conditions_of(one) if c.ladder is None
        }
        self.courses: dict[str, Course] = {}

    def support(self, rung: Rung, day: str) -> Support:
        """All conditions of a rung on a day."""

        def found(conditions: Sequence[Condition]) -> tuple[Finding, ...]:
            return tuple(self._finding(c, day) for c in conditions)

        return Support(rung, found(rung.when), found(rung.either), found(rung.unless))

    def _finding(self, c: Condition, day: str) -> Finding:
        if c.ladder is None:
            return self._watches[id(c)].on(day)
        course = self.courses[c.ladder]
        wanted = course.ladder.level(c.at or "")
        first = date.fromisoformat(course.days[0].day)
        last = (date.fromisoformat(day) - first).days
        span = course.days[max(0, last - c.lasting) : last + 1]
        holds = last >= c.lasting and all(standing.level >= wanted for standing in span)
        evidence = next((change.because for change in reversed(course.changes) if change.day <= day), ())
        return Finding(c, holds, evidence if holds else ())

    def walk(self, ladder: Ladder, first: date, last: date) -> Course:
        """The course of one ladder; those that it follows must have been walked before."""
        days: list[Standing] = []
        changes: list[Change] = []
        level, since, lapsing = 0, first.isoformat(), None
        for k in range((last - first).days + 1):
            today = first + timedelta(days=k)
            day = today.isoformat()
            supports = {n: self.support(rung, day) for n, rung in enumerate(ladder.rungs) if n}
            supported = max((n for n, support in supports.items() if support.holds), default=0)
            lapsing = (lapsing or day) if supported < level else None
            over = lapsing is not None and (today - date.fromisoformat(lapsing)).days >= ladder.rungs[level].hold
            if supported > level or over:
                because = supports[supported].evidence if supported else ()
                changes.append(Change(day, level, supported, because))
                level, since, lapsing = supported, day, None
            days.append(Standing(day, level, since, supported, lapsing))
        course = Course(ladder, tuple(days), tuple(changes))
        self.courses[ladder.name] = course
        return course


def run(ladders: Sequence[Ladder], events: Iterable[Event], first: str, last: str) -> Runner:
    """All ladders from day `first` to day `last` (ISO), in the order of `load`; their courses are in the answer."""
    runner = Runner(ladders, events)
    for ladder in ladders:
        runner.walk(ladder, date.fromisoformat(first), date.fromisoformat(last))
    return runner
