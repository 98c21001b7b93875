"""Merged events in an archive: brought up to date from its reports, read back, and ruled on by hand.

`update` merges the neighbourhood of what is new, no more, and comes to what merging everything
would. The rulings of people are the file `rulings.jsonl` of the archive's folder, to which lines
are only ever added: it outlives the database, which can be rebuilt. This module decides nothing
about likeness; `dateline.merge` does.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import orjson
import pyarrow as pa

from dateline.archive.store import Reader, Store
from dateline.errors import ArchiveError, InputError
from dateline.merge import (
    Amount,
    Event,
    Group,
    Report,
    Ruling,
    Rulings,
    Side,
    Spot,
    event_from,
    event_json,
    groups,
    linked,
    span,
)

RULINGS = "rulings.jsonl"
_BATCH = 2000  # reports merged in one step
_PAGE = 1024  # rows read at a time
_PAD = 31  # days by which a neighbour may lie outside the days of the new reports

_KEY = "format('{:016x}', e.key) || '#' || e.n"
_REPORTS = f"""SELECT {_KEY}, e.story, e.family, s.agency, s.publisher, e.headline, CAST(e.published AS VARCHAR),
    e.sentence, e.record FROM current_events e JOIN stories s ON e.key = s.key"""


@dataclass(frozen=True, slots=True)
class Update:
    """What an update did: reports that were new, reports that are gone, events written, events there are now."""

    new: int
    gone: int
    written: int
    events: int


# --------------------------------------------------------------------------- reading


def reports(reader: Reader) -> Iterator[Report]:
    """Every report of the archive but those that a revision replaced, in the order in which the stories came in."""
    last, page = -1, True
    while page:
        rows = reader.ask(
            f"{_REPORTS} WHERE e.seq IN (SELECT seq FROM stories WHERE seq > ? ORDER BY seq LIMIT ?) "
            "ORDER BY e.seq, e.n",
            [last, _PAGE],
        )
        yield from map(_report, rows)
        found = reader.ask("SELECT max(seq) FROM (SELECT seq FROM stories WHERE seq > ? ORDER BY seq LIMIT ?)",
                           [last, _PAGE])[0][0]  # fmt: skip
        page, last = found is not None, found if found is not None else last


def events(
    reader: Reader, *, since: str | None = None, until: str | None = None, ids: Sequence[str] | None = None
) -> Iterator[Event]:
    """The merged events, by first day of publication and id; `since` and `until` are ISO days and both included.

    An event counts when its days overlap them. ArchiveError when the archive was never merged.
    """
    need_merged(reader)
    wanted = "AND event IN (SELECT unnest(?))" if ids is not None else ""
    given: list[object] = [since or "0001-01-01", until or "9999-12-31", *([list(ids)] if ids is not None else [])]
    found = reader.ask(
        "SELECT event FROM merged_events WHERE coalesce(date_end, date_start, first, DATE '0001-01-01') >= CAST(? AS "
        f"DATE) AND coalesce(date_start, first, DATE '9999-12-31') <= CAST(? AS DATE) {wanted} "
        "ORDER BY first NULLS LAST, event",
        given,
    )
    names = [name for (name,) in found]
    for start in range(0, len(names), _PAGE):
        page = names[start : start + _PAGE]
        rows = dict(reader.ask("SELECT event, record FROM merged_events WHERE event IN (SELECT unnest(?))", [page]))
        yield from (event_from(orjson.loads(rows[name])) for name in page)


def event(reader: Reader, name: str) -> Event:
    """One event by its id, the start of its id, or the key of one of its reports; ArchiveError when none or several."""
    need_merged(reader)
    found = reader.ask("SELECT event FROM merged_reports WHERE report = ?", [name])
    found = found or reader.ask("SELECT event FROM merged_events WHERE event = ?", [name])
    found = found or reader.ask(
        "SELECT event FROM merged_events WHERE starts_with(event, ?) ORDER BY event LIMIT 4", [name]
    )
    if len(found) != 1:
        several = ", ".join(some for (some,) in found)
        raise ArchiveError(
            f"{reader.folder}: several events begin with '{name}': {several}"
            if found
            else f"{reader.folder}: no event '{name}'; `dateline events` lists them"
        )
    return next(events(reader, ids=[found[0][0]]))


def need_merged(reader: Reader) -> None:
    """Refuse an archive whose reports were never merged."""
    tables = reader.ask("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'merged_events'")
    never = tables[0][0] and reader.ask(
        "SELECT EXISTS (SELECT 1 FROM events) AND NOT EXISTS (SELECT 1 FROM merged_events)"
    )
    if not tables[0][0] or never[0][0]:
        raise ArchiveError(f"{reader.folder}: not merged yet; run: dateline merge {reader.folder}")


def _report(row: Sequence[Any]) -> Report:  # Any: column values of _REPORTS
    key, story, family, agency, publisher, headline, published, sentence, text = row
    record = orjson.loads(text)
    date, place = record.get("date") or {}, record.get("place")
    return Report(
        key=key, story=story, family=family or story, agency=agency, publisher=publisher, headline=headline,
        published=published, sentence=sentence or "", type=record["type"], mode=record["mode"],
        contexts=tuple(record["contexts"]), quad=record["quad"], score=record["score"], status=record["status"],
        confidence=record["confidence"], sources=_sides(record["sources"]), targets=_sides(record["targets"]),
        speakers=_sides(record["speakers"]), start=date.get("start"), end=date.get("end"), dated=date.get("from"),
        place=_spot(place) if place else None, trigger=record["trigger"]["text"],
        quantities=tuple(Amount(q["value"], q["bound"], q["unit"]) for q in record["quantities"]),
    )  # fmt: skip


def _sides(parties: Iterable[Mapping[str, Any]]) -> tuple[Side, ...]:  # Any: parsed JSON
    found = (Side(p["actor"] or "", p["name"], p["country"], tuple(p["sectors"])) for p in parties)
    return tuple(dict.fromkeys(found))


def _spot(place: Mapping[str, Any]) -> Spot:  # Any: parsed JSON
    return Spot(*(place.get(name) for name in ("name", "country", "lat", "lon", "geonameid", "precision")))  # type: ignore[arg-type]


# --------------------------------------------------------------------------- bringing up to date


def update(store: Store, *, everything: bool = False) -> Update:
    """Merge what is new since the last update, with its neighbours; `everything` merges all reports again."""
    if everything:
        store.change(["DELETE FROM merged_events", "DELETE FROM merged_reports"])
    ruled, touched = _ruled(store)
    gone = _gone(store)
    written = _again(store, ruled, touched, gone)
    fresh = [key for (key,) in store.ask(_FRESH)]
    for start in range(0, len(fresh), _BATCH):
        written += _admit(store, ruled, _load(store, fresh[start : start + _BATCH]))
    _apply(store, ruled)
    return Update(len(fresh), len(gone), written, store.ask("SELECT count(*) FROM merged_events")[0][0])


_FRESH = f"""SELECT {_KEY} AS report FROM current_events e ANTI JOIN merged_reports m ON {_KEY} = m.report
    ORDER BY coalesce(e.date_start, e.published), e.seq, e.n"""


def _gone(store: Store) -> set[str]:
    """Reports that were merged and are no longer what they were: replaced by a revision, or in another family now."""
    rows = store.ask(
        f"SELECT m.report FROM merged_reports m ANTI JOIN current_events e ON {_KEY} = m.report "
        "AND coalesce(e.family, e.story) = m.family"
    )
    return {key for (key,) in rows}


def _again(store: Store, ruled: Rulings, touched: set[str], gone: set[str]) -> int:
    """Merge again the groups of touched reports, and those of reports that are gone, without them."""
    held = _groups_of(store, touched | gone)
    if not held:
        return 0
    left = _load(store, sorted(set(held) - gone))
    bound = _joined(store, ruled, left)
    more = _load(store, sorted(set(bound) - set(held) - gone))
    return _replace(store, set(held.values()) | set(bound.values()), groups(left + more, ruled))


def _joined(store: Store, ruled: Rulings, some: Sequence[Report]) -> dict[str, str]:
    """Report -> group of the held reports that rulings bring together with `some`, and their whole groups."""
    keys = {report.key for report in some}
    partners = {b for a, b in ruled.together if a in keys} | {a for a, b in ruled.together if b in keys}
    return {key: group for key, group in _groups_of(store, partners - keys).items() if key not in keys}


def _admit(store: Store, ruled: Rulings, new: list[Report]) -> int:
    """Merge new reports with the groups that they hang together with."""
    near = _load(store, _near(store, new))
    held = _groups_of(store, linked(new, near, ruled) | set(_joined(store, ruled, new)))
    return _replace(store, set(held.values()), groups(new + _load(store, sorted(held)), ruled))


def _near(store: Store, new: Sequence[Report]) -> list[str]:
    """Keys of the merged reports whose days come near those of the new ones, or that have no day."""
    days = [day for report in new for day in span(report) if day]
    if len(days) < 2 * len(new):
        return [key for (key,) in store.ask("SELECT report FROM merged_reports ORDER BY report")]
    rows = store.ask(
        "SELECT report FROM merged_reports WHERE date_first IS NULL OR (date_last >= CAST(? AS DATE) - ? "
        "AND date_first <= CAST(? AS DATE) + ?) ORDER BY report",
        [min(days), _PAD, max(days), _PAD],
    )
    return [key for (key,) in rows]


def _groups_of(store: Store, keys: Iterable[str]) -> dict[str, str]:
    """Report -> group, for all reports of the groups that hold any of `keys`."""
    wanted = sorted(keys)
    if not wanted:
        return {}
    inside = "SELECT component FROM merged_reports WHERE report IN (SELECT unnest(?))"
    return dict(store.ask(f"SELECT report, component FROM merged_reports WHERE component IN ({inside})", [wanted]))


def _load(store: Reader, keys: Sequence[str]) -> list[Report]:
    """The reports with these keys that the archive still holds."""
    found: list[Report] = []
    for start in range(0, len(keys), _BATCH):
        page = list(keys[start : start + _BATCH])
        stories = sorted({int(key.partition("#")[0], 16) for key in page})
        sql = f"{_REPORTS} WHERE e.key IN (SELECT unnest(?::UBIGINT[])) AND {_KEY} IN (SELECT unnest(?))"
        found += map(_report, store.ask(sql, [stories, page]))
    return found


def _replace(store: Store, gone: set[str], made: Sequence[Group]) -> int:
    """Write groups in the place of those that are gone, in one transaction."""
    told = [(group, event) for group in made for event in group.events]
    tables = {
        "new_events": pa.Table.from_pylist([_event_row(g, e) for g, e in told], schema=_EVENT_ROW),
        "new_reports": pa.Table.from_pylist(
            [_report_row(g, e, r) for g, e in told for r in e.reports], schema=_REPORT_ROW
        ),
        "old": pa.table({"component": pa.array(sorted(gone), pa.string())}),
    }
    store.change(
        [
            "DELETE FROM merged_events WHERE component IN (SELECT component FROM old)",
            "DELETE FROM merged_reports WHERE component IN (SELECT component FROM old)",
            f"INSERT INTO merged_events SELECT {_columns(_EVENT_ROW)} FROM new_events",
            f"INSERT INTO merged_reports SELECT {_columns(_REPORT_ROW)} FROM new_reports",
        ],
        tables,
    )
    return len(told)


# --------------------------------------------------------------------------- rows

_TEXT, _TEXTS, _INT, _REAL = pa.string(), pa.list_(pa.string()), pa.int64(), pa.float64()
_DATES = frozenset({"day", "date_start", "date_end", "first", "last", "date_first", "date_last"})
_EVENT_ROW = pa.schema(
    [
        *((name, _TEXT) for name in ("event", "component", "type", "mode")),
        ("contexts", _TEXTS), ("quad", _INT), ("score", _REAL), ("status", _TEXT), ("confidence", _REAL),
        *((f"{role}_{what}", _TEXTS) for role in ("source", "target")
          for what in ("names", "countries", "sectors", "ids")),
        *((name, _TEXT) for name in ("day", "date_start", "date_end", "first", "last")),
        ("reports", _INT), ("agencies", _TEXTS), ("speakers", _TEXTS), ("disputed", pa.bool_()),
        ("place_name", _TEXT), ("place_country", _TEXT), ("place_lat", _REAL), ("place_lon", _REAL),
        ("record", _TEXT),
    ]
)  # fmt: skip
_REPORT_ROW = pa.schema(
    [(name, _TEXT) for name in ("report", "event", "component", "family", "date_first", "date_last")]
)


def _columns(schema: pa.Schema) -> str:
    return ", ".join(f"TRY_CAST({name} AS DATE)" if name in _DATES else name for name in schema.names)


def _event_row(group: Group, event: Event) -> dict[str, Any]:  # Any: a row of _EVENT_ROW, checked by Arrow
    place = event.place
    return {
        "event": event.id, "component": group.reports[0].key, "type": event.type, "mode": event.mode,
        "contexts": list(event.contexts), "quad": event.quad, "score": event.score, "status": event.status,
        "confidence": event.confidence, **_party_columns("source", event.sources),
        **_party_columns("target", event.targets), "day": event.start or event.first, "date_start": event.start,
        "date_end": event.end, "first": event.first, "last": event.last, "reports": len(event.reports),
        "agencies": list(event.agencies), "speakers": list(event.speakers),
        "disputed": bool(event.contradictions), "place_name": place and place.name,
        "place_country": place and place.country, "place_lat": place and place.lat, "place_lon": place and place.lon,
        "record": orjson.dumps(event_json(event)).decode(),
    }  # fmt: skip


def _party_columns(role: str, parties: Sequence[Side]) -> dict[str, list[str | None]]:
    return {
        f"{role}_names": [side.name for side in parties],
        f"{role}_countries": [side.country for side in parties],
        f"{role}_sectors": [sector for side in parties for sector in side.sectors],
        f"{role}_ids": [side.id for side in parties],
    }


def _report_row(group: Group, event: Event, report: Report) -> dict[str, str | None]:
    first, last = span(report)
    return {
        "report": report.key, "event": event.id, "component": group.reports[0].key, "family": report.family,
        "date_first": first, "date_last": last,
    }  # fmt: skip


# --------------------------------------------------------------------------- rulings


def rulings(folder: str | Path) -> Rulings:
    """The rulings in force, oldest first: those that were not taken back."""
    made: dict[str, Ruling] = {}
    for number, line in enumerate(_lines(Path(folder) / RULINGS), 1):
        try:
            found = orjson.loads(line)
            if "undo" in found:
                made.pop(found["undo"], None)
            else:
                made[found["id"]] = Ruling(**(found | {side: tuple(found[side]) for side in ("left", "right")}))
        except (orjson.JSONDecodeError, KeyError, TypeError) as error:
            raise ArchiveError(f"{folder}/{RULINGS}:{number}: not a ruling ({error}); mend the line") from None
    return Rulings(tuple(made.values()))


def split(store: Store, name: str, keys: Sequence[str]) -> Ruling:
    """Rule that these reports of an event are another act, and merge again."""
    found = event(store, name)
    held = [report.key for report in found.reports]
    for key in keys:
        if key not in held:
            raise InputError(f"event {found.id} has no report '{key}'; choose of {', '.join(held)}")
    rest = [key for key in held if key not in keys]
    if not rest:
        raise InputError(f"event {found.id}: all its reports are named; leave at least one")
    return _rule(store, "split", sorted(set(keys)), rest)


def join(store: Store, one: str, other: str) -> Ruling:
    """Rule that two events are one act, and merge again."""
    ours, theirs = event(store, one), event(store, other)
    if ours.id == theirs.id:
        raise InputError(f"{one} and {other} are one event already")
    return _rule(store, "join", [report.key for report in ours.reports], [report.key for report in theirs.reports])


def undo(store: Store, name: str) -> Ruling:
    """Take a ruling back, and merge again."""
    found = next((ruling for ruling in rulings(store.folder).made if ruling.id == name), None)
    if found is None:
        known = ", ".join(ruling.id for ruling in rulings(store.folder).made) or "none"
        raise InputError(f"no ruling '{name}' is in force; there are: {known}")
    _append(store.folder / RULINGS, {"undo": name, "made": _now()})
    update(store)
    return found


def _rule(store: Store, kind: Literal["join", "split"], left: Sequence[str], right: Sequence[str]) -> Ruling:
    number = sum(1 for line in _lines(store.folder / RULINGS) if b'"undo"' not in line) + 1
    ruling = Ruling(kind, tuple(left), tuple(right), f"r{number}", _now())
    _append(store.folder / RULINGS, asdict(ruling))
    update(store)
    return ruling


def _ruled(store: Store) -> tuple[Rulings, set[str]]:
    """The rulings in force, and the reports of those that were made or taken back since the last update."""
    now = rulings(store.folder)
    before = {name: {*left, *right} for name, left, right in store.ask('SELECT id, "left", "right" FROM merge_rulings')}
    after = {ruling.id: {*ruling.left, *ruling.right} for ruling in now.made}
    changed = before.keys() ^ after.keys()
    return now, {key for name in changed for key in (before.get(name) or after[name])}


def _apply(store: Store, ruled: Rulings) -> None:
    """Note which rulings the merged events were made with."""
    rows = [{"id": ruling.id, "left": ruling.left, "right": ruling.right} for ruling in ruled.made]
    table = pa.Table.from_pylist(rows, schema=pa.schema([("id", _TEXT), ("left", _TEXTS), ("right", _TEXTS)]))
    store.change(
        ["DELETE FROM merge_rulings", 'INSERT INTO merge_rulings SELECT id, "left", "right" FROM ruled'],
        {"ruled": table},
    )


def _lines(path: Path) -> list[bytes]:
    return [line for line in path.read_bytes().splitlines() if line.strip()] if path.exists() else []


def _append(path: Path, line: Mapping[str, object]) -> None:
    with path.open("ab") as out:
        out.write(orjson.dumps(line) + b"\n")
        out.flush()
        os.fsync(out.fileno())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
