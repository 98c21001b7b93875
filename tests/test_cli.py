from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

import faking
from dateline import exports
from dateline.cli import main
from dateline.cli.app import app
from dateline.cli.progress import stories_in
from showcase import CODED

EVENTS = len(CODED.events)


@pytest.fixture(autouse=True)
def fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dateline.cli.app._runner", faking.runner)


@pytest.fixture
def stories(tmp_path: Path) -> Path:
    path = tmp_path / "stories.jsonl"
    texts = {"one": "first text", "two": "second text", "three": "DROP this"}
    path.write_text("".join(json.dumps({"id": key, "text": text}) + "\n" for key, text in texts.items()))
    return path


def call(*words: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], input=stdin)


def fails(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str]:
    """Exit code and standard error of the whole program."""
    monkeypatch.setattr(sys, "argv", ["dateline", *map(str, words)])
    with pytest.raises(SystemExit) as end:
        main()
    return int(end.value.code or 0), capsys.readouterr().err


# --------------------------------------------------------------------------- code


def test_code_prints_a_table_and_says_what_was_dropped(stories: Path) -> None:
    done = call("code", stories)
    assert done.exit_code == 0 and done.stdout.count("SANCTION/withdraw") == 2
    assert f"dropped {stories}:3: clean: it asks to be dropped" in done.stderr
    assert "2 coded, 1 dropped of 3 read" in done.stderr


def test_code_jsonl_has_a_line_a_story(stories: Path) -> None:
    done = call("code", stories, "--format", "jsonl")
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert [record["story"]["id"] for record in records] == ["one", "two", "three"]
    assert records[2]["dropped"]["stage"] == "clean"
    schema = jsonschema.Draft202012Validator(json.loads(exports.schema_text()))
    assert all(schema.is_valid(record) for record in records)


def test_code_csv(stories: Path, tmp_path: Path) -> None:
    assert call("code", stories, "--format", "csv", "--output", tmp_path / "out.csv").exit_code == 0
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == 2 * EVENTS and rows[0]["type"] == "CONSULT"


def test_code_parquet(stories: Path, tmp_path: Path) -> None:
    assert call("code", stories, "-f", "parquet", "-o", tmp_path / "out.parquet").exit_code == 0
    table = pq.read_table(tmp_path / "out.parquet")
    assert table.num_rows == 2 * EVENTS and table.schema.names == exports.event_columns().names


def test_code_reads_standard_input() -> None:
    done = call("code", "-", "--format", "jsonl", stdin='{"id": "x", "text": "some text"}\n')
    assert json.loads(done.stdout)["story"]["id"] == "x"


