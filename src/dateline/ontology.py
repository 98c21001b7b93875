"""Load and check an ontology folder, and answer questions about its types and its trigger words.

An ontology is a folder of data: `ontology.toml` (name, version, scale), `types.toml`, `modes.toml`,
`contexts.tsv`, `cameo.tsv`, `words.toml` (named word classes), `triggers.tsv` (the lexicon) and
`examples.jsonl`. The one that ships is `data/ontologies/plover`; a user can give another folder of
the same form. Everything is checked when it is loaded; a mistake is a `ConfigError` that names the
file, the line, the value and what would work.

It refuses to look at text: matching triggers on a parse is `coding`'s business. And it refuses to
guess: a folder that lacks a file is an error, never filled up from the shipped one.

The lexicon, a row a trigger: word, pos, type, mode, contexts, needs, source, target, strength.
  word      `bomb`, `call+for` (verb + particle or preposition that hangs on it), `air strike`
            (last word is the head, the words before it are its compounds or adjectives)
  needs     constraints that must all hold, joined by `;`, each `slot:value|value`, `!` negates.
            Values: lemmas, `@class` of words.toml, `@actor` (any resolved actor), `@event` or
            `@event:TYPE` (a nominal trigger), `*` (anything)
  source, target   slots tried in order, joined by `|`; empty = `DEFAULT_SLOTS` of the pos
Slots:
  verbs and adjectives  subj, obj, iobj, comp (infinitive or clausal complement), comp_aux (modal or
            negation inside the complement), prep_X, prep_* (any preposition), obj_of (possessor or
            modifier inside the object phrase), any (nearest actor below the trigger), none
  nouns     poss, of, by, mod (compound, adjective, nationality), prep_X, prep_*, lsubj and lobj
            (subject and other roles of a light verb that governs the noun), comp, any, none
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from dateline.errors import ConfigError

SHIPPED = Path(__file__).parent / "data" / "ontologies" / "plover"
PARTS_OF_SPEECH = ("verb", "noun", "adj")
SLOTS = frozenset(
    "subj obj iobj comp comp_aux obj_of any none poss of by mod lsubj lobj".split()
)  # and prep_X for any preposition X, prep_* for all of them
# (source slots, target slots) of a row that names none. Prepositions that show a recipient come
# before the open `prep_*`; "by" and "in" are left to it, for they mostly show an agent or a place.
DEFAULT_SLOTS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "verb": (("subj",), ("obj", "iobj", "prep_*")),
    "noun": (
        ("poss", "by", "mod", "lsubj", "prep_from"),
        (
            "prep_on",
            "prep_against",
            "prep_with",
            "prep_to",
            "of",
            "prep_for",
            "prep_at",
            "prep_between",
            "prep_in",
            "lobj",
        ),
    ),
    "adj": (("subj",), ("prep_*", "comp", "any")),
}
COLUMNS = ("word", "pos", "type", "mode", "contexts", "needs", "source", "target", "strength")


@dataclass(frozen=True, slots=True)
class Mode:
    """How an act of one type was done. `score` is None where the ontology gives none."""

    name: str
    score: float | None
    cameo: str | None
    definition: str


@dataclass(frozen=True, slots=True)
class EventType:
    """One type of act. `quad`: 1 verbal and 2 material cooperation, 3 verbal and 4 material conflict.

    `requires_target`: an event without a target is none. `reciprocal`: the act has no direction
    when its parties stand together in one subject. `rules` are coding rules for people to read.
    """

    name: str
    quad: int
    score: float
    requires_target: bool
    reciprocal: bool
    cameo: str
    definition: str
    rules: tuple[str, ...]
    modes: Mapping[str, Mode]


@dataclass(frozen=True, slots=True)
class Need:
    """One constraint of a trigger row: something in `slot` is one of `words` or of `classes`.

    `classes` holds "*" (anything), "actor", "event" and "event:TYPE". `negated`: nothing there is.
    """

    slot: str
    words: frozenset[str]
    classes: frozenset[str]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Trigger:
    """One row of the lexicon.

    `lemma` is the head's, `particle` what must hang on a verb ("" for nothing), `mods` the leading
    words of a multiword noun, `strength` 0..1 how surely the word means this in political news,
    `line` the row's line in the file.
    """

    lemma: str
    pos: str
    particle: str
    mods: tuple[str, ...]
    type: str
    mode: str | None
    contexts: tuple[str, ...]
    needs: tuple[Need, ...]
    source: tuple[str, ...]
    target: tuple[str, ...]
    strength: float
    line: int

    @property
    def specificity(self) -> int:
        """How much the row asks for: the most specific row that holds wins; a named word says more than a particle."""
        return 3 * len(self.needs) + 2 * len(self.mods) + 2 * bool(self.particle)


@dataclass(frozen=True, slots=True)
class CameoRow:
    """One row of the CAMEO map: a code and what it means in this ontology."""

    code: str
    type: str
    mode: str | None
    contexts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Example:
    """An invented sentence and the one event it shows; `source` and `target` stand in `text`."""

    text: str
    type: str
    mode: str | None
    source: str
    target: str | None
    status: str


@dataclass(frozen=True, slots=True)
class Ontology:
    """A loaded ontology. `triggers` is keyed by the lower-case lemma of the head word.

    `digest` is a sha256 over names and bytes of the folder's files: it belongs in every run log.
    """

    name: str
    version: str
    digest: str
    scale_id: str
    types: Mapping[str, EventType]
    triggers: Mapping[str, tuple[Trigger, ...]]
    words: Mapping[str, frozenset[str]]
    contexts: Mapping[str, frozenset[tuple[str, ...]]]
    cameo_rows: tuple[CameoRow, ...]

    def score(self, event_type: str, mode: str | None) -> float:
        """The intensity of an act: the mode's score where it has one, else the type's."""
        found = self.types[event_type]
        own = found.modes[mode].score if mode in found.modes and mode is not None else None
        return found.score if own is None else own

    def cameo(self, event_type: str, mode: str | None, contexts: Sequence[str] = ()) -> str:
        """The CAMEO code nearest in meaning: that of the mode or the type, refined by context.

        A context picks a code below the default one only ("070" and military gives "072"), so that
        no context can turn a promise of aid into a promise to lift sanctions.
        """
        found = self.types[event_type]
        base = (found.modes[mode].cameo if mode is not None and mode in found.modes else None) or found.cameo
        stem, given = base.removesuffix("0"), set(contexts)
        fits = [
            row
            for row in self.cameo_rows
            if row.type == event_type and row.contexts and row.contexts <= given and row.code.startswith(stem)
        ]
        fits.sort(key=lambda row: (-len(row.contexts), len(row.code), row.code))
        return fits[0].code if fits else base

    def contexts_in(self, words: Sequence[str]) -> tuple[str, ...]:
        """The contexts whose cue words or phrases stand in `words` (lower-case lemmas, in order)."""
        have = {(word,) for word in words} | set(pairwise(words))
        return tuple(name for name, cues in self.contexts.items() if not cues.isdisjoint(have))


# --------------------------------------------------------------------------- loading


def load(folder: Path | None = None) -> Ontology:
    """The ontology in `folder`, the shipped PLOVER when None. Errors: ConfigError."""
    home = Path(folder) if folder is not None else SHIPPED
    if not home.is_dir():
        raise ConfigError(f"{home}: no such ontology folder; give a folder that holds ontology.toml and triggers.tsv")
    head = _toml(home / "ontology.toml")
    contexts = _contexts(home / "contexts.tsv")
    types = _types(home)
    words = _words(home / "words.toml")
    return Ontology(
        name=_text(home / "ontology.toml", head, "name"),
        version=_text(home / "ontology.toml", head, "version"),
        digest=_digest(home),
        scale_id=_text(home / "ontology.toml", head, "scale_id"),
        types=types,
        triggers=_triggers(home / "triggers.tsv", types, frozenset(contexts), words),
        words=words,
        contexts=contexts,
        cameo_rows=tuple(_cameo(home / "cameo.tsv", types, frozenset(contexts))),
    )


def examples(folder: Path | None = None) -> tuple[Example, ...]:
    """The example sentences of an ontology folder, in file order. Errors: ConfigError."""
    path = (Path(folder) if folder is not None else SHIPPED) / "examples.jsonl"
    found = []
    for number, line in enumerate(_read(path).splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            rest = row.get("target"), row.get("status", "asserted")
            example = Example(row["text"], row["type"], row.get("mode"), row["source"], *rest)
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            raise ConfigError(f"{_at(path, number)}: no example ({error}); give text, type and source") from error
        for part in (example.source, example.target):
            if part is not None and part not in example.text:
                raise ConfigError(f"{_at(path, number)}: '{part}' does not stand in the text")
        found.append(example)
    return tuple(found)


def _at(path: Path, line: int) -> str:
    return f"{path.parent.name}/{path.name}:{line}"


def _digest(home: Path) -> str:
    total = hashlib.sha256()
    for path in sorted(home.rglob("*")):
        if path.is_file():
            total.update(path.relative_to(home).as_posix().encode() + b"\0")
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError(f"{path}: missing; an ontology folder holds {path.name}, see the shipped plover") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 (byte {error.start}); save it as UTF-8") from error


# Any: TOML values are what the user wrote; every read of one checks its type.
def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_read(path))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not TOML: {error}") from error


def _rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and cells of every row of a tab-separated file; `#` and blank lines are skipped."""
    numbered = enumerate(_read(path).splitlines(), 1)
    lines = [(number, line) for number, line in numbered if line.strip() and not line.startswith("#")]
    if not lines or tuple(lines[0][1].split("\t")) != tuple(columns):
        raise ConfigError(f"{path}: the first row must be the column names: {', '.join(columns)}")
    for number, line in lines[1:]:
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) != len(columns):
            raise ConfigError(
                f"{_at(path, number)}: {len(cells)} columns, expected {len(columns)}: {', '.join(columns)}"
            )
        yield number, dict(zip(columns, cells, strict=True))


