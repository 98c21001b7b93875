"""The archive on disk: DuckDB behind one owner, fed by whole segments, each loaded in one transaction.

Killed at any instant, the folder holds the stories of whole batches and nothing else: a segment is
renamed into place only when it is complete on disk, and its rows and its ledger row are committed
together. It refuses a second writer, a folder that is not an archive, an archive written by a
newer program, and a disk that is nearly full.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import duckdb
import orjson
import pyarrow as pa

from dateline.archive import segments
from dateline.archive.lock import NAME as LOCK_NAME
from dateline.archive.lock import Lock
from dateline.archive.runlog import About, Counts, program_version
from dateline.archive.schema import LOAD, MIGRATIONS, PLACE, RENAME, TALLY
from dateline.archive.segments import Public, Row, key_of
from dateline.errors import ArchiveError
from dateline.families import FamilyIndex, Version
from dateline.families import Row as FamilyRow
from dateline.families import read as read_signature
from dateline.records import Coded, Drop, Raw, Story

DATABASE = "archive.duckdb"
SEGMENTS = "segments"
README = "A Dateline archive. Read it with `dateline query`; archive.duckdb can be rebuilt from segments/.\n"

# DuckDB never needs a file or an extension that is not ours: rows reach it as Arrow tables.
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
    "threads": "1",
    "memory_limit": "256MB",
}
_SPARE = 2 << 30  # bytes to leave free, or a tenth of a smaller disk: a full disk must not meet a checkpoint


class Reader:
    """Questions to an archive that nobody is writing. Open with `Reader(folder)`, close when done."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = _known(Path(folder))
        self._lock = Lock(self.folder, shared=True)
        try:
            self._db = _connect(self.folder / DATABASE, read_only=True)
            _check_version(self._db, self.folder, len(MIGRATIONS))
        except BaseException:
            self._lock.release()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database and give the lock back."""
        self._db.close()
        self._lock.release()

    def ask(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Rows that answer parameterised SQL. Values are of the column types, hence Any."""
        return self._db.execute(sql, list(values)).fetchall()

    def table(self, sql: str, values: Sequence[object] = ()) -> pa.Table:
        """The same as one Arrow table."""
        return self._db.sql(sql, params=list(values)).to_arrow_table()

    def stories(self) -> Iterator[dict[str, Any]]:
        """The public record of every story, in the order in which they came in."""
        last = -1
        while page := self.ask("SELECT seq, record FROM stories WHERE seq > ? ORDER BY seq LIMIT 256", [last]):
            yield from (orjson.loads(record) for _, record in page)
            last = page[-1][0]

    def story(self, name: str) -> dict[str, Any]:
        """The public record of one story: its id, or as much of it as tells it from the others.

        ArchiveError when none or several match. Of two contents under one id, the later is given.
        """
        found = self.ask("SELECT record FROM stories WHERE id = ? ORDER BY seq DESC LIMIT 1", [name])
        if not found:
            starts = "SELECT id, max_by(record, seq) FROM stories WHERE starts_with(id, ?)"
            several = self.ask(f"{starts} GROUP BY id ORDER BY id LIMIT 4", [name])
            if len(several) > 1:
                raise ArchiveError(f"{self.folder}: several stories begin with '{name}': {_some(several)}")
            found = [(record,) for _, record in several]
        if not found:
            few = self.ask("SELECT id FROM stories ORDER BY seq LIMIT 3")
            hint = f"stories here are named like {_some(few)}" if few else "the archive holds no story yet"
            raise ArchiveError(f"{self.folder}: no story '{name}'; {hint}")
        return dict(orjson.loads(found[0][0]))

    def counts(self) -> dict[str, int]:
        """Rows of each table, and the copies among the stories."""
        names = ("stories", "events", "claims", "drops", "signatures", "ledger", "runs")
        sizes = {name: int(self.ask(f"SELECT count(*) FROM {name}")[0][0]) for name in names}
        return sizes | {"copies": int(self.ask("SELECT count(*) FROM stories WHERE copy")[0][0])}

    def runs(self) -> list[dict[str, Any]]:
        """The run log, oldest first: program, ontology, models, counts in and out, state."""
        return list(self.table("SELECT * FROM runs ORDER BY started, run").to_pylist())

    def content_hash(self, *, families: bool = True) -> str:
        """One sha256 over all that was archived, whatever the order, the batches, the runs and the clock.

        `families=False` leaves out families and versions.
        """
        total = hashlib.sha256()
        for line in sorted(self._lines(families)):
            total.update(line)
        return total.hexdigest()

    def _lines(self, families: bool) -> Iterator[bytes]:
        for (text,) in self.ask("SELECT record FROM stories"):
            record = orjson.loads(text)
            if not families and isinstance(record.get("story"), dict):
                record["story"].pop("family", None)
            yield hashlib.sha256(orjson.dumps(record, option=orjson.OPT_SORT_KEYS)).digest()
        kinds = {"drops": "id, digest, stage, reason, file, line", "signatures": "id, signature"}
        kinds |= {"events": "story, n, record", "claims": "story, n, record"}
        kinds |= {"versions": "key, parent, kind, replaced, rivals"} if families else {}
        for table, columns in kinds.items():
            for row in self.ask(f"SELECT {columns} FROM {table}"):
                yield hashlib.sha256(orjson.dumps([table, *row])).digest()

    def check(self) -> list[str]:
        """What is wrong with the archive's sums, one sentence each: empty when all is well."""
        wrong = []
        for table in ("stories", "drops", "signatures"):
            (total, keys), = self.ask(f"SELECT count(*), count(DISTINCT key) FROM {table}")  # fmt: skip
            if total != keys:
                wrong.append(f"{table}: {total} rows for {keys} keys")
        (kept, dropped, events), = self.ask(_LEDGER_SUMS)  # fmt: skip
        for table, said in (("stories", kept), ("drops", dropped), ("events", events)):
            held = self.ask(f"SELECT count(*) FROM {table}")[0][0]
            if held != said:
                wrong.append(f"{table}: {held} rows, but the ledger says {said}")
        for table in ("events", "claims", "signatures"):
            orphans = self.ask(f"SELECT count(*) FROM {table} t ANTI JOIN stories s ON t.key = s.key")[0][0]
            if orphans:
                wrong.append(f"{table}: {orphans} rows without their story")
        return wrong


