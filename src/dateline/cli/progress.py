"""How long work is going, on standard error, when a person is looking: done, rate, dropped, time left."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_ONE_A_LINE = frozenset({".jsonl", ".ndjson"})
_FEEDS = frozenset({".rss", ".atom", ".xml"})
_TOLD_BY_READING = frozenset({".csv", ".tsv", ".parquet", ".json", ".gz", ".zip"})
_COUNTABLE = 512 << 20  # bytes that are worth counting before the work begins


class Meter:
    """A progress line that shows only where standard error is a terminal; otherwise every call does nothing."""

    def __init__(self, progress: Progress | None, task: TaskID | None) -> None:
        self._progress, self._task = progress, task
        self._began = time.monotonic()

    def show(self, done: int, dropped: int, total: int | None) -> None:
        """Bring the line up to date."""
        if self._progress is None or self._task is None:
            return
        rate = done / max(time.monotonic() - self._began, 0.001)
        self._progress.update(self._task, completed=done, total=total, rate=f"{rate:.1f}/s", dropped=dropped)


@contextmanager
def meter(*, quiet: bool = False) -> Iterator[Meter]:
    """A `Meter` for a piece of work. `quiet`: show nothing even on a terminal (the results show there themselves)."""
    if quiet or not sys.stderr.isatty():
        yield Meter(None, None)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.completed:.0f} stories"),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[rate]}  {task.fields[dropped]} dropped"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield Meter(progress, progress.add_task("", total=None, rate="loading", dropped=0))


def stories_in(inputs: Sequence[str]) -> int | None:
    """How many stories the inputs hold, as far as a glance tells: for the time left, not for the books.

    None where it would take reading them: standard input, URLs, globs, tables, archives.
    """
    paths = [Path(given) for given in inputs]
    if not all(path.exists() for path in paths):
        return None
    files = [file for path in paths for file in ([path] if path.is_file() else sorted(path.rglob("*")))]
    files = [file for file in files if file.is_file() and not file.name.startswith(".")]
    if any(file.suffix.lower() in _TOLD_BY_READING for file in files):
        return None
    if sum(file.stat().st_size for file in files) > _COUNTABLE:
        return None
    return sum(_stories_of(file) for file in files)


def _stories_of(file: Path) -> int:
    kind = file.suffix.lower()
    if kind not in _ONE_A_LINE | _FEEDS:
        return 1
    with file.open("rb") as lines:
        if kind in _ONE_A_LINE:
            return sum(1 for line in lines if line.strip())
        return max(1, sum(line.count(b"<item>") + line.count(b"<item ") + line.count(b"<entry>") for line in lines))
