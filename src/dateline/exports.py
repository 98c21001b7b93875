"""The shapes that leave Dateline: the public record, JSON Lines, an Arrow table, CSV and Parquet.

One function per shape; each reads records and returns or writes plain data. The public record
("schema": "dateline/1") is described key by key by `data/schema/dateline-1.schema.json`.
It refuses to decide anything: no filtering, no ordering, no merging of events.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import orjson

from dateline.errors import InputError
from dateline.records import (
    Actor,
    Claim,
    Coded,
    Dateline,
    Drop,
    Event,
    EventDate,
    Note,
    Party,
    Photo,
    Place,
    Quantity,
    Span,
    Story,
    TimeExpression,
)

if TYPE_CHECKING:
    import pyarrow as pa

SCHEMA = "dateline/1"
Json = dict[str, Any]  # Any: the values of a JSON object; the JSON Schema says which
_SCHEMA_FILE = Path(__file__).parent / "data" / "schema" / "dateline-1.schema.json"


# --------------------------------------------------------------------------- the public record


def public(coded: Coded) -> Json:
    """The public record of one coded story, as JSON-ready dicts, lists, strings and numbers.

    Offsets are half-open and count characters of `story.text`, or of a caption where `part` is
    "caption:N". What only this process can use (token indices, copy signatures) stays behind.
    """
    story = coded.story
    return {
        "schema": SCHEMA,
        "story": _story(story),
        "claims": [_claim(claim, story) for claim in coded.claims],
        "times": [asdict(time) for time in coded.times],
        "places": [asdict(place) for place in coded.places],
        "events": [_event(event) for event in coded.events],
    }


def public_drop(drop: Drop) -> Json:
    """The line of a story that could not be coded: what it was and why it fell out."""
    known = {"id": drop.id, "url": drop.url, "file": drop.file, "line": drop.line, "digest": drop.digest}
    return {"schema": SCHEMA, "story": known, "dropped": {"stage": drop.stage, "reason": drop.reason}}


def record(outcome: Coded | Drop) -> Json:
    """`public` or `public_drop`, whichever door the story left by."""
    return public(outcome) if isinstance(outcome, Coded) else public_drop(outcome)


def part_text(story: Story, part: str) -> str:
    """The text that offsets of `part` count: "body", "dateline", or the caption of photo N for "caption:N"."""
    if part == "body":
        return story.text
    if part == "dateline":
        return story.dateline.text if story.dateline else ""
    number = int(part.partition(":")[2])
    return story.photos[number].caption if number < len(story.photos) else ""


def _story(story: Story) -> Json:
    return {
        "id": story.id,
        "url": story.url,
        "file": story.file,
        "line": story.line,
        "digest": story.digest,
        "headline": story.headline,
        "byline": list(story.byline),
        "agency": story.agency,
        "publisher": story.publisher,
        "section": story.section,
        "language": story.language,
        "published": story.published,
        "published_from": story.published_from,
        "conflicts": list(story.conflicts),
        "dateline": _dateline(story.dateline) if story.dateline else None,
        "text": story.text,
        "paragraphs": [[span.start, span.end] for span in story.paragraphs],
        "origins": [[span.start, span.end] if span else None for span in story.origins],
        "photos": [asdict(photo) for photo in story.photos],
        "notes": [asdict(note) for note in story.notes],
        "family": story.family,
    }


def _dateline(dateline: Dateline) -> Json:
    return asdict(dateline) | {"places": [list(pair) for pair in dateline.places]}


def _party(party: Party) -> Json:
    actor = party.actor
    return {
        "start": party.start,
        "end": party.end,
        "text": party.text,
        "name": actor.name,
        "country": actor.country,
        "sectors": list(actor.sectors),
        "actor": actor.id,
        "reason": actor.reason,
    }


def _claim(claim: Claim, story: Story) -> Json:
    return {
        "part": claim.part,
        "speaker": _speaker(claim, story),
        "speakers": [_party(party) for party in claim.speakers],
        "cue": asdict(claim.cue),
        "content": [asdict(span) for span in claim.content],
        "kind": claim.kind,
    }


def _speaker(claim: Claim, story: Story) -> Json | None:
    """The words that name the speaker, with the first actor they were resolved to, if any."""
    span = claim.speaker
    if span is None:
        return None
    actor = claim.speakers[0].actor if claim.speakers else None
    return {
        "start": span.start,
        "end": span.end,
        "country": actor.country if actor else None,
        "sectors": list(actor.sectors) if actor else [],
        "name": actor.name if actor else part_text(story, claim.part)[span.start : span.end],
    }


def _event(event: Event) -> Json:
    day = event.date
    return {
        "id": event.id,
        "type": event.type,
        "mode": event.mode,
        "contexts": list(event.contexts),
        "part": event.part,
        "trigger": asdict(event.trigger) | {"text": event.trigger_text},
        "sentence": asdict(event.sentence),
        "sources": [_party(party) for party in event.sources],
        "targets": [_party(party) for party in event.targets],
        "status": event.status,
        "speakers": [_party(party) for party in event.speakers],
        "claim": event.claim,
        "date": {"start": day.start, "end": day.end, "from": day.source} if day else None,
        "place": asdict(event.place) if event.place else None,
        "quantities": [asdict(quantity) for quantity in event.quantities],
        "quad": event.quad,
        "score": event.score,
        "cameo": event.cameo,
        "confidence": event.confidence,
        "rulings": list(event.rulings),
    }


# --------------------------------------------------------------------------- and back


def load(line: Mapping[str, Any]) -> Coded | Drop:  # Any: parsed JSON
    """The record that `public` or `public_drop` wrote, as ours again.

    `Party.head` comes back as -1 and `Story.signature` empty: they mean something only beside the
    parse and the family index that made them. Raises InputError for another schema or a missing key.
    """
    if line.get("schema") != SCHEMA:
        raise InputError(f"schema {line.get('schema')!r} is not one this version reads; expected {SCHEMA!r}")
    try:
        if "dropped" in line:
            known, dropped = line["story"], line["dropped"]
            where = (known["file"], known["line"], known["url"], known["digest"])
            return Drop(known["id"], dropped["stage"], dropped["reason"], *where)
        return Coded(
            _load_story(line["story"]),
            tuple(_load_claim(claim) for claim in line["claims"]),
            tuple(TimeExpression(**time) for time in line["times"]),
            tuple(Place(**place) for place in line["places"]),
            tuple(_load_event(event) for event in line["events"]),
        )
    except (KeyError, TypeError) as error:
        raise InputError(f"not a {SCHEMA} record: {type(error).__name__}: {error}") from error


def _span(given: Mapping[str, Any]) -> Span:
    return Span(given["start"], given["end"])


def _load_story(given: Mapping[str, Any]) -> Story:
    dateline = given["dateline"]
    rest = {key: given[key] for key in _PLAIN_STORY}
    return Story(
        **rest,
        byline=tuple(given["byline"]),
        conflicts=tuple(given["conflicts"]),
        dateline=_load_dateline(dateline) if dateline else None,
        paragraphs=tuple(Span(*pair) for pair in given["paragraphs"]),
        origins=tuple(Span(*pair) if pair else None for pair in given["origins"]),
        photos=tuple(Photo(**photo) for photo in given["photos"]),
        notes=tuple(Note(**note) for note in given["notes"]),
    )


_PLAIN_STORY = (
    *("id", "text", "file", "line", "url", "digest", "headline", "agency", "publisher", "section"),
    *("language", "published", "published_from", "family"),
)


def _load_dateline(given: Mapping[str, Any]) -> Dateline:
    return Dateline(**{**given, "places": tuple((place, region) for place, region in given["places"])})


def _load_party(given: Mapping[str, Any]) -> Party:
    actor = Actor(given["name"], given["country"], tuple(given["sectors"]), given["actor"], given["reason"])
    return Party(given["start"], given["end"], given["text"], -1, actor)


def _load_claim(given: Mapping[str, Any]) -> Claim:
    return Claim(
        given["part"],
        _span(given["speaker"]) if given["speaker"] else None,
        tuple(_load_party(party) for party in given["speakers"]),
        _span(given["cue"]),
        tuple(_span(span) for span in given["content"]),
        given["kind"],
    )


def _load_event(given: Mapping[str, Any]) -> Event:
    day, place = given["date"], given["place"]
    same = ("id", "type", "mode", "part", "status", "claim", "quad", "score", "cameo", "confidence")
    return Event(
        **{key: given[key] for key in same},
        contexts=tuple(given["contexts"]),
        trigger=_span(given["trigger"]),
        trigger_text=given["trigger"]["text"],
        sentence=_span(given["sentence"]),
        sources=tuple(_load_party(party) for party in given["sources"]),
        targets=tuple(_load_party(party) for party in given["targets"]),
        speakers=tuple(_load_party(party) for party in given["speakers"]),
        date=EventDate(day["start"], day["end"], day["from"]) if day else None,
        place=Place(**place) if place else None,
        quantities=tuple(Quantity(**quantity) for quantity in given["quantities"]),
        rulings=tuple(given["rulings"]),
    )


# --------------------------------------------------------------------------- JSON Lines


@lru_cache(maxsize=1)
def schema_text() -> str:
    """The JSON Schema (2020-12) of the public record, as text."""
    return _SCHEMA_FILE.read_text(encoding="utf-8")


def json_line(line: Mapping[str, Any]) -> bytes:  # Any: JSON-ready values
    """One record as one UTF-8 line of JSON, newline included.

    A lone surrogate can't be written as UTF-8: it becomes "?", one character for one, so that
    offsets still hold.
    """
    try:
        return orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:
        return json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"


def write_jsonl(outcomes: Iterable[Coded | Drop], stream: IO[bytes]) -> int:
    """One line a story, kept or dropped, in the order given; returns how many lines."""
    lines = 0
    for outcome in outcomes:
        stream.write(json_line(record(outcome)))
        lines += 1
    return lines


# --------------------------------------------------------------------------- frames


_ROLES = ("source", "target", "speaker")


@lru_cache(maxsize=1)
def event_columns() -> pa.Schema:
    """Names and Arrow types of the events table: one row an event, no nesting deeper than a list.

    The names are those of `query.COLUMNS`, which has most of them.
    Names, countries and ids run in step (`source_names[i]` is of `source_countries[i]`); sectors are
    those of all the parties in a row, because a party may have several.
    """
    import pyarrow as pa

    text, texts, day, number, whole = pa.string(), pa.list_(pa.string()), pa.date32(), pa.float64(), pa.int64()
    about = [(f"{role}_{what}", texts) for role in _ROLES for what in ("names", "countries", "sectors", "ids")]
    return pa.schema(
        [
            *(("story", text), ("published", day), ("headline", text), ("id", text), ("type", text), ("mode", text)),
            *(("contexts", texts), ("quad", whole), ("score", number), ("cameo", text), ("status", text)),
            ("confidence", number),
            *about,
            *(("date_start", day), ("date_end", day), ("date_from", text)),
            *(("place_name", text), ("place_country", text), ("place_lat", number), ("place_lon", number)),
            *(("place_geonameid", whole), ("place_precision", text)),
            *(("part", text), ("trigger_start", whole), ("trigger_end", whole), ("trigger", text)),
            *(("sentence_start", whole), ("sentence_end", whole), ("sentence", text)),
            *(("family", text), ("copy", pa.bool_())),
            *(("quantities", texts), ("quantity_value", number), ("quantity_bound", text), ("quantity_unit", text)),
            *(("rulings", texts), ("agency", text), ("publisher", text), ("url", text), ("file", text)),
        ],
        metadata={"schema": SCHEMA},
    )


def event_rows(coded: Coded) -> Iterator[Json]:
    """The events of one story as flat rows with the keys of `event_columns`."""
    story = coded.story
    about = {
        "story": story.id,
        "published": _day(story.published),
        "headline": story.headline,
        "agency": story.agency,
        "publisher": story.publisher,
        "family": story.family,
        "copy": story.family is not None and story.family != story.id,
        "url": story.url,
        "file": story.file,
    }
    for event in coded.events:
        yield about | _event_row(event, part_text(story, event.part))


def _event_row(event: Event, text: str) -> Json:
    same = ("id", "type", "mode", "quad", "score", "cameo", "status", "confidence", "part")
    row: Json = {key: getattr(event, key) for key in same}
    for role, parties in zip(_ROLES, (event.sources, event.targets, event.speakers), strict=True):
        row |= _party_columns(role, parties)
    row |= {"contexts": list(event.contexts), "rulings": list(event.rulings), "trigger": event.trigger_text}
    row |= {"trigger_start": event.trigger.start, "trigger_end": event.trigger.end}
    row |= {"sentence_start": event.sentence.start, "sentence_end": event.sentence.end}
    row["sentence"] = text[event.sentence.start : event.sentence.end]
    row["quantities"] = [quantity.text for quantity in event.quantities]
    if event.quantities:
        first = event.quantities[0]
        row |= {"quantity_value": first.value, "quantity_bound": first.bound, "quantity_unit": first.unit}
    if event.date:
        row |= {"date_start": _day(event.date.start), "date_end": _day(event.date.end), "date_from": event.date.source}
    if event.place:
        place = event.place
        row |= {"place_name": place.name, "place_country": place.country, "place_precision": place.precision}
        row |= {"place_lat": place.lat, "place_lon": place.lon, "place_geonameid": place.geonameid}
    return row


def _party_columns(role: str, parties: tuple[Party, ...]) -> Json:
    return {
        f"{role}_names": [party.actor.name for party in parties],
        f"{role}_countries": [party.actor.country for party in parties],
        f"{role}_sectors": [sector for party in parties for sector in party.actor.sectors],
        f"{role}_ids": [party.actor.id for party in parties],
    }


def _day(iso: str | None) -> date | None:
    """An ISO day as a date; None for none and for a day Arrow can't hold (year 0, a bare year)."""
    try:
        return date.fromisoformat(iso[:10]) if iso else None
    except ValueError:
        return None


