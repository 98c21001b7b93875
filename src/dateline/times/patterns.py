"""The patterns of time expressions, and the words that may open each.

In a pattern a blank stands for one to three spaces or line ends and `@name@` for another piece, so
that it reads like the phrase it finds. Every repeat is bounded: a match costs no more than its
length. What looks like a time and is none is sorted out elsewhere (`phrases`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from dateline.times.words import FIXED_DAYS, MONTHS, MOVING_DAYS, ONES, ORDINALS, SEASONS, TENS, WEEKDAYS

_BLANK = r"[\s\u00a0]{1,3}"


def _any(*words: str) -> str:
    return "|".join(re.escape(word).replace(r"\ ", " ") for word in sorted(words, key=len, reverse=True))


# Each piece may use those before it.
_PIECES: dict[str, str] = {
    "s": r"(?: |-)",
    "o": r"[\s\u00a0]{0,1}",
    "z": r"[\s\u00a0]{0,3}",
    "months": _any(*MONTHS),
    "weekdays": _any(*WEEKDAYS),
    "ordinals": _any(*ORDINALS),
    "tens": _any(*TENS),
    "ones": _any(*ONES),
    "one_to_nine": _any(*list(ONES)[:9]),
    "ten_up": _any(*list(ONES)[9:]),
    "holidays": _any(*FIXED_DAYS, *MOVING_DAYS),
    "counted": _any(*TENS, *ONES, "hundred", "thousand", "million", "dollars", "people", "percent", "feet", "miles"),
    "month": r"(?P<month>(?:@months@)\b|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)",
    "weekday": r"(?P<weekday>@weekdays@|(?:mon|tues?|wed|thurs?|fri|sat|sun)\.)",
    "ord_word": r"(?:(?:twenty|thirty)-)?(?:@ordinals@)|thirtieth",
    "day": r"(?P<day>(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?!\d|:\d|%|,\d{3}|\.\d)|@ord_word@)",
    "day2": r"(?P<day2>(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?!\d|:\d|%))",
    "teens": r"eighteen|nineteen",
    "year_words": (
        r"(?:@teens@|twenty) (?:(?:@tens@)(?:[\s-](?:@one_to_nine@))?|(?:@ten_up@)|(?:oh|hundred) (?:"
        r"@one_to_nine@))|two thousand(?: (?:and )?(?:@ones@))?"
    ),
    "year": r"(?P<year>(?:1[0-9]|20)\d\d(?!\d|,\d{3}|\.\d)|'\d\d(?!\d))",
    "era": r"(?:(?:ca?\.|circa) )?(?P<bc>\d{1,4}) (?P<era>b\.?c\.?(?:e\.?)?)(?![a-z])",
    "mod": (
        r"(?P<mod>(?:early|late|earlier|later|mid|sometime)\b(?: in)?|mid(?=-)|(?:the )?(?:very )?(?:beginning"
        r"|start|end|middle|rest|latter part|early part|first half|second half|latter half|last half|close|"
        r"turn) of)"
    ),
    "about": (
        r"(?P<about>(?:more|less|fewer|longer) than|at (?:least|most)|no (?:more|less|longer) than|nearly|"
        r"almost|about|around|roughly|approximately|over(?! (?:the|several|many)\b)|under|up to|just over|some"
        r"|close to|an? (?:estimated|additional))"
    ),
    "num_word": (
        r"(?:@tens@)(?:[\s-](?:@one_to_nine@))?|@ones@|(?:an?|one|two|three|four|five) (?:hundred|thousand|"
        r"dozen)|(?:hundred|dozen)s?"
    ),
    "count": (
        r"(?P<count>\d{1,3}(?:,\d{3})?(?:\.\d)?(?: 1/2| and a half)?|(?:@num_word@)(?: and (?:a )?half)?|an? "
        r"couple of|couple of|a (?:good )?few|several|few|many|a half|half@s@an?|half|an?|each|every)"
    ),
    "unit": (
        r"(?P<unit>second|minute|hour|day|night|week|fortnight|weekend|month|quarter|year|decade|centur(?:y|ie"
        r")|yr)"
    ),
    "unit_rel": r"(?P<unit>day|night|week|weekend|fortnight|month|quarter|year|decade|century|semester)",
    "season": r"(?P<season>spring|summer|autumn|fall|winter)",
    "part": r"(?P<part>mornings?|afternoons?|evenings?|nights?)",
    "rel": (
        r"(?:(?P<article>the) )?(?P<rel>last|past|next|this(?: (?:past|coming|same))?|coming|following|"
        r"previous|preceding|current|same|that(?: same)?|latest|prior|upcoming|new|present|ensuing|subsequent|"
        r"intervening)"
    ),
    "zone": r"(?: \(?(?P<zone>gmt|utc|e[sd]t|c[sd]t|m[sd]t|p[sd]t|bst|cet|cest|msk|jst|hkt|ist|local time)\b\)?)?",
    "clock": (
        r"(?P<clock>(?P<hour>1[0-2]|0?\d)(?:[:.](?P<minute>[0-5]\d))?@z@(?P<half>[ap]\.?m\b\.?)|(?P<hour24>2"
        r"[0-3]|[01]?\d):(?P<minute24>[0-5]\d)(?::[0-5]\d)?(?:@o@(?:hrs?|hours))?(?![\d:])|(?P<military>[012]"
        r"\d[0-5]\d)(?= (?:gmt|utc|hours|hrs)\b)(?: (?:hours|hrs))?|(?P<named>noon|midnight|midday))"
    ),
    "quarter": r"(?P<nth>first|second|third|fourth|1st|2nd|3rd|4th)@s@(?P<what>quarter|half)",
    "ago": (
        r"(?P<ago>ago|earlier|later|previously|afterwards?|from now|hence|from today|(?:before|after)(?=\s?(?:"
        r"[.,;:)]|$)))"
    ),
    "year_tail": (
        r"(?:,? (?:of )?@year@|,? (?:of )?(?P<yearwords>@year_words@)|,? (?P<yearphrase>(?:of )?(?:last|this|"
        r"next|that|the (?:same|following|previous)) year|of that (?:same )?year))?"
    ),
    "month_day": (
        r"@month@ @day@(?:@o@(?:-|–|—|to|and)@o@@day2@(?! (?:people|troops|soldiers|civilians|million|billion|"
        r"percent|years|months|weeks|days)))?@year_tail@"
    ),
    "day_month": r"(?:the )?@day@ (?:of )?@month@@year_tail@",
    "days_month": r"(?:the )?@day@(?:@o@(?:-|–|—|to|and)@o@)@day2@ (?:of )?@month@@year_tail@",
    "on_day": r"(?:,? (?:on |,)?(?:(?P<rel>last|next|this) )?@weekday@\b)",
    "month_one_day": r"@month_day@",
    "day_month_again": r"@day_month@",
}
_RENAMED = {"month_one_day": ("day2",), "day_month_again": ("day", "month", "year", "yearphrase", "yearwords")}

# A pattern of one kind may stand in several lines; the longest match of all wins.
RULES: tuple[tuple[str, str], ...] = (
    ("date", r"(?:@weekday@,? )?@month_day@"),
    ("date", r"(?:@weekday@,? )?@day_month@"),
    ("date", r"(?:@weekday@,? )?@days_month@"),
    ("date", r"(?P<year>(?:1[0-9]|20)\d\d)[-/](?P<mon>0[1-9]|1[0-2])[-/](?P<day>[0-3]\d)(?!\d)"),
    ("slash", r"(?P<mon>0?[1-9]|1[0-2])/(?P<day>0?[1-9]|[12]\d|3[01])/(?P<year>(?:19|20)?\d\d)(?!\d)"),
    (
        "month",
        r"(?:@mod@(?:@s@)?)?(?:(?P<relm>last|next|this|each|every|the (?:previous|following)) )?@month@"
        r"@year_tail@",
    ),
    ("month", r"(?:@mod@(?:@s@)?)?@month@ @era@"),
    (
        "weekday",
        r"(?:(?P<mod>early|late|earlier|later) )?(?:(?:on )?(?:the )?(?P<rel>last|next|this(?: (?:past|coming)"
        r")?|coming|previous|following|each|every) )?@weekday@\b(?P<plural>s)?(?: @part@\b)?",
    ),
    (
        "clock",
        r"(?:(?:around|about) )?@clock@@zone@(?:@on_day@|,? (?:on )?@month_one_day@| (?P<deictic>today|"
        r"yesterday|tomorrow))?",
    ),
    ("clock", r"(?P<hour>1[0-2]|[1-9]) in the (?P<half>morning|afternoon|evening)"),
    (
        "day",
        r"(?:(?P<mod>early|late|earlier|later|mid-?(?:morning|afternoon|evening)) )?(?P<deictic>today|"
        r"yesterday|tomorrow|tonight|overnight)\b(?: @part@\b)?",
    ),
    (
        "daypart",
        r"(?:(?P<mod>early|late|earlier|later|mid)@s@)?(?P<rel>this|last|that|the|the (?:next|following|"
        r"previous|same)|tomorrow|yesterday) (?P<part>morning|afternoon|evening|night)\b(?: (?:of|on) (?:"
        r"@month_one_day@|@day_month_again@))?",
    ),
    ("daypart", r"(?P<mod>early|late|mid)@s@(?P<part>morning|afternoon|evening)\b"),
    (
        "relative",
        r"(?:@mod@ )?@rel@ (?:(?P<fiscal>fiscal|calendar|financial|full) )?(?:@unit_rel@|@season@)\b(?:'s (?:"
        r"@quarter@|quarter|period))?(?: or so)?",
    ),
    (
        "relative",
        r"(?P<mod>earlier|later) (?:(?P<in>in) )?(?P<rel>this|that(?: same)?|the|the same) (?:@unit_rel@|"
        r"@season@)\b",
    ),
    (
        "relative",
        r"(?P<mod>the (?:end|beginning|start|middle|rest|close) of|late in|early in) (?P<rel>the) (?:"
        r"@unit_rel@|@season@)\b",
    ),
    (
        "relative",
        r"(?P<mod>the) (?:fiscal |full )?(?P<rel2>year|week|day|month|weekend)\b(?P<following> (?:(?:before|"
        r"after)(?=\s?(?:[.,;:)]|$))|following))?",
    ),
    ("yearend", r"(?:around )?(?P<unit>year|month|week)(?:'s |[\s-])end\b"),
    (
        "duration",
        r"(?:@about@ )?(?:the )?(?:(?P<which>last|past|next|first|previous|coming|final|following|latest|"
        r"another|additional|full|further|remaining|entire|same|opening|succeeding|intervening|preceding|these"
        r"|those) )?@count@(?: (?:or |to |-)(?P<count2>\d{1,3}|@num_word@))?(?:@s@(?:more|full|whole|"
        r"additional|consecutive|straight|trading|business|working|long|short|calendar|previous|past|"
        r"successive|final|bloody|turbulent))?@s@@unit@(?P<plural>s)?\b(?:@s@(?P<tail>long|old|period|term))?"
        r"\b(?: or so| or (?:more|two|less))?(?: @ago@\b)?",
    ),
    (
        "duration",
        r"(?:the )?(?P<which>last|past|next|coming|following|first|final|recent|previous|early|latter|later|"
        r"succeeding|preceding|intervening|subsequent|ensuing) (?:few |several )?@unit@s\b(?: and (?:days|"
        r"weeks|months|years))?",
    ),
    (
        "bare",
        r"(?P<unit>day|week|month|year|decade|centurie|hour|minute)s(?:-(?P<tail>long|old))?\b(?: (?:or (?:"
        r"months|weeks|years|days)))?(?: @ago@\b)?",
    ),
    ("long", r"(?P<unit>day|week|month|year|decade|hour)-?long\b"),
    (
        "quarter",
        r"(?:(?P<mod>early|late|mid) )?(?:(?:the|this) (?!(?:fiscal )?(?:first|second|third|fourth)-))?(?:"
        r"(?P<yearago>(?:comparable |corresponding )?(?:year[\s-](?:ago|earlier))) )?(?:(?P<year>(?:19|20)\d\d"
        r") )?(?:(?P<fiscal>fiscal)@s@)?@quarter@s?\b(?: of (?P<year2>(?:19|20)\d\d)| (?:of )?(?P<yearphrase>"
        r"(?:last|this|next) year))?",
    ),
    (
        "quarter",
        r"(?:(?:the) )?(?P<which>latest|current|year[\s-](?:ago|earlier)|comparable year[\s-](?:ago|earlier)|"
        r"(?:19|20)\d\d|the|previous) (?:fiscal )?(?P<what>quarter|period)\b(?: a year (?P<yearago>ago|earlier"
        r"))?",
    ),
    ("yearago", r"year[\s-](?:ago|earlier)\b"),
    (
        "year",
        r"(?:@mod@(?:@s@)?)?(?:(?:the )?(?:fiscal (?:year )?|calendar |year ))?@year@(?:(?:-|–|/)(?P<short>\d"
        r"\d)(?![\d-]))?",
    ),
    (
        "year",
        r"(?:the )?(?:(?P<mod>end of|beginning of|early|late|mid)@s@)?(?:year )?(?P<yearwords>@year_words@)(?!"
        r"[\s-](?:@counted@))",
    ),
    ("year", r"(?:@mod@(?:@s@)?)?@era@"),
    (
        "decade",
        r"(?:@mod@(?:@s@)?)?(?:the )?(?:(?P<mod2>early|late|mid)@s@)?(?:(?P<decade>(?:1[0-9]|20)\d0|'?[2-9]0)'"
        r"?s\b|(?P<tens>twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties)\b)(?: (?P<era>b"
        r"\.?c\b\.?))?",
    ),
    (
        "century",
        r"(?:@mod@ )?(?:the )?(?:(?P<mod2>early|late|mid)@s@)?(?P<nth>[12]?\d(?:st|nd|rd|th)|@ord_word@)@s@"
        r"century\b(?: (?P<era>b\.?c\b\.?))?",
    ),
    (
        "season",
        r"(?:@mod@ )?(?:(?:the )?(?:(?P<rel>last|next|this(?: past)?|previous|following) |(?:early|late|mid)"
        r"@s@)?)?@season@\b(?: (?:of )?(?:@year@|(?P<yearwords>@year_words@)|@era@|(?P<yearphrase>(?:last|this"
        r"|next|that) year)))?",
    ),
    ("season", r"(?P<year>(?:19|20)\d\d) @season@\b"),
    ("weekend", r"(?:(?:the|this|last|next) )?(?P<weekend>weekend)\b"),
    ("holiday", r"(?:(?P<rel>last|next|this) )?(?P<holiday>@holidays@)\b(?:,? @year@)?"),
    (
        "present",
        r"right now|now\b|currently\b|current\b|presently\b|nowadays\b|these days\b|at (?:present|the moment)"
        r"\b|present-day\b|modern@s@day\b|the time being\b",
    ),
    (
        "past",
        r"(?:more |most )?recently\b|recent\b(?! (?:days|weeks|months|years|quarters|decades))|the (?:recent |"
        r"distant )?past\b(?! \w{1,12} ?(?:days|weeks|months|years|decades)| (?:day|week|month|year|decade|"
        r"quarter|summer|winter|spring|fall|autumn|season|several|few))",
    ),
    ("future", r"the (?:near |distant )?future\b(?!s)|as soon as possible|the (?:near|short|long) term\b"),
    ("set", r"(?P<set>daily|weekly|monthly|annually|yearly|hourly|everyday)\b"),
    (
        "set",
        r"(?P<per>per|each|every) (?P<unit>day|week|month|year|quarter|hour|minute|night|weekend|morning|"
        r"evening|afternoon)\b(?!s)",
    ),
)


def _expand(pattern: str, pieces: dict[str, str]) -> str:
    return re.sub(r"@(\w+)@", lambda hit: pieces[hit[1]], pattern).replace(" ", _BLANK)


def _pieces() -> dict[str, str]:
    """Every piece written out. A date that stands beside another pattern's own gets groups of its own names."""
    pieces: dict[str, str] = {}
    for name, pattern in _PIECES.items():
        pieces[name] = _expand(pattern, pieces)
        for group in _RENAMED.get(name, ()):
            new = "?:" if group == "day2" else f"?P<d{group}>"
            pieces[name] = pieces[name].replace(f"?P<{group}>", new)
    return pieces


