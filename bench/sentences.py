"""Single sentences with source, target and type: triples found, and how much is coded beside them.

usage: python bench/sentences.py [--show]

Reads `gold/sentences_dev.jsonl` (78 real sentences, 12 without an event) and prints precision, recall
and F1 of distinct (source country, target country, type), and the extra events a sentence. A gold
party without a country counts as right when the coder found none either.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import orjson

from dateline.pipeline import Settings, build
from dateline.records import Coded, Party, Raw

GOLD = Path(__file__).resolve().parents[2] / "shared" / "gold" / "sentences_dev.jsonl"


def triples(coded: Coded) -> set[tuple[str, str, str]]:
    """Every (source, target, type) of a story, one for each pair of countries."""
    found = set()
    for event in coded.events:
        for source in countries(event.sources):
            for target in countries(event.targets):
                found.add((source, target, event.type))
    return found


def countries(parties: tuple[Party, ...]) -> list[str]:
    return [folded(party.actor.country or "") for party in parties] or [""]


def folded(country: str) -> str:
    """The gold has one code for every international body, and --- for nobody."""
    return "IGO" if country in ("UNO", "EUR", "NATO") else "" if country == "---" else country


def real(event: dict[str, str]) -> bool:
    """False for the CAMEO statements that PLOVER drops."""
    return event.get("plover", "DROPPED") != "DROPPED"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", action="store_true", help="print each sentence that is not fully right")
    options = parser.parse_args()
    rows = [orjson.loads(line) for line in GOLD.read_bytes().splitlines()]
    pipeline = build(Settings())
    days = [f"{row['date'][:4]}-{row['date'][4:6]}-{row['date'][6:8]}" for row in rows]
    raws = [Raw(row["id"], "body", row["text"], published=day) for row, day in zip(rows, days, strict=True)]
    hits = predicted = wanted = 0
    for row, coded in zip(rows, pipeline.analyse(pipeline.prepare(raws)), strict=True):
        gold = {(folded(e["source"][:3]), folded(e["target"][:3]), e["plover"]) for e in row["events"] if real(e)}
        own = triples(coded) if isinstance(coded, Coded) else set()
        hits, predicted, wanted = hits + len(gold & own), predicted + len(own), wanted + len(gold)
        if options.show and gold != own:
            print(f"{row['text'][:300]}\n   gold {sorted(gold)}\n   own  {sorted(own)}")
    precision, recall = hits / max(1, predicted), hits / max(1, wanted)
    print(f"triples: P {precision:.3f} R {recall:.3f} F1 {2 * hits / (predicted + wanted):.3f}", end="  ")
    print(f"extra events a sentence {(predicted - hits) / len(rows):.2f}  ({len(rows)} sentences)")


if __name__ == "__main__":
    main()
