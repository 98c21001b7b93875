"""The words of time: where in a text a time expression stands, and what its parts are.

A scanner walks over the words once. A word that can open a time expression names the few patterns
worth trying there; the longest match wins and scanning goes on behind it. Patterns are anchored and
every repeat in them is bounded, so a hostile text costs no more than its length. Deciding which
days a phrase means is not done here (`calendar`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
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
_ONES = dict(zip("one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(), range(1, 20), strict=True))
_TENS = dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True))
_BIG = {"hundred": 100, "thousand": 1000, "dozen": 12}
VAGUE_COUNTS = frozenset({"several", "few", "some", "many", "recent", "coming", "past", "these", "those", "countless"})
FIXED_DAYS = {
    "new year's day": (1, 1), "new year's eve": (12, 31), "christmas eve": (12, 24), "christmas day": (12, 25),
    "christmas": (12, 25), "valentine's day": (2, 14), "independence day": (7, 4), "veterans day": (11, 11),
    "bastille day": (7, 14), "may day": (5, 1), "halloween": (10, 31), "new year": (1, 1), "new year's": (1, 1),
    "boxing day": (12, 26),
}  # fmt: skip
MOVING_DAYS = ("thanksgiving day", "thanksgiving", "easter sunday", "easter monday", "good friday", "easter", "labor day", "memorial day", "election day")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One time expression: where it stands, which pattern it is, and the pattern's named parts (lower case)."""

    start: int
    end: int
    kind: str
    parts: dict[str, str]


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
        elif word in _ONES or word in _TENS:
            current, seen = current + _ONES.get(word, 0) + _TENS.get(word, 0), True
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
        return _TENS.get(tens, 0) + ORDINALS.index(ones) + 1
    return 30 if word == "thirtieth" else None


def _any(*words: str) -> str:
    return "|".join(sorted((re.escape(word) for word in words), key=len, reverse=True))


