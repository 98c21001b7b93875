"""A cluster of reports summed up as one event: what they agree on, and all that they do not.

Nothing is averaged away: figures are given as a spread, and disagreements as contradictions, with
the two reports that disagree. An event's own fields are what most of its reports say.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from dateline.merge import likeness, sides
from dateline.merge.figures import figures, shown
from dateline.merge.reports import (
    Amount,
    ConflictKind,
    Contradiction,
    Event,
    Figure,
    Report,
    Side,
    Spot,
    Stage,
)
from dateline.records import Status

_NEVER = "9999-12-31"  # sorts after every day
_ABOUT = 0.1  # "about 100" may be 90 or 110
_SAME_TIME = 1  # days within which two tolls are rival, not a later and an earlier count


@dataclass(frozen=True, slots=True)
class Node:
    """One report and all its copies, the most original first; `origin` is who is behind it, counted once."""

    reports: tuple[Report, ...]
    origin: str = ""

    @property
    def report(self) -> Report:
        """The report that speaks for its copies."""
        return self.reports[0]

    @property
    def family(self) -> str:
        """Stories of one family are one source."""
        return self.report.family or self.report.story

    @property
    def day(self) -> str:
        """The day on which it was first told; after all others when nobody knows."""
        return min((report.published for report in self.reports if report.published), default=_NEVER)


def origins(nodes: Iterable[Node]) -> dict[str, str]:
    """Family -> who is behind it: its agency, else the outlet of its original, else the family itself."""
    members: dict[str, list[Report]] = defaultdict(list)
    for node in nodes:
        members[node.family].extend(node.reports)
    found = {}
    for family, reports in members.items():
        ranked = sorted(reports, key=lambda report: (report.story != family, report.published or "9999", report.key))
        agencies = [report.agency for report in ranked if report.agency]
        outlets = [report.publisher for report in ranked if report.publisher]
        found[family] = next(iter(agencies + outlets), family)
    return found


def sum_up(nodes: Sequence[Node], others: Sequence[Node] = ()) -> Event:
    """The event of a cluster of nodes; the same whatever their order.

    `others` are reports of other acts that speak of this one: threats to do it, and denials of it.
    """
    threats, denials = ([node for node in others if likeness.is_denial(node.report) is no] for no in (False, True))
    known = origins(nodes)
    nodes = sorted(
        (replace(node, origin=known[node.family]) for node in nodes),
        key=lambda node: (node.day, node.report.content, node.report.key),
    )
    kind, mode = _most(nodes, lambda report: (report.type, report.mode))
    kin = [node for node in nodes if node.report.type == kind]
    main = _main_version(kin)
    place = _place(nodes)
    start, end = _days(kin)
    days = sorted(report.published for node in nodes for report in node.reports if report.published)
    pattern = next(node.report for node in kin if node.report.mode == mode)
    return Event(
        id=_id(nodes[0]), type=kind, mode=mode, quad=pattern.quad, score=pattern.score,
        contexts=tuple(sorted({context for node in nodes for context in node.report.contexts})),
        sources=_sides(main, lambda report: report.sources), targets=_sides(main, lambda report: report.targets),
        start=start, end=end, place=place,
        reports=tuple(sorted((r for node in nodes for r in node.reports), key=lambda r: (r.published or "9999", r.key))),
        first=days[0] if days else None, last=days[-1] if days else None,
        agencies=tuple(sorted({node.origin for node in nodes if node.origin})),
        speakers=tuple(sorted({side.name for node in nodes for side in node.report.speakers})),
        figures=tuple(_figures(nodes)), contradictions=(*_contradictions(nodes), *_denied(nodes, denials)),
        history=(*_spoken("threatened", threats), *_history(nodes), *_spoken("denied", denials)), status=_status(nodes),
        confidence=max(node.report.confidence for node in nodes),
    )  # fmt: skip


def _id(first: Node) -> str:
    """Named after what its earliest report says, not after who carries it: a copy changes nothing."""
    told = f"{first.report.content} {first.day}"
    return "e" + hashlib.blake2b(told.encode(), digest_size=6).hexdigest()


def _most(nodes: Sequence[Node], of: Callable[[Report], tuple[str, str | None]]) -> tuple[str, str | None]:
    """Type and mode that most reports give; what was done outranks what was threatened."""
    types = Counter(of(node.report)[0] for node in nodes)
    done = {of(node.report)[0] for node in nodes if node.report.status == "asserted"}
    kind = min(types, key=lambda name: (name not in done, name == "THREATEN", -types[name], name))
    modes = Counter(of(node.report)[1] for node in nodes if of(node.report)[0] == kind)
    return kind, min(modes, key=lambda name: (name is None, -modes[name], name or ""))


def _main_version(nodes: Sequence[Node]) -> list[Node]:
    """The reports that name the parties as most do: in a dispute on who did it, only one side's."""
    votes: Counter[tuple[Side, ...]] = Counter(node.report.sources for node in nodes if node.report.sources)
    if not votes:
        return list(nodes)
    told = {node.report.sources: node.day for node in reversed(nodes)}
    chosen = min(votes, key=lambda some: (-votes[some], told[some], [side.id for side in some]))
    return [node for node in nodes if not sides.strangers(node.report.sources, chosen)]


