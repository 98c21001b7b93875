"""The verbs of Dateline for Python: load a coder, code a story, code many, make a frame, relate two spans.

    import dateline
    coder = dateline.load()
    result = coder.code("NAIROBI, Kenya - ...")
    result.events, result.record, result.html()

It has no loop and no rules of its own: the same pipeline serves the command line and the archive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from dateline import exports, ingest
from dateline.errors import InputError
from dateline.families import FamilyIndex, sign
from dateline.ingest.fields import digest_of, raw_of
from dateline.pipeline import Pipeline, Runner, Settings, batched, build
from dateline.records import Claim, Coded, Drop, Event, Raw, Story
from dateline.runners import Local

if TYPE_CHECKING:
    import pyarrow as pa

    from dateline.relate import Relater

# What a caller may hand over as a story. Mapping values are whatever JSON or a data frame holds.
Given = str | Path | Mapping[str, Any] | Raw | Story

_HEIGHT = 640  # pixels of the frame that a notebook shows a story in


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one story: `coded`, or `dropped` with a reason. Shows itself in notebooks."""

    outcome: Coded | Drop

    @property
    def coded(self) -> Coded | None:
        """The story with all that was found in it, None when it was dropped."""
        return self.outcome if isinstance(self.outcome, Coded) else None

    @property
    def dropped(self) -> Drop | None:
        """Where and why the story fell out, None when it was coded."""
        return self.outcome if isinstance(self.outcome, Drop) else None

    @property
    def story(self) -> Story | None:
        """The clean story, None when it was dropped."""
        return self.outcome.story if isinstance(self.outcome, Coded) else None

    @property
    def events(self) -> tuple[Event, ...]:
        """The events, in the order of the text; none for a dropped story."""
        return self.outcome.events if isinstance(self.outcome, Coded) else ()

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Who says what; none for a dropped story."""
        return self.outcome.claims if isinstance(self.outcome, Coded) else ()

    @property
    def record(self) -> exports.Json:
        """The public record ("schema": "dateline/1"), ready for `json.dumps`."""
        return exports.record(self.outcome)

    def html(self) -> str:
        """The story as one self-contained page. Raises InputError for a dropped story."""
        from dateline import show

        if isinstance(self.outcome, Drop):
            raise InputError(f"{self.outcome.id}: dropped at {self.outcome.stage}: {self.outcome.reason}")
        return show.html(self.outcome)

    def _repr_html_(self) -> str:
        """The page in a frame of its own, so that neither its styles nor its text touch the notebook."""
        if isinstance(self.outcome, Drop):
            from dateline import show

            return f"<p>{escape(show.drop_line(self.outcome))}</p>"
        page = escape(self.html(), quote=True)
        return f'<iframe sandbox="allow-popups" srcdoc="{page}" width="100%" height="{_HEIGHT}"></iframe>'


def stream(runner: Runner, given: Iterable[Raw | Drop], *, batch_size: int = 64) -> Iterator[Coded | Drop]:
    """Code stories without keeping them: one outcome for each, in order. Families hold within the stream."""
    families = FamilyIndex()
    prepared = runner.prepare(batched(given, batch_size))
    admitted = ([item if isinstance(item, Drop) else families.assign(item) for item in batch] for batch in prepared)
    return chain.from_iterable(runner.analyse(admitted))


class Coder:
    """A pipeline with its models loaded. Use `dateline.load` to make one; close it, or use it in a `with`.

    `make` builds the pipeline from the settings: give your own to swap a stage. ModelError or
    ConfigError show when the coder is made, before the first story.
    """

    def __init__(
        self, settings: Settings | None = None, *, workers: int = 1, make: Callable[[Settings], Pipeline] = build
    ) -> None:
        self._settings = settings or Settings()
        self._runner = Local(self._settings, workers, make=make)
        self._relater: Relater | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the worker processes, if there are any."""
        self._runner.close()

    def code(self, story: Given) -> Result:
        """Code one story.

        A `str` is the text itself (a page if it begins like HTML, else a plain-text scrape), a `Path`
        a file that holds one story, a mapping a record with "text" or "html" and optionally "id",
        "published", "headline" ...; its "text" is a clean body and comes back unchanged. A `Raw` or
        a `Story` is taken as it is. Raises InputError for a file that holds several stories.
        """
        results = list(self.code_many([story]))
        if len(results) != 1:
            raise InputError(f"{story}: holds {len(results)} stories; use code_many for files with several")
        return results[0]

    def code_many(self, stories: Iterable[Given], *, batch_size: int = 64) -> Iterator[Result]:
        """Code stories as they come, one result for each in the same order; a `Path` may hold many, or be a folder.

        Answers depend neither on `batch_size` nor on the number of workers.
        """
        families = FamilyIndex()
        batches = batched(chain.from_iterable(self._open(story) for story in stories), batch_size)
        admitted = (
            [item if isinstance(item, Drop) else families.assign(item) for item in self._prepare(batch)]
            for batch in batches
        )
        return (Result(outcome) for batch in self._runner.analyse(admitted) for outcome in batch)

    def _prepare(self, batch: Sequence[Raw | Drop | Story]) -> list[Story | Drop]:
        """Clean what is raw; a Story is clean already and only lacks its signature."""
        raws = [item for item in batch if not isinstance(item, Story)]
        ready = iter(next(iter(self._runner.prepare([raws])))) if raws else iter(())
        return [sign(item) if isinstance(item, Story) else next(ready) for item in batch]

    def _open(self, given: Given) -> Iterable[Raw | Drop | Story]:
        day = self._settings.published
        if isinstance(given, Raw | Story):
            return [given]
        if isinstance(given, Path):
            return ingest.read([str(given)], published=day)
        if isinstance(given, str):
            return [raw_text(given)]
        return [raw_of(given, file=None, line=None, published=day)]

    def events_table(self, results: Iterable[Result]) -> pa.Table:
        """The events of some results as one Arrow table, one row an event (`docs/api.md` lists the columns)."""
        return exports.events_table(result.outcome for result in results)

    def relate(self, text: str, source: tuple[int, int], target: tuple[int, int]) -> exports.Json:
        """What the source does to the target in a sentence: {"id", "type", "scores"}, a score for every type.

        `source` and `target` are half-open character offsets into `text`. Raises InputError for
        offsets that point outside it.
        """
        if self._relater is None:
            self._relater = relater(self._settings)
        spans = {"source": _offsets(source), "target": _offsets(target)}
        return dict(self._relater.relate([{"id": digest_of(text)[:16], "text": text, **spans}])[0])


