"""Segments: what a batch came to, as one whole Parquet file that is either there or not.

One row for each story or drop, with its events and claims nested in it. The name is a digest of
what is in the batch, so that writing the same batch twice writes one file. Segments are the
archive's record: the database can be rebuilt from them. This module never opens the database.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from dateline.records import Claim, Coded, Drop, Event, Party, Raw, Span, Story

Public = Callable[[Coded], Mapping[str, object]]
Row = dict[str, Any]  # one row of SCHEMA: Arrow checks names and types when the table is built

_TEXT, _INT, _REAL, _TEXTS = pa.string(), pa.int64(), pa.float64(), pa.list_(pa.string())

_PARTY = ("names", "countries", "sectors", "ids")

EVENT = pa.struct(
    {
        **dict.fromkeys(("id", "type", "mode", "cameo", "status", "part", "trigger", "sentence"), _TEXT),
        **dict.fromkeys(("n", "quad", "claim", "trigger_start", "trigger_end", "sentence_start", "sentence_end"), _INT),
        **dict.fromkeys(("score", "confidence", "place_lat", "place_lon"), _REAL),
        **dict.fromkeys((f"{role}_{what}" for role in ("source", "target") for what in _PARTY), _TEXTS),
        **dict.fromkeys(("contexts", "speaker_names", "speaker_countries"), _TEXTS),
        **dict.fromkeys(("date_start", "date_end", "date_from"), _TEXT),
        **dict.fromkeys(("place_name", "place_country", "place_precision", "record"), _TEXT),
        "place_geonameid": _INT,
    }.items()
)
CLAIM = pa.struct(
    {
        **dict.fromkeys(("part", "kind", "cue", "content", "record"), _TEXT),
        **dict.fromkeys(("n", "cue_start", "cue_end"), _INT),
        **dict.fromkeys(("speaker_names", "speaker_countries"), _TEXTS),
    }.items()
)
SCHEMA = pa.schema(
    {
        **dict.fromkeys(("kept", "copy"), pa.bool_()),
        "key": pa.uint64(),
        **dict.fromkeys(("seq", "line", "characters"), _INT),
        **dict.fromkeys(("id", "digest", "run", "file", "url", "stage", "reason", "record"), _TEXT),
        **dict.fromkeys(("headline", "agency", "publisher", "section", "language", "family"), _TEXT),
        **dict.fromkeys(("published", "published_from", "dateline", "dateline_place", "dateline_country"), _TEXT),
        "byline": _TEXTS,
        "signature": pa.list_(pa.uint64()),
        "events": pa.list_(EVENT),
        "claims": pa.list_(CLAIM),
    }.items()
)


# --------------------------------------------------------------------------- keys


def content_digest(text: str) -> str:
    """The sha256 that stands for a text wherever a reader gave none."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def digest_of(item: Raw | Story | Drop) -> str:
    """What tells this content from any other: the digest of the raw input, else one of what is known of it."""
    if item.digest:
        return item.digest
    if isinstance(item, Drop):
        return content_digest(f"{item.stage}\0{item.file}\0{item.line}\0{item.reason}")
    return content_digest(item.text)


def key_of(item: Raw | Story | Drop) -> int:
    """64 bits that name one content under one id; two of a million stories collide once in 4e7 archives."""
    packed = f"{item.id}\0{digest_of(item)}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(packed, digest_size=8).digest(), "little")


# --------------------------------------------------------------------------- rows


def row(seq: int, item: Coded | Drop, run: str, public: Public) -> Row:
    """What a story came to, as a row; `seq` is its place in the order of admission."""
    return _drop_row(seq, item, run) if isinstance(item, Drop) else _story_row(seq, item, run, public)


def _drop_row(seq: int, drop: Drop, run: str) -> Row:
    return {
        "kept": False, "key": key_of(drop), "seq": seq, "id": _clean(drop.id), "digest": digest_of(drop), "run": run,
        "file": _clean(drop.file), "line": drop.line, "url": _clean(drop.url), "stage": drop.stage,
        "reason": _clean(drop.reason), "copy": False, "signature": [], "events": [], "claims": [],
    }  # fmt: skip


def _story_row(seq: int, coded: Coded, run: str, public: Public) -> Row:
    story, record = coded.story, public(coded)
    events, claims = _listed(record, "events"), _listed(record, "claims")
    line = story.dateline
    return {
        "kept": True, "key": key_of(story), "seq": seq, "id": _clean(story.id), "digest": digest_of(story), "run": run,
        "file": _clean(story.file), "line": story.line, "url": _clean(story.url), "headline": _clean(story.headline),
        "byline": [_clean(name) for name in story.byline], "agency": _clean(story.agency),
        "publisher": _clean(story.publisher), "section": _clean(story.section), "language": story.language,
        "published": story.published, "published_from": story.published_from,
        "dateline": _clean(line.text if line else None),
        "dateline_place": _clean(line.place if line else None), "dateline_country": line and line.country,
        "characters": len(story.text), "family": _clean(story.family or story.id), "copy": is_copy(story),
        "record": _json(record), "signature": list(story.signature),
        "events": [_event_row(n, e, story, j) for n, (e, j) in enumerate(zip(coded.events, events, strict=True))],
        "claims": [_claim_row(n, c, story, j) for n, (c, j) in enumerate(zip(coded.claims, claims, strict=True))],
    }  # fmt: skip


