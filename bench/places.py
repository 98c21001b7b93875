"""Places against development gold: found, put on the right spot, and both at once.

usage: python bench/places.py [SET ...] [--adjectives] [--show SET]

Scores with the gold's own scorer. GWN's gold also holds common nouns and other expressions without
coordinates (4,011 of 6,612), which cap its "placed" F1 at .56; a second line drops gold without
coordinates, which is how published figures count.
"""

from __future__ import annotations

import argparse
import gzip
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from dateline.language import Annotator
from dateline.places import Gazetteer
from dateline.records import Reading, Span, Story

SHARED = Path(__file__).resolve().parents[1] / ".." / "shared"
SETS = ("lgl", "geovirus", "gwn")


def story_of(item: dict) -> Story:
    text = item["text"]
    spans, start = [], 0
    for piece in text.split("\n"):
        if piece.strip():
            spans.append(Span(start, start + len(piece)))
        start += len(piece) + 1
    return Story(str(item["id"]), text, tuple(spans))


def write(rows: list[dict], suffix: str = ".jsonl") -> str:
    with tempfile.NamedTemporaryFile("w", suffix=suffix, delete=False) as out:
        for row in rows:
            print(json.dumps(row), file=out)
    return out.name


def bench(name: str, gazetteer: Gazetteer, annotator: Annotator, *, adjectives: bool, show: bool) -> None:
    with gzip.open(SHARED / "gold" / f"places_{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        items = [json.loads(line) for line in lines]
    stories = [story_of(item) for item in items]
    readings = [Reading(story, docs) for story, docs in zip(stories, annotator(stories), strict=True)]
    began = time.perf_counter()
    found = [gazetteer.find(reading, adjectives=adjectives) for reading in readings]
    spent = time.perf_counter() - began
    rows = [
        {"story": {"id": item["id"], "text": item["text"]}, "places": [{"start": p.start, "end": p.end, "lat": p.lat, "lon": p.lon, "geonameid": p.geonameid} for p in places]}
        for item, places in zip(items, found, strict=True)
    ]  # fmt: skip
    own = write(rows)
    located = [
        {**item, "gold": {"toponyms": [t for t in item["gold"]["toponyms"] if t.get("lat") is not None]}}
        for item in items
    ]
    for label, gold in (
        (name, str(SHARED / "gold" / f"places_{name}.jsonl.gz")),
        (f"{name}, gold with coordinates", write(located)),
    ):
        done = subprocess.run(
            [sys.executable, SHARED / "score" / "places.py", gold, own], capture_output=True, text=True, check=True
        ).stdout
        print(label, "|", " | ".join(" ".join(line.split()) for line in done.splitlines()[1:4]))
    print(f"{1000 * spent / len(items):.2f} ms a story")
    if show:
        differences(items, found)


def differences(items: list[dict], found: list) -> None:
    for item, places in zip(items, found, strict=True):
        gold, text = item["gold"]["toponyms"], item["text"]
        for p in places:
            hit = next((g for g in gold if p.start < g["end"] and g["start"] < p.end), None)
            around = text[max(0, p.start - 40) : p.end + 30].replace("\n", " ")
            if hit is None:
                print(f"EXTRA\t{text[p.start : p.end]}\t{p.name} {p.country}\t{around}")
            elif (
                hit.get("lat") is not None
                and str(hit.get("geonameid")) != str(p.geonameid)
                and abs(float(hit["lat"]) - p.lat) + abs(float(hit["lon"]) - p.lon) > 2.5
            ):
                print(
                    f"WRONG\t{text[p.start : p.end]}\t{p.name} {p.country} {p.admin1} {p.lat},{p.lon}\tgold {hit.get('country')} {hit.get('admin1')} {hit['lat']},{hit['lon']}\t{around}"
                )
        for g in gold:
            if g.get("lat") is not None and not any(p.start < g["end"] and g["start"] < p.end for p in places):
                print(f"MISS\t{g['phrase']}\t{g.get('fcode')}\t{text[max(0, g['start'] - 40) : g['end'] + 30]!r}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", default=SETS)
    parser.add_argument(
        "--adjectives", action="store_true", help="count adjectives of countries as places, as LGL and GWN do"
    )
    parser.add_argument("--show", choices=SETS)
    options = parser.parse_args()
    began = time.perf_counter()
    gazetteer = Gazetteer.load()
    print(f"gazetteer loaded in {time.perf_counter() - began:.2f} s")
    annotator = Annotator()
    for name in options.sets:
        bench(name, gazetteer, annotator, adjectives=options.adjectives, show=options.show == name)


if __name__ == "__main__":
    main()
