"""Mention to Actor on that day: the dictionary of actors and the reading of a story with it.

`Actors.load()` reads the shipped tables and a user's own; `find` resolves every actor mention of a
reading; `lookup` resolves a bare phrase; `check` lists contradictions in a folder. It refuses to
guess in silence: an actor that was not named says in its `reason` where its country came from.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from dateline.actors import dictionary
from dateline.actors.dictionary import SHIPPED, Dictionary, Entry
from dateline.actors.finder import Finder
from dateline.records import Actor, Party, Reading

__all__ = ["Actors", "check"]


class Actors:
    """The actor stage. Load once, then call `find` for each reading."""

    def __init__(self, entries: Dictionary) -> None:
        self.dictionary = entries
        self._finder = Finder(entries, _city_country, _region_country)

    @classmethod
    def load(cls, folders: Sequence[str | Path] = ()) -> Actors:
        """The shipped dictionary, then the tables of `folders`; later rows win. Errors: ConfigError."""
        return cls(dictionary.load([SHIPPED, *(Path(folder) for folder in folders)]))

    def find(self, reading: Reading) -> tuple[dict[int, tuple[Party, ...]], ...]:
        """One dict per doc of `reading`: token index of a mention's head -> the parties it names."""
        return self._finder(reading)

    def lookup(self, phrase: str, day: str | None = None) -> Actor | None:
        """The actor a bare phrase means on `day` ("an American destroyer"), None when nothing in it is known.

        The phrase is read without a parse: the last role noun gives the sector, the first name with
        a country gives the country; a named body or person speaks for itself.
        """
        words = dictionary.words_of(phrase)
        lemmas = [word.lower() for word in words]
        names, i = [], 0
        while i < len(words):
            length, entries = self.dictionary.longest(words, i)
            if length:
                names.append(next((entry for entry in entries if entry.holds(day)), entries[0]))
            i += length or 1
        agents = [agent for end in range(len(words), 0, -1) if (agent := self._agent(lemmas, end)) is not None]
        return _choose(phrase, names, agents) or _place(phrase, words)

    def _agent(self, lemmas: list[str], end: int) -> dictionary.Agent | None:
        last = lemmas[end - 1]
        for form in (last, last.removesuffix("s"), last.removesuffix("es"), last.removesuffix("ies") + "y"):
            found = self.dictionary.agent_ending([*lemmas[: end - 1], form], end)
            if found is not None:
                return found
        return None


def _choose(phrase: str, names: list[Entry], agents: list[dictionary.Agent]) -> Actor | None:
    own = [entry for entry in names if entry.kind in ("person", "group", "seat")]
    states = [entry.country for entry in names if entry.kind in ("country", "demonym", "capital") and entry.country]
    country = next((entry.country for entry in names if entry.country), None)
    if own and own[0].kind == "seat" and states and own[0].country not in states:
        country, own = states[0], []  # "Chile's Defense Department": the ministry of that name, of that country
        agents = agents or [dictionary.Agent("ministry", ("GOV",), "body")]
    if not country:
        country = next((c for run in _runs(phrase) if (c := _region_country(run)) is not None), None)
    if own and own[0].sectors != ("UNK",):
        entry = own[0]
        return Actor(phrase, entry.country or country, entry.sectors, f"{entry.kind}:{entry.name.lower()}", entry.where)
    if agents:
        return Actor(phrase, country, agents[0].sectors, f"role:{country or '-'}:{agents[0].word}", agents[0].word)
    if names:
        entry = names[0]
        sectors = ("CVL",) if entry.kind == "demonym" and phrase.rstrip().endswith("s") else entry.sectors
        return Actor(phrase, country, sectors, f"country:{country}", entry.where)
    return None


def _runs(phrase: str) -> list[str]:
    """The runs of capitalised words of a phrase, the longest first."""
    runs = re.findall(r"[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)*", phrase)
    parts = [" ".join(words[:k]) for run in runs if (words := run.split()) for k in range(len(words), 0, -1)]
    return [part.removesuffix("'s").removesuffix("’s") for part in parts]


def _place(phrase: str, words: Sequence[str]) -> Actor | None:
    """A bare place: its people."""
    country = _city_country(" ".join(words)) or _region_country(" ".join(words))
    return Actor(phrase, country, ("CVL",), f"place:{country}:{phrase.lower()}", "a place") if country else None


@lru_cache(maxsize=65536)
def _region_country(name: str) -> str | None:
    """ISO3 of the country of any place that the gazetteer knows, None when the name is not one."""
    from dateline.places import Gazetteer

    found = Gazetteer.load().locate(name)
    return found.country if found is not None else None


@lru_cache(maxsize=65536)
def _city_country(name: str) -> str | None:
    """ISO3 of the country of a well-known city or region, None when the name is not one."""
    from dateline.wire.localities import country_of, locate

    found = locate(name)
    if found is not None and found.population >= 100_000:
        return found.country
    return country_of(name)


def check(folder: str | Path) -> list[str]:
    """Contradictions in a folder of actor tables, one sentence each; empty when there are none.

    A name that means two countries on one day in one table (between tables the later one wins), dates reversed.
    Errors: ConfigError for a file that can't be read at all.
    """
    found = dictionary.load([Path(folder)])
    problems = [
        f"{entry.where}: '{entry.name}' holds from {entry.since} until {entry.until}; swap the dates"
        for entry in dict.fromkeys(found.entries)
        if entry.since and entry.until and entry.since > entry.until[: len(entry.since)]
    ]
    for names in found.names.values():
        for words, entries in names:
            problems += _ambiguous(words, entries)
    return sorted(set(problems))


def _ambiguous(words: tuple[str, ...], entries: Sequence[Entry]) -> list[str]:
    problems = []
    for k, one in enumerate(entries):
        for other in entries[k + 1 :]:
            # between two tables there is a rule: the later table wins
            same_table = one.where.split(":")[0] == other.where.split(":")[0]
            if same_table and one.country != other.country and _overlap(one, other):
                name = " ".join(words)
                problems.append(
                    f"{one.where}: '{name}' is {one.country}, but {other.country} at {other.where}; date them"
                )
    return problems


def _overlap(one: Entry, other: Entry) -> bool:
    def before(a: str, b: str) -> bool:
        """`a` ends before `b` begins; the year, month or day of a change may belong to both."""
        size = min(len(a), len(b))
        return bool(a and b) and a[:size] <= b[:size]

    return not before(one.until, other.since) and not before(other.until, one.since)