_SIGNED = """SELECT g.seq, g.key, g.id, CAST(g.published AS VARCHAR), g.signature,
    v.key IS NOT NULL AND (v.parent IS NULL OR v.parent IN (SELECT key FROM signatures))
    FROM (SELECT * FROM signatures WHERE seq > ? ORDER BY seq LIMIT 4096) g LEFT JOIN versions v ON v.key = g.key
    ORDER BY g.seq"""
_VERSIONS = """SELECT v.key, g.family, v.parent, v.kind, v.share, v.replaced, v.rivals FROM versions v
    JOIN signatures g ON g.key = v.key WHERE v.parent IS NOT NULL OR len(v.rivals) > 0 OR g.family <> g.id"""
_RENAMED = """SELECT s.key, s.record, p.family, CAST(p.family <> s.id AS INTEGER) - CAST(s.copy AS INTEGER) FROM stories s JOIN placed p ON s.key = p.key
    WHERE s.family IS DISTINCT FROM p.family"""
_PLACED = pa.schema(
    {"key": pa.uint64(), "family": pa.string(), "parent": pa.uint64(), "kind": pa.string(), "share": pa.float64(),
     "replaced": pa.bool_(), "rivals": pa.list_(pa.uint64())}
)  # fmt: skip
_RECORDS = pa.schema({"key": pa.uint64(), "record": pa.string()})
_LEDGER_SUMS = "SELECT coalesce(sum(kept), 0), coalesce(sum(dropped), 0), coalesce(sum(events), 0) FROM ledger"


