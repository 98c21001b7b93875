"""Cleaning over 1,283 real wire stories: words kept, idempotence, time per story.

    python bench/wire_stories.py [--lost]

Every story is read twice: as a clean body (must come back to the character) and as a scrape made of headline,
dateline and text. Exits 1 when fewer than 0.99 of the words survive, a body changes, cleaning again changes
more than five stories (broken off in mid-sentence, or two in one), or a story takes over 5 ms. The corpus lies beside the project (../shared/corpora).
"""

from __future__ import annotations

import gzip
import json
import sys
import time
from collections import Counter
from pathlib import Path

from dateline.records import Drop, Raw
from dateline.wire import clean

CORPUS = Path(__file__).resolve().parents[1] / ".." / "shared" / "corpora" / "wire_1997_2005.jsonl.gz"


def main() -> int:
    """Print the figures; 1 on a miss."""
    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    clean(Raw("warm", "scrape", f"{rows[0]['dateline']}\n\n{rows[0]['text']}"))  # loads the list of cities
    total = kept = dropped = changed = again = datelines = days = placed = headlines = 0
    spent = 0.0
    for row in rows:
        scrape = f"{row['headline']}\n\n{row['dateline']}\n\n{row['text']}"
        began = time.perf_counter()
        body, story = clean(Raw(row["id"], "body", row["text"])), clean(Raw(row["id"], "scrape", scrape))
        spent += time.perf_counter() - began
        changed += isinstance(body, Drop) or body.text != row["text"]
        words = Counter(row["text"].split())
        total += sum(words.values())
        if isinstance(story, Drop):
            dropped += 1
            continue
        lost = words - Counter(story.text.split())
        kept += sum((words - lost).values())
        second = clean(Raw(row["id"], "scrape", story.text))
        same = not isinstance(second, Drop) and second.text == story.text
        again += not same
        datelines += story.dateline is not None
        placed += story.dateline is not None and story.dateline.country is not None
        days += story.published == row["published"]
        headlines += story.headline == row["headline"]
        if "--lost" in sys.argv and (lost or not same):
            print(row["id"], "LOST" if lost else "CHANGED AGAIN", [(n.kind, n.text[:200]) for n in story.notes][:6])
    count, share, each = len(rows), kept / total, 1000 * spent / (2 * len(rows))
    print(f"stories {count}  dropped {dropped}  bodies changed {changed}  changed by cleaning again {again}")
    print(f"words kept {share:.4f}  datelines {datelines / count:.4f}  with a country {placed / count:.4f}")
    print(f"published right {days / count:.4f}  headline as given {headlines / count:.4f}  {each:.2f} ms a story")
    return int(share <= 0.99 or changed > 0 or again > 5 or each > 5)


if __name__ == "__main__":
    sys.exit(main())
