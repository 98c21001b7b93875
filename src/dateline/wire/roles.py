"""Line roles of a plain-text scrape: which lines are head, body, furniture.

The body begins at the dateline, or else at the first line that is a sentence and no furniture; what
stands above it is headline, byline, dates, section, captions or junk. It refuses to be clever inside the
body: there only lines that name themselves, lists under a label, and stray headlines leave.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from dateline.records import Note
from dateline.wire import photos
from dateline.wire.body import is_junk, is_label
from dateline.wire.datelines import parse_dateline
from dateline.wire.headlines import clean_headline, same_headline, split_mark
from dateline.wire.lines import Line
from dateline.wire.localities import country_of, fold, locate
from dateline.wire.notes import is_slug, parse_remark, parse_tail
from dateline.wire.people import looks_like_person, parse_byline, person_case
from dateline.wire.published import Candidate, is_clock_line, page_candidate, scraper_candidate

_CAP = 2000
_ENDED = re.compile(r"[.!?…。！？؟:;]['\"”’»)\]]*\s*$")
_ABBREVIATED = re.compile(r"(?:\b(?:[A-Za-z]\.){2,}|\b(?:Inc|Corp|Co|Ltd|Sen|Gov|Rep|Dr|St|Jr|Sr|No|Bros)\.)$")
_SECTIONS = frozenset(
    """world politics business sport sports opinion international national local europe asia africa americas economy health science
    technology culture wire middle+east asia+pacific latin+america u.s. us uk nation war conflict defense defence security law crime
    courts society diplomacy us+news world+news top+news nation+&+world north+america south+asia""".split()
)
_SECTION_LABEL = re.compile(r"(?i)^(?:section|category|desk)\s*:\s*(?P<name>[A-Z][\w& ]{1,30})$")
_HEADLINE_LABEL = re.compile(r"(?i)^(?:headline|title|hl|hed)\s*:\s*")


@dataclass(slots=True)
class Scrape:
    """A scrape taken apart. `body` are the lines from the dateline or first sentence on, furniture still in."""

    headline: str | None = None
    byline: list[str] = field(default_factory=list)
    agency: str | None = None
    section: str | None = None
    dates: list[Candidate] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    body: list[Line] = field(default_factory=list)


def is_sentence(text: str) -> bool:
    """Whether a line reads as a sentence or more: it ends like one, or is far too long for a headline."""
    if len(text) >= 140 and text[:1] not in "*•":
        return True
    if not _ENDED.search(text[-8:]) or (len(text) < 130 and _ABBREVIATED.search(text)):
        return False
    words = text.split()
    return (len(words) >= 4 and any(word[:1].islower() for word in words)) or len(words) <= 2 < len(text) / 12


def _is_furniture(text: str) -> bool:
    line = text[:_CAP]
    return bool(
        is_junk(line)
        or is_slug(line)
        or scraper_candidate(line)
        or is_clock_line(line)
        or page_candidate(line)
        or parse_remark(line)
        or parse_tail(line)
        or (len(line) < 220 and (parse_byline(line) or photos.parse_credit(line)))
        or photos.is_caption(line)
    )


def _dateline_at(lines: Sequence[Line]) -> int | None:
    """The first of the top 40 lines that opens with a dateline (one alone on its line needs text after it)."""
    for index, line in enumerate(lines[:40]):
        remark = parse_remark(line.text[:_CAP]) if index else None
        if remark and remark.kind == "earlier":
            return None
        found = parse_dateline(line.text) if not photos.is_caption(line.text[:_CAP]) else None
        if found is None:
            continue
        firm = found[0].agency or found[0].date
        if found[1].strip() or (index + 1 < len(lines) and (firm or is_sentence(lines[index + 1].text))):
            return index
    return None


def _starts_at(lines: Sequence[Line]) -> int | None:
    """Index of the first line of the body, or None when no line reads as one."""
    first = next((i for i, line in enumerate(lines) if is_sentence(line.text) and not _is_furniture(line.text)), None)
    dated = _dateline_at(lines)
    if first is not None and _asks(lines, first):
        later = next(
            (
                i
                for i in range(first + 1, len(lines))
                if is_sentence(lines[i].text) and not _is_furniture(lines[i].text)
            ),
            None,
        )
        first = later if later is not None else first
    if dated is None or first is None or dated <= first:
        return dated if dated is not None else first
    # Sentences above a dateline are a standfirst, unless there is a story's worth of them, or nothing
    # stands above them: then the text begins there (a cleaned story, or several in one file).
    opened = parse_dateline(lines[dated].text)
    if first == 0 or not (opened and (opened[0].agency or opened[0].date or "," in opened[0].text)):
        return first
    above = sum(len(line.text) for line in lines[first:dated])
    total = sum(len(line.text) for line in lines)
    return first if dated - first > 3 or above > 0.35 * total else dated


def _asks(lines: Sequence[Line], first: int) -> bool:
    """Whether the first sentence is a headline that asks or exclaims: furniture stands around it."""
    text = lines[first].text
    if not re.search(r"[?!]['\"”’]?$", text) or len(text.split()) > 16:
        return False
    following = lines[first + 1].text if first + 1 < len(lines) else ""
    return first > 0 or bool(following and (_is_furniture(following) or parse_dateline(following)))


def read_scrape(lines: Sequence[Line], *, headline: str | None = None) -> Scrape:
    """Take a scrape apart; `headline` is one that the format declared. `body` is empty when there is none."""
    found = Scrape(headline=headline)
    start = _starts_at(lines)
    if start is None:
        start = _without_sentences(lines)
    titles: list[tuple[int, str]] = []
    for index, line in enumerate(lines[:start]):
        _sort_head(index, line.text, lines, found, titles)
    _choose_headline(found, titles, declared=headline)
    found.body = _body_lines(lines[start:], found)
    return found


def _without_sentences(lines: Sequence[Line]) -> int:
    """Where the body starts when no line is a sentence: after the first title, when anything follows it."""
    plain = [i for i, line in enumerate(lines) if not _is_furniture(line.text) and len(line.text.split()) >= 2]
    if not plain:
        return len(lines)
    return plain[1] if len(plain) > 1 else plain[0]


def _sort_head(index: int, text: str, lines: Sequence[Line], found: Scrape, titles: list[tuple[int, str]]) -> None:
    """Give one line above the body its role."""
    line = text[:_CAP]
    if scraped := scraper_candidate(line):
        found.dates.append(scraped)
    elif paged := page_candidate(line):
        found.dates.append(paged[0])
        found.section = found.section or paged[1]
        _byline_before_date(line, found)
    elif is_clock_line(line):
        return
    elif match := _SECTION_LABEL.match(line):
        found.section = match["name"].strip()
    elif is_slug(line) or (remark := parse_remark(line)) or parse_tail(line):
        remark = parse_remark(line)
        found.notes.append(Note(remark.kind if remark and remark.kind != "earlier" else "editors", text))
    elif photos.is_caption(line) or (photos.is_plain_credit(line) and not _only_agency(line)):
        found.captions.append(text)
    elif _is_byline(index, line, lines, found):
        return
    elif fold(line).replace(" ", "+") in _SECTIONS:
        titles.append((-1, text))
    elif not is_junk(line):
        titles.append((index, text))


def _only_agency(line: str) -> bool:
    byline = parse_byline(line)
    return byline is not None and not byline.people and line.strip()[:1] not in "(["


def _byline_before_date(line: str, found: Scrape) -> None:
    """ "By Jane Roe, March 3, 2021" : the byline stands in the date line."""
    if re.match(r"(?i)by\s", line) and (byline := parse_byline(line)):
        found.byline.extend(name for name in byline.people if name not in found.byline)
        found.agency = found.agency or byline.agency


def _is_byline(index: int, line: str, lines: Sequence[Line], found: Scrape) -> bool:
    """Take a byline, or a bare name where a byline stands: in capitals, or under a line that is just "By"."""
    if len(line) >= 220:
        return False
    if re.fullmatch(r"(?i)(?:by|written by|reported by|story by)\s*:?", line.strip()):
        return True
    if byline := parse_byline(line):
        found.byline.extend(name for name in byline.people if name not in found.byline)
        found.agency = found.agency or byline.agency
        return True
    before = lines[index - 1].text.strip() if index else ""
    after = lines[index + 1].text.strip() if index + 1 < len(lines) else ""
    under_by = bool(re.fullmatch(r"(?i)(?:by|written by|reported by|story by)\s*:?", before))
    agency_next = bool(
        after and len(after) < 60 and (credited := parse_byline(after)) and not credited.people and credited.agency
    )
    if not looks_like_person(line) or not (under_by or agency_next or (line.isupper() and len(line.split()) <= 4)):
        return False
    if not under_by and (locate(line) or country_of(line) or fold(line).replace(" ", "+") in _SECTIONS):
        return False
    name = person_case(line.strip())
    found.byline.extend([name] if name not in found.byline else [])
    return True


def _choose_headline(found: Scrape, titles: list[tuple[int, str]], *, declared: str | None) -> None:
    """The headline among the lines above the body; a standfirst stays as a note; one lone section word counts."""
    sections = [text for index, text in titles if index < 0]
    if found.section is None and len(sections) == 1:
        found.section = sections[0].strip()
    plain = [text for index, text in titles if index >= 0]
    if declared is None and plain:
        fair = [text for text in plain if 4 <= len(re.findall(r"\w[\w'’.-]*", text)) <= 30 and len(text) <= 220]
        labelled = [text for text in plain if _HEADLINE_LABEL.match(text)]
        short = [text for text in plain if len(text.split()) >= 2]
        chosen = next(iter(labelled or fair or short[-1:]), None)
        if chosen is not None:
            headline, mark = split_mark(clean_headline(_HEADLINE_LABEL.sub("", chosen)))
            found.headline = headline
            found.notes.extend([Note("editors", mark)] if mark else [])
    for text in plain:
        if len(text.split()) >= 5 and not (found.headline and same_headline(split_mark(text)[0], found.headline)):
            found.notes.append(Note("kicker", text))


def _body_lines(lines: Sequence[Line], found: Scrape) -> list[Line]:
    """The lines of the body without label lists, date lines and stray headlines."""
    kept: list[Line] = []
    listing = False
    strays = sum(not is_sentence(line.text) for line in lines)
    loose = strays > 0.3 * len(lines)  # a text that is all lists and tables keeps its unended lines
    ends = (i for i in reversed(range(len(lines))) if is_sentence(lines[i].text) and not _is_furniture(lines[i].text))
    last = next(ends, 0)
    for index, line in enumerate(lines):
        text = line.text[:_CAP]
        remark = parse_remark(text) if len(text) <= 1200 else None
        if remark and remark.kind == "earlier":
            return [*kept, *lines[index:]]
        if index and is_label(text):
            listing = True
            continue
        if index and (dated := page_candidate(text)):
            found.dates.extend([dated[0]] if dated[0].labelled or dated[0].source == "transmission line" else [])
            continue
        if index and not is_sentence(text) and _is_stray(text, listing=listing, after=index > last, loose=loose):
            found.notes.extend([Note("other", line.text)] if not is_junk(text) else [])
            continue
        listing = listing and not is_sentence(text)
        kept.append(line)
    return kept


def _is_stray(text: str, *, listing: bool, after: bool, loose: bool) -> bool:
    """A line without a sentence's end: another story's headline under a label or below the text, a section head."""
    if (
        (_ENDED.search(text[-8:]) and not text.isupper())
        or _is_furniture(text)
        or text[-1:] in ",-–—"
        or re.search('["“”]', text)
        or re.match(r"\s*(?:[-*•–—]|\d+[.)])\s", text)
    ):
        return False
    if listing:
        return True
    if parse_dateline(text) or loose:
        return False
    return after or len(text.split()) <= 18