@dataclass(frozen=True)
class Grammar:
    """The compiled patterns, which of them a word may open, and the words of a text."""

    rules: tuple[tuple[str, Callable[[str, int], re.Match[str] | None]], ...]
    starters: dict[str, tuple[int, ...]]
    words: Callable[[str], Iterator[re.Match[str]]]


@lru_cache(maxsize=1)
def grammar() -> Grammar:
    """The grammar, compiled on first use: importing this module does nothing."""
    pieces = _pieces()
    rules = tuple((kind, re.compile(_expand(pattern, pieces), re.IGNORECASE).match) for kind, pattern in RULES)
    return Grammar(rules, _starters(), re.compile(r"[A-Za-z]{1,24}|'?\d{1,6}|'").finditer)


_SIMPLE = {
    "mod": "early late earlier later mid sometime beginning start end middle rest latter first second last close turn the very".split(),
    "rel": "the last past next this coming following previous preceding current same that latest prior upcoming new present ensuing subsequent intervening on".split(),
    "about": "more less fewer longer at no nearly almost about around roughly approximately over under up just only some exactly within close an a".split(),
    "count": [
        *ONES,
        *TENS,
        "a",
        "an",
        "hundred",
        "hundreds",
        "dozen",
        "dozens",
        "several",
        "few",
        "many",
        "half",
        "couple",
        "each",
        "every",
    ],
    "which": "last past next first previous coming final following latest another additional full further remaining entire same opening recent early latter later succeeding preceding intervening subsequent ensuing these those".split(),
}


def _starters() -> dict[str, tuple[int, ...]]:
    """For every word that may open an expression, the indices of the rules worth trying there."""
    months = [*MONTHS, "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"]
    days = [
        *WEEKDAYS,
        *(day + "s" for day in WEEKDAYS),
        "mon",
        "tue",
        "tues",
        "wed",
        "thu",
        "thur",
        "thurs",
        "fri",
        "sat",
        "sun",
    ]
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
    for index, (kind, _) in enumerate(RULES):
        for word in dict.fromkeys(words[kind]):
            table.setdefault(word, []).append(index)
    return {word: tuple(indices) for word, indices in table.items()}
