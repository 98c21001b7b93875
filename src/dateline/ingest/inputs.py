"""From what the user names (files, folders, globs, "-", URLs) to a stream of Raw and Drop.

The order is the order given, folders sorted by path, so a run can be repeated. Every story gets an
id of its own within the run. An argument that can't be used at all raises InputError before the
first story is read; everything after that is a Drop.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from glob import glob, has_magic
from itertools import count
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from dateline.errors import InputError
from dateline.records import Drop, Raw

from .decoding import UnreadableError, chunks, sniff
from .fields import COLUMNS
from .readers import FORMATS, READERS, TRUSTED, Opened, Reader, read_html, read_text, read_unknown
from .web import Fetched, RefusedError, fetch

MAX_STDIN = 1_000_000_000


@dataclass(frozen=True, slots=True)
class _Source:
    """One thing to open: a path, or a URL, or standard input (neither)."""

    path: Path | None = None
    url: str | None = None


def read(
    inputs: Sequence[str],
    *,
    published: str | None = None,
    columns: Mapping[str, str] | None = None,
    allow_loopback: bool = False,
) -> Iterator[Raw | Drop]:
    """Every story of the inputs, in order: a Raw, or a Drop that says why it can't be read.

    `inputs` are paths, folders, glob patterns, "-" for standard input, or http(s) URLs. `published`
    is the ISO day of clean bodies that carry none (pages and scrapes may hold their own date; give
    it to Cleaner for those). `columns` maps our fields ("text", "published" ...) to column names.
    `allow_loopback` lets URLs reach this machine, for tests.

    Raises InputError at once for an argument that names nothing, or an unknown field in `columns`.
    """
    unknown = sorted(set(columns or {}) - set(COLUMNS))
    if unknown:
        raise InputError(f"columns: no field {unknown[0]!r}; choose from {', '.join(COLUMNS)}")
    if isinstance(inputs, str):
        inputs = [inputs]
    sources = list(dict.fromkeys(source for given in inputs for source in _expand(given)))
    return _distinct(_read_all(sources, published, columns, allow_loopback))


def _read_all(
    sources: Sequence[_Source], published: str | None, columns: Mapping[str, str] | None, allow_loopback: bool
) -> Iterator[Raw | Drop]:
    for source in sources:
        if source.path is not None:
            yield from _read_path(source.path, published, columns)
        elif source.url is not None:
            yield from _read_url(source.url, published, columns, allow_loopback)
        else:
            data = sys.stdin.buffer.read(MAX_STDIN)
            yield from _read_bytes(
                Opened("standard input", "stdin", io.BytesIO(data), published=published, columns=columns)
            )


def _expand(given: str) -> Iterator[_Source]:
    if given == "-":
        yield _Source()
    elif urlsplit(given).scheme.lower() in ("http", "https"):
        yield _Source(url=given)
    elif Path(given).is_dir():
        yield from _folder(Path(given))
    elif Path(given).exists():
        yield _Source(path=Path(given))
    elif has_magic(given):
        yield from _globbed(given)
    else:
        raise InputError(f"{given}: no such file or folder; give a path, a glob, a folder, '-' or an http(s) URL")


def _folder(folder: Path) -> Iterator[_Source]:
    """Files under a folder, by path; hidden ones, and links that could lead in circles, are left out."""
    found = [path for path in sorted(folder.rglob("*")) if path.is_file() and not _hidden(path, folder)]
    if not found:
        raise InputError(f"{folder}: the folder holds no file")
    yield from (_Source(path=path) for path in found)


def _hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def _globbed(pattern: str) -> Iterator[_Source]:
    found = sorted(glob(pattern, recursive=True))  # noqa: PTH207  # a pattern may be absolute; Path.glob refuses that
    if not found:
        raise InputError(f"{pattern}: no file matches this pattern")
    for name in found:
        yield from _folder(Path(name)) if Path(name).is_dir() else [_Source(path=Path(name))]


def _read_path(path: Path, published: str | None, columns: Mapping[str, str] | None) -> Iterator[Raw | Drop]:
    stem, extension = _split_name(path.name)
    try:
        stream = path.open("rb")
    except OSError as error:
        yield Drop(stem, "read", f"{path}: {error.strerror or error}", file=str(path))
        return
    with stream:
        opened = Opened(str(path), stem, stream, path=path, published=published, columns=columns)
        if not stream.read(1):
            yield opened.drop("is empty")
            return
        stream.seek(0)
        yield from _reader(extension, opened)(opened)


def _reader(extension: str, opened: Opened) -> Reader:
    """The reader of an extension; a one-story file is first checked for binary data under a text name."""
    reader = READERS.get(extension, read_unknown)
    if extension in TRUSTED or reader is read_unknown:
        return reader
    try:
        head = next(chunks(opened.stream), b"")
    except UnreadableError:
        head = b""
    opened.stream.seek(0)
    found = sniff(head) if head else ""
    if found == "html" and reader is read_text:
        return read_html
    return reader if not head or found in FORMATS or found.startswith("is XML") else read_unknown


def _split_name(name: str) -> tuple[str, str]:
    """("0", ".html") of "0.html" and of "0.html.gz"; the extension in lower case."""
    bare = name[:-3] if name.lower().endswith(".gz") else name
    pure = PurePosixPath(bare)
    return pure.stem or name, pure.suffix.lower()


def _read_url(
    url: str, published: str | None, columns: Mapping[str, str] | None, allow_loopback: bool
) -> Iterator[Raw | Drop]:
    try:
        got = fetch(url, allow_loopback=allow_loopback)
    except RefusedError as error:
        yield Drop(url, "fetch", f"{url}: {error}", url=url)
        return
    yield from _read_bytes(_opened_page(got, published, columns))


def _opened_page(got: Fetched, published: str | None, columns: Mapping[str, str] | None) -> Opened:
    return Opened(
        got.url, got.url, io.BytesIO(got.data), url=got.url, charset=got.charset, published=published, columns=columns
    )


def _read_bytes(opened: Opened) -> Iterator[Raw | Drop]:
    """Standard input or a fetched document: its own bytes say what it is."""
    name = urlsplit(opened.url).path if opened.url else ""
    _, extension = _split_name(PurePosixPath(name).name)
    yield from (READERS[extension] if extension in TRUSTED else read_unknown)(opened)


def _distinct(found: Iterator[Raw | Drop]) -> Iterator[Raw | Drop]:
    """The same records with ids of their own: "0", then "folder/0", then "0#2" for what still collides."""
    seen: set[str] = set()
    for item in found:
        ident = next(name for name in _names_of(item) if name not in seen)
        seen.add(ident)
        yield item if ident == item.id else replace(item, id=ident)


def _names_of(item: Raw | Drop) -> Iterator[str]:
    """Ids a record may take, the plainest first; a one-story file may be told apart by its folders."""
    yield item.id
    if item.file and item.line is None:
        folders = PurePosixPath(item.file.replace("\\", "/")).parent.parts
        for depth in range(1, len(folders) + 1):
            yield "/".join((*folders[-depth:], item.id)).lstrip("/")
    yield from (f"{item.id}#{number}" for number in count(2))
