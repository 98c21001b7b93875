"""Signatures and families: copies, write-thrus, and stories that only sound alike."""

from __future__ import annotations

import subprocess
import sys
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.families import SIZE, FamilyIndex, containment, sign, signature
from dateline.records import Story

LEAD = (
    "The defense ministers of Norland and Sudland signed a pact on Tuesday that lets either army cross the shared "
    "border in pursuit of smugglers. The two countries fought a brief war over the valley nine years ago. "
)
UPDATE = (
    "Fishermen on the Norland side welcomed the step and asked for patrols at night. The pact runs for five years and "
    "can be renewed by a simple exchange of letters between the capitals. "
)
OTHER = (
    "Heavy rain closed the mountain road to the eastern province on Monday and three villages lost power for a day. "
)


def story(name: str, text: str, published: str | None = "2024-03-05") -> Story:
    return sign(Story(name, text, published=published))


def families(*stories: Story) -> list[str | None]:
    index = FamilyIndex()
    return [index.assign(one).family for one in stories]


@pytest.mark.parametrize(
    ("second", "published", "same"),
    [
        (LEAD, "2024-03-05", True),
        (LEAD.upper().replace(".", " !"), "2024-03-05", True),
        (LEAD, "2031-01-01", True),
        (LEAD + UPDATE, "2024-03-06", True),
        (LEAD + UPDATE, None, True),
        (LEAD[: len(LEAD) // 2], "2024-03-05", True),
        (LEAD[:110] + UPDATE + OTHER, "2024-03-05", False),
        (OTHER, "2024-03-05", False),
    ],
)
def test_versions_of_one_story_are_one_family(second: str, published: str | None, same: bool) -> None:
    found = families(story("first", LEAD), story("second", second, published))
    assert found == ["first", "first" if same else "second"]


def test_an_update_long_after_is_another_story() -> None:
    partly, edited = LEAD + UPDATE[:70], LEAD + OTHER[:70]
    assert families(story("a", partly, "2024-03-05"), story("b", edited, "2024-04-05"))[1] == "b"
    assert families(story("a", partly, "2024-03-05"), story("b", edited, "2024-03-06"))[1] == "a"


def test_a_third_version_joins_the_earliest() -> None:
    assert families(story("a", LEAD), story("b", LEAD + UPDATE), story("c", LEAD + UPDATE + OTHER)) == ["a", "a", "a"]


def test_stories_without_words_are_no_family() -> None:
    assert signature(" ... ") == ()
    assert families(story("a", "..."), story("b", "...")) == ["a", "b"]


def test_short_flashes_match_only_themselves() -> None:
    found = families(
        story("a", "Norland envoy resigns"), story("b", "Norland envoy arrives"), story("c", "Norland envoy resigns")
    )
    assert found == ["a", "b", "a"]


def words(seed: int, count: int) -> str:
    random = Random(seed)
    return " ".join(f"w{random.randrange(5000)}" for _ in range(count))


def test_the_index_answers_alike_before_and_after_it_packs_its_stories() -> None:
    index = FamilyIndex()
    first = [index.assign(story(f"s{i}", words(i, 80))).family for i in range(2100)]
    assert first == [f"s{i}" for i in range(2100)]
    assert index.assign(story("again", words(7, 80))).family == "s7"
    assert index.assign(story("late", words(2090, 80))).family == "s2090"


@pytest.mark.parametrize("share", [0.3, 0.6, 0.8])
def test_containment_is_near_the_truth(share: float) -> None:
    whole = words(1, 3000)
    kept = int(1000 * share)
    part = " ".join([*whole.split()[:kept], *words(2, 1000 - kept).split()])
    assert containment(signature(whole), signature(part)) == pytest.approx(share, abs=0.25)


@given(st.text(max_size=400), st.text(max_size=400))
def test_a_signature_is_sorted_and_short_and_containment_is_a_share(one: str, other: str) -> None:
    first, second = signature(one), signature(other)
    assert list(first) == sorted(set(first)) and len(first) <= SIZE
    assert 0 <= containment(first, second) == containment(second, first) <= 1
    assert not first or containment(first, first) == 1


def test_a_signature_is_the_same_in_every_process() -> None:
    code = f"from dateline.families import signature; print(signature({LEAD!r}))"
    for seed in ("0", "7"):
        env = {"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)}
        done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == str(signature(LEAD))
