"""Doc to events: triggers, their parties, and everything an event says about itself.

The coder proposes an event for every trigger of the ontology whose parties it can name, lets a
threat, promise, demand or refusal swallow the act it speaks of (that act did not happen), and
asks the other stages for status, speaker, date and place. It never invents a party: a trigger
without one is left alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from dateline import claims as claim_stage
from dateline import places as place_stage
from dateline import status as status_stage
from dateline import times as time_stage
from dateline.coding import quantities, syntax
from dateline.coding.judge import Opinion, Verdict
from dateline.coding.matching import Match, Matcher, consumed
from dateline.coding.model import Model
from dateline.coding.roles import Filled, Slots
from dateline.ontology import Ontology, Trigger
from dateline.records import Actor, Coded, Doc, Event, Party, Reading, Span

# An act that only hangs on one of these has not happened yet: the carrier is the event.
CARRIERS = frozenset({"AGREE", "REQUEST", "THREATEN", "REJECT", "CONCEDE"})
# The codebook's rule for what is announced: a promised meeting is an agreement, not a meeting. What
# is only planned promises nothing to anybody and keeps its type.
ANNOUNCED = {
    **dict.fromkeys(("CONSULT", "SUPPORT", "COOPERATE", "AID"), "AGREE"),
    "RETREAT": "CONCEDE",
}
# Whose doer the text may leave out: "three officers were killed". Words and gifts always have a giver.
SOURCELESS = frozenset({"ASSAULT", "COERCE"})
# Where "in X" tells at whom an act is aimed, and not only where it was done.
AIMED_AT_PLACE = frozenset({"ASSAULT", "AID"})
# A noun under one of these prepositions tells the occasion or the ground of an act, not what is asked or promised.
_GROUNDS = frozenset(
    "over after following amid despite since during before because in at by when until against".split()
)
POLITICAL = frozenset("COP GOV IGO JUD LEG MIL NGO OPP PTY REB SPY".split())
FLOOR = 0.5
SURE = 0.9
"""Probability from which the model's status overrules that of the grammar."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A trigger with its parties filled in."""

    match: Match
    source: Filled
    target: Filled
    confidence: float
    rulings: tuple[str, ...]

    @property
    def type(self) -> str:
        return self.match.row.type


