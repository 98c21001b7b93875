"""The archive: whole batches or nothing, one owner, the same content however it came in."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import duckdb
import pytest

from dateline.archive import About, Archive, Counts, Reader, Store, rebuild, schema, segments
from dateline.errors import ArchiveError
from dateline.exports import public
from dateline.pipeline import Settings, run
from dateline.records import Coded, Drop, Raw, Span, Story
from dateline.runners import Local
from dateline.testing import MemoryArchive, fake_pipeline

PLACES = ("Norland", "Sudland", "Ostia", "Vestia")


def texts(count: int, seed: int = 0) -> list[str]:
    random = Random(seed)
    names = [random.choice(PLACES) for _ in range(2 * count)]
    return [f"Report {i}: {names[2 * i]} attacked {names[2 * i + 1]} at {random.random()}" for i in range(count)]


def raws(many: list[str]) -> list[Raw | Drop]:
    return [Raw(f"s{i}", "body", text, published="2024-03-05", line=i) for i, text in enumerate(many)]


INPUT: list[Raw | Drop] = [*raws(["", *texts(9), texts(9)[2]]), Drop("line 12", "read", "broken JSON", "in.jsonl", 12)]


def feed(archive: Archive, given: list[Raw | Drop], batch_size: int = 4) -> Counts:
    return run(given, archive, Local(Settings(), make=fake_pipeline), batch_size=batch_size)


def filled(folder: Path, given: list[Raw | Drop] = INPUT, batch_size: int = 4) -> str:
    with Store(folder) as store:
        feed(store, given, batch_size)
        assert store.check() == []
        return store.content_hash()


@pytest.fixture(params=["disk", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Archive]:
    """Every store runs one suite."""
    if request.param == "memory":
        yield MemoryArchive()
    else:
        with Store(tmp_path / "a.archive") as opened:
            yield opened


# --------------------------------------------------------------------------- what every store promises


def test_read_is_known_and_kept_and_dropped(store: Archive) -> None:
    counts = feed(store, INPUT)
    assert counts == Counts(read=12, known=0, kept=10, dropped=2, copies=1, events=10)
    assert counts.balanced


def test_a_second_run_adds_nothing(store: Archive) -> None:
    feed(store, INPUT)
    counts = feed(store, INPUT, batch_size=5)
    assert counts.nothing_new and counts.known == counts.read == 12


def test_overlapping_input_adds_what_is_new(store: Archive) -> None:
    feed(store, INPUT[:6])
    counts = feed(store, INPUT)
    assert (counts.known, counts.kept + counts.dropped) == (6, 6)


def test_one_id_with_two_contents_is_two_stories(store: Archive) -> None:
    counts = feed(store, [Raw("same", "body", "First take"), Raw("same", "body", "Second take, and longer")])
    assert counts.kept == 2


def test_a_copy_is_kept_under_the_family_of_the_first(store: Archive) -> None:
    text = "The envoys of both sides met by the river for the third time and agreed on nothing at all"
    counts = feed(store, [Raw("first", "body", text), Raw("second", "body", text + ".")])
    assert (counts.kept, counts.copies) == (2, 1)


# --------------------------------------------------------------------------- the same content


@pytest.mark.parametrize("batch_size", [1, 3, 64])
def test_the_content_does_not_depend_on_the_batches(tmp_path: Path, batch_size: int) -> None:
    assert filled(tmp_path / "a", batch_size=batch_size) == filled(tmp_path / "b")


def test_the_content_does_not_depend_on_the_order(tmp_path: Path) -> None:
    shuffled = Random(3).sample(INPUT, len(INPUT))
    filled(tmp_path / "a")
    filled(tmp_path / "b", shuffled)
    with Reader(tmp_path / "a") as one, Reader(tmp_path / "b") as other:
        assert one.content_hash() == other.content_hash()


def test_the_content_hash_sees_a_lost_event_and_a_changed_story(tmp_path: Path) -> None:
    hashes = {
        filled(tmp_path / "a"),
        filled(tmp_path / "b", INPUT[:-1]),
        filled(tmp_path / "c", [*INPUT, *raws(["More"])]),
    }
    assert len(hashes) == 3


def test_records_come_back_as_they_went_in(tmp_path: Path) -> None:
    filled(tmp_path / "a")
    [story] = fake_pipeline().prepare([INPUT[3]])
    [coded] = fake_pipeline().analyse([story])
    assert isinstance(coded, Coded)
    with Reader(tmp_path / "a") as reader:
        found = reader.story("s3")
        found["story"]["family"] = None
        assert found == public(coded)
        assert [record["story"]["id"] for record in reader.stories()][:3] == ["s1", "s2", "s3"]


def test_a_story_is_found_by_the_start_of_its_id(tmp_path: Path) -> None:
    filled(tmp_path / "a", [Raw("alpha-1", "body", "One"), Raw("alpha-2", "body", "Two"), Raw("beta", "body", "Three")])
    with Reader(tmp_path / "a") as reader:
        assert reader.story("b")["story"]["id"] == "beta"
        with pytest.raises(ArchiveError, match="several stories begin with 'al': alpha-1, alpha-2"):
            reader.story("al")
        with pytest.raises(ArchiveError, match="no story 'gamma'; stories here are named like alpha-1"):
            reader.story("gamma")


def test_the_run_log_says_what_a_run_was_made_with(tmp_path: Path) -> None:
    filled(tmp_path / "a")
    with Reader(tmp_path / "a") as reader:
        [log] = reader.runs()
    assert (log["state"], log["ontology"], log["models"], log["read"], log["balanced"]) == (
        "finished", "fake", '{"words":"1"}', 12, True,
    )  # fmt: skip


@pytest.mark.parametrize("text", ["lone \ud800 half", "nul \0 inside", "a" * 100_000])
def test_hostile_text_is_kept_or_dropped_with_a_reason(tmp_path: Path, text: str) -> None:
    with Store(tmp_path / "a") as store:
        counts = feed(store, [Raw("odd", "body", text), *INPUT])
        assert counts.balanced and counts.kept >= 10
        assert store.check() == []


# --------------------------------------------------------------------------- killed


def interrupted(folder: Path, at: Callable[[Store], None]) -> None:
    """A run that breaks off in its second batch, as `at` arranges."""
    store = Store(folder)
    at(store)
    with pytest.raises(RuntimeError, match="now"):
        feed(store, INPUT)
    store.close()


def stop(*_: object) -> None:
    raise RuntimeError("now")


def test_killed_before_the_segment_is_whole(tmp_path: Path) -> None:
    interrupted(tmp_path / "a", lambda store: setattr(store, "write", stop))
    (tmp_path / "a" / "segments" / "half.tmp").write_bytes(b"PAR1")
    assert filled(tmp_path / "a") == filled(tmp_path / "b")
    assert not list((tmp_path / "a" / "segments").glob("*.tmp"))


def test_killed_between_the_segment_and_the_ledger(tmp_path: Path) -> None:
    interrupted(tmp_path / "a", lambda store: setattr(store, "_load", stop))
    with Store(tmp_path / "a") as store:
        assert store.counts()["ledger"] == 1  # the orphan was loaded on opening
        counts = feed(store, INPUT)
        assert counts.balanced and counts.known == 4
        log = store.runs()
    assert [(entry["state"], entry["read"]) for entry in log] == [("interrupted", 4), ("finished", 12)]
    assert filled(tmp_path / "a") == filled(tmp_path / "b")


def test_a_segment_loaded_twice_adds_nothing(tmp_path: Path) -> None:
    before = filled(tmp_path / "a")
    with Store(tmp_path / "a") as store:
        store._db.execute("DELETE FROM ledger")  # as if only the ledger had been lost
    with Store(tmp_path / "a") as store:
        assert store.content_hash() == before


def test_the_database_is_rebuilt_from_the_segments(tmp_path: Path) -> None:
    before = filled(tmp_path / "a")
    (tmp_path / "a" / "archive.duckdb").write_bytes(b"not a database at all" * 1000)
    with pytest.raises(ArchiveError, match="rebuild"):
        Reader(tmp_path / "a")
    rebuild(tmp_path / "a")
    with Reader(tmp_path / "a") as reader:
        assert reader.content_hash() == before and reader.check() == []


def test_a_damaged_segment_that_was_never_loaded_is_set_aside(tmp_path: Path) -> None:
    before = filled(tmp_path / "a")
    (tmp_path / "a" / "segments" / "torn.parquet").write_bytes(b"PAR1 and no more")
    assert filled(tmp_path / "a") == before


DRIVER = """
import sys
sys.path[:0] = {path!r}
from pathlib import Path
from test_archive import raws, texts, feed
from dateline.archive import Store
with Store(sys.argv[1]) as store:
    print("open", flush=True)
    feed(store, raws(texts(150)), batch_size=8)
