"""Questions over an archive: every filter, and what is said of a value that can't match."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dateline.archive import Reader, Store
from dateline.errors import ArchiveError, ConfigError
from dateline.pipeline import Settings, run
from dateline.query import COLUMNS, Question, ask, count, country_code, records, table
from dateline.records import Raw
from dateline.runners import Local
from dateline.testing import fake_pipeline

STORIES = (
    ("n1", "Norway attacked Kenya near the old mill", "2024-03-05"),
    ("n2", "Kenya attacked Norway and then Qatar attacked Norway", "2024-03-20"),
    ("n3", "Qatar attacked Kenya at dawn", "2024-05-02"),
    ("n4", "Quiet day in the port", "2024-05-03"),
    ("n5", "Qatar attacked Kenya at dawn!", "2024-05-02"),
)  # the fake pipeline names countries by their first three letters: NOR, KEN, QAT


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    folder = tmp_path_factory.mktemp("query") / "a.archive"
    with Store(folder) as store:
        raws = [Raw(name, "body", text, published=day) for name, text, day in STORIES]
        run(raws, store, Local(Settings(), make=fake_pipeline))
    with Reader(folder) as reader:
        yield reader


@pytest.mark.parametrize(
    ("question", "stories"),
    [
        (Question(), ["n1", "n2", "n2", "n3", "n5"]),
        (Question(actor="norway"), ["n1", "n2", "n2"]),
        (Question(actor="NOR"), ["n1", "n2", "n2"]),
        (Question(actor="word:norway"), ["n1", "n2", "n2"]),
        (Question(source="Ken"), ["n2"]),
        (Question(target="kenya"), ["n1", "n3", "n5"]),
        (Question(source="qatar", target="kenya"), ["n3", "n5"]),
        (Question(country="nor", type="assault"), ["n1", "n2", "n2"]),
        (Question(mode="beat", status="asserted,negated"), ["n1", "n2", "n2", "n3", "n5"]),
        (Question(status="future"), []),
        (Question(speaker="norway"), []),
        (Question(since="2024-03-20"), ["n2", "n2", "n3", "n5"]),
        (Question(until="2024-03"), ["n1", "n2", "n2"]),
        (Question(since="2024", until="2024-04"), ["n1", "n2", "n2"]),
        (Question(confidence=0.8), ["n1", "n2", "n2", "n3", "n5"]),
        (Question(confidence=0.9), []),
        (Question(story="n1"), ["n1"]),
        (Question(text="OLD MILL"), ["n1"]),
        (Question(copies=False), ["n1", "n2", "n2", "n3"]),
        (Question(limit=2), ["n1", "n2"]),
        (Question(actor="'; DROP TABLE events; --"), []),
    ],
)
def test_filters(archive: Reader, question: Question, stories: list[str]) -> None:
    assert [row["story"] for row in ask(archive, question)] == stories
    assert count(archive, question) == len(stories)


@pytest.mark.parametrize(
    ("question", "message"),
    [
        (Question(type="RIOT"), "type: no 'RIOT' here; choose of ASSAULT"),
        (Question(mode="sing"), "mode: no 'sing' here; choose of beat"),
        (Question(status="maybe"), "choose of asserted, negated, future, hypothetical, historical"),
        (Question(country="Germany"), "did you mean DEU"),
        (Question(country="ZZZ"), "such as KOR, or one of EUR, IGO"),
        (Question(dyad="RUS"), "write source-target, such as RUS-UKR"),
        (Question(dyad="RUS-Ukraine"), "dyad: 'Ukraine' is not a country code; did you mean UKR"),
        (Question(since="last week"), "since: 'last week' is not a date"),
        (Question(until="2024-13"), "until: '2024-13' is not a date"),
        (Question(since="2024-05", until="2024-03"), "is after until"),
        (Question(confidence=70), "choose from 0 to 1"),
        (Question(limit=0), "choose 1 or more"),
    ],
)
def test_a_value_that_cannot_match_says_what_would_work(archive: Reader, question: Question, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        ask(archive, question)


def test_a_dyad_is_ordered(archive: Reader) -> None:
    assert [row["story"] for row in ask(archive, Question(dyad="NOR-KEN"))] == ["n1"]
    assert [row["story"] for row in ask(archive, Question(dyad="ken - nor"))] == ["n2"]
    assert ask(archive, Question(dyad="NOR-QAT")) == []


@pytest.mark.parametrize(("given", "code"), [("kor", "KOR"), ("UNO", "UNO"), (" nato ", "NATO")])
def test_codes_of_countries_and_bodies(given: str, code: str) -> None:
    assert country_code(given) == code


def test_every_column_of_an_answer_holds_its_evidence(archive: Reader) -> None:
    [row] = ask(archive, Question(story="n1"))
    assert list(row) == COLUMNS.split(", ")
    assert row["sentence"][row["trigger_start"] : row["trigger_end"]] == row["trigger"] == "attacked"
    assert (row["source_names"], row["target_names"], row["cameo"]) == (["Norway"], ["Kenya"], "182")


def test_the_shapes_of_an_answer_agree(archive: Reader) -> None:
    question = Question(type="ASSAULT")
    assert table(archive, question).num_rows == len(list(records(archive, question))) == count(archive, question)
    first = next(records(archive, question))
    assert (first["story"], first["type"], first["trigger"]["text"]) == ("n1", "ASSAULT", "attacked")


def test_an_archive_in_use_says_so(tmp_path: Path) -> None:
    with Store(tmp_path / "a"), pytest.raises(ArchiveError, match="in use by process"):
        Reader(tmp_path / "a")
