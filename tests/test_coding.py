"""The coder on sentences a political scientist can read and dispute, and its parts on Docs by hand."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from dateline.coding import quantities, syntax
from dateline.records import Event, Party
from dateline.testing import doc_from

GOLDEN = Path(__file__).parent / "golden" / "sentences.txt"
PUBLISHED = "2021-06-16"


@dataclass(frozen=True)
class Case:
    note: str
    sentence: str
    events: frozenset[str]


def cases() -> list[Case]:
    """The blocks of golden/sentences.txt; the first block is its introduction."""
    found = []
    for block in GOLDEN.read_text(encoding="utf-8").split("\n\n")[1:]:
        lines = block.strip().splitlines()
        note = " ".join(line.removeprefix("# ") for line in lines if line.startswith("#"))
        sentence, *events = [line for line in lines if not line.startswith("#")]
        found.append(Case(note, sentence, frozenset(event for event in events if event != "none")))
    return found


def told(event: Event) -> str:
    """An event in the words of the golden file."""
    said = f" by {parties(event.speakers)}" if event.speakers else ""
    return f"{parties(event.sources)} {event.type} {parties(event.targets)} {event.status}{said}"


def parties(found: tuple[Party, ...]) -> str:
    return "+".join(f"{p.actor.country or '?'}/{p.actor.sectors[0]}" for p in found) or "-"


@pytest.mark.model
@pytest.mark.parametrize("case", cases(), ids=lambda case: case.note[:60])
def test_golden_sentence(case: Case, coded_text) -> None:  # type: ignore[no-untyped-def]
    assert {told(event) for event in coded_text(case.sentence).events} == case.events


PASSIVE = doc_from("""
    Farmers  farmer   NNS nsubjpass 2
    were     be       VBD auxpass   2
    attacked attack   VBN ROOT      2
    by       by       IN  agent     2
    Chad     Chad     NNP pobj      3
    and      and      CC  cc        4
    Niger    Niger    NNP conj      4
""")


def test_a_passive_is_turned_round() -> None:
    assert syntax.verb_subjects(PASSIVE, 2) == [4, 6]
    assert syntax.verb_objects(PASSIVE, 2) == [0]


CONTROL = doc_from("""
    Chad    Chad   NNP nsubj 1
    urged   urge   VBD ROOT  1
    Niger   Niger  NNP dobj  1
    to      to     TO  aux   4
    leave   leave  VB  xcomp 1
""")


def test_the_one_who_is_urged_is_the_one_who_would_act() -> None:
    assert syntax.verb_subjects(CONTROL, 4) == [2]
    assert syntax.complements(CONTROL, 1) == [4]


@pytest.mark.parametrize(
    ("words", "value"),
    [(["10,000"], 10000), (["2.5", "million"], 2.5e6), (["twenty-one"], 21), (["two", "dozen"], 24), (["many"], None)],
)
def test_numbers(words: list[str], value: float | None) -> None:
    assert quantities.value_of(words) == value
