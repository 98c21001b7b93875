"""The date of one event: which time expression of its sentence belongs to its trigger.

The parse decides. A time that hangs on the trigger, or on the verb that governs it within the same
finite clause, dates the event ("clause"); one elsewhere in the sentence does so with less right
("sentence"). Without either, a past-tense act is dated by the story's own day ("published"), and one
in the perfect or called recent by the weeks before it ("recent"). Nothing ahead, imagined or
timeless gets a date that way, and no date is given that starts after publication unless the words say so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dateline.records import Doc, EventDate, TimeExpression, Token

_CLAUSES = frozenset({"ccomp", "advcl", "relcl", "acl", "csubj", "csubjpass", "parataxis", "pcomp"})
_STOP = frozenset({"ccomp", "csubj", "csubjpass", "parataxis"})
_AROUND = frozenset({"before", "after", "than", "until", "till", "following", "ahead", "beyond", "past"})
_CLIMB = 40  # steps up a parse; real sentences stay far below, a hostile one must not cost its square
_RECENT = 31


@dataclass(frozen=True, slots=True)
class _Placed:
    """A time expression of the sentence: the token it hangs by and the days it covers."""

    head: int
    tokens: range
    first: str
    last: str
    since: bool
    around: bool
    vague: bool

    @property
    def width(self) -> int:
        return (date.fromisoformat(self.last) - date.fromisoformat(self.first)).days


def date_of(doc: Doc, trigger: int, times: Sequence[TimeExpression], published: str | None) -> EventDate | None:
    """The days on which the act named by token `trigger` happened, or None where the text doesn't tell.

    `times` are the expressions `find` gave for this doc, `published` an ISO day or None.
    """
    placed = _in_sentence(doc, trigger, times, published)
    chosen = _of_clause(doc, trigger, placed)
    if chosen is not None:
        return _dated(chosen, published, "recent" if chosen.vague else "clause")
    chosen = _of_sentence(doc, trigger, placed)
    if chosen is not None:
        return _dated(chosen, published, "sentence")
    return _by_story(doc, trigger, published)


def _dated(placed: _Placed, published: str | None, source: str) -> EventDate:
    last = published if placed.since and published and published >= placed.first else placed.last
    return EventDate(placed.first, last, source)


# --------------------------------------------------------------------------- the times of the sentence


def _in_sentence(doc: Doc, trigger: int, times: Sequence[TimeExpression], published: str | None) -> list[_Placed]:
    first, last = doc.sentence_of(trigger)
    low, high = doc.tokens[first].start, doc.tokens[last - 1].end
    found = []
    for time in times:
        if time.part != doc.part or time.end <= low or time.start >= high or not (time.first and time.last):
            continue
        inside = [i for i in range(first, last) if doc.tokens[i].start < time.end and time.start < doc.tokens[i].end]
        if not inside or time.value == "PRESENT_REF":
            continue
        span = range(inside[0], inside[-1] + 1)
        head = next((i for i in inside if doc.tokens[i].head not in span or doc.tokens[i].head == i), inside[0])
        found.append(_placed(doc, head, span, time, published))
    return found


def _placed(doc: Doc, head: int, span: range, time: TimeExpression, published: str | None) -> _Placed:
    """`time` with what the words that lead to it say: "since", or "before" and "after", which date something else."""
    assert time.first is not None and time.last is not None
    before = [doc.tokens[i].lower for i in range(max(0, span.start - 2), span.start)]
    direct = (before[-1:] == ["the"] and before[:1]) or before[-1:]
    since = bool(direct) and direct[0] == "since"
    around = bool(direct) and direct[0] in _AROUND
    for steps, i in enumerate(doc.ancestors(head), 1):
        token = doc.tokens[i]
        if token.tag.startswith("VB") or steps > 6:
            break
        since = since or (token.lower == "since" and token.dep in ("prep", "mark"))
    vague = time.value == "PAST_REF" or time.value.startswith(("PX", "PTX"))
    return _Placed(head, span, time.first, time.last, since, around, vague)


# --------------------------------------------------------------------------- the trigger's own clause


def _of_clause(doc: Doc, trigger: int, placed: Sequence[_Placed]) -> _Placed | None:
    """The best time on the trigger itself, else on the nearest word above it within its finite clause."""
    for level, (node, loose) in enumerate(_governors(doc, trigger)):
        ranked = []
        for time in placed:
            rank = _attached(doc, time, node, trigger)
            if rank is None or (time.around and rank == 0):
                continue
            if rank and (level or loose):
                continue  # a date inside an argument of the governing verb dates that argument
            ranked.append((rank, time.vague, time.width, abs(time.head - trigger), time))
        if ranked:
            return min(ranked, key=lambda item: item[:4])[4]
    return None


def _governors(doc: Doc, trigger: int) -> Iterator[tuple[int, bool]]:
    """The trigger, then the words above it up to and including the verb of its finite clause."""
    yield trigger, False
    node = trigger
    for _ in range(_CLIMB):
        token = doc.tokens[node]
        if token.head == node or token.dep in _STOP:
            return
        if token.dep in ("relcl", "advcl") and _finite(doc, node):
            if token.dep == "relcl":
                yield token.head, True
            return
        node = token.head
        if doc.tokens[node].tag[:2] in ("VB", "NN", "MD"):
            yield node, token.dep in ("conj", "relcl", "acl")


def _finite(doc: Doc, i: int) -> bool:
    """Whether a verb heads a finite clause: a tense of its own, or an auxiliary that has one."""
    token = doc.tokens[i]
    if token.tag in ("VBD", "VBZ", "VBP", "MD"):
        return True
    return any(kid.tag in ("VBD", "VBZ", "VBP", "MD") for kid in doc.kids(i, "aux", "auxpass"))


def _attached(doc: Doc, time: _Placed, node: int, trigger: int) -> int | None:
    """0: hangs on `node` itself; 1: inside an argument of it; None: in another clause or elsewhere."""
    i, nouns = time.head, 0
    for _ in range(_CLIMB):
        if i == node:
            return 1 if nouns else 0
        token = doc.tokens[i]
        if token.head == i:
            return None
        if token.tag.startswith("VB") and (token.dep in _CLAUSES or token.dep == "conj"):
            return None
        if i != time.head and token.tag.startswith("NN") and not time.since:
            nouns += 1
        i = token.head
    return None


# --------------------------------------------------------------------------- elsewhere in the sentence


def _of_sentence(doc: Doc, trigger: int, placed: Sequence[_Placed]) -> _Placed | None:
    """A time whose clause holds the trigger's, or the only one of the sentence; the nearest of several.

    A date that hangs on a word of saying dates the saying; it is still the best sign of when, since
    what is reported mostly happened about then, so it is taken last.
    """
    above = {trigger, *_limited(doc, trigger)}
    ranked = []
    for time in placed:
        if time.around:
            continue
        verb = next((i for i in _limited(doc, time.head) if doc.tokens[i].tag.startswith("VB")), None)
        ranked.append((0 if verb in above else 1, time.vague, abs(time.head - trigger), time))
    if not ranked:
        return None
    best = min(ranked, key=lambda item: item[:3])
    return best[3] if best[0] == 0 or len(ranked) == 1 else None


def _limited(doc: Doc, i: int) -> list[int]:
    found = []
    for j in doc.ancestors(i):
        found.append(j)
        if len(found) >= _CLIMB:
            break
    return found


# --------------------------------------------------------------------------- the story's own day


def _by_story(doc: Doc, trigger: int, published: str | None) -> EventDate | None:
    """The story's day for a past or present act, the month before it for a perfect; None for the rest."""
    if published is None:
        return None
    try:
        day = date.fromisoformat(published[:10])
    except ValueError:
        return None
    tense = _tense(doc, trigger)
    if tense == "perfect":
        return EventDate(_back(day, _RECENT), published, "recent")
    if tense == "past" or tense == "present":
        return EventDate(_back(day, 1), published, "published")
    return None


