"""What a page declares about itself: JSON-LD, meta tags, headings, time tags.

It collects candidates and says where each stands; choosing is `choices`' business. It refuses to
follow links inside the metadata, and a script that is not JSON is passed over.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from lxml import etree

from .days import day

MAX_SCRIPT = 2_000_000
MAX_NODES = 5_000

_ARTICLE_TYPES = frozenset(
    "Article NewsArticle ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle BackgroundNewsArticle "
    "ReviewNewsArticle AskPublicNewsArticle BlogPosting LiveBlogPosting Report SocialMediaPosting".split()
)
AUTHOR_META = ("author", "parsely-author", "byl", "sailthru.author", "dc.creator", "dcterms.creator", "article:author",
               "article:author_name", "og:article:author", "citation_author", "cxenseparse:author")  # fmt: skip
DATE_META = ("article:published_time", "article:published", "og:published_time", "parsely-pub-date", "sailthru.date",
             "datepublished", "date.published", "pubdate", "publishdate", "publish-date", "publish_date",
             "publication_date",
             "dc.date.issued", "dcterms.created", "dcterms.date", "dc.date", "cxenseparse:recs:publishtime", "ptime",
             "rnews:datepublished", "citation_publication_date", "displaydate",
             "originalpublicationdate", "date")  # fmt: skip
TITLE_META = ("og:title", "twitter:title", "parsely-title", "dc.title", "sailthru.title", "headline")
_VISIBLE_BYLINE = re.compile(
    r"(?:^|[\s_-])(?:by-?line|authors?|author-?name|article-?author|contributor)(?:$|[\s_-])", re.I
)
_OPENS_BYLINE = re.compile(
    r"By:?\s+[^\W\d_]|By:?$|(?:AP|AFP|Reuters|Xinhua|Yonhap|Kyodo|dpa|DPA|ANI|PTI|IANS|Bloomberg|CNA|EFE|TASS|UPI|Agencies)(?:,|\s+/)\s+[A-Z]"
)
"""A line that opens as bylines do: "By Ann Lee", "AFP, MANILA"."""
_NOT_OURS = re.compile(
    r"related|recommend|sidebar|comment|footer|promo|teaser|popular|trending|latest|more-from|bio", re.I
)
_TIME_CLASS = re.compile(r"publish|posted|dateline|timestamp|article-?date|entry-?date|pub-?date|date", re.I)

_SILENT = frozenset(("script", "style", "noscript", "svg", "template"))
_BREAKING = frozenset(("br", "p", "div", "li", "td", "h1", "h2", "h3", "ul", "section"))

Node = Any  # an lxml element; lxml ships no types


@dataclass(frozen=True)
class Metadata:
    """Candidates, in document order. `meta` has lower-case names; JSON-LD nodes are as they stand."""

    tree: Node
    nodes: tuple[dict[str, Any], ...]
    meta: dict[str, list[str]]
    by_id: dict[str, dict[str, Any]] = field(default_factory=dict)

    @cached_property
    def articles(self) -> tuple[dict[str, Any], ...]:
        """JSON-LD nodes that describe an article, those that say most first."""
        found = [node for node in self.nodes if _types(node) & _ARTICLE_TYPES or _is_article_page(node)]
        weight = {id(node): sum(key in node for key in ("headline", "datePublished", "author")) for node in found}
        return tuple(sorted(found, key=lambda node: -weight[id(node)]))

    @property
    def live(self) -> bool:
        """A running page ("LIVE: ..."), whose heading is a label more than a headline."""
        return bool(self.articles) and "LiveBlogPosting" in _types(self.articles[0])

    @cached_property
    def sites(self) -> tuple[str, ...]:
        """Names that the site gives itself."""
        names = self.values("og:site_name", "application-name", "twitter:site", "dc.publisher", "article:publisher")
        names += [name for node in self.articles for name in self.named(node.get("publisher"))]
        names += [clean(node.get("name")) for node in self.nodes if _types(node) & {"NewsMediaOrganization", "WebSite"}]
        return tuple(dict.fromkeys(name.lstrip("@") for name in names if name and "://" not in name))

    @property
    def publisher(self) -> str | None:
        """The name of the site that reads most like one: not a slug, in Latin letters where there is a choice."""
        proper = [name for name in self.sites if not name.islower() and name[:1].isascii()]
        return next(iter([*proper, *self.sites]), None)

    def values(self, *names: str) -> list[str]:
        """Contents of the meta tags of these names, in this order of names."""
        return [value for name in names for value in self.meta.get(name, [])]

    def headlines(self) -> list[str]:
        """JSON-LD headlines of the articles, the fullest article's first."""
        return [title for node in self.articles if (title := clean(node.get("headline") or node.get("name")))]

    def authors(self) -> tuple[list[str], list[str]]:
        """(people or untyped names, organisations) of the first article that has any, else of the next."""
        for node in self.articles:
            people: list[str] = []
            bodies: list[str] = []
            for item in _listed(node.get("author") or node.get("creator")):
                item = self._resolved(item)
                kinds = _types(item) if isinstance(item, dict) else set()
                body = bool(kinds) and "Person" not in kinds and any("Organization" in kind for kind in kinds)
                (bodies if body else people).extend(self.named(item))
            if people or bodies:
                return people, bodies
        return [], []

    def _resolved(self, item: Any) -> Any:
        if isinstance(item, dict) and not item.get("name") and isinstance(item.get("@id"), str):
            return self.by_id.get(item["@id"], item)
        return item

    def named(self, value: Any) -> list[str]:
        """Names in a JSON-LD value: a string, a list, or nodes with a `name`."""
        names: list[str] = []
        for item in _listed(value):
            item = self._resolved(item)
            inside = item.get("name") if isinstance(item, dict) else item
            names.extend(text for one in _listed(inside) if (text := clean(one)))
        return names

    def dates(self) -> Iterator[tuple[str, str]]:
        """(where it stands, the field as written), the most reliable place first."""
        for node in self.articles:
            for text in _listed(node.get("datePublished") or node.get("dateCreated")):
                if isinstance(text, str):
                    yield "JSON-LD datePublished", text
                    break
            else:
                continue
            break  # the next articles are other stories, or posts of a live page
        for name in DATE_META:
            yield from ((f"meta {name}", value) for value in self.meta.get(name, []))
        yield from self._time_tags()

    def _time_tags(self) -> Iterator[tuple[str, str]]:
        for node in self.tree.xpath("//*[@itemprop='datePublished']")[:3]:
            yield "itemprop datePublished", node.get("datetime") or node.get("content") or text_of(node)
        tags = [node for node in self.tree.xpath("//time")[:40] if not outside(node)]
        strong = [node for node in tags if node.get("pubdate") is not None or _TIME_CLASS.search(_label(node))]
        for node in (strong or tags)[:1]:
            yield "time tag", node.get("datetime") or text_of(node)
        for node in self.tree.xpath("//*[contains(@class, 'date') or contains(@class, 'publish')]")[:40]:
            text = text_of(node)
            if len(text) <= 80 and not outside(node) and day(text):
                yield "the page's date line", text
                return

    def visible_bylines(self) -> list[str]:
        """Texts of the elements that the page marks as its byline, outermost first, outside menus and related items."""
        marked = self.tree.xpath("//*[@rel='author' or contains(@itemprop, 'author') or @class or @data-testid]")
        found = [text_of(node) for node in marked if _marks_byline(node) and not outside(node)]
        for node in self.tree.iter("p", "div", "span", "li", "address"):
            if len(node) <= 8 and _OPENS_BYLINE.match(_opening(node)) and not outside(node):
                found.append(text_of(node))
        return list(dict.fromkeys(text for text in found if 3 <= len(text) <= 200))[:12]

    def headings(self) -> list[str]:
        """The h1 texts, as they stand."""
        return [text for node in self.tree.xpath("//h1")[:10] if (text := text_of(node))]

    def titles(self) -> list[str]:
        """The title element of the head."""
        return [text for node in self.tree.xpath("//head/title | /html/title")[:1] if (text := text_of(node))]


