"""Ladder files: TOML that can be read aloud, checked word by word.

    [[ladder]]
    name = "Northland-Southland cooperation"
    parties = { North = ["NOR"], South = ["SWE", "DNK"] }
    hold = "30 days"

    [[ladder.rung]]
    name = "apart"

    [[ladder.rung]]
    name = "talking"
    when = [{ between = ["North", "South"], types = ["CONSULT"], within = "60 days", agencies = 2 }]

A rung is reached when all conditions in `when` hold, or one of those in `any`, and none of those in
`unless`. A condition is about events, about an index over events, or about another ladder.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal, get_args

from dateline.errors import ConfigError
from dateline.ontology import Ontology
from dateline.records import Status

Trend = Literal["rising", "falling"]
IndexKind = Literal["cooperation", "conflict"]

_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
_LENGTH = re.compile(r"^(\d+) (day|week|month|year)s?$")


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a rung, as written. Lengths of time are in days.

    About events: `types`, `modes`, `contexts` (any of each), `quad`, `between` two parties in either direction, or
    `source` and `target`; `status`; `count` events, each told by `agencies` independent agencies and with
    `confidence`; `unit` and `at_least`: one figure of the event, such as "killed" 10; `within` days of the event.
    About an index: `index` of the events that the other words choose, with a `half_life`, `at_least` so much, or
    its `trend` over `within` days. About another ladder: `ladder` stands `at` a rung or above, for `lasting` days.
    """

    types: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    contexts: tuple[str, ...] = ()
    quad: tuple[int, ...] = ()
    between: tuple[tuple[str, ...], ...] = ()
    source: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    status: tuple[str, ...] = ("asserted",)
    count: int = 1
    agencies: int = 1
    confidence: float = 0.0
    unit: str | None = None
    at_least: float | None = None
    within: int = 90
    index: IndexKind | None = None
    half_life: int = 30
    trend: Trend | None = None
    ladder: str | None = None
    at: str | None = None
    lasting: int = 0
    words: str = ""


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder. `hold`: days for which it stays in force once nothing supports it any more."""

    name: str
    about: str = ""
    when: tuple[Condition, ...] = ()
    either: tuple[Condition, ...] = ()
    unless: tuple[Condition, ...] = ()
    hold: int = 30


@dataclass(frozen=True, slots=True)
class Ladder:
    """A graded response: rungs from the lowest up. The lowest has no condition and always holds."""

    name: str
    about: str
    rungs: tuple[Rung, ...]

    def level(self, name: str) -> int:
        """The place of a rung, 0 the lowest."""
        return next(k for k, rung in enumerate(self.rungs) if rung.name == name)


def load(path: str | Path, ontology: Ontology) -> tuple[Ladder, ...]:
    """The ladders of a file, those that others follow first. ConfigError names the file, the ladder and the rung."""
    where = str(path)
    try:
        content = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{where}: no such file") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise ConfigError(f"{where}: no TOML: {wrong}") from None
    _only(where, content, {"ladder", "about"})
    tables = content.get("ladder")
    if not isinstance(tables, list) or not tables:
        raise ConfigError(f"{where}: no [[ladder]] in the file")
    ladders = [_ladder(where, table, ontology) for table in tables]
    names = [ladder.name for ladder in ladders]
    if doubled := {name for name in names if names.count(name) > 1}:
        raise ConfigError(f"{where}: two ladders are named '{min(doubled)}'")
    return _in_order(where, ladders)


def _only(where: str, table: Mapping[str, Any], known: set[str]) -> None:  # Any: parsed TOML
    for key in table:
        if key not in known:
            raise ConfigError(f"{where}: unknown word '{key}'; here may stand {', '.join(sorted(known))}")


def _ladder(where: str, table: Mapping[str, Any], ontology: Ontology) -> Ladder:
    name = table.get("name")
    if not isinstance(name, str) or not name:
        raise ConfigError(f"{where}: a ladder has no name")
    where = f"{where}: ladder '{name}'"
    _only(where, table, {"name", "about", "parties", "hold", "rung"})
    parties = {key: _texts(f"{where}, party '{key}'", value) for key, value in dict(table.get("parties", {})).items()}
    hold = _length(where, "hold", table.get("hold", "30 days"))
    given = table.get("rung")
    if not isinstance(given, list) or len(given) < 2:
        raise ConfigError(f"{where}: a ladder has at least two [[ladder.rung]]")
    rungs = tuple(_rung(where, rung, parties, hold, ontology) for rung in given)
    if rungs[0].when or rungs[0].either or rungs[0].unless:
        raise ConfigError(f"{where}: the lowest rung, '{rungs[0].name}', always holds; move its conditions up")
    if bare := [rung.name for rung in rungs[1:] if not rung.when and not rung.either]:
        raise ConfigError(f"{where}: rung '{bare[0]}' has no condition; give it 'when' or 'any'")
    names = [rung.name for rung in rungs]
    if doubled := {one for one in names if names.count(one) > 1}:
        raise ConfigError(f"{where}: two rungs are named '{min(doubled)}'")
    return Ladder(name, str(table.get("about", "")), rungs)


def _rung(where: str, table: Mapping[str, Any], parties: Mapping[str, tuple[str, ...]], hold: int, o: Ontology) -> Rung:
    name = table.get("name")
    if not isinstance(name, str) or not name:
        raise ConfigError(f"{where}: a rung has no name")
    where = f"{where}, rung '{name}'"
    _only(where, table, {"name", "about", "when", "any", "unless", "hold"})

    def conditions(key: str) -> tuple[Condition, ...]:
        given = table.get(key, [])
        if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
            raise ConfigError(f"{where}: '{key}' is a list of conditions: {key} = [{{ types = [...] }}]")
        return tuple(_condition(f"{where}, {key} {k}", one, parties, o) for k, one in enumerate(given, 1))

    stay = _length(where, "hold", table["hold"]) if "hold" in table else hold
    about = str(table.get("about", ""))
    return Rung(name, about, conditions("when"), conditions("any"), conditions("unless"), stay)


_TEXT_LISTS = ("types", "modes", "contexts", "status")
_KNOWN = {field.name for field in fields(Condition)} - {"words", "source", "target"} | {"from", "to"}


def _condition(where: str, table: Mapping[str, Any], parties: Mapping[str, tuple[str, ...]], o: Ontology) -> Condition:
    _only(where, table, _KNOWN)
    values: dict[str, Any] = {}  # Any: one entry a field, each checked below
    for key in _TEXT_LISTS:
        if key in table:
            values[key] = _texts(f"{where}, {key}", table[key])
    _choose(where, "types", values.get("types", ()), list(o.types))
    _choose(where, "modes", values.get("modes", ()), sorted({m for kind in o.types.values() for m in kind.modes}))
    _choose(where, "contexts", values.get("contexts", ()), list(o.contexts))
    _choose(where, "status", values.get("status", ()), list(get_args(Status)))
    for key, field in (("from", "source"), ("to", "target")):
        if key in table:
            values[field] = _party(where, table[key], parties)
    if "between" in table:
        if not isinstance(table["between"], list) or len(table["between"]) != 2:
            raise ConfigError(f"{where}: 'between' names two parties: between = ['Russia', 'North Korea']")
        values["between"] = tuple(_party(where, one, parties) for one in table["between"])
    if "quad" in table:
        values["quad"] = tuple(_numbers(where, "quad", table["quad"]))
    for key in ("within", "half_life", "lasting"):
        if key in table:
            values[key] = _length(where, key, table[key])
    for key in ("count", "agencies", "confidence", "at_least"):
        if key in table:
            values[key] = _number(where, key, table[key])
    for key, allowed in (("index", get_args(IndexKind)), ("trend", get_args(Trend))):
        if key in table:
            _choose(where, key, (table[key],), list(allowed))
            values[key] = table[key]
    for key in ("unit", "ladder", "at"):
        if key in table:
            values[key] = str(table[key])
    _makes_sense(where, values)
    return Condition(**values, words=_aloud(table))


def _makes_sense(where: str, values: Mapping[str, Any]) -> None:
    if "ladder" in values:
        if "at" not in values:
            raise ConfigError(f"{where}: which rung of ladder '{values['ladder']}'? give at = 'name of the rung'")
        if extra := set(values) - {"ladder", "at", "lasting"}:
            raise ConfigError(f"{where}: beside 'ladder' may stand 'at' and 'lasting', not '{min(extra)}'")
    elif "index" in values:
        if ("at_least" in values) == ("trend" in values):
            raise ConfigError(f"{where}: an index is compared with 'at_least' or by its 'trend', one of the two")
    elif "trend" in values or "half_life" in values:
        raise ConfigError(f"{where}: 'trend' and 'half_life' belong to an 'index' of cooperation or conflict")
    elif ("unit" in values) != ("at_least" in values):
        raise ConfigError(f"{where}: 'unit' and 'at_least' go together: unit = 'killed', at_least = 10")
    elif not set(values) & {"types", "modes", "contexts", "quad", "between", "source", "target"}:
        raise ConfigError(f"{where}: names neither types nor parties, so every event would do")


def _party(where: str, given: object, parties: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    names = _texts(where, given)
    codes: list[str] = []
    for name in names:
        if name in parties:
            codes += parties[name]
        elif re.fullmatch(r"[A-Z]{3,4}(/[A-Z]{3})?", name) or ":" in name:
            codes.append(name)
        else:
            known = ", ".join(parties) or "none yet"
            raise ConfigError(
                f"{where}: '{name}' is no party of the ladder ({known}) and no code such as RUS or RUS/MIL"
            )
    return tuple(codes)


def _texts(where: str, given: object) -> tuple[str, ...]:
    listed = [given] if isinstance(given, str) else given
    if not isinstance(listed, list) or not listed or not all(isinstance(one, str) and one for one in listed):
        raise ConfigError(f"{where}: {given!r} is neither a word nor a list of words")
    return tuple(listed)


def _numbers(where: str, key: str, given: object) -> list[int]:
    listed = given if isinstance(given, list) else [given]
    numbers = [one for one in listed if isinstance(one, int) and 1 <= one <= 4]
    if len(numbers) < len(listed):
        raise ConfigError(f"{where}: {key} {given!r}; quad classes are 1, 2, 3 and 4")
    return numbers


def _number(where: str, key: str, given: object) -> float | int:
    if isinstance(given, bool) or not isinstance(given, int | float) or given < 0:
        raise ConfigError(f"{where}: {key} is {given!r}; give a number that is not negative")
    if key in ("count", "agencies") and (not isinstance(given, int) or given < 1):
        raise ConfigError(f"{where}: {key} is {given!r}; give a whole number from 1")
    return given


def _length(where: str, key: str, given: object) -> int:
    match = _LENGTH.match(given) if isinstance(given, str) else None
    if not match:
        raise ConfigError(f"{where}: {key} is {given!r}; write it like '30 days', '6 weeks', '3 months' or '1 year'")
    return int(match[1]) * _DAYS[match[2]]


def _choose(where: str, key: str, given: Sequence[str], known: Sequence[str]) -> None:
    for one in given:
        if one not in known:
            raise ConfigError(f"{where}: {key} '{one}' is unknown; there are {', '.join(known)}")


def _aloud(table: Mapping[str, Any]) -> str:
    """A condition in plain words, for people to read."""
    if "ladder" in table:
        lasting = f" for {table['lasting']}" if "lasting" in table else ""
        return f"ladder '{table['ladder']}' stands at '{table['at']}' or above{lasting}"
    count = int(table.get("count", 1))
    status = "/".join(_texts("", table["status"])) + " " if "status" in table else ""
    kinds = " or ".join(_texts("", table.get("types", ["act"])))
    modes = f" ({' or '.join(_texts('', table['modes']))})" if "modes" in table else ""
    matter = f" in matters of {' or '.join(_texts('', table['contexts']))}" if "contexts" in table else ""
    who = _who(table)
    if "index" in table:
        goal = f"is {table['trend']}" if "trend" in table else f"reaches {table['at_least']}"
        return f"the index of {table['index']}{who} {goal} within {table.get('within', '90 days')}"
    figure = f" with {table['at_least']} or more {table['unit']}" if "unit" in table else ""
    told = f", each told by {table['agencies']} independent agencies" if table.get("agencies", 1) > 1 else ""
    events = "one" if count == 1 else f"{count}"
    return f"{events} {status}{kinds}{modes}{matter}{who}{figure} within {table.get('within', '90 days')}{told}"


def _who(table: Mapping[str, Any]) -> str:
    if "between" in table:
        first, second = ("/".join(_texts("", one)) for one in table["between"])
        return f" between {first} and {second}"
    source = f" by {'/'.join(_texts('', table['from']))}" if "from" in table else ""
    return source + (f" toward {'/'.join(_texts('', table['to']))}" if "to" in table else "")


def _in_order(where: str, ladders: Sequence[Ladder]) -> tuple[Ladder, ...]:
    """Ladders so that each comes after those that it follows."""
    known = {ladder.name: ladder for ladder in ladders}
    for ladder in ladders:
        for condition in conditions_of(ladder):
            if condition.ladder is None:
                continue
            other = known.get(condition.ladder)
            if other is None:
                raise ConfigError(
                    f"{where}: ladder '{ladder.name}' follows '{condition.ladder}', which is not in the file"
                )
            if condition.at not in [rung.name for rung in other.rungs]:
                names = ", ".join(rung.name for rung in other.rungs)
                raise ConfigError(f"{where}: ladder '{other.name}' has no rung '{condition.at}'; it has {names}")
    done: list[Ladder] = []
    todo = list(ladders)
    while todo:
        ready = [one for one in todo if all(c.ladder in {d.name for d in done} for c in conditions_of(one) if c.ladder)]
        if not ready:
            raise ConfigError(f"{where}: ladders {', '.join(one.name for one in todo)} follow each other in a circle")
        done += ready
        todo = [one for one in todo if one not in ready]
    return tuple(done)


def conditions_of(ladder: Ladder) -> list[Condition]:
    """Every condition of a ladder."""
    return [one for rung in ladder.rungs for one in (*rung.when, *rung.either, *rung.unless)]
