"""Attribution, measured: parse the gold articles, find their claims, call the shared scorer.

    python bench/claims.py [GOLD.jsonl.gz]

Prints the scorer's table (content, speaker, who_said) and what finding claims costs beside the parse.
Speakers are matched by their spans, so actors change nothing here; they are run where the module is installed.
"""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from dateline import claims
from dateline.language import Annotator
from dateline.records import Claim, Reading, Span, Story

SHARED = Path(__file__).resolve().parents[1] / ".." / "shared"


def story_of(row: dict[str, Any]) -> Story:
    """A gold article as a clean story: its text unchanged, a paragraph a line."""
    text = row["text"]
    lines = [Span(*match.span()) for match in re.finditer(r"[^\n]+", text) if match.group().strip()]
    return Story(id=str(row["id"]), text=text, paragraphs=tuple(lines))


def record_of(story: Story, found: tuple[Claim, ...]) -> dict[str, Any]:
    """The part of the public record that the scorer reads."""

    def span(item: Span) -> dict[str, int]:
        return {"start": item.start, "end": item.end}

    rows = [
        {"speaker": span(c.speaker) if c.speaker else None, "cue": span(c.cue), "content": [span(s) for s in c.content]}
        for c in found
    ]
    return {"story": {"id": story.id, "text": story.text}, "claims": rows}


def main(gold: Path) -> int:
    with gzip.open(gold, "rt", encoding="utf-8") as lines:
        stories = [story_of(json.loads(line)) for line in lines]
    annotate = Annotator()
    started = time.perf_counter()
    parsed = annotate(stories)
    parse_s = time.perf_counter() - started
    started = time.perf_counter()
    found = [claims.find(Reading(story, docs)) for story, docs in zip(stories, parsed, strict=True)]
    claims_s = time.perf_counter() - started
    print(f"parse {parse_s:.2f} s, claims {claims_s:.2f} s ({claims_s / parse_s:.1%} of the parse)", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        predicted = Path(folder) / "predicted.jsonl"
        records = (json.dumps(record_of(story, items)) for story, items in zip(stories, found, strict=True))
        predicted.write_text("\n".join(records) + "\n", encoding="utf-8")
        scorer = SHARED / "score" / "claims.py"
        return subprocess.run([sys.executable, str(scorer), str(gold), str(predicted)], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED / "gold" / "claims_dev.jsonl.gz"))
