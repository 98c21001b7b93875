"""How alike two reports are, feature by feature, and whether they can be reports of one act.

Every feature is a number from 0 to 1, or None when one of the two reports says nothing about it.
The score is their weighted mean over what is known; some disagreements are a veto. All weights and
limits stand here, set by hand. The answer depends on the two reports alone, never on what else is
in the archive, so merging a neighbourhood again gives what merging everything would give.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from dateline.merge import meaning, sides
from dateline.merge.reports import Amount, Report, Side, Spot

WEIGHTS = {
    **{"meaning": 3.0, "sources": 2.0, "targets": 2.0, "time": 2.0, "place": 1.5, "figures": 1.5, "words": 3.0},
    **{"document": 3.0},
}
"""What each feature counts in the mean."""

LINK = 0.62
"""From this score on, two reports may be of one act."""

RECIPROCAL = frozenset({"AGREE", "CONSULT", "COOPERATE"})
"""Types whose parties may trade places."""

_MUTUAL = frozenset(
    meaning.stem(word)
    for word in "sign treaty pact accord agreement deal meet meeting talks summit clash fight fighting battle skirmish "
    "exchange trade swap negotiate truce ceasefire".split()
)  # words of acts without direction, whatever their type

COMPATIBLE = {
    frozenset(pair.split())
    for pair in (
        "AGREE COOPERATE", "AGREE AID", "AGREE SUPPORT", "AGREE CONCEDE", "AGREE RETREAT", "AID COOPERATE",
        "AID MOBILIZE", "AID SUPPORT", "AID CONCEDE", "CONCEDE RETREAT", "ASSAULT COERCE", "ASSAULT MOBILIZE",
        "COERCE MOBILIZE", "COERCE SANCTION", "COERCE REJECT", "REJECT SANCTION", "ACCUSE REJECT",
        "CONSULT COOPERATE", "COOPERATE MOBILIZE",
    )
}  # fmt: skip
"""Pairs of types that two reports can give one act: what was agreed is done, a raid is an arrest."""

DENIABLE = tuple(
    "AGREE AID ASSAULT COERCE CONCEDE CONSULT COOPERATE MOBILIZE PROTEST RETREAT SANCTION SUPPORT THREATEN".split()
)
"""What a party can deny: the denial is a REJECT of its own, and disputes the event."""

_DENYING = frozenset(meaning.stem(word) for word in ("deny", "denial", "refute", "disavow", "dispute"))

TOLD = frozenset({"clause", "told"})
"""Where a date comes from (`records.EventDate.source`) that a report gives the act itself."""

THREATENED = {frozenset(("THREATEN", kind)) for kind in ("SANCTION", "COERCE", "ASSAULT", "MOBILIZE", "RETREAT")}
"""A threat and what may follow it: two acts, of which the second has the first in its history."""

_STOP = frozenset(
    "a an the of to in on at by for from with and or but as that this these those it its his her their they he she "
    "we i you who whom which what when where while after before over under about into out up down off than then "
    "there here not no nor be is are was were been being has have had will would could should may might can must do "
    "did does said say says tell told also more most one two new last first year week day month monday tuesday "
    "wednesday thursday friday saturday sunday january february march april june july august september october "
    "november december during against between among through since until such other some any all both each just only "
    "so if because amid near around according officials official state news agency report reported reports country "
    "government people".split()
)
_SYNONYM, _SAME_MODE, _BESIDE, _RELATED, _SAME_TYPE = 0.8, 0.7, 0.6, 0.5, 0.2  # worth of triggers that are not one word
_ALIKE = 0.5  # share of words that outweighs a day between two reports
_SHARED = 0.3  # share of words from which two sentences are about one thing
_NEAR_KM = 30.0  # two names of one place: a village and the town beside it
_FAR_KM = 120.0  # from here on two cities are two places
_COUNTRY = 0.7  # worth of one country or region: less than one town
_COARSE = frozenset({"country", "region"})
_DRIFT = 2  # days by which two exact dates of one act may disagree
DRIFT = 3  # the same when one of them is not exact; so blocks reach this far
_REACH = 5  # words after a light verb among which its noun stands
_SAID = 3  # days by which an act may be older than the day that its sentence names for something else
_KNOWN = 7  # days by which an act may be older than a story that speaks of it as known: "the attack"
_LONG = 31  # days: a longer stretch that holds the day of publication ("this year") says nothing about the day
_VERBAL = frozenset({1, 3})  # quad classes: what is said is said often, and needs more than its parties to be one act
_AHEAD = 14  # days for which a threat, or an announcement without a date, looks ahead
_CARRIED_OUT = 0.6  # worth of the days of a threat and of what follows it
_BACK = 10  # days by which a denial looks back


@dataclass(frozen=True, slots=True)
class Sketch:
    """What comparing needs of a report, computed once. Days are ordinals; `exact`: told, not guessed.

    `act` is the trigger, or the noun after a light one: "talks" of "held talks".
    """

    report: Report
    act: str
    words: frozenset[str]
    stems: frozenset[str]
    first: int | None
    last: int | None
    exact: bool


@dataclass(frozen=True, slots=True)
class Likeness:
    """Features of a pair: 0 to 1, or None where one report is silent. `veto` says why the two can't be one act."""

    meaning: float | None = None
    sources: float | None = None
    targets: float | None = None
    time: float | None = None
    place: float | None = None
    figures: float | None = None
    words: float | None = None
    document: float | None = None
    factor: float = 1.0
    veto: str = ""

    def known(self) -> Iterator[tuple[str, float]]:
        """The features that both reports speak about."""
        for name in WEIGHTS:
            value = getattr(self, name)
            if value is not None:
                yield name, value

    @property
    def score(self) -> float:
        """0 when there is a veto, else the weighted mean of what is known, times the factor for unlike types."""
        if self.veto:
            return 0.0
        total = sum(WEIGHTS[name] for name, _ in self.known())
        return self.factor * sum(WEIGHTS[name] * value for name, value in self.known()) / total if total else 0.0