class Store(Reader):
    """The one owner of an archive: opens it, or makes it, finishes what a killed run left, and writes.

    `public` turns what was found into the public record; the default is `dateline.exports.public`.
    Not to be used across a fork, nor from two threads.
    """

    def __init__(
        self, folder: str | Path, *, public: Public | None = None, migrations: Sequence[str] = MIGRATIONS
    ) -> None:
        self.folder = Path(folder)
        self._public = public or _default_public()
        _prepare(self.folder)
        self._lock = Lock(self.folder)
        try:
            self._segments = self.folder / SEGMENTS
            self._segments.mkdir(exist_ok=True)
            self._db = _open_or_create(self.folder, migrations)
            self._pending: dict[int, int] = {}  # keys handed out and not yet written -> place in the order
            self._next = self._ask_next()
            self._families: FamilyIndex | None = None
            self._versions: dict[int, Version] = {}  # what is to be written of families
            self._run, self._counts = "", Counts()
            self._recover()
        except BaseException:
            self._lock.release()
            raise

    # ---------------------------------------------------------------- a run

    def begin(self, about: About) -> None:
        """Open a run in the log."""
        self._mine()
        if self._pending:  # an earlier run in this process was broken off
            self._pending, self._next, self._families, self._versions = {}, self._ask_next(), None, {}
        number = self.ask("SELECT count(*) FROM runs")[0][0] + 1
        self._run, self._counts = f"run-{number:06d}", Counts()
        self._db.execute(
            "INSERT INTO runs (run, program, started, state, ontology, ontology_digest, models, settings) "
            "VALUES (?, ?, ?, 'running', ?, ?, ?, ?)",
            [self._run, program_version(), _now(), about.ontology, about.ontology_digest]
            + [orjson.dumps(dict(pairs)).decode() for pairs in (about.models, about.settings)],
        )

    def unseen(self, batch: Sequence[Raw | Drop]) -> list[Raw | Drop]:
        """Those of `batch` that the archive neither keeps nor has dropped, each content once, in order."""
        self._mine()
        keys = [key_of(item) for item in batch]
        known = self._known_keys(keys)
        fresh: list[Raw | Drop] = []
        for key, item in zip(keys, batch, strict=True):
            if key not in known and key not in self._pending:
                self._pending[key] = self._next
                self._next += 1
                fresh.append(item)
        self._counts = self._counts.add(read=len(batch), known=len(batch) - len(fresh))
        return fresh

    def admit(self, prepared: Sequence[Story | Drop]) -> list[Story | Drop]:
        """The same items with each story's family named: the only step that remembers earlier stories.

        A family may be named anew by a later story; `write` and `finish` then put that right in what is written.
        """
        self._mine()
        families = self._known_families()
        named = iter(families.assign_all([item for item in prepared if isinstance(item, Story)]))
        return [item if isinstance(item, Drop) else next(named) for item in prepared]

    def write(self, analysed: Sequence[Coded | Drop]) -> None:
        """Keep a batch for good: its segment on disk, then its rows and its ledger row in one transaction."""
        self._mine()
        if not analysed:
            return
        _leave_room(self.folder)
        table = self._rows(analysed)
        self._load(segments.write(self._segments, table))
        for row in table:
            self._pending.pop(row["key"], None)
        self._write_versions()

    def finish(self) -> Counts:
        """Close the run in the log and hand back its counts: read = known + kept + dropped, or it says not."""
        self._mine()
        self._write_versions()
        self._close_run(self._run, "finished", self._counts)
        self._db.execute("CHECKPOINT")
        return self._counts

    def change(self, statements: Sequence[str], tables: Mapping[str, pa.Table] | None = None) -> None:
        """Run statements in one transaction; they may read `tables` by name. For what is made from the archive."""
        self._mine()
        given = dict(tables or {})
        for name, table in given.items():
            self._db.register(name, table)
        try:
            self._db.execute("BEGIN")
            for statement in statements:
                self._db.execute(statement)
            self._db.execute("COMMIT")
        except duckdb.Error as error:
            raise ArchiveError(f"{self.folder}: can't write ({_first_line(error)}); run again to finish") from error
        finally:
            for name in given:
                self._db.unregister(name)

    def settle(self) -> None:
        """Bring families up to date where a killed run or a rebuilt database left them behind."""
        self._mine()
        self._known_families()
        self._write_versions()

    @property
    def progress(self) -> Counts:
        """The counts of the run so far."""
        return self._counts

    # ---------------------------------------------------------------- inside

    def _mine(self) -> None:
        if os.getpid() != self._lock.pid:
            raise ArchiveError(f"{self.folder}: the archive was opened by process {self._lock.pid}, before a fork")

    def _ask_next(self) -> int:
        seqs = "SELECT max(seq) FROM (SELECT seq FROM stories UNION ALL SELECT seq FROM drops)"
        last = self.ask(seqs)[0][0]
        return 0 if last is None else int(last) + 1

    def _known_keys(self, keys: Sequence[int]) -> set[int]:
        self._db.register("asked", pa.table({"key": pa.array(keys, pa.uint64())}))
        found = self.ask(
            "SELECT key FROM asked WHERE key IN (SELECT key FROM stories) OR key IN (SELECT key FROM drops)"
        )
        self._db.unregister("asked")
        return {key for (key,) in found}

    def _known_families(self) -> FamilyIndex:
        """The index of families, made on first use from what is stored; what has no version yet is placed."""
        if self._families is not None:
            return self._families
        self._families, unplaced, last = FamilyIndex(), list[FamilyRow](), -1
        while page := self.ask(_SIGNED, [last]):
            rows = [row[1:5] for row in page if read_signature(row[4])]
            placed = {row[1] for row in page if row[5]}
            self._families.restore([row for row in rows if row[0] in placed])
            unplaced += [row for row in rows if row[0] not in placed]
            last = page[-1][0]
        for start in range(0, len(unplaced), 1024):
            self._families.place(unplaced[start : start + 1024])
        found = self.ask(_VERSIONS)
        self._families.attach(Version(r[0], r[1], r[2], r[3], r[4], r[5], tuple(r[6])) for r in found)
        return self._families

    def _write_versions(self) -> None:
        """Bring families and versions of what is written up to date, in one transaction."""
        if self._families is not None:
            self._versions |= {version.key: version for version in self._families.changes()}
        ready = [version for key, version in self._versions.items() if key not in self._pending]
        if not ready:
            return
        columns = {name: [getattr(version, name) for version in ready] for name in _PLACED.names}
        placed = pa.table(columns, schema=_PLACED)
        self._db.register("placed", placed)
        renamed = self.ask(_RENAMED)
        self._db.unregister("placed")
        records = pa.table(
            {"key": [row[0] for row in renamed], "record": [_renamed(*row[1:3]) for row in renamed]}, schema=_RECORDS
        )
        self.change(PLACE + (RENAME if renamed else ()), {"placed": placed, "renamed": records})
        self._counts = self._counts.add(copies=sum(row[3] for row in renamed))
        for version in ready:
            del self._versions[version.key]

    def _rows(self, analysed: Iterable[Coded | Drop]) -> list[Row]:
        """One row each; what can't be stored as it is becomes a drop that says so, and the run goes on."""
        table: list[Row] = []
        for item in analysed:
            key = key_of(item.story if isinstance(item, Coded) else item)
            if key not in self._pending:
                self._pending[key] = self._next
                self._next += 1
            try:
                row = segments.row(self._pending[key], item, self._run, self._public)
                pa.RecordBatch.from_pylist([row], schema=segments.SCHEMA)
            except (TypeError, ValueError, LookupError, AttributeError, pa.ArrowException) as error:
                if isinstance(item, Drop):
                    raise
                row = segments.row(self._pending[key], _unstorable(item.story, error), self._run, self._public)
            table.append(row)
        return table

    def _load(self, path: Path) -> None:
        table, digest = segments.read(path)
        self._db.register("segment", table)
        try:
            self._db.execute("BEGIN")
            for statement in LOAD:
                self._db.execute(statement)
            ((kept, dropped, copies, events),) = self.ask(TALLY)
            self._db.execute(
                "INSERT INTO ledger VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [path.name, digest, self._run or _run_of(table), kept, dropped, copies, events, _now()],
            )
            self._db.execute("COMMIT")
        except duckdb.Error as error:
            # Never go on with an instance that failed to commit: the next run loads the segment again.
            raise ArchiveError(f"{self.folder}: can't write ({_first_line(error)}); run again to finish") from error
        finally:
            self._db.unregister("segment")
        self._counts = self._counts.add(kept=kept, dropped=dropped, copies=copies, events=events)

    def _recover(self) -> None:
        """Sweep half-written segments, load whole ones that never reached the ledger, close dead runs."""
        for partial in self._segments.glob("*.tmp"):
            partial.unlink()
        held = {name for (name,) in self.ask("SELECT segment FROM ledger")}
        orphans = [path for path in self._segments.glob("*.parquet") if path.name not in held]
        for _, path in sorted(found for path in orphans if (found := _placed(path))):
            self._load(path)
        self._next, self._counts = self._ask_next(), Counts()
        for (run,) in self.ask("SELECT run FROM runs WHERE state = 'running'"):
            sums = "SELECT sum(kept), sum(dropped), sum(copies), sum(events) FROM ledger WHERE run = ?"
            kept, dropped, copies, events = (int(value or 0) for value in self.ask(sums, [run])[0])
            read = kept + dropped
            self._close_run(run, "interrupted", Counts(read, 0, kept, dropped, copies, events))

    def _close_run(self, run: str, state: str, counts: Counts) -> None:
        self._db.execute(
            "UPDATE runs SET state = ?, finished = ?, read = ?, known = ?, kept = ?, dropped = ?, copies = ?, "
            "events = ?, balanced = ? WHERE run = ?",
            [state, _now(), *astuple(counts), counts.balanced, run],
        )


