"""Reads and writes the golden files: events in words that a political scientist can dispute."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dateline.records import Event, Party

FOLDER = Path(__file__).parent / "golden"


@dataclass(frozen=True)
class Case:
    """A sentence with a note, or the headline of a sample story with its id, and the events in it."""

    name: str
    text: str
    events: frozenset[str]


def sentences() -> list[Case]:
    """The blocks of golden/sentences.txt; the first block is its introduction."""
    found = []
    for block in (FOLDER / "sentences.txt").read_text(encoding="utf-8").split("\n\n")[1:]:
        lines = block.strip().splitlines()
        note = " ".join(line.removeprefix("# ") for line in lines if line.startswith("#"))
        sentence, *events = [line for line in lines if not line.startswith("#")]
        found.append(Case(note, sentence, frozenset(event for event in events if event != "none")))
    return found


def samples() -> list[Case]:
    """The blocks of golden/samples.txt, one a story."""
    found = []
    for block in (FOLDER / "samples.txt").read_text(encoding="utf-8").split("\n== ")[1:]:
        head, *events = block.strip().splitlines()
        name, headline = head.split(" | ")
        found.append(Case(name, headline, frozenset(events)))
    return found


def told(event: Event) -> str:
    """An event in the words of the golden files."""
    said = f" by {parties(event.speakers)}" if event.speakers else ""
    return f"{parties(event.sources)} {event.type} {parties(event.targets)} {event.status}{said}"


def parties(found: tuple[Party, ...]) -> str:
    return "+".join(dict.fromkeys(f"{p.actor.country or '?'}/{p.actor.sectors[0]}" for p in found)) or "-"


def act(event: str) -> str:
    """Who did what to whom, by country and type alone."""
    source, kind, target, status = event.split()[:4]
    return f"{countries(source)} {kind} {countries(target)} {status}"


def countries(role: str) -> str:
    return "+".join(sorted({party.split("/")[0] for party in role.split("+")}))