_W = r"[\s\u00a0]{1,3}"
_S = r"(?:[\s\u00a0]{1,3}|-)"
_MONTH = r"(?P<month>(?:" + _any(*MONTHS) + r")\b|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)"
_MONTH_BARE = _MONTH.replace("?P<month>", "?:")
_WEEKDAY = r"(?P<weekday>" + _any(*WEEKDAYS) + r"|(?:mon|tues?|wed|thurs?|fri|sat|sun)\.)"
_ORD_WORD = r"(?:(?:twenty|thirty)-)?(?:" + _any(*ORDINALS) + r")|thirtieth"
_DAY = r"(?P<day>(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?!\d|:\d|%|,\d{3}|\.\d)|" + _ORD_WORD + r")"
_DAY2 = r"(?P<day2>(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?!\d|:\d|%))"
_TEENS = "eighteen|nineteen"
_YEAR_WORDS = rf"(?:{_TEENS}|twenty){_W}(?:(?:{_any(*_TENS)})(?:[\s-](?:{_any(*list(_ONES)[:9])}))?|(?:{_any(*list(_ONES)[9:])})|(?:oh|hundred){_W}(?:{_any(*list(_ONES)[:9])}))|two{_W}thousand(?:{_W}(?:and{_W})?(?:{_any(*_ONES)}))?"
_YEAR = r"(?P<year>(?:1[0-9]|20)\d\d(?!\d|,\d{3}|\.\d)|'\d\d(?!\d))"
_ERA = r"(?:(?:ca?\.|circa)" + _W + r")?(?P<bc>\d{1,4})" + _W + r"(?P<era>b\.?c\.?(?:e\.?)?)(?![a-z])"
_MOD = (
    r"(?P<mod>(?:early|late|earlier|later|mid|sometime)\b(?:" + _W + r"in)?|mid(?=-)|"
    r"(?:the" + _W + r")?(?:very" + _W + r")?(?:beginning|start|end|middle|rest|latter part|early part|first half|second half|latter half|last half|close|turn)" + _W + r"of)"
)
_ABOUT = (
    r"(?P<about>(?:more|less|fewer|longer)" + _W + r"than|at" + _W + r"(?:least|most)|no" + _W + r"(?:more|less|longer)" + _W + r"than|"
    r"nearly|almost|about|around|roughly|approximately|over(?!" + _W + r"(?:the|several|many)\b)|under|up" + _W + r"to|just" + _W + r"over|some|close" + _W + r"to|an?" + _W + r"(?:estimated|additional))"
)
_NUM_WORD = rf"(?:{_any(*_TENS)})(?:[\s-](?:{_any(*list(_ONES)[:9])}))?|{_any(*_ONES)}|(?:an?|one|two|three|four|five){_W}(?:hundred|thousand|dozen)|(?:hundred|dozen)s?"
_COUNT = (
    rf"(?P<count>\d{{1,3}}(?:,\d{{3}})?(?:\.\d)?(?:{_W}1/2|{_W}and{_W}a{_W}half)?|(?:{_NUM_WORD})(?:{_W}and{_W}(?:a{_W})?half)?|"
    rf"an?{_W}couple{_W}of|couple{_W}of|a{_W}(?:good{_W})?few|several|few|many|a{_W}half|half{_S}an?|half|an?|each|every)"
)
_UNIT = r"(?P<unit>second|minute|hour|day|night|week|fortnight|weekend|month|quarter|year|decade|centur(?:y|ie)|yr)"
_UNIT_REL = r"(?P<unit>day|night|week|weekend|fortnight|month|quarter|year|decade|century|semester)"
_SEASON = r"(?P<season>spring|summer|autumn|fall|winter)"
_PART = r"(?P<part>mornings?|afternoons?|evenings?|nights?)"
_REL = r"(?:(?P<article>the)" + _W + r")?(?P<rel>last|past|next|this(?:" + _W + r"(?:past|coming|same))?|coming|following|previous|preceding|current|same|that(?:" + _W + r"same)?|latest|prior|upcoming|new|present|ensuing|subsequent|intervening)"
_ZONE = r"(?:" + _W + r"\(?(?P<zone>gmt|utc|e[sd]t|c[sd]t|m[sd]t|p[sd]t|bst|cet|cest|msk|jst|hkt|ist|local" + _W + r"time)\b\)?)?"
_CLOCK = (
    r"(?P<clock>(?P<hour>1[0-2]|0?\d)(?:[:.](?P<minute>[0-5]\d))?" + _W.replace("{1,3}", "{0,3}") + r"(?P<half>[ap]\.?m\b\.?)|"
    r"(?P<hour24>2[0-3]|[01]?\d):(?P<minute24>[0-5]\d)(?::[0-5]\d)?(?:" + _W.replace("{1,3}", "{0,1}") + r"(?:hrs?|hours))?(?![\d:])|"
    r"(?P<military>[012]\d[0-5]\d)(?=" + _W + r"(?:gmt|utc|hours|hrs)\b)(?:" + _W + r"(?:hours|hrs))?|"
    r"(?P<named>noon|midnight|midday))"
)
_QUARTER = r"(?P<nth>first|second|third|fourth|1st|2nd|3rd|4th)" + _S + r"(?P<what>quarter|half)"
_AGO = r"(?P<ago>ago|earlier|later|previously|afterwards?|from" + _W + r"now|hence|from" + _W + r"today|(?:before|after)(?=\s?(?:[.,;:)]|$)))"

_YEAR_TAIL = r"(?:,?" + _W + r"(?:of" + _W + r")?" + _YEAR + r"|,?" + _W + r"(?:of" + _W + r")?(?P<yearwords>" + _YEAR_WORDS + r")|,?" + _W + r"(?P<yearphrase>(?:of" + _W + r")?(?:last|this|next|that|the" + _W + r"(?:same|following|previous))" + _W + r"year|of" + _W + r"that" + _W + r"(?:same" + _W + r")?year))?"
_BC_TAIL = r"(?:,?" + _W + _ERA + r")?"

