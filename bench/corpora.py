"""Real stories through the whole road: nothing lost, nothing added twice, time against the parser, memory.

usage: python bench/corpora.py [--corpus wire_1997_2005] [--stories N] [--batch 32] [--repeat 1] [--no-parser]

For each corpus, in one process: `run` into a new archive, and again. After every batch the parser
alone (tok2vec and parser of the same model, loaded apart) parses the same texts, so that both are
measured under the same load of the machine; the figures are CPU seconds, the ratio is of the whole
and the median over batches. RSS is read after every batch; its slope is fitted over the second half.
`--repeat 3` sends the corpus three times under new ids: what a long run adds to memory once the words are known.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import linear_regression, median

from dateline.archive import Store
from dateline.ingest import read
from dateline.language import _locate
from dateline.pipeline import Progress, Settings, run
from dateline.records import Drop, Raw
from dateline.runners import Local
from kills import sample

CORPORA = Path(__file__).resolve().parents[1] / ".." / "shared" / "corpora"
PARAGRAPHS = "\n\n"


@dataclass
class Watch:
    """Clocks the run batch by batch, and the parser on the same texts in between."""

    parse: Callable[[list[str]], None] | None
    texts: list[str] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    alone: list[float] = field(default_factory=list)
    memory: list[tuple[int, float]] = field(default_factory=list)
    began: float = 0.0

    def passing(self, raws: Iterable[Raw | Drop]) -> Iterator[Raw | Drop]:
        self.began = time.process_time()
        for raw in raws:
            if isinstance(raw, Raw):
                self.texts.append(raw.text)
            yield raw

    def __call__(self, progress: Progress) -> None:
        now = time.process_time()
        self.whole.append(now - self.began)
        if self.parse is not None:
            self.parse(self.texts)
            self.alone.append(time.process_time() - now)
        self.memory.append((progress.done, resident()))
        self.texts.clear()
        self.began = time.process_time()


def resident() -> float:
    """Memory of this process in MB, by the kernel's account."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def parser_alone() -> Callable[[list[str]], None]:
    """tok2vec and parser of the pinned model, on whole texts."""
    import spacy

    nlp = spacy.load(_locate(None))
    nlp.select_pipes(enable=["tok2vec", "parser"])

    def parse(texts: list[str]) -> None:
        for _ in nlp.pipe((piece for text in texts for piece in text.split(PARAGRAPHS)), batch_size=32):
            pass

    return parse


def slope(points: list[tuple[int, float]]) -> float:
    """MB for each 1,000 stories, over the second half of the run."""
    late = points[len(points) // 2 :]
    return 1000 * linear_regression(*zip(*late, strict=True)).slope if len(late) > 2 else float("nan")


def repeat(source: Path, times: int) -> None:
    """The same stories `times` times, each time under ids of their own."""
    stories = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines()]
    with source.open("w", encoding="utf-8") as out:
        for turn in range(times):
            for story in stories:
                name = f"{story['id']}-{turn}" if turn else story["id"]
                out.write(json.dumps(story | {"id": name}) + "\n")


def measure(name: str, options: argparse.Namespace) -> bool:
    """One corpus; whether all that must hold held."""
    parse = None if options.no_parser else parser_alone()
    with tempfile.TemporaryDirectory() as place:
        source, folder = Path(place) / f"{name}.jsonl", Path(place) / "bench.archive"
        count = sample(CORPORA / f"{name}.jsonl.gz", options.stories, source) * options.repeat
        repeat(source, options.repeat)
        with Local(Settings()) as runner, Store(folder) as store:
            if parse is not None:  # neither side pays for first calls inside the measure
                parse(["Warm up the parser with a sentence."])
            watch = Watch(parse)
            began = time.monotonic()
            first = run(watch.passing(read([str(source)])), store, runner, batch_size=options.batch, progress=watch)
            wall = time.monotonic() - began - sum(watch.alone)
            before = store.content_hash()
            again = run(read([str(source)]), store, runner, batch_size=options.batch)
            wrong = [*store.check(), *([] if before == store.content_hash() else ["a second run changed the content"])]
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20
    print(f"\n{name}: {count} stories in the file, {first}")
    print(f"  read = known + kept + dropped: {first.balanced}; second run adds nothing: {again.nothing_new}")
    print(f"  sums of the archive: {'; '.join(wrong) or 'right'}")
    print(f"  whole {sum(watch.whole):.1f} s CPU ({first.read / wall:.1f} stories/s), archive {size:.1f} MB")
    if watch.alone:
        ratios = [whole / alone for whole, alone in zip(watch.whole, watch.alone, strict=True)]
        ratio = sum(watch.whole) / sum(watch.alone)
        print(f"  parser alone {sum(watch.alone):.1f} s CPU")
        print(f"  whole / parser alone: {ratio:.2f}; median of batches {median(ratios):.2f}")
    every = max(1, len(watch.memory) // 8)
    print("  RSS MB:", "  ".join(f"{done}: {size:.0f}" for done, size in watch.memory[::every]))
    print(f"  RSS slope over the second half: {slope(watch.memory):+.2f} MB for 1,000 stories")
    return first.balanced and again.nothing_new and not wrong and first.read == count


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", action="append", choices=["wire_1997_2005", "bbc_2004_2005"])
    parser.add_argument("--stories", type=int)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--no-parser", action="store_true")
    options = parser.parse_args()
    held = [measure(name, options) for name in options.corpus or ["wire_1997_2005", "bbc_2004_2005"]]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
