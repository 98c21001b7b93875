"""Bytes to text: gzip with a cap, lines with a cap, character sets, and what a file seems to be.

Everything streams, so a bomb costs what its cap allows and no more. It refuses to guess a format
beyond a handful of signatures, and it never fails on a bad byte: a story with one broken quote is
still a story.
"""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Literal

MAX_STORY_BYTES = 5_000_000
"""One story's file, decompressed; larger pages hang every HTML parser."""
MAX_LINE_BYTES = 10_000_000
MAX_RATIO = 100
"""Decompressed bytes per compressed byte, checked once a file has grown past MAX_STORY_BYTES."""

CHUNK = 1 << 16
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHARSET = re.compile(rb"""(?:charset|encoding)\s{0,3}=\s{0,3}["']?([A-Za-z0-9_:.-]{2,40})""")
_HTML = re.compile(rb"<(?:!doctype\s{1,9}html|html|head|body|article|div|p|h1|meta|title)\b", re.IGNORECASE)
_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF|channel)\b", re.IGNORECASE)
_FOREIGN = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"WARC/", "a WARC archive"),
    (b"\x28\xb5\x2f\xfd", "Zstandard-compressed"),
    (b"BZh", "bzip2-compressed"),
    (b"\xfd7zXZ", "xz-compressed"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "an SQLite database"),
)

Format = Literal["html", "text", "jsonl", "json", "csv", "tsv", "parquet", "feed"]


class UnreadableError(Exception):
    """A file or a stream that can't be read to its end. The message completes "FILE: ..."."""


def chunks(stream: BinaryIO, *, cap: int | None = None) -> Iterator[bytes]:
    """Pieces of a binary stream, decompressed when it is gzip, as UTF-8 when it opens with a byte order mark.

    Raises UnreadableError past `cap` decompressed bytes, past MAX_RATIO, and on damaged gzip data.
    """
    pieces = iter(lambda: stream.read(CHUNK), b"")
    first = next(pieces, b"")
    if first.startswith(b"\x1f\x8b"):
        pieces = _gunzip(_chain(first, pieces))
        first = next(pieces, b"")
    for bom, name in _BOMS:
        if first.startswith(bom):
            yield from _capped(_transcode(_chain(first[len(bom) :], pieces), name), cap)
            return
    yield from _capped(_chain(first, pieces), cap)


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from rest


def _capped(pieces: Iterable[bytes], cap: int | None) -> Iterator[bytes]:
    total = 0
    for piece in pieces:
        total += len(piece)
        if cap is not None and total > cap:
            raise UnreadableError(f"holds more than {cap / 1e6:.0f} MB; one story may have no more")
        yield piece


