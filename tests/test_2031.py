"""The invented year 2031 from stories to ladders: read, coded, archived, merged and run as a user would."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dateline.cli.app import app

ROOT = Path(__file__).parents[1]
YEAR = ROOT / "ladders" / "2031"

pytestmark = pytest.mark.model


def dateline(*words: str) -> str:
    answer = CliRunner().invoke(app, list(words))
    assert answer.exit_code == 0, answer.output
    return answer.output


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = str(tmp_path_factory.mktemp("year") / "archive")
    dateline("run", str(YEAR / "stories.jsonl"), "--archive", folder)
    dateline("merge", folder)
    return folder


def test_truth_and_stories_are_what_the_hand_written_files_say() -> None:
    namespace: dict[str, object] = {"__file__": str(YEAR / "build.py"), "__name__": "build"}
    exec(compile((YEAR / "build.py").read_text(encoding="utf-8"), "build.py", "exec"), namespace)
    pairs = namespace["stories"]()  # type: ignore[operator]
    for name, rows in (("stories", [s for s, _ in pairs]), ("truth", [t for _, t in pairs])):
        told = [json.loads(line) for line in (YEAR / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
        assert told == rows
    assert len(pairs) >= 200


def test_both_ladders_stand_every_day_where_their_author_meant_them_to(archive: str) -> None:
    intended = str(YEAR / "intended.csv")
    told = dateline(
        "ladder", "backtest", "example", "--archive", archive, "--until", "2031-12-31", "--intended", intended
    )
    assert "Russia-North Korea cooperation: 358 of 358 days on the intended rung" in told
    assert "South Korea's response: 358 of 358 days on the intended rung" in told
    assert "was not intended" not in told


def test_the_day_before_the_second_source_says_what_is_missing(archive: str) -> None:
    told = dateline("ladder", "explain", "example", "--archive", archive, "--day", "2031-06-10")
    assert "lacks 1 more independent source: 2031-06-08 AID North Korea > Russia (Baltic Wire" in told
    assert "What would move it up to 'fighting together'" in told


def cooperation(archive: str, path: Path, *more: str) -> int:
    """Acts of cooperation between Russia and North Korea in the year, by the series."""
    dateline("series", "RUS", "PRK", "--archive", archive, "--format", "jsonl", "--output", str(path), *more)
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return sum(row["verbal_cooperation"] + row["material_cooperation"] for row in rows)


def test_the_series_of_a_dyad_counts_acts_and_not_reports(archive: str, tmp_path: Path) -> None:
    assert 8 <= cooperation(archive, tmp_path / "acts") < cooperation(archive, tmp_path / "reports", "--reports")


def test_an_alert_file_tells_of_the_year_once(archive: str, tmp_path: Path) -> None:
    rules = tmp_path / "alerts.toml"
    rules.write_text('[[alert]]\nchannel = "stdout"\nmoves = "up"\n', encoding="utf-8")
    words = ("ladder", "alert", "example", "--archive", archive, "--alerts", str(rules), "--day", "2031-12-31")
    first, second = dateline(*words), dateline(*words)
    assert first.count(" rises to ") == 9 and "9 delivered, 0 told before" in first
    assert second.count(" rises to ") == 0 and "0 delivered, 9 told before" in second