_MONTH_DAY = _MONTH + _W + _DAY + r"(?:" + _W.replace("{1,3}", "{0,1}") + r"(?:-|–|—|to|and)" + _W.replace("{1,3}", "{0,1}") + _DAY2 + r"(?!" + _W + r"(?:people|troops|soldiers|civilians|million|billion|percent|years|months|weeks|days)))?" + _YEAR_TAIL
_DAY_MONTH = r"(?:the" + _W + r")?" + _DAY + _W + r"(?:of" + _W + r")?" + _MONTH + _YEAR_TAIL
_DAYS_MONTH = r"(?:the" + _W + r")?" + _DAY + r"(?:" + _W.replace("{1,3}", "{0,1}") + r"(?:-|–|—|to|and)" + _W.replace("{1,3}", "{0,1}") + r")" + _DAY2 + _W + r"(?:of" + _W + r")?" + _MONTH + _YEAR_TAIL
_ON_DAY = r"(?:,?" + _W + r"(?:on" + _W + r"|,)?(?:(?P<rel>last|next|this)" + _W + r")?" + _WEEKDAY + r"\b)"

_FLAGS = re.IGNORECASE
_RULES: tuple[tuple[str, str], ...] = (
    ("date", r"(?:" + _WEEKDAY + r",?" + _W + r")?" + _MONTH_DAY),
    ("date", r"(?:" + _WEEKDAY + r",?" + _W + r")?" + _DAY_MONTH),
    ("date", r"(?:" + _WEEKDAY + r",?" + _W + r")?" + _DAYS_MONTH),
    ("date", r"(?P<year>(?:1[0-9]|20)\d\d)[-/](?P<mon>0[1-9]|1[0-2])[-/](?P<day>[0-3]\d)(?!\d)"),
    ("slash", r"(?P<mon>0?[1-9]|1[0-2])/(?P<day>0?[1-9]|[12]\d|3[01])/(?P<year>(?:19|20)?\d\d)(?!\d)"),
    ("month", r"(?:" + _MOD + r"(?:" + _S + r")?)?" + r"(?:(?P<relm>last|next|this|each|every|the" + _W + r"(?:previous|following))" + _W + r")?" + _MONTH + _YEAR_TAIL),
    ("month", r"(?:" + _MOD + r"(?:" + _S + r")?)?" + _MONTH + _W + _ERA),
    ("weekday", r"(?:(?P<mod>early|late|earlier|later)" + _W + r")?(?:(?:on" + _W + r")?(?:the" + _W + r")?(?P<rel>last|next|this(?:" + _W + r"(?:past|coming))?|coming|previous|following|each|every)" + _W + r")?" + _WEEKDAY + r"\b(?P<plural>s)?(?:" + _W + _PART + r"\b)?"),
    ("clock", r"(?:(?:around|about)" + _W + r")?" + _CLOCK + _ZONE + r"(?:" + _ON_DAY + r"|,?" + _W + r"(?:on" + _W + r")?" + _MONTH_DAY.replace("?P<day2>", "?:") + r"|" + _W + r"(?P<deictic>today|yesterday|tomorrow))?"),
    ("clock", r"(?P<hour>1[0-2]|[1-9])" + _W + r"in" + _W + r"the" + _W + r"(?P<half>morning|afternoon|evening)"),
    ("day", r"(?:(?P<mod>early|late|earlier|later|mid-?(?:morning|afternoon|evening))" + _W + r")?(?P<deictic>today|yesterday|tomorrow|tonight|overnight)\b(?:" + _W + _PART + r"\b)?"),
    ("daypart", r"(?:(?P<mod>early|late|earlier|later|mid)" + _S + r")?(?P<rel>this|last|that|the|the" + _W + r"(?:next|following|previous|same)|tomorrow|yesterday)" + _W + r"(?P<part>morning|afternoon|evening|night)\b(?:" + _W + r"(?:of|on)" + _W + r"(?:" + _MONTH_DAY.replace("?P<day2>", "?:") + r"|" + _DAY_MONTH.replace("?P<day>", "?P<dday>").replace("?P<month>", "?P<dmonth>").replace("?P<year>", "?P<dyear>").replace("?P<yearphrase>", "?P<dyearphrase>").replace("?P<yearwords>", "?P<dyearwords>") + r"))?"),
    ("daypart", r"(?P<mod>early|late|mid)" + _S + r"(?P<part>morning|afternoon|evening)\b"),
    ("relative", r"(?:" + _MOD + _W + r")?" + _REL + _W + r"(?:(?P<fiscal>fiscal|calendar|financial|full)" + _W + r")?(?:" + _UNIT_REL + r"|" + _SEASON + r")\b(?:'s" + _W + r"(?:" + _QUARTER + r"|quarter|period))?(?:" + _W + r"or" + _W + r"so)?"),
    ("relative", r"(?P<mod>earlier|later)" + _W + r"(?:(?P<in>in)" + _W + r")?(?P<rel>this|that(?:" + _W + r"same)?|the|the" + _W + r"same)" + _W + r"(?:" + _UNIT_REL + r"|" + _SEASON + r")\b"),
    ("relative", r"(?P<mod>the" + _W + r"(?:end|beginning|start|middle|rest|close)" + _W + r"of|late" + _W + r"in|early" + _W + r"in)" + _W + r"(?P<rel>the)" + _W + r"(?:" + _UNIT_REL + r"|" + _SEASON + r")\b"),
    ("relative", r"(?P<mod>the)" + _W + r"(?:fiscal" + _W + r"|full" + _W + r")?(?P<rel2>year|week|day|month|weekend)\b(?P<following>" + _W + r"(?:(?:before|after)(?=\s?(?:[.,;:)]|$))|following))?"),
    ("yearend", r"(?:around" + _W + r")?(?P<unit>year|month|week)(?:'s" + _W + r"|[\s-])end\b"),
    ("duration", r"(?:" + _ABOUT + _W + r")?(?:the" + _W + r")?(?:(?P<which>last|past|next|first|previous|coming|final|following|latest|another|additional|full|further|remaining|entire|same|opening|succeeding|intervening|preceding|these|those)" + _W + r")?" + _COUNT + r"(?:" + _W + r"(?:or" + _W + r"|to" + _W + r"|-)(?P<count2>\d{1,3}|" + _NUM_WORD + r"))?(?:" + _S + r"(?:more|full|whole|additional|consecutive|straight|trading|business|working|long|short|calendar|previous|past|successive|final|bloody|turbulent))?" + _S + _UNIT + r"(?P<plural>s)?\b(?:" + _S + r"(?P<tail>long|old|period|term))?\b(?:" + _W + r"or" + _W + r"so|" + _W + r"or" + _W + r"(?:more|two|less))?(?:" + _W + _AGO + r"\b)?"),
    ("duration", r"(?:the" + _W + r")?(?P<which>last|past|next|coming|following|first|final|recent|previous|early|latter|later|succeeding|preceding|intervening|subsequent|ensuing)" + _W + r"(?:few" + _W + r"|several" + _W + r")?" + _UNIT + r"s\b(?:" + _W + r"and" + _W + r"(?:days|weeks|months|years))?"),
    ("bare", r"(?P<unit>day|week|month|year|decade|centurie|hour|minute)s(?:-(?P<tail>long|old))?\b(?:" + _W + r"(?:or" + _W + r"(?:months|weeks|years|days)))?(?:" + _W + _AGO + r"\b)?"),
    ("long", r"(?P<unit>day|week|month|year|decade|hour)-?long\b"),
    ("quarter", r"(?:(?P<mod>early|late|mid)" + _W + r")?(?:(?:the|this)" + _W + r"(?!(?:fiscal" + _W + r")?(?:first|second|third|fourth)-))?(?:(?P<yearago>(?:comparable" + _W + r"|corresponding" + _W + r")?(?:year[\s-](?:ago|earlier)))" + _W + r")?(?:(?P<year>(?:19|20)\d\d)" + _W + r")?(?:(?P<fiscal>fiscal)" + _S + r")?" + _QUARTER + r"s?\b(?:" + _W + r"of" + _W + r"(?P<year2>(?:19|20)\d\d)|" + _W + r"(?:of" + _W + r")?(?P<yearphrase>(?:last|this|next)" + _W + r"year))?"),
    ("quarter", r"(?:(?:the)" + _W + r")?(?P<which>latest|current|year[\s-](?:ago|earlier)|comparable" + _W + r"year[\s-](?:ago|earlier)|(?:19|20)\d\d|the|previous)" + _W + r"(?:fiscal" + _W + r")?(?P<what>quarter|period)\b(?:" + _W + r"a" + _W + r"year" + _W + r"(?P<yearago>ago|earlier))?"),
    ("yearago", r"year[\s-](?:ago|earlier)\b"),
    ("year", r"(?:" + _MOD + r"(?:" + _S + r")?)?(?:(?:the" + _W + r")?(?:fiscal" + _W + r"(?:year" + _W + r")?|calendar" + _W + r"|year" + _W + r"))?" + _YEAR + r"(?:(?:-|–|/)(?P<short>\d\d)(?![\d-]))?"),
    ("year", r"(?:the" + _W + r")?(?:(?P<mod>end of|beginning of|early|late|mid)" + _S + r")?(?:year" + _W + r")?(?P<yearwords>" + _YEAR_WORDS + r")(?![\s-](?:" + _any(*_TENS, *_ONES, "hundred", "thousand", "million", "dollars", "people", "percent", "feet", "miles") + r"))"),
    ("year", r"(?:" + _MOD + r"(?:" + _S + r")?)?" + _ERA),
    ("decade", r"(?:" + _MOD + r"(?:" + _S + r")?)?(?:the" + _W + r")?(?:(?P<mod2>early|late|mid)" + _S + r")?(?:(?P<decade>(?:1[0-9]|20)\d0|'?[2-9]0)'?s\b|(?P<tens>twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties)\b)(?:" + _W + r"(?P<era>b\.?c\b\.?))?"),
    ("century", r"(?:" + _MOD + _W + r")?(?:the" + _W + r")?(?:(?P<mod2>early|late|mid)" + _S + r")?(?P<nth>[12]?\d(?:st|nd|rd|th)|" + _ORD_WORD + r")" + _S + r"century\b(?:" + _W + r"(?P<era>b\.?c\b\.?))?"),
    ("season", r"(?:" + _MOD + _W + r")?(?:(?:the" + _W + r")?(?:(?P<rel>last|next|this(?:" + _W + r"past)?|previous|following)" + _W + r"|(?:early|late|mid)" + _S + r")?)?" + _SEASON + r"\b(?:" + _W + r"(?:of" + _W + r")?(?:" + _YEAR + r"|(?P<yearwords>" + _YEAR_WORDS + r")|" + _ERA + r"|(?P<yearphrase>(?:last|this|next|that)" + _W + r"year)))?"),
    ("season", r"(?P<year>(?:19|20)\d\d)" + _W + _SEASON + r"\b"),
    ("weekend", r"(?:(?:the|this|last|next)" + _W + r")?(?P<weekend>weekend)\b"),
    ("holiday", r"(?:(?P<rel>last|next|this)" + _W + r")?(?P<holiday>" + _any(*FIXED_DAYS, *MOVING_DAYS) + r")\b(?:,?" + _W + _YEAR + r")?"),
    ("present", r"right" + _W + r"now|now\b|currently\b|current\b|presently\b|nowadays\b|these" + _W + r"days\b|at" + _W + r"(?:present|the" + _W + r"moment)\b|present-day\b|modern" + _S + r"day\b|the" + _W + r"time" + _W + r"being\b"),
    ("past", r"(?:more" + _W + r"|most" + _W + r")?recently\b|recent\b(?!" + _W + r"(?:days|weeks|months|years|quarters|decades))|the" + _W + r"(?:recent" + _W + r"|distant" + _W + r")?past\b(?!" + _W + r"\w{1,12}" + _W + r"?(?:days|weeks|months|years|decades)|" + _W + r"(?:day|week|month|year|decade|quarter|summer|winter|spring|fall|autumn|season|several|few))"),
    ("future", r"the" + _W + r"(?:near" + _W + r"|distant" + _W + r")?future\b(?!s)|as" + _W + r"soon" + _W + r"as" + _W + r"possible|the" + _W + r"(?:near|short|long)" + _W + r"term\b"),
    ("set", r"(?P<set>daily|weekly|monthly|annually|yearly|hourly|everyday)\b"),
    ("set", r"(?P<per>per|each|every)" + _W + r"(?P<unit>day|week|month|year|quarter|hour|minute|night|weekend|morning|evening|afternoon)\b(?!s)"),
)  # fmt: skip

