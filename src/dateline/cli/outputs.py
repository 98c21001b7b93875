"""Where answers go: a table, JSON Lines, CSV or Parquet, on standard output or in a file, as they come."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from io import TextIOWrapper
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

import typer

from dateline import exports
from dateline.errors import ConfigError
from dateline.records import Coded, Drop
from dateline.show.marks import one_line

if TYPE_CHECKING:
    import pyarrow as pa
    from rich.table import Table

ALL_DROPPED = 5
INTERRUPTED = 130


class Format(StrEnum):
    """The shapes in which answers are written."""

    TABLE = "table"
    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"


def say(message: str) -> None:
    """One line on standard error."""
    print(one_line(message), file=sys.stderr, flush=True)


@contextlib.contextmanager
def interruptible(kept: Callable[[], str]) -> Iterator[None]:
    """End well when the user presses Ctrl-C, saying what is `kept`, or when the reader of a pipe goes away."""
    try:
        yield
        sys.stdout.flush()
    except KeyboardInterrupt:
        say(f"dateline: interrupted; {kept()}")
        raise typer.Exit(INTERRUPTED) from None
    except BrokenPipeError:
        # Whoever read our output has seen enough. Python would complain once more when it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None


class Sink:
    """Writes outcomes one by one in a format; use as a context manager. `written` counts stories."""

    def __init__(self, kind: Format, output: Path | None) -> None:
        self.kind, self.output, self.written = kind, output, 0
        self._file = opened(output)
        self._parquet: pa.ipc.RecordBatchFileWriter | None = None

    def __enter__(self) -> Self:
        self._stream = self._file.__enter__()
        _refuse_terminal(self.kind, self._stream)
        self._text = TextIOWrapper(self._stream, "utf-8", errors="replace", newline="", write_through=True)
        if self.kind is Format.CSV:
            exports.write_csv(exports.events_table([]), self._text)
        if self.kind is Format.PARQUET:
            import pyarrow.parquet as pq

            self._parquet = pq.ParquetWriter(self._stream, exports.event_columns(), compression="zstd")
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(BrokenPipeError):
            if self._parquet is not None:
                self._parquet.close()
            self._text.detach()
            self._file.__exit__(None, None, None)

    def write(self, outcome: Coded | Drop) -> None:
        """One story. A drop is a line of JSONL; in other formats it shows on standard error alone."""
        self.written += 1
        if self.kind is Format.JSONL:
            self._stream.write(exports.json_line(exports.record(outcome)))
            self._stream.flush()
        elif isinstance(outcome, Coded):
            self._rows(outcome)

    def _rows(self, coded: Coded) -> None:
        if self.kind is Format.TABLE:
            from dateline import show

            console = show.plain_console(self._text)
            console.print(show.table([coded], fold=console.is_terminal))
            return
        table = exports.events_table([coded])
        if self._parquet is not None and table.num_rows:
            self._parquet.write_table(table)
        elif self.kind is Format.CSV:
            exports.write_csv(table, self._text, header=False)


def write_rows(rows: pa.Table, kind: Format, stream: IO[bytes], table: Callable[[pa.Table], Table]) -> None:
    """An Arrow table in a format; `table` makes the one for reading."""
    if kind is Format.PARQUET:
        _refuse_terminal(kind, stream)
        exports.write_parquet(rows, stream)
    elif kind is Format.CSV:
        stream.writelines(row.encode("utf-8", "replace") for row in exports.csv_rows(rows))
    elif kind is Format.JSONL:
        stream.writelines(exports.json_line(row) for row in rows.to_pylist())
    else:
        from dateline import show

        text = TextIOWrapper(stream, "utf-8", errors="replace", newline="")
        show.plain_console(text).print(table(rows))
        text.flush()
        text.detach()


def write_relations(answers: Iterable[Mapping[str, Any]], kind: Format, stream: IO[bytes]) -> None:  # Any: JSON
    """Answers of `relate`, as they come; a table or CSV has the type and its score, Parquet all the scores."""
    if kind is Format.JSONL:
        stream.writelines(exports.json_line(answer) for answer in answers)
        return
    import pyarrow as pa

    from dateline import show

    best = [{"id": a["id"], "type": a["type"], "score": a["scores"][a["type"]], "scores": a["scores"]} for a in answers]
    rows = pa.Table.from_pylist(best)
    plain = rows if kind is Format.PARQUET or not best else rows.drop_columns("scores")
    write_rows(plain, kind, stream, show.rows_table)


def _refuse_terminal(kind: Format, stream: IO[bytes]) -> None:
    if kind is Format.PARQUET and stream.isatty():
        raise ConfigError("--format parquet is binary; give --output FILE, or pipe it")


@contextlib.contextmanager
def opened(output: Path | None) -> Iterator[IO[bytes]]:
    """The file of `--output` as bytes, else standard output, which is flushed and left open."""
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    try:
        stream = output.open("wb")
    except OSError as error:
        raise ConfigError(f"--output {output}: {error.strerror or error}; name a file that can be written") from error
    with stream:
        yield stream
