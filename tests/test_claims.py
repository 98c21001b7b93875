"""Who says what, on parses written by hand; a few with the real parser."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dateline import claims
from dateline.language import Annotator
from dateline.records import Actor, Claim, Doc, Party, Reading, Span, Story
from dateline.testing import doc_from

THAT = """
    Police police NNS nsubj 1
    said say VBD ROOT 1
    rebels rebel NNS nsubj 3
    fled flee VBD ccomp 1
    . . . punct 1
"""
ACCORDING = """
    Rebels rebel NNS nsubj 1
    fled flee VBD ROOT 1
    , , , punct 1
    according accord VBG prep 1
    to to IN prep 3
    officials official NNS pobj 4
    . . . punct 1
"""
SPLIT = """
    “ “ `` punct 5
    Rebels rebel NNS nsubj 2
    fled flee VBD ccomp 5
    , , , punct 5
    ” ” '' punct 5
    said say VBD ROOT 5
    Okello Okello NNP nsubj 5
    . . . punct 5

    “ “ `` punct 10
    They they PRP nsubj 10
    left leave VBD ROOT 10
    us we PRP dobj 10
    everything everything NN dobj 10
    . . . punct 10
    ” ” '' punct 10
"""
WHO = """
    Okello Okello NNP nsubj 7
    , , , punct 0
    who who WP nsubj 3
    said say VBD relcl 0
    rebels rebel NNS nsubj 5
    fled flee VBD ccomp 3
    , , , punct 0
    resigned resign VBD ROOT 7
    . . . punct 7
"""
HIDDEN = """
    Rebels rebel NNS nsubjpass 2
    are be VBP auxpass 2
    believed believe VBN ROOT 2
    to to TO aux 4
    hide hide VB xcomp 2
    . . . punct 2
"""
BY = """
    Okello Okello NNP nsubjpass 2
    was be VBD auxpass 2
    accused accuse VBN ROOT 2
    by by IN agent 2
    Police police NNS pobj 3
    of of IN prep 2
    treason treason NN pobj 5
    . . . punct 2
"""
OFFICE = """
    Okello Okello NNP poss 2
    's 's POS case 0
    office office NN nsubj 3
    said say VBD ROOT 3
    he he PRP nsubj 6
    had have VBD aux 6
    warned warn VBN ccomp 3
    rebels rebel NNS dobj 6
    . . . punct 3