# --------------------------------------------------------------------------- one report


def sketch(report: Report) -> Sketch:
    """The sketch of a report."""
    named = {word for side in (*report.sources, *report.targets) for word in meaning.stems(side.name)}
    stems = frozenset(meaning.stems(report.sentence))
    found = stems - named - _STEMS_OF_STOP
    first, last, exact = _window(report)
    return Sketch(report, _act(report), frozenset(word for word in found if len(word) > 2), stems, first, last, exact)


def _act(report: Report) -> str:
    """The trigger, or the first of the words after a light one that the table of meanings holds."""
    if meaning.senses(report.trigger)[0]:
        return report.trigger
    _, _, after = report.sentence[:2000].partition(report.trigger)
    following = after.split()[:_REACH] if report.trigger else []
    return next((word for word in following if meaning.senses(word)[1]), report.trigger)


_STEMS_OF_STOP = frozenset(meaning.stem(word) for word in _STOP) | _STOP


def _window(report: Report) -> tuple[int | None, int | None, bool]:
    """First and last day on which the act may have happened or is to happen, and whether the report says so itself."""
    start, end, told = ordinal(report.start), ordinal(report.end), ordinal(report.published)
    if start is not None:
        last = end if end is not None else start
        exact = is_told(report) and last - start <= 7
        if told is not None and start <= told <= last and last - start > _LONG and report.status == "asserted":
            return told - 3, told, False
        if report.status == "negated":
            return start - _BACK, last + 1, False
        if report.dated == "recent" and told is not None:
            start = max(start, min(told, last) - _KNOWN)  # "has condemned": seldom a month ago, mostly this week
        if told is not None and report.status == "asserted" and refers_back(report):
            return min(start, told - _KNOWN), last, False
        if report.dated == "sentence" and start == last:
            start -= _SAID  # the day may be that of "said on Saturday", and the act some days older
        return (start, last, exact) if report.status != "future" or exact else (start, max(last, start + _AHEAD), False)
    if told is None:
        return None, None, False
    if report.status in ("future", "hypothetical"):
        return told, told + _AHEAD, False
    if report.status == "historical":
        return None, None, False
    return told - (_BACK if report.status == "negated" else 3), told, False


def is_told(report: Report) -> bool:
    """Whether the report itself says when the act happened."""
    return report.start is not None and report.dated in TOLD and not refers_back(report)


_BLAMED = re.compile(r"\b(?:for|of|over|after|about|despite) (?:[a-z-]+ )?$")
_DEFINITE = re.compile(r"\b(?:the|its|their|his|her|this|that|these|those)((?: [a-z-]+){0,2}) $")


