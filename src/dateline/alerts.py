"""Alerts: tell people and programs once of every move of a ladder.

An alert file says which moves go where: to standard output, a file of JSON lines, an Atom feed, a
signed webhook, or mail. What was delivered is written to a ledger at once, so that a
second run over the same archive tells nobody twice; what could not be delivered is tried again at the next run.
It refuses secrets in files: a webhook's key and a mail password are read from environment variables.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import smtplib
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Literal, get_args
from xml.etree import ElementTree

from dateline.errors import ConfigError
from dateline.ladders import Change, Course

Channel = Literal["stdout", "file", "feed", "webhook", "mail"]
Moves = Literal["up", "down", "any"]
ATOM = "http://www.w3.org/2005/Atom"
KEPT = 200  # entries that a feed keeps, the newest
PAUSES = (1.0, 4.0)  # seconds before the second and the third try
_WORDS = {
    "stdout": frozenset[str](),
    "file": frozenset({"path"}),
    "feed": frozenset({"path", "link"}),
    "webhook": frozenset({"url", "secret_env"}),
    "mail": frozenset({"host", "port", "sender", "to", "user", "password_env"}),
}
_NEEDED = {
    "stdout": (),
    "file": ("path",),
    "feed": ("path",),
    "webhook": ("url", "secret_env"),
    "mail": ("host", "sender", "to"),
}


class DeliveryError(Exception):
    """A message that could not be delivered now; the next run tries again."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Which moves go where: of one ladder or of all ("*"), up, down or any, at a rung or above."""

    channel: Channel
    ladder: str
    moves: Moves
    at: str | None
    options: Mapping[str, Any]  # Any: words of the channel, checked when loaded

    @property
    def name(self) -> str:
        """What tells this rule's destination from others: deliveries are counted by it."""
        told = json.dumps([self.channel, sorted(self.options.items())], sort_keys=True, default=str)
        return f"{self.channel}:{hashlib.sha256(told.encode()).hexdigest()[:12]}"


@dataclass(frozen=True, slots=True)
class Message:
    """One move of a ladder, ready to be told. `key` is the same for the same move in every run."""

    key: str
    day: str
    ladder: str
    before: str
    after: str
    direction: Literal["up", "down"]
    evidence: tuple[Mapping[str, object], ...]

    @property
    def subject(self) -> str:
        """One line."""
        verb = "rises to" if self.direction == "up" else "falls to"
        return f"{self.day}: {self.ladder} {verb} '{self.after}' (from '{self.before}')"

    @property
    def text(self) -> str:
        """Some lines: the move and its evidence."""
        lines = [f"- {e['happened']} {e['type']}: {e['sentence']} ({e['agencies']})" for e in self.evidence]
        return "\n".join([self.subject, *(lines or ["- nothing supports the higher rung any more"])])

    def json(self) -> dict[str, object]:
        """The message for programs."""
        told = {"schema": "dateline-alert/1", "key": self.key, "day": self.day, "ladder": self.ladder}
        return told | {
            "from": self.before,
            "to": self.after,
            "direction": self.direction,
            "evidence": list(self.evidence),
        }


def message(course: Course, change: Change) -> Message:
    """The message of one move."""
    rungs = course.ladder.rungs
    evidence = tuple(
        {"event": e.event.id, "happened": e.happened, "type": e.event.type, "agencies": ", ".join(e.agencies),
         "sentence": " ".join(e.reports[0].sentence.split()), "stories": sorted({r.story for r in e.reports})}
        for e in change.because
    )  # fmt: skip
    before, after = rungs[change.before].name, rungs[change.after].name
    key = hashlib.sha256(f"{course.ladder.name}|{change.day}|{before}|{after}".encode()).hexdigest()[:16]
    direction: Literal["up", "down"] = "up" if change.after > change.before else "down"
    return Message(key, change.day, course.ladder.name, before, after, direction, evidence)


# --------------------------------------------------------------------------- the file


def load(path: str | Path) -> tuple[Rule, ...]:
    """The rules of an alert file. ConfigError names the file, the rule and the word at fault."""
    try:
        content = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise ConfigError(f"{path}: no TOML: {wrong}") from None
    tables = content.get("alert")
    if not isinstance(tables, list) or not tables:
        raise ConfigError(f"{path}: no [[alert]] in the file")
    return tuple(_rule(f"{path}: alert {k}", table) for k, table in enumerate(tables, 1))


