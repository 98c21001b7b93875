"""Commands about ladders: check a file, see where each ladder stands, test it on the past, explain it, alert."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dateline.cli.app import ArchiveName, As, Output, _answer, app
from dateline.cli.outputs import Format, interruptible, say
from dateline.errors import ArchiveError, ConfigError

if TYPE_CHECKING:
    from dateline.ladders import Ladder, Runner

ladder_app = typer.Typer(help="Graded responses linked to what others do.", no_args_is_help=True)
app.add_typer(ladder_app, name="ladder")

LadderFile = Annotated[Path, typer.Argument(metavar="LADDERS", help="A TOML file of ladders; 'example' is ours.")]
Name = Annotated[str | None, typer.Option("--ladder", help="Only the ladder of this name.")]
Day = Annotated[str | None, typer.Option("--day", help="As of this day; the archive's last day when left out.")]
Since = Annotated[str | None, typer.Option("--since", metavar="DAY", help="First day; the archive's when left out.")]
Until = Annotated[str | None, typer.Option("--until", metavar="DAY", help="Last day; the archive's when left out.")]


def _file(path: Path) -> Path:
    if str(path) == "example":
        return Path(__file__).parents[1] / "data" / "ladders" / "korea.toml"
    return path


def _ladders(path: Path) -> tuple[Ladder, ...]:
    from dateline import ladders, ontology

    return ladders.load(_file(path), ontology.load(None))


def _ran(path: Path, archive: Path, since: str | None, until: str | None) -> tuple[Runner, str]:
    """The ladders of a file run over an archive, and the last day."""
    from dateline import ladders
    from dateline.archive import Reader, merged
    from dateline.query import day_of

    found = _ladders(path)
    with Reader(archive) as reader:
        events = list(merged.events(reader))
        first, last = reader.ask(
            "SELECT CAST(min(published) AS VARCHAR), CAST(max(published) AS VARCHAR) FROM stories"
        )[0]
    if first is None:
        raise ArchiveError(f"{archive}: no story has a date, so no day can be told; give --published when running")
    first, last = day_of(since, "since") if since else first, day_of(until, "until") if until else last
    if first > last:
        raise ConfigError(f"--since {first} is after --until {last}")
    return ladders.run(found, events, first, last), last


def _chosen(runner: Runner, name: str | None) -> list[str]:
    names = list(runner.courses)
    if name is not None and name not in names:
        raise ConfigError(f"no ladder '{name}' in the file; it has {', '.join(names)}")
    return [name] if name is not None else names


@ladder_app.command("check")
def check(path: LadderFile) -> None:
    """Check a ladder file and read it aloud."""
    for ladder in _ladders(path):
        print(f"{ladder.name}: {ladder.about}" if ladder.about else ladder.name)
        for number, rung in enumerate(ladder.rungs):
            print(f"  {number} {rung.name}" + (f": {rung.about}" if rung.about else ""))
            for joint, conditions in (("when", rung.when), ("or any of", rung.either), ("unless", rung.unless)):
                for condition in conditions:
                    print(f"      {joint} {condition.words}")
            if number:
                print(f"      held for {rung.hold} days without support")


@ladder_app.command("run")
def run(path: LadderFile, archive: ArchiveName, day: Day = None, name: Name = None) -> None:
    """Print where each ladder stands on a day, since when, and what changed."""
    from dateline.ladders import tell_changes

    runner, last = _ran(path, archive, None, day)
    for one in _chosen(runner, name):
        course = runner.courses[one]
        standing = course.on(last)
        rung = course.ladder.rungs[standing.level]
        print(
            f"{one}, {last}: '{rung.name}' (rung {standing.level} of {len(course.ladder.rungs) - 1}), since {standing.since}"
        )
        print(tell_changes(course, last))


@ladder_app.command("explain")
def explain(path: LadderFile, archive: ArchiveName, day: Day = None, name: Name = None) -> None:
    """Explain where each ladder stands: the evidence, what is missing, what would move it up or down."""
    from dateline import ladders

    runner, last = _ran(path, archive, None, day)
    with interruptible(lambda: "the answer is not complete"):
        print("\n\n".join(ladders.explain(runner, one, last) for one in _chosen(runner, name)))


@ladder_app.command("backtest")
def backtest(
    path: LadderFile,
    archive: ArchiveName,
    since: Since = None,
    until: Until = None,
    name: Name = None,
    intended: Annotated[Path | None, typer.Option(help="CSV (day, ladder, rung) to compare with.")] = None,
    kind: As = Format.TABLE,
    output: Output = None,
) -> None:
    """Run ladders over an archive's past: every stay on every rung, and how it compares with what was intended."""
    import pyarrow as pa

    from dateline.ladders import backtest as past

    runner, _ = _ran(path, archive, since, until)
    names = _chosen(runner, name)
    rows = [spell for one in names for spell in past.spells(runner.courses[one])]
    columns: dict[str, list[Any]] = {  # Any: one type a column
        "ladder": [row.ladder for row in rows],
        "rung": [row.rung for row in rows],
        "first": [row.first for row in rows],
        "last": [row.last for row in rows],
        "days": [row.days for row in rows],
        "evidence": [" ".join(row.evidence) for row in rows],
    }
    _answer(pa.table(columns), kind, output)
    if intended is not None:
        wanted = past.intentions(intended, runner.ladders)
        for one in names:
            _say_agreement(one, past.compare(runner.courses[one], wanted.get(one, [])))


def _say_agreement(name: str, found: Any) -> None:  # Any: ladders.backtest.Agreement, which is imported late
    say(f"{name}: {found.right} of {found.days} days on the intended rung")
    for day, rung, made in found.moves:
        if made != day:
            say(f"  intended '{rung}' on {day}, " + (f"came on {made}" if made else "never came within 30 days"))
    for day, rung in found.extra:
        say(f"  '{rung}' on {day} was not intended")


@ladder_app.command("alert")
def alert(
    path: LadderFile,
    archive: ArchiveName,
    rules: Annotated[Path, typer.Option("--alerts", help="TOML file that says which moves go where.")],
    day: Day = None,
    ledger: Annotated[Path | None, typer.Option(help="What was delivered; alerts.jsonl in the archive.")] = None,
) -> None:
    """Tell of every move up to a day that was not told before."""
    from dateline import alerts

    wanted = alerts.load(rules)
    runner, last = _ran(path, archive, None, day)
    kept = alerts.Ledger(ledger or archive / "alerts.jsonl")
    outcomes = alerts.deliver(wanted, runner.courses.values(), kept, until=last)
    failed = [one for one in outcomes if one.result not in ("delivered", "before")]
    for one in failed:
        say(f"{one.rule.channel}: {one.message.subject}: {one.result}")
    done = sum(one.result == "delivered" for one in outcomes)
    say(
        f"{done} delivered, {len(outcomes) - done - len(failed)} told before, {len(failed)} failed, {datetime.now(UTC):%F %TZ}"
    )
    if failed:
        raise typer.Exit(1)
