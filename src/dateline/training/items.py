"""Marked sentences as numbers: word pieces, and at each piece what the network should answer there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tokenizers import Encoding, Tokenizer

from dateline.coding.model import NONE, PIECES, mark
from dateline.ontology import Ontology
from dateline.records import Span
from dateline.relate import as_published
from dateline.training.corpus import Example, Marked

STATUSES = ("asserted", "negated", "future", "hypothetical", "historical")


@dataclass(frozen=True, slots=True)
class Inventory:
    """The labels of a model, in the order of its outputs. `types[0]` is "none"."""

    types: tuple[str, ...]
    modes: tuple[str, ...]
    statuses: tuple[str, ...]
    contexts: tuple[str, ...]


def inventory(ontology: Ontology) -> Inventory:
    """The labels of an ontology. A mode is "TYPE/mode", "TYPE/" for an act of no mode."""
    modes = tuple(f"{name}/{mode}" for name, kind in ontology.types.items() for mode in ("", *kind.modes))
    return Inventory((NONE, *ontology.types), modes, STATUSES, tuple(ontology.contexts))


@dataclass(frozen=True, slots=True)
class Act:
    """One event of a sentence in numbers: pieces of its trigger, its labels, pieces of its roles."""

    trigger: tuple[int, ...]
    type: int
    mode: int
    status: int
    contexts: tuple[int, ...]
    roles: tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Plain:
    """A plain sentence: its pieces and its acts."""

    ids: tuple[int, ...]
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence with two marked parties, and the types that hold from the first to the second."""

    ids: tuple[int, ...]
    types: tuple[int, ...]


def pieces(encoding: Encoding, span: Span) -> tuple[int, ...]:
    """The pieces of an encoded text that overlap `span`, the marks at both ends apart."""
    return tuple(i for i, (a, b) in enumerate(encoding.offsets) if a < span.end and b > span.start and b > a)


def plain(example: Example, tokenizer: Tokenizer, labels: Inventory) -> Plain:
    """A sentence for the task on plain text."""
    encoding = tokenizer.encode(example.text)
    acts = tuple(_act(event, encoding, labels) for event in example.events)
    return Plain(tuple(encoding.ids[:PIECES]), tuple(act for act in acts if act.trigger and max(act.trigger) < PIECES))


def _act(event: Marked, encoding: Encoding, labels: Inventory) -> Act:
    def role(name: str) -> tuple[int, ...]:
        found = {i for span in event.of(name) for i in pieces(encoding, span)}  # type: ignore[arg-type]
        return tuple(sorted(i for i in found if i < PIECES))

    return Act(
        role("trigger"),
        labels.types.index(event.type),
        labels.modes.index(f"{event.type}/{event.mode or ''}"),
        labels.statuses.index(event.status),
        tuple(labels.contexts.index(name) for name in event.contexts),
        (role("source"), role("target"), role("speaker")),
    )


def pairs(example: Example, tokenizer: Tokenizer, labels: Inventory) -> Iterator[Pair]:
    """The task on marked parties: one item for each two parties between which something is done."""
    found: dict[tuple[Span, Span], list[int]] = {}
    for event in example.events:
        words = " ".join(example.text[span.start : span.end + 30] for span in event.of("trigger"))
        kind = labels.types.index(as_published(event.type, event.mode, event.status, words))
        for source in event.of("source")[:2]:
            for target in event.of("target")[:2]:
                if source.end <= target.start or target.end <= source.start:
                    found.setdefault((source, target), []).append(kind)
    for (source, target), types in found.items():
        ids = tokenizer.encode(mark(example.text, source, target)).ids[:PIECES]
        yield Pair(tuple(ids), tuple(types))


def held_out(examples: Sequence[Example], share: int = 10) -> tuple[list[Example], list[Example]]:
    """(for training, held out): one sentence in `share` is held out, by a digest of its own text."""
    from hashlib import sha256

    kept: list[Example] = []
    out: list[Example] = []
    for example in examples:
        (out if int(sha256(example.text.encode()).hexdigest(), 16) % share == 0 else kept).append(example)
    return kept, out
