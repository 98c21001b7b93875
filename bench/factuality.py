"""Status, measured on factuality: did the mentioned event happen, not happen, or is it open?

    python bench/factuality.py [NAME ...]        NAME: uw_dev, meantime_dev, uds_ih2_dev, uw_train ...

The gold gives a value from -3 (certainly not) to +3 (certainly) per event mention. Three classes: happened at or
above the threshold, not happened at or below its negative, open between. Ours: asserted and historical happened,
negated did not, hypothetical is open. The scale measures what a reader believes did *or will* happen, so the table
shows a future counted both ways ("future happens", "future open") at thresholds 0.5 (exclusive), 1 and 1.5.
Each row: macro-F1, then F1 of not, open, happened.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from dateline.language import Annotator
from dateline.records import Doc, Status
from dateline.status import status_of

GOLD = Path(__file__).resolve().parents[1] / ".." / "shared" / "gold"
THRESHOLDS = (0.5001, 1.0, 1.5)
CLASSES = (-1, 0, 1)


def sign(value: float, threshold: float) -> int:
    """The class of a gold value."""
    return 1 if value >= threshold else -1 if value <= -threshold else 0


def class_of(status: Status, future: int) -> int:
    """The class of a status; `future` is the class of a future one."""
    return {"asserted": 1, "historical": 1, "negated": -1, "hypothetical": 0, "future": future}[status]


def f1_by_class(pairs: Iterable[tuple[int, int]]) -> list[float]:
    """F1 of each class over (gold, predicted) pairs."""
    count = Counter(pairs)
    scores = []
    for k in CLASSES:
        gold, predicted = sum(count[k, other] for other in CLASSES), sum(count[other, k] for other in CLASSES)
        scores.append(2 * count[k, k] / (gold + predicted) if gold + predicted else 0.0)
    return scores


def token_at(doc: Doc, offset: int) -> int | None:
    """The token that holds a character offset."""
    return next((token.i for token in doc.tokens if token.start <= offset < token.end), None)


def judged(name: str, annotate: Annotator) -> list[tuple[float, Status]]:
    """(gold value, our status) of every event mention of one gold file."""
    with gzip.open(GOLD / f"factuality_{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    found = []
    for row, doc in zip(rows, annotate.parse_many([row["text"] for row in rows]), strict=True):
        for event in row["gold"]["events"]:
            i = token_at(doc, event["start"])
            if i is not None:
                found.append((float(event["value"]), status_of(doc, i, (), (), None)[0]))
    return found


def main(names: list[str]) -> None:
    annotate = Annotator()
    for name in names:
        pairs = judged(name, annotate)
        for label, future in (("future happens", 1), ("future open", 0)):
            for threshold in THRESHOLDS:
                scores = f1_by_class((sign(value, threshold), class_of(status, future)) for value, status in pairs)
                shown = "  ".join(f"{score:.4f}" for score in scores)
                mean = f"macro-F1 {sum(scores) / 3:.4f}"
                print(f"{name:<14} {label:<15} {threshold:<7} {mean}   {shown}   n {len(pairs)}")


if __name__ == "__main__":
    main(sys.argv[1:] or ["uw_dev", "meantime_dev", "uds_ih2_dev"])
