"""Pages: which candidate wins, what is cut, and where paragraphs lead back to."""

from __future__ import annotations

import json

import pytest

from dateline.ingest.choices import url_day
from dateline.ingest.limits import MAX_ATTRIBUTES, overload, plain_lines
from dateline.ingest.pages import extract, origins
from dateline.records import Drop, Raw, Story

PARAGRAPHS = [
    "OSTRAVIA CITY (AP) — The president of Ostravia received envoys of Meridia on Wednesday and asked for a truce.",
    "Her office said the two governments would exchange prisoners before the end of the month, but gave no number.",
    "The Meridian side said later that no date had been fixed & that talks on the ports would go on next week.",
    "Neither government would say who had asked for the meeting, which took place in a hotel outside the capital.",
]
HEAD = "Ostravia asks Meridia for a truce"


def page(
    *, head: str = "", top: str = "", body: str = "", title: str = f"{HEAD} | The Daily Example", h1: str = HEAD
) -> str:
    inner = body or "".join(f"<p>{text.replace('&', '&amp;')}</p>" for text in PARAGRAPHS)
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>{title}</title>"
        f"<meta property='og:site_name' content='The Daily Example'>{head}</head><body><nav><a href='/'>Home</a></nav>"
        f"<main><article><h1>{h1}</h1>{top}<div class='story-text'>{inner}</div></article></main></body></html>"
    )


def ld(**fields: object) -> str:
    return f"<script type='application/ld+json'>{json.dumps({'@type': 'NewsArticle', **fields})}</script>"


def meta(name: str, content: str) -> str:
    return f"<meta content='{content}' property='{name}'>"


def story(html: str, **fields: str) -> Story:
    found = extract(Raw("p", "page", html, **fields))  # type: ignore[arg-type]
    assert isinstance(found, Story), found
    return found


def test_body_dateline_and_origins() -> None:
    html = page()
    found = story(html)
    assert found.dateline is not None and found.dateline.text.startswith("OSTRAVIA CITY")
    assert found.agency == "AP"
    assert len(found.paragraphs) == 4 and found.text.startswith("The president of Ostravia")
    second = found.paragraphs[1]
    origin = found.origins[1]
    assert origin is not None and html[origin.start : origin.end] == found.text[second.start : second.end]
    assert found.origins[2] is None  # "&amp;" in the page: not in one piece


def test_origins_do_not_point_into_scripts() -> None:
    html = '<script>"One two."</script><p>One two.</p>'
    (span,) = origins(["One two."], html)
    assert span is not None and span.start == html.index("<p>") + 3


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"title": "News of the day", "h1": HEAD}, HEAD),
        ({"head": ld(headline=HEAD), "title": f"{HEAD} - The Daily Example", "h1": "Truce"}, HEAD),
        ({"head": ld(headline="Truce asked for, again"), "title": "Truce!"}, "Truce asked for, again"),
        (
            {"head": ld(headline="Ostravia &amp; Meridia talk"), "h1": "Ostravia &amp; Meridia talk"},
            "Ostravia & Meridia talk",
        ),
        ({"head": meta("og:title", f"{HEAD} | The Daily Example"), "h1": "The Daily Example"}, HEAD),
    ],
)
def test_headline(fields: dict[str, str], expected: str) -> None:
    assert story(page(**fields)).headline == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"head": ld(author=[{"@type": "Person", "name": "ANN LEE"}, {"name": "Bo Chen"}])}, ("Ann Lee", "Bo Chen")),
        ({"head": ld(author={"name": "https://example.org/ann"}) + "<meta name='author' content='Ann Lee'>"},
         ("Ann Lee",)),
        ({"top": "<div class='byline'>By Ann Lee and Bo Chen</div>"}, ("Ann Lee", "Bo Chen")),
        ({"head": ld(author={"name": "The Daily Example"}), "top": "<p>By Ann Lee</p>"}, ("Ann Lee",)),
        ({"head": ld(author={"@type": "Organization", "name": "Associated Press"})}, ("Associated Press",)),
    ],
)  # fmt: skip
def test_byline(fields: dict[str, str], expected: tuple[str, ...]) -> None:
    assert story(page(**fields)).byline == expected


