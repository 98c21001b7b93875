"""What a page or a feed may cost before a parser sees it, and a parser that nothing can stop.

The figures are those at which the C parsers still answered in time; above them each of the five
that were measured hung or lost the article in silence. Nothing here decides what a story is.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

MAX_HTML = 5_000_000
"""Characters of one page."""
MAX_TAGS = 50_000
MAX_ATTRIBUTES = 256
MAX_TEXT = 200_000
"""Characters of one story."""

_TAG = re.compile(r"<[A-Za-z/!]")
_BLOCKS = frozenset(
    "address article aside blockquote br caption center dd details div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr li main nav ol option p pre section table td th title tr ul".split()
)
_HIDDEN = frozenset("script style noscript template svg nav footer form aside select textarea iframe head".split())
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


def overload(html: str) -> str | None:
    """Why this page is not given to the C parsers, or None. Linear in the page."""
    if len(html) > MAX_HTML:
        return f"{len(html) / 1e6:.1f} MB of HTML; the limit is {MAX_HTML / 1e6:.0f} MB"
    tags = sum(1 for _ in _TAG.finditer(html))
    if tags > MAX_TAGS:
        return f"{tags:,} tags; the limit is {MAX_TAGS:,}"
    if _crowded(html):
        return f"a tag with more than {MAX_ATTRIBUTES} attributes"
    return None


def _crowded(html: str) -> bool:
    """Whether any tag holds more than MAX_ATTRIBUTES "=" signs outside quotes, give or take."""
    for piece in html.split("<")[1:]:
        if piece.count("=") > MAX_ATTRIBUTES or piece.count(" ") > 4 * MAX_ATTRIBUTES:
            tag = re.sub(r"\"[^\"]*\"|'[^']*'", "", piece.split(">", 1)[0])
            if piece[:1].isalpha() and max(tag.count("="), len(tag.split())) > MAX_ATTRIBUTES:
                return True
    return False


class _Lines(HTMLParser):
    """Text of a page as lines, block by block, without menus and scripts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN and len(self.hidden) < 64:
            self.hidden.append(tag)
        if tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN and tag in self.hidden:
            del self.hidden[self.hidden.index(tag) :]
        if tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.pieces.append(data.replace("\n", " "))


def plain_lines(html: str) -> str:
    """Visible text of a page, one block a line: slow, linear, and not to be broken by nesting."""
    parser = _Lines()
    parser.feed(html[:MAX_HTML])
    parser.close()
    rows = (" ".join(row.split()) for row in "".join(parser.pieces).split("\n"))
    return "\n".join(row for row in rows if row)
