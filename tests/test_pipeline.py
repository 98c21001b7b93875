"""The two halves and the loop: nothing lost, nothing doubled, and one bad story costs one story."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline.errors import ModelError
from dateline.pipeline import Pipeline, Progress, Settings, batched, run
from dateline.records import Coded, Doc, Drop, Raw, Story
from dateline.runners import Local
from dateline.testing import MemoryArchive, fake_pipeline

TEXTS = ("Norland attacked Sudland today", "Calm seas at the port", " ", "Envoys met and Ostia attacked Vestia again")


def raws(*texts: str) -> list[Raw | Drop]:
    return [Raw(f"s{i}", "body", text, published="2024-03-05") for i, text in enumerate(texts)]


def outcomes(pipeline: Pipeline, batch: Sequence[Raw | Drop]) -> list[Coded | Drop]:
    return pipeline.analyse(pipeline.prepare(batch))


def ran(pipeline: Pipeline, batch: Sequence[Raw | Drop], **options: Any) -> MemoryArchive:  # Any: run's own options
    archive = MemoryArchive()
    run(batch, archive, Local(Settings(), make=lambda _: pipeline), **options)
    return archive


def bad(word: str, stage: Callable[..., Any], fault: Exception | None = None) -> Callable[..., Any]:  # Any: any stage
    """`stage`, but it fails on whatever holds `word`."""

    def failing(given: Any) -> Any:
        if word in repr(given):
            raise fault or ValueError(f"no good:\n{word}")
        return stage(given)

    return failing


def test_every_story_leaves_by_one_of_two_doors_in_order() -> None:
    done = outcomes(fake_pipeline(), [*raws(*TEXTS), Drop("line 9", "read", "broken")])
    assert [isinstance(item, Drop) for item in done] == [False, False, True, False, True]
    assert [item.id if isinstance(item, Drop) else item.story.id for item in done] == ["s0", "s1", "s2", "s3", "line 9"]


@pytest.mark.parametrize("stage", ["clean", "sign", "annotate", "actors", "places", "claims", "code"])
def test_a_stage_that_fails_costs_the_story_at_fault(stage: str) -> None:
    pipeline = fake_pipeline()
    poisoned = replace(pipeline, **{stage: bad("Ostia", getattr(pipeline, stage))})
    done = outcomes(poisoned, raws(*TEXTS))
    assert done[:3] == outcomes(pipeline, raws(*TEXTS))[:3]
    assert isinstance(done[3], Drop)
    assert (done[3].id, done[3].stage, done[3].reason) == ("s3", stage, "ValueError: no good:")


def test_times_that_fail_name_their_stage() -> None:
    def find(doc: Doc, published: str | None) -> list[Any]:  # Any: never returns one
        raise OverflowError("year 99999")

    [done] = outcomes(replace(fake_pipeline(), times=find), raws(TEXTS[0]))
    assert isinstance(done, Drop) and done.stage == "times"


def test_a_stage_that_loses_a_story_is_caught() -> None:
    pipeline = fake_pipeline()
    lossy = replace(pipeline, annotate=lambda stories: pipeline.annotate(stories)[1:])
    assert [isinstance(item, Drop) for item in outcomes(lossy, raws(*TEXTS[:2]))] == [True, True]


def test_a_missing_model_stops_the_run_before_it_keeps_anything() -> None:
    pipeline = fake_pipeline()
    archive = MemoryArchive()
    broken = replace(pipeline, annotate=bad("Norland", pipeline.annotate, ModelError("no weights")))
    with pytest.raises(ModelError, match="no weights"):
        run(raws(*TEXTS), archive, Local(Settings(), make=lambda _: broken))
    assert not archive.kept and not archive.dropped


def test_a_story_keeps_the_id_and_digest_of_its_raw_input() -> None:
    pipeline = fake_pipeline()

    def renaming(batch: Sequence[Raw]) -> list[Story | Drop]:
        return [replace(item, id="other", digest="") for item in pipeline.clean(batch)]

    kept = replace(pipeline, clean=renaming).prepare([Raw("mine", "body", "Some text", digest="abc")])
    assert [(item.id, item.digest) for item in kept] == [("mine", "abc")]


@settings(max_examples=25, deadline=None)  # each example makes an archive on disk
@given(st.lists(st.sampled_from(TEXTS), max_size=12), st.integers(1, 7))
def test_read_is_known_and_kept_and_dropped_whatever_the_batches(texts: list[str], size: int) -> None:
    archive = ran(fake_pipeline(), raws(*texts), batch_size=size)
    assert archive.progress.balanced and archive.progress.read == len(texts)
    assert (archive.kept, archive.dropped) == (lambda a: (a.kept, a.dropped))(ran(fake_pipeline(), raws(*texts)))


def test_the_same_input_twice_in_one_run_is_kept_once() -> None:
    archive = ran(fake_pipeline(), [*raws(*TEXTS), *raws(*TEXTS)], batch_size=3)
    assert (archive.progress.read, archive.progress.known, archive.progress.kept) == (8, 4, 3)


def test_progress_counts_up_to_the_total() -> None:
    seen: list[Progress] = []
    ran(fake_pipeline(), raws(*TEXTS), batch_size=2, progress=seen.append, total=4)
    assert [step.done for step in seen] == [2, 4]
    assert seen[-1].left == 0 and seen[0].rate > 0


def test_batches_are_full_but_the_last() -> None:
    assert list(batched(range(5), 2)) == [[0, 1], [2, 3], [4]]


@pytest.mark.model
def test_the_pipeline_that_ships_codes_a_story(coded_text: Callable[[str], Coded]) -> None:
    coded = coded_text("France condemned Russia on Monday over the attack on Odesa.")
    assert "Russia" in {party.actor.name for event in coded.events for party in event.targets}
    text = coded.story.text
    assert all(text[event.trigger.start : event.trigger.end] == event.trigger_text for event in coded.events)
