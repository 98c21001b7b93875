"""The Pipeline: two halves without memory (prepare, analyse), the stages between them, and the loop that runs them.

Batch in, batch out, same length, same order, and no story's answer depends on its neighbours. A
stage that fails on a story costs that story alone: it leaves as a `Drop` that names the stage and
the reason. What stops a run is a model or a configuration that can't be used, and that shows
before the first story. It refuses to remember anything: memory is the archive's business.
"""

from __future__ import annotations

import contextlib
import gc
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Protocol, TypeVar

from dateline.archive import About, Archive, Counts
from dateline.archive.segments import digest_of
from dateline.errors import ConfigError, ModelError
from dateline.records import Claim, Coded, Doc, Drop, Party, Place, Raw, Reading, Story, TimeExpression

Clean = Callable[[Sequence[Raw]], list[Story | Drop]]
Sign = Callable[[Story], Story]
Annotate = Callable[[Sequence[Story]], list[tuple[Doc, ...]]]
FindActors = Callable[[Reading], tuple[dict[int, tuple[Party, ...]], ...]]
FindTimes = Callable[[Doc, str | None], list[TimeExpression]]
FindPlaces = Callable[[Reading], tuple[Place, ...]]
FindClaims = Callable[[Reading], tuple[Claim, ...]]
Code = Callable[[Reading], Coded]

_FATAL = (ModelError, ConfigError)
T = TypeVar("T")
R = TypeVar("R")
Item = TypeVar("Item", Raw, Story, Reading)


@dataclass(frozen=True)
class Settings:
    """All that a pipeline is built from: plain values, so that a worker process can build its own.

    `ontology`: a folder, None for the one that ships. `actors`: folders of the user's own, read
    after the ones that ship. `model`: a spaCy pipeline package or folder, None for the pinned one.
    `published`: the ISO day of stories that show none.
    """

    ontology: str | None = None
    actors: tuple[str, ...] = ()
    model: str | None = None
    published: str | None = None

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The settings that were given, as text, for the run log."""
        given = (("ontology", self.ontology), ("actors", ", ".join(self.actors)), ("model", self.model))
        return tuple((name, value) for name, value in (*given, ("published", self.published)) if value)


@dataclass(frozen=True)
class Pipeline:
    """The stages by name: the types say what may follow what. Any of them may be swapped (`dataclasses.replace`).

    `about` says what the stages were made with. `prepare` and `analyse` let a `Drop` pass through.
    """

    clean: Clean
    sign: Sign
    annotate: Annotate
    actors: FindActors
    times: FindTimes
    places: FindPlaces
    claims: FindClaims
    code: Code
    about: About = field(default_factory=About)

    def prepare(self, raws: Sequence[Raw | Drop]) -> list[Story | Drop]:
        """Clean and sign: each raw story becomes a `Story`, or a `Drop` with the raw story's id and digest."""
        cleaned = _each(self.clean, [raw for raw in raws if isinstance(raw, Raw)], "clean")
        stories = (item if isinstance(item, Drop) else _one(self.sign, item, "sign") for item in cleaned)
        return [item if isinstance(item, Drop) else _named_after(item, next(stories)) for item in raws]

    def analyse(self, stories: Sequence[Story | Drop]) -> list[Coded | Drop]:
        """Annotate, find and code: each story becomes a `Coded`, with its events, or a `Drop`."""
        whole = [story for story in stories if isinstance(story, Story)]
        parsed = iter(_each(self.annotate, whole, "annotate"))
        return [item if isinstance(item, Drop) else self._decide(item, next(parsed)) for item in stories]

    def warm(self) -> None:
        """Load what stages load late, so that the first story is no slower than the next."""
        text = "The foreign ministers of France and Japan met in Geneva on Tuesday, officials of both sides said."
        self.analyse(self.prepare([Raw("warm", "body", text, published="2001-05-08")]))

    def _decide(self, story: Story, docs: tuple[Doc, ...] | Drop) -> Coded | Drop:
        if isinstance(docs, Drop):
            return docs
        reading: Reading | Drop = Reading(story, docs)
        for name, step in self._steps():
            if isinstance(reading, Drop):
                return reading
            reading = _one(step, reading, name)
        return reading if isinstance(reading, Drop) else _one(self.code, reading, "code")

    def _steps(self) -> tuple[tuple[str, Callable[[Reading], Reading]], ...]:
        return (
            ("actors", lambda reading: replace(reading, parties=self.actors(reading))),
            ("times", lambda reading: replace(reading, times=self._times(reading))),
            ("places", lambda reading: replace(reading, places=self.places(reading))),
            ("claims", lambda reading: replace(reading, claims=self.claims(reading))),
        )

    def _times(self, reading: Reading) -> tuple[TimeExpression, ...]:
        return tuple(found for doc in reading.docs for found in self.times(doc, reading.story.published))


# --------------------------------------------------------------------------- isolation


