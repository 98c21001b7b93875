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

_IN = frozenset("in at near outside inside around across throughout within on along amid off above".split())
_TOWARD = frozenset("into to toward towards onto through over between via from against of for".split())
_CLAUSES = frozenset({"ccomp", "advcl", "relcl", "csubj", "csubjpass", "parataxis", "acl"})
_ACTING = frozenset({"nsubj", "nsubjpass", "agent", "csubj", "dative"})
_STEPS = 40
_ORDER = {"point": 0, "city": 0, "region": 1, "country": 2}
_FAR = 60.0  # a place that ranks no better than this is no sign of where the event was


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
        rank, how = _rank(doc, trigger, head)
        ranked.append((rank, _ORDER[place.precision], abs(head - trigger), place, how))
    if ranked:
        rank, _, _, place, how = min(ranked, key=lambda item: item[:3])
        if rank < _FAR:
            place = _narrowest(doc, place, [item[3] for item in ranked])
            return place, f"place {how}"
    return _dateline(places, story)


def _head(doc: Doc, first: int, last: int, place: Place) -> int | None:
    """The token by which a place hangs in the sentence."""
    inside = [i for i in range(first, last) if place.start <= doc.tokens[i].start < place.end]
    return next((i for i in inside if doc.tokens[i].head not in inside or doc.tokens[i].head == i), inside[0] if inside else None)


def _rank(doc: Doc, trigger: int, head: int) -> tuple[float, str]:
    """Lower is likelier. The path from the place up to the trigger, or to the word both hang on, decides."""
    above = [trigger]
    for i in doc.ancestors(trigger):
        above.append(i)
        if len(above) > _STEPS:
            break
    level = {node: n for n, node in enumerate(above)}
    cost, preposition, i = 0.0, "", head
    steps = 0
    while i not in level and steps < _STEPS:
        token = doc.tokens[i]
        if token.head == i:
            return _FAR + 30, ""
        word = token.lower
        if token.dep == "prep" or token.tag == "IN" and token.dep != "mark":
            preposition = preposition or word
            cost += 0 if word in _IN else 3 if word in _TOWARD else 8
        elif token.dep in _ACTING:
            cost += 12 if not preposition else 5
        elif token.dep == "poss":
            cost += 7 if not preposition else 2
        elif token.dep in _CLAUSES:
            cost += 14
        elif token.dep == "conj" and token.tag.startswith("VB"):
            cost += 9
        elif token.dep in ("dobj", "pobj", "attr", "oprd"):
            cost += 1
        elif token.dep in ("compound", "amod", "nmod", "appos", "conj", "npadvmod", "advmod"):
            cost += 1.5
        else:
            cost += 2
        i, steps = token.head, steps + 1
    if i not in level:
        return _FAR + 30, ""
    cost += _climb(doc, above[: level[i] + 1], head)
    if not preposition and head == trigger:
        cost += 5
    return cost, _how(preposition, level[i])


def _climb(doc: Doc, path: Sequence[int], head: int) -> float:
    """What it costs that the place hangs on a word above the trigger rather than on it."""
    cost = 0.0
    for node in path[:-1]:
        token = doc.tokens[node]
        if token.dep in ("ccomp", "csubj", "parataxis"):
            cost += 12
        elif token.dep in ("relcl", "acl"):
            cost += 4
        elif token.dep == "advcl":
            cost += 4
        elif token.dep == "conj":
            cost += 3
        else:
            cost += 2
    return cost


def _how(preposition: str, level: int) -> str:
    if preposition and level == 0:
        return f"from '{preposition}' on the trigger"
    if preposition:
        return f"from '{preposition}' in the sentence"
    return "from what is acted on" if level == 0 else "from the sentence"


def _narrowest(doc: Doc, place: Place, others: Sequence[Place]) -> Place:
    """"Basra, Iraq" and "Basra in Iraq" are Basra: the narrower place written just before a wider one that was chosen."""
    for other in others:
        between = doc.text[other.end : place.start]
        if other.end <= place.start and len(between) < 8 and _ORDER[other.precision] < _ORDER[place.precision] and re.fullmatch(r"\s?(?:,|in|\()\s?", between):
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
    return Place("dateline", 0, 0, dateline.place, dateline.country, None, dateline.lat, dateline.lon, "city", None, "dateline"), "place from the dateline"
