"""Quality floors on the development gold beside the project. They only rise; a change that falls below one fails."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
pytestmark = [
    pytest.mark.gold,
    pytest.mark.skipif(not SHARED.is_dir(), reason="the development gold does not lie beside the project"),
]


def tables(bench: str) -> list[dict[str, object]]:
    """The result tables that one bench prints as JSON, in its order."""
    command = [sys.executable, str(ROOT / "bench" / bench)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def f1(value: object) -> float:
    assert isinstance(value, dict)
    return float(value["f1"])


def test_events_of_the_seed_and_of_the_development_stories() -> None:
    seed, dev = tables("events.py")
    assert isinstance(seed["full"], dict) and seed["full"]["hits"] >= 11
    assert seed["asserted against the story"] == 0 and seed["status right"] == 1.0
    assert f1(dev["full"]) >= 0.475 and f1(dev["asserted"]) >= 0.49
    assert float(str(dev["status right"])) >= 0.92 and float(str(dev["speaker right"])) >= 0.81


def test_types_of_given_pairs() -> None:
    [table] = tables("relations.py")
    assert float(str(table["root macro-F1"])) >= 0.80 and float(str(table["quad macro-F1"])) >= 0.90


def test_fields_of_the_seed() -> None:
    command = [sys.executable, str(ROOT / "bench" / "seed_story.py")]
    assert subprocess.run(command, capture_output=True, check=False, timeout=120).returncode == 0


def test_lines_of_wire_furniture() -> None:
    command = [sys.executable, str(ROOT / "bench" / "wire_lines.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    shares = {line.split()[0]: float(line.split()[-1]) for line in done.stdout.splitlines() if " of " in line}
    assert shares["dateline"] >= 0.97 and shares["look-alike"] == 1.0 and shares["credit"] >= 0.97


def test_fields_of_pages() -> None:
    [table] = tables("pages.py")
    assert float(str(table["headline"])) >= 0.94 and f1(table["byline"]) >= 0.97
    assert float(str(table["published"])) >= 0.99 and float(str(table["body F1"])) >= 0.97


def test_mentions_of_one_event_across_stories() -> None:
    command = [sys.executable, str(ROOT / "bench" / "coref.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=240)
    assert float(done.stdout.split()[-1]) >= 0.77
