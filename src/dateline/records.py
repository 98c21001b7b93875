"""What flows through Dateline: the records that stages read and return.

Everything here is frozen and typed, imports nothing of ours and does nothing. A stage never
changes a record; it returns a new one (`dataclasses.replace`). Offsets are half-open and count
characters of the text they point into: `Story.text` for the body, the caption for a photo.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Kind = Literal["page", "scrape", "body"]
Status = Literal["asserted", "negated", "future", "hypothetical", "historical"]
ClaimKind = Literal["said", "denied", "warned", "accused", "promised", "believes", "reports", "asked"]
Precision = Literal["point", "city", "region", "country"]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text: `text[start:end]`."""

    start: int
    end: int

    def __contains__(self, offset: int) -> bool:
        return self.start <= offset < self.end


# --------------------------------------------------------------------------- reading


@dataclass(frozen=True, slots=True)
class Raw:
    """One story as a reader found it, before any cleaning.

    `kind` says what `text` is: an HTML "page", a plain-text "scrape" with furniture around the
    story, or a clean "body" that must come back unchanged. The other fields hold what the format
    itself declared (a JSONL key, a feed element, a CSV column); they outrank what cleaning finds.
    """

    id: str
    kind: Kind
    text: str
    digest: str = ""
    file: str | None = None
    line: int | None = None
    url: str | None = None
    headline: str | None = None
    byline: tuple[str, ...] = ()
    agency: str | None = None
    section: str | None = None
    language: str | None = None
    published: str | None = None
    publisher: str | None = None


@dataclass(frozen=True, slots=True)
class Drop:
    """A story that leaves by the other door: where it fell out, and why, in one sentence."""

    id: str
    stage: str
    reason: str
    file: str | None = None
    line: int | None = None
    url: str | None = None
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Dateline:
    """The place line of a story: its text, the first place as written, and where that is.

    `places` holds every (place, region) named, as ("Beirut", None) or ("Lawrenceville", "Ga.").
    """

    text: str
    place: str | None = None
    country: str | None = None
    lat: float | None = None
    lon: float | None = None
    places: tuple[tuple[str, str | None], ...] = ()
    agency: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Photo:
    """One photograph of a story, once, however often the page repeats it (`copies`)."""

    caption: str
    photographer: str | None = None
    agency: str | None = None
    via: str | None = None
    date: str | None = None
    copies: int = 1


@dataclass(frozen=True, slots=True)
class Note:
    """Wire furniture kept out of the body and kept in the record.

    `kind`: "editors" (Eds:, write-thru marks), "correction", "tail" (Reporting by ...,
    ... contributed to this report), "earlier" (an older version that follows), "kicker", "other".
    """

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Story:
    """A clean story. `text` is the body: paragraphs joined by one blank line.

    `paragraphs` are spans into `text`; `origins` are the spans of the same paragraphs in the raw
    input, None where the raw input does not hold the paragraph's characters in one piece.
    `published` is an ISO day; `published_from` says what gave it; `conflicts` are the rejected
    candidates, one readable sentence each.
    """

    id: str
    text: str
    paragraphs: tuple[Span, ...] = ()
    origins: tuple[Span | None, ...] = ()
    file: str | None = None
    line: int | None = None
    url: str | None = None
    digest: str = ""
    headline: str | None = None
    byline: tuple[str, ...] = ()
    agency: str | None = None
    publisher: str | None = None
    section: str | None = None
    language: str = "en"
    published: str | None = None
    published_from: str | None = None
    conflicts: tuple[str, ...] = ()
    dateline: Dateline | None = None
    photos: tuple[Photo, ...] = ()
    notes: tuple[Note, ...] = ()
    family: str | None = None
    signature: tuple[int, ...] = ()


# --------------------------------------------------------------------------- language


@dataclass(frozen=True, slots=True)
class Token:
    """One token of a parse. `head` is a token index in the same Doc; a root is its own head.

    `tag` is the Penn tag, `dep` the ClearNLP label (nsubj, dobj, pobj, relcl ...), `lemma` is
    lower case except for proper nouns (NNP, NNPS), which keep their form.
    """

    i: int
    text: str
    lower: str
    lemma: str
    tag: str
    dep: str
    head: int
    start: int
    end: int
    sent: int


