"""Whole scrapes of many shapes, invented, through `wire.clean`."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline.records import Drop, Raw, Story
from dateline.wire import clean


def scraped(text: str, **fields: str) -> Story:
    story = clean(Raw("t", "scrape", text, **fields))  # type: ignore[arg-type]
    assert isinstance(story, Story), story
    return story


REUTERS = """Skip to main content
World
Business
Markets
Sign up for our newsletter
Zarnia recalls envoy from Velia over border shelling
By Ana Duarte and Tom Field
March 7, 2023 3:12 PM GMT Updated 2 hours ago
[1/3] Guards stand near the crossing at Lodno, Zarnia, March 6, 2023. REUTERS/Pavel Orsk
[1/3] Guards stand near the crossing at Lodno, Zarnia, March 6, 2023. REUTERS/Pavel Orsk
BELGRADE/VIENNA, March 7 (Reuters) - Zarnia recalled its ambassador from Velia on Tuesday.
Velia denied that its army had fired first.
Advertisement
"We did not shoot," its defence minister said.
Related stories
Oil prices climb as traders weigh supply
Velia's president wins second term
Reporting by Ana Duarte in Belgrade and Tom Field in Vienna; Editing by Mia Lund
Our Standards: The Thomson Reuters Trust Principles.
"""

NINETIES = """BC-Ruritania-Talks, 1st Ld-Writethru,0312
Eds: UPDATES with quotes from minister; changes dateline
Ruritania and rebels agree to swap prisoners
By JOHN A. MERCER
Associated Press Writer
   GENEVA (AP) _ The government of Ruritania and the rebels who
hold its northern valleys agreed Saturday to exchange all of their
prisoners before the end of the month.
   The accord, reached after nine days of talks, is the first that
both sides have signed since fighting broke out two years ago, the
chief mediator said.
   ``We have turned a corner,'' he told reporters at the lakeside
hotel where the delegations met.
   The rebels will release some 240 soldiers.
AP-NY-11-26-94 1509EST
"""

BULLETIN = """URGENT

Two soldiers killed in clash on Lodno border

HAVANA, August 7 (Xinhua) -- Two soldiers were killed in a clash on Monday, officials said. Enditem
"""

EARLIER = """Blast hits market in Aden
THIS IS A BREAKING NEWS STORY, more soon. AP's earlier story is below.
"""

WRITE_THRU = """Army frees hostages from hotel
SANAA, Yemen (AP) — Soldiers freed all the hostages on Friday.
No one was hurt, the army said.
This is a breaking news update. AP's earlier story is below.
SANAA, Yemen (AP) — Gunmen seized a hotel and took hostages on Friday.
"""

TASS_PAGE = """Russian Politics & Diplomacy
16 May, 11:20
Envoys to discuss grain deal in Ankara
SOCHI, May 16. /TASS/. Envoys of three countries will discuss the grain deal in Ankara next week, a source said.
They met in March as well.
Read also
Grain prices fall for third day
Tags
Turkey
"""

PLAIN = """Villagers return to Alma valley after truce

Several hundred villagers came home on Sunday under a truce that ended a month of shelling.

