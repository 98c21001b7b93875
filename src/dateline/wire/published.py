"""The day a story was published, chosen among what the input says, with the rejected days kept.

Order: what the format or the user states; the page's own date line; a transmission line; the day in the
address; the dateline; photo captions; the line that a scraper put on top. A dateline without a year gets
one only from another candidate close by. It refuses to guess: no evidence, no day.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from dateline.wire import days
from dateline.wire.notes import transmission_day

Source = Literal[
    "format", "given", "page line", "update line", "transmission line", "address", "dateline", "caption", "scraper line"
]
_SCRAPER = re.compile(r"^\W*date[:\s]+(?P<day>(?:19|20)\d\d-\d\d-\d\d)\b", re.IGNORECASE)
_TIME = r"\d{1,2}(?:[:.]\d\d){1,2}\s*(?:[ap]\.?m\.?)?|\d{1,2}\s*[ap]\.?m\.?|\b\d{4}\s*(?:GMT|hrs?|UTC)\b"
_ZONE = r"\b(?:GMT|UTC|[ECMP][SD]?T|BST|CET|CEST|EET|IST|JST|KST|HKT|SGT|AEST|AEDT|MSK|Z|local time|eastern|pacific|central)\b(?:[+-]\d{1,2}(?::?\d\d)?)?"
_DATE_WORDS = re.compile(
    rf"(?i)\b(?:first\s+)?(?:published|posted|publish|publication|updated?|modified|created|issued|released|last|on|at|date|dated|of|the|"
    rf"date of publication|time|story|article|original(?:ly)?|and|from|in|by|ist|hrs)\b|{_TIME}|{_ZONE}|\b{days.WEEKDAY}\b\.?|\d+ min(?:ute)?s?(?: read)?|[\W_]+"
)
_UPDATED = re.compile(r"(?i)\b(?:updated?|modified|edited|corrected)\b")
_LABELLED = re.compile(r"(?i)\b(?:published|posted|publication|released|issued|created|dated?)\b")
_NOT_SECTION = re.compile(
    r"(?i)^(?:published|posted|updated|modified|date|last|first|by|on|the|released|issued|edition|today|from)\b"
)
_ADDRESS = re.compile(r"(?<!\d)(20[0-3]\d|19[89]\d)[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?!\d)")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A day that something in the input names: ISO (or "--MM-DD"), where from, and the words themselves."""

    day: str
    source: Source
    text: str
    labelled: bool = False


@dataclass(frozen=True, slots=True)
class Settled:
    """The chosen day, what gave it, the rejected ones as sentences, the dateline's day completed if it can be."""

    day: str | None
    source: Source | None
    conflicts: tuple[str, ...] = ()
    dateline_day: str | None = None


def scraper_candidate(line: str) -> Candidate | None:
    """The "date 2024-01-31" line that scrapers put on top of a text."""
    match = _SCRAPER.match(line[:200])
    day = days.iso_day(match["day"]) if match else None
    return Candidate(day, "scraper line", match.group().strip()) if match and day else None


def page_candidate(line: str) -> tuple[Candidate, str | None] | None:
    """The page's own date line and the section glued to it: "WorldMarch 3, 2021", "Published: 3 March 2021 10:15 GMT".

    None when more than three other words stand in the line, or when the date has no year.
    """
    if len(line) > 160 or not any(c.isdigit() for c in line):
        return None
    if stamped := transmission_day(line):
        return Candidate(stamped, "transmission line", line.strip()), None
    text = re.sub(rf"(?<=[a-z])(?=(?:{days.ENGLISH_MONTH})\s*\d)", " \u241f", line.strip())
    text = re.sub(r"(?<=\d{4})(?=[A-Z][a-z])", " ", text)
    whole = [day for day in days.days_in(text) if day.year is not None]
    slashed = days.slashed_day(text) if not whole else None
    if not whole and not slashed:
        return None
    day = whole[0] if whole else slashed
    assert day is not None
    before, after = text[: day.start], text[day.end :]
    for other in whole[1:]:
        after = after.replace(text[other.start : other.end], " ")
    rest = _DATE_WORDS.sub(" ", before.replace("\u241f", " ") + " " + after).split()
    if len(rest) > 3:
        return None
    updated = bool(_UPDATED.search(before)) and not _LABELLED.search(before)
    source: Source = "update line" if updated else "page line"
    return Candidate(day.iso, source, line.strip(), bool(_LABELLED.search(before))), _section(before, line)


def is_clock_line(line: str) -> bool:
    """Whether a short line is a day or an hour and nothing else, with or without a year: "16 May, 11:20"."""
    if len(line) > 60 or not any(c.isdigit() for c in line):
        return False
    return not _DATE_WORDS.sub("", days.DAY.sub(" ", line)).strip()


