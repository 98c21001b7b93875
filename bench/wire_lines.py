"""Wire lines against their gold: datelines, look-alikes, credits, bylines, tails, notes.

    python bench/wire_lines.py [GOLD.jsonl] [--misses]

A dateline counts when it is found and its first place, agency and date are all right. The gold lies
beside the project (../shared/gold/wire_lines_dev.jsonl). Exits 1 below the targets: 0.90 of the datelines
with no look-alike taken, 0.90 of the credits.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any  # gold rows are foreign JSON

from dateline.records import Dateline
from dateline.wire import canonical, parse_byline, parse_credit, parse_dateline, parse_remark, parse_tail
from dateline.wire.localities import fold, iso3_of

GOLD = Path(__file__).resolve().parents[1] / ".." / "shared" / "gold" / "wire_lines_dev.jsonl"


def short(name: str | None) -> str | None:
    """An agency's short name, or the name folded."""
    return canonical(name) or (fold(name) if name else None)


def day_of(parts: dict[str, int | None] | None) -> str | None:
    """The gold's date in the form of `Dateline.date`."""
    if not parts:
        return None
    year = f"{parts['year']:04d}" if parts["year"] else "-"
    return f"{year}-{parts['month']:02d}-{parts['day']:02d}"


def dateline_right(found: Dateline, gold: dict[str, Any]) -> bool:
    """First place, its country, agency and date as in the gold."""
    place = gold["places"][0] if gold["places"] else None
    same_place = (
        (found.place is None)
        if place is None
        else (
            found.place is not None
            and fold(found.place) == fold(place["city"])
            and found.country == iso3_of(place["iso2"])
        )
    )
    return same_place and short(found.agency) == short(gold["agency"]) and found.date == day_of(gold["date"])


def check_credit(line: str, gold: dict[str, Any]) -> bool:
    """Photographers, agency and via."""
    found = parse_credit(line)
    people = [fold(name) for name in gold["photographers"]]
    return found is not None and ([fold(n) for n in found.photographers], short(found.agency), short(found.via)) == (
        people, short(gold["agency"]), short(gold["via"]))  # fmt: skip


def check_byline(line: str, gold: dict[str, Any]) -> bool:
    """People and agency; the gold lists a desk as an author, we name no person for it."""
    found = parse_byline(line)
    people = [] if gold.get("desk") else [fold(name) for name in gold["authors"]]
    return found is not None and ([fold(n) for n in found.people], short(found.agency)) == (
        people,
        short(gold["agency"]),
    )


def check_tail(line: str, gold: dict[str, Any]) -> bool:
    """Recognised, with the people of each role."""
    found = parse_tail(line)
    if found is None:
        return False
    named = [n for names in gold.get("roles", {}).values() for n in names] or [p[0] for p in gold.get("people", [])]
    return [fold(n) for n in found.people] == [fold(n) for n in named] and short(found.agency) == short(
        gold.get("agency")
    )


def check_note(line: str, gold: dict[str, Any]) -> bool:
    """Recognised, of the right kind and day."""
    found = parse_remark(line)
    if found is None or found.date != gold.get("date"):
        return False
    return (found.kind == "correction") == (gold["kind"] == "correction")


CHECKS: dict[str, Callable[[str, dict[str, Any]], bool]] = {
    "credit": check_credit, "byline": check_byline, "tail": check_tail, "note": check_note}  # fmt: skip


def measure(rows: list[dict[str, Any]]) -> tuple[dict[str, list[bool]], list[str]]:
    """Right or wrong for every line by kind ("dateline", "look-alike refused", ...), and the missed lines."""
    tally: dict[str, list[bool]] = {}
    misses = []
    for row in rows:
        kind, line, gold = row["type"], row["line"], row["parse"]
        if kind != "dateline":
            right = CHECKS[kind](line, gold)
        elif gold["is_dateline"]:
            found = parse_dateline(line)
            right = found is not None and dateline_right(found[0], gold)
        else:
            kind, right = "look-alike refused", parse_dateline(line) is None
        tally.setdefault(kind, []).append(right)
        misses.extend([] if right else [f"{kind}: {line}"])
    return tally, misses


def main() -> int:
    """Print the table; 1 below a target or without the gold."""
    named = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    gold = Path(named[0]) if named else GOLD
    if not gold.exists():
        print(f"no gold at {gold}")
        return 1
    rows = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines() if line.strip()]
    tally, misses = measure(rows)
    for kind, results in tally.items():
        print(f"{kind:20} {sum(results):4} of {len(results):4}  {sum(results) / len(results):.3f}")
    if "--misses" in sys.argv:
        print("\n".join(misses))
    floors = {"dateline": 0.90, "look-alike refused": 1.0, "credit": 0.90}
    return int(any(sum(tally[k]) < floor * len(tally[k]) for k, floor in floors.items() if k in tally))


if __name__ == "__main__":
    sys.exit(main())
