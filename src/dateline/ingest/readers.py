"""One reader per format: a file's bytes in, a Raw or a Drop for every story in it.

`READERS` is the table of what exists; a new format is one function and one line there. A reader
never raises for what a file holds: a line that can't be read is a Drop that names file and line,
and the lines after it go on. Nothing here cleans a story.
"""

from __future__ import annotations

import csv
import hashlib
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from dateline.records import Drop, Kind, Raw

from .decoding import MAX_LINE_BYTES, MAX_STORY_BYTES, UnreadableError, chunks, decode, lines, sniff
from .feeds import items
from .fields import Columns, raw_of

MAX_DOCUMENT = 200_000_000
"""Bytes of a .json file, which is held whole; JSONL has no such limit."""
MAX_FEED = 20_000_000
MAX_PARQUET = 4_000_000_000
MAX_CELL = 16_000_000
BATCH_ROWS = 200


@dataclass(frozen=True)
class Opened:
    """A file that is open: its name for messages, its stem for ids, and how to read it."""

    name: str
    stem: str
    stream: BinaryIO
    path: Path | None = None
    url: str | None = None
    charset: str | None = None
    published: str | None = None
    columns: Mapping[str, str] | None = None

    def drop(self, reason: str, line: int | None = None) -> Drop:
        """A Drop of this file, or of one line of it; the reason completes "FILE, line N: ..."."""
        place = self.name if line is None else f"{self.name}, line {line}"
        ident = self.stem if line is None else f"{self.stem}:{line}"
        return Drop(ident, "read", f"{place}: {reason}", file=self.name, line=line, url=self.url)


Reader = Callable[[Opened], Iterator[Raw | Drop]]


def read_html(opened: Opened) -> Iterator[Raw | Drop]:
    """One page a file; the id is the file's stem."""
    yield _one_story(opened, "page")


def read_text(opened: Opened) -> Iterator[Raw | Drop]:
    """One plain-text story a file, with whatever furniture stands around it."""
    yield _one_story(opened, "scrape")


def _one_story(opened: Opened, kind: Kind) -> Raw | Drop:
    try:
        data = b"".join(chunks(opened.stream, cap=MAX_STORY_BYTES))
    except (UnreadableError, OSError) as error:
        return opened.drop(str(error))
    text = decode(data, opened.charset).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        return opened.drop("is empty")
    digest = hashlib.sha256(data).hexdigest()
    return Raw(opened.stem, kind, text, digest=digest, file=opened.name, url=opened.url)


def read_jsonl(opened: Opened) -> Iterator[Raw | Drop]:
    """One JSON object a line."""
    try:
        for number, data in lines(chunks(opened.stream)):
            if data is None:
                yield opened.drop(f"the line is longer than {MAX_LINE_BYTES / 1e6:.0f} MB", number)
            elif data.strip():
                yield _object(opened, data, number)
    except (UnreadableError, OSError) as error:
        yield opened.drop(str(error))


def _object(opened: Opened, data: bytes, number: int) -> Raw | Drop:
    try:
        return _record(opened, _loads(data), number)
    except orjson.JSONDecodeError as error:
        return opened.drop(f"not JSON ({error})", number)


def _loads(data: bytes) -> object:
    """JSON of bytes that should be UTF-8; bytes that are not are decoded as text is elsewhere."""
    try:
        found: object = orjson.loads(data)
    except orjson.JSONDecodeError:
        text = decode(data)
        if text.encode("utf-8", "replace") == data:
            raise
        found = orjson.loads(text.encode("utf-8", "replace"))
    return found


def _record(opened: Opened, value: object, number: int) -> Raw | Drop:
    if not isinstance(value, dict):
        return opened.drop(f'a JSON object is needed, like {{"id": ..., "text": ...}}; found {_kind_of(value)}', number)
    columns = Columns(list(value), opened.columns)
    if not columns.usable:
        return opened.drop(columns.complaint, number)
    return _placed(opened, raw_of(columns.pick(value), file=opened.name, line=number, published=opened.published))


def _placed(opened: Opened, found: Raw | Drop) -> Raw | Drop:
    if isinstance(found, Drop):
        return Drop(
            found.id,
            found.stage,
            f"{opened.name}, line {found.line}: {found.reason}",
            found.file,
            found.line,
            found.url,
        )
    return found


def _kind_of(value: object) -> str:
    names = {list: "a list", str: "a string", int: "a number", float: "a number", bool: "true or false"}
    return names.get(type(value), "null")


def read_json(opened: Opened) -> Iterator[Raw | Drop]:
    """An object, a list of objects, an object that holds such a list, or JSON lines under this name."""
    try:
        data = b"".join(chunks(opened.stream, cap=MAX_DOCUMENT))
    except (UnreadableError, OSError):
        yield opened.drop(f"can't be held whole (over {MAX_DOCUMENT / 1e6:.0f} MB, or damaged); save it as JSON lines")
        return
    try:
        value = _loads(data)
    except orjson.JSONDecodeError as error:
        numbered = [(number, line) for number, line in enumerate(data.split(b"\n"), 1) if line.strip()]
        if len(numbered) > 1 and all(line.lstrip().startswith(b"{") for _, line in numbered[:2]):
            yield from (_object(opened, line, number) for number, line in numbered)
        else:
            yield opened.drop(f"not JSON ({error})")
        return
    for number, item in enumerate(_stories(value), 1):
        yield _record(opened, item, number)