def test_all_dropped_is_5(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": "x", "text": "DROP"}\n')
    assert call("code", tmp_path / "a.jsonl").exit_code == 5


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["code", "{tmp}/none.txt"], 2, "none.txt"),
        (["code", "{tmp}/a.txt", "--published", "yesterday"], 2, "--published yesterday: not an ISO day"),
        (["code", "{tmp}/a.txt", "--output", "{tmp}/no/such/file"], 2, "--output"),
        (["code", "{tmp}/a.txt", "--format", "xml"], 2, "--format"),
        (["query", "--archive", "{tmp}/none"], 3, "no Dateline archive"),
        (["show", "x", "--archive", "{tmp}/none"], 3, "no Dateline archive"),
        (["ontology", "check", "{tmp}/none"], 2, "none"),
        (["ontology", "show", "RIOTS"], 2, "has no type 'RIOTS'; choose from"),
        (["actors", "check", "{tmp}/none"], 2, "none"),
        (["relate", "{tmp}/none.jsonl"], 2, "none.jsonl"),
    ],
)
def test_errors_are_one_line_with_a_code(
    words: list[str], code: int, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    (tmp_path / "a.txt").write_text("SEOUL - text")
    exit_code, error = fails(monkeypatch, capsys, *(word.format(tmp=tmp_path) for word in words))
    assert exit_code == code and says in error and "Traceback" not in error
    assert code != 2 or "--format" in says or len(error.splitlines()) == 1


def test_internal_error_is_1_and_one_line(
    stories: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("dateline.cli.app._runner", lambda settings, workers: 1 / 0)
    code, error = fails(monkeypatch, capsys, "code", stories)
    assert code == 1 and error.startswith("dateline: internal error: ZeroDivisionError") and error.count("\n") == 1


def test_debug_shows_the_traceback(stories: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dateline.cli.app._runner", lambda settings, workers: 1 / 0)
    monkeypatch.setattr(sys, "argv", ["dateline", "--debug", "code", str(stories)])
    with pytest.raises(ZeroDivisionError):
        main()


def test_missing_model_is_4(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.undo()
    (tmp_path / "a.txt").write_text("SEOUL - text")
    code, error = fails(monkeypatch, capsys, "code", tmp_path / "a.txt", "--model", "no_such_model")
    assert code == 4 and "no_such_model" in error and error.count("\n") == 1


# --------------------------------------------------------------------------- run, query, show


@pytest.fixture
def archive(stories: Path, tmp_path: Path) -> Path:
    place = tmp_path / "archive"
    assert call("run", stories, "--archive", place).exit_code == 0
    return place


def test_run_keeps_and_says_so(stories: Path, tmp_path: Path) -> None:
    done = call("run", stories, "--archive", tmp_path / "archive")
    assert "read 3: 2 kept (1 copies), 1 dropped" in done.stdout
    assert f"{2 * EVENTS} events in {tmp_path / 'archive'}" in done.stdout
    assert "dropped 1: clean: it asks to be dropped" in done.stderr


def test_second_run_adds_nothing_and_says_so(archive: Path, stories: Path) -> None:
    done = call("run", stories, "--archive", archive)
    assert done.exit_code == 0 and f"nothing new: all 3 stories were in {archive} already" in done.stdout
    assert "well" in call("archive", "check", archive).stdout


@pytest.mark.parametrize(
    ("words", "rows"),
    [
        ([], 2 * EVENTS),
        (["--type", "SANCTION"], 2),
        (["--type", "sanction,coerce"], 4),
        (["--dyad", "KEN,TZA"], 2 * 4),
        (["--source", "KEN", "--target", "TZA", "--status", "asserted"], 2 * 3),
        (["--status", "negated"], 2),
        (["--actor", "wanjala", "--min-confidence", "0.9"], 2),
        (["--country", "UGA"], 4),
        (["--speaker", "diplomat"], 2),
        (["--mode", "obstruct"], 4),
        (["--since", "2025-10-07"], 2 * 5),
        (["--until", "1999"], 2),
        (["--text", "tear gas"], 4),
        (["--story", "two"], EVENTS),
        (["--no-copies"], EVENTS),
        (["--limit", "3"], 3),
    ],
)
def test_query_filters(archive: Path, words: list[str], rows: int) -> None:
    done = call("query", "--archive", archive, "--format", "csv", *words)
    assert done.exit_code == 0 and len(list(csv.DictReader(io.StringIO(done.stdout)))) == rows


def test_query_in_other_shapes(archive: Path, tmp_path: Path) -> None:
    found = [json.loads(line) for line in call("query", "-a", archive, "-f", "jsonl", "--limit", 2).stdout.splitlines()]
    assert [record["type"] for record in found] and found[0]["sources"][0]["name"]
    assert call("query", "-a", archive, "-f", "parquet", "-o", tmp_path / "q.parquet").exit_code == 0
    assert pq.read_table(tmp_path / "q.parquet").num_rows == 2 * EVENTS
    assert "Kenya [KEN] → SANCTION/withdraw → Tanzania [TZA]" in call("query", "-a", archive).stdout


def test_query_without_answer_says_so(archive: Path) -> None:
    done = call("query", "--archive", archive, "--country", "FRA")
    assert done.exit_code == 0 and "no event answers" in done.stderr


def test_show_from_the_archive(archive: Path, tmp_path: Path) -> None:
    assert "seized[5]" in call("show", "one", "--archive", archive).stdout
    page = tmp_path / "page.html"
    assert call("show", "one", "--archive", archive, "--html", page).stdout.strip() == str(page)
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_show_codes_a_file(stories: Path, tmp_path: Path) -> None:
    assert call("show", stories).stdout.count("crossing[6]") == 2
    folder = tmp_path / "pages"
    assert "need a folder" in str(call("show", stories, "--html", folder).exception)
    folder.mkdir()
    assert call("show", stories, "--html", folder).exit_code == 0
    assert [page.name for page in sorted(folder.iterdir())] == ["0001.html", "0002.html"]


def test_archive_log_and_rebuild(archive: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(call("archive", "log", archive, "-f", "csv").stdout)))
    assert rows[0]["read"] == "3" and rows[0]["state"] == "finished"
    assert call("archive", "rebuild", archive).exit_code == 0
    assert call("query", "-a", archive, "-f", "csv").stdout.count("\n") == 2 * EVENTS + 1


# --------------------------------------------------------------------------- small commands


def test_schema_is_the_file() -> None:
    assert call("schema").stdout == exports.schema_text()


@pytest.mark.parametrize("words", [["version"], ["--version"]])
def test_version(words: list[str]) -> None:
    assert call(*words).stdout.startswith("dateline 0.")


def test_ontology_show() -> None:
    assert call("ontology", "show").stdout.count("quad") == 16
    assert "trigger words" in call("ontology", "show", "aid").stdout


def test_no_command_shows_the_commands() -> None:
    done = call()
    assert all(word in done.output for word in ("code", "run", "query", "show", "relate", "schema"))


def test_stories_are_counted_where_it_is_cheap(stories: Path, tmp_path: Path) -> None:
    assert stories_in([str(stories)]) == 3
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.html").write_text("<p>")
    (tmp_path / "pages" / "b.rss").write_text("<rss><item><title>x</title></item><item></item></rss>")
    assert stories_in([str(tmp_path / "pages"), str(stories)]) == 6
    (tmp_path / "pages" / "c.parquet").write_bytes(b"PAR1")
    assert stories_in([str(tmp_path / "pages")]) is None
    assert stories_in(["-"]) is None and stories_in(["https://example.org"]) is None


def test_empty_folder_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    code, error = fails(monkeypatch, capsys, "code", tmp_path / "empty")
    assert code == 2 and error.count("\n") == 1


# --------------------------------------------------------------------------- the program as users start it


def program(*words: str) -> list[str]:
    return [sys.executable, "-m", "dateline", *words]


def test_closed_pipe_ends_quietly() -> None:
    with subprocess.Popen(program("schema"), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as done:
        assert done.stdout and done.stderr
        done.stdout.close()
        assert b"Traceback" not in done.stderr.read()


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
def test_interrupt_says_what_is_kept(tmp_path: Path) -> None:
    script = tmp_path / "slow.py"
    script.write_text(
        f"import signal, sys, time; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)  # a background shell hands down an ignored one\n"
        "import faking, dateline.cli.app as app, dateline.cli as cli\n"
        "def runner(settings, workers):\n"
        "    print('ready', flush=True); time.sleep(30)\n"
        "app._runner = runner\n"
        "cli.main()\n"
    )
    (tmp_path / "a.jsonl").write_text('{"text": "x"}\n')
    words = [sys.executable, str(script), "run", str(tmp_path / "a.jsonl"), "--archive", str(tmp_path / "archive")]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as done:
        assert done.stdout and done.stdout.readline() == "ready\n"
        time.sleep(0.1)
        done.send_signal(signal.SIGINT)
        _, error = done.communicate(timeout=60)
    assert done.returncode == 130 and "run the same command again to finish" in error and "Traceback" not in error
