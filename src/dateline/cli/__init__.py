"""The command line: parse, call, print. It decides nothing about stories.

    0  done                      3  the archive can't be used
    1  an internal error         4  a model is missing or is not the pinned one
    2  bad usage or bad input    5  everything that was read was dropped
                               130  interrupted

Results go to standard output or `--output`; progress, drops and errors go to standard error. An
error is one line, with its file, line and value; `--debug` shows the traceback instead.
"""

from __future__ import annotations

import sys

from dateline.errors import DatelineError


def main() -> None:
    """Run the command line and exit with one of the codes above."""
    from dateline.cli.app import app

    # Taken out here, so that it may stand anywhere; the app declares it for its help alone.
    words = [word for word in sys.argv[1:] if word != "--debug"]
    debug = len(words) < len(sys.argv) - 1
    try:
        app(words, prog_name="dateline")
    except DatelineError as error:
        if debug:
            raise
        _fail(str(error), error.exit_code)
    except Exception as error:
        if debug:
            raise
        _fail(f"internal error: {type(error).__name__}: {error} (dateline --debug ... shows where)", 1)


def _fail(message: str, code: int) -> None:
    from dateline.show.marks import one_line

    print(f"dateline: {one_line(message)}", file=sys.stderr)
    sys.exit(code)
