"""Wire furniture in words: tails, editors' notes, corrections, write-thru marks, earlier versions.

Each function reads one line or paragraph. They refuse body text: a sentence that merely mentions a
correction or a contribution stays in the body.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from dateline.wire import agencies, days
from dateline.wire.people import people

_ROLE = (
    r"(?:additional\s+|further\s+|extra\s+|original\s+|with\s+)*(?:reporting|writing|editing|compiling|compiled|written|edited|reported|"
    r"translation|translated|graphics?|production|produced|research|photography|video|graphic|text|interview|contributions?|"
    r"polling|data|reporters?|writers?|editors?)"
)
_ROLES_LINE = re.compile(rf"(?i)^\W{{0,3}}(?:\w+ )?{_ROLE}(?:\s*(?:and|&|,|/)\s*{_ROLE})*\s*(?:by|from|:)\s+\S")
_ROLE_PART = re.compile(rf"(?i)\b({_ROLE}(?:\s*(?:and|&)\s*{_ROLE})*)\s*(?:by|from|:)\s+")
_CONTRIBUTED = re.compile(
    r"(?i)\b(?:(?:also\s+)?(?:contributed|contributes)\b.{0,60}\b(?:report|reporting|story|article|coverage|dispatch)|"
    r"contributed from\b|contributed\s*\.?\s*$|helped with this (?:story|report)|contributed research)"
)
_REPORTED_FROM = re.compile(
    r"^(?:[A-Z][\w.’'-]+\s+){1,4}(?:(?:,|and)\s+(?:[A-Z][\w.’'-]+\s+){1,4}){0,4}(?:also\s+)?(?:reported|reports)\s+(?:this story\s+)?from\s+[A-Z]"
)
_WRITER_OPENS = re.compile(
    r"(?i)^\W?(?:the\s+)?(?:associated press|ap|afp|reuters|dpa|bloomberg)(?:'s|’s)?\s+(?:\w+\s+){0,3}(?:writers?|journalists?|reporters?|"
    r"correspondents?|video journalists?|staff|producers?|photographers?|researchers?)\b"
)
_BOILERPLATE = re.compile(
    r"(?i)^\W{0,3}(?:our standards\s*:|the thomson reuters trust principles|follow (?:the )?(?:ap|afp|reuters|our|us|him|her|them|@)\b|"
    r"follow .{3,60} (?:on|at) (?:twitter|x|facebook|instagram|bluesky|https?:|@)|"
    r"(?:read|see|find|for) more (?:of (?:the )?)?(?:ap|afp|reuters)\b|more (?:ap|afp|reuters)\b.{0,60}(?:coverage|stories|news|at|:)|"
    r"(?:ap|afp|reuters)\s[\w ]{2,30}:\s*(?:https?:|www\.|@)\S+|ap(?:'s|’s)? (?:\w+ ){0,4}coverage\b|.{0,60}\bcoverage (?:at|of .{3,60}) ?:? ?https?:|copyright\b|©|\(c\)\s|all rights reserved|"
    r"this material may not be|this (?:story|article|report|content) (?:was|has been) (?:auto|syndicated|generated|published (?:from|in "
    r"partnership)|produced|translated|not been edited|first published|originally published|reported)|"
    r"\(?(?:except for the headline|this story has not been edited)|\(?with (?:inputs?|additional reporting|agency inputs?) from\b|"
    r"the associated press (?:receives|and .{2,40} (?:receive|collaborat)|is solely)|first published\s*:|"
    r"(?:source|sources|editor|web editor|edited|author)\s*:\s*\S.{0,60}$|"
    r"associated press (?:religion|health|climate|coverage)\b.{0,80}(?:receives|support)|the ap is solely responsible|"
    r"online\s*:\s*$|on the net\s*:|___+\s*$|---+\s*$|\*\s*\*\s*\*|\W*(?:end|ends|enditem|endit|endall|more to come|more to follow|"
    r"to be continued|ap photos? .{0,40})\W*$|-0-\W*$|###\W*$|-30-\W*$|#\s*#\s*#|\d{3,}\s+gmt\b.{0,20}$|"
    r"[\w.+-]+@[\w-]+\.[\w.]{2,20}\W*$|\(?our editorial staff can be reached|thomson reuters foundation.{0,120}covers|"
    r"please credit\b|visit (?:http|www)|click here\b|for (?:the )?latest\b.{0,100}(?:visit|follow|click)|"
    r"burs[/-]\w|(?-i:dpa (?:[a-z]{2,4} ){1,3}[a-z]{2,4}$|(?:burs-)?[a-z]{2,4}(?:/[a-z]{2,4}){1,4}$))"
)
_AGENCY_ALONE = re.compile(r"^[\W_]{0,3}([A-Z][\w .-]{1,30})[\W_]{0,2}$")
_END_MARK = re.compile(
    r"\s*(?:\b(?:Enditem|Endit|Endall|Enditems)\b\.?|\((?:END|MORE|ENDS|AP|Reuters|AFP|Xinhua|UPI)\)|■|▪|\bENDS\b|-0-|###)\s*$"
)
_EDITORS = re.compile(
    r"(?i)^\W{0,3}(?:(?:\(?eds|editors?|editor[’']?s'?(?: note)?|note to editors?|attention editors?|attn editors?)\s*[:–—-]|"
    r"\(?\s*(?:adds?|updates?|recasts?|repeats?|removes?|rewrites?|refiles?|clarifies|restores|inserts?|deletes?|trims|subs?|"
    r"retransmits|resends?|incorporates|includes|with photos|by request|edits|fixes|changes|corrects)\b(?=[^.!?]{0,220}\)?\.?\s*$).{3,}"
    r"(?:quotes?|details?|background|comments?|reaction|paragraphs?|paras?|graf[sf]?|byline|headline|lead|lede|slug|dateline|spelling|"
    r"context|throughout|analyst|photo|photos|instances?|word|bullets?|version)\b.{0,80}$)"
)
_WRITETHRU = re.compile(
    r"(?i)\b\d{0,2}(?:st|nd|rd|th)?\s*(?:ld|lead|add|sub|insert)?[-\s]*(?:ld|lead)?[-\s]?writethru\b|\b\d(?:st|nd|rd|th)\s*(?:ld|lead|add)\b|"
    r"^\W{0,2}(?:urgent|bulletin|flash|newsalert|alert|advisory|kill|bulletin kill)\W{0,3}$"
)
_SLUG = re.compile(
    r"^[\^\s]*(?:(?:[a-z]\s+){0,3}[a-z]\s*)?(?:BC|AP|AM|PM|US|EU|AS|ML|AF|LT|CN|XIN|APTOPIX|CAP|AW|LEAD|URGENT|eca|bta|xxa)-{1,2}[A-Z\d][\w'’ -]{1,50}(?:,.{0,60})?[<=]?$"
)
_TRANSMISSION = re.compile(
    r"^[\^\W]*(?:C?AP-[A-Z]{2}-\d\d-\d\d-\d\d\b.{0,20}|\d{6} GMT \w{3,9}\.? \d\d(?:\d\d)?|[a-z]{2,4}\d{3,5} \d [a-z] \d{1,4} .{0,40}|[A-Z]{2}\d{3,5}\W?_?\w{0,12}|"
    r"[A-Z]{1,3}\d{3,5}|:?(?:[a-z]{3})?\d{2,4}GMT.{0,12}|[ru] [a-z] .{0,80})[<=]?$"
)
_EARLIER = re.compile(
    r"(?i)^.{0,220}\b(?:(?:ap|afp|reuters|dpa|pa|upi|our|the|its|associated press)(?:['’]s)?\s+(?:original|earlier|previous|first)\s+"
    r"(?:story|version|report|article|copy|dispatch)\b.{0,40}\b(?:is|appears|follows|runs|can be found)\b.{0,20}(?:below|follows|here)?|"
    r"(?:earlier|previous|original)\s+(?:story|version|report|article)\s+(?:follows|below|is below|appears below))\W{0,3}$"
)
_CORRECTION = re.compile(
    r"(?i)^\W{0,4}(?:correct(?:ion|ed|s|ing)\b(?:\s*\(?[^:]{0,40}\)?)?\s*[:–—]|correction\W*$|correct(?:ion|ed|s)\s*-|clarification\s*[:–—-]|"
    r"this (?:story|article|report|version|piece|post|copy|headline|item|dispatch|page)\b.{0,40}\b(?:corrected|amended|clarified|"
    r"edited to (?:correct|clarify|reflect)|updated to (?:correct|clarify|reflect|fix|remove|add|include|show|make clear))\b|"
    r"(?:an? |the |in an? )(?:earlier|previous|original|initial) (?:version|story|report|article|copy)\b.{0,60}"
    r"\b(?:misstated|misidentified|incorrectly|erroneously|wrongly|misspelled|said|stated|gave|omitted|contained|mistakenly|should)\b|"
    r"(?:a |the )?(?:story|report|dispatch|article) (?:on|from|of|published|transmitted|moved|sent|in|about|by).{3,120}\b"
    r"(?:incorrectly|erroneously|wrongly|misstated|misidentified|mistakenly|misspelled)\b|"
    r"(?:it )?corrects? (?:the )?(?:spelling|name|day|date|figure|headline|paragraph|para|attribution|title|age|number)|"
    r"this (?:story|article|version) (?:corrects|clarifies|fixes)|\((?:this|the) (?:story|version|may|january|february|march|april|june|july|"
    r"august|september|october|november|december|\w{3,4}\. ).{0,40}(?:corrects|corrected|fixes|has been corrected|refiles|was corrected))"
)


@dataclass(frozen=True, slots=True)
class Tail:
    """What a tail says: `kind` "roles", "contributed", "agency" or "boilerplate".

    `roles` pairs a role with its people ("reporting", ("A", "B")); `people` is all of them.
    """

    kind: str
    people: tuple[str, ...] = ()
    agency: str | None = None
    roles: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """A note inside the story: `kind` "editors", "correction" or "earlier"; its own ISO day, if given."""

    kind: str
    date: str | None = None


def _without_places(text: str) -> str:
    """ "A in Geneva, B in Paris and C in Rome" without the places."""
    return re.sub(
        r"(?i)\s+(?:in|from|at)\s+(?:the\s+)?[A-Z][\w.’'-]*(?:\s+[A-Z][\w.’'-]*){0,3}(?:,\s+(?:[A-Z][\w.]+)(?=\s*(?:[,;.]|and\b|$)))?",
        "",
        text,
    )


def _roles(line: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    marks = list(_ROLE_PART.finditer(line))
    found = []
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        end = following.start() if following else len(line)
        names = people([_without_places(line[mark.end() : end]).strip(" ;,.()")])
        found.append((re.sub(r"\s+", "_", mark[1].strip().lower()), names))
    return tuple(found)


def parse_tail(line: str) -> Tail | None:
    """The tail that `line` is ("Reporting by ...", "... contributed to this report", "/ AP"), or None."""
    text = line.strip()
    if not text or len(text) > 700:
        return None
    if _ROLES_LINE.match(text) and (roles := _roles(text)):
        agency = agencies.canonical(re.sub(r"(?i)^.*\b(?:by|from)\s+", "", text))
        everyone = tuple(name for _, names in roles for name in names)
        if everyone or agency or len(text.split()) <= 14:
            return Tail("contributed" if agency and not everyone else "roles", everyone, agency, roles)
    if contributed := _contributed(text):
        return contributed
    if _BOILERPLATE.match(text):
        return Tail("boilerplate", (), None)
    alone = _AGENCY_ALONE.match(text)
    if alone and not text[0].isalnum() and (agency := agencies.canonical(alone[1])):
        return Tail("agency", (), agency)
    return None


def _contributed(text: str) -> Tail | None:
    opens = _WRITER_OPENS.match(text)
    says = _CONTRIBUTED.search(text)
    if not ((says and (opens or len(text) < 330)) or (_REPORTED_FROM.match(text) and len(text) < 330)):
        return None
    if '"' in text or "“" in text or (says and not opens and not re.match(r"\W?[A-Z]", text)):
        return None
    if (
        says
        and not opens
        and not re.search(r"(?i)this (?:\w+ )?(?:report|story|article|dispatch|coverage)|reporting", text)
    ):
        return None
    head = text[opens.end() :] if opens else text
    names = people([_without_places(re.split(r"(?i)\b(?:also )?(?:contributed|reported|helped)\b", head)[0])])
    agency = re.match(rf"\W?(?:The\s+)?({agencies.pattern()})", text)
    return Tail("contributed", names, agencies.canonical(agency[1]) if agency else None)


def parse_remark(line: str) -> Remark | None:
    """The editors' note, correction or pointer to an earlier version that `line` is, or None."""
    text = line.strip(" \t\u00a0^<")
    if not text or len(text) > 1200:
        return None
    if len(text) < 400 and _EARLIER.match(text):
        return Remark("earlier")
    if _CORRECTION.match(text):
        found = days.days_in(text[:300])
        return Remark("correction", next((day.iso for day in found if day.year is not None), None))
    if _EDITORS.match(text) or (
        len(text) < 160 and _WRITETHRU.search(text) and not re.search(r"[a-z]\.\s|:\s+(?:\S+\s+){2}", text)
    ):
        return Remark("editors")
    if len(text) < 260 and re.match(
        r"(?i)\W{0,3}this is a (?:breaking|developing)\b|\W{0,3}(?:breaking|developing) (?:news )?story\b.{0,80}$|"
        r"\W{0,3}this (?:story|article|report) (?:is developing|will be updated|has been updated)\b",
        text,
    ):
        return Remark("editors")
    return None