def _stories(value: object) -> Sequence[object]:
    """The list of stories in a JSON document: itself, its only list of objects, or it is one story."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and not Columns(list(value)).usable:
        inside = [item for item in value.values() if isinstance(item, list) and item and isinstance(item[0], dict)]
        if len(inside) == 1:
            return inside[0]
    return [value]


def read_csv(opened: Opened) -> Iterator[Raw | Drop]:
    """A header line, then a story a row. The delimiter is the likeliest of comma, semicolon, tab and bar."""
    yield from _table(opened, None)


def read_tsv(opened: Opened) -> Iterator[Raw | Drop]:
    """A header line, then a story a row, with tabs between cells."""
    yield from _table(opened, "\t")


def _table(opened: Opened, delimiter: str | None) -> Iterator[Raw | Drop]:
    # The limit is the csv module's own and process-wide; its default would abort a file at a long story.
    csv.field_size_limit(max(csv.field_size_limit(), MAX_CELL))
    texts = _csv_lines(opened)
    try:
        first = next(texts, "")
        rows = csv.reader(itertools.chain([first], texts), delimiter=delimiter or _delimiter(first))
        yield from _rows(opened, rows)
    except (UnreadableError, OSError) as error:
        yield opened.drop(str(error))


def _csv_lines(opened: Opened) -> Iterator[str]:
    for number, data in lines(chunks(opened.stream), cap=MAX_CELL):
        if data is None:
            raise UnreadableError(
                f"line {number} is longer than {MAX_CELL / 1e6:.0f} MB, so the rows after it can't be told apart"
            )
        yield decode(data).removeprefix("\ufeff") + "\n"


def _delimiter(header: str) -> str:
    return max((",", ";", "\t", "|"), key=header[:5000].count)


def _rows(opened: Opened, rows: Any) -> Iterator[Raw | Drop]:  # csv.reader has no public type
    header = [name.strip() for name in next(rows, [])]
    columns = Columns(header, opened.columns)
    if not columns.usable:
        yield opened.drop(columns.complaint)
        return
    while True:
        number = rows.line_num + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield opened.drop(f"the row can't be read ({error})", number)
            continue
        if any(cell.strip() for cell in row):
            yield _row(opened, columns, header, row, number)


def _row(opened: Opened, columns: Columns, header: list[str], row: list[str], number: int) -> Raw | Drop:
    if len(row) != len(header):
        hint = "quote cells that hold the delimiter or a line end"
        return opened.drop(f"{len(row)} cells where the header has {len(header)}; {hint}", number)
    record = columns.pick(dict(zip(header, row, strict=True)))
    return _placed(opened, raw_of(record, file=opened.name, line=number, published=opened.published))


def read_parquet(opened: Opened) -> Iterator[Raw | Drop]:
    """A story a row, in batches; `line` is the row's number from 1. The file must be on disk."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if opened.path is None:
        yield opened.drop("Parquet needs a file on disk; save it and give its path")
        return
    if opened.path.stat().st_size > MAX_PARQUET:
        yield opened.drop(f"is over {MAX_PARQUET / 1e9:.0f} GB; split it")
        return
    try:
        with pq.ParquetFile(opened.path, memory_map=False) as table:
            yield from _parquet_rows(opened, table)
    except (pa.ArrowException, OSError, ValueError, MemoryError) as error:
        yield opened.drop(f"is not readable Parquet ({str(error).splitlines()[0][:120]})")


def _parquet_rows(opened: Opened, table: Any) -> Iterator[Raw | Drop]:  # pyarrow is untyped
    columns = Columns(table.schema_arrow.names, opened.columns)
    if not columns.usable:
        yield opened.drop(columns.complaint)
        return
    wanted = sorted(set(columns.chosen.values()))
    number = 0
    for batch in table.iter_batches(batch_size=BATCH_ROWS, columns=wanted, use_threads=False):
        for row in batch.to_pylist():
            number += 1
            found = raw_of(columns.pick(row), file=opened.name, line=number, published=opened.published)
            yield _placed(opened, found)


def read_feed(opened: Opened) -> Iterator[Raw | Drop]:
    """The items of an RSS or Atom file; `line` is the item's number from 1."""
    try:
        for number, record in enumerate(items(b"".join(chunks(opened.stream, cap=MAX_FEED))), 1):
            found = raw_of(record, file=opened.name, line=number, published=opened.published)
            yield _placed(opened, found)
    except (UnreadableError, OSError) as error:
        yield opened.drop(str(error))


def read_unknown(opened: Opened) -> Iterator[Raw | Drop]:
    """A file whose name says nothing: its first bytes decide, or say why it can't be read."""
    try:
        head = next(chunks(opened.stream), b"")
    except (UnreadableError, OSError) as error:
        yield opened.drop(str(error))
        return
    found = sniff(head)
    opened.stream.seek(0)
    reader = FORMATS.get(found)
    if reader is None:
        yield opened.drop(found)
    else:
        yield from reader(opened)


FORMATS: Mapping[str, Reader] = {
    "html": read_html,
    "text": read_text,
    "jsonl": read_jsonl,
    "json": read_json,
    "csv": read_csv,
    "tsv": read_tsv,
    "parquet": read_parquet,
    "feed": read_feed,
}
"""What `sniff` may find -> its reader."""

READERS: Mapping[str, Reader] = {
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    ".txt": read_text,
    ".text": read_text,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".json": read_json,
    ".csv": read_csv,
    ".tsv": read_tsv,
    ".parquet": read_parquet,
    ".rss": read_feed,
    ".atom": read_feed,
    ".xml": read_unknown,
}
"""File extension (a .gz after it is undone first) -> its reader. Any other name is sniffed."""

TRUSTED = frozenset({".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".parquet", ".rss", ".atom"})
"""Extensions believed without a look inside; one-story files are checked for binary data first."""
