from __future__ import annotations

import base64
import hashlib
import io
import re
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html as parser
from rich.console import Console

from dateline import exports, show
from dateline.records import Coded, Drop, Event, EventDate, Span, Story
from dateline.show import marks, page
from dateline.show.timeline import timeline
from showcase import CODED, EVENTS, STORY, TEXT
from strategies import HOSTILE, codeds

patient = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "a", "div", "main", "header", "p", "span", "h1", "h2", "h3"),
    *("bdi", "dl", "dt", "dd", "time", "ul", "ol", "li", "label", "input", "article", "section", "figure"),
    *("figcaption", "svg", "line", "rect", "text", "tspan", "blockquote", "aside", "details", "summary", "footer"),
}


def parsed(coded: Coded) -> parser.HtmlElement:
    return parser.document_fromstring(show.html(coded))


def plain(shown: object, *, width: int = 120) -> str:
    console = Console(file=io.StringIO(), width=width, force_terminal=False, markup=False)
    console.print(shown)
    return console.file.getvalue()  # type: ignore[attr-defined]


# --------------------------------------------------------------------------- the page


def test_page_tells_the_story() -> None:
    text = parsed(CODED).text_content()
    for words in (
        STORY.headline,
        "Amina Otieno",
        "Coast Press",
        "MOMBASA, Kenya",
        "2025-08-14",
        "Juma Said",
        "Neema Lema",
    ):
        assert words in text


def test_body_is_the_text_exactly() -> None:
    paragraphs = parsed(CODED).xpath("//article/p")
    assert "\n\n".join(paragraph.text_content() for paragraph in paragraphs) == TEXT


def test_every_event_has_a_card_and_an_anchor() -> None:
    tree = parsed(CODED)
    for number, event in enumerate(EVENTS, 1):
        (card,) = tree.xpath(f"//section[@id='e{number}']")
        assert event.type in card.text_content() and event.status in card.text_content()
        (anchor,) = tree.xpath(f"//*[@id='t{number}']")
        assert anchor.text_content() in event.trigger_text
        assert card.xpath(f".//a[@href='#t{number}']")


def test_links_inside_the_page_lead_somewhere() -> None:
    tree = parsed(CODED)
    ids = Counter(tree.xpath("//@id"))
    assert max(ids.values()) == 1
    assert {link[1:] for link in tree.xpath("//a/@href") if link.startswith("#")} <= set(ids)


def test_triggers_link_to_their_cards_with_quad_and_status() -> None:
    (seized,) = parsed(CODED).xpath("//article//a[@href='#e5']")
    assert set(seized.get("class").split()) >= {"trigger", "negated", "q4", "x5"}


def test_policy_allows_our_style_alone() -> None:
    text = show.html(CODED)
    style = re.search(r"<style>(.*?)</style>", text, re.S)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = parsed(CODED).xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert f"style-src 'sha256-{digest}'" in policy and "default-src 'none'" in policy and "unsafe" not in policy


def test_page_asks_for_nothing_outside() -> None:
    tree = parsed(CODED)
    assert not tree.xpath("//script|//img|//link|//iframe|//object|//form|//@src|//@style")
    assert "url(" not in show.html(CODED) and "@import" not in show.html(CODED)


def test_page_can_be_read_without_sight() -> None:
    tree = parsed(CODED)
    assert tree.get("lang") == "en" and len(tree.xpath("//main")) == len(tree.xpath("//h1")) == 1
    assert all(image.get("aria-label") for image in tree.xpath("//svg"))
    labels = [label for labels in tree.xpath("//@aria-labelledby") for label in labels.split()]
    assert set(labels) <= set(tree.xpath("//@id"))


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        *(("ink", ground) for ground in ("paper", "panel", "says", "q1b", "q2b", "q3b", "q4b")),
        *(("soft", ground) for ground in ("paper", "panel", "chip")),
        *((f"q{n}", ground) for n in range(1, 5) for ground in ("panel", f"q{n}b")),
        *((name, "paper") for name in ("focus", "speaker", "q1", "q2", "q3", "q4")),
        ("speaker", "says"),
    ],
)
def test_contrast_is_4_5_to_1(theme: int, ink: str, ground: str) -> None:
    css = (page._TEMPLATES / "page.css").read_text(encoding="utf-8")
    blocks = re.findall(r":root\{(.*?)\}", css, re.S)
    colours = dict(re.findall(r"--(\w+):(#[0-9a-f]{6})", blocks[theme]))
    one, other = sorted((luminance(colours[ink]), luminance(colours[ground])), reverse=True)
    assert (one + 0.05) / (other + 0.05) >= 4.5


