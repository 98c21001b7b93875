"""Write stories.jsonl and truth.jsonl from the hand-written stories-*.txt beside this file.

usage: python ladders/2031/build.py

A story is "@id date agency | headline", its paragraphs, then one line an event:
"= act TYPE[/mode] SOURCES>TARGETS status trigger [k=SPEAKER] [unit=number]". "@id date copy of ID in OUTLET" is that story
again. It stops at a line that it can't read, and at a trigger that is not in its story.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
_HEAD = re.compile(r"^@(\w+) (\d{4}-\d\d-\d\d) ([^|]+) \| (.+)$")
_COPY = re.compile(r"^@(\w+) (\d{4}-\d\d-\d\d) copy of (\w+) in (.+)$")
_EVENT = re.compile(r"^= (\w+) ([A-Z]+)(?:/([a-z-]+))? ([A-Z+]*)>([A-Z+]*) (\w+) (\S+)(.*)$")


def codes(text: str) -> list[str]:
    return [code for code in text.split("+") if code]


def event_of(line: str, text: str) -> dict[str, Any]:
    match = _EVENT.match(line)
    if not match:
        raise ValueError(f"no event line: {line}")
    act, kind, mode, sources, targets, status, trigger, rest = match.groups()
    if trigger not in text:
        raise ValueError(f"'{trigger}' is not in the story: {line}")
    more = dict(part.split("=") for part in rest.split())
    figures = {unit: int(number) for unit, number in more.items() if unit != "k"}
    return {"act": act, "type": kind, "mode": mode, "sources": codes(sources), "targets": codes(targets), "status": status,
            "trigger": trigger, "speakers": codes(more.get("k", "")), "figures": figures}  # fmt: skip


def stories() -> list[tuple[dict[str, Any], dict[str, Any]]]:
    found: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}
    for path in sorted(HERE.glob("stories-*.txt")):
        blocks = re.split(r"\n(?=@)", "\n" + path.read_text(encoding="utf-8"))[1:]
        for block in blocks:
            lines = [line for line in block.splitlines() if line.strip() and not line.startswith("#")]
            if copy := _COPY.match(lines[0]):
                name, day, original, outlet = copy.groups()
                story, truth = found[original]
                again = {**story, "id": name, "published": day, "publisher": outlet}
                found[name] = (again, {"id": name, "copy_of": original, "events": truth["events"]})
                continue
            head = _HEAD.match(lines[0])
            if not head:
                raise ValueError(f"{path.name}: no story begins like this: {lines[0]}")
            name, day, agency, headline = head.groups()
            if name in found:
                raise ValueError(f"{path.name}: two stories are {name}")
            text = "\n\n".join(line for line in lines[1:] if not line.startswith("= "))
            events = [event_of(line, text) for line in lines[1:] if line.startswith("= ")]
            story = {"id": name, "published": day, "headline": headline, "agency": agency, "text": text}
            found[name] = (story, {"id": name, "copy_of": None, "events": events})
    return sorted(found.values(), key=lambda pair: (pair[0]["published"], pair[0]["id"]))


def main() -> None:
    try:
        pairs = stories()
    except ValueError as error:
        sys.exit(str(error))
    for name, rows in (("stories", [s for s, _ in pairs]), ("truth", [t for _, t in pairs])):
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (HERE / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    acts = {event["act"] for _, truth in pairs for event in truth["events"]}
    print(f"{len(pairs)} stories, {sum(len(t['events']) for _, t in pairs)} reports of {len(acts)} acts")


if __name__ == "__main__":
    main()
