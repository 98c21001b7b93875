"""Read and check a marked corpus: sentences with inline tags, as `corpus/GUIDE.md` describes them.

`read(folder, ontology)` gives the examples and, beside them, every fault with its file and line: a
corpus is written by many hands, and one bad block must not hide the others. `measures` says how
diverse the text is. This module refuses to repair: a faulty block is reported and left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Literal, cast, get_args

from dateline.errors import ConfigError
from dateline.ontology import Ontology
from dateline.records import Span, Status

Role = Literal["trigger", "source", "target", "speaker", "cue", "place", "time"]
ROLES: dict[str, Role] = {
    "": "trigger",
    "s": "source",
    "t": "target",
    "k": "speaker",
    "c": "cue",
    "p": "place",
    "d": "time",
}
STYLES = ("body", "headline", "caption")
_TAG = re.compile(r"\{((?:\d[stkcpd]?)+) ")
_PIECE = re.compile(r"(\d)([stkcpd]?)")
_EVENT = re.compile(r"^(\d) ([A-Z]+)(?:/([a-z-]+))? (\w+)(?: ([\w,]+))?$")
_NONE = re.compile(r"^-( \w[\w ,-]*)?$")
_WORD = re.compile(r"\w+(?:['’]\w+)?")


@dataclass(frozen=True, slots=True)
class Marked:
    """One event of a sentence: its label and its evidence. `spans` are (role, span), in text order."""

    type: str
    mode: str | None
    status: Status
    contexts: tuple[str, ...]
    spans: tuple[tuple[Role, Span], ...]

    def of(self, role: Role) -> tuple[Span, ...]:
        """The spans of one role."""
        return tuple(span for name, span in self.spans if name == role)


@dataclass(frozen=True, slots=True)
class Example:
    """One sentence with all its events. `reason` says why a sentence without events has none."""

    text: str
    events: tuple[Marked, ...]
    style: str = "body"
    reason: str | None = None
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a block, and where."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class BadBlockError(ValueError):
    """A block that can't be read; the message says why."""


def unmark(line: str) -> tuple[str, dict[str, list[tuple[Role, Span]]]]:
    """The sentence without its tags, and for every event number its (role, span) pairs in text order.

    Raises ValueError for a tag that is never closed, a brace that closes nothing, or an empty tag.
    """
    text: list[str] = []
    length = 0
    opened: list[tuple[str, int]] = []
    spans: dict[str, list[tuple[Role, Span]]] = {}
    at = 0
    while at < len(line):
        if match := _TAG.match(line, at):
            opened.append((match[1], length))
            at = match.end()
        elif line[at] == "{":
            raise BadBlockError(f"{line[at : at + 12]!r} is no tag: write {{1s words}}")
        elif line[at] == "}":
            if not opened:
                raise BadBlockError("a brace closes nothing")
            tag, start = opened.pop()
            if start == length:
                raise BadBlockError(f"tag {tag} holds no words")
            for number, letter in _PIECE.findall(tag):
                spans.setdefault(number, []).append((ROLES[letter], Span(start, length)))
            at += 1
        else:
            text.append(line[at])
            length += 1
            at += 1
    if opened:
        raise BadBlockError(f"tag {opened[-1][0]} is never closed")
    return "".join(text), {k: sorted(v, key=lambda item: (item[1].start, item[1].end)) for k, v in spans.items()}


def _marked(line: str, spans: dict[str, list[tuple[Role, Span]]], ontology: Ontology) -> tuple[str, Marked]:
    match = _EVENT.match(line)
    if not match:
        raise BadBlockError(f"{line!r} is no event line: write '1 COERCE/arrest asserted legal,crime'")
    number, name, mode, status, contexts = match.groups()
    if name not in ontology.types:
        raise BadBlockError(f"{name!r} is no type; there are {', '.join(ontology.types)}")
    if mode and mode not in ontology.types[name].modes:
        raise BadBlockError(
            f"{mode!r} is no mode of {name}; there are {', '.join(ontology.types[name].modes) or 'none'}"
        )
    if status not in get_args(Status):
        raise BadBlockError(f"{status!r} is no status; there are {', '.join(get_args(Status))}")
    named = tuple(contexts.split(",")) if contexts else ()
    if unknown := [c for c in named if c not in ontology.contexts]:
        raise BadBlockError(f"{unknown[0]!r} is no context; there are {', '.join(ontology.contexts)}")
    found = tuple(spans.get(number, ()))
    if not any(role == "trigger" for role, _ in found):
        raise BadBlockError(f"event {number} has no trigger {{{number} ...}}")
    return number, Marked(name, mode, cast(Status, status), named, found)