@dataclass(frozen=True)
class Doc:
    """The parse of one part of a story: "body", or "caption:0" and so on.

    `sentences` are half-open token ranges; token and character offsets count from the part's text.
    """

    part: str
    text: str
    tokens: tuple[Token, ...]
    sentences: tuple[tuple[int, int], ...]

    @cached_property
    def children(self) -> tuple[tuple[int, ...], ...]:
        """For every token, its dependents in text order."""
        lists: list[list[int]] = [[] for _ in self.tokens]
        for token in self.tokens:
            if token.head != token.i:
                lists[token.head].append(token.i)
        return tuple(tuple(items) for items in lists)

    def kids(self, i: int, *deps: str) -> list[Token]:
        """Dependents of token `i`, those with one of `deps` when any are named."""
        return [self.tokens[k] for k in self.children[i] if not deps or self.tokens[k].dep in deps]

    def subtree(self, i: int) -> list[int]:
        """Token `i` and all that hangs on it, in text order."""
        found, todo = [], [i]
        while todo:
            j = todo.pop()
            found.append(j)
            todo.extend(self.children[j])
        return sorted(found)

    def ancestors(self, i: int) -> Iterator[int]:
        """Heads of token `i`, nearest first."""
        while self.tokens[i].head != i:
            i = self.tokens[i].head
            yield i

    def sentence_of(self, i: int) -> tuple[int, int]:
        """Token range of the sentence that holds token `i`."""
        return self.sentences[self.tokens[i].sent]

    def sentence_span(self, i: int) -> Span:
        """Character span of the sentence that holds token `i`."""
        first, last = self.sentence_of(i)
        return Span(self.tokens[first].start, self.tokens[last - 1].end)

    def slice(self, first: int, last: int) -> str:
        """Text from token `first` up to and including token `last`."""
        return self.text[self.tokens[first].start : self.tokens[last].end]


# --------------------------------------------------------------------------- findings


@dataclass(frozen=True, slots=True)
class Actor:
    """A resolved party as it stood that day.

    `country`: ISO 3166-1 alpha-3, or UNO, EUR, NATO, IGO, NGO; None when it can't be told.
    `id` is our own stable id ("country:KOR", "igo:UNO", "person:yoon suk yeol"), `reason` one
    short sentence on how it was resolved.
    """

    name: str
    country: str | None
    sectors: tuple[str, ...]
    id: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """A mention of an actor in a story: where it stands and who it is. `head` is a token index."""

    start: int
    end: int
    text: str
    head: int
    actor: Actor


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody says something. `speaker` is empty when the text hides who (passive cues).

    `cue` and `content` are character spans of the part; `speakers` are the resolved speakers.
    """

    part: str
    speaker: Span | None
    speakers: tuple[Party, ...]
    cue: Span
    content: tuple[Span, ...]
    kind: ClaimKind


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """A phrase that names a time. `value` is a TIMEX3 value; `first` and `last` are ISO days."""

    part: str
    start: int
    end: int
    text: str
    value: str
    first: str | None = None
    last: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A place named in the story, with its GeoNames id where one was found."""

    part: str
    start: int
    end: int
    name: str
    country: str | None = None
    geonameid: int | None = None
    lat: float | None = None
    lon: float | None = None
    precision: Precision = "city"
    admin1: str | None = None
    source: str = "text"


@dataclass(frozen=True, slots=True)
class EventDate:
    """Days on which the act happened. `source`: "clause", "sentence", "recent", "published" ..."""

    start: str
    end: str
    source: str


@dataclass(frozen=True, slots=True)
class Quantity:
    """A count or amount in an event: "more than 10,000 soldiers" is (10000, "min", "soldiers")."""

    text: str
    value: float
    bound: Literal["exact", "min", "max", "about"] = "exact"
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One report of one act: who did what to whom, with its evidence and how it was decided."""

    id: str
    type: str
    mode: str | None
    contexts: tuple[str, ...]
    part: str
    trigger: Span
    trigger_text: str
    sentence: Span
    sources: tuple[Party, ...]
    targets: tuple[Party, ...]
    status: Status
    speakers: tuple[Party, ...]
    claim: int | None
    date: EventDate | None
    place: Place | None
    quantities: tuple[Quantity, ...]
    quad: int
    score: float | None
    cameo: str | None
    confidence: float
    rulings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coded:
    """A story with everything found in it: what is archived, shown and exported."""

    story: Story
    claims: tuple[Claim, ...] = ()
    times: tuple[TimeExpression, ...] = ()
    places: tuple[Place, ...] = ()
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A story as the deciding stages see it: its parses and what was found in them so far.

    `docs[0]` is the body. `parties[d][i]` are the parties whose mention has its head at token `i`
    of doc `d` ("U.S. and Filipino troops" is one head and two parties).
    """

    story: Story
    docs: tuple[Doc, ...]
    parties: tuple[dict[int, tuple[Party, ...]], ...] = ()
    claims: tuple[Claim, ...] = ()
    times: tuple[TimeExpression, ...] = ()
    places: tuple[Place, ...] = ()