def _transcode(pieces: Iterable[bytes], name: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(name)(errors="replace")
    for piece in pieces:
        yield decoder.decode(piece).encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def _gunzip(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Decompressed pieces of at most 1 MB; several gzip members in a row are one stream."""
    inflate, taken, given, ended = zlib.decompressobj(31), 0, 0, False
    for piece in pieces:
        taken += len(piece)
        while piece:
            if ended:
                if not piece.startswith(b"\x1f"):
                    return
                inflate, ended = zlib.decompressobj(31), False
            try:
                out = inflate.decompress(piece, 1 << 20)
            except zlib.error as error:
                raise UnreadableError(f"its gzip data is damaged after {given:,} bytes ({error})") from error
            given += len(out)
            if given > MAX_STORY_BYTES and given > MAX_RATIO * taken:
                raise UnreadableError(f"unpacks to more than {MAX_RATIO} times its size, as a gzip bomb does")
            if out:
                yield out
            ended = inflate.eof
            piece = inflate.unused_data if ended else inflate.unconsumed_tail
    if not ended:
        raise UnreadableError(f"its gzip data ends too early, after {given:,} bytes")


def lines(pieces: Iterable[bytes], *, cap: int = MAX_LINE_BYTES) -> Iterator[tuple[int, bytes | None]]:
    """(number from 1, line without its end); None in place of a line longer than `cap` bytes."""
    held: list[bytes] = []
    number, size, over = 1, 0, False
    for piece in pieces:
        parts = piece.split(b"\n")
        for last, part in enumerate(parts, 1 - len(parts)):
            size += len(part)
            over = over or size > cap
            if over:
                held.clear()
            else:
                held.append(part)
            if last == 0:
                break
            yield number, None if over else b"".join(held).removesuffix(b"\r")
            number, held, size, over = number + 1, [], 0, False
    if size:
        yield number, None if over else b"".join(held).removesuffix(b"\r")


def decode(data: bytes, declared: str | None = None) -> str:
    """Text of `data`, whatever happens.

    A byte order mark wins, then valid UTF-8, then UTF-8 with rare damage, then the character set
    declared (by the caller, else in the first 2 kB), then a guess, then cp1252. NUL characters go.
    """
    for bom, name in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(name, "replace").replace("\0", "")
    wide = _wide(data)
    if wide:
        return data.decode(wide, "replace").replace("\0", "")
    try:
        return data.decode("utf-8").replace("\0", "")
    except UnicodeDecodeError:
        return _decode_other(data, declared).replace("\0", "")


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: every second byte of Latin text is NUL."""
    sample = data[:2000]
    if len(sample) < 8:
        return None
    half = len(sample) // 2
    if sample[1::2].count(0) > 0.7 * half and sample[::2].count(0) < 0.1 * half:
        return "utf-16-le"
    if sample[::2].count(0) > 0.7 * half and sample[1::2].count(0) < 0.1 * half:
        return "utf-16-be"
    return None


def _decode_other(data: bytes, declared: str | None) -> str:
    lenient = data.decode("utf-8", "replace")
    damage = lenient.count("\ufffd")
    good = sum(1 for byte in data[:500_000] if byte >= 0xC2) - damage
    if good > 4 * damage:
        return lenient
    for name in (declared, _declared(data), _guess(data)):
        if name and not name.lower().replace("_", "-").startswith(("utf-8", "utf8", "utf-16", "utf-32", "utf-7")):
            try:
                return data.decode(name)
            except (LookupError, UnicodeDecodeError, ValueError):
                continue
    return data.decode("cp1252", "replace")


def _declared(data: bytes) -> str | None:
    match = _CHARSET.search(data[:2048])
    return match[1].decode("ascii") if match else None


def _guess(data: bytes) -> str | None:
    """charset-normalizer's best guess; too few high bytes say nothing, and cp1252 is then the likeliest."""
    if sum(1 for byte in data[:CHUNK] if byte > 0x7F) < 30:
        return None
    from charset_normalizer import from_bytes

    best = from_bytes(data[:CHUNK]).best()
    return best.encoding if best else None


def sniff(head: bytes) -> Format | str:
    """The format that the first bytes of a file (gzip already undone) show, or why it can't be read.

    A reason starts with "is ..." or "looks ...", so it completes "FILE: ...".
    """
    if not head.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        return "is empty"
    if head.startswith(b"PAR1"):
        return "parquet"
    for magic, what in _FOREIGN:
        if head.startswith(magic):
            return f"is {what}, which Dateline does not read"
    if not head.startswith(tuple(bom for bom, _ in _BOMS)) and not _wide(head) and _binary(head):
        return "looks like binary data, not text"
    return _text_format(decode(head).lstrip().encode())


def _binary(head: bytes) -> bool:
    odd = sum(1 for byte in head if byte < 32 and byte not in b"\t\n\r\f\x1b")
    return odd > max(2, len(head) // 50)


def _text_format(head: bytes) -> Format | str:
    if head.startswith((b"{", b"[")):
        first = head.split(b"\n", 1)[0].rstrip()
        return "jsonl" if first.startswith(b"{") and first.endswith(b"}") else "json"
    if head.startswith(b"<") and _FEED.search(head[:2000]) and not re.search(rb"<html\b", head[:2000], re.IGNORECASE):
        return "feed"
    if _HTML.search(head[:4000]) and head.count(b"<") >= 3:
        return "html"
    if head.startswith(b"<?xml"):
        return "is XML, but neither RSS nor Atom"
    return "text"
