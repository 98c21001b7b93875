"""The actor dictionary and the reading of a story with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline.actors import Actors, check
from dateline.actors.dictionary import SHIPPED, load, normal, words_of
from dateline.errors import ConfigError
from dateline.records import Doc, Party, Reading, Story
from dateline.testing import doc_from

HEAD = "name\taliases\tcountry\tsectors\toffice\tfrom\tuntil\tcheck\n"


@pytest.fixture(scope="module")
def actors() -> Actors:
    return Actors.load()


@pytest.mark.parametrize(
    ("phrase", "day", "country", "sector"),
    [
        ("Portuguese warships", None, "PRT", "MIL"),
        ("an Omani diplomat", None, "OMN", "GOV"),
        ("the Kremlin", None, "RUS", "GOV"),
        ("Kyiv", None, "UKR", "GOV"),
        ("Kiev", None, "UKR", "GOV"),
        ("riot police in Ghana", None, "GHA", "COP"),
        ("the Taliban", "2015-05-01", "AFG", "REB"),
        ("the Taliban", "2023-05-01", "AFG", "GOV"),
        ("UNICEF", None, "UNO", "IGO"),
        ("Angela Merkel", "2012-01-01", "DEU", "GOV"),
        ("Congolese rebels", None, "COD", "REB"),
        ("striking miners in Bolivia", None, "BOL", "LAB"),
        ("purple umbrellas", None, None, None),
    ],
)
def test_lookup(actors: Actors, phrase: str, day: str | None, country: str | None, sector: str | None) -> None:
    actor = actors.lookup(phrase, day)
    assert (actor and actor.country, actor and actor.sectors[0]) == (country, sector)


def found(actors: Actors, doc: Doc, published: str = "2021-06-16") -> dict[str, tuple[str | None, str]]:
    """Text of a mention -> (country, sector) of its first party."""
    [parties] = actors.find(Reading(Story("s", doc.text, published=published), (doc,)))
    return {ps[0].text: (ps[0].actor.country, ps[0].actor.sectors[0]) for ps in parties.values()}


TROOPS = doc_from("""
    Chadian  chadian NNP amod  3
    and      and     CC  cc    0
    Nigerien nigerien JJ conj  0
    troops   troop   NNS nsubj 4
    shelled  shell   VBD ROOT  4
    Jordan   Jordan  NNP dobj  4
""")


def test_two_nationalities_on_one_noun_are_two_parties(actors: Actors) -> None:
    [parties] = actors.find(Reading(Story("s", TROOPS.text), (TROOPS,)))
    assert [party.actor.country for party in parties[3]] == ["TCD", "NER"]
    assert parties[5][0].actor.country == "JOR"


PERSON = doc_from("""
    Michael Michael NNP compound 1
    Jordan  Jordan  NNP nsubj 2
    praised praise  VBD ROOT  2
    Peru    Peru    NNP dobj  2
""")


def test_a_country_in_a_person_s_name_is_no_country(actors: Actors) -> None:
    assert "JOR" not in {country for country, _ in found(actors, PERSON).values()}


TITLE = doc_from("""
    Norwegian norwegian JJ  amod     3
    Defense   Defense   NNP compound 3
    Minister  Minister  NNP compound 3
    Solvang   Solvang   NNP nsubj    4
    spoke     speak     VBD ROOT     4
    .         .         .   punct    4

    Solvang   Solvang   NNP nsubj    7
    left      leave     VBD ROOT     7
    .         .         .   punct    7
""")


def test_a_title_carries_to_the_later_mention(actors: Actors) -> None:
    [parties] = actors.find(Reading(Story("s", TITLE.text), (TITLE,)))
    assert parties[6][0].actor == parties[3][0].actor
    assert parties[6][0].actor.country == "NOR"


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "mention", "country"),
    [
        ("Peru and Chile signed a treaty. The two sides praised it.", "sides", {"PER", "CHL"}),
        ("Russia warned Peru and Chile. Kenya urged both countries to wait.", "countries", {"PER", "CHL"}),
        ("North Korea fired missiles at South Korea. The North denied it.", "North", {"PRK"}),
        ("Kenyan police beat students. They fled.", "They", {"KEN"}),
        ("Uganda's president left. His office declined to comment.", "office", {"UGA"}),
        ("Nauru said it would close its embassy.", "it", {"NRU"}),
    ],
)
def test_back_references(
    pipeline_parties: Callable[[str], list[Party]], text: str, mention: str, country: set[str]
) -> None:
    parties = [party for party in pipeline_parties(text) if party.text.endswith(mention)]
    assert {party.actor.country for party in parties} == country


@pytest.fixture
def pipeline_parties(pipeline, actors):  # type: ignore[no-untyped-def]
    def parties(text: str) -> list[Party]:
        doc = pipeline.annotate.parse(text)
        [found] = actors.find(Reading(Story("s", text, published="2021-06-16"), (doc,)))
        return [party for group in found.values() for party in group]

    return parties


@given(st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_lookup_never_raises(text: str) -> None:
    actor = ACTORS.lookup(text)
    assert actor is None or actor.sectors


ACTORS = Actors.load()


@pytest.mark.parametrize(
    ("written", "word"), [("U.S.", "US"), ("us", "us"), ("Zoë", "zoe"), ("UN", "UN"), ("Côte", "cote")]
)
def test_words_are_compared_without_accents_and_dots(written: str, word: str) -> None:
    assert normal(written) == word
    assert words_of("N'Djamena")


def test_the_digest_is_that_of_the_tables() -> None:
    assert load([SHIPPED]).digest == load([SHIPPED]).digest


def test_the_shipped_tables_do_not_contradict_themselves() -> None:
    assert check(SHIPPED) == []


def test_contradictions_are_found(tmp_path: Path) -> None:
    rows = "Ada Obi\t\tNGA\tGOV\tpresident\t2001\t2005\tknown\nAda Obi\t\tGHA\tGOV\tpresident\t2003\t2004\tknown\n"
    swapped = "Bo Li\t\tCHN\tGOV\tminister\t2009\t2004\tknown\n"
    (tmp_path / "persons.tsv").write_text(HEAD + rows + swapped, encoding="utf-8")
    problems = check(tmp_path)
    assert any("'ada obi' is GHA, but NGA" in problem for problem in problems)
    assert any("swap the dates" in problem for problem in problems)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("X Y\t\tKEN\tKING\t\t\t\t\n", "persons.tsv:2: sector 'KING' is unknown"),
        ("X Y\t\tKenya\tGOV\t\t\t\t\n", "persons.tsv:2: country 'Kenya'"),
        ("X Y\t\tKEN\tGOV\t\tlast year\t\t\n", "persons.tsv:2: day 'last year'"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, row: str, says: str) -> None:
    (tmp_path / "persons.tsv").write_text(HEAD + row, encoding="utf-8")
    with pytest.raises(ConfigError, match=says.replace("(", r"\(")):
        Actors.load([tmp_path])


def test_a_user_s_own_folder_wins(tmp_path: Path) -> None:
    (tmp_path / "persons.tsv").write_text(HEAD + "Angela Merkel\t\tAUT\tJRN\t\t\t\tmine\n", encoding="utf-8")
    actor = Actors.load([tmp_path]).lookup("Angela Merkel", "2010-01-01")
    assert actor is not None and (actor.country, actor.sectors) == ("AUT", ("JRN",))