# --------------------------------------------------------------------------- opening


def rebuild(folder: str | Path) -> None:
    """Make the database again from the segments, for an archive whose database can't be opened.

    The old database is kept beside the new one. What the segments hold comes back; of the run log
    only the runs' names do.
    """
    place = _known(Path(folder))
    lock = Lock(place)
    try:
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
        for name in (DATABASE, f"{DATABASE}.wal"):
            if (place / name).exists():
                (place / name).rename(place / f"{name}.broken-{stamp}")
    finally:
        lock.release()
    store = Store(place, public=lambda _: {})
    store.settle()
    store.close()


def _prepare(folder: Path) -> None:
    """Make a new archive's folder; refuse one that holds something else."""
    if folder.exists() and not folder.is_dir():
        raise ArchiveError(f"{folder}: is a file; an archive is a folder, name one that does not exist yet")
    try:
        if not folder.exists():
            folder.mkdir(parents=True)
            segments.sync(folder.resolve().parent)
        if not (folder / LOCK_NAME).exists():
            strange = [path.name for path in folder.iterdir()]
            if strange:
                held = f"it holds {_names(strange)}"
                raise ArchiveError(f"{folder}: is not a Dateline archive ({held}); name another folder")
    except OSError as error:
        raise ArchiveError(f"{folder}: can't make an archive here ({error.strerror})") from None


