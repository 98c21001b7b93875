"""The words of time: where in a text a time expression stands, and what its parts are.

A scanner walks over the words once. A word that can open a time expression names the few patterns
worth trying there; the longest match wins and scanning goes on behind it. Patterns are anchored and
every repeat in them is bounded, so a hostile text costs no more than its length. Deciding which
days a phrase means is not done here (`calendar`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from dateline.times.patterns import grammar


@dataclass(frozen=True, slots=True)
class Phrase:
    """One time expression: where it stands, which pattern it is, and the pattern's named parts (lower case)."""

    start: int
    end: int
    kind: str
    parts: dict[str, str]


# A number before one of these is a count or a sum, not a year or a day.
_NOT_YEAR = re.compile(
    r"(?:[\s-]{1,3}(?:people|troops|soldiers|men|women|children|civilians|fighters|police|officers|protesters|refugees|deaths|dead|"
    r"injured|wounded|homes|houses|miles|kilomet\w*|meters|metres|feet|km|kg|tons?|tonnes|percent|per|pounds|dollars|euros|points|"
    r"shares|members|workers|employees|votes|students|tanks|vehicles|aircraft|missiles|rockets|times|cases|barrels|acres|hectares|"
    r"years?|months?|weeks?|days?|hours?|minutes?|seconds?|yards|million|billion|prisoners|others|more|mm|"
    r"square|cubic|calories|inmates|strong|Palestinians|Israelis|Americans|Iraqis|jobs|seats|demonstrators|delegates)\b|\s?%)",
    re.IGNORECASE,
)
_NOT_YEAR_BEFORE = re.compile(
    r"(?:[$£€#]|\bNo\.?\s?|\bnumber\s|\bflight\s|\broom\s|\bresolution\s|\broute\s|\$\s|[\d.,/:-])$", re.IGNORECASE
)


def scan(text: str) -> list[Phrase]:
    """Every time expression of `text`, in order, none overlapping another. Linear in the text's length."""
    rules, starters, found, done = grammar().rules, grammar().starters, list[Phrase](), 0
    for word in grammar().words(text):
        start = word.start()
        if start < done:
            continue
        token = word.group()
        first = token[-1]
        key = "#" if first.isdigit() else token.lower()
        indices = starters.get(key)
        if indices is None or (start and (text[start - 1].isalnum() or text[start - 1] == "_")):
            continue
        best: Phrase | None = None
        for index in indices:
            kind, match = rules[index]
            hit = match(text, start)
            if hit is not None and (best is None or hit.end() > best.end):
                phrase = _accept(text, kind, hit)
                if phrase is not None and (best is None or phrase.end > best.end):
                    best = phrase
        if best is not None:
            found.append(best)
            done = best.end
    return found


_WHOLE = frozenset({"month", "relative", "duration", "quarter", "weekend"})
_ARTICLE_BEFORE = re.compile(r"the\s", re.IGNORECASE)
_COMPOUND = re.compile(r"-[A-Za-z]")


def _is_joined(text: str, end: int) -> bool:
    """Whether a hyphen ties the match to the next word: "the year-ago results" names no year by "the year"."""
    return _COMPOUND.match(text, end) is not None


def _article_length(text: str, start: int) -> int:
    """Length of an article at `start`: "the eight-year war" holds the expression "eight-year"."""
    hit = _ARTICLE_BEFORE.match(text, start)
    return hit.end() - start if hit else 0


def _accept(text: str, kind: str, hit: re.Match[str]) -> Phrase | None:
    """The match as a phrase, or None where its surroundings say it is no time at all."""
    parts = {name: value.lower() for name, value in hit.groupdict().items() if value is not None}
    start, end = hit.span()
    if text[end : end + 1].isalnum() or (kind in _WHOLE and _is_joined(text, end)):
        return None
    check = _CHECKS.get(kind)
    if check is not None and not check(text, hit, parts):
        return None
    if kind == "duration" and "-" in text[start:end] and not hit["tail"]:
        start += _article_length(text, start)
    return Phrase(start, end, kind, parts)


def _capital(text: str, hit: re.Match[str], name: str) -> bool:
    return hit.start(name) >= 0 and text[hit.start(name)].isupper()


def _check_month(text: str, hit: re.Match[str], parts: dict[str, str]) -> bool:
    """A month is written with a capital; "May" and "March" opening a sentence, or after a name, are often no months."""
    if not _capital(text, hit, "month"):
        return False
    month = parts["month"]
    if month in ("sep", "mar", "sun") or (len(month) == 3 and month != "may"):
        return "year" in parts or "mod" in parts
    if month in ("may", "march", "august", "april", "june") and set(parts) <= {"month"}:
        before = text[max(0, hit.start() - 12) : hit.start()].rstrip().rsplit(" ", 1)[-1].lower().strip("(\"'")
        after = text[hit.end() : hit.end() + 14].split()
        if month == "may" or not before or before[-1] in ".!?\"'":
            return before in _MONTH_BEFORE
        if month in ("april", "june", "august") and after and after[0][:1].isupper():
            return before in _MONTH_BEFORE
    return True


_MONTH_BEFORE = frozenset(
    "in of since until till by last next this during through from to before after mid early late for and or between around , every each".split()
)