def refers_back(report: Report) -> bool:
    """Whether the sentence speaks of the act as of something known, as in "over the ramming" or "for sending troops": its day is another's."""
    trigger, sentence = report.trigger.lower(), report.sentence.lower()[:2000]
    if not trigger or trigger.endswith("ed") or meaning.is_past(trigger):
        return False
    before = sentence[max(0, sentence.find(trigger) - 60) : sentence.find(trigger)]
    if trigger.endswith("ing") and _BLAMED.search(before):
        return True
    found = _DEFINITE.search(before)
    return found is not None and not set(found[1].split()) & _STOP


def reach(about: Sketch) -> tuple[int | None, int | None]:
    """First and last day on which another report of the act may lie, before drift: what blocks are made from."""
    if about.first is not None and is_denial(about.report):
        return about.first - _BACK, about.last
    if about.last is None or about.report.type != "THREATEN":
        return about.first, about.last
    return about.first, about.last + _AHEAD


def ordinal(day: str | None) -> int | None:
    """The day as a number, None when there is none."""
    return date.fromisoformat(day).toordinal() if day else None


# --------------------------------------------------------------------------- two reports


def compare(one: Sketch, other: Sketch, document: float | None = None) -> Likeness:
    """The features of a pair of reports; the same whichever comes first.

    `document` is how alike the two stories are, 0 to 1, where somebody measured it.
    """
    ours, theirs = one.report, other.report
    if is_denial(ours) != is_denial(theirs):
        return _denial(one, other) if is_denial(ours) else _denial(other, one)
    both = frozenset((ours.type, theirs.type))
    if len(both) > 1 and both not in COMPATIBLE and both not in THREATENED:
        return Likeness(veto="{} and {} are different acts".format(*sorted((ours.type, theirs.type))))
    time = _time(one, other)
    if time == 0.0:
        return Likeness(veto="the days are too far apart")
    place = _place(_own_place(ours), _own_place(theirs))
    if place == 0.0:
        return Likeness(veto="the places are far apart")
    told = _meaning(one, other)
    shared = meaning.senses(one.act)[0] & meaning.senses(other.act)[0]
    words = _words(one.words - shared, other.words - shared)
    figures = _figures(ours.quantities, theirs.quantities)
    found = _parties(ours, theirs)
    likeness = Likeness(told, found[0], found[1], time, place, figures, words, document, _factor(ours, theirs))
    veto = _veto(ours, theirs, likeness)
    return replace(likeness, veto=veto)


def is_denial(report: Report) -> bool:
    """Whether a report is of somebody denying something."""
    return report.type == "REJECT" and bool(_DENYING & set(meaning.stems(report.trigger)))


def _denial(denial: Sketch, act: Sketch) -> Likeness:
    """The features of a denial and of what it may deny: a party of the act says in the act's own word that it is not so."""
    no, yes = denial.report, act.report
    if yes.type not in DENIABLE:
        return Likeness(veto=f"a {yes.type} is not what is denied")
    told = _beside(act.act, denial.stems)
    parties = sides.likeness(_all(no), _all(yes))
    time = _time(replace(denial, first=(denial.first or 0) - _BACK), act) if denial.first is not None else None
    found = Likeness(told, parties, None, time, None, None, _words(denial.words, act.words))
    if told < _BESIDE or (parties or 0) < sides.WORTH["kin"] or not time:
        return replace(found, veto="the denial is of something else")
    return found


def _meaning(one: Sketch, other: Sketch) -> float | None:
    """Likeness of the triggers, or of one trigger and what stands beside the other; None when both are light."""
    ours, theirs = one.report, other.report
    found = meaning.likeness(one.act, other.act)
    if found is None or found >= _SYNONYM or not ours.type:
        return found
    if ours.type == theirs.type and ours.mode and ours.mode == theirs.mode:
        return _SAME_MODE
    beside = max(_beside(one.act, other.stems), _beside(other.act, one.stems))
    return beside or (_SAME_TYPE if ours.type == theirs.type else 0.0)


def _beside(trigger: str, stems: frozenset[str]) -> float:
    """How far one trigger is said in the other sentence too: "a bombing" and "a bomb killed five"."""
    words, meant = meaning.senses(trigger)
    if words & stems:
        return _BESIDE
    return _RELATED if any(meant & meaning.senses(word)[1] for word in stems) else 0.0


def _factor(ours: Report, theirs: Report) -> float:
    """Below 1 for unlike types or modes."""
    if ours.type != theirs.type:
        return 0.9
    return 0.92 if ours.mode and theirs.mode and ours.mode != theirs.mode else 1.0


