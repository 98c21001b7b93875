"""Status on parses written by hand, and the scope of real parses."""

from __future__ import annotations

import pytest

from dateline.language import Annotator
from dateline.records import TimeExpression
from dateline.status import governors, status_of
from dateline.testing import doc_from

NOT = """
    Chad Chad NNP nsubj 3
    did do VBD aux 3
    not not RB neg 3
    attack attack VB ROOT 3
    Mali Mali NNP dobj 3
"""
DATED = """
    Chad Chad NNP nsubj 1
    attacked attack VBD ROOT 1
    Mali Mali NNP dobj 1
    {prep} {prep} IN prep 1
    1994 1994 CD pobj 3
"""


def test_the_ruling_names_the_words() -> None:
    assert status_of(doc_from(NOT), 3, (), (), None) == ("negated", ("negated by 'did not'",))


@pytest.mark.parametrize(
    ("prep", "published", "expected"),
    [
        ("in", "1999-05-01", "historical"),
        ("in", "1994-12-01", "asserted"),
        ("in", None, "asserted"),
        ("since", "1999-05-01", "asserted"),
    ],
)
def test_long_ago(prep: str, published: str | None, expected: str) -> None:
    doc = doc_from(DATED.format(prep=prep))
    year = TimeExpression("body", doc.tokens[4].start, doc.tokens[4].end, "1994", "1994", "1994-01-01", "1994-12-31")
    assert status_of(doc, 1, (), (year,), published)[0] == expected


def test_a_cyclic_parse_ends() -> None:
    doc = doc_from("talks talk NNS dobj 1\nplan plan VB xcomp 0")
    assert status_of(doc, 0, (), (), None)[0] in {"asserted", "future", "hypothetical"}


def test_classes_of_governors_are_closed() -> None:
    assert {kind for pair in governors().values() for kind in pair} <= set("+=-fh")


@pytest.fixture(scope="module")
def annotate() -> Annotator:
    return Annotator()


CASES = """
asserted | attacked | Chad attacked the port on Monday.
asserted | seize | The rebels were able to seize the port.
asserted | sending | Chad began sending food to Mali.
asserted | attacked | Divers said that pirates attacked a ferry.
asserted | flee | Thousands were forced to flee the port.
asserted | killing | Chad accused Mali of killing two herders.
asserted | raid | Mali did not condemn the raid.
asserted | met | The minister regretted that the envoys met.
negated | attacking | Mali denied attacking the ferry.
negated | joined | She denied accusations that she joined the pirates.
negated | send | The president refused to send doctors.
negated | firing | They took the port without firing a shot.
negated | raid | There was no raid on the port.
negated | attacked | Divers do not think that Chad attacked Mali.
negated | condemning | The minister stopped short of condemning Chad.
negated | raids | Divers prevented raids on the port.
negated | signed | Neither envoy signed the pact.
negated | bombing | The navy stopped bombing the port.
future | send | Chad will send doctors to Mali.
future | meet | The envoys agreed to meet on Friday.
future | meet | The envoys are set to meet on Friday.
future | meet | The envoy said he would meet the pirates.
future | visit | The envoys spoke ahead of a visit by the king.
future | supply | Farmers marched against plans to supply grain to Mali.
hypothetical | send | Mali urged Chad to send doctors.
hypothetical | send | Mali asked that Chad send doctors.
hypothetical | supplying | Chad warned it could respond by supplying boats.
hypothetical | met | He did not say whether the envoys met.
hypothetical | seized | If pirates seized the port, Mali would pay.
hypothetical | raids | The pirates issued a threat of raids on Mali.
hypothetical | supply | The envoys weighed a possible grain supply to Mali.
hypothetical | attack | Did Chad attack the port?
hypothetical | blockade | Fears of a blockade grew.
hypothetical | join | The envoy hopes to join the pact.
hypothetical | help | Chad sent doctors to help Mali.
"""


@pytest.mark.model
@pytest.mark.parametrize("case", [line for line in CASES.splitlines() if line])
def test_scope(annotate: Annotator, case: str) -> None:
    expected, word, text = (part.strip() for part in case.split("|"))
    doc = annotate.parse(text)
    trigger = next(token.i for token in reversed(doc.tokens) if token.text == word)
    status, rulings = status_of(doc, trigger, (), (), None)
    assert (status, bool(rulings)) == (expected, expected != "asserted")
