"""One sentence, a source and a target in it: the type of what the source does to the target.

The lexicon and the slots are those of `coding`, with the two given spans as the only parties. Every
trigger of the sentence is weighed by how well the source and the target stand in its slots, by how
surely its word means the act, and by its place in the tree; the mood of the clause can turn the act
(a future visit is AGREE, a refused one REJECT). A sentence without a trigger gets the prior.
It refuses to abstain: the answer is always one of the ontology's types, and `scores` says how sure.
It is no classifier trained on labelled sentences; nothing here was fitted to any.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dateline.coding import CARRIERS, syntax
from dateline.coding.matching import Match, Matcher, consumed
from dateline.coding.model import Model, softmax
from dateline.coding.roles import Slots
from dateline.errors import InputError
from dateline.language import Annotator
from dateline.ontology import Ontology
from dateline.records import Actor, Doc, Party, Span, Status

# Weights, chosen by reading errors on development sentences, not fitted.
DIRECT, INSIDE, NEAR, APART = 1.0, 0.85, 0.5, 0.2  # how well a party stands in a slot
CARRIER_GAIN, SWALLOWED, SHALLOW = 1.2, 0.25, 0.95  # a carrier; an act under one; a step down the tree
TRUST = 0.5  # power of the lexicon's shares beside the model's probabilities
SHARPNESS = 2.0  # weights are raised to it before they are shared out, so that one clear trigger beats two vague ones
# What an act becomes when it is only announced, and which acts a "not" turns into REJECT.
FUTURE = {
    **dict.fromkeys(("CONSULT", "SUPPORT", "COOPERATE", "AID", "CONCEDE", "RETREAT"), "AGREE"),
    **dict.fromkeys(("COERCE", "SANCTION", "ASSAULT", "MOBILIZE", "PROTEST"), "THREATEN"),
}
NEGATED = frozenset("AGREE CONSULT SUPPORT CONCEDE COOPERATE AID RETREAT".split())
_INTENT = frozenset(
    "agree promise pledge vow offer commit undertake propose plan intend prepare willing ready announce".split()
)
_PENALTIES = frozenset("sanction embargo".split())
_FUTURE_AUX = frozenset(("will", "'ll", "wo", "shall", "would"))


@dataclass(frozen=True, slots=True)
class Relation:
    """The answer for one item: a type and a score for every type, together 1."""

    id: str
    type: str
    scores: Mapping[str, float]

    def record(self) -> dict[str, object]:
        """The public record of `dateline relate`."""
        return {
            "id": self.id,
            "type": self.type,
            "scores": {name: round(value, 4) for name, value in self.scores.items()},
        }


@dataclass(frozen=True, slots=True)
class Item:
    """A sentence and two half-open character spans in it."""

    id: str
    text: str
    source: tuple[int, int]
    target: tuple[int, int]


class Relater:
    """Answers items in batches; load once, call often."""

    def __init__(self, ontology: Ontology, annotator: Annotator, model: Model | None = None) -> None:
        self._ontology = ontology
        self._annotator = annotator
        self._model = model
        self._matcher = Matcher(ontology)

    def relate(self, items: Iterable[Mapping[str, Any]]) -> list[dict[str, object]]:
        """Public records for `items` of the public form, same length and order. Errors: InputError."""
        checked = [item_of(row) for row in items]
        docs = self._annotator.parse_many(item.text for item in checked)
        return [self.one(item, doc).record() for item, doc in zip(checked, docs, strict=True)]

    def one(self, item: Item, doc: Doc) -> Relation:
        """The relation in one parsed sentence."""
        source, target = _head(doc, item.source), _head(doc, item.target)
        scores = dict.fromkeys(self._ontology.types, 0.001)
        slots = Slots(doc, _parties(item, source, target))
        matches = self._matcher.find(slots)
        for reached in _reach(slots, matches, source, target):
            scores[reached.type] += reached.weight**SHARPNESS
        total = sum(scores.values())
        shares = {name: value / total for name, value in scores.items()}
        if self._model is not None:
            shares = _together(shares, self._model, item)
        return Relation(item.id, max(shares, key=lambda name: shares[name]), shares)


def _together(shares: Mapping[str, float], model: Model, item: Item) -> dict[str, float]:
    """Shares of the lexicon and probabilities of the model as one: a product of experts."""
    logits = model.relate(item.text, Span(*item.source), Span(*item.target))
    chances = dict(zip(model.types[1:], softmax(logits[1:]), strict=True))
    joint = {name: share**TRUST * float(chances.get(name, 1e-4)) for name, share in shares.items()}
    total = sum(joint.values())
    return {name: value / total for name, value in joint.items()}


def as_published(kind: str, mode: str | None, status: Status, trigger: str) -> str:
    """The type of a marked act as the published relation sets have it (see `_read_as`)."""
    if status == "future":
        kind = FUTURE.get(kind, kind)
    elif status == "negated" and kind in NEGATED:
        kind = "REJECT"
    elif kind == "SANCTION" and mode == "convict":
        kind = "ACCUSE"
    elif kind == "SANCTION" and mode == "discontinue" and any(word in trigger.lower() for word in _PENALTIES):
        kind = "COERCE"
    elif kind == "COERCE" and mode == "cyber":
        kind = "ASSAULT"
    return kind


# --------------------------------------------------------------------------- weighing


@dataclass(frozen=True, slots=True)
class Reached:
    """A trigger of the sentence, what its act comes to in its clause, and its weight here."""

    match: Match
    type: str
    weight: float


def _reach(slots: Slots, matches: Sequence[Match], source: int, target: int) -> Iterator[Reached]:
    """Every trigger with its weight; one that a carrier governs ("asked to leave") counts for little."""
    spoken_for = {i for match in matches for i in consumed(slots, match)}
    carriers = {match.i for match in matches if match.row.type in CARRIERS and match.row.strength >= 0.3}
    for match in matches:
        weight = match.row.strength * _source_fit(slots, match, source) * _target_fit(slots, match, source, target)
        if match.i in carriers:
            weight *= CARRIER_GAIN
        if match.i in spoken_for or any(head in carriers for head in _governors(slots.doc, match.i)):
            weight *= SWALLOWED
        weight *= SHALLOW ** sum(1 for _ in slots.doc.ancestors(match.i))
        yield Reached(match, _mood(slots.doc, match), weight)


def _governors(doc: Doc, i: int) -> Iterator[int]:
    """Tokens above `i` whose complement or argument it is; an own clause ends the climb."""
    child = i
    for head in doc.ancestors(i):
        if doc.tokens[child].dep in ("relcl", "nsubj", "nsubjpass", "conj", "parataxis", "appos"):
            return
        if doc.tokens[child].dep == "advcl" and doc.tokens[child].tag != "VB":
            return
        yield head
        child = head


def _fit(slots: Slots, match: Match, names: Sequence[str], wanted: str) -> float:
    """How well the party `wanted` stands in the slots `names`: DIRECT, INSIDE, or 0 for not at all."""
    for name in names:
        filled = slots.fill(match.i, name, nominal=match.nominal)
        if any(party.actor.id == wanted for party in filled.parties):
            return DIRECT if filled.direct else INSIDE
    return 0.0


def _source_fit(slots: Slots, match: Match, source: int) -> float:
    """Fit of the source: in a slot, else subject of a clause above, else only before the trigger."""
    fit = _fit(slots, match, match.row.source, "source")
    if fit:
        return fit
    doc = slots.doc
    for head in (match.i, *doc.ancestors(match.i)):
        if syntax.is_verb(doc.tokens[head]) and source in syntax.verb_subjects(doc, head):
            return NEAR
    return APART if source < match.i else APART / 2


def _target_fit(slots: Slots, match: Match, source: int, target: int) -> float:
    """Fit of the target: in a slot, else below the trigger, else only after it."""
    fit = _fit(slots, match, match.row.target, "target")
    if fit:
        return fit
    doc = slots.doc
    if target in doc.subtree(match.i):
        return NEAR
    if target in syntax.coordinated(doc, source):
        return NEAR  # "Chad and Niger agreed": partners in one subject
    return APART if target > match.i else APART / 2


# --------------------------------------------------------------------------- mood


def _read_as(match: Match) -> str:
    """The row's type as the published relation sets have it.

    They rest on CAMEO's roots, from which the later codebook departs: an intent to yield is AGREE
    (035), sanctions between states are COERCE (163), a conviction is ACCUSE (116), and blockades,
    ground taken and attacks through the net stand with the use of force (19).
    """
    row = match.row
    if row.type == "CONCEDE" and row.lemma in _INTENT and any(need.slot == "comp" for need in row.needs):
        return "AGREE"
    if row.type == "SANCTION" and row.mode == "convict":
        return "ACCUSE"
    if row.type == "SANCTION" and row.mode == "discontinue" and _names(match, _PENALTIES):
        return "COERCE"
    if row.type == "COERCE" and (row.mode == "cyber" or "territory" in row.contexts):
        return "ASSAULT"
    return row.type


def _names(match: Match, words: frozenset[str]) -> bool:
    """Does the row speak of one of `words`, as its lemma or as what it needs?"""
    row = match.row
    return row.lemma in words or any(not words.isdisjoint(need.words) and len(need.words) < 60 for need in row.needs)


def _mood(doc: Doc, match: Match) -> str:
    """The type of the act as its clause has it: done, announced, refused or not done."""
    kind = _read_as(match)
    verb = match.i
    if match.nominal:
        light = syntax.light_verb(doc, match.i)
        if light is None:
            return kind
        verb = light
    if doc.tokens[verb].dep == "acomp":
        verb = doc.tokens[verb].head
    negated, future = _polarity(doc, verb)
    if negated:
        return "REJECT" if kind in NEGATED else kind
    return FUTURE.get(kind, kind) if future else kind


def _polarity(doc: Doc, verb: int) -> tuple[bool, bool]:
    """(negated, future) of a verb's own clause, with the clause above where it says so for it."""
    auxiliaries = {kid.lower for kid in doc.kids(verb, "aux")}
    negated = bool(doc.kids(verb, "neg"))
    future = bool(auxiliaries & _FUTURE_AUX) and "have" not in auxiliaries
    token = doc.tokens[verb]
    if token.dep == "conj" and not doc.kids(verb, "aux", "nsubj") and token.head != verb:
        above = _polarity(doc, token.head)
        return negated or above[0], future or above[1]
    if token.dep == "xcomp" and doc.tokens[token.head].lower == "going":
        future = True
    return negated, future


