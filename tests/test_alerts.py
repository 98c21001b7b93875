"""Alerts: who is told of what, once, signed, and again when it failed."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import feedparser
import pytest

from dateline import alerts, ladders
from dateline.errors import ConfigError
from dateline.merge import merge
from dateline.ontology import load
from test_ladders import ARMS, END, GOLDEN, START, TALKS


@pytest.fixture(scope="module")
def courses() -> list[ladders.Course]:
    ontology = load(None)
    return [*ladders.run(ladders.load(GOLDEN, ontology), merge([TALKS, *ARMS]), START, END).courses.values()]


class Hook(BaseHTTPRequestHandler):
    """A webhook that answers as `replies` say and keeps what it was sent."""

    replies: ClassVar[list[int]] = []
    got: ClassVar[list[tuple[dict[str, str], bytes]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = Hook.replies.pop(0) if Hook.replies else 200
        if status == 200:
            Hook.got.append((dict(self.headers), body))
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("HOOK_SECRET", "not a secret")
    Hook.replies, Hook.got = [], []
    server = HTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook"
    server.shutdown()


def rules(tmp_path: Path, text: str) -> tuple[alerts.Rule, ...]:
    path = tmp_path / "alerts.toml"
    path.write_text(text, encoding="utf-8")
    return alerts.load(path)


def tell(tmp_path: Path, found: tuple[alerts.Rule, ...], courses: list[ladders.Course], until: str = END) -> list[str]:
    """One run: the results, and what was said, in one list."""
    said: list[str] = []
    ledger = alerts.Ledger(tmp_path / "alerts.jsonl")
    outcomes = alerts.deliver(found, courses, ledger, until=until, say=said.append, sleep=lambda _: None)
    return [one.result for one in outcomes] + said


def test_every_move_is_told_once_however_often_it_runs(tmp_path: Path, courses: list[ladders.Course]) -> None:
    found = rules(tmp_path, '[[alert]]\nchannel = "stdout"\nladder = "Norland-Sudland cooperation"\n')
    first = tell(tmp_path, found, courses)
    assert first[:3] == ["delivered"] * 3
    assert "2031-02-01: Norland-Sudland cooperation rises to 'talking' (from 'apart')" in first[3]
    assert tell(tmp_path, found, courses) == ["before"] * 3


def test_only_the_moves_asked_for_are_told(tmp_path: Path, courses: list[ladders.Course]) -> None:
    text = '[[alert]]\nchannel = "stdout"\nladder = "Norland-Sudland cooperation"\nmoves = "up"\nat = "arming"\n'
    told = tell(tmp_path, rules(tmp_path, text), courses)
    assert told[0] == "delivered" and len(told) == 2 and "rises to 'arming'" in told[1]


def test_nothing_is_told_before_its_day(tmp_path: Path, courses: list[ladders.Course]) -> None:
    found = rules(tmp_path, '[[alert]]\nchannel = "stdout"\n')
    assert tell(tmp_path, found, courses, until="2031-01-31") == []


def test_a_webhook_is_signed_and_tried_again(tmp_path: Path, courses: list[ladders.Course], hook: str) -> None:
    text = f'[[alert]]\nchannel = "webhook"\nurl = "{hook}"\nsecret_env = "HOOK_SECRET"\nat = "arming"\nmoves = "up"\n'
    Hook.replies = [500, 503]
    found = rules(tmp_path, text)
    assert tell(tmp_path, found, courses) == ["delivered"]
    headers, body = Hook.got[0]
    assert headers["X-Dateline-Signature"] == alerts.signature("not a secret", body)
    assert json.loads(body)["to"] == "arming" and headers["Idempotency-Key"] == json.loads(body)["key"]
    assert tell(tmp_path, found, courses) == ["before"] and len(Hook.got) == 1


def test_what_failed_is_told_by_the_next_run_and_stops_nobody_else(
    tmp_path: Path, courses: list[ladders.Course], hook: str
) -> None:
    text = f'[[alert]]\nchannel = "webhook"\nurl = "{hook}"\nsecret_env = "HOOK_SECRET"\nat = "arming"\nmoves = "up"\n'
    found = rules(tmp_path, text + '[[alert]]\nchannel = "stdout"\nat = "arming"\nmoves = "up"\n')
    Hook.replies = [500] * 3
    first = tell(tmp_path, found, courses)
    assert first[0].endswith("answered 500") and first[1] == "delivered"
    assert tell(tmp_path, found, courses) == ["delivered", "before"]


def test_a_feed_is_atom_that_readers_read(tmp_path: Path, courses: list[ladders.Course]) -> None:
    found = rules(tmp_path, f'[[alert]]\nchannel = "feed"\npath = "{tmp_path / "ladders.atom"}"\n')
    assert set(tell(tmp_path, found, courses)) == {"delivered"}
    feed = feedparser.parse((tmp_path / "ladders.atom").read_bytes())
    assert not feed.bozo and len(feed.entries) == sum(len(course.changes) for course in courses)
    days = [entry.updated[:10] for entry in feed.entries]
    assert days == sorted(days, reverse=True)


def test_mail_carries_subject_and_evidence(
    tmp_path: Path, courses: list[ladders.Course], monkeypatch: pytest.MonkeyPatch
) -> None:
    letters: list[object] = []

    class Server:
        def __init__(self, host: str, port: int, timeout: float) -> None:
            assert (host, port) == ("mail.invalid", 2525)

        def __enter__(self) -> Server:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def send_message(self, letter: object) -> None:
            letters.append(letter)

    monkeypatch.setattr("smtplib.SMTP", Server)
    text = (
        '[[alert]]\nchannel = "mail"\nhost = "mail.invalid"\nport = 2525\nsender = "a@b.invalid"\nto = "c@d.invalid"\n'
    )
    tell(tmp_path, rules(tmp_path, text + 'at = "arming"\nmoves = "up"\n'), courses)
    assert "rises to 'arming'" in str(letters[0]) and "Norland did AID" in str(letters[0])


def test_a_ledger_cut_short_is_read_as_far_as_it_goes(tmp_path: Path, courses: list[ladders.Course]) -> None:
    found = rules(tmp_path, '[[alert]]\nchannel = "stdout"\nat = "arming"\nmoves = "up"\n')
    tell(tmp_path, found, courses)
    with (tmp_path / "alerts.jsonl").open("a", encoding="utf-8") as out:
        out.write('{"key": "cut')
    assert tell(tmp_path, found, courses) == ["before"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('channel = "pigeon"', "choose one of stdout, file, feed, webhook, mail"),
        ('channel = "file"', "a file needs 'path'"),
        ('channel = "stdout"\nmove = "up"', "unknown word 'move'"),
        ('channel = "webhook"\nurl = "ftp://x"\nsecret_env = "S"', "begins with https://"),
        ('channel = "stdout"\nmoves = "sideways"', "choose one of up, down, any"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigError, match=r"alerts\.toml: alert 1") as error:
        rules(tmp_path, "[[alert]]\n" + text)
    assert told in str(error.value)