class Coder:
    """Codes readings by an ontology."""

    def __init__(self, ontology: Ontology, model: Model | None = None, *, floor: float = FLOOR) -> None:
        self.ontology = ontology
        self._matcher = Matcher(ontology)
        self._model = model
        self._floor = floor

    def __call__(self, reading: Reading) -> Coded:
        """All events of a reading, with evidence; the reading's other findings pass through."""
        events: list[Event] = []
        for number, doc in enumerate(reading.docs):
            slots = Slots(doc, reading.parties[number])
            opinion = Opinion(self._model, self.ontology, doc) if self._model is not None else None
            for frame in self._settle(slots, self.frames(slots, opinion)):
                event = self._event(reading, doc, frame, opinion)
                if event is not None:
                    events.append(event)
        return Coded(reading.story, reading.claims, reading.times, reading.places, tuple(_once(events)))

    # ------------------------------------------------------------------ proposing

    def frames(self, slots: Slots, opinion: Opinion | None = None) -> list[Frame]:
        """Triggers of one Doc with their parties, weak ones included."""
        matches = self._matcher.find(slots)
        if opinion is None:
            verdicts = [Verdict(match, match.row.strength, None) for match in matches]
        else:
            verdicts = opinion.weigh(slots, matches)
        return [frame for verdict in verdicts if (frame := self._frame(slots, verdict, opinion)) is not None]

    def _frame(self, slots: Slots, verdict: Verdict, opinion: Opinion | None) -> Frame | None:
        match = verdict.match
        row, nominal = match.row, match.nominal
        kind = self.ontology.types[row.type]
        source = _first(slots, match.i, row.source, nominal, ())
        if not source and nominal and kind.reciprocal:
            source = _occasion(slots, match.i)
        if not source and nominal:
            source = _blamed(slots, match.i)
        together = kind.reciprocal and len({party.actor.country for party in source.parties}) > 1
        target = _first(slots, match.i, _target_slots(row, together), nominal, source.parties)
        target = _foreign(source, target)
        if kind.reciprocal and not target:
            source, target = _split(source, nominal)
        source, target = _idiom(slots, match, source, target)
        if opinion is not None:
            source, target = opinion.cast(slots, match.i, source, target)
        if not source and not (target and row.type in SOURCELESS):
            return None
        if kind.requires_target and not target and not (kind.reciprocal and len(source.parties) > 1):
            return None
        confidence = _confidence(match, source, target) if opinion is None else verdict.certainty
        words = " ".join(slots.doc.tokens[i].text for i in match.words)
        rulings: tuple[str, ...] = (f"'{words}' is {row.type} by triggers line {row.line}",) if row.line else ()
        rulings += (verdict.ruling,) if verdict.ruling else ()
        if source and not source.direct:
            rulings += (f"source read out of the {source.slot} phrase",)
        if target and not target.direct:
            rulings += (f"target read out of the {target.slot} phrase",)
        return Frame(match, source, target, confidence, rulings)

    # ------------------------------------------------------------------ settling

    def _settle(self, slots: Slots, frames: list[Frame]) -> list[Frame]:
        """Frames worth keeping: one for one act, none that another swallows, none unpolitical."""
        doc = slots.doc
        by_token = {frame.match.i: frame for frame in frames}
        strong = [frame for frame in frames if frame.confidence >= self._floor]
        spoken_for = {i for frame in strong if not frame.match.nominal for i in consumed(slots, frame.match)}
        kept: list[Frame] = []
        for frame in frames:
            above = _governor(doc, frame.match.i, by_token)
            if above is not None and above.confidence >= self._floor and _swallows(above, frame):
                continue
            if _better_told(doc, frame, by_token) or frame.match.i in spoken_for:
                continue
            if _denies(frame, strong, doc) or _told_twice(doc, frame, by_token):
                continue
            if frame.confidence >= self._floor and _political(frame):
                kept.append(_answer(doc, frame, frames))
        return kept

    # ------------------------------------------------------------------ telling

    def _event(self, reading: Reading, doc: Doc, frame: Frame, opinion: Opinion | None) -> Event | None:
        story, i, row = reading.story, frame.match.i, frame.match.row
        times = [time for time in reading.times if time.part == doc.part]
        status, why = status_stage.status_of(doc, i, reading.claims, times, story.published)
        if opinion is not None and (read := opinion.status(i)) is not None and read[0] != status and read[1] >= SURE:
            status, why = read[0], (*why, f"the model reads {read[0]}, not {status}")
        if status in ("hypothetical", "future") and not (
            frame.source and (frame.target or frame.match.row.strength >= 0.8)
        ):
            return None
        speakers, claim = claim_stage.speakers_of(doc, i, frame.source.parties, reading.claims)
        place, where = place_stage.place_of(doc, i, reading.places, story)
        first, last = doc.sentence_of(i)
        words = [token.lower for token in doc.tokens[first:last]]
        contexts = tuple(dict.fromkeys((*row.contexts, *self.ontology.contexts_in(words))))
        trigger = _trigger_span(doc, frame.match)
        name, mode = row.type, row.mode
        announced = status == "future" and not any("plan" in reason for reason in why)
        if announced and ANNOUNCED.get(name) in self.ontology.types:
            name, mode = ANNOUNCED[name], None
            why = (*why, f"only announced: {row.type} becomes {name}")
        kind = self.ontology.types[name]
        event = Event(
            id="",
            type=name,
            mode=mode,
            contexts=contexts,
            part=doc.part,
            trigger=trigger,
            trigger_text=doc.text[trigger.start : trigger.end],
            sentence=doc.sentence_span(i),
            sources=frame.source.parties,
            targets=frame.target.parties,
            status=status,
            speakers=speakers,
            claim=claim,
            date=time_stage.date_of(doc, i, times, story.published),
            place=place,
            quantities=quantities.find(doc, _clause(doc, i)),
            quad=kind.quad,
            score=self.ontology.score(name, mode),
            cameo=self.ontology.cameo(name, mode, contexts),
            confidence=round(frame.confidence, 2),
            rulings=(*frame.rulings, *why, *([where] if where else [])),
        )
        return replace(event, id=event_id(story.id, event))


