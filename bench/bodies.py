"""The body of news pages, against paragraphs that people marked.

    python bench/bodies.py [--gold FILE]

Token F1 a page, the better of the gold with and without its [optional] paragraphs (those are wire
furniture as a rule), and its mean; then the same for the extractor alone.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
from collections import Counter
from pathlib import Path
from statistics import mean

from dateline.ingest import Cleaner
from dateline.records import Raw, Story

SHARED = Path(__file__).resolve().parents[1] / ".." / "shared"
_WORD = re.compile(r"\w+")


def token_f1(gold: str, found: str) -> float:
    """F1 over the two multisets of lower-case words."""
    left, right = Counter(_WORD.findall(gold.lower())), Counter(_WORD.findall(found.lower()))
    total = sum(left.values()) + sum(right.values())
    return 2 * sum((left & right).values()) / total if total else 1.0


def best_f1(gold: str, found: str) -> float:
    """The better of the two readings of the optional paragraphs."""
    return max(token_f1(gold, found), token_f1(re.sub(r"\[[^\]]*\]", " ", gold), found))


def alone(html: str) -> str:
    """What trafilatura gives by itself."""
    from trafilatura import extract

    return extract(html, include_comments=False) or ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, default=SHARED / "gold" / "bodies_dev.jsonl.gz")
    options = parser.parse_args()
    if not options.gold.exists():
        sys.exit(f"{options.gold}: the development gold is not beside this project")
    with gzip.open(options.gold, "rt", encoding="utf-8") as lines:
        pages = [json.loads(line) for line in lines]
    with Cleaner() as cleaner:
        cleaned = cleaner([Raw(str(i), "page", page["html"]) for i, page in enumerate(pages)])
    texts = [item.text if isinstance(item, Story) else "" for item in cleaned]
    ours = [best_f1(page["body"], text) for page, text in zip(pages, texts, strict=True)]
    base = [best_f1(page["body"], alone(page["html"])) for page in pages]
    english = [i for i, item in enumerate(cleaned) if isinstance(item, Story) or item.stage != "language"]
    for page, item, score in zip(pages, cleaned, ours, strict=True):
        if score < 0.9:
            print(f"{page['file']:<32} {score:.3f} {'' if isinstance(item, Story) else item.reason}")
    print(f"bodies: {len(pages)} pages, token F1 {mean(ours):.4f}; trafilatura alone {mean(base):.4f}")
    print(f"those in English: {len(english)} pages, token F1 {mean(ours[i] for i in english):.4f}; "
          f"trafilatura alone {mean(base[i] for i in english):.4f}")  # fmt: skip


if __name__ == "__main__":
    main()
