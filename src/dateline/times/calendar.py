"""From the words of time to days: a TIMEX3 value and, where it names days, the first and last of them.

Two ways of telling are known. A news story counts from its publication day ("Friday" is the latest
Friday, "in March" the nearest March). A narrative about the past counts from the date it mentioned
last; a story whose years lie mostly away from its publication year, and which hardly uses "today"
and weekdays, is read that way. A phrase that can't be placed keeps X for what is unknown, as
TIMEX3 does, and has no days.
"""

from __future__ import annotations

import calendar as almanac
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dateline.records import Doc, TimeExpression
from dateline.times import phrases
from dateline.times.phrases import Phrase
from dateline.times.words import FIXED_DAYS, MONTHS, PARTS, SEASONS, UNITS, WEEKDAYS, number, ordinal

_SEASON_MONTHS = {"SP": (3, 5), "SU": (6, 8), "FA": (9, 11), "WI": (12, 2)}
_DEICTIC = frozenset({"weekday", "day", "daypart"})
_RECENT_DAYS = {"D": 7, "W": 31, "M": 183, "Y": 1095, "H": 1, "Q": 365}


@dataclass(frozen=True, slots=True)
class _Sense:
    """What a phrase means: its value, its days, and whether later phrases may count from it."""

    value: str
    first: str | None = None
    last: str | None = None
    anchor: bool = False


@dataclass(frozen=True, slots=True)
class _Now:
    """What a phrase may count from: the publication day, the date named last, and the way of telling."""

    text: str
    published: date | None
    last: str
    recent: str
    narrative: bool
    era: bool

    @property
    def base(self) -> date | None:
        """The day "two days later" or "that week" counts from."""
        return _first_day(self.last) or (None if self.narrative else self.published)


def find(doc: Doc, published: str | None) -> list[TimeExpression]:
    """The time expressions of a parsed part, in text order. `published`: ISO day or None."""
    return [replace(time, part=doc.part) for time in find_in_text(doc.text, published)]


def find_in_text(text: str, published: str | None) -> list[TimeExpression]:
    """The time expressions of any text. Offsets count its characters; `part` is "body"."""
    found = phrases.scan(text)
    day = _day(published)
    now = _Now(text, day, "", "", day is None or _is_narrative(found, day.year), _is_ancient(found))
    times: list[TimeExpression] = []
    for phrase in found:
        sense = _sense(phrase, now)
        if sense is None:
            continue
        first, last = _days_with_context(phrase, sense, now)
        times.append(
            TimeExpression("body", phrase.start, phrase.end, text[phrase.start : phrase.end], sense.value, first, last)
        )
        times.extend(_second_day(phrase, sense, times, text))
        if sense.anchor:
            told = times[-1].value
            bare = len(told) == 4 and now.last.startswith(told)  # a year named again does not undo the month
            now = replace(now, last=now.last if bare else told, recent=told)
    return times


def _day(published: str | None) -> date | None:
    try:
        return date.fromisoformat((published or "")[:10])
    except ValueError:
        return None


def _is_narrative(found: list[Phrase], year: int) -> bool:
    """More dates with a year far from publication than words that count from it."""
    far = near = deictic = 0
    for phrase in found:
        named = phrase.parts.get("year", "")
        if named.isdigit() and len(named) == 4:
            far, near = far + (abs(int(named) - year) > 1), near + (abs(int(named) - year) <= 1)
        deictic += phrase.kind in _DEICTIC
    return far >= 6 and far > near + 3 * deictic


def _is_ancient(found: list[Phrase]) -> bool:
    return sum("era" in phrase.parts for phrase in found) >= 3


# --------------------------------------------------------------------------- days of a value


def _safe(year: int, month: int = 1, day: int = 1) -> date | None:
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


def _shift(day: date, days: float) -> date | None:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def _month_shift(day: date, months: int) -> date | None:
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9999:
        return None
    return _safe(year, month + 1, min(day.day, almanac.monthrange(year, month + 1)[1]))


def span_of(value: str) -> tuple[date, date] | None:
    """First and last day of a TIMEX3 date value ("1998-W08", "1998-Q3", "199", "1998-SU"); None for the rest."""
    value = value.split("T")[0]
    full = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", value)
    if full:
        day = _safe(*map(int, full.groups()))
        return (day, day) if day else None
    month = re.fullmatch(r"(\d{4})-(\d\d)(?:-XX)?", value)
    if month:
        return _months(int(month[1]), int(month[2]), int(month[2]))
    week = re.fullmatch(r"(\d{4})-W(\d\d)(-WE)?", value)
    if week:
        return _week_days(int(week[1]), int(week[2]), bool(week[3]))
    quarter = re.fullmatch(r"(\d{4})-([QH])([1-4])", value)
    if quarter:
        size = 3 if quarter[2] == "Q" else 6
        return _months(int(quarter[1]), (int(quarter[3]) - 1) * size + 1, int(quarter[3]) * size)
    season = re.fullmatch(r"(\d{4})-(SP|SU|FA|WI)", value)
    if season:
        return _months(int(season[1]), *_SEASON_MONTHS[season[2]])
    return _years(value)


def _years(value: str) -> tuple[date, date] | None:
    if not re.fullmatch(r"\d{2,4}", value):
        return None
    low, high = int(value.ljust(4, "0")), int(value.ljust(4, "9"))
    first, last = _safe(low), _safe(high, 12, 31)
    return (first, last) if first and last else None


