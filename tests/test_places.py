"""Places: the gazetteer, the places of a story, and the place of an event."""

from __future__ import annotations

import time

import pytest

from dateline.places import Gazetteer, place_of
from dateline.places.gazetteer import key_of, kilometres
from dateline.records import Dateline, Doc, Place, Reading, Span, Story
from dateline.testing import doc_from


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


def reading(doc: Doc, dateline: Dateline | None = None) -> Reading:
    return Reading(Story("s", doc.text, (Span(0, len(doc.text)),), dateline=dateline), (doc,))


def named(gazetteer: Gazetteer, doc: Doc, dateline: Dateline | None = None) -> list[tuple[str, str | None, str]]:
    return [(p.name, p.country, p.precision) for p in gazetteer.find(reading(doc, dateline))]


@pytest.mark.parametrize(
    ("name", "country", "found", "holder", "precision"),
    [
        ("Seoul", None, "Seoul", "KOR", "city"),
        ("Kiev", None, "Kyiv", "UKR", "city"),
        ("Paris", None, "Paris", "FRA", "city"),
        ("Paris", "Texas", "Paris", "USA", "city"),
        ("Paris", "USA", "Paris", "USA", "city"),
        ("Athens", "Ga.", "Athens", "USA", "city"),
        ("North Korea", None, "North Korea", "PRK", "country"),
        ("U.S.", None, "United States", "USA", "country"),
        ("Crimea", None, "Crimea", None, "region"),
        ("Côte d’Ivoire", None, "Ivory Coast", "CIV", "country"),
        ("Strait of Hormuz", None, "Strait of Hormuz", None, "region"),
        ("Ohio", None, "Ohio", "USA", "region"),
    ],
)
def test_locate(
    gazetteer: Gazetteer, name: str, country: str | None, found: str, holder: str | None, precision: str
) -> None:
    place = gazetteer.locate(name, country)
    assert place is not None
    assert (place.name, place.country, place.precision) == (found, holder, precision)


def test_locate_knows_what_it_does_not_know(gazetteer: Gazetteer) -> None:
    assert gazetteer.locate("Qwertyville") is None
    assert gazetteer.locate("Seoul", "FRA") is None
    assert gazetteer.locate("") is None


def test_locate_puts_a_place_on_its_spot(gazetteer: Gazetteer) -> None:
    place = gazetteer.locate("Seoul")
    assert place is not None and place.lat is not None and place.lon is not None
    assert kilometres((place.lat, place.lon), (37.57, 126.98)) < 20


def test_loading_is_quick() -> None:
    began = time.perf_counter()
    Gazetteer.load()
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("São Paulo", "sao paulo"),
        ("St. Louis", "saint louis"),
        ("U.S.", "us"),
        ("Port-au-Prince", "port au prince"),
        ("Kenya’s", "kenya"),
    ],
)
def test_key_of(name: str, key: str) -> None:
    assert key_of(name) == key


TEXAS = doc_from("""
    Crowds   crowd    NNS nsubj 1
    marched  march    VBD ROOT  1
    in       in       IN  prep  1
    Paris    Paris    NNP pobj  2
    ,        ,        ,   punct 3
    Texas    Texas    NNP appos 3
    .        .        .   punct 1
""")


def test_the_region_beside_a_name_settles_it(gazetteer: Gazetteer) -> None:
    assert named(gazetteer, TEXAS) == [("Paris", "USA", "city"), ("Texas", "USA", "region")]


PERSON = doc_from("""
    Paris    Paris    NNP compound 1
    Hilton   Hilton   NNP nsubj 2
    visited  visit    VBD ROOT  2
    Michael  Michael  NNP compound 4
    Jordan   Jordan   NNP dobj  2
    on       on       IN  prep  2
    Monday   Monday   NNP pobj  5
    .        .        .   punct 2
""")


def test_people_are_no_places(gazetteer: Gazetteer) -> None:
    assert named(gazetteer, PERSON) == []


