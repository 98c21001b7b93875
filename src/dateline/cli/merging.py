"""Commands about merged events: bring them up to date, list them, explain one, and rule on them by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dateline.cli.app import ArchiveName, As, Output, _answer, app
from dateline.cli.outputs import Format, interruptible, opened, say

EventName = Annotated[str, typer.Argument(metavar="EVENT", help="An event's id, its start, or the key of a report.")]


@app.command()
def merge(
    archive: Annotated[Path, typer.Argument(help="Folder of the archive.")],
    everything: Annotated[bool, typer.Option("--all", help="Merge all reports again, not only what is new.")] = False,
) -> None:
    """Merge the reports of an archive into events: only what is new, with its neighbours."""
    from dateline.archive import Store, merged

    kept = f"what was merged is kept in {archive}; run the same command again to finish"
    with interruptible(lambda: kept), Store(archive) as store:
        done = merged.update(store, everything=everything)
    gone = f", {done.gone} gone or changed" if done.gone else ""
    print(f"{done.new} new reports{gone}: {done.written} events written, {done.events} events in {archive}")


@app.command()
def events(
    archive: ArchiveName,
    country: Annotated[str | None, typer.Option(help="Country code of a source or a target.")] = None,
    event_type: Annotated[str | None, typer.Option("--type", help="Event types, with commas.")] = None,
    since: Annotated[str | None, typer.Option(metavar="DAY", help="From this day, month or year on.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="Up to this day, month or year.")] = None,
    sources: Annotated[int, typer.Option(min=1, help="Independent sources at least.")] = 1,
    disputed: Annotated[
        bool, typer.Option("--disputed", help="Only events whose reports contradict each other.")
    ] = False,
    kind: As = Format.TABLE,
    output: Output = None,
) -> None:
    """List the merged events of an archive that pass every filter."""
    from dateline import acts, exports
    from dateline.archive import Reader
    from dateline.merge import event_json

    wanted = acts.Wanted(country, event_type, since, until, sources, disputed)
    with Reader(archive) as reader:
        if kind is Format.JSONL:
            with interruptible(lambda: "the answer is not complete"), opened(output) as stream:
                stream.writelines(exports.json_line(event_json(event)) for event in acts.chosen(reader, wanted))
            return
        rows = acts.table(reader, wanted)
    _answer(rows, kind, output)
    if kind is Format.TABLE and not rows.num_rows:
        say("no event answers")


@app.command()
def why(event: EventName, archive: ArchiveName) -> None:
    """Explain an event: its reports, why they are together, what spoke against, what is disputed."""
    from dateline.archive import Reader, merged
    from dateline.merge import why as explained
    from dateline.show.marks import one_line

    with Reader(archive) as reader, interruptible(lambda: "the answer is not complete"):
        for line in explained(merged.event(reader, event), merged.rulings(archive)):
            print(line[: len(line) - len(line.lstrip())] + one_line(line))


@app.command()
def split(
    event: EventName,
    reports: Annotated[list[str], typer.Argument(metavar="REPORT", help="Keys of the reports that are another act.")],
    archive: ArchiveName,
) -> None:
    """Rule that some reports of an event are another act."""
    from dateline.archive import Store, merged

    with Store(archive) as store:
        ruling = merged.split(store, event, reports)
        made = [merged.event(store, key) for key in (ruling.left[0], ruling.right[0])]
    print(f"{ruling.id}: {made[1].id} keeps {len(made[1].reports)} reports, {made[0].id} has {len(made[0].reports)}")


@app.command()
def join(
    event: EventName,
    other: Annotated[str, typer.Argument(metavar="EVENT", help="The event that is the same act.")],
    archive: ArchiveName,
) -> None:
    """Rule that two events are one act."""
    from dateline.archive import Store, merged

    with Store(archive) as store:
        ruling = merged.join(store, event, other)
        made = merged.event(store, ruling.left[0])
    print(f"{ruling.id}: {made.id} has {len(made.reports)} reports")


@app.command()
def rulings(
    archive: ArchiveName,
    undo: Annotated[str | None, typer.Option("--undo", metavar="RULING", help="Take this ruling back.")] = None,
) -> None:
    """List the rulings made by hand, or take one back."""
    from dateline.archive import Store, merged

    if undo is not None:
        with Store(archive) as store:
            merged.undo(store, undo)
        print(f"{undo}: taken back")
        return
    for ruling in merged.rulings(archive).made:
        print(f"{ruling.id}  {ruling.made}  {ruling.kind}: {', '.join(ruling.left)} | {', '.join(ruling.right)}")