def _veto(ours: Report, theirs: Report, found: Likeness) -> str:
    """Why two reports of like type, day and place are not of one act all the same; empty when they may be."""
    if not ours.type and (found.meaning or 0) < _SYNONYM:
        return "nothing says what was done, and the triggers differ"
    if found.time is not None and found.time < 0.4 and (found.words or 0) < _ALIKE and found.figures != 1.0:
        return "the days differ, and so do the words"
    if ours.story == theirs.story and ours.sentence == theirs.sentence and (found.meaning or 0) < _SYNONYM:
        return "one sentence of one story tells both"
    unlike = ours.type != theirs.type or bool(ours.mode and theirs.mode and ours.mode != theirs.mode)
    if unlike and (found.meaning or 0) < _RELATED and (found.words or 0) < 0.34:
        return "what was done differs, and so do the words"
    if found.meaning is not None and found.meaning <= _SAME_TYPE and (found.words or 0) < 0.3 and not found.figures:
        return "the triggers mean different things"
    thin = _thin(ours, theirs, found)
    if thin:
        return thin
    estranged = [name for name, value in (("sources", found.sources), ("targets", found.targets)) if value is not None
                 and value < 0.4]  # fmt: skip
    if estranged and not _one_act_two_culprits(ours, theirs, found):
        return f"the {' and the '.join(estranged)} are different parties"
    return ""


def _thin(ours: Report, theirs: Report, found: Likeness) -> str:
    """Why there is too little to go by, empty when there is enough: parties alone do not tell acts apart."""
    sides_told = min(found.sources or 0, found.targets or 0) >= sides.WORTH["kin"]
    special = (found.words or 0) >= _SHARED or found.figures == 1.0 or (found.place or 0) >= 0.9
    if ours.type and None in (found.meaning, found.time) and (found.words or 0) < _SHARED:
        return "a light verb or an act without a day needs the same words"
    if not ours.type or special or (sides_told and found.time == 1.0):
        return ""
    best = max(found.sources or 0, found.targets or 0)
    back = (refers_back(ours) or refers_back(theirs)) and (found.meaning or 0) >= _SAME_MODE
    if back and best >= sides.WORTH["nested"]:
        return ""  # "the air raid" is said of something that was told before, without its parties
    silent = None in (found.sources, found.targets) and not {ours.quad, theirs.quad} & _VERBAL
    if silent and best >= sides.WORTH["nested"] and (found.meaning or 0) >= _SYNONYM and (found.time or 0) >= 0.8:
        return ""  # "nurses went on strike": against whom goes without saying
    if not sides_told:
        return "the reports have too little in common to be compared"
    same_word = found.meaning == 1.0 and (found.time or 0) >= 0.6
    if ({ours.quad, theirs.quad} & _VERBAL and not same_word) or (found.time or 0) < 0.5:
        return "the parties are alike, but neither the day nor the words are"
    return ""


def _one_act_two_culprits(ours: Report, theirs: Report, found: Likeness) -> bool:
    """Two sides that blame each other for one act: same type, word, day and town, and somebody says so."""
    told = bool(ours.speakers or theirs.speakers)
    same = ours.type == theirs.type and (found.meaning or 0) >= 0.8 and (found.time or 0) >= 0.6
    where = found.place is not None and found.place >= 0.9
    return told and same and where and ((found.words or 0) >= 0.3 or bool(found.figures))


def _parties(ours: Report, theirs: Report) -> tuple[float | None, float | None]:
    straight = sides.likeness(ours.sources, theirs.sources), sides.likeness(ours.targets, theirs.targets)
    if not mutual(ours, theirs):
        return straight
    crossed = sides.likeness(ours.sources, theirs.targets), sides.likeness(ours.targets, theirs.sources)
    # The better match goes first: crossed pairs have no order of their own.
    crossed = max(crossed, crossed[::-1], key=lambda pair: [-1.0 if value is None else value for value in pair])
    merged = _one_list(ours, theirs)
    return max((straight, crossed, merged), key=lambda pair: (_sum(pair), pair == straight))


def mutual(ours: Report, theirs: Report) -> bool:
    """Whether the parties of two reports may have changed places."""
    if {ours.type, theirs.type} & RECIPROCAL:
        return True
    return ours.type == theirs.type and any(_MUTUAL & set(meaning.stems(some.trigger)) for some in (ours, theirs))