def _sides(nodes: Sequence[Node], of: Callable[[Report], tuple[Side, ...]]) -> tuple[Side, ...]:
    """Everybody named in one role, most often named first, each id once."""
    count = Counter(side.id or side.name for node in nodes for side in of(node.report))
    known = {side.id or side.name: side for node in reversed(nodes) for side in of(node.report)}
    return tuple(known[name] for name in sorted(known, key=lambda name: (-count[name], name)))


def _place(nodes: Sequence[Node]) -> Spot | None:
    """The place that most name, a city before a country."""
    found = [node.report.place for node in nodes if node.report.place is not None]
    count = Counter((spot.geonameid, spot.name) for spot in found)

    def rank(spot: Spot) -> tuple[bool, int, str, str]:
        return spot.precision in ("country", "region"), -count[(spot.geonameid, spot.name)], spot.name, repr(spot)

    return min(found, key=rank, default=None)


def _days(nodes: Sequence[Node]) -> tuple[str | None, str | None]:
    """The days that most reports tell, told days before guessed ones, short stretches before long ones."""
    found = Counter(days for node in nodes if (days := _stretch(node.report)))
    told = {_stretch(node.report) for node in nodes if likeness.is_told(node.report)}
    happened = {_stretch(node.report) for node in nodes if node.report.status == "asserted"}

    def rank(days: tuple[str, str]) -> tuple[bool, bool, int, int, tuple[str, str]]:
        length = (likeness.ordinal(days[1]) or 0) - (likeness.ordinal(days[0]) or 0)
        return days not in happened, days not in told, -found[days], length, days

    return min(found, key=rank) if found else (None, None)


def _stretch(report: Report) -> tuple[str, str] | None:
    return (report.start, report.end or report.start) if report.start else None


# --------------------------------------------------------------------------- over time


def _status(nodes: Sequence[Node]) -> Status:
    """How things stand: done when anybody says so, unless the same source takes it back; else the latest word."""
    asserted = [node for node in nodes if node.report.status == "asserted" and not _taken_back(node, nodes)]
    if asserted:
        return "asserted"
    if any(node.report.status == "historical" for node in nodes):
        return "historical"
    return nodes[-1].report.status if nodes[-1].report.status != "asserted" else "negated"


def _taken_back(node: Node, nodes: Sequence[Node]) -> bool:
    """Whether the one who told it says later that it is not so."""
    return any(
        other.report.status == "negated" and other.day > node.day and other.origin == node.origin
        and _speakers(other) == _speakers(node)
        for other in nodes
    )  # fmt: skip


def _speakers(node: Node) -> frozenset[str]:
    return frozenset(side.id or side.name for side in node.report.speakers)