def _trigger_span(doc: Doc, match: Match) -> Span:
    """The words of the trigger when they stand together ("called for"), else its head alone."""
    first, last = match.words[0], match.words[-1]
    if last - first >= len(match.words) + 1:
        first = last = match.i
    return Span(doc.tokens[first].start, doc.tokens[last].end)


def event_id(story: str, event: Event) -> str:
    """A stable id: story, part, trigger offsets and type, as 16 hex digits of a sha256."""
    key = f"{story}|{event.part}|{event.trigger.start}|{event.trigger.end}|{event.type}"
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def _first(slots: Slots, i: int, names: Sequence[str], nominal: bool, taken: tuple[Party, ...]) -> Filled:
    """The first of the slots `names` that holds a party which is not among `taken`."""
    heads = {party.head for party in taken}
    ids = {party.actor.id for party in taken}
    for name in names:
        if name == "none":
            return Filled()
        filled = slots.fill(i, name, nominal=nominal)
        fresh = tuple(
            p for p in filled.parties if p.head not in heads and (p.actor.id not in ids or p.actor.country is None)
        )
        if fresh:
            return replace(filled, parties=fresh)
    return Filled()


def _target_slots(row: Trigger, together: bool) -> list[str]:
    """The target slots of a row that count here.

    Several parties who do a thing together need no partner from far away; and a place is a target
    only for acts that can be aimed at one.
    """
    slots = (
        [slot for slot in row.target if slot not in ("any", "comp", "prep_*", "obj_of")] if together else [*row.target]
    )
    return slots if row.type in AIMED_AT_PLACE else [slot for slot in slots if slot not in ("prep_in", "prep_at")]


def _occasion(slots: Slots, i: int) -> Filled:
    """ "During a meeting with Chad, the minister said": the subject of the clause held the meeting."""
    doc = slots.doc
    token = doc.tokens[i]
    preposition = doc.tokens[token.head]
    if token.dep != "pobj" or preposition.lower not in ("during", "in", "at", "after", "following", "before"):
        return Filled()
    verb = doc.tokens[preposition.head]
    if not syntax.is_verb(verb):
        return Filled()
    return Filled(tuple(slots.at(syntax.verb_subjects(doc, verb.i))), False, "clause subject")


_BLAMING = frozenset(
    "accuse blame condemn criticise criticize denounce rebuke punish sanction praise thank slam berate fault censure "
    "reprimand chide lambast castigate deplore decry commend laud applaud congratulate fine sentence jail".split()
)


def _blamed(slots: Slots, i: int) -> Filled:
    """ "condemned Chad for the attack", "blames them over the raid": the one who is blamed or praised did it."""
    doc = slots.doc
    preposition = doc.tokens[doc.tokens[i].head]
    if doc.tokens[i].dep != "pobj" or preposition.lower not in ("for", "over", "of"):
        return Filled()
    verb = doc.tokens[preposition.head]
    if verb.lemma not in _BLAMING and syntax.is_noun(verb):
        verb = doc.tokens[verb.head]  # the parser hangs "for" on the one who is blamed
    if verb.lemma not in _BLAMING or not syntax.is_verb(verb):
        return Filled()
    return Filled(tuple(slots.at(syntax.verb_objects(doc, verb.i))), False, "blamed")


# "Rabin's murder": whoever stands before these nouns as their possessor suffers what they tell.
_SUFFERED = frozenset(
    "murder assassination killing slaying kidnapping abduction arrest detention execution expulsion deportation "
    "extradition conviction sentencing imprisonment capture poisoning beating lynching".split()
)


def _idiom(slots: Slots, match: Match, source: Filled, target: Filled) -> tuple[Filled, Filled]:
    """Where a type reads its parties unlike others.

    Forces that "were deployed" are the ones who stand ready; "anti-government" says against whom a
    crowd protests; what is sent "to support X" is for X.
    """
    kind = match.row.type
    armed = [p for p in target.parties if {"MIL", "COP", "REB"} & set(p.actor.sectors)]
    if kind == "MOBILIZE" and not source and target.slot == "obj" and armed:
        return Filled(tuple(armed), True, "obj"), Filled()
    if kind == "MOBILIZE" and source and target.slot == "obj" and len(armed) == len(target.parties):
        target = Filled()  # whom one sends is one's own
    if match.nominal and match.row.lemma in _SUFFERED and source.slot == "poss" and not target:
        source, target = slots.fill(match.i, "by", nominal=True), source
    if kind == "PROTEST" and source and not target:
        doc, head = slots.doc, source.parties[0].head
        if any(
            kid.lower in ("antigovernment", "anti-government", "anti") for kid in doc.kids(head, "amod", "compound")
        ) or (head > 2 and doc.tokens[head - 1].lower == "government" and doc.tokens[head - 3].lower == "anti"):
            return source, Filled((_own_government(source.parties[0]),), False, "anti-government")
    if kind in ("MOBILIZE", "AID") and not target:
        target = slots.fill(match.i, "comp", nominal=match.nominal)
    if (
        kind == "MOBILIZE"
        and source
        and {p.actor.country for p in target.parties} <= {p.actor.country for p in source.parties}
    ):
        target = Filled()  # moved about at home: against nobody
    return source, target


