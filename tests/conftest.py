"""Fixtures that more than one test module needs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dateline.records import Coded, Drop, Raw


@pytest.fixture(scope="session")
def coded_text() -> Callable[[str], Coded]:
    """Text to events by the whole default pipeline, as one clean body published on 2021-06-16."""
    from dateline.pipeline import Settings, build

    pipeline = build(Settings())

    def code(text: str) -> Coded:
        [story] = pipeline.prepare([Raw(id="text", kind="body", text=text, published="2021-06-16")])
        assert not isinstance(story, Drop), story
        [coded] = pipeline.analyse([story])
        assert not isinstance(coded, Drop), coded
        return coded

    return code
