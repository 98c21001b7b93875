"""Types of relations with source and target given: run `dateline relate`'s engine on the development rows.

    python bench/relations.py [--errors 40] [--class AID]

Reads `relations_dev.tsv` of the shared gold beside the project, finds each row's spans by its marks,
answers with `Relater`, scores with the shared `relations.py` and prints its table and the confusions.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from dateline.language import Annotator
from dateline.ontology import load
from dateline.relate import Relater

SHARED = Path(__file__).resolve().parents[1] / ".." / "shared"
FOLD = {"CONCEDE": "YIELD", "RETREAT": "YIELD"}


def span_of(row: dict[str, str], key: str, mark: str) -> dict[str, int]:
    """The offsets of a row's source or target in its sentence, by its mark, else by search."""
    text, phrase = row["sentence"], row[key]
    marked = row["marked_sentence"]
    at = marked.find(f"<{mark}>")
    if at >= 0:
        before = marked[:at]
        for tag in ("<s>", "</s>", "<t>", "</t>"):
            before = before.replace(tag, "")
        start = len(before)
        if text[start : start + len(phrase)] == phrase:
            return {"start": start, "end": start + len(phrase)}
    start = text.find(phrase)
    if start < 0:  # a few rows name a party in other words than their sentence
        start, words = -1, phrase.split()
        for word in sorted(words, key=len, reverse=True):
            start = text.find(word)
            if start >= 0:
                return {"start": start, "end": start + len(word)}
        return {"start": 0, "end": len(text)}
    return {"start": start, "end": start + len(phrase)}


def items_of(path: Path) -> tuple[list[dict[str, object]], list[dict[str, str]]]:
    """Items of the public form, and the rows they come from."""
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle, delimiter="\t"))
    items: list[dict[str, object]] = [
        {
            "id": str(i),
            "text": row["sentence"],
            "source": span_of(row, "source", "s"),
            "target": span_of(row, "target", "t"),
        }
        for i, row in enumerate(rows)
    ]
    return items, rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, default=SHARED / "gold" / "relations_dev.tsv")
    parser.add_argument("--errors", type=int, default=0, help="print so many wrong rows")
    parser.add_argument("--class", dest="label", help="only errors of this gold class")
    options = parser.parse_args()
    items, rows = items_of(options.gold)
    answers = Relater(load(), Annotator()).relate(items)
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as handle:
        handle.writelines(json.dumps(answer) + "\n" for answer in answers)
        handle.flush()
        scorer = SHARED / "score" / "relations.py"
        subprocess.run([sys.executable, str(scorer), str(options.gold), handle.name], check=True)
    pairs = [(row["gold_root"], FOLD.get(str(a["type"]), str(a["type"]))) for row, a in zip(rows, answers, strict=True)]
    print("confusions (gold -> answer):")
    for (gold, answer), count in Counter(pair for pair in pairs if pair[0] != pair[1]).most_common(25):
        print(f"  {gold:<10} {answer:<10} {count}")
    wrong = [i for i, pair in enumerate(pairs) if pair[0] != pair[1] and options.label in (None, pair[0])]
    for i in wrong[: options.errors]:
        print(f"{i}\t{pairs[i][0]} -> {pairs[i][1]}\t{rows[i]['marked_sentence'][:300]}")


if __name__ == "__main__":
    main()
