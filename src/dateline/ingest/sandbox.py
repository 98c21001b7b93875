"""Cleaning where hostile pages can do no harm.

A hung C parser can't be stopped from inside, so pages are parsed in processes of their own that
are killed at a limit and replaced; text is cleaned here, because its rules are linear. The sandbox
guards time and memory. It refuses to retry a page that killed its worker, except once without the
C parsers.
"""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from dateline import wire
from dateline.errors import DatelineError
from dateline.records import Drop, Raw, Story

from . import frames
from .days import day
from .languages import detect, name_of
from .limits import MAX_HTML, MAX_TEXT

SECONDS = 10.0
"""Wall clock for one page."""
START_SECONDS = 120.0
RECYCLE = 1_000
"""Pages after which a worker is replaced, so that a leak in a parser stays small."""

Cleaned = Story | Drop


class Cleaner:
    """Raws in, a Story or a Drop for each, same length, same order.

    `workers` processes parse pages (started with the first page); `published` is the ISO day for
    stories that carry none; `seconds` is the wall clock of one page. Use it as a context manager,
    or call `close`; what is forgotten is closed when the program ends.
    """

    def __init__(self, workers: int = 1, *, published: str | None = None, seconds: float = SECONDS) -> None:
        self.published = published
        self._workers = [Worker(seconds) for _ in range(max(1, workers))]
        self._free: queue.SimpleQueue[Worker] = queue.SimpleQueue()
        for worker in self._workers:
            self._free.put(worker)
        self._finalizer = weakref.finalize(self, _close_all, self._workers)

    def __call__(self, raws: Sequence[Raw]) -> list[Cleaned]:
        with ThreadPoolExecutor(len(self._workers)) as threads:
            pages = {i: threads.submit(self._page, raw) for i, raw in enumerate(raws) if raw.kind == "page"}
            texts = {i: self._text(raw) for i, raw in enumerate(raws) if raw.kind != "page"}
            found = [pages[i].result() if i in pages else texts[i] for i in range(len(raws))]
        return [_admitted(raw, item) for raw, item in zip(raws, found, strict=True)]

    def __enter__(self) -> Cleaner:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the workers. The cleaner can be used again; they start again."""
        _close_all(self._workers)

    def _text(self, raw: Raw) -> Cleaned:
        if len(raw.text) > MAX_TEXT:
            return _drop(raw, "clean", f"the text has {len(raw.text):,} characters; the limit is {MAX_TEXT:,}")
        try:
            return wire.clean(raw, published=self.published)
        except Exception as error:  # one story that meets a fault of ours must not end a run of a million
            return _drop(
                raw, "clean", f"a fault in Dateline met this story ({type(error).__name__}: {str(error)[:150]})"
            )

    def _page(self, raw: Raw) -> Cleaned:
        if len(raw.text) > MAX_HTML:
            reason = (
                f"the page is set aside: {len(raw.text) / 1e6:.1f} MB of HTML; the limit is {MAX_HTML / 1e6:.0f} MB"
            )
            return _drop(raw, "quarantine", reason)
        worker = self._free.get()
        try:
            answer = worker.ask({"raw": _sendable(raw), "published": self.published})
            if isinstance(answer, str):
                request = {"raw": _sendable(raw), "published": self.published, "without_layout": answer}
                answer = worker.ask(request)
            if isinstance(answer, str):
                return _drop(raw, "quarantine", f"the page is set aside: {answer}")
            return _record(raw, answer)
        finally:
            self._free.put(worker)


def _close_all(workers: Sequence[Worker]) -> None:
    for worker in workers:
        worker.close()


def _drop(raw: Raw, stage: str, reason: str) -> Drop:
    return Drop(raw.id, stage, reason, raw.file, raw.line, raw.url, raw.digest)


def _sendable(raw: Raw) -> Raw:
    """The same Raw with lone surrogates made "?": no UTF-8 pipe can carry them."""
    try:
        raw.text.encode("utf-8")
    except UnicodeEncodeError:
        return replace(raw, text=raw.text.encode("utf-8", "replace").decode("utf-8"))
    return raw


def _record(raw: Raw, answer: Mapping[str, Any]) -> Cleaned:
    """The answer as a record that is this Raw's, whatever the worker said about its identity."""
    try:
        if "story" in answer:
            return replace(
                frames.story_from(answer["story"]), id=raw.id, file=raw.file, line=raw.line, digest=raw.digest
            )
        found = frames.drop_from(answer["drop"])
        return _drop(raw, found.stage, found.reason)
    except (KeyError, TypeError, ValueError) as error:
        return _drop(raw, "quarantine", f"the page is set aside: its worker answered nonsense ({error})")


