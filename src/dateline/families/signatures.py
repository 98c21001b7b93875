"""What a story leaves behind for comparison: hashes of its five-word shingles, its numbers, its headline, its take.

A signature keeps every fourth shingle by the value of its hash, the same ones in every story
("FracMinHash": Irber et al., "Lightweight compositional analysis of metagenomes", 2022), so that
the share of a short story that stands in a long one can be counted, which a fixed number of
smallest hashes can't do. Of the opening every shingle is kept: there a flash meets its first lead.
It depends on nothing but the story, on every machine and in every process. It holds no text.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from dateline.records import Story

WORDS = 5
"""Words in a shingle: long enough that chance repeats are rare, short enough to survive small edits."""

EVERY = 4
"""One shingle in this many is kept. A share of 0.5 of 300 words is then known to about 0.05, its standard error."""

OPENING = 24
"""Shingles at the beginning that are all kept."""

BRIEF = 48
"""A story of no more shingles keeps them all: a quarter of them would prove nothing."""

NUMBERS = 16
"""Numbers of a story that are kept: what tells today's market report from yesterday's."""

_LIMIT = 200_000  # characters that are looked at
_MOST = 2_000  # shingle hashes in one signature: 8,000 words
TEXT, NUMBER, ABOUT = 0, 1, 2  # kinds of element, in the uppermost byte of each; ABOUT is four of them
_WORD = re.compile(r"\w+")
_FIGURE = re.compile(r"(?<![\w.,])\d[\d.,]{0,20}")

Hashes = npt.NDArray[np.uint32]

# Marks of takes, in headlines and editors' notes; the order in which agencies send them.
_FLASH = re.compile(r"(?i)^\W*(?:urgent|flash|alert|bulletin|snap)(?=\W|(?-i:[A-Z]))\W*")
_NTH = re.compile(r"(?i)\b(?:(\d)(?:st|nd|rd|th)\s*(?:ld|lead)|update[- ]?(\d)|updated\s+(\d))\b\W*")
_AGAIN = re.compile(r"(?i)\b(?:write-?thr[uo]\w*|recasts?|updates?|updated|adds)\b\W*")
_MENDED = re.compile(r"(?i)\b(?:correct(?:s|ed|ing|ion)|repetition|refil(?:es|ed|ing))\b\W*")
_SLUG = re.compile(r"///|\(pictures?\)|^\W*attention\b\W*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sketch:
    """A signature, read: `size` in shingles, of which `kept` have a hash in it, `sampled` of these by their value.

    `hashes` are those of the shingles, ascending; an index that counts what is shared leaves them out. `take` orders
    the versions of one day (0 flash, 1 unmarked, 2 first lead or update, ... 30 correction); `headline` and `origin`
    (agency, else publisher) are hashes, 0 when there is none.
    """

    size: int
    kept: int
    sampled: int
    numbers: frozenset[int] = frozenset()
    take: int = 1
    headline: int = 0
    origin: int = 0
    hashes: tuple[int, ...] = ()


def sign(story: Story) -> Story:
    """The story with its signature filled in, from its text, headline, notes and origin alone."""
    return replace(story, signature=signature(story))


def signature(story: Story) -> tuple[int, ...]:
    """The story's signature: 64-bit elements, ascending; none for a story without words.

    Case, punctuation, white space and compatibility forms of characters make no difference.
    """
    text = unicodedata.normalize("NFKC", story.text[:_LIMIT]).casefold()
    shingles = _shingles(_WORD.findall(text))
    if not len(shingles):
        return ()
    kept = np.unique(
        np.concatenate([shingles[shingles % EVERY == 0], shingles[: BRIEF if len(shingles) <= BRIEF else OPENING]])
    )[:_MOST]
    size = min(len(np.unique(shingles)), 0xFFFFFF)
    numbers = sorted({_small(figure.rstrip(".,")) for figure in _FIGURE.findall(text)})[:NUMBERS]
    about = (size, _take(story), _headline(story.headline), _small(story.agency or story.publisher or ""))
    return (
        *(int(value) for value in kept),
        *(NUMBER << 56 | value for value in numbers),
        *((ABOUT + place) << 56 | value for place, value in enumerate(about)),
    )


def read(signature: Sequence[int]) -> Sketch | None:
    """A signature as a sketch; None when it is empty or of an earlier release."""
    parts: dict[int, list[int]] = {}
    for value in signature:
        parts.setdefault(value >> 56, []).append(value & 0xFFFFFFFF)
    if set(parts) - set(range(ABOUT + 4)) or not all(ABOUT + place in parts for place in range(4)):
        return None
    size, take, headline, origin = (parts[ABOUT + place][0] for place in range(4))
    hashes = tuple(parts.get(TEXT, ()))
    sampled = sum(value % EVERY == 0 for value in hashes)
    numbers = frozenset(parts.get(NUMBER, ()))
    return Sketch(size, len(hashes), sampled, numbers, take, headline, origin, hashes)


def day_of(published: str | None) -> int:
    """Day number of an ISO day, 0 when there is none."""
    try:
        return date.fromisoformat(published).toordinal() if published else 0
    except ValueError:
        return 0


def _shingles(words: Sequence[str]) -> Hashes:
    """The hash of every run of `WORDS` words, in text order; of all of them when they are fewer."""
    if not words:
        return np.zeros(0, np.uint32)
    single = np.fromiter((_word(word) for word in words), np.uint64, count=len(words))
    width = min(WORDS, len(words))
    total = np.zeros(len(words) - width + 1, np.uint64)
    for place in range(width):
        total = _mix(total ^ single[place : place + len(total)])
    return (total >> np.uint64(32)).astype(np.uint32)


def _mix(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """The finaliser of SplitMix64 (Steele, Lea and Flood, 2014): every bit of the sum reaches every bit of the hash."""
    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


@lru_cache(maxsize=1 << 16)
def _word(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def _small(text: str) -> int:
    return _word(text.casefold()) & 0xFFFFFFFF if text else 0


def _take(story: Story) -> int:
    """Where this version stands among those of its day, by its marks."""
    notes = " ".join(note.text[:200] for note in story.notes if note.kind in ("editors", "kicker", "correction"))
    marks = f"{story.headline or ''} {notes}"[:1000]
    if _MENDED.search(marks):
        return 30
    if nth := _NTH.search(marks):
        return 1 + int(next(digit for digit in nth.groups() if digit))
    if _FLASH.match(marks):
        return 0
    return 2 if _AGAIN.search(marks) else 1


def _headline(headline: str | None) -> int:
    """A hash of the headline without the marks of takes; 0 when fewer than four words are left."""
    bare = (headline or "")[:500]
    for mark in (_SLUG, _FLASH, _NTH, _AGAIN, _MENDED):
        bare = mark.sub(" ", bare)
    words = _WORD.findall(unicodedata.normalize("NFKC", bare).casefold())
    return _small(" ".join(words)) if len(words) > 3 else 0
