"""The gazetteer: every place by its names, kept as sorted lines that are parsed only when asked for.

260,000 lines as Python objects would cost 200 MB and seconds; as one sorted list of bytes they cost
about 40 MB and a tenth of a second, and a look-up is one binary search. Sources and licence of the
data: `data/places/README.md`. No run-time download, no cache on disk.
"""

from __future__ import annotations

import gzip
import math
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from dateline.records import Place, Precision, Reading

_DATA = Path(__file__).resolve().parents[1] / "data" / "places"
_PLAIN = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "ʻ": "'",
        "`": "'",
        "-": " ",
        "‐": " ",
        "–": " ",
        ".": "",
        "ı": "i",
        "ł": "l",
        "Ł": "l",
        "đ": "d",
        "ø": "o",
        "Ø": "o",
        "ß": "ss",
        "æ": "ae",
    }
)
_SHORT = ((re.compile(r"\bst "), "saint "), (re.compile(r"\bmt "), "mount "), (re.compile(r"\bft "), "fort "))

Level = Literal["country", "region", "area", "city", "part", "sea", "continent", "point", "adjective"]
_LEVELS: dict[str, Level] = {
    "P": "city",
    "C": "city",
    "X": "part",
    "a": "city",
    "c": "city",
    "R": "region",
    "D": "area",
}
_PRECISION: dict[Level, Precision] = {
    "country": "country", "adjective": "country", "region": "region", "area": "region", "sea": "region",
    "continent": "region", "city": "city", "part": "point", "point": "point",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One place as the gazetteer knows it. `country` is ISO alpha-3, `admin1` the GeoNames code within it."""

    name: str
    level: Level
    geonameid: int | None
    country: str | None
    admin1: str | None
    lat: float
    lon: float
    population: int
    capital: bool = False
    other: bool = False

    @property
    def precision(self) -> Precision:
        return _PRECISION[self.level]


def key_of(name: str) -> str:
    """The form under which a name is looked up: lower case, no accents, full stops or hyphens, "saint" written out."""
    if not name.isascii():
        name = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    key = name.translate(_PLAIN).lower()
    if key.endswith("'s"):
        key = key[:-2]
    if key.startswith(("st ", "mt ", "ft ")) or " st " in key:
        for pattern, full in _SHORT:
            key = pattern.sub(full, key)
    return " ".join(key.split())


def kilometres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance of two (lat, lon) points in degrees; haversine with a radius of 6371 km."""
    lat1, lon1, lat2, lon2 = map(math.radians, (*a, *b))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 12742 * math.asin(min(1.0, math.sqrt(h)))


def _rows(name: str) -> Iterable[list[str]]:
    for line in (_DATA / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


class Gazetteer:
    """Look up places by name. `Gazetteer.load()` reads the packaged data; the parameters serve tests."""

    def __init__(
        self,
        lines: list[bytes],
        named: dict[str, tuple[Entry, ...]],
        codes: dict[str, str],
        words: frozenset[str],
        abbreviations: dict[str, Entry],
    ) -> None:
        self._lines = lines
        self._named = named
        self._codes = codes
        self.words = words
        self.abbreviations = abbreviations
        self._starts = frozenset(key.split(" ", 1)[0] for key in named)
        self.entries = lru_cache(maxsize=16384)(self._entries)
        self.opens = lru_cache(maxsize=16384)(self._opens)
        self._regions = {(e.country, e.admin1): e for e in self._states()}

    @classmethod
    def load(cls) -> Gazetteer:
        """The packaged gazetteer. About 0.3 s and 45 MB."""
        codes, named = _countries()
        for row in _rows("regions.tsv"):
            _add_region(row, codes, named)
        lines = gzip.decompress((_DATA / "gazetteer.tsv.gz").read_bytes()).split(b"\n")
        words = frozenset(row[0] for row in _rows("words.txt"))
        bare = cls(lines, {key: tuple(found) for key, found in named.items()}, codes, words, {})
        return cls(lines, bare._named, codes, words, _abbreviations(bare))

    def _states(self) -> list[Entry]:
        return list(self.abbreviations.values())

    def _opens(self, word: str) -> bool:
        """Whether any name begins with this word: most words end the search here."""
        if word in self._starts:
            return True
        prefix = word.encode()
        at = bisect_left(self._lines, prefix)
        line = self._lines[at] if at < len(self._lines) else b""
        return line.startswith((prefix + b"\t", prefix + b" "))

    def _entries(self, key: str) -> tuple[Entry, ...]:
        """Every place with this key, hand-written ones first."""
        ours = self._named.get(key, ())
        found = list(ours)
        prefix = key.encode() + b"\t"
        at = bisect_left(self._lines, prefix)
        while at < len(self._lines) and self._lines[at].startswith(prefix):
            entry = self._parse(self._lines[at])
            if not any(_same(entry, known) for known in ours):
                found.append(entry)
            at += 1
        return tuple(found)

    def _parse(self, line: bytes) -> Entry:
        _, name, kind, gid, country, admin1, lat, lon, population = line.decode().split("\t")
        return Entry(
            name, _LEVELS[kind], int(gid) if gid else None, self._codes.get(country, country or None), admin1 or None,
            float(lat), float(lon), int(population), kind in "Cc", kind in "ac",
        )  # fmt: skip

    def locate(self, name: str, country: str | None = None) -> Place | None:
        """The likeliest place of this name, in `country` (alpha-3, alpha-2 or a country's or state's name) where given."""
        entries: Iterable[Entry] = self.entries(key_of(name)) or filter(None, [self.abbreviations.get(name)])
        wanted = [e for e in entries if e.level != "adjective"]
        if country:
            inside = [e for e in wanted if self._is_in(e, country)]
            wanted = inside or ([] if self._codes.get(country) or len(country) == 3 else wanted)
        if not wanted:
            return None
        best = max(wanted, key=weight)
        return as_place(best, "body", 0, 0, "name")

    def _is_in(self, entry: Entry, where: str) -> bool:
        if where in (entry.country, entry.name) or self._codes.get(where) == entry.country:
            return True
        holders = [*self.entries(key_of(where)), *filter(None, [self.abbreviations.get(where)])]
        return any(
            h.country == entry.country and (h.level == "country" or (h.level == "region" and h.admin1 == entry.admin1))
            for h in holders
        )

    def find(self, reading: Reading, *, adjectives: bool = True, unplaced: bool = True) -> tuple[Place, ...]:
        """The places a story names, in text order, body first.

        `adjectives`: also "Russian" and the like, as countries, with source "adjective". `unplaced`: also names that read as
        places but that the gazetteer doesn't know; they have no coordinates and no country, and source "unplaced".
        """
        from dateline.places.mentions import find

        return find(self, reading, adjectives=adjectives, unplaced=unplaced)


def weight(entry: Entry) -> float:
    """How likely a bare name means this place: the logarithm of its people, more for countries and capitals."""
    base = math.log10(entry.population + 10)
    extra = {
        "country": 6.0,
        "continent": 6.0,
        "adjective": 5.0,
        "sea": 4.0,
        "region": 1.5,
        "area": -1.5,
        "part": -1.0,
        "point": 3.0,
    }.get(entry.level, 0.0)
    return base + extra + (2.0 if entry.capital else 0.0) - (1.0 if entry.other else 0.0)


def as_place(entry: Entry, part: str, start: int, end: int, source: str) -> Place:
    """The record of a mention of `entry`."""
    return Place(
        part,
        start,
        end,
        entry.name,
        entry.country,
        entry.geonameid,
        entry.lat,
        entry.lon,
        entry.precision,
        entry.admin1,
        source,
    )


def _same(a: Entry, b: Entry) -> bool:
    """A line of the extract that a hand-written place already stands for."""
    if a.geonameid is not None and a.geonameid == b.geonameid:
        return True
    near = kilometres((a.lat, a.lon), (b.lat, b.lon))
    return near < 60 and (a.precision == b.precision or a.name == b.name)


def _countries() -> tuple[dict[str, str], dict[str, list[Entry]]]:
    """Codes (alpha-2 to alpha-3) and country entries by every name and adjective."""
    codes: dict[str, str] = {}
    named: dict[str, list[Entry]] = {}
    for iso2, iso3, name, gid, lat, lon, population, _capital, aliases, adjectives in _rows("countries.tsv"):
        codes[iso2] = iso3
        entry = Entry(name, "country", int(gid), iso3, None, float(lat), float(lon), int(population))
        for alias in [name, *filter(None, aliases.split("|"))]:
            named.setdefault(key_of(alias), []).append(entry)
        adjective = Entry(name, "adjective", int(gid), iso3, None, float(lat), float(lon), int(population))
        for word in filter(None, adjectives.split("|")):
            named.setdefault(key_of(word), []).append(adjective)
    return codes, named


def _add_region(row: list[str], codes: dict[str, str], named: dict[str, list[Entry]]) -> None:
    name, aliases, kind, country, lat, lon, gid = row
    level: Level = {
        "region": "region",
        "sea": "sea",
        "water": "sea",
        "city": "city",
        "capital": "city",
        "point": "point",
        "continent": "continent",
    }[kind]  # type: ignore[assignment]
    people = 3_000_000 if level in ("region", "city") else 0
    entry = Entry(
        name,
        level,
        int(gid) if gid else None,
        codes.get(country, country) or None,
        None,
        float(lat),
        float(lon),
        people,
        kind == "capital",
    )
    for alias in [name, *filter(None, aliases.split("|"))]:
        named.setdefault(key_of(alias), []).append(entry)


def _abbreviations(gazetteer: Gazetteer) -> dict[str, Entry]:
    found = {}
    for written, name, iso2, admin1 in _rows("abbreviations.tsv"):
        country = gazetteer._codes[iso2]
        matches = [
            e
            for e in gazetteer.entries(key_of(name))
            if e.level == "region" and e.country == country and e.admin1 == admin1
        ]
        if matches:
            found[written] = matches[0]
            if iso2 == "US":
                found[admin1] = matches[0]
    return found