def _known(folder: Path) -> Path:
    if not (folder / DATABASE).is_file() and not (folder / SEGMENTS).is_dir():
        raise ArchiveError(f"{folder}: no Dateline archive here; make one with `dateline run INPUT --archive {folder}`")
    return folder


def _open_or_create(folder: Path, migrations: Sequence[str]) -> duckdb.DuckDBPyConnection:
    path = folder / DATABASE
    for leftover in folder.glob("*.creating*"):
        leftover.unlink()
    if not path.exists():
        _create(folder, migrations)
    db = _connect(path)
    try:
        version = _check_version(db, folder, len(migrations))
        if version < len(migrations):
            db.close()
            shutil.copyfile(path, folder / f"{DATABASE}.v{version}")  # closed: nobody holds it, we have the lock
            db = _connect(path)
            _migrate(db, migrations, version)
    except BaseException:
        db.close()
        raise
    return db


def _create(folder: Path, migrations: Sequence[str]) -> None:
    """Make the database under another name first: a kill while it is created leaves a file nothing can open."""
    (folder / "README.txt").write_text(README, encoding="utf-8")
    partial = folder / f"{DATABASE}.creating"
    db = _connect(partial)
    _migrate(db, migrations, 0)
    db.close()
    with partial.open("rb") as written:
        os.fsync(written.fileno())
    partial.rename(folder / DATABASE)
    segments.sync(folder)