def item_of(row: Mapping[str, Any]) -> Item:
    """A public item checked. Errors: InputError that names the id and the field."""
    name = str(row.get("id"))
    text = row.get("text")
    if not isinstance(text, str) or not text.strip():
        raise InputError(f'relate: item {name}: text is {text!r}; give a sentence, as "text": "..."')
    return Item(name, text, _span(row, "source", name, len(text)), _span(row, "target", name, len(text)))


def _span(row: Mapping[str, Any], key: str, name: str, size: int) -> tuple[int, int]:
    value = row.get(key)
    start, end = (value.get("start"), value.get("end")) if isinstance(value, Mapping) else (None, None)
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end <= size:
        raise InputError(
            f'relate: item {name}: {key} is {value!r}; give {{"start": 0, "end": 5}} within the {size} characters'
        )
    return start, end


def _head(doc: Doc, span: tuple[int, int]) -> int:
    """The token that heads a span: the first one governed from outside, a noun where there is one."""
    inside = [token for token in doc.tokens if token.start < span[1] and token.end > span[0]]
    if not inside:
        return 0
    numbers = {token.i for token in inside}
    tops = [token for token in inside if token.head == token.i or token.head not in numbers]
    nouns = [token for token in tops if syntax.is_noun(token) or token.tag == "PRP"]
    return (nouns or tops)[0].i


def _parties(item: Item, source: int, target: int) -> dict[int, tuple[Party, ...]]:
    """The two given spans as the only parties, under the roles' own names."""
    found: dict[int, tuple[Party, ...]] = {}
    for name, span, head in (("target", item.target, target), ("source", item.source, source)):
        actor = Actor(name, None, (), name)
        found[head] = (Party(*span, item.text[span[0] : span[1]], head, actor),)
    return found