def _text(path: Path, table: Mapping[str, Any], key: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value:
        raise ConfigError(f'{path}: {key} is {value!r}; give a string, as {key} = "..."')
    return value


def _number(where: str, table: Mapping[str, Any], key: str, low: float, high: float) -> float:
    value = table.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise ConfigError(f"{where} has {key} {value!r}; give a number from {low:g} to {high:g}")
    return float(value)


def _choice(where: str, what: str, value: str, choices: Sequence[str]) -> str:
    if value not in choices:
        raise ConfigError(f"{where}: {what} '{value}' is unknown; choose one of {', '.join(choices)}")
    return value


def _types(home: Path) -> dict[str, EventType]:
    path, found = home / "types.toml", {}
    table, modes = _toml(path), _toml(home / "modes.toml")
    for name in modes:
        _choice(f"{home.name}/modes.toml", "type", name, list(table))
    for name, row in table.items():
        where = f"{home.name}/types.toml: type '{name}'"
        if not isinstance(row, dict):
            raise ConfigError(f"{where} is no table; write it as [{name}]")
        if "quad" not in row:
            raise ConfigError(f"{where} has no quad; choose one of 1, 2, 3, 4")
        found[name] = EventType(
            name=name,
            quad=int(_number(where, row, "quad", 1, 4)),
            score=_number(where, row, "score", -10, 10),
            requires_target=bool(row.get("requires_target", False)),
            reciprocal=bool(row.get("reciprocal", False)),
            cameo=_text(path, row, "cameo"),
            definition=_text(path, row, "definition"),
            rules=tuple(str(rule) for rule in row.get("rules", ())),
            modes=_modes(home, name, modes.get(name, {})),
        )
    if not found:
        raise ConfigError(f"{path}: no types; write at least one table, as [AGREE]")
    return found


def _modes(home: Path, event_type: str, table: Mapping[str, Any]) -> dict[str, Mode]:
    found = {}
    for name, row in table.items():
        where = f"{home.name}/modes.toml: mode '{event_type}.{name}'"
        score = _number(where, row, "score", -10, 10) if "score" in row else None
        cameo = row.get("cameo")
        found[name] = Mode(name, score, str(cameo) if cameo else None, _text(home / "modes.toml", row, "definition"))
    return found


def _contexts(path: Path) -> dict[str, frozenset[tuple[str, ...]]]:
    found = {}
    for number, row in _rows(path, ("context", "cues", "definition")):
        cues = frozenset(tuple(cue.lower().split()) for cue in row["cues"].split(",") if cue.strip())
        if any(len(cue) > 2 for cue in cues):
            raise ConfigError(f"{_at(path, number)}: a cue of more than two words; write cues of one or two words")
        found[row["context"]] = cues
    return found


def _words(path: Path) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for name, value in _toml(path).items():
        if not isinstance(value, str):
            raise ConfigError(f"{path}: class '{name}' is {value!r}; give its words as one string, blanks between them")
        words: set[str] = set()
        for word in value.split():  # a class may name one that stands above it
            words |= found[word[1:]] if word.startswith("@") and word[1:] in found else {word.lower()}
        if any(word.startswith("@") for word in words):
            raise ConfigError(f"{path}: class '{name}' names a class that does not stand above it")
        found[name] = frozenset(words)
    return found


def _cameo(path: Path, types: Mapping[str, EventType], contexts: frozenset[str]) -> Iterator[CameoRow]:
    for number, row in _rows(path, ("code", "type", "mode", "contexts", "label")):
        where = _at(path, number)
        kind = types[_choice(where, "type", row["type"], list(types))]
        mode = _choice(where, "mode", row["mode"], list(kind.modes)) if row["mode"] else None
        named = [_choice(where, "context", name, sorted(contexts)) for name in _split(row["contexts"], ",")]
        yield CameoRow(row["code"], kind.name, mode, frozenset(named))


def _triggers(
    path: Path, types: Mapping[str, EventType], contexts: frozenset[str], words: Mapping[str, frozenset[str]]
) -> dict[str, tuple[Trigger, ...]]:
    found: dict[str, list[Trigger]] = {}
    seen: dict[tuple[object, ...], int] = {}
    for number, row in _rows(path, COLUMNS):
        trigger = _trigger(_at(path, number), number, row, types, contexts, words)
        key = (row["word"], trigger.pos, trigger.needs)
        if key in seen:
            raise ConfigError(
                f"{_at(path, number)}: '{row['word']}' with the same needs stands on line {seen[key]}; keep one"
            )
        seen[key] = number
        found.setdefault(trigger.lemma, []).append(trigger)
    return {
        lemma: tuple(sorted(rows, key=lambda t: (-t.specificity, -t.strength, t.line))) for lemma, rows in found.items()
    }


def _trigger(
    where: str,
    number: int,
    row: Mapping[str, str],
    types: Mapping[str, EventType],
    contexts: frozenset[str],
    words: Mapping[str, frozenset[str]],
) -> Trigger:
    pos = _choice(where, "pos", row["pos"], PARTS_OF_SPEECH)
    kind = types[_choice(where, "type", row["type"], list(types))]
    mode = _choice(where, f"mode of {kind.name}", row["mode"], list(kind.modes)) if row["mode"] else None
    lemma, particle, mods = _word(where, pos, row["word"])
    source, target = DEFAULT_SLOTS[pos]
    try:
        strength = float(row["strength"] or "nan")
    except ValueError:
        strength = float("nan")
    if not 0 <= strength <= 1:
        raise ConfigError(f"{where}: strength '{row['strength']}' of '{row['word']}'; give a number from 0 to 1")
    return Trigger(
        lemma=lemma,
        pos=pos,
        particle=particle,
        mods=mods,
        type=kind.name,
        mode=mode,
        contexts=tuple(_choice(where, "context", name, sorted(contexts)) for name in _split(row["contexts"], ",")),
        needs=tuple(_need(where, text, types, words) for text in _split(row["needs"], ";")),
        source=tuple(_slot(where, name) for name in _split(row["source"], "|")) or source,
        target=tuple(_slot(where, name) for name in _split(row["target"], "|")) or target,
        strength=strength,
        line=number,
    )


def _split(text: str, mark: str) -> list[str]:
    return [part.strip() for part in text.split(mark) if part.strip()]


def _word(where: str, pos: str, word: str) -> tuple[str, str, tuple[str, ...]]:
    """Head lemma, particle and leading words of a lexicon word."""
    if not word or word != word.lower():
        raise ConfigError(f"{where}: word '{word}'; write a lower-case lemma")
    if "+" in word:
        head, _, particle = word.partition("+")
        if pos == "noun" or not head or not particle or "+" in particle or " " in word:
            raise ConfigError(f"{where}: word '{word}'; write verb+particle with one particle, as call+for")
        return head, particle, ()
    parts = word.split()
    if len(parts) > 1 and pos != "noun":
        raise ConfigError(
            f"{where}: word '{word}' has {len(parts)} words; only nouns may, for verbs write verb+particle"
        )
    return parts[-1], "", tuple(parts[:-1])


def _slot(where: str, name: str) -> str:
    if name in SLOTS or (name.startswith("prep_") and len(name) > 5):
        return name
    raise ConfigError(f"{where}: slot '{name}' is unknown; choose one of {', '.join(sorted(SLOTS))}, prep_X, prep_*")


def _need(where: str, text: str, types: Mapping[str, EventType], words: Mapping[str, frozenset[str]]) -> Need:
    """`!obj:@tie|goal` as a Need: classes of words.toml are replaced by their words."""
    negated, text = text.startswith("!"), text.removeprefix("!")
    slot, colon, values = text.partition(":")
    if not colon or not values:
        raise ConfigError(f"{where}: need '{text}'; write slot:value, as obj:@tie or prep_against:*")
    lemmas: set[str] = set()
    classes: set[str] = set()
    for value in _split(values, "|"):
        name = value[1:]
        if value == "*":
            classes.add("*")
        elif not value.startswith("@"):
            lemmas.add(value)
        elif name in ("actor", "event"):
            classes.add(name)
        elif name.startswith("event:"):
            classes.add("event:" + _choice(where, "type", name[6:], list(types)))
        elif name in words:
            lemmas |= words[name]
        else:
            raise ConfigError(
                f"{where}: class '{value}' is not in words.toml; choose one of {', '.join(sorted(words))}"
            )
    return Need(_slot(where, slot), frozenset(lemmas), frozenset(classes), negated)
