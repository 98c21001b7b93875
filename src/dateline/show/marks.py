"""What is marked in a text, and how overlapping marks are cut into pieces that nest nowhere.

Shared by the terminal and the page. It knows nothing of colours, tags or escapes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from dateline.exports import part_text
from dateline.records import Coded, Event, Party, Span

MarkKind = Literal["trigger", "source", "target", "speaker", "cue", "content", "time", "place"]

QUADS = {1: "verbal cooperation", 2: "material cooperation", 3: "verbal conflict", 4: "material conflict"}
STATUSES = ("asserted", "negated", "future", "hypothetical", "historical")

# Control characters that a terminal or a parser acts on, direction overrides that make a text read as
# another, lone surrogates and the two noncharacters: each becomes one U+FFFD, so offsets still hold.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def visible(text: str) -> str:
    """`text` with every character that acts instead of showing replaced, one for one."""
    return _UNSEEN.sub("\ufffd", text)


def one_line(text: str) -> str:
    """`visible` text on one line: runs of white space become one space."""
    return " ".join(visible(text).split())


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of text and what it is evidence of; `event` is a position in `Coded.events`."""

    start: int
    end: int
    kind: MarkKind
    event: int | None = None


def marks_of(coded: Coded, part: str) -> list[Mark]:
    """Every mark of one part: the evidence of its events, its claims, its times and its places."""
    marks: list[Mark] = []
    for number, event in enumerate(coded.events):
        if event.part == part:
            marks.extend(event_marks(event, number))
    for claim in coded.claims:
        if claim.part == part:
            marks.extend(Mark(span.start, span.end, "content") for span in claim.content)
            marks.append(Mark(claim.cue.start, claim.cue.end, "cue"))
            if claim.speaker:
                marks.append(Mark(claim.speaker.start, claim.speaker.end, "speaker"))
    marks.extend(Mark(time.start, time.end, "time") for time in coded.times if time.part == part)
    marks.extend(Mark(place.start, place.end, "place") for place in coded.places if place.part == part)
    return marks


def event_marks(event: Event, number: int) -> Iterator[Mark]:
    """The marks of one event: its trigger, its parties, its speakers, its place."""
    yield Mark(event.trigger.start, event.trigger.end, "trigger", number)
    parties: tuple[tuple[MarkKind, tuple[Party, ...]], ...] = (
        ("source", event.sources),
        ("target", event.targets),
        ("speaker", event.speakers),
    )
    for kind, group in parties:
        for party in group:
            yield Mark(party.start, party.end, kind, number)
    if event.place and event.place.part == event.part and event.place.source == "text":
        yield Mark(event.place.start, event.place.end, "place", number)


def pieces(span: Span, marks: Iterable[Mark]) -> Iterator[tuple[int, int, tuple[Mark, ...]]]:
    """`span` cut at every edge of a mark: (start, end, marks that cover the piece), in text order.

    The pieces join to the span exactly; marks outside it and empty marks are left out.
    """
    opens: dict[int, list[Mark]] = defaultdict(list)
    closes: dict[int, list[Mark]] = defaultdict(list)
    for mark in marks:
        start, end = max(mark.start, span.start), min(mark.end, span.end)
        if start < end:
            opens[start].append(mark)
            closes[end].append(mark)
    edges = sorted({span.start, span.end, *opens, *closes})
    covering: list[Mark] = []
    for left, right in pairwise(edges):
        covering = [mark for mark in covering if mark not in closes.get(left, ())] + opens.get(left, [])
        yield left, right, tuple(covering)


def evidence(coded: Coded, event: Event) -> tuple[str, Span]:
    """The text that holds the event's evidence and the span of its sentence, inside that text."""
    text = part_text(coded.story, event.part)
    return text, Span(min(event.sentence.start, len(text)), min(event.sentence.end, len(text)))


def days(start: str, end: str) -> str:
    """Two ISO days as people write them: "6 Oct 2025", "1-9 Oct 2025", "29 Sep - 5 Oct 2025", "1978"."""
    try:
        first, last = date.fromisoformat(start), date.fromisoformat(end)
    except ValueError:
        return start if start == end else f"{start} – {end}"
    if first == last:
        return f"{first.day} {first:%b} {first.year}"
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return str(first.year) if first.year == last.year else f"{first.year} – {last.year}"
    if first.year != last.year:
        return f"{first.day} {first:%b} {first.year} – {last.day} {last:%b} {last.year}"
    if first.month != last.month:
        return f"{first.day} {first:%b} – {last.day} {last:%b} {last.year}"
    return f"{first.day}–{last.day} {last:%b} {last.year}"
