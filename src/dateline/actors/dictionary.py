"""The actor dictionary: names and role nouns from a folder of tables, with the days they hold.

A folder holds any of `countries.tsv`, `seats.tsv`, `groups.tsv`,
`officials.tsv`, `persons.tsv` and `agents.tsv` (see
the shipped `data/actors/default`). Folders are read in order and a later row for the same name wins.
Every mistake is a `ConfigError` that names file, line and value.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Literal

from dateline.errors import ConfigError

SHIPPED = Path(__file__).parents[1] / "data" / "actors" / "default"
SECTORS = frozenset("BUS COP CVL EDU GOV IGO JRN JUD LAB LEG MED MIL NGO OPP PTY REB REL SPY UNK".split())
ORGANISATIONS = frozenset("UNO EUR NATO IGO NGO".split())
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "countries.tsv": ("country", "names", "demonyms", "capitals"),
    "seats.tsv": ("name", "aliases", "country", "sectors", "from", "until", "status"),
    "groups.tsv": ("name", "aliases", "country", "sectors", "from", "until", "check"),
    "officials.tsv": ("name", "aliases", "country", "sectors", "office", "from", "until", "check"),
    "persons.tsv": ("name", "aliases", "country", "sectors", "office", "from", "until", "check"),
    "agents.tsv": ("sectors", "kind", "words"),
}
EntryKind = Literal["country", "demonym", "capital", "seat", "group", "person"]
AgentKind = Literal["person", "group", "body", "thing"]
_LIST = re.compile(r"[|;]")
_DAY = re.compile(r"^\d{4}(-\d{2}(-\d{2})?)?$")


@dataclass(frozen=True, slots=True)
class Entry:
    """One name of one actor. `since` and `until` are ISO days or years, empty when open."""

    kind: EntryKind
    name: str
    country: str | None
    sectors: tuple[str, ...]
    since: str = ""
    until: str = ""
    where: str = ""

    def holds(self, day: str | None) -> bool:
        """True when the entry is valid on `day` (always when either is open)."""
        if not day:
            return True
        return (not self.since or self.since <= day[: len(self.since)]) and (
            not self.until or day[: len(self.until)] <= self.until
        )


@dataclass(frozen=True, slots=True)
class Agent:
    """A role noun: its sectors and what kind of thing it is."""

    word: str
    sectors: tuple[str, ...]
    kind: AgentKind


@dataclass(frozen=True)
class Dictionary:
    """Names by their normalised words, role nouns by their lemma words."""

    names: Mapping[str, tuple[tuple[tuple[str, ...], tuple[Entry, ...]], ...]]
    agents: Mapping[str, tuple[tuple[tuple[str, ...], Agent], ...]]
    entries: tuple[Entry, ...] = field(repr=False)
    digest: str = ""

    def longest(self, words: Sequence[str], i: int) -> tuple[int, tuple[Entry, ...]]:
        """Length and entries of the longest name that starts at `words[i]` (normalised); 0 when none does."""
        for name, entries in self.names.get(words[i], ()):
            if tuple(words[i : i + len(name)]) == name:
                return len(name), entries
        return 0, ()

    def agent_ending(self, words: Sequence[str], end: int) -> Agent | None:
        """The longest role noun whose last word is `words[end - 1]` (lower-case lemmas)."""
        for name, agent in self.agents.get(words[end - 1], ()):
            if end >= len(name) and tuple(words[end - len(name) : end]) == name:
                return agent
        return None


@lru_cache(maxsize=65536)
def normal(word: str) -> str:
    """A word for comparing: acronyms upper-case without dots, all else folded, without accents."""
    if len(word) <= 6 and word.isascii():
        bare = word.replace(".", "")
        if bare.isupper() and len(bare) > 1:
            return bare
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFKD", word.replace("’", "'").replace("ı", "i").replace("ł", "l"))
    return "".join(mark for mark in plain if not unicodedata.combining(mark)).lower()


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name as the parser's tokenizer would cut it, normalised."""
    spaced = name.replace("’", "'")
    found: list[str] = []
    for chunk in spaced.split():
        if re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]?", chunk) or not re.search(r"[-/]", chunk):
            found += [part for part in re.split(r"(?=')(?='s$)|,", chunk) if part]
        else:
            found += [part for part in re.split(r"([-/])", chunk) if part]
    return tuple(normal(word) for word in found)


def load(folders: Iterable[Path]) -> Dictionary:
    """The dictionary in `folders`, read in order. ConfigError when a file is wrong or nothing is there."""
    entries: list[tuple[tuple[str, ...], Entry]] = []
    agents: dict[tuple[str, ...], Agent] = {}
    total = hashlib.sha256()
    for folder in folders:
        files = [folder / name for name in COLUMNS if (folder / name).is_file()]
        if not files:
            raise ConfigError(f"{folder}: no actor tables; it should hold one of {', '.join(COLUMNS)}")
        for path in files:
            total.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
            if path.name == "agents.tsv":
                agents.update(_agents(path))
            else:
                entries += _entries(path)
    return Dictionary(_index(entries), _index_agents(agents), tuple(entry for _, entry in entries), total.hexdigest())


def rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and cells of every row of one table."""
    columns = COLUMNS[path.name]
    lines = path.read_text(encoding="utf-8").splitlines()
    numbered = [(n, line) for n, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
    head = tuple(numbered[0][1].split("\t")) if numbered else ()
    if head != columns:
        raise ConfigError(f"{path}:1: the columns are {', '.join(head) or 'none'}; write {', '.join(columns)}")
    for number, line in numbered[1:]:
        cells = [cell.strip() for cell in line.split("\t")]
        cells += [""] * (len(columns) - len(cells))
        if len(cells) != len(columns):
            raise ConfigError(f"{path}:{number}: {len(cells)} columns, expected {len(columns)} ({', '.join(columns)})")
        yield number, dict(zip(columns, cells, strict=True))


def listed(cell: str) -> list[str]:
    """The values of a cell that lists several, cut at `|` or `;`."""
    return [part.strip() for part in _LIST.split(cell) if part.strip()]


def _sectors(where: str, cell: str) -> tuple[str, ...]:
    found = tuple(part for part in re.split(r"[ ,;|]+", cell) if part)
    for sector in found:
        if sector not in SECTORS:
            raise ConfigError(f"{where}: sector '{sector}' is unknown; choose one of {', '.join(sorted(SECTORS))}")
    return found or ("UNK",)


def _day(where: str, cell: str) -> str:
    if cell and not _DAY.match(cell):
        raise ConfigError(f"{where}: day '{cell}'; write 2014, 2014-03 or 2014-03-18")
    return cell


def _country(where: str, cell: str) -> str | None:
    if cell and not (cell.isupper() and (len(cell) == 3 or cell in ORGANISATIONS)):
        raise ConfigError(
            f"{where}: country '{cell}'; write ISO 3166-1 alpha-3 or one of {', '.join(sorted(ORGANISATIONS))}"
        )
    return cell or None


def _entries(path: Path) -> Iterator[tuple[tuple[str, ...], Entry]]:
    for number, row in rows(path):
        where = f"{path.name}:{number}"
        if path.name == "countries.tsv":
            yield from _country_entries(where, row)
            continue
        kind: EntryKind = "seat" if path.name == "seats.tsv" else "group" if path.name == "groups.tsv" else "person"
        entry = Entry(
            kind,
            row["name"],
            _country(where, row["country"]),
            _sectors(where, row["sectors"]),
            _day(where, row["from"]),
            _day(where, row["until"]),
            where,
        )
        for name in dict.fromkeys([row["name"], *listed(row["aliases"])]):
            yield words_of(name), entry


def _country_entries(where: str, row: Mapping[str, str]) -> Iterator[tuple[tuple[str, ...], Entry]]:
    country = _country(where, row["country"])
    names = listed(row["names"])
    sectors = ("IGO", "GOV") if country in ORGANISATIONS else ("GOV",)
    columns: tuple[tuple[EntryKind, str], ...] = (
        ("country", "names"),
        ("demonym", "demonyms"),
        ("capital", "capitals"),
    )
    for kind, column in columns:
        entry = Entry(kind, names[0], country, sectors, where=where)
        for name in listed(row[column]):
            yield words_of(name), entry


def _agents(path: Path) -> Iterator[tuple[tuple[str, ...], Agent]]:
    for number, row in rows(path):
        where = f"{path.name}:{number}"
        if row["kind"] not in ("person", "group", "body", "thing"):
            raise ConfigError(f"{where}: kind '{row['kind']}'; choose one of person, group, body, thing")
        kind: AgentKind = row["kind"]  # type: ignore[assignment]  # checked in the line above
        for word in listed(row["words"]):
            words = tuple(word.lower().replace("-", " - ").split())
            yield words, Agent(word, _sectors(where, row["sectors"]), kind)


def _index(
    entries: Iterable[tuple[tuple[str, ...], Entry]],
) -> dict[str, tuple[tuple[tuple[str, ...], tuple[Entry, ...]], ...]]:
    table: dict[str, dict[tuple[str, ...], list[Entry]]] = {}
    for words, entry in entries:
        if words:
            table.setdefault(words[0], {}).setdefault(words, []).append(entry)
    return {
        first: tuple(
            (words, tuple(reversed(found))) for words, found in sorted(names.items(), key=lambda item: -len(item[0]))
        )
        for first, names in table.items()
    }


def _index_agents(agents: Mapping[tuple[str, ...], Agent]) -> dict[str, tuple[tuple[tuple[str, ...], Agent], ...]]:
    table: dict[str, list[tuple[tuple[str, ...], Agent]]] = {}
    for words, agent in agents.items():
        table.setdefault(words[-1], []).append((words, agent))
    return {last: tuple(sorted(found, key=lambda item: -len(item[0]))) for last, found in table.items()}