def _rule(where: str, table: Mapping[str, Any]) -> Rule:  # Any: parsed TOML
    if table.get("channel") not in get_args(Channel):
        raise ConfigError(f"{where}: channel {table.get('channel')!r}; choose one of {', '.join(get_args(Channel))}")
    channel: Channel = table["channel"]
    moves = table.get("moves", "any")
    if moves not in get_args(Moves):
        raise ConfigError(f"{where}: moves {moves!r}; choose one of {', '.join(get_args(Moves))}")
    known = _WORDS[channel] | {"channel", "ladder", "moves", "at"}
    if extra := set(table) - known:
        raise ConfigError(f"{where}: unknown word '{min(extra)}'; here may stand {', '.join(sorted(known))}")
    if missing := [word for word in _NEEDED[channel] if word not in table]:
        raise ConfigError(f"{where}: a {channel} needs '{missing[0]}'")
    if channel == "webhook" and not str(table["url"]).startswith(("http://", "https://")):
        raise ConfigError(f"{where}: url {table['url']!r}; give one that begins with https:// or http://")
    options = {key: value for key, value in table.items() if key in _WORDS[channel]}
    return Rule(channel, str(table.get("ladder", "*")), moves, table.get("at"), options)


def wanted(rule: Rule, course: Course, change: Change) -> bool:
    """Whether a rule asks to be told of a move. ConfigError when the ladder has no rung of the rule's name."""
    if rule.ladder not in ("*", course.ladder.name):
        return False
    up = change.after > change.before
    if rule.moves != "any" and up != (rule.moves == "up"):
        return False
    if rule.at is None:
        return True
    names = [rung.name for rung in course.ladder.rungs]
    if rule.at not in names:
        if rule.ladder == "*":
            return False
        raise ConfigError(f"alert: ladder '{course.ladder.name}' has no rung '{rule.at}'; it has {', '.join(names)}")
    return max(change.after, change.before) >= names.index(rule.at)


# --------------------------------------------------------------------------- once only


class Ledger:
    """What was delivered, one JSON line each: the message's key and the rule's name."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._done: set[tuple[str, str]] = set()
        if path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                try:
                    row = json.loads(line)
                    self._done.add((row["key"], row["rule"]))
                except (ValueError, KeyError, TypeError):
                    continue  # the last line of a run that was cut short

    def __contains__(self, item: tuple[str, str]) -> bool:
        return item in self._done

    def add(self, key: str, rule: str) -> None:
        """Note a delivery, on disk before this returns."""
        self._done.add((key, rule))
        with self._path.open("a", encoding="utf-8") as out:
            out.write(json.dumps({"key": key, "rule": rule}) + "\n")
            out.flush()
            os.fsync(out.fileno())


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one message at one destination: "delivered", "before" (in an earlier run) or the error."""

    message: Message
    rule: Rule
    result: str


def deliver(
    rules: Sequence[Rule],
    courses: Iterable[Course],
    ledger: Ledger,
    *,
    until: str,
    say: Callable[[str], None] = print,
    sleep: Callable[[float], None] = time.sleep,
) -> list[Outcome]:
    """Tell every move up to the day `until` to every rule that asks for it, in order of the days, once.

    A destination that fails is tried three times and then left for the next run; the others go on.
    """
    moves = [(change, course) for course in courses for change in course.changes if change.day <= until]
    outcomes = []
    for change, course in sorted(moves, key=lambda move: (move[0].day, move[1].ladder.name)):
        told = message(course, change)
        for rule in rules:
            if not wanted(rule, course, change):
                continue
            if (told.key, rule.name) in ledger:
                outcomes.append(Outcome(told, rule, "before"))
                continue
            result = _tried(rule, told, say, sleep)
            if result == "delivered":
                ledger.add(told.key, rule.name)
            outcomes.append(Outcome(told, rule, result))
    return outcomes


