"""The ontology folder: what it holds, what it answers, and how it refuses a broken one."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from dateline.errors import ConfigError
from dateline.ontology import COLUMNS, SHIPPED, Ontology, examples, load

PLOVER = load()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "mine"))


def rows(word: str, pos: str) -> list[tuple[str, str | None]]:
    return [(row.type, row.mode) for row in PLOVER.triggers[word] if row.pos == pos]


def test_sixteen_types_and_their_quads() -> None:
    assert len(PLOVER.types) == 16
    quads = {1: "AGREE CONSULT SUPPORT CONCEDE", 2: "COOPERATE AID RETREAT", 3: "REQUEST ACCUSE REJECT THREATEN"}
    for quad, names in quads.items():
        assert {name for name, kind in PLOVER.types.items() if kind.quad == quad} == set(names.split())


def test_modes_and_contexts_are_those_of_the_codebook() -> None:
    assert sum(len(kind.modes) for kind in PLOVER.types.values()) == 67
    assert len(PLOVER.contexts) == 37


@pytest.mark.parametrize(
    ("kind", "mode", "score"),
    [
        ("AID", None, 10),
        ("ACCUSE", None, -3),
        ("RETREAT", "disarm", 10),
        ("ASSAULT", "drone", -9.5),
        ("PROTEST", "vandalize", -5),
    ],
)
def test_scores(kind: str, mode: str | None, score: float) -> None:
    assert PLOVER.score(kind, mode) == score


@pytest.mark.parametrize(
    ("kind", "mode", "contexts", "code"),
    [
        ("AID", None, (), "070"),
        ("AID", None, ("military",), "072"),
        ("AGREE", None, ("economic",), "0311"),
        ("COERCE", "arrest", ("legal",), "173"),
        ("SANCTION", "convict", (), "116"),
        ("RETREAT", "withdraw", ("military",), "0874"),
    ],
)
def test_cameo(kind: str, mode: str | None, contexts: tuple[str, ...], code: str) -> None:
    assert PLOVER.cameo(kind, mode, contexts) == code


def test_contexts_by_word_and_by_phrase() -> None:
    assert PLOVER.contexts_in("the air force bombed a pipeline".split()) == ("military", "natural_resource")
    assert PLOVER.contexts_in(["nothing", "here"]) == ()


@pytest.mark.parametrize("name", list(PLOVER.types))
def test_every_type_has_words_and_examples(name: str) -> None:
    kinds = {row.pos for found in PLOVER.triggers.values() for row in found if row.type == name}
    assert {"verb", "noun"} <= kinds
    assert sum(example.type == name for example in examples()) >= 4


def test_every_mode_has_a_word() -> None:
    used = {(row.type, row.mode) for found in PLOVER.triggers.values() for row in found}
    assert [(k, m) for k, kind in PLOVER.types.items() for m in kind.modes if (k, m) not in used] == []


@pytest.mark.parametrize(
    ("word", "pos", "want"),
    [
        ("condemn", "verb", ("ACCUSE", "disapprove")),
        ("arrest", "noun", ("COERCE", "arrest")),
        ("airstrike", "noun", ("ASSAULT", "aerial")),
        ("visit", "noun", ("CONSULT", "visit")),
        ("willing", "adj", ("AGREE", None)),
        ("dispatch", "noun", ("AID", None)),
        ("demobilize", "verb", ("RETREAT", "disarm")),
    ],
)
def test_words_mean(word: str, pos: str, want: tuple[str, str | None]) -> None:
    assert want in rows(word, pos)


def test_words_are_split_into_head_particle_and_leading_words() -> None:
    strike = next(row for row in PLOVER.triggers["strike"] if row.mods == ("hunger",))
    assert (strike.type, strike.mode) == ("PROTEST", "hunger")
    plea = next(row for row in PLOVER.triggers["call"] if row.particle == "for" and not row.needs)
    assert plea.type == "REQUEST"


def test_rows_come_most_specific_first() -> None:
    for found in PLOVER.triggers.values():
        assert [row.specificity for row in found] == sorted((row.specificity for row in found), reverse=True)


def test_needs_take_classes_apart() -> None:
    need = next(need for row in PLOVER.triggers["impose"] for need in row.needs if "sanction" in need.words)
    assert need.slot == "obj" and "embargo" in need.words and not need.negated
    guard = next(need for row in PLOVER.triggers["attack"] for need in row.needs if need.negated)
    assert "@market" not in guard.words and "price" in guard.words


def test_guards_have_no_roles() -> None:
    weak = [row for found in PLOVER.triggers.values() for row in found if row.strength < 0.1]
    assert weak and all(row.needs for row in weak)


def test_digest_follows_the_files(folder: Path) -> None:
    assert load(folder).digest == PLOVER.digest
    (folder / "README.md").write_text("changed", encoding="utf-8")
    assert load(folder).digest != PLOVER.digest


def append(path: Path, line: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "line", "words"),
    [
        ("triggers.tsv", "zap\tverb\tRIOT\t\t\t\t\t\t0.5", ["triggers.tsv:", "'RIOT'", "PROTEST"]),
        ("triggers.tsv", "zap\tverb\tAID\tsoup\t\t\t\t\t0.5", ["mode of AID", "'soup'"]),
        ("triggers.tsv", "zap\tadverb\tAID\t\t\t\t\t\t0.5", ["pos", "'adverb'", "verb, noun, adj"]),
        ("triggers.tsv", "zap\tverb\tAID\t\t\t\t\t\tmuch", ["strength 'much'", "0 to 1"]),
        ("triggers.tsv", "zap\tverb\tAID\t\t\tobj:@nobody\t\t\t0.5", ["@nobody", "words.toml"]),
        ("triggers.tsv", "zap\tverb\tAID\t\t\tobj\t\t\t0.5", ["slot:value"]),
        ("triggers.tsv", "zap\tverb\tAID\t\t\t\tfoot\t\t0.5", ["slot 'foot'", "prep_X"]),
        ("triggers.tsv", "zap\tverb\tAID\t\tmoon\t\t\t\t0.5", ["context 'moon'"]),
        ("triggers.tsv", "zap\tverb\tAID", ["3 columns, expected 9"]),
        ("triggers.tsv", "Zap\tverb\tAID\t\t\t\t\t\t0.5", ["lower-case"]),
        ("triggers.tsv", "to zap\tverb\tAID\t\t\t\t\t\t0.5", ["verb+particle"]),
        ("triggers.tsv", "condemn\tverb\tAID\t\t\t\t\t\t0.5", ["'condemn'", "stands on line"]),
        ("types.toml", "[RIOT]\nscore = 1", ["RIOT", "no quad", "1, 2, 3, 4"]),
        ("types.toml", '[RIOT]\nquad = 1\nscore = "x"', ["score 'x'", "-10 to 10"]),
        ("modes.toml", '[RIOT.a]\ndefinition = "x"', ["'RIOT'", "AGREE"]),
        ("words.toml", "bad = 3", ["'bad'", "one string"]),
        ("words.toml", 'bad = "@later"', ["'bad'", "stand above"]),
        ("contexts.tsv", "moon\tone two three\tx", ["contexts.tsv:", "two words"]),
        ("cameo.tsv", "999\tRIOT\t\t\tx", ["cameo.tsv:", "'RIOT'"]),
    ],
)
def test_mistakes_are_named(folder: Path, name: str, line: str, words: list[str]) -> None:
    append(folder / name, line)
    with pytest.raises(ConfigError) as caught:
        load(folder)
    assert all(word in str(caught.value) for word in words), str(caught.value)


@pytest.mark.parametrize(
    "name", ["ontology.toml", "types.toml", "modes.toml", "triggers.tsv", "words.toml", "cameo.tsv"]
)
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ConfigError, match=name):
        load(folder)


def test_broken_files_are_named(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such ontology folder"):
        load(tmp_path / "nowhere")
    (folder / "types.toml").write_bytes(b"\xff")
    with pytest.raises(ConfigError, match="UTF-8"):
        load(folder)
    (folder / "types.toml").write_text("a = ", encoding="utf-8")
    with pytest.raises(ConfigError, match="not TOML"):
        load(folder)


def test_examples_are_checked(folder: Path) -> None:
    append(folder / "examples.jsonl", '{"text": "Chad left.", "type": "RETREAT", "source": "Mali"}')
    with pytest.raises(ConfigError, match="'Mali' does not stand"):
        examples(folder)


def test_examples_name_known_types_and_modes() -> None:
    for example in examples():
        assert example.mode is None or example.mode in PLOVER.types[example.type].modes
    assert max(Counter(example.text for example in examples()).values()) == 1


def test_another_ontology_stands_alone(tmp_path: Path) -> None:
    mine = tmp_path / "tiny"
    mine.mkdir()
    files = {
        "ontology.toml": 'name = "tiny"\nversion = "1"\nscale_id = "own"\n',
        "types.toml": '[WAVE]\nquad = 1\nscore = 1\ncameo = "010"\ndefinition = "waves"\n',
        "modes.toml": "",
        "words.toml": "",
        "contexts.tsv": "context\tcues\tdefinition\n",
        "cameo.tsv": "code\ttype\tmode\tcontexts\tlabel\n",
        "triggers.tsv": "\t".join(COLUMNS) + "\nwave+at\tverb\tWAVE\t\t\t\t\t\t1\n",
    }
    for name, text in files.items():
        (mine / name).write_text(text, encoding="utf-8")
    tiny: Ontology = load(mine)
    assert (tiny.name, list(tiny.types), tiny.score("WAVE", None)) == ("tiny", ["WAVE"], 1.0)
    assert tiny.triggers["wave"][0].particle == "at"
