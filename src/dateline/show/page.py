"""A coded story as one self-contained HTML page: no script, no request, nothing unescaped.

The page carries a Content-Security-Policy that allows its own style sheet by hash and nothing else.
Templates escape what they print; the highlighted text is joined here from pieces that are each
escaped, and is the only Markup there is. Links are http(s) or anchors inside the page.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from functools import lru_cache, partial
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from dateline.exports import part_text
from dateline.records import Coded, Event, Span
from dateline.show.marks import QUADS, STATUSES, Mark, days, event_marks, evidence, marks_of, pieces, visible
from dateline.show.timeline import timeline

_TEMPLATES = Path(__file__).parent.parent / "data" / "show"
_HOVERS = 300  # events beyond this many lose the hover link between card and text, nothing else
_BASIS = {
    "clause": "said in the clause",
    "sentence": "said in the sentence",
    "paragraph": "said nearby",
    "recent": "recent, no day given",
    "published": "around publication, no day given",
    "format": "input’s own field",
    "dateline": "from the dateline",
    "text": "named in the text",
}


def html(coded: Coded) -> str:
    """One story as a whole HTML document, as text to be written as UTF-8."""
    environment = _environment()
    style = _style(len(coded.events))
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    body_marks = marks_of(coded, "body")
    counts = {status: sum(event.status == status for event in coded.events) for status in STATUSES}
    return environment.get_template("page.html.j2").render(
        story=coded.story,
        coded=coded,
        style=Markup(style),  # our own file and numbers, nothing from the story
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        link=http_link(coded.story.url),
        paragraphs=_paragraphs(coded, body_marks),
        captions=_captions(coded),
        evidence=partial(_evidence, coded),
        words=partial(_words, coded),
        line=timeline(coded),
        counts={status: count for status, count in counts.items() if count},
    )


def http_link(url: str | None) -> str | None:
    """`url` when it is plain http(s) and may stand in an href, else None."""
    if not url or visible(url) != url or any(mark.isspace() for mark in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    environment.globals |= {"QUADS": QUADS, "days": days}
    environment.filters |= {"basis": _basis, "number": _number}
    return environment


def _finalize(value: object) -> object:
    """What a template prints: nothing for None, and no character that acts instead of showing."""
    if value is None:
        return ""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _basis(word: str) -> str:
    return _BASIS.get(word, word)


def _number(value: float) -> str:
    return f"{value:,.10g}"


@lru_cache(maxsize=64)
def _style(events: int) -> str:
    """The style sheet, with one rule an event that lights up its words while its card is pointed at."""
    rules = [
        f".page:has(#e{n}:hover) .x{n},.page:has(#e{n}:focus-within) .x{n},"
        f".page:has(#t{n}:hover) #e{n},.page:has(#t{n}:focus-visible) #e{n}{{outline:2px solid var(--focus)}}\n"
        for n in range(1, min(events, _HOVERS) + 1)
    ]
    return (_TEMPLATES / "page.css").read_text(encoding="utf-8").replace("\r", "") + "".join(rules)


def _paragraphs(coded: Coded, marks: Sequence[Mark]) -> list[Markup]:
    text = coded.story.text
    spans = coded.story.paragraphs or ((Span(0, len(text)),) if text else ())
    return [_marked(coded, text, span, _within(span, marks), anchors=True) for span in spans]


def _within(span: Span, marks: Iterable[Mark]) -> list[Mark]:
    return [mark for mark in marks if mark.start < span.end and span.start < mark.end]


def _captions(coded: Coded) -> list[Markup]:
    found = []
    for number, photo in enumerate(coded.story.photos):
        marks = marks_of(coded, f"caption:{number}")
        found.append(_marked(coded, photo.caption, Span(0, len(photo.caption)), marks, anchors=True))
    return found


def _evidence(coded: Coded, event: Event, number: int) -> Markup:
    """The event's sentence with its own evidence marked, for its card."""
    text, span = evidence(coded, event)
    marks = list(event_marks(event, number))
    if event.claim is not None and event.claim < len(coded.claims) and coded.claims[event.claim].part == event.part:
        cue = coded.claims[event.claim].cue
        marks.append(Mark(cue.start, cue.end, "cue"))
    return _marked(coded, text, span, marks, anchors=False)


def _words(coded: Coded, part: str, span: Span) -> str:
    return part_text(coded.story, part)[span.start : span.end]


def _marked(coded: Coded, text: str, span: Span, marks: Iterable[Mark], *, anchors: bool) -> Markup:
    """A stretch of text as escaped pieces, each in a span of the classes that cover it.

    With `anchors`, a trigger links to its event's card and carries the id that the card links back to.
    """
    found = []
    for start, end, covering in pieces(span, marks):
        inner = escape(visible(text[start:end]))
        triggers = sorted((mark for mark in covering if mark.kind == "trigger"), key=_number_of)
        classes = _classes(coded, covering, triggers)
        if triggers and anchors:
            found.append(_trigger(inner, classes, triggers, start, end))
        else:
            found.append(Markup('<span class="{}">{}</span>').format(classes, inner) if covering else inner)
    return Markup("").join(found)


def _classes(coded: Coded, covering: Sequence[Mark], triggers: Sequence[Mark]) -> str:
    classes: list[str] = sorted({mark.kind for mark in covering})
    classes += sorted({f"x{mark.event + 1}" for mark in covering if mark.event is not None})
    if triggers:
        first = coded.events[triggers[0].event or 0]
        classes += [f"q{first.quad}", first.status]
    return " ".join(classes)


def _trigger(inner: Markup, classes: str, triggers: Sequence[Mark], start: int, end: int) -> Markup:
    """A piece of a trigger as a link to its card: ids where a trigger begins, its number where it ends."""
    begins = [_number_of(mark) for mark in triggers if mark.start == start]
    ends = [_number_of(mark) for mark in triggers if mark.end == end]
    also = Markup("").join(Markup('<span id="t{}"></span>').format(number) for number in begins[1:])
    here = Markup(' id="t{}"').format(begins[0]) if begins else Markup("")
    shown = Markup(' data-n="{}"').format(",".join(map(str, ends))) if ends else Markup("")
    card = _number_of(triggers[0])
    return Markup('{}<a class="{}" href="#e{}"{}{}>{}</a>').format(also, classes, card, here, shown, inner)


def _number_of(mark: Mark) -> int:
    return (mark.event or 0) + 1
