"""One raw story to a clean one: the entry of this folder.

A "body" comes back as it is; a "scrape" is taken apart by line roles; a "page" must have been through
an extractor first. What has no body leaves as a Drop. It refuses to detect languages and to read files.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from dateline.records import Dateline, Drop, Note, Photo, Raw, Span, Story
from dateline.wire import days
from dateline.wire.agencies import canonical
from dateline.wire.body import Body, split_body
from dateline.wire.datelines import parse_dateline
from dateline.wire.lines import Line, logical_lines
from dateline.wire.people import people
from dateline.wire.photos import collect_photos
from dateline.wire.published import Candidate, Settled, address_candidate, settle
from dateline.wire.roles import read_scrape

_BLANK = re.compile(r"\n[^\S\n]*\n\s*|(?:\r\n[^\S\r\n]*){2,}\s*|[\u2029\f]+")
_LINE_BREAK = re.compile(r"\r?\n")


def clean(raw: Raw, *, published: str | None = None) -> Story | Drop:
    """The story in `raw`, or a Drop of stage "clean" that says why there is none. Pure; never raises on content.

    `published` is the user's statement for input without a day of its own: it outranks everything found
    in the text, but not the day that the format declares. Kind "body" keeps `raw.text` to the character;
    kind "scrape" keeps the body's paragraphs, joined by a blank line, with the dateline taken off.
    """
    if not raw.text.strip():
        return _drop(raw, "the text is empty")
    if raw.kind == "page":
        return _drop(raw, "a page must go through the extractor before it can be cleaned")
    return _clean_body(raw, published) if raw.kind == "body" else _clean_scrape(raw, published)


def _drop(raw: Raw, reason: str) -> Drop:
    return Drop(raw.id, "clean", reason, raw.file, raw.line, raw.url, raw.digest)


def paragraphs_of(text: str) -> tuple[Span, ...]:
    """Spans of the paragraphs of a clean body: parted by blank lines, else by line ends; edges trimmed."""
    spans = _pieces(text, _BLANK)
    if len(spans) == 1 and len(logical_lines(text)) > 1:
        spans = _pieces(text, _LINE_BREAK)
    return spans


def _pieces(text: str, breaks: re.Pattern[str]) -> tuple[Span, ...]:
    found, start = [], 0
    edges = [(match.start(), match.end()) for match in breaks.finditer(text)]
    for end, following in [*edges, (len(text), len(text))]:
        piece = text[start:end]
        if piece.strip():
            left = start + len(piece) - len(piece.lstrip())
            found.append(Span(left, left + len(piece.strip())))
        start = following
    return tuple(found)


def _clean_body(raw: Raw, published: str | None) -> Story:
    spans = paragraphs_of(raw.text)
    parsed = parse_dateline(raw.text[spans[0].start : spans[0].end]) if spans else None
    dateline = parsed[0] if parsed else None
    settled = settle(_candidates(raw, published, dateline, [], ()))
    return _story(raw, raw.text, spans, spans, settled=settled, dateline=dateline)


def _clean_scrape(raw: Raw, published: str | None) -> Story | Drop:
    found = read_scrape(logical_lines(raw.text), headline=raw.headline)
    body = split_body([line.text for line in found.body], headline=found.headline, late_dateline=False)
    if not body.paragraphs:
        return _drop(raw, "no body text was found: only headings, captions or page furniture")
    text, spans = _laid_out(body.paragraphs)
    origins = _origins(raw.text, body, found.body)
    photos = collect_photos([*found.captions, *body.captions])
    settled = settle(_candidates(raw, published, body.dateline, found.dates, photos))
    return _story(
        raw, text, spans, origins, settled=settled, dateline=body.dateline, headline=found.headline,
        byline=(*found.byline, *body.byline), agency=_agency(body, found.agency), section=found.section,
        photos=photos, notes=(*found.notes, *body.notes),
    )  # fmt: skip


def _agency(body: Body, byline_agency: str | None) -> str | None:
    """The dateline's agency, else the byline's, else that of a last line such as "/ AP"."""
    own = body.dateline.agency if body.dateline else None
    return canonical(own) or byline_agency or body.agency or own


def _laid_out(paragraphs: Sequence[str]) -> tuple[str, tuple[Span, ...]]:
    spans, at = [], 0
    for paragraph in paragraphs:
        spans.append(Span(at, at + len(paragraph)))
        at += len(paragraph) + 2
    return "\n\n".join(paragraphs), tuple(spans)


def _origins(raw: str, body: Body, lines: Sequence[Line]) -> tuple[Span | None, ...]:
    """Where each paragraph stands in the raw text; None where unwrapping changed its characters."""
    found: list[Span | None] = []
    for paragraph, (index, offset) in zip(body.paragraphs, body.sources, strict=True):
        start = lines[index].start + offset
        span = Span(start, start + len(paragraph))
        found.append(span if raw[span.start : span.end] == paragraph else None)
    return tuple(found)


def _candidates(
    raw: Raw, published: str | None, dateline: Dateline | None, dates: Sequence[Candidate], photos: Sequence[Photo]
) -> list[Candidate]:
    found = []
    if day := days.iso_day(raw.published):
        found.append(Candidate(day, "format", raw.published or ""))
    if day := days.iso_day(published):
        found.append(Candidate(day, "given", published or ""))
    found.extend(dates)
    if address := address_candidate(raw.url):
        found.append(address)
    if dateline and dateline.date:
        found.append(Candidate(dateline.date, "dateline", dateline.text))
    found.extend(Candidate(p.date, "caption", p.caption[-60:]) for p in photos if p.date and not _is_file(p))
    return found


def _is_file(photo: Photo) -> bool:
    return bool(re.search(r"(?i)\bfile\b|\barchive\b", photo.caption))


def _story(
    raw: Raw, text: str, spans: tuple[Span, ...], origins: Sequence[Span | None], *, settled: Settled, dateline: Dateline | None,
    headline: str | None = None, byline: Sequence[str] = (), agency: str | None = None, section: str | None = None,
    photos: tuple[Photo, ...] = (), notes: tuple[Note, ...] = (),
) -> Story:  # fmt: skip
    """What the format declares outranks what was found."""
    dateline = told(dateline, settled.dateline_day)
    unread = f"The format's own date \"{raw.published[:40]}\" can't be read as a day." if raw.published else ""
    conflicts = ((unread,) if unread and days.iso_day(raw.published) is None else ()) + settled.conflicts
    return Story(
        id=raw.id, text=text, paragraphs=spans, origins=tuple(origins), file=raw.file, line=raw.line, url=raw.url,
        digest=raw.digest, headline=raw.headline or headline, byline=people(raw.byline, publisher=raw.publisher) or tuple(byline),
        agency=canonical(raw.agency) or raw.agency or agency or (dateline.agency if dateline else None),
        publisher=raw.publisher, section=raw.section or section, language=raw.language or "en",
        published=settled.day, published_from=settled.source, conflicts=conflicts, dateline=dateline,
        photos=photos, notes=notes,
    )  # fmt: skip


def told(dateline: Dateline | None, day: str | None) -> Dateline | None:
    """The dateline as a record tells it: without the dash that parts it from the text, with its day."""
    if dateline is None:
        return None
    text = dateline.text.rstrip(" -\u2013\u2014_>:")
    return replace(dateline, text=text, date=day or dateline.date)
