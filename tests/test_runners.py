"""Runners: the same answers from any number of workers, and a story that kills its worker costs itself alone."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace

import pytest

from dateline.errors import ConfigError, DatelineError, ModelError
from dateline.pipeline import Pipeline, Settings, run
from dateline.records import Coded, Drop, Raw, Reading
from dateline.runners import Local
from dateline.testing import MemoryArchive, fake_pipeline

TEXTS = [
    "Norland attacked Sudland today",
    "Calm seas",
    "",
    *(f"Envoy {i} attacked dogma {i} in print" for i in range(20)),
]


def hostile(settings: Settings) -> Pipeline:
    """A pipeline that dies, hangs or can't go on where the text says so."""
    pipeline = fake_pipeline(settings)

    def code(reading: Reading) -> Coded:
        if "KILL" in reading.story.text:
            os.kill(os.getpid(), signal.SIGKILL)
        if "HANG" in reading.story.text:
            time.sleep(60)
        if "STOP" in reading.story.text:
            raise ModelError("the weights are gone")
        return pipeline.code(reading)

    return replace(pipeline, code=code)


def homeless(settings: Settings) -> Pipeline:
    raise ModelError("no model here")


def stillborn(settings: Settings) -> Pipeline:
    os._exit(7)


def raws(texts: list[str]) -> list[Raw]:
    return [Raw(f"s{i}", "body", text, published="2024-03-05") for i, text in enumerate(texts)]


def archived(texts: list[str], runner: Local, batch_size: int) -> MemoryArchive:
    archive = MemoryArchive()
    with runner:
        counts = run(raws(texts), archive, runner, batch_size=batch_size)
    assert counts.balanced and counts.read == len(texts)
    return archive


@pytest.mark.parametrize(("workers", "batch_size"), [(2, 4), (3, 1)])
def test_answers_depend_neither_on_workers_nor_on_batches(workers: int, batch_size: int) -> None:
    alone = archived(TEXTS, Local(Settings(), make=fake_pipeline), 64)
    many = archived(TEXTS, Local(Settings(), workers, make=fake_pipeline), batch_size)
    assert list(many.kept.items()) == list(alone.kept.items())
    assert many.dropped == alone.dropped and many.runs == alone.runs


def test_a_story_that_kills_its_worker_is_dropped_and_no_other() -> None:
    texts = [*TEXTS[:5], "KILL the process", *TEXTS[5:]]
    archive = archived(texts, Local(Settings(), 2, make=hostile), 8)
    killed = [drop for drop in archive.dropped.values() if drop.stage == "analyse"]
    assert [(drop.id, drop.reason) for drop in killed] == [("s5", "ended its process (signal 9)")]
    assert len(archive.kept) == len(texts) - 2


def test_a_story_that_hangs_its_worker_is_dropped() -> None:
    archive = archived(["Fine", "HANG on"], Local(Settings(), 2, make=hostile, patience=0.2), 1)
    assert [drop.reason for drop in archive.dropped.values()] == ["took too long"]


def test_a_worker_killed_from_outside_costs_nothing() -> None:
    archive = MemoryArchive()
    with Local(Settings(), 2, make=fake_pipeline) as runner:
        assert runner._pool is not None
        os.kill(runner._pool._workers[0].process.pid or 0, signal.SIGKILL)
        run(raws(TEXTS), archive, runner, batch_size=3)
    assert len(archive.kept) == len(TEXTS) - 1


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [(homeless, ModelError, "no model here"), (stillborn, DatelineError, "exit code 7")],
)
def test_a_pipeline_that_cannot_be_built_stops_before_the_first_story(
    make: object, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        Local(Settings(), 2, make=make)  # type: ignore[arg-type]


def test_a_missing_model_in_a_worker_stops_the_run() -> None:
    with Local(Settings(), 2, make=hostile) as runner, pytest.raises(ModelError, match="weights are gone"):
        list(runner.analyse(runner.prepare([raws(["STOP here"])])))


def test_no_worker_outlives_its_runner() -> None:
    runner = Local(Settings(), 2, make=fake_pipeline)
    assert runner._pool is not None
    processes = [worker.process for worker in runner._pool._workers]
    runner.close()
    runner.close()
    assert not any(process.is_alive() for process in processes)


def test_drops_pass_through() -> None:
    drop = Drop("line 3", "read", "broken JSON")
    with Local(Settings(), make=fake_pipeline) as runner:
        assert list(runner.analyse(runner.prepare([[drop]]))) == [[drop]]


def test_no_workers_is_refused() -> None:
    with pytest.raises(ConfigError, match="give 1 or more"):
        Local(Settings(), 0)
