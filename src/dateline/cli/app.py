"""The commands and their options. Each parses, calls one verb of the library and prints what came back."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer

from dateline.cli.outputs import ALL_DROPPED, Format, Sink, interruptible, opened, say, write_relations, write_rows
from dateline.cli.progress import meter, stories_in
from dateline.errors import ArchiveError, ConfigError, DatelineError, InputError
from dateline.records import Coded, Drop, Raw

if TYPE_CHECKING:
    from dateline.archive import Counts
    from dateline.pipeline import Settings
    from dateline.relate import Relater
    from dateline.runners import Local

app = typer.Typer(
    help="Newswire in, political events out: who did what to whom, when, where, and according to whom.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
actors_app = typer.Typer(help="Check actor folders.", no_args_is_help=True)
ontology_app = typer.Typer(help="Show and check ontologies.", no_args_is_help=True)
archive_app = typer.Typer(help="Look after an archive.", no_args_is_help=True)
app.add_typer(actors_app, name="actors")
app.add_typer(ontology_app, name="ontology")
app.add_typer(archive_app, name="archive")

Inputs = Annotated[
    list[str], typer.Argument(metavar="INPUT", help="Files, folders, globs, - for standard input, or http(s) URLs.")
]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Write here instead of standard output.")]
As = Annotated[Format, typer.Option("--format", "-f", help="Shape of the answer.")]
Workers = Annotated[int, typer.Option("--workers", "-w", min=1, help="Processes to work in.")]
OntologyFolder = Annotated[
    str | None, typer.Option("--ontology", help="Folder of an ontology; the PLOVER that ships when left out.")
]
ActorFolders = Annotated[
    list[str] | None, typer.Option("--actors", help="Folder of your own actors, read after ours; may be repeated.")
]
Model = Annotated[str | None, typer.Option("--model", help="A spaCy pipeline of your own: package name or folder.")]
Published = Annotated[str | None, typer.Option("--published", metavar="DAY", help="ISO day of stories that show none.")]
ArchiveName = Annotated[Path, typer.Option("--archive", "-a", help="Folder of the archive.")]


def _version(asked: bool) -> None:
    if asked:
        show_version()
        raise typer.Exit


@app.callback()
def root(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", is_eager=True, callback=_version)
    ] = False,
) -> None:
    """Options before the command."""


# --------------------------------------------------------------------------- code and run


@app.command()
def code(
    inputs: Inputs,
    kind: As = Format.TABLE,
    output: Output = None,
    workers: Workers = 1,
    ontology: OntologyFolder = None,
    published: Published = None,
    model: Model = None,
    actors: ActorFolders = None,
) -> None:
    """Code stories and write their events, keeping nothing."""
    from dateline.api import stream

    settings = _settings(ontology, published, model, actors)
    raws = _counted(_read(inputs, published))
    dropped = 0
    with Sink(kind, output) as sink, interruptible(lambda: _partial(sink)), _runner(settings, workers) as runner:
        watched = kind is Format.TABLE and output is None and sys.stdout.isatty()
        with meter(quiet=watched) as progress:
            total = stories_in(inputs)
            for outcome in stream(runner, raws, batch_size=8 if watched else 64):
                sink.write(outcome)
                if isinstance(outcome, Drop):
                    dropped += 1
                    if kind is not Format.JSONL:
                        _say_drop(outcome)
                progress.show(sink.written, dropped, total)
    _close(sink.written, dropped, f"{sink.written - dropped} coded, {dropped} dropped of {sink.written} read")


@app.command()
def run(
    inputs: Inputs,
    archive: ArchiveName,
    workers: Workers = 1,
    ontology: OntologyFolder = None,
    published: Published = None,
    model: Model = None,
    actors: ActorFolders = None,
) -> None:
    """Code stories and keep them in an archive. Run again, it codes only what is new; killed, it finishes."""
    from dateline import pipeline
    from dateline.archive import Store

    settings = _settings(ontology, published, model, actors)
    drops: Counter[str] = Counter()
    raws = _read(inputs, published)
    kept = f"what was done is kept in {archive}; run the same command again to finish"
    with interruptible(lambda: kept), _runner(settings, workers) as runner, Store(archive) as store:
        with meter() as progress:

            def show(state: pipeline.Progress) -> None:
                progress.show(state.done, state.counts.dropped, state.total)

            counts = pipeline.run(raws, store, runner, progress=show, total=stories_in(inputs))
        drops.update(dict(store.ask("SELECT stage || ': ' || reason, count(*) FROM drops GROUP BY 1 ORDER BY 2 DESC")))
    _summary(counts, archive, drops)


def _summary(counts: Counts, archive: Path, drops: Counter[str]) -> None:
    if counts.nothing_new:
        print(f"nothing new: all {counts.known} stories were in {archive} already")
    else:
        known = f", {counts.known} known already" if counts.known else ""
        print(f"read {counts.read}: {counts.kept} kept ({counts.copies} copies), {counts.dropped} dropped{known}")
        print(f"{counts.events} events in {archive}")
    if counts.dropped:
        for reason, number in drops.most_common(5):
            say(f"dropped {number}: {reason}")
    if not counts.balanced:
        sums = f"{counts.read} read, but {counts.known} known, {counts.kept} kept, {counts.dropped} dropped"
        raise DatelineError(f"{archive}: {sums}: a story was lost; please report it")
    _close(counts.read - counts.known, counts.dropped, None)


def _close(read: int, dropped: int, summary: str | None) -> None:
    """The last word: exit code 5 when everything that was read fell out."""
    if summary and (dropped or sys.stderr.isatty()):
        say(summary)
    if read and read == dropped:
        raise typer.Exit(ALL_DROPPED)


def _partial(sink: Sink) -> str:
    return f"{sink.written} stories are written" + (f" to {sink.output}" if sink.output else "")


def _settings(ontology: str | None, published: str | None, model: str | None, actors: list[str] | None) -> Settings:
    from datetime import date

    from dateline.pipeline import Settings

    if published is not None:
        try:
            published = date.fromisoformat(published).isoformat()
        except ValueError as error:
            raise ConfigError(f"--published {published}: not an ISO day; write it like 2024-11-28") from error
    return Settings(ontology, tuple(actors or ()), model, published)


def _runner(settings: Settings, workers: int) -> Local:
    from dateline.runners import Local

    return Local(settings, workers)


def _read(inputs: list[str], published: str | None) -> Iterator[Raw | Drop]:
    from dateline import ingest

    return ingest.read(inputs, published=published)


def _counted(raws: Iterable[Raw | Drop]) -> Iterator[Raw | Drop]:
    """The same stories; InputError when there is none at all."""
    empty = True
    for raw in raws:
        empty = False
        yield raw
    if empty:
        raise InputError("the inputs hold no story; name a file, a folder or a URL that does")


def _say_drop(drop: Drop) -> None:
    from dateline import show

    say(show.drop_line(drop))


# --------------------------------------------------------------------------- query

Party = "a country code (KOR, UNO), an actor id or part of a name."


@app.command()
def query(
    archive: ArchiveName,
    actor: Annotated[str | None, typer.Option(help=f"Source or target: {Party}")] = None,
    country: Annotated[str | None, typer.Option(help="Country code of a source or a target.")] = None,
    source: Annotated[str | None, typer.Option(help=f"Who acts: {Party}")] = None,
    target: Annotated[str | None, typer.Option(help=f"Toward whom: {Party}")] = None,
    dyad: Annotated[str | None, typer.Option(metavar="A,B", help="Country codes of a source and a target.")] = None,
    event_type: Annotated[str | None, typer.Option("--type", help="Event types, with commas.")] = None,
    mode: Annotated[str | None, typer.Option(help="Modes, with commas.")] = None,
    status: Annotated[str | None, typer.Option(help="Statuses, with commas: asserted, negated, future ...")] = None,
    speaker: Annotated[str | None, typer.Option(help=f"Who says so: {Party}")] = None,
    since: Annotated[str | None, typer.Option(metavar="DAY", help="From this day, month or year on.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="Up to this day, month or year.")] = None,
    min_confidence: Annotated[float | None, typer.Option(help="At least this, 0 to 1.")] = None,
    story: Annotated[str | None, typer.Option(help="A story's id, or how it begins.")] = None,
    text: Annotated[str | None, typer.Option(help="Words that stand in the sentence.")] = None,
    copies: Annotated[bool, typer.Option(help="Give the events of copies of a story too.")] = True,
    limit: Annotated[int | None, typer.Option(help="Rows at most.")] = None,
    kind: As = Format.TABLE,
    output: Output = None,
) -> None:
    """Answer with the events of an archive that pass every filter."""
    from dateline import exports, show
    from dateline import query as questions
    from dateline.archive import Reader

    given = questions.Question(
        actor=actor, country=country, source=source, target=target, dyad=dyad.replace(",", "-") if dyad else None,
        type=event_type, mode=mode, status=status, speaker=speaker, since=since, until=until,
        confidence=min_confidence, story=story, text=text, copies=copies, limit=limit,
    )  # fmt: skip
    with Reader(archive) as reader, interruptible(lambda: "the answer is not complete"):
        if kind is Format.JSONL:
            records = questions.records(reader, given)
            with opened(output) as stream:
                stream.writelines(exports.json_line(record) for record in records)
            return
        found = questions.table(reader, given)
        with opened(output) as stream:
            write_rows(found, kind, stream, lambda rows: show.answers(rows.to_pylist(), fold=stream.isatty()))
    if kind is Format.TABLE and not found.num_rows:
        say("no event answers")


# --------------------------------------------------------------------------- show


@app.command()
def show(
    story: Annotated[str, typer.Argument(metavar="STORY", help="A story's id with --archive, else a file to code.")],
    archive: Annotated[Path | None, typer.Option("--archive", "-a", help="Folder of the archive.")] = None,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write a self-contained page here; a folder for several stories.")
    ] = None,
    ontology: OntologyFolder = None,
    published: Published = None,
    model: Model = None,
    actors: ActorFolders = None,
) -> None:
    """Show a story with its evidence: from an archive, or coded now from a file."""
    from dateline import show as views

    settings = _settings(ontology, published, model, actors)
    found = [_archived(story, archive)] if archive is not None else _coded_now(story, settings)
    if html is not None:
        for path, coded in _pages(html, found):
            path.write_text(views.html(coded), encoding="utf-8", errors="replace")
            print(path)
        return
    with interruptible(lambda: "nothing was written"):
        console = views.plain_console(sys.stdout)
        for coded in found:
            console.print(views.story_text(coded))


def _archived(story: str, archive: Path) -> Coded:
    from dateline import exports
    from dateline.archive import Reader

    with Reader(archive) as reader:
        found = exports.load(reader.story(story))
    if isinstance(found, Drop):
        raise InputError(f"{archive}: story '{story}' was dropped at {found.stage}: {found.reason}")
    return found


def _coded_now(story: str, settings: Settings) -> list[Coded]:
    from dateline.api import stream

    with _runner(settings, 1) as runner:
        outcomes = list(stream(runner, _counted(_read([story], settings.published))))
    for outcome in outcomes:
        if isinstance(outcome, Drop):
            _say_drop(outcome)
    found = [outcome for outcome in outcomes if isinstance(outcome, Coded)]
    if not found:
        raise typer.Exit(ALL_DROPPED)
    return found


def _pages(html: Path, found: list[Coded]) -> Iterator[tuple[Path, Coded]]:
    if html.is_dir():
        yield from ((html / f"{number:04}.html", coded) for number, coded in enumerate(found, 1))
    elif len(found) > 1:
        raise ConfigError(f"--html {html}: {len(found)} stories need a folder that exists; make it, or name one story")
    else:
        yield html, found[0]


# --------------------------------------------------------------------------- relate


@app.command()
def relate(
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT", help="JSON Lines files, or - for standard input.")],
    kind: As = Format.TABLE,
    output: Output = None,
    ontology: OntologyFolder = None,
    model: Model = None,
) -> None:
    """Say, for sentences with a source and a target marked, what the source does to the target."""
    from dateline.api import relater
    from dateline.pipeline import batched

    answerer = relater(_settings(ontology, None, model, None))
    rows = (answer for batch in batched(_items(inputs), 256) for answer in _related(answerer, batch))
    with interruptible(lambda: "the answer is not complete"), opened(output) as stream:
        write_relations(rows, kind, stream)


def _items(inputs: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:  # Any: parsed JSON
    """Each JSON object with where it stands, as "file:line"."""
    import orjson

    for given in inputs:
        with _json_lines(given) as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                try:
                    item = orjson.loads(line)
                except orjson.JSONDecodeError as error:
                    raise InputError(f"{given}:{number}: not JSON: {error}") from error
                if not isinstance(item, dict):
                    raise InputError(f"{given}:{number}: not an object with id, text, source and target")
                yield f"{given}:{number}", item


@contextmanager
def _json_lines(given: str) -> Iterator[IO[bytes]]:
    if given == "-":
        yield sys.stdin.buffer
        return
    try:
        with Path(given).open("rb") as lines:
            yield lines
    except OSError as error:
        raise InputError(f"{given}: {error.strerror or error}; name a file of JSON Lines, or -") from error


def _related(answerer: Relater, batch: list[tuple[str, dict[str, Any]]]) -> Iterable[dict[str, Any]]:  # Any: JSON
    """Answers of a batch; when an item is at fault, the error says where it stands."""
    try:
        return answerer.relate([item for _, item in batch])
    except InputError:
        for where, item in batch:
            try:
                answerer.relate([item])
            except InputError as error:
                raise InputError(f"{where}: {error}") from error
        raise


# --------------------------------------------------------------------------- smaller commands


@app.command()
def schema() -> None:
    """Print the JSON Schema of the public record."""
    from dateline.exports import schema_text

    sys.stdout.write(schema_text())


@app.command("version")
def show_version() -> None:
    """Print the version of Dateline and of the model it is pinned to."""
    import dateline
    from dateline import language

    print(f"dateline {dateline.__version__}, record dateline/1, model {language.PACKAGE} {language.VERSION}")


def _checked(folder: Path, check: Callable[[Path], str]) -> None:
    """Say what a folder holds; whatever is wrong with it is raised by the check."""
    print(f"{folder}: {check(folder)}")


@actors_app.command("check")
def actors_check(folder: Annotated[Path, typer.Argument(help="Folder of actors.")]) -> None:
    """Check a folder of your own actors: every file, every line."""
    from dateline import actors

    if not folder.is_dir():
        raise ConfigError(f"{folder}: no such folder of actors")
    wrong = actors.check(folder)
    for sentence in wrong:
        print(sentence)
    if wrong:
        raise ConfigError(f"{folder}: {len(wrong)} contradictions, listed above")
    print(f"{folder}: no contradictions")


@ontology_app.command("show")
def ontology_show(
    kind: Annotated[str | None, typer.Argument(metavar="TYPE", help="One event type; all when left out.")] = None,
    ontology: OntologyFolder = None,
) -> None:
    """Print the event types of an ontology, or one type with its modes and trigger words."""
    from dateline.ontology import load

    found = load(Path(ontology) if ontology else None)
    if kind is None:
        print(f"{found.name} {found.version}, scale {found.scale_id}")
        for name, event_type in found.types.items():
            modes = ", ".join(event_type.modes)
            print(f"{name:12} quad {event_type.quad}  score {event_type.score:5g}  {modes}".rstrip())
        return
    if kind.upper() not in found.types:
        raise ConfigError(f"ontology {found.name} has no type '{kind}'; choose from {', '.join(found.types)}")
    _print_type(found, kind.upper())


def _print_type(found: Any, name: str) -> None:  # Any: dateline.ontology.Ontology, which is imported late
    event_type = found.types[name]
    print(f"{name}: quad {event_type.quad}, score {event_type.score:g}, CAMEO {event_type.cameo}")
    for mode, about in event_type.modes.items():
        print(f"  {mode}" + (f"  score {about.score:g}" if about.score is not None else ""))
    words = sorted(word for word, triggers in found.triggers.items() if any(t.type == name for t in triggers))
    print(f"{len(words)} trigger words: {', '.join(words)}")


@ontology_app.command("check")
def ontology_check(folder: Annotated[Path, typer.Argument(help="Folder of the ontology.")]) -> None:
    """Check an ontology folder: every file, every line."""
    from dateline import ontology

    def check(place: Path) -> str:
        found = ontology.load(place)
        words, examples = sum(map(len, found.triggers.values())), len(ontology.examples(place))
        held = f"{len(found.types)} types, {words} triggers, {examples} examples"
        return f"{found.name} {found.version}: {held}, digest {found.digest[:12]}"

    _checked(folder, check)


@archive_app.command("check")
def archive_check(archive: Annotated[Path, typer.Argument(help="Folder of the archive.")]) -> None:
    """Check that an archive's sums add up."""
    from dateline.archive import Reader

    with Reader(archive) as reader:
        wrong, counts = reader.check(), reader.counts()
    if wrong:
        raise ArchiveError(f"{archive}: {'; '.join(wrong)}; try: dateline archive rebuild {archive}")
    print(f"{archive}: well; " + ", ".join(f"{number} {name}" for name, number in counts.items()))


