"""Whether two parties can be one: the same, one within the other, of one kind, or strangers.

Levels, by what the actor dictionary says of both and never by spelling alone: "South Korean army"
lies within "South Korea"; two persons of one government are siblings, who met other people.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from dateline.merge.meaning import stems
from dateline.merge.reports import Side

Level = Literal["same", "nested", "kin", "sibling", "stranger"]
WORTH: dict[Level, float] = {"same": 1.0, "nested": 0.85, "kin": 0.6, "sibling": 0.25, "stranger": 0.0}
"""What each level is worth, 0 to 1: set by hand. From `kin` on, two parties can be one."""

STATE = frozenset({"GOV", "MIL", "COP", "LEG", "JUD", "SPY"})
"""Sectors that act for a state."""
_AGAINST = frozenset({"REB", "OPP"})
_BODIES = frozenset({"UNO", "EUR", "NATO", "IGO"})


@lru_cache(maxsize=65536)
def level(one: Side, other: Side) -> Level:
    """How two parties stand to each other; the same whichever comes first."""
    if one.id == other.id and one.id:
        return "same"
    if one.country is None or other.country is None or one.country != other.country:
        return _without_country(one, other)
    if _is_state(one) or _is_state(other):
        return _within_state(other if _is_state(one) else one)
    if _is_person(one) and _is_person(other):
        return "sibling"
    return _kin(one, other)


def _without_country(one: Side, other: Side) -> Level:
    """Parties of which one has no country, or whose countries differ: only a name can make them one."""
    if one.country is not None and other.country is not None:
        return "stranger"
    words, others = _name(one), _name(other)
    if words and others and (words <= others or others <= words):
        return "nested"
    shared_role = one.country != other.country and set(one.sectors) & set(other.sectors)
    return "kin" if words & others or shared_role else "stranger"


def _is_state(side: Side) -> bool:
    """The state itself or its government as a whole."""
    return side.id.startswith(("country:", "igo:")) or side.id.endswith(":GOV:government")


def _within_state(inner: Side) -> Level:
    if _is_state(inner) or inner.country in _BODIES or set(inner.sectors) & STATE:
        return "nested"
    if set(inner.sectors) & _AGAINST:
        return "stranger"
    return "kin"  # "Ukraine" for Ukrainian civilians, "Uganda" for its doctors


def _is_person(side: Side) -> bool:
    return side.id.startswith("person:")


def _kin(one: Side, other: Side) -> Level:
    """Two parties of one country, neither of which is the state itself."""
    words, others = _name(one), _name(other)
    if words and others and (words <= others or others <= words):
        return "nested"
    ours, theirs = set(one.sectors), set(other.sectors)
    if bool(ours & _AGAINST) != bool(theirs & _AGAINST):
        return "stranger"
    if one.id.startswith("group:") and other.id.startswith("group:") and not ours & STATE:
        return "sibling"
    if ours & theirs or (ours & STATE and theirs & STATE):
        return "kin"
    return "sibling" if ours and theirs else "kin"


@lru_cache(maxsize=65536)
def _name(side: Side) -> frozenset[str]:
    return frozenset(stems(side.name)) - {"the", "of"}


def likeness(ours: Sequence[Side], theirs: Sequence[Side]) -> float | None:
    """How far two lists of parties can be one, 0 to 1; None when either is empty.

    Every party of the shorter list looks for its best fellow in the longer one.
    """
    if not ours or not theirs:
        return None
    if len(ours) == len(theirs):
        return (_found(ours, theirs) + _found(theirs, ours)) / 2
    return _found(ours, theirs) if len(ours) < len(theirs) else _found(theirs, ours)


def _found(few: Sequence[Side], many: Sequence[Side]) -> float:
    return sum(sorted(max(WORTH[level(side, fellow)] for fellow in many) for side in few)) / len(few)


def strangers(ours: Sequence[Side], theirs: Sequence[Side]) -> bool:
    """Whether two lists both name somebody and nobody in one can be anybody in the other."""
    found = likeness(ours, theirs)
    return found is not None and found < WORTH["sibling"]
