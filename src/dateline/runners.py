"""Runners: where the two halves of a pipeline run. `Local` runs them here, or in worker processes.

A worker is a fresh process (spawn) that builds its own pipeline from settings; no model is ever
pickled, and no worker sees the archive. Each has a pipe of its own, so a worker whose parent was
killed reads the end of it and goes, and a worker that dies or hangs is known with the batch it held:
the batch is tried once more, then story by story, and the story that kills again is dropped.
Answers and their order depend neither on the number of workers nor on the size of the batches.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
import time
import weakref
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any, Literal, Self

from dateline.archive import About
from dateline.errors import ConfigError, DatelineError
from dateline.pipeline import Pipeline, Settings, build, drop_of
from dateline.records import Coded, Drop, Raw, Story

Half = Literal["prepare", "analyse"]
Build = Callable[[Settings], Pipeline]
Batch = Sequence[Any]  # Raw, Story, Coded or Drop: the halves differ in what goes in and comes out

_START = 300.0  # seconds in which a worker must have built its pipeline
_GRACE = 5.0  # seconds an idle worker has to go by itself
_AHEAD = 2  # batches in flight for each worker: one to work on, one waiting, so that none idles


class Local:
    """Runs a pipeline on this machine. Use as a context manager, or call `close`.

    `workers`: 1 runs everything in this process; more start that many processes. `patience`: seconds
    a worker may spend on one story, on average over its batch, before it counts as hung.
    `make` builds the pipeline; it must be importable by name when there are worker processes.
    ModelError or ConfigError, from whichever process, is raised here, before the first story.
    """

    def __init__(self, settings: Settings, workers: int = 1, *, patience: float = 15.0, make: Build = build) -> None:
        if workers < 1:
            raise ConfigError(f"workers: {workers} is too few; give 1 or more")
        self._pipeline = make(settings) if workers == 1 else None
        if self._pipeline is not None:
            self._pipeline.warm()
        self._pool = _Pool(settings, workers, make, patience) if workers > 1 else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def about(self) -> About:
        """What the pipelines were made with."""
        return self._pool.about if self._pool is not None else self._here.about

    def prepare(self, batches: Iterable[Sequence[Raw | Drop]]) -> Iterator[list[Story | Drop]]:
        """`Pipeline.prepare` of every batch, in order."""
        return map(self._here.prepare, batches) if self._pool is None else self._pool.map("prepare", batches)

    def analyse(self, batches: Iterable[Sequence[Story | Drop]]) -> Iterator[list[Coded | Drop]]:
        """`Pipeline.analyse` of every batch, in order."""
        return map(self._here.analyse, batches) if self._pool is None else self._pool.map("analyse", batches)

    def close(self) -> None:
        """End the worker processes. A second call does nothing."""
        if self._pool is not None:
            self._pool.close()

    @property
    def _here(self) -> Pipeline:
        assert self._pipeline is not None
        return self._pipeline


@dataclass
class _Task:
    """One batch on its way, and what came of it. `tries` counts the workers it has cost."""

    half: Half
    batch: Batch
    tries: int = 0
    done: list[Any] | None = None  # Any: as Batch
    failed: BaseException | None = None
    parts: list[_Task] = field(default_factory=list)

    @property
    def settled(self) -> bool:
        self.join()
        return self.done is not None or self.failed is not None

    def join(self) -> None:
        """Put the answers of its parts together, once every part has one."""
        if self.parts and all(part.settled for part in self.parts):
            self.failed = next((part.failed for part in self.parts if part.failed), None)
            self.done = [item for part in self.parts for item in part.done or ()]


class _Worker:
    """A worker process, the pipe to it, and the task it holds."""

    def __init__(self, settings: Settings, make: Build) -> None:
        self.task: _Task | None = None
        self.deadline = time.monotonic() + _START
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, settings, make), name="dateline worker")
        with _one_thread():
            self.process.start()
        theirs.close()

    def give(self, task: _Task, patience: float) -> None:
        """Hand over a task. A worker that has just died shows when its answer is read."""
        self.task = task
        self.deadline = time.monotonic() + patience * (2 + len(task.batch))
        with contextlib.suppress(OSError):
            self.pipe.send((task.half, list(task.batch)))

    def end(self) -> None:
        """Stop the process: an idle one goes by itself when its pipe ends, any other is killed."""
        self.pipe.close()
        if self.task is None:
            self.process.join(_GRACE)
        self.process.kill()
        self.process.join()


class _Pool:
    """Worker processes that all do either half, fed in order and replaced when they die."""

    def __init__(self, settings: Settings, size: int, make: Build, patience: float) -> None:
        self._settings, self._make, self._patience = settings, make, patience
        self._queue: deque[_Task] = deque()
        self._workers: list[_Worker] = []
        self._stop = weakref.finalize(self, _end_all, self._workers)
        self._size = size
        self._workers.extend(_Worker(settings, make) for _ in range(size))
        try:
            greetings = [self._greet(worker) for worker in self._workers]
            self.about = greetings[0]
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._stop()

    def map(self, half: Half, batches: Iterable[Batch]) -> Iterator[list[Any]]:
        """Every batch through one half, in order. Reads ahead as far as keeps all workers busy."""
        waiting: deque[_Task] = deque()
        stream = iter(batches)
        more = True
        while more or waiting:
            while more and len(waiting) < self._size * _AHEAD:
                batch = next(stream, None)
                more = batch is not None
                if batch is not None:
                    waiting.append(self._submit(_Task(half, batch)))
            if waiting:
                yield self._result(waiting.popleft())

    def _submit(self, task: _Task) -> _Task:
        if all(isinstance(item, Drop) for item in task.batch):
            task.done = list(task.batch)
        else:
            self._queue.append(task)
            self._feed()
        return task

    def _result(self, task: _Task) -> list[Any]:
        while not task.settled:
            self._feed()
            self._turn()
        if task.failed is not None:
            raise task.failed
        return task.done or []

    def _feed(self) -> None:
        for worker in self._workers:
            if self._queue and worker.task is None:
                worker.give(self._queue.popleft(), self._patience)

    def _turn(self) -> None:
        """Wait until something happens; take answers, bury the dead and the hung."""
        busy = [worker for worker in self._workers if worker.task is not None]
        rest = min(worker.deadline for worker in busy) - time.monotonic()
        ready = wait([worker.pipe for worker in busy], timeout=max(0.0, rest))
        for worker in busy:
            if worker.pipe in ready:
                self._take(worker)
            elif time.monotonic() > worker.deadline:
                self._bury(worker, "took too long")

    def _take(self, worker: _Worker) -> None:
        task = worker.task
        assert task is not None
        try:
            answer = worker.pipe.recv()
        except (EOFError, OSError):
            worker.process.join(5)
            self._bury(worker, f"ended its process ({_how(worker.process.exitcode)})")
            return
        worker.task = None
        if isinstance(answer, BaseException):
            task.failed = answer
        else:
            task.done = answer

    def _bury(self, worker: _Worker, how: str) -> None:
        task = worker.task
        worker.end()
        fresh = _Worker(self._settings, self._make)
        self._workers[self._workers.index(worker)] = fresh
        self._greet(fresh)
        assert task is not None
        task.tries += 1
        self._again(task, how)

    def _again(self, task: _Task, how: str) -> None:
        if task.tries < 2:
            self._queue.appendleft(task)
        elif len(task.batch) > 1:
            task.parts = [_Task(task.half, [item], tries=1) for item in task.batch]
            for part in task.parts:
                self._submit(part)
        else:
            stage = "clean" if task.half == "prepare" else "analyse"
            task.done = [item if isinstance(item, Drop) else drop_of(item, stage, how) for item in task.batch]

    def _greet(self, worker: _Worker) -> About:
        """Wait for a new worker's first word: what its pipeline was made with, or why it can't be made."""
        try:
            word = worker.pipe.recv() if worker.pipe.poll(max(0.0, worker.deadline - time.monotonic())) else None
        except (EOFError, OSError):
            worker.process.join(5)
            word = None
        if isinstance(word, About):
            return word
        if isinstance(word, BaseException):
            raise word
        how = _how(worker.process.exitcode)
        raise DatelineError(f"a worker process could not start ({how}); try fewer workers, or --workers 1 to see why")


def _serve(pipe: Connection, settings: Settings, make: Build) -> None:
    """A worker's life: build, say so, then answer batches until the pipe ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process; the parent ends us
    with contextlib.suppress(EOFError, OSError):  # the parent is gone: so is the work
        try:
            pipeline = make(settings)
            pipeline.warm()
            gc.collect()
            gc.freeze()  # see pipeline.run
        except Exception as error:  # whatever it is, the parent has to hear it
            pipe.send(_sendable(error))
            return
        pipe.send(pipeline.about)
        while True:
            half, batch = pipe.recv()
            pipe.send(_answer(pipeline, half, batch))


def _answer(pipeline: Pipeline, half: Half, batch: Batch) -> object:
    try:
        return pipeline.prepare(batch) if half == "prepare" else pipeline.analyse(batch)
    except Exception as error:  # stages isolate their own faults: this one is meant to stop the run
        return _sendable(error)


def _sendable(error: BaseException) -> BaseException:
    if isinstance(error, DatelineError):
        return type(error)(str(error))
    return DatelineError(f"a worker process failed: {type(error).__name__}: {error}")


def _end_all(workers: list[_Worker]) -> None:
    for worker in workers:
        worker.end()
    workers.clear()


def _how(code: int | None) -> str:
    if code is None:
        return "no answer"
    return f"signal {-code}" if code < 0 else f"exit code {code}"


@contextlib.contextmanager
def _one_thread() -> Iterator[None]:
    """Child processes started in here keep their number crunching to one thread: n workers, n threads."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(dict.fromkeys(names, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
