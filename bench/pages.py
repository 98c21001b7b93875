"""Headline, byline, day and body of news pages, against the publishers' own fields.

    python bench/pages.py [--gold FOLDER] [--workers N]

Writes the pages of `pages_dev.jsonl.gz` to a temporary folder, reads and cleans them like any
folder, and hands minimal public records to `score/pages.py`. Prints the scorer's table and the speed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from dateline.ingest import Cleaner, read
from dateline.records import Drop, Raw, Story

SHARED = Path(__file__).resolve().parents[1] / ".." / "shared"


def record_of(story: Story) -> dict[str, object]:
    """The part of the public record that the scorer of pages reads."""
    fields = {"id": story.id, "headline": story.headline, "byline": list(story.byline), "agency": story.agency,
              "published": story.published, "text": story.text}  # fmt: skip
    return {"story": fields}


def clean_folder(folder: Path, workers: int) -> tuple[list[Story], list[Drop], float]:
    """Stories and drops of every file in a folder, and the seconds it took, worker start included."""
    started = time.perf_counter()
    found = list(read([str(folder)]))
    raws = [item for item in found if isinstance(item, Raw)]
    with Cleaner(workers) as cleaner:
        cleaned = cleaner(raws)
    drops = [item for item in [*found, *cleaned] if isinstance(item, Drop)]
    return [item for item in cleaned if isinstance(item, Story)], drops, time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, default=SHARED / "gold" / "pages_dev.jsonl.gz")
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    if not options.gold.exists():
        sys.exit(f"{options.gold}: the development gold is not beside this project")
    scorer = SHARED / "score" / "pages.py"
    with tempfile.TemporaryDirectory() as name:
        folder, predicted = Path(name) / "pages", Path(name) / "predicted.jsonl"
        subprocess.run([sys.executable, str(scorer), str(options.gold), "--write", str(folder)], check=True)
        stories, drops, seconds = clean_folder(folder, options.workers)
        predicted.write_text("".join(json.dumps(record_of(story)) + "\n" for story in stories), encoding="utf-8")
        for drop in drops:
            print(f"dropped {drop.id}: {drop.reason}")
        print(f"{len(stories)} stories, {len(drops)} dropped, {seconds:.1f} s", flush=True)
        subprocess.run([sys.executable, str(scorer), str(options.gold), str(predicted)], check=True)


if __name__ == "__main__":
    main()
