"""Headlines as pages and wires carry them: site names and wire marks cut off.

It refuses to rewrite: what is left is a stretch of what was given.
"""

from __future__ import annotations

import html
import re

from dateline.wire import agencies
from dateline.wire.localities import fold

_BREAK = re.compile(r"\s+[|•·»›]+\s+|\s+[-–—]{1,2}\s+|\s*::\s*|\s+\|\s*|\s*\|\s+|(?<=\w)\|(?=\w)")
_OUTLET = re.compile(
    r"(?i)\b(?:news|newspaper|times|post|herald|tribune|gazette|journal|guardian|independent|telegraph|magazine|radio|tv|television|"
    r"press|agency|chronicle|observer|mirror|express|standard|star|globe|mail|record|sentinel|daily|today|online|network|broadcasting|"
    r"bbc|cnn|cbc|abc|nbc|cbs|npr|pbs|rfi|dw|rte|rté|voa|sbs|msn|yahoo|fox|al jazeera|bloomberg|politico|axios|insider|wire|report|review|"
    r"inquirer|examiner|dispatch|courier|monitor|reuters|ap|afp|xinhua|official site|home page|homepage)\b|\.(?:com|org|net|co\.\w\w|news|gov|info)\b"
)
_SECTION = frozenset(
    """news world politics business sport sports opinion international national local europe asia africa americas middle east
    uk us usa breaking latest economy health science technology tech entertainment culture lifestyle video top stories war
    conflict defense defence security""".split()
)
_MARK = re.compile(
    r"(?i)^\s*((?:(?:update|wrapup|factbox|refile|corrected|rpt|repeat|exclusive|analysis|timeline|urgent|bulletin|flash|alert|newsalert|"
    r"newsbreak|lead|recast|retransmission|\d(?:st|nd|rd|th)(?:\s+(?:ld|lead))?(?:[- ]writethru)?|ld|writethru|adds?|clarification|correction)\s?\d{0,2}\s?[-:–—]+\s*)+)(?=\S)"
)
_CAPS_MARK = re.compile(
    r"^\s*((?:URGENT|BULLETIN|FLASH|ALERT|NEWSALERT|LEAD|EXCLUSIVE|ADVISORY)\s?)(?=[A-Z][a-z])|^\s*((?:URGENT|BULLETIN|FLASH|ALERT)\s+)(?=\S)"
)
_LATE_MARK = re.compile(
    r"(?i)\s*[-–—,(\[]*\s*(?:\d(?:st|nd|rd|th)\s+(?:ld|lead)(?:[- ]writethru)?|writethru|corrected|= ?\(picture\) ?=)\W*$"
)


def _same(one: str, other: str) -> bool:
    left, right = (re.sub(r"\W", "", fold(text)).removeprefix("the").removeprefix("www") for text in (one, other))
    return bool(left and right) and (
        left == right or (min(len(left), len(right)) >= 4 and (left in right or right in left))
    )


def _is_site(segment: str, *, publisher: str | None, bar: bool) -> bool:
    words = segment.split()
    if len(words) > 7 or not segment:
        return False
    if publisher and _same(segment, publisher):
        return True
    if agencies.canonical(segment) or (len(words) <= 4 and _OUTLET.search(segment) and segment[:1].isupper()):
        return bar or bool(agencies.canonical(segment)) or _titled(words)
    low = {fold(word) for word in words}
    if low <= _SECTION or re.fullmatch(r"[\d/. -]+", segment):
        return True
    return bar and len(words) <= 4 and _titled(words)


def _titled(words: list[str]) -> bool:
    return all(word[:1].isupper() or not word[:1].isalpha() or word in {"of", "the", "and", "&"} for word in words)


def clean_headline(title: str, publisher: str | None = None) -> str:
    """`title` without the site's name ("... | CBC News", "... - Taipei Times") and with plain spaces.

    A dash inside a headline stays unless an outlet, an agency or `publisher` follows it.
    """
    text = re.sub(r"\s+", " ", html.unescape(title[:1000])).strip(" \t|•·»=")
    while breaks := list(_BREAK.finditer(text)):
        last, first = breaks[-1], breaks[0]
        if len(text[: last.start()].split()) >= 2 and _is_site(
            text[last.end() :].strip(), publisher=publisher, bar=not re.search(r"[-–—]", last.group())
        ):
            text = text[: last.start()].rstrip()
        elif len(text[first.end() :].split()) >= 3 and (
            (publisher and _same(text[: first.start()], publisher)) or agencies.canonical(text[: first.start()])
        ):
            text = text[first.end() :].lstrip()
        else:
            break
    return text.strip(" |•·»")


def split_mark(headline: str) -> tuple[str, str | None]:
    """A headline and the wire mark at either end of it ("UPDATE 2-", "URGENT:", "1st LD-Writethru")."""
    headline = re.sub(r"\s+", " ", headline).strip()
    if len(headline) > 400:
        return headline, None  # no headline: the patterns below are for a line, not for a page
    marks = []
    if (match := _MARK.match(headline)) and len(headline[match.end() :].split()) >= 2:
        marks.append(match[1].strip(" -:–—"))
        headline = headline[match.end() :]
    elif (match := _CAPS_MARK.match(headline)) and len(headline[match.end() :].split()) >= 2 and not headline.isupper():
        marks.append(match.group().strip())
        headline = headline[match.end() :]
    if (match := _LATE_MARK.search(headline)) and len(headline[: match.start()].split()) >= 2:
        marks.append(match.group().strip(" -:–—()[],"))
        headline = headline[: match.start()]
    return headline.strip(), ", ".join(marks) or None


def same_headline(one: str, other: str) -> bool:
    """Whether two lines are the same headline but for case, marks and a site's name."""
    left, right = (re.sub(r"\W+", " ", fold(clean_headline(text))).strip() for text in (one, other))
    return bool(left) and left == right
