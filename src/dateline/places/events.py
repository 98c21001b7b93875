"""The place of one event: which place of its sentence belongs to its trigger.

The parse ranks the places: one in a phrase of place on the trigger, the thing acted on, a phrase of
place on what governs the trigger, then the rest of its clause. A country that acts, or owns, is an
actor and not where something happened. Without any, the story's dateline is offered, and says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dateline.places.gazetteer import key_of
from dateline.records import Doc, Place, Story

# How likely a place is the event's own, by the words between it and the trigger. Each step up the parse
# multiplies; the values follow the shares seen in 4,000 sentences of event_location_train, rounded.
_LOCATIVE = frozenset(
    "in at near outside inside around across throughout through within on along over toward towards".split()
)
_PREPOSITIONS = {
    "in": 0.9, "at": 0.9, "inside": 0.9, "through": 1.0, "throughout": 0.9, "over": 0.9, "across": 0.85, "around": 0.85, "along": 0.8, "outside": 0.85,
    "on": 0.75, "within": 0.8, "near": 0.6, "of": 0.85, "toward": 0.6, "towards": 0.6, "into": 0.65, "to": 0.5, "onto": 0.6, "against": 0.55, "from": 0.3,
    "between": 0.25, "during": 0.6, "by": 0.1, "than": 0.05, "according": 0.05, "like": 0.1, "about": 0.2, "since": 0.3, "with": 0.3, "for": 0.3,
}  # fmt: skip
_OTHER_PREPOSITION = 0.3
_DOWN = {
    "poss": 0.4, "dobj": 1.0, "pobj": 1.0, "compound": 0.95, "appos": 0.9, "conj": 0.9, "nmod": 0.9, "advcl": 0.45, "relcl": 0.25, "acl": 0.4, "ccomp": 0.3,
    "csubj": 0.3, "parataxis": 0.3, "pcomp": 0.8, "xcomp": 0.8, "npadvmod": 0.6, "advmod": 0.3, "amod": 0.4, "attr": 0.6, "dep": 0.5, "dative": 0.2, "mark": 0.3,
}  # fmt: skip
_UP = {
    "advcl": 0.6,
    "ccomp": 0.2,
    "csubj": 0.3,
    "parataxis": 0.3,
    "conj": 0.65,
    "relcl": 0.7,
    "acl": 0.5,
    "xcomp": 0.75,
    "pcomp": 0.8,
    "amod": 0.7,
}
_ACTOR, _OF_ACTOR, _UNDERGONE = 0.08, 0.9, 0.5
_STEPS = 40
_ORDER = {"point": 0, "city": 0, "region": 1, "country": 2}
_NARROW = {"point": 1.1, "city": 1.1, "region": 1.0, "country": 0.9}
_ENOUGH = 0.3  # below this no place of the sentence is taken for the event's: chosen on dev, and within .002 of the best of five on event_location_train


def place_of(doc: Doc, trigger: int, places: Sequence[Place], story: Story) -> tuple[Place | None, str]:
    """Where the act named by token `trigger` happened, and a short reason; (None, "") where nothing tells.

    `places` are those `Gazetteer.find` gave for the story; only those of this part and sentence compete.
    """
    first, last = doc.sentence_of(trigger)
    low, high = doc.tokens[first].start, doc.tokens[last - 1].end
    ranked = []
    for place in places:
        if place.part != doc.part or place.source == "adjective" or not low <= place.start < high:
            continue
        head = _head(doc, first, last, place)
        if head is None:
            continue
        chance, how = _chance(doc, trigger, head)
        ranked.append((chance * _NARROW[place.precision], -abs(head - trigger), place, how))
    if ranked:
        chance, _, place, how = max(ranked, key=lambda item: item[:2])
        if chance >= _ENOUGH:
            return _narrowest(doc, place, [item[2] for item in ranked]), f"place {how}"
    return _dateline(places, story)


def _head(doc: Doc, first: int, last: int, place: Place) -> int | None:
    """The token by which a place hangs in the sentence."""
    inside = [i for i in range(first, last) if place.start <= doc.tokens[i].start < place.end]
    return next(
        (i for i in inside if doc.tokens[i].head not in inside or doc.tokens[i].head == i),
        inside[0] if inside else None,
    )


def _chance(doc: Doc, trigger: int, head: int) -> tuple[float, str]:
    """How likely the place at `head` is the event's: the product over the path between it and the trigger."""
    above = [trigger]
    for i in doc.ancestors(trigger):
        above.append(i)
        if len(above) > _STEPS:
            break
    level = {node: n for n, node in enumerate(above)}
    chance, preposition, i = 1.0, "", head
    for _ in range(_STEPS):
        if i in level:
            break
        token = doc.tokens[i]
        if token.head == i:
            return 0.0, ""
        if token.dep in ("prep", "agent"):
            preposition = token.lower if token.lower in _LOCATIVE or not preposition else preposition
            chance *= _PREPOSITIONS.get(token.lower, _OTHER_PREPOSITION)
        elif token.dep == "nsubj":
            chance *= _OF_ACTOR if preposition in _LOCATIVE else _ACTOR
        elif token.dep == "nsubjpass":
            chance *= _OF_ACTOR if preposition in _LOCATIVE else _UNDERGONE
        elif token.dep == "conj" and token.tag.startswith("VB"):
            chance *= 0.45
        else:
            chance *= _DOWN.get(token.dep, 0.5)
        i = token.head
    if i not in level:
        return 0.0, ""
    for node in above[: level[i]]:
        chance *= _UP.get(doc.tokens[node].dep, 0.85)
    return chance, _how(preposition, level[i])


def _how(preposition: str, level: int) -> str:
    if preposition and level == 0:
        return f"from '{preposition}' on the trigger"
    if preposition:
        return f"from '{preposition}' in the sentence"
    return "from what is acted on" if level == 0 else "from the sentence"


def _narrowest(doc: Doc, place: Place, others: Sequence[Place]) -> Place:
    """ "Basra, Iraq" and "Basra in Iraq" are Basra: the narrower place written just before a wider one that was chosen."""
    for other in others:
        between = doc.text[other.end : place.start]
        if (
            other.end <= place.start
            and len(between) < 8
            and _ORDER[other.precision] < _ORDER[place.precision]
            and re.fullmatch(r"\s?(?:,|in|\()\s?", between)
        ):
            return other
    return place


def _dateline(places: Sequence[Place], story: Story) -> tuple[Place | None, str]:
    dateline = story.dateline
    if dateline is None or not dateline.place:
        return None, ""
    wanted = key_of(dateline.place)
    for place in places:
        if key_of(place.name) == wanted:
            return place, "place from the dateline"
    if dateline.lat is None or dateline.lon is None:
        return None, ""
    return Place(
        "dateline", 0, 0, dateline.place, dateline.country, None, dateline.lat, dateline.lon, "city", None, "dateline"
    ), "place from the dateline"
