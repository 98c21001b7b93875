"""The story's paragraphs, out of what the extractor took for the main text.

The extractor finds the article; this cuts what is still in it and is no sentence of the story:
section heads, the repeated headline, the standfirst, links to other stories, calls to sign up. It
adds nothing and changes no word.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from .choices import folded
from .metadata import Metadata, Node, text_of

_STANDFIRST = re.compile(
    r"stand-?first|sub-?title|sub-?head|sub-?headline|(?:^|[\s_-])(?:dek|deck|strap-?line|kicker|excerpt|teaser|abstract|"
    r"summary|tagline|lede?-?text|article-?description)(?:$|[\s_-])", re.I)  # fmt: skip
_FURNITURE = re.compile(
    r"newsletter|sign-?up|subscri|promo|advert|sponsor|related|read-?more|recommend|social|share|author-?bio|vjs-|video-|"
    r"(?:^|[\s_-])bio(?:$|[\s_-])|contributor|disclaimer|copyright|cookie|breadcrumb|caption|(?:^|[\s_-])tags?(?:$|[\s_-])|"
    r"twitter-tweet|instagram-media|tiktok-embed|(?:^|[\s_-])(?:cards?|collections?|dek)(?:$|[\s_-])",
    re.I,
)
# A call to the reader or a pointer to another text. Each opens its paragraph and none can open a sentence of news.
_CALL = re.compile(
    r"""^\W{0,3}(?:
    (?:sign|signed)\s+up\s+(?:for|to|here|now|today)\b | subscribe\s+(?:to|now|here|today|for)\b | click\s+here\b
    | tap\s+here\b
    | get\s+(?:the\s+)?(?:latest|more|our|all|breaking|unlimited|your\s+daily)\b.{0,80}(?:inbox|newsletter|email
    |alerts|app|news|updates|stories)
    | (?:read|see|watch|listen|hear)\s+(?:(?:more|also|next|the\s+full\s+story)\b.{0,160}$ | (?:on|now|too)\s*(?::|$))
    | (?:more|related|also|watch|listen|photos|video|gallery|explainer|analysis|opinion|don['\u2019]t\s+miss
    |recommended|popular
        |most\s+(?:read|popular|viewed)|trending|up\s+next|top\s+stories|latest\s+news|further\s+reading
    |in\s+pictures)\s*(?::|\||>|$)
    | more\s+(?:from|on\s+this|about\s+this|stories|news|coverage|in\s+this)\b[^.!?]{0,100}$
    | recommended\s+(?:videos?|stories|reading)\b
    | (?:follow|like|join|find|contact|reach|email|e-mail|tweet)\s+(?:us|him|her|me|the\s+author|our
    |[A-Z][\w.]+(?:\s[\w.]+){0,3})?\s*
        (?:on|at|in|via|@)\b.{0,140}(?:twitter|facebook|instagram|whatsapp|telegram|tiktok|bluesky|google|x\b|@
    |channel|news\b)
    | download\s+(?:the|our)\b.{0,60}\bapp\b
    | (?:got|have|do\s+you\s+have)\s+(?:a|any)\s+(?:story|tips?|news|comment|question)\b
    | for\s+more\s+(?:stories|news|information|on\s+this|from|coverage|\w+\s+news|like)\b.{0,160}$
    | get\s+in\s+touch\b | (?:are|have)\s+you\s+.{0,80}\?\s.{0,60}(?:get\s+in\s+touch|email|contact|let\s+us\s+know)
    | (?:the\s+)?(?:article|story)\s+(?:content|continues)\b | continue\s+reading\b | advertisement\b
    | advertising\b\s*$ | story\s+continues
    | skip\s+(?:past|to)\b | comments?\s*(?:\(\d+\))?$
    | (?:join|start|view|show|leave|add|post)\s+(?:the|a|our|your)?\s*(?:\w+\s)?(?:conversation|comments?|discussion
    |commenting)\b
    | share\s+(?:this|on|via|your)\b.{0,80}$ | copy\s+link | print\s*$ | save\s*$
    | image\s+(?:source|credit|caption)\b | (?:photo|photograph|image|picture)s?\s*(?:by|credit)?\s*:
    | enjoying\s+our | log\s?in\b.{0,60}$ | create\s+(?:an\s+)?(?:free\s+)?account
    | already\s+(?:a\s+)?(?:subscriber|registered|have)
    | you\s+(?:must|need\s+to|can)\s+(?:confirm|log\s?in|sign|subscribe|unsubscribe|be\s+logged)
    | please\s+(?:log|sign|enable|subscribe|consider)\b
    | thank\s+you\s+for\s+(?:reading|visiting|subscribing|signing)
    | support\s+(?:our|independent|quality)\s+journalism
    | (?:all\s+rights\s+reserved|copyright\s+\W?\s*\d{4}|\u00a9|\(c\)\s*\d{4}) | our\s+standards:
    | this\s+(?:article|story|content|material)\s+(?:was\s+)?(?:originally\s+)?(?:appeared|first\s+appeared
    |may\s+not\s+be)
    | (?:we|this\s+(?:article|page|post))\s+(?:independently|may)\s.{0,120}(?:commission|affiliate)
    | (?:to\s+)?(?:view|see|watch)\s+this\s+(?:video|content|post)\b | (?:e-?mail|contact)\s*:
    | have\s+your\s+say\b | view\s+(?:more|all|gallery)\b
    | (?:this\s+is\s+a\s+)?breaking\s+(?:news?\s+)?story\s*[\u2013\u2014:-]?\s*(?:more|updates?)\s+to\s+(?:follow
    |come) | this\s+is\s+a\s+(?:breaking|developing)\s+(?:news?\s+)?story\b
    | our\s+(?:community\s+)?members\s+(?:are|get|receive) | follow\s+along\s+with\b
    | stay\s+(?:up\s+to\s+date|informed|on\s+top|tuned)\b
    )""", re.I | re.X)  # fmt: skip
_POST = re.compile(r"^[\u2014\u2013-]\s.{1,80}\(@\w{1,30}\)|pic\.twitter\.com/\w{1,40}\W*$|https?://t\.co/\w{1,40}\W*$")
"""A quoted post's signature line, or a post that ends in its picture."""
_BLOCK_TAGS = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "div", "span", "td", "figcaption")
_LINE_END = "\x1e"  # a <br>, told apart from a line end in the page's source
_RULE = re.compile(r"^[\W_]*$")
_ENDED = re.compile(r"[.!?…:;][\"'”’)\]»]*$")


