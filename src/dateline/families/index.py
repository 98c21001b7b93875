"""The families of an archive: kept up story by story, and the same whatever the order of arrival.

Every story has at most one parent: of the stories before it in the order of versions (day, take,
id) with which it makes a family, the one that shares most, the earliest among equals. A family is
a tree of these, and is named after its root. Both follow from the set of stories alone; a late
story that joins two families renames the stories concerned, and `changes` says which.

Only stories of near days and stories that are alike as a whole are compared, through an inverted
index of their hashes in memory.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from dateline.families.kinds import DAYS, HEADED, RE_SENT, Common, Kind, Link, link, replaces
from dateline.families.postings import Keys, Numbers, Postings
from dateline.families.signatures import ABOUT, EVERY, NUMBER, TEXT, Sketch, day_of
from dateline.records import Story

_BLOCK = 2 * DAYS + 1  # days whose stories lie under the same keys: those near a day are in at most two blocks
_CLASSES = 8  # parts of a signature, in pairs of which a text sent again must agree once
_SPREAD = 0x9E3779B1  # an odd constant that spreads the numbers of blocks over the keys
_NEVER = 1 << 30  # after every day: where stories without a day stand in the order

Row = tuple[int, str, str | None, Sequence[int]]
"""What the index knows a story by: key, id, published (ISO day), signature."""

Rank = tuple[int, int, str, int]
Day = TypeVar("Day", int, Numbers)


@dataclass(frozen=True, slots=True)
class _Fresh:
    """Stories `first` and on, just stored: their hashes, and their keys as a whole, each with its story."""

    first: int
    owner: Numbers
    hashes: Keys
    alike_owner: Numbers
    alike: Keys


@dataclass(frozen=True, slots=True)
class Version:
    """Where a story stands: its family's name, the key and kind of its parent, and whether a later version replaces it.

    `key` names one content under one id. `parent` and `kind` are None for the root of a family. `rivals` are the keys
    of the later versions that replace it unless they only repeat a text that is older than it.
    """

    key: int
    family: str
    parent: int | None = None
    kind: Kind | None = None
    share: float = 0.0
    replaced: bool = False
    rivals: tuple[int, ...] = ()


def key_of(story: Story) -> int:
    """64 bits that name one content under one id."""
    content = story.digest or hashlib.sha256(story.text.encode("utf-8", "surrogatepass")).hexdigest()
    packed = f"{story.id}\0{content}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(packed, digest_size=8).digest(), "little")


class FamilyIndex:
    """The signatures seen so far and the families they make. Memory: about 1 KB a story of 300 words."""

    def __init__(self) -> None:
        self._ids: list[str] = []
        self._keys = array("Q")
        self._days = array("i")
        self._size, self._kept, self._sampled = array("I"), array("H"), array("H")
        self._take, self._headline, self._origin = array("I"), array("I"), array("I")
        self._figures, self._ends = array("I"), array("Q")
        self._near, self._alike = Postings(), Postings()
        self._blocks: set[int] = set()
        self._numbers: dict[int, int] = {}
        self._links: dict[int, tuple[int, Link]] = {}  # story -> its parent
        self._children: dict[int, set[int]] = {}
        self._roots: dict[int, int] = {}  # story -> root of its family, for those that are not their own
        self._rivals: dict[int, set[int]] = {}  # story -> later versions that may replace it
        self._rivalled: dict[int, set[int]] = {}  # and the other way round
        self._changed: set[int] = set()

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def bytes(self) -> int:
        """Memory of the inverted index and the columns, without Python's own of names and links."""
        columns = (self._keys, self._days, self._size, self._kept, self._sampled, self._take, self._headline)
        more = (self._origin, self._figures, self._ends)
        return self._near.bytes + self._alike.bytes + sum(len(c) * c.itemsize for c in (*columns, *more))

    # ---------------------------------------------------------------- in

    def assign(self, story: Story) -> Story:
        """The story with its family as it stands now. It is remembered."""
        return self.assign_all([story])[0]

    def assign_all(self, stories: Sequence[Story]) -> list[Story]:
        """The same for a batch, which is many times faster than one by one. A story known already stays as it is."""
        keys = [key_of(story) for story in stories]
        rows = ((k, s.id, s.published, s.signature) for k, s in zip(keys, stories, strict=True))
        self.place(list({row[0]: row for row in rows if row[0] not in self._numbers}.values()))
        families = (self._family(self._numbers[key]) for key in keys)
        return [replace(story, family=family) for story, family in zip(stories, families, strict=True)]

    def place(self, rows: Sequence[Row]) -> None:
        """Find the families of stories that are not known yet."""
        stored = self._store(rows)
        self._settle(self._found(stored))
        self._changed.update(range(stored.first, len(self)))

    def restore(self, rows: Sequence[Row]) -> None:
        """Remember stories that were placed before; `attach` then says how."""
        self._store(rows)

    def attach(self, versions: Iterable[Version]) -> None:
        """Take over what an earlier index found about stories that are known; every other version is ignored."""
        held = [v for v in versions if v.key in self._numbers]
        for version in held:
            number = self._numbers[version.key]
            for rival in version.rivals:
                if rival in self._numbers:
                    self._rival(number, self._numbers[rival])
            if version.kind is not None and version.parent in self._numbers:
                self._hang(number, self._numbers[version.parent], Link(version.kind, version.share))
        for number in self._links:
            self._roots[number] = self._root(number)
        self._changed.update(self._numbers[version.key] for version in held if self.version(version.key) != version)

    def changes(self) -> list[Version]:
        """What is new or different since this was last asked, by key."""
        found = [self.version(self._keys[number]) for number in self._changed]
        self._changed = set()
        return sorted(found, key=lambda version: version.key)

    def version(self, key: int) -> Version:
        """Where the story with this key stands. KeyError for a story that was never assigned."""
        number = self._numbers[key]
        family, replaced = self._family(number), self._is_replaced(number)
        rivals = tuple(sorted(self._keys[rival] for rival in self._rivals.get(number, ())))
        if number not in self._links:
            return Version(key, family, replaced=replaced, rivals=rivals)
        parent, found = self._links[number]
        return Version(key, family, self._keys[parent], found.kind, found.share, replaced, rivals)

    # ---------------------------------------------------------------- columns

    def _store(self, rows: Sequence[Row]) -> _Fresh:
        count, first = len(rows), len(self)
        self._ids.extend(row[1] for row in rows)
        self._keys.extend(row[0] for row in rows)
        self._days.extend(day_of(row[2]) for row in rows)
        self._numbers.update((row[0], number) for number, row in enumerate(rows, first))
        signatures = [row[3] for row in rows]
        lengths = [len(one) for one in signatures]
        values = np.fromiter((v for one in signatures for v in one), np.uint64, count=sum(lengths))
        owner = np.repeat(np.arange(count), lengths)
        kind, value = values >> np.uint64(56), (values & np.uint64(0xFFFFFFFF)).astype(np.uint32)
        known = np.bincount(owner[(kind >= ABOUT) & (kind < ABOUT + 4)], minlength=count) == 4
        for place, column in enumerate((self._size, self._take, self._headline, self._origin)):
            here, filled = kind == ABOUT + place, np.zeros(count, np.uint32)
            filled[owner[here]] = value[here]
            column.frombytes(filled.tobytes())
        numeric = kind == NUMBER
        base = self._ends[-1] if self._ends else 0
        self._figures.frombytes(value[numeric].tobytes())
        self._ends.frombytes(
            (base + np.cumsum(np.bincount(owner[numeric], minlength=count))).astype(np.uint64).tobytes()
        )
        text = (kind == TEXT) & known[owner]
        return self._enter(owner[text], value[text], first, count)

    def _enter(self, owner: Numbers, hashes: Keys, first: int, count: int) -> _Fresh:
        sampled = hashes % EVERY == 0
        for column, some in ((self._kept, owner), (self._sampled, owner[sampled])):
            column.frombytes(np.bincount(some, minlength=count).astype(np.uint16).tobytes())
        blocks = _block(np.frombuffer(self._days, np.int32)[first:].astype(np.int64))
        self._blocks.update(np.unique(blocks).tolist())
        self._near.add(_near_keys(hashes, blocks[owner]), owner + first)
        keys, owners = _alike_keys(owner, hashes, count)
        self._alike.add(keys, owners + first)
        return _Fresh(first, owner + first, hashes, owners + first, keys)

    def _sketch(self, number: int) -> Sketch:
        start = self._ends[number - 1] if number else 0
        figures = frozenset(self._figures[start : self._ends[number]])
        return Sketch(
            self._size[number], self._kept[number], self._sampled[number], figures,
            self._take[number], self._headline[number], self._origin[number],
        )  # fmt: skip

    def _rank(self, number: int) -> Rank:
        return self._days[number] or _NEVER, self._take[number], self._ids[number], self._keys[number]

    # ---------------------------------------------------------------- links

    def _found(self, new: _Fresh) -> Iterator[tuple[int, int, Link | None]]:
        """(earlier, later, link) of every pair of one family of which one at least is new, each once."""
        asked, blocks = self._asked(new, self._far(new))
        places, others = self._near.find(_near_keys(new.hashes[asked], blocks))
        mine = new.owner[asked[places]]
        wanted = (mine != others) & ~((others >= new.first) & (others > mine))  # among new ones: from one side
        sampled = new.hashes[asked[places]] % EVERY == 0
        yield from map(self._linked, *self._likely(mine[wanted], others[wanted], sampled[wanted]))

    def _far(self, new: _Fresh) -> Numbers:
        """Pairs of a new story and one of another day that may be the same text sent again."""
        places, others = self._alike.find(new.alike)
        mine = new.alike_owner[places]
        days, size = np.frombuffer(self._days, np.int32), np.frombuffer(self._size, np.uint32)
        apart = (days[mine] > 0) & (days[others] > 0) & (np.abs(days[mine] - days[others]) > DAYS)
        small, large = np.minimum(size[mine], size[others]), np.maximum(size[mine], size[others])
        likely = apart & (small >= RE_SENT * large)
        return np.unique(np.stack([mine[likely], others[likely]], axis=1), axis=0)

    def _asked(self, new: _Fresh, far: Numbers) -> tuple[Numbers, Numbers]:
        """(place of a hash of `new`, block to look it up in): those near its story, and those of its far doubles."""
        days = np.frombuffer(self._days, np.int32)
        mine, every = days[new.owner].astype(np.int64), np.arange(len(new.owner))
        low, high = _block(mine - DAYS), _block(mine + DAYS)
        dated, two = mine > 0, (mine > 0) & (low != high)
        chosen = [(every[dated], low[dated]), (every[two], high[two])]
        if 0 in self._blocks:
            chosen.append((every, np.zeros(len(every), np.int64)))
        undated = every[~dated]
        for block in self._blocks - {0} if len(undated) else ():
            chosen.append((undated, np.full(len(undated), block)))
        for one, other in far.tolist():
            places = every[np.searchsorted(new.owner, one) : np.searchsorted(new.owner, one, "right")]
            chosen.append((places, np.full(len(places), _block(int(days[other])))))
        places, blocks = (np.concatenate(parts) for parts in zip(*chosen, strict=True))
        if not len(far):
            return places, blocks
        both = np.unique(places << 24 | blocks)  # a far double may lie in a block that is near as well
        return both >> 24, both & 0xFFFFFF

    def _likely(
        self, mine: Numbers, others: Numbers, sampled: npt.NDArray[np.bool_]
    ) -> tuple[list[int], list[int], list[int], list[int]]:
        """Pairs that share enough to be compared: one, other, sampled shingles in common, and further ones."""
        found, where = np.unique(mine << 32 | others, return_inverse=True)
        every = np.bincount(where, minlength=len(found))
        some = np.bincount(where, weights=sampled, minlength=len(found)).astype(np.int64)
        one, other = found >> 32, found & 0xFFFFFFFF
        kept, least = np.frombuffer(self._kept, np.uint16), np.frombuffer(self._sampled, np.uint16)
        whole = every >= HEADED * np.minimum(kept[one], kept[other])
        part = some >= HEADED * np.maximum(1, np.minimum(least[one], least[other]))
        good = whole | part
        return one[good].tolist(), other[good].tolist(), some[good].tolist(), (every - some)[good].tolist()

    def _linked(self, one: int, other: int, some: int, rest: int) -> tuple[int, int, Link | None]:
        """The pair in order, and its link if it makes a family."""
        earlier, later = sorted((one, other), key=self._rank)
        days = self._days[one], self._days[other]
        apart = abs(days[0] - days[1]) if all(days) else 0
        found = link(self._sketch(earlier), self._sketch(later), apart, Common(some, rest))
        return earlier, later, found if found and found.family else None

    def _settle(self, found: Iterable[tuple[int, int, Link | None]]) -> None:
        """Choose parents anew where a better one is found, and name families again below them."""
        moved: set[int] = set()
        for earlier, later, new in found:
            if new is None:
                continue
            if replaces(self._sketch(earlier), self._sketch(later), new):
                self._rival(earlier, later)
            if self._hang(later, earlier, new):
                moved.add(later)
        self._changed |= moved
        for story in moved:
            self._name(story)

    def _hang(self, story: int, parent: int, found: Link) -> bool:
        """Give a story this parent unless the one that it has is as good or better."""
        if story in self._links:
            held, old = self._links[story]
            before = -self._shared(story, held, old), self._rank(held)
            if before <= (-self._shared(story, parent, found), self._rank(parent)):
                return False
            self._children[held].discard(story)
        self._links[story] = (parent, found)
        self._children.setdefault(parent, set()).add(story)
        return True

    def _shared(self, story: int, parent: int, found: Link) -> float:
        """Shingles in common, as far as the sketches can tell."""
        return found.share * min(self._size[story], self._size[parent])

    def _rival(self, earlier: int, later: int) -> None:
        self._rivals.setdefault(earlier, set()).add(later)
        self._rivalled.setdefault(later, set()).add(earlier)
        self._changed.add(earlier)

    def _is_replaced(self, story: int) -> bool:
        """Whether a rival brings a newer text: a late copy of an old version replaces nothing."""
        rank = self._rank(story)
        return any(self._rank(self._original(rival)) > rank for rival in self._rivals.get(story, ()))

    def _original(self, story: int) -> int:
        while story in self._links and self._links[story][1].kind == "copy":
            story = self._links[story][0]
        return story

    def _name(self, story: int) -> None:
        """Name the family of a story and of all that hang on it."""
        root, todo = self._root(story), [story]
        while todo:
            one = todo.pop()
            self._changed |= self._rivalled.get(one, set())
            if self._roots.get(one) != root:
                self._roots[one] = root
                self._changed.add(one)
            todo.extend(self._children.get(one, ()))

    def _root(self, story: int) -> int:
        while story in self._links:
            story = self._links[story][0]
        return story

    def _family(self, number: int) -> str:
        return self._ids[self._roots.get(number, number)]


