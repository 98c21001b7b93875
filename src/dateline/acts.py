"""Questions over the merged events of an archive.

The counterpart of `dateline.query`, which asks for reports: here each answer is one act, with all
its reports. It refuses an archive that was never merged, and says how to merge it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dateline.archive import Reader, merged
from dateline.merge import Event
from dateline.query import country_code, day_of

if TYPE_CHECKING:
    import pyarrow as pa

_PAGE = 256  # events read at a time


@dataclass(frozen=True, slots=True)
class Wanted:
    """Filters over merged events; all must hold, None does not filter.

    `country`: a code, of a source or a target. `type`: one or more, with commas. `since`, `until`:
    days, months or years. `sources`: independent sources at least. `disputed`: only events whose
    reports contradict each other.
    """

    country: str | None = None
    type: str | None = None
    since: str | None = None
    until: str | None = None
    sources: int = 1
    disputed: bool = False


def chosen(reader: Reader, wanted: Wanted) -> Iterator[Event]:
    """The merged events that pass, by first day and id."""
    where, values = _where(wanted)
    merged.need_merged(reader)
    names = [name for (name,) in reader.ask(f"SELECT event FROM merged_events WHERE {where} {_ORDER}", values)]
    for start in range(0, len(names), _PAGE):
        yield from merged.events(reader, ids=names[start : start + _PAGE])


def table(reader: Reader, wanted: Wanted) -> pa.Table:
    """The same as one Arrow table of `COLUMNS`."""
    where, values = _where(wanted)
    merged.need_merged(reader)
    return reader.table(f"SELECT {COLUMNS} FROM merged_events WHERE {where} {_ORDER}", values)


COLUMNS = (
    "event, CAST(day AS VARCHAR) AS day, source_names, type, mode, target_names, status, disputed, reports, agencies, "
    "place_name, CAST(first AS VARCHAR) AS first, CAST(last AS VARCHAR) AS last"
)
"""Columns of a table of merged events, in this order."""

_ORDER = "ORDER BY first NULLS LAST, event"


def _where(wanted: Wanted) -> tuple[str, list[object]]:
    """Conditions with their values apart: nothing a user typed ever becomes SQL."""
    found: list[tuple[str, list[object]]] = [("len(agencies) >= ?", [wanted.sources])]
    if wanted.country:
        code = country_code(wanted.country)
        found.append(("(list_contains(source_countries, ?) OR list_contains(target_countries, ?))", [code, code]))
    if wanted.type:
        found.append(("type IN (SELECT unnest(?))", [[kind.strip().upper() for kind in wanted.type.split(",")]]))
    if wanted.since:
        found.append(("coalesce(date_end, day) >= CAST(? AS DATE)", [day_of(wanted.since, "since")]))
    if wanted.until:
        found.append(("day <= CAST(? AS DATE)", [day_of(wanted.until, "until")]))
    if wanted.disputed:
        found.append(("disputed", []))
    return " AND ".join(sql for sql, _ in found), [value for _, some in found for value in some]
