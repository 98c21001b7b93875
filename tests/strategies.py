"""Hypothesis strategies for whole coded stories: any text in any field, spans that lie inside their text."""

from __future__ import annotations

from typing import get_args

from hypothesis import strategies as st

from dateline.records import (
    Actor,
    Claim,
    ClaimKind,
    Coded,
    Dateline,
    Drop,
    Event,
    EventDate,
    Note,
    Party,
    Photo,
    Place,
    Precision,
    Quantity,
    Span,
    Status,
    Story,
    TimeExpression,
)

# What an attacker would write: each ends one context or opens another.
HOSTILE = (
    "<script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</title><img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "<!--<script>",
    "--><b>",
    "]]><i>",
    "&lt;u&gt;",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(1)",
    "data:text/html,<b>x</b>",
    "<iframe srcdoc='<p>'>",
    "\x1b]0;owned\x07\x1b[31m",
    "\u202etxt.exe\u2066",
    "<bdi></bdi></bdi>",
    "</p></article></main>",
    "\x00<a href=//evil.example>",
)

texts = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(codec="utf-8"), max_size=40),
    st.lists(st.sampled_from((*HOSTILE, "word", " ", "é", "😀")), min_size=1, max_size=4).map("".join),
)
names = texts.filter(lambda text: text != "")
maybe = st.none() | texts
days = st.dates().map(lambda day: day.isoformat())
countries = st.none() | st.sampled_from(("KEN", "TZA", "UNO", "NATO", "IGO"))
SECTORS = ("GOV", "MIL", "CVL", "UNK")
actors = st.builds(Actor, names, countries, st.lists(st.sampled_from(SECTORS), max_size=2).map(tuple), names, texts)
numbers = st.floats(allow_nan=False, allow_infinity=False, width=32)
latitudes, longitudes = st.floats(-90, 90), st.floats(-180, 180)


@st.composite
def spans(draw: st.DrawFn, text: str) -> Span:
    start = draw(st.integers(0, len(text)))
    return Span(start, draw(st.integers(start, len(text))))


@st.composite
def parties(draw: st.DrawFn, text: str) -> Party:
    span = draw(spans(text))
    return Party(span.start, span.end, text[span.start : span.end], -1, draw(actors))


@st.composite
def places(draw: st.DrawFn, part: str, text: str) -> Place:
    span = draw(spans(text))
    rest = draw(st.tuples(names, countries, st.none() | st.integers(1, 10**8), latitudes, longitudes))
    source = draw(st.sampled_from(("text", "dateline", "<b>")))
    return Place(part, span.start, span.end, *rest, draw(st.sampled_from(get_args(Precision))), draw(maybe), source)


@st.composite
def events(draw: st.DrawFn, part: str, text: str, claims: int) -> Event:
    trigger, sentence = draw(spans(text)), draw(spans(text))
    group = st.lists(parties(text), max_size=2).map(tuple)
    return Event(
        draw(names),
        draw(st.sampled_from(("AID", "ASSAULT", "CONSULT"))),
        draw(maybe),
        draw(st.lists(texts, max_size=2).map(tuple)),
        part,
        trigger,
        text[trigger.start : trigger.end],
        sentence,
        *(draw(group) for _ in range(2)),
        draw(st.sampled_from(get_args(Status))),
        draw(group),
        draw(st.none() | st.integers(0, claims)),
        draw(st.none() | st.builds(EventDate, days, days, texts)),
        draw(st.none() | places(part, text)),
        draw(
            st.lists(st.builds(Quantity, texts, numbers, st.sampled_from(("exact", "min")), maybe), max_size=1).map(
                tuple
            )
        ),
        draw(st.integers(1, 4)),
        draw(st.none() | numbers),
        draw(maybe),
        draw(st.floats(0, 1)),
        draw(st.lists(texts, max_size=2).map(tuple)),
    )


@st.composite
def claims(draw: st.DrawFn, part: str, text: str) -> Claim:
    content = draw(st.lists(spans(text), max_size=2).map(tuple))
    speakers = draw(st.lists(parties(text), max_size=1).map(tuple))
    kind = draw(st.sampled_from(get_args(ClaimKind)))
    return Claim(part, draw(st.none() | spans(text)), speakers, draw(spans(text)), content, kind)


@st.composite
def stories(draw: st.DrawFn) -> Story:
    blocks = draw(st.lists(names, max_size=3))
    text = "\n\n".join(blocks)
    starts = [sum(len(block) + 2 for block in blocks[:number]) for number in range(len(blocks))]
    paragraphs = tuple(Span(start, start + len(block)) for start, block in zip(starts, blocks, strict=True))
    dateline = st.builds(
        Dateline, texts, maybe, countries, st.none() | latitudes, st.none() | longitudes,
        st.lists(st.tuples(texts, maybe), max_size=2).map(tuple), maybe, maybe,
    )  # fmt: skip
    photos = st.lists(st.builds(Photo, texts, maybe, maybe, maybe, st.none() | days, st.integers(1, 9)), max_size=2)
    kinds = st.sampled_from(("editors", "correction", "tail", "earlier", "kicker", "other"))
    return Story(
        id=draw(names),
        text=text,
        paragraphs=paragraphs,
        origins=tuple(draw(st.sampled_from((None, span))) for span in paragraphs),
        file=draw(maybe),
        line=draw(st.none() | st.integers(1, 99)),
        url=draw(maybe),
        digest=draw(texts),
        headline=draw(maybe),
        byline=draw(st.lists(texts, max_size=2).map(tuple)),
        agency=draw(maybe),
        publisher=draw(maybe),
        section=draw(maybe),
        language=draw(texts),
        published=draw(st.none() | days),
        published_from=draw(maybe),
        conflicts=draw(st.lists(texts, max_size=2).map(tuple)),
        dateline=draw(st.none() | dateline),
        photos=tuple(draw(photos)),
        notes=draw(st.lists(st.builds(Note, kinds, texts), max_size=2).map(tuple)),
        family=draw(maybe),
    )


@st.composite
def codeds(draw: st.DrawFn) -> Coded:
    story = draw(stories())
    parts = [("body", story.text), *((f"caption:{n}", photo.caption) for n, photo in enumerate(story.photos))]
    part = st.sampled_from(parts)
    said = draw(st.lists(part.flatmap(lambda where: claims(*where)), max_size=2).map(tuple))
    whole = st.builds(
        TimeExpression, st.just("body"), st.just(0), st.just(0), texts, texts, st.none() | days, st.none() | days
    )
    return Coded(
        story,
        said,
        draw(st.lists(whole, max_size=1).map(tuple)),
        draw(st.lists(part.flatmap(lambda where: places(*where)), max_size=2).map(tuple)),
        draw(st.lists(part.flatmap(lambda where: events(*where, len(said))), max_size=3).map(tuple)),
    )


drops = st.builds(Drop, texts, names, names, maybe, st.none() | st.integers(1, 99), maybe, texts)