@dataclass(frozen=True, slots=True)
class Block:
    """One block: the extractor's tag, its text, its class, and the page's elements that hold that text."""

    tag: str
    text: str
    label: str
    nodes: tuple[Node, ...] = ()

    @property
    def node(self) -> Node | None:
        """The first of the page's elements with this text, None where the text could not be placed."""
        return self.nodes[0] if self.nodes else None


def blocks(extracted: Node, tree: Node) -> list[Block]:
    """Blocks of the extractor's result, each with the element of the page it came from where that is certain."""
    index = _index(tree)
    return [Block(tag, text, label, tuple(index.get(folded(text), ()))) for tag, text, label in _leaves(extracted)]


def _leaves(extracted: Node) -> Iterator[tuple[str, str, str]]:
    for node in extracted.iter("p", "head", "item", "quote", "ab", "cell", "code"):
        if any(child.tag in ("p", "item", "quote", "head", "list") for child in node.iterdescendants()):
            continue
        for line in "".join(_inline(node)).split(_LINE_END):
            if text := " ".join(line.split()):
                yield str(node.tag), text, node.get("class") or ""


def _inline(node: Node) -> Iterator[str]:
    yield node.text or ""
    for child in node:
        if child.tag == "lb":
            yield _LINE_END
        else:
            yield from _inline(child)
        yield child.tail or ""


def _index(tree: Node) -> dict[str, list[Node]]:
    """Folded text -> the innermost block elements of the page that hold exactly it, paragraphs first."""
    index: dict[str, list[Node]] = {}
    for node in tree.iter(*_BLOCK_TAGS):
        if node.tag in ("div", "span") and len(list(islice(node.iter(), 13))) > 12:
            continue
        text = text_of(node)
        if 1 < len(text) <= 5000:
            held = index.setdefault(folded(text), [])
            if held and held[-1] in node.iterancestors():
                if held[-1].tag not in ("div", "span"):
                    continue
                held.pop()
            held.append(node)
    for held in index.values():
        held.sort(key=lambda node: node.tag != "p")
    return index


def paragraphs(found: Sequence[Block], metadata: Metadata, headline: str | None) -> list[str]:
    """Paragraphs of the story, in order."""
    heads = _headings_are_text(found)
    kept = [block for block in found if heads or not _is_heading(block)]
    kept = _without_tables(kept)
    holder = _holder(kept)
    if holder is not None:
        inside = set(holder.iter())
        kept = [narrowed for block in kept if (narrowed := _narrowed(block, holder, inside)) is not None]
    repeats = {
        folded(text)
        for text in (headline, *metadata.headings(), *metadata.titles(), *metadata.values("og:title"))
        if text
    }
    kept = [block for block in kept if folded(block.text) not in repeats and not _furniture(block, holder)]
    kept = _without_standfirst(kept, metadata)
    return [block.text for block in _once(kept)]