def _tried(rule: Rule, told: Message, say: Callable[[str], None], sleep: Callable[[float], None]) -> str:
    for pause in (*PAUSES, None):
        try:
            _send(rule, told, say)
            return "delivered"
        except (DeliveryError, OSError, smtplib.SMTPException) as error:
            failed = f"{type(error).__name__}: {error}"
            if pause is None or rule.channel in ("stdout", "file", "feed"):
                break
            sleep(pause)
    return failed


def _send(rule: Rule, told: Message, say: Callable[[str], None]) -> None:
    match rule.channel:
        case "stdout":
            say(told.text)
        case "file":
            with Path(rule.options["path"]).open("a", encoding="utf-8") as out:
                out.write(json.dumps(told.json(), ensure_ascii=False) + "\n")
        case "feed":
            _feed(Path(rule.options["path"]), str(rule.options.get("link", "")), told)
        case "webhook":
            _post(rule.options, told)
        case "mail":
            _mail(rule.options, told)


def signature(secret: str, body: bytes) -> str:
    """The value of the header `X-Dateline-Signature`: "sha256=" and the HMAC-SHA256 of the body in hex."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _secret(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise DeliveryError(f"environment variable {name} is not set")
    return value


def _post(options: Mapping[str, Any], told: Message) -> None:
    body = json.dumps(told.json(), ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": told.key,
        "X-Dateline-Signature": signature(_secret(options["secret_env"]), body),
    }
    request = urllib.request.Request(options["url"], data=body, headers=headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            if not 200 <= answer.status < 300:
                raise DeliveryError(f"{options['url']} answered {answer.status}")
    except urllib.error.HTTPError as error:
        raise DeliveryError(f"{options['url']} answered {error.code}") from None


def _mail(options: Mapping[str, Any], told: Message) -> None:
    letter = EmailMessage()
    letter["Subject"], letter["From"] = told.subject, options["sender"]
    to = options["to"]
    letter["To"] = ", ".join(to) if isinstance(to, list) else to
    letter["Message-ID"] = f"<{told.key}@dateline>"
    letter.set_content(told.text)
    with smtplib.SMTP(options["host"], int(options.get("port", 25)), timeout=10) as server:
        if "user" in options:
            server.starttls()
            server.login(options["user"], _secret(options["password_env"]))
        server.send_message(letter)


def _feed(path: Path, link: str, told: Message) -> None:
    """Put an entry on top of an Atom feed, which is replaced in one step."""
    ElementTree.register_namespace("", ATOM)
    feed = _opened(path, link)
    entries = feed.findall(f"{{{ATOM}}}entry")
    if any(entry.findtext(f"{{{ATOM}}}id") == f"urn:dateline:{told.key}" for entry in entries):
        return
    stamp = f"{told.day}T00:00:00Z"
    fresh = ElementTree.Element(f"{{{ATOM}}}entry")
    for tag, text in (
        ("id", f"urn:dateline:{told.key}"),
        ("title", told.subject),
        ("updated", stamp),
        ("content", told.text),
    ):
        ElementTree.SubElement(fresh, f"{{{ATOM}}}{tag}").text = text
    updated = feed.find(f"{{{ATOM}}}updated")
    if updated is not None:
        updated.text = max(stamp, updated.text or "")
    head = len(feed) - len(entries)
    feed.insert(head, fresh)
    for entry in feed.findall(f"{{{ATOM}}}entry")[KEPT:]:
        feed.remove(entry)
    half = path.with_name(path.name + ".part")
    ElementTree.ElementTree(feed).write(half, encoding="utf-8", xml_declaration=True)
    half.replace(path)


def _opened(path: Path, link: str) -> ElementTree.Element:
    if path.exists():
        try:
            return ElementTree.parse(path).getroot()
        except ElementTree.ParseError as error:
            raise DeliveryError(f"{path}: no Atom feed of ours: {error}") from None
    feed = ElementTree.Element(f"{{{ATOM}}}feed")
    for tag, text in (("id", link or "urn:dateline:ladders"), ("title", "Dateline ladders"), ("updated", "")):
        ElementTree.SubElement(feed, f"{{{ATOM}}}{tag}").text = text
    author = ElementTree.SubElement(feed, f"{{{ATOM}}}author")
    ElementTree.SubElement(author, f"{{{ATOM}}}name").text = "Dateline"
    return feed
