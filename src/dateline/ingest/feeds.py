"""RSS and Atom: the items of a feed as stories.

The parser is given bytes and nothing else (it would open a path or a URL), a DOCTYPE is refused,
and so is a feed with more items or fatter tags than its limits. Item text stays hostile: its HTML
becomes plain lines here and is cleaned like any scrape. Linked pages are not fetched.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from .decoding import UnreadableError
from .limits import MAX_ATTRIBUTES, plain_lines

MAX_ITEMS = 5_000
MAX_ITEM_CHARS = 1_000_000
_ITEM = re.compile(rb"<(?:item|entry|[\w-]{1,20}:item)[\s>]", re.IGNORECASE)
_TAG = re.compile(r"<[a-zA-Z/][^<>]{0,500}>")


def items(data: bytes) -> Iterator[dict[str, Any]]:
    """One mapping an item, with the keys that JSONL has (`text`, `published`, `headline` ...).

    Raises UnreadableError when the feed is refused or is no feed.
    """
    _admit(data)
    import feedparser

    feed = feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    if not feed.entries and not feed.get("version"):
        raise UnreadableError("is XML, but neither RSS nor Atom")
    publisher, language = feed.feed.get("title"), feed.feed.get("language")
    for entry in feed.entries[:MAX_ITEMS]:
        yield _record(entry, publisher, language)


def _admit(data: bytes) -> None:
    if re.search(rb"<!(?:DOCTYPE|ENTITY)\b", data, re.IGNORECASE):
        raise UnreadableError(
            "is a feed with a DOCTYPE, which is refused because its entities can read files or explode"
        )
    count = sum(1 for _ in _ITEM.finditer(data))
    if count > MAX_ITEMS:
        raise UnreadableError(f"is a feed of {count:,} items; the limit is {MAX_ITEMS:,}")
    for piece in data.split(b"<")[1:]:
        if len(piece) > 2000 and piece.split(b">", 1)[0].count(b"=") > MAX_ATTRIBUTES:
            raise UnreadableError(f"is a feed with more than {MAX_ATTRIBUTES} attributes in one tag")


def _record(entry: Any, publisher: str | None, language: str | None) -> dict[str, Any]:  # feedparser is untyped
    bodies = [part.get("value", "") for part in entry.get("content", [])] + [entry.get("summary", "")]
    body = max(bodies, key=len)[:MAX_ITEM_CHARS]
    authors = [person.get("name") for person in entry.get("authors", []) if person.get("name")]
    link = str(entry.get("link") or "")
    return {
        "id": entry.get("id") or link or None,
        "text": plain_lines(body) if _TAG.search(body) or "&" in body else body,
        "published": entry.get("published") or entry.get("updated"),
        "headline": " ".join(plain_lines(entry.get("title", "")).split()) or None,
        "byline": authors or ([entry["author"]] if entry.get("author") else []),
        "url": link if link.startswith(("http://", "https://")) else None,
        "language": language,
        "publisher": publisher,
        "kind": "scrape",
    }