_SIMPLE = {
    "mod": "early late earlier later mid sometime beginning start end middle rest latter first second last close turn the very".split(),
    "rel": "the last past next this coming following previous preceding current same that latest prior upcoming new present ensuing subsequent intervening on".split(),
    "about": "more less fewer longer at no nearly almost about around roughly approximately over under up just only some exactly within close an a".split(),
    "count": [*_ONES, *_TENS, "a", "an", "hundred", "hundreds", "dozen", "dozens", "several", "few", "many", "half", "couple", "each", "every"],
    "which": "last past next first previous coming final following latest another additional full further remaining entire same opening recent early latter later succeeding preceding intervening subsequent ensuing these those".split(),
}  # fmt: skip


def _starters() -> dict[str, tuple[int, ...]]:
    """For every word that may open an expression, the indices of the rules worth trying there."""
    months = [*MONTHS, "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"]
    days = [*WEEKDAYS, *(day + "s" for day in WEEKDAYS), "mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun"]
    ordinals = [*ORDINALS, "thirtieth", "twenty", "thirty"]
    clock = ["noon", "midnight", "midday", "around", "about"]
    seasons = [*SEASONS, "early", "late", "mid"]
    units = ["day", "week", "month", "year", "decade", "hour"]
    words: dict[str, tuple[str, ...]] = {
        "date": (*months, *days, *ordinals, "the", "#"),
        "slash": ("#",),
        "month": (*months, *_SIMPLE["mod"], "next", "this", "each", "every", "#"),
        "weekday": (*days, "early", "late", "earlier", "later", "on", "the", "last", "next", "this", "coming", "previous", "following", "each", "every"),
        "clock": (*clock, "#"),
        "day": ("early", "late", "earlier", "later", "mid", "today", "yesterday", "tomorrow", "tonight", "overnight"),
        "daypart": ("early", "late", "earlier", "later", "mid", "this", "last", "that", "the", "tomorrow", "yesterday"),
        "relative": (*_SIMPLE["rel"], *_SIMPLE["mod"], "in"),
        "yearend": ("around", "year", "month", "week"),
        "duration": (*_SIMPLE["about"], *_SIMPLE["which"], *_SIMPLE["count"], "the", "#"),
        "bare": ("days", "weeks", "months", "years", "decades", "centuries", "hours", "minutes"),
        "long": (*units, *(unit + "long" for unit in units)),
        "quarter": ("early", "late", "mid", "the", "its", "a", "this", "year", "comparable", "corresponding", "fiscal", "first", "second", "third", "fourth", "latest", "current", "previous", "#"),
        "yearago": ("year",),
        "year": (*_SIMPLE["mod"], "the", "fiscal", "calendar", "year", "eighteen", "nineteen", "twenty", "two", "ca", "circa", "#", "'"),
        "decade": (*_SIMPLE["mod"], "the", "twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties", "#", "'"),
        "century": (*_SIMPLE["mod"], "the", *ordinals, "#"),
        "season": (*_SIMPLE["mod"], *seasons, "last", "next", "this", "previous", "following", "the", "#"),
        "weekend": ("the", "this", "last", "next", "weekend"),
        "holiday": ("last", "next", "this", *(name.split()[0] for name in (*FIXED_DAYS, *MOVING_DAYS)), "new", "valentine"),
        "present": ("right", "now", "currently", "current", "presently", "nowadays", "these", "at", "present", "modern", "the"),
        "past": ("more", "most", "recently", "recent", "the"),
        "future": ("the", "as"),
        "set": ("daily", "weekly", "monthly", "annually", "yearly", "hourly", "everyday", "per", "each", "every"),
    }  # fmt: skip
    table: dict[str, list[int]] = {}
    for index, (kind, _) in enumerate(_RULES):
        for word in dict.fromkeys(words[kind]):
            table.setdefault(word, []).append(index)
    return {word: tuple(indices) for word, indices in table.items()}


