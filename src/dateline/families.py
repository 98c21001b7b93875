"""Copies, re-sends and write-thrus: which stories are one wire story.

A story's signature is the 48 smallest 64-bit hashes of its five-word shingles (a bottom-k sketch:
Broder, "On the resemblance and containment of documents", 1997). Two stories are of one family
when the smaller is contained in the larger, as far as the sketches can tell, by `CONTAINED` or
more within `DAYS` of each other, or by `COPIED` or more whenever they were published. A story
joins the family of the earliest story that it matches.

This is the simple first version, and it shows: it compares words and nothing else, so a rewritten
lead with little text in common starts a family of its own, a market report that repeats
yesterday's sentences may join it, and "earliest" is the order of arrival. It never decides that a
story is not worth reading: copies are kept and coded like any other.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import numpy.typing as npt

from dateline.records import Story

WORDS = 5
"""Words in a shingle: long enough that chance repeats are rare, short enough to survive small edits."""

SIZE = 48
"""Hashes in a signature: a containment of 0.5 is then known to about 0.07, its standard error."""

CONTAINED = 0.5
"""Share of the smaller story's shingles that must stand in the larger. Of 1,283 real agency stories the pairs above
it are re-sends and updates; from 0.4 to 0.5 half are new stories on an old background."""

DAYS = 2
"""Days within which a story is re-sent or updated. An unknown date counts as near. Later, what looks like a copy is
the daily market report in yesterday's words (0.81 a week apart)."""

COPIED = 0.9
"""From here on it is the same text, however late it comes again."""

_ENOUGH = 4  # hashes in common below which two sketches prove nothing, unless a story is that short
_LIMIT = 200_000  # characters that are looked at
_RUN = 1024  # stories in one frozen run of the index

Hashes = npt.NDArray[np.uint64]
_WORD = re.compile(r"\w+")


def sign(story: Story) -> Story:
    """The story with its signature filled in, from its text alone."""
    return replace(story, signature=signature(story.text))


def signature(text: str) -> tuple[int, ...]:
    """The `SIZE` smallest hashes of the text's shingles, ascending; fewer for a short text, none for one without words.

    Case, punctuation, white space and compatibility forms of characters make no difference. The
    hash is blake2b, the same in every process and on every machine.
    """
    words = _WORD.findall(unicodedata.normalize("NFKC", text[:_LIMIT]).casefold())
    if not words:
        return ()
    shingles = {" ".join(words[i : i + WORDS]) for i in range(max(1, len(words) - WORDS + 1))}
    return tuple(sorted({_hash(shingle) for shingle in shingles})[:SIZE])


def _hash(shingle: str) -> int:
    return int.from_bytes(hashlib.blake2b(shingle.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def containment(first: Sequence[int], second: Sequence[int]) -> float:
    """How much of the smaller story stands in the larger, 0 to 1, estimated from two signatures.

    A signature shorter than `SIZE` lists every hash of its story; a full one lists every hash up to
    its largest. Below the smaller of the two largest both are complete, and there the share is
    counted. 0.0 when what they share is too little to tell.
    """
    if not first or not second:
        return 0.0
    limit = min(s[-1] for s in (first, second) if len(s) >= SIZE) if len(first) >= SIZE or len(second) >= SIZE else None
    one, two = ({h for h in s if limit is None or h <= limit} for s in (first, second))
    smaller, shared = min(len(one), len(two)), len(one & two)
    if not smaller or shared < min(_ENOUGH, len(first), len(second)):
        return 0.0
    return shared / smaller


class FamilyIndex:
    """The signatures seen so far, and the family of each. Adding in the same order gives the same families.

    Memory: about 0.6 KB a story, in frozen runs of 1,024 stories that are searched one by one.
    """

    def __init__(self) -> None:
        self._families: list[str] = []
        self._days = array("i")
        self._runs: list[_Run] = []
        self._recent: list[tuple[int, ...]] = []
        self._postings: dict[int, list[int]] = {}

    def __len__(self) -> int:
        return len(self._families)

    def add(self, family: str, signature: Sequence[int], published: str | None = None) -> None:
        """Remember a story whose family is known already."""
        number = len(self._families)
        self._families.append(family)
        self._days.append(_day(published))
        self._recent.append(tuple(signature))
        for value in signature:
            self._postings.setdefault(value, []).append(number)
        if len(self._recent) >= _RUN:
            self._runs.append(_Run(number + 1 - len(self._recent), self._recent))
            self._recent, self._postings = [], {}

    def assign(self, story: Story) -> Story:
        """The story with its family: that of the earliest story it matches, else its own id. It is remembered."""
        family = self._match(story.signature, _day(story.published)) or story.id
        self.add(family, story.signature, story.published)
        return replace(story, family=family)

    def _match(self, signature: tuple[int, ...], day: int) -> str | None:
        for number, other in self._sharing(signature):
            there = self._days[number]
            near = not day or not there or abs(day - there) <= DAYS
            if containment(signature, other) >= (CONTAINED if near else COPIED):
                return self._families[number]
        return None

    def _sharing(self, signature: tuple[int, ...]) -> Iterator[tuple[int, tuple[int, ...]]]:
        """Earlier stories that share enough hashes to be worth comparing, earliest first."""
        query = np.array(signature, np.uint64)
        for run in self._runs:
            for number, shared in run.hits(query):
                if shared >= min(_ENOUGH, len(signature), run.length(number)):
                    yield number, run.signature(number)
        first = len(self._families) - len(self._recent)
        for number in sorted({number for value in signature for number in self._postings.get(value, ())}):
            yield number, self._recent[number - first]


def _day(published: str | None) -> int:
    """Day number of an ISO day, 0 when there is none."""
    try:
        return date.fromisoformat(published).toordinal() if published else 0
    except ValueError:
        return 0


class _Run:
    """The signatures of consecutive stories, packed: every hash in one array, and the order that sorts it."""

    def __init__(self, first: int, signatures: Sequence[tuple[int, ...]]) -> None:
        self._first = first
        lengths = [len(s) for s in signatures]
        self._ends = np.cumsum(lengths, dtype=np.int64)
        self._hashes: Hashes = np.fromiter((h for s in signatures for h in s), np.uint64, count=sum(lengths))
        self._order = np.argsort(self._hashes, kind="stable").astype(np.uint32)

    def signature(self, number: int) -> tuple[int, ...]:
        place = number - self._first
        start = int(self._ends[place - 1]) if place else 0
        return tuple(int(h) for h in self._hashes[start : int(self._ends[place])])

    def length(self, number: int) -> int:
        return len(self.signature(number))

    def hits(self, query: Hashes) -> list[tuple[int, int]]:
        """(story number, hashes shared) of every story that shares one, by number."""
        left = np.searchsorted(self._hashes, query, "left", sorter=self._order)
        right = np.searchsorted(self._hashes, query, "right", sorter=self._order)
        places = np.concatenate([self._order[a:b] for a, b in zip(left, right, strict=True)])
        stories = np.searchsorted(self._ends, places, "right")
        numbers, counts = np.unique(stories, return_counts=True)
        return [(int(n) + self._first, int(c)) for n, c in zip(numbers, counts, strict=True)]
