"""What the archive's run log says of a run: what it was made with, and what went in and came out."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class About:
    """What a run was made with: everything that can change an answer.

    `models` pairs each model's name with the digest of its files; `settings` are the options as given.
    """

    ontology: str = ""
    ontology_digest: str = ""
    models: Pairs = ()
    settings: Pairs = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """Stories read, known to the archive before (or read twice), kept, dropped; copies and events among the kept."""

    read: int = 0
    known: int = 0
    kept: int = 0
    dropped: int = 0
    copies: int = 0
    events: int = 0

    @property
    def balanced(self) -> bool:
        """Whether every story that was read is accounted for."""
        return self.read == self.known + self.kept + self.dropped

    @property
    def nothing_new(self) -> bool:
        """Whether the run added nothing to the archive."""
        return not self.kept and not self.dropped

    def add(
        self, *, read: int = 0, known: int = 0, kept: int = 0, dropped: int = 0, copies: int = 0, events: int = 0
    ) -> Counts:
        """These counts with more on top."""
        return Counts(
            self.read + read, self.known + known, self.kept + kept,
            self.dropped + dropped, self.copies + copies, self.events + events,
        )  # fmt: skip


def program_version() -> str:
    """The installed version of Dateline; "source" when it runs from a checkout that is not installed."""
    try:
        return version("dateline")
    except PackageNotFoundError:
        return "source"
