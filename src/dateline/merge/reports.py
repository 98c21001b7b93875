"""What merging reads and returns: reports of acts, and the events they come to.

A `Report` is one story's record of an act, flattened to what tells acts apart; an `Event` is the
act, with every report of it. Both are frozen, hold no text but the sentence of evidence, and go to
JSON and back unchanged. This module compares nothing and decides nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, cast

from dateline.records import Status

Stage = Literal["threatened", "announced", "begun", "confirmed", "denied", "recalled"]
"""What a report adds to the history of an event."""

ConflictKind = Literal["denied", "parties", "date", "toll", "place"]
"""What two reports of one act may disagree about."""


@dataclass(frozen=True, slots=True)
class Side:
    """A party as merging sees it: our actor id, name, country (ISO alpha-3, UNO ...) and sectors."""

    id: str
    name: str
    country: str | None = None
    sectors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an act happened. `precision`: point, city, region or country, as in `records.Place`."""

    name: str
    country: str | None = None
    lat: float | None = None
    lon: float | None = None
    geonameid: int | None = None
    precision: str = "city"


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure of a report: (12, "min", "people"); `unit` is the noun as written, lower case."""

    value: float
    bound: str = "exact"
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """One story's record of an act.

    `key`: the story's archive key, "#" and the place of the event in the story: it names this
    report for good. `family` is the id of the wire story of which this is a copy or a version.
    `published`, `start` and `end` are ISO days; start and end say when the act happened, both None
    when nothing says so. `dated` is where they came from (`records.EventDate.source`).
    """

    key: str
    story: str
    type: str
    family: str = ""
    agency: str | None = None
    publisher: str | None = None
    headline: str | None = None
    published: str | None = None
    mode: str | None = None
    contexts: tuple[str, ...] = ()
    quad: int = 0
    score: float | None = None
    status: Status = "asserted"
    confidence: float = 1.0
    sources: tuple[Side, ...] = ()
    targets: tuple[Side, ...] = ()
    speakers: tuple[Side, ...] = ()
    start: str | None = None
    end: str | None = None
    dated: str | None = None
    place: Spot | None = None
    quantities: tuple[Amount, ...] = ()
    trigger: str = ""
    sentence: str = ""

    @property
    def content(self) -> str:
        """32 hex digits over what is reported, whoever carries it: copies of one story have the same."""
        told = (self.type, self.mode, self.status, self.sources, self.targets, self.speakers, self.start, self.end)
        more = (self.place, self.quantities, self.trigger, " ".join(self.sentence.split()), self.contexts)
        return hashlib.blake2b(repr((told, more)).encode("utf-8", "replace"), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Figure:
    """The spread of one figure: "killed: 12 to 17" is ("killed", 12, 17, keys of the reports that say so)."""

    unit: str
    low: float
    high: float
    reports: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two reports that can't both be right: their keys, and one sentence on what they disagree about."""

    kind: ConflictKind
    between: tuple[str, str]
    text: str


@dataclass(frozen=True, slots=True)
class Event:
    """One act, merged from its reports.

    `id` is made from the earliest report, so it stays while later ones join. `reports` are in the
    order published, key. `first` and `last` are days of publication. `agencies` are the
    independent origins: an agency counts once however many outlets carry its story, and a family
    counts once. `speakers` are the names of those on whose word a report relies. `history` holds
    (day, stage, report key). `status` is how things stand; a disputed event is "asserted" and has
    its denials among the `contradictions`. `confidence` is the best of the reports'.
    """

    id: str
    type: str
    mode: str | None
    contexts: tuple[str, ...]
    quad: int
    score: float | None
    sources: tuple[Side, ...]
    targets: tuple[Side, ...]
    start: str | None
    end: str | None
    place: Spot | None
    reports: tuple[Report, ...]
    first: str | None
    last: str | None
    agencies: tuple[str, ...]
    speakers: tuple[str, ...]
    figures: tuple[Figure, ...]
    contradictions: tuple[Contradiction, ...]
    history: tuple[tuple[str, Stage, str], ...]
    status: Status
    confidence: float


# --------------------------------------------------------------------------- to JSON and back

Json = Mapping[str, Any]  # parsed JSON: its values are checked by the archive that wrote it


def event_json(event: Event) -> dict[str, Any]:
    """A plain dict of `event`, for any JSON writer."""
    return asdict(event)


def event_from(found: Json) -> Event:
    """The event that `event_json` made `found` from."""
    given = dict(found)
    for name in ("contexts", "agencies", "speakers"):
        given[name] = tuple(given[name])
    given["sources"], given["targets"] = _sides(given["sources"]), _sides(given["targets"])
    given["place"] = Spot(**given["place"]) if given["place"] else None
    given["reports"] = tuple(report_from(item) for item in given["reports"])
    given["figures"] = tuple(Figure(**(item | {"reports": tuple(item["reports"])})) for item in given["figures"])
    conflicts = [item | {"between": tuple(item["between"])} for item in given["contradictions"]]
    given["contradictions"] = tuple(Contradiction(**item) for item in conflicts)
    given["history"] = tuple((day, cast(Stage, stage), key) for day, stage, key in given["history"])
    return Event(**given)


def report_from(found: Json) -> Report:
    """The report whose `dataclasses.asdict` is `found`."""
    given = dict(found)
    given["contexts"] = tuple(given["contexts"])
    for name in ("sources", "targets", "speakers"):
        given[name] = _sides(given[name])
    given["place"] = Spot(**given["place"]) if given["place"] else None
    given["quantities"] = tuple(Amount(**item) for item in given["quantities"])
    return Report(**given)


def _sides(items: list[Json]) -> tuple[Side, ...]:
    return tuple(Side(**{**item, "sectors": tuple(item["sectors"])}) for item in items)