PAPER = doc_from("""
    The        the        DT  det   3
    Washington Washington NNP compound 2
    Post       Post       NNP compound 3
    reporter   reporter   NN  nsubj 4
    left       leave      VBD ROOT  4
    Nairobi    Nairobi    NNP dobj  4
    .          .          .   punct 4
""")


def test_papers_are_no_places(gazetteer: Gazetteer) -> None:
    assert named(gazetteer, PAPER) == [("Nairobi", "KEN", "city")]


ADJECTIVE = doc_from("""
    Kenyan   kenyan   JJ  amod  1
    troops   troop    NNS nsubj 2
    left     leave    VBD ROOT  2
    Somalia  Somalia  NNP dobj  2
    .        .        .   punct 2
""")


def test_adjectives_are_marked_and_can_be_left_out(gazetteer: Gazetteer) -> None:
    assert [(p.name, p.source) for p in gazetteer.find(reading(ADJECTIVE))] == [
        ("Kenya", "adjective"),
        ("Somalia", "text"),
    ]
    assert [p.name for p in gazetteer.find(reading(ADJECTIVE), adjectives=False)] == ["Somalia"]


UNKNOWN = doc_from("""
    Gunmen   gunman   NNS nsubj 1
    raided   raid     VBD ROOT  1
    the      the      DT  det   3
    village  village  NN  dobj  1
    of       of       IN  prep  3
    Qarnoub  Qarnoub  NNP pobj  4
    in       in       IN  prep  3
    Somalia  Somalia  NNP pobj  6
    .        .        .   punct 1
""")


def test_a_village_no_gazetteer_knows_is_kept_without_coordinates(gazetteer: Gazetteer) -> None:
    first, second = gazetteer.find(reading(UNKNOWN))
    assert (first.name, first.lat, first.country, first.source) == ("Qarnoub", None, None, "unplaced")
    assert second.name == "Somalia"


def test_spans_hold_the_names(gazetteer: Gazetteer) -> None:
    for doc in (TEXAS, PAPER, UNKNOWN):
        for place in gazetteer.find(reading(doc)):
            assert doc.text[place.start : place.end][:1].isupper() and place.end <= len(doc.text)


def test_the_place_on_the_trigger_is_the_events(gazetteer: Gazetteer) -> None:
    place, ruling = place_of(UNKNOWN, 1, gazetteer.find(reading(UNKNOWN)), reading(UNKNOWN).story)
    assert place is not None and place.name == "Qarnoub"
    assert ruling.startswith("place from")


ACTOR = doc_from("""
    Kenya    Kenya    NNP nsubj 1
    accused  accuse   VBD ROOT  1
    rebels   rebel    NNS dobj  1
    .        .        .   punct 1
""")


def test_a_country_that_acts_is_not_where_it_happened(gazetteer: Gazetteer) -> None:
    story = reading(ACTOR)
    assert place_of(ACTOR, 1, gazetteer.find(story), story.story) == (None, "")


def test_the_dateline_stands_in_and_says_so(gazetteer: Gazetteer) -> None:
    story = reading(ACTOR, Dateline("MOGADISHU, Somalia", "Mogadishu", "SOM", 2.04, 45.34))
    place, ruling = place_of(ACTOR, 1, gazetteer.find(story), story.story)
    assert place is not None and place.name == "Mogadishu" and place.source == "dateline"
    assert ruling == "place from the dateline"


def test_only_places_of_the_same_part_compete(gazetteer: Gazetteer) -> None:
    elsewhere = Place("caption:0", 0, 5, "Lagos", "NGA", None, 6.5, 3.4)
    assert place_of(ACTOR, 1, [elsewhere], reading(ACTOR).story) == (None, "")


def test_long_runs_of_capitals_take_time_in_proportion(gazetteer: Gazetteer) -> None:
    rows = "\n".join(f"New{i % 7} New NNP dep 0" for i in range(6000))
    doc = doc_from(rows)
    began = time.perf_counter()
    gazetteer.find(reading(doc))
    assert time.perf_counter() - began < 3
