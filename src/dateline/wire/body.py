"""Paragraphs in, the story's own paragraphs out; what was furniture comes back apart.

Used for pages (paragraphs from the extractor) and, after the line roles, for plain text. It takes
out only what it can name and refuses to reword: every kept paragraph is a stretch of the one given.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from dateline.records import Dateline, Note, Photo
from dateline.wire import days, photos
from dateline.wire.datelines import parse_dateline
from dateline.wire.headlines import same_headline
from dateline.wire.notes import cut_end_mark, is_slug, parse_remark, parse_tail
from dateline.wire.people import parse_byline

_LINE = 2000  # characters of a paragraph that line rules look at
_JUNK = re.compile(
    r"(?i)^\W*(?:share(?: (?:this|on|via|article|story|full article|to|by|with)\b.{0,60})?|tweet|pin it|print|e-?mail(?: this| article)?|"
    r"facebook|twitter|whatsapp|linkedin|reddit|telegram|copy link|link copied|copied|save|saved|bookmark|comments?|\d+ comments?|"
    r"leave a comment|join the conversation|advertis(?:e|ement|ing|er)(?: -? ?(?:continue|scroll|story|article).{0,60})?|sponsored(?: content| by.{0,40})?|"
    r"ad feedback|promoted(?: content| stories)?|skip (?:to|past|ad|advert|advertisement)\b.{0,60}|scroll (?:to|down)\b.{0,40}|(?:continue|keep) reading.{0,60}|"
    r"read (?:more|next|also|full|the full|later|on)\b.{0,160}|also read\b.{0,160}|(?:see|watch|listen|view|hear) (?:also|more|now|all|gallery|comments|live)\b.{0,120}|"
    r"(?:watch|listen|related|recommended|read)\s*[:|].{0,160}|related(?: stories| articles| news| content| topics?| coverage| links| tags?| reading)?|"
    r"recommended(?: for you| stories| reading)?|more (?:stories|news|from|on this|like this|top|coverage|in|to read|about)\b.{0,80}|"
    r"most (?:read|popular|viewed|shared|recent|watched)\b.{0,40}|(?:popular|trending|latest|top)(?: (?:now|news|stories|articles|headlines|videos|posts|this week|today))?|"
    r"you (?:may|might) also (?:like|be interested)\b.{0,40}|don[’']t miss\b.{0,80}|up next|next (?:article|story|up)\b.{0,80}|prev(?:ious)?(?: (?:article|story))?|next|"
    r"sign (?:up|in|out)\b.{0,160}|log ?(?:in|out)\b.{0,60}|register(?: now)?|subscribe\b.{0,160}|subscription\b.{0,40}|newsletters?\b.{0,80}|"
    r"(?:get|receive|enter|join) (?:our|the|your|daily|breaking|us|email|unlimited)\b.{0,140}|download (?:our|the)\b.{0,80}|support (?:our|independent|quality|us)\b.{0,120}|"
    r"(?:this|our) (?:web)?site uses cookies\b.{0,400}|we (?:use|value|and our) (?:cookies|your privacy|partners)\b.{0,400}|.{0,60}\bcookies?\b.{0,80}\b(?:accept|consent|"
    r"policy|preferences|settings|experience)\b.{0,200}|accept(?: all| cookies)?|reject all|cookie (?:policy|notice|settings)|"
    r"by (?:clicking|continuing|signing|subscribing|submitting|using)\b.{0,300}|privacy(?: policy| notice)?\b.{0,40}|terms (?:of|and)\b.{0,60}|"
    r"contact us\b.{0,80}|about us|help|home(?: ?page)?|menu|main menu|search\b.{0,20}|navigation|toggle.{0,30}|close|open menu|back to top|top of page|return to .{0,40}|"
    r"sections|all sections|site ?map|(?:e-?paper|rss)(?: feeds?)?|video|videos|photos?|gallery|photo gallery|image|images|audio|live|podcasts?|play(?: video)?|expand|"
    r"loading\.*|please (?:wait|enable|log|sign|subscribe)\b.{0,120}|(?:enable )?javascript\b.{0,120}|(?:text|font) ?size\b.{0,20}|a\+? ?a-?|listen(?: to (?:this )?(?:article|story))?\b.{0,40}|"
    r"(?:\d+|a|one|two|three|four|five) ?min(?:ute)?s?\.?(?: read| to read| listen)?|reading time\b.{0,20}|\d+ (?:shares?|views?|likes?|photos?|of \d+|hours? ago|days? ago|mins? ago)|"
    r"(?:last )?(?:updated|modified)|published|posted|tags?|topics?|topics in this article|filed under\b.{0,60}|categories|keywords?|"
    r"report (?:a )?(?:typo|error|correction)s?\b.{0,60}|(?:suggest|submit) a (?:correction|news tip)\b.{0,40}|got a (?:news )?tip\b.{0,80}|"
    r"follow (?:us|on)\b.{0,80}|add (?:us )?(?:as )?.{0,30}preferred source.{0,40}|(?:story|article) continues (?:below|after)\b.{0,60}|click (?:here|to)\b.{0,80}|"
    r"tap (?:here|to)\b.{0,80}|(?:your )?(?:weekly|daily) (?:briefing|newsletter)\b.{0,40}|editor[’']?s[’']? picks?|in this (?:article|story)|explore more\b.{0,40}|"
    r"(?:phone|tel|telephone|fax|mobile)\s*[:.]?\s*[+(\d][\d ()+.-]{5,}|[+(]?\d[\d ()+.-]{7,}|https?://\S+|www\.\S+|[#@]\w+(?:\s+[#@]\w+)*)\W*$"
)
_SITE_WORDS = re.compile(
    r"(?i)cookie|newsletter|subscri|sign(?:ing)? (?:up|in)|inbox|privacy|javascript|log ?in\b|terms of|advertis|click|browser|"
    r"^\W*(?:read more|read also|also read|related|see also|watch|listen)\s*[:|]"
)
_LABEL = re.compile(
    r"(?i)^\W*(?:related(?: stories| articles| news| content| coverage| links)?|read (?:more|next|also)|more (?:stories|news|from|on this|top)\b.{0,60}|most (?:read|popular|"
    r"viewed|shared|recent)\b.{0,30}|recommended(?: for you| stories| reading)?|trending(?: now| stories)?|latest(?: news| stories)?|top stories|"
    r"you (?:may|might) also (?:like|be interested in)|editor[’']?s[’']? picks?|also (?:read|on)|see also|popular|up next|promoted stories|in other news|elsewhere on.{0,40})\W*$"
)


@dataclass(frozen=True, slots=True)
class Body:
    """What `split_body` found. `sources[k]` is (index, start) of kept paragraph k: it is
    `given[index][start : start + len(paragraph)]`. `captions` are the caption and
    credit lines among the paragraphs, `photos` what they come to."""

    paragraphs: tuple[str, ...]
    sources: tuple[tuple[int, int], ...] = ()
    dateline: Dateline | None = None
    byline: tuple[str, ...] = ()
    agency: str | None = None
    photos: tuple[Photo, ...] = ()
    captions: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(slots=True)
class _Sorting:
    """The state of one pass over the paragraphs; lives inside `split_body` only."""

    kept: list[tuple[int, int, str]] = field(default_factory=list)
    dateline: Dateline | None = None
    byline: list[str] = field(default_factory=list)
    agencies: list[str] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def is_junk(line: str) -> bool:
    """Whether a whole line is a site's furniture: "Share", "Advertisement", "Sign up for ...", a cookie notice."""
    text = line.strip()
    if not text:
        return True
    if len(text) > 500 or not any(c.isalnum() for c in text):
        return len(text) <= 500
    # A sentence of the story may begin like furniture ("More in the south fled."): only furniture that
    # says what it is may end in a full stop.
    ended = text[-1] in ".!?\"”'’" and len(text.split()) >= 5 and not _SITE_WORDS.search(text)
    return not ended and bool(_JUNK.match(text))


