"""An HTML page as a Story: main text by trafilatura, fields from the page's own metadata, wire furniture by `wire`.

This runs in a worker that can be killed (see `sandbox`), because a hostile page can hang any
parser. It refuses pages over the limits, and when the C parser gives up on a page it says so and
reads the text without layout instead of losing the article.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from dateline import wire
from dateline.records import Drop, Note, Raw, Span, Story

from .body import blocks, paragraphs
from .choices import byline, byline_paragraph, folded, headline, published
from .days import day
from .limits import MAX_TEXT, overload, plain_lines
from .metadata import AUTHOR_META, Metadata, Node, clean, collect, outside, text_of

MIN_LETTERS = 80
"""Fewer letters than this are no story: a menu, a login wall, a player page."""

_SCRIPT = re.compile(r"<(script|style|head)\b", re.IGNORECASE)
_OPEN_BYLINE = re.compile(r"^(?:by|from)\s+", re.IGNORECASE)


def extract(raw: Raw, *, published_if_none: str | None = None) -> Story | Drop:
    """The story of a page, or a Drop with the stage "extract" or "quarantine" and a reason.

    `published_if_none` is an ISO day for pages that carry no date. Not to be called on untrusted
    pages outside a worker.
    """
    reason = overload(raw.text)
    if reason is None:
        tree, reason = parse(raw.text)
        if tree is not None and reason is None:
            return _story(raw, tree, published_if_none)
    return without_layout(raw, reason or "the page holds no element", published_if_none=published_if_none)


def parse(html: str) -> tuple[Node | None, str | None]:
    """(root element, why the parser gave up on part of it). lxml stops in silence at its limits; its log tells."""
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, recover=True)
    try:
        tree = etree.fromstring(html.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None, "the page holds no element"
    for entry in parser.error_log:
        if "RESOURCE" in entry.type_name or "xcessive depth" in entry.message:
            return tree, f"the HTML parser stopped ({entry.message.strip()[:80]})"
    return tree, None


def without_layout(raw: Raw, reason: str, *, published_if_none: str | None = None) -> Story | Drop:
    """The story of a page that is too much for the parsers, from its visible lines; else a Drop that says why."""
    if len(raw.text) > 5_000_000:
        return _quarantined(raw, reason)
    text = plain_lines(raw.text)
    if len(text) > MAX_TEXT or _letters(text) < MIN_LETTERS:
        return _quarantined(raw, reason)
    cleaned = wire.clean(replace(raw, kind="scrape", text=text), published=published_if_none)
    if isinstance(cleaned, Drop):
        return _quarantined(raw, f"{reason}; without layout {cleaned.reason}")
    note = Note("other", f"Read without its layout: {reason}.")
    return replace(cleaned, origins=origins([span_text(cleaned, span) for span in cleaned.paragraphs], raw.text),
                   notes=(*cleaned.notes, note))  # fmt: skip


def span_text(story: Story, span: Span) -> str:
    """The text of one paragraph."""
    return story.text[span.start : span.end]


def _quarantined(raw: Raw, reason: str) -> Drop:
    return Drop(raw.id, "quarantine", f"the page is set aside: {reason}", raw.file, raw.line, raw.url, raw.digest)


def _letters(text: str) -> int:
    return sum(1 for char in text if char.isalpha())


def _story(raw: Raw, tree: Node, published_if_none: str | None) -> Story | Drop:
    metadata = collect(tree)
    document = _main_text(raw.text)
    title = raw.headline or headline(metadata)
    found = paragraphs(blocks(document.body, tree), metadata, title) if document is not None else []
    if sum(map(_letters, found)) < MIN_LETTERS:
        found = _declared_body(metadata) or found
    if sum(map(_letters, found)) < MIN_LETTERS:
        reason = "no story text was found in the page (a menu, a login wall, or a page of links?)"
        return Drop(raw.id, "extract", reason, raw.file, raw.line, raw.url, raw.digest)
    opening = byline_paragraph(found)
    if opening is not None:
        found = found[: opening[0]] + found[opening[0] + 1 :]
    body = wire.split_body(found, headline=title)
    if not body.paragraphs:
        reason = "nothing but furniture (captions, credits, links) was found in the page"
        return Drop(raw.id, "extract", reason, raw.file, raw.line, raw.url, raw.digest)
    names = [] if document is None else str(document.author or "").split("; ")
    guess = None if document is None else document.date
    writers = raw.byline or byline(metadata, names, opening[1] if opening else body.byline)
    return _assembled(raw, metadata, body, title, writers, guess, published_if_none)


def _main_text(html: str) -> Any:  # trafilatura's Document
    from trafilatura import bare_extraction

    document: Any = bare_extraction(html, include_comments=False, with_metadata=True)
    if document is None or document.body is None or len(document.text or "") < MIN_LETTERS:
        document = bare_extraction(html, include_comments=False, with_metadata=True, favor_recall=True) or document
    return document if document is not None and document.body is not None else None


def _declared_body(metadata: Metadata) -> list[str]:
    """articleBody of the JSON-LD, for pages whose text is filled in by a script."""
    for node in metadata.articles:
        text = node.get("articleBody")
        if isinstance(text, str) and _letters(text) >= MIN_LETTERS:
            return [line for part in re.split(r"\n+|</p>|<br ?/?>", text[:MAX_TEXT]) if (line := clean(part[:5000]))]
    return []


def _url(raw: Raw, metadata: Metadata) -> str | None:
    if raw.url:
        return raw.url
    links = metadata.tree.xpath("//link[@rel='canonical']/@href")[:1] or metadata.values("og:url")[:1]
    return next((str(link) for link in links if str(link).startswith(("http://", "https://"))), None)


def _assembled(
    raw: Raw, metadata: Metadata, body: wire.Body, title: str | None, writers: tuple[str, ...], guess: str | None,
    published_if_none: str | None,
) -> Story:  # fmt: skip
    url = _url(raw, metadata)
    dated = published(metadata, guess=guess, url=url, declared=day(raw.published) if raw.published else None)
    text, spans = _joined(body.paragraphs)
    return Story(
        id=raw.id, text=text, paragraphs=spans, origins=origins(body.paragraphs, raw.text),
        file=raw.file, line=raw.line, url=url, digest=raw.digest, headline=title, byline=writers,
        agency=raw.agency or body.agency or _agency(writers, metadata),
        publisher=raw.publisher or metadata.publisher, section=raw.section or _section(metadata),
        language=raw.language or _language(metadata), published=dated.published or published_if_none,
        published_from=dated.source or ("--published" if published_if_none else None), conflicts=dated.conflicts,
        dateline=wire.told(body.dateline, None), photos=wire.collect_photos([*captions(metadata), *_lines_of(body)]), notes=body.notes,
    )  # fmt: skip


def _lines_of(body: wire.Body) -> Iterator[str]:
    """Captions that stood among the paragraphs, as lines, so that their copies are counted with the page's others."""
    for photo in body.photos:
        credit = "/".join(part for part in (photo.photographer, photo.agency) if part)
        credit += f" via {photo.via}" if photo.via else ""
        yield from [f"{photo.caption} ({credit})" if credit else photo.caption] * photo.copies