def _back(day: date, days: int) -> str:
    try:
        return (day - timedelta(days=days)).isoformat()
    except OverflowError:
        return day.isoformat()


def _tense(doc: Doc, trigger: int) -> str:
    """ "past", "perfect", "present", "ahead" or "none", from the trigger's own verb or the one that governs it."""
    node = trigger
    for _ in range(_CLIMB):
        token = doc.tokens[node]
        if token.tag.startswith("VB") and (
            token.tag not in ("VBG", "VBN", "VB") or _finite(doc, node) or token.head == node
        ):
            return _tense_of(token, [kid.lower for kid in doc.kids(node, "aux", "auxpass")])
        if (token.tag == "VBN" and token.dep in ("acl", "amod")) or token.head == node:
            return "none"
        if token.dep in ("advcl", "acl", "relcl") and token.tag == "VB":
            return "ahead"
        node = token.head
    return "none"


def _tense_of(verb: Token, auxiliaries: list[str]) -> str:
    if any(
        word in ("will", "'ll", "would", "could", "may", "might", "should", "must", "can", "shall", "wo", "ca")
        for word in auxiliaries
    ):
        return "ahead"
    if "to" in auxiliaries:
        return "ahead"
    if any(word in ("has", "have", "'ve") for word in auxiliaries):
        return "perfect"
    if verb.tag in ("VBD", "VBN") or any(word in ("was", "were", "had", "did") for word in auxiliaries):
        return "past"
    return "present"
