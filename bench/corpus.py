"""The coder on our own corpus: every marked sentence coded as a story of its own.

usage: python bench/corpus.py [--all] [--show N]

Reads corpus/sentences, the held-out tenth of it unless --all is given (the shipped model never saw that tenth).
An event is found when its trigger overlaps a marked one; then its type, status and parties (as words that overlap)
are compared. Prints precision and recall of triggers, of triggers with the type, of whole events, shares right among
the found ones, and how many sentences without an event got one.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from dateline import pipeline
from dateline.ontology import load
from dateline.pipeline import Settings
from dateline.records import Coded, Event, Party, Raw, Span
from dateline.training import corpus
from dateline.training.items import held_out

FOLDER = Path(__file__).resolve().parents[1] / "corpus" / "sentences"


def overlap(one: Span, start: int, end: int) -> bool:
    return one.start < end and start < one.end


def side_right(wanted: Sequence[Span], got: Sequence[Party]) -> bool:
    """Every wanted party is met by one that was found, and none that was found meets nothing."""
    met = all(any(overlap(span, p.start, p.end) for p in got) for span in wanted)
    return met and all(any(overlap(span, p.start, p.end) for span in wanted) for p in got)


def pair(gold: Sequence[corpus.Marked], found: Sequence[Event]) -> list[tuple[corpus.Marked, Event]]:
    pairs, used = [], set()
    for right_type in (True, False):
        for k, one in enumerate(gold):
            for event in found:
                here = any(overlap(s, event.trigger.start, event.trigger.end) for s in one.of("trigger"))
                if here and event.id not in used and ("g", k) not in used and (one.type == event.type) >= right_type:
                    used |= {event.id, ("g", k)}
                    pairs.append((one, event))
    return pairs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="the whole corpus, not only the held-out tenth")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print the first N sentences with an error")
    options = parser.parse_args()
    examples, _ = corpus.read(FOLDER, load(None))
    examples = examples if options.all else held_out(examples)[1]
    stages = pipeline.build(Settings())
    raws = [Raw(str(k), "body", example.text, published="2020-06-15") for k, example in enumerate(examples)]
    coded = stages.analyse(stages.prepare(raws))
    count: Counter[str] = Counter()
    for example, item in zip(examples, coded, strict=True):
        found = item.events if isinstance(item, Coded) else ()
        pairs = pair(example.events, found)
        count.update(gold=len(example.events), found=len(found), trigger=len(pairs))
        count.update(empty=not example.events, false=not example.events and bool(found))
        wrong = len(pairs) < max(len(example.events), len(found))
        for one, event in pairs:
            parties = side_right(one.of("source"), event.sources) and side_right(one.of("target"), event.targets)
            whole = one.type == event.type and parties and one.status == event.status
            count.update(type=one.type == event.type, status=one.status == event.status, whole=whole)
            count.update(mode=one.mode == event.mode, parties=parties)
            count.update(source=side_right(one.of("source"), event.sources))
            count.update(target=side_right(one.of("target"), event.targets))
            wrong |= not whole
        if wrong and options.show > 0:
            options.show -= 1
            print(f"{example.file}:{example.line}: {example.text}")
            for one in example.events:
                print(
                    "   gold ",
                    one.type,
                    one.mode,
                    one.status,
                    *(f"{r}={example.text[s.start : s.end]!r}" for r, s in one.spans),
                )
            for event in found:
                sides = [[p.text for p in role] for role in (event.sources, event.targets)]
                print(
                    "   found", event.type, event.mode, event.status, repr(event.trigger_text), *sides, event.confidence
                )
    for level in ("trigger", "type", "whole"):
        p, r = count[level] / max(1, count["found"]), count[level] / max(1, count["gold"])
        print(f"{level:10} P {p:.3f}  R {r:.3f}  F1 {2 * p * r / max(p + r, 1e-9):.3f}")
    for level in ("type", "mode", "status", "source", "target", "parties"):
        print(f"{level:10} right {count[level] / max(1, count['trigger']):.3f} of {count['trigger']} found")
    print(f"{len(examples)} sentences; {count['false']} of {count['empty']} without an event got one")


if __name__ == "__main__":
    main()