def _history(nodes: Sequence[Node]) -> Iterator[tuple[str, Stage, str]]:
    """A line for each report, copies apart, in the order of the days."""
    seen: list[Node] = []
    for node in nodes:
        yield (node.day if node.day < _NEVER else ""), _stage(node, seen), node.report.key
        seen.append(node)


def _spoken(stage: Stage, others: Sequence[Node]) -> Iterator[tuple[str, Stage, str]]:
    """What other events say of this one: the threats before it, the denials after."""
    for node in sorted(others, key=lambda node: (node.day, node.report.content, node.report.key)):
        yield (node.day if node.day < _NEVER else ""), stage, node.report.key


def _stage(node: Node, earlier: Sequence[Node]) -> Stage:
    report = node.report
    if report.status == "negated":
        return "denied"
    if report.type == "THREATEN" or report.status == "hypothetical":
        return "threatened"
    if report.status == "future":
        return "announced"
    done = [other for other in earlier if other.report.status == "asserted" and other.report.type != "THREATEN"]
    if report.status == "historical" and not done:
        return "recalled"
    independent = any(other.origin != node.origin for other in done)
    return "confirmed" if independent or (done and _admitted(report)) else "begun"


def _admitted(report: Report) -> bool:
    """Whether the one who acted says so."""
    return bool(report.speakers) and (sides.likeness(report.speakers, report.sources) or 0) >= sides.WORTH["nested"]


# --------------------------------------------------------------------------- figures


def _bounds(amount: Amount) -> tuple[float, float]:
    """Least and most that a figure can mean."""
    if amount.bound == "min":
        return amount.value, float("inf")
    if amount.bound == "max":
        return 0.0, amount.value
    slack = _ABOUT * amount.value if amount.bound == "about" else 0.0
    return amount.value - slack, amount.value + slack


def _by_label(nodes: Sequence[Node]) -> Mapping[str, list[tuple[Node, Amount]]]:
    found: dict[str, list[tuple[Node, Amount]]] = defaultdict(list)
    for node in nodes:
        for name, amount in figures(node.report):
            found[name].append((node, amount))
    return found


def _figures(nodes: Sequence[Node]) -> Iterator[Figure]:
    for name, told in sorted(_by_label(nodes).items()):
        values = [amount.value for _, amount in told]
        keys = sorted({report.key for node, _ in told for report in node.reports})
        yield Figure(shown(name, (amount for _, amount in told)), min(values), max(values), tuple(keys))


# --------------------------------------------------------------------------- contradictions


def _contradictions(nodes: Sequence[Node]) -> Iterator[Contradiction]:
    """Everything that two reports disagree about, each disagreement once, by its earliest two reports."""
    seen: set[tuple[str, ...]] = set()
    for one, other in combinations(nodes, 2):
        for kind, about, text in _disagreements(one, other):
            if (kind, *about) not in seen:
                seen.add((kind, *about))
                yield Contradiction(kind, (one.report.key, other.report.key), text)


def _denied(nodes: Sequence[Node], denials: Sequence[Node]) -> Iterator[Contradiction]:
    """The denials that are events of their own, against the first report that asserts what they deny."""
    yes = next((node for node in nodes if node.report.status == "asserted"), None)
    for no in sorted(denials, key=lambda node: (node.day, node.report.content, node.report.key)):
        if yes is not None:
            text = f"{_names(no.report.sources)} denies what {_who(yes)} asserts"
            yield Contradiction("denied", (yes.report.key, no.report.key), text)