def _joined(parts: Sequence[str]) -> tuple[str, tuple[Span, ...]]:
    spans, start = [], 0
    for part in parts:
        spans.append(Span(start, start + len(part)))
        start += len(part) + 2
    return "\n\n".join(parts), tuple(spans)


def _agency(writers: Sequence[str], metadata: Metadata) -> str | None:
    """The agency that supplied the story, where the page names one as author or provider."""
    declared = [*writers, *metadata.authors()[0], *metadata.authors()[1]]
    declared += [
        name
        for node in metadata.articles
        for key in ("provider", "sourceOrganization")
        for name in metadata.named(node.get(key))
    ]
    declared += [*metadata.values(*AUTHOR_META), *metadata.visible_bylines()]
    named = next((found for name in declared if (found := _agency_in(name))), None)
    return named or wire.canonical(re.sub(r"\s+news$", "", metadata.publisher or "", flags=re.IGNORECASE))


def _agency_in(name: str) -> str | None:
    """The agency that a name is, or writes for: "Associated Press in Verona", "AFP, MANILA", "By Ann Lee, Reuters"."""
    line = _OPEN_BYLINE.sub("", name[:200])
    parsed = wire.parse_byline(name[:200])
    return wire.canonical(line) or wire.canonical(re.split(r",| in ", line)[0]) or (parsed.agency if parsed else None)


