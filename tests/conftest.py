"""Fixtures that more than one test module needs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dateline.pipeline import Pipeline
from dateline.records import Coded, Drop, Raw


@pytest.fixture(scope="session")
def pipeline() -> Pipeline:
    """The pipeline that ships."""
    from dateline.pipeline import Settings, build

    return build(Settings())


@pytest.fixture(scope="session")
def coded_text(pipeline: Pipeline) -> Callable[[str], Coded]:
    """Text to events by the whole default pipeline, as one clean body published on 2021-06-16."""

    def code(text: str) -> Coded:
        [story] = pipeline.prepare([Raw(id="text", kind="body", text=text, published="2021-06-16")])
        assert not isinstance(story, Drop), story
        [coded] = pipeline.analyse([story])
        assert not isinstance(coded, Drop), coded
        return coded

    return code
