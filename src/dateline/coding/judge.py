"""The trained model's say in the coder: which triggers hold, which are missing, who stands in them.

The lexicon says what a word can mean and the grammar where its parties stand; the model has seen how
whole sentences are meant. Their evidence is added as log-odds, with the weights below, and every
change says so in the event's rulings. It refuses to act alone on a party that is no actor mention.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from dateline.coding import syntax
from dateline.coding.matching import Match
from dateline.coding.model import Floats, Model, Scores
from dateline.coding.roles import Filled, Slots
from dateline.ontology import DEFAULT_SLOTS, Ontology, Trigger
from dateline.records import Doc, Party, Span, Status

LEXICON = 2.5
"""Log-odds that a lexicon row of strength 1 adds to its own type."""

FOUND = 0.5
"""Probability from which a word that the lexicon does not know is a trigger."""

DROPPED = 0.25
"""Probability of any act below which a lexicon's trigger is dropped."""

GRAMMAR = 2.0
"""Log-odds that standing in a slot of the grammar adds to a party's role."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What model and lexicon together make of one trigger."""

    match: Match
    certainty: float
    ruling: str | None


class Opinion:
    """The model's answers about one Doc: a sentence is read when first asked about."""

    def __init__(self, model: Model, ontology: Ontology, doc: Doc) -> None:
        self._model, self._ontology, self._doc = model, ontology, doc
        self._read: dict[int, Scores] = {}

    def _scores(self, sent: int) -> tuple[Scores, int]:
        first, last = self._doc.sentences[sent]
        start = self._doc.tokens[first].start
        if sent not in self._read:
            self._read[sent] = self._model.read(self._doc.text[start : self._doc.tokens[last - 1].end])
        return self._read[sent], start

    def _local(self, i: int) -> tuple[Scores, Span]:
        token = self._doc.tokens[i]
        scores, start = self._scores(token.sent)
        return scores, Span(token.start - start, token.end - start)

    # ------------------------------------------------------------------ triggers

    def weigh(self, slots: Slots, matches: Sequence[Match]) -> list[Verdict]:
        """The triggers that hold: lexicon matches confirmed, retyped or dropped, and what the lexicon lacks."""
        verdicts = [verdict for match in matches if (verdict := self._judge(match)) is not None]
        taken = {i for match in matches for i in match.words}
        sentences = {slots.doc.tokens[i].sent for i in slots.parties}
        for sent in sorted(sentences):
            verdicts += self._missing(sent, taken)
        return sorted(verdicts, key=lambda verdict: verdict.match.i)

    def _judge(self, match: Match) -> Verdict | None:
        scores, span = self._local(match.i)
        chances = scores.type_at(span)
        if chances is None:
            return Verdict(match, match.row.strength, None)
        logits = {name: math.log(float(p) + 1e-6) for name, p in zip(self._model.types, chances, strict=True)}
        logits[match.row.type] = logits.get(match.row.type, -9.0) + LEXICON * match.row.strength
        total = sum(math.exp(value) for value in logits.values())
        shares = {name: math.exp(value) / total for name, value in logits.items()}
        none = shares.pop(self._model.types[0])
        if 1.0 - none < DROPPED:
            return None
        best = max(shares, key=lambda name: shares[name])
        if best == match.row.type:
            return Verdict(match, 1.0 - none, None)
        if best not in self._ontology.types:
            return None
        row = replace(match.row, type=best, mode=self._mode(scores, span, best), contexts=())
        return Verdict(
            replace(match, row=row), 1.0 - none, f"the model reads {best} where the lexicon has {match.row.type}"
        )

    def _missing(self, sent: int, taken: set[int]) -> list[Verdict]:
        """Words of a sentence that no row knows and that the model takes for triggers."""
        first, last = self._doc.sentences[sent]
        hot: dict[int, Floats] = {}
        for i in range(first, last):
            scores, span = self._local(i)
            chances = scores.type_at(span)
            if chances is not None and chances[0] < 1.0 - FOUND:
                hot[i] = chances
        verdicts = []
        for i, chances in hot.items():
            token = self._doc.tokens[i]
            pos = _part_of_speech(self._doc, i)
            if pos is None or i in taken or (token.head in hot and token.head != i and abs(token.head - i) < 4):
                continue
            best = int(chances[1:].argmax()) + 1
            name = self._model.types[best]
            if name not in self._ontology.types or any(abs(i - j) < 2 for j in taken):
                continue
            scores, span = self._local(i)
            certainty = 1.0 - float(chances[0])
            source, target = DEFAULT_SLOTS[pos]
            mode = self._mode(scores, span, name)
            row = Trigger(token.lemma, pos, "", (), name, mode, (), (), source, target, certainty, 0)
            verdicts.append(Verdict(Match(i, row, (i,)), certainty, f"'{token.text}' is {name} by the model"))
        return verdicts

    def _mode(self, scores: Scores, span: Span, name: str) -> str | None:
        found = scores.pieces(span)
        if not found:
            return None
        sums = scores.modes[found].mean(0)
        own = [k for k, label in enumerate(self._model.modes) if label.startswith(f"{name}/")]
        best = max(own, key=lambda k: float(sums[k])) if own else None
        mode = self._model.modes[best].partition("/")[2] if best is not None else ""
        return mode if mode in self._ontology.types[name].modes else None

    # ------------------------------------------------------------------ parties and status

    def cast(self, slots: Slots, i: int, source: Filled, target: Filled) -> tuple[Filled, Filled]:
        """The parties of trigger `i`: those of the grammar and those of the model, weighed together."""
        sent = self._doc.tokens[i].sent
        scores, trigger = self._local(i)
        chosen: tuple[list[Party], list[Party]] = ([], [])
        for head, parties in slots.parties.items():
            if self._doc.tokens[head].sent != sent:
                continue
            _, span = self._local(head)
            chances = scores.roles_at(trigger, span)
            if chances is None:
                continue
            odds = [math.log(float(p) / (1.0 - float(p) + 1e-6) + 1e-6) for p in chances[:2]]
            for side, filled in enumerate((source, target)):
                if filled:
                    odds[side] += GRAMMAR if any(p.head == head for p in filled.parties) else -GRAMMAR / 2
            best = 0 if odds[0] >= odds[1] else 1
            if odds[best] > 0.0:
                chosen[best].extend(parties)
        return _revised(source, chosen[0], chosen[1]), _revised(target, chosen[1], chosen[0])

    def status(self, i: int) -> tuple[Status, float] | None:
        """The model's status of the act at trigger `i`, with its probability."""
        scores, span = self._local(i)
        chances = scores.status_at(span)
        if chances is None:
            return None
        best = int(chances.argmax())
        return self._model.statuses[best], float(chances[best])  # type: ignore[return-value]  # checked by the card


def _revised(filled: Filled, chosen: Sequence[Party], other: Sequence[Party]) -> Filled:
    """`filled` as the model would have it; a side that the model leaves empty keeps what the grammar found."""
    if not chosen:
        kept = tuple(p for p in filled.parties if p.head not in {q.head for q in other})
        return replace(filled, parties=kept)
    heads = {p.head for p in chosen}
    if heads == {p.head for p in filled.parties}:
        return filled
    return Filled(tuple(chosen), True, filled.slot or "model")


def _part_of_speech(doc: Doc, i: int) -> str | None:
    token = doc.tokens[i]
    if token.tag in syntax.VERB_TAGS and token.dep not in ("aux", "auxpass", "amod"):
        return "verb"
    if token.tag in ("NN", "NNS"):
        return "noun" if token.dep not in ("compound", "nmod") else None
    return "adj" if token.tag in ("JJ", "JJR") and token.dep == "acomp" else None
