"""The cleaner: as many out as in, in order, whatever the pages do to their worker."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from dateline.ingest import Cleaner, frames
from dateline.ingest.languages import detect
from dateline.records import Dateline, Drop, Note, Photo, Raw, Span, Story

SENTENCE = "The president of Ostravia received a delegation from Meridia on Wednesday and asked it for a truce. "
FRENCH = (
    "Le président a reçu mercredi une délégation du pays voisin et lui a demandé de conclure une trêve sans attendre."
)
LAST = "<p>Its leader said no, and left the same day.</p>"
PAGE = f"<html><body><article><h1>A truce</h1><p>{SENTENCE}</p>{LAST}</article></body></html>"


@pytest.fixture(scope="module")
def cleaner() -> Iterator[Cleaner]:
    with Cleaner() as made:
        yield made


def test_same_length_same_order(cleaner: Cleaner) -> None:
    raws = [
        Raw("a", "body", SENTENCE),
        Raw("b", "page", PAGE),
        Raw("c", "page", "<p>"),
        Raw("d", "scrape", SENTENCE * 2),
    ]
    found = cleaner(raws)
    assert [item.id for item in found] == ["a", "b", "c", "d"]
    assert [type(item) for item in found] == [Story, Story, Drop, Story]
    assert cleaner([]) == []


def test_a_body_is_unchanged(cleaner: Cleaner) -> None:
    (found,) = cleaner([Raw("a", "body", f" {SENTENCE}\n\nx ")])
    assert isinstance(found, Story) and found.text == f" {SENTENCE}\n\nx "


def test_batches_do_not_matter(cleaner: Cleaner) -> None:
    raws = [Raw(str(n), "page", PAGE.replace("truce", f"truce {n}")) for n in range(4)]
    assert cleaner(raws) == [item for raw in raws for item in cleaner([raw])]


@pytest.mark.parametrize("kind", ["body", "scrape"])
def test_another_language_is_dropped_and_named(cleaner: Cleaner, kind: str) -> None:
    (found,) = cleaner([Raw("f", kind, FRENCH)])  # type: ignore[arg-type]
    assert isinstance(found, Drop) and found.stage == "language"
    assert found.reason.startswith("the text is in French (fr, ") and "only English" in found.reason


def test_a_text_over_the_limit_is_dropped(cleaner: Cleaner) -> None:
    (found,) = cleaner([Raw("l", "body", "x" * 200_001)])
    assert isinstance(found, Drop) and "200,001 characters; the limit is 200,000" in found.reason


def test_lone_surrogates_reach_the_worker(cleaner: Cleaner) -> None:
    (found,) = cleaner([Raw("s", "page", PAGE.replace("Its", "\ud800 Its"))])
    assert isinstance(found, Story) and "? Its leader" in found.text


def test_a_page_that_hangs_is_killed_and_the_next_goes_on() -> None:
    # So short a limit is a hang to the worker's clock; the second page gets a fresh worker.
    slow = "<html><body>" + "<" * 2_000_000
    with Cleaner(seconds=0.3) as hasty:
        found = hasty([Raw("slow", "page", slow), Raw("next", "page", PAGE)])
        worker = hasty._workers[0]
    assert isinstance(found[0], Drop) and found[0].stage == "quarantine" and "longer than 0.3 s" in found[0].reason
    assert isinstance(found[1], Story)
    assert worker._process is None


def test_a_worker_that_dies_is_replaced(cleaner: Cleaner) -> None:
    cleaner([Raw("a", "page", PAGE)])
    process = cleaner._workers[0]._process
    assert process is not None
    process.kill()
    (found,) = cleaner([Raw("b", "page", PAGE)])
    assert isinstance(found, Story)  # the second try, without layout, has a worker of its own
    assert process.poll() is not None


def test_two_workers_give_the_same_answer(cleaner: Cleaner) -> None:
    raws = [Raw(str(n), "page", PAGE) for n in range(3)]
    with Cleaner(2) as two:
        assert two(raws) == cleaner(raws)


def test_a_script_without_a_guard_runs_once(tmp_path: Path) -> None:
    script = tmp_path / "user.py"
    lines = ["print('hello')", "from dateline.ingest import Cleaner", "from dateline.records import Raw",
             f"print(Cleaner()([Raw('x', 'page', {PAGE!r})])[0].headline)"]  # fmt: skip
    script.write_text("\n".join(lines))
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=60, check=True, env=_env()
    )
    assert done.stdout.split("\n")[:2] == ["hello", "A truce"] and done.stderr == ""


def _env() -> dict[str, str]:
    import os

    return {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1] / "src"), "OMP_NUM_THREADS": "1"}


def test_records_survive_the_pipe() -> None:
    place = Dateline("SEOUL", "Seoul", "KOR", 37.5, 127.0, (("Seoul", None),), "AP", "2024-11-28")
    story = Story("a", "x\n\ny", (Span(0, 1), Span(3, 4)), (Span(5, 6), None), byline=("Ann Lee",), dateline=place,
                  photos=(Photo("c", copies=2),), notes=(Note("tail", "t"),), signature=(1, 2))  # fmt: skip
    assert frames.story_from(orjson.loads(orjson.dumps(story))) == story
    raw = Raw("r", "page", "<p>", byline=("A", "B"), line=3)
    assert frames.raw_from(orjson.loads(orjson.dumps(raw))) == raw
    drop = Drop("d", "s", "r", line=1)
    assert frames.drop_from(orjson.loads(orjson.dumps(drop))) == drop


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (SENTENCE, "en"), (FRENCH, "fr"), ("Too short.", None), ("12 345 678 " * 20, None),
        ("President Nursultan Äbishuly and Premier Qosym-Jomart met in Öskemen; the two said it was a start.", "en"),
    ],
)  # fmt: skip
def test_language(text: str, code: str | None) -> None:
    verdict = detect(text)
    assert (verdict and verdict[0]) == code
