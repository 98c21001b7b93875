"""Quotation marks: pairs stay inside paragraphs, offsets are tokens."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline import quotes
from dateline.records import Doc, Token


def doc_of(text: str) -> Doc:
    """A Doc whose tokens are words and marks, with no parse to speak of."""
    pieces = list(re.finditer(r"``|''|\w+|[^\w\s]", text))
    tokens = tuple(
        Token(i, m.group(), m.group().lower(), m.group().lower(), "NN", "dep", 0, m.start(), m.end(), 0)
        for i, m in enumerate(pieces)
    )
    return Doc("body", text, tokens, ((0, len(tokens)),))


def texts(text: str) -> list[str]:
    doc = doc_of(text)
    return [doc.slice(quote.first, quote.last) for quote in quotes.find(doc)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"We go," she said.', ['"We go,"']),
        ("“We go,” she said. “Now.”", ["“We go,”", "“Now.”"]),
        ("``We go,'' she said.", ["``We go,''"]),
        ("''We go,'' she said.", ["''We go,''"]),
        ("He said: ‘We’ve gone’ and left.", ["‘We’ve gone’"]),
        ("No quotation at all, isn't it?", []),
        ('Lost mark "here\n\nNext "one" is fine', ['"here', '"one"']),
    ],
)
def test_pairs(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


def test_a_quotation_left_open_says_so() -> None:
    first, second = quotes.find(doc_of("“We go.\n\n“And stay.”"))
    assert (first.closed, second.closed) == (False, True)
    assert second.opens and second.paragraph == 1


@given(st.text(alphabet="ab \n\"“”‘’`'.,", max_size=60))
def test_quotations_lie_inside_one_paragraph_and_do_not_overlap(text: str) -> None:
    found = quotes.find(doc_of(text))
    assert all("\n" not in doc_of(text).slice(q.first, q.last) for q in found)
    assert all(a.last < b.first for a, b in pairwise(found))
