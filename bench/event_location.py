"""Where a verb's event happened, against development gold.

usage: python bench/event_location.py [dev|train] [--show] [--limit N]

Gold: a sentence, a verb, and the spans of its place, none for about half. "located": of the
sentences that have a place, the share where the chosen place overlaps it. "none right": of those
without, the share where none is chosen. "all": both. Two baselines use the same gazetteer: the
nearest place, and no place at all.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from pathlib import Path

from dateline.language import Annotator
from dateline.places import Gazetteer, place_of
from dateline.records import Reading, Span, Story

SHARED = Path(__file__).resolve().parents[1] / ".." / "shared"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", nargs="?", default="dev", choices=("dev", "train"))
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--limit", type=int, default=2000)
    options = parser.parse_args()
    with gzip.open(SHARED / "gold" / f"event_location_{options.part}.jsonl.gz", "rt", encoding="utf-8") as lines:
        items = [json.loads(line) for line in lines][: options.limit]
    gazetteer, annotator, count = Gazetteer.load(), Annotator(), Counter()
    for item, doc in zip(items, annotator.parse_many([i["text"] for i in items]), strict=True):
        story = Story(item["id"], item["text"], (Span(0, len(item["text"])),))
        places = gazetteer.find(Reading(story, (doc,)))
        verb, gold = item["gold"]["verb"], item["gold"]["locations"]
        trigger = next((t.i for t in doc.tokens if t.start <= verb[0] < t.end), None)
        if trigger is None:
            continue
        own, how = place_of(doc, trigger, places, story)
        near = min(places, key=lambda p: abs(p.start - verb[0]), default=None)
        for name, place in (("own", own), ("nearest", near)):
            right = place is not None and any(place.start < g[1] and g[0] < place.end for g in gold)
            count[
                f"{name} {'located' if right else 'missed' if gold else 'none right' if place is None else 'none wrong'}"
            ] += 1
        if gold and not any(p.start < g[1] and g[0] < p.end for p in places for g in gold):
            count["gold place not found in the text"] += 1
        if (options.show and (own is None) == bool(gold)) or (
            options.show and own and not any(own.start < g[1] and g[0] < own.end for g in gold)
        ):
            text = item["text"]
            print(
                f"{'MISS' if gold else 'EXTRA'} gold {[text[g[0] : g[1]] for g in gold]} own {own.name if own else None} ({how}) | {text[: verb[0]]}<<{text[verb[0] : verb[1]]}>>{text[verb[1] :].strip()}"
            )
    for name in ("own", "nearest"):
        located, missed = count[f"{name} located"], count[f"{name} missed"]
        right, wrong = count[f"{name} none right"], count[f"{name} none wrong"]
        print(
            f"{name:8} located {located / max(1, located + missed):.3f} | none right {right / max(1, right + wrong):.3f} | all {(located + right) / max(1, len(items)):.3f}"
        )
    print(f"sentences {len(items)}, gold place not found in the text: {count['gold place not found in the text']}")


if __name__ == "__main__":
    main()
