"""How two parties' relations go over time: counts and scores by quad class, against what was read.

A series is made from an archive by one SQL statement, which the answer carries. Counts mean little
without the reading behind them, so each period has the number of stories that were read in it; rates are events a
thousand stories, and a period in which too little was read says so and has no rate. Uncertainty
is a bootstrap over stories: a story is drawn or left out with all its events. It refuses to smooth or to fill gaps.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from dateline.archive import Reader, merged
from dateline.errors import ConfigError
from dateline.query import country_code, day_of

Step = Literal["day", "week", "month", "year"]

DRAWS = 200
"""Bootstrap draws: the ends of a 90 % interval are then known to within 3 % of rank."""

ENOUGH = 0.25
"""Share of the median period's reading below which a period is called not enough coverage."""

FEWEST = 5
"""Stories read below which a period is not enough coverage, whatever the others."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Dyad:
    """Whose relations: two parties, each one or more country codes. `directed`: only what the first does."""

    first: tuple[str, ...]
    second: tuple[str, ...]
    directed: bool = False

    @property
    def name(self) -> str:
        """As in "KOR-PRK" or, directed, "KOR>PRK"."""
        return (">" if self.directed else "-").join("+".join(side) for side in (self.first, self.second))


@dataclass(frozen=True, slots=True)
class Point:
    """One period. `start` is its first day; counts by quad class; scores are sums.

    `cooperation` and `conflict` are sums of the positive and (turned round) the negative scores; `read` is how many
    stories were read; `rate` and `balance` are events and cooperation less conflict, a thousand stories read, with the 90 %
    interval of each, None where `enough` is false.
    """

    start: str
    quads: tuple[int, int, int, int]
    cooperation: float
    conflict: float
    read: int
    enough: bool
    rate: float | None
    rate_low: float | None
    rate_high: float | None
    balance: float | None
    balance_low: float | None
    balance_high: float | None

    @property
    def events(self) -> int:
        """All events of the period."""
        return sum(self.quads)


@dataclass(frozen=True, slots=True)
class Series:
    """Points in order without gaps, periods at which the rate changes for good, the scale, and the SQL that was run."""

    dyad: Dyad
    step: Step
    points: tuple[Point, ...]
    changes: tuple[str, ...]
    scale: str
    of: Literal["events", "reports"]
    query: str


_EVENTS = """SELECT date_trunc('{step}', day) AS period, hash(component) AS unit, quad, coalesce(score, 0) AS score, type
FROM merged_events WHERE status = 'asserted' AND day IS NOT NULL"""
_REPORTS = """SELECT date_trunc('{step}', coalesce(date_end, published)) AS period, key AS unit, quad,
coalesce(score, 0) AS score, type FROM events WHERE NOT copy AND status = 'asserted'
AND coalesce(date_end, published) IS NOT NULL"""
_SUMS = """SELECT date_diff('day', DATE '1970-01-01', period) AS period, unit, count(*) FILTER (quad = 1) AS q1, count(*) FILTER (quad = 2) AS q2,
count(*) FILTER (quad = 3) AS q3, count(*) FILTER (quad = 4) AS q4,
sum(greatest(score, 0)) AS cooperation, sum(greatest(-score, 0)) AS conflict FROM (
{rows}
) GROUP BY ALL ORDER BY ALL"""
_COLUMNS = ("q1", "q2", "q3", "q4", "cooperation", "conflict")
_EPOCH = date(1970, 1, 1)
_READ = "SELECT date_trunc('{step}', published) AS period, count(*) FROM stories WHERE NOT copy AND published IS NOT NULL GROUP BY 1"


def parties(text: str) -> tuple[str, ...]:
    """The codes of a party as users write it: one country code, or several with commas or plus signs."""
    return tuple(country_code(part.strip(), "party") for part in text.replace("+", ",").split(",") if part.strip())


def series(
    reader: Reader,
    dyad: Dyad,
    *,
    step: Step = "month",
    since: str | None = None,
    until: str | None = None,
    reports: bool = False,
    weights: Mapping[str, float] | None = None,
    scale: str = "PLOVER",
    seed: int = 1,
) -> Series:
    """The series of a dyad in an archive.

    Counts merged events, or with `reports` single reports (copies left out). `weights` replace the scores of
    types. ConfigError for a span without days, ArchiveError when events are asked of an archive never merged.
    """
    if not reports:
        merged.need_merged(reader)
    first, last = day_of(since, "since") if since else None, day_of(until, "until") if until else None
    sql, values = _statement(dyad, step, reports, first, last, weights)
    table = reader.table(sql, values)
    days, units = (table[name].to_numpy() for name in ("period", "unit"))
    sums = np.array([table[name].to_numpy() for name in _COLUMNS], dtype=float)
    read = {_day(period): int(n) for period, n in reader.ask(_READ.format(step=step))}
    names = {number: (_EPOCH + timedelta(days=number)).isoformat() for number in np.unique(days).tolist()}
    periods = _periods(step, first, last, [*names.values()], sorted(read))
    place = {period: k for k, period in enumerate(periods)}
    numbers = {number: place[name] for number, name in names.items() if name in place}
    inside = np.isin(days, [*numbers])
    at = np.array([numbers[number] for number in days[inside].tolist()], dtype=np.int64)
    points = _points(periods, at, units[inside], sums[:, inside], read, np.random.default_rng(seed))
    shown = sql + "\n-- " + ", ".join(repr(value) for value in values)
    return Series(dyad, step, points, changes(points), scale, "reports" if reports else "events", shown)


def _statement(
    dyad: Dyad, step: Step, reports: bool, first: str | None, last: str | None, weights: Mapping[str, float] | None
) -> tuple[str, list[object]]:
    one, other = [*dyad.first], [*dyad.second]
    rows, values = (_REPORTS if reports else _EVENTS).format(step=step), list[object]([*one, *other])
    toward = f"({_holds('source', one)} AND {_holds('target', other)})"
    if dyad.directed:
        rows += f"\nAND {toward}"
    else:
        back = f"({_holds('source', other)} AND {_holds('target', one)})"
        both = f"(len(target_countries) = 0 AND {_holds('source', one)} AND {_holds('source', other)})"
        rows += f"\nAND ({toward} OR {back} OR {both})"
        values += [*other, *one, *one, *other]
    day = "coalesce(date_end, published)" if reports else "day"
    for sign, bound in ((">=", first), ("<=", last)):
        if bound is not None:
            rows += f"\nAND {day} {sign} CAST(? AS DATE)"
            values.append(bound)
    if weights is not None:
        cases = " ".join("WHEN ? THEN ?" for _ in weights)
        rows = f"SELECT period, unit, quad, CASE type {cases} ELSE score END AS score FROM ({rows})"
        values = [part for item in weights.items() for part in item] + values
    return _SUMS.format(rows=rows), values


def _holds(role: str, codes: Sequence[str]) -> str:
    """One of the codes stands in the role. `list_contains` is ten times as fast as `list_has_any`."""
    return "(" + " OR ".join(f"list_contains({role}_countries, ?)" for _ in codes) + ")"


def _day(value: Any) -> str:  # Any: DuckDB gives a date or, in Arrow, a timestamp
    return str(value)[:10]


def start_of(day: date, step: Step) -> date:
    """The first day of the period that holds `day`; weeks begin on Monday."""
    if step == "week":
        return day - timedelta(days=day.weekday())
    return {"day": day, "month": day.replace(day=1), "year": day.replace(month=1, day=1)}[step]


def _next(day: date, step: Step) -> date:
    if step in ("day", "week"):
        return day + timedelta(days=1 if step == "day" else 7)
    return start_of(day + timedelta(days=32 if step == "month" else 367), step)


def _periods(step: Step, first: str | None, last: str | None, found: Sequence[str], read: Sequence[str]) -> list[str]:
    """Every period from the first to the last of which something is known, or of those asked for."""
    known = [*found, *read] if not read else [*read]
    if first is None and not known:
        return []
    start = start_of(date.fromisoformat(first or min(known)), step)
    end = start_of(date.fromisoformat(last or max([*known, first or min(known)])), step)
    if end < start:
        raise ConfigError(f"series: nothing lies between {first} and {last}")
    days = [start]
    while days[-1] < end:
        days.append(_next(days[-1], step))
    return [day.isoformat() for day in days]


# --------------------------------------------------------------------------- numbers


def _points(
    periods: Sequence[str],
    at: npt.NDArray[np.int64],
    units: npt.NDArray[Any],
    columns: Floats,
    read: Mapping[str, int],
    rng: np.random.Generator,
) -> tuple[Point, ...]:
    stories = np.array([read.get(period, 0) for period in periods], dtype=float)
    usual = float(np.median(stories[stories > 0])) if (stories > 0).any() else 0.0
    enough = stories >= max(FEWEST, ENOUGH * usual)
    sums = np.zeros((6, len(periods)))
    np.add.at(sums.T, at, columns.T)
    spread = _bootstrap(len(periods), at, units, columns, rng)
    points = []
    for k, period in enumerate(periods):
        per = 1000.0 / stories[k] if enough[k] else math.nan
        count, balance = float(sums[:4, k].sum()), float(sums[4, k] - sums[5, k])
        numbers = [count * per, *(spread[0][k] * per), balance * per, *(spread[1][k] * per)]
        told = [None if math.isnan(n) else round(float(n), 4) for n in numbers]
        q1, q2, q3, q4 = (int(n) for n in sums[:4, k])
        points.append(
            Point(period, (q1, q2, q3, q4), round(float(sums[4, k]), 4), round(float(sums[5, k]), 4), int(stories[k]),
                  bool(enough[k]), *told)
        )  # fmt: skip
    return tuple(points)


def _bootstrap(
    size: int, at: npt.NDArray[np.int64], units: npt.NDArray[Any], columns: Floats, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """90 % intervals (size, 2) of the number of events and of cooperation less conflict, in each period.

    Poisson bootstrap (Chamandy et al., "Estimating uncertainty for massive data streams", 2012): each story counts k
    times with k drawn from Poisson(1), with all its events.
    """
    names, index = np.unique(units, return_inverse=True)
    events, balance = columns[:4].sum(0), columns[4] - columns[5]
    counts, balances = np.zeros((DRAWS, size)), np.zeros((DRAWS, size))
    for draw in range(DRAWS):
        times = rng.poisson(1.0, len(names)).astype(float)[index]
        counts[draw] = np.bincount(at, weights=times * events, minlength=size)
        balances[draw] = np.bincount(at, weights=times * balance, minlength=size)
    return np.quantile(counts, (0.05, 0.95), axis=0).T, np.quantile(balances, (0.05, 0.95), axis=0).T


def changes(points: Sequence[Point], longest: int = 1500) -> tuple[str, ...]:
    """Periods from which on the rate of events is another for good.

    Exact segmentation by dynamic programming with the Poisson likelihood of the counts given the stories read, and a
    penalty of 1.5 log n a change (Killick et al., "Optimal detection of changepoints", 2012, without pruning). Periods of
    too little coverage are left out. Beyond `longest` periods none are sought: the cost grows with the square.
    """
    told = [point for point in points if point.enough]
    n = len(told)
    if n < 6 or n > longest:
        return ()
    events = np.concatenate([[0.0], np.cumsum([point.events for point in told])])
    reading = np.concatenate([[0.0], np.cumsum([point.read for point in told])])
    penalty = 3.0 * math.log(n)  # of twice the log-likelihood
    best, last = np.zeros(n + 1), np.zeros(n + 1, dtype=np.int64)
    best[0] = -penalty
    for end in range(1, n + 1):
        count, exposure = events[end] - events[:end], reading[end] - reading[:end]
        safe = np.where(count > 0, count / exposure, 1.0)
        total = best[:end] - 2.0 * (count * np.log(safe) - count) + penalty
        total[max(0, end - 2) : end] += 1e9 if end > 2 else 0.0  # a stretch is three periods at least
        last[end] = int(total.argmin())
        best[end] = total[last[end]]
    cuts, end = [], n
    while end > 0:
        end = int(last[end])
        if end > 0:
            cuts.append(told[end].start)
    return tuple(reversed(cuts))