def _block(lines: Sequence[str], ontology: Ontology) -> Example:
    text, spans = unmark(lines[0])
    if len(lines) < 2:
        raise BadBlockError("no event line and no '-' line follows the sentence")
    if text != " ".join(text.split()):
        raise BadBlockError("runs of blanks in the sentence")
    if match := _NONE.match(lines[1]):
        if spans or len(lines) > 2:
            raise BadBlockError("'-' says that there is no event, but there are tags or more lines")
        return Example(text, (), reason=(match[1] or "").strip() or None)
    events = [_marked(line, spans, ontology) for line in lines[1:]]
    numbers = [number for number, _ in events]
    if len(set(numbers)) < len(numbers):
        raise BadBlockError("two event lines have one number")
    if stray := sorted(set(spans) - set(numbers)):
        raise BadBlockError(f"tags of event {stray[0]} but no line for it")
    return Example(text, tuple(event for _, event in events))


def _blocks(text: str) -> Iterator[tuple[int, str, list[str]]]:
    """(line number, style, lines) of every block of a file."""
    style, first = "body", 0
    block: list[str] = []
    for number, line in enumerate([*text.splitlines(), ""], 1):
        line = line.strip()
        if line.startswith("#"):
            if line.startswith("## style:"):
                style = line.split(":", 1)[1].strip()
        elif line:
            first = first if block else number
            block.append(line)
        elif block:
            yield first, style, block
            block = []


def parse(text: str, ontology: Ontology, file: str = "") -> tuple[list[Example], list[Fault]]:
    """The examples of one file's text, and the faults of the blocks that could not be read."""
    examples, faults = [], []
    for number, style, block in _blocks(text):
        try:
            if style not in STYLES:
                raise BadBlockError(f"{style!r} is no style; there are {', '.join(STYLES)}")
            example = _block(block, ontology)
            examples.append(replace(example, style=style, file=file, line=number))
        except BadBlockError as bad:
            faults.append(Fault(file, number, str(bad)))
    return examples, faults


def read(folder: Path, ontology: Ontology) -> tuple[list[Example], list[Fault]]:
    """All examples under `folder` (`*.txt`, in order of their names), and all faults, doubles among them.

    Raises ConfigError when the folder holds no `.txt` file.
    """
    files = sorted(folder.rglob("*.txt"))
    if not files:
        raise ConfigError(
            f"{folder}: no corpus here; a corpus is a folder of .txt files in the form of corpus/GUIDE.md"
        )
    examples: list[Example] = []
    faults: list[Fault] = []
    for path in files:
        found, wrong = parse(path.read_text(encoding="utf-8"), ontology, str(path.relative_to(folder)))
        examples += found
        faults += wrong
    return _without_doubles(examples, faults)


def _without_doubles(examples: list[Example], faults: list[Fault]) -> tuple[list[Example], list[Fault]]:
    seen: dict[str, Example] = {}
    for example in examples:
        key = " ".join(words(example.text))
        if key in seen:
            first = seen[key]
            faults.append(Fault(example.file, example.line, f"the sentence of {first.file}:{first.line} again"))
        else:
            seen[key] = example
    return list(seen.values()), faults


def words(text: str) -> list[str]:
    """The words of a text in lower case, without punctuation."""
    return _WORD.findall(text.lower())


def ngrams(text: str, n: int) -> set[tuple[str, ...]]:
    """All runs of `n` words of a text."""
    found = words(text)
    return {tuple(found[i : i + n]) for i in range(len(found) - n + 1)}


def measures(examples: Iterable[Example]) -> dict[str, object]:
    """How large and how diverse a corpus is.

    `lemmas` counts distinct first trigger words (lower case) of each type; `repeated 4-grams` is the share of
    sentences that hold a run of four words found in three or more other sentences; `distinct-2` is
    distinct word pairs over all word pairs.
    """
    examples = list(examples)
    lengths = sorted(len(words(example.text)) for example in examples)
    grams = [ngrams(example.text, 4) for example in examples]
    common = Counter(gram for one in grams for gram in one)
    pairs = [pair for example in examples for pair in pairwise(words(example.text))]
    triggers: dict[str, set[str]] = {}
    for example in examples:
        for event in example.events:
            span = event.of("trigger")[0]
            triggers.setdefault(event.type, set()).add(example.text[span.start : span.end].lower())
    count = len(examples) or 1
    return {
        "sentences": len(examples),
        "without events": sum(not example.events for example in examples) / count,
        "events": sum(len(example.events) for example in examples),
        "types": dict(Counter(e.type for x in examples for e in x.events).most_common()),
        "modes": dict(Counter(f"{e.type}/{e.mode}" for x in examples for e in x.events if e.mode).most_common()),
        "statuses": dict(Counter(e.status for x in examples for e in x.events).most_common()),
        "contexts": dict(Counter(c for x in examples for e in x.events for c in e.contexts).most_common()),
        "styles": dict(Counter(example.style for example in examples)),
        "words, median and 90 %": (lengths[len(lengths) // 2], lengths[len(lengths) * 9 // 10]) if lengths else (0, 0),
        "distinct triggers": {name: len(found) for name, found in sorted(triggers.items())},
        "repeated 4-grams": sum(any(common[g] > 3 for g in one) for one in grams) / count,
        "distinct-2": len(set(pairs)) / (len(pairs) or 1),
    }
