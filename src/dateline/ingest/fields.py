"""One record of an export (a JSON object, a CSV row, a Parquet row, a feed item) as a Raw.

Column names are matched without regard to case, against the names that exports use. A record with
neither text nor HTML is refused with the names that were found; nothing is filled in by guessing.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from dateline.records import Drop, Kind, Raw

from .days import day

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "_id", "story_id", "storyid", "doc_id", "docid", "article_id", "uuid", "guid", "stories_id"),
    "text": ("text", "body", "content", "article_text", "body_text", "full_text", "fulltext", "maintext", "story",
             "article", "article_body", "articlebody"),
    "html": ("html", "raw_html", "page", "body_html", "content_html"),
    "published": ("published", "date", "published_at", "publication_date", "publish_date", "publishdate", "pub_date",
                  "pubdate", "date_published", "date_publish", "datepublished", "published_date", "datetime", "day"),
    "headline": ("headline", "title"),
    "byline": ("byline", "author", "authors", "bylines", "writer"),
    "agency": ("agency", "wire", "news_agency", "newswire"),
    "section": ("section", "desk"),
    "language": ("language", "lang"),
    "url": ("url", "link", "uri", "article_url"),
    "publisher": ("publisher", "source", "outlet", "media_name", "newspaper", "site"),
    "kind": ("kind",),
}  # fmt: skip
"""Our field -> the column names that give it, the best first."""

_SPLIT = re.compile(r"\s*[;|]\s*|\s+and\s+")


class Columns:
    """Which column of one file gives which field. `given` (field -> column) outranks the table."""

    def __init__(self, names: Sequence[str], given: Mapping[str, str] | None = None) -> None:
        lower = {name.strip().lower(): name for name in reversed(names)}
        self.names = list(names)
        self.chosen = {ours: lower[one] for ours, many in COLUMNS.items() for one in many[::-1] if one in lower}
        self.chosen.update({ours: name for ours, name in (given or {}).items() if name in self.names})

    @property
    def usable(self) -> bool:
        return "text" in self.chosen or "html" in self.chosen

    @property
    def complaint(self) -> str:
        """What is missing, what was found, and what would work."""
        found = ", ".join(repr(name[:40]) for name in self.names[:12]) or "nothing"
        more = ", ..." if len(self.names) > 12 else ""
        return f"no text: found {found}{more}; call the story's text 'text', 'body' or 'content', or its page 'html'"

    def pick(self, row: Mapping[str, Any]) -> dict[str, Any]:  # cells are whatever the format holds
        return {ours: row.get(name) for ours, name in self.chosen.items()}


def content_id(*parts: str) -> str:
    """A short id that depends on the content alone."""
    return digest_of(*parts)[:16]


def digest_of(*parts: str) -> str:
    """sha256 over the parts, in hexadecimal. A lone surrogate counts as "?"."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()


def raw_of(record: Mapping[str, Any], *, file: str | None, line: int | None, published: str | None) -> Raw | Drop:
    """A Raw from a record with our field names; a Drop when it holds no text. Text is never changed."""
    html, text = _text(record.get("html")), _text(record.get("text"))
    chosen = html or text
    words = {name: _word(record.get(name)) for name in ("id", "headline", "agency", "section", "language", "url")}
    publisher, when = _word(record.get("publisher")), _day(record.get("published"))
    if not chosen.strip():
        ident = words["id"] or content_id(file or "", str(line))
        return Drop(ident, "read", "the story's text is empty", file=file, line=line, url=words["url"])
    kind = _kind(record.get("kind"), html)
    digest = digest_of(kind, chosen, when or "", words["headline"] or "")
    return Raw(
        id=words["id"] or digest[:16], kind=kind, text=chosen, digest=digest, file=file, line=line, url=words["url"],
        headline=words["headline"], byline=_names(record.get("byline")), agency=words["agency"],
        section=words["section"], language=words["language"], publisher=publisher,
        published=when or (published if kind == "body" else None),
    )  # fmt: skip


def _kind(declared: object, html: str) -> Kind:
    if html:
        return "page"
    return "scrape" if declared == "scrape" else "page" if declared == "page" else "body"


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, list | tuple):
        return "\n\n".join(part for part in value if isinstance(part, str))
    return value if isinstance(value, str) else ""


def _word(value: object) -> str | None:
    """A short field as one line of text; numbers become their digits, nothing becomes None."""
    if value is None or isinstance(value, bool | dict) or value != value:
        return None
    if isinstance(value, list | tuple):
        value = ", ".join(str(item) for item in value)
    word = " ".join(str(value).split())
    return word if word and word.lower() not in ("nan", "none", "null", "nat") else None


def _day(value: object) -> str | None:
    """ISO day; a form that can't be read is passed on as it stands, for the cleaner to report."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    word = _word(value)
    return (day(word) or word[:100]) if word else None


def _names(value: object) -> tuple[str, ...]:
    if isinstance(value, list | tuple):
        parts = [_word(item.get("name") if isinstance(item, dict) else item) for item in value]
    else:
        parts = [part.strip() for part in _SPLIT.split((_word(value) or "")[:2000])]
    return tuple(part for part in parts if part)