def is_label(line: str) -> bool:
    """Whether a line heads a list of other stories ("Related stories", "Most read")."""
    return bool(_LABEL.match(line.strip()[:120]))


def _furniture(text: str, sorting: _Sorting, *, headline: str | None) -> bool:
    """Put a paragraph that is furniture where it belongs; False for body text."""
    line = text[:_LINE]
    if not sorting.kept and headline and same_headline(line, headline):
        return True
    if not sorting.kept and sorting.dateline is None and not photos.is_caption(line) and parse_dateline(line):
        return False  # "HAVANA, May 3 (EFE)" alone on its line would pass for a credit
    if is_junk(line) or is_slug(line):
        return True
    if remark := parse_remark(line):
        sorting.notes.append(Note(remark.kind if remark.kind != "earlier" else "editors", text))
        return True
    if tail := parse_tail(line):
        sorting.notes.append(Note("tail", text))
        if tail.agency and tail.kind == "agency":
            sorting.agencies.append(tail.agency)
        return True
    signed = sorting.kept and len(line) < 120 and re.match(r"(?i)by\s", line) and line[-1] not in '.!?"”'
    if signed and (closing := parse_byline(line)) and closing.people:
        sorting.byline.extend(closing.people)
        sorting.notes.append(Note("tail", text))
        return True
    if not sorting.kept and len(line) < 220 and (byline := parse_byline(line)):
        sorting.byline.extend(byline.people)
        sorting.agencies.extend([byline.agency] if byline.agency else [])
        return True
    if (len(line) < 220 and photos.parse_credit(line)) or photos.is_caption(line):
        sorting.captions.append(text)
        return True
    return False


