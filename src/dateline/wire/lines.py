"""Plain text to logical lines: one paragraph each, with its span in the raw text.

Hard-wrapped wires (lines of 60 to 80 characters, paragraphs apart by a blank line or an indent) are
unwrapped; a line so joined is no longer verbatim. It refuses to reorder or to drop anything but space,
control characters and the marks that old wires put at the ends of lines ("^", "<", "=").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from dateline.wire.datelines import parse_dateline
from dateline.wire.notes import is_slug, parse_remark
from dateline.wire.people import parse_byline

_PHYSICAL = re.compile(r"[^\r\n\u2028\u2029\x0b\x0c\x85]+")
_LEADING = re.compile(r"^[\s\x00-\x20\x7f\u00a0\u200b\ufeff^]+")
_TRAILING = "\x7f\u00a0\u200b\ufeff<=" + "".join(map(chr, range(0x21)))


@dataclass(frozen=True, slots=True)
class Line:
    """A logical line. `raw[start:end] == text` when `verbatim`; `apart`: a blank line stands before it."""

    text: str
    start: int
    end: int
    verbatim: bool = True
    apart: bool = False


@dataclass(frozen=True, slots=True)
class _Physical:
    text: str
    start: int
    end: int
    indent: int
    apart: bool


def _physical(raw: str) -> list[_Physical]:
    found: list[_Physical] = []
    apart, previous = True, 0
    for match in _PHYSICAL.finditer(raw):
        if raw.count("\n", previous, match.start()) > 1 or raw.count("\r", previous, match.start()) > 1:
            apart = True
        previous = match.end()
        whole = match.group()
        lead = _LEADING.match(whole)
        offset = lead.end() if lead else 0
        text = whole[offset:].rstrip(_TRAILING)
        if not text:
            apart = True
            continue
        start = match.start() + offset
        indent = len(whole[:offset].expandtabs(4).replace("^", "").strip("\x00\x16\x02"))
        found.append(_Physical(text, start, start + len(text), indent, apart))
        apart = False
    return found


def _is_wrapped(lines: list[_Physical]) -> tuple[bool, int]:
    """Whether the text is hard-wrapped, and at what width.

    Lines that another line continues must be of one narrow width, and mostly end inside a sentence.
    """
    inner = [line for line, following in pairwise(lines) if not following.apart and following.indent <= line.indent]
    if len(inner) < 3:
        return False, 0
    lengths = sorted(len(line.text) for line in inner)
    width = lengths[int(len(lengths) * 0.9)] if len(lengths) > 9 else lengths[-1]
    full = [line for line in inner if len(line.text) >= 0.7 * width]
    # Near the end of the body a line rarely ends a sentence by chance: one in four at most.
    mid_sentence = sum(line.text[-1] not in ".!?\"”':" for line in full)
    longest = max(len(line.text) for line in lines)
    return 38 <= width <= 100 and longest <= 1.6 * width and len(full) >= 0.6 * len(
        inner
    ) and mid_sentence >= 0.6 * len(full), width


def _stands_alone(text: str) -> bool:
    return bool(is_slug(text) or parse_byline(text) or parse_remark(text) or re.match(r"(?i)by\s+[A-Z]", text))


def _joined(group: list[_Physical], raw: str) -> Line:
    first, last = group[0], group[-1]
    text = first.text
    for line in group[1:]:
        glue = "" if re.search(r"\w-$", text) and line.text[:1].islower() else " "
        text += glue + line.text
    text = re.sub(r"[\s\x00-\x1f\x7f]+", " ", text) if len(group) > 1 else text
    return Line(text, first.start, last.end, raw[first.start : last.end] == text, first.apart)


def logical_lines(raw: str) -> list[Line]:
    """The non-blank logical lines of `raw`, in order; hard-wrapped paragraphs come back as one line each."""
    lines = _physical(raw)
    wrapped, width = _is_wrapped(lines)
    if not wrapped:
        return [Line(line.text, line.start, line.end, True, line.apart) for line in lines]
    groups: list[list[_Physical]] = []
    heading = True  # above the text every line is looked at; inside it only width and indent count
    for line in lines:
        previous = groups[-1][-1] if groups else None
        begins = (
            previous is None or line.apart or line.indent >= previous.indent + 2 or _ends_short(previous, line, width)
        )
        if heading and previous is not None and not begins:
            begins = _stands_alone(previous.text) or _stands_alone(line.text) or _opens_text(line.text)
        if begins:
            groups.append([])
            heading = heading and not _opens_text(line.text) and not (len(groups) > 1 and len(groups[-2]) > 3)
        groups[-1].append(line)
    return [_joined(group, raw) for group in groups]


def _ends_short(previous: _Physical, line: _Physical, width: int) -> bool:
    """Whether `previous` is too short to be continued: far short of the width, or short and a sentence's end."""
    if len(previous.text) < 0.62 * width or is_slug(line.text):
        return True
    ended = previous.text.rstrip("\"'”’)")[-1:] in ".!?"
    return ended and len(previous.text) + len(line.text.split()[0]) + 1 < 0.85 * width


def _opens_text(text: str) -> bool:
    found = parse_dateline(text)
    return bool(found and (found[0].agency or found[0].date) and found[1])
