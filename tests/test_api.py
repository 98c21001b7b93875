from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from lxml import html as parser

import dateline
import faking
from dateline import exports
from dateline.api import Coder, Result, raw_text
from dateline.errors import InputError
from dateline.pipeline import Settings
from dateline.records import Drop, Raw
from showcase import CODED, STORY


@pytest.fixture
def coder() -> Coder:
    return Coder(Settings(), make=faking.make)


def test_import_is_fast_and_loads_nothing() -> None:
    code = (
        "import sys, time; start = time.perf_counter(); import dateline; took = time.perf_counter() - start;"
        "print(took, *[name for name in ('spacy', 'pyarrow', 'duckdb', 'numpy', 'rich') if name in sys.modules])"
    )
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(3)]
    assert min(float(run.stdout.split()[0]) for run in runs) < 0.05
    assert all(len(run.stdout.split()) == 1 for run in runs)


@pytest.mark.parametrize("name", [name for name in dateline.__all__ if name != "__version__"])
def test_public_names_are_there(name: str) -> None:
    assert getattr(dateline, name).__doc__


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        dateline.nonsense  # noqa: B018


def test_code_takes_text_mapping_path_raw_and_story(coder: Coder, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("SEOUL - Some words that stand for a story.", encoding="utf-8")
    given = ["some text", {"id": "m", "text": "some text"}, path, Raw("r", "body", "some text"), STORY]
    results = [coder.code(story) for story in given]
    assert all(len(result.events) == len(CODED.events) for result in results)
    assert results[1].story and results[1].story.id == "m"


def test_code_many_keeps_order_and_drops(coder: Coder) -> None:
    given = [{"id": str(n), "text": "DROP" if n % 3 == 0 else "text"} for n in range(9)]
    results = list(coder.code_many(given, batch_size=2))
    assert [result.record["story"]["id"] for result in results] == [str(n) for n in range(9)]
    assert [result.dropped is not None for result in results] == [n % 3 == 0 for n in range(9)]


def test_answers_do_not_depend_on_batch_size(coder: Coder) -> None:
    given = [{"id": str(n), "text": f"text {n}"} for n in range(7)]
    assert list(coder.code_many(given, batch_size=1)) == list(coder.code_many(given, batch_size=100))


def test_copies_share_a_family(coder: Coder) -> None:
    first, second = coder.code_many([{"id": "a", "text": "x"}, {"id": "b", "text": "y"}])
    assert first.story and second.story and second.story.family == "a"


def test_code_refuses_a_file_of_several(coder: Coder, tmp_path: Path) -> None:
    path = tmp_path / "two.jsonl"
    path.write_text('{"id": "a", "text": "x"}\n{"id": "b", "text": "y"}\n', encoding="utf-8")
    with pytest.raises(InputError, match="code_many"):
        coder.code(path)
    assert len(list(coder.code_many([path]))) == 2


@pytest.mark.parametrize(
    ("text", "kind"), [("<html><p>x", "page"), ("  <!doctype html>", "page"), ("A line", "scrape")]
)
def test_text_is_a_page_or_a_scrape(text: str, kind: str) -> None:
    assert raw_text(text).kind == kind


def test_empty_text_is_a_drop(coder: Coder) -> None:
    assert coder.code({"id": "x", "text": "  "}).dropped


def test_events_table(coder: Coder) -> None:
    table = coder.events_table(coder.code_many([{"text": "x"}, {"text": "DROP"}]))
    assert table.num_rows == len(CODED.events) and table.schema == exports.event_columns()


def test_result_has_the_record() -> None:
    schema = jsonschema.Draft202012Validator(json.loads(exports.schema_text()))
    for outcome in (CODED, Drop("x", "clean", "it is empty")):
        schema.validate(json.loads(json.dumps(Result(outcome).record)))


def test_notebook_shows_the_page_in_a_frame_of_its_own() -> None:
    (frame,) = parser.fragment_fromstring(Result(CODED)._repr_html_(), create_parent=True)
    assert frame.tag == "iframe" and "allow-scripts" not in frame.get("sandbox")
    assert frame.get("srcdoc") == Result(CODED).html()


def test_notebook_shows_why_a_story_was_dropped() -> None:
    (shown,) = parser.fragment_fromstring(Result(Drop("x", "clean", "<b>no"))._repr_html_(), create_parent=True)
    assert shown.tag == "p" and "clean: <b>no" in shown.text_content() and not len(shown)


def test_dropped_story_has_no_page() -> None:
    with pytest.raises(InputError, match="dropped at clean"):
        Result(Drop("x", "clean", "it is empty")).html()


def test_read_records_is_the_way_back() -> None:
    lines = [exports.json_line(Result(outcome).record) for outcome in (CODED, Drop("x", "clean", "empty"))]
    first, second = dateline.read_records(lines)
    assert first.outcome == CODED and second.dropped == Drop("x", "clean", "empty")


def test_read_records_names_the_line() -> None:
    with pytest.raises(InputError, match="line 1:"):
        list(dateline.read_records(["{"]))


def test_version_is_that_of_the_project() -> None:
    import tomllib

    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == dateline.__version__


@pytest.mark.model
def test_real_coder_codes_and_relates() -> None:
    with dateline.load(published="2025-03-04") as real:
        text = "Kenyan police arrested three opposition leaders in Nairobi on Monday."
        result = real.code({"id": "k", "text": text})
        assert result.story and result.story.text == text
        assert [event.type for event in result.events] == ["COERCE"]
        answer = real.relate("Ghana praised Togo.", (0, 5), (14, 18))
    assert answer["type"] == "SUPPORT" and abs(sum(answer["scores"].values()) - 1) < 0.01