def collect(tree: Node) -> Metadata:
    """Metadata of a parsed page."""
    nodes = tuple(_nodes(tree))
    meta: dict[str, list[str]] = {}
    for tag in tree.xpath("//meta[@content]")[:2000]:
        name = (tag.get("property") or tag.get("name") or tag.get("itemprop") or "").strip().lower()
        if name and (content := clean(tag.get("content")[:5000])):
            meta.setdefault(name, []).append(content)
    by_id: dict[str, dict[str, Any]] = {}
    for node in nodes:
        ident = node.get("@id")
        if isinstance(ident, str) and (node.get("name") or ident not in by_id):
            by_id[ident] = node
    return Metadata(tree, nodes, meta, by_id)


def _nodes(tree: Node) -> Iterator[dict[str, Any]]:
    """Every JSON-LD object of the page, nested ones included, breadth first, within limits."""
    todo: list[Any] = []
    for script in tree.xpath("//script[contains(translate(@type, 'LDJSON', 'ldjson'), 'ld+json')]")[:50]:
        todo.append(_loads((script.text or "")[:MAX_SCRIPT]))
    taken = 0
    while todo and taken < MAX_NODES:
        value = todo.pop(0)
        taken += 1
        if isinstance(value, list):
            todo.extend(value[:500])
        elif isinstance(value, dict):
            yield value
            todo.extend(inside for inside in value.values() if isinstance(inside, dict | list))