def test_empty_story_has_a_page() -> None:
    text = parsed(Coded(Story("x", ""))).text_content()
    assert "no body" in text and "No political event" in text


# --------------------------------------------------------------------------- hostile text


def bare(coded: Coded) -> Counter[str]:
    return Counter(element.tag for element in parsed(coded).iter() if isinstance(element.tag, str))


def check_page(text: str) -> None:
    tree = parser.document_fromstring(text)
    for element in tree.iter():
        assert isinstance(element.tag, str) and element.tag in TAGS
        assert not [name for name in element.attrib if name.startswith("on") or name in ("style", "src", "srcdoc")]
    assert len(tree.xpath("//style")) == len(tree.xpath("//head/title")) == len(tree.xpath("//body")) == 1
    for link in tree.xpath("//a[not(starts-with(@href, '#'))]"):
        assert link.get("href").startswith(("http://", "https://")) and link.get("rel") == "noopener noreferrer"


@patient
@given(codeds())
def test_no_text_in_any_field_becomes_an_element(coded: Coded) -> None:
    check_page(show.html(coded))


@pytest.mark.parametrize("payload", HOSTILE)
def test_payload_in_every_field_adds_no_element(payload: str) -> None:
    hostile = swap(CODED, payload)
    check_page(show.html(hostile))
    assert bare(hostile) == bare(swap(CODED, "harmless"))


def swap(coded: Coded, words: str) -> Coded:
    """The showcase with `words` in every text field of the story and of its events but the body itself."""
    story = replace(
        coded.story, id=words, headline=words, byline=(words,), agency=words, publisher=words, section=words,
        file=words, url=words, published_from=words, conflicts=(words,), family=words, language=words,
        notes=tuple(replace(note, text=words) for note in coded.story.notes),
        photos=tuple(replace(photo, photographer=words, agency=words, via=words) for photo in coded.story.photos),
    )  # fmt: skip
    events = tuple(
        replace(event, mode=words, contexts=(words,), cameo=words, rulings=(words,), type=words)
        for event in coded.events
    )
    return replace(coded, story=story, events=events)


@patient
@given(st.lists(st.sampled_from((*HOSTILE, "word", "é")), min_size=1, max_size=5), st.data())
def test_hostile_body_reads_back_exactly(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words)
    start = data.draw(st.integers(0, len(text) - 1))
    event = replace(EVENTS[0], trigger=Span(start, start + 1), sentence=Span(0, len(text)), sources=(), targets=())
    coded = Coded(Story("x", text, (Span(0, len(text)),)), events=(event,))
    check_page(show.html(coded))
    (paragraph,) = parsed(coded).xpath("//article/p")
    assert paragraph.text_content() == marks.visible(text)


@pytest.mark.parametrize("url", ["https://example.org/a?b=1&c=2", "http://example.org"])
def test_link_is_taken(url: str) -> None:
    assert page.http_link(url) == url
    assert parsed(Coded(replace(STORY, url=url))).xpath("//dd/a/@href") == [url]


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "//evil.example", "http:", "https://a b",
     "java\tscript:alert(1)", "http://[", "\x01https://example.org", "ftp://example.org", "", None],
)  # fmt: skip
def test_other_links_are_text(url: str | None) -> None:
    assert page.http_link(url) is None


# --------------------------------------------------------------------------- pieces


@patient
@given(codeds())
def test_pieces_join_to_the_text(coded: Coded) -> None:
    text = coded.story.text
    cut = list(marks.pieces(Span(0, len(text)), marks.marks_of(coded, "body")))
    assert "".join(text[start:end] for start, end, _ in cut) == text


