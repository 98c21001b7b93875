"""CoNLL F1 of coreference: the mean of MUC, B-cubed and CEAF-e, computed over given mentions.

MUC after Vilain et al. 1995, B-cubed after Bagga and Baldwin 1998, CEAF-e after Luo 2005 (phi 4).
Clusters are sets of mention names; both sides must hold the same mentions. Reads and prints nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

Clusters = Sequence[frozenset[Hashable]]


@dataclass(frozen=True, slots=True)
class Score:
    """Recall and precision, 0 to 1."""

    recall: float
    precision: float

    @property
    def f1(self) -> float:
        """Their harmonic mean, 0 when both are 0."""
        total = self.recall + self.precision
        return 2 * self.recall * self.precision / total if total else 0.0


def clusters(named: Mapping[Hashable, Hashable]) -> list[frozenset[Hashable]]:
    """Mention -> name of its cluster, as clusters."""
    found: dict[Hashable, set[Hashable]] = defaultdict(set)
    for mention, name in named.items():
        found[name].add(mention)
    return [frozenset(members) for members in found.values()]


def scores(gold: Clusters, given: Clusters) -> dict[str, Score]:
    """MUC, B3 and CEAFe; ValueError when the two sides hold other mentions."""
    if frozenset().union(*gold) != frozenset().union(*given):
        raise ValueError("gold and given clusters hold different mentions")
    return {
        "MUC": Score(_muc(gold, given), _muc(given, gold)),
        "B3": Score(_b3(gold, given), _b3(given, gold)),
        "CEAFe": _ceaf(gold, given),
    }


def conll(found: Mapping[str, Score]) -> float:
    """The mean F1 of the three."""
    return sum(score.f1 for score in found.values()) / len(found)


def _of(some: Clusters) -> dict[Hashable, int]:
    return {mention: i for i, members in enumerate(some) for mention in members}


def _muc(key: Clusters, response: Clusters) -> float:
    of = _of(response)
    links = sum(len(members) - 1 for members in key)
    kept = sum(len(members) - len({of[mention] for mention in members}) for members in key)
    return kept / links if links else 0.0


def _b3(key: Clusters, response: Clusters) -> float:
    of, total = _of(response), sum(map(len, key))
    shared = (Counter(of[mention] for mention in members) for members in key)
    return sum(sum(n * n for n in count.values()) / len(m) for count, m in zip(shared, key, strict=True)) / total


def _ceaf(gold: Clusters, given: Clusters) -> Score:
    """The best one-to-one alignment of clusters by the Dice overlap phi 4, found piece by connected piece."""
    of = _of(given)
    worth: dict[tuple[int, int], float] = {}
    for i, members in enumerate(gold):
        for j, n in Counter(of[mention] for mention in members).items():
            worth[i, j] = 2 * n / (len(members) + len(given[j]))
    best = sum(_assign(piece) for piece in _pieces(worth))
    return Score(best / len(gold), best / len(given))


def _pieces(worth: Mapping[tuple[int, int], float]) -> list[list[list[float]]]:
    """Dense matrices of the pieces of gold and given clusters that overlap."""
    root: dict[tuple[str, int], tuple[str, int]] = {}

    def top(node: tuple[str, int]) -> tuple[str, int]:
        while root.setdefault(node, node) != node:
            node = root[node]
        return node

    for i, j in worth:
        root[top(("given", j))] = top(("gold", i))
    pieces: dict[tuple[str, int], dict[tuple[int, int], float]] = defaultdict(dict)
    for (i, j), value in worth.items():
        pieces[top(("gold", i))][i, j] = value
    return [
        [[piece.get((i, j), 0.0) for j in sorted({j for _, j in piece})] for i in sorted({i for i, _ in piece})]
        for piece in pieces.values()
    ]


def _assign(matrix: list[list[float]]) -> float:
    """Greatest sum of a one-to-one assignment of rows to columns (the Hungarian method with potentials)."""
    if len(matrix) > len(matrix[0]):
        matrix = [list(column) for column in zip(*matrix, strict=True)]
    rows, columns = len(matrix), len(matrix[0])
    up, down = [0.0] * (rows + 1), [0.0] * (columns + 1)
    match, way = [0] * (columns + 1), [0] * (columns + 1)
    for i in range(1, rows + 1):
        match[0], j0 = i, 0
        least, used = [float("inf")] * (columns + 1), [False] * (columns + 1)
        while match[j0]:
            used[j0] = True
            i0, delta, j1 = match[j0], float("inf"), 0
            for j in range(1, columns + 1):
                if not used[j]:
                    cost = -matrix[i0 - 1][j - 1] - up[i0] - down[j]
                    if cost < least[j]:
                        least[j], way[j] = cost, j0
                    if least[j] < delta:
                        delta, j1 = least[j], j
            for j in range(columns + 1):
                if used[j]:
                    up[match[j]] += delta
                    down[j] -= delta
                else:
                    least[j] -= delta
            j0 = j1
        while j0:
            match[j0], j0 = match[way[j0]], way[j0]
    return sum(matrix[match[j] - 1][j - 1] for j in range(1, columns + 1) if match[j])