def test_the_day_is_chosen_and_the_rejected_ones_are_told() -> None:
    head = ld(datePublished="2024-11-28T01:00:00+09:00") + meta("article:published_time", "2024-11-20")
    found = story(page(head=head), url="https://example.org/2024/11/28/truce")
    assert (found.published, found.published_from) == ("2024-11-28", "JSON-LD datePublished")
    assert found.conflicts == (
        "meta article:published_time says 2024-11-20, not 2024-11-28 as JSON-LD datePublished says",
    )


def test_one_instant_in_two_zones_is_no_conflict() -> None:
    head = ld(datePublished="2024-11-28T01:00:00+09:00") + meta("article:published_time", "2024-11-27T16:00:00Z")
    assert story(page(head=head)).conflicts == ()


def test_what_the_input_declares_outranks_the_page() -> None:
    head = ld(datePublished="2024-11-28", headline="Another")
    found = story(page(head=head), published="2024-11-30", headline="Given")
    assert (found.published, found.published_from, found.headline) == ("2024-11-30", "the input", "Given")


def test_a_page_without_a_date_has_none() -> None:
    assert story(page()).published is None


@pytest.mark.parametrize(
    "junk",
    [
        "<h2>What happens next</h2>", "<p>Sign up for our newsletter and never miss a story.</p>",
        "<aside><p>The harvest in the south was the best for ten years, the farm union said.</p></aside>",
        "<p><a href='/x'>Harvest in the south is best for ten years</a></p>",
        "<div class='related-card'><p>The harvest in the south was the best for ten years, farmers said.</p></div>",
        "<p>Read more: Harvest in the south is best for ten years</p>",
        f"<p>{HEAD}</p>",
    ],
)  # fmt: skip
def test_furniture_between_paragraphs_is_cut(junk: str) -> None:
    parts = [f"<p>{text}</p>" for text in PARAGRAPHS]
    found = story(page(body="".join([*parts[:2], junk, *parts[2:]])))
    assert len(found.paragraphs) == 4 and "harvest" not in found.text.lower()


def test_photos_once_each_with_their_copies() -> None:
    caption = "Soldiers guard a bridge in Ostravia City, March 4, 2024. (AP Photo/Ann Lee)"
    figure = f"<figure><img src='a.jpg'><figcaption>{caption}</figcaption></figure>"
    found = story(page(top=figure * 2))
    (photo,) = found.photos
    assert (photo.photographer, photo.agency, photo.copies, photo.date) == ("Ann Lee", "AP", 2, "2024-03-04")
    assert "guard a bridge" not in found.text


def test_a_page_without_a_story_is_dropped_with_a_reason() -> None:
    found = extract(Raw("p", "page", "<html><body><nav><a href='/'>Home</a></nav></body></html>"))
    assert isinstance(found, Drop) and found.stage == "extract" and "no story text" in found.reason


def test_a_page_too_deep_for_the_parser_is_read_without_layout() -> None:
    html = "<html><body>" + "<div>" * 400 + "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    found = story(html)
    assert "exchange prisoners" in found.text
    assert any("without its layout" in note.text for note in found.notes)


def test_limits() -> None:
    assert overload("<p>" * 1000) is None
    assert "tags" in (overload("<p>" * 60_000) or "")
    many = " ".join(f"a{n}" for n in range(MAX_ATTRIBUTES + 5))
    assert "attributes" in (overload(f"<p {many} {'x=1 ' * 2000}>") or "")
    assert overload(f'<p style="{"a=b; " * 2000}">') is None


def test_plain_lines_leave_out_menus_and_scripts() -> None:
    assert plain_lines("<nav>Home</nav><p>One &amp; <b>two</b>.</p><script>x</script><p>Three.") == "One & two.\nThree."


@pytest.mark.parametrize(
    ("url", "iso"),
    [
        ("https://e.org/2024/11/28/x", "2024-11-28"),
        ("https://e.org/news/2023/apr/9/x", "2023-04-09"),
        ("https://e.org/1234/56/78", None),
    ],
)
def test_day_in_a_url(url: str, iso: str | None) -> None:
    assert url_day(url) == iso