# --------------------------------------------------------------------------- keys and counts


def _block(day: Day) -> Day:
    """The block of days that holds a day; 0 for stories without one."""
    return -(-day // _BLOCK)


def _near_keys(hashes: Keys, blocks: Numbers) -> Keys:
    """Where a shingle of a story of a block of days is entered."""
    return hashes ^ (blocks.astype(np.uint64) * np.uint64(_SPREAD)).astype(np.uint32)


def _alike_keys(owner: Numbers, hashes: Keys, count: int) -> tuple[Keys, Numbers]:
    """Where a story is entered as a whole, and the story: texts that are alike agree in one of these at least.

    The smallest hashes of eight parts, in pairs: of two texts with 0.8 of their shingles in common one of four pairs
    agrees in 0.98 of cases, of texts with 0.9 in 0.999.
    """
    if not len(owner):
        return np.zeros(0, np.uint32), np.zeros(0, np.int64)
    least = np.full(count * _CLASSES, 0xFFFFFFFF, np.uint32)
    np.minimum.at(least, owner * _CLASSES + (hashes // EVERY) % _CLASSES, hashes)
    pairs = least.reshape(count, _CLASSES // 2, 2).astype(np.uint64)
    mixed = (pairs[:, :, 0] * np.uint64(_SPREAD) ^ pairs[:, :, 1]) * np.uint64(0xBF58476D1CE4E5B9)
    keys = (mixed >> np.uint64(32)).astype(np.uint32)
    filled = (pairs != 0xFFFFFFFF).any(axis=2)
    stories = np.repeat(np.arange(count), filled.sum(axis=1))
    return keys[filled], stories