def is_copy(story: Story) -> bool:
    """Whether an earlier story of the same family came in before this one."""
    return story.family is not None and story.family != story.id


def _event_row(n: int, event: Event, story: Story, record: object) -> Row:
    text, date, place = part_text(story, event.part), event.date, event.place
    return {
        "n": n, "id": event.id, "type": event.type, "mode": event.mode, "contexts": list(event.contexts),
        "quad": event.quad, "score": event.score, "cameo": event.cameo, "status": event.status,
        "confidence": event.confidence, "part": event.part,
        "trigger_start": event.trigger.start, "trigger_end": event.trigger.end, "trigger": _clean(event.trigger_text),
        "sentence_start": event.sentence.start, "sentence_end": event.sentence.end,
        "sentence": _cut(text, event.sentence), **_parties("source", event.sources),
        **_parties("target", event.targets), "claim": event.claim,
        "speaker_names": [_clean(p.actor.name) for p in event.speakers],
        "speaker_countries": [p.actor.country for p in event.speakers],
        "date_start": date and date.start, "date_end": date and date.end, "date_from": date and date.source,
        "place_name": _clean(place.name if place else None), "place_country": place and place.country,
        "place_lat": place and place.lat, "place_lon": place and place.lon,
        "place_geonameid": place and place.geonameid, "place_precision": place and place.precision,
        "record": _json(record),
    }  # fmt: skip


def _parties(role: str, parties: Sequence[Party]) -> Row:
    return {
        f"{role}_names": [_clean(p.actor.name) for p in parties],
        f"{role}_countries": [p.actor.country for p in parties],
        f"{role}_sectors": [s for p in parties for s in p.actor.sectors],
        f"{role}_ids": [_clean(p.actor.id) for p in parties],
    }


def _claim_row(n: int, claim: Claim, story: Story, record: object) -> Row:
    text = part_text(story, claim.part)
    return {
        "n": n, "part": claim.part, "kind": claim.kind, "cue": _cut(text, claim.cue), "cue_start": claim.cue.start,
        "cue_end": claim.cue.end, "content": " ... ".join(_cut(text, span) for span in claim.content),
        "speaker_names": [_clean(p.actor.name) for p in claim.speakers],
        "speaker_countries": [p.actor.country for p in claim.speakers], "record": _json(record),
    }  # fmt: skip


def part_text(story: Story, part: str) -> str:
    """The text that offsets of `part` point into: the body, or a photo's caption."""
    return story.photos[int(part.partition(":")[2])].caption if part.startswith("caption:") else story.text


def _cut(text: str, span: Span) -> str:
    return str(_clean(text[span.start : span.end]))


def _clean(text: str | None) -> str | None:
    """`text` without lone surrogates, which no store can hold as UTF-8."""
    return text if text is None or text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _listed(record: Mapping[str, object], name: str) -> list[object]:
    found = record.get(name, [])
    return list(found) if isinstance(found, list | tuple) else []


def _json(record: object) -> str:
    return orjson.dumps(record).decode("utf-8")


# --------------------------------------------------------------------------- files


def name_of(keys: Iterable[int]) -> str:
    """File name of the segment that holds the items with these keys, in this order."""
    packed = b"".join(key.to_bytes(8, "little") for key in keys)
    return hashlib.blake2b(packed, digest_size=12).hexdigest() + ".parquet"


def write(folder: Path, table: Sequence[Row]) -> Path:
    """Write rows as one segment: under a temporary name, synced, renamed, and the folder synced."""
    path = folder / name_of(row["key"] for row in table)
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(list(table), schema=SCHEMA), sink, compression="zstd")
    partial = path.with_suffix(".tmp")
    with partial.open("wb") as out:
        out.write(sink.getvalue())
        out.flush()
        os.fsync(out.fileno())
    partial.rename(path)
    sync(folder)
    return path


def read(path: Path) -> tuple[pa.Table, str]:
    """A segment's table, and the sha256 of its file."""
    data = path.read_bytes()
    return pq.read_table(pa.BufferReader(data), schema=SCHEMA), hashlib.sha256(data).hexdigest()


def first_place(path: Path) -> int:
    """The place of a segment's first item in the order of admission."""
    return min(pq.read_table(pa.BufferReader(path.read_bytes()), columns=["seq"]).column("seq").to_pylist(), default=0)


def sync(folder: Path) -> None:
    """Make renames and new names in `folder` survive a power loss."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
