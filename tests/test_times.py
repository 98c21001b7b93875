"""Time expressions and the dates of events. The day told from is Thursday, 14 March 2024 unless a case says otherwise."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.testing import doc_from
from dateline.times import date_of, find, find_in_text
from dateline.times.calendar import span_of
from dateline.times.words import number, ordinal

DAY = "2024-03-14"


def only(text: str, published: str | None = DAY) -> tuple[str, str, str | None, str | None]:
    times = find_in_text(text, published)
    assert len(times) == 1, times
    return times[0].text, times[0].value, times[0].first, times[0].last


@pytest.mark.parametrize(
    ("text", "phrase", "value", "first", "last"),
    [
        ("They met on Tuesday.", "Tuesday", "2024-03-12", "2024-03-12", "2024-03-12"),
        ("They met on Thursday.", "Thursday", DAY, DAY, DAY),
        ("The two will meet on Tuesday.", "Tuesday", "2024-03-19", "2024-03-19", "2024-03-19"),
        ("They met last Friday.", "last Friday", "2024-03-08", "2024-03-08", "2024-03-08"),
        ("Envoys spoke late yesterday.", "late yesterday", "2024-03-13", "2024-03-13", "2024-03-13"),
        ("Talks begin tomorrow.", "tomorrow", "2024-03-15", "2024-03-15", "2024-03-15"),
        ("It fell on Friday, Feb. 2, 2024, he said.", "Friday, Feb. 2, 2024", "2024-02-02", "2024-02-02", "2024-02-02"),
        ("It fell on 27 November.", "27 November", "2023-11-27", "2023-11-27", "2023-11-27"),
        ("Rebels struck in late October.", "late October", "2023-10", "2023-10-20", "2023-10-31"),
        ("Rebels struck in early January 2024.", "early January 2024", "2024-01", "2024-01-01", "2024-01-10"),
        ("They agreed last week.", "last week", "2024-W10", "2024-03-04", "2024-03-10"),
        ("They agreed earlier this month.", "earlier this month", "2024-03", "2024-03-01", DAY),
        ("They agreed two days ago.", "two days ago", "2024-03-12", "2024-03-12", "2024-03-12"),
        ("Aid has grown since 2022.", "2022", "2022", "2022-01-01", DAY),
        ("It was a spy case of the 1990s.", "the 1990s", "199", "1990-01-01", "1999-12-31"),
        ("Troops came in mid-2019.", "mid-2019", "2019", "2019-05-02", "2019-08-31"),
        ("It broke out in the summer of 2021.", "the summer of 2021", "2021-SU", "2021-06-01", "2021-08-31"),
        (
            "Sales rose in the third quarter of 2023.",
            "the third quarter of 2023",
            "2023-Q3",
            "2023-07-01",
            "2023-09-30",
        ),
        ("Shots rang out on Tuesday morning.", "Tuesday morning", "2024-03-12TMO", "2024-03-12", "2024-03-12"),
        ("It began at 10 p.m. on Tuesday.", "10 p.m. on Tuesday", "2024-03-12T22:00", "2024-03-12", "2024-03-12"),
    ],
)
def test_phrases_that_name_days(text: str, phrase: str, value: str, first: str, last: str) -> None:
    assert only(text) == (phrase, value, first, last)


@pytest.mark.parametrize(
    ("text", "phrase", "value"),
    [
        ("The siege lasted three weeks.", "three weeks", "P3W"),
        ("It took 2 1/2 years.", "2 1/2 years", "P2Y6M"),
        ("A two-hour meeting was held.", "two-hour", "PT2H"),
        ("They waited for months.", "months", "PXM"),
        ("It was an 18-month siege.", "18-month", "P18M"),
        ("They drill every day.", "every day", "XXXX-XX-XX"),
    ],
)
def test_durations_and_sets_name_no_days(text: str, phrase: str, value: str) -> None:
    assert only(text) == (phrase, value, None, None)


def test_a_stretch_that_ends_with_publication() -> None:
    assert only("Fighting has spread over the past two weeks.") == ("the past two weeks", "P2W", "2024-02-29", DAY)


def test_two_days_of_one_month() -> None:
    times = find_in_text("They talked on Feb. 7-9 in the north.", DAY)
    assert [(t.text, t.value, t.last) for t in times] == [
        ("Feb. 7", "2024-02-07", "2024-02-09"),
        ("9", "2024-02-09", "2024-02-09"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "He may go.",
        "They march on.",
        "Some 2000 troops came.",
        "She is in her 50s.",
        "He paid $1999.",
        "A 52-year-old man",
    ],
)
def test_what_only_looks_like_a_time(text: str) -> None:
    assert find_in_text(text, DAY) == []


def test_without_a_publication_day_only_full_dates_have_days() -> None:
    assert only("They met on Tuesday.", None)[1:] == ("XXXX-WXX-2", None, None)
    assert only("They met on May 3, 1999.", None)[1:] == ("1999-05-03", "1999-05-03", "1999-05-03")


def test_a_narrative_counts_from_the_date_told_last() -> None:
    years = " ".join(f"In {year} it went on." for year in range(1911, 1920))
    values = [t.value for t in find_in_text(f"{years} In March 1921 they rose. In April they won. Two days later", DAY)]
    assert values[-3:-1] == ["1921-03", "1921-04"]


@given(st.text(alphabet="0123456789 -/:.,'abcMayJuneTuesdaytwothe weeksago\n", max_size=200), st.dates())
def test_spans_lie_in_order_inside_any_text(text: str, day: date) -> None:
    end = 0
    for found in find_in_text(text, day.isoformat()):
        assert end <= found.start < found.end <= len(text)
        assert found.text == text[found.start : found.end]
        assert (found.first or "") <= (found.last or "9") and (found.first is None) == (found.last is None)
        end = found.end


@given(st.dates(min_value=date(1000, 1, 1), max_value=date(2050, 1, 1)))
def test_a_written_date_means_itself(day: date) -> None:
    text = f"It was {day.strftime('%B')} {day.day}, {day.year} when they met."
    assert [t.value for t in find_in_text(text, DAY)] == [day.isoformat()]


@pytest.mark.parametrize(
    "text", ["the " * 30000, "1 " * 30000, "May 1-" * 15000, "early late " * 10000, "two " * 30000, " " * 90000]
)
def test_hostile_text_takes_time_in_proportion(text: str) -> None:
    began = time.perf_counter()
    find_in_text(text, DAY)
    assert time.perf_counter() - began < 4


@pytest.mark.parametrize(
    ("words", "value"), [("twenty-six", 26), ("2 1/2", 2.5), ("a hundred", 100), ("1,200", 1200), ("several", None)]
)
def test_number(words: str, value: float | None) -> None:
    assert number(words) == value


@pytest.mark.parametrize(("word", "value"), [("first", 1), ("twenty-first", 21), ("3rd", 3), ("many", None)])
def test_ordinal(word: str, value: int | None) -> None:
    assert ordinal(word) == value


@pytest.mark.parametrize(
    ("value", "first"),
    [("2024-W01-WE", "2024-01-06"), ("2024-H2", "2024-07-01"), ("19", "1900-01-01"), ("2024-WI", "2024-12-01")],
)
def test_span_of(value: str, first: str) -> None:
    span = span_of(value)
    assert span is not None and span[0].isoformat() == first


def test_span_of_what_has_no_days() -> None:
    assert [span_of(value) for value in ("P3D", "PAST_REF", "2023-02-30", "XXXX-05")] == [None] * 4


SAID = doc_from("""
    Kenya    Kenya    NNP nsubj 1
    said     say      VBD ROOT  1
    Friday   Friday   NNP npadvmod 1
    that     that     IN  mark  5
    Uganda   Uganda   NNP nsubj 5
    shelled  shell    VBD ccomp 1
    Busia    Busia    NNP dobj  5
    on       on       IN  prep  5
    Tuesday  Tuesday  NNP pobj  7
    .        .        .   punct 1
