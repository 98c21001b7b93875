"""Which words of a parse are triggers: lexicon rows against the tree.

A row matches a token when its lemma and part of speech agree, its particle or leading words are
there, and all of its needs hold. Of the rows that match, the one that asked for most wins.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dateline.coding import syntax
from dateline.coding.roles import Slots
from dateline.ontology import Need, Ontology, Trigger
from dateline.records import Doc, Token


@dataclass(frozen=True, slots=True)
class Match:
    """Token `i` is a trigger by lexicon row `row`; `words` are the tokens that carry it."""

    i: int
    row: Trigger
    words: tuple[int, ...]

    @property
    def nominal(self) -> bool:
        return self.row.pos == "noun"


class Matcher:
    """Finds the triggers of a Doc."""

    def __init__(self, ontology: Ontology) -> None:
        self._ontology = ontology
        self._nouns = {
            lemma: frozenset(row.type for row in rows if row.pos == "noun") for lemma, rows in ontology.triggers.items()
        }

    def find(self, slots: Slots) -> list[Match]:
        """Every trigger of the Doc behind `slots`, in text order, one row a token."""
        found = []
        for token in slots.doc.tokens:
            rows = self._ontology.triggers.get(token.lemma.lower() if token.tag in syntax.NOUN_TAGS else token.lemma)
            if rows:
                match = self.best(slots, token, rows)
                if match is not None:
                    found.append(match)
        return found

    def best(self, slots: Slots, token: Token, rows: tuple[Trigger, ...]) -> Match | None:
        """The most demanding row that holds at `token`, None when none does."""
        matches = self.all(slots, token, rows)
        return max(matches, key=_rank) if matches else None

    def all(self, slots: Slots, token: Token, rows: tuple[Trigger, ...]) -> list[Match]:
        """Every row that holds at `token`."""
        pos = _part_of_speech(slots.doc, token)
        if pos is None:
            return []
        found = []
        for row in rows:
            if row.pos == pos:
                words = self._words(slots.doc, token, row)
                if words is not None and all(self._holds(slots, token, need, pos) for need in row.needs):
                    found.append(Match(token.i, row, words))
        return found

    def _words(self, doc: Doc, token: Token, row: Trigger) -> tuple[int, ...] | None:
        words = [token.i]
        if row.particle:
            here = [
                kid.i
                for kid in doc.kids(token.i, "prt", "prep", "advmod", "agent", "dative")
                if kid.lower == row.particle
            ]
            # "called for Chad to act": the parser hangs "for" on the clause that it opens
            clauses = doc.kids(token.i, "ccomp", "xcomp", "advcl")
            here = here or [k.i for clause in clauses for k in doc.kids(clause.i, "mark") if k.lower == row.particle]
            if not here:
                return None
            words.append(here[0])
        for lead in row.mods:
            near = [
                kid.i
                for kid in doc.kids(token.i, "compound", "amod", "nmod", "poss", "nummod")
                if lead in (kid.lemma.lower(), kid.lower)
            ]
            if not near and token.i > 0 and doc.tokens[token.i - 1].lower == lead:
                near = [token.i - 1]
            if not near and token.i > 1 and doc.tokens[token.i - 2].lower == lead:
                near = [token.i - 2]
            if not near:
                return None
            words.append(near[0])
        return tuple(sorted(words))

    def _holds(self, slots: Slots, token: Token, need: Need, pos: str) -> bool:
        return self._satisfied(slots, token, need, pos) != need.negated

    def _satisfied(self, slots: Slots, token: Token, need: Need, pos: str) -> bool:
        heads = slots.heads(token.i, need.slot, nominal=pos == "noun")
        if not heads:
            return False
        if "*" in need.classes:
            return True
        for head in heads:
            here = slots.doc.tokens[head]
            if here.lemma.lower() in need.words or here.lower in need.words:
                return True
            if "actor" in need.classes and slots.at([head]):
                return True
            types = self._nouns.get(here.lemma.lower(), frozenset())
            if types and ("event" in need.classes or any(f"event:{kind}" in need.classes for kind in types)):
                return True
        return False


def consumed(slots: Slots, match: Match) -> Iterator[int]:
    """Words that a row took into its meaning: "talks" of "suspended the talks" is no event of its own."""
    for need in match.row.needs:
        if need.words and not need.negated and need.slot != "subj":
            for head in slots.heads(match.i, need.slot, nominal=match.nominal):
                if slots.doc.tokens[head].lemma.lower() in need.words:
                    yield head


def _rank(match: Match) -> tuple[int, int, float]:
    row = match.row
    return row.specificity, len(match.words), row.strength


def _part_of_speech(doc: Doc, token: Token) -> str | None:
    """ "verb", "noun" or "adj" when the token can carry an event where it stands, else None.

    A noun in front of another noun names a thing and not an act ("attack helicopter", "aid
    agency"), and so does a participle in front of one ("armed men").
    """
    if token.dep in ("aux", "auxpass", "amod", "compound", "nmod"):
        return None
    if token.tag == "VBG" and token.dep in ("pobj", "dobj", "nsubj") and doc.kids(token.i, "det", "poss", "amod"):
        return "noun"
    if token.tag in syntax.VERB_TAGS:
        return "verb"
    if token.tag in ("NN", "NNS"):
        return "noun"
    return "adj" if token.tag in ("JJ", "JJR") else None
