"""The actors in the slots of a trigger: who stands as its subject, object, possessor, "against X".

`Slots` joins the grammar (`syntax`) with the actor mentions of one Doc. A slot answers with the
parties found there and whether they stood in it themselves or only inside its phrase ("a Russian
missile" as subject: Russia, indirectly).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dateline.coding import syntax
from dateline.records import Doc, Party

_PARTITIVE = frozenset(
    [
        "group",
        "member",
        "number",
        "hundred",
        "thousand",
        "dozen",
        "score",
        "ten",
        "million",
        "some",
        "many",
        "several",
        "all",
        "most",
        "both",
        "each",
        "one",
        "part",
        "series",
        "rest",
        "majority",
        "half",
        "bunch",
        "crowd",
        "team",
        "handful",
        "couple",
        "pair",
        "wave",
        "lot",
        "scores",
        "hundreds",
        "thousands",
        "dozens",
        "tens",
        "remainder",
        "rank",
        "kind",
        "type",
    ]
)
_OWNING = ("of", "by", "from", "in", "between", "against", "on", "with", "to", "at", "for")


@dataclass(frozen=True, slots=True)
class Filled:
    """What a slot holds: its parties, and whether they head the slot's phrase."""

    parties: tuple[Party, ...] = ()
    direct: bool = True
    slot: str = ""

    def __bool__(self) -> bool:
        return bool(self.parties)


