"""The seed story read as a scrape: every field of its gold, one row each. Exits 1 on a miss.

python bench/seed_story.py
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any  # the gold is foreign JSON

from dateline.records import Drop, Photo, Raw, Story
from dateline.wire import clean

SEED = Path(__file__).resolve().parents[1] / ".." / "shared" / "seed"


def photo_rows(index: int, photo: Photo, gold: dict[str, Any]) -> Iterator[tuple[str, object, object]]:
    """Field, expected, found for one photo."""
    yield f"photo {index} caption", (gold["caption_starts"], gold["caption_ends"]), (
        photo.caption[: len(gold["caption_starts"])], photo.caption[-len(gold["caption_ends"]) :])  # fmt: skip
    for field, key in (("date", "date"), ("photographer", "photographer"), ("agency", "agency"), ("via", "via")):
        yield f"photo {index} {field}", gold[key], getattr(photo, field)
    yield f"photo {index} copies", gold["copies_in_page"], photo.copies


def rows(story: Story, gold: dict[str, Any], raw: str) -> Iterator[tuple[str, object, object]]:
    """Field, expected, found for the whole story."""
    for field in ("headline", "agency", "section", "language", "published"):
        yield field, gold[field], getattr(story, field)
    yield "byline", gold["byline"], list(story.byline)
    yield "published_from", "page line", story.published_from
    yield "rejected date named", True, any("2024-08-27" in sentence for sentence in story.conflicts)
    place = story.dateline
    yield "dateline", (gold["dateline"]["place"], gold["dateline"]["country"]), place and (place.place, place.country)
    yield "paragraphs", gold["paragraphs"], len(story.paragraphs)
    yield "photos", len(gold["photos"]), len(story.photos)
    for index, (photo, wanted) in enumerate(zip(story.photos, gold["photos"], strict=False), 1):
        yield from photo_rows(index, photo, wanted)
    for furniture in gold["not_body"]:
        yield f"not in body: {furniture}", False, furniture in story.text
    back = [raw[o.start : o.end] if o else None for o in story.origins]
    yield "origins lead back", [story.text[p.start : p.end] for p in story.paragraphs], back


def main() -> int:
    """Print the table; 1 on any miss."""
    raw = (SEED / "wire-story.txt").read_text(encoding="utf-8")
    gold = json.loads((SEED / "gold_story.json").read_text(encoding="utf-8"))
    story = clean(Raw("seed", "scrape", raw))
    if isinstance(story, Drop):
        print(f"dropped: {story.reason}")
        return 1
    missed = 0
    for field, wanted, found in rows(story, gold, raw):
        missed += wanted != found
        print(f"{'ok  ' if wanted == found else 'MISS'}  {field:34} {str(found)[:70]}")
        if wanted != found:
            print(f"      wanted: {str(wanted)[:100]}")
    print(f"{missed} missed")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