def _months(year: int, first: int, last: int) -> tuple[date, date] | None:
    if not (1 <= first <= 12 and 1 <= last <= 12):
        return None
    end_year = year + (last < first)
    start, end = _safe(year, first), _safe(end_year, last) if 1 <= end_year <= 9999 else None
    return (start, end.replace(day=almanac.monthrange(end.year, end.month)[1])) if start and end else None


def _week_days(year: int, week: int, weekend: bool) -> tuple[date, date] | None:
    try:
        monday = date.fromisocalendar(year, week, 1)
    except ValueError:
        return None
    first, last = _shift(monday, 5 if weekend else 0), _shift(monday, 6)
    return (first, last) if first and last else None


def _first_day(value: str) -> date | None:
    span = span_of(value)
    return span[0] if span else None


def _part_of(span: tuple[date, date], mod: str) -> tuple[date, date]:
    """The stretch of a span that "early", "mid" or "late" names; thirds of a month are days 1-10, 11-20, 21-end.

    "Late" starts a day before its third (day 20) and "mid" covers 10 to 20: writers are not exact.
    """
    first, last = span
    length = (last - first).days
    if length < 3:
        return span
    if "half" in mod or "latter part" in mod:
        middle = first + timedelta(days=length // 2)
        return (first, middle) if "first" in mod else (middle, last)
    month = 26 < length < 31
    low, high = (9, 19) if month else (length // 3, 2 * length // 3)
    if mod.startswith(
        ("early", "the beginning", "beginning", "the start", "start", "early part", "the early", "turn", "the turn")
    ):
        return first, first + timedelta(days=high - 10 if month else low)
    if mod.startswith(("mid", "the middle", "middle")):
        return first + timedelta(days=low), first + timedelta(days=high)
    if mod.startswith(
        ("late", "end", "the end", "the very end", "close", "the close", "last", "the last")
    ) and not mod.startswith("later"):
        return first + timedelta(days=high), last
    return span


def _days_with_context(phrase: Phrase, sense: _Sense, now: _Now) -> tuple[str | None, str | None]:
    """ISO first and last day: the value's own, narrowed by "early", stretched by "since", cut at publication by "earlier"."""
    if sense.first or sense.last:
        return sense.first, sense.last
    span = span_of(sense.value)
    if span is None:
        return None, None
    first, last = _part_of(span, phrase.parts.get("mod", "") or phrase.parts.get("mod2", ""))
    before = now.text[max(0, phrase.start - 8) : phrase.start].lower()
    if now.published is not None and now.published >= first:
        since = re.search(r"\b(?:since|ever since)\s$", before) is not None
        if since or phrase.parts.get("mod", "").startswith("earlier"):
            last = now.published
    return first.isoformat(), last.isoformat()


def _second_day(phrase: Phrase, sense: _Sense, times: list[TimeExpression], text: str) -> list[TimeExpression]:
    """ "Aug. 7-9" is two expressions, as annotators have it; the first keeps the days of the whole stretch."""
    if "short" in phrase.parts:
        return _second_year(phrase, times, text)
    second = ordinal(phrase.parts.get("day2", ""))
    if second is None or not re.fullmatch(r"\d{4}-\d\d-\d\d", sense.value):
        return []
    rest = text[phrase.start : phrase.end]
    hit = re.search(r"(?:-|–|—|to|and)\s?(?=\d{1,2}(?:st|nd|rd|th)?(?:,|\s|$))", rest)
    if hit is None:
        return []
    value = f"{sense.value[:8]}{second:02d}"
    if span_of(value) is None:
        return []
    cut = re.match(r".*?\d{1,2}(?:st|nd|rd|th)?(?=\s?(?:-|–|—|to|and))", rest, re.DOTALL)
    first_end = phrase.start + (cut.end() if cut else len(rest))
    head = times.pop()
    times.append(replace(head, end=first_end, text=text[head.start : first_end], last=max(value, head.first or value)))
    start = phrase.start + hit.end()
    return [TimeExpression("body", start, phrase.end, text[start : phrase.end], value, value, value)]


def _second_year(phrase: Phrase, times: list[TimeExpression], text: str) -> list[TimeExpression]:
    """ "1915-17" is two years; the first keeps the days of the whole stretch."""
    head = times.pop()
    value = head.value[:2] + phrase.parts["short"]
    times.append(
        replace(
            head,
            end=phrase.end - 3,
            text=text[head.start : phrase.end - 3],
            last=f"{value}-12-31" if value > head.value else head.last,
        )
    )
    if value <= head.value:
        return []
    return [
        TimeExpression(
            "body", phrase.end - 2, phrase.end, phrase.parts["short"], value, f"{value}-01-01", f"{value}-12-31"
        )
    ]


# --------------------------------------------------------------------------- tense

_AHEAD = frozenset(
    "will would 'll shall may might should must scheduled expected due plans planning upcoming until till going hopes intends next slated "
    "opens starts begins ends expires deadline effective starting beginning ahead".split()
)
_MAYBE_AHEAD = frozenset("to by could can set plan planned is are begin expire leave".split())
_BEHIND = frozenset(
    "was were had did said has have been made took went came held met told began fell rose won lost left since after "
    "gave got sent saw broke struck shot fought found became kept led put ran spoke brought wrote knew hit quit says".split()
)
_SENTENCE_END = re.compile(r"[.!?](?:['\"”]{0,2})\s+(?=[A-Z\"'“])|\n\n")


def _looks_ahead(text: str, start: int, end: int) -> bool | None:
    """Whether the words around say the phrase lies ahead (True) or behind (False); None when they don't."""
    before = text[max(0, start - 160) : start]
    cuts = [stop.end() for stop in _SENTENCE_END.finditer(before)]
    words = re.findall(r"[a-z']+", before[cuts[-1] if cuts else 0 :].lower())[-14:]
    maybe = False
    for word in reversed(words):
        if word in _AHEAD:
            return True
        if word in _BEHIND or (word.endswith("ed") and len(word) > 4):
            return False
        maybe = maybe or word in _MAYBE_AHEAD
    if maybe:
        return True
    after = text[end : end + 100]
    stop_after = _SENTENCE_END.search(after)
    for word in re.findall(r"[a-z']+", after[: stop_after.start() if stop_after else 100].lower())[:12]:
        if word in ("will", "'ll", "shall"):
            return True
        if word in _BEHIND or (word.endswith("ed") and len(word) > 4):
            return False
    return None


# --------------------------------------------------------------------------- senses


def _sense(phrase: Phrase, now: _Now) -> _Sense | None:
    handler = _HANDLERS.get(phrase.kind)
    return handler(phrase, now) if handler else None


def _month_number(word: str) -> int | None:
    stem = word.rstrip(".")[:3]
    return next((i + 1 for i, name in enumerate(MONTHS) if name.startswith(stem)), None)


def _full_year(word: str, now: _Now) -> int:
    """The year of "1998", "'98" or "98": two digits mean the century nearest to what is being told."""
    digits = word.lstrip("'")
    if len(digits) == 4:
        return int(digits)
    base = now.base or now.published
    around = base.year if base else 2000
    year = around - around % 100 + int(digits)
    return min((year - 100, year, year + 100), key=lambda y: abs(y - around))


def _year_phrase(words: str, now: _Now) -> int | None:
    if "last" in words or "this" in words or "next" in words:
        base = now.published or now.base
        step = -1 if "last" in words else 1 if "next" in words else 0
    else:
        base, step = now.base, 1 if "following" in words else -1 if "previous" in words else 0
    return base.year + step if base else None


def _implied_year(month: int, day: int | None, phrase: Phrase, now: _Now) -> int | None:
    """The year of a date written without one."""
    if now.narrative or now.published is None:
        told = _first_day(now.last)
        return _next_in_narrative(told, month) if told else None
    ahead = _looks_ahead(now.text, phrase.start, phrase.end)
    published = now.published
    if now.text[max(0, phrase.start - 5) : phrase.start].lower().startswith("last"):
        ahead = False
    best: tuple[float, int] | None = None
    for year in (published.year - 1, published.year, published.year + 1):
        point = _safe(year, month, min(day or 15, almanac.monthrange(year, month)[1])) if 1 <= year <= 9999 else None
        if point is None:
            continue
        distance = (point - published).days if day else (year - published.year) * 365 + (month - published.month) * 30.4
        cost = abs(distance) if distance <= 0 else distance * (1.0 if ahead else 3.0 if ahead is None else 6.0)
        if distance < 0 and ahead:
            cost *= 2.0
        if best is None or cost < best[0]:
            best = (cost, year)
    return best[1] if best else None


def _next_in_narrative(told: date, month: int) -> int:
    """A narrative goes forward: a month much before the one told last belongs to the next year."""
    return told.year + 1 if told.month - month >= 9 else told.year


def _date(phrase: Phrase, now: _Now) -> _Sense | None:
    parts = phrase.parts
    month = int(parts["mon"]) if "mon" in parts else _month_number(parts["month"])
    day = ordinal(parts["day"])
    if month is None or day is None:
        return None
    year = _named_year(parts, now) or _implied_year(month, day, phrase, now)
    if year is None:
        return _Sense(f"XXXX-{month:02d}-{day:02d}")
    if _safe(year, month, day) is None:
        return None
    return _Sense(f"{year:04d}-{month:02d}-{day:02d}", anchor=True)


def _named_year(parts: dict[str, str], now: _Now) -> int | None:
    if "year" in parts:
        return _full_year(parts["year"], now)
    if "yearwords" in parts:
        return _spoken_year(parts["yearwords"])
    return _year_phrase(parts["yearphrase"], now) if "yearphrase" in parts else None


def _slash(phrase: Phrase, now: _Now) -> _Sense | None:
    month, day, year = int(phrase.parts["mon"]), int(phrase.parts["day"]), _full_year(phrase.parts["year"], now)
    return _Sense(f"{year:04d}-{month:02d}-{day:02d}", anchor=True) if _safe(year, month, day) else None


def _month(phrase: Phrase, now: _Now) -> _Sense | None:
    parts = phrase.parts
    month = _month_number(parts["month"])
    if month is None:
        return None
    if "bc" in parts:
        return _Sense(f"BC{int(parts['bc']):04d}-{month:02d}")
    rel = parts.get("relm", "")
    if rel in ("each", "every"):
        return _Sense(f"XXXX-{month:02d}")
    year = _named_year(parts, now)
    if year is None and rel in ("last", "next") and now.published:
        published = now.published
        if rel == "last":
            year = published.year - (month >= published.month - 1)
        else:
            year = published.year + (month <= published.month)
    elif year is None and rel.startswith("the") and now.base:
        year = (
            now.base.year - (month >= now.base.month)
            if "previous" in rel
            else now.base.year + (month <= now.base.month)
        )
    elif year is None and rel == "this" and now.published:
        year = now.published.year
    year = year or _implied_year(month, None, phrase, now)
    return _Sense(f"{year:04d}-{month:02d}", anchor=True) if year else _Sense(f"XXXX-{month:02d}")


def _weekday_index(word: str) -> int:
    return next(i for i, name in enumerate(WEEKDAYS) if name.startswith(word.rstrip(".")[:3]))


def _weekday_date(index: int, rel: str, phrase: Phrase, now: _Now) -> date | None:
    """The day a weekday names: the latest one not after publication unless the words look ahead."""
    base = now.base if now.narrative else now.published
    if base is None:
        return None
    back = (base.weekday() - index) % 7
    if rel == "last" or rel == "previous":
        return _shift(base, -(back or 7))
    if rel in ("next", "following") or "coming" in rel:
        return _shift(base, (7 - back) or 7)
    if rel == "this":
        return _shift(base, 7 - back if back else 0)
    if now.narrative:
        return _shift(base, (7 - back) % 7)
    ahead = _looks_ahead(now.text, phrase.start, phrase.end)
    before = now.text[max(0, phrase.start - 9) : phrase.start].lower()
    possessive = re.match(
        r"['’]s\s(?!election|vote|summit|meeting|run-?off|referendum|deadline|primary|talks|hearing)",
        now.text[phrase.end : phrase.end + 14],
    )
    if back and not possessive and (ahead and not re.search(r"\b(?:since|late|last)\s$", before)):
        return _shift(base, 7 - back)
    return _shift(base, -back)


def _weekday(phrase: Phrase, now: _Now) -> _Sense | None:
    parts = phrase.parts
    index, rel = _weekday_index(parts["weekday"]), parts.get("rel", "")
    part = _part_code(parts.get("part", ""))
    if rel in ("each", "every") or "plural" in parts or parts.get("part", "").endswith("s"):
        return _Sense(f"XXXX-WXX-{index + 1}" + part)
    day = _weekday_date(index, rel, phrase, now)
    if day is None:
        return _Sense(f"XXXX-WXX-{index + 1}" + part)
    trailing = re.match(r"\s(last|next|this)\sweek\b", now.text[phrase.end : phrase.end + 12], re.IGNORECASE)
    if trailing and now.published:
        monday = _shift(
            now.published, -now.published.weekday() + {"last": -7, "this": 0, "next": 7}[trailing[1].lower()]
        )
        day = (_shift(monday, index) if monday else None) or day
    return _Sense(day.isoformat() + part, anchor=True)


def _part_code(word: str) -> str:
    code = PARTS.get(word.rstrip("s"))
    return f"T{code}" if code else ""


def _clock(phrase: Phrase, now: _Now) -> _Sense | None:
    parts = phrase.parts
    clock = _clock_value(parts)
    if clock is None:
        return None
    day = _clock_day(phrase, now)
    return _Sense(
        f"{day.isoformat() if day else 'XXXX-XX-XX'}T{clock}",
        anchor=bool(day and ("weekday" in parts or "month" in parts)),
    )


def _clock_value(parts: dict[str, str]) -> str | None:
    if "named" in parts:
        return {"midnight": "24:00", "noon": "12:00", "midday": "12:00"}[parts["named"]]
    if "hour24" in parts:
        return f"{int(parts['hour24']):02d}:{parts['minute24']}"
    if "military" in parts:
        return f"{parts['military'][:2]}:{parts['military'][2:]}"
    hour = int(parts["hour"]) % 12 + (12 if parts.get("half", "a").startswith(("p", "aft", "eve")) else 0)
    return f"{hour:02d}:{parts.get('minute', '00')}"


def _clock_day(phrase: Phrase, now: _Now) -> date | None:
    parts = phrase.parts
    if "month" in parts:
        sense = _date(phrase, now)
        return _first_day(sense.value) if sense else None
    if "weekday" in parts:
        return _weekday_date(_weekday_index(parts["weekday"]), parts.get("rel", ""), phrase, now)
    base = now.base if now.narrative else now.published
    step = {"yesterday": -1, "tomorrow": 1}.get(parts.get("deictic", ""), 0)
    if "deictic" not in parts and re.fullmatch(r"\d{4}-\d\d-\d\d.*", now.last):
        return _first_day(now.last)
    return _shift(base, step) if base else None


def _deictic(phrase: Phrase, now: _Now) -> _Sense | None:
    word = phrase.parts["deictic"]
    part = _part_code(phrase.parts.get("part", ""))
    mod = phrase.parts.get("mod", "")
    part = (
        part
        or {"tonight": "TNI", "overnight": "TNI"}.get(word, "")
        or (_part_code(mod[3:].lstrip("-")) if mod.startswith("mid") else "")
    )
    if now.narrative and word == "today":
        return _Sense("PRESENT_REF")
    if now.published is None or now.narrative:
        return _Sense("XXXX-XX-XX" + part)
    day = _shift(now.published, {"yesterday": -1, "tomorrow": 1}.get(word, 0))
    return _Sense(day.isoformat() + part, anchor=True) if day else None


def _daypart(phrase: Phrase, now: _Now) -> _Sense | None:
    parts = phrase.parts
    part, rel = _part_code(parts["part"]), parts.get("rel", "")
    if "month" in parts or "dmonth" in parts:
        inner = replace(
            phrase,
            parts=parts
            if "month" in parts
            else {name[1:]: word for name, word in parts.items() if name.startswith("d") and name != "day"},
        )
        sense = _date(inner, now)
        return replace(sense, value=sense.value + part) if sense else None
    base = now.published if rel in ("this", "last", "tomorrow", "yesterday") and not now.narrative else now.base
    if base is None:
        return _Sense("XXXX-XX-XX" + part)
    night_before = (
        -1 if rel == "last" or rel == "yesterday" else 1 if rel in ("tomorrow", "the next", "the following") else 0
    )
    day = _shift(base, night_before)
    return _Sense(day.isoformat() + part, anchor=True) if day else None


_STEP = {
    "last": -1,
    "past": -1,
    "previous": -1,
    "preceding": -1,
    "prior": -1,
    "next": 1,
    "coming": 1,
    "following": 1,
    "upcoming": 1,
    "new": 1,
    "ensuing": 1,
    "subsequent": 1,
}


def _relative(phrase: Phrase, now: _Now) -> _Sense | None:
    """ "last week", "that year", "the end of the month": one unit, some steps from publication or from the last date."""
    parts = phrase.parts
    rel = parts.get("rel", "")
    if "rel2" in parts:
        return _bare_unit(phrase, now)
    if (
        rel.endswith(" same")
        or rel in ("the", "same", "that", "following", "previous", "preceding", "prior", "ensuing", "subsequent")
        or (rel == "next" and "article" in parts)
    ):
        base = now.base or (now.published if rel == "the" else None)
    else:
        base = now.published or now.base
        if now.narrative:
            base = now.base
    step = -1 if rel == "this past" else 1 if rel == "this coming" else _STEP.get(rel, 0)
    if (
        "article" in parts
        and rel in ("past", "last")
        and parts.get("unit") in ("week", "month", "year", "decade", "century")
    ):
        return _running(parts["unit"], now)
    if "season" in parts:
        return _season_of(parts["season"], step, base, rel, phrase, now)
    unit = parts["unit"]
    if base is None:
        return _Sense({"day": "XXXX-XX-XX", "week": "XXXX-WXX", "month": "XXXX-XX", "year": "XXXX"}.get(unit, "XXXX"))
    if "nth" in parts and unit == "year":
        return _Sense(f"{base.year + step:04d}-{parts['what'][0].upper()}{ordinal(parts['nth'])}", anchor=True)
    return _unit_from(base, unit, step)


def _running(unit: str, now: _Now) -> _Sense | None:
    """ "the past year" ends with publication: a duration that lies on known days."""
    value = {"week": "P1W", "month": "P1M", "year": "P1Y", "decade": "P10Y", "century": "P100Y"}[unit]
    days = {"week": 7, "month": 31, "year": 366, "decade": 3653, "century": 36525}[unit]
    first = _shift(now.published, -days) if now.published else None
    if first is None or now.published is None:
        return _Sense(value)
    if unit == "year":
        value = f"{now.published.year - 1:04d}"
    elif unit == "decade":
        value = "P10Y"
    return _Sense(value, first.isoformat(), now.published.isoformat())


def _unit_from(base: date, unit: str, step: int) -> _Sense | None:
    """The unit that holds `base`, `step` units away."""
    if unit in ("day", "night"):
        day = _shift(base, step)
        return _Sense(day.isoformat() + ("TNI" if unit == "night" else ""), anchor=True) if day else None
    if unit in ("week", "weekend", "fortnight"):
        return _week_value(_shift(base, 7 * step * (2 if unit == "fortnight" else 1)), unit == "weekend")
    if unit == "month":
        day = _month_shift(base.replace(day=1), step)
        return _Sense(f"{day.year:04d}-{day.month:02d}", anchor=True) if day else None
    if unit == "quarter":
        day = _month_shift(base.replace(day=1), 3 * step)
        return _Sense(f"{day.year:04d}-Q{(day.month - 1) // 3 + 1}", anchor=True) if day else None
    year = base.year + step * {"year": 1, "decade": 10, "century": 100, "semester": 1}[unit]
    if not 1 <= year <= 9999:
        return None
    return _Sense(f"{year:04d}"[: {"decade": 3, "century": 2}.get(unit, 4)], anchor=unit == "year")


def _week_value(day: date | None, weekend: bool = False) -> _Sense | None:
    if day is None:
        return None
    year, week, _ = day.isocalendar()
    return _Sense(f"{year:04d}-W{week:02d}" + ("-WE" if weekend else ""), anchor=True)


def _bare_unit(phrase: Phrase, now: _Now) -> _Sense | None:
    unit = phrase.parts["rel2"]
    following = phrase.parts.get("following", "").strip()
    base = now.base or now.published
    if unit in ("year", "week") and re.match(r"\send(?:ed|ing)\b", now.text[phrase.end : phrase.end + 8]):
        return _Sense(_amount(1, unit))
    if base is None:
        return _Sense({"day": "XXXX-XX-XX", "week": "XXXX-WXX", "month": "XXXX-XX", "year": "XXXX"}.get(unit, "XXXX"))
    if not following and not now.narrative and now.published:
        base = now.published
    return _unit_from(base, unit, {"before": -1, "after": 1, "following": 1}.get(following, 0))


def _yearend(phrase: Phrase, now: _Now) -> _Sense | None:
    base = now.base if now.narrative else now.published
    if base is None:
        return None
    if phrase.parts["unit"] == "year":
        ending = "-12-31" if "-" in now.text[phrase.start : phrase.end] else ""
        return _Sense(f"{base.year:04d}{ending}", f"{base.year:04d}-12-01", f"{base.year:04d}-12-31")
    return _unit_from(base, phrase.parts["unit"], 0)


def _amount(count: float | None, unit: str) -> str:
    """A TIMEX3 duration: P3D, PT2H, P2Y6M, PXW where the count is vague."""
    code = {"WE": "D", "E": "Y", "C": "Y", "Q": "M"}.get(UNITS.get(unit, "D"), UNITS.get(unit, "D"))
    time = "T" if unit in ("second", "minute", "hour") else ""
    if count is None:
        return f"P{time}X{UNITS.get(unit, 'D')}" if unit != "decade" else "PXE"
    count *= {"decade": 10, "century": 100, "centurie": 100, "quarter": 3, "fortnight": 2, "weekend": 2}.get(unit, 1)
    whole = int(count)
    if count == whole:
        return f"P{time}{whole}{code}"
    halves = {"Y": f"P{whole}Y6M", "H": f"PT{whole}H30M", "M": f"PT{whole}M30S" if time else f"P{whole}.5M"}
    return halves.get(code, f"P{time}{count:g}{code}") if whole and count - whole == 0.5 else f"P{time}{count:g}{code}"


_UNIT_DAYS = {
    "second": 0.0,
    "minute": 0.0,
    "hour": 1 / 24,
    "day": 1.0,
    "night": 1.0,
    "week": 7.0,
    "fortnight": 14.0,
    "weekend": 7.0,
    "month": 30.44,
    "quarter": 91.3,
    "year": 365.25,
    "decade": 3652.5,
    "centurie": 36525.0,
    "century": 36525.0,
}


def _duration(phrase: Phrase, now: _Now) -> _Sense | None:
    parts = phrase.parts
    unit, words, which = parts["unit"], parts.get("count", ""), parts.get("which", "")
    if words in ("each", "every"):
        return _every(unit)
    count = number(parts.get("count2") or words) if words else None
    if "count2" in parts and words:
        count = number(words)
    if words in ("a half", "half", "half a", "half-a", "half an"):
        count = 0.5
    if "ago" in parts:
        return _away(phrase, count, unit, parts["ago"], now)
    value = _amount(count, unit)
    before = now.text[max(0, phrase.start - 8) : phrase.start].lower()
    if (
        count is not None
        and now.published
        and re.search(r"\b(?:in|within)\s$", before)
        and _looks_ahead(now.text, phrase.start, phrase.end)
        and unit not in ("second", "minute")
    ):
        return _ahead_by(value, count, unit, within="within" in before, now=now)
    if which in ("recent",):
        return _recent(unit, now, value)
    if which in ("coming", "future") and now.published:
        return _stretch(value, count, unit, now, 1)
    if which in ("last", "past") and now.published and not now.narrative:
        return _stretch(value, count, unit, now, -1)
    if which == "next" and now.published and not now.narrative:
        return _stretch(value, count, unit, now, 1)
    return _Sense(value)


def _every(unit: str) -> _Sense:
    values = {
        "day": "XXXX-XX-XX",
        "month": "P1M",
        "year": "P1Y",
        "week": "P1W",
        "quarter": "P1Q",
        "night": "XXXX-XX-XXTNI",
        "hour": "PT1H",
    }
    return _Sense(values.get(unit, _amount(1, unit)))


def _stretch(value: str, count: float | None, unit: str, now: _Now, way: int) -> _Sense:
    """A duration that ends or starts with publication. A vague count is read as three units."""
    assert now.published is not None
    other = _shift(now.published, way * (count if count is not None else 3) * _UNIT_DAYS[unit])
    if other is None:
        return _Sense(value)
    first, last = sorted((other, now.published))
    return _Sense(value, first.isoformat(), last.isoformat())


def _ahead_by(value: str, count: float, unit: str, *, within: bool, now: _Now) -> _Sense:
    """ "will meet in two weeks": a duration whose end is the day meant."""
    sense = _stretch(value, count, unit, now, 1)
    return sense if within else replace(sense, first=sense.last)


def _recent(unit: str, now: _Now, value: str) -> _Sense:
    first = _shift(now.published, -_RECENT_DAYS.get(UNITS.get(unit, "D"), 31)) if now.published else None
    if first is None or now.published is None:
        return _Sense(value)
    return _Sense(value, first.isoformat(), now.published.isoformat())


def _away(phrase: Phrase, count: float | None, unit: str, way: str, now: _Now) -> _Sense | None:
    """ "two weeks ago", "three days later": a point some units from publication or from the last date."""
    behind = way in ("ago", "earlier", "before", "previously", "prior", "since")
    quarter = re.fullmatch(r"(\d{4})-(Q[1-4])", now.recent)
    if unit == "year" and count == 1 and behind and quarter and not now.narrative:
        return _Sense(f"{int(quarter[1]) - 1:04d}-{quarter[2]}")
    base = now.published if way in ("ago", "from now", "hence", "from today") and not now.narrative else now.base
    if count is None:
        return _vague_away(unit, behind, way, now)
    if base is None:
        return _Sense("XXXX" if unit in ("year", "decade") else "XXXX-XX" if unit == "month" else "XXXX-XX-XX")
    about = phrase.parts.get("about", "")
    if about.startswith(("more", "less", "over", "under")) and unit in ("decade", "century", "centurie"):
        return _Sense(_amount(count, unit))
    return _point(base, count, unit, -1 if behind else 1)


def _point(base: date, count: float, unit: str, way: int) -> _Sense | None:
    if unit in ("second", "minute", "hour"):
        day = _shift(base, way * count / 24 if unit == "hour" else 0)
        return _Sense(day.isoformat()) if day else None
    if unit in ("day", "night"):
        day = _shift(base, way * count)
        return _Sense(day.isoformat(), anchor=True) if day else None
    if unit in ("week", "fortnight", "weekend"):
        day = _shift(base, way * count * (14 if unit == "fortnight" else 7))
        sense = _week_value(day)
        if sense is None or day is None:
            return None
        low, high = _shift(day, -3), _shift(day, 3)
        return replace(sense, first=low.isoformat() if low else None, last=high.isoformat() if high else None)
    if unit in ("month", "quarter"):
        months = round(count * (3 if unit == "quarter" else 1))
        day = _month_shift(base, way * months) if months < 120000 else None
        return _Sense(f"{day.year:04d}-{day.month:02d}", anchor=True) if day else None
    years = round(count * {"decade": 10, "century": 100, "centurie": 100}.get(unit, 1))
    year = base.year + way * years
    return _Sense(f"{year:04d}", anchor=True) if 1 <= year <= 9999 else None


def _vague_away(unit: str, behind: bool, way: str, now: _Now) -> _Sense:
    if not behind:
        return _Sense("FUTURE_REF")
    if way == "ago" and unit in ("day", "week", "hour") and now.published:
        return _recent(unit, now, "PAST_REF")
    return _Sense("PAST_REF")


def _bare(phrase: Phrase, now: _Now) -> _Sense | None:
    unit = phrase.parts["unit"]
    if "ago" in phrase.parts:
        return _vague_away(
            unit, phrase.parts["ago"] in ("ago", "earlier", "before", "previously"), phrase.parts["ago"], now
        )
    return _Sense(_amount(None, unit))


def _long(phrase: Phrase, now: _Now) -> _Sense | None:
    return _Sense(_amount(1, phrase.parts["unit"]))


def _quarter(phrase: Phrase, now: _Now) -> _Sense | None:
    """Quarters and halves; "the quarter" and "the year-ago period" count from the quarter named last."""
    parts = phrase.parts
    known = re.fullmatch(r"(\d{4})-(Q[1-4])", now.last)
    which = parts.get("which", "")
    if "nth" not in parts:
        return _same_quarter(which, known, parts, now)
    nth, letter = ordinal(parts["nth"]), parts["what"][0].upper()
    base = now.base if now.narrative else now.published
    year: int | None = int(parts["year"]) if "year" in parts else int(parts["year2"]) if "year2" in parts else None
    if year is None and "yearphrase" in parts:
        year = _year_phrase(parts["yearphrase"], now)
    if year is None and base is not None and nth is not None:
        ahead = (nth - 1) * 3 + 1 > base.month + 3
        year = base.year - (ahead and not _looks_ahead(now.text, phrase.start, phrase.end))
        year -= "yearago" in parts
    return _Sense(f"{year:04d}-{letter}{nth}" if year else f"XXXX-{letter}{nth}", anchor=bool(year))


def _same_quarter(which: str, known: re.Match[str] | None, parts: dict[str, str], now: _Now) -> _Sense | None:
    back = "ago" in which or "earlier" in which or "yearago" in parts
    if known is None or which == "latest":
        base = now.base if now.narrative else now.published
        if base is None or which == "the":
            return _Sense("XXXX-QX") if parts["what"] == "quarter" and base is None else _quarter_of(base, back)
        if which.isdigit():
            return _Sense(which, anchor=True)
        return _quarter_of(base, back)
    year = int(which) if which.isdigit() else int(known[1]) - back
    return _Sense(f"{year:04d}-{known[2]}", anchor=not back)


def _quarter_of(base: date | None, back: bool) -> _Sense | None:
    """Companies report a quarter in the weeks after it ends."""
    ended = _month_shift(base.replace(day=1), -3) if base else None
    return _Sense(f"{ended.year - back:04d}-Q{(ended.month - 1) // 3 + 1}") if ended else None


def _yearago(phrase: Phrase, now: _Now) -> _Sense | None:
    known = re.fullmatch(r"(\d{4})-(Q[1-4])", now.recent)
    if known:
        return _Sense(f"{int(known[1]) - 1:04d}-{known[2]}")
    return _Sense(f"{now.published.year - 1:04d}") if now.published else _Sense("XXXX")


def _year(phrase: Phrase, now: _Now) -> _Sense | None:
    parts = phrase.parts
    if "bc" in parts:
        return _Sense(f"BC{int(parts['bc']):04d}")
    year = _spoken_year(parts["yearwords"]) if "yearwords" in parts else _full_year(parts["year"], now)
    latest = (now.published.year if now.published else 2040) + 60
    if year is None or not 1000 <= year <= latest:
        return None
    return _Sense(f"{year:04d}", anchor=True)


def _spoken_year(words: str) -> int | None:
    """1994 for "nineteen ninety-four", 2003 for "two thousand and three"."""
    split = re.split(r"[\s\u00a0]+", words, maxsplit=1)
    if words.startswith("two"):
        value = number(words)
        return int(value) if value else None
    high, low = number(split[0]), number(split[1].replace("oh", "").replace("hundred", "").strip())
    return int(high * 100 + low) if high and low is not None else None


def _decade(phrase: Phrase, now: _Now) -> _Sense | None:
    parts = phrase.parts
    if "tens" in parts:
        tens = {
            "twenties": 2,
            "thirties": 3,
            "forties": 4,
            "fifties": 5,
            "sixties": 6,
            "seventies": 7,
            "eighties": 8,
            "nineties": 9,
        }[parts["tens"]]
        digits = f"19{tens}"
    else:
        digits = parts["decade"].lstrip("'")
        digits = digits[:3] if len(digits) == 4 else f"19{digits[0]}"
    return _Sense(digits)


def _century(phrase: Phrase, now: _Now) -> _Sense | None:
    nth = ordinal(phrase.parts["nth"])
    if not nth:
        return None
    return _Sense(("BC" if "era" in phrase.parts else "") + f"{nth - 1:02d}")


def _season_of(season: str, step: int, base: date | None, rel: str, phrase: Phrase, now: _Now) -> _Sense | None:
    code = SEASONS[season]
    if base is None:
        return _Sense(f"XXXX-{code}")
    first = _SEASON_MONTHS[code][0]
    year = base.year
    if step < 0:
        year -= base.month <= _SEASON_MONTHS[code][1] or (code == "WI")
    elif step > 0:
        year += base.month >= first
    elif (
        rel == ""
        and first > base.month + 3
        and not now.narrative
        and not _looks_ahead(now.text, phrase.start, phrase.end)
    ):
        year -= 1
    return _Sense(f"{year:04d}-{code}")


def _season(phrase: Phrase, now: _Now) -> _Sense | None:
    parts = phrase.parts
    code = SEASONS[parts["season"]]
    if "bc" in parts:
        return _Sense(f"BC{int(parts['bc']):04d}-{code}")
    year = _named_year(parts, now)
    if year:
        return _Sense(f"{year:04d}-{code}", anchor=True)
    rel = parts.get("rel", "")
    base = now.base if now.narrative or rel in ("previous", "following") else now.published
    return _season_of(parts["season"], -1 if rel == "this past" else _STEP.get(rel, 0), base, rel, phrase, now)


def _weekend(phrase: Phrase, now: _Now) -> _Sense | None:
    base = now.base if now.narrative else now.published
    if base is None:
        return _Sense("XXXX-WXX-WE")
    words = now.text[phrase.start : phrase.end].lower()
    step = -1 if words.startswith("last") else 1 if words.startswith("next") else 0
    if step == 0 and base.weekday() < 4 and not _looks_ahead(now.text, phrase.start, phrase.end):
        step = -1
    return _week_value(_shift(base, 7 * step), True)


def _holiday(phrase: Phrase, now: _Now) -> _Sense | None:
    name, rel = phrase.parts["holiday"], phrase.parts.get("rel", "")
    base = now.base if now.narrative else now.published
    year = _named_year(phrase.parts, now)
    if base is None and year is None:
        return None
    candidates = [
        day
        for y in ([year] if year else [base.year - 1, base.year, base.year + 1] if base else [])
        if (day := _holiday_day(name, y))
    ]
    if not candidates:
        return None
    if base is None or year or now.narrative:
        day = candidates[len(candidates) // 2]
    elif rel == "last":
        day = max((d for d in candidates if d < base), default=candidates[0])
    elif rel == "next" or _looks_ahead(now.text, phrase.start, phrase.end):
        day = min((d for d in candidates if d >= base), default=candidates[-1])
    else:
        day = min(candidates, key=lambda d: abs((d - base).days) * (1 if d <= base else 1.5))
    return _Sense(day.isoformat(), anchor=True)


def _holiday_day(name: str, year: int) -> date | None:
    if name in FIXED_DAYS:
        return _safe(year, *FIXED_DAYS[name])
    if not 1583 <= year <= 9998:
        return None
    if "thanksgiving" in name:
        return _nth_weekday(year, 11, 3, 4)
    if name == "labor day":
        return _nth_weekday(year, 9, 0, 1)
    if name == "election day":
        return _nth_weekday(year, 11, 0, 1) + timedelta(days=1)
    if name == "memorial day":
        last = date(year, 5, 31)
        return last - timedelta(days=last.weekday())
    offset = {"good friday": -2, "easter monday": 1}.get(name, 0)
    return _easter(year) + timedelta(days=offset)


def _nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _easter(year: int) -> date:
    """Western Easter: the anonymous Gregorian computus (Nature, 20 April 1876)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def _set(phrase: Phrase, now: _Now) -> _Sense | None:
    named = {
        "daily": "XXXX-XX-XX",
        "everyday": "XXXX-XX-XX",
        "weekly": "XXXX-WXX",
        "monthly": "XXXX-XX",
        "annually": "XXXX",
        "yearly": "XXXX",
        "quarterly": "P3M",
        "hourly": "PT1H",
    }
    if "set" in phrase.parts:
        return _Sense(named[phrase.parts["set"]])
    unit = phrase.parts["unit"]
    if unit in PARTS and unit != "night":
        return _Sense("XXXX-XX-XX" + _part_code(unit))
    if phrase.parts["per"] == "per":
        return _Sense(_amount(1, unit))
    return _every(unit)


def _present(phrase: Phrase, now: _Now) -> _Sense | None:
    day = now.published.isoformat() if now.published else None
    return _Sense("PRESENT_REF", day, day)


def _past(phrase: Phrase, now: _Now) -> _Sense | None:
    word = now.text[phrase.start : phrase.end].lower()
    return _recent("week", now, "PAST_REF") if "recent" in word else _Sense("PAST_REF")


def _future(phrase: Phrase, now: _Now) -> _Sense | None:
    return _Sense("FUTURE_REF")


_HANDLERS: dict[str, Callable[[Phrase, _Now], _Sense | None]] = {
    "date": _date, "slash": _slash, "month": _month, "weekday": _weekday, "clock": _clock, "day": _deictic, "daypart": _daypart,
    "relative": _relative, "yearend": _yearend, "duration": _duration, "bare": _bare, "long": _long, "quarter": _quarter,
    "yearago": _yearago, "year": _year, "decade": _decade, "century": _century, "season": _season, "weekend": _weekend,
    "holiday": _holiday, "set": _set, "present": _present, "past": _past, "future": _future,
}  # fmt: skip