def _section(before: str, line: str) -> str | None:
    """What stands before the date, when it can be a section's name: "Wire", "Middle East |"."""
    glued = "\u241f" in before
    name = before.replace("\u241f", "").strip(" |•·-–—:/,")
    if (
        not name
        or len(name) > 30
        or len(name.split()) > 3
        or _NOT_SECTION.match(name)
        or days.weekday_number(name) is not None
    ):
        return None
    clean = re.fullmatch(r"[A-Z][\w&' ]*", name) is not None
    return name if clean and (glued or re.search(r"[|•·/–—-]\s*$", before.rstrip() + " ".rstrip())) and line else None


def address_candidate(url: str | None) -> Candidate | None:
    """The day in a story's address ("/2024/11/28/"), or None."""
    match = _ADDRESS.search(url or "")
    day = days.iso_day("-".join(match.groups())) if match else None
    return Candidate(day, "address", match.group()) if match and day else None


def _choose_page(found: Sequence[Candidate], hints: Sequence[str]) -> Candidate | None:
    """Among date lines of the page: a labelled one, else one that fits the dateline or captions, else the last."""
    if not found:
        return None
    labelled = [c for c in found if c.labelled]
    if labelled:
        return labelled[0]
    fitting = [c for c in found if any(_supports(hint, c.day) for hint in hints)]
    return fitting[0] if fitting else found[-1]


def _supports(hint: str, day: str, *, reach: int = 3) -> bool:
    """Whether the day `hint` (whole or without a year) lies at most `reach` days before `day`, or one after."""
    whole = days.complete(hint, day, before=reach, after=1) if hint.startswith("--") else hint
    if whole is None:
        return False
    return timedelta(days=-1) <= days.as_date(day) - days.as_date(whole) <= timedelta(days=reach)


def _by(source: Source, found: Sequence[Candidate]) -> list[Candidate]:
    return [c for c in found if c.source == source]


def settle(found: Sequence[Candidate]) -> Settled:
    """Choose the day of publication among all candidates; never raises.

    The scraper's line is weak (2 wrong of 10 checked): it counts when nothing contradicts it, and beats a
    caption's day only when that lies up to three days before it.
    """
    partial = next((c for c in _by("dateline", found) if c.day.startswith("--")), None)
    captions = sorted(_by("caption", found), key=lambda c: c.day)
    hints = [c.day for c in (*_by("dateline", found), *captions[-1:])]
    ranked: list[Candidate] = [*_by("format", found), *_by("given", found)]
    page = _choose_page(_by("page line", found), hints)
    ranked += [page] if page else []
    ranked += [*_by("transmission line", found), *_by("address", found)]
    updates = _by("update line", found)
    scraper = next(iter(_by("scraper line", found)), None)
    completed = _completed(partial, [*ranked, *updates, *captions[-1:], *([scraper] if scraper else [])])
    ranked += [c for c in _by("dateline", found) if not c.day.startswith("--")]
    ranked += [Candidate(completed, "dateline", partial.text)] if partial and completed else []
    ranked += updates
    if scraper and captions and _supports(captions[-1].day, scraper.day):
        ranked.append(scraper)
    ranked += captions[-1:]
    if scraper and scraper not in ranked and (ranked or partial is None or completed):
        ranked.append(scraper)
    chosen = ranked[0] if ranked else None
    return Settled(
        chosen.day if chosen else None,
        chosen.source if chosen else None,
        _conflicts(chosen, found, partial, completed),
        completed,
    )


def _completed(partial: Candidate | None, evidence: Sequence[Candidate]) -> str | None:
    """The dateline's day with the year of the first candidate within a month of it."""
    if partial is None:
        return None
    return next((day for c in evidence if (day := days.complete(partial.day, c.day)) is not None), None)


def _conflicts(
    chosen: Candidate | None, found: Sequence[Candidate], partial: Candidate | None, completed: str | None
) -> tuple[str, ...]:
    sentences = []
    for candidate in found:
        day = completed if candidate is partial and completed else candidate.day
        if chosen and (candidate is chosen or day == chosen.day or _harmless(candidate, day, chosen)):
            continue
        if chosen is None:
            sentences.append(
                f"The {candidate.source} names {day} ({_quoted(candidate.text)}), and nothing confirms it."
            )
        else:
            sentences.append(
                f"The {candidate.source} names {day} ({_quoted(candidate.text)}); rejected for {chosen.day} from the {chosen.source}."
            )
    return tuple(dict.fromkeys(sentences))


def _harmless(candidate: Candidate, day: str, chosen: Candidate) -> bool:
    """A photo or a dateline from the days before publication contradicts nothing."""
    if candidate.source == "caption":
        return day <= chosen.day
    return candidate.source == "dateline" and _supports(day, chosen.day)


def _quoted(text: str) -> str:
    return '"' + re.sub(r"\s+", " ", text)[:60] + '"'
