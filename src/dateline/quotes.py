"""Where the quotation marks of a text open and close, as token ranges.

Marks are paired inside a paragraph only: one forgotten mark must not turn the rest of a story
into speech. A quotation left open at the end of its paragraph says so, because wire style opens
the next paragraph with a new mark and the same speaker. It refuses to guess who speaks: claims
does that.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from dateline.records import Doc

_PARAGRAPH = re.compile(r"[^\n]+")
_MARK = re.compile(r"[“”„\"‘]|``|''")
_CLOSING_SINGLE = re.compile(r"’(?!\w)")
_MOST_SINGLE = 600  # characters; beyond that an opening single mark is taken for a stray


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation from token `first` up to and including `last`, marks included.

    `paragraph` counts the doc's paragraphs from 0; `opens` says that the paragraph begins with it,
    `closed` that its closing mark was found. `words` counts tokens that are not punctuation.
    """

    first: int
    last: int
    paragraph: int
    opens: bool
    closed: bool
    words: int

    def __contains__(self, i: int) -> bool:
        return self.first <= i <= self.last


def paragraphs(doc: Doc) -> list[tuple[int, int]]:
    """Character ranges of the doc's paragraphs: its lines that are not blank."""
    return [match.span() for match in _PARAGRAPH.finditer(doc.text) if not match.group().isspace()]


def find(doc: Doc) -> tuple[Quote, ...]:
    """Every quotation of the doc in text order; nested ones stay part of the outer one."""
    starts = [token.start for token in doc.tokens]
    found = []
    for number, (begin, end) in enumerate(paragraphs(doc)):
        for opened, shut, closed in _pairs(doc.text, begin, end):
            first, last = bisect_left(starts, opened), bisect_left(starts, shut) - 1
            words = sum(doc.tokens[i].text[:1].isalnum() for i in range(first, last + 1))
            if words:
                found.append(Quote(first, last, number, not doc.text[begin:opened].strip(), closed, words))
    return tuple(found)


def _pairs(text: str, begin: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """(start, end, closed) of each quotation between `begin` and `end`, marks included."""
    opened, position = -1, begin
    while match := _MARK.search(text, position, end):
        mark, at, position = match.group(), match.start(), match.end()
        if mark == "‘":
            close = _CLOSING_SINGLE.search(text, position, min(end, position + _MOST_SINGLE))
            if opened < 0 and close:
                yield at, close.end(), True
                position = close.end()
        elif opened < 0:
            opened = at if _may_open(text, at, mark, end) else -1
        elif not _must_open(text, at, mark, begin):
            yield opened, position, True
            opened = -1
    if opened >= 0:
        yield opened, end, False


def _may_open(text: str, at: int, mark: str, end: int) -> bool:
    after = text[at + len(mark) : at + len(mark) + 1]
    if mark in ("“", "„", "``"):
        return True
    return mark in ('"', "''") and at + len(mark) < end and not after.isspace() and after not in ".,;"


def _must_open(text: str, at: int, mark: str, begin: int) -> bool:
    """A mark that can only open: a quotation inside a quotation, or a mark the writer forgot."""
    if mark in ('"', "''"):
        return (at == begin or text[at - 1] in " (") and text[at + len(mark) : at + len(mark) + 1].isalnum()
    return mark in ("“", "„", "``")