def _without_tables(kept: list[Block]) -> list[Block]:
    """Without table cells, unless the page is laid out in tables."""
    cells = sum(len(block.text) for block in kept if block.tag == "cell")
    total = sum(len(block.text) for block in kept)
    return kept if cells > 0.5 * total else [block for block in kept if block.tag != "cell"]


def _narrowed(block: Block, holder: Node, inside: set[Node]) -> Block | None:
    """The block with its elements in the story alone, those in boxes last; None when all stand elsewhere."""
    if not block.nodes:
        return block
    nodes = sorted((node for node in block.nodes if node in inside), key=lambda node: _set_apart(node, holder))
    return replace(block, nodes=tuple(nodes)) if nodes else None


def _headings_are_text(found: Sequence[Block]) -> bool:
    """Some pages mark paragraphs as headings; then headings are most of the text and stay."""
    total = sum(len(block.text) for block in found)
    return sum(len(block.text) for block in found if _is_heading(block)) > 0.6 * total


def _is_heading(block: Block) -> bool:
    return block.tag == "head" or (block.node is not None and block.node.tag in ("h1", "h2", "h3", "h4", "h5", "h6"))


def _holder(kept: Sequence[Block]) -> Node | None:
    """The smallest element of the page that holds four fifths of the text that could be placed."""
    placed = [block for block in kept if block.node is not None]
    total = sum(len(block.text) for block in placed)
    weights: Counter[Any] = Counter()
    for block in placed:
        for ancestor in block.nodes[0].iterancestors():
            weights[ancestor] += len(block.text)
    holders = [node for node, weight in weights.items() if weight >= 0.8 * total]
    if len(placed) < 4 or not holders:
        return None
    return max(holders, key=lambda node: sum(1 for _ in node.iterancestors()))


def _furniture(block: Block, holder: Node | None) -> bool:
    text = block.text
    if _RULE.match(text) or _CALL.match(text[:400]) or _POST.search(text[:600]):
        return True
    if block.node is None:
        return bool(_FURNITURE.search(block.label)) and len(text) < 300
    return _set_apart(block.node, holder) or (_all_link(block.node) and not _ENDED.search(text))


def _set_apart(node: Node, holder: Node | None) -> bool:
    """Whether something between a paragraph and the story's own element marks it as a box (sign-up, bio, tags)."""
    while node is not None and node is not holder and node.tag not in ("body", "main", "article", "html"):
        label = f"{node.get('class') or ''} {node.get('id') or ''}"[:160]
        if node.tag in ("aside", "nav", "footer", "form", "a", "figure", "figcaption") or _FURNITURE.search(label):
            return True
        node = node.getparent()
    return False


def _all_link(node: Node) -> bool:
    linked = sum(len(text_of(link)) for link in node.iter("a"))
    return linked >= 0.9 * len(text_of(node)) > 0


def _without_standfirst(kept: list[Block], metadata: Metadata) -> list[Block]:
    """Without the summary over the story: marked as one, or the page's description apart from the paragraphs."""
    described = {folded(text) for text in metadata.values("description", "og:description", "twitter:description")}
    described |= {folded(str(node.get("description"))) for node in metadata.articles if node.get("description")}
    parents = Counter(block.node.getparent() for block in kept if block.node is not None)
    first = 0
    while first < min(2, len(kept) - 1) and _standfirst(kept[first], described, parents):
        first += 1
    return kept[first:]


def _standfirst(block: Block, described: set[str], parents: Counter[Any]) -> bool:
    if block.node is None:
        return bool(_STANDFIRST.search(block.label)) or folded(block.text) in described
    parent = block.node.getparent()
    # A parent of many paragraphs is the story's own, whatever it is called.
    marked = [block.node, parent] if parent is not None and parents[parent] <= 2 else [block.node]
    if _STANDFIRST.search(" ".join(f"{one.get('class') or ''} {one.get('id') or ''}" for one in marked)[:300]):
        return True
    return parents[parent] < max(parents.values()) and folded(block.text) in described


def _once(kept: Sequence[Block]) -> Iterator[Block]:
    """Each paragraph once: pages repeat pull quotes and related boxes."""
    seen: set[str] = set()
    for block in kept:
        key = folded(block.text)
        if len(key) < 40 or key not in seen:
            yield block
        seen.add(key)