def _loads(text: str) -> Any:
    """JSON as pages write it: comments around it, raw line ends in strings."""
    text = re.sub(
        r"^\s{0,50}(?:<!--|//<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\]\]>|\]\]>)\s{0,50};?\s{0,50}$", "", text.strip()
    )
    try:
        return json.loads(text.rstrip("; \n"), strict=False)
    except (ValueError, RecursionError):
        return None


def _types(node: dict[str, Any]) -> set[str]:
    return {str(kind).rsplit("/", 1)[-1] for kind in _listed(node.get("@type"))}


def _is_article_page(node: dict[str, Any]) -> bool:
    return "headline" in node and ("datePublished" in node or "author" in node)


def _listed(value: Any) -> list[Any]:
    return value[:100] if isinstance(value, list) else [] if value is None else [value]


def clean(value: Any) -> str:
    """A metadata value as plain text: entities undone (twice where a page escaped twice), tags and line ends gone."""
    if not isinstance(value, str):
        return ""
    text = html.unescape(html.unescape(value[:5000]))
    text = re.sub(r"</?(?:em|i|b|strong|span|br|p)\b[^<>]{0,200}>", " ", text)
    return " ".join(text.split())


def text_of(node: Node) -> str:
    """Text of an element with white space folded, scripts and styles left out."""
    return " ".join("".join(_pieces(node)).split())


def _pieces(node: Node) -> Iterator[str]:
    walk = etree.iterwalk(node, events=("start", "end", "comment", "pi"))
    for step, element in walk:
        if step == "start":
            if element.tag in _SILENT:
                walk.skip_subtree()
            else:
                yield element.text or ""
            continue
        if element.tag in _BREAKING:
            yield " "
        if element is not node:
            yield element.tail or ""


def _label(node: Node) -> str:
    return (
        f"{node.get('class') or ''} {node.get('id') or ''} {node.get('itemprop') or ''} {node.get('data-testid') or ''}"
    )


def _opening(node: Node) -> str:
    return (node.text or "").strip()[:40]


def _marks_byline(node: Node) -> bool:
    if node.tag in ("script", "style", "meta", "link", "body", "html", "main", "article", "img"):
        return False
    rel, prop = node.get("rel") or "", node.get("itemprop") or ""
    return rel == "author" or "author" in prop or bool(_VISIBLE_BYLINE.search(_label(node)))


def outside(node: Node) -> bool:
    """Whether an element stands in a menu, a footer, a comment list or a block of related stories.

    The look upward ends at the element that also holds the heading: that one is the story's own.
    """
    while node is not None and node.tag not in ("body", "html", "main") and node.find(".//h1") is None:
        if node.tag in ("nav", "footer", "aside") or _NOT_OURS.search(_label(node)[:300]):
            return True
        node = node.getparent()
    return False
