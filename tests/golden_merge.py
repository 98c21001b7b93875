"""The invented reports of tests/golden/merge, as records."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

from dateline.merge import Amount, Report, Side, Spot
from dateline.records import Status

QUADS = {
    **{"AGREE": 1, "CONSULT": 1, "AID": 2, "RETREAT": 2, "ACCUSE": 3, "REJECT": 3, "THREATEN": 3},
    **{"PROTEST": 4, "SANCTION": 4, "MOBILIZE": 4, "COERCE": 4, "ASSAULT": 4},
}
FOLDER = Path(__file__).parent / "golden" / "merge"


def rows(name: str) -> Iterator[dict[str, str]]:
    """The lines of a file with a comment on top."""
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    yield from csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t")


def sides(text: str) -> tuple[Side, ...]:
    """Parties written as id/name/country/sectors."""
    parts = [item.split("/") for item in text.split("; ") if item]
    return tuple(
        Side(name, called, country or None, tuple(sectors.split())) for name, called, country, sectors in parts
    )


def report(row: Mapping[str, str]) -> Report:
    """One line of reports.tsv."""
    kind, _, mode = row["type"].partition("/")
    start, _, end = row["days"].partition("..")
    place = row["place"].split("/")
    amounts = [item.split(" ", 2) for item in row["figures"].split("; ") if item]
    return Report(
        key=row["key"], story=row["key"].partition("#")[0], family=row["family"], agency=row["agency"],
        published=row["published"], type=kind, mode=mode or None, quad=QUADS[kind],
        status=cast(Status, row["status"]), sources=sides(row["sources"]), targets=sides(row["targets"]),
        speakers=sides(row["speakers"]), start=start or None, end=(end or start) or None,
        dated=("published" if end else "clause") if start else None,
        place=Spot(place[0], place[1] or None, float(place[2]), float(place[3])) if row["place"] else None,
        quantities=tuple(Amount(float(value), bound, unit) for value, bound, unit in amounts),
        trigger=row["trigger"], sentence=row["sentence"], confidence=0.9,
    )  # fmt: skip


def truth() -> list[tuple[str, Report]]:
    """Every report with the act that it is about."""
    return [(row["act"], report(row)) for row in rows("reports.tsv")]