def _offsets(span: tuple[int, int]) -> dict[str, int]:
    return {"start": span[0], "end": span[1]}


def relater(settings: Settings) -> Relater:
    """What answers `relate`, made as `settings` say: it needs the ontology and the language model alone."""
    from dateline.language import Annotator
    from dateline.ontology import load
    from dateline.relate import Relater

    return Relater(load(Path(settings.ontology) if settings.ontology else None), Annotator(settings.model))


def raw_text(text: str) -> Raw:
    """A Raw from text in hand: a page when it begins like HTML, else a plain-text scrape."""
    page = text.lstrip("\ufeff \t\r\n")[:1] == "<"
    digest = digest_of("page" if page else "scrape", text)
    return Raw(digest[:16], "page" if page else "scrape", text, digest=digest)


def load(
    ontology: str | Path | None = None,
    *,
    actors: Sequence[str | Path] = (),
    model: str | Path | None = None,
    published: str | None = None,
    workers: int = 1,
) -> Coder:
    """A coder with its models loaded.

    `ontology`: a folder, None for the PLOVER that ships. `actors`: folders of your own actors, read
    after the ones that ship. `model`: an installed spaCy pipeline or a folder, None for the pinned
    one. `published`: the ISO day of stories that show none. `workers`: processes; with more than
    one, call it under `if __name__ == "__main__":`.
    """
    settings = Settings(
        ontology=str(ontology) if ontology is not None else None,
        actors=tuple(str(folder) for folder in actors),
        model=str(model) if model is not None else None,
        published=published,
    )
    return Coder(settings, workers=workers)


def read_records(lines: Iterable[str | bytes]) -> Iterator[Result]:
    """Results from lines of JSON that `dateline code --format jsonl` wrote. InputError names the line at fault."""
    import orjson

    for number, line in enumerate(lines, 1):
        try:
            yield Result(exports.load(orjson.loads(line)))
        except (orjson.JSONDecodeError, InputError) as error:
            raise InputError(f"line {number}: {error}") from error


__all__ = ["Coder", "Given", "Result", "load", "raw_text", "read_records", "relater", "stream"]