def _own_government(party: Party) -> Party:
    country = party.actor.country
    name = f"government of {country or 'the country'}"
    return replace(party, actor=Actor(name, country, ("GOV",), f"country:{country}", "whom the protest is against"))


def _foreign(source: Filled, target: Filled) -> Filled:
    """`target` without the source's own side where that can't be meant.

    "called on the two countries": the other one. "its policy of": not a target of its own.
    """
    own = {party.actor.country for party in source.parties}
    others = tuple(party for party in target.parties if party.actor.country not in own)
    if others and len(others) < len(target.parties) and len(own) == 1:
        return replace(target, parties=others)
    if not target.direct and not others and None not in own and target.slot != "comp":
        return Filled()
    return target


def _split(source: Filled, nominal: bool) -> tuple[Filled, Filled]:
    """ "the Russia-Ukraine war", "Chad-Niger talks": the second of two names is the partner."""
    actors = {party.actor.id for party in source.parties}
    if nominal and len(actors) == 2 and source.slot in ("mod", "of", "poss", "prep_between"):
        first = source.parties[0].actor.id
        return (
            replace(source, parties=tuple(p for p in source.parties if p.actor.id == first)),
            replace(source, parties=tuple(p for p in source.parties if p.actor.id != first)),
        )
    return source, Filled()


def _confidence(match: Match, source: Filled, target: Filled) -> float:
    """A prior: strength of the row, less for parties that are missing or only inside a phrase."""
    value = match.row.strength
    value *= 1.0 if source.direct and source else 0.9 if source else 0.75
    value *= 1.0 if target.direct and target else 0.9 if target else 0.8
    if any(
        party.actor.country is None and party.actor.sectors == ("UNK",) for party in (*source.parties, *target.parties)
    ):
        value *= 0.7
    return value * (0.92 if match.nominal else 1.0)


def _governor(doc: Doc, i: int, frames: dict[int, Frame]) -> Frame | None:
    """The nearest frame above trigger `i` that holds it as complement or argument."""
    for child, head in _climb(doc, i):
        dep = doc.tokens[child].dep
        if dep in ("relcl", "advcl", "nsubj", "nsubjpass", "conj", "parataxis", "appos") and not _infinitive(
            doc, child
        ):
            return None
        if head in frames:
            return frames[head]
    return None


_BREAKS = frozenset({"relcl", "advcl", "nsubj", "nsubjpass", "conj", "parataxis", "appos", "acl", "poss", "agent"})


def _climb(doc: Doc, i: int) -> list[tuple[int, int]]:
    pairs = []
    for head in doc.ancestors(i):
        pairs.append((i, head))
        i = head
    return pairs


def _infinitive(doc: Doc, i: int) -> bool:
    return doc.tokens[i].tag == "VB" and any(kid.lower == "to" for kid in doc.kids(i, "aux"))


# "denied that it had shelled": the act is told, as one that did not happen; the denial answers nobody.
_DENIALS = frozenset("deny dispute refute".split())


def _denies(above: Frame, frames: Sequence[Frame], doc: Doc) -> bool:
    """Is `above` nothing but the denial of an act that is an event of its own?"""
    if above.match.row.lemma not in _DENIALS or above.target.direct:
        return False
    below = {i for kid in doc.kids(above.match.i, "ccomp", "xcomp") for i in doc.subtree(kid.i)}
    return any(frame.match.i in below for frame in frames)


