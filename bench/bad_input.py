"""Every kind of bad input: what happens, what is said, how long it takes.

    python bench/bad_input.py [--command]

Builds the inputs in a temporary folder, reads and cleans each, and prints a row for each: outcomes,
the first reason, seconds. With `--command` the folder of all of them also goes through one
`dateline code`, which must give as many records. Exits 1 when one crashed, was silent, took longer
than 60 s, or lost a healthy story that stood beside a bad one.
"""

from __future__ import annotations

import argparse
import gzip
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from dateline.errors import DatelineError
from dateline.ingest import Cleaner, read
from dateline.records import Drop, Raw, Story

LIMIT_SECONDS = 60.0
LEAD = "OSTRAVIA, March 3 (AP) — The defence minister of Ostravia met envoys of Meridia on Monday and asked for talks."
MORE = [
    f"Officials of the {word} ministry said on Tuesday that both governments would send observers to the border."
    for word in ("foreign", "interior", "finance", "transport", "health")
]
PARAGRAPHS = [LEAD, *MORE]
STORY = "\n\n".join(PARAGRAPHS)
FRENCH = (
    "Le ministre de la Défense a rencontré lundi une délégation étrangère dans la capitale. Les deux gouvernements ont "
    "décidé d'envoyer des observateurs à la frontière, selon un communiqué publié mardi par le ministère."
)


@dataclass(frozen=True)
class Case:
    """One bad input: its file name, how to write it, and what must come out of it at least."""

    name: str
    write: Callable[[Path], object]
    stories: int = 0
    drops: int = 1
    error: bool = False


def page(body: str, head: str = "<title>Ministers meet</title>") -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"


def article(parts: list[str] | None = None) -> str:
    inner = "".join(f"<p>{part}</p>" for part in parts or PARAGRAPHS)
    return f"<article><h1>Ministers meet at the border</h1>{inner}</article>"


def line(ident: str, text: str = STORY, **more: object) -> bytes:
    return orjson.dumps({"id": ident, "text": text, "published": "2024-03-04", **more}) + b"\n"


def text_case(name: str, text: str | bytes, **expected: int) -> Case:
    data = text.encode("utf-8") if isinstance(text, str) else text
    return Case(name, lambda path: path.write_bytes(data), **expected)


def pages() -> Iterator[Case]:
    yield text_case("empty.html", "")
    yield text_case("no-text.html", page("<nav><a href='/'>Home</a></nav>"))
    yield text_case("deep-100000.html", page("<div>" * 100_000 + article() + "</div>" * 100_000), stories=1, drops=0)
    yield text_case("deep-only-100000.html", page("<div>" * 100_000 + "</div>" * 100_000))
    yield text_case(
        "attributes.html",
        page("<p " + " ".join(f"a{i}='1'" for i in range(200_000)) + ">" + article()),
        stories=1,
        drops=0,
    )
    yield text_case("brackets.html", page("<" * 1_000_000 + article()), stories=0, drops=0)
    yield text_case(
        "options.html", page("<select>" + "<option>x" * 45_000 + "</select>" + article()), stories=1, drops=0
    )
    yield text_case("six-megabytes.html", page("<p>" + "word " * 1_200_000 + "</p>"))
    yield text_case("long-text.html", page(article(["A long paragraph of a report goes on and on. " * 6_000])))
    yield text_case("nul-bytes.html", page(article()).replace("<p>", "<p>\0\0").encode(), stories=1, drops=0)
    yield text_case("utf16.html", page(article()).encode("utf-16"), stories=1, drops=0)
    yield text_case(
        "cp1251-said-utf8.html", page(article(), "<meta charset=utf-8>").encode("cp1251"), stories=1, drops=0
    )
    yield text_case("entities.html", page("&" * 200_000 + article()), stories=0, drops=0)