def is_slug(line: str) -> bool:
    """Whether `line` is a slug or transmission line: "BC-AS--Land-Vote, 1st Ld-Writethru", "AP-NY-11-26-94 1509EST"."""
    text = line.strip(" \t\u00a0")
    return 0 < len(text) <= 120 and bool(_SLUG.match(text) or _TRANSMISSION.match(text))


def transmission_day(line: str) -> str | None:
    """The day of a transmission line ("AP-NY-11-26-94 1509EST", "212101 GMT Nov 18"), or None."""
    if match := re.search(r"\bC?AP-[A-Z]{2}-(\d\d)-(\d\d)-(\d\d)\b", line[:200]):
        month, day, short = (int(group) for group in match.groups())
    elif match := re.match(r"^\W*(\d\d)\d{4} GMT (" + days.MONTH + r") (\d\d)\W*$", line[:200], re.IGNORECASE):
        found = days.days_in(f"{match[2]} {match[1]}")
        if not found:
            return None
        month, day, short = found[0].month, found[0].day, int(match[3])
    else:
        return None
    # Two-digit years: the wires of the archive begin in the 1970s.
    return days.iso_day(f"{2000 + short if short < 70 else 1900 + short}-{month:02d}-{day:02d}")


def cut_end_mark(text: str) -> tuple[str, str | None]:
    """`text` without the end mark that some wires glue to the last paragraph ("Enditem", "(END)")."""
    match = _END_MARK.search(text[-40:])
    if not match:
        return text, None
    return text[: len(text) - len(match.group())].rstrip(), match.group().strip()