@archive_app.command("log")
def archive_log(
    archive: Annotated[Path, typer.Argument(help="Folder of the archive.")],
    kind: As = Format.TABLE,
    output: Output = None,
) -> None:
    """Print the run log: program, ontology, models, counts in and out."""
    from dateline.archive import Reader

    with Reader(archive) as reader:
        runs = reader.table("SELECT * FROM runs ORDER BY started, run")
    _answer(runs, kind, output)


@archive_app.command("rebuild")
def archive_rebuild(archive: Annotated[Path, typer.Argument(help="Folder of the archive.")]) -> None:
    """Make an archive's database again from its segments."""
    from dateline.archive import rebuild

    rebuild(archive)
    print(f"{archive}: rebuilt from its segments")


def _answer(rows: Any, kind: Format, output: Path | None) -> None:  # Any: pyarrow.Table, which has no types
    """An Arrow table in the shape asked for."""
    from dateline import show

    with interruptible(lambda: "the answer is not complete"), opened(output) as stream:
        write_rows(rows, kind, stream, show.rows_table)


# Commands that stand in files of their own join the app when they are imported; they need what is above.
from dateline.cli import charting as _charting  # noqa: E402, F401
from dateline.cli import laddering as _laddering  # noqa: E402, F401
from dateline.cli import merging as _merging  # noqa: E402, F401
from dateline.cli import training as _training  # noqa: E402, F401
