"""Merged events in an archive: incremental, ruled on by hand, and read back."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dateline import acts
from dateline.archive import Reader, Store, merged
from dateline.archive.runlog import About
from dateline.cli.app import app
from dateline.errors import ArchiveError, InputError
from dateline.merge import Event, Report, event_json, merge
from dateline.records import Actor, Coded, EventDate, Party, Place, Quantity, Span, Story
from dateline.records import Event as Found
from golden_merge import truth

REPORTS = [report for _, report in truth()]


def coded(report: Report) -> Coded:
    """A story that holds nothing but this report."""
    text, place = report.sentence, report.place
    parties = {
        role: tuple(
            Party(0, 1, text[:1], 0, Actor(side.name, side.country, side.sectors, side.id))
            for side in getattr(report, role)
        )
        for role in ("sources", "targets", "speakers")
    }
    event = Found(
        id="", type=report.type, mode=report.mode, contexts=(), part="body", trigger=Span(0, 1),
        trigger_text=report.trigger, sentence=Span(0, len(text)), **parties, status=report.status, claim=None,
        date=EventDate(report.start, report.end or report.start, report.dated or "") if report.start else None,
        place=Place("body", 0, 1, place.name, place.country, None, place.lat, place.lon) if place else None,
        quantities=tuple(Quantity("", a.value, a.bound, a.unit) for a in report.quantities),  # type: ignore[arg-type]
        quad=report.quad, score=report.score, cameo=None, confidence=report.confidence, rulings=(),
    )  # fmt: skip
    story = Story(report.story, text, published=report.published, agency=report.agency, family=report.family)
    return Coded(story, events=(event,))


def add(store: Store, reports: Sequence[Report]) -> None:
    store.begin(About())
    store.write([coded(report) for report in reports])
    store.finish()


def shape(events: Sequence[Event]) -> list[list[str]]:
    return sorted(sorted(report.story for report in event.reports) for event in events)


def everything(store: Reader) -> list[dict[str, object]]:
    return [event_json(event) for event in merged.events(store)]


def test_reports_come_out_as_they_went_in(tmp_path: Path) -> None:
    with Store(tmp_path / "a") as store:
        add(store, REPORTS)
        found = {report.story: report for report in merged.reports(store)}
    for report in REPORTS:
        kept = found[report.story]
        assert replace(kept, key=report.key, quad=report.quad) == replace(report, story=kept.story)


def test_merged_in_parts_is_merged_at_once(tmp_path: Path) -> None:
    with Store(tmp_path / "a") as parts, Store(tmp_path / "b") as whole:
        for start in range(0, len(REPORTS), 7):
            add(parts, REPORTS[start : start + 7])
            merged.update(parts)
        add(whole, REPORTS)
        merged.update(whole)
        assert everything(parts) == everything(whole)
        merged.update(parts, everything=True)
        assert everything(parts) == everything(whole)
        assert shape(list(merged.events(whole))) == shape(merge(REPORTS))


def test_an_update_without_news_writes_nothing(tmp_path: Path) -> None:
    with Store(tmp_path / "a") as store:
        add(store, REPORTS)
        first, second = merged.update(store), merged.update(store)
    assert (first.new, first.events) == (len(REPORTS), 21)
    assert (second.new, second.written, second.events) == (0, 0, 21)


def test_only_the_neighbourhood_is_written_again(tmp_path: Path) -> None:
    with Store(tmp_path / "a") as store:
        add(store, REPORTS[:-1])
        merged.update(store)
        add(store, REPORTS[-1:])
        assert merged.update(store) == merged.Update(new=1, gone=0, written=1, events=21)


def test_rulings_are_kept_across_merges_and_can_be_taken_back(tmp_path: Path) -> None:
    with Store(tmp_path / "a") as store:
        add(store, REPORTS)
        merged.update(store)
        before = everything(store)
        event = next(event for event in merged.events(store) if len(event.reports) == 3)
        ruling = merged.split(store, event.id, [event.reports[0].key])
        assert len(list(merged.events(store))) == 22
        merged.update(store, everything=True)
        assert len(list(merged.events(store))) == 22
        merged.undo(store, ruling.id)
        assert everything(store) == before


def test_a_join_holds_when_news_comes_in(tmp_path: Path) -> None:
    with Store(tmp_path / "a") as store:
        add(store, REPORTS[:10])
        merged.update(store)
        one, other = list(merged.events(store))[:2]
        merged.join(store, one.id, other.id)
        add(store, REPORTS[10:])
        merged.update(store)
        assert len(list(merged.events(store))) == 20
        assert merged.event(store, one.reports[0].key).id == merged.event(store, other.reports[0].key).id


def test_wrong_names_are_refused_with_what_would_work(tmp_path: Path) -> None:
    with Store(tmp_path / "a") as store:
        add(store, REPORTS[:3])
        merged.update(store)
        event = next(merged.events(store))
        with pytest.raises(ArchiveError, match="no event 'e-none'"):
            merged.event(store, "e-none")
        with pytest.raises(InputError, match="has no report 'x'; choose of"):
            merged.split(store, event.id, ["x"])
        with pytest.raises(InputError, match="leave at least one"):
            merged.split(store, event.id, [report.key for report in event.reports])
        with pytest.raises(InputError, match="no ruling 'r9'"):
            merged.undo(store, "r9")


@pytest.mark.parametrize(
    ("wanted", "number"),
    [
        (acts.Wanted(), 21),
        (acts.Wanted(country="KOR"), 4),
        (acts.Wanted(type="aid,RETREAT"), 3),
        (acts.Wanted(since="2031-11"), 4),
        (acts.Wanted(until="2031-03"), 2),
        (acts.Wanted(sources=3), 4),
        (acts.Wanted(disputed=True), 8),
    ],
)
def test_filters(tmp_path: Path, wanted: acts.Wanted, number: int) -> None:
    with Store(tmp_path / "a") as store:
        add(store, REPORTS)
        merged.update(store)
    with Reader(tmp_path / "a") as reader:
        assert acts.table(reader, wanted).num_rows == number
        assert len(list(acts.chosen(reader, wanted))) == number


def test_the_commands_merge_list_explain_split_and_undo(tmp_path: Path) -> None:
    place = str(tmp_path / "a")
    with Store(place) as store:
        add(store, REPORTS)

    def dateline(*words: str) -> str:
        return CliRunner().invoke(app, words, catch_exceptions=False).stdout

    assert f"{len(REPORTS)} new reports" in dateline("merge", place)
    assert dateline("events", "-a", place, "--country", "QAT", "-f", "jsonl").count("\n") == 2
    with Reader(place) as reader:
        event = next(acts.chosen(reader, acts.Wanted(type="RETREAT")))
    assert "Why together:" in dateline("why", event.id, "-a", place)
    assert "keeps 2 reports" in dateline("split", event.id, event.reports[0].key, "-a", place)
    assert dateline("rulings", "-a", place).startswith("r1  ")
    assert dateline("rulings", "-a", place, "--undo", "r1") == "r1: taken back\n"


def test_a_story_that_a_revision_replaces_takes_its_reports_out(tmp_path: Path) -> None:
    with Store(tmp_path / "a") as store:
        add(store, REPORTS)
        merged.update(store)
        replaced = next(report for report in merged.reports(store) if report.story == "l2")
        key = int(replaced.key.partition("#")[0], 16)
        store.change([f"INSERT INTO versions VALUES ({key}, NULL, 'original', 1, true, [])"])
        done = merged.update(store)
        assert (done.gone, done.new) == (1, 0)
        assert ["l1"] in shape(list(merged.events(store)))
        assert "l2" not in {report.story for report in merged.reports(store)}


@pytest.mark.model
def test_the_invented_year_is_merged_into_its_acts() -> None:
    bench = Path(__file__).parents[1] / "bench" / "merging.py"
    done = subprocess.run([sys.executable, str(bench)], capture_output=True, text=True, check=True, timeout=240)
    precision, recall, found = re.search(  # type: ignore[union-attr]
        r"precision ([\d.]+), recall .*: ([\d.]+)\n(?:.*\n)*contradictions found (\d+ of \d+)", done.stdout
    ).groups()
    assert min(float(precision), float(recall)) >= 0.95
    assert len(set(found.split(" of "))) == 1
