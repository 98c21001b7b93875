"""A pipeline whose stages are fakes: every story becomes the showcase, except what asks to be dropped or to fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dateline.families import sign
from dateline.pipeline import Pipeline, Settings
from dateline.records import Coded, Drop, Raw, Reading, Story
from dateline.runners import Local
from showcase import CODED, STORY


def _clean(raws: Sequence[Raw]) -> list[Story | Drop]:
    return [
        Drop(raw.id, "clean", "it asks to be dropped", raw.file, raw.line)
        if "DROP" in raw.text
        else replace(STORY, id=raw.id, file=raw.file, line=raw.line, digest=raw.digest)
        for raw in raws
    ]


def _code(reading: Reading) -> Coded:
    return replace(CODED, story=reading.story)


def make(settings: Settings) -> Pipeline:
    """What `pipeline.build` makes, of fakes."""
    return Pipeline(
        clean=_clean,
        sign=sign,
        annotate=lambda stories: [() for _ in stories],
        actors=lambda reading: (),
        times=lambda doc, day: [],
        places=lambda reading: (),
        claims=lambda reading: (),
        code=_code,
    )


def runner(settings: Settings, workers: int) -> Local:
    """What the command line runs on."""
    return Local(settings, make=make)