The army said that it would withdraw its guns by Friday.
"""

KOREAN = """Seoul, partners open drill in East Sea
Kim Da-in and Park Su-ho
Published: Nov. 20, 2024 10:31
Warships sail in formation off the coast on Nov. 19, 2024. (Yonhap)
The navies of three countries began a five-day drill on Wednesday, the defense ministry said.
"The drill will go on as planned," a ministry official said by phone.
BY KIM DA-IN AND PARK SU-HO [kim.dain@example.com]
Copyright © The Daily. All rights reserved.
"""


def test_reuters_page() -> None:
    story = scraped(REUTERS)
    assert story.headline == "Zarnia recalls envoy from Velia over border shelling"
    assert story.byline == ("Ana Duarte", "Tom Field") and story.agency == "Reuters"
    assert (story.published, story.published_from) == ("2023-03-07", "page line")
    assert story.dateline is not None and story.dateline.country == "SRB" and story.dateline.date == "2023-03-07"
    assert [place for place, _ in story.dateline.places] == ["Belgrade", "Vienna"]
    assert [(photo.photographer, photo.agency, photo.copies) for photo in story.photos] == [
        ("Pavel Orsk", "Reuters", 2)
    ]
    assert story.text.split("\n\n") == [
        "Zarnia recalled its ambassador from Velia on Tuesday.",
        "Velia denied that its army had fired first.",
        '"We did not shoot," its defence minister said.',
    ]
    assert [note.kind for note in story.notes].count("tail") == 2


def test_hard_wrapped_wire_of_the_nineties() -> None:
    story = scraped(NINETIES)
    assert story.headline == "Ruritania and rebels agree to swap prisoners"
    assert story.byline == ("John A. Mercer",) and story.agency == "AP"
    assert story.dateline is not None and (story.dateline.place, story.dateline.country) == ("Geneva", "CHE")
    assert (story.published, story.published_from) == ("1994-11-26", "transmission line")
    assert len(story.paragraphs) == 4 and "\n" not in story.text.replace("\n\n", "")
    assert story.text.startswith("The government of Ruritania and the rebels who hold its northern valleys agreed")
    assert {note.kind for note in story.notes} == {"editors"}


def test_bulletin() -> None:
    story = scraped(BULLETIN)
    assert story.text == "Two soldiers were killed in a clash on Monday, officials said."
    assert story.headline == "Two soldiers killed in clash on Lodno border" and story.agency == "Xinhua"
    assert story.dateline is not None and story.dateline.country == "CUB" and story.dateline.date == "--08-07"
    assert story.published is None and len(story.conflicts) == 1


def test_earlier_version_is_cut_and_kept() -> None:
    story = scraped(WRITE_THRU)
    assert story.text == "Soldiers freed all the hostages on Friday.\n\nNo one was hurt, the army said."
    kept = {note.kind: note.text for note in story.notes}
    assert kept["earlier"].startswith("SANAA, Yemen (AP) — Gunmen seized")


def test_page_of_an_agency_without_a_year() -> None:
    story = scraped(TASS_PAGE)
    assert story.headline == "Envoys to discuss grain deal in Ankara" and story.agency == "TASS"
    assert story.published is None and len(story.paragraphs) == 2
    assert scraped(TASS_PAGE, published="2023-05-16").dateline.date == "2023-05-16"  # type: ignore[union-attr]


def test_plain_text_without_furniture() -> None:
    story = scraped(PLAIN)
    assert story.headline == "Villagers return to Alma valley after truce"
    assert len(story.paragraphs) == 2 and story.published is None and story.dateline is None
    headless = PLAIN.split("\n\n", 1)[1]
    assert scraped(headless).headline is None and scraped(headless).text == story.text


def test_page_with_tail_byline_and_photo_credited_to_agency_alone() -> None:
    story = scraped(KOREAN)
    assert story.headline == "Seoul, partners open drill in East Sea"
    assert story.published == "2024-11-20" and story.photos[0].agency == "Yonhap"
    assert len(story.paragraphs) == 2 and "example.com" not in story.text


SCRAPER = (
    "date 2024-02-0{day} Sections\n\nTroops leave Lodno\n\nSOFIA, Bulgaria (AP) — Troops left on Monday.\n\n{caption}\n"
)
CAPTION = "A soldier waves in Sofia, Bulgaria, Friday, {day}, 2024. (AP Photo/Ivo Petrov)"


@pytest.mark.parametrize(
    ("caption", "published", "source"),
    [("", "2024-02-06", "scraper line"), ("Feb. 5", "2024-02-06", "scraper line"), ("May 3", "2024-05-03", "caption")],
)
def test_scraper_line_counts_only_uncontradicted(caption: str, published: str, source: str) -> None:
    story = scraped(SCRAPER.format(day=6, caption=CAPTION.format(day=caption) if caption else "They sang."))
    assert (story.published, story.published_from) == (published, source)
    assert bool(story.conflicts) == (source == "caption")


def test_what_the_format_says_outranks_the_page() -> None:
    story = clean(
        Raw("t", "scrape", REUTERS, published="2023-03-09T08:00:00Z", headline="Envoy recalled"), published="2020-01-01"
    )
    assert isinstance(story, Story) and story.published == "2023-03-09" and story.headline == "Envoy recalled"
    assert any("2020-01-01" in sentence for sentence in story.conflicts)


@pytest.mark.parametrize(
    "text", ["", "  \n ", "Share\nAdvertisement\nSign up", EARLIER.split("\n")[1], "Home\nMenu\n12:30"]
)
def test_without_a_body_it_is_dropped(text: str) -> None:
    drop = clean(Raw("t", "scrape", text))
    assert isinstance(drop, Drop) and drop.stage == "clean" and drop.reason


def test_body_comes_back_to_the_character() -> None:
    text = " SOFIA, Bulgaria (AP) — Troops left.\n\nBy Friday all had gone.\n \nShare\n"
    story = clean(Raw("t", "body", text))
    assert isinstance(story, Story) and story.text == text
    assert [text[p.start : p.end] for p in story.paragraphs][1:] == ["By Friday all had gone.", "Share"]
    assert story.dateline is not None and story.dateline.country == "BGR"


@pytest.mark.parametrize("text", [REUTERS, NINETIES, BULLETIN, WRITE_THRU, TASS_PAGE, PLAIN, KOREAN])
def test_origins_lead_back(text: str) -> None:
    story = scraped(text)
    assert len(story.origins) == len(story.paragraphs)
    for span, origin in zip(story.paragraphs, story.origins, strict=True):
        assert origin is None or text[origin.start : origin.end] == story.text[span.start : span.end]
    assert all(story.origins) or text is NINETIES


@pytest.mark.parametrize("text", [REUTERS, NINETIES, BULLETIN, WRITE_THRU, TASS_PAGE, PLAIN, KOREAN])
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = scraped(text)
    assert scraped(once.text).text == once.text


WORDS = st.sampled_from(
    "troops ministers said warned left border talks on the in agreed to rebels Friday Zarnia Velia Lodno".split()
)
SENTENCE = st.lists(WORDS, min_size=5, max_size=30).map(lambda words: " ".join(words).capitalize() + ".")


@given(st.lists(SENTENCE, min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_clean_paragraphs_survive(sentences: list[str]) -> None:
    text = "\n\n".join(sentences)
    assert scraped(text).text == text


@given(st.text(max_size=400))
@settings(max_examples=100, deadline=None)
def test_any_text_is_kept_or_dropped_and_spans_hold(text: str) -> None:
    story = clean(Raw("t", "scrape", text))
    if isinstance(story, Story):
        assert all(0 <= p.start < p.end <= len(story.text) for p in story.paragraphs)
        assert story.text == "\n\n".join(story.text[p.start : p.end] for p in story.paragraphs)
