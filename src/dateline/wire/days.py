"""Days written in wire lines: "Nov. 27, 2024", "28 November 2024", "Aug 4", ISO days, feed dates.

It reads whole dates and dates without a year and refuses to fill in what is not written: a date
without a year comes back as "--MM-DD", and only `published.settle` may complete it, with evidence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

_MONTH_FORMS = (
    "january jan januari janvier enero janeiro gennaio januar ene janv gen",
    "february feb februari février fevrier febrero fevereiro febbraio februar febr fév fev",
    "march mar maret mars marzo março marco märz maart",
    "april apr avril abril aprile abr avr",
    "may mei mai mayo maio maggio mag",
    "june jun juni juin junio junho giugno giu",
    "july jul juli juillet julio julho luglio juil lug",
    "august aug agustus août aout agosto ago",
    "september sep sept septembre septiembre setembro settembre set",
    "october oct oktober octobre octubre outubro ottobre okt out ott",
    "november nov nopember novembre noviembre novembro",
    "december dec desember décembre decembre diciembre dezembro dicembre dezember dez dic déc des",
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEKDAY = r"(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs?)?|Fri|Sat(?:ur)?|Sun)(?:day)?"


@lru_cache(maxsize=1)
def _months() -> dict[str, int]:
    return {form: number for number, forms in enumerate(_MONTH_FORMS, 1) for form in forms.split()}


MONTH = (
    "(?:" + "|".join(sorted({f for forms in _MONTH_FORMS for f in forms.split()}, key=len, reverse=True)) + r")\b\.?"
)
ENGLISH_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_ORDINAL = r"(?:st|nd|rd|th|º)?"
_MDY = rf"(?<![^\W\d_])(?P<m1>{MONTH})\s*(?P<d1>\d{{1,2}}){_ORDINAL}\b(?:\s*,?\s+(?P<y1>(?:19|20)\d\d)\b|\s*,\s*(?P<y1b>(?:19|20)\d\d)\b)?"
_DMY = rf"\b(?P<d2>\d{{1,2}}){_ORDINAL}[\s-]+(?:de\s+|of\s+)?(?P<m2>{MONTH})(?:\s*[,-]?\s*(?:de\s+)?(?P<y2>(?:19|20)\d\d)\b)?"
_YMD = r"\b(?P<y3>(?:19|20)\d\d)[-/.](?P<m3>\d{1,2})[-/.](?P<d3>\d{1,2})(?!\d)"
DAY = re.compile(rf"(?:{_YMD})|(?:{_MDY})|(?:{_DMY})", re.IGNORECASE)
_SLASHED = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.]((?:19|20)\d\d)\b")


@dataclass(frozen=True, slots=True)
class Day:
    """A day as written: `year` is None when the text gives none. `start`, `end`: where it stands."""

    year: int | None
    month: int
    day: int
    start: int = 0
    end: int = 0

    @property
    def iso(self) -> str:
        """ "2024-11-27", or "--11-27" without a year (the form of XML Schema's gMonthDay)."""
        year = "-" if self.year is None else f"{self.year:04d}"
        return f"{year}-{self.month:02d}-{self.day:02d}"


def _day(match: re.Match[str]) -> Day | None:
    got = match.groupdict()
    month_text = got["m1"] or got["m2"]
    month = _months()[month_text.casefold().rstrip(".")] if month_text else int(got["m3"])
    number = int(got["d1"] or got["d2"] or got["d3"])
    year_text = got["y1"] or got["y1b"] or got["y2"] or got["y3"]
    year = int(year_text) if year_text else None
    try:
        date(year or 2000, month, number)  # 2000 was a leap year: 29 February may stand without a year
    except ValueError:
        return None
    return Day(year, month, number, match.start(), match.end())


def days_in(text: str) -> list[Day]:
    """Every day written in `text`, in order; impossible ones ("Feb. 31") are left out."""
    return [day for match in DAY.finditer(text[:2000]) if (day := _day(match)) is not None]


def slashed_day(text: str) -> Day | None:
    """A numeric day whose order is beyond doubt ("11/28/2024"); "03/04/2024" is None."""
    match = _SLASHED.search(text[:200])
    if not match:
        return None
    first, second, year = (int(group) for group in match.groups())
    if first > 12 >= second:
        first, second = second, first
    elif second <= 12 and first != second:
        return None
    try:
        date(year, first, second)
    except ValueError:
        return None
    return Day(year, first, second, match.start(), match.end())


def iso_day(text: str | None) -> str | None:
    """The ISO day of a declared date of any usual form (ISO, feed, American), or None.

    The day is the one written: no time zone is applied, as a wire story's day is its own day.
    """
    if not text:
        return None
    compact = re.match(r"\s*((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)", text) or re.match(
        r"\s*((?:19|20)\d\d)(\d\d)(\d\d)(?=T)", text
    )
    if compact:
        text = "-".join(compact.groups())
    whole = [day for day in days_in(text) if day.year is not None]
    found = whole[0] if whole else slashed_day(text)
    return found.iso if found else None


def as_date(iso: str) -> date:
    """`date` of a whole ISO day; ValueError for a day without a year."""
    return date.fromisoformat(iso)


def complete(partial: str, evidence: str, *, before: int = 31, after: int = 31) -> str | None:
    """`partial` ("--11-27") in the year that brings it within reach of the ISO day `evidence`.

    The day must lie from `before` days before to `after` days after the evidence; else None.
    """
    anchor = as_date(evidence)
    for year in (anchor.year, anchor.year - 1, anchor.year + 1):
        try:
            day = date(year, int(partial[2:4]), int(partial[5:7]))
        except ValueError:
            continue
        if anchor - timedelta(days=before) <= day <= anchor + timedelta(days=after):
            return day.isoformat()
    return None


def weekday_number(text: str) -> int | None:
    """0 for "Monday", "Mon." ... 6 for "Sunday"; None for other words."""
    key = text.casefold().strip(". ")
    return next((i for i, name in enumerate(_WEEKDAYS) if len(key) >= 3 and name.startswith(key)), None)
