#!/bin/sh
# Set up Dateline in .venv and run it on the bundled samples: events as a table, and the archive they are kept in.
# Needs python3 (3.11 or newer), its venv module and, the first time, a package index. Running it again is quick.
set -eu
cd "$(dirname "$0")"
python=${PYTHON:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "demo.sh: Python 3.11 or newer is needed; name one with PYTHON=..." >&2
    exit 2
}
[ -x .venv/bin/python ] || "$python" -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check .
mkdir -p demo
.venv/bin/dateline run samples --archive demo/archive
.venv/bin/dateline query --archive demo/archive --no-copies
story=$(.venv/bin/dateline query --archive demo/archive --format csv --limit 1 | .venv/bin/python -c \
    'import csv, sys; print(next(csv.DictReader(sys.stdin))["story"])')
.venv/bin/dateline show "$story" --archive demo/archive --html demo/story.html >/dev/null
echo
echo "archive: $PWD/demo/archive"
echo "a story as a page: $PWD/demo/story.html"
echo "ask it: .venv/bin/dateline query --archive demo/archive --type ASSAULT --status asserted"