@dataclass(frozen=True)
class _Grammar:
    rules: tuple[tuple[str, Callable[[str, int], re.Match[str] | None]], ...]
    starters: dict[str, tuple[int, ...]]
    words: Callable[[str], Iterator[re.Match[str]]]


@lru_cache(maxsize=1)
def _grammar() -> _Grammar:
    rules = tuple((kind, re.compile(pattern, _FLAGS).match) for kind, pattern in _RULES)
    return _Grammar(rules, _starters(), re.compile(r"[A-Za-z]{1,24}|'?\d{1,6}|'").finditer)


# A number before one of these is a count or a sum, not a year or a day.
_NOT_YEAR = re.compile(
    r"(?:[\s-]{1,3}(?:people|troops|soldiers|men|women|children|civilians|fighters|police|officers|protesters|refugees|deaths|dead|"
    r"injured|wounded|homes|houses|miles|kilomet\w*|meters|metres|feet|km|kg|tons?|tonnes|percent|per|pounds|dollars|euros|points|"
    r"shares|members|workers|employees|votes|students|tanks|vehicles|aircraft|missiles|rockets|times|cases|barrels|acres|hectares|"
    r"years?|months?|weeks?|days?|hours?|minutes?|seconds?|yards|million|billion|prisoners|others|more|mm|"
    r"square|cubic|calories|inmates|strong|Palestinians|Israelis|Americans|Iraqis|jobs|seats|demonstrators|delegates)\b|\s?%)",
    re.IGNORECASE,
)
_NOT_YEAR_BEFORE = re.compile(r"(?:[$£€#]|\bNo\.?\s?|\bnumber\s|\bflight\s|\broom\s|\bresolution\s|\broute\s|\$\s|[\d.,/:-])$", re.IGNORECASE)