""")


def test_an_event_takes_the_date_of_its_own_clause() -> None:
    times = find(SAID, DAY)
    said, shelled = date_of(SAID, 1, times, DAY), date_of(SAID, 5, times, DAY)
    assert said and shelled
    assert (said.start, said.source) == ("2024-03-08", "clause")
    assert (shelled.start, shelled.source) == ("2024-03-12", "clause")


PAST = doc_from("""
    Kenya    Kenya    NNP nsubj 1
    praised  praise   VBD ROOT  1
    Uganda   Uganda   NNP dobj  1
    .        .        .   punct 1

    Kenya    Kenya    NNP nsubj 6
    will     will     MD  aux   6
    praise   praise   VB  ROOT  6
    Uganda   Uganda   NNP dobj  6
    .        .        .   punct 6

    Kenya    Kenya    NNP nsubj 11
    has      have     VBZ aux   11
    praised  praise   VBN ROOT  11
    Uganda   Uganda   NNP dobj  11
    .        .        .   punct 11
""")


def test_without_a_date_the_tense_decides() -> None:
    past, ahead, perfect = (date_of(PAST, i, [], DAY) for i in (1, 6, 11))
    assert past and (past.start, past.end, past.source) == ("2024-03-13", DAY, "published")
    assert ahead is None
    assert perfect and perfect.source == "recent" and perfect.end == DAY


def test_without_a_publication_day_there_is_no_guess() -> None:
    assert date_of(PAST, 1, [], None) is None


AFTER = doc_from("""
    Kenya    Kenya    NNP nsubj 1
    withdrew withdraw VBD ROOT  1
    after    after    IN  prep  1
    Tuesday  Tuesday  NNP pobj  2
    .        .        .   punct 1
""")


def test_a_day_after_which_something_happened_is_not_its_day() -> None:
    found = date_of(AFTER, 1, find(AFTER, DAY), DAY)
    assert found is not None and found.source == "published"