"""


def test_sigkill_at_random_instants_loses_and_doubles_nothing(tmp_path: Path) -> None:
    random, killed = Random(5), 0
    command = [sys.executable, "-c", DRIVER.format(path=[str(Path(__file__).parent), *sys.path]), str(tmp_path / "a")]
    for _ in range(3):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert process.stdout is not None and process.stdout.readline() == b"open\n"
        try:
            process.wait(random.uniform(0.0, 0.25))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            killed += 1
        process.communicate()
    assert killed >= 1
    assert filled(tmp_path / "a", raws(texts(150))) == filled(tmp_path / "b", raws(texts(150)), batch_size=64)


# --------------------------------------------------------------------------- owners and strangers


def test_a_second_owner_is_refused_and_told_who_holds_it(tmp_path: Path) -> None:
    with Store(tmp_path / "a"):
        for another in (Store, Reader):
            with pytest.raises(ArchiveError, match=f"in use by process {os.getpid()}"):
                another(tmp_path / "a")


def test_a_reader_keeps_a_writer_out_and_lets_readers_in(tmp_path: Path) -> None:
    filled(tmp_path / "a")
    with Reader(tmp_path / "a"), Reader(tmp_path / "a"), pytest.raises(ArchiveError, match="being read"):
        Store(tmp_path / "a")
    Store(tmp_path / "a").close()


def test_closing_another_handle_on_the_database_does_not_let_a_writer_in(tmp_path: Path) -> None:
    with Store(tmp_path / "a"):
        (tmp_path / "a" / "archive.duckdb").open("rb").close()  # drops DuckDB's own lock
        code = f"import sys; sys.path[:0] = {sys.path!r}; from dateline.archive import Store; Store(sys.argv[1])"
        done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "a")], capture_output=True, text=True)
    assert "ArchiveError" in done.stderr and "in use" in done.stderr


def test_a_forked_child_may_not_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store(tmp_path / "a") as store:
        monkeypatch.setattr(os, "getpid", lambda: 1)
        with pytest.raises(ArchiveError, match="before a fork"):
            store.begin(About())


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(ArchiveError, match=r"not a Dateline archive \(it holds thesis.txt\)"):
        Store(tmp_path)
    with pytest.raises(ArchiveError, match="is a file"):
        Store(tmp_path / "thesis.txt")
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_reading_an_archive_that_is_not_there_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="no Dateline archive here"):
        Reader(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_a_foreign_database_is_refused(tmp_path: Path) -> None:
    filled(tmp_path / "a")
    (tmp_path / "a" / "archive.duckdb").unlink()
    with duckdb.connect(str(tmp_path / "a" / "archive.duckdb")) as other:
        other.execute("CREATE TABLE cats (name VARCHAR)")
    with pytest.raises(ArchiveError, match="not a Dateline archive"):
        Store(tmp_path / "a")


def test_a_full_disk_is_refused_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full = shutil.disk_usage(tmp_path)._replace(free=1 << 20)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    with Store(tmp_path / "a") as store, pytest.raises(ArchiveError, match="only 1 MB are free"):
        feed(store, INPUT)
    assert not list((tmp_path / "a" / "segments").iterdir())


# --------------------------------------------------------------------------- versions

NEXT = (*schema.MIGRATIONS, "ALTER TABLE stories ADD COLUMN place VARCHAR")


def test_an_archive_is_migrated_with_its_content_and_a_backup(tmp_path: Path) -> None:
    before = filled(tmp_path / "a")
    with Store(tmp_path / "a", migrations=NEXT) as store:
        assert store.ask("SELECT max(version), count(place) FROM migrations, stories") == [(len(NEXT), 0)]
        assert store.content_hash() == before
    assert (tmp_path / "a" / f"archive.duckdb.v{len(schema.MIGRATIONS)}").exists()


def test_older_code_refuses_a_newer_archive(tmp_path: Path) -> None:
    Store(tmp_path / "a", migrations=NEXT).close()
    for older in (Store, Reader):
        with pytest.raises(
            ArchiveError, match=rf"has schema {len(NEXT)}.*knows schema {len(NEXT) - 1}: upgrade dateline"
        ):
            older(tmp_path / "a")


def test_a_migration_that_fails_leaves_the_old_version(tmp_path: Path) -> None:
    before = filled(tmp_path / "a")
    with pytest.raises(duckdb.Error):
        Store(
            tmp_path / "a",
            migrations=(*schema.MIGRATIONS, "CREATE TABLE half (x INTEGER); ALTER TABLE nowhere RENAME TO x"),
        )
    with Store(tmp_path / "a") as store:
        assert store.content_hash() == before
        assert store.ask("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'half'") == [(0,)]


def test_no_big_table_has_an_index(tmp_path: Path) -> None:
    with Store(tmp_path / "a") as store:
        assert store.ask("SELECT count(*) FROM duckdb_indexes()") == [(0,)]
        assert store.ask("SELECT count(*) FROM duckdb_constraints()") == [(0,)]


# --------------------------------------------------------------------------- keys and segments


def test_a_key_is_of_the_id_and_the_content() -> None:
    story = Story("a", "text")
    same = [
        Raw("a", "body", "text"),
        Story("a", "text", headline="x"),
        Drop("a", "code", "why", digest=segments.digest_of(story)),
    ]
    assert {segments.key_of(item) for item in same} == {segments.key_of(story)}
    assert len({segments.key_of(Raw(i, "body", t)) for i in "ab" for t in "xy"}) == 4


def test_a_segment_is_named_after_what_is_in_it(tmp_path: Path) -> None:
    rows = [segments.row(0, Coded(Story("a", "text", (Span(0, 4),))), "run", public)]
    first, again = segments.write(tmp_path, rows), segments.write(tmp_path, rows)
    assert first == again and [path.name for path in tmp_path.iterdir()] == [first.name]
    assert segments.read(first)[0].to_pylist()[0]["id"] == "a"
