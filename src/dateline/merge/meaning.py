"""What a trigger means, as far as merging needs it: its stem, and the meanings it can stand for.

Two stems are compared, never two forms: "deploying", "deployment" and "deployed" are one word.
The table `data/merge/meanings.tsv` says which words can name one act. There is no sense
disambiguation: a shared meaning is one reason among several, never enough alone.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

_TABLE = Path(__file__).parent.parent / "data" / "merge" / "meanings.tsv"

LIGHT = frozenset(
    "be have do go take make hold give get carry put stage conduct come bring keep set become use happen occur "
    "continue event incident act action".split()
)
"""Words that say nothing about the act: the noun beside them does."""

_IRREGULAR = {
    "went": "go", "gone": "go", "took": "take", "taken": "take", "made": "make", "held": "hold", "gave": "give",
    "given": "give", "got": "get", "did": "do", "done": "do", "was": "be", "were": "be", "been": "be", "is": "be",
    "are": "be", "had": "have", "has": "have", "shot": "shoot", "slain": "slay", "slew": "slay", "fought": "fight",
    "sent": "send", "sold": "sell", "bought": "buy", "met": "meet", "said": "say", "told": "tell", "spoke": "speak",
    "spoken": "speak", "struck": "strike", "stricken": "strike", "left": "leave", "fled": "flee", "found": "find",
    "lent": "lend", "built": "build", "won": "win", "lost": "lose", "fell": "fall", "fallen": "fall", "rose": "rise",
    "risen": "rise", "drew": "draw", "drawn": "draw", "withdrew": "withdraw", "withdrawn": "withdraw", "led": "lead",
    "began": "begin", "begun": "begin", "broke": "break", "broken": "break", "blew": "blow", "blown": "blow",
    "flew": "fly", "flown": "fly", "froze": "freeze", "frozen": "freeze", "sought": "seek", "stole": "steal",
    "stolen": "steal", "swore": "swear", "sworn": "swear", "threw": "throw", "thrown": "throw", "burnt": "burn",
    "came": "come", "brought": "bring", "kept": "keep", "paid": "pay", "laid": "lay", "caught": "catch",
    "chose": "choose", "chosen": "choose", "died": "die", "dying": "die", "dies": "die", "bore": "bear",
    "born": "bear", "tied": "tie", "tying": "tie", "denied": "deny", "denies": "deny", "wrote": "write",
    "overthrew": "overthrow", "overthrown": "overthrow", "beat": "beat", "beaten": "beat", "forbade": "forbid",
    "forbidden": "forbid", "saw": "see", "seen": "see", "knew": "know", "known": "know", "hid": "hide",
    "hidden": "hide", "rang": "ring", "shook": "shake", "shaken": "shake", "wound": "wound", "stood": "stand",
    "overran": "overrun", "ran": "run", "retook": "retake", "retaken": "retake", "partook": "partake",
    "underwent": "undergo", "lifts": "lift", "bombing": "bomb", "hit": "hit", "cut": "cut", "put": "put",
}  # fmt: skip

# Endings of derived nouns and adjectives, longest first, with what is put back.
_ENDINGS = (
    ("ization", "iz"), ("isation", "iz"), ("ational", ""), ("ification", "ify"), ("ation", ""), ("ition", ""),
    ("ssion", "ss"), ("sion", "d"), ("tion", "t"), ("ments", ""), ("ment", ""), ("ance", ""), ("ence", ""),
    ("ness", ""), ("ate", ""), ("al", ""), ("er", ""), ("or", ""), ("ure", ""),
)  # fmt: skip
_KEEP = frozenset("number order officer power offer enter minister murder border leader river surrender corner".split())
_SHORTEST = 4  # letters that must stay when an ending is taken off: "nation" is not a form of "n"
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The part that all forms of a word share: "deployments" and "deploying" give "deploy".

    A stem need not be a word ("announc"). Only the first 64 characters are looked at.
    """
    base = _plain(word[:64].lower())
    base = _IRREGULAR.get(base, base)
    if base not in _KEEP:
        for ending, back in _ENDINGS:
            if base.endswith(ending) and len(base) - len(ending) >= _SHORTEST:
                base = base.removesuffix(ending) + back
                break
    base = base.removesuffix("e")
    if len(base) > 5 and base.endswith("is"):
        base = base[:-1] + "z"  # "criticise" and "criticize"
    if len(base) > 5 and base.endswith("ll"):
        base = base[:-1]  # "expelled" and "expel"
    return base[:-1] + "i" if base.endswith("y") and len(base) > 2 else base


def is_past(word: str) -> bool:
    """Whether a word is an irregular past form: "shot", "sent"."""
    return word in _IRREGULAR and _IRREGULAR[word] != word


def _plain(word: str) -> str:
    """Without the endings of number, tense and participle."""
    if word in _IRREGULAR:
        return word
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith(("sses", "shes", "ches", "xes", "zes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        word = word[:-1]
    for ending in ("ied", "ed", "ing"):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= 3 and re.search("[aeiouy]", rest):
            if ending == "ied":
                return rest + "y"
            if (rest.endswith("at") and not rest.endswith("eat")) or rest.endswith(("tur", "sur", "zur")):
                return rest + "e"
            doubled = len(rest) > 3 and rest[-1] == rest[-2] and rest[-1] in "bdgmnprt"
            return rest[:-1] if doubled else rest
    return word


def stems(text: str) -> tuple[str, ...]:
    """The stems of the words of a text, in order."""
    return tuple(stem(word) for word in _WORD.findall(text.lower()))


@lru_cache(maxsize=1)
def _meanings() -> dict[str, frozenset[int]]:
    """Stem, or stems joined by "_", -> the lines of the table that hold it."""
    lines: dict[str, set[int]] = {}
    for number, line in enumerate(_TABLE.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("#"):
            continue
        for word in line.split():
            lines.setdefault("_".join(stem(part) for part in word.split("_")), set()).add(number)
    return {word: frozenset(numbers) for word, numbers in lines.items()}


@lru_cache(maxsize=1)
def _light() -> frozenset[str]:
    return frozenset(stem(word) for word in LIGHT)


@lru_cache(maxsize=65536)
def senses(trigger: str) -> tuple[frozenset[str], frozenset[int]]:
    """The stems of a trigger that carry meaning, and the meanings it can stand for; both empty when it is light."""
    found = stems(trigger)
    heavy = frozenset(word for word in found if word not in _light())
    table = _meanings()
    whole = table.get("_".join(found), frozenset())
    return heavy, whole or frozenset().union(*(table.get(word, frozenset()) for word in heavy))


def likeness(one: str, other: str) -> float | None:
    """How far two triggers can name one act: 1 the same word, .8 a shared meaning, 0 neither; None when one is light."""
    (words, meant), (others, theirs) = senses(one), senses(other)
    if not words or not others:
        return None
    if words & others:
        return 1.0
    return 0.8 if meant & theirs else 0.0
