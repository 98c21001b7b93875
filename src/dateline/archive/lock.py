"""One owner, or many readers, for as long as the process lives: `flock` on a file of our own.

The kernel drops the lock when the process dies, however it dies, so no stale lock ever needs
clearing. DuckDB's own lock is not enough: any `close()` of the database file in the owner drops it.
POSIX only.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO

from dateline.errors import ArchiveError

NAME = "store.lock"


class Lock:
    """Holds `folder/store.lock`: alone to write, or shared to read. ArchiveError when somebody else does."""

    def __init__(self, folder: Path, *, shared: bool = False) -> None:
        path = folder / NAME
        try:
            self._file: IO[str] = path.open("r" if shared else "a+", encoding="ascii", errors="replace")
        except OSError as error:
            raise ArchiveError(f"{folder}: can't open its lock file {NAME} ({error.strerror})") from None
        try:
            fcntl.flock(self._file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except OSError:
            holder = _holder(self._file)
            self._file.close()
            doing = "being read" if holder is None and not shared else "in use"
            by = f"process {holder}" if holder is not None else "another process"
            raise ArchiveError(f"{folder}: the archive is {doing} by {by}; wait until it ends, or stop it") from None
        self.pid = os.getpid()
        if not shared:
            self._note(str(self.pid))

    def _note(self, text: str) -> None:
        self._file.seek(0)
        self._file.truncate()
        self._file.write(text)
        self._file.flush()

    def release(self) -> None:
        """Give the lock back. A second call does nothing."""
        if not self._file.closed:
            if self._file.writable():
                self._note("")
            self._file.close()


def _holder(file: IO[str]) -> int | None:
    """The process that wrote its number into the lock file, if it still lives."""
    try:
        file.seek(0)
        pid = int(file.read(20) or 0)
        if pid <= 0:
            return None
        os.kill(pid, 0)
    except PermissionError:
        return pid
    except (OSError, ValueError):
        return None
    return pid
