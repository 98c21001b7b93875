"""The coder on sentences and stories a political scientist can read and dispute, and its parts on Docs by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import golden
from dateline.coding import quantities, syntax
from dateline.ingest import read
from dateline.pipeline import Pipeline
from dateline.records import Coded, Raw
from dateline.testing import doc_from

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
# Floors only rise. `whole`: parties with sectors, status and speaker; `act`: countries, type and status.
WHOLE_FLOOR, ACT_FLOOR = 0.52, 0.59


@pytest.mark.model
@pytest.mark.parametrize("case", golden.sentences(), ids=lambda case: case.name[:60])
def test_golden_sentence(case: golden.Case, coded_text: Callable[[str], Coded]) -> None:
    assert {golden.told(event) for event in coded_text(case.text).events} == case.events


def f1(pairs: list[tuple[set[str], set[str]]]) -> float:
    hits = sum(len(gold & own) for gold, own in pairs)
    return 2 * hits / max(1, sum(len(gold) + len(own) for gold, own in pairs))


@pytest.mark.model
def test_the_samples_are_coded_as_their_golden_records_say(pipeline: Pipeline) -> None:
    raws = [raw for raw in read([str(SAMPLES)]) if isinstance(raw, Raw)]
    coded = {c.story.id: c for c in pipeline.analyse(pipeline.prepare(raws)) if isinstance(c, Coded)}
    cases = golden.samples()
    assert set(coded) == {case.name for case in cases}
    whole = [(set(case.events), {golden.told(event) for event in coded[case.name].events}) for case in cases]
    acts = [({golden.act(e) for e in gold}, {golden.act(e) for e in own}) for gold, own in whole]
    assert (f1(whole) >= WHOLE_FLOOR, f1(acts) >= ACT_FLOOR) == (True, True), (f1(whole), f1(acts))


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
