"""Events end to end on the seed and the development stories, by the scorer beside them.

usage: python bench/events.py [--show] [--out FOLDER]

Codes `seed/wire-story.txt` (a raw scrape) and the texts of `gold/stories_dev.jsonl` (clean bodies) with
the default pipeline, writes the public records, runs `score/events.py` on each, and says whether
anything the seed never asserts was asserted.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import orjson

from dateline import exports
from dateline.ingest import read
from dateline.pipeline import Pipeline, Settings, build
from dateline.records import Drop, Raw

SHARED = Path(__file__).resolve().parents[2] / "shared"


def code(pipeline: Pipeline, raws: Sequence[Raw], path: Path) -> None:
    """Code `raws` into public records at `path`, one a line."""
    with path.open("wb") as handle:
        for story in pipeline.prepare(raws):
            [coded] = [story] if isinstance(story, Drop) else pipeline.analyse([story])
            record = exports.public_drop(coded) if isinstance(coded, Drop) else exports.public(coded)
            handle.write(orjson.dumps(record) + b"\n")


def stories(gold: Path) -> list[Raw]:
    """The gold's stories as clean bodies."""
    rows = [orjson.loads(line) for line in gold.read_bytes().splitlines()]
    return [Raw(id=row["id"], kind="body", text=row["text"], published=row["published"]) for row in rows]


def score(gold: Path, records: Path, *, show: bool) -> None:
    command = [sys.executable, str(SHARED / "score" / "events.py"), str(gold), str(records)]
    subprocess.run([*command, "--show"] if show else command, check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", action="store_true", help="print each missed and each extra event")
    parser.add_argument("--out", type=Path, help="keep the records in this folder")
    options = parser.parse_args()
    out = options.out or Path(tempfile.mkdtemp())
    out.mkdir(parents=True, exist_ok=True)
    pipeline = build(Settings())
    raws = [raw for raw in read([str(SHARED / "seed" / "wire-story.txt")]) if isinstance(raw, Raw)]
    seed = [Raw(id="seed", kind=raw.kind, text=raw.text, file=raw.file) for raw in raws]
    code(pipeline, seed, out / "seed.jsonl")
    score(SHARED / "seed" / "gold_events.jsonl", out / "seed.jsonl", show=options.show)
    dev = SHARED / "gold" / "stories_dev.jsonl"
    code(pipeline, stories(dev), out / "stories_dev.jsonl")
    score(dev, out / "stories_dev.jsonl", show=options.show)


if __name__ == "__main__":
    main()