def _keep(index: int, given: str, sorting: _Sorting, *, within: int) -> None:
    start = len(given) - len(given.lstrip())
    text = given.strip()
    while cut := _dateline_cut(text, sorting, within=within):
        start, text = start + cut, text[cut:]
    text, mark = cut_end_mark(text)
    if mark:
        sorting.notes.append(Note("tail", mark))
    if text:
        sorting.kept.append((index, start, text))


def _dateline_cut(text: str, sorting: _Sorting, *, within: int) -> int | None:
    """How much of `text` is its dateline, which goes into `sorting`; None without one.

    One dateline is taken, among the first `within` paragraphs; above the first kept one a second is taken
    too, as some archives print the dateline alone on its line and again in the text.
    """
    if not text or len(sorting.kept) >= within or (sorting.dateline and sorting.kept):
        return None
    found = parse_dateline(text)
    if found is None:
        return None
    dateline, rest = found
    if sorting.kept and not (dateline.agency or dateline.date or any(region for _, region in dateline.places)):
        return None
    sorting.dateline = _merged(sorting.dateline, dateline)
    return len(text) - len(rest.lstrip())


def _merged(first: Dateline | None, second: Dateline) -> Dateline:
    """The dateline in the text, with what only the one above it knew of the same place."""
    if first is None:
        return second
    if second.place and first.place and second.place != first.place:
        near = first.date and not first.date.startswith("--") and second.date and second.date.startswith("--")
        whole = (
            days.complete(second.date, first.date, before=7, after=7) if near and first.date and second.date else None
        )
        return replace(second, date=whole or second.date, agency=second.agency or first.agency)
    day = first.date if first.date and (not second.date or second.date.startswith("--")) else second.date
    return replace(first if first.place else second, agency=second.agency or first.agency, date=day)


def split_body(paragraphs: Sequence[str], *, headline: str | None = None, late_dateline: bool = True) -> Body:
    """The body among `paragraphs`: dateline stripped and parsed, furniture taken out and returned.

    Taken out: the repeated headline, bylines above the text, captions and credits (as photos), tails,
    corrections and editors' notes, junk lines; and after "AP's earlier story is below." everything that
    follows, as one note of kind "earlier". Section heads stay. With `late_dateline` a dateline may also open the
    second or third paragraph (pages put a summary first). Never raises; may return no paragraphs.
    """
    sorting = _Sorting()
    for index, given in enumerate(paragraphs):
        text = given.strip()
        remark = parse_remark(text[:_LINE]) if len(text) <= 1200 else None
        if remark and remark.kind == "earlier" and sorting.kept:
            sorting.notes.append(Note("editors", text))
            if older := "\n\n".join(p.strip() for p in paragraphs[index + 1 :] if p.strip()):
                sorting.notes.append(Note("earlier", older))
            break
        if not _furniture(text, sorting, headline=headline):
            _keep(index, given, sorting, within=3 if late_dateline else 1)
    agency = sorting.dateline.agency if sorting.dateline else None
    return Body(
        paragraphs=tuple(text for _, _, text in sorting.kept),
        sources=tuple((index, start) for index, start, _ in sorting.kept),
        dateline=sorting.dateline,
        byline=tuple(dict.fromkeys(sorting.byline)),
        agency=agency or next(iter(sorting.agencies), None),
        photos=photos.collect_photos(sorting.captions),
        captions=tuple(sorting.captions),
        notes=tuple(sorting.notes),
    )
