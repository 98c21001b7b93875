"""What the figures of a report count, and figures that only its sentence tells: "bombed ..., killing 12 fighters".

The coder gives a figure to the word it hangs on, so a bombing may lack the toll that stands beside
it. Only tolls are read here, and only digits or number words right beside the word that counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from dateline.merge import meaning
from dateline.merge.reports import Amount, Report

_COUNTED = tuple(
    (name, frozenset(meaning.stem(word) for word in words.split()))
    for name, words in (
        ("killed", "kill die dead death murder slay massacre"),
        ("injured", "injure wound hurt injury"),
        ("arrested", "arrest detain detention jail"),
        ("abducted", "kidnap abduct abduction hostage"),
    )
)
_MATERIAL_CONFLICT = 4  # the quad class
_ONES = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen".split()
)
_NUMBERS = {word: float(n) for n, word in enumerate([*_ONES, "eighteen", "nineteen", "twenty"], 1)}
_BOUNDS = {"at least": "min", "more than": "min", "over": "min", "up to": "max", "about": "about", "some": "about",
           "around": "about", "nearly": "about", "almost": "about"}  # fmt: skip
_NUMBER = rf"(?:(?P<bound>{'|'.join(_BOUNDS)}) )?(?P<n>[0-9][0-9,]*|{'|'.join(_NUMBERS)})"
_AFTER = re.compile(rf"\b(?P<word>[a-z]+) {_NUMBER} (?P<unit>[a-z]+)")
_BEFORE = re.compile(rf"\b{_NUMBER} (?P<unit>[a-z]+) (?:(?:were|was|had been|have been|are) )?(?P<word>[a-z]+)")


def label(report: Report, amount: Amount) -> str | None:
    """What a figure counts: "killed" where the sentence tells of a killing, else the noun's stem; None without a noun."""
    if amount.unit is None or not meaning.stems(amount.unit):
        return None
    for words in (set(meaning.stems(report.trigger)), set(meaning.stems(report.sentence))):
        named = [name for name, stems in _COUNTED if words & stems]
        if len(named) == 1 and report.quad == _MATERIAL_CONFLICT:
            return named[0]
    return " ".join(meaning.stems(amount.unit))


def shown(name: str, amounts: Iterable[Amount]) -> str:
    """A label for people: "killed" as it is, a stem as the first of the nouns that it stands for."""
    counted = {known for known, _ in _COUNTED}
    return name if name in counted else min((amount.unit for amount in amounts if amount.unit), default=name)


def figures(report: Report) -> list[tuple[str, Amount]]:
    """All figures of a report with what they count: those it was given, and tolls that its sentence adds."""
    given = [(name, amount) for amount in report.quantities if (name := label(report, amount))]
    known = {name for name, _ in given}
    if report.quad != _MATERIAL_CONFLICT or report.status == "negated":
        return given
    return given + [(name, amount) for name, amount in _told(report.sentence) if name not in known]


def _told(sentence: str) -> Iterator[tuple[str, Amount]]:
    """Tolls in a sentence, the first of each kind; its first 2000 characters are read."""
    text, seen = " ".join(sentence.lower().split())[:2000], set()
    for pattern in (_AFTER, _BEFORE):
        for found in pattern.finditer(text):
            name = next((name for name, stems in _COUNTED if meaning.stem(found["word"]) in stems), None)
            if name and name not in seen:
                seen.add(name)
                yield name, Amount(_value(found["n"]), _BOUNDS.get(found["bound"] or "", "exact"), found["unit"])


def _value(text: str) -> float:
    return _NUMBERS[text] if text in _NUMBERS else float(text.replace(",", ""))