def _migrate(db: duckdb.DuckDBPyConnection, migrations: Sequence[str], version: int) -> None:
    for number, step in enumerate(migrations[version:], version + 1):
        db.execute("BEGIN")
        db.execute(step)
        db.execute("INSERT INTO migrations VALUES (?, ?, ?)", [number, program_version(), _now()])
        db.execute("COMMIT")
        db.execute("CHECKPOINT")


def _connect(path: Path, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(path), read_only=read_only, config=_CONFIG)
    except duckdb.Error as error:
        text = _first_line(error)
        if "lock" in text.lower():
            raise ArchiveError(f"{path.parent}: the archive is in use by another process ({text})") from None
        remedy = f"its segments are whole: dateline.archive.rebuild({str(path.parent)!r}) makes the database again"
        raise ArchiveError(f"{path}: can't be opened as an archive ({text}); {remedy}") from None


def _check_version(db: duckdb.DuckDBPyConnection, folder: Path, ours: int) -> int:
    try:
        rows = db.execute("SELECT version, program FROM migrations ORDER BY version").fetchall()
    except duckdb.CatalogException:
        raise ArchiveError(f"{folder / DATABASE}: is a DuckDB database, but not a Dateline archive") from None
    version, program = rows[-1] if rows else (0, "?")
    if version > ours:
        raise ArchiveError(
            f"{folder}: the archive has schema {version}, written by dateline {program}; this is dateline "
            f"{program_version()} and knows schema {ours}: upgrade dateline to open it"
        )
    return int(version)


def _leave_room(folder: Path) -> None:
    disk = shutil.disk_usage(folder)
    if disk.free < min(_SPARE, disk.total // 10):
        raise ArchiveError(f"{folder}: only {disk.free >> 20} MB are free on its disk; make room and run again")


def _default_public() -> Public:
    from dateline.exports import public

    return public


def _unstorable(story: Story, error: Exception) -> Drop:
    reason = f"what was found can't be stored: {type(error).__name__}: {_first_line(error)}"
    return Drop(story.id, "archive", reason, story.file, story.line, story.url, segments.digest_of(story))


def _renamed(record: str, family: str) -> str:
    """A story's record with the family that it has now."""
    found = orjson.loads(record)
    if isinstance(found.get("story"), dict):
        found["story"]["family"] = family
    return orjson.dumps(found).decode("utf-8")


def _placed(path: Path) -> tuple[int, Path] | None:
    """Where a segment belongs in the order; a damaged one is set aside, for the run to do its stories again."""
    try:
        return segments.first_place(path), path
    except (pa.ArrowException, OSError):
        path.rename(path.with_suffix(".damaged"))
        return None


def _run_of(table: pa.Table) -> str:
    return str(table.column("run")[0].as_py()) if table.num_rows else ""


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)


def _some(rows: Sequence[tuple[Any, ...]]) -> str:
    return _names([str(row[0]) for row in rows])


def _names(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