"""


def party(doc: Doc, head: int, country: str = "UGA") -> Party:
    token = doc.tokens[head]
    return Party(token.start, token.end, token.text, head, Actor(token.text, country, ("GOV",), f"own:{token.text}"))


def found(table: str, *heads: int) -> tuple[Doc, tuple[Claim, ...]]:
    doc = doc_from(table)
    parties = {head: (party(doc, head),) for head in heads}
    return doc, claims.find(Reading(Story("s", doc.text), (doc,), (parties,)))


def shown(doc: Doc, claim: Claim) -> tuple[str | None, str, list[str]]:
    def words(span: Span) -> str:
        return doc.text[span.start : span.end]

    return claim.speaker and words(claim.speaker), words(claim.cue), [words(span) for span in claim.content]


@pytest.mark.parametrize(
    ("table", "speaker", "cue", "content"),
    [
        (THAT, "Police", "said", ["rebels fled"]),
        (ACCORDING, "officials", "according to", ["Rebels fled"]),
        (WHO, "who", "said", ["rebels fled"]),
        (HIDDEN, None, "believed", ["Rebels", "to hide"]),
        (BY, "Police", "accused", ["Okello", "treason"]),
    ],
    ids=["that", "according", "who", "hidden", "by"],
)
def test_frames(table: str, speaker: str | None, cue: str, content: list[str]) -> None:
    doc, (claim,) = found(table)
    assert shown(doc, claim) == (speaker, cue, content)


def test_speech_that_goes_on_keeps_its_speaker() -> None:
    doc, (claim,) = found(SPLIT, 6)
    assert len(claim.content) == 2
    assert doc.text[claim.content[1].start :].startswith("“ They left")
    assert [p.text for p in claim.speakers] == ["Okello"]


@pytest.mark.parametrize(("table", "head"), [(WHO, 0), (OFFICE, 0), (THAT, 0), (BY, 4)])
def test_speakers_resolve_to_the_party_behind_the_phrase(table: str, head: int) -> None:
    doc, made = found(table, head)
    assert made[0].speakers == (party(doc, head),)


def test_first_person_in_speech_is_who_speaks() -> None:
    doc = doc_from(SPLIT)
    reading = Reading(Story("s", doc.text), (doc,), ({6: (party(doc, 6),)},))
    (claim,) = claims.find(reading)
    assert doc.tokens[11].start in claim.content[1] and claim.speakers[0].actor.id == "own:Okello"


@pytest.mark.parametrize(
    ("kind", "table"), [("said", THAT), ("believes", HIDDEN), ("accused", BY)], ids=["said", "believes", "accused"]
)
def test_kind_follows_the_cue(kind: str, table: str) -> None:
    assert found(table)[1][0].kind == kind


def test_every_span_lies_inside_the_text() -> None:
    for table in (THAT, ACCORDING, SPLIT, WHO, HIDDEN, BY, OFFICE):
        doc, made = found(table)
        for claim in made:
            for span in (claim.cue, *claim.content):
                assert 0 <= span.start < span.end <= len(doc.text)


@pytest.mark.parametrize(
    ("words", "speaker", "content"),
    [
        ("OKELLO : We go now .", "OKELLO", "We go now ."),
        ("“ Go now ” ― Mary Okello", "Okello", "“ Go now ”"),
    ],
)
def test_paragraphs_with_a_label(words: str, speaker: str, content: str) -> None:
    rows = "\n".join(f"{word} {word.lower()} {'NNP' if word[0].isupper() else 'VB'} dep 1" for word in words.split())
    doc, (claim,) = found(rows)
    assert shown(doc, claim)[0] == speaker and shown(doc, claim)[2] == [content.replace(" .", ".")]


@pytest.mark.parametrize("label", ["UPDATE", "Photo", "Q"])
def test_a_label_is_no_speaker(label: str) -> None:
    assert found(f"{label} x NNP dep 0\n: : : punct 0\nRebels r NNS dep 0\nfled f VBD dep 0\n. . . punct 0")[1] == ()


def test_no_parse_no_claim() -> None:
    assert claims.find(Reading(Story("s", ""), (Doc("body", "", (), ()),))) == ()


# --------------------------------------------------------------------------- speakers of an event


def test_a_third_party_is_the_speaker() -> None:
    doc, made = found(THAT, 0, 2)
    assert claims.speakers_of(doc, 3, (party(doc, 2),), made) == ((party(doc, 0),), 0)


def test_the_source_itself_is_no_speaker() -> None:
    doc, made = found(THAT, 0)
    assert claims.speakers_of(doc, 3, (party(doc, 0),), made) == ((), None)


def test_a_leader_speaks_for_the_country_that_acts() -> None:
    doc, made = found(THAT)
    leader = Party(0, 6, "Police", 0, Actor("Okello", "UGA", ("GOV",), "person:okello"))
    country = Party(12, 18, "rebels", 2, Actor("Uganda", "UGA", ("GOV",), "country:UGA"))
    told = (replace(made[0], speakers=(leader,)),)
    assert claims.speakers_of(doc, 3, (country,), told) == ((), None)
    assert claims.speakers_of(doc, 3, (party(doc, 2, "KEN"),), told) == ((leader,), 0)


def test_the_cue_of_a_claim_is_not_inside_it() -> None:
    doc, made = found(BY, 4)
    assert claims.speakers_of(doc, 2, (), made) == ((), None)


def test_a_definite_noun_is_taken_for_granted() -> None:
    table = """
        Police police NNS nsubj 1
        said say VBD ROOT 1
        the the DT det 3
        raid raid NN nsubj 4
        failed fail VBD ccomp 1
    """
    doc, made = found(table, 0)
    assert claims.speakers_of(doc, 3, (), made) == ((), None)
    assert claims.speakers_of(doc, 4, (), made)[1] == 0


def test_lexicon_is_sound() -> None:
    assert all(set(cue.frames) <= set("coix") for cue in claims.verbs().values())
    kinds = {cue.kind for cue in claims.verbs().values()}
    assert kinds >= {"said", "denied", "warned", "promised", "believes", "asked"}


# --------------------------------------------------------------------------- with the parser


@pytest.fixture(scope="module")
def annotate() -> Annotator:
    return Annotator()


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "speaker", "content"),
    [
        ("Hail stopped the lorries, the ministry said.", "the ministry", "Hail stopped the lorries"),
        ("The harbour, two pilots told reporters, was mined.", "two pilots", "The harbour"),
        ("As Kenyan radio reported, the bridge fell.", "Kenyan radio", "the bridge fell"),
        ('"The bridge fell," said Mary Okello, a farmer.', "Mary Okello", "The bridge fell"),
        ("Kenya called for both sides to lay down arms.", "Kenya", "both sides to lay down arms"),
    ],
)
def test_claims_of_real_parses(annotate: Annotator, text: str, speaker: str, content: str) -> None:
    doc = annotate.parse(text)
    made = [shown(doc, claim) for claim in claims.find(Reading(Story("s", text), (doc,)))]
    assert any(who == speaker and content in " ".join(parts) for who, _, parts in made)
