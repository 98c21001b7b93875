"""Records over a pipe: a length, then JSON. Both ends of a worker speak this and nothing else.

JSON and not pickle, because the other end has just parsed a hostile page: whatever it sends can
only ever become a record.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, BinaryIO

import orjson

from dateline.records import Dateline, Drop, Note, Photo, Raw, Span, Story

_HEAD = struct.Struct(">I")
MAX_FRAME = 100_000_000


def send(stream: BinaryIO, message: Mapping[str, object]) -> None:
    """Write one message; its values may be records."""
    data = orjson.dumps(message, default=_plain)
    stream.write(_HEAD.pack(len(data)) + data)
    stream.flush()


def _plain(value: object) -> object:
    raise TypeError(f"{type(value).__name__} can't be sent")


def receive(stream: BinaryIO) -> dict[str, Any] | None:
    """The next message, or None when the other end is gone or sends nonsense."""
    head = stream.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    (size,) = _HEAD.unpack(head)
    data = stream.read(size) if size <= MAX_FRAME else b""
    if len(data) < size or not data:
        return None
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None


def raw_from(value: Mapping[str, Any]) -> Raw:
    """A Raw from its JSON form."""
    return Raw(**{**_known(Raw, value), "byline": tuple(value.get("byline") or ())})


def drop_from(value: Mapping[str, Any]) -> Drop:
    """A Drop from its JSON form."""
    return Drop(**_known(Drop, value))


def story_from(value: Mapping[str, Any]) -> Story:
    """A Story from its JSON form."""
    place = value.get("dateline")
    return Story(**{
        **_known(Story, value),
        "paragraphs": tuple(Span(**span) for span in value["paragraphs"]),
        "origins": tuple(Span(**span) if span else None for span in value["origins"]),
        "byline": tuple(value["byline"]),
        "conflicts": tuple(value["conflicts"]),
        "dateline": _dateline(place) if place else None,
        "photos": tuple(Photo(**photo) for photo in value["photos"]),
        "notes": tuple(Note(**note) for note in value["notes"]),
        "signature": tuple(value["signature"]),
    })  # fmt: skip


def _dateline(value: Mapping[str, Any]) -> Dateline:
    places = tuple((str(name), region) for name, region in value.get("places") or ())
    return Dateline(**{**_known(Dateline, value), "places": places})


def _known(record: type[Any], value: Mapping[str, Any]) -> dict[str, Any]:
    names = {one.name for one in fields(record)}
    return {key: item for key, item in value.items() if key in names}