def texts() -> Iterator[Case]:
    yield text_case("empty.txt", "")
    yield text_case("blank.txt", " \n\n \t ")
    yield text_case("binary.txt", bytes(range(256)) * 40)
    yield text_case("binary.xyz", os.urandom(5_000))
    yield text_case("report.pdf", b"%PDF-1.7\n" + os.urandom(500))
    yield text_case("archive.zip", b"PK\x03\x04" + os.urandom(500))
    yield text_case("latin1.txt", STORY.replace("Meridia", "M\xe9ridia").encode("cp1252"), stories=1, drops=0)
    yield text_case("broken-utf8.txt", STORY.encode() + b"\n\nThe end of \xff\xfe the report.", stories=1, drops=0)
    yield text_case("crlf-bom.txt", b"\xef\xbb\xbf" + STORY.replace("\n", "\r\n").encode(), stories=1, drops=0)
    yield text_case("undated.txt", STORY.replace(", March 3", ""), stories=1, drops=0)
    yield text_case("french.txt", "\n\n".join([FRENCH] * 3))
    yield text_case("bomb.txt.gz", gzip.compress(b"word " * 200_000_000, 6))
    yield text_case("cut-off.txt.gz", gzip.compress(STORY.encode())[:-40])
    yield text_case("not-gzip.txt.gz", b"\x1f\x8b" + os.urandom(300))


def tables() -> Iterator[Case]:
    good = [line("one"), line("two"), line("three")]
    yield text_case(
        "broken-line-7.jsonl",
        b"".join([*good, *[line(str(n)) for n in range(3)], b'{"id": "x", "text": \n', line("after")]),
        stories=7,
    )
    yield text_case(
        "twenty-megabytes.jsonl", b"".join([good[0], line("long", "word " * 4_000_000), good[1]]), stories=2
    )
    yield text_case("wrong-keys.jsonl", b'{"name": "x", "value": 3}\n' + good[0], stories=1)
    yield text_case("not-objects.jsonl", b'[1, 2]\n"text"\nnull\n' + good[0], stories=1, drops=3)
    yield text_case(
        "bad-utf8.jsonl",
        b'{"id":"a","text":"'
        + STORY.replace("Meridia", "M\xe9ridia").replace("\n", " ").encode("cp1252")
        + b'"}\n'
        + good[0],
        stories=2,
        drops=0,
    )
    yield text_case("surrogate.jsonl", b'{"id":"a","text":"\\ud800 half"}\n' + good[0], stories=1)
    yield text_case("deep.json", "[" * 100_000 + "]" * 100_000)
    yield text_case("no-date.jsonl", orjson.dumps({"id": "a", "text": STORY}) + b"\n", stories=1, drops=0)
    yield text_case("bad-date.jsonl", line("a", published="the day after"), stories=1, drops=0)
    yield text_case("french.jsonl", line("a", FRENCH) + good[0], stories=1)
    yield text_case("utf16.jsonl", b"".join(good).decode().encode("utf-16"), stories=3, drops=0)
    yield text_case("bomb.jsonl.gz", gzip.compress(b"a" * 500_000_000, 6))
    yield text_case("wrong-columns.csv", "name,value\nx,3\n")
    yield text_case("ragged.csv", f'id,text\na,"{STORY}"\nb\nc,one,two,three\nd,"{STORY}"\n', stories=2, drops=2)
    yield text_case("ten-megabyte-field.csv", f'id,text\na,"{"word " * 2_000_000}"\nb,"{STORY}"\n', stories=1)
    yield text_case("nul.csv", f'id,text\na,"{STORY}\0"\n'.encode(), stories=1, drops=0)
    yield text_case(
        "semicolons-bom.csv",
        b"\xef\xbb\xbf" + f'ID;Body;Date\r\na;"{STORY}";2024-03-04\r\n'.encode(),
        stories=1,
        drops=0,
    )
    yield Case("wrong-columns.parquet", lambda path: pq.write_table(pa.table({"a": [1]}), path))
    yield Case("empty-text.parquet", lambda path: pq.write_table(pa.table({"text": [None, STORY]}), path), stories=1)
    yield text_case("not-parquet.parquet", b"PAR1" + os.urandom(400))