def _one_list(ours: Report, theirs: Report) -> tuple[float | None, float | None]:
    """Parties of an act without direction when one report has them all as sources: "the two leaders met"."""
    if bool(ours.targets) == bool(theirs.targets):
        return None, None
    return sides.likeness(_all(ours), _all(theirs)), None


def _all(report: Report) -> Sequence[Side]:
    return (*report.sources, *report.targets)


def _sum(pair: tuple[float | None, float | None]) -> float:
    known = [value for value in pair if value is not None]
    return sum(known) / len(known) if known else -1.0


def _time(one: Sketch, other: Sketch) -> float | None:
    if one.first is None or one.last is None or other.first is None or other.last is None:
        return None
    gap = max(one.first - other.last, other.first - one.last, 0)
    if gap and _carried_out(one, other, gap):
        return _CARRIED_OUT
    exact = one.exact and other.exact
    if gap > (_DRIFT if exact else DRIFT):
        return 0.0
    if gap:
        return max(0.15, (0.5 if exact else 0.7) - 0.15 * gap)
    longest = max(one.last - one.first, other.last - other.first)
    return 1.0 if exact else 0.8 if longest <= 3 else 0.6 if longest <= _AHEAD else 0.4


def _carried_out(one: Sketch, other: Sketch, gap: int) -> bool:
    """Whether one is a threat and the other comes after it, soon enough to be what was threatened."""
    threats = [about.report.type == "THREATEN" for about in (one, other)]
    if threats[0] == threats[1] or gap > _AHEAD:
        return False
    threat, act = (one, other) if threats[0] else (other, one)
    return (act.first or 0) > (threat.last or 0)


def _own_place(report: Report) -> Spot | None:
    """Where the act was; None for a country that is a party anyway: "condemned Iraq" happened nowhere near it."""
    spot = report.place
    if spot is None or spot.precision not in _COARSE:
        return spot
    countries = {side.country for side in (*report.sources, *report.targets)}
    return None if spot.precision == "country" and spot.country in countries else spot


def _place(one: Spot | None, other: Spot | None) -> float | None:
    if one is None or other is None:
        return None
    if one.country and other.country and one.country != other.country and not _close(one, other):
        return 0.0
    if one.precision in _COARSE or other.precision in _COARSE:
        return _COUNTRY if one.geonameid == other.geonameid and one.geonameid else None
    if (one.geonameid == other.geonameid and one.geonameid) or one.name.casefold() == other.name.casefold():
        return 1.0
    apart = _distance(one, other)
    if apart is None:
        return 0.3
    return 0.9 if apart <= _NEAR_KM else 0.3 if apart < _FAR_KM else 0.0


def _close(one: Spot, other: Spot) -> bool:
    apart = _distance(one, other)
    return apart is not None and apart <= _NEAR_KM and not {one.precision, other.precision} & _COARSE


def _distance(one: Spot, other: Spot) -> float | None:
    """Kilometres on a sphere between two places; None when one has no coordinates."""
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return None
    north, south = math.radians(one.lat), math.radians(other.lat)
    turn = math.sin((north - south) / 2) ** 2
    turn += math.cos(north) * math.cos(south) * math.sin(math.radians(one.lon - other.lon) / 2) ** 2
    return 12742.0 * math.asin(min(1.0, math.sqrt(turn)))  # twice the mean radius of the Earth, in km


def _words(ours: frozenset[str], theirs: frozenset[str]) -> float | None:
    """Share of the shorter sentence's words that the other has too, less when only one or two are left to compare."""
    fewer = min(len(ours), len(theirs))
    return len(ours & theirs) / max(fewer, 3) if fewer else None


def _figures(ours: Sequence[Amount], theirs: Sequence[Amount]) -> float | None:
    """1 when a figure above two is the same in both, .5 when like things are counted, None when nothing is alike."""
    alike = [(a, b) for a in ours for b in theirs if a.unit and b.unit and set(meaning.stems(a.unit)) & set(
        meaning.stems(b.unit))]  # fmt: skip
    if any(a.value == b.value and a.value > 2 for a, b in alike):
        return 1.0
    near = [min(a.value, b.value) / max(a.value, b.value) for a, b in alike if a.value > 0 and b.value > 0]
    return max(0.6 * ratio for ratio in near) if near else None
