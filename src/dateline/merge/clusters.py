"""Clusters of things that were compared pair by pair: average linkage, with pairs that must or can't meet.

Scores are whole thousandths, so that sums do not depend on the order of adding; ties go to the
lower numbers. Who numbers the things by content gets the same clusters whatever their order.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping, Set

Pair = tuple[int, int]  # the lower number first


def components(size: int, pairs: Iterable[Pair]) -> list[list[int]]:
    """Numbers below `size` that hang together through `pairs`, each list and all lists in order."""
    root = list(range(size))

    def top(i: int) -> int:
        while root[i] != i:
            root[i] = root[root[i]]
            i = root[i]
        return i

    for a, b in pairs:
        low, high = sorted((top(a), top(b)))
        root[high] = low
    groups: dict[int, list[int]] = defaultdict(list)
    for i in range(size):
        groups[top(i)].append(i)
    return list(groups.values())


def cluster(
    members: Iterable[int], scores: Mapping[Pair, int], *, keep: int, together: Set[Pair], apart: Set[Pair]
) -> list[list[int]]:
    """Average linkage over `members`: the best pair of clusters joins while its mean score is at least `keep`.

    A pair without a score counts as 0. Pairs `together` are joined first, in order, unless that
    would bring a pair of `apart` into one cluster; pairs `apart` never meet.
    """
    work = _Clusters(sorted(members), scores, apart)
    for a, b in sorted(together):
        work.force(a, b)
    work.run(keep)
    return sorted(work.groups.values())


class _Clusters:
    """Clusters under construction: their members, the sums of scores between them, and who can't meet."""

    def __init__(self, members: list[int], scores: Mapping[Pair, int], apart: Set[Pair]) -> None:
        held = set(members)
        self.groups = {i: [i] for i in members}
        self.of = {i: i for i in members}
        self.sums: dict[int, dict[int, int]] = {i: {} for i in members}
        self.barred: dict[int, set[int]] = {i: set() for i in members}
        for (a, b), score in scores.items():
            if a in held and b in held:
                self.sums[a][b] = self.sums[b][a] = score
        for a, b in apart:
            if a in held and b in held:
                self.barred[a].add(b)
                self.barred[b].add(a)

    def force(self, a: int, b: int) -> None:
        """Join the clusters of two members unless they are barred from each other."""
        if a in self.of and b in self.of:
            one, other = self.of[a], self.of[b]
            if one != other and other not in self.barred[one]:
                self._join(min(one, other), max(one, other))

    def run(self, keep: int) -> None:
        heap = [self._entry(a, b) for a, row in self.sums.items() for b in row if a < b]
        heapq.heapify(heap)
        while heap:
            entry = heapq.heappop(heap)
            _, a, b = entry
            if a not in self.groups or b not in self.groups or b in self.barred[a] or self._entry(a, b) != entry:
                continue
            if -entry[0] < keep:
                return
            self._join(a, b)
            for c in self.sums[a]:
                heapq.heappush(heap, self._entry(min(a, c), max(a, c)))

    def _entry(self, a: int, b: int) -> tuple[float, int, int]:
        return (-self.sums[a].get(b, 0) / (len(self.groups[a]) * len(self.groups[b])), a, b)

    def _join(self, a: int, b: int) -> None:
        """Cluster `b` goes into `a`, the lower number, which so stays the lowest of its members."""
        for i in self.groups[b]:
            self.of[i] = a
        self.groups[a] = sorted(self.groups[a] + self.groups.pop(b))
        self.sums[a].pop(b, None)
        for c, score in self.sums.pop(b).items():
            if c != a:
                self.sums[a][c] = self.sums[c][a] = self.sums[a].get(c, 0) + score
                self.sums[c].pop(b, None)
        for c in self.barred.pop(b):
            self.barred[c].discard(b)
            self.barred[c].add(a)
            self.barred[a].add(c)