def scan(text: str) -> list[Phrase]:
    """Every time expression of `text`, in order, none overlapping another. Linear in the text's length."""
    grammar, found, done = _grammar(), [], 0
    rules, starters = grammar.rules, grammar.starters
    for word in grammar.words(text):
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


_MONTH_BEFORE = frozenset("in of since until till by last next this during through from to before after mid early late for and or between around , every each".split())


def _check_date(text: str, hit: re.Match[str], parts: dict[str, str]) -> bool:
    if "month" in parts and not _capital(text, hit, "month"):
        return False
    return "month" not in parts or not _NOT_YEAR.match(text, hit.end()) or "year" in parts or parts.get("day", "")[-1:].isalpha()


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
    if unit == "quarter" and (count in ("a", "an", "one") or "which" not in parts and "ago" not in parts and parts.get("plural") is None):
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
    """"fall" and "spring" are also verbs and nouns: they need an article, a year or a word that places them."""
    season = parts["season"]
    words = hit.group().lower().split()
    if season in ("fall", "spring") and len(words) == 1:
        return bool(re.search(r"\b(?:in|of|since|until|by|during|through|next|last)\s$", text[max(0, hit.start() - 9) : hit.start()], re.IGNORECASE)) and not text[hit.end() : hit.end() + 4].lower().startswith((" of ", " in "))
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
        return "following" in parts or parts["rel2"] in ("year", "week", "weekend") or bool(re.search(r"(?:of|during|for|in)\s$", text[max(0, hit.start() - 8) : hit.start()]))
    if rel in ("new", "present", "coming") and parts.get("unit") in ("day", "decade"):
        return False
    return not (rel in ("same", "following", "previous", "latest", "current") and "article" not in parts and "mod" not in parts and rel != "current")


def _check_holiday(text: str, hit: re.Match[str], parts: dict[str, str]) -> bool:
    return _capital(text, hit, "holiday")


def _check_present(text: str, hit: re.Match[str], parts: dict[str, str]) -> bool:
    return not (hit.group().lower() == "now" and re.match(r"-[a-z]", text[hit.end() : hit.end() + 2]))


def _check_decade(text: str, hit: re.Match[str], parts: dict[str, str]) -> bool:
    """"in his 50s" is an age."""
    return not re.search(r"(?:\b(?:his|her|their|my|your|our)\s(?:early\s|late\s|mid-?\s?)?|\$\d?)$", text[max(0, hit.start() - 16) : hit.start()], re.IGNORECASE)


_CHECKS: dict[str, Callable[[str, re.Match[str], dict[str, str]], bool]] = {
    "month": _check_month, "date": _check_date, "weekday": _check_weekday, "year": _check_year, "duration": _check_duration,
    "clock": _check_clock, "season": _check_season, "quarter": _check_quarter, "relative": _check_relative,
    "bare": _check_bare, "holiday": _check_holiday, "present": _check_present, "decade": _check_decade,
}  # fmt: skip
