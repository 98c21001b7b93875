from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import jsonschema
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dateline import exports
from dateline.errors import InputError
from dateline.records import Coded, Drop, Story
from showcase import CODED, STORY
from strategies import codeds, drops, names

SCHEMA = jsonschema.Draft202012Validator(json.loads(exports.schema_text()))
patient = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def written(outcome: Coded | Drop) -> dict:
    """The record as a reader of the file gets it."""
    return json.loads(exports.json_line(exports.record(outcome)))


def test_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA.schema)


@pytest.mark.parametrize("outcome", [CODED, Coded(Story("x", "")), Drop("x", "read", "is empty")])
def test_record_keeps_the_schema(outcome: Coded | Drop) -> None:
    SCHEMA.validate(written(outcome))


@patient
@given(codeds())
def test_any_story_keeps_the_schema_and_comes_back(coded: Coded) -> None:
    record = written(coded)
    if coded.story.id:
        SCHEMA.validate(record)
    assert exports.load(record) == coded


@patient
@given(drops)
def test_any_drop_keeps_the_schema_and_comes_back(drop: Drop) -> None:
    SCHEMA.validate(written(drop))
    assert exports.load(written(drop)) == drop


@pytest.mark.parametrize(
    "wrong",
    [{"status": "denied"}, {"quad": 5}, {"confidence": 1.5}, {"type": "aid"}, {"part": "headline"}, {"extra": 1}],
)
def test_schema_refuses(wrong: dict) -> None:
    record = written(CODED)
    record["events"][0] |= wrong
    assert not SCHEMA.is_valid(record)


def test_public_names_are_those_of_the_record() -> None:
    event = exports.public(CODED)["events"][4]
    assert event["trigger"]["text"] == "seized" and event["status"] == "negated"
    assert event["date"] == {"start": "2025-09-29", "end": "2025-10-05", "from": "clause"}
    assert event["sources"][0]["country"] == "TZA" and event["sources"][0]["sectors"] == ["MIL"]
    assert event["speakers"][0]["name"] == "Tanzania"


def test_spans_of_the_record_hold_their_text() -> None:
    record = exports.public(CODED)
    for event in record["events"]:
        text = STORY.text if event["part"] == "body" else STORY.photos[0].caption
        for span in (event["trigger"], *event["sources"], *event["targets"]):
            assert text[span["start"] : span["end"]] == span["text"]


def test_place_may_come_from_the_dateline() -> None:
    place = replace(CODED.places[0], part="dateline", start=0, end=7, source="dateline")
    SCHEMA.validate(written(replace(CODED, events=(replace(CODED.events[0], place=place),))))
    assert exports.part_text(STORY, "dateline") == "MOMBASA, Kenya"


def test_unresolved_speaker_goes_by_the_words() -> None:
    claim = replace(CODED.claims[3], speakers=())
    speaker = exports.public(replace(CODED, claims=(claim,)))["claims"][0]["speaker"]
    assert speaker["name"] == "a diplomat close to the talks" and speaker["country"] is None


@pytest.mark.parametrize("line", [{}, {"schema": "dateline/2"}, {"schema": "dateline/1", "story": {"id": "x"}}])
def test_load_refuses(line: dict) -> None:
    with pytest.raises(InputError):
        exports.load(line)


def test_lone_surrogate_keeps_offsets() -> None:
    line = exports.json_line({"text": "a\ud800b"})
    assert len(json.loads(line)["text"]) == 3


def test_jsonl_is_one_line_a_story() -> None:
    stream = io.BytesIO()
    assert exports.write_jsonl([CODED, Drop("x", "read", "two\nlines")], stream) == 2
    lines = stream.getvalue().splitlines()
    assert [json.loads(line)["story"]["id"] for line in lines] == ["showcase", "x"]


# --------------------------------------------------------------------------- frames


def test_events_table_has_a_row_an_event() -> None:
    table = exports.events_table([CODED, Drop("x", "read", "is empty"), CODED])
    assert table.num_rows == 2 * len(CODED.events)
    row = table.to_pylist()[4]
    assert (row["type"], row["mode"], row["status"]) == ("COERCE", "seize", "negated")
    assert row["source_countries"] == ["TZA"] and row["target_sectors"] == ["CVL", "BUS"]
    assert row["date_start"].isoformat() == "2025-09-29" and row["place_name"] == "Pemba Island"
    assert row["sentence"].startswith("Tanzania denied") and row["quantity_value"] == 3


def test_empty_table_has_the_columns() -> None:
    assert exports.events_table([]).schema == exports.event_columns()


def test_columns_are_those_of_query() -> None:
    from dateline import query

    held = query.COLUMNS.split(", ")
    assert exports.event_columns().names[: len(held)] != [] and set(held) <= set(exports.event_columns().names)


@patient
@given(codeds())
def test_any_story_fits_the_table(coded: Coded) -> None:
    assert exports.events_table([coded]).num_rows == len(coded.events)


def test_parquet_comes_back(tmp_path) -> None:
    table = exports.events_table([CODED])
    exports.write_parquet(table, tmp_path / "events.parquet")
    assert pq.read_table(tmp_path / "events.parquet").equals(table)


# --------------------------------------------------------------------------- CSV


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "=cmd|' /C calc'!A0"])
def test_formula_is_guarded(cell: str) -> None:
    assert exports.guard(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["", "Kenya", "a=b", "3", "'=1"])
def test_other_cells_are_as_they_are(cell: str) -> None:
    assert exports.guard(cell) == cell


def test_csv_numbers_are_numbers() -> None:
    rows = list(csv.DictReader(io.StringIO("".join(exports.csv_rows(exports.events_table([CODED]))))))
    assert rows[2]["score"] == "-7.0" and rows[0]["place_lat"] == "-4.05" and rows[7]["target_countries"] == "KEN; TZA"


@patient
@given(st.lists(st.tuples(names, names), max_size=5))
def test_csv_cells_never_start_a_formula(rows: list[tuple[str, str]]) -> None:
    table = pa.table({"one": [one for one, _ in rows], "two": [[one, two] for one, two in rows]})
    parsed = list(csv.reader(io.StringIO("".join(exports.csv_rows(table)), newline="")))
    assert len(parsed) == len(rows) + 1
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in parsed for cell in row)