def _admitted(raw: Raw, found: Cleaned) -> Cleaned:
    """The story if its language is coded, with a sentence about an input date that could not be read."""
    if isinstance(found, Drop):
        return found
    if len(found.text) > MAX_TEXT:
        return _drop(raw, "clean", f"the text has {len(found.text):,} characters; the limit is {MAX_TEXT:,}")
    verdict = detect(found.text)
    if verdict is None and raw.language and _code(raw.language) not in ("en", "un"):
        reason = f"the input says the text is in {name_of(_code(raw.language))}; only English is coded so far"
        return _drop(raw, "language", reason)
    if verdict is not None and verdict[0] != "en":
        code, sure = verdict
        return _drop(
            raw, "language", f"the text is in {name_of(code)} ({code}, {sure:.2f}); only English is coded so far"
        )
    return _dated(raw, replace(found, language="en"))


def _code(language: str) -> str:
    return language.strip().lower()[:2]


def _dated(raw: Raw, story: Story) -> Story:
    if raw.kind != "page" or raw.published is None or day(raw.published) is not None:
        return story
    sentence = f"the input's date {raw.published!r} can't be read as a day"
    kept = None if story.published == raw.published else story.published
    return replace(story, published=kept, published_from=story.published_from if kept else None,
                   conflicts=(*story.conflicts, sentence))  # fmt: skip


class Worker:
    """One worker process: started at the first question, killed when it takes too long, replaced after."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._complaints: IO[bytes] | None = None
        self._asked = 0

    def ask(self, request: Mapping[str, object]) -> dict[str, Any] | str:
        """The worker's answer, or why there is none (it was too slow, or died)."""
        if self._process is None or self._asked >= RECYCLE:
            self.close()
            self._start()
        self._asked += 1
        assert self._process is not None and self._process.stdin is not None
        try:
            frames.send(self._process.stdin, request)  # type: ignore[arg-type]  # IO[bytes] is a BinaryIO in all but name
            answer = self._answers.get(timeout=self.seconds)
        except queue.Empty:
            self.close()
            return f"it took longer than {self.seconds:g} s to parse"
        except OSError:
            answer = None
        if answer is None:
            return self._death()
        return answer

    def _start(self) -> None:
        self._asked, self._answers = 0, queue.SimpleQueue()
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the process
        self._process = subprocess.Popen(
            [sys.executable, "-m", "dateline.ingest.worker"], env=_environment(),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._complaints,
        )  # fmt: skip
        threading.Thread(target=_listen, args=(self._process, self._answers), daemon=True).start()
        try:
            ready = self._answers.get(timeout=START_SECONDS)
        except queue.Empty:
            ready = None
        if ready is None:
            said = self._said()
            self.close()
            raise DatelineError(f"the page worker did not start: {said or 'no message'}")

    def _said(self) -> str:
        if self._complaints is None:
            return ""
        self._complaints.seek(0)
        text = self._complaints.read()[-2000:].decode("utf-8", "replace").strip()
        return text.splitlines()[-1][:300] if text else ""

    def _death(self) -> str:
        code = self._process.wait(self.seconds) if self._process else None
        self.close()
        how = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
        return f"it ended the process that parsed it ({how})"

    def close(self) -> None:
        """Kill the process, if there is one, and wait for its end."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    _close_quietly(pipe)
        if self._complaints is not None:
            self._complaints.close()
            self._complaints = None


def _close_quietly(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except OSError:
        return


def _listen(process: subprocess.Popen[bytes], answers: queue.SimpleQueue[dict[str, Any] | None]) -> None:
    """Hands over answers until the pipe ends; a None says that it did."""
    assert process.stdout is not None
    try:
        while (answer := frames.receive(process.stdout)) is not None:  # type: ignore[arg-type]
            answers.put(answer)
    except (OSError, ValueError):
        pass
    answers.put(None)


def _environment() -> dict[str, str]:
    """The caller's environment, with its import path, and one thread for numeric libraries."""
    source = str(Path(__file__).resolve().parents[2])
    path = [source, *(entry for entry in sys.path if entry)]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(dict.fromkeys(path)), "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1", "PYTHONSAFEPATH": "1"}  # fmt: skip