def _each(stage: Callable[[Sequence[Item]], Sequence[R]], batch: list[Item], name: str) -> list[R | Drop]:
    """`stage` over the batch; if it fails, over each item alone, so that only the ones at fault fall out."""
    if not batch:
        return []
    try:
        return [*_whole(stage, batch)]
    except _FATAL:
        raise
    except Exception:  # whatever a story does to a stage, the rest of the batch goes on
        return [_one(lambda one: _whole(stage, [one])[0], item, name) for item in batch]


def _whole(stage: Callable[[Sequence[T]], Sequence[R]], batch: list[T]) -> Sequence[R]:
    done = stage(batch)
    if len(done) != len(batch):
        raise ValueError(f"{len(batch)} stories went in and {len(done)} came out")
    return done


def _one(stage: Callable[[Item], R], item: Item, name: str) -> R | Drop:
    try:
        return stage(item)
    except _FATAL:
        raise
    except Exception as error:  # the story is quarantined with what went wrong; the run goes on
        return drop_of(item.story if isinstance(item, Reading) else item, name, error)


def drop_of(item: Raw | Story, stage: str, why: Exception | str) -> Drop:
    """The drop of a story at `stage`, traceable to its file and line."""
    first_line = next(iter(str(why).splitlines()), "")
    reason = why if isinstance(why, str) else f"{type(why).__name__}: {first_line}".removesuffix(": ")
    return Drop(item.id, stage, reason[:500], item.file, item.line, item.url, digest_of(item))


def _named_after(raw: Raw, item: Story | Drop) -> Story | Drop:
    """A story goes by the id and digest of its raw input: they are how the archive knows it again."""
    digest = digest_of(raw)
    return item if (item.id, item.digest) == (raw.id, digest) else replace(item, id=raw.id, digest=digest)


# --------------------------------------------------------------------------- the loop


class Runner(Protocol):
    """Runs the two halves over a stream of batches, in order: here, or in other processes."""

    @property
    def about(self) -> About:
        """What the pipelines were made with."""
        ...

    def prepare(self, batches: Iterable[Sequence[Raw | Drop]]) -> Iterator[list[Story | Drop]]:
        """`Pipeline.prepare` of every batch."""
        ...

    def analyse(self, batches: Iterable[Sequence[Story | Drop]]) -> Iterator[list[Coded | Drop]]:
        """`Pipeline.analyse` of every batch."""
        ...


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: its counts so far, seconds since it began, and how many inputs there are, if known."""

    counts: Counts
    seconds: float
    total: int | None = None

    @property
    def done(self) -> int:
        """Inputs that are settled."""
        return self.counts.known + self.counts.kept + self.counts.dropped

    @property
    def rate(self) -> float:
        """Stories coded or dropped a second, in this run."""
        return (self.counts.kept + self.counts.dropped) / self.seconds if self.seconds > 0 else 0.0

    @property
    def left(self) -> float | None:
        """Seconds to go, None when it can't be told."""
        return None if self.total is None or not self.rate else max(0, self.total - self.done) / self.rate


def run(
    raws: Iterable[Raw | Drop],
    archive: Archive,
    runner: Runner,
    *,
    batch_size: int = 64,
    progress: Callable[[Progress], None] | None = None,
    total: int | None = None,
) -> Counts:
    """Code all of `raws` that the archive does not hold yet, and keep it. Killed and run again, it finishes the work.

    `total`, where known, is for `progress` alone, which is called after every batch that was kept.
    """
    began = time.monotonic()
    archive.begin(runner.about)
    todo = (archive.unseen(batch) for batch in batched(raws, batch_size))
    admitted = (archive.admit(prepared) for prepared in runner.prepare(todo))  # the only step with memory
    with _models_apart():
        for analysed in runner.analyse(admitted):
            archive.write(analysed)
            if progress is not None:
                progress(Progress(archive.progress, time.monotonic() - began, total))
    return archive.finish()


@contextlib.contextmanager
def _models_apart() -> Iterator[None]:
    """Keep the garbage collector off what is loaded: it walked models and lexicons for a tenth of all time."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of `size` items, the last one shorter."""
    stream = iter(items)
    while batch := list(islice(stream, size)):
        yield batch


# --------------------------------------------------------------------------- building


def build(settings: Settings) -> Pipeline:
    """The pipeline that ships, made as `settings` say. ConfigError or ModelError when it can't be made."""
    from dateline import claims, times
    from dateline.actors import Actors
    from dateline.coding import Coder
    from dateline.families import sign
    from dateline.ingest import Cleaner
    from dateline.language import Annotator
    from dateline.ontology import load
    from dateline.places import Gazetteer

    ontology = load(Path(settings.ontology) if settings.ontology else None)
    annotator = Annotator(settings.model)
    return Pipeline(
        clean=Cleaner(published=settings.published),
        sign=sign,
        annotate=annotator,
        actors=Actors.load(tuple(Path(folder) for folder in settings.actors)).find,
        times=times.find,
        places=Gazetteer.load().find,
        claims=claims.find,
        code=Coder(ontology),
        about=About(ontology.name, ontology.digest, ((annotator.name, annotator.digest),), settings.pairs()),
    )