def _disagreements(one: Node, other: Node) -> Iterator[tuple[ConflictKind, tuple[str, ...], str]]:
    """(kind, what makes it the same disagreement elsewhere, sentence)."""
    ours, theirs = one.report, other.report
    if {ours.status, theirs.status} == {"asserted", "negated"}:
        yes, no = (one, other) if ours.status == "asserted" else (other, one)
        yield "denied", (_who(no),), f"{_who(no)} denies what {_who(yes)} asserts"
    if ours.status != theirs.status and "asserted" not in (ours.status, theirs.status):
        return
    for role, mine, yours in (("source", ours.sources, theirs.sources), ("target", ours.targets, theirs.targets)):
        if sides.strangers(mine, yours) and not _crossed(ours, theirs):
            text = f"the {role} is {_names(mine)} for {_who(one)}, {_names(yours)} for {_who(other)}"
            yield "parties", (role, _names(mine), _names(yours)), text
    yield from _dates(one, other)
    yield from _tolls(one, other)
    yield from _places(one, other)


def _crossed(ours: Report, theirs: Report) -> bool:
    """Whether the parties of an act without direction merely changed places."""
    if not likeness.mutual(ours, theirs):
        return False
    return not sides.strangers((*ours.sources, *ours.targets), (*theirs.sources, *theirs.targets))


def _dates(one: Node, other: Node) -> Iterator[tuple[ConflictKind, tuple[str, ...], str]]:
    ours, theirs = one.report, other.report
    if not (likeness.is_told(ours) and likeness.is_told(theirs)) or {ours.status, theirs.status} != {"asserted"}:
        return
    mine, yours = _stretch(ours) or ("", ""), _stretch(theirs) or ("", "")
    if max(mine[0], yours[0]) > min(one.day, other.day):
        return  # what was told on Monday did not happen on Tuesday: that day is of something else
    if max(mine[0], yours[0]) > min(mine[1], yours[1]):
        yield (
            "date",
            tuple(sorted({*mine, *yours})),
            f"{_days_text(mine)} for {_who(one)}, {_days_text(yours)} for {_who(other)}",
        )


def _days_text(days: tuple[str, str]) -> str:
    return days[0] if days[0] == days[1] else f"{days[0]} to {days[1]}"


def _tolls(one: Node, other: Node) -> Iterator[tuple[ConflictKind, tuple[str, ...], str]]:
    """Figures for one thing that can't both be right; a later, higher count by day is no contradiction."""
    mine, yours = _by_label([one]), _by_label([other])
    for name in sorted(set(mine) & set(yours)):
        for _, a in mine[name]:
            for _, b in yours[name]:
                (low, high), (least, most) = _bounds(a), _bounds(b)
                if max(low, least) <= min(high, most) or _grown(one, a, other, b):
                    continue
                text = f"{shown(name, (a, b))}: {a.value:g} for {_who(one)}, {b.value:g} for {_who(other)}"
                yield "toll", (name, f"{a.value:g}", f"{b.value:g}"), text


def _grown(one: Node, a: Amount, other: Node, b: Amount) -> bool:
    """Whether the later count of two is the higher one: tolls rise while bodies are found."""
    early, late = (likeness.ordinal(node.day[:10]) or 0 for node in (one, other))
    if one.origin == other.origin and not (one.report.speakers or other.report.speakers):
        return True  # the same source puts its own figure right
    return (late - early > _SAME_TIME and b.value > a.value) or (early - late > _SAME_TIME and a.value > b.value)


def _places(one: Node, other: Node) -> Iterator[tuple[ConflictKind, tuple[str, ...], str]]:
    mine, yours = one.report.place, other.report.place
    if mine is None or yours is None or {mine.precision, yours.precision} & {"country", "region"}:
        return
    same = mine.name.casefold() == yours.name.casefold() or (mine.geonameid == yours.geonameid and mine.geonameid)
    if not same:
        yield (
            "place",
            tuple(sorted((mine.name, yours.name))),
            f"{mine.name} for {_who(one)}, {yours.name} for {_who(other)}",
        )


def _who(node: Node) -> str:
    """On whose word a report stands: its speakers, else the source that carries it."""
    return _names(node.report.speakers) if node.report.speakers else node.origin or node.family


def _names(some: Sequence[Side]) -> str:
    return " and ".join(side.name for side in some) or "nobody named"
