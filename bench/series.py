"""A dyad's series over ten million generated events, from an archive on disk.

usage: python bench/series.py [--events 10000000] [--keep FOLDER]

Makes an archive and fills its tables `stories`, `events` and `merged_events` with SQL (30 countries, eleven years, three events
a story; nothing in it is about the world), then times `dateline.series` by week over merged events and over
reports: the statement alone and the whole answer with bootstrap and change points, median of five. Prints the query.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
from pathlib import Path

import duckdb

from dateline import series
from dateline.archive import Reader, Store
from dateline.archive.store import DATABASE

CODES = "USA RUS CHN UKR KOR PRK ISR IRN SYR TUR FRA GBR DEU IND PAK JPN EGY SAU YEM IRQ AFG NGA ETH SDN MMR COL MEX BRA VEN UNO"
_LISTS = ", ".join(f"'{code}'" for code in CODES.split())
_PARTY = f"[[{_LISTS}][1 + (hash(i, {{seed}}) % 30)::INT]]"
_DAY = "DATE '2015-01-01' + (hash(i // 3, 1) % 4018)::INT"
_SCORE = "(hash(i, 3) % 200)::DOUBLE / 10 - 10"


def fill(folder: Path, events: int) -> None:
    """An archive with so many generated events."""
    Store(folder).close()
    db = duckdb.connect(str(folder / DATABASE))
    source, target = _PARTY.format(seed=10), _PARTY.format(seed=11)
    db.execute(
        f"INSERT INTO stories (key, seq, id, published, copy) SELECT i // 3, i // 3, 's' || (i // 3), {_DAY}, false "
        f"FROM range(0, {events}, 3) t(i)"
    )
    db.execute(
        "INSERT INTO events (key, seq, n, story, published, copy, type, quad, score, status, source_countries, "
        f"target_countries) SELECT i // 3, i // 3, i % 3, 's' || (i // 3), {_DAY}, false, 'AID', 1 + i % 4, {_SCORE}, "
        f"'asserted', {source}, {target} FROM range({events}) t(i)"
    )
    db.execute(
        "INSERT INTO merged_events (event, component, type, quad, score, status, source_countries, target_countries, day) "
        f"SELECT 'e' || i, 'c' || (i // 3), 'AID', 1 + i % 4, {_SCORE}, 'asserted', {source}, {target}, {_DAY} "
        f"FROM range({events}) t(i)"
    )
    db.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--keep", type=Path, help="make the archive here, or use the one that is here")
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp()) / "archive"
    if not folder.exists():
        start = time.perf_counter()
        fill(folder, options.events)
        size = (folder / DATABASE).stat().st_size / 2**20
        print(f"made {options.events:,} events in {time.perf_counter() - start:.0f} s, {size:.0f} MB")
    dyad = series.Dyad(("KOR",), ("PRK",))
    with Reader(folder) as reader:
        for reports in (False, True):
            sql, values = series._statement(dyad, "week", reports, None, None, None)
            alone, whole = [], []
            for _ in range(5):
                start = time.perf_counter()
                reader.table(sql, values)
                alone.append(time.perf_counter() - start)
                start = time.perf_counter()
                found = series.series(reader, dyad, step="week", reports=reports)
                whole.append(time.perf_counter() - start)
            told = sum(point.events for point in found.points)
            print(
                f"{found.of}: statement {statistics.median(alone):.2f} s, answer {statistics.median(whole):.2f} s, ",
                end="",
            )
            print(f"{told:,} events in {len(found.points)} weeks, changes at {found.changes or 'none'}")
            print(found.query)
    if options.keep is None:
        shutil.rmtree(folder.parent)


if __name__ == "__main__":
    main()