class Slots:
    """The slots of any trigger in one Doc."""

    def __init__(self, doc: Doc, parties: dict[int, tuple[Party, ...]]) -> None:
        self.doc = doc
        self.parties = parties
        self._heads: dict[tuple[int, str, bool], list[int]] = {}  # many rows ask the same slot of one trigger

    # ------------------------------------------------------------------ heads

    def heads(self, i: int, slot: str, *, nominal: bool) -> list[int]:
        """Token heads that stand in `slot` of trigger `i`, actors or not."""
        key = (i, slot, nominal)
        if key not in self._heads:
            self._heads[key] = self._find_heads(i, slot, nominal=nominal)
        return self._heads[key]

    def _find_heads(self, i: int, slot: str, *, nominal: bool) -> list[int]:
        doc = self.doc
        if slot.startswith("prep_"):
            word = slot.removeprefix("prep_")
            return self._prepositional(i, None if word == "*" else frozenset({word}), nominal=nominal)
        if nominal:
            return self._noun_heads(i, slot)
        if doc.tokens[i].dep == "acomp" and slot == "subj":
            return syntax.grammatical_subjects(doc, doc.tokens[i].head)
        match slot:
            case "subj":
                return syntax.verb_subjects(doc, i)
            case "obj" | "obj_of":
                return syntax.verb_objects(doc, i)
            case "iobj":
                return syntax.indirect_objects(doc, i)
            case "comp":
                return syntax.complements(doc, i)
            case "comp_aux":
                return [kid.i for verb in syntax.complements(doc, i) for kid in doc.kids(verb, "aux", "neg")]
            case "mod":
                return [kid.i for kid in doc.kids(i, "advmod", "npadvmod", "amod")]
        return []

    def _noun_heads(self, i: int, slot: str) -> list[int]:
        doc = self.doc
        match slot:
            case "poss":
                return [j for kid in doc.kids(i, "poss") for j in syntax.coordinated(doc, kid.i)]
            case "of" | "by":
                return self._prepositional(i, frozenset({slot}), nominal=True)
            case "mod":
                return self._modifiers(i)
            case "comp":
                return syntax.complements(doc, i)
            case "lsubj" | "lobj":
                return self._light(i, slot)
        return []

    def _modifiers(self, i: int) -> list[int]:
        found, todo = [], [i]
        while todo:
            for kid in self.doc.kids(todo.pop(), "amod", "compound", "nmod", "npadvmod", "punct"):
                if kid.dep != "punct":
                    found.append(kid.i)
                    todo.append(kid.i)
                    todo.extend(k.i for k in self.doc.kids(kid.i, "conj"))
                    found.extend(k.i for k in self.doc.kids(kid.i, "conj"))
        return sorted(set(found))

    def _light(self, noun: int, slot: str) -> list[int]:
        verb = syntax.light_verb(self.doc, noun)
        if verb is None:
            return []
        suffers = self.doc.tokens[verb].lemma in syntax.LIGHT_TARGET
        carries = self.doc.tokens[verb].lemma in syntax.LIGHT_SOURCE
        if slot == "lsubj":
            return syntax.verb_subjects(self.doc, verb) if carries and not suffers else []
        return syntax.verb_subjects(self.doc, verb) if suffers else []

    def _prepositional(self, i: int, words: frozenset[str] | None, *, nominal: bool) -> list[int]:
        doc = self.doc
        heads = syntax.prepositional(doc, i, words)
        if heads:
            return heads
        if nominal:
            verb = syntax.light_verb(doc, i)
            if verb is not None and doc.tokens[verb].lemma in syntax.LIGHT_SOURCE:
                heads = syntax.prepositional(doc, verb, words)
                heads = [head for head in heads if head != i and head not in doc.subtree(i)]
        else:
            for obj in syntax.verb_objects(doc, i):
                if not self.parties.get(obj) or (words is not None and "of" not in words):
                    heads += syntax.prepositional(doc, obj, words)
        return heads

    # ------------------------------------------------------------------ parties

    def fill(self, i: int, slot: str, *, nominal: bool) -> Filled:
        """The parties in `slot` of trigger `i`."""
        if slot == "any":
            return Filled(self._nearest(i), False, slot)
        if slot == "none":
            return Filled((), True, slot)
        heads = self.heads(i, slot, nominal=nominal)
        if slot == "comp":
            return Filled(self._in_complements(i, heads), False, slot)
        direct = [] if slot == "obj_of" else self.at(heads)
        if direct:
            return Filled(tuple(direct), True, slot)
        if slot in ("mod", "lsubj", "poss"):
            return Filled()
        return Filled(tuple(party for head in heads for party in self.inside(head)), False, slot)

    def at(self, heads: Iterable[int]) -> list[Party]:
        """Parties that stand at `heads`, looking through "thousands of", "members of"."""
        found: list[Party] = []
        for head in heads:
            here = self.parties.get(head, ())
            if not here and self._is_partitive(head):
                here = tuple(self.at(syntax.prepositional(self.doc, head, frozenset({"of"}))))
            found += [party for party in here if party not in found]
        return found

    def _is_partitive(self, i: int) -> bool:
        token = self.doc.tokens[i]
        return token.lemma in _PARTITIVE or token.lower in _PARTITIVE or token.tag in ("CD", "DT")

    def inside(self, i: int) -> tuple[Party, ...]:
        """Parties inside the phrase of noun `i`, by the closest tie: possessor, modifier, then "of"."""
        doc = self.doc
        for heads in (self._noun_heads(i, "poss"), self._modifiers(i)):
            here = self.at(heads)
            if here:
                return tuple(here)
        for word in _OWNING:
            objects = syntax.prepositional(doc, i, frozenset({word}))
            here = self.at(objects)
            if not here:
                here = [party for head in objects if head != i for party in self._shallow(head)]
            if here:
                return tuple(here)
        agents = [
            j for kid in doc.kids(i, "acl") if syntax.is_passive(doc, kid.i) for j in syntax.verb_subjects(doc, kid.i)
        ]
        return tuple(self.at(agents))

    def _shallow(self, i: int) -> list[Party]:
        return (
            self.at(self._noun_heads(i, "poss"))
            or self.at(self._modifiers(i))
            or self.at(syntax.prepositional(self.doc, i, frozenset({"of", "in"})))
        )

    def _in_complements(self, i: int, verbs: list[int]) -> tuple[Party, ...]:
        """The actor a complement clause is about: its own subject, else its object, else any in it.

        One of another country comes before one of the subject's own: "promised to withdraw its
        troops from Chad" is said to Chad.
        """
        doc = self.doc
        shared = syntax.verb_subjects(doc, i) if syntax.is_verb(doc.tokens[i]) else []
        own_side = {party.actor.country for party in self.at(shared)}
        found: list[tuple[Party, ...]] = []
        for verb in verbs:
            if not syntax.is_verb(doc.tokens[verb]):
                continue
            subjects = [kid.i for kid in doc.kids(verb, "nsubj", "nsubjpass") if kid.i not in shared]
            objects = [*syntax.indirect_objects(doc, verb)], syntax.verb_objects(doc, verb)
            for heads in (subjects, *objects, syntax.prepositional(doc, verb)):
                heads = [head for head in heads if head not in shared]
                here = self.at(heads) or [party for head in heads for party in self.inside(head)]
                if here:
                    found.append(tuple(here))
        others = [group for group in found if not {party.actor.country for party in group} & own_side]
        return (others or found or [()])[0]

    def _nearest(self, i: int) -> tuple[Party, ...]:
        """The nearest party to the right of `i` inside its subtree."""
        for j in self.doc.subtree(i):
            if j > i and self.parties.get(j):
                return tuple(self.at(syntax.coordinated(self.doc, j)))
        return ()
