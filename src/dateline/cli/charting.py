"""The command about relations over time."""

from __future__ import annotations

import csv
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from dateline.cli.app import ArchiveName, As, Output, _answer, app
from dateline.cli.outputs import Format, say
from dateline.errors import ConfigError


class By(StrEnum):
    """Lengths of a period."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


def _weights(path: Path, types: list[str]) -> dict[str, float]:
    """Type -> weight from a file of two columns, type and weight, with tabs or commas. ConfigError names the line."""
    found: dict[str, float] = {}
    for number, row in enumerate(csv.reader(path.read_text(encoding="utf-8").replace("\t", ",").splitlines()), 1):
        if not row or row[0] in ("", "type") or row[0].startswith("#"):
            continue
        try:
            name, weight = row[0].strip(), float(row[1])
        except (IndexError, ValueError):
            raise ConfigError(f"{path}:{number}: {','.join(row)!r}; write a type and a number, as in AID,7.5") from None
        if name not in types:
            raise ConfigError(f"{path}:{number}: '{name}' is no type; there are {', '.join(types)}")
        found[name] = weight
    if not found:
        raise ConfigError(f"{path}: no weights in the file")
    return found


@app.command()
def series(
    first: Annotated[str, typer.Argument(metavar="PARTY", help="Country code, or several with commas.")],
    second: Annotated[str, typer.Argument(metavar="PARTY", help="The other party.")],
    archive: ArchiveName,
    by: Annotated[By, typer.Option("--by", help="Length of a period.")] = By.MONTH,
    since: Annotated[str | None, typer.Option(metavar="DAY", help="From this day, month or year on.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="Up to this day, month or year.")] = None,
    directed: Annotated[bool, typer.Option("--directed", help="Only what the first does to the second.")] = False,
    reports: Annotated[bool, typer.Option("--reports", help="Count reports, not merged events.")] = False,
    weights: Annotated[Path | None, typer.Option(help="File of types and weights in place of the scores.")] = None,
    query: Annotated[bool, typer.Option("--query", help="Show the SQL on standard error.")] = False,
    plot: Annotated[Path | None, typer.Option(help="Draw it as well: .svg, .png or .pdf.")] = None,
    kind: As = Format.TABLE,
    output: Output = None,
) -> None:
    """Count what two parties did to each other over time, against what was read."""
    import pyarrow as pa

    from dateline import ontology
    from dateline import series as over_time
    from dateline.archive import Reader

    plover = ontology.load(None)
    scale = plover.scale_id if weights is None else weights.stem
    own = None if weights is None else _weights(weights, list(plover.types))
    dyad = over_time.Dyad(over_time.parties(first), over_time.parties(second), directed)
    with Reader(archive) as reader:
        found = over_time.series(
            reader, dyad, step=by.value, since=since, until=until, reports=reports, weights=own, scale=scale
        )
    if query:
        say(found.query)
    if plot is not None:
        from dateline.show.plot import draw

        draw(found, plot)
    rows = [
        {"period": point.start, "verbal_cooperation": point.quads[0], "material_cooperation": point.quads[1],
         "verbal_conflict": point.quads[2], "material_conflict": point.quads[3], "cooperation": point.cooperation,
         "conflict": point.conflict, "read": point.read, "rate": point.rate, "rate_low": point.rate_low,
         "rate_high": point.rate_high, "balance": point.balance, "balance_low": point.balance_low,
         "balance_high": point.balance_high, "change": point.start in found.changes,
         "coverage": "enough" if point.enough else "not enough coverage", "scale": found.scale}
        for point in found.points
        if kind is not Format.TABLE or point.read or point.events
    ]  # fmt: skip
    _answer(pa.Table.from_pylist(rows), kind, output)
    if len(rows) < len(found.points):
        say(f"{len(found.points) - len(rows)} periods in which nothing was read are not shown")
    thin = sum(not point.enough for point in found.points)
    if thin:
        say(f"not enough coverage in {thin} of {len(found.points)} periods: no rate is given there")
    if not any(point.events for point in found.points):
        say(f"no {found.of} between {dyad.name} in this archive")
