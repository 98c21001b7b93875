"""Public fakes and builders for tests: a Doc by hand, without a model.

doc = doc_from('''
    Kenya    Kenya    NNP nsubj 1
    praised  praise   VBD ROOT  1
    Uganda   Uganda   NNP dobj  1
''')
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from dateline.archive import About, Counts, key_of
from dateline.families import FamilyIndex, sign
from dateline.pipeline import Pipeline, Settings
from dateline.records import (
    Actor,
    Coded,
    Doc,
    Drop,
    Event,
    EventDate,
    Party,
    Raw,
    Reading,
    Span,
    Story,
    Token,
)


def doc_from(table: str, *, part: str = "body") -> Doc:
    """A Doc from a table of `word lemma tag dep head`; a blank line ends a sentence.

    Heads are token indices of the whole table. Words are joined by single spaces, punctuation
    (`.`, `,`, `'s`, `:`, `;`) is glued to the word before it.
    """
    tokens: list[Token] = []
    sentences: list[tuple[int, int]] = []
    text, first = "", 0
    for line in [*table.strip("\n").splitlines(), ""]:
        if not line.strip():
            if len(tokens) > first:
                sentences.append((first, len(tokens)))
                first = len(tokens)
            continue
        word, lemma, tag, dep, head = line.split()
        text += "" if not text or word in {".", ",", "'s", ":", ";", "’s"} else " "
        start = len(text)
        text += word
        i = len(tokens)
        tokens.append(Token(i, word, word.lower(), lemma, tag, dep, int(head), start, len(text), len(sentences)))
    return Doc(part, text, tuple(tokens), tuple(sentences))


# --------------------------------------------------------------------------- fakes


def fake_pipeline(settings: Settings | None = None) -> Pipeline:
    """A whole pipeline that needs no model: bodies only, words parsed flat, an ASSAULT wherever a word is "attacked".

    Each stage keeps the real stage's contract, so what runs a pipeline can be tested with it.
    """
    given = settings or Settings()
    about = About("fake", "0" * 64, (("words", "1"),), given.pairs())
    return Pipeline(
        clean=lambda raws: [_fake_clean(raw, given.published) for raw in raws],
        sign=sign,
        annotate=lambda stories: [(_fake_doc(story.text),) for story in stories],
        actors=lambda reading: tuple({} for _ in reading.docs),
        times=lambda doc, published: [],
        places=lambda reading: (),
        claims=lambda reading: (),
        code=_fake_code,
        about=about,
    )


def _fake_clean(raw: Raw, published: str | None) -> Story | Drop:
    text = raw.text.strip()
    if not text:
        return Drop(raw.id, "clean", "the text is empty", raw.file, raw.line, raw.url, raw.digest)
    day = raw.published or published
    return Story(raw.id, text, (Span(0, len(text)),), file=raw.file, line=raw.line, digest=raw.digest, published=day)


def _fake_doc(text: str) -> Doc:
    words = [(m.group(), m.start(), m.end()) for m in re.finditer(r"\S+", text)]
    tokens = tuple(
        Token(i, word, word.lower(), word.lower(), "NN", "dep", 0, start, end, 0)
        for i, (word, start, end) in enumerate(words)
    )
    return Doc("body", text, tokens, ((0, len(tokens)),))


def _fake_code(reading: Reading) -> Coded:
    doc, events = reading.docs[0], []
    for token in doc.tokens:
        if token.lower == "attacked" and 0 < token.i < len(doc.tokens) - 1:
            events.append(_fake_event(reading.story, doc, token))
    return Coded(reading.story, reading.claims, reading.times, reading.places, tuple(events))


def _fake_event(story: Story, doc: Doc, token: Token) -> Event:
    source, target = (fake_party(doc.tokens[i]) for i in (token.i - 1, token.i + 1))
    date = EventDate(story.published, story.published, "published") if story.published else None
    return Event(
        f"{story.id}-{token.i}", "ASSAULT", "beat", (), "body", Span(token.start, token.end), token.text,
        doc.sentence_span(token.i), (source,), (target,), "asserted", (), None, date, None, (), 4, -9.0, "182", 0.8,
        ("the word is in the text",),
    )  # fmt: skip


def fake_party(token: Token) -> Party:
    """A party for a word that stands for itself; its country is the word's first three letters."""
    actor = Actor(token.text, token.text[:3].upper(), ("GOV",), f"word:{token.lower}")
    return Party(token.start, token.end, token.text, token.i, actor)


class MemoryArchive:
    """An `Archive` that lives as long as the object: what the run loop needs of a store, and no more."""

    def __init__(self) -> None:
        self.kept: dict[int, Coded] = {}
        self.dropped: dict[int, Drop] = {}
        self.runs: list[About] = []
        self.progress = Counts()
        self._handed: set[int] = set()
        self._families = FamilyIndex()

    def begin(self, about: About) -> None:
        self.runs.append(about)
        self.progress = Counts()

    def unseen(self, batch: Sequence[Raw | Drop]) -> list[Raw | Drop]:
        fresh: list[Raw | Drop] = []
        for item in batch:
            if key_of(item) not in self._handed:
                self._handed.add(key_of(item))
                fresh.append(item)
        self.progress = self.progress.add(read=len(batch), known=len(batch) - len(fresh))
        return fresh

    def admit(self, prepared: Sequence[Story | Drop]) -> list[Story | Drop]:
        return [item if isinstance(item, Drop) else self._families.assign(item) for item in prepared]

    def write(self, analysed: Sequence[Coded | Drop]) -> None:
        for item in analysed:
            if isinstance(item, Drop):
                self.dropped[key_of(item)] = item
                self.progress = self.progress.add(dropped=1)
            else:
                self.kept[key_of(item.story)] = item
                copies = int(item.story.family != item.story.id)
                self.progress = self.progress.add(kept=1, copies=copies, events=len(item.events))

    def finish(self) -> Counts:
        self._rename()
        return self.progress

    def _rename(self) -> None:
        """Families as later stories have changed them."""
        for key, coded in self.kept.items():
            family = self._families.version(key).family
            was, now = coded.story.family != coded.story.id, family != coded.story.id
            self.kept[key] = replace(coded, story=replace(coded.story, family=family))
            self.progress = self.progress.add(copies=int(now) - int(was))