def test_overlapping_marks_are_cut() -> None:
    cut = list(marks.pieces(Span(0, 9), [marks.Mark(1, 6, "source"), marks.Mark(4, 8, "place")]))
    assert [(start, end, [mark.kind for mark in found]) for start, end, found in cut] == [
        (0, 1, []), (1, 4, ["source"]), (4, 6, ["source", "place"]), (6, 8, ["place"]), (8, 9, []),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2025-10-06", "2025-10-06", "6 Oct 2025"),
        ("2025-10-01", "2025-10-09", "1–9 Oct 2025"),
        ("2025-09-29", "2025-10-05", "29 Sep – 5 Oct 2025"),
        ("2024-12-30", "2025-01-02", "30 Dec 2024 – 2 Jan 2025"),
        ("1978-01-01", "1978-12-31", "1978"),
        ("2022-01-01", "2024-12-31", "2022 – 2024"),
        ("someday", "someday", "someday"),
    ],
)
def test_days_read_well(start: str, end: str, words: str) -> None:
    assert marks.days(start, end) == words


# --------------------------------------------------------------------------- timeline


def dated(*pairs: tuple[str, str]) -> tuple[Event, ...]:
    return tuple(replace(EVENTS[0], date=EventDate(start, end, "clause")) for start, end in pairs)


def test_timeline_is_in_order_of_time() -> None:
    line = timeline(CODED)
    assert line and line.undated == 1
    assert [bar.event.type for bar in line.bars[:3]] == ["ASSAULT", "SANCTION", "COERCE"]
    assert [bar.x for bar in line.bars] == sorted(bar.x for bar in line.bars)


def test_day_of_publication_stands_between_before_and_after() -> None:
    line = timeline(Coded(STORY, events=dated(("2025-10-01", "2025-10-01"), ("2025-11-01", "2025-11-30"))))
    assert line and line.bars[0].x < line.zero < line.bars[1].x


near = st.dates(date(2025, 10, 1), date(2025, 10, 14))


@given(st.lists(st.tuples(near | st.dates(), near | st.dates()), min_size=1, max_size=6))
def test_bars_and_ticks_stay_inside(pairs: list) -> None:
    line = timeline(Coded(STORY, events=dated(*((a.isoformat(), b.isoformat()) for a, b in pairs))))
    assert line and all(bar.x >= 0 and bar.x + bar.width <= 101.5 for bar in line.bars)
    assert all(0 <= tick.x <= 100 for tick in line.ticks)


def test_no_dates_no_timeline() -> None:
    assert timeline(Coded(STORY)) is None


# --------------------------------------------------------------------------- terminal


def test_table_has_one_line_an_event_when_piped() -> None:
    lines = plain(show.table([CODED], fold=False), width=4000).splitlines()
    (line,) = (line for line in lines if "SANCTION" in line)
    assert "Kenya [KEN GOV] → SANCTION/withdraw → Tanzania [TZA GOV]" in line
    assert "asserted, Grace Wanjala" in line and "21–30 Sep 2025" in line and "recalled its high commissioner" in line


def test_table_fits_a_narrow_terminal() -> None:
    assert max(map(len, plain(show.table([CODED]), width=80).splitlines())) <= 80


def test_story_shows_its_evidence() -> None:
    text = plain(show.story_text(CODED), width=400)
    assert "seized[5] three Kenyan fishing boats" in text and "2025-08-14" in text and "crossing[6]" in text


def test_answers_are_like_the_table() -> None:
    text = plain(show.answers(exports.events_table([CODED]).to_pylist(), fold=False), width=4000)
    assert "Kenya [KEN] → SANCTION/withdraw → Tanzania [TZA]" in text and "showcase" in text


@pytest.mark.parametrize("payload", [*HOSTILE, "[bold]x[/bold]", "a\nb"])
def test_terminal_gets_no_control_characters(payload: str) -> None:
    hostile = swap(CODED, payload)
    for shown in (show.table([hostile]), show.story_text(hostile)):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", plain(shown))


def test_markup_in_a_name_shows_as_it_is() -> None:
    assert "[red]" in plain(show.table([swap(CODED, "[red]")], fold=False), width=4000)


def test_drop_is_one_line() -> None:
    line = show.drop_line(Drop("x", "clean", "bad\x1b[2J\nthing", "a.jsonl", 7))
    assert line == "dropped a.jsonl:7: clean: bad\ufffd[2J thing"


def test_drop_names_its_place_once() -> None:
    assert show.drop_line(Drop("x", "read", "a.csv, line 2: too wide", "a.csv", 2)) == "dropped a.csv:2: read: too wide"
    assert show.drop_line(Drop("x", "read", "a.txt: is empty", "a.txt")) == "dropped a.txt: read: is empty"
