#!/bin/sh
# Set up an environment of its own and pass the tests: ruff, mypy --strict, pytest (whose closing line comes last).
# Needs python3 (3.11 or newer), its venv module and, the first time, a package index. Words go on to pytest.
set -eu
cd "$(dirname "$0")"
python=${PYTHON:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "test.sh: Python 3.11 or newer is needed; name one with PYTHON=..." >&2
    exit 2
}
[ -x .venv-test/bin/python ] || "$python" -m venv .venv-test
.venv-test/bin/python -m pip install --quiet --disable-pip-version-check ".[dev]"
.venv-test/bin/ruff check .
.venv-test/bin/mypy --strict
exec .venv-test/bin/python -m pytest "$@"
