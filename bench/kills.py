"""Kill a run at random instants, resume it each time, and compare with a run nobody disturbed.

usage: python bench/kills.py [--input FILE] [--stories N] [--kills 10] [--seed 1] [--workers 1]

Runs `dateline run` in a session of its own and sends SIGKILL to every process of it. The instants
are drawn at random over the whole run, start-up and shutdown included. Afterwards the run is let to
finish, and once more to see that it adds nothing. Exit code 0 when nothing was lost or doubled.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

import dateline
from dateline.archive import Reader
from dateline.errors import ArchiveError

CORPUS = Path(__file__).resolve().parents[1] / ".." / "shared" / "corpora" / "wire_1997_2005.jsonl.gz"


def sample(source: Path, count: int | None, target: Path) -> int:
    """`count` stories of the corpus, evenly spread, as plain JSON Lines; all of them when it is None."""
    opener = gzip.open if source.suffix == ".gz" else open
    with opener(source, "rt", encoding="utf-8") as lines:
        stories = [line for line in lines if line.strip()]
    step = max(1, len(stories) // count) if count else 1
    chosen = stories[::step][:count]
    target.write_text("".join(chosen), encoding="utf-8")
    return len(chosen)


def start(source: Path, archive: Path, workers: int) -> subprocess.Popen[str]:
    """`dateline run`, in a session of its own so that all its processes can be killed at once."""
    command = [
        sys.executable,
        "-m",
        "dateline",
        "run",
        str(source),
        "--archive",
        str(archive),
        "--workers",
        str(workers),
    ]
    code = f"{source.parent / 'code'}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": code}
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )


def finish(source: Path, archive: Path, workers: int) -> float:
    """Run to the end; the seconds it took."""
    began = time.monotonic()
    process = start(source, archive, workers)
    said, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"the run failed with {process.returncode}:\n{said}")
    return time.monotonic() - began


def kill_after(seconds: float, process: subprocess.Popen[str]) -> bool:
    """Whether the run was still going when it was killed."""
    try:
        process.communicate(timeout=seconds)
        if process.returncode:
            raise SystemExit(f"the run failed by itself with {process.returncode}")
        return False
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return True


def held(archive: Path) -> str:
    """What an archive holds after a kill, and whether its sums are right."""
    try:
        with Reader(archive) as reader:
            counts, wrong = reader.counts(), reader.check()
    except ArchiveError as error:
        return f"nothing yet ({error})"
    return f"{counts['stories']} stories, {counts['events']} events, {'; '.join(wrong) or 'sums right'}"


def compare(disturbed: Path, calm: Path) -> tuple[int, int, bool]:
    """Stories lost, stories or drops doubled, and whether the contents are equal to the last byte."""
    with Reader(disturbed) as one, Reader(calm) as other:
        names = "SELECT id, digest FROM stories UNION ALL SELECT id, digest FROM drops"
        found, wanted = one.ask(names), other.ask(names)
        for line in one.check():
            print("wrong:", line)
        equal = one.content_hash() == other.content_hash() and not one.check()
        show_unlike(dict(one.ask(_RECORDS)), dict(other.ask(_RECORDS)))
    return len(set(wanted) - set(found)), len(found) - len(set(found)), equal


_RECORDS = "SELECT id || ' ' || digest, record FROM stories"


def show_unlike(one: dict[str, str], other: dict[str, str]) -> None:
    """Name the fields of the first records that differ."""
    unlike = [name for name in one if name in other and one[name] != other[name]]
    for name in unlike[:5]:
        first, second = json.loads(one[name]), json.loads(other[name])
        fields = [f"{part}: {first[part]} / {second[part]}"[:600] for part in first if first[part] != second[part]]
        print(f"unlike: {name}: {'; '.join(fields)}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--input", type=Path, default=CORPUS)
    parser.add_argument("--stories", type=int)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    random, landed = Random(options.seed), 0
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        source, calm, disturbed = folder / "stories.jsonl", folder / "calm.archive", folder / "disturbed.archive"
        # All runs are of one copy of the program: an edit in between is no fault of the archive.
        shutil.copytree(Path(dateline.__file__).parent, folder / "code" / "dateline")
        count = sample(options.input, options.stories, source)
        whole = finish(source, calm, options.workers)
        idle = finish(source, calm, options.workers)  # nothing new: what starting and stopping takes
        print(f"{count} stories; undisturbed {whole:.1f} s, a run with nothing to do {idle:.1f} s: {held(calm)}")
        share = 2 * max(0.5, whole - idle) / (options.kills + 1)  # so that on average the work lasts for all the kills
        for number in range(1, options.kills + 1):
            seconds = (
                random.uniform(0, idle) if random.random() < 0.2 else random.uniform(0.8 * idle, idle + 1.2 * share)
            )
            hit = kill_after(seconds, start(source, disturbed, options.workers))
            landed += hit
            print(f"{'kill' if hit else 'done'} {number} after {seconds:.2f} s: {held(disturbed)}", flush=True)
        finish(source, disturbed, options.workers)
        finish(source, disturbed, options.workers)
        lost, doubled, equal = compare(disturbed, calm)
    print(f"{landed} of {options.kills} kills landed; lost {lost}, doubled {doubled}, content equal: {equal}")
    return 0 if equal and not lost and not doubled else 1


if __name__ == "__main__":
    sys.exit(main())