def events_table(codeds: Iterable[Coded | Drop]) -> pa.Table:
    """All events as one Arrow table, one row an event; drops have no rows.

    pandas: `.to_pandas()`; polars: `polars.from_arrow(table)`; DuckDB reads it by name.
    """
    import pyarrow as pa

    rows = [row for coded in codeds if isinstance(coded, Coded) for row in event_rows(coded)]
    return pa.Table.from_pylist([_utf8(row) for row in rows], schema=event_columns())


def _utf8(row: Json) -> Json:
    """The row with lone surrogates replaced, which Arrow refuses; almost always the row itself."""
    return {key: _clean(value) for key, value in row.items()}


def _clean(value: Any) -> Any:  # Any: one cell, whatever its type
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
    return [_clean(item) for item in value] if isinstance(value, list) else value


def write_parquet(table: pa.Table, target: str | Path | IO[bytes]) -> None:
    """An Arrow table as one Parquet file, zstd-compressed."""
    import pyarrow.parquet as pq

    pq.write_table(table, str(target) if isinstance(target, Path) else target, compression="zstd")


# --------------------------------------------------------------------------- CSV

# A spreadsheet runs a cell that opens with one of these as a formula (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def guard(cell: str) -> str:
    """`cell` with a leading apostrophe when a spreadsheet would take it for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def csv_rows(table: pa.Table, *, header: bool = True) -> Iterator[str]:
    """An Arrow table as lines of CSV. Lists are joined by "; ", text cells pass through `guard`.

    Numbers are written as they are (a score of -3.5 stays a number); nulls are empty cells.
    """
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\n")
    if header:
        writer.writerow(table.column_names)
        yield line.getvalue()
    for batch in table.to_batches(max_chunksize=1000):
        for row in batch.to_pylist():
            line.seek(0)
            line.truncate()
            writer.writerow([_cell(value) for value in row.values()])
            yield line.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, (list, tuple)):
        value = "; ".join("" if item is None else str(item) for item in value)
    # A bare carriage return ends a row for many readers, and csv does not quote it; NUL ends a string.
    if isinstance(value, str):
        return guard(value.replace("\x00", "")).replace("\r\n", "\n").replace("\r", "\n")
    return value


def write_csv(table: pa.Table, stream: IO[str], *, header: bool = True) -> None:
    """`csv_rows` into a text stream; open it with `newline=""`."""
    for row in csv_rows(table, header=header):
        stream.write(row)
