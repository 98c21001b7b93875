"""The vocabulary of time: months, weekdays, units, numbers written as words. No text is read here."""

from __future__ import annotations

import re

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
UNITS = {
    "second": "S", "minute": "M", "hour": "H", "day": "D", "night": "D", "week": "W", "fortnight": "W", "weekend": "WE",
    "month": "M", "quarter": "Q", "year": "Y", "decade": "E", "century": "C", "centurie": "C", "yr": "Y", "semester": "S",
}  # fmt: skip
SEASONS = {"spring": "SP", "summer": "SU", "autumn": "FA", "fall": "FA", "winter": "WI"}
PARTS = {"morning": "MO", "afternoon": "AF", "evening": "EV", "night": "NI", "dawn": "MO", "dusk": "EV", "midday": "MI"}
ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
ONES = dict(
    zip(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(),
        range(1, 20),
        strict=True,
    )
)
TENS = dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True))
_BIG = {"hundred": 100, "thousand": 1000, "dozen": 12}
FIXED_DAYS = {
    "new year's day": (1, 1), "new year's eve": (12, 31), "christmas eve": (12, 24), "christmas day": (12, 25),
    "christmas": (12, 25), "valentine's day": (2, 14), "independence day": (7, 4), "veterans day": (11, 11),
    "bastille day": (7, 14), "may day": (5, 1), "halloween": (10, 31), "new year": (1, 1), "new year's": (1, 1),
    "boxing day": (12, 26),
}  # fmt: skip
MOVING_DAYS = (
    "thanksgiving day",
    "thanksgiving",
    "easter sunday",
    "easter monday",
    "good friday",
    "easter",
    "labor day",
    "memorial day",
    "election day",
)


def number(words: str) -> float | None:
    """Value of "two", "twenty-six", "2 1/2", "a hundred", "1,200"; None where the count is vague ("several")."""
    total, current, seen = 0.0, 0.0, False
    for word in words.lower().replace("-", " ").replace(",", "").split():
        if word in ("a", "an", "one"):
            current, seen = current + 1, True
        elif word in ("and", "of", "the", "full"):
            continue
        elif word in ("half", "1/2"):
            current, seen = current + 0.5, True
        elif word == "couple":
            current, seen = 2, True
        elif word in ONES or word in TENS:
            current, seen = current + ONES.get(word, 0) + TENS.get(word, 0), True
        elif word in _BIG:
            current, seen = max(current, 1) * _BIG[word], True
            if word == "thousand":
                total, current = total + current, 0
        elif re.fullmatch(r"\d{1,6}(?:\.\d{1,3})?", word):
            current, seen = current + float(word), True
        else:
            return None
    return total + current if seen else None


def ordinal(word: str) -> int | None:
    """1 for "first" or "1st", 21 for "twenty-first"; None for anything else."""
    word = word.lower().replace(" ", "-")
    digits = re.match(r"\d{1,2}", word)
    if digits:
        return int(digits.group())
    tens, _, ones = word.rpartition("-")
    if ones in ORDINALS:
        return TENS.get(tens, 0) + ORDINALS.index(ones) + 1
    return 30 if word == "thirtieth" else None
