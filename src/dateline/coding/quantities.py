"""Counts and amounts in a clause: "more than 10,000 soldiers", "a dozen people", "$2.5 billion"."""

from __future__ import annotations

from typing import Literal

from dateline.records import Doc, Quantity

_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}  # fmt: skip
_SCALES = {"dozen": 12.0, "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
Bound = Literal["exact", "min", "max", "about"]
_BOUNDS: dict[str, Bound] = {
    "least": "min", "over": "min", "than": "min", "minimum": "min", "up": "max", "most": "max", "under": "max",
    "about": "about", "around": "about", "some": "about", "nearly": "about", "almost": "about", "roughly": "about",
    "approximately": "about", "estimated": "about",
}  # fmt: skip


def value_of(words: list[str]) -> float | None:
    """The number that `words` spell: ["10,000"], ["2.5", "million"], ["twenty", "one"]."""
    total, current, seen = 0.0, 0.0, False
    for word in words:
        plain = word.lower().replace(",", "").lstrip("$€£")
        if plain in _WORDS:
            current, seen = current + _WORDS[plain], True
        elif plain in _SCALES:
            current, seen = (current or 1.0) * _SCALES[plain], True
        elif plain.replace(".", "", 1).isdigit():
            current, seen = current + float(plain), True
        elif "-" in plain and all(part in _WORDS for part in plain.split("-")):
            current, seen = current + sum(_WORDS[part] for part in plain.split("-")), True
    total += current
    return total if seen else None


def find(doc: Doc, tokens: list[int]) -> tuple[Quantity, ...]:
    """Quantities on the nouns among `tokens`: each needs a number that modifies a noun."""
    found: list[Quantity] = []
    for i in tokens:
        for number in doc.kids(i, "nummod"):
            quantity = _quantity(doc, i, number.i)
            if quantity is not None and quantity not in found:
                found.append(quantity)
    return tuple(found)


def _quantity(doc: Doc, noun: int, number: int) -> Quantity | None:
    group = doc.subtree(number)
    digits = [doc.tokens[k].text for k in group if doc.tokens[k].tag == "CD" or doc.tokens[k].lower in _SCALES]
    value = value_of(digits)
    if value is None or (doc.tokens[number].text.isdigit() and 1900 <= value <= 2100 and len(group) == 1):
        return None
    lowers = [doc.tokens[k].lower for k in range(max(0, group[0] - 2), number + 1)]
    bound: Bound = next((_BOUNDS[word] for word in lowers if word in _BOUNDS), "exact")
    if "fewer" in lowers or "less" in lowers:
        bound = "max"
    first = min(group[0], noun)
    unit = "USD" if "$" in doc.slice(group[0], number) else doc.tokens[noun].lower
    return Quantity(doc.slice(first, max(noun, number)), value, bound, unit)
