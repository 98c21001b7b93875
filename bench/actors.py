"""Phrases to country and sector, and the parties of the development stories.

usage: python bench/actors.py [--show]

1. `gold/actor_cases.json`: phrases, some dated, through `Actors.lookup`: share with the country right and
   with the sector right. The file writes some sectors of another scheme; `SECTORS` says how they are read.
2. `gold/stories_dev.jsonl`: for each coded event, whether every source and target country (and sector) is
   among the parties found in the sentence of the event.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import Any

import orjson

from dateline.actors import Actors
from dateline.language import Annotator
from dateline.records import Raw, Reading, Story
from dateline.wire import clean

SHARED = Path(__file__).resolve().parents[2] / "shared" / "gold"
# The file's codes on the left; what counts as the same here.
SECTORS = {
    "ELI": {"CVL", "GOV", "PTY"}, "UAF": {"REB", "MIL"}, "PRM": {"REB", "MIL"}, "CRM": {"REB", "CVL"}, "IMG": {"REB"},
    "AGR": {"CVL", "LAB"}, "REF": {"CVL"}, "SOC": {"CVL"}, "PRE": {"GOV"}, "JRN": {"JRN"}, "HLH": {"MED"}, "MED": {"MED", "JRN"},
    "OTH": {"UNK", "CVL"}, "MNC": {"BUS"}, "NGM": {"NGO"}, "SET": {"CVL"},
}  # fmt: skip


def listed(value: str | list[str] | None) -> list[str]:
    """The accepted answers of a case: one or several."""
    return [*value] if isinstance(value, list) else [value or ""]


def phrases(actors: Actors, *, show: bool) -> None:
    """Part 1: bare phrases."""
    count: Counter[str] = Counter()
    for case in orjson.loads((SHARED / "actor_cases.json").read_bytes()):
        wanted, day = case["exp"], str(case["kw"].get("query_date") or "") or None
        actor = actors.lookup(case["text"], day if day and day[:4].isdigit() else None)
        country = (actor.country if actor else None) or ""
        sectors = set(actor.sectors) if actor else set()
        if "country" in wanted:
            right = country in listed(wanted["country"]) or (
                country in ("UNO", "EUR", "NATO") and "IGO" in listed(wanted["country"])
            )
            count.update(country=right, countries=1)
        if wanted.get("code_1"):
            fits = any(sectors & (SECTORS.get(code, set()) | {code}) for code in listed(wanted["code_1"]))
            count.update(sector=fits, sectors=1)
        if show and (("country" in wanted and not right) or (wanted.get("code_1") and not fits)):
            print(f"  {case['text']!r} {day or ''} wanted {wanted} got {country} {sorted(sectors)}")
    print(
        f"phrases: country right {count['country']}/{count['countries']} = {count['country'] / count['countries']:.3f}",
        end=", ",
    )
    print(f"sector right {count['sector']}/{count['sectors']} = {count['sector'] / count['sectors']:.3f}")


def stories(actors: Actors, *, show: bool) -> None:
    """Part 2: parties in the sentences of coded events."""
    annotator, count = Annotator(), Counter[str]()
    for line in (SHARED / "stories_dev.jsonl").read_bytes().splitlines():
        row: dict[str, Any] = orjson.loads(line)
        story = clean(Raw(row["id"], "body", row["text"], published=row["published"]))
        assert isinstance(story, Story)
        docs = annotator([story])[0]
        found = actors.find(Reading(story, docs))[0]
        for event in row["events"]:
            start = story.text.find(event["sentence"])
            here = [p.actor for ps in found.values() for p in ps if 0 <= p.start - start < len(event["sentence"])]
            for role in ("sources", "targets"):
                for party in event[role]:
                    country, sector = party["country"] or None, party.get("sector")
                    same = [actor for actor in here if actor.country == country]
                    count.update({f"{role} country": bool(same), f"{role} all": 1})
                    count[f"{role} sector"] += any(sector in actor.sectors for actor in same)
                    if show and not same:
                        print(f"  {country} {sector} not in: {event['sentence'][:160]}")
    for role in ("sources", "targets"):
        total = count[f"{role} all"]
        print(
            f"{role}: country in the sentence {count[f'{role} country'] / total:.3f}, with the sector "
            f"{count[f'{role} sector'] / total:.3f} of {total}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", action="store_true", help="print what was missed")
    options = parser.parse_args()
    actors = Actors.load()
    phrases(actors, show=options.show)
    stories(actors, show=options.show)


if __name__ == "__main__":
    main()
