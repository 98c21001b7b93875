"""What people decided about merging: these reports are one act, those are not.

Rulings are keyed by report keys, so they hold across re-runs, and the later ruling wins over the
earlier one. Nothing here reads text or looks at likeness.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Literal

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Ruling:
    """One decision: the reports of `left` and those of `right` are one act ("join") or two ("split")."""

    kind: Literal["join", "split"]
    left: tuple[str, ...]
    right: tuple[str, ...]
    id: str = ""
    made: str = ""

    def pairs(self) -> Iterable[Pair]:
        """Every pair of report keys that the ruling is about, each in order."""
        return (pair(a, b) for a, b in product(self.left, self.right) if a != b)


@dataclass(frozen=True)
class Rulings:
    """Rulings in the order in which they were made."""

    made: tuple[Ruling, ...] = ()

    @cached_property
    def _last(self) -> dict[Pair, Ruling]:
        return {both: ruling for ruling in self.made for both in ruling.pairs()}

    @cached_property
    def together(self) -> frozenset[Pair]:
        """Pairs of report keys that belong together."""
        return frozenset(both for both, ruling in self._last.items() if ruling.kind == "join")

    @cached_property
    def apart(self) -> frozenset[Pair]:
        """Pairs of report keys that do not belong together."""
        return frozenset(both for both, ruling in self._last.items() if ruling.kind == "split")

    def on(self, keys: Iterable[str]) -> list[Ruling]:
        """The rulings that name any of these reports."""
        wanted = set(keys)
        return [ruling for ruling in self.made if wanted & {*ruling.left, *ruling.right}]


NONE = Rulings()


def pair(a: str, b: str) -> Pair:
    """The two keys in order: what names a pair whichever way round it is met."""
    return (a, b) if a <= b else (b, a)