def feeds() -> Iterator[Case]:
    item = f"<item><title>T</title><guid>g</guid><description>{STORY}</description></item>"
    head = '<?xml version="1.0"?>'
    yield text_case(
        "doctype.rss",
        f'{head}<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]><rss><channel>{item}</channel></rss>',
    )
    yield text_case("many-items.rss", f"{head}<rss><channel>{'<item><title>x</title></item>' * 6_000}</channel></rss>")
    yield text_case("other.xml", f"{head}<catalogue><book>{STORY}</book></catalogue>")
    yield text_case("cut-off.rss", f"{head}<rss version='2.0'><channel>{item}<item><title>x", stories=1, drops=0)


def check(case: Case, path: Path, cleaner: Cleaner) -> tuple[str, str, int]:
    """(outcome, fault, records): the fault is empty when the case came out as it must."""
    try:
        found = list(read([str(path)]))
        raws = [item for item in found if isinstance(item, Raw)]
        cleaned = cleaner(raws)
    except DatelineError as error:
        return f"error: {error}", "" if case.error else "an error stopped the run", 0
    except Exception as error:  # what this bench is there to find
        return f"{type(error).__name__}: {error}"[:100], "crashed", 0
    drops = [item for item in [*found, *cleaned] if isinstance(item, Drop)]
    stories = [item for item in cleaned if isinstance(item, Story)]
    outcome = f"{len(stories)} kept, {len(drops)} dropped" + (f": {drops[0].reason}" if drops else "")
    return outcome, _fault(case, stories, drops, len(cleaned) == len(raws)), len(stories) + len(drops)


def _fault(case: Case, stories: list[Story], drops: list[Drop], conserved: bool) -> str:
    if not conserved or not (stories or drops):
        return "silent"
    if len(stories) < case.stories or len(drops) < case.drops:
        return f"expected {case.stories} kept and {case.drops} dropped"
    return "" if all(drop.reason for drop in drops) else "a drop without a reason"


def command_fault(folder: Path, expected: int) -> str:
    """What is wrong with one `dateline code FOLDER --format jsonl` over all inputs, if anything."""
    run = [sys.executable, "-m", "dateline", "code", str(folder), "--format", "jsonl"]
    started = time.perf_counter()
    done = subprocess.run(run, capture_output=True, timeout=600, check=False)
    records = [orjson.loads(row) for row in done.stdout.splitlines()]
    print(f"dateline code: exit {done.returncode}, {len(records)} records, {time.perf_counter() - started:.1f} s")
    if b"Traceback" in done.stderr or done.returncode < 0:
        return "the command crashed: " + done.stderr.decode("utf-8", "replace").strip().splitlines()[-1]
    silent = [record["story"]["id"] for record in records if record.get("dropped") and not record["dropped"]["reason"]]
    if silent:
        return f"dropped without a reason: {silent[:3]}"
    return "" if len(records) == expected else f"{len(records)} records where reading and cleaning gave {expected}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--command", action="store_true")
    options = parser.parse_args()
    faults = records = 0
    cases = [*pages(), *texts(), *tables(), *feeds(), Case("no-such-file.txt", lambda path: None, error=True, drops=0)]
    with tempfile.TemporaryDirectory() as name, Cleaner() as cleaner:
        for case in cases:
            path = Path(name) / case.name
            case.write(path)
            started = time.perf_counter()
            outcome, fault, count = check(case, path, cleaner)
            seconds = time.perf_counter() - started
            fault = fault or ("too slow" if seconds > LIMIT_SECONDS else "")
            faults, records = faults + bool(fault), records + count
            shown = outcome.replace(name + "/", "")[:150] + (f"  <-- {fault}" if fault else "")
            print(f"{case.name:<26} {seconds:6.2f} s  {shown}", flush=True)
        if options.command and (fault := command_fault(Path(name), records)):
            faults += 1
            print(fault)
    print(f"{len(cases)} inputs, {faults} faults")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
