"""Time expressions against development gold, and the dates of events against coded stories.

usage: python bench/times.py [--show SET] [--dates]

First part: strict, relaxed and value F1 by the gold's own scorer, with the time taken. Second part:
for every gold event with a date, `date_of` the trigger; right when the days overlap. Reads the
material folder that lies beside the project; prints nothing of its text unless asked with --show.
"""

from __future__ import annotations

import argparse
import gzip
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from dateline.times import date_of, find, find_in_text

SHARED = Path(__file__).resolve().parents[1] / ".." / "shared"
SETS = ("timebank", "aquaint", "wikiwars")


def read(path: Path) -> list[dict]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def score(name: str, show: bool) -> None:
    gold = SHARED / "gold" / f"times_{name}.jsonl.gz"
    items = read(gold)
    began = time.perf_counter()
    found = [find_in_text(item["text"], item["dct"]) for item in items]
    spent = time.perf_counter() - began
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", delete=False) as out:
        for item, times in zip(items, found, strict=True):
            rows = [{"start": t.start, "end": t.end, "value": t.value} for t in times]
            print(json.dumps({"story": {"id": item["id"], "text": item["text"]}, "times": rows}), file=out)
    print(
        subprocess.run(
            [sys.executable, SHARED / "score" / "times.py", gold, out.name], capture_output=True, text=True, check=True
        ).stdout
    )
    print(
        f"{1000 * spent / len(items):.2f} ms a document, {sum(len(i['text']) for i in items) // len(items)} characters on average"
    )
    if show:
        differences(items, found)


def differences(items: list[dict], found: list) -> None:
    """Print every missed, extra, misplaced and misread expression."""
    for item, times in zip(items, found, strict=True):
        gold, text, used = item["gold"]["timex"], item["text"], set()
        for t in times:
            hit = next(
                (i for i, g in enumerate(gold) if i not in used and t.start < g["end"] and g["start"] < t.end), None
            )
            around = text[max(0, t.start - 40) : t.end + 30].replace("\n", " ")
            if hit is None:
                print(f"EXTRA\t{t.text!r}\t{t.value}\t{item['dct'][:10]}\t{around}")
                continue
            used.add(hit)
            g = gold[hit]
            if (t.start, t.end) != (g["start"], g["end"]):
                print(f"SPAN\t{t.text!r} gold {text[g['start'] : g['end']]!r}\t\t\t{around}")
            if t.value != g["value"]:
                print(f"VALUE\t{t.text!r}\t{t.value} gold {g['value']}\t{item['dct'][:10]}\t{around}")
        for i, g in enumerate(gold):
            if i not in used:
                print(
                    f"MISS\t{text[g['start'] : g['end']]!r}\t{g['value']}\t{item['dct'][:10]}\t{text[max(0, g['start'] - 40) : g['end'] + 30]!r}"
                )


def trigger_of(doc, sentence: str) -> int | None:
    """The verb that heads the gold sentence: gold without trigger words names only the sentence."""
    at = doc.text.find(sentence)
    if at < 0:
        return None
    inside = [t for t in doc.tokens if at <= t.start < at + len(sentence)]
    roots = [t.i for t in inside if not at <= doc.tokens[t.head].start < at + len(sentence) or t.head == t.i]
    return roots[0] if roots else None


def dates(show: bool) -> None:
    from dateline.language import Annotator

    annotator, count = Annotator(), Counter()
    for story in read(SHARED / "gold" / "stories_dev.jsonl") + read(SHARED / "seed" / "gold_events.jsonl"):
        if "text" not in story:
            continue
        doc = annotator.parse(story["text"])
        times = find(doc, story["published"])
        for event in story["events"]:
            wanted = event.get("date")
            trigger = trigger_of(doc, event["sentence"])
            if trigger is None:
                continue
            own = date_of(doc, trigger, times, story["published"])
            if not wanted:
                count["undated, own " + (own.source if own else "none")] += 1
                continue
            right = own is not None and wanted["start"] <= own.end and own.start <= wanted["end"]
            count["right" if right else "wrong"] += 1
            count[f"{'right' if right else 'wrong'} by {own.source if own else 'none'}"] += 1
            if show and not right:
                print(
                    f"gold {wanted} own {own} trigger {doc.tokens[trigger].text!r} published {story['published']}: {event['sentence']}"
                )
    for name, number in sorted(count.items()):
        print(f"{name:32}{number:6}")
    print(f"date right on root triggers: {count['right'] / max(1, count['right'] + count['wrong']):.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", choices=[*SETS, "dates"])
    parser.add_argument("--dates", action="store_true", help="also bench date_of (needs the language model)")
    options = parser.parse_args()
    for name in SETS:
        score(name, options.show == name)
    if options.dates or options.show == "dates":
        dates(options.show == "dates")


if __name__ == "__main__":
    main()