def _section(metadata: Metadata) -> str | None:
    declared = [clean(one) for node in metadata.articles for one in _as_list(node.get("articleSection"))]
    return next((name for name in [*metadata.values("article:section"), *declared] if name), None)


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _language(metadata: Metadata) -> str:
    declared = metadata.tree.get("lang") or next(iter(metadata.values("og:locale", "content-language")), "") or "en"
    return re.split(r"[-_]", str(declared))[0].lower()[:3] or "en"


def captions(metadata: Metadata) -> list[str]:
    """Captions of the page's photographs with their credits, one line a copy, in page order, then JSON-LD's."""
    lines: list[str] = []
    for holder, node in _caption_nodes(metadata.tree):
        if not outside(holder) and (line := text_of(node)) and len(line) <= 1500:
            lines.append(_with_credit(line, holder))
    seen = {folded(line)[:80] for line in lines}
    for line in _declared_captions(metadata):
        if folded(line)[:80] not in seen:
            lines.append(line)
            seen.add(folded(line)[:80])
    return [line for line in lines if len(line.split()) >= 3]


def _caption_nodes(tree: Node) -> Iterator[tuple[Node, Node]]:
    """(figure, caption) of each figure, and elements of other pages that are marked as captions, outermost only."""
    figures = tree.xpath("//figure | //*[contains(@class, 'wp-caption')]")[:300]
    for figure in figures:
        texts = figure.xpath(".//figcaption | .//*[contains(@class, 'caption-text')]")
        yield from ((figure, node) for node in texts[:1])
    taken = {node for figure in figures for node in figure.iter()}
    for node in tree.xpath("//*[contains(@class, 'aption') or contains(@class, 'infoDescription')]")[:300]:
        if node not in taken and node.tag in ("div", "span", "p", "em", "small", "li") and len(node) <= 6:
            taken.update(node.iter())
            yield node, node


def _with_credit(line: str, figure: Node) -> str:
    """The caption with a credit that stands in an element of its own put in brackets, as wires write it."""
    for node in figure.xpath(
        ".//*[contains(@class, 'credit') or contains(@class, 'copyright') or contains(@itemprop, 'copyrightHolder')]"
    ):
        credit = text_of(node).strip(" ()[]")
        if 2 <= len(credit) <= 100 and folded(credit):
            bare = line.replace(text_of(node), " ").strip()
            return f"{' '.join(bare.split())} ({credit})" if bare else ""
    return line


def _declared_captions(metadata: Metadata) -> Iterator[str]:
    for node in metadata.articles[:1]:
        for image in _as_list(node.get("image")):
            if isinstance(image, dict) and (caption := clean(image.get("caption") or image.get("description"))):
                credit = next(iter(metadata.named(image.get("creditText") or image.get("creator"))), "")
                yield f"{caption} ({credit})" if credit and credit not in caption else caption


def origins(parts: Sequence[str], html: str) -> tuple[Span | None, ...]:
    """Where each paragraph stands in the page, in one piece and outside scripts; None where it does not.

    >>> origins(("One two.", "Three & four."), "<p>One two.</p><p>Three &amp; four.</p>")
    (Span(start=3, end=11), None)
    """
    hidden = list(_scripts(html))
    starts = [start for start, _ in hidden]
    found: list[Span | None] = []
    cursor = 0
    for part in parts:
        span = _place(part, html, cursor, hidden, starts) or _place(part, html, 0, hidden, starts)
        cursor = span.end if span else cursor
        found.append(span)
    return tuple(found)


def _scripts(html: str) -> Iterator[tuple[int, int]]:
    position = 0
    lowered = html.lower()
    while match := _SCRIPT.search(html, position):
        end = lowered.find(f"</{match[1].lower()}", match.end())
        position = len(html) if end < 0 else end
        yield match.start(), position


def _place(part: str, html: str, start: int, hidden: list[tuple[int, int]], starts: list[int]) -> Span | None:
    for _ in range(20):
        start = html.find(part, start)
        if start < 0:
            return None
        before = bisect_right(starts, start) - 1
        if before < 0 or start >= hidden[before][1]:
            return Span(start, start + len(part))
        start = hidden[before][1]
    return None
