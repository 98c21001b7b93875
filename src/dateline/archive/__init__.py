"""The archive: what was read and what was found in it, kept for good, and safe to kill at any instant.

`Archive` is what the run loop needs of a store; `Store` is the one on disk, a folder that holds
`archive.duckdb`, `segments/` and `store.lock`; `Reader` answers questions while nobody writes.
It keeps no raw pages, fetches nothing, and never reads a user's file with the database.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from dateline.archive.runlog import About, Counts
from dateline.archive.segments import key_of
from dateline.records import Coded, Drop, Raw, Story

if TYPE_CHECKING:
    from dateline.archive.store import Reader, Store, rebuild

__all__ = ["About", "Archive", "Counts", "Reader", "Store", "key_of", "rebuild"]


class Archive(Protocol):
    """The steps of a run that remember. Called from one thread: begin, then the three in a loop, then finish."""

    def begin(self, about: About) -> None:
        """Open a run in the log."""

    def unseen(self, batch: Sequence[Raw | Drop]) -> list[Raw | Drop]:
        """Those of `batch` that were neither kept nor dropped before, each content once, in order."""
        ...

    def admit(self, prepared: Sequence[Story | Drop]) -> list[Story | Drop]:
        """The same items, each story with its family named."""
        ...

    def write(self, analysed: Sequence[Coded | Drop]) -> None:
        """Keep a batch for good, all of it or none of it."""

    def finish(self) -> Counts:
        """Close the run in the log and hand back what went in and came out."""
        ...

    @property
    def progress(self) -> Counts:
        """The counts of the run so far."""
        ...


def __getattr__(name: str) -> object:
    # DuckDB is loaded by those who open an archive, and not by every worker process.
    if name in ("Reader", "Store", "rebuild"):
        from dateline.archive import store

        return getattr(store, name)
    raise AttributeError(f"module 'dateline.archive' has no attribute '{name}'")
