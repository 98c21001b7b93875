"""Ladders: what a file may say, when rungs are reached and left, and what must change nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline import ladders
from dateline.errors import ConfigError, InputError
from dateline.ladders import backtest
from dateline.merge import Report, Side, merge
from dateline.ontology import load

ONTOLOGY = load(None)
GOLDEN = Path(__file__).parent / "golden" / "ladder.toml"
FILE = GOLDEN.read_text(encoding="utf-8")
START, END = "2031-01-01", "2031-06-30"
NORLAND, SUDLAND = Side("country:NOR", "Norland", "NOR", ("GOV",)), Side("country:SWE", "Sudland", "SWE", ("GOV",))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "ladder.toml"
    path.write_text(FILE, encoding="utf-8")
    return path


def report(name: str, kind: str, day: str, agency: str = "Alfa", **more: object) -> Report:
    base = Report(
        key=f"{name}#0", story=name, type=kind, family=name, agency=agency, published=day, start=day, end=day,
        sources=(NORLAND,), targets=(SUDLAND,), quad=ONTOLOGY.types[kind].quad, score=ONTOLOGY.types[kind].score,
        contexts=("military",), trigger=kind.lower(), sentence=f"Norland did {kind} toward Sudland.",
    )  # fmt: skip
    return replace(base, **more)  # type: ignore[arg-type]


TALKS = report("talks", "CONSULT", "2031-02-01")
ARMS = (
    report("arms", "AID", "2031-03-01"),
    report("arms-2", "AID", "2031-03-02", "Bravo", start="2031-03-01", end="2031-03-01"),
)


def course(file: Path, *reports: Report, name: str = "Norland-Sudland cooperation") -> ladders.Course:
    events = merge(reports)
    return ladders.run(ladders.load(file, ONTOLOGY), events, START, END).courses[name]


def moves(one: ladders.Course) -> list[tuple[str, str]]:
    return [(change.day, one.ladder.rungs[change.after].name) for change in one.changes]


def test_a_rung_is_reached_on_the_day_it_is_told_and_left_after_window_and_hold(file: Path) -> None:
    # told on 1 February, counts for 30 days, is held for 20 more
    assert moves(course(file, TALKS)) == [("2031-02-01", "talking"), ("2031-03-24", "apart")]


def test_two_independent_agencies_are_needed_and_the_second_brings_the_rung(file: Path) -> None:
    assert moves(course(file, ARMS[0])) == []
    assert moves(course(file, *ARMS))[0] == ("2031-03-02", "arming")


def test_two_outlets_with_one_agency_s_story_are_one_source(file: Path) -> None:
    copy = replace(ARMS[0], key="copy#0", story="copy", publisher="Gazette")
    assert moves(course(file, ARMS[0], copy)) == []


def test_an_exception_stands_in_the_way(file: Path) -> None:
    retreat = report("retreat", "RETREAT", "2031-02-27", contexts=())
    assert moves(course(file, *ARMS, retreat))[0] == ("2031-03-10", "arming")


def test_a_threat_or_a_denial_is_no_evidence(file: Path) -> None:
    assert moves(course(file, replace(TALKS, status="negated"))) == []
    assert moves(course(file, replace(TALKS, status="hypothetical"))) == []


def test_one_ladder_follows_another_after_it_has_lasted(file: Path) -> None:
    answer = course(file, TALKS, *ARMS, name="Westland's answer")
    assert moves(answer)[:2] == [("2031-02-01", "words"), ("2031-03-05", "sanctions")]


def test_explain_names_the_rung_the_evidence_and_what_is_missing(file: Path) -> None:
    runner = ladders.run(ladders.load(file, ONTOLOGY), merge([TALKS, ARMS[0]]), START, END)
    text = ladders.explain(runner, "Norland-Sudland cooperation", "2031-03-02")
    assert "'talking' (rung 1 of 2), since 2031-02-01" in text
    assert "Norland did CONSULT toward Sudland." in text
    assert "lacks 1 more independent source" in text and "move it down" in text


def test_nothing_is_known_before_it_is_published(file: Path) -> None:
    late = report("late", "CONSULT", "2031-05-01", start="2031-04-20", end="2031-04-20")
    assert moves(course(file, late))[0][0] == "2031-05-01"


@given(st.permutations([TALKS, *ARMS]), st.integers(0, 170))
def test_order_and_unrelated_stories_change_nothing(order: list[Report], day: int) -> None:
    when = (date(2031, 1, 1) + timedelta(days=day)).isoformat()
    other = replace(report("other", "ASSAULT", when), sources=(Side("country:KEN", "Kenya", "KEN", ("MIL",)),))
    plain = course(GOLDEN, TALKS, *ARMS)
    assert course(GOLDEN, *order, other).days == plain.days


@given(st.sampled_from([TALKS, *ARMS]), st.integers(0, 30))
def test_a_copy_changes_nothing_and_removed_evidence_moves_the_rung_back(one: Report, later: int) -> None:
    when = (date.fromisoformat(one.published or "") + timedelta(days=later)).isoformat()
    copy = replace(one, key="copy#0", story="copy", published=when)
    full, fewer = course(GOLDEN, TALKS, *ARMS), course(GOLDEN, *(r for r in (TALKS, *ARMS) if r != one))
    assert course(GOLDEN, TALKS, *ARMS, copy).days == full.days
    assert all(a.level <= b.level for a, b in zip(fewer.days, full.days, strict=True)) and fewer.days != full.days


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"CONSULT"', '"CONSULTS"', "types 'CONSULTS' is unknown; there are AGREE"),
        ("within = \"30 days\"", "within = 30", "write it like '30 days'"),
        ("agencies = 2", "agencies = 0", "whole number from 1"),
        ("unless =", "except =", "unknown word 'except'"),
        ('at = "talking"', 'at = "talk"', "has no rung 'talk'; it has apart, talking, arming"),
        ('between = ["Norland", "Sudland"]', 'between = ["Norland"]', "names two parties"),
        ('from = "Norland", to', 'from = "Norge", to', "'Norge' is no party of the ladder"),
        ('name = "calm"', 'name = "calm"\nwhen = [{ types = ["AID"] }]', "lowest rung, 'calm', always holds"),
        ('name = "words"', 'name = "calm"', "two rungs are named 'calm'"),
    ],
)  # fmt: skip
def test_a_mistake_is_named(file: Path, old: str, new: str, told: str) -> None:
    file.write_text(FILE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"ladder\.toml") as error:
        ladders.load(file, ONTOLOGY)
    assert told in str(error.value)


def test_ladders_in_a_circle_are_refused(file: Path) -> None:
    circle = FILE.replace('when = [{ between = ["Norland", "Sudland"], types = ["CONSULT", "AGREE"], within = "30 days" }]',
                          'when = [{ ladder = "Westland\'s answer", at = "words" }]')  # fmt: skip
    file.write_text(circle, encoding="utf-8")
    with pytest.raises(ConfigError, match="circle"):
        ladders.load(file, ONTOLOGY)


def test_a_backtest_tells_stays_and_how_they_keep_to_what_was_intended(file: Path, tmp_path: Path) -> None:
    one = course(file, TALKS, *ARMS)
    stays = backtest.spells(one)
    assert [stay.rung for stay in stays] == ["apart", "talking", "arming", "apart"]
    assert sum(stay.days for stay in stays) == len(one.days)
    table = tmp_path / "intended.csv"
    rows = [f"{day},Norland-Sudland cooperation,{rung}" for day, rung in moves(one)]
    table.write_text("day,ladder,rung\n" + "\n".join(rows), encoding="utf-8")
    wanted = backtest.intentions(table, [one.ladder])[one.ladder.name]
    assert backtest.compare(one, wanted).right == len(one.days)
    late = backtest.compare(one, [("2031-02-03", "talking"), *wanted[1:]])
    assert late.right == len(one.days) - 2 and late.moves[0] == ("2031-02-03", "talking", "2031-02-01")


def test_intentions_for_a_rung_that_is_not_there_are_refused(file: Path, tmp_path: Path) -> None:
    table = tmp_path / "intended.csv"
    table.write_text("day,ladder,rung\n2031-02-01,Westland's answer,war\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"intended\.csv:2: no rung 'war'; there are calm, words, sanctions"):
        backtest.intentions(table, ladders.load(file, ONTOLOGY))


def test_the_ladders_that_ship_are_sound() -> None:
    shipped = Path(ladders.__file__).parents[1] / "data" / "ladders" / "korea.toml"
    names = [ladder.name for ladder in ladders.load(shipped, ONTOLOGY)]
    assert names == ["Russia-North Korea cooperation", "South Korea's response"]