def _check_date(text: str, hit: re.Match[str], parts: dict[str, str]) -> bool:
    if "month" in parts and not _capital(text, hit, "month"):
        return False
    return (
        "month" not in parts
        or not _NOT_YEAR.match(text, hit.end())
        or "year" in parts
        or parts.get("day", "")[-1:].isalpha()
    )


def _check_weekday(text: str, hit: re.Match[str], parts: dict[str, str]) -> bool:
    return _capital(text, hit, "weekday") and not parts["weekday"].endswith(".")


def _check_year(text: str, hit: re.Match[str], parts: dict[str, str]) -> bool:
    if "yearwords" in parts or "bc" in parts:
        return True
    year, before = parts["year"], text[max(0, hit.start() - 12) : hit.start()]
    if year[0] == "'":
        return bool(re.search(r"(?:in|of|since|the|to|and|by|from)\s$|-$", before, re.IGNORECASE))
    if _NOT_YEAR_BEFORE.search(before) and not re.search(r"(?:1\d|20)\d\d[-/]$", before):
        return False
    return not _NOT_YEAR.match(text, hit.end()) and text[hit.end() : hit.end() + 1] != "°"


def _check_duration(text: str, hit: re.Match[str], parts: dict[str, str]) -> bool:
    count, unit = parts.get("count", ""), parts.get("unit", "")
    if parts.get("tail") == "old" or re.match(r"\s(?:old|of\sage)\b", text[hit.end() : hit.end() + 8]):
        return False
    if unit == "second" and ("plural" not in parts or not count[:1].isdigit()):
        return False
    if unit == "quarter" and (
        count in ("a", "an", "one") or ("which" not in parts and "ago" not in parts and parts.get("plural") is None)
    ):
        return False
    if unit in ("night", "weekend") and count in ("a", "an", "one"):
        return "ago" in parts
    return not (count in ("half",) and unit == "yr")


def _check_bare(text: str, hit: re.Match[str], parts: dict[str, str]) -> bool:
    return parts.get("tail") != "old" and not re.match(r"\s(?:old|of\sage)\b", text[hit.end() : hit.end() + 8])


def _check_clock(text: str, hit: re.Match[str], parts: dict[str, str]) -> bool:
    if "hour24" in parts:
        after = text[hit.end() : hit.end() + 4]
        return not re.match(r"\s?[-%/]\s?\d", after)
    return True


def _check_season(text: str, hit: re.Match[str], parts: dict[str, str]) -> bool:
    """ "fall" and "spring" are also verbs and nouns: they need an article, a year or a word that places them."""
    season = parts["season"]
    words = hit.group().lower().split()
    if season in ("fall", "spring") and len(words) == 1:
        return bool(
            re.search(
                r"\b(?:in|of|since|until|by|during|through|next|last)\s$",
                text[max(0, hit.start() - 9) : hit.start()],
                re.IGNORECASE,
            )
        ) and not text[hit.end() : hit.end() + 4].lower().startswith((" of ", " in "))
    if season == "fall" and words[0] in ("the", "a") and len(words) == 2:
        return not text[hit.end() : hit.end() + 4].lower().startswith((" of", " in", " to"))
    return not re.match(r"\s(?:Olympics|Games)", text[hit.end() : hit.end() + 9])


def _check_quarter(text: str, hit: re.Match[str], parts: dict[str, str]) -> bool:
    if parts.get("which") == "the" and parts.get("what") == "period":
        return False
    if parts.get("what") == "half":
        return "year2" in parts or "yearphrase" in parts or "year" in parts
    return not re.match(r"\s(?:century|of\s(?:the\s)?(?:century|a\s))", text[hit.end() : hit.end() + 16])


def _check_relative(text: str, hit: re.Match[str], parts: dict[str, str]) -> bool:
    rel = parts.get("rel", "")
    if "rel2" in parts:
        return (
            "following" in parts
            or parts["rel2"] in ("year", "week", "weekend")
            or bool(re.search(r"(?:of|during|for|in)\s$", text[max(0, hit.start() - 8) : hit.start()]))
        )
    if rel in ("new", "present", "coming") and parts.get("unit") in ("day", "decade"):
        return False
    return not (
        rel in ("same", "following", "previous", "latest", "current")
        and "article" not in parts
        and "mod" not in parts
        and rel != "current"
    )


def _check_holiday(text: str, hit: re.Match[str], parts: dict[str, str]) -> bool:
    return _capital(text, hit, "holiday")


def _check_present(text: str, hit: re.Match[str], parts: dict[str, str]) -> bool:
    return not (hit.group().lower() == "now" and re.match(r"-[a-z]", text[hit.end() : hit.end() + 2]))


def _check_decade(text: str, hit: re.Match[str], parts: dict[str, str]) -> bool:
    """ "in his 50s" is an age."""
    return not re.search(
        r"(?:\b(?:his|her|their|my|your|our)\s(?:early\s|late\s|mid-?\s?)?|\$\d?)$",
        text[max(0, hit.start() - 16) : hit.start()],
        re.IGNORECASE,
    )


_CHECKS: dict[str, Callable[[str, re.Match[str], dict[str, str]], bool]] = {
    "month": _check_month, "date": _check_date, "weekday": _check_weekday, "year": _check_year, "duration": _check_duration,
    "clock": _check_clock, "season": _check_season, "quarter": _check_quarter, "relative": _check_relative,
    "bare": _check_bare, "holiday": _check_holiday, "present": _check_present, "decade": _check_decade,
}  # fmt: skip
