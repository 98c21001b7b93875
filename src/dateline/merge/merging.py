"""Reports into events: find the pairs worth comparing, compare them, cluster, and sum each cluster up.

`merge` is pure: the same set of reports and rulings gives the same events, whatever the order, and
what it makes of a report depends on nothing but the reports that it hangs together with. That is
what lets an archive merge only the neighbourhood of new reports (`neighbourhood`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations

from dateline.merge.clusters import Pair, cluster, components
from dateline.merge.likeness import (
    COMPATIBLE,
    DENIABLE,
    DRIFT,
    LINK,
    THREATENED,
    Likeness,
    Sketch,
    compare,
    is_denial,
    reach,
    sketch,
)
from dateline.merge.reports import Event, Report
from dateline.merge.rulings import NONE, Rulings
from dateline.merge.summing import Node, sum_up

KEEP = 520
"""Thousandths: two clusters join while the mean score over all their pairs is at least this."""

_MET = sorted(COMPATIBLE | THREATENED, key=sorted)
_FAMILY = 0.97  # least score of two versions of one wire story that use the same words
_VERSIONS = 0.6  # share of words from which two reports of one family are one sentence in two versions


@dataclass(frozen=True, slots=True)
class Group:
    """Reports that hang together, and the events they make: what stays as it is until one of them changes."""

    reports: tuple[Report, ...]
    events: tuple[Event, ...]


def merge(reports: Iterable[Report], rulings: Rulings = NONE) -> list[Event]:
    """The events behind `reports`, in the order of their first day and id. A report given twice counts once."""
    return sorted((event for group in groups(reports, rulings) for event in group.events), key=_order)


def groups(reports: Iterable[Report], rulings: Rulings = NONE) -> list[Group]:
    """The same, with the reports that hang together through likeness or rulings kept together."""
    nodes = _nodes(reports, rulings)
    sketches = [sketch(node.report) for node in nodes]
    scores = {both: found for both in _candidates(sketches) if (found := _score(sketches, both))}
    links = [both for both, found in scores.items() if found >= LINK * 1000]
    together, apart = _between(nodes, rulings.together), _between(nodes, rulings.apart)
    made = []
    for members in components(len(nodes), [*links, *together]):
        pairs = (both for both in combinations(members, 2) if both in scores)
        inside = {both: scores[both] for both in pairs if not _about_another(nodes, both)}
        clusters = cluster(members, inside, keep=KEEP, together=together, apart=apart)
        events = tuple(
            sum_up([nodes[i] for i in some], _speaking_of(some, members, nodes, scores)) for some in clusters
        )
        held = sorted((report for i in members for report in nodes[i].reports), key=lambda report: report.key)
        made.append(Group(tuple(held), _named_apart(events)))
    return sorted(made, key=lambda group: group.reports[0].key)


def _about_another(nodes: Sequence[Node], both: Pair) -> bool:
    """Whether one report is a threat or a denial of what the other tells: two events, one of which speaks of the other."""
    ours, theirs = (nodes[i].report for i in both)
    return frozenset((ours.type, theirs.type)) in THREATENED or is_denial(ours) != is_denial(theirs)


def _speaking_of(
    some: Sequence[int], members: Sequence[int], nodes: Sequence[Node], scores: Mapping[Pair, int]
) -> list[Node]:
    """The threats to do, and the denials of, what this cluster tells of: events of their own that speak of this one."""
    first = nodes[some[0]].report
    if first.type == "THREATEN" or is_denial(first):
        return []
    others = (i for i in members if nodes[i].report.type == "THREATEN" or is_denial(nodes[i].report))
    pairs = {i: [(min(i, j), max(i, j)) for j in some] for i in others}
    return [nodes[i] for i, both in pairs.items() if max(scores.get(pair, 0) for pair in both) >= LINK * 1000]


def _order(event: Event) -> tuple[str, str]:
    return event.first or "9999", event.id


def _named_apart(events: tuple[Event, ...]) -> tuple[Event, ...]:
    """Events split by hand out of one text have one id: all but the first get a number."""
    seen: dict[str, int] = defaultdict(int)
    named = []
    for event in sorted(events, key=lambda event: (event.id, event.reports[0].key)):
        seen[event.id] += 1
        named.append(event if seen[event.id] == 1 else replace(event, id=f"{event.id}-{seen[event.id]}"))
    return tuple(sorted(named, key=_order))


# --------------------------------------------------------------------------- copies


def _nodes(reports: Iterable[Report], rulings: Rulings) -> list[Node]:
    """One node for all copies of one report, in an order that only their content decides.

    A copy that a ruling names stands alone: a person may know better than its text.
    """
    named = {key for both in rulings.apart for key in both}
    unique = {report.key: report for report in reports}
    copies: dict[tuple[str, str, str], list[Report]] = defaultdict(list)
    for report in unique.values():
        own = report.key if report.key in named else ""
        copies[(report.content, report.family or report.story, own)].append(report)
    nodes = [Node(tuple(sorted(same, key=_originality))) for same in copies.values()]
    return sorted(nodes, key=lambda node: (node.report.content, node.report.published or "", node.report.key))


def _originality(report: Report) -> tuple[bool, str, str]:
    """The story that named the family comes first, then the earliest."""
    return report.family not in ("", report.story), report.published or "9999", report.key


def _between(nodes: Sequence[Node], keys: Set[tuple[str, str]]) -> frozenset[Pair]:
    """Pairs of report keys as pairs of nodes."""
    if not keys:
        return frozenset()
    of = {report.key: i for i, node in enumerate(nodes) for report in node.reports}
    found = ((of[a], of[b]) for a, b in keys if a in of and b in of)
    return frozenset((min(a, b), max(a, b)) for a, b in found if a != b)


# --------------------------------------------------------------------------- pairs


def blocks(about: Sketch) -> Iterator[str]:
    """Names of the blocks of a report: type or pair of types, country of a party or the place, week.

    Two reports that share no block are never compared. A report without any country is in "-".
    """
    report = about.report
    types = [report.type, *("+".join(sorted(both)) for both in _MET if report.type in both)]
    types += [f"denial+{kind}" for kind in (DENIABLE if is_denial(report) else [report.type])]
    countries = {side.country for side in (*report.sources, *report.targets) if side.country}
    if report.place is not None and report.place.country:
        countries.add(report.place.country)
    for week in _weeks(about):
        for kind in types:
            yield from (f"{kind} {country} {week}" for country in sorted(countries) or ["-"])


def _weeks(about: Sketch) -> Sequence[int | str]:
    """The weeks that the act may fall into, with the days by which dates drift; at most ten."""
    begun, ended = reach(about)
    if begun is None or ended is None:
        return ["-"]
    first, last = (begun - DRIFT) // 7, (ended + DRIFT) // 7
    return range(max(first, last - 9), last + 1)


def _candidates(sketches: Sequence[Sketch]) -> list[Pair]:
    """Every pair of reports that shares a block, once, in order."""
    held: dict[str, list[int]] = defaultdict(list)
    for i, about in enumerate(sketches):
        for block in blocks(about):
            held[block].append(i)
    found: set[Pair] = set()
    for block, members in held.items():
        mixed = "+" in block.partition(" ")[0]
        for a, b in combinations(members, 2):
            if not mixed or sketches[a].report.type != sketches[b].report.type:
                found.add((a, b))
    return sorted(found)


def _score(sketches: Sequence[Sketch], both: Pair) -> int:
    """The score of a pair in thousandths."""
    one, other = sketches[both[0]], sketches[both[1]]
    return score(one, other, compare(one, other))


def score(one: Sketch, other: Sketch, found: Likeness) -> int:
    """The score of a pair in thousandths: versions of one wire story need little more than the same words."""
    if found.veto:
        return 0
    ours, theirs = one.report, other.report
    versions = ours.family and ours.family == theirs.family and ours.story != theirs.story
    if versions and ours.type == theirs.type and (found.words or 0) >= _VERSIONS:
        return round(1000 * max(found.score, _FAMILY))
    return round(1000 * found.score)


# --------------------------------------------------------------------------- neighbourhoods


def span(report: Report) -> tuple[str | None, str | None]:
    """First and last ISO day on which the act may have happened, both None when nothing tells: what blocks go by."""
    first, last = reach(sketch(report))
    if first is None or last is None:
        return None, None
    return date.fromordinal(max(1, first)).isoformat(), date.fromordinal(last).isoformat()


def linked(new: Sequence[Report], held: Sequence[Report], rulings: Rulings = NONE) -> set[str]:
    """Keys of those `held` reports with which one of the `new` ones hangs together directly."""
    sketches = [sketch(report) for report in (*new, *held)]
    found: set[str] = set()
    for a, b in _candidates(sketches):
        if (a < len(new) <= b) and _score(sketches, (a, b)) >= LINK * 1000:
            found.add(sketches[b].report.key)
    keys = {report.key for report in new}
    ours = {report.key for report in held}
    for one, other in rulings.together:
        found |= {other} & ours if one in keys else set()
        found |= {one} & ours if other in keys else set()
    return found
