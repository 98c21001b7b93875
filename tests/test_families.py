"""Signatures and families: copies, write-thrus, stories that only sound alike, and no order of arrival in any of it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline.archive import Store
from dateline.families import FAMILY, FamilyIndex, Link, Version, day_of, key_of, link, read, replaces, sign, signature
from dateline.families.postings import Postings
from dateline.pipeline import Settings, run
from dateline.records import Raw, Story
from dateline.runners import Local
from dateline.testing import fake_pipeline

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
MARKET = "Shares in Ostia closed {} on {}, with the main index of 40 firms at {} points, {} from the previous close. "


def story(name: str, text: str, published: str | None = "2024-03-05", headline: str | None = None) -> Story:
    return sign(Story(name, text, published=published, headline=headline))


def families(*stories: Story) -> list[str | None]:
    return [placed.family for placed in FamilyIndex().assign_all(stories)]


def versions(stories: list[Story], sizes: list[int]) -> dict[int, Version]:
    """Where each story ends up when they come in this order, in batches of these sizes."""
    index, rest = FamilyIndex(), list(stories)
    for size in sizes:
        index.assign_all(rest[:size])
        rest = rest[size:]
    index.assign_all(rest)
    return {version.key: version for version in index.changes()}


def kind(one: Story, two: Story) -> str | None:
    first, second = read(one.signature), read(two.signature)
    assert first and second
    days = day_of(one.published), day_of(two.published)
    found = link(first, second, abs(days[0] - days[1]) if all(days) else 0)
    return found.kind if found else None


# --------------------------------------------------------------------------- two stories


@pytest.mark.parametrize(
    ("second", "published", "expected"),
    [
        (LEAD, "2024-03-05", "copy"),
        (LEAD.upper().replace(".", " !"), "2024-03-05", "copy"),
        (LEAD, "2031-01-01", "copy"),
        (LEAD, None, "copy"),
        (LEAD + UPDATE, "2024-03-06", "extended"),
        (LEAD + UPDATE, None, "extended"),
        (LEAD[: len(LEAD) // 2], "2024-03-05", "shortened"),
        (LEAD[:110] + UPDATE + OTHER, "2024-03-05", "background"),
        (LEAD[:130] + UPDATE, "2024-03-05", "revision"),
        (LEAD[:130] + UPDATE, "2024-03-07", "background"),
        (OTHER, "2024-03-05", None),
    ],
)
def test_kinds(second: str, published: str | None, expected: str | None) -> None:
    assert kind(story("first", LEAD), story("second", second, published)) == expected


def test_todays_market_report_is_no_copy_of_yesterdays() -> None:
    monday = story(
        "a", MARKET.format("up", "Monday", "4,120.5", "31.2") + "It fell on Friday to 4,089.3.", "2024-03-04"
    )
    tuesday = story(
        "b", MARKET.format("up", "Monday", "4,007.9", "12.6") + "It fell on Friday to 4,101.1.", "2024-03-05"
    )
    assert kind(monday, tuesday) == "template"
    assert kind(monday, replace(monday, published="2024-03-05")) == "copy"


def test_one_headline_needs_fewer_words_in_common() -> None:
    flash, full = LEAD[:90] + OTHER, LEAD[:90] + UPDATE
    heads = ("URGENT: Norland and Sudland sign border pact", "2nd Ld: Norland and Sudland sign border pact")
    assert kind(story("a", flash), story("b", full)) == "background"
    assert kind(story("a", flash, headline=heads[0]), story("b", full, headline=heads[1])) == "revision"


@pytest.mark.parametrize(
    ("headline", "take"),
    [
        ("URGENT: Pact signed", 0), ("Pact signed", 1), ("1st lead: Pact signed", 2), ("UPDATE-3: Pact signed", 4),
        ("Writethru: Pact signed", 2), ("Pact signed (correcting date)", 30), ("Urgently needed aid arrives", 1),
    ],
)  # fmt: skip
def test_marks_order_the_takes_of_a_day(headline: str, take: int) -> None:
    found = read(story("a", LEAD, headline=headline).signature)
    assert found and found.take == take


def test_only_the_agency_itself_replaces_its_story() -> None:
    new = Link("revision", 0.7)
    ours, theirs = (read(sign(Story("a", LEAD, agency=agency)).signature) for agency in ("NNA", "SPA"))
    assert ours and theirs
    assert replaces(ours, ours, new) and not replaces(ours, theirs, new)
    assert not replaces(ours, ours, Link("copy", 1.0))


# --------------------------------------------------------------------------- families


def test_a_third_version_joins_the_earliest() -> None:
    days = ("2024-03-05", "2024-03-06", "2024-03-06")
    texts = (LEAD, LEAD + UPDATE, LEAD + UPDATE + OTHER)
    given = [story(name, text, day) for name, text, day in zip("abc", texts, days, strict=True)]
    assert families(*given) == ["a", "a", "a"]


def test_stories_without_words_are_no_family() -> None:
    assert signature(Story("a", " ... ")) == ()
    assert families(story("a", "..."), story("b", "...")) == ["a", "b"]


def test_short_flashes_match_only_themselves() -> None:
    found = families(
        story("a", "Norland envoy resigns"), story("b", "Norland envoy arrives"), story("c", "Norland envoy resigns")
    )
    assert found == ["a", "b", "a"]


def test_a_revision_replaces_its_earlier_version_and_a_copy_does_not() -> None:
    index = FamilyIndex()
    old, new, copy = (story(n, t) for n, t in (("a", LEAD), ("b", LEAD[:130] + UPDATE), ("c", LEAD + ".")))
    index.assign_all([new, copy, old])
    assert [index.version(key_of(one)).replaced for one in (old, new)] == [True, False]
    assert index.version(key_of(copy)).kind == "copy" and index.version(key_of(new)).kind == "revision"


def test_a_late_story_joins_two_families_and_says_whom_it_renamed() -> None:
    index = FamilyIndex()
    early = [story("b", words(1, 90), "2024-03-05"), story("c", words(2, 90), "2024-03-05")]
    assert [one.family for one in index.assign_all(early)] == ["b", "c"]
    index.changes()
    index.assign(story("a", words(1, 90) + " " + words(2, 90), "2024-03-04"))
    assert {(v.family, v.kind) for v in index.changes()} == {("a", None), ("a", "shortened")}


def test_two_stories_merged_into_one_stay_two() -> None:
    day = "2024-03-06"
    given = [story("a", words(1, 90)), story("b", words(2, 90)), story("c", words(1, 90) + " " + words(2, 90), day)]
    assert families(*given) == ["a", "b", "a"]


# --------------------------------------------------------------------------- the same whatever the order


def words(seed: int, count: int) -> str:
    random = Random(seed)
    return " ".join(f"w{random.randrange(5000)}" for _ in range(count))


def stories(seed: int, count: int = 24) -> list[Story]:
    """Invented originals with copies, cuts, revisions and mixtures of them, over a few days and undated."""
    random = Random(seed)
    texts = [words(random.randrange(9), random.choice((12, 60, 200))) for _ in range(6)]
    made = []
    for n in range(count):
        text = random.choice(texts).split()
        text = text[: random.choice((len(text), len(text), 2 * len(text) // 3))]
        if random.random() < 0.3:
            text += random.choice(texts).split()[: random.choice((5, 40))]
        day = random.choice((None, *(f"2024-03-{d:02}" for d in (1, 2, 3, 4, 9, 30))))
        mark = random.choice(("", "", "URGENT: ", "2nd Ld: "))
        made.append(story(f"s{n}", " ".join(text), day, f"{mark}Norland and Sudland sign pact {random.randrange(3)}"))
    return made


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6), st.randoms(use_true_random=False), st.lists(st.integers(1, 9), max_size=8))
def test_order_and_batches_make_no_difference(seed: int, random: Random, sizes: list[int]) -> None:
    given = stories(seed)
    shuffled = random.sample(given, len(given))
    assert versions(shuffled, sizes) == versions(given, [])


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10**6))
def test_the_index_finds_what_comparing_all_pairs_finds(seed: int) -> None:
    given, index = stories(seed), FamilyIndex()
    index.assign_all(given)
    rooted = {key for key in map(key_of, given) if index.version(key).parent is None}
    pairs = [(a, b) for a, b in combinations(given, 2) if kind(a, b) in FAMILY]
    assert not [pair for pair in pairs if {key_of(one) for one in pair} <= rooted]


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10**6), st.integers(0, 24))
def test_an_index_made_again_from_what_is_stored_goes_on_as_before(seed: int, cut: int) -> None:
    given, first = stories(seed), FamilyIndex()
    first.assign_all(given[:cut])
    second = FamilyIndex()
    second.restore([(key_of(one), one.id, one.published, one.signature) for one in given[:cut]])
    second.attach(first.changes())
    second.assign_all(given[cut:])
    assert {k: second.version(k) for k in map(key_of, given)} == versions(given, [])


def test_an_archive_is_the_same_for_one_worker_and_two_and_for_any_order(tmp_path: Path) -> None:
    given = [Raw(one.id, "body", one.text, published=one.published) for one in stories(3)]
    hashes = set()
    for name, workers, order in (("a", 1, given), ("b", 2, given[::-1])):
        with Store(tmp_path / name) as store:
            run(order, store, Local(Settings(), workers=workers, make=fake_pipeline), batch_size=5)
            hashes.add(store.content_hash())
            assert store.ask("SELECT count(*) FROM versions") == store.ask("SELECT count(*) FROM signatures")
            assert store.counts()["copies"] > 5
    assert len(hashes) == 1


def test_an_archive_puts_right_what_a_late_story_renames_and_replaces(tmp_path: Path) -> None:
    act, day = "Norland attacked Sudland at dawn. ", "2024-03-05"
    late, early = (Raw(n, "body", act + t, published=day) for n, t in (("b", LEAD[:130] + UPDATE), ("a", LEAD)))
    with Store(tmp_path / "a") as store:
        for given in (late, early):
            run([given], store, Local(Settings(), make=fake_pipeline))
        assert store.ask("SELECT id, family, copy FROM stories ORDER BY id") == [("a", "a", False), ("b", "a", True)]
        assert store.ask("SELECT DISTINCT story, family, copy FROM events ORDER BY 1") == [
            ("a", "a", False),
            ("b", "a", True),
        ]
        assert [found["story"]["family"] for found in store.stories()] == ["a", "a"]
        assert store.ask("SELECT DISTINCT story FROM current_events") == [("b",)]
        assert store.ask("SELECT kind FROM versions WHERE NOT replaced") == [("revision",)]


# --------------------------------------------------------------------------- signatures and postings


@pytest.mark.parametrize("share", [0.3, 0.6, 0.8])
def test_the_share_is_near_the_truth(share: float) -> None:
    whole, kept = words(1, 3000), int(1000 * share)
    part = " ".join([*whole.split()[:kept], *words(2, 1000 - kept).split()])
    one, two = read(signature(Story("a", whole))), read(signature(Story("b", part)))
    assert one and two
    found = link(one, two, 0)
    assert found and found.share == pytest.approx(share, abs=0.08)


@given(st.text(max_size=400), st.text(max_size=400))
def test_a_signature_is_sorted_and_exchanging_stories_exchanges_kinds(one: str, other: str) -> None:
    first, second = story("a", one), story("b", other)
    assert list(first.signature) == sorted(set(first.signature))
    if first.signature and second.signature:
        swap = {"shortened": "extended", "extended": "shortened"}
        back = kind(second, first)
        assert kind(first, second) == swap.get(back or "", back)


def test_a_signature_of_an_earlier_release_is_not_read() -> None:
    assert read(tuple(range(1 << 62, (1 << 62) + 48))) is None
    index = FamilyIndex()
    index.place([(1, "a", None, tuple(range(1 << 62, (1 << 62) + 48)))])
    assert index.version(1) == Version(1, "a")


def test_a_signature_is_the_same_in_every_process() -> None:
    code = f"from dateline import families, records; print(families.signature(records.Story('a', {LEAD!r})))"
    for seed in ("0", "7"):
        env = {"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)}
        done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == str(signature(Story("a", LEAD)))


@given(st.lists(st.lists(st.integers(0, 2**32 - 1) | st.integers(0, 5), max_size=9), max_size=9))
def test_postings_find_every_entry(batches: list[list[int]]) -> None:
    import numpy as np

    postings, held, count = Postings(), [], 0
    for batch in batches:
        postings.add(np.array(batch, np.uint32), np.arange(count, count + len(batch)))
        held += batch
        count += len(batch)
    asked = sorted({0, 3, *held})
    places, found = postings.find(np.array(asked, np.uint32))
    pairs = {(asked[p], n) for p, n in zip(places.tolist(), found.tolist(), strict=True)}
    assert pairs == {(key, n) for n, key in enumerate(held)}