def _swallows(above: Frame, frame: Frame) -> bool:
    """Does `above` speak of the act `frame`, so that only one of them is an event?"""
    if above.match.row.lemma in _DENIALS:
        return False
    if above.type == frame.type:
        return not (frame.source and frame.target) or {p.actor.id for p in above.source.parties} == {
            p.actor.id for p in frame.source.parties
        }
    return above.type in CARRIERS


_ANSWERS = frozenset(
    "respond retaliate react response retaliation countermeasure counter-measure answer revenge".split()
)


def _answer(doc: Doc, frame: Frame, frames: list[Frame]) -> Frame:
    """A threat to "respond" that names nobody is aimed at whoever acted last."""
    if frame.type != "THREATEN" or frame.target or not frame.source:
        return frame
    if not any(doc.tokens[i].lemma in _ANSWERS for i in doc.subtree(frame.match.i)):
        return frame
    own = {party.actor.country for party in frame.source.parties}
    before = [f for f in frames if f.match.i < frame.match.i and f.confidence >= 0.4]
    for other in reversed(before):
        actors = tuple(p for p in other.source.parties if p.actor.country is not None and p.actor.country not in own)
        if actors and doc.tokens[frame.match.i].sent - doc.tokens[other.match.i].sent <= 2:
            return replace(
                frame, target=Filled(actors, False, "answered"), rulings=(*frame.rulings, "an answer to the last act")
            )
    return frame


def _told_twice(doc: Doc, frame: Frame, frames: dict[int, Frame]) -> bool:
    """ "bombed a camp, killing nine": the outcome of the act before, and no second act; so is "and wounded six"."""
    token = doc.tokens[frame.match.i]
    above = frames.get(token.head)
    outcome = token.dep in ("advcl", "xcomp") and token.tag == "VBG"
    if above is None or not (outcome or token.dep == "conj") or above.type != frame.type:
        return False
    same = {p.actor.country for p in above.source.parties} == {p.actor.country for p in frame.source.parties}
    other = {p.actor.country for p in frame.target.parties} - {p.actor.country for p in above.target.parties}
    return frame.type == "ASSAULT" and same and not other


def _better_told(doc: Doc, frame: Frame, frames: dict[int, Frame]) -> bool:
    """ "launched joint exercises" is one act in two triggers: True for the one that says it less well."""
    for other in frames.values():
        noun, verb = (frame, other) if frame.match.nominal else (other, frame)
        if not noun.match.nominal or verb.match.nominal or verb.type in CARRIERS:
            continue
        if (
            syntax.light_verb(doc, noun.match.i) == verb.match.i
            and doc.tokens[verb.match.i].lemma in syntax.LIGHT_SOURCE
        ):
            better = noun if (bool(noun.target), noun.confidence) > (bool(verb.target), verb.confidence) else verb
            return better is not frame
    return False


def _political(frame: Frame) -> bool:
    """At least one party is a state's or a political body's, and none is only a shadow."""
    parties = (*frame.source.parties, *frame.target.parties)
    if any(POLITICAL & set(party.actor.sectors) for party in parties):
        return True
    known = [party for party in parties if party.actor.country is not None]
    return bool(known) and frame.type in ("ASSAULT", "PROTEST", "COERCE")


def _clause(doc: Doc, i: int) -> list[int]:
    """Tokens of the trigger's own clause: its subtree without clauses that hang on it."""
    found, todo = [i], [i]
    while todo:
        for kid in doc.kids(todo.pop()):
            if kid.dep not in ("relcl", "advcl", "ccomp", "conj", "parataxis"):
                found.append(kid.i)
                todo.append(kid.i)
    light = syntax.light_verb(doc, i) if syntax.is_noun(doc.tokens[i]) else None
    if light is not None and light not in found:
        found.append(light)
    return sorted(found)


def _once(events: list[Event]) -> list[Event]:
    """One event for one act that a sentence tells in several words ("shelling a village, wounding two")."""
    seen: dict[tuple[object, ...], Event] = {}
    for event in events:
        parties = tuple(frozenset(p.actor.id for p in role) for role in (event.sources, event.targets))
        key = (event.part, event.sentence, event.type, event.status, *parties)
        other = seen.get(key)
        if other is None or (event.mode is not None, event.confidence) > (other.mode is not None, other.confidence):
            seen[key] = event
    return list(seen.values())
