"""The process in which pages are parsed: `python -m dateline.ingest.worker`, started and killed by `sandbox`.

It limits its own memory, answers one page at a time over its pipes, and opens nothing. It is a
program of its own, not a fork or a spawn of the caller's, so the caller's script never runs twice.
"""

from __future__ import annotations

import os
import signal
from typing import Any, BinaryIO

MEMORY = 1_500_000_000
"""Bytes of address space; a page that needs more is set aside."""


LAST_RESORT = 60
"""Seconds after which a page that hangs ends this process even when the caller is gone and can't."""


def main() -> None:
    """Serve requests until the pipe closes."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    # A parser that prints must not write into the answers.
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    _warm()
    _limit_memory()
    serve(requests, answers)


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # not on Windows, where only the clock protects
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))


def _warm() -> None:
    """Load everything a page needs before the first clock starts."""
    from dateline.ingest import pages
    from dateline.records import Raw

    body = "<p>The minister met the delegation on Monday and the talks went on for two hours in the capital.</p>" * 4
    pages.extract(Raw("warm", "page", f"<html><body><article><h1>Warm</h1>{body}</article></body></html>"))


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer every request with a story or a drop; a fault on one page is that page's drop."""
    from dateline.ingest import frames

    frames.send(answers, {"ready": True})
    while (request := frames.receive(requests)) is not None:
        _alarm(LAST_RESORT)
        frames.send(answers, _answer(request))
        _alarm(0)


def _alarm(seconds: int) -> None:
    # No handler: the kernel ends the process, which is the only thing that stops a C parser.
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)


def _answer(request: dict[str, Any]) -> dict[str, object]:
    from dateline.ingest import frames, pages
    from dateline.records import Drop

    raw = frames.raw_from(request["raw"])
    published, reason = request.get("published"), request.get("without_layout")
    try:
        if reason:
            found = pages.without_layout(raw, reason, published_if_none=published)
        else:
            found = pages.extract(raw, published_if_none=published)
    except MemoryError:
        found = Drop(raw.id, "quarantine", f"the page needs more than {MEMORY / 1e9:.1f} GB of memory to parse")
    except Exception as error:  # the page is hostile and the parsers are not ours: nothing may end the worker
        found = Drop(raw.id, "quarantine", f"the page broke its parser ({type(error).__name__}: {str(error)[:150]})")
    return {"drop": found} if isinstance(found, Drop) else {"story": found}


if __name__ == "__main__":
    main()
