"""The day that a format's own date field names.

It reads the forms that exports, feeds and page metadata use. It refuses to guess: a form that
could be two days (03/04/2024) gives None, and so does everything longer than 100 characters.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?![\d])")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{6}|T\d{4,6}Z?)?")
_MONTHS = {
    name: number
    for number, names in enumerate(
        "jan january;feb february;mar march;apr april;may;jun june;jul july;aug august;sep sept september;"
        "oct october;nov november;dec december".split(";"),
        1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_MDY = re.compile(rf"\b({_MONTH})\.?\s{{1,3}}(\d{{1,2}})(?:st|nd|rd|th)?,?\s{{1,3}}(\d{{4}})\b", re.IGNORECASE)
_DMY = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th|\.)?[\s-]{{1,3}}({_MONTH})\.?,?[\s-]{{1,3}}(\d{{4}})\b", re.IGNORECASE)
FIRST_YEAR = 1800


@lru_cache(maxsize=4096)
def day(text: str) -> str | None:
    """ISO day of a date or a moment, in the zone it is written in; None when it can't be told.

    >>> day("Thu, 28 Nov 2024 23:30:00 +0900"), day("20241128"), day("November 28, 2024"), day("03/04/2024")
    ('2024-11-28', '2024-11-28', '2024-11-28', None)
    """
    text = text.strip()[:100]
    if match := _ISO.match(text) or _COMPACT.fullmatch(text):
        return _valid(int(match[1]), int(match[2]), int(match[3]))
    if match := _MDY.search(text):
        return _valid(int(match[3]), _MONTHS[match[1].lower()], int(match[2]))
    if match := _DMY.search(text):
        return _valid(int(match[3]), _MONTHS[match[2].lower()], int(match[1]))
    return _epoch(text)


def _epoch(text: str) -> str | None:
    """Seconds or milliseconds since 1970: nine to thirteen digits, which no written day has."""
    if not (text.isascii() and text.isdigit() and len(text) in (9, 10, 12, 13)):
        return None
    return datetime.fromtimestamp(int(text) / (1000 if len(text) > 11 else 1), UTC).date().isoformat()


def _valid(year: int, month: int, number: int) -> str | None:
    try:
        return date(year, month, number).isoformat() if FIRST_YEAR <= year <= 2200 else None
    except ValueError:
        return None


def moment(text: str) -> datetime | None:
    """The instant a date field names, when it carries a zone; None otherwise."""
    text = text.strip()[:100]
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        try:
            found = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError):
            return None
    return found if found.tzinfo else None
